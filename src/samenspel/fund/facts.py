"""The figures that the rules of a fund name, read from a landscape as exact numbers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import polars as pl

from samenspel.errors import InputError
from samenspel.fund.formula import Value, whole
from samenspel.fund.lineage import Parts, ancestors, carried, parts_of, steps, successors
from samenspel.fund.model import BUILT_IN, Figure, Fund
from samenspel.fund.places import Place
from samenspel.landscape.landscape import Landscape
from samenspel.language import _

DIGITS = 15  # decimal digits that every double keeps, so that sums on the way leave no traces
NAMED = 5  # municipalities that a message names


@dataclass(frozen=True)
class Column:
    """A figure of every municipality, in the order of the towns. ``key`` and ``year``: where it
    comes from, None where the rules give it; ``filled``: the rows in which the rules put a value
    for what is unknown."""

    values: tuple[Value, ...]
    key: str | None = None
    year: int | None = None
    source: str | None = None
    filled: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Facts:
    """What a fund reads of a landscape. ``nis``: every municipality in order of code; ``columns``:
    the figures by name; ``became``: older codes to those of this landscape; ``since``: the
    landscape to whose codes the values in the rules belong, where that is another."""

    landscape: Landscape
    nis: tuple[str, ...]
    names: tuple[str, ...]
    columns: Mapping[str, Column]
    became: Mapping[str, str]
    since: Landscape | None = None

    @cached_property
    def place(self) -> dict[str, int]:
        return {nis: row for row, nis in enumerate(self.nis)}

    def with_figure(self, nis: str, name: str, value: Value) -> "Facts":
        """The same with another value of one figure of one municipality."""
        column = self.columns[name]
        values = list(column.values)
        values[self.place[nis]] = value
        columns = {**self.columns, name: replace(column, values=tuple(values))}
        return replace(self, columns=columns)

    def called(self, rows: Iterable[int]) -> str:
        """The municipalities of ``rows`` with their codes; of many the first."""
        listed = list(rows)
        words = [f"{self.names[row]} ({self.nis[row]})" for row in listed[:NAMED]]
        if len(listed) > NAMED:
            words.append(_("{more} more").format(more=len(listed) - NAMED))
        return ", ".join(words)


def facts_of(
    fund: Fund, landscape: Landscape, place: Place, since: Landscape | None = None
) -> Facts:
    """The facts of ``landscape`` that ``fund`` names. ``since``: the landscape whose codes the
    values in the rules belong to, where a scenario made ``landscape`` of it. Raises InputError,
    with ``place``, for a figure that the landscape does not have and a code that it does not
    know."""
    towns = landscape.table("municipalities").sort("nis")
    nis = tuple(towns["nis"])
    parts = parts_of(landscape)
    first = nis if since is None else tuple(since.table("municipalities")["nis"].sort())
    then = parts if since is None else parts_of(since)
    became = {} if since is None else steps(since, landscape)
    columns = {
        name: Column(tuple(exact(value) for value in towns[name].to_list()), key=name)
        for name in BUILT_IN
    }
    for name, figure in fund.figures.items():
        if figure.values is not None:
            column = given(figure, first, then, place.at("figures", name))
            if since is not None:
                column = summed(column, first, nis, became)
        else:
            column = found(figure, landscape, nis, place.at("figures", name))
        columns[name] = filled(column, figure.unknown)
    names = tuple(name or code for code, name in towns.select("nis", "name").iter_rows())
    return Facts(landscape, nis, names, columns, successors(parts, nis), since)


def exact(value: float | None) -> Value:
    """``value`` as its decimal text says, to 15 digits."""
    if value is None or isinstance(value, int):
        return value
    return whole(Fraction(f"{value:.{DIGITS}g}"))


def given(figure: Figure, nis: Sequence[str], parts: Parts, place: Place) -> Column:
    """The values that the rules give; those of the parts of a merger are added up."""
    values = figure.values or {}
    known = {*nis, *(old for code in nis for old in ancestors(code, parts))}
    for code in values:
        if code not in known:
            raise InputError(
                _("{place}: {nis} is no municipality of this landscape; correct the code.").format(
                    place=place, nis=code
                )
            )
    return Column(tuple(carried(code, values, parts) for code in nis))


def summed(
    column: Column, before: Sequence[str], nis: Sequence[str], became: Mapping[str, str]
) -> Column:
    """``column`` of the municipalities ``before`` for ``nis``, which they became; the sum of the
    parts, unknown where one is."""
    held: dict[str, list[Value]] = {}
    for code, value in zip(before, column.values, strict=True):
        held.setdefault(became.get(code, ""), []).append(value)
    return replace(column, values=tuple(total(held.get(code, [None])) for code in nis))


def total(values: Sequence[Value]) -> Value:
    known = [value for value in values if value is not None]
    return whole(sum(known)) if len(known) == len(values) else None


def found(figure: Figure, landscape: Landscape, nis: Sequence[str], place: Place) -> Column:
    """The values of the first key that the landscape has, on its latest map."""
    table = landscape.table("figures")
    keys = figure.key or ()
    present = set(table["key"].unique())
    key = next((key for key in keys if key in present), None)
    if key is None:
        raise InputError(
            _("{place}: this landscape has no figure {keys}; it has {known}.").format(
                place=place, keys=", ".join(keys), known=", ".join(sorted(present)) or _("none")
            )
        )
    rows = table.filter(pl.col("key") == key)
    years = sorted(set(rows["year"].drop_nulls()))
    year = (years[-1] if years else None) if figure.year == "latest" else figure.year
    if year is not None and year not in years:
        raise InputError(
            _("{place}: this landscape has no {key} of {year}; it has {years}.").format(
                place=place, key=key, year=year, years=", ".join(map(str, years)) or _("none")
            )
        )
    rows = rows.filter(pl.col("year").eq_missing(year)).sort("map_year", nulls_last=False)
    last = dict(rows.select("nis", "value").iter_rows())  # the latest map comes last
    source = next(iter(rows["source"].drop_nulls()), None)
    return Column(tuple(exact(last.get(code)) for code in nis), key, year, source)


def filled(column: Column, value: Fraction | None) -> Column:
    """``column`` with ``value`` put where it is unknown; as it is where that is None."""
    gaps = frozenset(row for row, known in enumerate(column.values) if known is None)
    if value is None or not gaps:
        return column
    put = whole(value)
    values = tuple(put if known is None else known for known in column.values)
    return replace(column, values=values, filled=gaps)
