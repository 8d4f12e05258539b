"""Recombination of two zones, compiled: merge them, draw a spanning tree, divide it again.

Arrays in, arrays out. What it means, and the chances of each choice, stands in ``chains.py``.
"""

from typing import NamedTuple

import numpy as np

from samenspel.delineation.chains.land import Land
from samenspel.delineation.chains.state import State, account, energy, exchange, has_hole
from samenspel.delineation.chains.trees import Shorts, add_up, intervals, is_below, spanning_tree
from samenspel.delineation.chance import draw
from samenspel.delineation.compiled import jit
from samenspel.delineation.problem import Flags, Ints

# What became of a step; BEYOND counts trees with more dividing edges than ``most``.
DONE, NO_PAIR, NO_DIVISION, RULE, CHANCE, BEYOND = range(6)


class Work(NamedTuple):
    """Work space. A *local* number counts the nodes of the merged land. ``members``: local to node;
    ``local``: node to local, -1 elsewhere; ``start``, ``near``: neighbours by local numbers;
    ``parent``, ``order``, ``done``: the tree; ``below``: row by local; ``span``, ``enter``: see
    ``trees.intervals``; ``pair_a``, ``pair_b``, ``pair_same`` and ``large_row``, ``large_node``,
    ``large_room``: those of the land that lie in the merged land; ``found``: edges that divide it
    well, by their lower end; ``chosen``: nodes to move; ``side``: whether a local lies below the
    edge."""

    members: Ints
    local: Shorts
    start: Shorts
    near: Shorts
    parent: Shorts
    order: Shorts
    done: Flags
    below: Ints
    span: Ints
    enter: Ints
    pair_a: Ints
    pair_b: Ints
    pair_same: Flags
    large_row: Ints
    large_node: Ints
    large_room: Ints
    found: Ints
    chosen: Ints
    side: Flags


def work_of(land: Land) -> Work:
    """Work space for ``land``."""
    n, pairs, large = land.size.shape[1], len(land.pair_a), len(land.large_row)

    def shorts(count: int) -> Shorts:
        return np.zeros(count, np.int32)

    def ints(count: int) -> Ints:
        return np.zeros(count, np.int64)

    return Work(
        ints(n), shorts(n) - np.int32(1), shorts(n + 1), shorts(len(land.near)), shorts(n),
        shorts(n), np.zeros(n, np.bool_), np.zeros(land.size.shape, np.int64), ints(n), ints(n),
        ints(pairs), ints(pairs), np.zeros(pairs, np.bool_), ints(large), ints(large), ints(large),
        ints(n), ints(n), np.zeros(n, np.bool_),
    )  # fmt: skip


@jit
def merge(land: Land, state: State, work: Work, a: int, b: int) -> tuple[int, int, int]:
    """Number the nodes of the zones a and b, which touch, and list their neighbours. Returns how
    many nodes, pairs and large units there are."""
    zone, local, members = state.zone, work.local, work.members
    members[0] = state.first[a]
    local[members[0]] = 0
    count, head, links = 1, 0, 0
    while head < count:
        u = members[head]
        work.start[head] = links
        for at in range(land.near_start[u], land.near_start[u + 1]):
            v = land.near[at]
            if zone[v] == a or zone[v] == b:
                if local[v] < 0:
                    local[v] = count
                    members[count] = v
                    count += 1
                work.near[links] = local[v]
                links += 1
        head += 1
    work.start[count] = links
    pairs, large = 0, 0
    for i in range(land.pair_a.size):
        p, q = local[land.pair_a[i]], local[land.pair_b[i]]
        if p >= 0 and q >= 0:
            work.pair_a[pairs], work.pair_b[pairs] = p, q
            work.pair_same[pairs] = land.pair_same[i]
            pairs += 1
    for i in range(land.large_row.size):
        p = local[land.large_node[i]]
        if p >= 0:
            work.large_row[large], work.large_node[large] = land.large_row[i], p
            work.large_room[large] = land.large_room[i]
            large += 1
    for i in range(count):
        local[members[i]] = -1
    return count, pairs, large


@jit
def room(work: Work, large: int, row: int, v: int, lower: bool) -> int:
    """What the part of the merged land below the edge above v, or the other one, may hold of a row
    because of a unit above the upper bound; 0 where it has none."""
    most = 0
    for i in range(large):
        if work.large_row[i] == row:
            inside = is_below(v, work.large_node[i], work.span, work.enter)
            if inside == lower:
                most = max(most, work.large_room[i])
    return most


@jit
def divisions(
    land: Land, state: State, work: Work, a: int, b: int, count: int, pairs: int, large: int
) -> int:
    """How many edges of the tree divide the merged land into two zones within the bounds, with
    centres, and with the pairs as they must be; they stand in ``work.found``."""
    order, below = work.order, work.below
    for at in range(land.strict.size):
        row = land.strict[at]
        for i in range(count):
            below[row, i] = land.size[row, work.members[i]]
        add_up(count, work.parent, order, below[row])
    if pairs > 0 or large > 0:
        intervals(count, work.parent, order, work.span, work.enter)
    found = 0
    for i in range(1, count):
        v = order[i]
        good = True
        for at in range(land.strict.size):
            row = land.strict[at]
            low, high = land.low[row], land.high[row]
            one = below[row, v]
            other = state.held[row, a] + state.held[row, b] - one
            if one < low or other < low:
                good = False
                break
            if one > high and one > room(work, large, row, v, True):
                good = False
                break
            if other > high and other > room(work, large, row, v, False):
                good = False
                break
        if good:
            for j in range(pairs):
                p = is_below(v, work.pair_a[j], work.span, work.enter)
                q = is_below(v, work.pair_b[j], work.span, work.enter)
                if (p == q) != work.pair_same[j]:
                    good = False
                    break
        if good:
            work.found[found] = v
            found += 1
    return found


@jit
def divide(state: State, work: Work, count: int, v: int, a: int) -> int:
    """Mark the locals below the edge above v, and choose the nodes to move: the part that goes to a
    is the one that moves the fewest. Returns how many."""
    side = work.side
    side[work.order[0]] = False
    to_a = 0  # nodes that move when what lies below becomes a
    for i in range(1, count):
        u = work.order[i]
        side[u] = u == v or side[work.parent[u]]
    for i in range(count):
        if side[i] != (state.zone[work.members[i]] == a):
            to_a += 1
    below_is_a = 2 * to_a <= count
    moved = 0
    for i in range(count):
        u = work.members[i]
        if (side[i] == below_is_a) != (state.zone[u] == a):
            work.chosen[moved] = u
            moved += 1
    return moved


@jit
def seam(work: Work, count: int) -> int:
    """Edges between the two parts."""
    found = 0
    for i in range(count):
        if work.side[i]:
            for at in range(work.start[i], work.start[i + 1]):
                if not work.side[work.near[at]]:
                    found += 1
    return found


@jit
def recombine(
    land: Land, state: State, work: Work, tally: Ints, a: int, b: int, reversible: bool,
    tries: int, most: int, beta: float,
) -> int:  # fmt: skip
    """One recombination of the zones a and b, which touch. Returns what became of it."""
    count, pairs, large = merge(land, state, work, a, b)
    found = 0
    for _attempt in range(1 if reversible else tries):
        spanning_tree(
            work.start, work.near, count, count // 3, work.parent, work.order, work.done,
            state.random,
        )  # fmt: skip
        found = divisions(land, state, work, a, b, count, pairs, large)
        if found > 0:
            break
    if found == 0:
        return NO_DIVISION
    limit = found
    if reversible:
        limit = most if most > 0 else count - 1
        if found > limit:
            tally[BEYOND] += 1
    pick = int(draw(state.random) * limit)
    if pick >= found:
        return CHANCE
    moved = divide(state, work, count, work.found[pick], a)
    if reversible and draw(state.random) * seam(work, count) >= 1.0:
        return CHANCE
    exchange(land, state, work.chosen, moved, a, b)
    if land.holes and (has_hole(land, state, a) or has_hole(land, state, b)):
        exchange(land, state, work.chosen, moved, a, b)
        return RULE
    before = energy(land, state) if beta > 0 else 0.0
    account(land, state, work.chosen, moved, a, b)
    if beta > 0 and draw(state.random) >= np.exp(-beta * (energy(land, state) - before)):
        exchange(land, state, work.chosen, moved, a, b)
        account(land, state, work.chosen, moved, a, b)
        return CHANCE
    for i in range(count):
        state.first[state.zone[work.members[i]]] = work.members[i]
    return DONE
