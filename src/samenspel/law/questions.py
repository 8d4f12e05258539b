"""The six questions of the praktijkgids, and the facts behind them, as answers that may be open."""

from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, Field, ValidationError

from samenspel import yamlfile
from samenspel.errors import InputError
from samenspel.landscape.codes import THEMES
from samenspel.landscape.landscape import Landscape
from samenspel.language import _, mark
from samenspel.law.logic import all_of, negated
from samenspel.law.reading import validated
from samenspel.law.rule import Part

GUIDE = mark("VVSG praktijkgids, Wat wanneer?, lines {first}–{last}")
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


def a_theme(text: str) -> str:
    """``text`` where it is the code of a theme. Raises ValueError where it is not."""
    if text not in THEMES:
        raise ValueError(text)
    return text


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
    theme: Annotated[str, AfterValidator(a_theme)] | None = None


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
    thing that is wrong, and with what belongs there."""
    source = yamlfile.read(file)
    for name, value in source.data.items():
        if name not in Answers.model_fields:
            known = ", ".join(Answers.model_fields)
            source.fail((name,), _("the key is not known; use one of {known}").format(known=known))
        try:
            Answers.model_validate({name: value})
        except ValidationError:
            source.fail(
                (name,),
                _("{value} does not belong here; give {admissible}, or leave it out where it is "
                  "open").format(value=repr(value), admissible=admissible(name)),
            )  # fmt: skip
    return validated(source, (), source.data, Answers)


def admissible(name: str) -> str:
    """What may be answered to ``name``, in words."""
    if name == "municipalities":
        return _("a whole number from 0")
    if name == "members":
        return _("a list of NIS codes in quotation marks")
    if name == "theme":
        return _("one of {known}").format(known=", ".join(THEMES))
    given = [one for one in domain(name) if one is not None]
    return _("one of {known}").format(
        known=", ".join(str(one).lower() if isinstance(one, bool) else one for one in given)
    )


def checked(answers: Answers, landscape: Landscape | None = None) -> Answers:
    """``answers`` as they are. Raises InputError where two of them contradict each other, or where
    ``landscape`` has no such members or fewer municipalities."""
    count, members = answers.municipalities, answers.members
    if answers.private_partners is False and answers.private_kind is not None:
        raise InputError(
            _("Answers private_partners and private_kind contradict each other: without private "
              "partners they have no kind; leave one out.")
        )  # fmt: skip
    if answers.centre == "ocmws" and answers.ocmws is False:
        raise InputError(
            _("Answers centre and ocmws contradict each other: the centre of gravity cannot lie "
              "with OCMWs that do not take part; change one.")
        )  # fmt: skip
    if count is not None and members and len(set(members)) > count:
        raise InputError(
            _("Answers municipalities and members contradict each other: {count} municipalities, "
              "and {members} are named; change one.").format(
                  count=count, members=len(set(members)))
        )  # fmt: skip
    if landscape is None:
        return answers
    towns = landscape.table("municipalities")["nis"].sort().to_list()
    for one in members or ():
        if one not in towns:
            raise InputError(
                _("Answer members: {member} is no municipality of this landscape; give NIS codes "
                  "such as {known}.").format(member=one, known=", ".join(towns[:3]))
            )  # fmt: skip
    if count is not None and count > len(towns):
        raise InputError(
            _("Answer municipalities: {count} is more than the {most} of this landscape; give a "
              "number up to that.").format(count=count, most=len(towns))
        )  # fmt: skip
    return answers


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
