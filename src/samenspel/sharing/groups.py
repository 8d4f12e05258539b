"""Every group of up to 24 parties at once: group number m holds party i where bit i of m is set.

Arrays of 2^n integers in, arrays out; nothing here knows of money or names. Sums are exact: int64
where no partial sum can pass its bounds, else Python integers in an array of objects.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[Any]  # int64, or Python integers as objects
SAFE = 2**62
HALF = 31


def as_integers(numbers: Sequence[int] | Integers) -> Integers:
    """``numbers`` as int64 where each lies well within its bounds, else as objects."""
    array = np.asarray(numbers, dtype=object)
    small = all(-SAFE < number < SAFE for number in array.tolist())
    return array.astype(np.int64) if small else array


def common(numbers: Sequence[Fraction]) -> tuple[list[int], int]:
    """``numbers`` as integers over their least common denominator, and that denominator."""
    below = lcm(*(number.denominator for number in numbers)) if numbers else 1
    return [int(number * below) for number in numbers], below


def sums(weights: Sequence[int]) -> Integers:
    """The sum of ``weights`` over the members of every group: 2^n integers."""
    kind: Any = np.int64 if sum(abs(weight) for weight in weights) < SAFE else object
    found = np.zeros(1 << len(weights), dtype=kind)
    for i, weight in enumerate(weights):
        found[1 << i : 2 << i] = found[: 1 << i] + weight
    return found


def sizes(count: int) -> NDArray[np.uint8]:
    """How many members every group of ``count`` parties has."""
    return np.bitwise_count(np.arange(1 << count, dtype=np.uint32))


def largest(values: Integers) -> int:
    """The largest absolute value."""
    return max(abs(int(values.max())), abs(int(values.min())))


def excesses(amounts: Sequence[Fraction], values: Integers, scale: int) -> tuple[Integers, int]:
    """What the members of every group pay together less what the group costs: integers, and the
    number to divide them by. ``values`` are costs times ``scale``."""
    whole, below = common(list(amounts))
    shared = lcm(below, scale)
    paid = sums([amount * (shared // below) for amount in whole])
    factor = shared // scale
    if largest(values) * factor + sum(map(abs, whole)) * (shared // below) < SAFE:
        if values.dtype == object:
            values = values.astype(np.int64)
        return paid - values * factor, shared
    return paid.astype(object) - values.astype(object) * factor, shared


def most_over(
    amounts: Sequence[Fraction], values: Integers, scale: int, counted: NDArray[np.bool_] | None
) -> tuple[Fraction, NDArray[np.int64]]:
    """The largest excess above zero of a group other than all, exact, and the groups that have it;
    zero and none where no group has any. Only groups that are ``counted`` are looked at.

    Floating point finds the groups that may have it, fractions decide among them.
    """
    count = len(amounts)
    over = float_sums(np.array([float(amount) for amount in amounts]))
    over -= values.astype(np.float64) / scale
    over[[0, -1]] = -np.inf
    if counted is not None:
        over[~counted] = -np.inf
    # Each sum of n numbers of at most this size is off by less than n roundings of it.
    size = sum(abs(float(amount)) for amount in amounts) + largest(values) / scale
    slack = 4 * (count + 2) * float(np.finfo(np.float64).eps) * size
    near = np.flatnonzero(over >= max(float(over.max()) - 2 * slack, -slack))
    if not len(near):
        return Fraction(0), near
    whole, below = common(list(amounts))
    shared = lcm(below, scale)
    mine = [amount * (shared // below) for amount in whole]
    exact = [
        sum(mine[i] for i in members(group)) - int(values[group]) * (shared // scale)
        for group in near.tolist()
    ]
    most = max(exact)
    if most <= 0:
        return Fraction(0), near[:0]
    return Fraction(most, shared), near[[number == most for number in exact]]


def float_sums(amounts: NDArray[np.float64]) -> NDArray[np.float64]:
    """The sum of ``amounts`` over every group."""
    found = np.zeros(1 << len(amounts))
    for i, amount in enumerate(amounts):
        found[1 << i : 2 << i] = found[: 1 << i] + amount
    return found


def members(group: int) -> list[int]:
    """The numbers of the parties of ``group``, rising."""
    return [i for i in range(group.bit_length()) if group >> i & 1]


def smallest_first(chosen: NDArray[np.int64], count: int) -> int:
    """Of the groups ``chosen`` the one with the fewest members; of those the one whose first
    party comes first in order, then the second, and so on."""
    size = np.bitwise_count(chosen)
    fewest = chosen[size == size.min()]
    mirrored = np.zeros_like(fewest)
    for i in range(count):
        mirrored |= (fewest >> i & 1) << (count - 1 - i)
    return int(fewest[np.argmax(mirrored)])


def totals_by_size(values: Integers) -> tuple[list[int], list[list[int]]]:
    """For every number of members k from 0 to n: the sum of ``values`` over all groups of k, and
    for every party the same over the groups of k that it belongs to."""
    if values.dtype != object and largest(values) >= SAFE >> HALF:
        high = totals_by_size(values >> HALF)
        low = totals_by_size(values & ((1 << HALF) - 1))
        return (
            [(a << HALF) + b for a, b in zip(high[0], low[0], strict=True)],
            [[(a << HALF) + b for a, b in zip(*rows, strict=True)]
             for rows in zip(high[1], low[1], strict=True)],
        )  # fmt: skip
    count = len(values).bit_length() - 1
    low_bits = count // 2
    high_bits = count - low_bits
    grid = values.reshape(1 << high_bits, 1 << low_bits)
    # Summed over one half of the bits by how many of them are set, a table of 2^(n/2) is left.
    by_high = folded(grid, low_bits)
    by_low = folded(grid.T, high_bits)
    totals = [0] * (count + 1)
    own = [[0] * (count + 1) for _ in range(count)]
    add_up(by_low, 0, low_bits, totals, own)
    add_up(by_high, low_bits, high_bits, None, own)
    return totals, own


def folded(grid: Integers, bits: int) -> list[list[int]]:
    """Of every row of ``grid`` the sums of the columns with 0, 1 ... ``bits`` bits set."""
    size = sizes(bits)
    order = np.argsort(size, kind="stable")
    starts = np.searchsorted(size[order], np.arange(bits + 1))
    found: list[list[int]] = np.add.reduceat(grid[:, order], starts, axis=1).tolist()
    return found


def add_up(
    table: list[list[int]], first: int, bits: int, totals: list[int] | None, own: list[list[int]]
) -> None:
    """Add the rows of ``table``, one per group of the parties from ``first`` on, to the sums of
    their parties, and of all where ``totals`` is given."""
    by_size = [[[0] * len(table[0]) for _ in range(bits + 1)] for _ in range(bits)]
    for group, row in enumerate(table):
        size = group.bit_count()
        if totals is not None:
            for more, value in enumerate(row):
                totals[size + more] += value
        for i in members(group):
            kept = by_size[i][size]
            for more, value in enumerate(row):
                kept[more] += value
    for i, per_size in enumerate(by_size):
        for size, kept in enumerate(per_size):
            for more, value in enumerate(kept):
                own[first + i][size + more] += value


def concave(values: Integers) -> bool:
    """Whether a party never adds more to a larger group than to a smaller one (submodular)."""
    count = len(values).bit_length() - 1
    for j in range(1, count):
        for i in range(j):
            cube = values.reshape(-1, 2, 1 << (j - i - 1), 2, 1 << i)
            with_i, with_j = cube[:, 0, :, 1, :], cube[:, 1, :, 0, :]
            if bool(np.any(with_i - cube[:, 0, :, 0, :] < cube[:, 1, :, 1, :] - with_j)):
                return False
    return True


def subadditive(values: Integers) -> bool:
    """Whether two groups without a member in common never cost more together than apart. Visits
    3^n pairs: for few parties."""
    whole = len(values) - 1
    for group in range(1, whole + 1):
        part = (group - 1) & group
        while part > group - part:
            if values[part] + values[group - part] < values[group]:
                return False
            part = (part - 1) & group
    return True
