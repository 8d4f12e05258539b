"""What is on record of some partnerships only: sector, start of the present term, bookkeeping, and
what was asked and decided on a deviation from the reference regions."""

from datetime import date as Date

import numpy as np
import polars as pl

from samenspel.landscape.generate.bodies import IGS
from samenspel.landscape.generate.circles import Circles
from samenspel.landscape.generate.land import Ints

# Sector by task; every other task is of none of the sectors that rules tell apart.
SECTOR_OF = {
    "afvalinzameling": "waste",
    "energiehuis": "energy",
    "distributienetten": "energy",
    "riolering": "sewerage",
}
KNOWN = {"sector": 0.7, "term_start": 0.8, "bookkeeping": 0.8}
ASKED = 0.4  # of the partnerships that cross a reference region
ANSWERS = ("granted", "granted", "refused", "postponed", None)
GOVERNMENT = "Voorbeeldse regering"
COLUMNS = (
    *KNOWN, "deviation_requested", "deviation_decision", "deviation_decided_by",
    "deviation_decided_on", "deviation_review",
)  # fmt: skip


def record_rows(
    rows: pl.DataFrame,
    tasks: pl.DataFrame,
    circles: Circles,
    regions: Ints,
    random: np.random.Generator,
) -> pl.DataFrame:
    """Frame ``id`` and COLUMNS, a row for each of ``rows``. ``regions``: the reference region of
    each municipality of the older map."""
    several = (
        pl.DataFrame({"p": circles.partnership, "region": regions[circles.member]})
        .group_by("p")
        .agg(crossing=pl.col("region").n_unique() > 1)
    )
    # The sector is that of the first task, so that one of several tasks has one too.
    done = tasks.select("p", done="task").unique("p", keep="first")
    found = rows.join(several, on="p", how="left", maintain_order="left").join(
        done, on="p", how="left", maintain_order="left"
    )
    draw = random.random((len(KNOWN) + 1, rows.height))
    month = pl.Series(random.integers(0, 15, rows.height))
    answer = pl.Series(ANSWERS).gather(random.integers(0, len(ANSWERS), rows.height))
    asked = (
        pl.col("legal_form").is_in(IGS)
        & (pl.col("status") == "active")
        & pl.col("crossing")
        & (pl.Series(draw[-1]) < ASKED)
    )
    requested = pl.lit(Date(2023, 6, 15)).dt.offset_by(pl.lit(month.cast(pl.String) + "mo"))
    return (
        found.with_columns(
            sector=pl.when(pl.col("done").is_not_null()).then(
                pl.col("done").replace_strict(SECTOR_OF, default="other", return_dtype=pl.String)
            ),
            bookkeeping=pl.when(pl.col("legal_form") == "welzijnsvereniging").then(pl.lit("bbc")),
            deviation_requested=pl.when(asked).then(requested),
            deviation_decision=pl.when(asked).then(answer),
        )
        .with_columns(
            pl.when(pl.Series(draw[i]) < share).then(name)
            for i, (name, share) in enumerate(KNOWN.items())
        )
        .with_columns(decided=pl.col("deviation_decision").is_not_null())
        .with_columns(
            deviation_decided_by=pl.when("decided").then(pl.lit(GOVERNMENT)),
            deviation_decided_on=pl.when("decided").then(
                pl.col("deviation_requested").dt.offset_by("4mo")
            ),
        )
        .with_columns(
            deviation_review=pl.when(
                pl.col("deviation_decision").is_in(["granted", "postponed"])
            ).then(pl.col("deviation_decided_on").dt.offset_by("3y"))
        )
        .select("id", *COLUMNS)
    )
