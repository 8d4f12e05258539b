"""Invented names and numbers, such as no real municipality or enterprise has."""

from itertools import product

import numpy as np
import polars as pl
from numpy.typing import NDArray

ONSETS = (
    "B", "Br", "D", "Dr", "F", "G", "Gr", "H", "K", "Kl", "L", "M", "N", "P", "R", "S", "Schr",
    "St", "T", "V", "Vl", "W", "Z", "Zw",
)  # fmt: skip
VOWELS = ("a", "aa", "e", "ee", "i", "ie", "o", "oo", "oe", "u", "ui", "ij")
CODAS = ("k", "l", "lm", "m", "n", "nd", "p", "r", "rk", "st", "t", "x")
ENDS = (
    "erdries", "erdrift", "erhaard", "erkerve", "ermeerde", "erschote", "erstroom", "ertichel",
    "ervaarde", "erveen", "erwisse", "erwolde", "elakker", "elkreek", "elmolle",
)  # fmt: skip


def every_name() -> list[str]:
    """Every village name that can be drawn."""
    return ["".join(parts) for parts in product(ONSETS, VOWELS, CODAS, ENDS)]


def village_names(count: int, random: np.random.Generator) -> list[str]:
    """``count`` different names."""
    names = every_name()
    return [names[i] for i in random.choice(len(names), count, replace=False)]


def enterprise_numbers(first: int, count: int) -> pl.Series:
    """Numbers with a right check, from a range (00...) of which none is given out."""
    stem: NDArray[np.int64] = np.arange(first, first + count, dtype=np.int64)
    whole = pl.Series(stem * 100 + 97 - stem % 97)
    return whole.cast(pl.String).str.zfill(10)
