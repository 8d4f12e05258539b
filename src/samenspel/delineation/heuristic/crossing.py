"""Two plans crossed: what both keep together becomes one unit, and the smaller problem is searched.

The overlay of two good plans holds few units and still both plans, so that annealing it moves whole
blocks of land; afterwards the child is annealed gently, unit by unit (multilevel recombination:
Sanders and Schulz 2012).
"""

import numpy as np

from samenspel.delineation.graphs import parts
from samenspel.delineation.heuristic.annealing import Share, Stop, Try, run
from samenspel.delineation.heuristic.contraction import contracted
from samenspel.delineation.heuristic.kernel import Model
from samenspel.delineation.heuristic.naming import renaming
from samenspel.delineation.problem import Ints, Problem, normalised

BLOCKS = 0.6  # part of the proposals for the blocks, the rest for single units (status: choice)
GENTLE = 0.1  # temperature of the last part (status: choice)


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
    zones = int(start.max()) + 1
    block = overlay(model, better.plan, other.plan)
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


def overlay(model: Model, one: Ints, two: Ints) -> Ints:
    """Of each unit its block: the connected parts that both plans keep together."""
    n = len(one)
    a = np.repeat(np.arange(n), np.diff(model.neighbour_start))
    b = model.neighbour
    same = (one[a] == one[b]) & (two[a] == two[b])
    return parts(a[same], b[same], n)
