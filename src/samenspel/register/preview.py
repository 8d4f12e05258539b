"""What an import would do, before anybody agrees to it: the same for a picture and a workbook."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date as Date
from pathlib import Path
from typing import Any

import polars as pl

from samenspel.errors import InputError
from samenspel.exchange.excel.faults import Fault
from samenspel.exchange.excel.importing import described
from samenspel.landscape import tables, validation
from samenspel.landscape.chronicle import holds
from samenspel.landscape.differences import Change
from samenspel.landscape.findings import Finding, errors
from samenspel.landscape.landscape import conform
from samenspel.language import _
from samenspel.register import reading, rows
from samenspel.register.contract import BY_NAME
from samenspel.register.editing import Version, versions
from samenspel.register.writing import Batch

FIRST_ROW = 2  # how ``validation`` numbers the first row of a frame


@dataclass(frozen=True)
class Preview:
    """What an import would do to the register as it was after ``change``.

    ``day``: what is imported is of that day. ``changes``, ``missing``, ``same``: for each table the
    rows that change, those that the import does not name and that stay, and how many are the same;
    of a first import only their numbers are known (``new``). ``picture``: it is a whole picture,
    which only who keeps all of them may import. ``findings``: what would be wrong on
    that day and was not so before. ``faults``: what is wrong with the cells of a workbook, told in
    its copy ``marked``. ``again``: makes it anew of what is on record by then.
    """

    day: Date
    change: int
    batch: Batch
    again: Callable[[], "Preview"] = field(repr=False, compare=False)
    changes: Mapping[str, list[Change]] = field(default_factory=dict)
    missing: Mapping[str, list[Change]] = field(default_factory=dict)
    same: Mapping[str, int] = field(default_factory=dict)
    new: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    faults: tuple[Fault, ...] = ()
    marked: Path | None = None
    picture: bool = True

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """For each table how many rows are added, changed, removed, missing and the same."""
        found = {}
        for name in (*self.new, *(name for name in BY_NAME if name in {*self.changes, *self.same})):
            kinds = [change.kind for change in self.changes.get(name, ())]
            found[name] = {
                "added": self.new.get(name, 0) + kinds.count("added"),
                "changed": kinds.count("changed"),
                "removed": kinds.count("removed"),
                "missing": len(self.missing.get(name, ())),
                "same": self.same.get(name, 0),
            }
        return found

    def as_json(self) -> dict[str, Any]:
        return {
            "day": self.day.isoformat(),
            "seen": self.change,
            "tables": self.counts,
            "changes": [described(change) for change in every(self.changes)],
            "missing": [described(change) for change in every(self.missing)],
            "faults": [fault.as_json() for fault in self.faults],
            "marked": None if self.marked is None else str(self.marked),
            "errors": [f.as_json() for f in errors(list(self.findings))],
            "warnings": [f.as_json() for f in self.findings if f.severity == "warning"],
        }


def every(found: Mapping[str, list[Change]]) -> list[Change]:
    """The changes of the tables of a landscape."""
    return [c for name, changes in found.items() if name in tables.BY_NAME for c in changes]


def refuse_faulty(found: Preview) -> None:
    """Raise InputError, with the first fault and their number, where ``found`` cannot be done."""
    if found.faults:
        raise InputError(
            _("Nothing is changed: {count} faults, the first: {first} All stand beside their cells "
              "in {marked}.").format(
                count=len(found.faults), first=found.faults[0], marked=found.marked)
        )  # fmt: skip
    wrong = errors(list(found.findings))
    if wrong:
        raise InputError(
            _("Nothing is written; the data has {count} errors, the first: {first}").format(
                count=len(wrong), first=wrong[0]
            )
        )


class Record:
    """What is on record after one change: for each table the rows, whenever they hold, with their
    days and the columns of ``rows.META``."""

    def __init__(self, change: int) -> None:
        self.change = change
        self._stamp = dict(reading.stamps(change))
        self._own = reading.known(self._stamp)
        self._frames: dict[str, pl.DataFrame] = {}

    def rows(self, name: str) -> pl.DataFrame:
        """The rows of table ``name``."""
        if name not in self._frames:
            stamp, own = self._stamp[name], self._own.get(name, ())
            self._frames[name] = reading.table_on(reading.database(), name, stamp, None, own)
        return self._frames[name]

    def numbered(self, name: str, numbers: Sequence[int]) -> list[Version]:
        """The rows of table ``name`` with these numbers."""
        wanted = pl.Series(list(numbers), dtype=pl.Int64).implode()
        return versions(name, self.rows(name).filter(pl.col("row").is_in(wanted)))

    @property
    def every_known(self) -> list[str]:
        """The tables of a landscape that are known on any day."""
        return list(self._own)

    def known(self, day: Date) -> list[str]:
        """The tables of a landscape that are known on ``day``."""
        return list(reading.known(self._stamp, day))

    @property
    def empty(self) -> bool:
        """Whether nothing is on record."""
        return not any(self._stamp.values()) or not any(self.rows(name).height for name in BY_NAME)


def on_day(day: Date) -> pl.Expr:
    """Whether a row holds on ``day``."""
    return holds("valid_from", "valid_to", pl.lit(day))


def frames_after(record: Record, batch: Batch, day: Date) -> dict[str, pl.DataFrame]:
    """The tables known on ``day`` as they are on that day once ``batch`` is written."""
    newly = batch.opens.get("known_tables", pl.DataFrame(schema={"table": pl.String}))
    known = {*record.known(day), *newly["table"]}
    found = {}
    for name in (table.name for table in tables.TABLES if table.name in known):
        gone = pl.Series(list(batch.closes.get(name, ())), dtype=pl.Int64).implode()
        parts = [record.rows(name).filter(on_day(day), ~pl.col("row").is_in(gone))]
        if name in batch.opens:
            made = conform(BY_NAME[name], batch.opens[name], tables.VALIDITY)
            parts.append(made.filter(on_day(day)))
        frame = pl.concat(parts, how="diagonal_relaxed")
        found[name] = frame.drop(rows.META, strict=False)
    return found


def new_findings(record: Record, batch: Batch, day: Date) -> tuple[Finding, ...]:
    """What is wrong on ``day`` once ``batch`` is written and is not wrong before."""
    before = set(checked(frames_after(record, Batch(), day), day))
    return tuple(f for f in checked(frames_after(record, batch, day), day) if f not in before)


def checked(frames: Mapping[str, pl.DataFrame], day: Date) -> Iterator[Finding]:
    """The findings of ``frames`` that hold on ``day``, each with the key of its row."""
    if "municipalities" in frames:
        found = validation.check(frames, day)
        return keyed(found, frames)
    return iter(())


def keyed(found: Iterable[Finding], frames: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """``found`` with the key of the row in place of its number, which no file has."""
    for finding in found:
        if finding.row is None:
            yield finding
            continue
        table = tables.BY_NAME[finding.table]
        row = frames[finding.table].row(finding.row - FIRST_ROW, named=True)
        key = ", ".join(str(row[name]) for name in table.key if row.get(name) is not None)
        message = _("row {key}: {message}").format(key=key, message=finding.message)
        yield replace(finding, row=None, message=message)
