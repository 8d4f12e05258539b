"""How many zones can be: what the bounds alone allow, and the sentence that says why not."""

from dataclasses import dataclass

import numpy as np

from samenspel.delineation.graphs import groups_of, open_borders, parts
from samenspel.delineation.problem import Ints, Problem
from samenspel.delineation.validator import SQUARE_METRES, UNITS
from samenspel.language import _
from samenspel.words import number


@dataclass(frozen=True)
class Numbers:
    """``least``..``most`` zones are not excluded by sums; none are where ``reasons`` is filled."""

    least: int
    most: int
    reasons: tuple[str, ...]


def possible_numbers(problem: Problem) -> Numbers:
    """The numbers of zones within the rules that sums of hard bounds and the connected parts of the
    land do not exclude. Costs O(places)."""
    least, most = problem.rules.zones
    reasons: list[str] = []
    if most > problem.size:
        most = problem.size
        if least > most:
            reasons.append(
                _("{least} zones are asked of {count} municipalities.").format(
                    least=least, count=problem.size
                )
            )
    group = groups_of(problem)
    a, b = open_borders(problem)
    pieces = int(parts(a, b, problem.size).max(initial=-1)) + 1
    if pieces > most:
        reasons.append(
            _("The land falls apart into {pieces} parts without common border and at most {most} "
              "zones are asked: allow more zones or link parts with --link.").format(
                pieces=pieces, most=most
            )
        )  # fmt: skip
    least = max(least, pieces)
    apart = int(group.max(initial=-1)) + 1
    if problem.rules.zones[0] > apart and not reasons:
        reasons.append(
            _("{least} zones are asked, and what must stay together leaves {count} that can lie "
              "apart: ask for at most {count} zones.").format(
                least=problem.rules.zones[0], count=apart
            )
        )  # fmt: skip
    most = min(most, apart)
    for measure, bound in problem.rules.bounds.items():
        if not bound.hard:
            continue
        size = problem.measure(measure)
        total = int(size.sum())
        if bound.low and total // bound.low < most:
            most = total // bound.low
            if most < problem.rules.zones[0]:
                reasons.append(
                    _("{zones} zones of at least {low} {measure} need {need}, and there are "
                      "{total}: ask for at most {most} zones, or for a lower bound of at most "
                      "{relaxed}.").format(
                        zones=problem.rules.zones[0], low=told(measure, bound.low),
                        measure=_(UNITS[measure]), total=told(measure, total), most=most,
                        need=told(measure, problem.rules.zones[0] * bound.low),
                        relaxed=told(measure, total // problem.rules.zones[0]),
                    )
                )  # fmt: skip
        if bound.high is not None:
            fewest = fewest_zones(problem, size, group, bound.high, measure)
            if fewest > problem.rules.zones[1]:
                reasons.append(
                    _("{zones} zones of at most {high} {measure} cannot hold all {total}: ask for "
                      "at least {fewest} zones, or for a higher bound.").format(
                        zones=problem.rules.zones[1], high=told(measure, bound.high),
                        measure=_(UNITS[measure]), total=told(measure, total), fewest=fewest,
                    )
                )  # fmt: skip
            least = max(least, fewest)
    if least > most and not reasons:
        reasons.append(
            _("The bounds together leave no number of zones between {low} and {high}.").format(
                low=problem.rules.zones[0], high=problem.rules.zones[1]
            )
        )
    return Numbers(least, most, tuple(reasons))


def told(measure: str, value: int) -> str:
    """An amount of a measure in the unit of ``UNITS``."""
    return number(value / SQUARE_METRES, 2) if measure == "area" else number(value, 0)


def fewest_zones(problem: Problem, size: Ints, group: Ints, high: int, measure: str) -> int:
    """The fewest zones that can hold everything of a measure, by its sum alone."""
    units = np.bincount(group, size)
    large = units[units > high]
    rest = float(size.sum() - large.sum())
    if measure == "population" and problem.rules.oversize is None and len(large):
        return 1
    beside = problem.rules.oversize or 0 if measure == "population" else 0
    room = rest - beside * len(large)
    zones = int(np.ceil(max(room, 0) / high)) if high > 0 else 0
    return max(1, zones + (len(large) if not beside else min(1, len(large))))
