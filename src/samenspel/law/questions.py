"""The six questions of the praktijkgids, and the facts behind them, as answers that may be open."""

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field

from samenspel.errors import InputError
from samenspel.language import _, mark
from samenspel.law import yamlfile
from samenspel.law.logic import all_of, negated
from samenspel.law.reading import validated
from samenspel.law.rule import Part

GUIDE = "VVSG praktijkgids, Wat wanneer?, lines {first}–{last}"
# What is asked, in the words of this software, with the lines of the guide; None: asked besides.
QUESTIONS: dict[str, tuple[str, tuple[int, int] | None]] = {
    "centre": (
        mark("Where does the centre of gravity lie: with the municipalities or with the OCMWs?"),
        (333, 335),
    ),
    "consultation": (mark("Is there a need to meet regularly?"), (337, 337)),
    "other_governments": (
        mark("Do other levels of government take part structurally, such as an agency or a "
             "province?"),
        (339, 340),
    ),
    "private_partners": (
        mark("Do private partners take part structurally, besides governments?"),
        (342, 342),
    ),
    "complex_management": (
        mark("Is the management complex, in money or in organisation, such as staff or "
             "infrastructure?"),
        (344, 345),
    ),
    "financial_participation": (
        mark("Do the partners take part financially, beyond a yearly contribution?"),
        (347, 348),
    ),
    "municipalities": (mark("How many municipalities take part?"), None),
    "ocmws": (mark("Do OCMWs take part?"), None),
    "private_kind": (mark("Do the private partners seek profit?"), None),
    "energy_or_waste": (mark("Is it about energy or waste?"), None),
    "transfer": (
        mark("Do the members hand over the management of the task, so that they no longer do it "
             "themselves?"),
        None,
    ),
}  # fmt: skip


class Answers(Part):
    """The answers; None is open, and open is never no."""

    centre: Literal["municipalities", "ocmws"] | None = None
    consultation: bool | None = None
    other_governments: bool | None = None
    private_partners: bool | None = None
    complex_management: bool | None = None
    financial_participation: bool | None = None
    municipalities: int | None = Field(default=None, ge=0)
    ocmws: bool | None = None
    private_kind: Literal["profit", "nonprofit"] | None = None
    energy_or_waste: bool | None = None
    transfer: bool | None = None
    members: tuple[str, ...] | None = Field(default=None, strict=False)
    theme: str | None = None


def domain(name: str) -> tuple[Any, ...]:
    """The answers that a question may have, the open one last; of the number of municipalities
    those that make a difference."""
    if name == "centre":
        return ("municipalities", "ocmws", None)
    if name == "private_kind":
        return ("profit", "nonprofit", None)
    if name == "municipalities":
        return (1, 2, None)
    return (True, False, None)


def read_answers(file: Path) -> Answers:
    """The answers in a YAML or JSON file. Raises InputError with file, line and key of the first
    thing that is wrong."""
    if not file.is_file():
        raise InputError(_("{file}: there is no such file.").format(file=file))
    try:
        source = yamlfile.read(file)
    except UnicodeDecodeError as error:
        raise InputError(
            _("{file}: this is no text in UTF-8; save it so.").format(file=file)
        ) from (error)
    return validated(source, (), source.data, Answers)


def as_facts(answers: Answers, form: str) -> dict[str, Any]:
    """What ``answers`` say of a partnership of legal form ``form``, in the facts of the rules."""
    others, private, kind = (
        answers.other_governments,
        answers.private_partners,
        answers.private_kind,
    )
    return {
        "legal_form": form,
        "municipalities": answers.municipalities,
        "has_municipality": True if answers.centre == "municipalities" else None,
        "has_ocmw": True if answers.centre == "ocmws" else answers.ocmws,
        "has_province": False if others is False else None,
        "has_other_government": others,
        "has_private": all_of((private, None if kind is None else kind == "profit")),
        "has_nonprofit": all_of((private, None if kind is None else kind == "nonprofit")),
        "local_only": all_of((negated(others), negated(private))),
        "energy_or_waste": answers.energy_or_waste,
        "has_transfer": answers.transfer,
    }


def dumped(answers: Answers) -> str:
    """``answers`` as a YAML file, to be asked again."""
    return str(yaml.safe_dump(answers.model_dump(mode="json"), sort_keys=False))
