"""How much of what a landscape says was confirmed by those whom it concerns.

Counted over the tables that people complete and confirm; what comes from maps and statistics nobody
confirms. Which tables those are is a choice. A row is confirmed where ``confirmed_by`` is filled,
by whomever: an empty cell means nobody so far, so there is nothing unknown in it. A row is of a
municipality where it is about it, or about an organisation that belongs to it; rows about a
partnership itself are of the whole only.
"""

from typing import Any

import polars as pl

from samenspel.landscape.landscape import Landscape
from samenspel.landscape.unknown import known_share, whole_sum

BY = "confirmed_by"
# For each table the column that leads to a municipality; none where only the whole is counted.
CONFIRMED: dict[str, str | None] = {
    "municipalities": "nis",
    "organisations": "id",
    "partnerships": None,
    "tasks": None,
    "task_provision": "organisation",
    "memberships": "organisation",
    "mandates": "organisation",
}


def share_confirmed(land: Landscape) -> pl.DataFrame:
    """Frame ``table``, ``nis``, ``rows``, ``confirmed``, ``share``: for each table of CONFIRMED the
    rows of the whole (``nis`` empty) and, where they lead to one, of each municipality. All three
    figures are unknown where the table is; the share is unknown where there are no rows."""
    towns = land.table("municipalities").select("nis")
    town_of = municipality_of(land)
    parts = []
    for name, column in CONFIRMED.items():
        frame = land.table(name)
        found = [frame.select(pl.lit(None, pl.String).alias("nis"), *COUNTS)]
        if column is not None:
            rows = frame.join(town_of, left_on=column, right_on="code").group_by("town")
            counted = rows.agg(*COUNTS).rename({"town": "nis"})
            none = pl.col("rows", "confirmed").fill_null(0)
            found.append(towns.join(counted, on="nis", how="left").with_columns(none))
        known = pl.lit(land.knows(name))
        figures = [pl.when(known).then(pl.col(figure)).alias(figure) for figure in FIGURES]
        parts += [part.select(pl.lit(name).alias("table"), "nis", *figures) for part in found]
    return pl.concat(parts)


FIGURES = ("rows", "confirmed", "share")
COUNTS = (
    pl.len().cast(pl.Int64).alias("rows"),
    pl.col(BY).count().cast(pl.Int64).alias("confirmed"),
    pl.when(pl.len() > 0).then(known_share(pl.col(BY))).alias("share"),
)


def municipality_of(land: Landscape) -> pl.DataFrame:
    """Frame ``code``, ``town``: each municipality, and each organisation that belongs to one."""
    towns = land.table("municipalities").select(code="nis", town="nis")
    others = land.table("organisations").select(code="id", town="nis").drop_nulls()
    others = others.join(towns, left_on="town", right_on="code", how="semi")
    return pl.concat([towns, others]).unique("code", keep="first", maintain_order=True)


def confirmed(land: Landscape) -> dict[str, Any]:
    """The same as plain values: ``rows``, ``confirmed`` and ``share`` of the whole, over the tables
    that are known; under ``tables`` of each table, under ``municipalities`` of each municipality by
    its code."""
    found = share_confirmed(land)
    whole = found.filter(pl.col("nis").is_null()).drop("nis")
    towns = found.drop_nulls("nis").partition_by("nis", as_dict=True, maintain_order=True)
    return {
        **together(whole),
        "tables": whole.to_dicts(),
        "municipalities": {str(nis): together(rows) for (nis,), rows in towns.items()},
    }


def together(rows: pl.DataFrame) -> dict[str, Any]:
    """The figures of ``rows`` as one; a table that is unknown is left out."""
    known = rows.drop_nulls("rows")
    if not known.height:
        return dict.fromkeys(FIGURES)
    sums = known.select(whole_sum(pl.col("rows")), whole_sum(pl.col("confirmed"))).row(0)
    return {
        "rows": sums[0],
        "confirmed": sums[1],
        "share": sums[1] / sums[0] if sums[0] else None,
    }
