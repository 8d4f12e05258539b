"""Two plans crossed: what both keep together becomes one unit, and the smaller problem is searched.

The overlay of two good plans holds few units and still both plans, so that annealing it moves whole
blocks of land; afterwards the child is annealed gently, unit by unit (multilevel recombination:
Sanders and Schulz 2012).
"""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order

from samenspel.delineation.graphs import parts
from samenspel.delineation.heuristic.annealing import Share, Stop, Try, run
from samenspel.delineation.heuristic.contraction import contracted
from samenspel.delineation.heuristic.kernel import Model
from samenspel.delineation.heuristic.naming import renaming
from samenspel.delineation.problem import Ints, Problem, normalised

BLOCKS = 0.6  # part of the proposals for the blocks, the rest for single units (status: choice)
GENTLE = 0.1  # temperature of the last part (status: choice)
RESIZED = 0.25  # part of the children with a zone more or less (status: choice)


def cross(
    problem: Problem,
    model: Model,
    unit: Ints,
    better: Try,
    other: Try,
    seed: int,
    steps: int,
    stop: Stop,
) -> Try:
    """A child of two plans. ``unit``: of each place. It begins as the better plan, or, where the
    land is in parts that no zone can leave, with each part after one of the two."""
    start = mixed(problem, model, better.plan, other.plan, seed)
    start = resized(problem, model, start, np.random.default_rng(seed))
    zones = int(start.max()) + 1
    block = overlay(model, start, other.plan)
    first = np.unique(block, return_index=True)[1]
    blocks = run(
        contracted(model, block), start[first], zones, seed,
        Share(int(BLOCKS * steps)), 1.0, stop, renaming(problem, block[unit]),
    )  # fmt: skip
    child = run(
        model, blocks.plan[block], zones, seed + 1, Share(steps - int(BLOCKS * steps)),
        GENTLE, stop, renaming(problem, unit),
    )  # fmt: skip
    return Try(child.plan, child.zones, child.objective, child.broken, blocks.steps + child.steps)


def mixed(problem: Problem, model: Model, better: Ints, other: Ints, seed: int) -> Ints:
    """The better plan; where the land is in several connected parts, in each the better or the
    other one by chance, as long as the number of zones is allowed."""
    n = len(better)
    part = parts(np.repeat(np.arange(n), np.diff(model.neighbour_start)), model.neighbour, n)
    count = int(part.max()) + 1
    if count > 1:
        chosen = np.random.default_rng(seed).random(count)[part] < 0.5
        plan = normalised(np.where(chosen, better, other + int(better.max()) + 1))
        least, most = problem.rules.zones
        if least <= int(plan.max()) + 1 <= most:
            return plan
    return better


def resized(problem: Problem, model: Model, plan: Ints, random: np.random.Generator) -> Ints:
    """``plan``, or at times, where the rules allow it, with two neighbouring zones made one or a
    zone divided in two."""
    least, most = problem.rules.zones
    zones = int(plan.max()) + 1
    if random.random() >= RESIZED:
        return plan
    wanted = [k for k in (zones - 1, zones + 1) if least <= k <= most]
    if not wanted:
        return plan
    return normalised(
        joined(model, plan, random)
        if random.choice(wanted) < zones
        else divided(model, plan, random)
    )


def joined(model: Model, plan: Ints, random: np.random.Generator) -> Ints:
    """``plan`` with two neighbouring zones made one; as it is where no two are neighbours."""
    a = plan[np.repeat(np.arange(len(plan)), np.diff(model.neighbour_start))]
    b = plan[model.neighbour]
    pairs = np.unique(np.stack([a, b], axis=1)[a < b], axis=0)
    if not len(pairs):
        return plan
    keep, goes = pairs[random.integers(len(pairs))]
    return np.where(plan == goes, keep, plan)


def divided(model: Model, plan: Ints, random: np.random.Generator) -> Ints:
    """``plan`` with one zone of several units cut where a tree through it has most nearly half its
    inhabitants on either side; as it is where all have one unit."""
    large = np.flatnonzero(np.bincount(plan) > 1)
    if not len(large):
        return plan
    inside = np.flatnonzero(plan == random.choice(large))
    graph = csr_array(
        (np.ones(len(model.neighbour)), model.neighbour, model.neighbour_start),
        shape=(len(plan), len(plan)),
    )[inside][:, inside]
    order, before = breadth_first_order(graph, random.integers(len(inside)), directed=False)
    below = model.size[0][inside].astype(np.int64)
    for u in order[:0:-1]:
        below[before[u]] += below[u]
    cut = order[1:][np.argmin(abs(2 * below[order[1:]] - below[order[0]]))]
    side = np.zeros(len(inside), np.bool_)
    side[cut] = True
    for u in order[1:]:
        side[u] |= side[before[u]]
    found = plan.copy()
    found[inside[side]] = plan.max() + 1
    return found


def overlay(model: Model, one: Ints, two: Ints) -> Ints:
    """Of each unit its block: the connected parts that both plans keep together."""
    n = len(one)
    a = np.repeat(np.arange(n), np.diff(model.neighbour_start))
    b = model.neighbour
    same = (one[a] == one[b]) & (two[a] == two[b])
    return parts(a[same], b[same], n)
