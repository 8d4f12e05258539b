"""All zones that keep the rules by themselves: the candidates of which a plan is made."""

from dataclasses import dataclass

import numpy as np

from samenspel.delineation.exact import kernel
from samenspel.delineation.exact.clock import Clock
from samenspel.delineation.exact.units import Limits, Units
from samenspel.delineation.problem import Flags, Ints, Problem

CHUNK = 2**16  # zones written at a time
STEPS = 2**22  # decisions between two looks at the clock, some tens of milliseconds


@dataclass(frozen=True)
class Candidates:
    """Zone z: units ``members[starts[z]:starts[z + 1]]``, ascending. Every set of units that is
    connected, leaves no hole, keeps the bounds and needs no unit of another, exactly once.
    ``complete``: False where the enumeration was stopped; then they are only some."""

    starts: Ints
    members: Ints
    complete: bool

    @property
    def count(self) -> int:
        """How many."""
        return len(self.starts) - 1

    @property
    def owner(self) -> Ints:
        """Of each entry of ``members`` its zone."""
        return np.repeat(np.arange(self.count), np.diff(self.starts))

    def totals(self, size: Ints) -> Ints:
        """The sum of ``size`` of each zone."""
        summed = np.concatenate([np.zeros(1, np.int64), np.cumsum(size[self.members])])
        return np.asarray(summed[self.starts[1:]] - summed[self.starts[:-1]], dtype=np.int64)

    def chosen(self, which: Ints | Flags) -> "Candidates":
        """Some of them."""
        numbers = np.arange(self.count)[which]
        lengths = np.diff(self.starts)[numbers]
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
        within = np.arange(starts[-1]) - np.repeat(starts[:-1], lengths)
        members = self.members[np.repeat(self.starts[:-1][numbers], lengths) + within]
        return Candidates(starts, members, self.complete)


def candidates_of(
    problem: Problem, units: Units, limits: Limits, most: int, clock: Clock
) -> Candidates:
    """The candidates of ``problem``, at most ``most``; stopped by the clock too."""
    n = units.count
    order = np.lexsort((np.arange(n), *(-limits.allowed))) if n else np.empty(0, np.int64)
    rank = np.empty(n, np.int64)
    rank[order] = np.arange(n)
    centre = np.zeros(n, np.bool_)
    if problem.centres is not None:
        centre[units.of[problem.centres]] = True
    land = kernel.Land(
        order=order,
        rank=rank,
        near=(units.neighbours.indptr, units.neighbours.indices),
        apart=(units.apart.indptr, units.apart.indices),
        size=limits.size,
        low=limits.low,
        most=limits.most,
        allowed=limits.allowed,
        limit=ceilings(limits, order),
        centre=centre,
        centred=problem.rules.centre and problem.centres is not None,
        unit=units.part_of_unit,
        pieces=(units.pieces.indptr, units.pieces.indices),
        split=len(units.part_of_unit) > n,
        enclosed=units.enclosed,
    )
    walk = kernel.growth(n, len(limits.low))
    starts = np.zeros(CHUNK + 1, np.int64)
    members = np.empty(max(16 * CHUNK, n), np.int64)
    found: list[tuple[Ints, Ints]] = []
    total = 0
    with clock.interruptible():
        while walk.state[kernel.ROOT] < n and total <= most and not clock.over():
            new = kernel.grow(walk, land, starts, members, STEPS)
            total += new
            if new:
                found.append((np.diff(starts[: new + 1]), members[: starts[new]].copy()))
    lengths = np.concatenate([np.zeros(1, np.int64), *(length for length, _m in found)])
    flat = np.concatenate([np.empty(0, np.int64), *(m for _length, m in found)])
    complete = bool(walk.state[kernel.ROOT] >= n) and total <= most
    return Candidates(np.cumsum(lengths), flat, complete)


def ceilings(limits: Limits, order: Ints) -> Ints:
    """By measure and root the most that a set of it and later units may hold."""
    room = np.maximum(limits.allowed[:, order], limits.most[:, None])
    return np.ascontiguousarray(np.maximum.accumulate(room[:, ::-1], axis=1)[:, ::-1])
