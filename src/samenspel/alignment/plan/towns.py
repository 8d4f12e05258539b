"""What a plan means for every municipality: the tables at which it sits before and after."""

from collections.abc import Mapping

import polars as pl

from samenspel.alignment.plan.plan import Town
from samenspel.alignment.plan.region import Region
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.unknown import KNOWN, totals_over, whole_sum
from samenspel.screening.kernel import incidence


def towns_of(
    landscape: Landscape, region: Region, after: Mapping[str, frozenset[str]]
) -> tuple[Town, ...]:
    """Every municipality of the region; ``after``: the members of every partnership that is left.
    A municipality and its OCMW are one; of a table that it is new to the seats are unknown."""
    names = dict(landscape.table("municipalities").select("nis", "name").iter_rows())
    before = {body.id: body.members for body in region.bodies}
    sits = {nis: tables_of(nis, before, region) for nis in region.towns}
    will = {nis: tables_of(nis, after, region) for nis in region.towns}
    seats = seats_of(landscape, region)
    then = seat_totals(sits, seats, {})
    later = seat_totals(will, seats, sits)
    found = []
    for number, nis in enumerate(region.towns):
        found.append(
            Town(
                nis=nis,
                name=names[nis] or nis,
                tables_before=len(sits[nis]),
                tables_after=len(will[nis]),
                gained=tuple(sorted(will[nis] - sits[nis])),
                lost=tuple(sorted(sits[nis] - will[nis])),
                seats_before=then["seats"][number],
                seats_before_known=then["seats" + KNOWN][number],
                seats_after=later["seats"][number],
                seats_after_known=later["seats" + KNOWN][number],
            )
        )
    return tuple(found)


def tables_of(nis: str, members: Mapping[str, frozenset[str]], region: Region) -> set[str]:
    """The partnerships in which the municipality or its OCMW is a member."""
    return {
        id
        for id, those in members.items()
        if any(
            region.town_of.get(one) == nis and region.classes[one] in ("municipality", "ocmw")
            for one in those
        )
    }


def seats_of(landscape: Landscape, region: Region) -> dict[tuple[str, str], int | None]:
    """Seats by municipality and partnership; unknown where a row has no number."""
    mine = {
        one: nis
        for one, nis in region.town_of.items()
        if region.classes[one] in ("municipality", "ocmw")
    }
    rows = (
        landscape.table("mandates")
        .with_columns(
            nis=pl.col("organisation").replace_strict(mine, default=None, return_dtype=pl.String)
        )
        .drop_nulls("nis")
        .group_by("nis", "partnership")
        .agg(seats=whole_sum(pl.col("seats")))
    )
    return {(nis, partnership): seats for nis, partnership, seats in rows.iter_rows()}


def seat_totals(
    tables: Mapping[str, set[str]],
    seats: Mapping[tuple[str, str], int | None],
    held: Mapping[str, set[str]],
) -> pl.DataFrame:
    """Seats of every municipality at ``tables`` in their order, with the share known; ``held``,
    where given, are the tables at which it sits today, and only of those seats are known."""
    pairs = [(number, nis, id) for number, (nis, ids) in enumerate(tables.items())
             for id in sorted(ids)]  # fmt: skip
    known = [
        seats.get((nis, id)) if not held or id in held[nis] else None for _number, nis, id in pairs
    ]
    rows = pl.Series("rows", range(len(pairs)), dtype=pl.Int64)
    groups = incidence(
        pl.Series("town", [number for number, _nis, _id in pairs], dtype=pl.Int64),
        rows,
        (len(tables), len(pairs)),
    )
    return totals_over(groups, pl.DataFrame({"seats": pl.Series(known, dtype=pl.Int64)}))
