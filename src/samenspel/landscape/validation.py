"""Checking the tables of a landscape: every fault is collected and named with its place.

``check`` sees the tables as they were read, so that a row keeps the number that its spreadsheet
gives it. This module checks each table by its own description; ``consistency`` checks what the
tables say together. Costs O(rows log rows).
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date as Date

import polars as pl

from samenspel.landscape import tables
from samenspel.landscape.chronicle import DATED, holds
from samenspel.landscape.consistency import check_together
from samenspel.landscape.csvfile import ROW
from samenspel.landscape.findings import Finding, each
from samenspel.landscape.landscape import conform, known_codes
from samenspel.language import _


def check(frames: Mapping[str, pl.DataFrame], date: Date) -> list[Finding]:
    """Every fault of the tables ``frames`` (table to frame) in so far as they hold on ``date``.

    Frames may carry ``_row``; without it rows are numbered as if the frame were a spreadsheet.
    """
    full = {
        table.name: with_rows(conform(table, frames[table.name], DATED))
        for table in tables.TABLES
        if table.name in frames
    }
    findings = [fault for name, frame in full.items() for fault in periods(name, frame)]
    held = {
        name: frame.filter(
            holds("valid_from", "valid_to", pl.lit(date)) & pl.col("recorded_to").is_null()
        )
        for name, frame in full.items()
    }
    if not held["municipalities"].height:
        return [*findings, no_municipality(full["municipalities"], date)]
    for name, frame in held.items():
        table = tables.BY_NAME[name]
        findings += [*missing(table, frame), *duplicates(table, frame)]
        for column in table.columns:
            findings += [*codes(name, column, frame), *ranges(name, column, frame)]
            findings += references(name, column, frame, held)
    coded = {name: known_codes(tables.BY_NAME[name], frame) for name, frame in held.items()}
    return findings + list(check_together(coded, date))


def no_municipality(frame: pl.DataFrame, date: Date) -> Finding:
    """The one error of a landscape in which no municipality holds on ``date``."""
    message = _("no municipality holds on {date}; the rows hold from {first} to {last}.").format(
        date=date, first=frame["valid_from"].min() or "…", last=frame["valid_to"].max() or "…"
    )
    return Finding("error", "no_municipality", "municipalities", None, "nis", None, message)


def with_rows(frame: pl.DataFrame) -> pl.DataFrame:
    if ROW in frame.columns:
        return frame.with_columns(pl.col(ROW).cast(pl.Int64))
    return frame.with_row_index(ROW, offset=2).with_columns(pl.col(ROW).cast(pl.Int64))


def periods(name: str, frame: pl.DataFrame) -> Iterator[Finding]:
    for start, end in (("valid_from", "valid_to"), ("recorded_from", "recorded_to")):
        yield from each(
            frame.filter(pl.col(end) <= pl.col(start)),
            name,
            end,
            "wrong_period",
            _("{value} does not lie after {start}; a period ends after it starts.").replace(
                "{start}", f"{{{start}}}"
            ),
        )


def missing(table: tables.Table, frame: pl.DataFrame) -> Iterator[Finding]:
    for column in table.columns:
        if column.required:
            yield from each(
                frame.filter(pl.col(column.name).is_null()),
                table.name,
                column.name,
                "missing_value",
                _("the cell is empty; fill it."),
            )


def duplicates(table: tables.Table, frame: pl.DataFrame) -> Iterator[Finding]:
    needed = [name for name in table.key if name not in table.nullable_key]
    whole = frame.drop_nulls(needed) if needed else frame
    again = whole.filter(~pl.struct(table.key).is_first_distinct())
    key = ", ".join(f"{name} {{{name}}}" for name in table.key)
    yield from each(
        again,
        table.name,
        table.key[0],
        "duplicate_key",
        _("{key} stands in more than one row; keep one.").replace("{key}", key),
    )


def codes(name: str, column: tables.Column, frame: pl.DataFrame) -> Iterator[Finding]:
    if column.codes:
        message = (
            _("“{value}” is not a known code, so it counts as unknown; known are {codes}.")
            if column.open
            else _("“{value}” is not a code of this column; use one of {codes}.")
        )
        yield from each(
            frame.filter(~pl.col(column.name).is_in(column.codes)),
            name,
            column.name,
            "unknown_code",
            message.replace("{codes}", ", ".join(column.codes)),
            "warning" if column.open else "error",
        )


def ranges(name: str, column: tables.Column, frame: pl.DataFrame) -> Iterator[Finding]:
    value = pl.col(column.name)
    if column.low is not None:
        yield from each(
            frame.filter(value < column.low),
            name,
            column.name,
            "out_of_range",
            _("{value} is too small; at least {bound}.").replace("{bound}", f"{column.low:g}"),
        )
    if column.high is not None:
        yield from each(
            frame.filter(value > column.high),
            name,
            column.name,
            "out_of_range",
            _("{value} is too large; at most {bound}.").replace("{bound}", f"{column.high:g}"),
        )


def codes_of(reference: str, held: Mapping[str, pl.DataFrame]) -> pl.Series | None:
    """The codes that ``reference`` allows, or None where its table is absent, so unknown."""
    table, column = reference.split(".")
    if table not in held:
        return None
    found = [held[table][column]]
    if reference == "organisations.id":
        found.append(held["municipalities"]["nis"])
        if "partnerships" in held:
            found.append(held["partnerships"]["id"])
    return pl.concat(found).drop_nulls().unique()


def references(
    name: str, column: tables.Column, frame: pl.DataFrame, held: Mapping[str, pl.DataFrame]
) -> Iterable[Finding]:
    known = codes_of(column.reference, held) if column.reference else None
    if known is None:
        return []
    return each(
        frame.filter(~pl.col(column.name).is_in(known.implode())),
        name,
        column.name,
        "unknown_reference",
        _("“{value}” does not stand in {reference}; add it there or correct it here.").replace(
            "{reference}", column.reference
        ),
    )
