"""What a plan becomes on every goal when a block of places moves to another zone.

Many moves at once, from counts by block and zone; equal to ``goals.score`` of the plan after the
move (but for rounding where lengths or weights are no round numbers).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from samenspel.delineation.goals import (
    Score,
    Value,
    between,
    connectivity,
    cut,
    part,
    score,
    soft_penalty,
)
from samenspel.delineation.goals import value as value_of
from samenspel.delineation.graphs import incidence, symmetric
from samenspel.delineation.problem import (
    AGREEMENT,
    Hyperedges,
    Ints,
    Pairs,
    Problem,
)

OF_ALL_ZONES = ("balance", "moved")  # no sums over zones: computed for every move apart


@dataclass(frozen=True)
class Moving:
    """Moves away from ``plan``. ``block``: of each place the number of its block, -1 where it never
    moves; a block lies in one zone. ``who``, ``to``: of each move the block and its new zone."""

    plan: Ints
    block: Ints
    who: Ints
    to: Ints

    def after(self, move: int) -> Ints:
        """The plan after one move."""
        return np.where(self.block == self.who[move], self.to[move], self.plan)

    @cached_property
    def origin(self) -> Ints:
        """Of each move the zone that is left."""
        zone = np.zeros(int(self.block.max(initial=-1)) + 1, np.int64)
        zone[self.block[self.block >= 0]] = self.plan[self.block >= 0]
        return zone[self.who]

    @cached_property
    def by_block(self) -> csr_array:
        """0/1, places by blocks."""
        return indicator(self.block, int(self.block.max(initial=-1)) + 1)

    @cached_property
    def by_zone(self) -> csr_array:
        """0/1, places by zones of the plan and of the moves."""
        return indicator(self.plan, int(max(self.plan.max(), self.to.max(initial=0))) + 1)


def indicator(label: Ints, count: int) -> csr_array:
    """0/1, places by labels; -1 is none."""
    there = np.flatnonzero(label >= 0)
    return csr_array((np.ones(len(there)), (there, label[there])), shape=(len(label), count))


def scores_after(problem: Problem, moving: Moving) -> tuple[Score, ...]:
    """The score of the plan after each move, each from the same plan. Costs O(links + moves x
    places)."""
    now = score(problem, moving.plan)
    moves = range(len(moving.who))
    found = {goal: values(problem, goal, now.goals[goal], moving) for goal in now.goals}
    soft = any(not bound.hard for bound in problem.rules.bounds.values())
    scores = []
    for move in moves:
        goals = {goal: told[move] for goal, told in found.items()}
        penalty = soft_penalty(problem, moving.after(move)) if soft else 0.0
        counted = (weight * goals[g].cost for g, weight in problem.weights.items() if weight)
        scores.append(Score(goals, penalty, penalty + sum(counted)))
    return tuple(scores)


def values(problem: Problem, goal: str, now: Value, moving: Moving) -> list[Value]:
    """One goal after each move."""
    if goal in OF_ALL_ZONES:
        return [value_of(problem, goal, moving.after(move)) for move in range(len(moving.who))]
    if goal.startswith(AGREEMENT):
        return of_sets(problem.zonings[goal.removeprefix(AGREEMENT)], connectivity, now, moving)
    if goal == "cut":
        return of_sets(problem.partnerships, cut, now, moving)
    if goal == "connectivity":
        return of_sets(problem.partnerships, connectivity, now, moving)
    if goal == "border":
        return of_pairs(problem.borders, now.value, moving)
    assert problem.flows is not None  # the goal is known, so the flows are
    lost, whole = between(problem.flows, moving.plan)
    kept = of_pairs(problem.flows, lost, moving)
    return [Value(1.0 - each.cost if whole else 0.0, each.cost) for each in kept]


def of_pairs(links: Pairs, lost: float, moving: Moving) -> list[Value]:
    """What lies between zones after each move, when it is ``lost`` now: links with the zone that is
    left are added, those with the new zone fall away."""
    matrix = symmetric(links.a, links.b, len(moving.plan), links.value)
    own = csr_array(moving.by_block.T @ matrix)
    inside = (own @ moving.by_block).diagonal()
    with_zone = (own @ moving.by_zone).toarray()
    left = with_zone[moving.who, moving.origin] - inside[moving.who]
    after = np.maximum(lost + left - with_zone[moving.who, moving.to], 0.0)
    whole = float(links.value.sum())
    return [Value(each, part(each, whole)) for each in after.tolist()]


def of_sets(
    sets: Hyperedges, goal: Callable[[Hyperedges, Ints], Value], now: Value, moving: Moving
) -> list[Value]:
    """``cut`` or ``connectivity`` after each move: a set leaves a zone with its last member there
    and enters one with its first."""
    matrix = incidence(sets, len(moving.plan))
    pins = (matrix @ moving.by_zone).toarray()
    own = csr_array((matrix @ moving.by_block).T)[moving.who]
    move, which = np.repeat(np.arange(len(moving.who)), np.diff(own.indptr)), own.indices
    touched = (pins > 0).sum(axis=1)[which]
    after = touched - (pins[which, moving.origin[move]] == own.data)
    after = after + (pins[which, moving.to[move]] == 0)
    if goal is cut:
        shut = ~sets.open[which]
        change = shut * ((after > 1).astype(np.float64) - (touched > 1))
        whole = float(sets.weights.sum())
    else:
        opened = sets.open[which].astype(np.int64)
        change = np.maximum(after - 1 + opened, 0) - np.maximum(touched - 1 + opened, 0.0)
        sizes = np.diff(sets.members.indptr)
        whole = float((sets.weights * np.maximum(sizes - 1 + sets.open, 0)).sum())
    sums = np.bincount(move, sets.weights[which] * change, len(moving.who))
    lost = np.maximum(now.value + sums, 0.0)
    return [Value(each, part(each, whole)) for each in lost.tolist()]
