"""Uniform spanning trees by Wilson's algorithm (1996), and what hangs below each edge of one.

Arrays in, arrays out. A tree on nodes 0..count-1 is ``parent`` (of the root: -1) with ``order``:
all nodes, the root first, parents before children. Work arrays may be longer than ``count``.
"""

import numpy as np
from numpy.typing import NDArray

from samenspel.delineation.chance import draw
from samenspel.delineation.compiled import jit, making
from samenspel.delineation.problem import Flags, Ints, Words

Shorts = NDArray[np.int32]


@jit
def spanning_tree(
    start: Shorts,
    near: Shorts,
    count: int,
    root: int,
    parent: Shorts,
    order: Shorts,
    done: Flags,
    random: Words,
) -> None:
    """Draw one of all spanning trees of a connected graph, each with the same chance.

    ``near[start[i]:start[i + 1]]``: the neighbours of node i, each once. From every node not yet in
    the tree a random walk runs until it meets the tree; the walk without its loops is a branch. The
    root does not matter for the chances. Expected steps: the mean time that a random walk takes to
    the root, least for a root in the middle.
    """
    done[:count] = False
    done[root] = True
    parent[root] = -1
    order[0] = root
    filled = 1
    for first in range(count):
        if done[first]:
            continue
        u = first
        while not done[u]:
            at = start[u]
            v = near[at + int(draw(random) * (start[u + 1] - at))]
            parent[u] = v  # overwritten when the walk returns: that erases the loop
            u = v
        tip = filled
        u = first
        while not done[u]:
            done[u] = True
            order[filled] = u
            filled += 1
            u = parent[u]
        last = filled - 1
        while tip < last:  # the branch grew from its tip: put parents before children
            order[tip], order[last] = order[last], order[tip]
            tip += 1
            last -= 1


@jit
def add_up(count: int, parent: Shorts, order: Shorts, below: Ints) -> None:
    """Turn what each node holds into what it holds with all nodes below it."""
    for i in range(count - 1, 0, -1):
        v = order[i]
        below[parent[v]] += below[v]


@making
def intervals(count: int, parent: Shorts, order: Shorts, span: Ints, enter: Ints) -> None:
    """Number the nodes so that those at and below v have the numbers ``enter[v]`` to ``enter[v] +
    span[v] - 1``."""
    span[:count] = 1
    add_up(count, parent, order, span)
    following = np.empty(count, np.int64)  # the number of the next child of each node
    enter[order[0]] = 0
    following[order[0]] = 1
    for i in range(1, count):
        v = order[i]
        above = parent[v]
        enter[v] = following[above]
        following[above] += span[v]
        following[v] = enter[v] + 1


@jit
def is_below(v: int, u: int, span: Ints, enter: Ints) -> bool:
    """Whether node u is v or lies below it (after ``intervals``)."""
    return bool(enter[v] <= enter[u] < enter[v] + span[v])
