"""Hot loop: every connected set of units that may be a zone, each exactly once.

From each root in turn, grow over neighbours that come later in the order: the list of units met is
decided one by one, in or out, and a leaf (all decided) is one connected set. Sets that hold a unit
earlier than the root were met before, so none is met twice.
"""

from typing import NamedTuple

import numpy as np

from samenspel.delineation.compiled import jit, making
from samenspel.delineation.problem import Flags, Ints

# Places in ``state``: where the walk stands, so that it can stop and go on.
ROOT, LENGTH, POSITION, STEPS = 0, 1, 2, 3


class Land(NamedTuple):
    """What stays the same. ``order``, ``rank``: of the roots; ``near``, ``apart``: unit to units
    (CSR: starts, then units). By measure and unit ``size`` and ``allowed``, by measure ``low`` and
    ``most``; ``limit``: by measure and rank of the root what a set from there on may ever hold.
    ``centre``: units with a centre, of which ``centred`` zones need one. ``unit``: of each part its
    unit; ``pieces``: part to parts, the land outside as the last. ``split``: some unit has several
    parts, so that zones must be tested for connection. ``enclosed``: holes are judged."""

    order: Ints
    rank: Ints
    near: tuple[Ints, Ints]
    apart: tuple[Ints, Ints]
    size: Ints
    low: Ints
    most: Ints
    allowed: Ints
    limit: Ints
    centre: Flags
    centred: bool
    unit: Ints
    pieces: tuple[Ints, Ints]
    split: bool
    enclosed: bool


class Growth(NamedTuple):
    """Where the walk stands. ``state``: numbers by the places above. ``met``: units met, of which
    those before the position are decided: ``taken`` or not; ``lengths``: how many were met before.
    By unit: ``marked`` as met, ``inside`` the set, ``blocked`` by units inside. ``totals`` of the
    set by measure."""

    state: Ints
    met: Ints
    taken: Flags
    lengths: Ints
    marked: Flags
    inside: Flags
    blocked: Ints
    totals: Ints


def growth(units: int, measures: int) -> Growth:
    """A walk that is about to begin."""
    return Growth(
        np.zeros(4, np.int64),
        np.zeros(units, np.int64),
        np.zeros(units, np.bool_),
        np.zeros(units, np.int64),
        np.zeros(units, np.bool_),
        np.zeros(units, np.bool_),
        np.zeros(units, np.int64),
        np.zeros(measures, np.int64),
    )


@making
def grow(growth: Growth, land: Land, starts: Ints, members: Ints, steps: int) -> int:
    """Writes zones into ``members`` (zone z: ``members[starts[z]:starts[z + 1]]``, ascending) until
    one of both is full, ``steps`` decisions are made or all roots are done (``state[ROOT]`` is then
    the number of units); returns the number of zones written."""
    state, met, taken, lengths, marked, inside, blocked, totals = growth
    order, rank, near, apart, size = land.order, land.rank, land.near, land.apart, land.size
    low, limit = land.low, land.limit
    count = len(order)
    root, length, position = state[ROOT], state[LENGTH], state[POSITION]
    found = 0
    made = 0
    seen = np.zeros(len(land.unit) + 1, np.bool_)
    stack = np.empty(len(land.unit) + 1, np.int64)
    while root < count and made < steps:
        made += 1
        if length == 0:
            met[0] = order[root]
            marked[met[0]] = True
            length, position = 1, 0
        if position < length:
            unit = met[position]
            fits = blocked[unit] == 0
            for at in range(apart[0][unit], apart[0][unit + 1]):
                fits = fits and apart[1][at] != unit
            for m in range(len(low)):
                fits = fits and totals[m] + size[m, unit] <= limit[m, root]
            lengths[position] = length
            taken[position] = fits
            if fits:
                inside[unit] = True
                for m in range(len(low)):
                    totals[m] += size[m, unit]
                for at in range(apart[0][unit], apart[0][unit + 1]):
                    blocked[apart[1][at]] += 1
                for at in range(near[0][unit], near[0][unit + 1]):
                    other = near[1][at]
                    if rank[other] > root and not marked[other]:
                        marked[other] = True
                        met[length] = other
                        length += 1
            elif position == 0:
                marked[unit] = False
                length = 0
                root += 1
                continue
            position += 1
            continue
        if (
            within_bounds(inside, totals, low, land.most, land.allowed)
            and (not land.centred or np.any(inside & land.centre))
            and (not land.split or connected(inside, land.unit, land.pieces, seen, stack))
            and (not land.enclosed or open_around(inside, land.unit, land.pieces, seen, stack))
        ):
            end = starts[found]
            if found + 1 == len(starts) or end + count > len(members):
                break
            for unit in range(count):
                if inside[unit]:
                    members[end] = unit
                    end += 1
            found += 1
            starts[found] = end
        # Back to the last unit that is in, and decide it out.
        while True:
            position -= 1
            if not taken[position]:
                continue
            unit = met[position]
            inside[unit] = False
            for m in range(len(low)):
                totals[m] -= size[m, unit]
            for at in range(apart[0][unit], apart[0][unit + 1]):
                blocked[apart[1][at]] -= 1
            for later in range(lengths[position], length):
                marked[met[later]] = False
            length = lengths[position]
            taken[position] = False
            if position == 0:
                marked[unit] = False
                length = 0
                root += 1
            position += 1
            break
    state[ROOT], state[LENGTH], state[POSITION] = root, length, position
    state[STEPS] += made
    return found


@jit
def within_bounds(inside: Flags, totals: Ints, low: Ints, most: Ints, allowed: Ints) -> bool:
    """Whether the set keeps every bound, with what its oversize units allow."""
    for m in range(len(low)):
        if totals[m] < low[m]:
            return False
        if totals[m] > most[m]:
            room = most[m]
            for unit in range(len(inside)):
                if inside[unit] and allowed[m, unit] > room:
                    room = allowed[m, unit]
            if totals[m] > room:
                return False
    return True


@jit
def connected(
    inside: Flags, unit: Ints, pieces: tuple[Ints, Ints], seen: Flags, stack: Ints
) -> bool:
    """Whether the parts of the set are connected."""
    seen[:] = False
    wanted, reached, height = 0, 0, 0
    for part in range(len(unit)):
        if inside[unit[part]]:
            wanted += 1
            if height == 0:
                seen[part] = True
                stack[0] = part
                height = 1
    while height:
        height -= 1
        part = stack[height]
        reached += 1
        for at in range(pieces[0][part], pieces[0][part + 1]):
            other = pieces[1][at]
            if other < len(unit) and not seen[other] and inside[unit[other]]:
                seen[other] = True
                stack[height] = other
                height += 1
    return reached == wanted


@jit
def open_around(
    inside: Flags, unit: Ints, pieces: tuple[Ints, Ints], seen: Flags, stack: Ints
) -> bool:
    """Whether all that lies outside the set is connected, the land outside included."""
    seen[:] = False
    outside = len(unit)
    wanted = 1
    for part in range(outside):
        wanted += not inside[unit[part]]
    seen[outside] = True
    stack[0] = outside
    height, reached = 1, 0
    while height:
        height -= 1
        part = stack[height]
        reached += 1
        for at in range(pieces[0][part], pieces[0][part + 1]):
            other = pieces[1][at]
            if not seen[other] and not inside[unit[other]]:
                seen[other] = True
                stack[height] = other
                height += 1
    return reached == wanted or wanted == 1
