"""First plans: zones grown at once from units far apart, the least populated zone next."""

import numpy as np

from samenspel.delineation.chance import draw, words
from samenspel.delineation.compiled import jit, making
from samenspel.delineation.graphs import parts
from samenspel.delineation.heuristic.kernel import Model
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


def allotted(model: Model, zones: int, seed: int) -> tuple[Ints, Ints]:
    """Of each unit its connected part, and of each zone the part that it begins in: every part gets
    one (the largest, where there are more parts than zones), the rest go by inhabitants (highest
    averages, with chance between near equals), none to a part without room for it."""
    n = model.outside.size
    part = parts(np.repeat(np.arange(n), np.diff(model.neighbour_start)), model.neighbour, n)
    people, units = np.bincount(part, model.size[0]), np.bincount(part)
    given = np.zeros(len(units), np.int64)
    given[np.argsort(-people, kind="stable")[:zones]] = 1
    chance = np.random.default_rng(seed)
    for _zone in range(zones - int(given.sum())):
        average = (people + 1) / (given + chance.random(len(units)))
        given[np.argmax(np.where(given < units, average, -1.0))] += 1
    return part, np.repeat(np.arange(len(units)), given)


@making
def first_units(model: Model, part: Ints, begins: Ints, random: Words) -> Ints:
    """One unit for each zone, in the part that it ``begins`` in, drawn with the square of their
    distance in borders to those drawn before (after Arthur and Vassilvitskii 2007)."""
    n = model.outside.size
    zones = begins.size
    distance = np.full(n, 4 * n, np.int64)
    queue = np.empty(n, np.int64)
    chosen = np.empty(zones, np.int64)
    for z in range(zones):
        weight = 0.0
        for u in range(n):
            if part[u] == begins[z]:
                weight += float(distance[u]) ** 2
        pick = draw(random) * weight
        last = 0
        for u in range(n):
            if part[u] == begins[z] and distance[u] > 0:
                last = u
                pick -= float(distance[u]) ** 2
                if pick < 0:
                    break
        chosen[z] = last
        hops(model, last, distance, queue)
    return chosen


def seed_plan(model: Model, zones: int, seed: int) -> Ints:
    """A first plan of ``zones`` connected zones; -1 for the units of parts that none begins in."""
    random = words(seed)
    return grow(model, first_units(model, *allotted(model, zones, seed), random), random)


@making
def grow(model: Model, chosen: Ints, random: Words) -> Ints:
    """Zones grown at once from the units ``chosen``. The zone with the fewest inhabitants takes a
    free neighbour, of some the one with the most borders to it. Costs O(zones x borders)."""
    n = model.outside.size
    zones = chosen.size
    zone = np.full(n, -1, np.int64)
    total = np.zeros(zones, np.int64)
    # Free neighbours of each zone as linked lists; entries of units taken since are dropped.
    unit = np.empty(model.neighbour.size, np.int64)
    following = np.empty(model.neighbour.size, np.int64)
    first = np.full(zones, -1, np.int64)
    used = 0
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
