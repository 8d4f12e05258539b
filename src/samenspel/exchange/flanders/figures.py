"""Figures and flows of the public files, each with its year and the map of its codes."""

from pathlib import Path

import polars as pl

from samenspel.exchange.flanders import raw
from samenspel.exchange.flanders.land import Maps
from samenspel.landscape.findings import Finding, each
from samenspel.language import _

ROUNDING = 0.05  # euro that sums of published figures may differ (status: choice)

# Column of the file: key, unit, whether a merger's figure is the sum of its parts.
INCOME = {
    "MS_NBR_NON_ZERO_INC": ("tax_returns_with_income", "tax returns", True),
    "MS_NBR_ZERO_INC": ("tax_returns_without_income", "tax returns", True),
    "MS_TOT_NET_TAXABLE_INC": ("net_taxable_income", "euro", True),
    "MS_TOT_NET_INC": ("net_income", "euro", True),
    "MS_TOT_STATE_TAXES": ("state_income_tax", "euro", True),
    "MS_TOT_MUNICIP_TAXES": ("municipal_income_tax", "euro", True),
    "MS_TOT_SUBURBS_TAXES": ("agglomeration_income_tax", "euro", True),
    "MS_TOT_TAXES": ("income_tax", "euro", True),
    "MS_TOT_RESIDENTS": ("fiscal_residents", "inhabitants", True),
    "effective_apb_rate_pct": ("effective_municipal_income_tax_rate", "percent", False),
}
LAND = {
    "area_ha": ("cadastral_area", "hectare", True),
    "cadastral_income_total": ("cadastral_income", "euro", True),
    "cadastral_income_taxable": ("taxable_cadastral_income", "euro", True),
}


def figures(folder: Path, maps: Maps, latest: int) -> pl.DataFrame:
    """Table ``figures``, Flemish municipalities only, on the maps that the files use, up to the map
    of ``latest``."""
    parts = (population, income, land_register)
    return pl.concat(part(folder, maps, latest) for part in parts)


def population(folder: Path, maps: Maps, latest: int) -> pl.DataFrame:
    rows = raw.read(folder, raw.POPULATION).select(
        "nis", pl.col("year").cast(pl.Int64), "population"
    )
    mapped = on_maps(rows, raw.POPULATION, "nis", maps, latest)
    return mapped.select(
        "nis", "year", "map_year", key=pl.lit("population"), value="population",
        unit=pl.lit("inhabitants"), additive=pl.lit(value=True), source=pl.lit("population"),
    )  # fmt: skip


def income(folder: Path, maps: Maps, latest: int) -> pl.DataFrame:
    rows = raw.read(folder, raw.INCOME).with_columns(
        nis="CD_MUNTY_REFNIS", year=pl.col("CD_YEAR").cast(pl.Int64)
    )
    return long(on_maps(rows, raw.INCOME, "CD_MUNTY_REFNIS", maps, latest), INCOME, "income")


def land_register(folder: Path, maps: Maps, latest: int) -> pl.DataFrame:
    rows = raw.read(folder, raw.LAND_REGISTER).with_columns(
        nis="CD_MUNTY_REFNIS", year=pl.lit(2015, pl.Int64)
    )
    mapped = on_maps(rows, raw.LAND_REGISTER, "CD_MUNTY_REFNIS", maps, latest)
    return long(mapped, LAND, "land-register-2015")


def on_maps(
    rows: pl.DataFrame, file: raw.File, column: str, maps: Maps, latest: int
) -> pl.DataFrame:
    """``rows`` of Flemish municipalities with ``map_year``, found per year by the codes used."""
    parts = []
    for _year, frame in rows.group_by("year", maintain_order=True):
        map_year = maps.map_of(file, column, frame["nis"], latest)
        inside = frame.filter(pl.col("nis").is_in(maps.codes[map_year]["nis"].implode()))
        parts.append(inside.with_columns(map_year=pl.lit(map_year, pl.Int64)))
    return pl.concat(parts)


def long(
    rows: pl.DataFrame, columns: dict[str, tuple[str, str, bool]], source: str
) -> pl.DataFrame:
    """One row per municipality, year and key; an empty cell is no row."""
    described = pl.DataFrame(
        [(column, *about) for column, about in columns.items()],
        schema=["column", "key", "unit", "additive"],
        orient="row",
    )
    return (
        rows.unpivot(list(columns), index=["nis", "year", "map_year"], variable_name="column")
        .drop_nulls("value")
        .join(described, on="column")
        .with_columns(source=pl.lit(source))
        .select("nis", "year", "map_year", "key", "value", "unit", "additive", "source")
    )


def commuting(folder: Path, maps: Maps, year: int) -> pl.DataFrame:
    """Table ``flows`` on the map of ``year``; Brussels is outside, its commuters are summed."""
    file = raw.commuting(year)
    rows = raw.read(folder, file)
    names, need = maps.names(year), maps.codes[year]["nis"]
    for column in file.columns[:2]:
        raw.covers_all(file, column, rows[column], need, names)
    home, work, count = file.columns
    inside = need.implode()
    return (
        rows.select(
            pl.when(pl.col(home).is_in(inside)).then(pl.col(home)).alias("from"),
            pl.when(pl.col(work).is_in(inside)).then(pl.col(work)).alias("to"),
            pl.col(count).cast(pl.Int64).alias("count"),
        )
        .filter(pl.any_horizontal(pl.col("from", "to").is_not_null()))
        .group_by("from", "to", maintain_order=True)
        .agg(pl.col("count").sum())
        .with_columns(
            kind=pl.lit("commuting"),
            year=pl.lit(None, pl.Int64),
            map_year=pl.lit(year, pl.Int64),
            source=pl.lit("commuting"),
        )
    )


def latest_population(table: pl.DataFrame) -> pl.DataFrame:
    """Frame ``nis``, ``population`` of the last year in ``table`` (figures of one map)."""
    rows = table.filter(pl.col("key") == "population")
    last = rows.filter(pl.col("year") == rows["year"].max())
    return last.select("nis", population=pl.col("value").cast(pl.Int64))


def compare_2025(folder: Path, maps: Maps, table: pl.DataFrame) -> list[Finding]:
    """Where the sums over the mergers of 2025 differ from what the publishers give for 2025.

    ``table``: figures recoded to the map of 2025. Sums may differ by ROUNDING.
    """
    need, names = maps.codes[2025]["nis"], maps.names(2025)
    people = raw.read(folder, raw.POPULATION_2025)
    raw.covers_all(raw.POPULATION_2025, "nis2025", people["nis2025"], need, names)
    taxes = raw.read(folder, raw.INCOME_2025)
    raw.covers_all(raw.INCOME_2025, "nis2025", taxes["nis2025"], need, names)
    given = [people.select(nis="nis2025", key=pl.lit("population"), year=pl.lit(2021, pl.Int64),
                           stated="population_2021")]  # fmt: skip
    given += [
        taxes.select(
            nis="nis2025",
            key=pl.lit(INCOME[column][0]),
            year=pl.lit(2020, pl.Int64),
            stated=column,
        )
        for column in raw.INCOME_2025.columns[1:]
    ]
    both = pl.concat(given).join(table, on=["nis", "key", "year"], how="left")
    differs = (pl.col("stated") - pl.col("value")).abs() > ROUNDING
    wrong = both.filter(differs.fill_null(value=True)).sort("key", "nis")
    counted = wrong.group_by("key", "year", maintain_order=True).agg(
        pl.col("nis", "stated").first(), sum=pl.col("value").first(), count=pl.len()
    )
    return list(
        each(
            counted,
            "figures",
            "key",
            "differs_from_publisher",
            _(
                "{key} {year} differs from what the publisher gives for {count} municipalities; "
                "of {nis} the parts add up to {sum}, the publisher gives {stated}."
            ),
            "warning",
        )
    )
