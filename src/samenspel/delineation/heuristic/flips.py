"""The hot loop of the search: single units change zone, accepted by annealing.

A flip costs O(sets of the unit + neighbours), the test of contiguity O(neighbours) nearly always,
that of holes O(zones squared), only where two zones stop touching. Annealing: Kirkpatrick, Gelatt
and Vecchi 1983.
"""

import numpy as np

from samenspel.delineation.chance import draw
from samenspel.delineation.compiled import inlined, jit
from samenspel.delineation.heuristic.kernel import Model, State, has_hole, lack
from samenspel.delineation.problem import Floats, Ints

SEARCHED = 400  # units searched for a way round before a flip is given up (status: choice)
EVEN = 64  # proposals at one temperature
TINY = 1e-9  # below this a difference is rounding


@inlined
def change(model: Model, state: State, u: int, b: int, guide: float) -> tuple[float, float, float]:
    """What moving unit ``u`` to zone ``b`` adds to the objective, to the broken part of hard rules,
    and to the guide: ``guide`` times the cost of a cut set for each further zone that it touches.
    The number of zones must stay the same."""
    a = state.zone[u]
    cost = 0.0
    led = 0.0
    for i in range(model.set_start[u], model.set_start[u + 1]):
        e = model.set_of[i]
        more = 0
        if state.pins[e, a] == 1:
            more -= 1
        if state.pins[e, b] == 0:
            more += 1
        if more != 0:
            before = state.touched[e]
            cost += model.touch_cost[e] * more
            led += model.cut_cost[e] * more
            if before == 1:
                cost += model.cut_cost[e]
            elif before + more == 1:
                cost -= model.cut_cost[e]
    for i in range(model.pair_start[u], model.pair_start[u + 1]):
        z = state.zone[model.pair[i]]
        if z == a:
            cost += model.pair_cost[i]
        elif z == b:
            cost -= model.pair_cost[i]
    if model.moved_cost.shape[1] > 0:
        cost += model.moved_cost[u, b] - model.moved_cost[u, a]
    broken = 0.0
    for m in range(model.hard.size):
        size = model.size[m, u]
        part = (
            lack(model, state, m, a, state.total[m, a] - size, u, -1)
            - lack(model, state, m, a, state.total[m, a], -1, -1)
            + lack(model, state, m, b, state.total[m, b] + size, -1, u)
            - lack(model, state, m, b, state.total[m, b], -1, -1)
        )
        if model.hard[m] < 0:
            broken += part
        else:
            cost += model.hard[m] * part
    if model.balance_cost > 0:
        everyone = 0
        for z in range(state.units.size):
            everyone += state.total[0, z]
        mean = everyone / state.tally[2]
        size = model.size[0, u]
        cost += model.balance_cost / 2 * (
            abs(state.total[0, a] - size - mean) - abs(state.total[0, a] - mean)
            + abs(state.total[0, b] + size - mean) - abs(state.total[0, b] - mean)
        )  # fmt: skip
    if model.needs_centre and model.centres[u] > 0:
        if state.centre[a] == model.centres[u]:
            broken += 1.0
        if state.centre[b] == 0:
            broken -= 1.0
    for i in range(model.apart_start[u], model.apart_start[u + 1]):
        v = model.apart[i]
        if v != u:  # one that must lie apart from itself does so in no zone
            broken += int(state.zone[v] == b) - int(state.zone[v] == a)
    for i in range(model.tie_start[u], model.tie_start[u + 1]):
        v = model.tie[i]
        if v != u:
            broken += int(state.zone[v] == a) - int(state.zone[v] == b)
    return cost, broken, guide * led


@inlined
def stays_connected(model: Model, state: State, u: int, most: int) -> bool:
    """Whether the zone of ``u`` is still connected without it. First the ring of its neighbours is
    searched, then the zone, ``most`` units at most; beyond that the answer is no."""
    a = state.zone[u]
    state.tally[1] += 1
    wanted = 2 * state.tally[1]  # a neighbour of u in the zone, not reached
    reached = wanted + 1
    first = -1
    left = 0
    for i in range(model.neighbour_start[u], model.neighbour_start[u + 1]):
        v = model.neighbour[i]
        if state.zone[v] == a and v != u:
            state.mark[v] = wanted
            left += 1
            first = v
    if left <= 1:
        return True
    state.queue[0] = first
    state.mark[first] = reached
    head, tail = 0, 1
    left -= 1
    while head < tail and left > 0:
        v = state.queue[head]
        head += 1
        for i in range(model.neighbour_start[v], model.neighbour_start[v + 1]):
            w = model.neighbour[i]
            if state.mark[w] == wanted:
                state.mark[w] = reached
                state.queue[tail] = w
                tail += 1
                left -= 1
    if left == 0:
        return True
    head = 0  # what was reached is in the queue; widen it over the whole zone
    while head < tail and head < most:
        v = state.queue[head]
        head += 1
        for i in range(model.neighbour_start[v], model.neighbour_start[v + 1]):
            w = model.neighbour[i]
            if w != u and state.zone[w] == a and state.mark[w] != reached:
                if state.mark[w] == wanted:
                    left -= 1
                    if left == 0:
                        return True
                state.mark[w] = reached
                state.queue[tail] = w
                tail += 1
    return False


@inlined
def touch(model: Model, state: State, u: int, b: int) -> bool:
    """Bring the quotient up to date for ``u`` going to ``b``; whether two zones stopped touching.
    ``state.zone[u]`` is still the old zone; calling it again the other way round undoes it."""
    a = state.zone[u]
    outside = state.units.size
    parted = False
    if model.outside[u]:
        state.touch[a, outside] -= 1
        state.touch[outside, a] -= 1
        state.touch[b, outside] += 1
        state.touch[outside, b] += 1
        parted = state.touch[a, outside] == 0
    for i in range(model.border_start[u], model.border_start[u + 1]):
        z = state.zone[model.border[i]]
        if z != a:
            state.touch[a, z] -= 1
            state.touch[z, a] -= 1
            if state.touch[a, z] == 0:
                parted = True
        if z != b:
            state.touch[b, z] += 1
            state.touch[z, b] += 1
    return parted


@inlined
def at_edge(state: State, u: int) -> None:
    """Put ``u`` in or out of the list of units at an edge, by ``state.foreign``."""
    at = state.edge_at[u]
    if state.foreign[u] > 0 and at < 0:
        state.edge_at[u] = state.tally[0]
        state.edge[state.tally[0]] = u
        state.tally[0] += 1
    elif state.foreign[u] == 0 and at >= 0:
        state.tally[0] -= 1
        last = state.edge[state.tally[0]]
        state.edge[at] = last
        state.edge_at[last] = at
        state.edge_at[u] = -1


@inlined
def move(model: Model, state: State, u: int, b: int) -> None:
    """Bring every count but the quotient up to date for ``u`` going to ``b``, and move it."""
    a = state.zone[u]
    for i in range(model.set_start[u], model.set_start[u + 1]):
        e = model.set_of[i]
        state.pins[e, a] -= 1
        if state.pins[e, a] == 0:
            state.touched[e] -= 1
        if state.pins[e, b] == 0:
            state.touched[e] += 1
        state.pins[e, b] += 1
    for m in range(model.hard.size):
        state.total[m, a] -= model.size[m, u]
        state.total[m, b] += model.size[m, u]
    state.units[a] -= 1
    state.units[b] += 1
    state.centre[a] -= model.centres[u]
    state.centre[b] += model.centres[u]
    state.foreign[u] = 0
    for i in range(model.neighbour_start[u], model.neighbour_start[u + 1]):
        v = model.neighbour[i]
        if state.zone[v] == a:
            state.foreign[v] += 1
            state.foreign[u] += 1
        elif state.zone[v] == b:
            state.foreign[v] -= 1
        else:
            state.foreign[u] += 1
        at_edge(state, v)
    state.zone[u] = b
    at_edge(state, u)


@inlined
def try_flip(model: Model, state: State, u: int, b: int) -> bool:
    """Move ``u`` to ``b`` unless that empties or parts its zone or makes a hole."""
    if state.units[state.zone[u]] == 1 or not stays_connected(model, state, u, SEARCHED):
        return False
    a = state.zone[u]
    parted = touch(model, state, u, b)
    if model.holes and (parted or state.tally[3] > 0):
        # The quotient already speaks of the new plan: zone numbers of units are not needed.
        hole = has_hole(model, state)
        if hole and state.tally[3] == 0:
            state.zone[u] = b
            touch(model, state, u, a)
            state.zone[u] = a
            return False
        state.tally[3] = 1 if hole else 0
    move(model, state, u, b)
    return True


@inlined
def other_zone(model: Model, state: State, u: int) -> int:
    """The zone of a neighbour of ``u`` in another zone, each such neighbour equally likely."""
    pick = int(draw(state.random) * state.foreign[u])
    a = state.zone[u]
    for i in range(model.neighbour_start[u], model.neighbour_start[u + 1]):
        z = int(state.zone[model.neighbour[i]])
        if z != a:
            if pick == 0:
                return z
            pick -= 1
    return -1


@jit
def anneal(
    model: Model, state: State, best: Ints, track: Floats, heat: Floats, steps: int, save: int
) -> None:
    """``steps`` proposals at the temperatures ``heat`` = (first, last, guide at first, guide at
    last, cost of broken rules), falling geometrically (the guide evenly).

    ``best``: zones of the best plan without broken rule so far; ``track`` = (objective now, broken
    now, best objective, flips made, 1 where ``best`` changed). A new best is copied before a step
    spoils it, if ``save`` flips were made since the last copy, and at the end.
    """
    since = save
    ratio = heat[1] / heat[0] if heat[0] > 0 else 1.0
    warmth, guide = heat[0], heat[2]
    for step in range(steps):
        if state.tally[0] == 0:
            break
        if step % EVEN == 0:
            done = step / steps
            warmth = heat[0] * ratio**done
            guide = heat[2] + (heat[3] - heat[2]) * done
        u = state.edge[int(draw(state.random) * state.tally[0])]
        b = other_zone(model, state, u)
        cost, broken, led = change(model, state, u, b, guide)
        worse = cost + led + heat[4] * broken
        if worse > 0 and (warmth <= 0 or draw(state.random) >= np.exp(-worse / warmth)):
            continue
        if since >= save and (cost > 0 or broken > 0) and keep(state, best, track):
            since = 0
        holes = state.tally[3]
        if try_flip(model, state, u, b):
            since += 1
            track[0] += cost
            track[1] += broken + (state.tally[3] - holes)
            track[3] += 1
    keep(state, best, track)


@inlined
def keep(state: State, best: Ints, track: Floats) -> bool:
    """Copy the plan to ``best`` where it breaks no rule and is better."""
    better = bool(track[1] < TINY and track[0] < track[2] - TINY)
    if better:
        for u in range(best.size):
            best[u] = state.zone[u]
        track[2] = track[0]
        track[4] = 1.0
    return better


@jit
def typical(model: Model, state: State, samples: int, guide: float) -> float:
    """The mean size of a change of the objective over ``samples`` proposals, those of none left
    out; 0 where every proposal changes nothing."""
    total = 0.0
    counted = 0
    for _sample in range(samples):
        if state.tally[0] == 0:
            break
        u = state.edge[int(draw(state.random) * state.tally[0])]
        cost, _broken, led = change(model, state, u, other_zone(model, state, u), guide)
        if cost + led != 0:
            total += abs(cost + led)
            counted += 1
    return total / counted if counted > 0 else 0.0


@jit
def descend(model: Model, state: State, strict: float) -> int:
    """Make improving flips, in order of units and of their neighbours, until none is left; the
    number made. What is left is better than every plan one flip away. Broken rules cost
    ``strict``."""
    made = 0
    improved = True
    while improved:
        improved = False
        for u in range(state.zone.size):
            if state.foreign[u] == 0:
                continue
            for i in range(model.neighbour_start[u], model.neighbour_start[u + 1]):
                b = state.zone[model.neighbour[i]]
                if b == state.zone[u]:
                    continue
                cost, broken, _led = change(model, state, u, b, 0.0)
                if cost + strict * broken < -TINY and try_flip(model, state, u, b):
                    made += 1
                    improved = True
    return made
