"""Every valid plan of a tiny land, by the rules as they read: one zone at a time, no cleverness.

Apart from their number, every rule can be said of a single zone and what lies outside it, so a
plan is valid when its number of zones is right and none of its zones breaks a rule.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import combinations

from samenspel.delineation.problem import Problem

Zone = frozenset[int]
Plan = tuple[int, ...]
OUTSIDE = -1


def all_valid_plans(problem: Problem) -> list[Plan]:
    """All valid plans, zones numbered in order of their first place; for at most about ten places.
    Holes are not judged where it is not known what borders land outside."""
    places = frozenset(range(problem.size))
    least, most = problem.rules.zones

    @cache
    def good(zone: Zone) -> bool:
        return not broken_by(problem, zone)

    def split(rest: Zone, zones: list[Zone]) -> Iterator[list[Zone]]:
        if not rest:
            if least <= len(zones) <= most:
                yield zones
            return
        first = min(rest)
        for zone in subsets(rest - {first}, first):
            if good(zone):
                yield from split(rest - zone, [*zones, zone])

    return [numbered(zones, problem.size) for zones in split(places, [])]


def all_plans(n: int) -> Iterator[Plan]:
    """All partitions of ``n`` places, zones numbered in order of their first place."""
    plans: list[Plan] = [()]
    for _place in range(n):
        plans = [(*plan, zone) for plan in plans for zone in range(max(plan, default=-1) + 2)]
    yield from plans


def broken(problem: Problem, plan: Sequence[int]) -> dict[str, set[int]]:
    """The rules that ``plan`` breaks, each with the zones that break it."""
    zones = {zone: frozenset(i for i, z in enumerate(plan) if z == zone) for zone in plan}
    found: dict[str, set[int]] = {}
    least, most = problem.rules.zones
    if not least <= len(zones) <= most:
        found["zones"] = set()
    for zone, members in zones.items():
        for rule in broken_by(problem, members):
            found.setdefault(rule, set()).add(zone)
    return found


def broken_by(problem: Problem, zone: Zone) -> set[str]:
    """The rules that ``zone`` breaks by itself."""
    rules = problem.rules
    places = frozenset(range(problem.size))
    near = list(zip(problem.borders.a.tolist(), problem.borders.b.tolist(), strict=True))
    found = set()
    if not connected(zone, near):
        found.add("contiguity")
    if problem.outside is not None:
        shore = [(i, OUTSIDE) for i in places if problem.outside[i]]
        if not connected((places - zone) | {OUTSIDE}, [*near, *shore]):
            found.add("hole")
    for measure, bound in rules.bounds.items():
        size = problem.measure(measure).tolist()
        held = sum(size[i] for i in zone)
        if not bound.hard:
            continue
        if bound.low is not None and held < bound.low:
            found.add(measure)
        if bound.high is not None and held > bound.high:
            units = [frozenset([i]) for i in zone] + [g.members for g in rules.together]
            large = [sum(size[i] for i in unit) for unit in units if unit <= zone]
            alone = max((u for u in large if u > bound.high), default=None)
            extra = rules.oversize if measure == "population" else 0
            if alone is None or (extra is not None and held > alone + extra):
                found.add(measure)
    if any(group.members & zone and group.members - zone for group in rules.together):
        found.add("together")
    if any(a in zone and b in zone for a, b in rules.apart):
        found.add("apart")
    names = {name for i, name in rules.fixed.items() if i in zone}
    if len(names) > 1 or any(name in names and i not in zone for i, name in rules.fixed.items()):
        found.add("fixed")
    if rules.within is not None and len({int(rules.within[i]) for i in zone}) > 1:
        found.add("within")
    if rules.centre and problem.centres is not None and not any(problem.centres[i] for i in zone):
        found.add("centre")
    return found


def connected(nodes: Zone, links: Iterable[tuple[int, int]]) -> bool:
    """Whether all ``nodes`` hang together over ``links`` between them."""
    ends = [{a, b} for a, b in links if a in nodes and b in nodes]
    reached = set(list(nodes)[:1])
    while True:
        grown = reached.union(*(pair for pair in ends if pair & reached))
        if grown == reached:
            return reached == nodes
        reached = grown


def subsets(others: Zone, first: int) -> Iterator[Zone]:
    """All sets of ``first`` and some of ``others``."""
    for count in range(len(others) + 1):
        for chosen in combinations(sorted(others), count):
            yield frozenset([first, *chosen])


def numbered(zones: Iterable[Zone], n: int) -> Plan:
    """The zones as a plan."""
    zone_of = {i: number for number, zone in enumerate(zones) for i in zone}
    return tuple(zone_of[i] for i in range(n))
