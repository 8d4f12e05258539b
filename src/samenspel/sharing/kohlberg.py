"""A judge of nucleoli that shares no code with what computes them: the balance of those who
complain most (Kohlberg 1971).

Amounts are the prenucleolus if and only if, for every level, the groups with at least that excess
can be given weights above zero under which every party counts equally. For the nucleolus the
parties who pay what they would pay alone may join in with weights of zero or more. SciPy proposes
weights in floating point; they are then solved for and checked in fractions.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby

import numpy as np
from scipy.optimize import linprog

from samenspel.sharing.game import Game

MOST_PARTIES = 12
ZERO, ONE = Fraction(0), Fraction(1)


def certified(game: Game, amounts: Sequence[Fraction], *, bounded: bool = True) -> bool:
    """Whether ``amounts`` are proven to be the nucleolus of ``game`` (not ``bounded``: the
    prenucleolus). False also where no proof was found. Raises ValueError above 12 parties or where
    a cost is unknown."""
    count = len(game.parties)
    if count > MOST_PARTIES or game.known is not None:
        raise ValueError("too many parties, or an unknown cost")
    if sum(amounts, ZERO) != game.total():
        return False
    at_bound = []
    if bounded:
        alone = [game.cost(1 << i) for i in range(count)]
        if any(a > b for a, b in zip(amounts, alone, strict=True)):
            return False
        at_bound = [1 << i for i in range(count) if amounts[i] == alone[i]]
    complaints = sorted(
        ((paid(amounts, group) - game.cost(group), group) for group in range(1, game.whole)),
        reverse=True,
    )
    known = Span(count)
    chosen: list[int] = []
    for _excess, level in groupby(complaints, key=lambda pair: pair[0]):
        # A group whose members' sum follows from balanced ones keeps the balance.
        chosen += [group for _, group in level if not known.holds(group)]
        if not weights_exist(count, chosen, at_bound):
            return False
        for group in chosen:
            known.add(group)
        if known.rank == count:
            return True
    return True


def paid(amounts: Sequence[Fraction], group: int) -> Fraction:
    return sum((amount for i, amount in enumerate(amounts) if group >> i & 1), ZERO)


class Span:
    """The groups that follow from those added."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.lines: list[tuple[int, list[Fraction]]] = []

    @property
    def rank(self) -> int:
        return len(self.lines)

    def left(self, group: int) -> list[Fraction]:
        line = [ONE if group >> i & 1 else ZERO for i in range(self.count)]
        for place, other in self.lines:
            if line[place]:
                factor = line[place] / other[place]
                line = [a - factor * b for a, b in zip(line, other, strict=True)]
        return line

    def holds(self, group: int) -> bool:
        return not any(self.left(group))

    def add(self, group: int) -> None:
        line = self.left(group)
        place = next((i for i, entry in enumerate(line) if entry), -1)
        if place >= 0:
            self.lines.append((place, line))


def weights_exist(count: int, chosen: Sequence[int], at_bound: Sequence[int]) -> bool:
    """Whether weights are found, and proven in fractions: at least 1 for each of ``chosen``, 0 or
    more for ``at_bound``, under which all parties count equally."""
    columns = [*chosen, *at_bound]
    least = [1.0] * len(chosen) + [0.0] * len(at_bound)
    matrix = np.array([[float(group >> i & 1) for group in columns] + [-1.0]
                       for i in range(count)])  # fmt: skip
    found = linprog(
        [0.0] * len(columns) + [1.0],
        A_eq=matrix,
        b_eq=np.zeros(count),
        bounds=[*((low, None) for low in least), (None, None)],
        method="highs-ds",
    )
    if found.status != 0:
        return False
    above = sorted(range(len(columns)), key=lambda j: least[j] - found.x[j])
    solved = solution(count, columns, least, above)
    return solved is not None and all(
        weight > 0 if j < len(chosen) else weight >= 0 for j, weight in enumerate(solved)
    )


def solution(
    count: int, columns: Sequence[int], least: Sequence[float], above: Sequence[int]
) -> list[Fraction] | None:
    """The weights when all but a basis, taken from ``above`` in order, stay at their least."""
    span = Span(count)
    basis: list[int] = []
    everyone = (1 << count) - 1
    span.add(everyone)
    for j in above:
        before = span.rank
        span.add(columns[j])
        if span.rank > before:
            basis.append(j)
    weights = [Fraction(int(low)) for low in least]
    # Unknown: the weights of the basis and how often every party counts.
    unknown = [columns[j] for j in basis]
    right = [
        -sum((w for j, w in enumerate(weights) if j not in basis and columns[j] >> i & 1), ZERO)
        for i in range(count)
    ]
    lines = [
        [*(Fraction(group >> i & 1) for group in unknown), -ONE, right[i]] for i in range(count)
    ]
    values = eliminated(lines, len(unknown) + 1)
    if values is None:
        return None
    for j, value in zip(basis, values, strict=False):
        weights[j] = value
    return weights


def eliminated(lines: list[list[Fraction]], unknowns: int) -> list[Fraction] | None:
    """The one solution of the equations, None where there is none."""
    row = 0
    for column in range(unknowns):
        best = next((i for i in range(row, len(lines)) if lines[i][column]), None)
        if best is None:
            return None
        lines[row], lines[best] = lines[best], lines[row]
        pivot = lines[row][column]
        lines[row] = [entry / pivot for entry in lines[row]]
        for i, line in enumerate(lines):
            if i != row and line[column]:
                factor = line[column]
                lines[i] = [a - factor * b for a, b in zip(line, lines[row], strict=True)]
        row += 1
    if any(line[unknowns] for line in lines[row:]):
        return None
    return [line[unknowns] for line in lines[:unknowns]]
