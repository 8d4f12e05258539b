"""The curve of every part, effort against number, and how the curves of parts become one.

Counts and efforts of parts add up, so the least effort of the whole with at most k partnerships is
the min-plus convolution of the curves of its parts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic

from samenspel.alignment.plan.model import Choice, Found, Part, minimise
from samenspel.alignment.plan.parts import effort_of

Clock = Callable[[], float]


def clock_of(seconds: float) -> Clock:
    """A clock that tells how many seconds are left."""
    end = monotonic() + seconds
    return lambda: end - monotonic()


@dataclass(frozen=True)
class CurvePoint:
    """With at most so many partnerships this is the effort; ``bound`` is the proven least."""

    partnerships: int
    effort: int
    bound: int


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
            # One hard point must not take the time of all that follow.
            found = minimise(part, "effort", clock() / 4, number, plan)
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
