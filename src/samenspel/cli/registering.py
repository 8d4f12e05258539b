"""Commands on a register as a whole: back-up, restore, check, upgrade, and a picture of it as a
landscape folder. They ask nothing of rights, since whoever has the machine has the database; the
audit tells that they were used."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date as Date
from datetime import datetime, time
from pathlib import Path
from typing import Annotated

import typer

from samenspel.cli.common import Json, On, Out, print_json
from samenspel.cli.serving import Data
from samenspel.errors import InputError
from samenspel.language import _

File = Annotated[Path, typer.Argument(help=_("the .zip file"), show_default=False)]
KnownOn = Annotated[
    datetime | None,
    typer.Option(
        "--known-on",
        formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        help=_("as it was known then, a moment or the end of a day; else as it is known now"),
        show_default=False,
    ),
]


@contextmanager
def register(
    data: Path | None, *, make: bool = False, current: bool = True, key: bool = False
) -> Iterator[Path]:
    """Inside the block this process uses the register in the folder ``data``, or that of the
    environment; gives the folder. ``make``: make the folder where it is not there. ``current``: the
    database must be of this version. ``key``: make the secret key of the server where there is none
    yet, so that what is signed holds for a server that starts later. Raises InputError where there
    is no such register."""
    from samenspel.cli.serving import begin, prepared

    folder = folder_of(data)
    if make:
        prepared(data)
    elif not os.environ.get("SAMENSPEL_DATABASE") and not (folder / "samenspel.sqlite3").is_file():
        raise InputError(
            _("There is no register in {folder}; name its folder with --data, or make one with "
              "samenspel serve.").format(folder=folder)
        )  # fmt: skip
    elif key:
        prepared(data)
    needs_web()
    if key and not os.environ.get("SAMENSPEL_SECRET_KEY"):
        from samenspel.web.environment import kept_key

        kept_key(folder)
    os.environ["SAMENSPEL_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "samenspel.web.settings"
    begin()
    from django.db import OperationalError, connections

    try:
        if current:
            made_current(folder, make=make)
        yield folder
    except OperationalError as error:
        raise InputError(
            _("The database cannot be used ({error}); look at SAMENSPEL_DATABASE or --data.")
            .format(error=str(error).splitlines()[0])
        ) from error  # fmt: skip
    finally:
        connections.close_all()


def made_current(folder: Path, *, make: bool) -> None:
    """Raise InputError where the database is not of this version; with ``make`` one that was never
    used becomes so."""
    from django.db import connection

    from samenspel.register import migrated, upgrading

    if make and not migrated.applied(connection):
        upgrading.upgrade(folder)
    upgrading.require_current()


def folder_of(data: Path | None) -> Path:
    """The folder of the register that is meant."""
    return (data or Path(os.environ.get("SAMENSPEL_DATA") or "samenspel-data")).absolute()


def needs_web() -> None:
    """Raise InputError where the libraries of the extra ``web`` are not installed."""
    from importlib.util import find_spec

    if any(find_spec(name) is None for name in ("django", "allauth", "csp")):
        raise InputError(
            _("A register needs more than is installed; run: pip install 'samenspel[web]'.")
        )


def backup(file: File, data: Data = None, json: Json = False) -> None:
    with register(data):
        from samenspel.register import audit
        from samenspel.register.backup import back_up

        made = back_up(file)
        audit.note("backed_up", change=made.change)
    if json:
        print_json({"file": str(file), **made.model_dump(mode="json")})
        return
    typer.echo(
        _("Back-up of change {change} in {file}: {rows} rows of {tables} tables.").format(
            change=made.change, file=file, rows=made.rows, tables=len(made.tables)
        )
    )
    typer.echo(
        _("It holds the hashes of passwords and the secrets of second factors; only you can read "
          "it. Keep it as you keep a key.")
    )  # fmt: skip


def restore(file: File, data: Data = None, json: Json = False) -> None:
    with register(data, make=True, current=False) as folder:
        from samenspel.register.backup import restore as bring_back

        made = bring_back(file)
    if json:
        print_json({"folder": str(folder), **made.model_dump(mode="json")})
        return
    typer.echo(
        _("Restored from {file}: everything up to change {change}, {rows} rows; checked, and "
          "sound.").format(file=file, change=made.change, rows=made.rows)
    )  # fmt: skip


def check(data: Data = None, json: Json = False) -> None:
    with register(data):
        from samenspel.register import audit, checking, reading

        change = reading.last_change()
        faults = checking.check()
        audit.note("checked", change=change, faults=len(faults))
    if json:
        print_json({"change": change, "faults": [fault.as_json() for fault in faults]})
    elif not faults:
        typer.echo(_("The register is sound, up to change {change}.").format(change=change))
    else:
        for fault in faults:
            typer.echo(str(fault))
        typer.echo(_("Faults: {count}").format(count=len(faults)))
    if faults:
        raise typer.Exit(1)


def upgrade(data: Data = None, json: Json = False) -> None:
    with register(data, current=False) as folder:
        from samenspel.register.upgrading import upgrade as bring_up

        done = bring_up(folder)
    if json:
        print_json(
            {
                "migrations": [" ".join(node) for node in done.migrations] if done else [],
                "backup": str(done.backup) if done and done.backup else None,
            }
        )
    elif done is None:
        typer.echo(_("The database is of this version already."))
    elif done.backup is None:
        typer.echo(_("The database is of this version now; it held nothing yet."))
    else:
        typer.echo(
            _("The database is of this version now; a back-up made before lies in {file}.").format(
                file=done.backup
            )
        )


def export(
    out: Out, date: On = None, known_on: KnownOn = None, data: Data = None, json: Json = False
) -> None:
    from samenspel.landscape.package import may_write, write

    may_write(out, replace=True)
    with register(data):
        from samenspel.register import audit, reading

        day = date.date() if date else Date.today()  # noqa: DTZ011 (the day that it is here)
        change = reading.last_change(moment(known_on) if known_on else None)
        landscape = reading.landscape(day, change=change)
        write(landscape, out, replace=True)
        audit.note("exported", change=change, day=day.isoformat())
    rows = {name: frame.height for name, frame in landscape.frames.items()}
    if json:
        print_json({"folder": str(out), "date": day.isoformat(), "change": change, "rows": rows})
        return
    typer.echo(
        _("The landscape of {day}, as known after change {change}, lies in {folder}.").format(
            day=day, change=change, folder=out
        )
    )


def moment(given: datetime) -> datetime:
    """The moment that is meant, in the time of the register; of a day alone its end."""
    from django.utils import timezone

    if given.time() == time.min:
        given = datetime.combine(given, time.max)
    return timezone.make_aware(given)
