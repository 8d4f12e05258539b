"""What the lineage of a landscape says of its municipalities: which of them are mergers."""

import polars as pl

from samenspel.landscape.landscape import Landscape


def merged_from(landscape: Landscape) -> dict[str, set[str]]:
    """Of each municipality that is a merger, by its code, the codes that it was made of, its own
    among them where it kept that. Several codes that became one are a merger also where the lineage
    does not say what happened."""
    rows = landscape.table("lineage").filter(
        pl.col("kind") == "municipality", pl.col("date") <= landscape.date
    )
    several = pl.col("old").n_unique().over("new", "date") > 1
    merger = (pl.col("operation") == "merger") | (pl.col("operation").is_null() & several)
    parts: dict[str, set[str]] = {}
    for old, new in rows.filter(merger).sort("date").select("old", "new").iter_rows():
        parts.setdefault(new, set()).update({old, *parts.get(old, ())})
    return {new: olds for new, olds in parts.items() if olds - {new}}
