"""Back-up and restore: one portable file for both kinds of database, made while others write.

A back-up holds every table but those that Django fills itself and who is signed in. It holds the
hashes of passwords and the secrets of second factors: the file is for its owner only.
"""

import os
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import DatabaseError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from samenspel.errors import InputError
from samenspel.landscape.wholefolder import whole_stream
from samenspel.language import _
from samenspel.register import archive, audit, checking, guards, migrated, portable, reading
from samenspel.register.archive import FORMAT, MANIFEST, VERSION, Archive, Held, Manifest, Writing
from samenspel.register.migrated import Shape
from samenspel.register.models import Account, Change, Job, Record
from samenspel.register.snapshot import PIECE, snapshot, streamed
from samenspel.register.writing import turn


def back_up(path: Path) -> Manifest:
    """Write everything as it is now to ``path``, whole or not at all; what it holds. An earlier
    file is replaced. Others write on; memory does not grow with the register.

    Raises InputError where there is nothing to back up, the database is of a newer version, or
    ``path`` cannot be written.
    """
    with snapshot() as on:
        nodes = migrated.applied(on)
        if not nodes:
            raise InputError(_("The database holds no register yet; there is nothing to back up."))
        migrated.refuse_newer(nodes, _("The database"))
        with whole_stream(path) as file:
            os.fchmod(file.fileno(), 0o600)
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as into:
                held = tuple(written(on, shape, into) for shape in migrated.shapes(nodes))
                manifest = Manifest(
                    format=FORMAT,
                    version=VERSION,
                    code=version("samenspel"),
                    made_at=portable.moment_out(datetime.now(UTC)),
                    **last(on),
                    migrations=tuple(nodes),
                    tables=held,
                )
                with archive.entry(into, MANIFEST) as told:
                    told.write(archive.told(manifest))
            file.flush()
            os.fsync(file.fileno())
    return manifest


def written(on: BaseDatabaseWrapper, shape: Shape, into: zipfile.ZipFile) -> Held:
    """The rows of one table, written to its file."""
    name = f"{shape.table}.ndjson"
    columns = ", ".join(f'"{column}"' for column in shape.columns)
    query = f'SELECT {columns} FROM "{shape.table}" ORDER BY "{shape.order}"'
    with archive.entry(into, name) as file:
        lines = Writing(file)
        for row in streamed(on, query):
            lines.write(portable.line(shape.kinds, row))
    return Held(
        table=shape.table,
        file=name,
        columns=shape.columns,
        rows=lines.rows,
        bytes=lines.size,
        sha256=lines.hash.hexdigest(),
    )


def last(on: BaseDatabaseWrapper) -> dict[str, Any]:
    """The number and the moment of the last change."""
    query = "SELECT number, at FROM register_change ORDER BY number DESC LIMIT 1"
    number, at = next(iter(streamed(on, query)), (0, None))
    return {"change": number, "change_at": portable.moment_out(at) if at else None}


def restore(path: Path) -> Manifest:
    """Let an empty register hold what the back-up ``path`` holds, all of it or nothing; what that
    is. Nobody is signed in then, and jobs that were running wait for their turn again.

    Raises InputError where the register holds something, or the file is no back-up, is damaged, is
    of a newer version, or holds what cannot be.
    """
    with archive.opened(path) as found:
        nodes = list(found.manifest.migrations)
        migrated.refuse_newer(nodes, _("The back-up {file}").format(file=path))
        shapes = agreed(found, nodes)
        with migrated.loose(), turn():
            refuse_content()
            guards.remove(connection)
            migrated.bring_to(nodes)
            empty(shapes)
            try:
                for held, shape in zip(found.manifest.tables, shapes, strict=True):
                    load(found, held, shape)
                connection.check_constraints()
                migrated.bring_up()
            except DatabaseError as error:
                raise InputError(
                    _("{file} holds what the database refuses ({error}); nothing is restored.")
                    .format(file=path, error=str(error).splitlines()[0])
                ) from error  # fmt: skip
            counted_on()
            Job.objects.filter(state="running").update(
                state="queued", worker=None, heartbeat_at=None
            )
            refuse_faults(path)
            audit.note("restored", change=found.manifest.change, made_at=found.manifest.made_at)
    reading.forget()
    return found.manifest


def agreed(found: Archive, nodes: Sequence[migrated.Node]) -> list[Shape]:
    """The tables of the back-up as they are after its migrations. Raises InputError where it holds
    others."""
    shapes = {shape.table: shape for shape in migrated.shapes(nodes)}
    told = {held.table: held.columns for held in found.manifest.tables}
    columns = {table: set(shape.columns) for table, shape in shapes.items()}
    if columns != {table: set(names) for table, names in told.items()}:
        raise archive.damaged(found.path, MANIFEST)
    kinds = {
        shape.table: dict(zip(shape.columns, shape.kinds, strict=True)) for shape in shapes.values()
    }
    return [
        Shape(table, names, tuple(kinds[table][n] for n in names), shapes[table].order)
        for table, names in told.items()
    ]


def refuse_content() -> None:
    """Raise InputError where the register holds anything, or is of a newer version."""
    had = migrated.applied(connection)
    migrated.refuse_newer(had, _("The database"))
    if not had:
        return
    if any(model._default_manager.exists() for model in (Change, Record, Account, Job)):
        raise InputError(
            _("The register is not empty; restore into a new one: name another folder with --data, "
              "or an empty database.")
        )  # fmt: skip


def empty(shapes: Sequence[Shape]) -> None:
    """Take away what an empty register holds all the same."""
    with connection.cursor() as cursor:
        for shape in reversed(shapes):
            cursor.execute(f'DELETE FROM "{shape.table}"')


def load(found: Archive, held: Held, shape: Shape) -> None:
    """Write the rows of one table. Raises InputError where a line is not one of its rows."""

    def rows() -> Iterator[list[Any]]:
        for number, line in enumerate(found.lines(held), 1):
            try:
                yield portable.row(shape.kinds, line, connection.vendor)
            except (ValueError, RecursionError) as error:
                raise archive.damaged(
                    found.path, _("line {line} of {part}").format(line=number, part=held.file)
                ) from error

    columns = ", ".join(f'"{column}"' for column in shape.columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            copying = cursor.copy(f'COPY "{shape.table}" ({columns}) FROM STDIN')
            with connection.wrap_database_errors, copying as copy:
                for row in rows():
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(shape.columns))
        waiting = rows()
        while piece := list(islice(waiting, PIECE)):
            cursor.executemany(f'INSERT INTO "{shape.table}" ({columns}) VALUES ({marks})', piece)


def counted_on() -> None:
    """Let the numbers of new rows go on after those that were restored."""
    statements = connection.ops.sequence_reset_sql(
        no_style(), list(apps.get_models(include_auto_created=True))
    )
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def refuse_faults(path: Path) -> None:
    """Raise InputError where the check of the whole finds anything."""
    faults = checking.check(connection)
    if faults:
        raise InputError(
            _("{file} holds a register that is not sound; nothing is restored; {count} faults, the "
              "first: {first}").format(file=path, count=len(faults), first=faults[0])
        )  # fmt: skip
