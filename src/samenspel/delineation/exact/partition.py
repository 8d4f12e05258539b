"""The cheapest plan made of candidate columns, proven.

The relaxation gives a bound and the reduced cost of every column. A plan that costs at most the
bound and a budget uses only columns whose reduced cost is within the budget, and these are few:
the budget grows until a plan is found, and then the search has seen all that could be cheaper.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from samenspel.delineation.exact import coverkernel
from samenspel.delineation.exact.clock import Clock
from samenspel.delineation.exact.lp import Columns, Dual, dual_of
from samenspel.delineation.problem import Floats, Ints, Words
from samenspel.landscape.index import csr

TIE = 1e-9  # plans closer than this count as equal
STEPS = 2**16  # nodes between two looks at the clock
TABLE = 2**20  # states kept
DIVE = 2**12  # nodes spent at most on a first plan
EFFORT = 2**20  # nodes spent at most on the first of equals
ENDLESS = 2**62
FEW = 60  # columns per row within the first budget
GROWTH = 2.0


@dataclass(frozen=True)
class Cover:
    """``columns``: of the best plan found, ascending; None where none was. ``cost``: without what
    is the same for all plans. ``bound``: no plan costs less (infinite: there is none). ``first``:
    whether it is certain that it is the first of its equals."""

    columns: Ints | None
    cost: float
    bound: float
    first: bool


def cover(columns: Columns, limit: float, clock: Clock, first: bool = True) -> Cover:
    """The cheapest plan, among equals the ``first`` where asked (see ``first_of_equals``); plans
    that cost more than ``limit`` do not matter, and none is found where all do."""
    dual = dual_of(columns, clock)
    if dual.bound is None:
        return Cover(None, np.inf, np.inf, True)
    room = limit - dual.bound
    order = np.argsort(dual.reduced, kind="stable")
    steps = dual.reduced[order]
    found: Ints | None = None
    spent = np.inf
    bound = dual.bound
    for budget, few in budgets(steps, columns.matrix.shape[1]):
        budget = min(budget, room, spent - TIE)
        walk = Walk(columns, dual, order[: np.searchsorted(steps, budget, side="right")], budget)
        done = walk.go(clock, DIVE if few else ENDLESS)
        if walk.best is not None:
            found, spent = walk.best, above(columns, dual, walk.best)
        if done:
            # Nothing is cheaper than what this walk found, or costs so little as the budget.
            if walk.best is not None or budget >= min(room, spent - TIE):
                bound = dual.bound + spent
                break
            bound = dual.bound + budget
        elif not few:
            break
    if found is None:
        return Cover(None, np.inf, bound, bound == np.inf)
    cost = dual.bound + spent
    if bound < cost or not first:
        return Cover(np.sort(found), cost, bound, False)
    found, certain = first_of_equals(columns, dual, found, spent + TIE, clock)
    return Cover(np.sort(found), cost, bound, certain)


def budgets(steps: Floats, rows: int) -> Iterator[tuple[float, bool]]:
    """Budgets to try, and whether only a look is asked: first everything for a moment, then from
    few columns to all."""
    yield np.inf, True
    some = min(FEW * rows, len(steps)) - 1
    budget = max(float(steps[some]), TIE) if len(steps) else np.inf
    while len(steps) and budget < steps[-1]:
        yield budget, False
        budget *= GROWTH
    yield np.inf, False


class Walk:
    """A depth-first search over some columns, which can be stopped and go on."""

    def __init__(self, columns: Columns, dual: Dual, some: Ints, budget: float) -> None:
        """``some``: columns by rising reduced cost."""
        self.some = some
        matrix = columns.matrix[some]
        count, rows = matrix.shape
        owner = np.repeat(np.arange(count), np.diff(matrix.indptr))
        by_row = csr(matrix.indices.astype(np.int64), owner, np.ones(len(owner)), rows)
        masks = words(matrix.indptr, matrix.indices, rows)
        self.choice = coverkernel.Choice(
            masks=masks,
            cost=dual.reduced[some],
            zone=columns.zone[some].astype(np.int64),
            by_row=(by_row.indptr, by_row.indices),
            full=words(np.array([0, rows]), np.arange(rows), rows)[0],
            least=columns.zones[0],
            most=columns.zones[1],
            per_zone=dual.per_zone,
            anchor=dual.anchor,
        )
        self.walk = coverkernel.descent(rows, masks.shape[1], budget, TIE, TABLE)

    def go(self, clock: Clock, steps: int, first: bool = False) -> bool:
        """Search on for about so many steps; True when all within the budget is seen (or, if
        ``first``, one is found)."""
        done, until = False, self.steps + steps
        with clock.interruptible():
            while not done and self.steps < until and not clock.over():
                done = coverkernel.cover(self.walk, self.choice, first, min(steps, STEPS))
        return done

    @property
    def steps(self) -> int:
        """How many nodes it has seen."""
        return int(self.walk.state[coverkernel.STEPS])

    @property
    def best(self) -> Ints | None:
        """The columns of the best cover found."""
        length = int(self.walk.state[coverkernel.BEST])
        return self.some[self.walk.best[:length]] if length >= 0 else None


def above(columns: Columns, dual: Dual, chosen: Ints) -> float:
    """What a plan costs above the bound."""
    number = int(columns.zone[chosen].sum())
    return float(dual.reduced[chosen].sum()) + dual.per_zone * abs(number - dual.anchor)


def words(indptr: Ints, indices: Ints, rows: int) -> Words:
    """Rows of a matrix as bits, 64 to a word."""
    found = np.zeros((len(indptr) - 1, max(1, -(-rows // 64))), np.uint64)
    owner = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
    bits = np.uint64(1) << (indices % 64).astype(np.uint64)
    np.bitwise_or.at(found, (owner, indices // 64), bits)
    return found


def first_of_equals(
    columns: Columns, dual: Dual, plan: Ints, budget: float, clock: Clock
) -> tuple[Ints, bool]:
    """Of the plans within the budget the one whose zone numbers, given in order of the first row,
    are the first in the order of lists; and whether that is certain.

    Row by row: whether some plan puts it in an earlier zone than the best plan known does.
    """
    some = np.flatnonzero(dual.reduced <= budget)
    some = some[np.argsort(dual.reduced[some], kind="stable")]
    has = columns.matrix[some].toarray() > 0
    zoned = np.flatnonzero(~has[~columns.zone[some]].any(axis=0))
    zone_of = np.full(len(some), -1)  # the zone that a column is, as far as its rows are settled
    open_ = np.ones(len(some), np.bool_)
    zones, steps = 0, 0
    for row in zoned:
        known = int(zone_of[np.flatnonzero(np.isin(some, plan) & has[:, row])[0]])
        for zone in range(zones if known < 0 else known):
            kept = open_ & (has[:, row] == (zone_of == zone))
            walk = Walk(columns, dual, some[kept], budget)
            done = walk.go(clock, EFFORT - steps, first=True)
            steps += walk.steps
            if not done:
                return plan, False
            if walk.best is not None:
                plan, known = walk.best, zone
                break
        if known < 0:
            zone_of[open_ & (zone_of < 0) & has[:, row]] = known = zones
            zones += 1
        open_ &= has[:, row] == (zone_of == known)
    return plan, True
