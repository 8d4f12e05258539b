"""Columns of the user's own: which the register has or ever had, and whether what is written fits
them. A column keeps its type for ever, so that every row that was ever written can be read."""

from typing import cast

import polars as pl
from django.db import connection

from samenspel.errors import InputError
from samenspel.landscape import tables
from samenspel.landscape.columns import POLARS, Type
from samenspel.language import _
from samenspel.register.contract import BY_NAME

Own = dict[str, dict[str, Type]]


def declared(*, ever: bool = False) -> Own:
    """For each table the columns of the user's own and their types: those on record, or with
    ``ever`` all that ever were."""
    found: Own = {}
    query = 'SELECT "table", "column", "type" FROM fact_own_columns'
    with connection.cursor() as cursor:
        cursor.execute(query + ("" if ever else " WHERE closed IS NULL") + " ORDER BY row")
        for table, column, type_ in cursor.fetchall():
            found.setdefault(table, {})[column] = cast(Type, type_)
    return found


def check_declarations(frame: pl.DataFrame) -> None:
    """Check the rows ``frame`` of own_columns before they are written. Raises InputError for a
    table that the landscape does not have, a column that is no user's own, or another type than the
    column had before."""
    before = declared(ever=True)
    for table, column, type_ in frame.select("table", "column", "type").iter_rows():
        if table not in tables.BY_NAME:
            raise InputError(_("There is no table {table}.").format(table=table))
        if column in tables.column_types(tables.BY_NAME[table]):
            raise InputError(
                _("Table {table}: {column} is a column of the table itself; give your own another "
                  "name.").format(table=table, column=column)
            )  # fmt: skip
        if before.get(table, {}).get(column, type_) != type_:
            raise InputError(
                _("Table {table}: the column {column} was of type {before}, which the rows of then "
                  "keep; give the new one another name.").format(
                    table=table, column=column, before=before[table][column]
                )
            )  # fmt: skip


def fitted(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """``frame`` of table ``name`` with each column of the user's own in its type; one that the
    register does not have is left out where it says nothing. Raises InputError where it says
    something, or a value is of another type."""
    contract = {*BY_NAME[name].schema, *tables.VALIDITY}
    own = [column for column in frame.columns if column not in contract]
    if not own:
        return frame
    known = declared().get(name, {})
    for column in own:
        if column not in known:
            if frame[column].null_count() < frame.height:
                raise InputError(
                    _("Table {table} has no column {column}; correct the name, or add the column "
                      "to own_columns first.").format(table=name, column=column)
                )  # fmt: skip
            frame = frame.drop(column)
            continue
        frame = frame.with_columns(as_declared(name, frame[column], known[column]))
    return frame


def as_declared(table: str, values: pl.Series, type_: Type) -> pl.Series:
    """``values`` of a column of the user's own in its type. Raises InputError where one is of
    another type; a whole number is a number too."""
    wanted = POLARS[type_]
    fits = values.dtype == wanted or (type_ == "number" and values.dtype.is_integer())
    if not fits and values.null_count() < len(values):
        raise InputError(
            _("Table {table}: a value has the wrong type ({error}).").format(
                table=table, error=f"{values.name}: {values.drop_nulls()[0]!r}"
            )
        )
    return values.cast(wanted) if fits else pl.Series(values.name, [None] * len(values), wanted)
