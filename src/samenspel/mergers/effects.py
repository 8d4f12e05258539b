"""What mergers that somebody picks would do: to tables and zonings, and, by applying them as a
scenario, to the screening, the alignment and the fund."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from samenspel.alignment.align import align, by_fit
from samenspel.errors import InputError
from samenspel.fund.comparing import compare
from samenspel.fund.distribution import distribute, prepare
from samenspel.fund.reading import Rules
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.unknown import KNOWN
from samenspel.language import _, mark
from samenspel.mergers.facts import Division, Facts
from samenspel.mergers.seated import Seated
from samenspel.scenario.scenario import Scenario, apply
from samenspel.scenario.study import Study
from samenspel.screening.screen import screen
from samenspel.screening.select import zoning_chosen

Json = dict[str, Any]
# What becomes of a table at which two parts or more sit.
EFFECTS = {
    "internal": mark("nobody else is left at the table"),
    "alone": mark("the only municipality left, beside other members"),
    "fewer": mark("goes on with fewer municipalities"),
}
LEVEL = mark(
    "Mind: the equipment level of a merged municipality is unknown, so rules that read it leave it "
    "out. State it in the scenario and work the fund out with samenspel fund."
)
SCREENED = (
    "partnerships", "distinct_partner_sets", "tables", "changing_partners", "partners_met",
    "neighbours_met", "seats", "contribution_cents", "terms_ending",
)  # fmt: skip


def tables_met(facts: Facts, seated: Seated, towns: list[int]) -> list[Json]:
    """Every active body of any kind at which two parts or more sit, with what becomes of it, the
    strongest effect first: who of them is in it, how many municipalities and members it has now and
    would have, and the seats of the parts there (None: unknown)."""
    at = seated.at[:, towns].toarray()
    parts = at.sum(axis=1)
    within = np.asarray(seated.members[:, towns].sum(axis=1)).ravel()
    size = np.asarray(seated.at.sum(axis=1)).ravel()
    seats = np.asarray(seated.seats[:, towns].sum(axis=1)).ravel()
    known = np.asarray(seated.known[:, towns].sum(axis=1)).ravel()
    rows = []
    for body in np.flatnonzero(parts >= 2).tolist():
        whole = parts[body] == size[body]
        inside = whole and within[body] == seated.all_members[body]
        effect = "internal" if inside else "alone" if whole else "fewer"
        there = [town for place, town in enumerate(towns) if at[body, place]]
        facts_of_body = seated.bodies.row(body, named=True)
        rows.append({
            "partnership": facts_of_body["partnership"],
            "name": facts_of_body["name"],
            "kind": facts_of_body["body"],
            "legal_form": facts_of_body["legal_form"],
            "effect": effect,
            "parts": [facts.nis[town] for town in there],
            "municipalities_now": int(size[body]),
            "municipalities_after": int(size[body] - parts[body] + 1),
            "places_gone": int(parts[body] - 1),
            "seats": int(seats[body]) if seated.ours[body] and known[body] == parts[body] else None,
        })  # fmt: skip
    order = list(EFFECTS)
    return sorted(rows, key=lambda row: (order.index(row["effect"]), row["name"] or "",
                                         row["partnership"]))  # fmt: skip


def zonings_met(facts: Facts, towns: list[int], zoning: str) -> list[Json]:
    """How the parts lie in every zoning but ``zoning``: ``cut`` is true where no zone holds all of
    which a zone is known, None where that is not known of all."""
    return [
        zoning_met(facts, division, towns)
        for division in facts.divisions
        if division.zoning != zoning
    ]


def zoning_met(facts: Facts, division: Division, towns: list[int]) -> Json:
    inside = division.inside[:, towns].toarray()
    zones = np.flatnonzero(inside.any(axis=1)).tolist()
    placed = inside.any(axis=0)
    across = bool(placed.sum() > inside.sum(axis=1).max(initial=0))
    sure = bool(division.known[towns].all())
    return {
        "zoning": division.zoning,
        "title": division.title,
        "cut": across if across or sure else None,
        "zones": [
            {
                "zone": division.zones[zone],
                "name": division.names[zone],
                "municipalities": [
                    facts.nis[town] for place, town in enumerate(towns) if inside[zone, place]
                ],
            }
            for zone in zones
        ],
        "in_no_zone": [
            facts.nis[town] for place, town in enumerate(towns)
            if not placed[place] and division.known[town]
        ],
    }  # fmt: skip


@dataclass(frozen=True)
class Applied:
    """The landscape with the mergers in it, and what a reader must know of that."""

    before: Landscape
    after: Landscape
    notes: tuple[str, ...]


def applied(landscape: Landscape, made: Scenario) -> Applied:
    """``landscape`` with the mergers of ``made``. Raises InputError where they cannot be made."""
    found = apply(Study(landscape), made)
    if found.study is None:
        raise InputError(str(found.faults[0]))
    return Applied(landscape, found.study.landscape, found.notes)


def screened(done: Applied, made: Scenario) -> Json:
    """The screening before and after: the parts, the merged municipalities, and the whole."""
    before, after = screen(done.before), screen(done.after)
    mergers = []
    for one in made.operations:
        parts: Sequence[str] = vars(one)["parts"]
        code: str = vars(one)["nis"]
        mergers.append({
            "nis": code,
            "before": {nis: figures_of(before.figures, "municipality", nis) for nis in parts},
            "after": figures_of(after.figures, "municipality", code),
        })  # fmt: skip
    return {
        "figures": list(SCREENED),
        "mergers": mergers,
        "before": figures_of(before.figures, "landscape", None),
        "after": figures_of(after.figures, "landscape", None),
        "signals_before": len(before.signals),
        "signals_after": len(after.signals),
    }


def figures_of(figures: pl.DataFrame, kind: str, subject: str | None) -> Json:
    """The main figures of one subject of a screening, each with the share known."""
    rows = figures.filter(pl.col("kind") == kind)
    if subject is not None:
        rows = rows.filter(pl.col("subject") == subject)
    row = rows.row(0, named=True)
    return {
        name: value for n in SCREENED for name, value in ((n, row[n]), (n + KNOWN, row[n + KNOWN]))
    }


def aligned(done: Applied, zoning: str) -> Json:
    """Which active partnerships fit the reference regions, or ``zoning`` where there are none,
    before and after, and those of which that changes."""
    chosen = zoning_chosen(done.before) or zoning
    before, after = (align(one, chosen).partnerships for one in (done.before, done.after))
    then = {row["id"]: row["fit"] for row in before}
    return {
        "zoning": chosen,
        "before": by_fit(before),
        "after": by_fit(after),
        "changed": [
            {"partnership": row["id"], "name": row["name"], "before": then[row["id"]],
             "after": row["fit"]}
            for row in after if row["id"] in then and then[row["id"]] != row["fit"]
        ],
    }  # fmt: skip


def funded(done: Applied, rules: Rules) -> Json:
    """What a fund gives before and after, as ``samenspel fund`` tells it."""
    before = distribute(prepare(rules, done.before))
    after = distribute(prepare(rules, done.after, done.before.date, done.before), before)
    found = compare(before, after).as_json()
    moved = any(row["merged"] and row["moved"] for row in found["municipalities"])
    return {
        "title": str(rules.fund.title),
        "status": rules.fund.status,
        "mind": _(LEVEL) if moved else None,
        **found,
    }
