"""Alignment: for each active partnership the geometric fit, the scope and the decision, apart.

Comply or explain (pas toe of leg uit, VVSG-standpunt regiovorming 2020, 3.4.1): what crosses is
shown with what would mend it; whether it must be mended or explained is for people to decide.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date as Date
from functools import cached_property
from typing import Any

import polars as pl

from samenspel.alignment.fit import DOUBTS, Fits, chosen_fits, moves
from samenspel.alignment.kernel import FITS
from samenspel.alignment.scope import Scoped, scopes
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.unknown import KNOWN
from samenspel.law.reading import Settings
from samenspel.screening.screen import about

UNKNOWN = "unknown"
FACTS = ("legal_form", "theme", "initiator", "term_end", "deadline", "status")
PLAIN = ("theme", "initiator", "level", "line", "own_assets", "scope_exception", "host")
COUNTED = ("members", "through_ocmw", "members_unknown", "members_other")


@dataclass(frozen=True)
class Alignment:
    """``found``: how partnerships lie in the zones; ``region``: the one zone that it is about, or
    None for all; ``scoped``: scope, deadline and decision of each partnership by id."""

    landscape: Landscape
    found: Fits
    region: str | None
    scoped: Mapping[str, Scoped]

    @cached_property
    def bodies(self) -> pl.DataFrame:
        """The rows of ``found.bodies`` that it is about, planned ones left out."""
        rows = self.found.bodies.filter(pl.col("active").fill_null(value=True))
        if self.region is None:
            return rows
        return rows.filter(pl.col("p").is_in(self.found.of_zone(self.region)))

    @cached_property
    def partnerships(self) -> list[dict[str, Any]]:
        """Each active partnership, in order of fit and name."""
        return self._rows(self.bodies.filter("active"))

    @cached_property
    def status_unknown(self) -> list[dict[str, Any]]:
        """Each partnership of which it is not known whether it is active, in the same order."""
        return self._rows(self.bodies.filter(pl.col("active").is_null()))

    def as_json(self) -> dict[str, Any]:
        """Everything, as plain values; None is unknown."""
        towns = self.landscape.table("municipalities").select("nis", "name")
        return {
            "zoning": self.found.zoning,
            "cover": self.found.cover,
            "region": self.region,
            "partnerships": self.partnerships,
            "status_unknown": self.status_unknown,
            "summary": summary(self.partnerships, len(self.status_unknown)),
            "municipalities": dict(towns.iter_rows()),
            "landscape": about(self.landscape),
        }

    def _rows(self, bodies: pl.DataFrame) -> list[dict[str, Any]]:
        facts = self.landscape.coded("partnerships").select(
            *PLAIN, "start", "term_end", partnership="id"
        )
        rows = bodies.join(facts, on="partnership", how="left", maintain_order="left")
        zones = self._zones()
        found = [self._row(row, zones.get(row["p"], [])) for row in rows.iter_rows(named=True)]
        return sorted(found, key=lambda r: (r["fit"], (r["name"] or "").casefold(), r["id"]))

    def _zones(self) -> dict[int, list[dict[str, Any]]]:
        """The zones that each partnership touches, the one with the most members first."""
        columns = (
            "zone", "name", "members", "population", "population" + KNOWN, "share_members",
            "share_population", "whole",
        )  # fmt: skip
        rows = self.found.touched.sort("members", "zone", descending=[True, False])
        found: dict[int, list[dict[str, Any]]] = {}
        for row in rows.iter_rows(named=True):
            zone = {name: row[name] for name in columns} | {"municipalities": row["nis"]}
            found.setdefault(row["p"], []).append(zone)
        return found

    def _row(self, row: dict[str, Any], zones: list[dict[str, Any]]) -> dict[str, Any]:
        for zone in zones:
            zone["must_leave"] = row["members"] - zone["members"]
        crossing = row["fit"] == "crossing"
        return {
            "id": row["partnership"],
            **{name: row[name] for name in ("name", "kind", "legal_form", "fit")},
            "zones": zones,
            **self.scoped[row["partnership"]].as_json(),
            **{name: row[name] for name in PLAIN},
            **{name: iso(row[name]) for name in ("start", "term_end")},
            **{name: row[name] for name in COUNTED},
            "population": row["population"],
            "population" + KNOWN: row["population" + KNOWN],
            "main_zones": row["main"],
            "share_members": row["share_members"],
            "share_population": row["share_population"],
            "outside": row["outside"],
            "doubts": row["doubts"],
            "moves": moves_of(self.found, row["p"]) if crossing else None,
        }


def align(
    landscape: Landscape,
    zoning: str | None = None,
    region: str | None = None,
    date: Date | None = None,
    readings: Settings | None = None,
) -> Alignment:
    """Fit, scope and decision of the active partnerships of ``landscape``.

    ``zoning``: any zoning (else the present reference regions); ``region``: code or name of one
    zone; then only partnerships with a member there. ``date``, ``readings``: rules in force and
    readings of deadlines, see ``scope.scopes``. Raises InputError for a zoning, zone or reading
    that is not there. Costs O(links).
    """
    found, zone = chosen_fits(landscape, zoning, region)
    return Alignment(landscape, found, zone, scopes(landscape, date, readings))


def moves_of(found: Fits, p: int) -> dict[str, Any]:
    """What would mend the crossing of partnership ``p``, as plain values (NIS codes)."""
    mend = moves(found, p)
    return {
        "leave": [{"zone": zone, "municipalities": list(nis)} for zone, nis in mend.leave.items()],
        "leave_for_union": None if mend.leave_for_union is None else list(mend.leave_for_union),
        "join": None if mend.join is None else list(mend.join),
        "join_fewest": mend.join_fewest,
    }


def summary(rows: list[dict[str, Any]], status_unknown: int) -> dict[str, Any]:
    """Counts of active partnerships: by fit, and by fit within legal form, kind and scope; how many
    have a doubt about their fit; of how many a fact is unknown."""
    return {
        "partnerships": len(rows),
        "fit": by_fit(rows),
        "legal_form": grouped(rows, "legal_form"),
        "kind": grouped(rows, "kind"),
        "scope": grouped(rows, "scope"),
        "policy_scope": grouped(rows, "policy_scope"),
        "doubts": {doubt: sum(doubt in row["doubts"] for row in rows) for doubt in DOUBTS},
        "unknown": {name: sum(row[name] is None for row in rows) for name in FACTS},
        "status_unknown": status_unknown,
    }


def by_fit(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    counts = Counter(row["fit"] for row in rows)
    return {fit: counts[fit] for fit in FITS}


def grouped(rows: list[dict[str, Any]], name: str) -> dict[str, dict[str, int]]:
    """Counts by fit for each value of ``name``."""
    values = sorted({row[name] or UNKNOWN for row in rows})
    return {
        value: by_fit(row for row in rows if (row[name] or UNKNOWN) == value) for value in values
    }


def iso(date: Any) -> str | None:
    return None if date is None else str(date.isoformat())
