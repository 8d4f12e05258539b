"""Growing zones over neighbours, so that each is in one piece, and moving places between them."""

from heapq import heappop, heappush

import numpy as np
from scipy.spatial import cKDTree

from samenspel.landscape.generate.land import Floats, Ints

Neighbours = list[list[int]]


def seeds(xy: Floats, count: int, random: np.random.Generator) -> Ints:
    """``count`` places spread over all, by a few of Lloyd's steps."""
    centres = xy[random.choice(len(xy), count, replace=False)]
    for _ in range(6):
        near = cKDTree(centres).query(xy)[1]
        size = np.bincount(near, minlength=count)
        for axis in (0, 1):
            total = np.bincount(near, xy[:, axis], count)
            centres[size > 0, axis] = (total / np.maximum(size, 1))[size > 0]
    taken: dict[int, None] = {}
    for row in np.atleast_2d(cKDTree(xy).query(centres, k=min(len(xy), 24))[1]):
        free = next((int(i) for i in np.atleast_1d(row) if int(i) not in taken), None)
        taken[next(i for i in range(len(xy)) if i not in taken) if free is None else free] = None
    return np.array(list(taken))


def grow(
    nodes: Ints,
    near: Neighbours,
    count: int,
    weight: Floats,
    xy: Floats,
    random: np.random.Generator,
) -> Ints:
    """Zone 0..count-1 of each of ``nodes``: the lightest zone takes the neighbour that lies nearest
    to its first place. What has no neighbour left joins the nearest zone, in pieces."""
    label = {int(i): -1 for i in nodes}
    joined = nodes[[any(j in label for j in near[i]) for i in nodes.tolist()]]
    if len(joined) < count:
        joined = nodes
    count = min(count, len(joined))
    first = joined[seeds(xy[joined], count, random)]
    at = dict(zip(nodes.tolist(), xy[nodes].tolist(), strict=True))
    edges: list[list[tuple[float, int]]] = [[(0.0, int(i))] for i in first]
    waiting: list[tuple[float, int]] = []
    for zone, place in enumerate(first.tolist()):
        label[place] = zone
    for zone in range(count):
        heappush(waiting, (0.0, zone))
    started = [False] * count
    while waiting:
        total, zone = heappop(waiting)
        edge = edges[zone]
        while edge:
            place = heappop(edge)[1]
            if label[place] < 0 or (not started[zone] and label[place] == zone):
                started[zone] = True
                label[place] = zone
                x, y = at[int(first[zone])]
                for other in near[place]:
                    if label.get(other, 0) < 0:
                        far = (at[other][0] - x) ** 2 + (at[other][1] - y) ** 2
                        heappush(edge, (far, other))
                heappush(waiting, (total + float(weight[place]), zone))
                break
    found = np.array([label[int(i)] for i in nodes])
    if (found < 0).any():
        known = found >= 0
        found[~known] = found[known][cKDTree(xy[nodes[known]]).query(xy[nodes[~known]])[1]]
    return found


def whole(group: set[int], near: Neighbours) -> bool:
    """Whether the places of ``group`` hang together."""
    left = set(group)
    edge = [left.pop()] if left else []
    while edge:
        found = [j for j in near[edge.pop()] if j in left]
        left.difference_update(found)
        edge += found
    return not left


def movable(place: int, label: Ints, members: dict[int, set[int]], near: Neighbours) -> list[int]:
    """The zones that ``place`` borders and could go to without cutting its own in pieces."""
    own = int(label[place])
    others = sorted({int(label[j]) for j in near[place]} - {own, -1})
    if not others or len(members[own]) == 1:
        return []
    return others if whole(members[own] - {place}, near) else []


def balance(label: Ints, weight: Floats, near: Neighbours, low: float, high: float) -> None:
    """Moves places of one region between its zones, in place, while that brings the weight of
    zones closer to ``low``..``high``. ``label`` is -1 outside the region."""
    members: dict[int, set[int]] = {}
    for place in np.flatnonzero(label >= 0).tolist():
        members.setdefault(int(label[place]), set()).add(place)
    total = {zone: float(sum(weight[i] for i in group)) for zone, group in members.items()}

    def fault(value: float) -> float:
        return max(0.0, low - value, value - high)

    for _ in range(60):
        best: tuple[float, int, int] = (1e-6, -1, -1)
        for zone, group in sorted(members.items()):
            for place in sorted(group):
                there = {int(label[j]) for j in near[place]} - {zone, -1}
                gains = {
                    other: fault(total[zone]) + fault(total[other])
                    - fault(total[zone] - weight[place]) - fault(total[other] + weight[place])
                    for other in there
                }  # fmt: skip
                if max(gains.values(), default=0.0) <= best[0]:
                    continue
                for other in movable(place, label, members, near):
                    if gains[other] > best[0]:
                        best = (gains[other], place, other)
        _, place, other = best
        if place < 0:
            return
        own = int(label[place])
        move(place, other, label, members)
        total[own] -= float(weight[place])
        total[other] += float(weight[place])


def move(place: int, other: int, label: Ints, members: dict[int, set[int]]) -> None:
    members[int(label[place])].discard(place)
    members.setdefault(other, set()).add(place)
    label[place] = other
