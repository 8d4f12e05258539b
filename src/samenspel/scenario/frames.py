"""Rows in and out of the frames of a landscape."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

Row = Mapping[str, Any]


def replaced(frame: pl.DataFrame, keep: pl.Expr, rows: Sequence[Row]) -> pl.DataFrame:
    """The rows of ``frame`` to ``keep``, and ``rows``, in which what is absent is unknown."""
    return added(frame.filter(keep), rows)


def added(frame: pl.DataFrame, rows: Sequence[Row]) -> pl.DataFrame:
    """``frame`` with ``rows``, in which what is absent is unknown."""
    return pl.concat([frame, pl.DataFrame(rows, schema=frame.schema, orient="row")])
