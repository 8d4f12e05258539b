"""What follows from the changes: the versions of a record, the feed, the tag of a picture, undo."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Date
from datetime import datetime
from typing import Any

import polars as pl
from django.db import connection

from samenspel.errors import InputError
from samenspel.language import _
from samenspel.register import owncolumns, rows
from samenspel.register.contract import BY_NAME
from samenspel.register.editing import Version, frame_of, versions
from samenspel.register.models import Change
from samenspel.register.reading import own_columns
from samenspel.register.writing import Batch, Conflict, Met, held


@dataclass(frozen=True)
class Entry:
    """One change as the feed tells it. ``undone_by``: the number of the change that undid it."""

    number: int
    at: datetime | None
    account: int | None
    acting_for: str | None
    kind: str
    why: str
    source: str | None
    undoes: int | None
    undone_by: int | None


def entries(
    after: int = 0, most: int = 100, *, newest: bool = False, before: int | None = None
) -> list[Entry]:
    """Up to ``most`` changes with a number above ``after`` and, if given, below ``before``, in
    their order; with ``newest`` the last ones, last first. Costs O(most log changes)."""
    found = Change.objects.filter(number__gt=after, sealed=True)
    if before is not None:
        found = found.filter(number__lt=before)
    chosen = list(found.order_by("-number" if newest else "number")[:most])
    undone = dict(
        Change.objects.filter(undoes__in=[c.number for c in chosen]).values_list("undoes", "number")
    )
    return [
        Entry(
            change.number,
            change.at,
            change.account_id,
            change.acting_for,
            change.kind,
            change.why,
            change.source,
            change.undoes_id,
            undone.get(change.number),
        )
        for change in chosen
    ]


def touched(change: int) -> dict[str, tuple[list[Version], list[Version]]]:
    """For each table the rows that ``change`` closed and those that it opened, with every column
    of the user's own that they were ever written with."""
    found = {}
    own = owncolumns.declared(ever=True)
    for name in tables_touched(change):
        closed = rows.select(name, [("closed = %s", [change])], own.get(name, {}))
        opened = rows.select(name, [("opened = %s", [change])], own.get(name, {}))
        found[name] = (versions(name, closed), versions(name, opened))
    return found


def tables_touched(change: int) -> list[str]:
    """The tables of which ``change`` closed or opened a row."""
    query = " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM fact_{name} WHERE closed = %s) "
        f"OR EXISTS (SELECT 1 FROM fact_{name} WHERE opened = %s)"
        for name in BY_NAME
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [change] * 2 * len(BY_NAME))
        return [name for (name,) in cursor.fetchall()]


def counts(change: int) -> dict[str, tuple[int, int]]:
    """For each table that ``change`` touched how many rows it closed and how many it opened."""
    query = " UNION ALL ".join(
        f"SELECT '{name}', (SELECT count(*) FROM fact_{name} WHERE closed = %s), "
        f"(SELECT count(*) FROM fact_{name} WHERE opened = %s)"
        for name in BY_NAME
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [change, change] * len(BY_NAME))
        found = cursor.fetchall()
    return {name: (closed, opened) for name, closed, opened in found if closed or opened}


def versions_of(table: str, numbers: Sequence[int]) -> list[Version]:
    """The rows of ``table`` with these numbers, in the order of their numbers."""
    if not numbers:
        return []
    marks = ", ".join(["%s"] * len(numbers))
    own = own_columns().get(table, {})
    found = rows.select(table, [(f"row IN ({marks})", list(numbers))], own)
    return versions(table, found.sort("row"))


def version(table: str, row: int) -> Version:
    """The row of ``table`` with this number. Raises InputError where there is none."""
    if table not in BY_NAME:
        raise InputError(_("There is no table {table}.").format(table=table))
    found = versions_of(table, [row])
    if not found:
        raise InputError(_("Table {table} has no row {row}.").format(table=table, row=row))
    return found[0]


def history(table: str, key: Sequence[Any]) -> list[Version]:
    """Every version of the record with ``key``, the first on record first; none where it was never
    on record. Costs O(versions)."""
    return of_record(table, key, "record_id = %s")


def of_record(table: str, key: Sequence[Any], condition: str) -> list[Version]:
    """The versions of the record with ``key`` that meet ``condition``, the first on record first.
    Raises InputError for a table that the register does not have."""
    if table not in BY_NAME:
        raise InputError(_("There is no table {table}.").format(table=table))
    name = rows.key_text(key)
    number = rows.records(table, [name]).get(name)
    if number is None:
        return []
    found = rows.select(table, [(condition, [number])], own_columns().get(table, {}))
    return versions(table, found.sort("opened", "row"))


def current(table: str, key: Sequence[Any], day: Date | None = None) -> list[Version]:
    """The versions of the record with ``key`` now on record, in the order in which they hold: those
    that hold on ``day`` or, without, all."""
    found = of_record(table, key, "record_id = %s AND closed IS NULL")
    held = [version for version in found if not day or version.holds(day)]
    return sorted(held, key=lambda v: (v.valid_from or Date.min, v.row))


def etag(change: int) -> str:
    """The tag of everything that is read after ``change``."""
    return f'"{change}"'


def undoing(change: int) -> Batch:
    """What takes ``change`` back: the rows that it opened leave the record and those that it closed
    come back. Raises InputError for a change that is not there; Conflict where a row that it opened
    was changed since."""
    found = touched(change)
    if not found:
        raise InputError(_("There is no change {number}.").format(number=change))
    met = [
        Met(name, seen.record, seen.row, held(name, seen.record), seen.closed)
        for name, (_closed, opened) in found.items()
        for seen in opened
        if seen.closed is not None
    ]
    if met:
        raise Conflict(met)
    return Batch(
        {name: again(name, closed) for name, (closed, _opened) in found.items() if closed},
        {name: [seen.row for seen in opened] for name, (_c, opened) in found.items() if opened},
    )


def again(table: str, closed: Sequence[Version]) -> pl.DataFrame:
    """The rows of ``closed`` to be opened once more."""
    return frame_of(
        table,
        [{**v.values, "valid_from": v.valid_from, "valid_to": v.valid_to} for v in closed],
    )
