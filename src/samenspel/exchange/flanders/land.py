"""Municipalities on the maps of 2018, 2019 and 2025: codes, lineage, areas, borders, zonings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date as Date
from pathlib import Path

import polars as pl

from samenspel.errors import InputError
from samenspel.exchange.flanders import raw
from samenspel.landscape.areas import points_inside, shared_borders
from samenspel.landscape.findings import Finding, each
from samenspel.language import _

FLANDERS = "Vlaanderen"
NO_COOPERATION = "igs999"  # 'Geen IGS': the code for not covered

# Status of both: choice.
SAME_BORDER = 1  # metres that the length of a border may differ from the published one
ANOTHER_MAP = 0.05  # more borders than this share that differ make it another map

# What each zoning is, and how it covers the land by its nature.
KINDS = {
    "provincie": ("province", "partition", "Provincies"),
    "arrondissement": ("arrondissement", "partition", "Arrondissementen"),
    "referentieregio": ("reference_region", "partition", "Referentieregio's"),
    "vervoerregio": ("transport_region", "partition", "Vervoerregio's"),
    "eerstelijnszone": ("primary_care_zone", "partition", "Eerstelijnszones"),
    "politiezone": ("police_zone", "partition", "Politiezones"),
    "igs_wonen": ("housing_cooperation", "partial", "Intergemeentelijke samenwerking wonen"),
    "woonmaatschappij": ("housing_company", "partition", "Woonmaatschappijen"),
    "streekwerking": ("regional_cooperation", "partition", "Streekwerkingen"),
    "toeristische_regio": ("tourist_region", "partition", "Toeristische regio's"),
    "gezondheidsmakers_regio": ("health_region", "partition", "Regio's Gezondheidsmakers"),
}


@dataclass(frozen=True)
class Maps:
    """``codes[year]``: frame ``nis``, ``name`` of the Flemish municipalities on that map.
    ``steps[year]``: frame ``old``, ``new`` of what changed on 1 January of that year."""

    codes: Mapping[int, pl.DataFrame]
    steps: Mapping[int, pl.DataFrame]
    areas: Mapping[int, pl.DataFrame]

    def names(self, year: int) -> dict[str, str]:
        return dict(self.codes[year].iter_rows())

    def map_of(self, file: raw.File, column: str, codes: pl.Series, latest: int) -> int:
        """The latest map, up to ``latest``, of which ``codes`` holds every municipality. Raises
        InputError where there is none."""
        for year in sorted(y for y in self.codes if y <= latest)[::-1]:
            if self.codes[year]["nis"].is_in(codes.implode()).all():
                return year
        nearest = max(
            sorted(y for y in self.codes if y <= latest),
            key=lambda year: self.codes[year]["nis"].is_in(codes.implode()).mean() or 0,
        )
        raw.covers_all(file, column, codes, self.codes[nearest]["nis"], self.names(nearest))
        raise AssertionError(codes)  # covers_all has raised


def read_maps(folder: Path, year: int) -> Maps:
    """The three maps, and the areas of the map of ``year``. Raises InputError."""
    crosswalk = raw.read(folder, raw.CROSSWALK)
    areas = raw.read_areas(folder, year)
    check_year(crosswalk, areas, year)
    flemish = areas.filter(pl.col("region") == FLANDERS)
    inside = crosswalk.filter(pl.col(f"nis{year}").is_in(flemish["nis"].implode()))
    codes = {
        map_year: inside.select(nis=f"nis{map_year}", name=f"name{map_year}")
        .unique("nis", keep="first", maintain_order=True)
        .sort("nis")
        for map_year in (2018, 2019, 2025)
    }
    steps = {
        after: steps_to(inside, before, after) for before, after in ((2018, 2019), (2019, 2025))
    }
    return Maps(codes, steps, {year: flemish.sort("nis")})


def check_year(crosswalk: pl.DataFrame, areas: pl.DataFrame, year: int) -> None:
    """Raise InputError unless the areas are those of the map of ``year``."""
    listed, drawn = set(crosswalk[f"nis{year}"]), set(areas["nis"])
    if listed != drawn:
        raise InputError(
            _(
                "{areas} and {codes} do not have the same municipalities in {year}: codes without "
                "an area {lacking}, areas without a code {extra} (such as {example}); one of the "
                "two files is cut off or of another year."
            ).format(
                areas=f"boundaries/gemeenten_{raw.map_name(year)}.gpkg",
                codes=raw.CROSSWALK.path,
                year=year,
                lacking=len(listed - drawn),
                extra=len(drawn - listed),
                example=min(listed ^ drawn),
            )
        )


def steps_to(crosswalk: pl.DataFrame, before: int, after: int) -> pl.DataFrame:
    """Frame ``old``, ``new``, ``operation``: mergers (every part, also the one whose code stays)
    and changes of code."""
    pairs = crosswalk.select(old=f"nis{before}", new=f"nis{after}").unique(maintain_order=True)
    parts = pl.col("old").n_unique().over("new")
    return pairs.filter((pl.col("old") != pl.col("new")) | (parts > 1)).with_columns(
        operation=pl.when(parts > 1).then(pl.lit("merger")).otherwise(pl.lit("code_change"))
    )


def lineage(maps: Maps) -> pl.DataFrame:
    """Table ``lineage`` of the municipalities."""
    return pl.concat(
        steps.with_columns(
            kind=pl.lit("municipality"),
            date=pl.lit(Date(year, 1, 1)),
            source=pl.lit("crosswalk"),
        )
        for year, steps in maps.steps.items()
    )


def eras(maps: Maps) -> pl.DataFrame:
    """Table ``municipalities`` of the chronicle: one row per municipality and map."""
    bounds = {
        2018: (None, Date(2019, 1, 1)),
        2019: (Date(2019, 1, 1), Date(2025, 1, 1)),
        2025: (Date(2025, 1, 1), None),
    }
    return pl.concat(
        codes.with_columns(
            valid_from=pl.lit(bounds[year][0], pl.Date),
            valid_to=pl.lit(bounds[year][1], pl.Date),
            source=pl.lit("crosswalk"),
        )
        for year, codes in maps.codes.items()
    )


def borders(folder: Path, maps: Maps, year: int) -> tuple[pl.DataFrame, list[Finding]]:
    """Table ``adjacency`` from the areas, and where it differs from the publisher's own list."""
    own = shared_borders(maps.areas[year].select("nis", "geometry"))
    given = raw.read(folder, raw.borders(year))
    pair = (pl.min_horizontal("nis_a", "nis_b"), pl.max_horizontal("nis_a", "nis_b"))
    listed = given.select(nis_a=pair[0], nis_b=pair[1], listed="shared_border_m")
    inside = maps.codes[year]["nis"].implode()
    listed = listed.filter(pl.col("nis_a").is_in(inside) & pl.col("nis_b").is_in(inside))
    both = own.filter(pl.col("nis_b").is_not_null()).join(
        listed, on=["nis_a", "nis_b"], how="full", coalesce=True
    )
    differs = (pl.col("border_m") - pl.col("listed")).abs() > SAME_BORDER
    wrong = both.filter(differs.fill_null(value=True)).sort("nis_a", "nis_b")
    if wrong.height > both.height * ANOTHER_MAP:
        raise InputError(
            _(
                "{file}: {count} of {all} borders differ from those of the areas; the file is cut "
                "off or of another year."
            ).format(file=raw.borders(year).path, count=wrong.height, all=both.height)
        )
    findings = each(
        wrong,
        "adjacency",
        "border_m",
        "border_differs",
        _("{nis_a} and {nis_b}: {border_m} m by the areas, {listed} m in the publisher's list."),
        "warning",
    )
    return own.with_columns(source=pl.lit(f"areas-{year}")), list(findings)


def municipalities(folder: Path, maps: Maps, year: int, population: pl.DataFrame) -> pl.DataFrame:
    """Table ``municipalities`` on the map of ``year``; ``population`` has ``nis``, ``population``.

    The equipment level is published for 2025; its classes a0, a1 and a2 are called cities or
    centres by the publisher, the others not. A merged municipality's enterprise number is unknown.
    """
    areas = maps.areas[year]
    listed = listed_municipalities(folder, maps)
    merged = maps.steps[2025]["new"] if year == 2025 else pl.Series([], dtype=pl.String)
    numbers = listed.filter(~pl.col("nis2019").is_in(merged.implode())).select(
        nis="nis2019", kbo="kbo"
    )
    table = (
        maps.codes[year]
        .join(areas.select("nis", "region", pl.col("area_km2").cast(pl.Float64)), on="nis")
        .join(points_inside(areas), on="nis")
        .join(numbers, on="nis", how="left")
        .join(population, on="nis", how="left")
    )
    if year == 2025:
        level = raw.read(folder, raw.ZONES).select(
            nis="nis2025", equipment_level="uitrustingsgraad_code"
        )
        table = table.join(level, on="nis", how="left").with_columns(
            centre=pl.col("equipment_level").str.starts_with("a")
        )
    return table.with_columns(valid_from=pl.lit(Date(year, 1, 1)), source=pl.lit(f"areas-{year}"))


def listed_municipalities(folder: Path, maps: Maps) -> pl.DataFrame:
    """The rows of the list of municipalities that are on the map of 2019. Raises InputError."""
    listed = raw.read(folder, raw.MUNICIPALITIES).drop_nulls("nis2019")
    need = maps.codes[2019]["nis"]
    raw.covers_all(raw.MUNICIPALITIES, "nis2019", listed["nis2019"], need, maps.names(2019))
    raw.refuse_strangers(listed, raw.MUNICIPALITIES, "nis2019", need)
    raw.refuse_repeats(listed, raw.MUNICIPALITIES, ("nis2019",))
    return listed


def zonings_2019(folder: Path, maps: Maps) -> dict[str, pl.DataFrame]:
    """Tables ``zonings``, ``zones``, ``zone_members`` that the sources give on the map of 2019."""
    need, names = maps.codes[2019]["nis"], maps.names(2019)
    listed = listed_municipalities(folder, maps)
    care = raw.read(folder, raw.PRIMARY_CARE)
    raw.covers_all(raw.PRIMARY_CARE, "NIS_CD", care["NIS_CD"], need, names)
    raw.refuse_strangers(care, raw.PRIMARY_CARE, "NIS_CD", need)
    police = raw.read(folder, raw.POLICE)
    raw.covers_all(raw.POLICE, "nis2019", police["nis2019"], need, names)
    codes = raw.read(folder, raw.REFNIS)
    raw.covers_all(raw.REFNIS, "code", codes["code"], need, names)
    up = codes.select("code", "name_nl", "parent")
    above = codes.join(up, left_on="parent", right_on="code", how="left", suffix="_1").join(
        up, left_on="parent_1", right_on="code", how="left", suffix="_2"
    )
    inside = above.filter(pl.col("code").is_in(need.implode()))
    for column, code in (("name_nl_1", "parent"), ("name_nl_2", "parent_1")):
        raw.refuse(
            inside.filter(pl.col(column).is_null()),
            raw.REFNIS,
            code,
            _("the arrondissement or province above this municipality is not in the file"),
        )
    parts = [
        ("referentieregio", "municipalities-2023", listed.select(
            nis="nis2019", zone="referentieregio2022", name="referentieregio2022")),
        ("eerstelijnszone", "primary-care-2021", care.select(
            nis="NIS_CD", zone="EERSTELIJNSZONE", name="EERSTELIJNSZONE")),
        ("politiezone", "police-2023", police.select(
            nis="nis2019", zone="pz_code", name="pz_members_label")),
        ("arrondissement", "refnis-2019", above.select(
            nis="code", zone="parent", name="name_nl_1")),
        ("provincie", "refnis-2019", above.select(
            nis="code", zone="parent_1", name="name_nl_2")),
    ]  # fmt: skip
    return zone_tables(parts, need)


def zonings_2025(folder: Path, maps: Maps) -> dict[str, pl.DataFrame]:
    """Tables ``zonings``, ``zones``, ``zone_members`` of the zone table of 2025."""
    table = raw.read(folder, raw.ZONES)
    need = maps.codes[2025]["nis"]
    raw.covers_all(raw.ZONES, "nis2025", table["nis2025"], need, maps.names(2025))
    raw.refuse_strangers(table, raw.ZONES, "nis2025", need)
    parts = [
        (
            zoning,
            "zones-2025",
            table.filter(pl.col(f"{zoning}_code") != NO_COOPERATION).select(
                nis="nis2025", zone=f"{zoning}_code", name=zoning
            ),
        )
        for zoning in KINDS
    ]
    return zone_tables(parts, need)


def zone_tables(
    parts: list[tuple[str, str, pl.DataFrame]], inside: pl.Series
) -> dict[str, pl.DataFrame]:
    """The three zone tables from (zoning, source, frame ``nis``, ``zone``, ``name``)."""
    rows = pl.concat(
        frame.filter(pl.col("nis").is_in(inside.implode()))
        .drop_nulls("zone")
        .with_columns(zoning=pl.lit(zoning), source=pl.lit(source))
        for zoning, source, frame in parts
    )
    named_twice = rows.group_by("zoning", "zone").agg(pl.col("name").unique().sort())
    wrong = named_twice.filter(pl.col("name").list.len() > 1)
    if wrong.height:
        zoning, zone, names = wrong.sort("zoning", "zone").row(0)
        raise InputError(
            _("{zoning}: the code {zone} has more than one name ({names}); fetch the file again.")
            .format(zoning=zoning, zone=zone, names=", ".join(str(n) for n in names))
        )  # fmt: skip
    titles = [
        (zoning, title, kind, cover, source)
        for zoning, source, _frame in parts
        for kind, cover, title in [KINDS[zoning]]
    ]
    return {
        "zonings": pl.DataFrame(
            titles, schema=["zoning", "title", "kind", "cover", "source"], orient="row"
        ),
        "zones": rows.select("zoning", "zone", "name", "source").unique(
            ["zoning", "zone"], keep="first", maintain_order=True
        ),
        "zone_members": rows.select("zoning", "zone", "nis", "source"),
    }
