"""A landscape or chronicle from elsewhere as one change of the register."""

import polars as pl

from samenspel.landscape import tables
from samenspel.landscape.columns import POLARS, Type
from samenspel.landscape.landscape import Landscape
from samenspel.register.writing import Batch

NAMES: dict[pl.DataType, Type] = {dtype: name for name, dtype in POLARS.items()}


def first_batch(land: Landscape) -> Batch:
    """Everything that ``land`` says, for a register that holds nothing yet. Its rows keep the days
    that they state; those that state none hold always."""
    about = land.about
    own = [
        {"table": name, "column": column, "type": NAMES[frame.schema[column]]}
        for name, frame in land.frames.items()
        for column in frame.columns
        if column not in {**tables.BY_NAME[name].schema, **tables.VALIDITY}
    ]
    return Batch(
        {
            "about": pl.DataFrame(
                [{"name": about.name, "territory": about.territory, "fictional": about.fictional}]
            ),
            "known_tables": pl.DataFrame({"table": list(land.frames)}),
            "own_columns": pl.DataFrame(
                own, {name: pl.String() for name in ("table", "column", "type")}
            ),
            **land.frames,
        }
    )
