"""The rows of a landscape that concern one zone, and the names that its codes stand for."""

from collections.abc import Iterable

import polars as pl

from samenspel.exchange.excel.layout import NAMED, SHEETS
from samenspel.landscape.landscape import Landscape


def rows_of_region(landscape: Landscape, zoning: str, zone: str) -> dict[str, pl.DataFrame]:
    """For each sheet the rows that concern the municipalities of ``zone``, in the table's order.

    A partnership concerns them where one of them, or an organisation of one of them, is a member,
    the host, has seats, or is served; then all of its rows are given.
    """
    table = {name: landscape.table(name) for name in SHEETS}
    lies = (pl.col("zoning") == zoning) & (pl.col("zone") == zone)
    towns = set(table["zone_members"].filter(lies)["nis"])
    local = towns | values(table["organisations"].filter(among("nis", towns)), "id")
    bodies = values(table["partnerships"].filter(among("host", local)), "id").union(
        *(
            values(table[name].filter(among("organisation", local)), "partnership")
            for name in ("memberships", "mandates", "task_provision")
        )
    )
    found = {
        name: table[name].filter(among("partnership", bodies))
        for name in ("memberships", "tasks", "task_provision", "mandates")
    }
    found["partnerships"] = table["partnerships"].filter(among("id", bodies))
    wanted = (towns | local | bodies | values(found["partnerships"], "host")).union(
        *(
            values(found[name], "organisation")
            for name in ("memberships", "mandates", "task_provision")
        )
    )
    found["organisations"] = table["organisations"].filter(among("id", wanted))
    for name in ("municipalities", "figures", "zone_members"):
        found[name] = table[name].filter(among("nis", towns))
    lain = found["zone_members"].select("zoning", "zone").unique()
    found["zones"] = table["zones"].join(
        lain, on=["zoning", "zone"], how="semi", maintain_order="left"
    )
    found["zonings"] = table["zonings"].filter(among("zoning", set(lain["zoning"])))
    found["lineage"] = lineage(table["lineage"], towns, wanted, bodies, lain)
    found["sources"] = table["sources"]
    return {name: found[name] for name in SHEETS}


def among(column: str, codes: Iterable[str]) -> pl.Expr:
    return pl.col(column).is_in(pl.Series(sorted(codes), dtype=pl.String).implode())


def values(frame: pl.DataFrame, column: str) -> set[str]:
    return set(frame[column].drop_nulls())


def lineage(
    frame: pl.DataFrame, towns: set[str], wanted: set[str], bodies: set[str], lain: pl.DataFrame
) -> pl.DataFrame:
    """The rows of ``frame`` that tell what something of the region became, or came from."""
    codes = {"municipality": towns, "organisation": wanted, "partnership": bodies}
    concerns = [
        (pl.col("kind") == kind) & (among("old", known) | among("new", known))
        for kind, known in codes.items()
    ]
    zones = set(lain.iter_rows())
    lies = [
        kind == "zone" and bool({(zoning, old), (zoning, new)} & zones)
        for kind, zoning, old, new in frame.select("kind", "zoning", "old", "new").iter_rows()
    ]
    return frame.filter(pl.any_horizontal(concerns) | pl.Series(lies, dtype=pl.Boolean))


def names_of(landscape: Landscape) -> dict[str, dict[object, str]]:
    """For each table that is referred to the names by code; those of zones by (zoning, zone).

    An organisation that is a municipality or a partnership has the name of that where it has no
    row of its own.
    """
    names: dict[str, dict[object, str]] = {
        reference.split(".")[0]: named(landscape, reference, title)
        for reference, title in NAMED.items()
    }
    names["organisations"] = (
        names["municipalities"] | names["partnerships"] | names["organisations"]
    )
    zones = landscape.table("zones").drop_nulls("name")
    names["zones"] = {
        (z, zone): name for z, zone, name in zones.select("zoning", "zone", "name").iter_rows()
    }
    return names


def named(landscape: Landscape, reference: str, title: str) -> dict[object, str]:
    table, code = reference.split(".")
    return dict(landscape.table(table).select(code, title).drop_nulls().iter_rows())
