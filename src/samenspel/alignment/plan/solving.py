"""Solve a plan part by part and combine the parts exactly.

Counts and efforts of parts add up, so the least effort of the whole with at most k partnerships is
the min-plus convolution of the curves of its parts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic

from samenspel.alignment.plan.model import Choice, Found, Part, first_of_equals, minimise
from samenspel.alignment.plan.options import Option
from samenspel.alignment.plan.parts import count_of, effort_of, parts_of
from samenspel.alignment.plan.settings import Weights
from samenspel.errors import InputError
from samenspel.language import _

Clock = Callable[[], float]
ENDLESS = 1e9


@dataclass(frozen=True)
class CurvePoint:
    """With at most so many partnerships this is the effort; ``bound`` is the proven least."""

    partnerships: int
    effort: int
    bound: int


@dataclass(frozen=True)
class Solution:
    """``choice``: for every partnership the number of its way. ``fewest``: the proven bound on the
    number of partnerships; ``effort_bound``: that on the effort with as many as this plan has
    or, with a target, may have.
    ``first``: whether it is certain that the plan is the first of its equals by id."""

    choice: Choice
    partnerships: int
    fewest: int
    effort: int
    effort_bound: int
    first: bool
    curve: tuple[CurvePoint, ...]


@dataclass
class Curve:
    """The curve of one part while it is being made: for at most ``low``, ``low + 1``, ...
    partnerships a plan, its effort and the bound on it. ``bound``: on the number itself."""

    part: Part
    low: int
    bound: int
    plans: list[Choice]
    efforts: list[int]
    bounds: list[int]


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
        plan, sure = curve.plans[place], True
        if len(curve.part.ways) > 1:
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


def clock_of(seconds: float) -> Clock:
    """A clock that tells how many seconds are left."""
    end = monotonic() + seconds
    return lambda: end - monotonic()


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


def begun(part: Part, found: Found, clock: Clock) -> Curve:
    """The curve of ``part`` with its first point, the least effort with the fewest."""
    assert found.choice is not None
    least = Found(found.choice, effort_of(part, found.choice), 0, proven=False)
    if len(part.ways) == 1 and len(next(iter(part.ways.values()))) == 1:
        least = Found(found.choice, least.value, least.value, proven=True)
    elif clock() > 0:
        better = minimise(part, "effort", clock(), found.value, found.choice)
        least = better if better.choice is not None else least
    assert least.choice is not None
    bound = found.value if found.proven else found.bound
    return Curve(part, found.value, bound, [least.choice], [least.value], [least.bound])


def finish(curve: Curve, clock: Clock) -> None:
    """The other points, up to all partnerships of the part. A point for which there was no time
    takes over the plan of the point before."""
    part, size = curve.part, len(curve.part.ways)
    if len(curve.plans) == size - curve.low + 1:
        return
    least = minimise(part, "effort", clock(), None, curve.plans[0]) if clock() > 0 else None
    floor = least.bound if least is not None and least.choice is not None else 0
    for number in range(curve.low + 1, size + 1):
        plan, effort, bound = curve.plans[-1], curve.efforts[-1], floor
        if effort > floor and clock() > 0:
            found = minimise(part, "effort", clock(), number, plan)
            if found.choice is not None:
                plan, effort, bound = found.choice, found.value, found.bound
        curve.plans.append(plan)
        curve.efforts.append(effort)
        curve.bounds.append(bound)


def shares(curves: Sequence[Curve], wanted: int) -> list[int]:
    """How many partnerships every part has when the whole has at most ``wanted`` with the least
    effort; of equals the fewest in all, then the fewest in the first part, in the second, ..."""
    tables: list[dict[int, int]] = [{0: 0}]
    for curve in reversed(curves):
        tables.append(added(tables[-1], curve, curve.efforts))
    last = {number: effort for number, effort in tables[-1].items() if number <= wanted}
    left = min(last, key=lambda number: (last[number], number))
    found = []
    for curve, table, rest in zip(curves, reversed(tables), reversed(tables[:-1]), strict=False):
        for place, effort in enumerate(curve.efforts):
            number = curve.low + place
            if rest.get(left - number) == table[left] - effort:
                found.append(number)
                left -= number
                break
    return found


def added(table: dict[int, int], curve: Curve, efforts: Sequence[int]) -> dict[int, int]:
    """The min-plus convolution of ``table`` (number: effort) and the efforts of one part."""
    found: dict[int, int] = {}
    for number, effort in table.items():
        for place, more in enumerate(efforts):
            both = number + curve.low + place
            if both not in found or effort + more < found[both]:
                found[both] = effort + more
    return found


def whole(curves: Sequence[Curve], size: int) -> tuple[CurvePoint, ...]:
    """The curve of the whole, from the fewest to all. Where the fewest of a part are not proven
    its bound counts for every number."""
    efforts, bounds = {0: 0}, {0: 0}
    for curve in curves:
        efforts = added(efforts, curve, curve.efforts)
        proven = curve.bound == curve.low
        lows = curve.bounds if proven else [min(curve.bounds)] * len(curve.bounds)
        bounds = added(bounds, curve, lows)
    found: list[CurvePoint] = []
    for number in range(min(efforts), size + 1):
        found.append(CurvePoint(number, efforts[number], bounds[number]))
    return tuple(found)
