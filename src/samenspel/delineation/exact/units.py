"""Places that must lie in one zone as one unit, and what a zone may hold of every measure."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from samenspel.delineation.problem import Floats, Ints, Problem
from samenspel.landscape.index import Csr, csr

# More than any total; small enough that sums of two stay within 64 bits.
ENDLESS = np.int64(2**61)


@dataclass(frozen=True)
class Units:
    """``of``: of each place its unit, numbered by first place. ``parts``: connected pieces of
    units; ``part_of_unit`` their unit. ``pieces``: neighbouring parts, with the land outside as the
    last row where it is known (``enclosed``). ``neighbours``: units that one zone may join.
    ``apart``: units that no zone may join, themselves among them where the rules contradict.
    """

    of: Ints
    count: int
    part_of_unit: Ints
    pieces: Csr
    enclosed: bool
    neighbours: Csr
    apart: Csr


@dataclass(frozen=True)
class Limits:
    """What a zone may hold, one row per measure (``size``: of each unit). ``most``: the upper
    bound; ``allowed``: what a unit that alone passes it lets its zone hold (0: no such unit)."""

    measures: tuple[str, ...]
    size: Ints
    low: Ints
    most: Ints
    allowed: Ints


def units_of(problem: Problem) -> Units:
    """The units of ``problem``: groups, places fixed in the same zone, and all that these tie."""
    n, rules = problem.size, problem.rules
    named: dict[str, list[int]] = {}
    for place, zone in rules.fixed.items():
        named.setdefault(zone, []).append(place)
    tied = [sorted(group.members) for group in rules.together] + list(named.values())
    of = components(n, ((group[0], other) for group in tied for other in group[1:]))
    count = int(of.max(initial=-1)) + 1
    a, b = problem.borders.a, problem.borders.b
    inside = of[a] == of[b]
    part = components(n, zip(a[inside].tolist(), b[inside].tolist(), strict=True))
    parts = int(part.max(initial=-1)) + 1
    part_of_unit = np.zeros(parts, np.int64)
    part_of_unit[part] = of
    joined = ~inside
    if rules.within is not None:
        joined &= rules.within[a] == rules.within[b]
    pieces = [part[a[~inside]], part[b[~inside]]]
    if problem.outside is not None:
        edge = np.unique(part[problem.outside])
        pieces = [np.append(pieces[0], edge), np.append(pieces[1], np.full(len(edge), parts))]
    firsts = [places[0] for places in named.values()]
    apart = [(of[x], of[y]) for x, y in rules.apart]
    apart += [(of[x], of[y]) for i, x in enumerate(firsts) for y in firsts[:i]]
    if rules.within is not None:
        apart += [(of[x], of[group[0]]) for group in tied for x in group
                  if rules.within[x] != rules.within[group[0]]]  # fmt: skip
    pairs = np.array(apart, dtype=np.int64).reshape(-1, 2)
    return Units(
        of,
        count,
        part_of_unit,
        both_ways(pieces[0], pieces[1], parts + 1),
        problem.outside is not None,
        both_ways(of[a[joined]], of[b[joined]], count),
        both_ways(pairs[:, 0], pairs[:, 1], count),
    )


def components(n: int, links: Iterable[tuple[int, int]]) -> Ints:
    """Of 0..n-1 the component that ``links`` tie it into, numbered by first member."""
    ends = np.array(list(links), dtype=np.int64).reshape(-1, 2)
    graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(n, n))
    found = connected_components(graph, directed=False)[1]
    _labels, first, where = np.unique(found, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return np.asarray(rank[where], dtype=np.int64)


def both_ways(rows: Ints, columns: Ints, n: int) -> Csr:
    """Distinct unordered pairs as a symmetric matrix without values."""
    keys = np.unique(np.concatenate([rows * n + columns, columns * n + rows]).astype(np.int64))
    return csr(keys // max(n, 1), keys % max(n, 1), np.ones(len(keys)), n)


def summed(units: Units, values: Floats | Ints) -> Ints:
    """The sum over the places of each unit, in whole numbers."""
    total = np.zeros(units.count, np.int64)
    np.add.at(total, units.of, values.astype(np.int64))
    return total


def limits_of(problem: Problem, units: Units, slack: float = 0.0) -> Limits:
    """The bounds of ``problem`` on units; soft bounds widened by ``slack``, the part of a bound by
    which a zone may pass it (infinite: no bound)."""
    measures = tuple(problem.rules.bounds)
    shape = (len(measures), units.count)
    size, allowed = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    low, most = np.zeros(len(measures), np.int64), np.full(len(measures), ENDLESS)
    for m, measure in enumerate(measures):
        bound = problem.rules.bounds[measure]
        places = problem.measure(measure)
        size[m] = summed(units, places)
        wide = 0.0 if bound.hard else slack
        low[m] = bound.low or 0
        if wide:
            low[m] = int(np.ceil(low[m] * max(0.0, 1.0 - wide) - 1e-6))
        if bound.high is None:
            continue
        # A soft upper bound of 0 has no part to pass, and so costs nothing.
        free = wide and (np.isinf(wide) or bound.high == 0)
        more = ENDLESS if free else np.int64(np.floor(bound.high * wide + 1e-6))
        most[m] = min(bound.high + more, ENDLESS)
        extra = problem.rules.oversize if measure == "population" else 0
        for members in oversize_units(problem, places, bound.high):
            unit = units.of[members[0]]
            alone = int(places[members].sum())
            room = ENDLESS if extra is None else min(alone + extra + more, ENDLESS)
            allowed[m, unit] = max(allowed[m, unit], room)
    return Limits(measures, size, low, most, allowed)


def oversize_units(problem: Problem, places: Ints, high: int) -> list[list[int]]:
    """The places and groups that alone pass the upper bound ``high``."""
    single = [[int(i)] for i in np.flatnonzero(places > high)]
    groups = [sorted(group.members) for group in problem.rules.together]
    return single + [g for g in groups if int(places[g].sum()) > high]
