"""What a column and a table of the contract are, and the columns that several tables share."""

from dataclasses import dataclass
from typing import Literal

import polars as pl

Type = Literal["text", "integer", "number", "boolean", "date", "datetime", "binary"]

POLARS: dict[Type, pl.DataType] = {
    "text": pl.String(),
    "integer": pl.Int64(),
    "number": pl.Float64(),
    "boolean": pl.Boolean(),
    "date": pl.Date(),
    "datetime": pl.Datetime("us", "UTC"),
    "binary": pl.Binary(),
}


@dataclass(frozen=True)
class Column:
    """One column. ``codes``: the values allowed; ``reference``: ``table.column`` that must hold it;
    ``low``/``high``: the closed range of a number; ``empty``: what an empty cell means; ``open``:
    other codes than ``codes`` are kept, with a warning, and count as unknown."""

    name: str
    type: Type = "text"
    meaning: str = ""
    required: bool = False
    codes: tuple[str, ...] = ()
    reference: str = ""
    low: float | None = None
    high: float | None = None
    empty: str = "unknown"
    open: bool = False


@dataclass(frozen=True)
class Table:
    """One table. ``key``: the columns that name a row at one date, among which ``nullable_key`` may
    be empty with a meaning of its own (land outside the landscape). ``dated``: the contract itself
    has ``valid_from`` and ``valid_to``; other tables have them in a chronicle only."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    nullable_key: tuple[str, ...] = ()
    dated: bool = False

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)

    @property
    def schema(self) -> dict[str, pl.DataType]:
        return {column.name: POLARS[column.type] for column in self.columns}


PROVENANCE = (
    Column("source", meaning="where the row comes from", reference="sources.id"),
    Column("confirmed_by", meaning="who confirmed the row", empty="nobody so far"),
)


def nis(name: str = "nis", meaning: str = "municipality, NIS code") -> Column:
    return Column(name, meaning=meaning, required=True, reference="municipalities.nis")


def partnership(name: str = "partnership") -> Column:
    return Column(name, meaning="partnership", required=True, reference="partnerships.id")


def organisation(required: bool = True) -> Column:
    return Column(
        "organisation",
        meaning="organisation; a NIS code is that municipality",
        required=required,
        reference="organisations.id",
    )
