"""Two plans crossed: what both keep together becomes one unit, and the smaller problem is searched.

The overlay of two good plans holds few units and still both plans, so that annealing it moves whole
blocks of land; afterwards the child is annealed gently, unit by unit (multilevel recombination:
Sanders and Schulz 2012).
"""

import numpy as np

from samenspel.delineation.annealing import Share, Stop, Try, run
from samenspel.delineation.contraction import contracted, parts
from samenspel.delineation.kernel import Model
from samenspel.delineation.naming import renaming
from samenspel.delineation.problem import Ints, Problem

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
    """A child of two plans, with the zones of the better one. ``unit``: of each place."""
    block = overlay(model, better.plan, other.plan)
    first = np.unique(block, return_index=True)[1]
    blocks = run(
        contracted(model, block), better.plan[first], better.zones, seed,
        Share(int(BLOCKS * steps)), 1.0, stop, renaming(problem, block[unit]),
    )  # fmt: skip
    child = run(
        model, blocks.plan[block], better.zones, seed + 1, Share(steps - int(BLOCKS * steps)),
        GENTLE, stop, renaming(problem, unit),
    )  # fmt: skip
    return Try(child.plan, child.zones, child.objective, child.broken, blocks.steps + child.steps)


def overlay(model: Model, one: Ints, two: Ints) -> Ints:
    """Of each unit its block: the connected parts that both plans keep together."""
    n = len(one)
    a = np.repeat(np.arange(n), np.diff(model.neighbour_start))
    b = model.neighbour
    same = (one[a] == one[b]) & (two[a] == two[b])
    return parts(a[same], b[same], n)
