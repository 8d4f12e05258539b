"""Clearly different good plans over two or three goals, and what each gives for the other.

Weights of the goals are swept: first nearly all on one goal, then mixtures in proportion to how far
the goals lie apart (weighted sums: they reach plans on the outer side of the front; those inside a
dent are found by chance alone). Of all valid plans seen none that another beats is told.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import Any

from samenspel.delineation.explain.differences import (
    Difference,
    difference,
    distance,
    steps_between,
)
from samenspel.delineation.explain.moves import Move
from samenspel.delineation.goals import Score, goal_names, score
from samenspel.delineation.heuristic.search import Found, search
from samenspel.delineation.problem import Ints, Problem, normalised
from samenspel.delineation.validator import validate
from samenspel.errors import InputError
from samenspel.language import _

# All status: choice.
SECONDS = 30.0
COUNT = 5
APART = 0.05  # part of the inhabitants
LITTLE = 0.01  # weight of the other goals where one is swept alone, so that ties fall well
KNOWN = 3  # plans seen before that a search begins from, the best by its weights
SAME = 1e-9  # a smaller difference of costs is rounding

Progress = Callable[[float, int], bool | None]


@dataclass(frozen=True)
class Point:
    """A plan of the front with all its goals. Zones that carry on one of the point before have its
    number."""

    plan: Ints
    score: Score


@dataclass(frozen=True)
class Front:
    """``points``: plans that no plan seen beats, by the first goal from the best on. ``between``:
    from each point to the next, what one gains and loses. ``seen``: different valid plans that were
    compared. ``reasons``: why there is no point, and ``nearest``: the plan that breaks least then,
    if there is one. ``apart``: the least part of inhabitants between points. ``seconds`` and
    ``compiled`` as in ``Found``."""

    goals: tuple[str, ...]
    points: tuple[Point, ...]
    between: tuple[Difference, ...]
    seen: int
    reasons: tuple[str, ...]
    nearest: Ints | None
    apart: float
    seconds: float
    compiled: float
    seed: int
    interrupted: bool

    def as_json(self) -> dict[str, Any]:
        """Plain values, without the plans and what lies between them."""
        return {
            "goals": list(self.goals),
            "seen": self.seen,
            "reasons": list(self.reasons),
            "apart": {"value": self.apart, "status": "choice"},
            "seconds": self.seconds,
            "compile_seconds": self.compiled,
            "seed": self.seed,
            "interrupted": self.interrupted,
        }


Seen = dict[bytes, Point]


def front(
    problem: Problem,
    goals: Sequence[str],
    *,
    seconds: float | None = None,
    iterations: int | None = None,
    seed: int = 0,
    count: int = COUNT,
    apart: float = APART,
    progress: Progress | None = None,
    begin: Sequence[Ints] = (),
) -> Front:
    """At most ``count`` valid plans between the best on each of two or three ``goals`` (costs as in
    ``goals.py``; soft bounds count as one more), at least ``apart`` of the inhabitants away from
    each other. ``seconds`` or ``iterations`` are those of all searches together; with iterations
    equal input gives equal output. ``begin``: plans to count in, besides the present one.

    The weights of the problem play no part but that their sum says how the goals together weigh
    against soft bounds (1 where there are none). ``progress`` is told the seconds and the number of
    valid plans so far, and stops where it returns True; so does an interrupt (Ctrl-C). Raises
    InputError for goals or settings that are not possible.
    """
    check(problem, goals, seconds, iterations, count, apart)
    seen: Seen = {}
    add(problem, seen, begin)
    if problem.present is not None and (problem.present >= 0).all():
        add(problem, seen, [problem.present])
    searches: list[Found] = []
    began = time.perf_counter()

    def told(_seconds: float, _best: float | None) -> bool | None:
        return None if progress is None else progress(time.perf_counter() - began, len(seen))

    interrupted = False
    try:
        mixtures = sweep(len(goals), count)
        for number, mixture in enumerate(mixtures):
            weights = weights_of(problem, seen, goals, mixture)
            found = search(
                replace(problem, weights=weights),
                seconds=(seconds or SECONDS) / len(mixtures),
                iterations=None if iterations is None else max(1, iterations // len(mixtures)),
                seed=seed * 1000 + number,
                progress=told,
                begin=known(seen, weights),
            )
            searches.append(found)
            add(problem, seen, [] if found.plan is None else [found.plan])
            if found.interrupted:
                interrupted = True
                break
    except KeyboardInterrupt:
        interrupted = True
    nearest = None
    if not seen and searches:
        nearest = min(searches, key=lambda found: len(found.violations))
    points, between = chain(problem, chosen(problem, list(seen.values()), goals, count, apart))
    return Front(
        goals=tuple(goals),
        points=points,
        between=between,
        seen=len(seen),
        reasons=() if nearest is None else nearest.reasons,
        nearest=None if nearest is None else nearest.plan,
        apart=apart,
        seconds=sum(found.seconds for found in searches),
        compiled=sum(found.compiled for found in searches),
        seed=seed,
        interrupted=interrupted,
    )


def check(
    problem: Problem,
    goals: Sequence[str],
    seconds: float | None,
    iterations: int | None,
    count: int,
    apart: float,
) -> None:
    """Raises InputError for what is not possible."""
    if len(goals) not in (2, 3) or len(set(goals)) < len(goals):
        raise InputError(
            _("A trade-off needs two or three different goals; these were given: {goals}.").format(
                goals=", ".join(goals) or "-"
            )
        )
    names = goal_names(problem)
    for goal in goals:
        if goal not in names:
            raise InputError(
                _(
                    "The goal {goal} is not known here; the goals that are known are {known}."
                ).format(goal=goal, known=", ".join(names))
            )
    if seconds is not None and iterations is not None:
        raise InputError(_("Give seconds or iterations, not both."))
    given = iterations if seconds is None else seconds
    if given is not None and not 0 < given < float("inf"):
        raise InputError(
            _("{value} seconds or iterations are not possible; it is a number above 0.").format(
                value=given
            )
        )
    if count < 2:
        raise InputError(
            _("--count {count}: a trade-off is between two plans or more; give a number from 2 on.")
            .format(count=count)
        )  # fmt: skip
    if not 0 <= apart <= 1:
        raise InputError(
            _("--distance {apart}: the distance between plans is a part of the inhabitants; give a "
              "number from 0 to 1.").format(apart=f"{apart:g}")
        )  # fmt: skip


def add(problem: Problem, seen: Seen, plans: Sequence[Ints]) -> None:
    """Count the valid ones of ``plans`` in."""
    for plan in plans:
        if not validate(problem, plan):
            same = normalised(plan)
            seen[same.tobytes()] = Point(same, score(problem, same))


def sweep(goals: int, count: int) -> list[tuple[float, ...]]:
    """At least ``count`` ways to divide 1 evenly over ``goals``, those of one goal alone first."""
    parts = 1
    while len(found := divided(goals, parts)) < count:
        parts += 1
    return sorted(found, key=lambda mixture: (-max(mixture), [-each for each in mixture]))


def divided(goals: int, parts: int) -> list[tuple[float, ...]]:
    """All ways to divide 1 over ``goals`` in so many equal parts."""
    found = product(range(parts + 1), repeat=goals)
    return [tuple(each / parts for each in given) for given in found if sum(given) == parts]


def weights_of(
    problem: Problem, seen: Seen, goals: Sequence[str], mixture: Sequence[float]
) -> dict[str, float]:
    """The weights of a mixture: in proportion to how far the best plans of the goals lie apart on
    each. A goal of a mixture of one alone keeps the others a little."""
    alone = max(mixture) == 1.0
    ideal = [best(seen.values(), goals, goal) for goal in goals] if seen else []
    raw = []
    for goal, given in zip(goals, mixture, strict=True):
        costs = [point.score.goals[goal].cost for point in ideal]
        far = max(costs) - min(costs) if costs and not alone else 0.0
        raw.append(max(given, LITTLE) / (far if far > SAME else 1.0))
    whole = sum(problem.weights.values()) or 1.0
    return {goal: whole * each / sum(raw) for goal, each in zip(goals, raw, strict=True)}


def best(points: Iterable[Point], goals: Sequence[str], goal: str) -> Point:
    """The point with the lowest cost of ``goal``; of equal ones that which costs least in all."""
    return min(points, key=lambda p: (p.score.goals[goal].cost, *total(p, goals)))


def total(point: Point, goals: Sequence[str]) -> tuple[float, list[int]]:
    """What a point costs on ``goals`` and soft bounds together, and its plan, to settle ties."""
    costs = sum(point.score.goals[goal].cost for goal in goals)
    return costs + point.score.penalty, point.plan.tolist()


def known(seen: Seen, weights: Mapping[str, float]) -> list[Ints]:
    """The best plans so far by ``weights``."""

    def objective(point: Point) -> tuple[float, list[int]]:
        costs = sum(weight * point.score.goals[goal].cost for goal, weight in weights.items())
        return costs + point.score.penalty, point.plan.tolist()

    return [point.plan for point in sorted(seen.values(), key=objective)[:KNOWN]]


def beats(one: Point, other: Point, goals: Sequence[str]) -> bool:
    """Whether ``one`` is nowhere worse and somewhere better, on ``goals`` and soft bounds."""
    mine, theirs = costs_of(one, goals), costs_of(other, goals)
    both = list(zip(mine, theirs, strict=True))
    return all(a <= b + SAME for a, b in both) and any(a < b - SAME for a, b in both)


def costs_of(point: Point, goals: Sequence[str]) -> tuple[float, ...]:
    """The cost of each of ``goals``, and of soft bounds."""
    return (*(point.score.goals[goal].cost for goal in goals), point.score.penalty)


def chosen(
    problem: Problem, points: list[Point], goals: Sequence[str], count: int, apart: float
) -> tuple[Point, ...]:
    """Points that no other beats: the best of each goal, then those with the least cost in all, as
    long as each lies ``apart`` from those before; ordered by the goals."""
    good = [p for p in points if not any(beats(other, p, goals) for other in points)]
    if not good:
        return ()
    order = [best(good, goals, goal) for goal in goals]
    order += sorted(good, key=lambda point: total(point, goals))
    kept: list[Point] = []
    for point in order:
        away = all(
            point is not other and distance(problem, point.plan, other.plan) >= apart
            for other in kept
        )
        if away and len(kept) < count:
            kept.append(point)
    return tuple(sorted(kept, key=lambda point: (costs_of(point, goals), point.plan.tolist())))


def chain(
    problem: Problem, points: Sequence[Point]
) -> tuple[tuple[Point, ...], tuple[Difference, ...]]:
    """The points, each numbered after the one before, with what lies between them."""
    numbered, between = list(points[:1]), []
    for point in points[1:]:
        between.append(difference(problem, numbered[-1].plan, point.plan))
        plan = between[-1].plan
        numbered.append(Point(plan, score(problem, plan)))
    return tuple(numbered), tuple(between)


def explained(problem: Problem, found: Front) -> tuple[tuple[Move, ...], ...]:
    """From each point to the next the moves in order (``steps_between``; takes seconds where a
    hundred places change)."""
    plans = [point.plan for point in found.points]
    return tuple(steps_between(problem, one, two) for one, two in pairwise(plans))
