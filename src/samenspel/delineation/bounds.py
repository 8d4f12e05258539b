"""What no plan can do better: an honest lower bound of each goal, from hard rules alone."""

import numpy as np

from samenspel.delineation.goals import part
from samenspel.delineation.problem import AGREEMENT, Flags, Hyperedges, Ints, Problem


def best_possible(problem: Problem) -> dict[str, float]:
    """The least cost (0 to 1, as in ``goals.py``) that each goal with a bound can have.

    A set must be cut where it is open, holds a pair that must lie apart or places of different
    regions, or has more than fits in a zone. ``balance``, ``border``, ``flows`` and ``moved`` have
    no bound here: they are absent, which means unknown. With one zone only there is nothing lost,
    and nothing is claimed.
    """
    found = {}
    fewest = zones_needed(problem, problem.partnerships)
    weights = problem.partnerships.weights
    found["cut"] = part(float(weights[fewest > 1].sum()), float(weights.sum()))
    found["connectivity"] = pieces(problem.partnerships, fewest)
    for zoning, zones in problem.zonings.items():
        found[AGREEMENT + zoning] = pieces(zones, zones_needed(problem, zones))
    return found


def pieces(sets: Hyperedges, fewest: Ints) -> float:
    """The least cost of connectivity where each set touches at least so many zones."""
    most = sets.weights * np.maximum(np.diff(sets.members.indptr) - 1 + sets.open, 0)
    return part(float((sets.weights * np.maximum(fewest - 1, 0)).sum()), float(most.sum()))


def zones_needed(problem: Problem, sets: Hyperedges) -> Ints:
    """Of each set how many zones it touches at least; land outside counts as one for open sets."""
    count = len(sets.names)
    owner = np.repeat(np.arange(count), np.diff(sets.members.indptr))
    places = sets.members.indices
    fewest = np.where(np.diff(sets.members.indptr) > 0, 1, 0).astype(np.int64)
    region = problem.rules.within
    if region is not None and len(places):
        distinct = np.unique(owner * (int(region.max()) + 1) + region[places])
        regions = np.bincount(distinct // (int(region.max()) + 1), minlength=count)
        fewest = np.maximum(fewest, regions)
    inside = np.zeros((count, problem.size), np.bool_) if problem.rules.apart else None
    if inside is not None:
        inside[owner, places] = True
        for a, b in problem.rules.apart:
            fewest[inside[:, a] & inside[:, b]] = np.maximum(fewest[inside[:, a] & inside[:, b]], 2)
    for measure, bound in problem.rules.bounds.items():
        if bound.hard and bound.high:
            size = problem.measure(measure)
            held = np.bincount(owner, size[places], count)
            fits: Flags = held > bound.high
            roomy = oversize_places(problem, measure, bound.high)
            exempt = np.bincount(owner, roomy[places], count) > 0
            needed = np.ceil(held / bound.high).astype(np.int64)
            fewest = np.where(fits & ~exempt, np.maximum(fewest, needed), fewest)
    return fewest + sets.open


def oversize_places(problem: Problem, measure: str, high: int) -> Flags:
    """The places of units that alone pass the upper bound: for their zone it is another one."""
    size = problem.measure(measure)
    found: Flags = size > high
    for group in problem.rules.together:
        members = sorted(group.members)
        if size[members].sum() > high:
            found[members] = True
    return found
