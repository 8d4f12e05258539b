"""What a landscape knows of its municipalities, as arrays; what it does not know is told, never
guessed."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from samenspel.delineation.problem import Flags, Floats, Hyperedges, Ints, Pairs, hyperedges, pairs
from samenspel.delineation.wishes import Wishes
from samenspel.errors import InputError
from samenspel.landscape.landscape import Landscape
from samenspel.language import _
from samenspel.screening.circles import circles

SQUARE_METRES = 1_000_000
PEOPLE = ("balance", "moved")  # goals in inhabitants


def listed(towns: Sequence[str]) -> str:
    """The first few, and how many more."""
    more = _(" and {count} more").format(count=len(towns) - 5) if len(towns) > 5 else ""
    return ", ".join(towns[:5]) + more


def titled(towns: pl.DataFrame) -> list[str]:
    """Name and code of each of ``towns`` (nis, name), as a reader knows them."""
    return [
        f"{name} ({nis})" if name else str(nis)
        for nis, name in towns.select("nis", "name").iter_rows()
    ]


def known_population(
    towns: pl.DataFrame, wishes: Wishes, *, needed: bool
) -> tuple[Ints | None, tuple[str, ...]]:
    """Inhabitants of every municipality, None where they are not known of all; and the codes of
    those of which they are not. Raises InputError where the wishes need them, or ``needed`` says
    so, and they are not known, or nobody lives anywhere."""
    absent = towns.filter(pl.col("population").is_null())
    needed = needed or "population" in wishes.bounds or any(map(wishes.weights.get, PEOPLE))
    if needed and absent.height:
        raise InputError(
            _("Table municipalities, column population: unknown for {names}; bounds on "
              "inhabitants, the goals balance and moved, and plans held side by side need the "
              "inhabitants of every municipality.").format(names=listed(titled(absent)))
        )  # fmt: skip
    if needed and not towns["population"].sum():
        raise InputError(
            _("Table municipalities, column population: 0 for every municipality; bounds on "
              "inhabitants, the goals balance and moved, and plans held side by side need a land "
              "where people live.")
        )  # fmt: skip
    if absent.height:
        return None, tuple(absent["nis"])
    return towns["population"].to_numpy().astype(np.int64), ()


def known_area(towns: pl.DataFrame) -> Ints | None:
    """Square metres, or None where those of a municipality are not known."""
    if towns["area_km2"].has_nulls():
        return None
    metres: Ints = np.rint(towns["area_km2"].to_numpy() * SQUARE_METRES).astype(np.int64)
    return metres


def known_points(towns: pl.DataFrame) -> Floats | None:
    """x, y in metres, or None where those of a municipality are not known."""
    if towns["x"].has_nulls() or towns["y"].has_nulls():
        return None
    return np.column_stack([towns["x"].to_numpy(), towns["y"].to_numpy()]).astype(np.float64)


def known_centres(towns: pl.DataFrame, wishes: Wishes) -> Flags | None:
    """Which municipalities are a centre. Raises InputError where the wishes need it and it is not
    known of one."""
    absent = towns.filter(pl.col("centre").is_null())
    if absent.is_empty():
        return towns["centre"].to_numpy().astype(np.bool_)
    if wishes.centre:
        raise InputError(
            _("Table municipalities, column centre: unknown for {names}; a centre in each zone can "
              "only be asked where it is known of every municipality.").format(
                names=listed(titled(absent))
            )
        )  # fmt: skip
    return None


def borders_of(landscape: Landscape, where: Mapping[str, int]) -> tuple[Pairs, Flags | None]:
    """Borders between municipalities, and which of them border land outside; None where no border
    with the outside is listed. A border of unknown length counts as neighbours without length."""
    rows = landscape.table("adjacency")
    if rows.is_empty() and len(where) > 1:
        raise InputError(
            _("Table adjacency is absent or empty; drawing zones needs to know which "
              "municipalities are neighbours.")
        )  # fmt: skip
    lengths = rows["border_m"].fill_null(0.0)
    inner = [
        (where[a], where[b], length)
        for a, b, length in zip(rows["nis_a"], rows["nis_b"], lengths, strict=True)
        if a in where and b in where
    ]
    a, b, length = (np.array(column) for column in zip(*inner, strict=True)) if inner else (
        np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    )  # fmt: skip
    edge = rows.filter(pl.col("nis_b").is_null() | ~pl.col("nis_b").is_in(list(where)))
    outside = np.zeros(len(where), np.bool_)
    outside[[where[nis] for nis in edge["nis_a"] if nis in where]] = True
    return (
        pairs(a.astype(np.int64), b.astype(np.int64), length.astype(np.float64), len(where)),
        outside if outside.any() else None,
    )


def partnerships_of(landscape: Landscape) -> Hyperedges:
    """The active intermunicipal partnerships by the municipalities that are members themselves;
    each weighs 1 (choice)."""
    found = circles(landscape)
    active = found.active.tocsr()
    ids = found.bodies["partnership"].to_list()
    rows = [p for p in range(len(ids)) if active.indptr[p + 1] > active.indptr[p]]
    return hyperedges(
        {ids[p]: active.indices[active.indptr[p] : active.indptr[p + 1]].tolist() for p in rows}
    )


def flows_of(landscape: Landscape, kind: str, where: Mapping[str, int]) -> Pairs | None:
    """Flows of ``kind`` of the latest year between different municipalities, both ways summed."""
    rows = landscape.table("flows").filter(pl.col("kind") == kind, pl.col("count").is_not_null())
    years = rows["year"].drop_nulls()
    if len(years):
        rows = rows.filter(year=years.max())
    rows = rows.filter(pl.col("from").is_in(list(where)) & pl.col("to").is_in(list(where)))
    if rows.is_empty():
        return None
    a = np.array([where[nis] for nis in rows["from"]], dtype=np.int64)
    b = np.array([where[nis] for nis in rows["to"]], dtype=np.int64)
    return pairs(a, b, rows["count"].to_numpy().astype(np.float64), len(where))
