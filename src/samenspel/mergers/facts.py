"""What a landscape knows of its municipalities, as arrays in order of code; NaN is unknown."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy import sparse

from samenspel.delineation.problem import Flags, Floats, Ints
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.unknown import whole_sum
from samenspel.mergers.facilities import Facilities, facilities_of, numbers
from samenspel.mergers.lineage import merged_from
from samenspel.screening.circles import Circles, circles

# Keys of the table figures that are read, the first that is there of each (as the fund does).
INCOME = ("net_taxable_income", "taxable_income")
PROPERTY = ("taxable_cadastral_income",)
STAFF = ("staff_fte",)
COUNCIL = ("council_seats",)
POLITICAL = "political_"  # keys that begin so are facts of the political context


@dataclass(frozen=True)
class Figure:
    """A figure that adds up. ``values``: of every municipality; ``people``: the inhabitants of the
    same year, else those of the table municipalities; ``people_year``: that year, None for those
    of the table; ``key``: None where the landscape has none."""

    key: str | None
    year: int | None
    values: Floats
    people: Floats
    people_year: int | None


@dataclass(frozen=True)
class Flows:
    """``between``: sparse matrix of who lives where and works where, within the landscape;
    ``leaving``: of every municipality all who live there and work anywhere, NaN where it is in no
    row or a count is unknown; ``year``: where known."""

    kind: str
    year: int | None
    between: Any
    leaving: Floats

    @property
    def known(self) -> bool:
        """Whether anything is known at all."""
        return bool(np.isfinite(self.leaving).any())


@dataclass(frozen=True)
class Division:
    """A zoning. ``inside``: sparse 0/1 matrix of its zones by municipalities; ``known``: of which
    municipalities it is known where they lie: all of a partial or overlapping zoning, and those in
    a zone of another."""

    zoning: str
    title: str | None
    zones: tuple[str, ...]
    names: tuple[str | None, ...]
    inside: Any
    known: Flags


@dataclass(frozen=True)
class Facts:
    """Everything that mergers are judged by. ``near``: sparse 0/1 matrix of neighbours, declared
    links apart; ``centre``, ``merged`` (is a merger by the lineage): 1, 0 or NaN."""

    landscape: Landscape
    nis: tuple[str, ...]
    names: tuple[str, ...]
    circles: Circles
    people: Floats
    area: Floats
    points: Floats
    equipment: tuple[str | None, ...]
    centre: Floats
    near: Any
    flows: Flows
    income: Figure
    property: Figure
    staff: Figure
    council: Figure
    divisions: tuple[Division, ...]
    merged: Floats
    facilities: Facilities

    def called(self, towns: Collection[int]) -> str:
        """The names of municipalities, for a sentence."""
        return ", ".join(self.names[town] for town in towns)


def facts_of(
    landscape: Landscape, flow: str = "commuting", facilities: Collection[str] | None = None
) -> Facts:
    """The facts of ``landscape``. ``flow``: the kind of flows that tells who goes where;
    ``facilities``: NIS codes of municipalities with language facilities, where the user names
    them. Costs O(rows)."""
    towns = landscape.table("municipalities").sort("nis")
    nis = tuple(towns["nis"])
    where = {code: number for number, code in enumerate(nis)}
    people = column(towns, "population")
    near = landscape.index.adjacency
    size = (len(nis), len(nis))
    return Facts(
        landscape=landscape,
        nis=nis,
        names=tuple(name or code for code, name in towns.select("nis", "name").iter_rows()),
        circles=circles(landscape),
        people=people,
        area=column(towns, "area_km2"),
        points=np.column_stack([column(towns, "x"), column(towns, "y")]),
        equipment=tuple(towns["equipment_level"]),
        centre=column(towns, "centre"),
        near=sparse.csr_matrix((np.ones(len(near.indices)), near.indices, near.indptr), size),
        flows=flows_of(landscape, flow, where),
        income=figure_of(landscape, INCOME, where, people),
        property=figure_of(landscape, PROPERTY, where, people),
        staff=figure_of(landscape, STAFF, where, people),
        council=figure_of(landscape, COUNCIL, where, people),
        divisions=divisions_of(landscape, where),
        merged=merged_of(landscape, nis),
        facilities=facilities_of(landscape, facilities),
    )


def column(frame: pl.DataFrame, name: str) -> Floats:
    """A column as numbers, NaN for unknown."""
    return numbers(frame[name].cast(pl.Float64))


def latest(rows: pl.DataFrame) -> tuple[pl.DataFrame, int | None]:
    """The rows of the latest year and, of those, of the latest map; and that year."""
    year = rows["year"].drop_nulls().max() if rows.height else None
    rows = rows.filter(pl.col("year").eq_missing(pl.lit(year, pl.Int64)))
    drawn = rows["map_year"].drop_nulls().max() if rows.height else None
    rows = rows.filter(pl.col("map_year").eq_missing(pl.lit(drawn, pl.Int64)))
    return rows, None if year is None else int(str(year))


def figure_of(
    landscape: Landscape, keys: tuple[str, ...], where: dict[str, int], people: Floats
) -> Figure:
    """The first of ``keys`` that the landscape has, in its latest year. Figures that do not add up
    are unknown here, since a merger could not have them."""
    table = landscape.table("figures").filter(pl.col("additive").fill_null(value=False))
    there = set(table["key"])
    key = next((key for key in keys if key in there), None)
    if key is None:
        return Figure(None, None, np.full(len(where), np.nan), people, None)
    rows, year = latest(table.filter(pl.col("key") == key))
    counted, _year = latest(table.filter(key="population").filter(
        pl.col("year").eq_missing(pl.lit(year, pl.Int64))))  # fmt: skip
    if year is None or counted.is_empty():
        return Figure(key, year, placed(rows, where), people, None)
    return Figure(key, year, placed(rows, where), placed(counted, where), year)


def placed(rows: pl.DataFrame, where: dict[str, int]) -> Floats:
    """The values of ``rows`` (nis, value) in order of code."""
    found = np.full(len(where), np.nan)
    for nis, value in rows.select("nis", "value").drop_nulls().iter_rows():
        if nis in where:
            found[where[nis]] = value
    return found


def flows_of(landscape: Landscape, kind: str, where: dict[str, int]) -> Flows:
    """The flows of ``kind`` of the latest year. Of a municipality that is in a listed row a pair
    that is not listed is none."""
    n = len(where)
    rows, year = latest(landscape.table("flows").filter(pl.col("kind") == kind))
    place = pl.DataFrame({"code": list(where), "at": list(where.values())},
                         {"code": pl.String, "at": pl.Int64})  # fmt: skip
    rows = rows.select("from", "to", "count").join(
        place.rename({"at": "a"}), left_on="from", right_on="code"
    ).join(place.rename({"at": "b"}), left_on="to", right_on="code", how="left")  # fmt: skip
    whole = rows.group_by("a").agg(whole_sum(pl.col("count")))
    leaving = np.full(n, np.nan)
    leaving[whole["a"].to_numpy()] = column(whole, "count")
    inside = rows.drop_nulls()
    at = (inside["a"].to_numpy(), inside["b"].to_numpy())
    between = sparse.coo_matrix((inside["count"].to_numpy().astype(np.float64), at), (n, n))
    return Flows(kind, year, between.tocsr(), leaving)


def divisions_of(landscape: Landscape, where: dict[str, int]) -> tuple[Division, ...]:
    """Every zoning that lists land, but for older selves (``x_2022``) of one that is there."""
    table = landscape.coded("zonings").sort("zoning")
    codes = set(table["zoning"])
    members = landscape.table("zone_members").filter(pl.col("nis").is_in(list(where)))
    names = {(zoning, zone): name for zoning, zone, name in
             landscape.table("zones").select("zoning", "zone", "name").iter_rows()}  # fmt: skip
    found = []
    for zoning, title, cover in table.select("zoning", "title", "cover").iter_rows():
        rows = members.filter(zoning=zoning).sort("zone", "nis")
        if rows.is_empty() or zoning.rpartition("_")[0] in codes:
            continue
        zones = tuple(rows["zone"].unique(maintain_order=True))
        number = {zone: i for i, zone in enumerate(zones)}
        at = ([number[zone] for zone in rows["zone"]], [where[nis] for nis in rows["nis"]])
        inside = sparse.csr_matrix((np.ones(len(at[0])), at), shape=(len(zones), len(where)))
        inside.data[:] = 1
        lies: Ints = np.asarray(inside.sum(axis=0)).ravel()
        known = (lies > 0) | (cover in ("partial", "overlapping"))
        found.append(Division(zoning, title, zones, tuple(names.get((zoning, z)) for z in zones),
                              inside, known))  # fmt: skip
    return tuple(found)


def merged_of(landscape: Landscape, nis: tuple[str, ...]) -> Floats:
    """Which municipalities are mergers by the lineage; unknown where there is none."""
    if not landscape.knows("lineage"):
        return np.full(len(nis), np.nan)
    new = merged_from(landscape)
    return np.array([float(code in new) for code in nis])
