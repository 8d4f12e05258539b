"""Which groups are likely to be tight at an optimum: the linear programme of ``linear`` solved in
floating point (HiGHS in SciPy), groups added while they are violated. Its answer is only a hint."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from samenspel.sharing.groups import float_sums

Floats = NDArray[np.float64]
NEAR = 1e-9  # of the largest cost
ROUNDS = 60
ADDED = 3  # groups a round, times the number of parties


def likely(
    values: Floats,
    point: Sequence[Fraction],
    space: Sequence[Sequence[Fraction]],
    settled: NDArray[np.bool_],
    *,
    bounded: bool,
) -> list[int]:
    """Names of rows that seem tight, those with the largest multipliers first: the number of a
    group, or for the bound of party i the number -i-1. Empty where the programme gives nothing."""
    count = len(point)
    size = float(np.abs(values).max()) or 1.0
    cost = values / size
    base = np.array([float(amount) for amount in point]) / size
    slope = np.array([[float(entry) for entry in line] for line in space])
    groups = [1 << i for i in range(count) if not settled[1 << i]]
    if not groups:
        return []
    alone = np.array([cost[1 << i] for i in range(count)])
    for _round in range(ROUNDS):
        inside = (np.array(groups)[:, None] >> np.arange(count) & 1).astype(float)
        matrix = np.hstack([-np.ones((len(groups), 1)), inside @ slope])
        level = cost[groups] - inside @ base
        if bounded:
            matrix = np.vstack([matrix, np.hstack([np.zeros((count, 1)), slope])])
            level = np.concatenate([level, alone - base])
        aim = np.zeros(matrix.shape[1])
        aim[0] = 1
        found = linprog(aim, A_ub=matrix, b_ub=level, bounds=(None, None), method="highs-ds")
        if found.status != 0:
            return []
        amounts = base + slope @ found.x[1:]
        over = float_sums(amounts) - cost - found.x[0]
        over[settled] = -np.inf
        known = set(groups)
        violated = np.flatnonzero(over > max(NEAR, float(over.max()) / 2))
        most = np.argsort(-over[violated], kind="stable")[: ADDED * count]
        new = [m for m in violated[most].tolist() if m not in known]
        if not new:
            break
        groups += new
    slack = level - matrix @ found.x
    order = sorted(range(len(level)), key=lambda i: (found.ineqlin.marginals[i], slack[i]))
    tight = [i for i in order if slack[i] < 10 * NEAR]
    return [groups[i] if i < len(groups) else len(groups) - i - 1 for i in tight]
