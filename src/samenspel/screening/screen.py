"""The screening of a landscape as a whole: figures, signals, norms, reference, what is unknown."""

from dataclasses import asdict, dataclass
from datetime import date as Date
from functools import cached_property
from typing import Any

import polars as pl

from samenspel.landscape import unknown
from samenspel.landscape.confirmation import confirmed
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.tables import TABLES
from samenspel.language import _
from samenspel.screening import indicators
from samenspel.screening.choices import HORIZON, MANY
from samenspel.screening.circles import ID, Circles, circles
from samenspel.screening.signals import NORMS, Signal, signals

# The 2012 screening counted partnerships of all kinds. Not in the five publications.
REFERENCE_2012 = {
    "year": 2012,
    "partnerships": 2229,
    "mean_per_municipality": 68,
    "lowest": 30,
    "highest": 152,
    "source": "pers en lokaalbestuur.vlaanderen.be, over de regioscreening van 2012",
    "status": "unvalidated",
}
REFERENCE_TERRITORY = "Vlaanderen"

# Figures that only a municipality has.
OF_A_PLACE = ("partners_met", "neighbours", "neighbours_met", "effective_partners")
NOT_ELSEWHERE = {*OF_A_PLACE, *(name + unknown.KNOWN for name in OF_A_PLACE)}
SPREAD = ("partnerships", "distinct_partner_sets", "tables", "changing_partners", *OF_A_PLACE)


@dataclass(frozen=True)
class Screening:
    """``figures``: one row per subject (see ``indicators``); ``until``: last day of the horizon for
    terms; ``many``: the user's bound of the first signal."""

    landscape: Landscape
    found: Circles
    figures: pl.DataFrame
    signals: list[Signal]
    until: Date
    horizon: int
    many: int

    @cached_property
    def breakdown(self) -> pl.DataFrame:
        return indicators.breakdown(self.found)

    def of_kind(self, kind: str, zoning: str | None = None) -> pl.DataFrame:
        """The figures of all subjects of one kind, of one zoning where given."""
        rows = self.figures.filter(pl.col("kind") == kind)
        return rows if zoning is None else rows.filter(pl.col("zoning") == zoning)

    def as_json(self) -> dict[str, Any]:
        """Everything, as plain values."""
        by = self._breakdown_of()
        zones: dict[str, list[dict[str, Any]]] = {}
        for row in self.of_kind("zone").iter_rows(named=True):
            zones.setdefault(row["zoning"], []).append(plain(row, by, "zone"))
        return {
            "landscape": about(self.landscape),
            "spread": spreads(self.of_kind("municipality")),
            "zonings": zonings(self),
            "settings": {
                "horizon_years": {"value": self.horizon, "status": "choice"},
                "terms_until": self.until.isoformat(),
                "many": {"value": self.many, "status": "choice"},
            },
            "municipalities": [
                plain(row, by, "nis") for row in self.of_kind("municipality").iter_rows(named=True)
            ],
            "zones": zones,
            "themes": [
                plain(row, by, "theme") for row in self.of_kind("theme").iter_rows(named=True)
            ],
            "total": plain(self.of_kind("landscape").row(0, named=True), by, None),
            "signals": [{"subject": s.subject, **asdict(s)} for s in self.signals],
            "norms": norms(self),
            "reference": reference(self.landscape),
            "without_known_members": without_known_members(self.found),
            "unknown": gaps(self.landscape),
            "confirmed": confirmed(self.landscape),
        }

    def _breakdown_of(self) -> dict[int, dict[str, dict[str, int]]]:
        by: dict[int, dict[str, dict[str, int]]] = {}
        rows = self.breakdown.select(ID, "dimension", "value", "partnerships")
        for subject, dimension, value, count in rows.iter_rows():
            by.setdefault(subject, {}).setdefault(dimension, {})[value or "unknown"] = count
        return by


def screen(landscape: Landscape, horizon: int = HORIZON, many: int = MANY) -> Screening:
    """Screen ``landscape``. ``horizon``: years ahead in which ending terms are counted; ``many``:
    how many partnerships of the same small circle make a signal. Both are the user's choice."""
    found = circles(landscape)
    until = years_later(landscape.date, horizon)
    names = dict(landscape.table("municipalities").select("nis", "name").iter_rows())
    return Screening(
        landscape,
        found,
        indicators.figures(landscape, found, until),
        signals(found, names, many),
        until,
        horizon,
        many,
    )


def years_later(date: Date, years: int) -> Date:
    """The same day ``years`` later; 29 February becomes 28 February where there is none."""
    if date.year + years > Date.max.year:
        return Date.max
    try:
        return date.replace(year=date.year + years)
    except ValueError:
        return date.replace(year=date.year + years, day=28)


def about(landscape: Landscape) -> dict[str, Any]:
    """What the landscape says of itself."""
    return {
        "date": landscape.date.isoformat(),
        "name": landscape.about.name,
        "territory": landscape.about.territory,
        "fictional": landscape.about.fictional,
    }


def plain(
    row: dict[str, Any], by: dict[int, dict[str, dict[str, int]]], code: str | None
) -> dict[str, Any]:
    """A row of figures with its code under the name ``code`` and its breakdown under ``by``."""
    without = {ID, "kind", "zoning", "subject"}
    if row["kind"] != "municipality":
        without |= NOT_ELSEWHERE
    values = {k: v for k, v in row.items() if k not in without}
    head = {code: row["subject"]} if code else {}
    return {**head, **values, "by": by.get(row[ID], {})}


def spreads(rows: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """Lowest, median and highest over municipalities of the main figures, with the share known."""
    found = rows.select(
        part for n in SPREAD for part in unknown.spread(n, pl.col(n), pl.col(n + unknown.KNOWN))
    )
    values = found.row(0, named=True)
    return {
        name: {
            "min": values[f"{name}_min"],
            "median": values[f"{name}_median"],
            "max": values[f"{name}_max"],
            "known_share": values[f"{name}_known"],
        }
        for name in SPREAD
    }


def zonings(screening: Screening) -> list[dict[str, Any]]:
    """Each zoning with its cover, its number of zones and the partnerships per zone."""
    zones = screening.of_kind("zone").group_by("zoning").agg(
        *unknown.spread("partnerships", pl.col("partnerships"), pl.col("partnerships_known")),
        zones=pl.len(),
    )  # fmt: skip
    table = screening.landscape.table("zonings").select("zoning", "title", "kind", "cover")
    return table.join(zones, on="zoning", how="left").sort("zoning").to_dicts()


def norms(screening: Screening) -> list[dict[str, Any]]:
    """Each norm of the SBV with the figure of the whole landscape that it speaks of."""
    whole = screening.of_kind("landscape").row(0, named=True)
    return [
        {
            **asdict(norm),
            "text": _(norm.text),
            "value": whole[norm.figure],
            "known_share": whole[f"{norm.figure}_known"],
        }
        for norm in NORMS
    ]


def reference(landscape: Landscape) -> dict[str, Any]:
    """The figures of 2012, where the landscape holds the same kinds of partnerships in Flanders;
    else why they are not shown."""
    sources = landscape.coded("sources")
    used = landscape.table("partnerships")["source"].unique()
    coverage = sources.filter(pl.col("id").is_in(used.implode()))["coverage"]
    if landscape.about.fictional or landscape.about.territory != REFERENCE_TERRITORY:
        reason = _("The figures of 2012 are of Flanders; this landscape is not.")
    elif (
        used.is_empty()
        or used.has_nulls()
        or coverage.len() < used.len()
        or not (coverage == "all_kinds").fill_null(value=False).all()
    ):
        reason = _(
            "The screening of 2012 counted partnerships of all kinds; the sources of this "
            "landscape list some kinds only, so a comparison would mislead."
        )
    else:
        return {"shown": True, **REFERENCE_2012}
    return {"shown": False, "reason": reason}


def without_known_members(found: Circles) -> list[str]:
    """Active intermunicipal partnerships of which no municipality is listed: no count of a place
    can hold them."""
    return found.bodies.filter(found.now & pl.col("size").is_null())["partnership"].to_list()


def gaps(landscape: Landscape) -> list[dict[str, Any]]:
    """For each column of each table the share of rows in which it is known; an absent table is
    wholly unknown. Columns in which an empty cell is itself an answer are left out."""
    listed = []
    for table in TABLES:
        frame = landscape.coded(table.name)
        shares = unknown.known_shares(frame) if landscape.knows(table.name) else {}
        for column in table.columns:
            if column.empty == "unknown":
                share = shares.get(column.name, 0.0)
                listed.append({"table": table.name, "column": column.name, "known_share": share})
    return listed
