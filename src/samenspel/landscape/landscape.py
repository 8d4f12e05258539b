"""The landscape: one dated picture of municipalities, organisations, partnerships and zonings."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date as Date
from functools import cached_property
from types import MappingProxyType
from typing import Any

import polars as pl

from samenspel.errors import InputError
from samenspel.landscape import tables
from samenspel.landscape.index import Index, build_index
from samenspel.language import _


@dataclass(frozen=True)
class About:
    """What a landscape says of itself.

    ``territory`` names the land that it pictures; ``fictional`` is true for invented land and is
    shown wherever the landscape is shown.
    """

    name: str = ""
    territory: str = ""
    fictional: bool = False


def conform(
    table: tables.Table, frame: pl.DataFrame, extra: Mapping[str, pl.DataType]
) -> pl.DataFrame:
    """``frame`` with the columns of ``table`` and ``extra`` in their order and types.

    Missing columns are added as unknown, empty text and NaN become unknown, other columns are kept
    at the end as they are. Raises InputError where a column cannot take its type.
    """
    schema = {**table.schema, **extra}
    columns = [
        as_type(pl.col(name), dtype).alias(name)
        if name in frame.columns
        else pl.lit(None, dtype).alias(name)
        for name, dtype in schema.items()
    ]
    columns += [
        as_type(pl.col(name), kept_type(table, name, dtype)).alias(name)
        for name, dtype in frame.schema.items()
        if name not in schema
    ]
    try:
        return frame.select(columns)
    except pl.exceptions.PolarsError as error:
        raise InputError(
            _("Table {table}: a column has values of the wrong type ({error}).").format(
                table=table.name, error=str(error).splitlines()[0]
            )
        ) from error


def as_type(values: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """``values`` as ``dtype``, empty text and numbers that are none made unknown."""
    cast = values.cast(dtype, strict=True)
    if dtype == pl.String:
        return pl.when(cast != "").then(cast)
    if dtype == pl.Float64:
        return pl.when(cast.is_finite()).then(cast)
    return cast


def kept_type(table: tables.Table, name: str, dtype: pl.DataType) -> pl.DataType:
    """The type in which a column of the user's own is kept. Raises InputError for a name or a type
    that a file cannot hold."""
    if name == "" or name != name.strip():
        raise InputError(
            _("Table {table}: “{name}” is no name for a column; give it one without spaces at its "
              "ends.").format(table=table.name, name=name)
        )  # fmt: skip
    if dtype.is_integer():
        return tables.POLARS["integer"]
    if dtype.is_float():
        return tables.POLARS["number"]
    if dtype.is_temporal() and isinstance(dtype, pl.Datetime):
        return tables.POLARS["datetime"]
    if dtype in (pl.Null, pl.String, pl.Categorical, pl.Enum):
        return tables.POLARS["text"]
    if dtype in (pl.Boolean, pl.Date):
        return dtype
    raise InputError(
        _("Table {table}, column {name}: values of type {type} cannot be kept in a file.").format(
            table=table.name, name=name, type=dtype
        )
    )


def known_codes(table: tables.Table, frame: pl.DataFrame) -> pl.DataFrame:
    """``frame`` with other codes than those of ``table`` made unknown."""
    return frame.with_columns(
        pl.when(pl.col(column.name).is_in(column.codes)).then(column.name)
        for column in table.columns
        if column.codes and column.name in frame.columns
    )


@dataclass(frozen=True)
class Landscape:
    """One date: one Polars frame per table, and an integer index built when first asked for.

    A table that is absent from ``frames`` is unknown; a table with no rows is empty. Frames are
    conformed to the tables of the design and sorted by key, so that equal content is equal.
    Raises InputError where municipalities have no or no unique ``nis``.
    """

    date: Date
    frames: Mapping[str, pl.DataFrame]
    about: About = field(default_factory=About)

    def __post_init__(self) -> None:
        conformed = {}
        for table in tables.TABLES:
            if table.name in self.frames:
                extra = tables.VALIDITY if table.dated else {}
                frame = conform(table, self.frames[table.name], extra)
                conformed[table.name] = frame.sort(table.key, maintain_order=True)
        if "municipalities" not in conformed:
            raise InputError(_("A landscape needs the table municipalities with nis and name."))
        nis = conformed["municipalities"]["nis"]
        if nis.has_nulls() or nis.is_duplicated().any():
            raise InputError(_("Table municipalities: nis must be filled and unique at one date."))
        object.__setattr__(self, "frames", MappingProxyType(conformed))

    def table(self, name: str) -> pl.DataFrame:
        """A clone of table ``name``; a table that is unknown comes as a frame without rows."""
        if name in self.frames:
            return self.frames[name].clone()
        table = tables.BY_NAME[name]
        extra = tables.VALIDITY if table.dated else {}
        return pl.DataFrame(schema={**table.schema, **extra})

    def coded(self, name: str) -> pl.DataFrame:
        """Table ``name`` with codes that the project does not know made unknown."""
        if name not in self._coded:
            self._coded[name] = known_codes(tables.BY_NAME[name], self.table(name))
        return self._coded[name].clone()

    @cached_property
    def _coded(self) -> dict[str, pl.DataFrame]:
        return {}

    def knows(self, name: str) -> bool:
        """Whether the table was given at all; an absent table is unknown, not empty."""
        return name in self.frames

    @cached_property
    def index(self) -> Index:
        """Integer index 0..n-1 over municipalities and partnerships; see ``index.py``."""
        return build_index(
            self.table("municipalities"),
            self.table("partnerships"),
            self.table("memberships"),
            self.table("adjacency"),
        )

    def with_tables(self, **frames: pl.DataFrame) -> "Landscape":
        """The same landscape with whole tables replaced."""
        return replace(self, frames={**self.frames, **frames})

    def equals(self, other: Any) -> bool:
        """Whether date, description and every table are the same, column order apart."""
        if not isinstance(other, Landscape):
            return False
        return (
            (self.date, self.about) == (other.date, other.about)
            and self.frames.keys() == other.frames.keys()
            and all(same_rows(self.frames[name], other.frames[name]) for name in self.frames)
        )


def same_rows(left: pl.DataFrame, right: pl.DataFrame) -> bool:
    """Whether two frames hold the same columns and the same rows in any order."""
    columns = sorted(left.columns)
    if columns != sorted(right.columns) or left.schema != right.select(left.columns).schema:
        return False
    return left.select(columns).sort(columns).equals(right.select(columns).sort(columns))
