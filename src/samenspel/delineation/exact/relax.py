"""Where no plan exists: which rule to relax, and by how little.

One rule at a time, all others as they are, and exactly: relaxed so far there is a plan, relaxed
less there is none. Soft bounds never stand in the way and are left out.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from samenspel.delineation.counts import amount_told, unit_told, zones_told
from samenspel.delineation.exact.candidates import candidates_of
from samenspel.delineation.exact.clock import Clock
from samenspel.delineation.exact.solve import choose, hardened
from samenspel.delineation.exact.units import limits_of, oversize_units, units_of
from samenspel.delineation.problem import Ints, Problem, Rules
from samenspel.language import _
from samenspel.words import number

MOST = 500_000  # candidates at a look; some tens of looks are needed


class UnknownError(Exception):
    """More candidates or more time than allowed: whether there is a plan stays unknown."""


@dataclass(frozen=True)
class Relaxation:
    """``rule``: zones, oversize, together, apart, fixed, centre, or low or high with a measure
    (``low:population``). ``needed``: the number that it must be at least relaxed to; None where the
    rule goes. ``places``: those of a rule that goes. ``rules``: all rules, with it relaxed so; a
    plan of them exists. ``text``: the same in a sentence."""

    rule: str
    needed: int | None
    places: tuple[int, ...]
    rules: Rules
    text: str


@dataclass(frozen=True)
class Relaxations:
    """``found``: every rule that, relaxed alone, lets a plan exist. ``unknown``: the rules of which
    that could not be found out. Of other rules it is proven that they do not suffice alone."""

    found: tuple[Relaxation, ...]
    unknown: tuple[str, ...]


def relaxations(problem: Problem, *, seconds: float | None = None, most: int = MOST) -> Relaxations:
    """What to relax in ``problem``, of which no plan exists, so that one does: looked for over at
    most ``most`` candidate zones at a time, and ``seconds`` in all."""
    look = Look(replace(hardened(problem), weights={}), most, Clock(seconds))
    found, unknown = [], []
    for rule, ways in tries(look):
        try:
            relaxed = ways()
        except UnknownError:
            unknown.append(rule)
            continue
        if relaxed is not None:
            found.append(relaxed)
    return Relaxations(tuple(found), tuple(dict.fromkeys(unknown)))


@dataclass(frozen=True)
class Look:
    """Whether there is a plan under other rules."""

    problem: Problem
    most: int
    clock: Clock

    def plan(self, **rules: Any) -> Ints | None:
        """A plan with these rules instead; None where there is none. Raises UnknownError."""
        problem = replace(self.problem, rules=replace(self.problem.rules, **rules))
        units = units_of(problem)
        limits = limits_of(problem, units)
        found = candidates_of(problem, units, limits, self.most, self.clock)
        if not found.complete:
            raise UnknownError
        chosen = choose(problem, units, limits, found, self.clock, first=False)
        if chosen.plan is None and chosen.bound < np.inf:
            raise UnknownError
        return chosen.plan

    def bounded(self, measure: str, **ends: Any) -> dict[str, Any]:
        """The bounds with another end of that on ``measure``."""
        bounds = self.problem.rules.bounds
        return {"bounds": {**bounds, measure: replace(bounds[measure], **ends)}}

    def relaxed(
        self, rule: str, text: str, places: tuple[int, ...] = (), needed: int | None = None,
        **rules: Any,
    ) -> Relaxation:  # fmt: skip
        """The relaxation that these rules are."""
        return Relaxation(rule, needed, places, replace(self.problem.rules, **rules), text)


Way = Callable[[], Relaxation | None]


def tries(look: Look) -> Iterator[tuple[str, Way]]:
    """Every rule, and how to relax it."""
    rules, called = look.problem.rules, look.problem.called
    for measure, bound in rules.bounds.items():
        if bound.low:
            yield f"low:{measure}", partial(lower, look, measure)
        if bound.high is not None:
            yield f"high:{measure}", partial(higher, look, measure)
            if measure == "population" and rules.oversize is not None:
                yield "oversize", partial(beside, look)
    yield "zones", partial(counted, look)
    for i, group in enumerate(rules.together):
        others = rules.together[:i] + rules.together[i + 1 :]
        text = _("A plan exists if {name} need not stay together.").format(name=group.name)
        places = tuple(sorted(group.members))
        yield "together", partial(without, look, "together", text, places, together=others)
    for i, (a, b) in enumerate(rules.apart):
        pairs = rules.apart[:i] + rules.apart[i + 1 :]
        text = _("A plan exists if {a} and {b} may lie in one zone.").format(
            a=called(a), b=called(b)
        )
        yield "apart", partial(without, look, "apart", text, (a, b), apart=pairs)
    for place, zone in rules.fixed.items():
        fixed = {i: name for i, name in rules.fixed.items() if i != place}
        text = _("A plan exists if {place} need not lie in {zone}.").format(
            place=called(place), zone=zone
        )
        yield "fixed", partial(without, look, "fixed", text, (place,), fixed=fixed)
    if rules.centre:
        text = _("A plan exists if not every zone needs a centre.")
        yield "centre", partial(without, look, "centre", text, (), centre=False)


def without(
    look: Look, rule: str, text: str, places: tuple[int, ...], **rules: Any
) -> Relaxation | None:
    """The rule gone."""
    return look.relaxed(rule, text, places, **rules) if look.plan(**rules) is not None else None


def lower(look: Look, measure: str) -> Relaxation | None:
    """The highest lower bound with a plan."""
    now = look.problem.rules.bounds[measure].low or 0

    def enough(low: int) -> int | None:
        plan = look.plan(**look.bounded(measure, low=low))
        return None if plan is None else min(now - 1, min(held(look, measure, plan)))

    low = nearest(now, 0, enough)
    if low is None:
        return None
    text = _("A plan exists with at least {needed} {unit} in a zone instead of {now}.")
    return look.relaxed(
        f"low:{measure}", told(text, measure, low, now), needed=low,
        **look.bounded(measure, low=low),
    )  # fmt: skip


def higher(look: Look, measure: str) -> Relaxation | None:
    """The lowest upper bound with a plan. What alone passes it may do so, so a higher bound can
    forbid what a lower one allowed: between two such sizes each, it only ever allows more."""
    now = look.problem.rules.bounds[measure].high or 0
    places = look.problem.measure(measure)
    large = {int(places[unit].sum()) - 1 for unit in oversize_units(look.problem, places, now)}
    ends = sorted({now, *large, int(places.sum())})

    def enough(start: int, high: int) -> int | None:
        plan = look.plan(**look.bounded(measure, high=high))
        if plan is None:
            return None
        return max(start + 1, *(total for total in held(look, measure, plan) if total <= high), 0)

    for start, end in pairwise(ends):
        high = nearest(start, end, partial(enough, start))
        if high is not None:
            text = _("A plan exists with at most {needed} {unit} in a zone instead of {now}.")
            return look.relaxed(
                f"high:{measure}", told(text, measure, high, now), needed=high,
                **look.bounded(measure, high=high),
            )  # fmt: skip
    return None


def beside(look: Look) -> Relaxation | None:
    """The least that a unit above the upper bound must be allowed to take in."""
    people, rules = look.problem.measure("population"), look.problem.rules
    now, high = rules.oversize or 0, rules.bounds["population"].high or 0
    large = oversize_units(look.problem, people, high)

    def enough(extra: int) -> int | None:
        plan = look.plan(oversize=extra)
        if plan is None:
            return None
        zones = held(look, "population", plan)
        beside = [
            total - max(int(people[u].sum()) for u in large if int(plan[u[0]]) == zone)
            for zone, total in enumerate(zones)
            if total > high
        ]
        return max(now + 1, *beside, 0)

    extra = nearest(now, int(people.sum()), enough) if large else None
    if extra is None:
        return None
    text = _("A plan exists if what alone passes the upper bound may have {needed} other "
             "inhabitants in its zone instead of {now}.").format(
        needed=number(extra, 0), now=number(now, 0)
    )  # fmt: skip
    return look.relaxed("oversize", text, needed=extra, oversize=extra)


def counted(look: Look) -> Relaxation | None:
    """The number of zones nearest to the range with a plan; of two as near the lower."""
    least, most = look.problem.rules.zones
    size = look.problem.size
    if look.plan(zones=(1, size)) is None:
        return None
    for away in range(1, max(least, size)):
        for count in (least - away, most + away):
            if 1 <= count <= size and look.plan(zones=(count, count)) is not None:
                text = _("A plan exists with {needed} instead of {asked}.").format(
                    needed=zones_told(count), asked=least if least == most else f"{least}..{most}"
                )
                zones = (min(least, count), max(most, count))
                return look.relaxed("zones", text, needed=count, zones=zones)
    return None


def held(look: Look, measure: str, plan: Ints) -> list[int]:
    """What each zone holds."""
    totals = np.zeros(int(plan.max()) + 1, np.int64)
    np.add.at(totals, plan, look.problem.measure(measure))
    return [int(total) for total in totals]


def told(text: str, measure: str, needed: int, now: int) -> str:
    """The sentence with numbers in the unit that people read."""
    return text.format(
        needed=amount_told(measure, needed), now=amount_told(measure, now),
        unit=unit_told(measure, needed),
    )  # fmt: skip


def nearest(now: int, last: int, enough: Callable[[int], int | None]) -> int | None:
    """The number nearest to ``now``, not it, up or down to ``last``, that is enough, where all
    beyond one that is enough are so. ``enough``: None, or a number as near or nearer that its plan
    shows to be enough."""
    way = 1 if last > now else -1
    short, step = now, max(1, abs(now) // 8)
    if now == last:
        return None
    while (good := enough(min(now + step, last) if way > 0 else max(now - step, last))) is None:
        if step >= abs(last - now):
            return None
        short = now + way * step
        step *= 2
    while abs(good - short) > 1:
        middle = (good + short) // 2
        better = enough(middle)
        if better is None:
            short = middle
        else:
            good = better
    return good
