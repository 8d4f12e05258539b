"""Zones inside given regions: every region a problem of its own, each solved exactly."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from samenspel.delineation.exact.clock import Clock
from samenspel.delineation.exact.solve import MOST, Solution, no_plan, solve
from samenspel.delineation.problem import Group, Ints, Problem
from samenspel.delineation.restrict import restrict


@dataclass(frozen=True)
class Region:
    """``number``: as in ``Rules.within``. ``places``: in the whole problem, ascending; the plan of
    ``solution`` is over these, in this order. ``problem``: that of the region alone. ``crossing``:
    what must stay in one zone and lies only partly here, so that no plan can exist, or was
    divided."""

    number: int
    places: Ints
    problem: Problem
    crossing: tuple[str, ...]
    solution: Solution


def zones_within(
    problem: Problem,
    *,
    zones: tuple[int, int] | None = None,
    divide: bool = False,
    seconds: float | None = None,
    most: int = MOST,
    progress: Callable[[Region], None] | None = None,
) -> tuple[Region, ...]:
    """The best zones of every region of ``Rules.within`` (all places as one where there is none).

    ``zones``: least and most number in each region, free where None; the number of the problem is
    about all regions together and not used. ``divide``: what must stay together and lies in several
    regions does so in each of them apart; otherwise such regions have no plan. ``seconds``: for all
    regions together. ``most``: candidates in a region. ``progress`` is told each region when it is
    done. Facts are those of the region: sets with members elsewhere are cut in every plan.
    """
    within = problem.rules.within
    numbers = np.zeros(problem.size, np.int64) if within is None else within
    clock = Clock(seconds)
    inner, crossing = divided(problem, numbers)
    done = []
    for number in np.unique(numbers):
        places = np.flatnonzero(numbers == number)
        part = restrict(inner, places, zones or (1, len(places)))
        names = tuple(name for name, regions in crossing.items() if int(number) in regions)
        found = no_plan() if names and not divide else solve(part, most=most, clock=clock)
        done.append(Region(int(number), places, part, names, found))
        if progress is not None:
            progress(done[-1])
    return tuple(done)


def divided(problem: Problem, numbers: Ints) -> tuple[Problem, dict[str, frozenset[int]]]:
    """The problem with every group divided over the regions that it lies in, and the groups and
    names of zones that lie in several, with those regions."""
    groups: list[Group] = []
    crossing: dict[str, frozenset[int]] = {}
    for group in problem.rules.together:
        pieces = dict(pieces_of(group.members, numbers))
        groups += [Group(group.name, piece) for piece in pieces.values()]
        if len(pieces) > 1:
            crossing[group.name] = frozenset(pieces)
    named: dict[str, set[int]] = {}
    for place, zone in problem.rules.fixed.items():
        named.setdefault(zone, set()).add(int(numbers[place]))
    crossing |= {zone: frozenset(regions) for zone, regions in named.items() if len(regions) > 1}
    return replace(problem, rules=replace(problem.rules, together=tuple(groups))), crossing


def pieces_of(members: frozenset[int], numbers: Ints) -> Iterator[tuple[int, frozenset[int]]]:
    """The members in each region."""
    for number in sorted({int(numbers[place]) for place in members}):
        yield number, frozenset(place for place in members if numbers[place] == number)


def joined(problem: Problem, regions: tuple[Region, ...]) -> Ints | None:
    """The plans of all regions as one; None where a region has none."""
    plan, offset = np.zeros(problem.size, np.int64), 0
    for region in regions:
        if region.solution.plan is None:
            return None
        plan[region.places] = region.solution.plan + offset
        offset += int(region.solution.plan.max()) + 1
    return plan
