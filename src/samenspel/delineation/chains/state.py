"""The state of a chain, compiled: moving nodes between two zones, and what must hold and counts.

Arrays in, arrays out; nothing here draws chance. Costs are those of the nodes that move: their
neighbours, sets and links.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from samenspel.delineation.chains.land import Land
from samenspel.delineation.chains.trees import Shorts
from samenspel.delineation.compiled import jit, making
from samenspel.delineation.problem import Flags, Floats, Ints, Words


class State(NamedTuple):
    """A plan and its counts. ``zone``: of each node. ``first``: some node of each zone. ``nodes``,
    ``shore`` (nodes that border land outside) and ``held`` (row by zone): totals per zone. ``cut``:
    the edges between zones, the first ``cuts[0]``; ``cut_at``: where each edge stands there, or -1.
    ``pins``: nodes of each set per zone; ``touched``: zones of each set. ``sums``: see
    ``chainland.sums_of``. ``words``: per zone the sum of its nodes' numbers. ``shared``: by zone
    and present zone the inhabitants. ``random``: the state of the random numbers. Work space:
    ``moving`` (all False between moves), and ``root`` per zone and land outside."""

    zone: Ints
    first: Ints
    nodes: Ints
    shore: Ints
    held: Ints
    cut: Ints
    cuts: Ints
    cut_at: Ints
    pins: Shorts
    touched: Shorts
    sums: Floats
    words: Words
    shared: Ints
    moving: Flags
    root: Ints
    random: Words


def state_of(land: Land, zone: Ints, sums: Floats, random: Words) -> State:
    """The state of the plan ``zone`` (of each node one of 0..zones-1)."""
    zones, n = int(zone.max(initial=-1)) + 1, len(zone)
    parted = np.flatnonzero(zone[land.ends[:, 0]] != zone[land.ends[:, 1]])
    cut, cut_at = np.zeros(len(land.ends), np.int64), np.full(len(land.ends), -1, np.int64)
    cut[: len(parted)], cut_at[parted] = parted, np.arange(len(parted))
    pins = np.zeros((len(land.set_weight), zones), np.int32)
    owner = np.repeat(zone, np.diff(land.set_start))
    np.add.at(pins, (land.set_of, owner), 1)
    shared = np.zeros((zones, land.presents), np.int64)
    owner = np.repeat(zone, np.diff(land.present_start))
    np.add.at(shared, (owner, land.present), land.present_size)
    words: NDArray[np.uint64] = np.zeros(zones, np.uint64)
    np.add.at(words, zone, land.word)
    held = np.zeros((len(land.size), zones), np.int64)
    for row, size in enumerate(land.size):
        np.add.at(held[row], zone, size)
    return State(
        zone=zone.copy(),
        first=np.unique(zone, return_index=True)[1].astype(np.int64),
        nodes=np.bincount(zone, minlength=zones).astype(np.int64),
        shore=np.bincount(zone[land.outside], minlength=zones).astype(np.int64),
        held=held,
        cut=cut,
        cuts=np.array([len(parted)], np.int64),
        cut_at=cut_at,
        pins=pins,
        touched=(pins > 0).sum(axis=1).astype(np.int32),
        sums=sums.copy(),
        words=words,
        shared=shared,
        moving=np.zeros(n, np.bool_),
        root=np.zeros(zones + 1, np.int64),
        random=random.copy(),
    )


@jit
def exchange(land: Land, state: State, chosen: Ints, count: int, a: int, b: int) -> None:
    """Send the first ``count`` nodes of ``chosen`` from zone a to b or from b to a: their zones,
    the edges cut and the shores, no other totals yet. The same call undoes it."""
    zone, cut, cut_at = state.zone, state.cut, state.cut_at
    for i in range(count):
        u = chosen[i]
        old = zone[u]
        zone[u] = a + b - old
        if land.outside[u]:
            state.shore[old] -= 1
            state.shore[zone[u]] += 1
    cuts = state.cuts[0]
    for i in range(count):
        u = chosen[i]
        for at in range(land.near_start[u], land.near_start[u + 1]):
            edge = land.edge[at]
            place = cut_at[edge]
            if zone[u] != zone[land.near[at]]:
                if place < 0:
                    cut[cuts] = edge
                    cut_at[edge] = cuts
                    cuts += 1
            elif place >= 0:
                cuts -= 1
                cut[place] = cut[cuts]
                cut_at[cut[place]] = place
                cut_at[edge] = -1
    state.cuts[0] = cuts


@jit
def account(land: Land, state: State, chosen: Ints, count: int, a: int, b: int) -> None:
    """Bring the totals and sums up to date after ``exchange``."""
    zone, pins, touched, sums, moving = (
        state.zone, state.pins, state.touched, state.sums, state.moving
    )  # fmt: skip
    for i in range(count):
        moving[chosen[i]] = True
    for i in range(count):
        u = chosen[i]
        new = zone[u]
        old = a + b - new
        state.nodes[old] -= 1
        state.nodes[new] += 1
        state.words[old] -= land.word[u]
        state.words[new] += land.word[u]
        for row in range(land.size.shape[0]):
            state.held[row, old] -= land.size[row, u]
            state.held[row, new] += land.size[row, u]
        for at in range(land.present_start[u], land.present_start[u + 1]):
            state.shared[old, land.present[at]] -= land.present_size[at]
            state.shared[new, land.present[at]] += land.present_size[at]
        for at in range(land.set_start[u], land.set_start[u + 1]):
            s = land.set_of[at]
            more = 0
            pins[s, old] -= 1
            if pins[s, old] == 0:
                more -= 1
            if pins[s, new] == 0:
                more += 1
            pins[s, new] += 1
            if more != 0:
                sums[1 + land.set_group[s]] += more * land.set_weight[s]
                if land.set_group[s] == 0 and not land.set_open[s]:
                    # From one zone to two, or back.
                    if more == 1 and touched[s] == 1:
                        sums[0] += land.set_weight[s]
                    if more == -1 and touched[s] == 2:
                        sums[0] -= land.set_weight[s]
                touched[s] += more
        for at in range(land.link_start[u], land.link_start[u + 1]):
            v = land.link[at]
            if moving[v]:
                continue  # both changed sides: parted before if and only if parted now
            if zone[v] == new:
                sums[land.link_sum[at]] -= land.link_value[at]
            elif zone[v] == old:
                sums[land.link_sum[at]] += land.link_value[at]
    for i in range(count):
        moving[chosen[i]] = False


@jit
def find(root: Ints, z: int) -> int:
    """The representative of z, with the path to it halved."""
    while root[z] != z:
        root[z] = root[root[z]]
        z = root[z]
    return z


@jit
def has_hole(land: Land, state: State, inside: int) -> bool:
    """Whether what lies outside the zone ``inside``, land outside the problem included, falls
    apart. Every zone must be connected, so only which zones touch matters."""
    root, zone = state.root, state.zone
    outer = root.size - 1
    pieces = outer  # the other zones, and land outside
    for z in range(root.size):
        root[z] = z
    for z in range(outer):
        if z != inside and state.shore[z] > 0:
            root[z] = outer
            pieces -= 1
    for i in range(state.cuts[0]):
        if pieces == 1:
            return False
        x, y = zone[land.ends[state.cut[i], 0]], zone[land.ends[state.cut[i], 1]]
        if x != inside and y != inside:
            x, y = find(root, x), find(root, y)
            if x != y:
                root[x] = y
                pieces -= 1
    for i in range(land.fences.shape[0]):
        if pieces == 1:
            return False
        x, y = zone[land.fences[i, 0]], zone[land.fences[i, 1]]
        if x != inside and y != inside:
            x, y = find(root, x), find(root, y)
            if x != y:
                root[x] = y
                pieces -= 1
    return bool(pieces != 1)


@jit
def ceiling(land: Land, state: State, row: int, z: int) -> int:
    """The most that zone z may hold of a row."""
    most = land.high[row]
    for i in range(land.large_row.size):
        if land.large_row[i] == row and state.zone[land.large_node[i]] == z:
            most = max(most, land.large_room[i])
    return int(most)


@jit
def soft_cost(land: Land, state: State) -> float:
    """What the soft bounds cost (``goals.soft_penalty``)."""
    total = 0.0
    for i in range(land.soft.size):
        row = land.soft[i]
        low, high = land.low[row], land.high[row]
        for z in range(state.nodes.size):
            held = state.held[row, z]
            if held < low:
                total += (low - held) / low
            if held > high and high > 0:
                total += max(held - ceiling(land, state, row, z), 0) / high
    return float(land.penalty * total)


@jit
def energy(land: Land, state: State) -> float:
    """The objective of the plan (``goals.score``): brings balance and moved up to date where they
    count."""
    if land.cost[-2] > 0:
        state.sums[-2] = imbalance(state.held[0])
    if land.cost[-1] > 0:
        state.sums[-1] = state.shared.sum() - kept(state.shared)
    total = soft_cost(land, state)
    for i in range(land.cost.size):
        total += land.cost[i] * state.sums[i]
    return float(total)


@jit
def imbalance(held: Ints) -> float:
    """Inhabitants above the average zone, as part of all."""
    everyone = held.sum()
    if everyone == 0:
        return 0.0
    over = 0.0
    for z in range(held.size):
        over += abs(held[z] - everyone / held.size)
    return float(over / 2 / everyone)


@making
def kept(shared: Ints) -> int:
    """The most inhabitants that can keep their zone when each zone carries on at most one present
    zone and each of these is carried on by at most one.

    The Hungarian method with potentials (Kuhn 1955, Jonker and Volgenant 1987), on the square
    matrix that the smaller side is filled up to with zeros; cubic in its side.
    """
    side = max(shared.shape[0], shared.shape[1])
    u, v = np.zeros(side + 1, np.int64), np.zeros(side + 1, np.int64)
    match, way = np.zeros(side + 1, np.int64), np.zeros(side + 1, np.int64)
    for i in range(1, side + 1):
        match[0] = i
        column = 0
        least = np.full(side + 1, np.int64(2**62))
        used = np.zeros(side + 1, np.bool_)
        while match[column] != 0:
            used[column] = True
            row = match[column]
            step, best = np.int64(2**62), 0
            for j in range(1, side + 1):
                if used[j]:
                    continue
                value = 0
                if row <= shared.shape[0] and j <= shared.shape[1]:
                    value = shared[row - 1, j - 1]
                slack = -value - u[row] - v[j]
                if slack < least[j]:
                    least[j] = slack
                    way[j] = column
                if least[j] < step:
                    step, best = least[j], j
            for j in range(side + 1):
                if used[j]:
                    u[match[j]] += step
                    v[j] -= step
                else:
                    least[j] -= step
            column = best
        while column != 0:
            match[column] = match[way[column]]
            column = way[column]
    total = 0
    for j in range(1, shared.shape[1] + 1):
        if 1 <= match[j] <= shared.shape[0]:
            total += shared[match[j] - 1, j - 1]
    return total


@jit
def plan_word(words: Words) -> np.uint64:
    """``chainland.fingerprint`` of the plan whose zones have these sums."""
    total = np.uint64(0)
    for z in range(words.size):
        word = words[z]
        word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        total += word ^ (word >> np.uint64(31))
    return total
