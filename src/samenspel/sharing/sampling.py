"""The Shapley value by chance, with a stated error: for more parties than can be counted out.

Orders of arrival are drawn at random and what each party adds is averaged (Castro, Gomez and
Tejada 2009). Each order is also begun at other places, evenly spread, so that a block of orders
has every party at places all along the line: the thought of strata by place (Castro, Gomez, Molina
and Tejada 2017), without their optimal allocation. Blocks are independent, and their spread gives
the error.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from random import Random

from scipy.stats import t as student

from samenspel.errors import InputError
from samenspel.language import _
from samenspel.sharing.functions import CostFunction

MOST_PARTIES = 300
FEWEST_BLOCKS = 20
STARTS = 20
CONFIDENCE = 0.95
DEFAULT = 2_000


@dataclass(frozen=True)
class Estimate:
    """``amounts`` per party in cents, which add up to the cost of all; ``errors`` in cents: with
    the probability ``confidence`` every amount lies within its error of the Shapley value, as far
    as means of blocks follow a normal distribution. ``orders`` were drawn in ``blocks`` blocks."""

    amounts: tuple[Fraction, ...]
    errors: tuple[float, ...]
    confidence: float
    orders: int
    blocks: int
    seed: int


def sample(function: CostFunction, orders: int = DEFAULT, seed: int = 1) -> Estimate:
    """An estimate of the Shapley value from about ``orders`` orders. Raises InputError above 300
    parties or for fewer orders than 20 blocks need."""
    count = len(function.parties)
    if count > MOST_PARTIES:
        raise InputError(
            _("Sampling goes up to {most} parties, and here are {count}.").format(
                most=MOST_PARTIES, count=count
            )
        )
    starts = min(count, STARTS, max(1, orders // FEWEST_BLOCKS))
    blocks = orders // starts
    if blocks < FEWEST_BLOCKS:
        raise InputError(
            _("--samples {orders}: draw at least {least} orders.").format(
                orders=orders, least=FEWEST_BLOCKS
            )
        )
    chance = Random(seed)
    total, squares = [Fraction(0)] * count, [0.0] * count
    means: list[list[Fraction]] = []
    for _block in range(blocks):
        added = [Fraction(0)] * count
        line = list(range(count))
        chance.shuffle(line)
        for k in range(starts):
            first = k * count // starts
            order = line[first:] + line[:first]
            before = Fraction(0)
            for i, cost in zip(order, function.along(order), strict=True):
                added[i] += cost - before
                before = Fraction(cost)
        means.append([amount / starts for amount in added])
    total = [sum(column, Fraction(0)) / blocks for column in zip(*means, strict=True)]
    for i, mean in enumerate(total):
        squares[i] = sum(float(block[i] - mean) ** 2 for block in means)
    # Over all parties at once (Bonferroni), so that one sentence holds for the whole table.
    reach = float(student.ppf(1 - (1 - CONFIDENCE) / (2 * count), blocks - 1))
    errors = [reach * sqrt(sum_ / (blocks - 1) / blocks) for sum_ in squares]
    return Estimate(tuple(total), tuple(errors), CONFIDENCE, blocks * starts, blocks, seed)
