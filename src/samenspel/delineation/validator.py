"""Whether a plan holds, judged apart from everything that makes plans.

It shares no code with the goals, the search or the exact solver: it reads the problem, and follows
the rules as ``Rules`` says them over plain lists and sets. What a rule means stands here once more
on purpose; where it and a solver differ, one of the two is wrong.

| rule | broken where |
|---|---|
| ``covering`` | the plan has another length, or a place has no zone (a whole number from 0 on) |
| ``zones`` | there are too few or too many zones; numbers that no place has do not count |
| ``contiguity`` | a zone is in several parts over ``Problem.borders`` |
| ``hole`` | places outside a zone have, without it, no way to land outside the problem |
| a measure | a zone holds less or more of it than a hard bound allows |
| ``together``, ``apart``, ``fixed``, ``within``, ``centre`` | as in ``Rules`` |
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from samenspel.delineation.counts import amount_told, municipalities_told, unit_told, zones_told
from samenspel.delineation.problem import Ints, Problem
from samenspel.language import _

LISTED = 5

Zones = Mapping[int, list[int]]
Neighbours = list[list[int]]


@dataclass(frozen=True)
class Violation:
    """What is wrong with a plan.

    ``zones``: the zones, as numbered in the plan, that break ``rule``. ``places``: what lies wrong
    there: the places cut off, enclosed, away from the others of their group, together though they
    should not. ``amount``: what is short or too much, always above 0, in zones for ``zones``, in
    inhabitants, municipalities or square metres for a measure, in places for ``covering``; None
    where ``places`` says all. ``sentence``: all this in words, with ``{zone}`` for the first of
    ``zones`` and ``{zones}`` for all of them.
    """

    rule: str
    zones: tuple[int, ...]
    places: tuple[int, ...]
    amount: float | None
    sentence: str

    @property
    def text(self) -> str:
        """The sentence, zones by their numbers."""
        return self.told()

    def told(self, names: Sequence[str] = ()) -> str:
        """The sentence, zones by ``names``; one without a name by its number."""
        called = [names[zone] if zone < len(names) else str(zone) for zone in self.zones]
        return self.sentence.format(zone=next(iter(called), ""), zones=listed(called))


def validate(problem: Problem, plan: Ints | Sequence[int]) -> tuple[Violation, ...]:
    """Everything by which ``plan`` (a zone number per place) breaks a hard rule; nothing means
    valid, as far as the rules can be judged (``unknown_rules``).

    Zones may have any numbers from 0 on, gaps included. Where a place has no zone only that is
    told. Soft bounds are never broken. Costs O(borders x steps over zones from the innermost one to
    land outside). Raises ValueError for a bound on a measure that does not exist.
    """
    zone_of = np.asarray(plan).tolist()
    uncovered = tuple(covering(problem, zone_of))
    if uncovered:
        return uncovered
    zones: dict[int, list[int]] = {zone: [] for zone in sorted(set(zone_of))}
    for place, zone in enumerate(zone_of):
        zones[zone].append(place)
    near = neighbours(problem)
    parts = {zone: parts_of(members, zone_of, near) for zone, members in zones.items()}
    return (
        *count(problem, zones),
        *contiguity(problem, parts),
        *holes(problem, parts, near),
        *bounds(problem, zones, zone_of),
        *together(problem, zone_of),
        *apart(problem, zone_of),
        *fixed(problem, zone_of),
        *within(problem, zones),
        *centre(problem, zones),
    )


def unknown_rules(problem: Problem) -> tuple[str, ...]:
    """The rules that are asked and cannot be judged, since a fact that they need is not known."""
    rules, found = problem.rules, []
    if problem.outside is None:
        found.append("hole")
    for measure, bound in rules.bounds.items():
        if bound.hard and not known(problem, measure):
            found.append(measure)
    if problem.centres is None and rules.centre:
        found.append("centre")
    return tuple(found)


def known(problem: Problem, measure: str) -> bool:
    """Whether what each place has of ``measure`` is known."""
    return {"population": problem.population, "area": problem.area}.get(measure, ()) is not None


def covering(problem: Problem, zone_of: Sequence[object]) -> Iterator[Violation]:
    """Every place has a zone."""
    n = problem.size
    if len(zone_of) != n:
        text = _("The plan gives a zone to {given}; it must do so to all {count}.")
        told = words(text, given=municipalities_told(len(zone_of)), count=n)
        yield Violation("covering", (), (), float(abs(len(zone_of) - n)), told)
        return
    free = [i for i, zone in enumerate(zone_of) if not isinstance(zone, int) or zone < 0]
    if free:
        text = words(_("In no zone: {names}."), names=named(problem, free))
        yield Violation("covering", (), tuple(free), float(len(free)), text)


def count(problem: Problem, zones: Zones) -> Iterator[Violation]:
    """As many zones as asked."""
    least, most = problem.rules.zones
    if len(zones) < least:
        text = _("The plan has {count}, {amount} fewer than the least, {least}.")
    elif len(zones) > most:
        text = _("The plan has {count}, {amount} more than the most, {most}.")
    else:
        return
    amount = max(least - len(zones), len(zones) - most)
    told = words(text, count=zones_told(len(zones)), amount=amount, least=least, most=most)
    yield Violation("zones", (), (), float(amount), told)


def neighbours(problem: Problem) -> Neighbours:
    """Of each place those that it borders or is linked with."""
    near: Neighbours = [[] for _place in range(problem.size)]
    for a, b in zip(problem.borders.a.tolist(), problem.borders.b.tolist(), strict=True):
        near[a].append(b)
        near[b].append(a)
    return near


def parts_of(members: list[int], zone_of: list[int], near: Neighbours) -> list[list[int]]:
    """The connected parts of a zone, the largest first (of equal ones that with the first place);
    places ascending."""
    seen: set[int] = set()
    parts = []
    for first in members:
        if first in seen:
            continue
        seen.add(first)
        part = [first]
        for place in part:  # grows while it is walked
            for other in near[place]:
                if zone_of[other] == zone_of[first] and other not in seen:
                    seen.add(other)
                    part.append(other)
        parts.append(sorted(part))
    return sorted(parts, key=len, reverse=True)


def contiguity(problem: Problem, parts: Mapping[int, list[list[int]]]) -> Iterator[Violation]:
    """Every zone is in one part."""
    for zone, pieces in parts.items():
        away = sorted(place for piece in pieces[1:] for place in piece)
        if away:
            text = _("Zone {zone} is in {count} parts; cut off from the largest: {places}.")
            told = words(text, count=len(pieces), places=named(problem, away))
            yield Violation("contiguity", (zone,), tuple(away), None, told)


def holes(
    problem: Problem, parts: Mapping[int, list[list[int]]], near: Neighbours
) -> Iterator[Violation]:
    """No zone lies between others and land outside; judged on the parts of zones as nodes, with
    one node more for land outside."""
    if problem.outside is None:
        return
    pieces = [piece for zone in parts.values() for piece in zone]
    beside = part_graph(pieces, near, problem.outside.tolist())
    beyond = tree(beside, len(pieces))
    node = 0
    for zone, own in parts.items():
        nodes = set(range(node, node + len(own)))
        node += len(own)
        places = sorted(i for cut in enclosed_by(nodes, beside, beyond) for i in pieces[cut])
        if places:
            text = _("Zone {zone} cuts off from land outside: {places}.")
            told = words(text, places=named(problem, places))
            yield Violation("hole", (zone,), tuple(places), None, told)
    lost = {i for node, piece in enumerate(pieces) if node not in beyond for i in piece}
    blamed = tuple(zone for zone, own in parts.items() if lost.difference(*own))
    if blamed:
        text = _("No way over neighbours leads to land outside from: {places}; link these.")
        told = words(text, places=named(problem, sorted(lost)))
        yield Violation("hole", blamed, tuple(sorted(lost)), None, told)


def part_graph(pieces: list[list[int]], near: Neighbours, outside: list[bool]) -> list[set[int]]:
    """Of each part the parts beside it; the last node is land outside, which only leads inward:
    ``tree`` starts there, so that no part that touches it comes after another."""
    part = {place: node for node, piece in enumerate(pieces) for place in piece}
    beside: list[set[int]] = [{part[o] for i in piece for o in near[i]} for piece in pieces]
    beside.append({part[i] for i, touches in enumerate(outside) if touches})
    return beside


def tree(beside: list[set[int]], root: int) -> dict[int, list[int]]:
    """Of every node that ``root`` reaches those that come after it on shortest ways from it."""
    found: dict[int, list[int]] = {root: []}
    row = [root]
    for node in row:  # grows while it is walked
        for other in beside[node]:
            if other not in found:
                found[other] = []
                found[node].append(other)
                row.append(other)
    return found


def enclosed_by(
    nodes: set[int], beside: list[set[int]], beyond: Mapping[int, list[int]]
) -> set[int]:
    """The nodes that land outside reaches, but not without ``nodes``. Only those beyond ``nodes``
    can be so; of them all are free that hang together with one beside any other node."""
    behind: set[int] = set()
    path = [other for node in nodes for other in beyond.get(node, ())]
    while path:
        node = path.pop()
        if node not in behind:
            behind.add(node)
            path += beyond[node]
    behind -= nodes
    closed = behind | nodes
    free = [node for node in behind if not beside[node] <= closed]
    behind.difference_update(free)
    while free:
        reached = beside[free.pop()] & behind
        behind -= reached
        free += reached
    return behind


def bounds(problem: Problem, zones: Zones, zone_of: list[int]) -> Iterator[Violation]:
    """Every zone holds what hard bounds allow."""
    for measure, bound in problem.rules.bounds.items():
        if not bound.hard or not known(problem, measure):
            continue
        sizes = problem.measure(measure).tolist()
        large = {} if bound.high is None else largest_units(problem, sizes, bound.high, zone_of)
        for zone, members in zones.items():
            held = sum(sizes[i] for i in members)
            if bound.low is not None and held < bound.low:
                text = _("Zone {zone} has {held} {unit}, {amount} below the least of {limit}.")
                yield bounded(measure, zone, held, bound.low, text)
            if bound.high is None or held <= bound.high:
                continue
            if zone not in large:
                text = _("Zone {zone} has {held} {unit}, {amount} above the most of {limit}.")
                yield bounded(measure, zone, held, bound.high, text)
                continue
            unit, alone = large[zone]
            extra = problem.rules.oversize if measure == "population" else 0
            if extra is not None and held > alone + extra:
                text = _("Zone {zone} has {held} {unit}, {amount} above the most of {limit} for a "
                         "zone with {places}.")  # fmt: skip
                names = named(problem, sorted(unit))
                yield bounded(measure, zone, held, alone + extra, text, places=names)


def largest_units(
    problem: Problem, sizes: list[int], high: int, zone_of: list[int]
) -> dict[int, tuple[frozenset[int], int]]:
    """Of each zone the largest of the places and groups inside it that alone pass ``high``, and its
    size."""
    found: dict[int, tuple[frozenset[int], int]] = {}
    groups = [group.members for group in problem.rules.together]
    for unit in [*(frozenset([i]) for i in range(problem.size)), *groups]:
        alone, homes = sum(sizes[i] for i in unit), {zone_of[i] for i in unit}
        if alone > high and len(homes) == 1:
            home = homes.pop()
            if home not in found or alone > found[home][1]:
                found[home] = (unit, alone)
    return found


def bounded(
    measure: str, zone: int, held: int, limit: int, text: str, places: str = ""
) -> Violation:
    """A zone that holds less or more than ``limit``."""
    figures = {"held": held, "amount": abs(held - limit), "limit": limit}
    told = {name: amount_told(measure, value) for name, value in figures.items()}
    said = words(text, unit=unit_told(measure, held), places=places, **told)
    return Violation(measure, (zone,), (), float(abs(held - limit)), said)


def together(problem: Problem, zone_of: list[int]) -> Iterator[Violation]:
    """Every group lies in one zone."""
    for group in problem.rules.together:
        yield from spread(problem, "together", group.name, sorted(group.members), zone_of)


def spread(
    problem: Problem, rule: str, name: str, places: list[int], zone_of: list[int]
) -> Iterator[Violation]:
    """``places`` lie in one zone, as ``name`` asks."""
    found = {place: zone_of[place] for place in places}
    zones = sorted(set(found.values()))
    if len(zones) > 1:
        away = strays(found)
        text = _("{name}: one zone is asked; they lie in {zones}, apart from the most: {places}.")
        told = words(text, name=name, places=named(problem, away))
        yield Violation(rule, tuple(zones), tuple(away), None, told)


def apart(problem: Problem, zone_of: list[int]) -> Iterator[Violation]:
    """Every pair lies in different zones."""
    for a, b in problem.rules.apart:
        if zone_of[a] == zone_of[b]:
            text = _("Zone {zone} holds both {a} and {b}, which must lie apart.")
            told = words(text, a=problem.called(a), b=problem.called(b))
            yield Violation("apart", (zone_of[a],), (a, b), None, told)


def fixed(problem: Problem, zone_of: list[int]) -> Iterator[Violation]:
    """One name is one zone, and one zone has one name."""
    by_name: dict[str, list[int]] = {}
    by_zone: dict[int, dict[int, str]] = {}
    for place, name in sorted(problem.rules.fixed.items()):
        by_name.setdefault(name, []).append(place)
        by_zone.setdefault(zone_of[place], {})[place] = name
    for name, places in sorted(by_name.items()):
        yield from spread(problem, "fixed", name, places, zone_of)
    for zone, named_so in sorted(by_zone.items()):
        names = sorted(set(named_so.values()))
        if len(names) > 1:
            text = _("Zone {zone} holds {places}, fixed to different zones: {names}.")
            told = words(text, places=named(problem, named_so), names=listed(names))
            yield Violation("fixed", (zone,), tuple(named_so), None, told)


def within(problem: Problem, zones: Zones) -> Iterator[Violation]:
    """No zone crosses a region."""
    if problem.rules.within is None:
        return
    region = problem.rules.within.tolist()
    for zone, members in zones.items():
        away = strays({place: region[place] for place in members})
        if away:
            text = _("Zone {zone} crosses the regions that it must stay within; in another region "
                     "than the most: {places}.")  # fmt: skip
            told = words(text, places=named(problem, away))
            yield Violation("within", (zone,), tuple(away), None, told)


def centre(problem: Problem, zones: Zones) -> Iterator[Violation]:
    """Every zone holds a centre."""
    if not problem.rules.centre or problem.centres is None:
        return
    centres = problem.centres.tolist()
    for zone, members in zones.items():
        if not any(centres[place] for place in members):
            text = _("Zone {zone} holds no centre; every zone must hold one.")
            yield Violation("centre", (zone,), (), None, words(text))


def strays(found: Mapping[int, int]) -> list[int]:
    """The places that are not with the most of them (of equal numbers the lowest)."""
    sizes = Counter(found.values())
    home = min(sizes, key=lambda number: (-sizes[number], number))
    return [place for place, number in found.items() if number != home]


def words(text: str, **told: object) -> str:
    """``text`` with what is ``told``, its zones still to be called."""
    plain = {name: str(one).replace("{", "{{").replace("}", "}}") for name, one in told.items()}
    return text.format(zone="{zone}", zones="{zones}", **plain)


def named(problem: Problem, places: Iterable[int]) -> str:
    """The first few places, and how many more."""
    return listed([problem.called(i) for i in places])


def listed(things: Sequence[object]) -> str:
    """The first few, and how many more."""
    rest = len(things) - LISTED
    more = _(" and {count} more").format(count=rest) if rest > 0 else ""
    return ", ".join(str(thing) for thing in things[:LISTED]) + more
