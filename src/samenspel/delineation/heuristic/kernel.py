"""What the hot loops of the search work on: the model, the state of a plan, and its counts.

Arrays in, arrays out. A *unit* is a place or several that stay together; a *set* is a hyperedge
over units. The state of a plan is kept incrementally: how many units of each set each zone holds
(pins; Fiduccia and Mattheyses 1982), the totals of each zone, and how often each two zones touch
(the quotient, in which land outside is one more zone).
"""

from typing import NamedTuple

import numpy as np

from samenspel.delineation.compiled import inlined, jit, making
from samenspel.delineation.problem import Flags, Floats, Ints, Words


class Model(NamedTuple):
    """What stays the same during a search. CSR arrays have their row starts in ``*_start``.

    ``neighbour``: unit to units that it borders and may share a zone with; ``border``: all that it
    borders, for holes. ``pair``, ``pair_cost``: unit to units from which
    it is better not parted. ``pin``: set to units; ``set_of``: unit to sets; ``cut_cost`` and
    ``touch_cost``: of a set in more than one zone, and of each zone touched beyond the first.
    ``size``: measure by unit; ``low``, ``high`` by measure (-1: none); ``hard``: what a whole time
    too little or too much costs in the objective (negative: a hard bound); ``big``: measure to the
    units that alone pass its upper bound, ``alone``: what they have (measure by unit), ``extra``:
    room beside one. ``apart``, ``tie``: unit to units that
    may not, or must, share its zone. ``outside``: borders land outside; ``holes``: whether holes
    are judged. ``centres``: centres in a unit, where each zone ``needs_centre``. ``moved_cost``:
    unit by zone number, or no columns. ``balance_cost``: of an inhabitant above the mean.
    """

    neighbour_start: Ints
    neighbour: Ints
    border_start: Ints
    border: Ints
    pair_start: Ints
    pair: Ints
    pair_cost: Floats
    pin_start: Ints
    pin: Ints
    set_start: Ints
    set_of: Ints
    cut_cost: Floats
    touch_cost: Floats
    size: Ints
    low: Ints
    high: Ints
    hard: Floats
    big_start: Ints
    big: Ints
    alone: Ints
    extra: Ints
    apart_start: Ints
    apart: Ints
    tie_start: Ints
    tie: Ints
    outside: Flags
    holes: bool
    centres: Ints
    needs_centre: bool
    moved_cost: Floats
    balance_cost: float


class State(NamedTuple):
    """A plan and its counts. ``zone``: of each unit. ``pins``: set by zone. ``touched``: zones per
    set. ``total``: measure by zone. ``units``: per zone. ``centre``: centres per zone. ``touch``:
    borders between each two zones, land outside last. ``foreign``: neighbours of each unit in other
    zones. ``edge``, ``edge_at``: the units with any, and where each stands in that list. ``mark``,
    ``queue``: work space. ``random``: four words of xoshiro256+. ``tally``: 0 units at the edge,
    1 epoch of ``mark``, 2 zones in use, 3 whether there are holes."""

    zone: Ints
    pins: np.ndarray
    touched: Ints
    total: Ints
    units: Ints
    centre: Ints
    touch: Ints
    foreign: Ints
    edge: Ints
    edge_at: Ints
    mark: Ints
    queue: Ints
    random: Words
    tally: Ints


@jit
def fill(model: Model, state: State) -> None:
    """Every count of ``state`` from ``state.zone``."""
    n = state.zone.size
    outside = state.units.size
    state.pins[:] = 0
    state.total[:] = 0
    state.units[:] = 0
    state.centre[:] = 0
    state.touch[:] = 0
    for u in range(n):
        z = state.zone[u]
        state.units[z] += 1
        state.centre[z] += model.centres[u]
        for m in range(model.size.shape[0]):
            state.total[m, z] += model.size[m, u]
        for i in range(model.set_start[u], model.set_start[u + 1]):
            state.pins[model.set_of[i], z] += 1
        if model.outside[u]:
            state.touch[z, outside] += 1
            state.touch[outside, z] += 1
        state.foreign[u] = 0
        for i in range(model.neighbour_start[u], model.neighbour_start[u + 1]):
            if state.zone[model.neighbour[i]] != z:
                state.foreign[u] += 1
        for i in range(model.border_start[u], model.border_start[u + 1]):
            v = model.border[i]
            if state.zone[v] != z:
                state.touch[z, state.zone[v]] += 1
    for e in range(state.touched.size):
        state.touched[e] = 0
        for z in range(state.units.size):
            if state.pins[e, z] > 0:
                state.touched[e] += 1
    state.tally[0] = 0
    state.tally[1] = 0
    state.mark[:] = 0
    state.edge_at[:] = -1
    for u in range(n):
        if state.foreign[u] > 0:
            state.edge_at[u] = state.tally[0]
            state.edge[state.tally[0]] = u
            state.tally[0] += 1
    state.tally[2] = 0
    for z in range(state.units.size):
        if state.units[z] > 0:
            state.tally[2] += 1
    state.tally[3] = 1 if has_hole(model, state) else 0


@making
def has_hole(model: Model, state: State) -> bool:
    """Whether without some zone the others and land outside are no longer connected: an
    articulation point of the quotient, or a quotient in pieces (Hopcroft and Tarjan 1973)."""
    if not model.holes:
        return False
    k = state.units.size + 1
    depth = np.full(k, -1, np.int64)
    lowest = np.zeros(k, np.int64)
    parent = np.full(k, -1, np.int64)
    at = np.zeros(k, np.int64)
    stack = np.empty(k, np.int64)
    root = k - 1  # land outside is never removed, so that it may part the rest
    depth[root] = 0
    stack[0] = root
    top = 1
    while top > 0:
        z = stack[top - 1]
        if at[z] < k:
            other = at[z]
            at[z] += 1
            if state.touch[z, other] > 0 and other != z:
                if depth[other] < 0:
                    depth[other] = depth[z] + 1
                    lowest[other] = depth[other]
                    parent[other] = z
                    stack[top] = other
                    top += 1
                elif other != parent[z]:
                    lowest[z] = min(lowest[z], depth[other])
        else:
            top -= 1
            if top > 0:
                above = parent[z]
                lowest[above] = min(lowest[above], lowest[z])
                if above != root and lowest[z] >= depth[above]:
                    return True
    unreached = 0
    for z in range(k - 1):
        if state.units[z] > 0 and depth[z] < 0:
            unreached += 1
    return unreached > 0 and state.tally[2] > 1  # a single zone leaves nothing behind


@inlined
def lack(model: Model, state: State, m: int, z: int, total: int, gone: int, come: int) -> float:
    """By which part zone ``z``, holding ``total`` of measure ``m``, falls short or goes over, when
    unit ``gone`` left it and ``come`` joined it (-1: none)."""
    found = 0.0
    if model.low[m] > 0 and total < model.low[m]:
        found += (model.low[m] - total) / model.low[m]
    if model.high[m] >= 0 and total > model.high[m]:
        room = model.high[m]
        for i in range(model.big_start[m], model.big_start[m + 1]):
            u = model.big[i]
            if u == come or (state.zone[u] == z and u != gone):
                room = max(room, model.alone[m, u] + model.extra[m])
        if total > room:
            found += (total - room) / max(model.high[m], 1)
    return found


@jit
def objective(model: Model, state: State) -> tuple[float, float]:
    """The objective of the plan, soft bounds included, and by how much it breaks hard rules: parts
    of bounds, pairs, absent centres, and whether there are holes."""
    cost = 0.0
    broken = 0.0
    for e in range(state.touched.size):
        if state.touched[e] > 1:
            cost += model.cut_cost[e] + model.touch_cost[e] * (state.touched[e] - 1)
    for u in range(state.zone.size):
        z = state.zone[u]
        for i in range(model.pair_start[u], model.pair_start[u + 1]):
            if state.zone[model.pair[i]] != z:
                cost += model.pair_cost[i] / 2
        for i in range(model.apart_start[u], model.apart_start[u + 1]):
            if state.zone[model.apart[i]] == z:
                broken += 0.5
        for i in range(model.tie_start[u], model.tie_start[u + 1]):
            if state.zone[model.tie[i]] != z:
                broken += 0.5
        if model.moved_cost.shape[1] > 0:
            cost += model.moved_cost[u, z]
    everyone = 0
    for z in range(state.units.size):
        everyone += state.total[0, z]
    mean = everyone / max(state.tally[2], 1)
    for z in range(state.units.size):
        if state.units[z] == 0:
            continue
        if model.balance_cost > 0:
            cost += model.balance_cost * abs(state.total[0, z] - mean) / 2
        if model.needs_centre and state.centre[z] == 0:
            broken += 1.0
        for m in range(model.hard.size):
            part = lack(model, state, m, z, state.total[m, z], -1, -1)
            if model.hard[m] < 0:
                broken += part
            else:
                cost += model.hard[m] * part
    return cost, broken + state.tally[3]
