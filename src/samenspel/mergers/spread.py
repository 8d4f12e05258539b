"""Non-dominated alternatives for a large zone, one by one: integer programmes by CP-SAT.

Each programme maximises a sum of all goals with weights above zero over the alternatives that are,
on some goal, better by a step than each alternative found before (Sylva and Crema 2004, with a
step). What dominates its best solution would be among those too, so that solution is dominated by
nothing at all. Where there is no solution any more the step is halved; none left with a step of
one proves that all are found. So each alternative is proven, and the first ones lie far apart.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from samenspel.alignment.plan.model import SEED, solved, solver
from samenspel.delineation.problem import Ints
from samenspel.mergers.front import Front, oriented

PARTS = 4  # the first step is this part of the way between the worst and the best of a goal
LEAD = 50  # how much heavier the goal that leads weighs
SCALE = 10_000  # a goal's whole way, in the objective

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Task:
    """What is asked. ``members``: places of each set; ``good``: values by goal, more is better;
    ``lowest``: goals of which the lowest counts; ``ways``: by goal how far values lie apart."""

    places: int
    members: Sequence[Sequence[int]]
    good: Ints
    lowest: Sequence[bool]
    ways: Ints


def spread(
    places: int,
    members: Sequence[Sequence[int]],
    values: Ints,
    more: Sequence[bool],
    lowest: Sequence[bool],
    *,
    count: int,
    seconds: float | None = None,
    progress: Progress | None = None,
) -> Front:
    """At most ``count`` non-dominated ways to divide ``places`` into sets, within ``seconds``;
    arguments as of ``front.front``. With a count alone equal input gives equal output. ``progress``
    is told the number found; an interrupt gives what was found until then."""  # fmt: skip
    good = oriented(values, more)
    task = Task(places, members, good, lowest, ways_of(places, members, good, lowest))
    until = None if seconds is None else time.monotonic() + seconds
    found: list[tuple[Ints, tuple[int, ...]]] = []
    steps = np.maximum(task.ways // PARTS, 1)
    complete = False
    try:
        while len(found) < count:
            left = None if until is None else until - time.monotonic()
            if left is not None and left <= 0:
                break
            plan, proven = next_one(task, [point for point, _plan in found], steps, left)
            if plan is not None:
                found.append((point_of(task, plan), plan))
                if progress is not None:
                    progress(len(found))
            elif not proven:
                break
            elif (steps == 1).all():
                complete = True
                break
            else:
                steps = np.maximum(steps // 2, 1)
    except KeyboardInterrupt:
        if not found:
            raise
    points = np.array([point for point, _plan in found], np.int64).reshape(-1, values.shape[1])
    return Front(oriented(points, more), tuple(plan for _point, plan in found), complete)


def ways_of(
    places: int, members: Sequence[Sequence[int]], good: Ints, lowest: Sequence[bool]
) -> Ints:
    """Of each goal a bound on how far two alternatives can lie apart, at least 1."""
    sizes = np.array([len(one) for one in members])
    ways = []
    for goal, least in enumerate(lowest):
        values = good[:, goal]
        if least:
            ways.append(int(values.max() - values.min()))
            continue
        high, low = np.full(places, -np.inf), np.full(places, np.inf)
        for one, value, size in zip(members, values, sizes, strict=True):
            high[list(one)] = np.maximum(high[list(one)], value / size)
            low[list(one)] = np.minimum(low[list(one)], value / size)
        ways.append(int(high.sum() - low.sum()))
    return np.maximum(np.array(ways, np.int64), 1)


def next_one(
    task: Task, before: Sequence[Ints], steps: Ints, seconds: float | None
) -> tuple[tuple[int, ...] | None, bool]:
    """The sets of one more alternative, and whether it is proven; None and proven: there is none
    that is better by a step, on some goal, than each of those before."""
    cp = solver()
    model = cp.CpModel()
    taken = [model.new_bool_var(f"s{number}") for number in range(len(task.members))]
    covering: list[list[int]] = [[] for _ in range(task.places)]
    for number, one in enumerate(task.members):
        for place in one:
            covering[place].append(number)
    for numbers in covering:
        model.add_exactly_one(taken[number] for number in numbers)
    sums = [goal_sum(model, task, goal, taken, covering) for goal in range(len(task.lowest))]
    for at, point in enumerate(before):
        better = []
        for goal, value in enumerate(sums):
            flag = model.new_bool_var(f"b{at}.{goal}")
            model.add(value >= int(point[goal] + steps[goal])).only_enforce_if(flag)
            better.append(flag)
        model.add_bool_or(better)
    model.maximize(sum(weight * value for weight, value in zip(weights(task, len(before)), sums,
                                                               strict=True)))  # fmt: skip
    engine = cp.CpSolver()
    engine.parameters.num_workers = 1
    engine.parameters.random_seed = SEED
    engine.parameters.linearization_level = 2
    engine.parameters.catch_sigint_signal = False
    if seconds is not None:
        engine.parameters.max_time_in_seconds = max(0.01, seconds)
    status = solved(engine, model)
    if status == cp.INFEASIBLE:
        return None, True
    if status != cp.OPTIMAL:  # what was found in time may be dominated, so it is not told
        return None, False
    plan = tuple(n for n, variable in enumerate(taken) if engine.boolean_value(variable))
    return plan, True


def goal_sum(
    model: Any, task: Task, goal: int, taken: Sequence[Any], covering: Sequence[Sequence[int]]
) -> Any:
    """The value of a goal of the alternative that is ``taken``."""
    values = task.good[:, goal].tolist()
    if not task.lowest[goal]:
        return sum(value * variable for value, variable in zip(values, taken, strict=True) if value)
    lowest = model.new_int_var(min(values), max(values), f"lowest{goal}")
    for numbers in covering:
        model.add(lowest <= sum(values[number] * taken[number] for number in numbers))
    return lowest


def weights(task: Task, turn: int) -> list[int]:
    """Whole weights above zero: each goal leads in turn, then none."""
    goals = len(task.lowest)
    lead = turn % (goals + 1)
    return [
        max(1, SCALE * (LEAD if goal == lead else 1) * largest(task) // int(way))
        for goal, way in enumerate(task.ways.tolist())
    ]


def largest(task: Task) -> int:
    """Makes weights whole where one goal runs to millions; bounded, so that sums stay exact."""
    return int(min(int(task.ways.max()), 10**6))


def point_of(task: Task, plan: Sequence[int]) -> Ints:
    """What an alternative is worth by goal, more is better."""
    rows = task.good[list(plan)]
    found: Ints = np.where(np.array(task.lowest), rows.min(axis=0), rows.sum(axis=0))
    return found
