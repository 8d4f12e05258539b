"""Municipalities with language facilities: which they are, and what that means for a merger.

The names stand in articles 7 and 8 of the laws on the use of languages in administrative matters,
coordinated on 18 July 1966; the list was compared with that of the deputy governor of Flemish
Brabant. That they cannot merge yet is what the SBV says; article 80 of the special law of 8 August
1980, which was read, speaks of the municipalities of article 7 and of Voeren only.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import polars as pl

from samenspel.delineation.problem import Floats
from samenspel.landscape.landscape import Landscape
from samenspel.language import mark
from samenspel.mergers.lineage import merged_from

REGION = "Vlaanderen"
COLUMN = "facilities"  # of the user's own in municipalities: true or false
ARTICLE_7 = {
    "23098": "Drogenbos",
    "23099": "Kraainem",
    "23100": "Linkebeek",
    "23101": "Sint-Genesius-Rode",
    "23102": "Wemmel",
    "23103": "Wezembeek-Oppem",
}
ARTICLE_8 = {
    "23009": "Bever",
    "33016": "Mesen",
    "34043": "Spiere-Helkijn",
    "45041": "Ronse",
    "73028": "Herstappe",
    "73109": "Voeren",
}
NAMED = ARTICLE_7 | ARTICLE_8
FEDERAL = {*ARTICLE_7, "73109"}

BY_OPTION = mark("named by the user")
BY_COLUMN = mark("column facilities of the table municipalities")
BY_LAW = mark(
    "laws on the use of languages in administrative matters (18 July 1966), articles 7 and 8"
)
NOT_KNOWN = mark("not in the data; name them with --facility")


@dataclass(frozen=True)
class Facilities:
    """``flags``: of every municipality in order of code 1, 0, or NaN where it is not known;
    ``known_by``: what says so."""

    flags: Floats
    known_by: str


def facilities_of(landscape: Landscape, named: Collection[str] | None = None) -> Facilities:
    """Which municipalities have language facilities. ``named`` (NIS codes) is the whole list where
    the user gives one; else the column ``facilities`` says it, else the law does, for
    municipalities that lie in Flanders by the landscape; else it is unknown."""
    towns = landscape.table("municipalities").sort("nis")
    if named is not None:
        return Facilities(np.array([float(nis in named) for nis in towns["nis"]]), BY_OPTION)
    if COLUMN in towns.columns:
        text = pl.col(COLUMN).cast(pl.String).str.to_lowercase()
        flags = towns.select(
            pl.when(text == "true").then(1.0).when(text == "false").then(0.0).alias("flag")
        )["flag"]
        return Facilities(numbers(flags), BY_COLUMN)
    became = merged_from(landscape)
    flags = pl.Series(
        [by_law(nis, name, region, became.get(nis, ()), fictional=landscape.about.fictional)
         for nis, name, region in towns.select("nis", "name", "region").iter_rows()],
        dtype=pl.Float64,
    )  # fmt: skip
    return Facilities(numbers(flags), BY_LAW if flags.drop_nulls().len() else NOT_KNOWN)


def by_law(
    nis: str, name: str | None, region: str | None, parts: Collection[str], *, fictional: bool
) -> float | None:
    """1 where the law names the municipality or a part of it, 0 where it lies in Flanders and the
    law does not, None where neither is certain."""
    if fictional or region != REGION:
        return None
    if any(part in NAMED for part in parts):
        return 1.0
    if nis not in NAMED:
        return 0.0
    return 1.0 if name == NAMED[nis] else None


def numbers(flags: pl.Series) -> Floats:
    """``flags`` as numbers, NaN for unknown."""
    return np.array(flags.fill_null(float("nan")).to_numpy(), np.float64)
