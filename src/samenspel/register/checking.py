"""Whether the whole database is sound. It takes nothing for granted: it shares no code with the
guards, nor with what writes, and a test damages each thing and sees it found.

Costs one reading of every row, with O(rows on record) memory for the table whose references it
looks at.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

from samenspel.language import _
from samenspel.register.snapshot import snapshot, streamed

MOST = 100  # faults of one kind that are told


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: of what kind, in which table of the database, at which row, and in
    words."""

    kind: str
    table: str
    row: int | str | None
    message: str

    def __str__(self) -> str:
        where = " ".join(str(part) for part in (self.table, self.row) if part not in ("", None))
        return f"{where}: {self.message}" if where else self.message

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "table": self.table, "row": self.row, "message": self.message}


Found = Iterator[Fault]


def check(on: BaseDatabaseWrapper | None = None) -> list[Fault]:
    """Everything that is wrong in the database, up to 100 faults of each kind and table; of the
    moment at which it begins, whatever others write. ``on``: a connection to look through, that of
    a transaction that is not over."""
    from samenspel.register import checkingfacts, checkingpeople

    checks: tuple[Callable[[BaseDatabaseWrapper], Iterator[Found]], ...] = (
        changes,
        checkingfacts.facts,
        checkingfacts.contract,
        checkingpeople.people,
        checkingpeople.work,
        checkingpeople.references,
        checkingpeople.guarded,
    )
    with ExitStack() as stack:
        through = on or stack.enter_context(snapshot())
        return [fault for each in checks for found in each(through) for fault in told(found)]


def told(found: Found) -> Found:
    """The first of ``found``; what cannot be read is a fault too."""
    try:
        yield from islice(found, MOST)
    except (DatabaseError, ValueError, TypeError) as error:
        message = _("the database cannot be read ({error})")
        yield Fault("unreadable", "", None, message.format(error=str(error).splitlines()[0]))


def changes(on: BaseDatabaseWrapper) -> Iterator[Found]:
    """Faults of the changes: 1, 2, 3 …, sealed, each later than those before."""
    yield numbered(on)
    yield undone(on)


def numbered(on: BaseDatabaseWrapper) -> Found:
    table = "register_change"
    before, latest = 0, None
    for number, at, sealed, why in streamed(
        on, "SELECT number, at, sealed, why FROM register_change ORDER BY number"
    ):
        if number != before + 1:
            yield Fault("gap", table, number, _("the change before it is not there"))
        if not sealed:
            yield Fault("unsealed", table, number, _("the change is not sealed"))
        at = utc(at)
        if at is not None and latest is not None and at <= latest:
            yield Fault("moment", table, number, _("it is not later than a change before it"))
        if not why:
            yield Fault("why", table, number, _("it has no reason"))
        before, latest = number, at if at is not None else latest


def utc(moment: datetime | None) -> datetime | None:
    """``moment`` with its zone; SQLite gives it without, in UTC."""
    return moment.replace(tzinfo=UTC) if moment is not None and not moment.tzinfo else moment


def undone(on: BaseDatabaseWrapper) -> Found:
    query = (
        "SELECT number, undoes_id FROM register_change "
        "WHERE undoes_id >= number OR (undoes_id IS NOT NULL AND kind <> 'undo') ORDER BY number"
    )
    for number, undoes in streamed(on, query):
        yield Fault(
            "undoes",
            "register_change",
            number,
            _("it undoes change {undone}, which it cannot").format(undone=undoes),
        )
