"""A completed workbook beside what is on record: the same three-way merge as into a folder."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import polars as pl
from openpyxl import Workbook

from samenspel.errors import InputError
from samenspel.exchange.excel import merging
from samenspel.exchange.excel.basis import Basis
from samenspel.exchange.excel.faults import write_marked
from samenspel.exchange.excel.importing import Merge, merged_into
from samenspel.exchange.excel.opening import basis_in, open_workbook
from samenspel.landscape import tables
from samenspel.landscape.chronicle import Chronicle
from samenspel.language import _
from samenspel.register import reading, rows
from samenspel.register.confirming import unconfirmed
from samenspel.register.editing import frame_of
from samenspel.register.pictures import described
from samenspel.register.preview import Preview, Record
from samenspel.register.writing import Batch


def preview(path: Path, remove: bool = False, now: datetime | None = None) -> Preview:
    """What taking in the workbook ``path`` would do: what was changed in it since it was made,
    beside what is on record. A cell changed on both sides is a fault. With ``remove`` the rows that
    it no longer holds leave the record. Where there are faults, a copy beside ``path`` tells them.

    Raises InputError where the workbook cannot be used at all or was made from something else.
    """
    book = open_workbook(path)
    basis = basis_in(book)
    moment = now or datetime.now().astimezone()
    return beside(book, basis, path, moment, remove=remove)


def beside(book: Workbook, basis: Basis, path: Path, moment: datetime, *, remove: bool) -> Preview:
    """The workbook ``book`` beside what is on record."""
    record = Record(reading.last_change())
    held = reading.landscape(basis.date, change=record.change).about.name
    if held != basis.name:
        raise InputError(
            _("The workbook was made from “{made}”, but the register holds “{held}”.").format(
                made=basis.name, held=held
            )
        )
    before = chronicle_of(record)
    merge, _after = merged_into(book, basis, before, path.name, moment, remove=remove)
    marked = write_marked(book, merge.faults, path, basis.date) if merge.faults else None
    return Preview(
        basis.date,
        record.change,
        Batch() if merge.faults else batch_of(merge, basis, before, record),
        lambda: beside(book, basis, path, moment, remove=remove),
        changes={name: found for name, found in merge.changes.items() if found},
        missing={
            name: found
            for name in tables.BY_NAME
            if (found := [change for change in merge.missing if change.table == name])
        },
        findings=tuple(merge.warnings),
        faults=tuple(merge.faults),
        marked=marked,
        picture=False,
    )


def chronicle_of(record: Record) -> Chronicle:
    """The rows on record as a chronicle, in their order in the record; when they were recorded is
    left out."""
    return Chronicle(
        {name: record.rows(name).drop(rows.META) for name in record.every_known},
    )


def batch_of(merge: Merge, basis: Basis, before: Chronicle, record: Record) -> Batch:
    """What ``merge`` does to the rows on record: a row that changes is closed and opened as it is
    now, for the same days unless the workbook says others."""
    opens: dict[str, pl.DataFrame] = {}
    closes: dict[str, list[int]] = {}
    for name, changes in merge.changes.items():
        places = merge.places.get(name, {})
        frame = before.frames.get(name)
        if frame is None:
            frame = merging.blank(name, basis.types[name])
        made = [
            {column: value for column, value in row.items() if column not in tables.RECORDED}
            for row in merging.new_rows(frame, changes, places, datetime.now().astimezone())
        ]
        gone = [places[change.key] for change in changes if change.before is not None]
        if made:
            opens[name] = frame_of(name, made)
        if gone:
            closes[name] = record.rows(name)["row"].gather(gone).to_list()
    opens |= newly_known(opens, basis, record)
    seen = {name: record.numbered(name, gone) for name, gone in closes.items()}
    return unconfirmed(Batch(opens, closes), seen)


def newly_known(
    opens: Mapping[str, pl.DataFrame], basis: Basis, record: Record
) -> dict[str, pl.DataFrame]:
    """The rows that make the tables of ``opens`` known from the day of the workbook on."""
    wanted = [{"table": name} for name in opens if name not in record.every_known]
    made, _gone = described("known_tables", wanted, record.rows("known_tables"), basis.date)
    return {"known_tables": frame_of("known_tables", made)} if made else {}
