"""Confirming: what an organisation is asked to confirm, and what an edit does to a confirmation.

A confirmation is of the values of a row and stands in the row itself, in ``confirmed_by``. Where a
value changes it lapses, unless whoever edits confirms at once; days alone leave it. What an import
says of its source is no value either, since each import is a source of its own; an edit that names
another source (``asking.settled``) does ask for a new confirmation. Status of these rules: choice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Date
from typing import Any

import polars as pl

from samenspel.landscape import tables
from samenspel.landscape.landscape import Landscape
from samenspel.register import history, reading, rows
from samenspel.register.contract import BY_NAME
from samenspel.register.editing import Version
from samenspel.register.owners import subject_of
from samenspel.register.rights import RULES, Actor, Held, may
from samenspel.register.writing import Batch

BY = "confirmed_by"
NO_VALUE = (BY, "source", *tables.VALIDITY)
CONFIRMING = sorted({rule.role for rule in RULES if rule.operation == "confirm"})
CONFIRMED = tuple(
    table.name
    for table in tables.TABLES
    if any(rule.operation == "confirm" and table.name in rule.tables for rule in RULES)
)


@dataclass(frozen=True)
class Due:
    """A row that waits for a confirmation. ``lapsed``: the number of the row that the organisation
    confirmed and that was changed since; None where it never did."""

    table: str
    key: tuple[Any, ...]
    values: Mapping[str, Any]
    row: int | None = None
    lapsed: int | None = None


def due(land: Landscape, organisation: str) -> list[Due]:
    """The rows of ``land`` that ``organisation`` may confirm and that nobody has confirmed, by
    table and key. A row that was changed since it was confirmed is among them."""
    asked = Actor(0, tuple(Held(role, organisation) for role in CONFIRMING))
    found = []
    for name in CONFIRMED:
        key = tables.BY_NAME[name].key
        for values in land.table(name).filter(pl.col(BY).is_null()).iter_rows(named=True):
            if may(asked, "confirm", subject_of(name, values, land)).allowed:
                found.append(Due(name, tuple(values[part] for part in key), values))
    return found


def due_on_record(organisation: str, day: Date) -> list[Due]:
    """``due`` of what is now on record for ``day``, with the numbers of the rows, by which they are
    confirmed, and whether an earlier confirmation lapsed."""
    change = reading.last_change()
    land = reading.landscape(day, change=change)
    numbers: dict[tuple[str, tuple[Any, ...]], int] = {}
    asked = due(land, organisation)
    own = reading.own_columns()
    stamp = dict(reading.stamps(change))
    for name in {each.table for each in asked}:
        columns = tuple(own.get(name, {}).items())
        frame = reading.table_on(reading.database(), name, stamp[name], day, columns)
        for row, *key in frame.select("row", *BY_NAME[name].key).iter_rows():
            numbers[name, tuple(key)] = row
    return [
        Due(each.table, each.key, each.values, numbers[each.table, each.key],
            lapsed(each.table, each.key, organisation))
        for each in asked
    ]  # fmt: skip


def lapsed(table: str, key: Sequence[Any], organisation: str) -> int | None:
    """The number of the last row of the record with ``key`` that ``organisation`` confirmed and
    that left the record."""
    found = [
        seen.row
        for seen in history.history(table, key)
        if seen.closed is not None and seen.values[BY] == organisation
    ]
    return found[-1] if found else None


def unconfirmed(
    batch: Batch, seen: Mapping[str, Sequence[Version]], confirming: str | None = None
) -> Batch:
    """``batch`` with every confirmation taken out that no longer holds: of a row that takes over
    the ``confirmed_by`` of a row in ``seen`` (those that the batch closes) but not its values.
    ``confirming``: the organisation that confirms at once."""
    opens = {}
    for name, frame in batch.opens.items():
        earlier: dict[str, list[Version]] = {}
        for each in seen.get(name, ()):
            earlier.setdefault(rows.key_text(each.key), []).append(each)
        if earlier and BY in frame.columns:
            kept = [
                row[BY] if stays(row, earlier.get(key, ()), confirming) else None
                for key, row in zip(
                    rows.keys_of(BY_NAME[name], frame), frame.iter_rows(named=True), strict=True
                )
            ]
            frame = frame.with_columns(pl.Series(BY, kept, pl.String))
        opens[name] = frame
    return Batch(opens, batch.closes)


def stays(row: Mapping[str, Any], earlier: Sequence[Version], confirming: str | None) -> bool:
    """Whether the confirmation in ``row`` holds, given the rows that it takes the place of."""
    by = row[BY]
    taken = [each for each in earlier if each.values[BY] == by]
    if by is None or by == confirming or not taken:
        return True
    return any(same_values(row, each) for each in taken)


def same_values(row: Mapping[str, Any], seen: Version) -> bool:
    """Whether ``row`` says the same as ``seen``, days and source apart."""
    names = {*row, *seen.values} - set(NO_VALUE)
    return all(row.get(name) == seen.values.get(name) for name in names)
