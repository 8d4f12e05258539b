"""The legal forms as data: what each is, who may join, how long it lasts, what it needs."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from samenspel import yamlfile
from samenspel.landscape.codes import LEGAL_FORMS
from samenspel.language import _
from samenspel.law.reading import FOLDER, validated
from samenspel.law.rule import Basis, Part, Status, Text, Words


class Form(Part):
    """One legal form. ``code`` as in the landscape, ``name`` its Dutch term, ``weight`` its place
    from light (1) to heavy: a choice of this software. ``legal_person`` and ``term_years`` are None
    where the sources do not say; the texts then say so."""

    code: str
    name: Words
    weight: int
    weight_status: Literal["choice"]
    legal_person: bool | None
    term_years: int | None
    who: Text
    term: Text
    organs: Text
    bookkeeping: Text
    particular: Text
    legal_basis: Annotated[tuple[Basis, ...], Field(strict=False, min_length=1)]
    status: Status
    note: Text


@cache
def forms() -> list[Form]:
    """The legal forms that the sources describe, lightest first."""
    return read_forms(FOLDER / "forms.yaml")


def read_forms(file: Path) -> list[Form]:
    """The forms of ``file``, lightest first. Raises InputError with the place of what is wrong."""
    source = yamlfile.read(file)
    listed = source.data.get("forms")
    if not isinstance(listed, list):
        source.fail(("forms",), _("it must be a list"))
    found: list[Form] = []
    for i, raw in enumerate(listed):
        owner = str(raw.get("code", "")) if isinstance(raw, dict) else ""
        form = validated(source, ("forms", i), raw, Form, owner)
        if form.code not in LEGAL_FORMS:
            what = _("{value} is none of {codes}").format(
                value=form.code, codes=", ".join(LEGAL_FORMS)
            )
            source.fail(("forms", i, "code"), what, owner)
        for other in found:
            if form.code == other.code:
                source.fail(("forms", i, "code"), _("it stands there twice; keep one"), owner)
            if form.weight == other.weight:
                source.fail(("forms", i, "weight"), _("another form has this weight"), owner)
        found.append(form)
    return sorted(found, key=lambda form: form.weight)
