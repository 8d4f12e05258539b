"""The chronicle: every dated row on record, with when it held and when it was recorded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date as Date
from datetime import datetime
from types import MappingProxyType

import polars as pl

from samenspel.errors import InputError
from samenspel.landscape import tables
from samenspel.landscape.landscape import About, Landscape, conform, same_rows
from samenspel.language import _

DATED = {**tables.VALIDITY, **tables.RECORDED}


def holds(start: str, end: str, moment: pl.Expr) -> pl.Expr:
    """Whether ``moment`` lies in the half-open period [start, end); an empty bound is open."""
    after = pl.col(start).is_null() | (pl.col(start) <= moment)
    before = pl.col(end).is_null() | (pl.col(end) > moment)
    return after & before


@dataclass(frozen=True)
class Chronicle:
    """Rows with ``valid_from``/``valid_to`` (when they hold in the world) and
    ``recorded_from``/``recorded_to`` (when they were on record), all half open, empty is open.

    The key of a row is the table's key and ``valid_from``. ``frames`` as in Landscape.
    """

    frames: Mapping[str, pl.DataFrame]
    about: About = field(default_factory=About)

    def __post_init__(self) -> None:
        conformed = {
            table.name: conform(table, self.frames[table.name], DATED)
            for table in tables.TABLES
            if table.name in self.frames
        }
        object.__setattr__(self, "frames", MappingProxyType(conformed))

    def at(self, date: Date, known_on: datetime | None = None) -> Landscape:
        """The landscape on ``date``, as known now or, with ``known_on``, as known then.

        Raises InputError where a key has two rows on that date.
        """
        frames = {}
        for name, frame in self.frames.items():
            table = tables.BY_NAME[name]
            on_record = (
                pl.col("recorded_to").is_null()
                if known_on is None
                else holds("recorded_from", "recorded_to", pl.lit(known_on, DATED["recorded_to"]))
            )
            rows = frame.filter(holds("valid_from", "valid_to", pl.lit(date)) & on_record)
            twice = rows.select(table.key).is_duplicated()
            if twice.any():
                key = rows.select(table.key).filter(twice).row(0, named=True)
                raise InputError(
                    _(
                        "Table {table}: {key} has two rows that hold on {date}; "
                        "let the period of one end where the other starts."
                    ).format(
                        table=name, key=", ".join(f"{k} {v}" for k, v in key.items()), date=date
                    )
                )
            drop = list(tables.RECORDED) if table.dated else list(DATED)
            frames[name] = rows.drop(drop)
        return Landscape(date, frames, self.about)

    def equals(self, other: "Chronicle") -> bool:
        """Whether description and every table hold the same rows in any order."""
        return (
            self.about == other.about
            and self.frames.keys() == other.frames.keys()
            and all(same_rows(self.frames[name], other.frames[name]) for name in self.frames)
        )
