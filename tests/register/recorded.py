"""A plain model of the register: a list of rows for each table, opened and closed by numbered
changes. It shares nothing with the register but the names of the contract."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from samenspel.landscape import tables
from samenspel.landscape.chronicle import DATED, Chronicle
from samenspel.landscape.landscape import About

Values = Mapping[str, Any]


class Refused(Exception):
    """What the register must refuse."""


@dataclass
class Row:
    """``opened`` and ``closed``: numbers of changes."""

    table: str
    values: dict[str, Any]
    since: date | None
    until: date | None
    opened: int = 0
    closed: int | None = None

    @property
    def key(self) -> tuple[Any, ...]:
        return (self.table, *(self.values.get(name) for name in tables.BY_NAME[self.table].key))

    def with_(self, values: Values) -> "Row":
        kept = {name: value for name, value in values.items() if name not in tables.VALIDITY}
        return Row(
            self.table,
            {**self.values, **kept},
            values.get("valid_from", self.since),
            values.get("valid_to", self.until),
        )


@dataclass
class Edit:
    """Rows that leave the record and rows that come."""

    closes: list[Row] = field(default_factory=list)
    opens: list[Row] = field(default_factory=list)


def add(table: str, values: Values, since: date | None, until: date | None) -> Edit:
    return Edit([], [Row(table, dict(values), since, until)])


def correct(row: Row, values: Values) -> Edit:
    return Edit([row], [row.with_(values)])


def change_from(row: Row, day: date, values: Values) -> Edit:
    if not (holds(row, day) and holds(row, day - timedelta(days=1))):
        raise Refused
    return Edit([row], [row.with_({"valid_to": day}), row.with_({**values, "valid_from": day})])


def end(row: Row, day: date) -> Edit:
    if not holds(row, day - timedelta(days=1)):
        raise Refused
    return correct(row, {"valid_to": day})


def take_out(row: Row) -> Edit:
    return Edit([row])


def confirm(row: Row, by: str) -> Edit:
    return Edit() if row.values.get("confirmed_by") == by else correct(row, {"confirmed_by": by})


def holds(row: Row, day: date) -> bool:
    return (row.since is None or row.since <= day) and (row.until is None or day < row.until)


def meet(one: Row, other: Row) -> bool:
    """Whether two rows of one key hold on one day."""
    since = [row.since for row in (one, other) if row.since is not None]
    until = [row.until for row in (one, other) if row.until is not None]
    return one.key == other.key and (not since or not until or max(since) < min(until))


@dataclass
class Record:
    """Everything that was ever on record. ``moments``: of change 1, 2, 3 …"""

    known: Mapping[str, Mapping[str, pl.DataType]]
    about: About
    rows: list[Row] = field(default_factory=list)
    moments: list[datetime] = field(default_factory=list)

    def now(self) -> list[Row]:
        return [row for row in self.rows if row.closed is None]

    def undoing(self, change: int) -> Edit:
        opened = [row for row in self.rows if row.opened == change]
        if any(row.closed is not None for row in opened):
            raise Refused
        return Edit(opened, [row.with_({}) for row in self.rows if row.closed == change])

    def apply(self, edits: Sequence[Edit], at: datetime) -> None:
        """One change of ``edits``, or Refused and nothing."""
        closes = [row for edit in edits for row in edit.closes]
        opens = [row for edit in edits for row in edit.opens]
        if not closes and not opens:
            raise Refused
        if any(row.since and row.until and row.until <= row.since for row in opens):
            raise Refused
        stay = [row for row in self.now() if not any(row is gone for gone in closes)]
        for place, row in enumerate(opens):
            if any(meet(row, other) for other in (*stay, *opens[:place])):
                raise Refused
        self.moments.append(at)
        for row in closes:
            row.closed = len(self.moments)
        for row in opens:
            row.opened = len(self.moments)
            self.rows.append(row)

    def chronicle(self) -> Chronicle:
        return Chronicle(
            {
                name: pl.DataFrame(
                    [
                        {
                            **{column: row.values.get(column) for column in schema},
                            "valid_from": row.since,
                            "valid_to": row.until,
                            "recorded_from": self.moments[row.opened - 1],
                            "recorded_to": None if row.closed is None
                            else self.moments[row.closed - 1],
                        }
                        for row in self.rows
                        if row.table == name
                    ],
                    {**schema, **DATED},
                )
                for name, schema in self.known.items()
            },
            self.about,
        )  # fmt: skip
