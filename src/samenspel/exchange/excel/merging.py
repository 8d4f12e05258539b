"""Merging what a workbook says into the history of a landscape folder.

The folder is a chronicle: a row that changes is closed at the moment of the import and goes on as
a new row, so what was known before stays known.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import date as Date
from typing import Any

import polars as pl

from samenspel.exchange.excel.basis import Basis, Row
from samenspel.exchange.excel.faults import Fault
from samenspel.exchange.excel.reading import Line, Sheet
from samenspel.exchange.excel.values import shown
from samenspel.landscape import tables
from samenspel.landscape.chronicle import DATED, Chronicle, holds
from samenspel.landscape.differences import Change, Comparison, Conflict, Key, compare
from samenspel.landscape.landscape import conform
from samenspel.language import _

AT = "_at"  # the place of a row in its frame
SOURCE = "source"


@dataclass(frozen=True)
class Matched:
    """The rows of one table in three states, each by the same key: that of the table, with a
    period of its own where the row does not hold on the day of the workbook. ``places``: the
    place of ours in the frame; ``lines``: the rows of the sheet."""

    base: dict[Key, Row]
    ours: dict[Key, Row]
    places: dict[Key, int]
    lines: dict[Key, Line]


def recorded(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of ``frame`` that are on record now."""
    return frame.filter(pl.col("recorded_to").is_null())


def on_record(frame: pl.DataFrame, table: str, codes: set[Any]) -> pl.DataFrame:
    """The rows of ``frame`` on record whose first key column is among ``codes``, with AT."""
    first = tables.BY_NAME[table].key[0]
    wanted = pl.Series(sorted(codes), dtype=frame.schema[first]).implode()
    return recorded(frame.with_row_index(AT)).filter(pl.col(first).is_in(wanted))


def match(
    sheet: Sheet, basis: list[Row], lines: list[Line], frame: pl.DataFrame, day: Date
) -> tuple[Matched, list[Fault]]:
    """The rows of ``sheet`` beside those of its basis and of ``frame``, the table now; with a
    fault for each line that has no key, or the key of another."""
    table = tables.BY_NAME[sheet.table]
    base = {key_of(table, row): row for row in basis}
    keyed, faults = groups(sheet, lines)
    faults += shortened(sheet, keyed, frame)
    codes = {key[0] for key in (*base, *keyed)}
    found = on_record(frame, table.name, codes)
    held = holds("valid_from", "valid_to", pl.lit(day))
    now = {key_of(table, row): row for row in found.filter(held).iter_rows(named=True)}
    others = found.filter(~held).iter_rows(named=True)
    apart = {(key_of(table, row), row["valid_from"]): row for row in others}
    matched = Matched({(*key, None): row for key, row in base.items()}, {}, {}, {})
    for key in (*base, *(k for k in keyed if k not in base)):
        mine = keyed.get(key, [])
        first = principal(mine, base.get(key), day)
        for line in mine:
            start = line.values.get("valid_from")
            name = (*key, None) if line is first else (*key, (start,))
            if name in matched.lines:
                faults.append(twice(sheet, line))
                continue
            matched.lines[name] = line
            there = now.get(key) if line is first else None
            keep(matched, name, there or apart.get((key, start)))
        if (*key, None) not in matched.ours and (key in base or first is not None):
            there = now.get(key)
            if there is None and key in base:
                there = apart.get((key, base[key].get("valid_from")))
            keep(matched, (*key, None), there)
    return matched, faults


def shortened(
    sheet: Sheet, keyed: Mapping[Key, list[Line]], frame: pl.DataFrame
) -> Iterator[Fault]:
    """A fault for each new row whose code is a known one without its leading zeros, as a
    spreadsheet program makes of it."""
    first = tables.BY_NAME[sheet.table].key[0]
    known = set(recorded(frame)[first].drop_nulls())
    whole = {code.lstrip("0"): code for code in known if code.startswith("0") and code.isdigit()}
    for key, lines in keyed.items():
        meant = whole.get(str(key[0]))
        if meant is not None and key[0] not in known:
            message = _(
                "{value} has lost its leading zero; type {meant} as text, with ' before it."
            )
            for line in lines:
                yield sheet.fault(line.number, first, message.format(value=key[0], meant=meant))


def key_of(table: tables.Table, row: Row) -> Key:
    return tuple(row[name] for name in table.key)


def keep(matched: Matched, name: Key, row: dict[str, Any] | None) -> None:
    if row is not None:
        matched.places[name] = row[AT]
        matched.ours[name] = row


def groups(sheet: Sheet, lines: list[Line]) -> tuple[dict[Key, list[Line]], list[Fault]]:
    """The lines by the key of the table, and a fault for each that lacks a part of it."""
    table = tables.BY_NAME[sheet.table]
    keyed: dict[Key, list[Line]] = {}
    faults = []
    for line in lines:
        lacking = [
            name
            for name in table.key
            if line.values[name] is None and name not in table.nullable_key
        ]
        for name in lacking:
            faults.append(sheet.fault(line.number, name, _("the cell is empty; fill it.")))
        if not lacking:
            keyed.setdefault(tuple(line.values[name] for name in table.key), []).append(line)
    return keyed, faults


def principal(lines: list[Line], base: Row | None, day: Date) -> Line | None:
    """Of the lines with one key the one that is the row of the workbook's day: the same as in the
    basis, else the first that holds on ``day``; the others are of other periods."""
    if base is not None:
        start = base.get("valid_from")
        same = [line for line in lines if line.values.get("valid_from") == start]
        if same or len(lines) == 1:
            return (same or lines)[0]
    return next((line for line in lines if holding(line.values, day)), None)


def holding(row: Row, day: Date) -> bool:
    start, end = row.get("valid_from"), row.get("valid_to")
    return (start is None or start <= day) and (end is None or end > day)


def twice(sheet: Sheet, line: Line) -> Fault:
    key = tables.BY_NAME[sheet.table].key
    said = ", ".join(f"{sheet.titles[name]} {line.values[name]}" for name in key)
    message = _("{key} stands in more than one row; keep one.")
    return sheet.fault(line.number, key[0], message.format(key=said))


def compared(sheet: Sheet, matched: Matched, *, remove: bool) -> Comparison:
    """What the lines of ``sheet`` change in ours."""
    ours = {
        key: {f.name: row.get(f.name) for f in sheet.fields} for key, row in matched.ours.items()
    }
    theirs = {key: line.values for key, line in matched.lines.items()}
    return compare(sheet.table, matched.base, ours, theirs, remove=remove)


def conflict_fault(sheet: Sheet, conflict: Conflict, matched: Matched) -> Fault:
    """The fault beside the cell, or of the row, that ``conflict`` is about."""
    line = matched.lines.get(conflict.key)
    if line is None:
        key = ", ".join(str(part) for part in conflict.key[:-1] if part is not None)
        message = _("the row {key} was deleted here, but has meanwhile changed in the landscape; "
                    "put it back, or write a new workbook.")  # fmt: skip
        return sheet.fault(None, None, message.format(key=key))
    if conflict.column is None:
        message = _("this row was changed here, but has meanwhile gone from the landscape; delete "
                    "it, or write a new workbook.")  # fmt: skip
        return sheet.fault(line.number, None, message)
    field = next(f for f in sheet.fields if f.name == conflict.column)
    now = shown(field, conflict.ours)
    message = _("meanwhile changed to {value} in the landscape; put {value}, or write a new "
                "workbook.")  # fmt: skip
    value = _("unknown") if now is None else f"“{now}”"
    return sheet.fault(line.number, conflict.column, message.format(value=value))


def sourced(change: Change, line: Line | None, base: Row | None, source: str) -> Change:
    """``change`` with ``source`` for its source, where its own cell was not filled in or changed.

    A row that is only confirmed keeps its source: the confirmer vouches for what it says.
    """
    if change.after is None or line is None or SOURCE not in change.after:
        return change
    stated = line.values.get(SOURCE)
    untouched = stated == base.get(SOURCE) if base is not None else stated is None
    if not untouched or change.cells.keys() <= {"confirmed_by"}:
        return change
    return Change(change.table, change.key, change.before, {**change.after, SOURCE: source})


def source_row(basis: Basis, file: str, day: Date, sources: pl.DataFrame) -> dict[str, Any]:
    """The row of ``sources`` that stands for a workbook; an earlier one where it is the same."""
    code = f"werkboek-{basis.zone}-{day.isoformat()}"
    row = {
        "title": _("Workbook of {zone}").format(zone=basis.zone_name),
        "date": day,
        "note": _("completed in {file}").format(file=file),
    }
    known = {found["id"]: found for found in sources.iter_rows(named=True)}
    number, name = 1, code
    while name in known and any(known[name][column] != value for column, value in row.items()):
        number += 1
        name = f"{code}-{number}"
    return {"id": name, **row}


def moment_after(chronicle: Chronicle, now: datetime) -> datetime:
    """``now``, or just after the last moment on record where a clock ran ahead."""
    last = [
        frame[column].max()
        for frame in chronicle.frames.values()
        for column in tables.RECORDED
        if frame[column].max() is not None
    ]
    later = [moment + timedelta(microseconds=1) for moment in last if isinstance(moment, datetime)]
    return max([now.astimezone(UTC), *later])


def applied(
    chronicle: Chronicle,
    changes: Mapping[str, list[Change]],
    places: Mapping[str, Mapping[Key, int]],
    types: Mapping[str, Mapping[str, tables.Type]],
    moment: datetime,
) -> Chronicle:
    """``chronicle`` with ``changes`` (per table) on record since ``moment``.

    ``places``: where the rows that change stand. New rows come last, in the order of the changes.
    """
    frames = dict(chronicle.frames)
    for table, found in changes.items():
        if not found:
            continue
        frame = frames.get(table)
        if frame is None:
            frame = blank(table, types[table])
        frames[table] = with_changes(frame, found, places.get(table, {}), moment)
    return Chronicle(frames, chronicle.about)


def blank(table: str, types: Mapping[str, tables.Type]) -> pl.DataFrame:
    """``table`` without rows, with the columns ``types`` besides those that it always has."""
    schema = {name: tables.POLARS[type_] for name, type_ in types.items()}
    return conform(tables.BY_NAME[table], pl.DataFrame(schema=schema), DATED)


def with_changes(
    frame: pl.DataFrame, changes: list[Change], places: Mapping[Key, int], moment: datetime
) -> pl.DataFrame:
    closed = [places[change.key] for change in changes if change.before is not None]
    rows = list(new_rows(frame, changes, places, moment))
    shut = pl.int_range(pl.len()).is_in(pl.Series(closed, dtype=pl.Int64).implode())
    ended = pl.when(shut).then(pl.lit(moment, DATED["recorded_to"])).otherwise("recorded_to")
    added = pl.DataFrame(rows, schema=frame.schema, orient="row")
    return pl.concat([frame.with_columns(recorded_to=ended), added])


def new_rows(
    frame: pl.DataFrame, changes: list[Change], places: Mapping[Key, int], moment: datetime
) -> Iterator[dict[str, Any]]:
    blank = dict.fromkeys(frame.columns)
    for change in changes:
        if change.after is not None:
            old = blank if change.before is None else frame.row(places[change.key], named=True)
            yield {**old, **change.after, "recorded_from": moment, "recorded_to": None}
