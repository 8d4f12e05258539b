"""Aggregation over partly unknown values: the only place that sums, counts and averages them.

In Polars the sum of nothing but nulls is 0 and a null condition drops its row; here every figure
comes with the share of rows for which it is known, and a figure of which nothing is known is
unknown itself. Each function gives two expressions for ``group_by().agg()`` or ``select()``:
``name`` and ``name_known``. Over no rows at all there is nothing to know: a sum or count is 0, a
share or mean is unknown, and the share known is 1.
"""

import polars as pl

KNOWN = "_known"


def known_share(values: pl.Expr) -> pl.Expr:
    """Share of the rows, 0 to 1, in which ``values`` is known; 1 over no rows."""
    return pl.when(pl.len() == 0).then(1.0).otherwise(values.count() / pl.len())


def total(name: str, values: pl.Expr) -> list[pl.Expr]:
    """Sum of the known values, a lower bound where values are not negative."""
    nothing_known = (values.count() == 0) & (pl.len() > 0)
    return [
        pl.when(nothing_known).then(None).otherwise(values.sum()).alias(name),
        known_share(values).alias(name + KNOWN),
    ]


def count_where(name: str, condition: pl.Expr, among: pl.Expr | None = None) -> list[pl.Expr]:
    """Number of rows in which ``condition`` (true, false or unknown) is known to be true, counted
    over the rows where ``among`` is true (all rows without it)."""
    if among is None:
        return total(name, condition.cast(pl.Int64))
    here = condition.cast(pl.Int64).filter(among)
    rows = among.sum()
    known = here.count()
    return [
        pl.when((known == 0) & (rows > 0)).then(None).otherwise(here.sum()).alias(name),
        pl.when(rows == 0).then(1.0).otherwise(known / rows).alias(name + KNOWN),
    ]


def share_where(name: str, condition: pl.Expr) -> list[pl.Expr]:
    """Share, 0 to 1, of the rows with a known ``condition`` in which it is true."""
    return mean(name, condition.cast(pl.Float64))


def mean(name: str, values: pl.Expr) -> list[pl.Expr]:
    """Mean of the known values; unknown where none is known."""
    return [values.mean().alias(name), known_share(values).alias(name + KNOWN)]


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


def spread(name: str, values: pl.Expr) -> list[pl.Expr]:
    """Lowest, median and highest of the known values, as ``name_min``, ``name_median``,
    ``name_max``, and the share known."""
    return [
        values.min().alias(f"{name}_min"),
        values.median().alias(f"{name}_median"),
        values.max().alias(f"{name}_max"),
        known_share(values).alias(name + KNOWN),
    ]
