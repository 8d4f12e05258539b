"""The linear relaxation of the set partition, with columns priced in as they are needed.

Every row (a unit, or a present zone) is covered exactly once, by columns of which those that
count are zones; their number lies in a range. The duals give a bound on every plan and reduced
costs: how much worse a plan with a column is at least (Garfinkel and Nemhauser 1970).
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, eye_array, hstack

from samenspel.delineation.exact.clock import Clock
from samenspel.delineation.problem import Flags, Floats, Ints

TOLERANCE = 1e-9
IMPOSSIBLE = 1e-6  # rows short of a cover, far above what rounding could leave
BATCH = 300  # columns priced in at a time
FIRST = 10  # columns of each row to begin with


@dataclass(frozen=True)
class Columns:
    """``matrix``: columns by rows, 0 and 1. ``cost`` of each column; ``zone``: whether it is one
    of the zones that ``zones`` (least and most) counts; the others cover one row at no cost."""

    matrix: csr_array
    cost: Floats
    zone: Flags
    zones: tuple[int, int]


@dataclass(frozen=True)
class Dual:
    """``bound``: no plan costs less; None where there is none. ``reduced``: of each column, at
    least 0; a plan costs the bound, the reduced costs of its columns, and ``per_zone`` (at least 0)
    for each zone that it has beyond ``anchor``, one end of the range."""

    bound: float | None
    reduced: Floats
    per_zone: float
    anchor: int


def dual_of(columns: Columns, clock: Clock) -> Dual:
    """The bound of the relaxation, or an earlier one where the clock stops it; true either way,
    since it is made from the reduced costs of all columns."""
    nothing = np.zeros(len(columns.cost))
    kept, worth = priced(columns, nothing, cheapest(columns), True, clock)
    lack = proof(columns, nothing, worth)
    if lack.bound is not None and lack.bound > IMPOSSIBLE:
        return Dual(None, lack.reduced, 0.0, 0)
    _kept, worth = priced(columns, columns.cost, kept, False, clock)
    return proof(columns, columns.cost, worth)


def cheapest(columns: Columns) -> Ints:
    """A few columns to begin with: of each row those that cost least per row covered."""
    each = columns.cost / np.maximum(np.diff(columns.matrix.indptr), 1)
    by_row = columns.matrix.tocsc()
    found = [np.flatnonzero(~columns.zone)]
    for row in range(by_row.shape[1]):
        own = by_row.indices[by_row.indptr[row] : by_row.indptr[row + 1]]
        found.append(own[np.argsort(each[own], kind="stable")[:FIRST]])
    return np.unique(np.concatenate(found)).astype(np.int64)


def priced(
    columns: Columns, cost: Floats, kept: Ints, short: bool, clock: Clock
) -> tuple[Ints, tuple[Floats, float]]:
    """Columns that suffice for the relaxation, and the worth of each row and of a zone. ``short``:
    the cost is that of rows left short instead; it is done when none is."""
    worth = np.zeros(columns.matrix.shape[1]), 0.0
    with clock.interruptible():
        while not clock.over():
            answer = relaxed(columns, cost, kept, short)
            if answer is None:
                break
            value, worth = answer
            reduced = cost - columns.matrix @ worth[0] - worth[1] * columns.zone
            reduced[kept] = 0.0
            wanted = np.flatnonzero(reduced < -TOLERANCE)
            if not len(wanted) or (short and value < TOLERANCE):
                break
            best = wanted[np.argsort(reduced[wanted], kind="stable")[:BATCH]]
            kept = np.unique(np.concatenate([kept, best]))
    return kept, worth


def relaxed(
    columns: Columns, cost: Floats, kept: Ints, short: bool
) -> tuple[float, tuple[Floats, float]] | None:
    """Value and duals of the relaxation over the columns ``kept``; None where it has no answer."""
    rows = columns.matrix.shape[1]
    equal = columns.matrix[kept].T
    zone = columns.zone[kept].astype(np.float64)
    limits = np.vstack([zone, -zone])
    weight = cost[kept]
    if short:  # one more column for each row, and for a zone too many and one too few
        equal = hstack([equal, eye_array(rows), csr_array((rows, 2))])
        limits = np.hstack([limits, np.zeros((2, rows)), -np.eye(2)])
        weight = np.concatenate([weight, np.ones(rows + 2)])
    least, most = columns.zones
    answer = linprog(
        weight,
        A_ub=csr_array(limits),
        b_ub=[most, -least],
        A_eq=csr_array(equal),
        b_eq=np.ones(rows),
        method="highs-ds",
    )
    if answer.status != 0:
        return None
    over = answer.ineqlin.marginals
    return float(answer.fun), (answer.eqlin.marginals, float(over[0] - over[1]))


def proof(columns: Columns, cost: Floats, worth: tuple[Floats, float]) -> Dual:
    """A true bound from any worth of rows and zones: what is too much is taken off."""
    rows, zone = worth[0].copy(), worth[1]
    alone = columns.matrix[~columns.zone].indices
    rows[alone] = np.minimum(rows[alone], 0.0)
    reduced = cost - columns.matrix @ rows
    low = reduced[columns.zone].min(initial=np.inf)
    zone = min(zone, low) if np.isfinite(low) else 0.0
    reduced[columns.zone] -= zone
    least, most = columns.zones
    anchor = least if zone >= 0 else most
    return Dual(float(rows.sum()) + zone * anchor, np.maximum(reduced, 0.0), abs(zone), anchor)
