"""A trade-off as plain data: plans between goals, and the way from each to the next."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from samenspel.delineation.bounds import best_possible
from samenspel.delineation.build import Built
from samenspel.delineation.explain.beside import way_json
from samenspel.delineation.explain.delineate import present_json
from samenspel.delineation.explain.describe import (
    NUMBER,
    Called,
    Json,
    asked_json,
    called,
    judged_json,
    names_of,
    reasons_json,
)
from samenspel.delineation.explain.moves import Move
from samenspel.delineation.explain.tradeoff import Front, Point
from samenspel.delineation.goalwords import losses_and_gains
from samenspel.delineation.problem import Ints, Problem
from samenspel.delineation.wishes import Wishes
from samenspel.landscape.landscape import Landscape

NOBODY = Called("", None, NUMBER)  # stands at a number that no zone of a plan has


def told_front(
    landscape: Landscape,
    built: Built,
    wishes: Wishes,
    found: Front,
    moves: Sequence[Sequence[Move]] | None,
) -> Json:
    """The JSON of ``samenspel tradeoff``: every plan as ``samenspel delineate`` tells it, and from
    each to the next what gets worse and better and the ``moves`` (``tradeoff.explained``), in order
    where they are known."""
    problem, best = built.problem, best_possible(built.problem)
    names = names_of(landscape, wishes.present)
    zones = zones_along(problem, found.points, names)
    plans = [np.unique(point.plan, return_inverse=True)[1] for point in found.points]
    own = [tuple(called_so[number] for number in sorted(called_so)) for called_so in zones]
    between = []
    for i, change in enumerate(found.between):
        first = [zones[i].get(number, NOBODY) for number in range(max(zones[i]) + 1)]
        steps = moves[i] if moves else ()
        way = way_json(problem, change, steps, first, plans[i + 1], own[i + 1])
        worse, better = losses_and_gains(change.goals, change.penalty, problem.weights)
        way |= {"worse": worse, "better": better}
        between.append(way if moves else way | {"steps": None})
    return {
        **found.as_json(),
        "points": [
            judged_json(problem, plan, point.score, best, called_so)
            for point, plan, called_so in zip(found.points, plans, own, strict=True)
        ],
        "between": between,
        "reasons": reasons_json(problem, found.nearest, found.reasons, names),
        "present_plan": present_json(problem, names),
        **asked_json(built, wishes),
    }


def zones_along(
    problem: Problem, points: Sequence[Point], names: Mapping[str, str | None]
) -> list[dict[int, Called]]:
    """Of each point what its zones are called, by number. A zone that is called by a number, and
    carries on one of the point before that is, keeps that code."""
    found: list[dict[int, Called]] = []
    for point in points:
        numbers, plan = np.unique(point.plan, return_inverse=True)
        before = found[-1] if found else {}
        found.append(carried_on(problem, plan, numbers, before, names))
    return found


def carried_on(
    problem: Problem,
    plan: Ints,
    numbers: Ints,
    before: Mapping[int, Called],
    names: Mapping[str, str | None],
) -> dict[int, Called]:
    """What the zones of ``plan`` are called, by ``numbers``."""
    own = dict(zip(numbers.tolist(), called(problem, plan, names), strict=True))
    taken = {zone.zone for zone in own.values() if zone.named_by != NUMBER}
    kept = {
        number: before[number]
        for number, zone in own.items()
        if zone.named_by == NUMBER
        and number in before
        and before[number].named_by == NUMBER
        and before[number].zone not in taken
    }
    used = {zone.zone for zone in kept.values()}
    spare = (z.zone for z in own.values() if z.named_by == NUMBER and z.zone not in used)
    return {
        number: kept.get(number)
        or (replace(zone, zone=next(spare)) if zone.named_by == NUMBER else zone)
        for number, zone in own.items()
    }
