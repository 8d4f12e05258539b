"""The rules of thumb of the VVSG as criteria: what makes it easier to align a partnership first.

The publication (VVSG-standpunt regiovorming 2020, 3.4.1) gives an open list without weights or
bounds. How each rule is read from the facts of a landscape is a reading of this software, stated
beside it (status: ``choice``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date as Date
from typing import Any

import polars as pl

from samenspel.alignment.fit import Fits
from samenspel.alignment.ranking import Value
from samenspel.language import mark
from samenspel.law.logic import Truth, any_of, negated, shifted

SOURCE = "VVSG-standpunt regiovorming 2020, 3.4.1"
LINES = (1225, 1254)  # of its plain text
# Forms without legal personality, so without assets of their own (VVSG praktijkgids).
WITHOUT_PERSON = (
    "overeenkomst",
    "interlokale_vereniging",
    "samenwerking_tussen_ocmws",
    "zonder_rechtspersoonlijkheid",
)
# Forms that only local authorities may join (VVSG praktijkgids).
GOVERNMENTS_ONLY = (
    "projectvereniging",
    "dienstverlenende_vereniging",
    "opdrachthoudende_vereniging",
)
MIXED = "opdrachthoudende_vereniging_met_private_deelname"
ALSO_WEIGH = ("efficiency", "environment", "emissions", "mobility")


@dataclass(frozen=True)
class Criterion:
    """One rule of thumb. ``levels``: what its values 0, 1.. mean, the highest first in line;
    ``reading``: the facts that decide."""

    id: str
    title: str
    levels: tuple[str, ...]
    reading: str

    @property
    def top(self) -> int:
        """The highest value."""
        return len(self.levels) - 1


CRITERIA = (
    Criterion(
        "new",
        mark("New cooperation before existing"),
        (mark("exists"), mark("still to be founded")),
        mark("status: planned or active"),
    ),
    Criterion(
        "renewal",
        mark("At a renewal, and when renewals in the region coincide"),
        (
            mark("no renewal within the horizon"),
            mark("renewal within the horizon, apart from others"),
            mark("renewal within the horizon, together with another in the region"),
        ),
        mark("end of the term, compared with that of the partnerships that share its main zone"),
    ),
    Criterion(
        "light",
        mark("Light before heavy"),
        (mark("has assets of its own"), mark("has no assets of its own")),
        mark("own assets; a form without legal personality has none"),
    ),
    Criterion(
        "governments_only",
        mark("Only governments before mixed"),
        (mark("other partners take part"), mark("only governments take part")),
        mark("private and non-profit members, else what the legal form allows"),
    ),
    Criterion(
        "transition",
        mark("Low cost of transition before high"),
        (
            mark("assets, staff or a transferred task: its feasibility must be studied"),
            mark("no assets, staff or transferred task"),
        ),
        mark("own assets, own staff, tasks of which the management is transferred"),
    ),
    Criterion(
        "operational",
        mark("Operational cooperation also weighs efficiency, environment, emissions, mobility"),
        (mark("operational: weigh these too"), mark("not operational")),
        mark("operational is what serves citizens directly (first line) or is of level zonal"),
    ),
)
BY_ID = {criterion.id: criterion for criterion in CRITERIA}


@dataclass(frozen=True)
class Judged:
    """The value of one partnership on one criterion, and the facts behind it."""

    value: Value
    facts: dict[str, Any]


def judged(
    found: Fits, facts: Mapping[str, Mapping[str, Any]], horizon: int, window: int
) -> dict[str, dict[str, Judged]]:
    """For each partnership of ``found`` (by id) its value on each criterion (by id).

    ``facts``: those of the law room by partnership; ``horizon``: years ahead in which the end of a
    term counts as a renewal; ``window``: years between two ends that coincide.
    """
    table = found.landscape.coded("partnerships").select(
        "own_assets", "staff_fte", "line", "level", partnership="id"
    )
    rows = found.bodies.join(table, on="partnership", how="left", maintain_order="left")
    renewals = Renewals.of(found, horizon, window)
    return {
        row["partnership"]: of_body(row, facts.get(row["partnership"], {}), renewals)
        for row in rows.iter_rows(named=True)
    }


def of_body(
    row: Mapping[str, Any], facts: Mapping[str, Any], renewals: "Renewals"
) -> dict[str, Judged]:
    """The value of one partnership on each criterion."""
    form = row["legal_form"]
    assets = False if row["own_assets"] is None and form in WITHOUT_PERSON else row["own_assets"]
    staff = None if row["staff_fte"] is None else row["staff_fte"] > 0
    transfer = facts.get("has_transfer")
    partners = {name: facts.get(name) for name in ("has_private", "has_nonprofit")}
    mixed = any_of([*partners.values(), form == MIXED])
    if mixed is None and form in GOVERNMENTS_ONLY:
        mixed = False
    operational = any_of([equal(row["line"], "first"), equal(row["level"], "zonal")])
    return {
        "new": judge(equal(row["status"], "planned"), status=row["status"]),
        "renewal": renewals.judge(row["partnership"]),
        "light": judge(negated(assets), own_assets=row["own_assets"], legal_form=form),
        "governments_only": judge(negated(mixed), **partners, legal_form=form),
        "transition": judge(
            negated(any_of([assets, staff, transfer])),
            own_assets=row["own_assets"],
            staff_fte=row["staff_fte"],
            has_transfer=transfer,
        ),
        "operational": judge(negated(operational), line=row["line"], level=row["level"]),
    }


def equal(value: str | None, wanted: str) -> Truth:
    return None if value is None else value == wanted


def judge(truth: Truth, **facts: Any) -> Judged:
    """A value of 0 or 1; unknown where ``truth`` is."""
    return Judged(Value(int(truth is True), int(truth is not False)), facts)


@dataclass(frozen=True)
class Renewals:
    """Ends of terms by partnership. ``near``: those that share a main zone, of each that has one;
    ``until``: last day on which an end counts as a renewal; ``window``: years between two ends that
    coincide."""

    ends: Mapping[str, Date | None]
    near: Mapping[str, frozenset[str]]
    until: Date
    window: int

    @classmethod
    def of(cls, found: Fits, horizon: int, window: int) -> "Renewals":
        """The renewals of the partnerships of ``found``, planned ones left out."""
        bodies = found.bodies.filter(pl.col("status").is_null() | (pl.col("status") != "planned"))
        table = found.landscape.table("partnerships").select("term_end", partnership="id")
        ends = dict(
            bodies.join(table, on="partnership").select("partnership", "term_end").iter_rows()
        )
        zones = bodies.select("partnership", zone="main").explode("zone").drop_nulls("zone")
        inside = {
            zone: frozenset(ids) for zone, ids in zones.group_by("zone").agg("partnership").rows()
        }
        near = {
            body: frozenset[str]().union(*(inside[zone] for zone in main)) - {body}
            for body, main in bodies.select("partnership", "main").iter_rows()
            if main
        }
        return cls(ends, near, shifted(found.landscape.date, years=horizon), window)

    def judge(self, body: str) -> Judged:
        """Value of ``body``: whether it is renewed soon, and another in its region with it. A term
        that has run out while the partnership is active waits for its renewal."""
        end = self.ends.get(body)
        if end is None:
            return Judged(Value(0, 2), {"term_end": None, "together_with": None})
        first, last = shifted(end, years=-self.window), shifted(end, years=self.window)
        others = {other: self.ends[other] for other in self.near.get(body, ())}
        known = {other: day for other, day in others.items() if day is not None}
        together = sorted(other for other, day in known.items() if first <= day <= last)
        facts = {"term_end": end.isoformat(), "together_with": together}
        if end > self.until:
            return Judged(Value(0, 0), facts)
        if together:
            return Judged(Value(2, 2), facts)
        alone = body in self.near and len(known) == len(others)
        return Judged(Value(1, 1 if alone else 2), facts)
