"""Aggregation over partly unknown values: the only place that sums, counts and averages them.

In Polars the sum of nothing but nulls is 0 and a null condition drops its row; here every figure
comes with the share of rows for which it is known, and a figure of which nothing is known is
unknown itself. A count is the total of a condition, a share its mean. Over no rows at all there is
nothing to know: a total is 0, a mean is unknown, and the share known is 1.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

KNOWN = "_known"


def known_share(values: pl.Expr) -> pl.Expr:
    """Share of the rows, 0 to 1, in which ``values`` is known; 1 over no rows."""
    return pl.when(pl.len() == 0).then(1.0).otherwise(values.count() / pl.len())


def totals_over(
    groups: Any, values: pl.DataFrame, among: Mapping[str, NDArray[np.bool_]] | None = None
) -> pl.DataFrame:
    """Total of the known values of every column over overlapping groups, with the share known.

    ``groups``: sparse 0/1 matrix of groups by rows of ``values``. ``among``: for a column the rows
    that are counted at all, where those are not all. Gives one row per group. Costs O(entries of
    ``groups`` times number of columns). Whole numbers are exact up to 2**53.
    """
    filled, there = numbers_and_known(values)
    counted = np.ones_like(there)
    for name, rows in (among or {}).items():
        counted[:, values.get_column_index(name)] = rows
    there *= counted
    sums, known, sizes = groups @ (filled * there), groups @ there, groups @ counted
    sums[(known == 0) & (sizes > 0)] = np.nan
    whole = [n for n, dtype in values.schema.items() if dtype.is_integer() or dtype == pl.Boolean]
    return with_shares(values.columns, sums, known, sizes).with_columns(
        pl.col(whole).cast(pl.Int64)
    )


def means_over(groups: Any, values: pl.DataFrame) -> pl.DataFrame:
    """Mean of the known values of every column over overlapping groups, with the share known; as
    ``totals_over``. Over no known value the mean is unknown."""
    filled, there = numbers_and_known(values)
    sums, known, sizes = groups @ filled, groups @ there, groups @ np.ones_like(there)
    sums[known == 0] = np.nan
    means = np.divide(sums, known, out=sums, where=known > 0)
    return with_shares(values.columns, means, known, sizes)


def numbers_and_known(values: pl.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """``values`` as numbers with 0 for unknown, and 1 where they are known."""
    array = values.select(pl.all().cast(pl.Float64)).to_numpy(order="c", writable=True)
    known = ~np.isnan(array)
    array[~known] = 0
    return array, known.astype(np.float64)


def with_shares(
    names: list[str],
    figures: NDArray[np.float64],
    known: NDArray[np.float64],
    sizes: NDArray[np.float64],
) -> pl.DataFrame:
    """Columns ``name`` (NaN becomes unknown) and ``name_known``, known / sizes or 1 where empty."""
    shares = np.divide(known, sizes, out=np.ones_like(known), where=sizes > 0)
    columns = {name: figures[:, i] for i, name in enumerate(names)}
    columns |= {name + KNOWN: shares[:, i] for i, name in enumerate(names)}
    return pl.DataFrame(columns).with_columns(pl.col(names).fill_nan(None))


def known_shares(frame: pl.DataFrame) -> dict[str, float]:
    """For each column of ``frame`` the share of rows in which it is known; 1 over no rows."""
    return frame.select(known_share(pl.col(name)).alias(name) for name in frame.columns).row(
        0, named=True
    )


def whole_sum(values: pl.Expr) -> pl.Expr:
    """Sum of values that are all known; unknown where one is not."""
    return pl.when(values.null_count() == 0).then(values.sum())


def agreed(values: pl.Expr) -> pl.Expr:
    """The value that all rows share; unknown where they differ or one is unknown."""
    return pl.when((values.null_count() == 0) & (values.n_unique() == 1)).then(values.first())


def spread(name: str, values: pl.Expr, known: pl.Expr) -> list[pl.Expr]:
    """Lowest, median and highest of the known values, as ``name_min``, ``name_median``,
    ``name_max``, and the mean of ``known``, the share known of each value."""
    return [
        values.min().alias(f"{name}_min"),
        values.median().alias(f"{name}_median"),
        values.max().alias(f"{name}_max"),
        pl.when(pl.len() == 0).then(1.0).otherwise(known.mean()).alias(name + KNOWN),
    ]
