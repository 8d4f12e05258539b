"""Geometric fit: how the members of each partnership lie in the zones of a zoning.

A fact of the map alone: whether a partnership must fit is a question of scope (``scope.py``).
Any zoning is accepted. Of a *partition* each member has one zone. Of a *partial* one members may
lie outside every zone; then the partnership crosses the border of the zones that it touches. Of an
*overlapping* one a partnership is inside if some zone holds all its members.

A union of whole zones is what the Regiodecreet of 3 February 2023, art. 3, 5°, calls supraregional.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from samenspel.alignment import kernel
from samenspel.alignment.kernel import FITS
from samenspel.errors import InputError
from samenspel.landscape.kinds import OBSERVER
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.unknown import KNOWN, totals_over
from samenspel.language import _
from samenspel.screening.circles import Circles, circles
from samenspel.screening.kernel import Ints, incidence
from samenspel.screening.select import find_zone, zoning_chosen

# Why the fit of the known members need not be the whole truth.
DOUBTS = ("members_not_listed", "members_unknown", "zone_unknown", "zone_conflict")
PLACES = ("municipality", "ocmw")
MOST_FREE = 16  # zones of which every combination is looked through, at most (choice)


@dataclass(frozen=True)
class Fits:
    """How every partnership that is not ended lies in the zones of ``zoning``.

    ``bodies``, one row each in order of id: ``p``, ``partnership``, ``name``, ``kind``,
    ``legal_form``, ``status``, ``active`` (not while planned; unknown where the status is),
    ``fit`` (one of FITS), ``members`` (municipalities, an OCMW as its municipality),
    ``through_ocmw`` (of which only the OCMW is a member), ``members_unknown`` (members that may be
    a place elsewhere or nowhere listed), ``members_other`` (members known to be no municipality or
    OCMW), ``outside`` (members in no zone, NIS codes), ``population``, ``population_known``,
    ``main`` (the zones with the most members, all of them at a tie), ``share_members`` and
    ``share_population`` (part of the members and of their inhabitants in the main zone, 0 to 1),
    ``doubts`` (of DOUBTS).

    ``touched``, one row per partnership and zone: ``p``, ``zone``, ``name``, ``members``, ``nis``,
    ``population``, ``population_known``, ``share_members``, ``share_population``, ``whole`` (the
    partnership holds the whole zone). Inhabitants are of whole municipalities; a share of them is
    unknown where those of a member are.
    """

    landscape: Landscape
    zoning: str
    cover: str | None
    bodies: pl.DataFrame
    touched: pl.DataFrame

    @cached_property
    def land(self) -> Mapping[str, frozenset[str]]:
        """The municipalities (NIS codes) of each zone, those outside the landscape included."""
        rows = self.landscape.table("zone_members").filter(zoning=self.zoning)
        return {zone: frozenset(nis) for zone, nis in rows.group_by("zone").agg("nis").iter_rows()}

    @cached_property
    def inside_zone(self) -> Mapping[int, Mapping[str, frozenset[str]]]:
        """Of each partnership its members (NIS codes) in each zone that it touches."""
        found: dict[int, dict[str, frozenset[str]]] = {}
        for p, zone, nis in self.touched.select("p", "zone", "nis").iter_rows():
            found.setdefault(p, {})[zone] = frozenset(nis)
        return found

    def of_zone(self, zone: str) -> list[int]:
        """The numbers of the partnerships that have a member in ``zone``."""
        found: list[int] = self.touched.filter(zone=zone)["p"].to_list()
        return found


@dataclass(frozen=True)
class Moves:
    """What would mend a crossing, in NIS codes. ``leave``: for each zone of the fewest, the members
    that would have to leave so that the rest lies inside it. ``leave_for_union``: the members that
    would have to leave so that two whole zones or more remain; none where there are not two.
    ``join``: who would have to join so that it becomes a union of whole zones; none where a member
    lies in no zone or a zone has land outside the landscape. ``join_fewest``: no fewer would do
    (proven, but where overlapping zones leave more than MOST_FREE of them to choose from; then all
    zones touched are completed)."""

    leave: Mapping[str, tuple[str, ...]]
    leave_for_union: tuple[str, ...] | None
    join: tuple[str, ...] | None
    join_fewest: bool


def chosen_fits(
    landscape: Landscape, zoning: str | None = None, region: str | None = None
) -> tuple[Fits, str | None]:
    """Fit to ``zoning``, else to the zoning of ``region`` or the present reference regions, and the
    code of the zone ``region`` (given by code or name). Raises InputError for one not there."""
    code = zoning_chosen(landscape, zoning)
    zone = None
    if region is not None:
        code, zone = find_zone(landscape, region, zoning)
    if code is None:
        raise InputError(
            _("This landscape has no reference regions; choose a zoning with --zoning: {known}.")
            .format(known=", ".join(known))
            if (known := landscape.table("zonings")["zoning"].sort().to_list())
            else _("This landscape has no zonings; add the tables zonings, zones and zone_members.")
        )  # fmt: skip
    return fits(landscape, code), zone


def fits(landscape: Landscape, zoning: str, found: Circles | None = None) -> Fits:
    """Fit of every partnership of ``landscape`` that is not ended to the zones of ``zoning``.
    ``found``: the circles of the landscape, where at hand. Raises InputError for a zoning that is
    not there. Costs O(links)."""
    code = zoning_chosen(landscape, zoning)
    found = found or circles(landscape)
    cover = landscape.coded("zonings").filter(zoning=code)["cover"][0]
    zones, matrix, sizes = zones_of(landscape, zoning, found.towns)
    bodies = found.bodies.filter(pl.col("status").is_null() | (pl.col("status") != "inactive"))
    links = found.links.join(
        bodies.select("p").with_row_index("row"), on="p", maintain_order="left"
    )
    sets = incidence(links["row"], links["m"], (len(bodies), len(found.towns)))
    placed = kernel.place(sets, matrix, sizes)
    people = landscape.table("municipalities").select("population")
    touched = touched_zones(placed, sets, matrix, zones, found.towns["nis"], people)
    rows = bodies.select(
        "p", "partnership", "name", "legal_form", "status", "active", kind="body"
    ).with_columns(
        fit=pl.Series([FITS[f] for f in placed.fit], dtype=pl.String),
        members=pl.Series(placed.size),
        outside=listed(sets, np.asarray(matrix.sum(axis=0)).ravel() == 0, found.towns["nis"]),
        **totals_over(sets, people).to_dict(),
        _several=pl.Series(placed.several),
    )  # fmt: skip
    rows = rows.join(strangers(landscape, found), on="p", how="left", maintain_order="left")
    through = links.filter(~pl.col("own")).group_by("p").agg(through_ocmw=pl.len().cast(pl.Int64))
    rows = rows.join(through, on="p", how="left", maintain_order="left").with_columns(
        pl.col("through_ocmw", "members_unknown", "members_other").fill_null(0)
    )
    rows = rows.with_columns(doubts=doubts(cover, landscape.knows("zone_members")))
    touched, rows = with_shares(touched, rows)
    return Fits(landscape, zoning, cover, rows, touched.drop("row"))


def zones_of(
    landscape: Landscape, zoning: str, towns: pl.DataFrame
) -> tuple[pl.DataFrame, Any, Ints]:
    """Frame ``zone``, ``name`` of the zones that have land, their matrix by ``towns``, and the
    number of municipalities of each, those outside the landscape included."""
    rows = landscape.table("zone_members").filter(zoning=zoning).unique(["zone", "nis"])
    sizes = rows.group_by("zone").agg(size=pl.len().cast(pl.Int64)).sort("zone")
    names = landscape.table("zones").filter(zoning=zoning).select("zone", "name")
    names = names.unique("zone", keep="first")
    zones = sizes.join(names, on="zone", how="left", maintain_order="left")
    links = rows.join(towns, on="nis").join(zones.select("zone").with_row_index("z"), on="zone")
    matrix = incidence(links["z"], links["m"], (len(zones), len(towns)))
    return zones.select("zone", "name"), matrix, zones["size"].to_numpy()


def touched_zones(
    placed: kernel.Placed,
    sets: Any,
    matrix: Any,
    zones: pl.DataFrame,
    nis: pl.Series,
    people: pl.DataFrame,
) -> pl.DataFrame:
    """One row per set and zone that it touches, with the members there."""
    here = sets[placed.row].multiply(matrix[placed.zone]).tocsr()
    return pl.concat(
        [
            zones[placed.zone],
            pl.DataFrame(
                {
                    "row": pl.Series(placed.row, dtype=pl.UInt32),
                    "members": placed.members,
                    "whole": placed.whole,
                }
            ),
            totals_over(here, people),
        ],
        how="horizontal",
    ).with_columns(nis=listed(here, np.ones(len(nis), bool), nis))


def listed(sets: Any, towns: kernel.Flags, nis: pl.Series) -> pl.Series:
    """Of each set the NIS codes, ascending, of its members among ``towns``."""
    kept = sets.multiply(towns.astype(np.float64)[np.newaxis, :]).tocsr()
    kept.eliminate_zeros()
    kept.sort_indices()
    codes = nis.gather(pl.Series(kept.indices, dtype=pl.UInt32)).to_list()
    bounds = zip(kept.indptr[:-1], kept.indptr[1:], strict=True)
    return pl.Series([codes[start:stop] for start, stop in bounds], dtype=pl.List(pl.String))


def strangers(landscape: Landscape, found: Circles) -> pl.DataFrame:
    """Frame ``p``, ``members_unknown``, ``members_other``: members that are no municipality or
    OCMW of the landscape. One whose class is unknown may be a place elsewhere."""
    places = found.towns["nis"].implode()
    stated = landscape.coded("organisations").select("class", "nis", organisation="id")
    members = (
        landscape.coded("memberships")
        .filter(pl.col("role").is_null() | (pl.col("role") != OBSERVER))
        .join(found.bodies.select("p", "partnership"), on="partnership")
        .join(stated.unique("organisation", keep="first"), on="organisation", how="left")
        .with_columns(
            place=pl.col("organisation").is_in(places)
            | ((pl.col("class") == "ocmw") & pl.col("nis").is_in(places)).fill_null(value=False),
            may_be=pl.col("class").is_null() | pl.col("class").is_in(PLACES),
        )
        .filter(~pl.col("place"))
    )
    who = pl.col("organisation")
    return members.group_by("p").agg(
        members_unknown=who.filter("may_be").n_unique().cast(pl.Int64),
        members_other=who.filter(~pl.col("may_be")).n_unique().cast(pl.Int64),
    )


def doubts(cover: str | None, land_known: bool) -> pl.Expr:
    """Why the fit of the known members need not be the whole truth."""
    zoned = cover in ("partial", "overlapping") and land_known
    found = {
        "members_not_listed": pl.col("members") == 0,
        "members_unknown": pl.col("members_unknown") > 0,
        "zone_unknown": (pl.col("outside").list.len() > 0) & pl.lit(not zoned),
        "zone_conflict": (pl.col("_several") > 0) & pl.lit(cover != "overlapping"),
    }
    marks = [pl.when(there).then(pl.lit(name)) for name, there in found.items()]
    return pl.concat_list(marks).list.drop_nulls()


def with_shares(touched: pl.DataFrame, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Both frames with the shares of each zone and of the main one."""
    whole = rows.with_row_index("row").select(
        "row", "p", all_members="members", all_people="population", all_known="population" + KNOWN
    )
    known = (pl.col("all_known") == 1) & (pl.col("all_people") > 0)
    touched = (
        touched.join(whole, on="row", maintain_order="left")
        .with_columns(
            share_members=pl.col("members") / pl.col("all_members"),
            share_population=pl.when(known).then(pl.col("population") / pl.col("all_people")),
        )
        .drop("all_members", "all_people", "all_known")
    )
    most = touched.filter(pl.col("members") == pl.col("members").max().over("p"))
    main = most.group_by("p").agg(
        pl.col("share_members").first(),
        pl.col("share_population").max(),
        main=pl.col("zone").sort(),
    )
    rows = rows.join(main, on="p", how="left", maintain_order="left").drop("_several")
    return touched, rows.with_columns(pl.col("main").fill_null([]))


def moves(found: Fits, p: int) -> Moves:
    """What would mend the crossing of partnership ``p`` (its number in ``found``)."""
    zones = found.inside_zone[p]
    row = found.bodies.row(by_predicate=pl.col("p") == p, named=True)
    members = frozenset(row["outside"]).union(*zones.values())
    leave = {zone: tuple(sorted(members - zones[zone])) for zone in row["main"]}
    whole = [zone for zone, there in zones.items() if there == found.land[zone]]
    kept = frozenset[str]().union(*(zones[zone] for zone in whole))
    # What one zone holds is no union of two.
    united = all(kept - land for land in found.land.values())
    join, fewest = joining(found, zones, members)
    return Moves(
        leave,
        tuple(sorted(members - kept)) if united else None,
        None if row["outside"] else join,
        fewest,
    )


def joining(
    found: Fits, zones: Mapping[str, frozenset[str]], members: frozenset[str]
) -> tuple[tuple[str, ...] | None, bool]:
    """Who must join so that ``members`` make up whole zones, and whether no fewer would do.

    A zone that alone holds some member is needed in any case; of the others those are taken that
    together complete to the fewest. Where the others are too many to look through (MOST_FREE),
    all zones touched are completed. None where land outside the landscape would have to join.
    """
    here = set(found.landscape.index.nis)
    holders = {nis: [z for z in sorted(zones) if nis in zones[z]] for nis in members}
    needed = frozenset(held[0] for held in holders.values() if len(held) == 1)
    base = frozenset[str]().union(*(found.land[zone] for zone in needed))
    rest = {nis: held for nis, held in holders.items() if nis not in base}
    free = {zone for held in rest.values() for zone in held}
    fewest = len(free) <= MOST_FREE and all(holders.values())
    completed: frozenset[str] | None
    if fewest:
        completed = least_cover(base, rest, found.land, frozenset(here))
    else:
        completed = base.union(*(found.land[zone] for zone in zones))
    if completed is None or not completed <= here:
        return None, fewest
    return tuple(sorted(completed - members)), fewest


def least_cover(
    base: frozenset[str],
    rest: Mapping[str, Sequence[str]],
    land: Mapping[str, frozenset[str]],
    here: frozenset[str],
) -> frozenset[str] | None:
    """The least land within ``here`` that holds ``base`` and, with whole zones added, every
    municipality of ``rest`` (with the zones that hold it); of equals the first by zone. None where
    there is none."""
    best: frozenset[str] | None = None
    seen = set()
    todo = [base]
    while todo:
        held = todo.pop()
        if held in seen or not held <= here or (best is not None and len(held) >= len(best)):
            continue
        seen.add(held)
        open_still = [(len(rest[nis]), nis) for nis in rest if nis not in held]
        if not open_still:
            best = held
            continue
        todo += [held | land[zone] for zone in reversed(rest[min(open_still)[1]])]
    return best
