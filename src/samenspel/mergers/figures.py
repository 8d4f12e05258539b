"""The figures of sets of municipalities: what each would be as one, and what it is today.

Every figure ``x`` stands beside ``x_known``, the share of its rows for which it is known. Costs
O(entries of the sets times tables of their municipalities).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from samenspel.delineation.problem import Flags, Floats, Ints
from samenspel.landscape.unknown import KNOWN, totals_over
from samenspel.mergers.facts import Division, Facts, Figure
from samenspel.mergers.seated import Seated, effects
from samenspel.mergers.zone import Sets
from samenspel.screening import indicators, kernel
from samenspel.screening.circles import ID

Columns = dict[str, NDArray[Any]]
# Counts of bodies: known in so far as it is known which bodies are active.
OF_PARTNERSHIPS = ("shared", "shared_by_all", "same_circle", "internal", "alone", "fewer",
                   "shared_places")  # fmt: skip
OF_TABLES = ("places", "duplicates", "other_internal")
SEATS = ("seats", "shared_seats", "internal_seats")
WHOLE = ("population", "smallest", "largest", "centres", "zonings_cut", "commuting_between",
         "commuting_kept", "commuting_city", "city")  # fmt: skip


def figures(facts: Facts, seated: Seated, some: Sets, zoning: str) -> pl.DataFrame:
    """One row per set with every figure; ``zoning``: that of the zone, in which nothing is cut."""
    columns = {
        **land(facts, some),
        **per_head(facts, some),
        **commuting(facts, some),
        **cut(facts.divisions, some, len(facts.nis), zoning),
    }
    counted = counts(facts, seated, some)
    frame = pl.DataFrame(columns).with_columns(pl.all().fill_nan(None))
    frame = frame.with_columns(pl.col([n for n in frame.columns if n in WHOLE]).cast(pl.Int64))
    return pl.concat([frame, counted, equipment(facts, some)], how="horizontal")


def share_known(some: Sets, known: Flags) -> Floats:
    """Of each set the share of its municipalities that are ``known``; 1 of an empty set."""
    return totals(some, {"x": np.where(known, 0.0, np.nan)})["x" + KNOWN]


def totals(some: Sets, values: Mapping[str, Floats]) -> Columns:
    """The total of the known values of each set, NaN where none is, and the share known."""
    found = totals_over(some.matrix(len(next(iter(values.values())))), pl.DataFrame(dict(values)))
    return {name: np.array(found[name].to_numpy(), np.float64) for name in found.columns}


def ratio(some: Sets, above: Floats, below: Floats) -> tuple[Floats, Floats]:
    """The sum of ``above`` over that of ``below``, where both are known of every part."""
    both = np.isfinite(above) & np.isfinite(below)
    sums = totals(some, {"a": np.where(both, above, np.nan), "b": np.where(both, below, np.nan)})
    share, found = sums["a" + KNOWN], np.full(some.count, np.nan)
    np.divide(sums["a"], sums["b"], out=found, where=(share == 1) & (sums["b"] > 0))
    return found, share


def extreme(some: Sets, values: Floats, which: np.ufunc) -> Floats:
    """The lowest (``np.fmin``) or highest (``np.fmax``) known value of each set; NaN: none."""
    return np.asarray(which.reduce(np.append(values, np.nan)[some.padded()], axis=1), np.float64)


def land(facts: Facts, some: Sets) -> Columns:
    """Inhabitants, area, density, centres, how the parts differ in size and lie apart."""
    columns = totals(
        some, {"population": facts.people, "area_km2": facts.area, "centres": facts.centre}
    )
    columns["density"], columns["density" + KNOWN] = ratio(some, facts.people, facts.area)
    known = columns["population" + KNOWN]
    for name, which in (("smallest", np.fmin), ("largest", np.fmax)):
        columns[name] = extreme(some, facts.people, which)
        columns[name + KNOWN] = known
    sure = (known == 1) & (columns["population"] > 0)
    columns["largest_share"] = np.full(some.count, np.nan)
    np.divide(columns["largest"], columns["population"], out=columns["largest_share"], where=sure)
    columns["largest_share" + KNOWN] = known
    columns["distance"], columns["distance" + KNOWN] = farthest(facts.points, some)
    return columns


def farthest(points: Floats, some: Sets) -> tuple[Floats, Floats]:
    """The greatest distance in kilometres between the points of two known parts, and the share of
    parts whose point is known."""
    known: Flags = np.asarray(np.isfinite(points).all(axis=1))
    rows = some.padded()
    found = np.full(some.count, np.nan)
    padded = np.vstack([points, [np.nan, np.nan]])  # a place of -1 is no place
    for i in range(rows.shape[1]):
        for j in range(i):
            apart = np.linalg.norm(padded[rows[:, i]] - padded[rows[:, j]], axis=1) / 1000
            found = np.fmax(found, apart)
    return found, share_known(some, known)


def per_head(facts: Facts, some: Sets) -> Columns:
    """Fiscal capacity per inhabitant and how the parts differ in it, staff, council seats."""
    columns = totals(some, {"staff": facts.staff.values})
    for name, figure in (("income", facts.income), ("property", facts.property)):
        columns[name], columns[name + KNOWN] = ratio(some, figure.values, figure.people)
    each = of_each(facts.income)
    high, low = extreme(some, each, np.fmax), extreme(some, each, np.fmin)
    share = share_known(some, np.isfinite(each))
    several = share * some.sizes >= 2
    columns["income_difference"] = np.where(several, high - low, np.nan)
    columns["income_spread"] = np.full(some.count, np.nan)
    np.divide(high, low, out=columns["income_spread"], where=several & (low > 0))
    columns["income_difference" + KNOWN] = columns["income_spread" + KNOWN] = share
    columns["per_council_seat"], columns["per_council_seat" + KNOWN] = ratio(
        some, facts.people, facts.council.values
    )
    return columns


def of_each(figure: Figure) -> Floats:
    """A figure per inhabitant of each municipality; NaN where unknown or nobody lives."""
    found = np.full(len(figure.values), np.nan)
    np.divide(figure.values, figure.people, out=found, where=figure.people > 0)
    return found


def commuting(facts: Facts, some: Sets) -> Columns:
    """Who lives and works in the set, between its parts, and in a neighbouring centre outside."""
    flows, n = facts.flows, len(facts.nis)
    matrix = some.matrix(n)
    known = np.isfinite(flows.leaving)
    share = share_known(some, known)
    out = (matrix @ flows.between).tocsr()
    inside = np.asarray(out.multiply(matrix).sum(axis=1)).ravel()
    own = matrix @ flows.between.diagonal()
    leaving = matrix @ np.nan_to_num(flows.leaving)
    sure = (share == 1) & (leaving > 0)
    columns: Columns = {"commuting_inside": np.full(some.count, np.nan),
                        "commuting_own": np.full(some.count, np.nan)}  # fmt: skip
    np.divide(inside, leaving, out=columns["commuting_inside"], where=sure)
    np.divide(own, leaving, out=columns["commuting_own"], where=sure)
    columns["commuting_between"] = np.where(share > 0, inside - own, np.nan)
    columns["commuting_kept"] = np.where(share == 1, inside, np.nan)
    city, to_city, sure_city = to_centre(facts, some, out)
    columns["commuting_city"] = np.where((share > 0) & (city >= 0), to_city, np.nan)
    columns["commuting_city" + KNOWN] = share * sure_city
    columns["city"], columns["city" + KNOWN] = np.where(city >= 0, city, np.nan), sure_city
    for name in ("commuting_inside", "commuting_own", "commuting_between", "commuting_kept"):
        columns[name + KNOWN] = share
    return columns


def to_centre(facts: Facts, some: Sets, out: Any) -> tuple[Ints, Floats, Floats]:
    """Of each set the neighbouring centre outside it to which most of its people commute (-1:
    none; of equals the first by code), how many do, and the share of neighbours outside of which it
    is known whether they are a centre. ``out``: sparse matrix of who commutes from set to town."""
    matrix = some.matrix(len(facts.nis))
    beside = (matrix @ facts.near).tocsr()
    beside.data[:] = 1
    around = (beside - beside.multiply(matrix)).tocsr()
    best, most = np.full(some.count, -1, np.int64), np.full(some.count, -1.0)
    by_town, leaving = around.tocsc(), out.tocsc()
    for town in np.flatnonzero((facts.centre == 1) & (np.diff(by_town.indptr) > 0)).tolist():
        here = by_town[:, [town]].toarray().ravel() > 0
        going = leaving[:, [town]].toarray().ravel()
        better = here & (going > most)
        best[better], most[better] = town, going[better]
    met = np.asarray(around.sum(axis=1)).ravel()
    judged = around @ np.isfinite(facts.centre).astype(np.float64)
    share = np.divide(judged, met, out=np.ones(some.count), where=met > 0)
    return best, np.maximum(most, 0.0), share


def cut(divisions: tuple[Division, ...], some: Sets, towns: int, zoning: str) -> Columns:
    """How many zonings each set lies across: no zone holds all its parts of which a zone is known,
    and these lie in two zones or more. ``zoning`` itself is left out."""
    matrix = some.matrix(towns)
    crossed, judged = np.zeros(some.count), np.zeros(some.count)
    others = [division for division in divisions if division.zoning != zoning]
    for division in others:
        across, sure = lies_across(division, matrix)
        crossed += across
        judged += across | sure
    share = judged / len(others) if others else np.zeros(some.count)
    count = np.where(share > 0, crossed, np.nan)
    return {"zonings_cut": count, "zonings_cut" + KNOWN: share}


def lies_across(division: Division, matrix: Any) -> tuple[Flags, Flags]:
    """Of each set whether it lies across zones, and whether it is known where every part lies."""
    inside = (matrix @ division.inside.T).tocsr()
    placed = (np.asarray(division.inside.sum(axis=0)).ravel() > 0).astype(np.float64)
    most = np.asarray(inside.max(axis=1).toarray()).ravel() if inside.shape[1] else 0
    sizes = np.asarray(matrix.sum(axis=1)).ravel()
    return matrix @ placed > most, matrix @ division.known.astype(np.float64) == sizes


def counts(facts: Facts, seated: Seated, some: Sets) -> pl.DataFrame:
    """The tables of each set as the screening counts those of a zone, and what would become of
    them."""
    found, matrix = facts.circles, some.matrix(len(facts.nis))
    subjects = pl.DataFrame(
        {"kind": ["zone"] * some.count, "zoning": [None] * some.count,
         "subject": [None] * some.count, "name": [None] * some.count},
        dict.fromkeys(("kind", "zoning", "subject", "name"), pl.String),
    ).with_row_index(ID)  # fmt: skip
    around = replace(found, subjects=subjects, places=matrix, land_known=True,
                     circle=kernel.circles(matrix, found.active))  # fmt: skip
    day = facts.landscape.date
    parts = [subjects, indicators.counts(facts.landscape, around),
             indicators.facts(around, day, day),
             indicators.seats(facts.landscape, around)]  # fmt: skip
    frame = indicators.where_known(pl.concat(parts, how="horizontal"), around)
    kept = ("partnerships", "tables", "first_line_share")
    frame = frame.select(column for name in kept for column in (name, name + KNOWN))
    columns = effects(seated, some)
    for names, of in ((OF_PARTNERSHIPS, "partnerships"), (OF_TABLES, "tables")):
        frame = frame.with_columns(
            column
            for name in names
            for column in (
                pl.when(pl.col(of).is_not_null()).then(pl.Series(columns[name]).cast(pl.Int64))
                .alias(name),
                pl.col(of + KNOWN).alias(name + KNOWN),
            )
        )  # fmt: skip
    return frame.with_columns(*seat_columns(columns, frame))


def seat_columns(columns: Mapping[str, Floats], frame: pl.DataFrame) -> list[pl.Series]:
    """Seats with the share of places of which they are known; over no places there are none."""
    found = []
    there = frame["partnerships"].is_not_null().to_numpy()
    for name in SEATS:
        at, of = columns[f"{name}_at"], columns[f"{name}_of"]
        share = np.where(there, np.divide(at, of, out=np.ones_like(at), where=of > 0), 0.0)
        share = share * frame["partnerships" + KNOWN].to_numpy()
        values = pl.Series(name, np.where(share > 0, columns[name], np.nan)).fill_nan(None)
        found += [values.cast(pl.Int64), pl.Series(name + KNOWN, share)]
    return found


def equipment(facts: Facts, some: Sets) -> pl.DataFrame:
    """The different equipment levels of the parts, in order."""
    known = np.array([level is not None for level in facts.equipment], np.bool_)
    levels = [
        sorted({level for town in some.of(i) if (level := facts.equipment[town]) is not None})
        for i in range(some.count)
    ]
    return pl.DataFrame(
        {"equipment": levels, "equipment" + KNOWN: share_known(some, known)},
        {"equipment": pl.List(pl.String), "equipment" + KNOWN: pl.Float64},
    )
