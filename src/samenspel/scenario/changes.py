"""How many rows of each table differ between two landscapes."""

import polars as pl

from samenspel.landscape.landscape import Landscape

# A figure on another map is the same figure.
PASSED_OVER = ("map_year",)


def changes(before: Landscape, after: Landscape) -> dict[str, dict[str, int]]:
    """For each table that differs its rows ``before`` and ``after``, and how many of them are
    ``gone`` and ``new``; a row of which a cell changed is both. Costs O(rows)."""
    found = {}
    for name in [*before.frames, *(name for name in after.frames if name not in before.frames)]:
        left, right = before.table(name), after.table(name)
        columns = [c for c in left.columns if c in right.columns and c not in PASSED_OVER]
        gone, new = apart(left, right, columns), apart(right, left, columns)
        if gone or new:
            found[name] = {
                "before": left.height, "after": right.height, "gone": gone, "new": new
            }  # fmt: skip
    return found


def apart(rows: pl.DataFrame, others: pl.DataFrame, columns: list[str]) -> int:
    """How many of ``rows`` do not stand in ``others``."""
    return rows.join(others, on=columns, how="anti", nulls_equal=True).height
