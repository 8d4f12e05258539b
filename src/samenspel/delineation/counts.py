"""How many of what, in words: one zone, two zones."""

from samenspel.language import _, mark
from samenspel.words import number

UNITS = {
    "population": mark("inhabitants"),
    "municipalities": mark("municipalities"),
    "area": mark("km²"),
}
SQUARE_METRES = 1_000_000
ONE = {
    "population": mark("inhabitant"),
    "municipalities": mark("municipality"),
    "area": mark("km²"),
}


def unit_told(measure: str, amount: int) -> str:
    """The unit in which ``measure`` is told, for so many."""
    return _(ONE[measure] if amount == 1 else UNITS[measure])


def amount_told(measure: str, amount: int) -> str:
    """An amount of ``measure`` (area: in square metres) in its unit, exact."""
    if measure != "area":
        return number(amount, 0)
    return number(amount / SQUARE_METRES, 6).rstrip("0").rstrip(".,")


def zones_told(count: int) -> str:
    """So many zones."""
    return _("1 zone") if count == 1 else _("{count} zones").format(count=number(count, 0))


def municipalities_told(count: int) -> str:
    """So many municipalities."""
    if count == 1:
        return _("1 municipality")
    return _("{count} municipalities").format(count=number(count, 0))


def people_told(count: int) -> str:
    """So many inhabitants."""
    return (
        _("1 inhabitant") if count == 1 else _("{count} inhabitants").format(count=number(count, 0))
    )
