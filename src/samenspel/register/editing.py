"""What one edit does to the rows: corrected, changed from a day on, ended, added, taken out,
confirmed. Each gives a Batch and touches nothing; ``writing.write`` makes it happen."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Date
from datetime import datetime
from typing import Any

import polars as pl

from samenspel.errors import InputError
from samenspel.landscape import tables
from samenspel.landscape.columns import Type
from samenspel.language import _
from samenspel.register import rows
from samenspel.register.contract import BY_NAME
from samenspel.register.writing import Batch

DAYS = tuple(tables.VALIDITY)
PLAIN: dict[Type, tuple[type, ...]] = {
    "text": (str,),
    "integer": (int,),
    "number": (float, int),
    "boolean": (bool,),
    "date": (Date,),
    "datetime": (datetime,),
    "binary": (bytes,),
}


@dataclass(frozen=True)
class Version:
    """One row as somebody saw it. ``row``: its number, which is also what a conditional write
    names. ``values``: its columns, those of the user's own included, without days. ``opened`` and
    ``closed``: the changes; ``closed`` is None while it is on record."""

    table: str
    row: int
    record: int
    values: Mapping[str, Any]
    valid_from: Date | None
    valid_to: Date | None
    opened: int
    closed: int | None

    @property
    def key(self) -> tuple[Any, ...]:
        return tuple(self.values[name] for name in BY_NAME[self.table].key)

    def holds(self, day: Date) -> bool:
        """Whether it holds on ``day``."""
        started = self.valid_from is None or self.valid_from <= day
        return started and (self.valid_to is None or day < self.valid_to)


def versions(table: str, frame: pl.DataFrame) -> list[Version]:
    """The rows of a frame of ``rows.select`` as versions."""
    beside = {*DAYS, *rows.META}
    return [
        Version(
            table,
            row["row"],
            row["record_id"],
            {name: value for name, value in row.items() if name not in beside},
            row["valid_from"],
            row["valid_to"],
            row["opened"],
            row["closed"],
        )
        for row in frame.iter_rows(named=True)
    ]


def add(
    table: str, values: Mapping[str, Any], since: Date | None = None, until: Date | None = None
) -> Batch:
    """A new row that holds from ``since`` until ``until``; None is open. Raises InputError for a
    table or a column that the register does not have."""
    return Batch({table: frame_of(table, [{**values, "valid_from": since, "valid_to": until}])})


def correct(seen: Version, values: Mapping[str, Any]) -> Batch:
    """``seen`` was wrong in ``values``, for as long as it held; days may be among them."""
    made = {**seen.values, "valid_from": seen.valid_from, "valid_to": seen.valid_to, **values}
    return Batch({seen.table: frame_of(seen.table, [made])}, {seen.table: [seen.row]})


def change_from(seen: Version, day: Date, values: Mapping[str, Any]) -> Batch:
    """In the world ``values`` change on ``day``: until then ``seen`` holds as it was, from then on
    with ``values``. Raises InputError where it does not hold just before and on that day."""
    if not seen.holds(day) or seen.valid_from == day:
        raise InputError(
            _("The row does not hold before and on {day}; correct it, or give another day.").format(
                day=day
            )
        )
    before = {**seen.values, "valid_from": seen.valid_from, "valid_to": day}
    after = {**seen.values, **values, "valid_from": day, "valid_to": seen.valid_to}
    return Batch({seen.table: frame_of(seen.table, [before, after])}, {seen.table: [seen.row]})


def end(seen: Version, day: Date) -> Batch:
    """``seen`` holds no longer from ``day`` on. Raises InputError where it does not hold before
    that day."""
    if (seen.valid_from is not None and day <= seen.valid_from) or (
        seen.valid_to is not None and seen.valid_to < day
    ):
        raise InputError(
            _("The row does not hold until {day}; give a day after it starts, or take it out if it "
              "never held.").format(day=day)
        )  # fmt: skip
    return correct(seen, {"valid_to": day})


def take_out(seen: Version) -> Batch:
    """``seen`` never held."""
    return Batch({}, {seen.table: [seen.row]})


def confirm(seen: Version, by: str) -> Batch:
    """``by`` says that ``seen`` is right. Nothing where it had said so. Raises InputError for a
    table whose rows nobody confirms."""
    if BY_NAME[seen.table].column("confirmed_by") is None:
        raise InputError(_("Rows of table {table} are not confirmed.").format(table=seen.table))
    return Batch() if seen.values["confirmed_by"] == by else correct(seen, {"confirmed_by": by})


def frame_of(table: str, found: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """``found`` as a frame of ``table``. Raises InputError for a table that the register does not
    have, or a value of another type than its column."""
    if table not in BY_NAME:
        raise InputError(_("There is no table {table}.").format(table=table))
    types = tables.column_types(BY_NAME[table])
    for row in found:
        for name, value in row.items():
            if name in types and value is not None and type(value) not in PLAIN[types[name]]:
                raise InputError(
                    _("Table {table}: a value has the wrong type ({error}).").format(
                        table=table, error=f"{name}: {value!r}"
                    )
                )
    schema = {**BY_NAME[table].schema, **tables.VALIDITY}
    own = {name for row in found for name in row} - set(schema)
    try:
        frame = pl.DataFrame(
            [{name: row.get(name) for name in (*schema, *sorted(own))} for row in found],
            schema_overrides=schema,
            infer_schema_length=None,
        )
    except (pl.exceptions.PolarsError, TypeError, OverflowError) as error:
        raise InputError(
            _("Table {table}: a value has the wrong type ({error}).").format(
                table=table, error=str(error).splitlines()[0]
            )
        ) from error
    return frame


def together(batches: Iterable[Batch]) -> Batch:
    """Several batches as one. A row closed by two of them is closed once, and meets itself where
    both open another in its place."""
    opens: dict[str, list[pl.DataFrame]] = defaultdict(list)
    closes: dict[str, list[int]] = defaultdict(list)
    for batch in batches:
        for name, frame in batch.opens.items():
            opens[name].append(frame)
        for name, numbers in batch.closes.items():
            closes[name] += [number for number in numbers if number not in closes[name]]
    return Batch(
        {name: pl.concat(frames, how="diagonal_relaxed") for name, frames in opens.items()},
        dict(closes),
    )
