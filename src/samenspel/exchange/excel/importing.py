"""From a completed workbook to a landscape folder: read, compare, check, and write, or tell every
fault and change nothing."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import date as Date
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from openpyxl import Workbook

from samenspel.errors import InputError
from samenspel.exchange.excel import checking, merging
from samenspel.exchange.excel.basis import Basis
from samenspel.exchange.excel.faults import Fault, write_marked
from samenspel.exchange.excel.names import collect
from samenspel.exchange.excel.opening import basis_in, open_workbook
from samenspel.exchange.excel.reading import Sheet, find_sheets, read_lines, typed_names
from samenspel.landscape import package, tables
from samenspel.landscape.chronicle import Chronicle
from samenspel.landscape.differences import Change, Key
from samenspel.landscape.findings import Finding, errors, warnings
from samenspel.landscape.kinds import class_of_form
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.load import chronicle_of
from samenspel.landscape.wholefolder import standing
from samenspel.language import _

PATIENCE = 30  # seconds to wait for another import into the same folder


@dataclass(frozen=True)
class Imported:
    """What an import did, or with a dry run would do.

    ``changes``: the rows that change. ``faults``: why nothing was changed, and ``marked`` the copy
    of the workbook that tells them. ``warnings``: what is worth knowing and was not so before.
    ``missing``: rows that the workbook no longer holds and that stay. ``landscape``: the merged
    landscape on the day of the workbook; None where there are faults.
    """

    changes: list[Change]
    faults: list[Fault]
    marked: Path | None
    warnings: list[Finding]
    missing: list[Change]
    written: bool
    landscape: Landscape | None

    def as_json(self) -> dict[str, Any]:
        return {
            "written": self.written,
            "changes": [described(change) for change in self.changes],
            "faults": [fault.as_json() for fault in self.faults],
            "marked": None if self.marked is None else str(self.marked),
            "missing": [described(change) for change in self.missing],
            "warnings": [finding.as_json() for finding in self.warnings],
        }


def described(change: Change) -> dict[str, Any]:
    """``change`` as JSON: what, which row, and for each cell its value before and after."""
    row = change.before or change.after or {}
    return {
        "kind": change.kind,
        "table": change.table,
        "key": {name: plain(row.get(name)) for name in tables.BY_NAME[change.table].key},
        "cells": {
            name: {"before": plain(before), "after": plain(after)}
            for name, (before, after) in change.cells.items()
        },
    }


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, Date) else value


@dataclass
class Merge:
    """The merge of one workbook while it is being made."""

    sheets: dict[str, Sheet]
    faults: list[Fault]
    warnings: list[Finding]
    matched: dict[str, merging.Matched] = field(default_factory=dict)
    changes: dict[str, list[Change]] = field(default_factory=dict)
    missing: list[Change] = field(default_factory=list)

    @property
    def every_change(self) -> list[Change]:
        """The changes of all tables."""
        return [change for found in self.changes.values() for change in found]

    @property
    def places(self) -> dict[str, dict[Key, int]]:
        """For each table where the rows of the frame stand, by key."""
        return {table: matched.places for table, matched in self.matched.items()}


def import_workbook(
    path: Path,
    folder: Path,
    *,
    dry_run: bool = False,
    remove: bool = False,
    now: datetime | None = None,
) -> Imported:
    """Merge the workbook ``path`` into the landscape ``folder``, whole or not at all.

    With ``dry_run`` nothing is written but the copy that tells the faults. With ``remove`` rows
    that the workbook no longer holds end. ``now``: the moment of the import. Raises InputError
    where the workbook or the folder cannot be used at all.
    """
    moment = now or datetime.now().astimezone()
    book = open_workbook(path)
    basis = basis_in(book)
    folder = folder.resolve()
    if not standing(folder).is_dir():
        raise InputError(_("{folder}: there is no such folder.").format(folder=folder))
    with nullcontext() if dry_run else alone(folder):
        date, before = read_chronicle(folder, basis)
        merge, after = merged_into(book, basis, before, path.name, moment, remove=remove)
        if merge.faults:
            marked = write_marked(book, merge.faults, path, basis.date)
            return Imported(
                merge.every_change, merge.faults, marked, merge.warnings, merge.missing, False, None
            )
        changes = merge.every_change
        write = bool(changes) and not dry_run
        if write:
            package.write(after, folder, replace=True, date=date)
    return Imported(changes, [], None, merge.warnings, merge.missing, write, after.at(basis.date))


def merged_into(
    book: Workbook,
    basis: Basis,
    before: Chronicle,
    file: str,
    moment: datetime,
    *,
    remove: bool = False,
) -> tuple[Merge, Chronicle]:
    """The merge of ``book``, the workbook called ``file``, with the rows of ``before``, wherever
    those are kept; and ``before`` with it. Its faults stand in the order of the book."""
    merge = merged(book, basis, before, before.at(basis.date), remove=remove)
    with_source(merge, basis, before, file, moment.date())
    with_organisations(merge, before)
    at = merging.moment_after(before, moment)
    after = merging.applied(before, merge.changes, merge.places, basis.types, at)
    if any(merge.changes.values()) or merge.faults:
        check(merge, before, after, basis.date, at)
    merge.faults = in_order(book, merge.faults)
    return merge, after


def in_order(book: Workbook, faults: list[Fault]) -> list[Fault]:
    """``faults`` as a reader meets them, those of missing sheets last."""
    places = {title: place for place, title in enumerate(book.sheetnames)}
    last = len(places)
    return sorted(faults, key=lambda f: (places.get(f.sheet, last), f.row or 0, f.number or 0))


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else imports into ``folder`` meanwhile. Raises InputError."""
    try:
        lock = FileLock(folder.with_name(f".{folder.name}.lock"), timeout=PATIENCE)
        lock.acquire()
    except Timeout as error:
        raise InputError(
            _("{folder}: somebody else is writing in it; try again later.").format(folder=folder)
        ) from error
    except OSError as error:
        raise InputError(
            _("{folder} cannot be written ({error}).").format(folder=folder, error=error.strerror)
        ) from error
    try:
        yield
    finally:
        lock.release()


def read_chronicle(folder: Path, basis: Basis) -> tuple[Date | None, Chronicle]:
    """The day that ``folder`` states and its rows. Raises InputError where it cannot be read or
    rewritten, or is not the landscape of ``basis``."""
    raw = package.read_raw(folder)
    found = errors(raw.findings)
    if found:
        raise InputError(
            _("{folder} has {count} errors; the first: {first} (samenspel check shows all).")
            .format(folder=folder, count=len(found), first=found[0])
        )  # fmt: skip
    if raw.about.name != basis.name:
        raise InputError(
            _("The workbook was made from “{made}”, but the folder holds “{held}”; name the folder "
              "that it was made from.").format(made=basis.name, held=raw.about.name)
        )  # fmt: skip
    try:
        package.may_write(folder, replace=True)
    except InputError as error:
        raise InputError(
            _("{folder} holds files that Samenspel did not make, so it cannot be rewritten; make "
              "a landscape folder of it with samenspel import package.").format(folder=folder)
        ) from error  # fmt: skip
    return raw.date, chronicle_of(raw)


def merged(
    book: Workbook, basis: Basis, before: Chronicle, landscape: Landscape, *, remove: bool
) -> Merge:
    """What each sheet of ``book`` changes in ``before``, and every fault on the way."""
    merge = Merge(*find_sheets(book, basis))
    names = collect(landscape, typed_names(merge.sheets))
    for table, sheet in merge.sheets.items():
        lines, faults = read_lines(sheet, basis.rows[table], names)
        frame = before.frames.get(table)
        if frame is None:
            frame = merging.blank(table, basis.types[table])
        matched, double = merging.match(sheet, basis.rows[table], lines, frame, basis.date)
        found = merging.compared(sheet, matched, remove=remove)
        merge.matched[table] = matched
        merge.changes[table] = found.changes
        merge.missing += found.missing
        merge.faults += [
            *faults,
            *double,
            *(merging.conflict_fault(sheet, conflict, matched) for conflict in found.conflicts),
        ]
    return merge


def with_organisations(merge: Merge, before: Chronicle) -> None:
    """Give each new partnership of ``merge`` its row among the organisations, as every partnership
    has one; its class follows from its legal form where that tells."""
    there = before.frames.get("organisations")
    if there is None:
        return
    own = merge.changes.setdefault("organisations", [])
    known = set(merging.recorded(there)["id"]) | {change.key[0] for change in own}
    for change in merge.changes.get("partnerships", []):
        row = change.after or {}
        if change.before is None and row.get("id") not in known:
            same = {name: row.get(name) for name in ("id", "name", "source", "confirmed_by")}
            made = {**same, "class": class_of_form(row.get("legal_form"))}
            own.append(Change("organisations", (row["id"], None), None, made))


def with_source(merge: Merge, basis: Basis, before: Chronicle, file: str, day: Date) -> None:
    """Give the changes of ``merge`` the workbook as their source where they state none, and the
    workbook a row in ``sources``."""
    sources = before.frames.get("sources")
    frame = merging.blank("sources", {}) if sources is None else merging.recorded(sources)
    row = merging.source_row(basis, file, day, frame)
    for table, changes in merge.changes.items():
        matched = merge.matched[table]
        merge.changes[table] = [
            merging.sourced(
                change, matched.lines.get(change.key), matched.base.get(change.key), row["id"]
            )
            for change in changes
        ]
    used = {
        change.after.get("source")
        for changes in merge.changes.values()
        for change in changes
        if change.after is not None
    }
    own = merge.changes.setdefault("sources", [])
    known = {change.key[0] for change in own if change.after is not None} | set(frame["id"])
    wanted = [row] if row["id"] in used else []
    if sources is None and (own or wanted):
        # A table that is known must hold every code in use; of these nothing else is known.
        wanted += [{"id": code} for code in sorted(codes_in_use(before) - {row["id"]})]
    own += [
        Change("sources", (each["id"], None), None, each)
        for each in wanted
        if each["id"] not in known
    ]


def codes_in_use(chronicle: Chronicle) -> set[str]:
    """The sources that rows on record name."""
    return {
        code
        for frame in chronicle.frames.values()
        if "source" in frame.columns
        for code in frame["source"].drop_nulls().unique()
    }


def check(merge: Merge, before: Chronicle, after: Chronicle, day: Date, moment: datetime) -> None:
    """Add to ``merge`` what is wrong with ``after`` and was not with ``before``."""
    rows_before: dict[str, dict[int, int]] = {}
    rows_after: dict[str, dict[int, int]] = {}
    for table, matched in merge.matched.items():
        numbers = {key: line.number for key, line in matched.lines.items()}
        earlier = {at: numbers[key] for key, at in matched.places.items() if key in numbers}
        made = [change for change in merge.changes[table] if change.after is not None]
        closed = {matched.places[c.key] for c in merge.changes[table] if c.before is not None}
        first = before.frames[table].height if table in before.frames else 0
        rows_before[table] = earlier
        rows_after[table] = {at: row for at, row in earlier.items() if at not in closed} | {
            first + step: numbers[change.key]
            for step, change in enumerate(made)
            if change.key in numbers
        }
    found = checking.new_findings(before, after, rows_before, rows_after, day, moment)
    frames = checking.numbered(after, rows_after)
    told = {(fault.sheet, fault.row, fault.number) for fault in merge.faults}
    unread = {
        (table, line.number, name)
        for table, matched in merge.matched.items()
        for line in matched.lines.values()
        for name in line.faulty
    }
    for finding in errors(found):
        fault = checking.fault_of(finding, merge.sheets, frames)
        place = (fault.sheet, fault.row, fault.number)
        if (finding.table, finding.row, finding.column) in unread or (
            fault.row is not None and place in told
        ):
            continue
        told.add(place)
        merge.faults.append(fault)
    merge.warnings += [checking.as_warning(finding) for finding in warnings(found)]
