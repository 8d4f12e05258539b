"""Two plans side by side: which zones go together, how alike they are, and the way between them.

The zones are matched so that the fewest inhabitants change zone, and of such matchings the fewest
places (an assignment problem). The places to move follow from it: no other list is shorter in
inhabitants, however the zones are named.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from samenspel.delineation.explain.effects import Moving, scores_after
from samenspel.delineation.explain.moves import (
    Move,
    blocks,
    changes,
    goals_json,
    members,
    move_of,
    zone_name,
)
from samenspel.delineation.goals import Value, part, score
from samenspel.delineation.problem import Floats, Ints, Problem
from samenspel.delineation.validator import Violation, validate

TRIED = 40  # moves judged before the least bad becomes the next step (status: choice)


@dataclass(frozen=True)
class Difference:
    """How the second of two plans differs from the first.

    ``plan``: the second, with the zone numbers of the first that it carries on; new zones have the
    numbers after those. ``places``: those that change zone, ``inhabitants`` theirs together, and
    ``kept`` the part of all inhabitants that stay (1: alike). ``information``: the variation of
    information between the plans over inhabitants, in bits (Meila 2007; 0: alike; it needs no
    matching). ``goals``, ``penalty``, ``objective``: by how much they change, as in ``Move``.
    """

    plan: Ints
    places: tuple[int, ...]
    inhabitants: int
    kept: float
    information: float
    goals: dict[str, Value]
    penalty: float
    objective: float

    def as_json(
        self,
        problem: Problem,
        steps: Sequence[Move],
        names: Sequence[str] = (),
        titles: Sequence[str] = (),
    ) -> dict[str, Any]:
        """Plain values, with the ``steps_between``; ``names`` and ``titles`` as in
        ``Move.as_json``, for the zones of the first plan and those that are new."""
        return {
            "plan": {
                nis: zone_name(zone, names)
                for nis, zone in zip(problem.names, self.plan.tolist(), strict=True)
            },
            "municipalities": [problem.names[i] for i in self.places],
            "inhabitants": self.inhabitants,
            "kept": self.kept,
            "variation_of_information": self.information,
            "goals": goals_json(self.goals),
            "penalty": self.penalty,
            "objective": self.objective,
            "steps": [step.as_json(problem, names, titles) for step in steps],
        }


def difference(problem: Problem, one: Ints, two: Ints) -> Difference:
    """How ``two`` differs from ``one``; both have a zone from 0 on for each place."""
    plan = carried(problem, one, two)
    places = np.flatnonzero(plan != one)
    before, after = score(problem, one), score(problem, plan)
    gone = int(problem.measure("population")[places].sum())
    return Difference(
        plan=plan,
        places=tuple(places.tolist()),
        inhabitants=gone,
        kept=1.0 - part(gone, float(problem.measure("population").sum())),
        information=information(shared(problem.measure("population"), one, plan)),
        goals=changes(before, after),
        penalty=after.penalty - before.penalty,
        objective=after.objective - before.objective,
    )


def shared(weight: Ints, one: Ints, two: Ints) -> Floats:
    """Weight by zone of ``one`` and zone of ``two``."""
    found = np.zeros((int(one.max()) + 1, int(two.max()) + 1))
    np.add.at(found, (one, two), weight)
    return found


def carried(problem: Problem, one: Ints, two: Ints) -> Ints:
    """``two`` with the zone numbers of ``one``: matched so that the most inhabitants, then the most
    places keep theirs. Zones that carry on none are numbered after the highest of ``one``, in order
    of their first place."""
    n = problem.size
    rows, columns = linear_sum_assignment(
        shared(problem.measure("population") * np.int64(n + 1) + 1, one, two), maximize=True
    )
    together = shared(np.ones(n, np.int64), one, two) > 0
    number = np.full(int(two.max()) + 1, -1, np.int64)
    for zone, other in zip(rows, columns, strict=True):
        if together[zone, other]:
            number[other] = zone
    fresh = int(one.max()) + 1
    for zone in dict.fromkeys(two.tolist()):
        if number[zone] < 0:
            number[zone] = fresh
            fresh += 1
    return number[two]


def distance(problem: Problem, one: Ints, two: Ints) -> float:
    """The part of all inhabitants that changes zone between two plans, zones matched so that it is
    the least: 0 is alike."""
    kept = shared(problem.measure("population"), one, two)
    stay = float(kept[linear_sum_assignment(kept, maximize=True)].sum())
    whole = float(problem.measure("population").sum())
    return part(whole - stay, whole)


def information(together: Floats) -> float:
    """Variation of information in bits: what is not known of the zone in either plan when that in
    the other is known, for an inhabitant drawn at random."""
    whole = float(together.sum())
    if whole <= 0:
        return 0.0
    joint = together / whole
    one, two = (np.broadcast_to(joint.sum(axis=i, keepdims=True), joint.shape) for i in (1, 0))
    there = joint > 0
    ratio = joint[there] ** 2 / (one[there] * two[there])
    return max(0.0, float(-(joint[there] * np.log2(ratio)).sum()))


def steps_between(problem: Problem, one: Ints, two: Ints) -> tuple[Move, ...]:
    """The moves that make ``two`` of ``one``, in an order in which each plan on the way is valid
    where such a next step is found: of the moves left the one with the lowest objective that leaves
    a valid plan, else of those tried that which breaks least; while something is broken, moves of
    the zones concerned come first. Another order may break less.

    Places that must stay together move together. Each change is that of the step alone; all
    together are the ``difference``. Costs O(steps x (steps + judging dozens of plans)).
    """
    goal = carried(problem, one, two)
    block = blocks(problem, one, goal)
    block[goal == one] = -1
    left = np.unique(block[block >= 0])
    plan, now, broken = one, score(problem, one), validate(problem, one)
    steps = []
    while len(left):
        to = goal[np.unique(block, return_index=True)[1]][-len(left) :]
        moving = Moving(plan, block, left, to)
        scores = scores_after(problem, moving)
        chosen = None
        for i in in_order(problem, moving, [found.objective for found in scores], broken)[:TRIED]:
            judged = validate(problem, moving.after(i))
            if chosen is None or harm(judged) < harm(chosen[1]):
                chosen = (i, judged)
            if not judged:
                break
        assert chosen is not None  # something is left, so something was tried
        i, judged = chosen
        places = members(block, int(left[i]))
        zones = int(moving.origin[i]), int(to[i])
        steps.append(move_of(places, zones, (now, scores[i]), (broken, judged)))
        plan, now, broken = moving.after(i), scores[i], judged
        block = np.where(block == left[i], -1, block)
        left = np.delete(left, i)
    return tuple(steps)


def in_order(
    problem: Problem, moving: Moving, objectives: list[float], broken: Sequence[Violation]
) -> list[int]:
    """The moves from the lowest objective on: first those of zones that break a rule, last those
    that would lie cut off in their new zone and are never valid."""
    a = np.concatenate([problem.borders.a, problem.borders.b])
    b = np.concatenate([problem.borders.b, problem.borders.a])
    zones = int(max(moving.plan.max(), moving.to.max())) + 1
    reached = np.isin(moving.who * zones + moving.to, moving.block[a] * zones + moving.plan[b])
    near = reached | ~np.isin(moving.to, moving.plan)
    wrong = np.array([zone for violation in broken for zone in violation.zones], np.int64)
    mending = np.isin(moving.origin, wrong) | np.isin(moving.to, wrong)
    return sorted(
        range(len(objectives)), key=lambda i: (not near[i], not mending[i], objectives[i], i)
    )


def harm(broken: Sequence[Violation]) -> tuple[int, int, float]:
    """How much is broken: rules and zones, then places, then amounts."""
    places = sum(len(violation.places) for violation in broken)
    return len(broken), places, sum(violation.amount or 0.0 for violation in broken)
