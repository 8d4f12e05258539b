"""One chain over valid plans, compiled. Arrays in, arrays out; the same seed makes the same chain.

Three kinds of step. All keep the number of zones, and none leaves the plans that satisfy every hard
rule: a proposal that breaks one, or that chance refuses, keeps the plan for that step.

**Recombination** (``RECOM``; DeFord, Duchin, Solomon 2021): of all edges cut one is chosen, each
with the same chance; its two zones are merged, a uniform spanning tree of the merged land is drawn
(again, up to ``tries`` times, while none of its edges divides it well) and one of the edges that
do, each with the same chance, is removed. No formula for its stationary distribution is known.

**Reversible recombination** (``REVERSIBLE``; Cannon, Duchin, Randall, Rule 2022). Target: each
valid plan that can be reached in proportion to the product over its zones of the number of spanning
trees t(zone), times exp(-beta objective). Detailed balance, for plans x and y that differ in two
zones, A, B in x and C, D in y, with the same union U, among k zones: from x

- the pair A, B is drawn with chance 1 / (k choose 2), of all pairs, neighbours or not;
- one tree of U is drawn, with chance 1 / t(U);
- one of M numbers is drawn; the first ones stand for the edges that divide the tree well, the rest
  refuse. So each such edge has chance 1 / M, whatever their number, as long as M is no less. M is
  the number of edges of the tree, or the bound ``most``: both depend on U alone;
- the result is kept with chance 1 / |edges between C and D|.

C, D come from every tree of U that consists of a tree of C, one of D and an edge between: there are
t(C) t(D) |edges between C and D| of these, each divided by exactly one edge into C and D. So
P(x to y) = t(C) t(D) / (M t(U) (k choose 2)), and t(A) t(B) P(x to y) = t(A) t(B) t(C) t(D) / (...)
is the same from y to x. Refusing what breaks a rule keeps the balance among valid plans; the factor
exp(-beta objective) comes in by the rule of Metropolis.

**Flip** (``FLIP``): of all edges cut one is chosen, and one of its ends u, with the same chance;
u goes to the zone b of the other end. Target: exp(-beta objective) over the valid plans that can be
reached (beta 0: all alike). u goes from a to b with chance d(u, b) / 2 C(x), and back with
d(u, a) / 2 C(y), where d counts the edges from u to a zone and C the edges cut, so it is accepted
with chance min(1, d(u, a) C(x) / (d(u, b) C(y)) exp(-beta (objective(y) - objective(x)))).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from samenspel.delineation.chains.land import Land
from samenspel.delineation.chains.recombination import CHANCE, DONE, NO_PAIR, RULE, Work, recombine
from samenspel.delineation.chains.state import (
    State,
    account,
    ceiling,
    energy,
    exchange,
    has_hole,
    imbalance,
    kept,
    plan_word,
    soft_cost,
)
from samenspel.delineation.chance import draw
from samenspel.delineation.compiled import jit
from samenspel.delineation.problem import Floats, Ints, Words

RECOM, REVERSIBLE, FLIP = range(3)


class Rows(NamedTuple):
    """What a chain notes of every ``thin``-th plan: ``sums`` (``chainland.sums_of``), ``penalty``
    of soft bounds, ``word`` (``chainland.fingerprint``), ``zone`` of each node (or no rows). In
    all: ``shared``: per edge in how many of these plans it is not cut; ``tally``: what became of
    the steps."""

    sums: Floats
    penalty: Floats
    word: Words
    zone: NDArray[np.int16]
    shared: Ints
    tally: Ints


def rows_of(land: Land, records: int, keep: bool) -> Rows:
    """Room for ``records`` plans."""
    n = land.size.shape[1]
    return Rows(
        np.zeros((records, len(land.cost))),
        np.zeros(records),
        np.zeros(records, np.uint64),
        np.zeros((records if keep else 0, n), np.int16),
        np.zeros(len(land.ends), np.int64),
        np.zeros(6, np.int64),
    )


@jit
def breaks_rule(land: Land, state: State, work: Work, u: int, a: int, b: int) -> bool:
    """Whether node u, just sent from zone a to b (not yet accounted for), breaks a hard rule."""
    for at in range(land.strict.size):
        row = land.strict[at]
        less, more = state.held[row, a] - land.size[row, u], state.held[row, b] + land.size[row, u]
        if less < land.low[row]:
            return True
        if less > land.high[row] and less > ceiling(land, state, row, a):
            return True
        if more > land.high[row] and more > ceiling(land, state, row, b):
            return True
    for i in range(land.pair_a.size):
        if land.pair_a[i] == u or land.pair_b[i] == u:
            same = state.zone[land.pair_a[i]] == state.zone[land.pair_b[i]]
            if same != land.pair_same[i]:
                return True
    # What lies outside a gained u, which touches b: it cannot have fallen apart.
    return not hangs_together(land, state, work, u, a) or (land.holes and has_hole(land, state, b))


@jit
def hangs_together(land: Land, state: State, work: Work, u: int, a: int) -> bool:
    """Whether zone a, which u has left, is connected: a search from one of its nodes beside u
    reaches all the others beside u."""
    zone, local, queue = state.zone, work.local, work.members
    wanted = 0
    for at in range(land.near_start[u], land.near_start[u + 1]):
        v = land.near[at]
        if zone[v] == a:
            local[v] = -2  # wanted, not yet reached
            wanted += 1
            queue[0] = v
    local[queue[0]] = 0
    wanted -= 1
    head, count = 0, 1
    while wanted > 0 and head < count:
        w = queue[head]
        head += 1
        for at in range(land.near_start[w], land.near_start[w + 1]):
            v = land.near[at]
            if zone[v] == a and local[v] < 0:
                if local[v] == -2:
                    wanted -= 1
                local[v] = 0
                queue[count] = v
                count += 1
    for i in range(count):
        local[queue[i]] = -1
    for at in range(land.near_start[u], land.near_start[u + 1]):
        local[land.near[at]] = -1
    return wanted == 0


@jit
def flip(land: Land, state: State, work: Work, beta: float) -> int:
    """One flip. Returns what became of it."""
    pick = draw(state.random) * 2 * state.cuts[0]
    edge = state.cut[int(pick) // 2]
    u, v = land.ends[edge, int(pick) % 2], land.ends[edge, 1 - int(pick) % 2]
    a, b = state.zone[u], state.zone[v]
    if state.nodes[a] == 1:
        return RULE
    there, back, other = 0, 0, u  # edges from u to b and to a, and a node of a
    for at in range(land.near_start[u], land.near_start[u + 1]):
        w = land.near[at]
        if state.zone[w] == b:
            there += 1
        elif state.zone[w] == a:
            back += 1
            other = w
    before = energy(land, state) if beta > 0 else 0.0
    cuts = state.cuts[0]
    work.chosen[0] = u
    exchange(land, state, work.chosen, 1, a, b)
    if breaks_rule(land, state, work, u, a, b):
        exchange(land, state, work.chosen, 1, a, b)
        return RULE
    chance = back * cuts / (there * state.cuts[0])
    account(land, state, work.chosen, 1, a, b)
    if beta > 0:
        chance *= np.exp(-beta * (energy(land, state) - before))
    if chance < 1 and draw(state.random) >= chance:
        exchange(land, state, work.chosen, 1, a, b)
        account(land, state, work.chosen, 1, a, b)
        return CHANCE
    if state.first[a] == u:
        state.first[a] = other
    return DONE


@jit
def touching(land: Land, state: State, a: int, b: int) -> bool:
    """Whether an edge runs between the zones a and b."""
    for i in range(state.cuts[0]):
        x = state.zone[land.ends[state.cut[i], 0]]
        y = state.zone[land.ends[state.cut[i], 1]]
        if (x == a and y == b) or (x == b and y == a):
            return True
    return False


@jit
def step(
    land: Land, state: State, work: Work, tally: Ints, kind: int, tries: int, most: int,
    beta: float,
) -> int:  # fmt: skip
    """One step of a kind. Returns what became of it."""
    zones = state.nodes.size
    if state.cuts[0] == 0 or zones < 2:
        return NO_PAIR
    if kind == FLIP:
        return flip(land, state, work, beta)
    if kind == RECOM:
        edge = state.cut[int(draw(state.random) * state.cuts[0])]
        a, b = state.zone[land.ends[edge, 0]], state.zone[land.ends[edge, 1]]
    else:
        a, b = int(draw(state.random) * zones), int(draw(state.random) * (zones - 1))
        if b >= a:
            b += 1
        if not touching(land, state, a, b):
            return NO_PAIR
    return recombine(land, state, work, tally, a, b, kind == REVERSIBLE, tries, most, beta)


@jit
def advance(
    land: Land, state: State, work: Work, rows: Rows, kind: int, begin: int, end: int, thin: int,
    tries: int, most: int, beta: float,
) -> None:  # fmt: skip
    """The steps ``begin`` to ``end`` - 1 of a chain; every ``thin``-th plan is noted."""
    for number in range(begin, end):
        rows.tally[step(land, state, work, rows.tally, kind, tries, most, beta)] += 1
        if (number + 1) % thin == 0:
            note(land, state, rows, (number + 1) // thin - 1)


@jit
def note(land: Land, state: State, rows: Rows, record: int) -> None:
    """Note the plan as number ``record``."""
    state.sums[-2] = imbalance(state.held[0])
    if state.shared.shape[1] > 0:
        state.sums[-1] = state.shared.sum() - kept(state.shared)
    for goal in range(state.sums.size):
        rows.sums[record, goal] = state.sums[goal]
    rows.penalty[record] = soft_cost(land, state)
    rows.word[record] = plan_word(state.words)
    if rows.zone.shape[0] > 0:
        for u in range(state.zone.size):
            rows.zone[record, u] = state.zone[u]
    for edge in range(rows.shared.size):
        if state.cut_at[edge] < 0:
            rows.shared[edge] += 1
