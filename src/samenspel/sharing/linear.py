"""Exact linear programming for the least largest excess, by the dual simplex method.

    minimise  e  where  e - g.y >= h  for every group, and  -g.y >= h  for every bound

Rows enter as they are found to be violated (constraint generation), so that millions of groups
need no matrix; every number is a Fraction, so that the optimum is proven by its multipliers and
not only near. The matrices have at most 24 rows, and their entries stay short: they are quotients
of determinants of zeros and ones.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

ZERO, ONE = Fraction(0), Fraction(1)
PATIENCE = 20  # steps without gain after which Bland's rule takes over, which cannot cycle

Vector = list[Fraction]


@dataclass(frozen=True)
class Row:
    """One constraint: ``lift`` e - ``slope``.y >= ``level``. ``lift`` is 1 for a group, 0 for a
    bound; ``name`` is unique."""

    name: int
    lift: int
    slope: tuple[Fraction, ...]
    level: Fraction


@dataclass(frozen=True)
class Optimum:
    """``largest``: e at the optimum; ``point``: y; ``multipliers``: of the rows that prove it, all
    above zero."""

    largest: Fraction
    point: Vector
    multipliers: list[tuple[Row, Fraction]]


# Gives a row that the point violates, the worst one or (when told to) the first one; else None.
Find = Callable[[Fraction, Vector, bool], Row | None]


class Infeasible(Exception):
    """No point satisfies the bounds."""


def solve(start: Sequence[Row], find: Find, hint: Sequence[Row] = ()) -> Optimum:
    """The optimum over all rows that ``find`` knows. ``start``: rows of groups with some positive
    multipliers under which the slopes cancel; the slopes must span the space. ``hint``: rows that
    may be tight at the optimum, the likeliest first; a good hint saves steps and a bad one costs
    some, neither changes the optimum."""
    basis, inverse = hinted([*hint, *start]) if hint else ([], [])
    if not basis or min(inverse[0]) < 0:
        basis = balanced(list(start))
        inverse = inverted([full(row) for row in basis])
    steady = 0
    while True:
        spot = [dot(line, [row.level for row in basis]) for line in inverse]
        multipliers = inverse[0]
        entering = find(spot[0], spot[1:], steady > PATIENCE)
        if entering is None:
            kept = [(r, m) for r, m in zip(basis, multipliers, strict=True) if m > 0]
            return Optimum(spot[0], spot[1:], kept)
        weights = times(full(entering), inverse)
        rising = [i for i, weight in enumerate(weights) if weight > 0]
        if not rising:
            raise Infeasible
        leaving = min(rising, key=lambda i: (multipliers[i] / weights[i], basis[i].name))
        steady = steady + 1 if multipliers[leaving] == 0 else 0
        exchange(inverse, leaving, weights)
        basis[leaving] = entering


def hinted(rows: list[Row]) -> tuple[list[Row], list[Vector]]:
    """The first rows that make an invertible matrix, and its inverse."""
    size = len(rows[0].slope) + 1
    reduced: list[tuple[int, Vector]] = []
    chosen: list[Row] = []
    for row in rows:
        left = full(row)
        for place, other in reduced:
            if left[place]:
                factor = left[place] / other[place]
                left = [a - factor * b for a, b in zip(left, other, strict=True)]
        place = next((k for k, entry in enumerate(left) if entry), -1)
        if place >= 0:
            reduced.append((place, left))
            chosen.append(row)
        if len(chosen) == size:
            return chosen, inverted([full(row) for row in chosen])
    return [], []


def full(row: Row) -> Vector:
    """The coefficients of e and y in ``row``."""
    return [Fraction(row.lift), *(-slope for slope in row.slope)]


def dot(one: Sequence[Fraction], other: Sequence[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(one, other, strict=True) if a and b), ZERO)


def times(vector: Vector, matrix: list[Vector]) -> Vector:
    """``vector`` times ``matrix``."""
    found = [ZERO] * len(matrix)
    for factor, line in zip(vector, matrix, strict=True):
        if factor:
            for j, entry in enumerate(line):
                if entry:
                    found[j] += factor * entry
    return found


def exchange(inverse: list[Vector], place: int, weights: Vector) -> None:
    """Turn ``inverse`` of a matrix into that of the matrix whose row ``place`` is replaced by the
    row which is ``weights`` times the matrix."""
    pivot = weights[place]
    for line in inverse:
        if line[place]:
            factor = line[place] / pivot
            for j, weight in enumerate(weights):
                if weight:
                    line[j] -= factor * weight
            line[place] = factor


def balanced(rows: list[Row]) -> list[Row]:
    """Rows that make an invertible matrix and whose multipliers are not negative: of ``rows``,
    whose slopes cancel under equal multipliers (Caratheodory)."""
    size = len(rows[0].slope) + 1
    weights = [ONE] * len(rows)
    while True:
        used = [i for i, weight in enumerate(weights) if weight > 0]
        relation = dependence([full(rows[i]) for i in used])
        if relation is None:
            break
        # Walk along the relation until a weight is gone; weights above zero stay so.
        if not any(entry > 0 for entry in relation):
            relation = [-entry for entry in relation]
        walk = min(weights[i] / entry for i, entry in zip(used, relation, strict=True) if entry > 0)
        for i, entry in zip(used, relation, strict=True):
            weights[i] -= walk * entry
    chosen = used
    for i in range(len(rows)):
        if len(chosen) == size:
            break
        if i not in chosen and dependence([full(rows[k]) for k in [*chosen, i]]) is None:
            chosen = [*chosen, i]
    return [rows[i] for i in chosen]


def dependence(lines: list[Vector]) -> Vector | None:
    """Numbers, not all zero, under which ``lines`` add up to nothing; None where there are none."""
    reduced: list[tuple[int, Vector, Vector]] = []
    for i, line in enumerate(lines):
        left = list(line)
        made = [ONE if k == i else ZERO for k in range(len(lines))]
        for place, other, history in reduced:
            if left[place]:
                factor = left[place] / other[place]
                left = [a - factor * b for a, b in zip(left, other, strict=True)]
                made = [a - factor * b for a, b in zip(made, history, strict=True)]
        place = next((k for k, entry in enumerate(left) if entry), -1)
        if place < 0:
            return made
        reduced.append((place, left, made))
    return None


def inverted(matrix: list[Vector]) -> list[Vector]:
    """The inverse of ``matrix``, which must have one."""
    size = len(matrix)
    left = [[*line, *(ONE if i == j else ZERO for j in range(size))]
            for i, line in enumerate(matrix)]  # fmt: skip
    for column in range(size):
        best = next(i for i in range(column, size) if left[i][column])
        left[column], left[best] = left[best], left[column]
        pivot = left[column][column]
        left[column] = [entry / pivot for entry in left[column]]
        for i, line in enumerate(left):
            if i != column and line[column]:
                factor = line[column]
                left[i] = [a - factor * b for a, b in zip(line, left[column], strict=True)]
    return [line[size:] for line in left]
