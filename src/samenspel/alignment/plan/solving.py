"""Solve a plan part by part and put the parts together, exactly."""

from collections.abc import Sequence
from dataclasses import dataclass

from samenspel.alignment.plan.curves import (
    Clock,
    CurvePoint,
    begun,
    clock_of,
    finish,
    shares,
    whole,
)
from samenspel.alignment.plan.model import Choice, Found, Part, first_of_equals, minimise
from samenspel.alignment.plan.options import Option
from samenspel.alignment.plan.parts import count_of, effort_of, parts_of
from samenspel.alignment.plan.settings import Weights
from samenspel.errors import InputError
from samenspel.language import _

ENDLESS = 1e9


@dataclass(frozen=True)
class Solution:
    """``choice``: for every partnership the number of its way. ``fewest``: the proven bound on the
    number of partnerships; ``effort_bound``: that on the effort with as many as this plan has or,
    with a target, may have. ``first``: whether it is certain that it is the first of its equals by
    id."""

    choice: Choice
    partnerships: int
    fewest: int
    effort: int
    effort_bound: int
    first: bool
    curve: tuple[CurvePoint, ...]


def solve(
    options: Sequence[Sequence[Option]],
    weights: Weights,
    most: int | None,
    target: int | None,
    seconds: float,
) -> Solution | None:
    """The plan with the fewest partnerships, among those the one of least effort, among those the
    first by id; with ``target`` the one of least effort with at most so many. None where there is
    no plan, or none with at most ``most``. Raises InputError where the time was too short to tell.
    """
    clock = clock_of(seconds)
    parts = parts_of(options, weights)
    best = fewest(parts, clock)
    if any(found.choice is None for found in best):
        return None
    if most is not None and sum(found.value for found in best) > most:
        if sum(found.bound for found in best) > most:
            return None
        raise InputError(
            _(
                "In {seconds} seconds no plan with at most {number} partnerships was found, nor "
                "proof that there is none; give more time."
            ).format(seconds=seconds, number=most)
        )
    curves = [begun(part, found, clock) for part, found in zip(parts, best, strict=True)]
    lowest = sum(curve.low for curve in curves)
    wanted = lowest
    if target is not None:
        for curve in curves:
            finish(curve, clock)
        wanted = max(lowest, target if most is None else min(target, most))
    chosen: Choice = {}
    first = True
    for curve, number in zip(curves, shares(curves, wanted), strict=True):
        place = number - curve.low
        plan = curve.plans[place]
        # Without proof, or with the time up, the plan stays as it is and is not called first.
        sure = curve.bounds[place] == curve.efforts[place] and curve.bound == curve.low
        if sure:
            plan, sure = first_of_equals(curve.part, number, curve.efforts[place], plan, clock)
        chosen |= plan
        first = first and sure
    for curve in curves:
        finish(curve, clock)
    curve_of_all = whole(curves, len(options))
    partnerships = sum(count_of(curve.part, chosen) for curve in curves)
    return Solution(
        choice=chosen,
        partnerships=partnerships,
        fewest=sum(curve.bound for curve in curves),
        effort=sum(effort_of(curve.part, chosen) for curve in curves),
        effort_bound=next(p.bound for p in reversed(curve_of_all) if p.partnerships <= wanted),
        first=first,
        curve=curve_of_all,
    )


def possible(parts: Sequence[Part]) -> bool:
    """Whether any plan exists, whatever the number of partnerships."""
    return all(
        all(part.ways.values()) and minimise(part, "feasible", ENDLESS).choice is not None
        for part in parts
    )


def fewest(parts: Sequence[Part], clock: Clock) -> list[Found]:
    """The fewest partnerships of every part, from a plan that is possible. Small parts first, so
    that a large one takes what time is left."""
    found: dict[int, Found] = {}
    for place in sorted(range(len(parts)), key=lambda p: (len(parts[p].ways), p)):
        part = parts[place]
        if not all(part.ways.values()):
            return [Found(None, 0, 0, proven=True)]
        best = minimise(part, "count", clock())
        if best.choice is None and not best.proven:
            anything = minimise(part, "feasible", ENDLESS)
            if anything.choice is not None:
                number = count_of(part, anything.choice)
                best = Found(anything.choice, number, 0, proven=False)
            else:
                best = anything
        if best.choice is None:
            return [best]
        found[place] = best
    return [found[place] for place in range(len(parts))]
