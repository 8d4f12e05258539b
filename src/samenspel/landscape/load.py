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
    raw = read_raw(folder)
    day = date_of(raw, date)
    if errors(raw.findings):
        return day, raw.findings
    return day, raw.findings + check(raw.frames, day)


def load(folder: Path, date: Date | None = None) -> Landscape:
    """The landscape in ``folder`` on ``date`` (else the date it states, else today).

    Raises InputError with the first fault and the number of faults where there are any.
    """
    raw = read_raw(folder)
    day = date_of(raw, date)
    found = errors(raw.findings) or errors(check(raw.frames, day))
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
