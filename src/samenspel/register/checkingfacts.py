"""Whether the fact rows of a register are sound: their changes, days, records and references."""

import json
from collections.abc import Iterator, Sequence
from datetime import date as Date
from typing import Any

import polars as pl
from django.db.backends.base.base import BaseDatabaseWrapper

from samenspel.landscape.columns import POLARS, Table
from samenspel.language import _
from samenspel.register.checking import Fault, Found
from samenspel.register.contract import BY_NAME, TABLES
from samenspel.register.snapshot import streamed

Days = tuple[Date | None, Date | None]
OWN_TYPES = ("text", "integer", "number", "boolean", "date", "datetime")


def facts(on: BaseDatabaseWrapper) -> Iterator[Found]:
    """Faults of each fact table by itself, and of what its rows on record refer to."""
    for table in TABLES:
        yield rows(on, table)
    for table in TABLES:
        yield dangling(on, table)


def rows(on: BaseDatabaseWrapper, table: Table) -> Found:
    """Faults of the rows of ``table``: one after the other, those of a record together."""
    name = f"fact_{table.name}"
    key = "".join(f', f."{column}"' for column in table.key)
    query = (
        "SELECT f.row, f.record_id, f.opened, f.closed, f.valid_from, f.valid_to, f.own, "
        f'r."table", r.key{key} FROM {name} f LEFT JOIN register_record r ON r.id = f.record_id '
        "ORDER BY f.record_id, f.opened, f.row"
    )
    record, standing = None, list[tuple[int, int | None, Days]]()
    for row, of, opened, closed, since, until, own, called, text, *values in streamed(on, query):
        if closed is not None and closed <= opened:
            yield Fault("closed", name, row, _("it was closed before it was opened"))
        if since is not None and until is not None and until <= since:
            yield Fault("days", name, row, _("it ends before it starts"))
        if (called, text) != (table.name, key_of(values)):
            yield Fault("record", name, row, _("its key is not that of its record"))
        if own is not None and not is_object(own):
            yield Fault("own", name, row, _("its columns of the user's own cannot be read"))
        if of != record:
            record, standing = of, []
        standing = [held for held in standing if held[1] is None or held[1] > opened]
        for other, _closed, days in standing:
            if meet(days, (since, until)):
                yield Fault(
                    "overlap",
                    name,
                    row,
                    _("it holds on the same day as row {other} of the same record").format(
                        other=other
                    ),
                )
        if closed is None or closed > opened:
            standing.append((row, closed, (since, until)))


def key_of(values: Sequence[Any]) -> str:
    """The values of a key as a record is called."""
    return json.dumps(
        [None if value is None else f"{value}" for value in values],
        ensure_ascii=False,
        separators=(",", ":"),
    )


def is_object(text: str) -> bool:
    """Whether ``text`` is a JSON object."""
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def meet(one: Days, other: Days) -> bool:
    """Whether two periods have a day in common."""
    start = max((day for day in (one[0], other[0]) if day), default=None)
    end = min((day for day in (one[1], other[1]) if day), default=None)
    return start is None or end is None or start < end


def dangling(on: BaseDatabaseWrapper, table: Table) -> Found:
    """Rows of ``table`` on record whose code leads to no row on record on any of the same days, in
    a table that is known."""
    known = known_names(on)
    name = f"fact_{table.name}"
    for column in table.columns:
        target = column.reference.split(".")[0]
        if not target or target not in known:
            continue
        asked = held(on, table.name, column.name).filter(pl.col("code").is_not_null())
        there = pl.concat(
            [held(on, other, BY_NAME[other].key[0]) for other in answering(target)]
        ).drop("row")
        met = asked.join(there, on="code", suffix="_there").filter(
            (pl.col("since").fill_null(Date.min) < pl.col("until_there").fill_null(Date.max))
            & (pl.col("since_there").fill_null(Date.min) < pl.col("until").fill_null(Date.max))
        )
        lost = asked.join(met, on="row", how="anti").sort("row")
        for row, code in lost.select("row", "code").iter_rows():
            yield Fault(
                "reference",
                name,
                row,
                _("{column} “{code}” does not stand in {table}").format(
                    column=column.name, code=code, table=target
                ),
            )


def answering(target: str) -> list[str]:
    """The tables in which a code of ``target`` may stand: a municipality or a partnership is an
    organisation too."""
    others = ["municipalities", "partnerships"] if target == "organisations" else []
    return [target, *others]


def held(on: BaseDatabaseWrapper, table: str, column: str) -> pl.DataFrame:
    """Row, code in ``column``, and days of each row of ``table`` on record."""
    query = f'SELECT row, "{column}", valid_from, valid_to FROM fact_{table} WHERE closed IS NULL'
    schema = {
        "row": pl.Int64(),
        "code": pl.String(),
        "since": POLARS["date"],
        "until": POLARS["date"],
    }
    return pl.DataFrame(list(streamed(on, query)), schema, orient="row")


def known_names(on: BaseDatabaseWrapper) -> set[str]:
    """The names of the tables that are known."""
    query = 'SELECT "table" FROM fact_known_tables WHERE closed IS NULL'
    return {name for (name,) in streamed(on, query)}


def contract(on: BaseDatabaseWrapper) -> Iterator[Found]:
    """Faults of what the register says of its tables: names that it does not have, columns of the
    user's own that are not."""
    yield names(on)
    yield own_columns(on)


def names(on: BaseDatabaseWrapper) -> Found:
    for table in ("known_tables", "own_columns", "pictures"):
        if table not in BY_NAME:
            continue
        query = f'SELECT row, "table" FROM fact_{table} WHERE closed IS NULL ORDER BY row'
        for row, name in streamed(on, query):
            if name not in BY_NAME:
                yield Fault(
                    "table", f"fact_{table}", row, _("there is no table “{name}”").format(name=name)
                )


def own_columns(on: BaseDatabaseWrapper) -> Found:
    query = (
        'SELECT row, "table", "column", "type" FROM fact_own_columns WHERE closed IS NULL '
        "ORDER BY row"
    )
    for row, table, column, type_ in streamed(on, query):
        theirs = BY_NAME[table].schema if table in BY_NAME else {}
        if type_ not in OWN_TYPES or not column or column in theirs:
            yield Fault(
                "own_column",
                "fact_own_columns",
                row,
                _("“{column}” of type “{type}” is no column of the user's own").format(
                    column=column, type=type_
                ),
            )
