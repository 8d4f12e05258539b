"""The words of the house in templates: figures, codes, money, days."""

from collections.abc import Mapping
from typing import Any

from samenspel.landscape import tables
from samenspel.landscape.unknown import KNOWN
from samenspel.language import _, mark
from samenspel.mergers.effects import EFFECTS
from samenspel.mergers.wording import cell_told, fits_told
from samenspel.register.contract import BY_NAME
from samenspel.reports.page import FITS, SCOPES
from samenspel.screening.choices import HORIZON
from samenspel.words import column_word, figure, number, part, table_word, word

CHANGES = {
    "import": mark("import"),
    "edit": mark("edit"),
    "confirm": mark("confirmation"),
    "undo": mark("taken back"),
}


def euro(cents: int | None) -> str | None:
    """An amount in euro; None is unknown."""
    return None if cents is None else f"€ {number(cents / 100, 2 if cents % 100 else 0)}"


def measured(row: Mapping[str, Any], name: str) -> tuple[str, str | None]:
    """The figure ``name`` of ``row`` in words, and apart from it the share known where that is not
    all."""
    share = row.get(name + KNOWN, 1.0)
    bare = figure({**row, name + KNOWN: 1.0}, name)
    if row[name] is None or share == 1:
        return bare, None
    return bare, _("{share} known").format(share=part(share))


def called(code: str, names: dict[str, str]) -> str:
    """The name of a municipality, else its code."""
    return names.get(code) or code


def fit_told(fit: str) -> str:
    """How a partnership lies among zones."""
    return _(FITS[fit])


def scope_told(scope: str) -> str:
    """Whether a partnership must fit, by one source."""
    return _(SCOPES[scope])


def change_told(kind: str) -> str:
    """What kind of change it was."""
    return _(CHANGES[kind])


def table_told(name: str) -> str:
    """A table of the register as a reader calls it."""
    return table_word(name) if name in tables.BY_NAME else _(BY_NAME[name].meaning)


GLOBALS: dict[str, Any] = {
    "word": word,
    "figure": figure,
    "measured": measured,
    "number": number,
    "part": part,
    "euro": euro,
    "table_told": table_told,
    "column_word": column_word,
    "cell_told": cell_told,
    "fits_told": fits_told,
    "effects": EFFECTS,
    "horizon": HORIZON,
    "fit_told": fit_told,
    "change_told": change_told,
    "scope_told": scope_told,
}
FILTERS: dict[str, Any] = {"called": called}
