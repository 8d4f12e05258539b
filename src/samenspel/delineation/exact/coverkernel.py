"""Hot loop: the cheapest exact cover of rows by columns, depth first.

At each node the row with the fewest columns left is covered. A set of rows covered before at no
more cost is not visited again (dominance), kept in a hash table of whole keys, so that nothing is
left to chance.
"""

from typing import NamedTuple

import numpy as np

from samenspel.delineation.compiled import jit
from samenspel.delineation.problem import Floats, Ints, Words

# Places in ``state``: depth of the walk, its steps, number of states kept, columns of the best.
DEPTH, STEPS, KEPT, BEST = 0, 1, 2, 3


class Choice(NamedTuple):
    """What stays the same. ``masks``: of each column its rows as bits; ``cost``; ``zone``: 1 where
    it counts as a zone; ``by_row``: row to columns by rising cost (CSR). ``full``: all rows. The
    number of zones is at least ``least`` and at most ``most``, and each beyond ``anchor``, one of
    both, costs ``per_zone``."""

    masks: Words
    cost: Floats
    zone: Ints
    by_row: tuple[Ints, Ints]
    full: Words
    least: int
    most: int
    per_zone: float
    anchor: int


class Descent(NamedTuple):
    """Where the walk stands. ``state``: numbers by the places above. By depth: rows ``covered``,
    cost ``spent``, ``zones`` taken, the row to cover (``row_of``, -1: not chosen yet), how far its
    columns were tried (``cursor``), and the column taken (``path``). ``best``: columns of the best
    cover. ``budget``: what a cover may cost, and by how much each next one must be cheaper.
    ``keys``, ``values``: the table of states seen, empty at 0, else 1 and what was spent."""

    state: Ints
    covered: Words
    spent: Floats
    zones: Ints
    row_of: Ints
    cursor: Ints
    path: Ints
    best: Ints
    budget: Floats
    keys: Words
    values: Floats


def descent(rows: int, words: int, budget: float, step: float, table: int) -> Descent:
    """A walk that is about to begin; ``table``: states kept, a power of two."""
    depth = rows + 2
    return Descent(
        np.array([0, 0, 0, -1]),
        np.zeros((depth, words), np.uint64),
        np.zeros(depth),
        np.zeros(depth, np.int64),
        np.full(depth, -1),
        np.zeros(depth, np.int64),
        np.zeros(depth, np.int64),
        np.zeros(depth, np.int64),
        np.array([budget, step]),
        np.zeros((table, words + 1), np.uint64),
        np.zeros(table),
    )


@jit
def cover(walk: Descent, choice: Choice, first: bool, steps: int) -> bool:
    """Goes on with the walk for so many steps; True when all within the budget is seen. With each
    cover found the budget falls below its cost. ``first``: stop at the first found."""
    state, covered, spent, zones, row_of, cursor, path, best, budget, keys, values = walk
    masks, cost, by_row, full = choice.masks, choice.cost, choice.by_row, choice.full
    words = masks.shape[1]
    depth = state[DEPTH]
    made = 0
    while depth >= 0 and made < steps:
        made += 1
        if row_of[depth] < 0:
            # A new node: done, hopeless, seen before, or the row to cover next.
            whole = True
            for w in range(words):
                whole = whole and covered[depth, w] == full[w]
            if whole:
                total = spent[depth] + choice.per_zone * abs(zones[depth] - choice.anchor)
                allowed = choice.least <= zones[depth] <= choice.most
                if allowed and total <= budget[0]:
                    budget[0] = total - budget[1]
                    state[BEST] = depth
                    for i in range(depth):
                        best[i] = path[i]
                    if first:
                        state[DEPTH] = -1
                        state[STEPS] += made
                        return True
                depth -= 1
                continue
            if zones[depth] > choice.most or seen(
                keys, values, state, covered[depth], zones[depth], spent[depth]
            ):
                depth -= 1
                continue
            row_of[depth] = scarcest(
                covered[depth], full, by_row, masks, cost, budget[0] - spent[depth]
            )
            if row_of[depth] < 0:
                depth -= 1
                continue
            cursor[depth] = by_row[0][row_of[depth]]
        at, end = cursor[depth], by_row[0][row_of[depth] + 1]
        room = budget[0] - spent[depth]
        chosen = -1
        while at < end:
            column = by_row[1][at]
            if cost[column] > room:
                at = end
                break
            at += 1
            if disjoint(masks[column], covered[depth]):
                chosen = column
                break
        cursor[depth] = at
        if chosen < 0:
            depth -= 1
            continue
        path[depth] = chosen
        for w in range(words):
            covered[depth + 1, w] = covered[depth, w] | masks[chosen, w]
        spent[depth + 1] = spent[depth] + cost[chosen]
        zones[depth + 1] = zones[depth] + choice.zone[chosen]
        depth += 1
        row_of[depth] = -1
    state[DEPTH] = depth
    state[STEPS] += made
    return bool(depth < 0)


@jit
def disjoint(one: Words, other: Words) -> bool:
    """Whether two sets share nothing."""
    shared = np.uint64(0)
    for w in range(len(one)):
        shared |= one[w] & other[w]
    return bool(shared == 0)


@jit
def scarcest(
    covered: Words, full: Words, by_row: tuple[Ints, Ints], masks: Words, cost: Floats, room: float
) -> int:
    """The row not covered with the fewest columns that fit; -1 where one has none."""
    found, fewest = -1, -1
    for row in range(len(by_row[0]) - 1):
        bit = np.uint64(1) << np.uint64(row & 63)
        if covered[row >> 6] & bit or not full[row >> 6] & bit:
            continue
        count = 0
        for at in range(by_row[0][row], by_row[0][row + 1]):
            column = by_row[1][at]
            if cost[column] > room:
                break
            if disjoint(masks[column], covered):
                count += 1
                if fewest >= 0 and count >= fewest:
                    break
        if count == 0:
            return -1
        if fewest < 0 or count < fewest:
            found, fewest = row, count
    return found


@jit
def seen(
    keys: Words, values: Floats, state: Ints, covered: Words, zones: int, spent: float
) -> bool:
    """Whether these rows were covered before by as many zones at no more cost; if not, they are
    kept as seen, as long as there is room."""
    words = len(covered)
    code = np.uint64(zones) * np.uint64(0x9E3779B97F4A7C15)
    for w in range(words):
        code ^= covered[w]
        code *= np.uint64(0xFF51AFD7ED558CCD)
        code ^= code >> np.uint64(32)
    size = len(values)
    at = np.int64(code & np.uint64(size - 1))
    while values[at] > 0:
        same = keys[at, words] == np.uint64(zones)
        for w in range(words):
            same = same and keys[at, w] == covered[w]
        if same:
            if values[at] <= spent + 1.0:
                return True
            values[at] = spent + 1.0
            return False
        at = (at + 1) & (size - 1)
    if 2 * state[KEPT] < size:
        state[KEPT] += 1
        values[at] = spent + 1.0
        keys[at, words] = np.uint64(zones)
        for w in range(words):
            keys[at, w] = covered[w]
    return False
