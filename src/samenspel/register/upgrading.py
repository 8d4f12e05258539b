"""From the database of an earlier release to that of this one: a back-up first, then everything in
one transaction, then the check of the whole."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import DatabaseError, connection
from django.db.transaction import TransactionManagementError

from samenspel.errors import InputError
from samenspel.language import _
from samenspel.register import audit, checking, checkingpeople, guards, migrated, reading
from samenspel.register.backup import back_up
from samenspel.register.migrated import Node
from samenspel.register.models import Change
from samenspel.register.snapshot import snapshot, streamed
from samenspel.register.writing import turn


@dataclass(frozen=True)
class Upgrade:
    """What was done. ``migrations``: those that the database had not had. ``backup``: where the
    back-up made before lies; None where there was nothing to lose."""

    migrations: tuple[Node, ...]
    backup: Path | None


def upgrade(data: Path) -> Upgrade | None:
    """Bring the database to this release; None where it is of this release, and has its guards. A
    database that holds something is backed up first, into the folder ``data``.

    Raises InputError where it is of a newer release; and where the upgrade fails, or the check of
    the whole finds anything after it: then it is as it was, and the message says where the back-up
    lies.
    """
    had = migrated.applied(connection)
    migrated.refuse_newer(had, _("The database"))
    waiting = migrated.pending(connection)
    if not waiting:
        guard()
        return None
    kept = back_up_before(data, had) if holds_something(had) else None
    try:
        with migrated.loose(), turn():
            if migrated.pending(connection):  # nobody else did it meanwhile
                migrated.bring_up()
                connection.check_constraints()
                refuse_faults()
                if had:
                    audit.note("upgraded", migrations=[" ".join(node) for node in waiting])
    except Exception as error:  # whatever a migration raises
        raise InputError(failed(error, kept)) from error
    reading.forget()
    return Upgrade(tuple(waiting), kept)


def guard() -> None:
    """Make the guards anew where any table has none."""
    if any(checkingpeople.unguarded(connection)):
        with turn():
            guards.make(connection)


def require_current() -> None:
    """Raise InputError where the database is not that of this release, or there is none."""
    had = migrated.applied(connection)
    if not had:
        raise InputError(
            _("There is no register here yet; samenspel serve or samenspel register restore makes "
              "one.")
        )  # fmt: skip
    migrated.refuse_newer(had, _("The database"))
    if migrated.pending(connection):
        raise InputError(
            _("The database is of an earlier version of Samenspel; run samenspel register upgrade "
              "first. It makes a back-up before it changes anything.")
        )  # fmt: skip


def holds_something(had: list[Node]) -> bool:
    """Whether there is anything in the database that could be lost."""
    with snapshot() as on:
        return any(
            next(streamed(on, f'SELECT 1 FROM "{shape.table}" LIMIT 1'), None)
            for shape in migrated.shapes(had)
        )


def back_up_before(data: Path, had: list[Node]) -> Path:
    """A back-up in ``data``, called after this moment and the last migration that was had."""
    old = max((name for label, name in had if label == Change._meta.app_label), default="0000")
    moment = datetime.now().astimezone().strftime("%Y-%m-%d-%H%M%S")
    path = data / f"before-upgrade-{moment}-{old}.zip"
    back_up(path)
    return path


def refuse_faults() -> None:
    """Raise InputError where the check of the whole finds anything."""
    faults = checking.check(connection)
    if faults:
        raise InputError(
            _("the database is not sound after it: {count} faults, the first: {first}").format(
                count=len(faults), first=faults[0]
            )
        )


def failed(error: Exception, kept: Path | None) -> str:
    """What to say of an upgrade that failed."""
    while isinstance(error, TransactionManagementError) and isinstance(
        error.__context__, Exception
    ):
        error = error.__context__  # what broke the transaction
    said = str(error).splitlines()[0] if str(error) else type(error).__name__
    if isinstance(error, DatabaseError):
        said = _("the database refuses it: {error}").format(error=said)
    text = _("The upgrade failed, and the database is as it was ({error}).").format(error=said)
    if kept is not None:
        text += " " + _("A back-up made before lies in {file}.").format(file=kept)
    return text
