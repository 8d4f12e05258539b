"""Rows of the register as frames, both ways: the one place that writes and reads fact tables."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl
from django.db import connection

from samenspel.landscape import tables
from samenspel.landscape.columns import POLARS, Table, Type
from samenspel.register.contract import BY_NAME

META: dict[str, pl.DataType] = {
    "row": pl.Int64(),
    "record_id": pl.Int64(),
    "opened": pl.Int64(),
    "closed": pl.Int64(),
}
FACT = {**tables.VALIDITY, **META}
FEW = 500
OWN_AS_TEXT = ("date", "datetime")
DAY = "%Y-%m-%d"
MOMENT = "%Y-%m-%dT%H:%M:%S%.6f%:z"


def quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def key_text(values: Iterable[Any]) -> str:
    """The lasting name of a record: the values of its key as JSON, each as text."""
    return json.dumps(
        [None if value is None else str(value) for value in values],
        ensure_ascii=False,
        separators=(",", ":"),
    )


def keys_of(table: Table, frame: pl.DataFrame) -> list[str]:
    """The lasting name of each row of ``frame``."""
    if not table.key:
        return [key_text(())] * frame.height
    return [key_text(values) for values in frame.select(table.key).iter_rows()]


def records(table: str, keys: Sequence[str], *, make: bool = False) -> dict[str, int]:
    """The number of the record of each of ``keys``; with ``make`` those that are new are made,
    otherwise they are left out."""
    wanted = list(dict.fromkeys(keys))
    with connection.cursor() as cursor:
        if make and connection.vendor == "postgresql":
            cursor.execute(
                'INSERT INTO register_record ("table", key) '
                "SELECT %s, value FROM json_array_elements_text(%s::json) ON CONFLICT DO NOTHING",
                [table, json.dumps(wanted)],  # one text costs far less than an array
            )
        elif make:
            cursor.executemany(
                'INSERT INTO register_record ("table", key) VALUES (%s, %s) ON CONFLICT DO NOTHING',
                [(table, key) for key in wanted],
            )
        if len(wanted) > FEW:
            cursor.execute('SELECT key, id FROM register_record WHERE "table" = %s', [table])
            found = dict(cursor.fetchall())
            return {key: found[key] for key in wanted if key in found}
        if not wanted:
            return {}
        marks = ", ".join(["%s"] * len(wanted))
        cursor.execute(
            f'SELECT key, id FROM register_record WHERE "table" = %s AND key IN ({marks})',
            [table, *wanted],
        )
        return dict(cursor.fetchall())


def insert(name: str, frame: pl.DataFrame, change: int) -> None:
    """Open every row of ``frame`` (conformed, with its days) in ``change``."""
    table = BY_NAME[name]
    keys = keys_of(table, frame)
    number = records(name, keys, make=True)
    columns = [*table.schema, *tables.VALIDITY]
    own = [column for column in frame.columns if column not in columns]
    written = frame.select(columns).with_columns(
        pl.Series("record_id", [number[key] for key in keys], pl.Int64),
        pl.lit(change, pl.Int64).alias("opened"),
        (encoded(own, frame) if own else pl.lit(None, pl.String)).alias("own"),
    )
    columns_ = quoted(written.columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            copying = cursor.copy(f"COPY fact_{name} ({columns_}) FROM STDIN")
            with connection.wrap_database_errors, copying as copy:
                for row in written.iter_rows():
                    copy.write_row(row)
        else:  # the driver of SQLite knows text and numbers only
            marks = ", ".join(["%s"] * written.width)
            cursor.executemany(
                f"INSERT INTO fact_{name} ({columns_}) VALUES ({marks})",
                written.with_columns(pl.col(pl.Date).cast(pl.String)).rows(),
            )


def encoded(own: Sequence[str], frame: pl.DataFrame) -> pl.Series:
    """The columns ``own`` of each row as JSON, moments and days as text."""
    plain = frame.select(own).with_columns(
        pl.col(pl.Date).dt.to_string(DAY), pl.col(pl.Datetime).dt.to_string(MOMENT)
    )
    return plain.select(pl.struct(own).struct.json_encode()).to_series()


def decoded(frame: pl.DataFrame, own: Mapping[str, Type]) -> pl.DataFrame:
    """``frame`` with the columns ``own`` in place of their JSON; one that a row does not name is
    unknown in it."""
    if not own:
        return frame.drop("own")
    plain = {
        name: pl.String() if type_ in OWN_AS_TEXT else POLARS[type_] for name, type_ in own.items()
    }
    fields = [pl.Field(name, dtype) for name, dtype in plain.items()]
    frame = frame.with_columns(pl.col("own").str.json_decode(pl.Struct(fields))).unnest("own")
    return frame.with_columns(
        pl.col(name).str.to_date(DAY)
        if type_ == "date"
        else pl.col(name).str.to_datetime(MOMENT, time_unit="us", time_zone="UTC")
        for name, type_ in own.items()
        if type_ in OWN_AS_TEXT
    )


def select(
    name: str, conditions: Sequence[tuple[str, Sequence[Any]]], own: Mapping[str, Type]
) -> pl.DataFrame:
    """The rows of table ``name`` that meet any of ``conditions`` (SQL and its values), with the
    columns of FACT. The conditions exclude each other; they are asked at one moment, so that a row
    that is closed meanwhile meets one of them and not both or neither."""
    table = BY_NAME[name]
    schema = {**table.schema, **FACT, "own": pl.String()}
    query = " UNION ALL ".join(
        f"SELECT {quoted(schema)} FROM fact_{name} WHERE {condition}" for condition, _ in conditions
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [value for _, values in conditions for value in values])
        return decoded(pl.DataFrame(cursor.fetchall(), schema, orient="row"), own)


def numbers(name: str, condition: str, values: Sequence[Any]) -> pl.Series:
    """The numbers of the rows of table ``name`` that meet ``condition``."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT row FROM fact_{name} WHERE {condition}", list(values))
        return pl.Series("row", [row for (row,) in cursor.fetchall()], pl.Int64)


def close(name: str, numbers: Sequence[int], change: int) -> int:
    """Close the rows with these numbers in ``change``; how many were still on record."""
    closed = 0
    with connection.cursor() as cursor:
        for start in range(0, len(numbers), FEW):
            part = list(numbers[start : start + FEW])
            marks = ", ".join(["%s"] * len(part))
            cursor.execute(
                f"UPDATE fact_{name} SET closed = %s WHERE closed IS NULL AND row IN ({marks})",
                [change, *part],
            )
            closed += cursor.rowcount
    return closed
