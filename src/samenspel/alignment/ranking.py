"""Ranking where some values are unknown: a range of ranks for each, nothing filled in.

Every item has a lowest and a highest possible score. Its best rank counts the items that are ahead
of it whatever the unknowns turn out to be, its worst rank those that can be ahead.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any


@dataclass(frozen=True)
class Value:
    """A value of which the bounds are known; known itself where both are equal."""

    low: int
    high: int

    @property
    def known(self) -> int | None:
        return self.low if self.low == self.high else None


@dataclass(frozen=True)
class Rank:
    """Ranks from 1; equal scores share the best rank among them."""

    best: int
    worst: int


def ranks(lows: Sequence[Any], highs: Sequence[Any]) -> list[Rank]:
    """Best and worst rank of each item by its lowest and highest score (numbers, or tuples compared
    from the left), the highest first. Exact when the items vary apart
    from each other, else bounds. Costs O(n log n)."""
    count = len(lows)
    by_low, by_high = sorted(lows), sorted(highs)
    return [
        Rank(
            count - bisect_right(by_low, high) + 1,
            count - bisect_right(by_high, low) + (high == low),
        )
        for low, high in zip(lows, highs, strict=True)
    ]


def weighted(
    values: Mapping[str, Value], weights: Mapping[str, Fraction], tops: Mapping[str, int]
) -> tuple[Fraction, Fraction]:
    """Lowest and highest weighted sum; each value counts as a part of the highest level of its
    criterion (``tops``), so that criteria with more levels weigh no more."""
    low = sum((w * values[n].low / tops[n] for n, w in weights.items()), Fraction(0))
    high = sum((w * values[n].high / tops[n] for n, w in weights.items()), Fraction(0))
    return low, high


def lexicographic(
    values: Mapping[str, Value], order: Sequence[str]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Lowest and highest score where the first criterion decides, then the next."""
    return tuple(values[n].low for n in order), tuple(values[n].high for n in order)
