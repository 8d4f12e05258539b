"""Non-dominated alternatives for a whole zone, all of them: dynamic programming over subsets.

An alternative divides the zone into sets of the list: mergers, and municipalities that stay as they
are. Every goal is a sum or a lowest value over these, so a way to cover some municipalities that
another way to cover the same ones dominates leads to nothing new. The place that is first in the
order and not covered yet is covered next, so every alternative is built in one way, and ways are
worked out level by level: by the first place that they leave open.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from samenspel.delineation.problem import Flags, Ints, Pairs
from samenspel.mergers import kernel

# Ways to cover a part that are looked at before it is given up (choice: some ten seconds and
# a few hundred megabytes).
WORK = 12_000_000
KEPT = 4_000_000
FLUSH = 2_000_000  # ways of one level that wait before those that are dominated are dropped
PLACES = 62  # a part is the bits of one whole number


@dataclass(frozen=True)
class Front:
    """``values``: one row per alternative, by goal as counted; ``plans``: of each the numbers of
    its sets, ascending. ``complete``: whether these are all non-dominated values; of alternatives
    with equal values one is kept."""

    values: Ints
    plans: tuple[tuple[int, ...], ...]
    complete: bool


@dataclass(frozen=True)
class Ways:
    """Ways to cover a part, one row each: the part as bits (``mask``), its ``values``, the way that
    it was made of (``before``) and the set that was added (``added``)."""

    mask: Ints
    values: Ints
    before: Ints
    added: Ints

    def chosen(self, which: Ints | Flags) -> "Ways":
        """Some of them."""
        return Ways(self.mask[which], self.values[which], self.before[which], self.added[which])

    @property
    def count(self) -> int:
        """How many."""
        return len(self.mask)


def oriented(values: Ints, more: Sequence[bool]) -> Ints:
    """The same values so that more is better of every goal."""
    return np.where(np.array(more), values, -values)


def nondominated(values: Ints) -> Flags:
    """Of each row whether no other is at least as good in all columns (more is better), but for
    equal rows, of which the first is kept."""
    found = np.zeros(len(values), np.bool_)
    nothing = np.zeros(len(values), np.int64)
    rest = settled(Ways(nothing, values, nothing, np.arange(len(values))))
    found[rest.added] = True
    return found


def settled(ways: Ways) -> Ways:
    """The ways that no other of the same part dominates; of equals the one with the lowest number
    of the set added, then of the way before."""
    order = np.lexsort((ways.before, ways.added, *(-ways.values.T[::-1]), ways.mask))
    ways = ways.chosen(order)
    new = np.flatnonzero(np.diff(ways.mask, prepend=-1))
    starts = np.append(new, ways.count).astype(np.int64)
    kept = np.zeros(ways.count, np.bool_)
    kernel.undominated(
        np.ascontiguousarray(ways.values), starts, kept, np.empty(ways.count, np.int64)
    )
    return ways.chosen(kept)


def joined(parts: Sequence[Ways]) -> Ways:
    """All of them."""
    return Ways(
        np.concatenate([one.mask for one in parts]),
        np.concatenate([one.values for one in parts]),
        np.concatenate([one.before for one in parts]),
        np.concatenate([one.added for one in parts]),
    )


def front(
    places: int,
    members: Sequence[Sequence[int]],
    values: Ints,
    more: Sequence[bool],
    lowest: Sequence[bool],
    order: Sequence[int] | None = None,
    work: int = WORK,
) -> Front | None:
    """Every non-dominated way to divide ``places`` into sets, each place in one; None where more
    than ``work`` ways would have to be looked at, or there are more than 62 places.

    ``members``: the places of each set; ``values``: of each set by goal; ``more``, ``lowest``: by
    goal, whether more is better and whether the lowest counts instead of the sum. ``order``: of the
    places, in which they are covered; one that follows the land keeps the work small.
    """  # fmt: skip
    low = np.array(lowest, np.bool_)
    if (low & ~np.array(more, np.bool_)).any():
        raise ValueError("of a goal of which the lowest counts more is better")
    if places > PLACES:
        return None
    good = oriented(values, more)
    rank = range(places) if order is None else order
    bit = {place: 1 << at for at, place in enumerate(rank)}
    masks = [sum(bit[place] for place in one) for one in members]
    first: list[list[int]] = [[] for _ in range(places)]
    for number, mask in enumerate(masks):
        first[(mask & -mask).bit_length() - 1].append(number)
    waiting = [Waiting([]) for _ in range(places + 1)]
    none = np.where(low, np.iinfo(np.int64).max // 4, 0)[None, :]
    nothing = np.full(1, -1, np.int64)
    waiting[0].add(Ways(np.zeros(1, np.int64), none, nothing, nothing))
    done: list[Ways] = []
    begun, looked = [0], 0
    for at in range(places + 1):
        here = Ways(nothing[:0], none[:0], nothing[:0], nothing[:0])
        if waiting[at].queue:
            here = settled(joined(waiting[at].queue))
            waiting[at].queue = []
        done.append(here)
        begun.append(begun[-1] + here.count)
        if at == places:
            break
        for number in first[at]:
            free = np.flatnonzero(here.mask & masks[number] == 0)
            looked += len(free)
            if looked > work or begun[-1] > KEPT:
                return None
            new = extended(here, free, begun[at], number, masks[number], good[number], low)
            spread_out(new, waiting, places)
    final = done[places]
    plans = tuple(traced(done, begun, way) for way in range(begun[places], begun[places + 1]))
    return Front(oriented(final.values, more), plans, True)


def extended(
    here: Ways, free: Ints, offset: int, number: int, mask: int, row: Ints, low: Flags
) -> Ways:
    """The ways ``free`` of ``here`` with one more set; ``offset``: the number of the first way."""
    before = here.values[free]
    return Ways(
        here.mask[free] | mask,
        np.where(low, np.minimum(before, row), before + row),
        free + offset,
        np.full(len(free), number, np.int64),
    )


def spread_out(new: Ways, waiting: "list[Waiting]", places: int) -> None:
    """Put each way to those that leave the same place open first."""
    free = ~new.mask
    lowest = free & -free
    level = np.rint(np.log2(lowest.astype(np.float64))).astype(np.int64)
    for at in np.unique(level).tolist():
        waiting[min(at, places)].add(new.chosen(np.flatnonzero(level == at)))


@dataclass
class Waiting:
    """Ways of one level that have not been compared yet, but for the first of ``queue`` where some
    were before; ``new``: how many."""

    queue: list[Ways]
    new: int = 0

    def add(self, ways: Ways) -> None:
        """Some more; where they are many those that are dominated are dropped."""
        self.queue.append(ways)
        self.new += ways.count
        if self.new > FLUSH:
            self.queue, self.new = [settled(joined(self.queue))], 0


def traced(done: Sequence[Ways], begun: Sequence[int], way: int) -> tuple[int, ...]:
    """The sets of one way, by the numbers of the ways before it."""
    found: list[int] = []
    level = len(done) - 1
    while True:
        while begun[level] > way:
            level -= 1
        here = done[level]
        number, before = int(here.added[way - begun[level]]), int(here.before[way - begun[level]])
        if number < 0:
            return tuple(sorted(found))
        found.append(number)
        way = before


def along(borders: Pairs, places: int) -> list[int]:
    """An order of the places that keeps few places open beside those that are covered: from each
    place in turn, always the neighbour that opens the fewest others; of these orders the one with
    the fewest sets of open places, counted as all of them."""
    near: list[set[int]] = [set() for _ in range(places)]
    for a, b in zip(borders.a.tolist(), borders.b.tolist(), strict=True):
        near[a].add(b)
        near[b].add(a)
    orders = [grown(near, start) for start in range(places)]
    return min(orders, default=([], 0), key=lambda order: order[1])[0]


def grown(near: Sequence[set[int]], start: int) -> tuple[list[int], int]:
    """The order from ``start``, and what it costs."""
    rest = set(range(len(near)))
    order: list[int] = []
    edge: set[int] = set()
    cost = 0
    while rest:
        choice = edge or ({start} if start in rest else rest)
        best = min(choice, key=lambda place: (len((near[place] & rest) - edge), place))
        order.append(best)
        rest.remove(best)
        edge = (edge | near[best]) & rest
        cost += 2 ** len(edge)
    return order, cost
