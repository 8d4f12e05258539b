"""From a folder to a landscape: read, check, and take one date."""

from datetime import date as Date
from datetime import datetime
from pathlib import Path

from samenspel.errors import InputError
from samenspel.landscape.chronicle import Chronicle
from samenspel.landscape.csvfile import ROW
from samenspel.landscape.findings import Finding, errors
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.package import Raw, read_raw
from samenspel.landscape.validation import check
from samenspel.language import _


def date_of(raw: Raw, date: Date | None) -> Date:
    """The date asked for, else the one that the folder states, else today."""
    return date or raw.date or datetime.now().astimezone().date()


def check_folder(folder: Path, date: Date | None = None) -> tuple[Date, list[Finding]]:
    """The date that is looked at and every fault of ``folder``. Raises InputError where it is no
    landscape at all."""
    day, found, _land = looked_at(folder, date)
    return day, found


def looked_at(
    folder: Path, date: Date | None = None
) -> tuple[Date, list[Finding], Landscape | None]:
    """As ``check_folder``, with the landscape where it has no errors."""
    raw = read_raw(folder)
    day = date_of(raw, date)
    found = every_fault(raw, day)
    return day, found, None if errors(found) else chronicle_of(raw).at(day)


def every_fault(raw: Raw, day: Date) -> list[Finding]:
    """What reading met and what checking finds in the rest; an unreadable cell is told once."""
    if "municipalities" not in raw.frames:
        return raw.findings
    told = {(finding.table, finding.row, finding.column) for finding in raw.findings}
    columns = {(f.table, f.column) for f in raw.findings if f.code == "missing_column"}
    return raw.findings + [
        finding
        for finding in check(raw.frames, day)
        if (finding.table, finding.row, finding.column) not in told
        and (finding.table, finding.column) not in columns
    ]


def load(folder: Path, date: Date | None = None) -> Landscape:
    """The landscape in ``folder`` on ``date`` (else the date it states, else today).

    Raises InputError with the first fault and the number of faults where there are any.
    """
    raw = read_raw(folder)
    day = date_of(raw, date)
    found = errors(every_fault(raw, day))
    if found:
        raise InputError(
            _("{folder} has {count} errors; the first: {first} (samenspel check shows all).")
            .format(folder=folder, count=len(found), first=found[0])
        )  # fmt: skip
    return chronicle_of(raw).at(day)


def load_chronicle(folder: Path) -> Chronicle:
    """The chronicle in ``folder``, every dated row. Raises InputError where it cannot be read."""
    raw = read_raw(folder)
    if errors(raw.findings):
        raise InputError(str(errors(raw.findings)[0]))
    return chronicle_of(raw)


def chronicle_of(raw: Raw) -> Chronicle:
    return Chronicle({name: frame.drop(ROW) for name, frame in raw.frames.items()}, raw.about)
