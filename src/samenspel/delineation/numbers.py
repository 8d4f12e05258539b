"""How many zones can be: what the bounds alone allow, and the sentence that says why not."""

from dataclasses import dataclass

import numpy as np

from samenspel.delineation.counts import amount_told, unit_told, zones_told
from samenspel.delineation.graphs import groups_of, open_borders, parts
from samenspel.delineation.problem import Ints, Problem
from samenspel.language import _


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
                _("More zones are asked ({least}) than there are municipalities ({count}).").format(
                    least=least, count=problem.size
                )
            )
    group = groups_of(problem)
    a, b = open_borders(problem)
    pieces = int(parts(a, b, problem.size).max(initial=-1)) + 1
    if pieces > most:
        reasons.append(
            _("The land falls apart into {pieces} parts without common border and at most {most} "
              "may be: allow more zones or link parts with --link.").format(
                pieces=pieces, most=zones_told(most)
            )
        )  # fmt: skip
    least = max(least, pieces)
    apart = int(group.max(initial=-1)) + 1
    if problem.rules.zones[0] > apart and not reasons:
        reasons.append(
            _("The least that is asked is {least}, and what must stay together leaves {count} that "
              "can lie apart: ask for at most {zones}.").format(
                least=zones_told(problem.rules.zones[0]), count=apart, zones=zones_told(apart)
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
                reasons.append(too_few(problem, measure, bound.low, total, most))
        if bound.high is not None:
            fewest = fewest_zones(problem, size, group, bound.high, measure)
            if fewest > problem.rules.zones[1]:
                reasons.append(
                    _("{zones} of at most {high} {unit} cannot hold all {total}: ask for at least "
                      "{fewest}, or for a higher bound.").format(
                        zones=zones_told(problem.rules.zones[1]), fewest=zones_told(fewest),
                        high=amount_told(measure, bound.high), unit=unit_told(measure, bound.high),
                        total=amount_told(measure, total),
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


def too_few(problem: Problem, measure: str, low: int, total: int, most: int) -> str:
    """That the whole is too small for the least number of zones; ``most``: those that it allows."""
    least = problem.rules.zones[0]
    text = _("{zones} of at least {low} {unit}: that is {need} in all, and there are {total}; ask "
             "for a lower bound of at most {relaxed}.")  # fmt: skip
    if most:
        text = _("{zones} of at least {low} {unit}: that is {need} in all, and there are {total}; "
                 "ask for at most {most}, or for a lower bound of at most {relaxed}.")  # fmt: skip
    return text.format(
        zones=zones_told(least), low=amount_told(measure, low), unit=unit_told(measure, low),
        need=amount_told(measure, least * low), total=amount_told(measure, total),
        most=zones_told(most), relaxed=amount_told(measure, total // least),
    )  # fmt: skip


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
