"""Whether chains agree and how much they say: pure functions on series of figures.

A series holds one figure of every recorded plan of one chain, in order. Where nothing varies, or
the series are too short, the answer is None: that says nothing, good or bad.
"""

from collections.abc import Sequence

import numpy as np

from samenspel.delineation.problem import Floats, Words

SHORTEST = 4  # records of half a chain


def halves(chains: Sequence[Floats]) -> Floats | None:
    """The first and second half of every series as rows, all as long as the shortest allows (the
    last records of longer ones and the middle one of an odd number are left out). None when too
    short."""
    length = min((len(series) for series in chains), default=0)
    half = length // 2
    if half < SHORTEST:
        return None
    return np.array(
        [part for series in chains for part in (series[:half], series[length - half : length])],
        dtype=np.float64,
    )


def spread(rows: Floats) -> tuple[float, float]:
    """The mean variance within rows, and the variance of all as both parts estimate it."""
    length = rows.shape[1]
    within = float(rows.var(axis=1, ddof=1).mean())
    between = float(rows.mean(axis=1).var(ddof=1))
    return within, within * (length - 1) / length + between


def split_rhat(chains: Sequence[Floats]) -> float | None:
    """Split R-hat (Gelman and others, Bayesian Data Analysis, third edition, 2013, section 11.4):
    how much wider all halves of chains lie than one. 1 is agreement; above about 1.05 the chains
    have not yet seen the same plans. Infinite where each half stands still elsewhere."""
    rows = halves(chains)
    if rows is None or np.all(rows == rows[0, 0]):
        return None
    within, total = spread(rows)
    return float(np.sqrt(total / within)) if within > 0 else float("inf")


def effective_size(chains: Sequence[Floats]) -> float | None:
    """How many independent plans the records are worth for the mean of this figure: the effective
    sample size over the halves of all chains, with the initial monotone sequence of Geyer (1992)
    as in section 11.5 of the book named at ``split_rhat``. At most records x log10(records)."""
    rows = halves(chains)
    if rows is None or np.all(rows == rows[0, 0]):
        return None
    count, length = rows.shape
    within, total = spread(rows)
    mean = autocovariance(rows).mean(axis=0)
    correlation = 1.0 - (within - mean) / total
    correlation[0] = 1.0
    even = correlation[: length - length % 2]
    pairs = even[0::2] + even[1::2]
    positive = int(np.argmax(pairs <= 0)) if np.any(pairs <= 0) else len(pairs)
    steady = np.minimum.accumulate(pairs[:positive])
    time = max(2.0 * float(steady.sum()) - 1.0, 1.0 / np.log10(count * length))
    return float(count * length / time)


def autocovariance(rows: Floats) -> Floats:
    """The covariance of each row with itself, by lag; sums divided by the length."""
    length = rows.shape[1]
    centred = rows - rows.mean(axis=1, keepdims=True)
    waves = np.fft.rfft(centred, 2 * length, axis=1)
    product = np.fft.irfft(np.abs(waves) ** 2, 2 * length, axis=1)
    return np.asarray(product[:, :length] / length, dtype=np.float64)


def distinct(words: Sequence[Words]) -> int:
    """How many different plans the chains recorded, by their fingerprints."""
    return len(np.unique(np.concatenate(words))) if len(words) else 0
