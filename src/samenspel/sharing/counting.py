"""Thresholds: groups counted by size instead of looked at one by one.

The Shapley value needs, for every party, how many groups of k others have size w. All k at once
stand side by side in one Python integer per w, n+1 bits each, so that one addition adds them all.
"""

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from math import factorial, gcd

import numpy as np

from samenspel.sharing.functions import Steps
from samenspel.sharing.groups import Integers, common

MOST_WORK = 3 * 10**11  # bits added, a thousand more for each addition: some ten seconds
MOST_ROOM = 4 * 10**8  # bytes of the counts
MOST_CELLS = 5 * 10**7  # of the knapsack; a tenth where its sums need Python integers
ZERO = Fraction(0)


def reduced(function: Steps) -> tuple[list[int], list[int]]:
    """Sizes and bounds in the largest unit that all sizes are multiples of."""
    unit = gcd(*function.sizes)
    return [size // unit for size in function.sizes], [bound // unit for bound in function.bounds]


def by_counting(function: Steps) -> list[Fraction] | None:
    """The Shapley value of a game of thresholds; None where counting takes too long."""
    sizes, bounds = reduced(function)
    count, total = len(sizes), sum(sizes)
    bits = (count + 1) ** 2
    if (count + 2 * len(set(sizes))) * total * (bits + 1000) > MOST_WORK:
        return None
    if total * (bits // 8 + 60) > MOST_ROOM:
        return None
    slot = count + 1
    ways = [0] * (total + 1)  # ways[w]: groups of size w, bits slot*k to slot*(k+1): of k members
    ways[0] = 1
    for done, size in enumerate(sizes):
        for w in range(sum(sizes[:done]) + size, size - 1, -1):
            if ways[w - size]:
                ways[w] += ways[w - size] << slot
    costs = [ZERO, *(function.costs[k] for k in np.searchsorted(bounds, range(1, total + 1)))]
    amounts = {size: share_of(size, ways, costs, count) for size in set(sizes)}
    return [amounts[size] for size in sizes]


def share_of(size: int, ways: list[int], costs: list[Fraction], count: int) -> Fraction:
    """The Shapley value of a party of ``size``."""
    slot = count + 1
    without: list[int] = []  # the same count over the groups that it is not in
    added: defaultdict[Fraction, int] = defaultdict(int)
    for w in range(len(ways) - size):
        left = ways[w] - (without[w - size] << slot) if w >= size else ways[w]
        without.append(left)
        step = costs[w + size] - costs[w]
        if left and step:
            added[step] += left
    mask = (1 << slot) - 1
    weight = [factorial(k) * factorial(count - 1 - k) for k in range(count)]
    whole = sum(
        (
            step * sum((groups >> slot * k & mask) * weight[k] for k in range(count))
            for step, groups in added.items()
        ),
        ZERO,
    )
    return whole / factorial(count)


def heaviest(function: Steps, amounts: Sequence[Fraction]) -> tuple[Fraction, list[int]] | None:
    """The largest excess of any group and its members, a knapsack over sizes; None where that
    takes too much room."""
    sizes, bounds = reduced(function)
    total = sum(sizes)
    whole, below = common([*amounts, *function.costs])
    small = sum(map(abs, whole)) < 2**61
    if (total + 1) * (len(sizes) + 1) > (MOST_CELLS if small else MOST_CELLS // 10):
        return None
    nothing = -(2**62) if small else -2 * sum(map(abs, whole)) - 1
    best: Integers = np.full(total + 1, nothing, dtype=np.int64 if small else object)
    best[0] = 0
    taken = np.zeros((len(sizes), total + 1), dtype=bool)
    for i, size in enumerate(sizes):
        with_it = best[: total + 1 - size] + whole[i]
        with_it[best[: total + 1 - size] == nothing] = nothing
        taken[i, size:] = with_it > best[size:]
        best[size:] = np.maximum(best[size:], with_it)
    costs = np.array([0, *whole[len(sizes) :]], dtype=best.dtype)
    costs = costs[np.searchsorted([0, *bounds], np.arange(total + 1))]
    over = np.where(best == nothing, nothing, best - costs)
    spot = int(np.argmax(over))
    excess, chosen = Fraction(int(over[spot]), below), []
    for i in reversed(range(len(sizes))):
        if taken[i, spot]:
            chosen.append(i)
            spot -= sizes[i]
    return excess, chosen
