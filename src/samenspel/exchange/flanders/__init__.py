"""The public Flemish files as a landscape, on the map of 2019 or of 2025.

The lists of partnerships are of 2023 and 2024; for 2025 they are carried over the mergers. Zonings
that the sources give for 2025 stand beside the older ones carried over, which get their year in
their code (``politiezone_2023``), so that a reader sees where a merger crosses a zone border.
"""

from collections.abc import Callable
from datetime import date as Date
from pathlib import Path

import polars as pl

from samenspel.errors import InputError
from samenspel.exchange.flanders import figures, land, partnerships, sources
from samenspel.landscape.chronicle import Chronicle
from samenspel.landscape.findings import Finding
from samenspel.landscape.landscape import About, Landscape
from samenspel.landscape.recode import recode
from samenspel.landscape.tables import BY_NAME
from samenspel.language import _

DATES = {2019: Date(2023, 8, 31), 2025: Date(2025, 1, 1)}
ZONING_YEARS = {
    "referentieregio": 2022,
    "eerstelijnszone": 2021,
    "politiezone": 2023,
    "provincie": 2019,
    "arrondissement": 2019,
}
ZONE_TABLES = ("zonings", "zones", "zone_members")


def import_flanders(
    folder: Path, year: int, step: Callable[[str], None] = lambda _name: None
) -> tuple[Landscape, list[Finding]]:
    """The landscape of Flanders on the map of ``year`` (2019 or 2025) and what recoding and
    comparison with the publishers' own figures found.

    ``folder`` holds the raw files as published; ``step`` is told what is being read. Raises
    InputError where a file is missing, damaged or of another year.
    """
    if year not in DATES:
        raise InputError(_("There is no map of {year}; choose 2019 or 2025.").format(year=year))
    if not folder.is_dir():
        raise InputError(_("{folder}: there is no such folder.").format(folder=folder))
    step(_("areas and codes"))
    maps = land.read_maps(folder, year)
    adjacency, findings = land.borders(folder, maps, year)
    step(_("partnerships and zonings"))
    frames = partnerships.tables(folder, maps) | land.zonings_2019(folder, maps)
    step(_("figures"))
    frames |= {
        "municipalities": land.eras(maps),
        "lineage": land.lineage(maps),
        "figures": figures.figures(folder, maps, year),
    }
    about = About(f"Vlaanderen, kaart van {year}", "Vlaanderen")
    step(_("mergers"))
    map_starts = Date(year, 1, 1)
    recoded, found = recode(Chronicle(frames, about), until=map_starts)
    # Zone conflicts stay in the tables, where the checks find them under the zoning's final code.
    findings += [finding for finding in found if finding.code != "zone_conflict"]
    picture = recoded.at(map_starts)
    if year == 2025:
        findings += figures.compare_2025(folder, maps, picture.table("figures"))
        picture = beside_2025(picture, folder, maps)
    step(_("commuting"))
    areas = maps.areas[year].select("nis", "geometry").with_columns(source=pl.lit(f"areas-{year}"))
    people = figures.latest_population(picture.table("figures"))
    whole = picture.with_tables(
        municipalities=land.municipalities(folder, maps, year, people),
        geometries=areas,
        adjacency=adjacency,
        flows=figures.commuting(folder, maps, year),
        sources=sources.table(),
    )
    return Landscape(DATES[year], whole.frames, about), findings


def beside_2025(picture: Landscape, folder: Path, maps: land.Maps) -> Landscape:
    """``picture`` with the zonings and police zones of 2025, the older zonings under their year."""
    dated = {zoning: f"{zoning}_{year}" for zoning, year in ZONING_YEARS.items()}
    new = land.zonings_2025(folder, maps)
    frames = {
        name: pl.concat(
            [picture.table(name).with_columns(pl.col("zoning").replace(dated)), new[name]],
            how="diagonal",
        )
        for name in ZONE_TABLES
    }
    frames["zonings"] = frames["zonings"].with_columns(
        title=pl.when(pl.col("zoning").is_in(list(dated.values())))
        .then(pl.format("{} ({})", "title", pl.col("zoning").str.slice(-4)))
        .otherwise("title")
    )
    for name, rows in partnerships.police_zones_2025(folder).items():
        schema = BY_NAME[name].schema
        kept = [c for c in rows.columns if c in schema or BY_NAME[name].dated]
        frames[name] = pl.concat([picture.table(name), rows.select(kept)], how="diagonal")
    frames["lineage"] = pl.concat(
        [picture.table("lineage"), zone_lineage(frames["zones"], frames["zone_members"], dated)],
        how="diagonal",
    )
    return picture.with_tables(**frames)


def zone_lineage(zones: pl.DataFrame, members: pl.DataFrame, dated: dict[str, str]) -> pl.DataFrame:
    """Which zone of 2025 an older zone became: the one of the same name or the same land."""
    land_of = members.group_by("zoning", "zone").agg(land=pl.col("nis").sort().str.join(","))
    full = zones.join(land_of, on=["zoning", "zone"])
    old = full.filter(pl.col("zoning").is_in(list(dated.values()))).with_columns(
        later=pl.col("zoning").str.slice(0, pl.col("zoning").str.len_chars() - 5)
    )
    same = old.join(full, left_on="later", right_on="zoning", suffix="_new")
    name, name_new = (pl.col(c).str.to_lowercase() for c in ("name", "name_new"))
    return (
        same.filter((name == name_new) | (pl.col("land") == pl.col("land_new")))
        .sort(pl.col("name") == pl.col("name_new"), descending=True, maintain_order=True)
        .unique(["later", "zone"], keep="first", maintain_order=True)
        .select(
            kind=pl.lit("zone"),
            zoning="later",
            old="zone",
            new="zone_new",
            date=pl.lit(DATES[2025]),
            operation=pl.when(name == name_new)
            .then(pl.lit("code_change"))
            .otherwise(pl.lit("rename")),
            source=pl.lit("zones-2025"),
        )
        .filter(pl.col("old") != pl.col("new"))
    )
