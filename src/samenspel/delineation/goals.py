"""How good a plan is: every goal apart, as it is told and as a cost between 0 and 1.

The cost of a goal is the part lost of what could be lost (weight in the objective: the user's
choice). All but ``balance`` and ``moved`` are sums over zones.

| goal | value | cost |
|---|---|---|
| ``cut`` | weight of the partnerships in more than one zone | part of all partnerships |
| ``connectivity`` | zones touched minus one, summed over partnerships | part of the most possible |
| ``flows`` | part of the flows between places that stays inside a zone | 1 - value |
| ``agreement:Z`` | pieces that the zones of Z are cut into beyond one each | part of the most |
| ``border`` | metres of border between different zones | part of all borders |
| ``balance`` | inhabitants above the average zone, as part of all (0: all zones equal) | the same |
| ``moved`` | inhabitants outside the zone that carries on their present one | part of all placed |
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from samenspel.delineation.problem import AGREEMENT, GOALS, Hyperedges, Ints, Pairs, Problem


@dataclass(frozen=True)
class Value:
    """``value``: as told, in the unit of the goal. ``cost``: 0 (best) to 1. ``most``: the value
    that costs 1 (for ``flows`` 0)."""

    value: float
    cost: float


@dataclass(frozen=True)
class Score:
    """Every goal that can be computed, the cost of soft bounds, and the weighted sum of both."""

    goals: Mapping[str, Value]
    penalty: float
    objective: float


def score(problem: Problem, plan: Ints) -> Score:
    """All goals of ``plan`` (one zone number per place). A goal whose facts are not known is
    absent. Costs O(links + zones x present zones)."""
    found = {name: value(problem, name, plan) for name in goal_names(problem)}
    penalty = soft_penalty(problem, plan)
    total = penalty + sum(
        weight * found[name].cost for name, weight in problem.weights.items() if weight
    )
    return Score(found, penalty, total)


def goal_names(problem: Problem) -> tuple[str, ...]:
    """The goals whose facts the problem knows."""
    people = problem.population is not None
    absent = {
        "flows": problem.flows is None,
        "balance": not people,
        "moved": not people or problem.present is None,
    }
    plain = tuple(name for name in GOALS if not absent.get(name, False))
    return plain + tuple(AGREEMENT + zoning for zoning in problem.zonings)


def value(problem: Problem, goal: str, plan: Ints) -> Value:
    """One goal of ``plan``. Raises KeyError for a goal whose facts are not known."""
    if goal.startswith(AGREEMENT):
        return connectivity(problem.zonings[goal.removeprefix(AGREEMENT)], plan)
    if goal == "cut":
        return cut(problem.partnerships, plan)
    if goal == "connectivity":
        return connectivity(problem.partnerships, plan)
    if goal == "flows" and problem.flows is not None:
        lost, total = between(problem.flows, plan)
        return Value(1.0 - part(lost, total) if total else 0.0, part(lost, total))
    if goal == "border":
        lost, total = between(problem.borders, plan)
        return Value(lost, part(lost, total))
    if goal == "balance" and problem.population is not None:
        held = np.bincount(plan, problem.population)
        held = held[np.bincount(plan) > 0]
        over = part(float(np.abs(held - held.mean()).sum()) / 2, float(held.sum()))
        return Value(over, over)
    if goal == "moved" and problem.present is not None and problem.population is not None:
        placed = problem.present >= 0
        gone = float(problem.population[moved_places(problem, plan)].sum())
        return Value(gone, part(gone, float(problem.population[placed].sum())))
    raise KeyError(goal)


def part(some: float, whole: float) -> float:
    """``some`` as part of ``whole``; 0 where there is nothing to lose."""
    return some / whole if whole > 0 else 0.0


def touched(sets: Hyperedges, plan: Ints) -> Ints:
    """Of each set how many zones it touches."""
    n = len(sets.names)
    owner = np.repeat(np.arange(n), np.diff(sets.members.indptr))
    zones = int(plan.max(initial=0)) + 1
    distinct = np.unique(owner * zones + plan[sets.members.indices])
    return np.bincount(distinct // zones, minlength=n).astype(np.int64)


def cut(sets: Hyperedges, plan: Ints) -> Value:
    """Weight of the sets that no zone holds whole."""
    lost = float(sets.weights[(touched(sets, plan) > 1) | sets.open].sum())
    return Value(lost, part(lost, float(sets.weights.sum())))


def connectivity(sets: Hyperedges, plan: Ints) -> Value:
    """Zones touched minus one, weighted; the land outside counts as one more for open sets."""
    lost = sets.weights * np.maximum(touched(sets, plan) - 1 + sets.open, 0)
    most = sets.weights * np.maximum(np.diff(sets.members.indptr) - 1 + sets.open, 0)
    return Value(float(lost.sum()), part(float(lost.sum()), float(most.sum())))


def between(links: Pairs, plan: Ints) -> tuple[float, float]:
    """What lies between different zones, and all."""
    return float(links.value[plan[links.a] != plan[links.b]].sum()), float(links.value.sum())


def heirs(problem: Problem, plan: Ints) -> dict[int, int]:
    """Zone of ``plan`` to the present zone that it carries on: each present zone goes to at most
    one, so that the most inhabitants keep theirs (municipalities, where inhabitants are not
    known)."""
    if problem.present is None:
        return {}
    placed = problem.present >= 0
    shared = np.zeros((int(plan.max()) + 1, int(problem.present.max(initial=0)) + 1))
    np.add.at(shared, (plan[placed], problem.present[placed]), problem.heft[placed])
    rows, columns = linear_sum_assignment(shared, maximize=True)
    return {int(z): int(p) for z, p in zip(rows, columns, strict=True) if shared[z, p] > 0}


def moved_places(problem: Problem, plan: Ints) -> Ints:
    """The places that lie outside the zone that carries on their present one."""
    if problem.present is None:
        return np.empty(0, np.int64)
    names = heirs(problem, plan)
    carried = np.array([names.get(z, -2) for z in range(int(plan.max()) + 1)])
    return np.flatnonzero((problem.present >= 0) & (carried[plan] != problem.present))


def ceilings(problem: Problem, measure: str, plan: Ints) -> Ints | None:
    """Of each zone of ``plan`` the most that it may hold of ``measure``: the upper bound, or what
    its largest oversize unit has with what others may add. None without upper bound."""
    high = problem.rules.bounds[measure].high
    if high is None:
        return None
    size = problem.measure(measure)
    most = np.full(int(plan.max()) + 1, high, np.int64)
    extra = problem.rules.oversize if measure == "population" else 0
    units = [np.array([i]) for i in np.flatnonzero(size > high)]
    units += [np.array(sorted(g.members)) for g in problem.rules.together]
    for unit in units:
        alone = int(size[unit].sum())
        if alone > high:
            zones = np.unique(plan[unit])
            room = int(size.sum()) if extra is None else alone + extra
            most[zones] = np.maximum(most[zones], room)
    return most


def soft_penalty(problem: Problem, plan: Ints) -> float:
    """What the soft bounds cost: the parts by which zones fall short or go over, times penalty."""
    total = 0.0
    used = np.bincount(plan) > 0
    for measure, bound in problem.rules.bounds.items():
        if bound.hard:
            continue
        held = np.bincount(plan, problem.measure(measure))
        if bound.low:
            total += float((np.maximum(bound.low - held, 0) / bound.low)[used].sum())
        most = ceilings(problem, measure, plan)
        if most is not None and bound.high is not None:
            total += float((np.maximum(held - most, 0) / max(bound.high, 1))[used].sum())
    return problem.rules.penalty * total
