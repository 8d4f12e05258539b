"""The Shapley value by chance, with a stated error: for more parties than can be counted out.

Orders of arrival are drawn at random and what each party adds is averaged (Castro, Gomez and
Tejada 2009). Each order is also begun half-way, so that every party is once in the first half and
once in the second: the simplest strata by place (Castro, Gomez, Molina and Tejada 2017).

The error is that of the empirical Bernstein bound (Maurer and Pontil 2009, theorem 4), for all
parties at once. It needs the range of what a party can add; the range that was seen is taken,
which always holds what it adds first of all and last of all. A bound by the normal distribution
was tried and is far too narrow where a party seldom adds anything.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import log, sqrt
from random import Random

from samenspel.errors import InputError
from samenspel.language import _
from samenspel.sharing.functions import CostFunction

MOST_PARTIES = 300
FEWEST = 100
CONFIDENCE = 0.95
DEFAULT = 2_000
ZERO = Fraction(0)


@dataclass(frozen=True)
class Estimate:
    """``amounts`` per party in cents, which add up to the cost of all; ``errors`` in cents: with
    the probability ``confidence`` every amount lies within its error of the Shapley value, as long
    as no party can add more or less than in the orders that were drawn. ``orders``: how many."""

    amounts: tuple[Fraction, ...]
    errors: tuple[float, ...]
    confidence: float
    orders: int
    seed: int


def sample(function: CostFunction, orders: int = DEFAULT, seed: int = 1) -> Estimate:
    """An estimate of the Shapley value from ``orders`` orders (an odd one is left out). Raises
    InputError above 300 parties and below 100 orders."""
    count = len(function.parties)
    if count > MOST_PARTIES:
        raise InputError(
            _("Sampling goes up to {most} parties, and here are {count}.").format(
                most=MOST_PARTIES, count=count
            )
        )
    if orders < FEWEST:
        raise InputError(
            _("--samples {orders}: draw at least {least} orders.").format(
                orders=orders, least=FEWEST
            )
        )
    pairs = orders // 2
    low, high = ends(function)
    total, squares = [ZERO] * count, [0.0] * count
    chance, line = Random(seed), list(range(count))
    for _pair in range(pairs):
        chance.shuffle(line)
        added = [0.0] * count
        for order in (line, line[count // 2 :] + line[: count // 2]):
            before = ZERO
            for i, cost in zip(order, function.along(order), strict=True):
                more = cost - before
                if more:
                    total[i] += more
                    added[i] += float(more) / 2
                    before = Fraction(cost)
                low[i], high[i] = min(low[i], more), max(high[i], more)
        squares = [have + own * own for have, own in zip(squares, added, strict=True)]
    means = [amount / (2 * pairs) for amount in total]
    reach = log(4 * count / (1 - CONFIDENCE))
    errors = []
    for mean, square, least, most in zip(means, squares, low, high, strict=True):
        variance = max(0.0, (square - pairs * float(mean) ** 2) / (pairs - 1))
        errors.append(
            sqrt(2 * variance * reach / pairs) + 7 * float(most - least) * reach / (3 * (pairs - 1))
        )
    return Estimate(tuple(means), tuple(errors), CONFIDENCE, 2 * pairs, seed)


def ends(function: CostFunction) -> tuple[list[Fraction], list[Fraction]]:
    """The lower and the higher of what each party adds first of all and last of all."""
    count = len(function.parties)
    whole = Fraction(function.along(range(count))[-1])
    pairs = []
    for i in range(count):
        others = [k for k in range(count) if k != i]
        last = whole - (Fraction(function.along(others)[-1]) if others else ZERO)
        pairs.append((Fraction(function.along([i])[0]), last))
    return [min(pair) for pair in pairs], [max(pair) for pair in pairs]
