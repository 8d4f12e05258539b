"""The nucleolus: the amounts under which the largest complaint of any group is as small as can be,
then the second largest, and so on (Schmeidler 1969); and the core, by its first step.

A group complains by its *excess*: what its members pay together less what the group would cost on
its own. Each stage is one exact linear programme (``linear``); the groups whose multipliers are
above zero have that excess in every optimum, so their sums are fixed, and the next stage looks at
the groups whose sums are still free (Maschler, Peleg and Shapley 1979; rows are generated as in
Hallefjord, Helming and Jornsten 1995).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from samenspel.sharing.game import Game
from samenspel.sharing.groups import Integers, common, excesses, members, sums
from samenspel.sharing.guess import likely
from samenspel.sharing.linear import ONE, ZERO, Optimum, Row, Vector, solve

MOST_PARTIES = 20  # above it a stage takes minutes


@dataclass(frozen=True)
class Least:
    """The least largest excess of any group but that of all, in cents: zero or less where the core
    has a point. ``amounts`` reach it; ``proof``: groups with weights above zero that add up to one
    for every party, times a number: no amounts can do better, for what these groups cost."""

    excess: Fraction
    amounts: tuple[Fraction, ...]
    proof: tuple[tuple[int, Fraction], ...]


@dataclass(frozen=True)
class Nucleolus:
    """``amounts`` per party in cents; ``levels``: the excess of each stage, falling, with the
    groups that were fixed at it."""

    amounts: tuple[Fraction, ...]
    levels: tuple[tuple[Fraction, tuple[int, ...]], ...]


class Fixed:
    """The sums that are fixed, as reduced equations, and the space that is left.

    ``point`` satisfies them; ``space``: for every party a row, so that point + space times any y
    satisfies them too.
    """

    def __init__(self, point: Vector) -> None:
        self.point = point
        self.count = len(point)
        self.lines: dict[int, Vector] = {}  # by the column of its leading one
        self.fix((1 << self.count) - 1)

    def fix(self, group: int) -> None:
        """Fix the sum of ``group`` at what ``point`` gives it."""
        line = [ONE if group >> i & 1 else ZERO for i in range(self.count)]
        for place, other in self.lines.items():
            if line[place]:
                line = minus(line, line[place], other)
        lead = next((i for i, entry in enumerate(line) if entry), None)
        if lead is not None:
            line = [entry / line[lead] for entry in line]
            for place, other in self.lines.items():
                if other[lead]:
                    self.lines[place] = minus(other, other[lead], line)
            self.lines[lead] = line
        self.free = [i for i in range(self.count) if i not in self.lines]

    def space(self) -> list[Vector]:
        return [
            [-self.lines[i][k] for k in self.free]
            if i in self.lines
            else [ONE if k == i else ZERO for k in self.free]
            for i in range(self.count)
        ]

    def settled(self) -> NDArray[np.bool_]:
        """Of every group whether its sum follows from the fixed ones."""
        found = np.ones(1 << self.count, dtype=bool)
        for column in zip(*self.space(), strict=True):
            found &= (sums(common(list(column))[0]) == 0).astype(bool)
        return found


def minus(line: Vector, factor: Fraction, other: Vector) -> Vector:
    return [a - factor * b if b else a for a, b in zip(line, other, strict=True)]


def least(game: Game) -> Least | None:
    """The least largest excess of ``game``; None for one party, who has nobody to leave. A cost
    that is unknown counts as too high to matter, so that an empty core is proven all the same."""
    if len(game.parties) == 1:
        return None
    values = game.values if game.known is None else out_of_reach(game)
    optimum, fixed = stage(game, values, Fixed(equal_start(game)), bounded=False)
    whole = sum((weight for _, weight in optimum.multipliers), ZERO)
    proof = tuple(sorted((row.name, weight / whole) for row, weight in optimum.multipliers))
    return Least(optimum.largest, tuple(spot(fixed, optimum)), proof)


def out_of_reach(game: Game) -> Integers:
    """The costs with the unknown ones so high that they bear on no balance of known ones: weights
    of groups in a balance are quotients of determinants below n^n."""
    count = len(game.parties)
    values = game.values.astype(object)
    most = (int(np.abs(values).max()) + 1) * (count + 1) ** (count + 1) * len(values)
    assert game.known is not None
    values[~game.known] = most
    return values


def equal_start(game: Game) -> Vector:
    return [game.total() / len(game.parties)] * len(game.parties)


def nucleolus(game: Game, *, bounded: bool = True) -> Nucleolus | None:
    """The nucleolus of ``game``: among the amounts by which nobody pays more than alone; None where
    there are no such amounts. Not ``bounded``: among all amounts that cover the cost (the
    prenucleolus). Raises ValueError where a cost is unknown."""
    if game.known is not None:
        raise ValueError("the nucleolus needs the cost of every group")
    if bounded:
        alone = game.alone() or []
        free = nucleolus(game, bounded=False)
        if free is None or all(a <= b for a, b in zip(free.amounts, alone, strict=True)):
            return free  # the best of all amounts is the best of these too
        if sum(alone, ZERO) < game.total():
            return None
    fixed = Fixed(equal_start(game))
    levels = []
    while fixed.free:
        optimum, fixed = stage(game, game.values, fixed, bounded=bounded)
        fixed.point = spot(fixed, optimum)
        tight = [row for row, _ in optimum.multipliers]
        for row in tight:
            fixed.fix(row.name if row.lift else 1 << (-row.name - 1))
        levels.append((optimum.largest, tuple(sorted(r.name for r in tight if r.lift))))
    return Nucleolus(tuple(fixed.point), tuple(levels))


def spot(fixed: Fixed, optimum: Optimum) -> Vector:
    """The amounts at the optimum."""
    return [
        base + sum((a * b for a, b in zip(line, optimum.point, strict=True)), ZERO)
        for base, line in zip(fixed.point, fixed.space(), strict=True)
    ]


def stage(game: Game, values: Integers, fixed: Fixed, *, bounded: bool) -> tuple[Optimum, Fixed]:
    """The least largest excess of the groups whose sums are not fixed yet."""
    space, count = fixed.space(), fixed.count
    settled = fixed.settled()
    alone = [Fraction(int(values[1 << i]), game.scale) for i in range(count)]

    def row(group: int) -> Row:
        cost = Fraction(int(values[group]), game.scale)
        slope, paid = [ZERO] * len(fixed.free), ZERO
        for i in members(group):
            paid += fixed.point[i]
            slope = [a + b for a, b in zip(slope, space[i], strict=True)]
        return Row(group, 1, tuple(slope), paid - cost)

    def bound(i: int) -> Row:
        return Row(-i - 1, 0, tuple(space[i]), fixed.point[i] - alone[i])

    def find(largest: Fraction, point: Vector, first: bool) -> Row | None:
        amounts = spot(fixed, Optimum(largest, point, []))
        over, below = excesses(amounts, values, game.scale)
        over[settled] = over.min() - 1
        limit = largest * below
        worst = next(violating(over, limit), None) if first else int(np.argmax(over))
        worst = None if worst is None or over[worst] <= limit else worst
        if bounded:
            beyond = [(amounts[i] - alone[i], -i) for i in range(count) if amounts[i] > alone[i]]
            if beyond and (
                worst is None or first or max(beyond)[0] * below > int(over[worst]) - limit
            ):
                return bound(-(min(beyond, key=lambda b: -b[1]) if first else max(beyond))[1])
        return None if worst is None else row(worst)

    start = [row(1 << i) for i in range(count) if not settled[1 << i]]
    ignored = settled if game.known is None else settled | ~game.known
    names = likely(as_floats(values, game), fixed.point, space, ignored, bounded=bounded)
    hint = [
        row(name) if name > 0 else bound(-name - 1)
        for name in names
        if name < 0 or not settled[name]
    ]
    return solve(start, find, hint), fixed


def as_floats(values: Integers, game: Game) -> NDArray[np.float64]:
    """The costs in floating point, the unknown ones at zero, which the guess leaves alone."""
    if game.known is not None:
        values = np.where(game.known, values, 0)
    return values.astype(np.float64)


def violating(over: Integers, limit: Fraction) -> Iterator[int]:
    """The groups above ``limit``, rising."""
    whole = limit.numerator // limit.denominator
    yield from map(int, np.flatnonzero(over > whole))
