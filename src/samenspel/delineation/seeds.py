"""First plans: zones grown at once from units far apart, the least populated zone next."""

import numpy as np

from samenspel.delineation.compiled import jit
from samenspel.delineation.kernel import Model, draw
from samenspel.delineation.problem import Ints, Words

LOOKED = 64  # free neighbours of a zone that are compared before one joins (status: choice)


@jit
def hops(model: Model, start: int, distance: Ints, queue: Ints) -> None:
    """Lower ``distance`` to the number of borders from ``start`` where that is fewer."""
    distance[start] = 0
    queue[0] = start
    head, tail = 0, 1
    while head < tail:
        u = queue[head]
        head += 1
        for i in range(model.neighbour_start[u], model.neighbour_start[u + 1]):
            v = model.neighbour[i]
            if distance[v] > distance[u] + 1:
                distance[v] = distance[u] + 1
                queue[tail] = v
                tail += 1


@jit
def first_units(model: Model, zones: int, random: Words) -> Ints:
    """One unit for each zone, drawn with the square of their distance in borders to those drawn
    before (after Arthur and Vassilvitskii 2007), so one in every connected part first."""
    n = model.outside.size
    distance = np.full(n, 4 * n, np.int64)
    queue = np.empty(n, np.int64)
    chosen = np.empty(zones, np.int64)
    for z in range(zones):
        weight = 0.0
        for u in range(n):
            weight += float(distance[u]) ** 2
        pick = draw(random) * weight
        last = 0
        for u in range(n):
            if distance[u] > 0:
                last = u
                pick -= float(distance[u]) ** 2
                if pick < 0:
                    break
        chosen[z] = last
        hops(model, last, distance, queue)
    return chosen


@jit
def grow(model: Model, zones: int, random: Words) -> Ints:
    """A plan of ``zones`` connected zones; units of parts that no zone could reach have -1. The
    zone with the fewest inhabitants takes a free neighbour, of some the one with the most borders
    to it. Costs O(zones x borders)."""
    n = model.outside.size
    zone = np.full(n, -1, np.int64)
    total = np.zeros(zones, np.int64)
    # Free neighbours of each zone as linked lists; entries of units taken since are dropped.
    unit = np.empty(model.neighbour.size, np.int64)
    following = np.empty(model.neighbour.size, np.int64)
    first = np.full(zones, -1, np.int64)
    used = 0
    chosen = first_units(model, zones, random)
    joining, at = chosen[0], 0
    count = 0
    while True:
        zone[joining] = at
        total[at] += model.size[0, joining]
        for i in range(model.neighbour_start[joining], model.neighbour_start[joining + 1]):
            unit[used] = model.neighbour[i]
            following[used] = first[at]
            first[at] = used
            used += 1
        count += 1
        if count < zones:
            joining, at = chosen[count], count
            continue
        joining = -1
        while joining < 0:
            at = -1
            for z in range(zones):
                if first[z] >= 0 and (at < 0 or total[z] < total[at]):
                    at = z
            if at < 0:
                return zone
            most = -1.0
            before, entry, looked = -1, first[at], 0
            while entry >= 0 and looked < LOOKED:
                u = unit[entry]
                if zone[u] >= 0:
                    if before < 0:
                        first[at] = following[entry]
                    else:
                        following[before] = following[entry]
                else:
                    score = draw(random)
                    for i in range(model.neighbour_start[u], model.neighbour_start[u + 1]):
                        score += 1.0 if zone[model.neighbour[i]] == at else 0.0
                    if score > most:
                        joining, most = u, score
                    before = entry
                entry = following[entry]
                looked += 1
