"""The mergers of zones as plain data, for the prompt, pages and other programs."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import polars as pl

from samenspel.landscape.unknown import KNOWN
from samenspel.language import _
from samenspel.mergers.alternatives import Alternatives
from samenspel.mergers.assess import Asked, Assessed, Known
from samenspel.mergers.facts import Facts
from samenspel.mergers.goals import BY_ID, GOALS, Counted, known_of, values_of
from samenspel.mergers.measures import (
    FAMILIES,
    MEASURES,
    SCALE,
    SCALE_LINES,
    SCALE_SOURCE,
    family_json,
    measure_json,
)
from samenspel.mergers.signs import WARNINGS, about, reason
from samenspel.screening import screen

Json = dict[str, Any]
CHOICE = "choice"
INNER = ("commuting_kept", "city")  # columns that only serve others


def as_json(known: Known, asked: Asked, zoning: str, zones: Sequence[Assessed]) -> Json:
    """Everything on the mergers of ``zones``; None is unknown, a share known of 1 is left out."""
    facts = known.facts
    bounds = asked.bounds
    return {
        "landscape": screen.about(facts.landscape),
        "zoning": zoning,
        "bounds": {
            "municipalities": list(bounds.municipalities),
            "population": list(bounds.population),
            "status": CHOICE,
        },
        "at_least": None if asked.at_least is None else {"value": asked.at_least, "status": CHOICE},
        "many": {"value": asked.many, "status": CHOICE},
        "scale": {"text": _(SCALE), "source": SCALE_SOURCE, "lines": list(SCALE_LINES)},
        "families": [family_json(family) for family in FAMILIES],
        "measures": [
            {**measure_json(measure), "data": data_of(facts, measure.data)} for measure in MEASURES
        ],
        "warnings": [
            warned.as_json()
            for warned in WARNINGS
            if warned.id != "too_small" or asked.at_least is not None
        ],
        "facilities_known_by": _(facts.facilities.known_by),
        "names": {facts.nis[town]: facts.names[town] for one in zones
                  for town in one.zone.towns.tolist()},
        "zones": [zone_json(facts, asked, one) for one in zones],
    }  # fmt: skip


def data_of(facts: Facts, data: str) -> str:
    """What a measure is read from, with the year where one is known."""
    figures = {f.key: f for f in (facts.income, facts.property, facts.staff, facts.council)}
    key = data.removeprefix("figures.")
    for figure in figures.values():
        if figure.key == key and figure.year is not None:
            return f"{data} {figure.year}"
    if data.startswith("flows") and facts.flows.known:
        year = "" if facts.flows.year is None else f" {facts.flows.year}"
        return data.replace("flows", f"flows.{facts.flows.kind}{year}", 1)
    return data


def zone_json(facts: Facts, asked: Asked, one: Assessed) -> Json:
    """One zone: its municipalities today, cooperation only, candidates, signals, alternatives."""
    zone = one.zone
    offered = one.alternatives
    return {
        "zone": zone.zone,
        "name": zone.name,
        "cut_off": [facts.nis[town] for town in zone.cut_off.tolist()],
        "absent": list(zone.absent),
        "status_quo": [row for _number, row in rows(facts, one, range(len(zone.towns)))],
        "cooperation": figures_json(one.whole, 0, (
            "partnerships", "shared", "shared_by_all", "internal", "shared_places", "shared_seats",
        )),
        "candidates": [
            {**row, **warnings_json(facts, one, number, asked.at_least)}
            for number, row in rows(facts, one, one.candidates)
        ],
        "warned": {name: int(one.flags[name][len(zone.towns):].sum() or 0)
                   for name in one.flags.columns},
        "warnings_unknown": {name: one.flags[name][len(zone.towns):].null_count()
                             for name in one.flags.columns},
        "signals": [{"subject": signal.subject, **asdict(signal)} for signal in one.signals],
        "alternatives": None if offered is None else alternatives_json(facts, asked, one, offered),
    }  # fmt: skip


def rows(facts: Facts, one: Assessed, numbers: range) -> Iterator[tuple[int, Json]]:
    """Each of some sets with its figures."""
    names = [n for n in one.figures.columns if not n.endswith(KNOWN) and n not in INNER]
    table = one.figures[numbers.start : numbers.stop].to_dicts()
    for number, row in zip(numbers, table, strict=True):
        yield (
            number,
            {
                "municipalities": [facts.nis[town] for town in one.every.of(number)],
                "figures": {name: row[name] for name in names},
                "known": {n: share for n in names if (share := row[n + KNOWN]) != 1},
            },
        )


def figures_json(frame: pl.DataFrame, number: int, names: Sequence[str]) -> Json:
    """Some figures of one set, and the share known where that is not all."""
    row = frame.row(number, named=True)
    return {
        "figures": {name: row[name] for name in names},
        "known": {name: share for name in names if (share := row[name + KNOWN]) != 1},
    }


def warnings_json(facts: Facts, one: Assessed, number: int, at_least: int | None) -> Json:
    """The warnings on one candidate with their reasons, and those that nobody can judge."""
    row = one.flags.row(number, named=True)
    towns, figures = one.every.of(number), one.figures
    found = []
    for name, flag in row.items():
        if flag:
            causes = about(facts, one.zone, towns, name, figures["city"][number])
            found.append({
                "warning": name,
                "municipalities": [facts.nis[town] for town in causes],
                "reason": reason(
                    facts, towns, name, causes, at_least, figures["commuting_city"][number],
                    figures["commuting_between"][number],
                ),
            })  # fmt: skip
    return {
        "warnings": found,
        "warnings_unknown": [name for name, flag in row.items() if flag is None],
    }


def alternatives_json(facts: Facts, asked: Asked, one: Assessed, offered: Alternatives) -> Json:
    """The status quo, cooperation only, and every non-dominated alternative, in one table."""
    counted = offered.counted
    every = tuple(range(len(one.zone.towns)))
    today = {"kind": "status_quo", "dominated": offered.dominated}
    quo = alternative_json(facts, asked, one, counted, every)
    return {
        "goals": [goal_json(goal.id, share)
                  for goal, share in zip(counted.goals, counted.known, strict=True)],
        "goals_status": CHOICE,
        "goals_left_out": list(counted.left_out),
        "complete": offered.complete,
        "found": sum(plan != every for plan in offered.plans),
        "rows": [
            {**today, **quo},
            {"kind": "cooperation", "dominated": offered.dominated, **quo},
            *(
                {"kind": "alternative", "dominated": False,
                 **alternative_json(facts, asked, one, counted, plan)}
                for plan in offered.plans if plan != every
            ),
        ],
    }  # fmt: skip


def goal_json(name: str, share: float) -> Json:
    """What a goal is."""
    goal = BY_ID[name]
    return {
        "goal": goal.id,
        "title": _(goal.title),
        "more": goal.more,
        "data": goal.data,
        "known": share,
        "status": CHOICE,
    }


def alternative_json(
    facts: Facts, asked: Asked, one: Assessed, counted: Counted, plan: tuple[int, ...]
) -> Json:
    """What one alternative is worth on the goals chosen and on all others that are known."""
    mergers = [number for number in plan if number in one.candidates]
    values = {}
    for place, goal in enumerate(counted.goals):
        column = counted.values[list(plan), place]
        values[goal.id] = int(column.min() if goal.lowest else column.sum())
    return {
        "values": values,
        "others": others(asked, one, counted, plan),
        "mergers": [[facts.nis[town] for town in one.every.of(number)] for number in mergers],
        "municipalities": len(plan),
        "warnings": {name: int(one.flags[name].gather(mergers).sum() or 0)
                     for name in one.flags.columns},
        "warnings_unknown": {name: one.flags[name].gather(mergers).null_count()
                             for name in one.flags.columns},
    }  # fmt: skip


def others(
    asked: Asked, one: Assessed, counted: Counted, plan: tuple[int, ...]
) -> dict[str, int | None]:
    """The goals that were not chosen; None where they are not known."""
    chosen = {goal.id for goal in counted.goals}
    found: dict[str, int | None] = {}
    alone = one.figures[: len(one.zone.towns)]
    for goal in GOALS:
        if goal.id in chosen or (goal.id == "below" and asked.at_least is None):
            continue
        values = values_of(goal, one.figures, one.flags, one.every.sizes, asked.at_least)
        column = values[list(plan)]
        share = known_of(goal, alone)
        sure = not np.isnan(column).any() and share > 0 and (share == 1 or not goal.complete)
        total = (column.min() if goal.lowest else column.sum()) if sure else None
        found[goal.id] = None if total is None else int(total)
    return found
