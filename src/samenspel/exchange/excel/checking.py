"""Checking the landscape that a merge makes: each new fault is put beside its cell."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date as Date
from datetime import datetime

import polars as pl

from samenspel.exchange.excel.faults import Fault
from samenspel.exchange.excel.layout import SHEETS
from samenspel.exchange.excel.reading import Sheet
from samenspel.landscape import tables, validation
from samenspel.landscape.chronicle import Chronicle, holds
from samenspel.landscape.csvfile import ROW
from samenspel.landscape.findings import Finding
from samenspel.language import _
from samenspel.words import table_word

Rows = Mapping[str, Mapping[int, int]]  # per table the row of the sheet by the place in the frame


def numbered(chronicle: Chronicle, rows: Rows) -> dict[str, pl.DataFrame]:
    """The tables with the row of the sheet as ``_row``; a row that stands on no sheet has a
    number below zero, by its place."""
    frames = {}
    for table, frame in chronicle.frames.items():
        known = rows.get(table, {})
        numbers = [known.get(at, -1 - at) for at in range(frame.height)]
        frames[table] = frame.with_columns(pl.Series(ROW, numbers, dtype=pl.Int64))
    return frames


def new_findings(
    before: Chronicle, after: Chronicle, rows_before: Rows, rows_after: Rows, day: Date,
    moment: datetime,
) -> list[Finding]:  # fmt: skip
    """What is wrong on ``day`` after a merge and was not before; and what is wrong with the rows
    on record since ``moment`` that hold on other days only."""
    earlier = set(validation.check(numbered(before, rows_before), day))
    frames = numbered(after, rows_after)
    found = [f for f in validation.check(frames, day) if f not in earlier]
    return [*found, *apart(frames, day, moment), *overlaps(frames, moment)]


def apart(frames: Mapping[str, pl.DataFrame], day: Date, moment: datetime) -> Iterator[Finding]:
    """The faults of new rows that do not hold on ``day``, each taken by itself."""
    recorded = {n: frame.filter(pl.col("recorded_to").is_null()) for n, frame in frames.items()}
    for name, frame in recorded.items():
        table = tables.BY_NAME[name]
        new = frame.filter(
            (pl.col("recorded_from") == moment) & ~holds("valid_from", "valid_to", pl.lit(day))
        )
        if new.height:
            yield from validation.missing(table, new)
            for column in table.columns:
                yield from validation.codes(name, column, new)
                yield from validation.ranges(name, column, new)
                yield from validation.references(name, column, new, recorded)


def overlaps(frames: Mapping[str, pl.DataFrame], moment: datetime) -> Iterator[Finding]:
    """A fault for each new row whose key another row has in a part of its period."""
    message = _("{key} has another row that holds in a part of this period; let the period of one "
                "end where the other starts.")  # fmt: skip
    for name, frame in frames.items():
        key = tables.BY_NAME[name].key
        on_record = frame.filter(pl.col("recorded_to").is_null())
        new = on_record.filter(pl.col("recorded_from") == moment)
        pairs = new.join(on_record, on=list(key), suffix=" of other", nulls_equal=True)
        both = pairs.filter(
            (pl.col(ROW) != pl.col(f"{ROW} of other"))
            & (pl.col("valid_from").is_null() | pl.col("valid_to of other").is_null()
               | (pl.col("valid_from") < pl.col("valid_to of other")))
            & (pl.col("valid_from of other").is_null() | pl.col("valid_to").is_null()
               | (pl.col("valid_from of other") < pl.col("valid_to")))
        )  # fmt: skip
        for row in both.unique(ROW, maintain_order=True).iter_rows(named=True):
            said = ", ".join(f"{part} {row[part]}" for part in key if row[part] is not None)
            yield Finding("error", "overlapping_periods", name, row[ROW], key[0],
                          str(row[key[0]]), message.format(key=said))  # fmt: skip


def fault_of(
    finding: Finding, sheets: Mapping[str, Sheet], frames: Mapping[str, pl.DataFrame]
) -> Fault:
    """``finding`` beside its cell, or where it is of a row that stands on no sheet on the sheet of
    its table, with the key of the row."""
    sheet = sheets.get(finding.table)
    if sheet is not None and finding.row is not None and finding.row > 0:
        return sheet.fault(finding.row, finding.column, finding.message)
    message = finding.message
    if finding.row is not None:
        row = frames[finding.table].filter(pl.col(ROW) == finding.row).row(0, named=True)
        key = ", ".join(
            str(row[name]) for name in tables.BY_NAME[finding.table].key if row[name] is not None
        )
        message = _("outside the workbook, row {key}: {message}").format(key=key, message=message)
    title = sheet.title if sheet is not None else table_word(finding.table)
    column = finding.column
    if sheet is not None and column is not None:
        column = sheet.titles.get(column, column)
    return Fault(title, None, column, message)


def as_warning(finding: Finding) -> Finding:
    """``finding`` without the number of a row that stands on no sheet."""
    outside = finding.row is not None and (finding.row < 0 or finding.table not in SHEETS)
    return replace(finding, row=None) if outside else finding
