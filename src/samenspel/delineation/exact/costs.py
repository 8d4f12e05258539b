"""The objective as a sum over candidate zones: what each goal costs in each of them.

``balance`` is such a sum once the number of zones is given, ``moved`` once each zone is given the
present zone that it carries on; both are taken apart by the caller.
"""

from dataclasses import dataclass

import numpy as np

from samenspel.delineation.exact import costkernel
from samenspel.delineation.exact.candidates import Candidates
from samenspel.delineation.exact.units import Limits, Units
from samenspel.delineation.problem import (
    AGREEMENT,
    Floats,
    Hyperedges,
    Pairs,
    Problem,
)
from samenspel.landscape.index import csr


@dataclass(frozen=True)
class Costs:
    """The objective of a plan is ``base`` plus the ``zone`` of its candidates."""

    base: float
    zone: Floats


def costs_of(problem: Problem, units: Units, limits: Limits, found: Candidates) -> Costs:
    """The weighted goals and the soft bounds; without ``balance`` and ``moved``."""
    base, zone = 0.0, penalties(problem, limits, found)
    for goal, weight in problem.weights.items():
        if weight and goal not in ("balance", "moved"):
            one = goal_costs(problem, units, found, goal)
            base += weight * one.base
            zone = zone + weight * one.zone
    return Costs(base, zone)


def goal_costs(problem: Problem, units: Units, found: Candidates, goal: str) -> Costs:
    """One goal that is a sum over zones. Raises KeyError for a goal whose facts are not known."""
    if goal == "cut":
        return cut(problem.partnerships, units, found)
    if goal == "connectivity":
        return touched(problem.partnerships, units, found)
    if goal.startswith(AGREEMENT):
        return touched(problem.zonings[goal.removeprefix(AGREEMENT)], units, found)
    if goal == "border":
        return parted(problem.borders, units, found)
    if goal == "flows" and problem.flows is not None:
        return parted(problem.flows, units, found)
    raise KeyError(goal)


def kept(sets: Hyperedges, units: Units, found: Candidates) -> Floats:
    """Of each candidate the weight of sets held whole, and of sets touched (two rows)."""
    count = len(sets.names)
    owner = np.repeat(np.arange(count), np.diff(sets.members.indptr))
    keys, pins = np.unique(units.of[sets.members.indices] * count + owner, return_counts=True)
    of_unit = csr(keys // max(count, 1), keys % max(count, 1), np.ones(len(keys)), units.count)
    # A set with members elsewhere is never whole: it asks one pin more than there are.
    wanted = np.diff(sets.members.indptr) + sets.open
    return costkernel.kept(
        found.starts, found.members, (of_unit.indptr, of_unit.indices), pins, wanted, sets.weights
    )


def cut(sets: Hyperedges, units: Units, found: Candidates) -> Costs:
    """All sets, less those that a zone holds whole."""
    total = float(sets.weights.sum())
    if total <= 0:
        return Costs(0.0, np.zeros(found.count))
    empty = (np.diff(sets.members.indptr) == 0) & ~sets.open
    lost = total - float(sets.weights[empty].sum())
    return Costs(lost / total, -kept(sets, units, found)[0] / total)


def touched(sets: Hyperedges, units: Units, found: Candidates) -> Costs:
    """Zones touched, less one of each set (none of an open one)."""
    degree = np.diff(sets.members.indptr)
    most = float((sets.weights * np.maximum(degree - 1 + sets.open, 0)).sum())
    if most <= 0:
        return Costs(0.0, np.zeros(found.count))
    once = float(sets.weights[(degree > 0) & ~sets.open].sum())
    return Costs(-once / most, kept(sets, units, found)[1] / most)


def parted(links: Pairs, units: Units, found: Candidates) -> Costs:
    """All pairs, less those inside a zone."""
    total = float(links.value.sum())
    if total <= 0:
        return Costs(0.0, np.zeros(found.count))
    a, b = units.of[links.a], units.of[links.b]
    own = np.bincount(a[a == b], links.value[a == b], units.count).astype(np.float64)
    out = a != b
    both = csr(
        np.concatenate([a[out], b[out]]),
        np.concatenate([b[out], a[out]]),
        np.concatenate([links.value[out], links.value[out]]),
        units.count,
    )
    inside = costkernel.within(
        found.starts, found.members, (both.indptr, both.indices), both.values, own
    )
    return Costs(1.0, -inside / total)


def penalties(problem: Problem, limits: Limits, found: Candidates) -> Floats:
    """What the soft bounds cost each candidate. ``limits``: those without slack."""
    total = np.zeros(found.count)
    for m, measure in enumerate(limits.measures):
        bound = problem.rules.bounds[measure]
        if bound.hard:
            continue
        held = found.totals(limits.size[m])
        if bound.low:
            total += np.maximum(bound.low - held, 0) / bound.low
        if bound.high:
            room = np.full(found.count, limits.most[m])
            np.maximum.at(room, found.owner, limits.allowed[m][found.members])
            total += np.maximum(held - room, 0) / bound.high
    return total * problem.rules.penalty


def uneven(problem: Problem, units: Units, found: Candidates, zones: int) -> Floats:
    """What ``balance`` costs each candidate in a plan of so many zones."""
    size = np.zeros(units.count, np.int64)
    np.add.at(size, units.of, problem.measure("population"))
    total = float(size.sum())
    away = np.abs(found.totals(size) - total / zones)
    return away / 2 / total if total > 0 else np.zeros(found.count)
