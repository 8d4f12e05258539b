"""The server: one command that makes what it needs, starts, and keeps its processes running."""

import ipaddress
import os
import socket
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer

from samenspel.errors import InputError
from samenspel.language import _, spoken

GIVEN_UP = 1
Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        help=_("the folder of the database and the secret key; else SAMENSPEL_DATA, else "
               "samenspel-data"),
        show_default=False,
    ),
]  # fmt: skip


def serve(
    data: Data = None,
    host: Annotated[str, typer.Option("--host", help=_("the address to listen on"))] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help=_("the port; 0 takes any that is free"))
    ] = 8000,
    landscape: Annotated[
        Path | None,
        typer.Option(
            "--landscape",
            help=_("a landscape folder to fill an empty register with"),
            show_default=False,
        ),
    ] = None,
) -> int:
    folder = prepared(data)
    from samenspel.web import logs

    logs.configure("serve")
    with only_one(folder), listening(host, port) as opened:
        from samenspel.web import environment

        if not os.environ.get("SAMENSPEL_SECRET_KEY"):
            environment.kept_key(folder)
        begin()
        from django.conf import settings

        if not loopback(host) and not settings.NAMES:
            raise InputError(
                _("--host {host} lets others in: name the server for them in SAMENSPEL_HOSTS, such "
                  "as SAMENSPEL_HOSTS=samenspel.example.").format(host=host)
            )  # fmt: skip
        made_current(folder)
        if landscape is not None:
            fill(landscape)
        return run(folder, opened, host)


def admin_link(
    data: Data = None,
    host: Annotated[
        str, typer.Option("--host", help=_("the address that the server listens on"))
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=1, max=65535, help=_("the port that it listens on"))
    ] = 8000,
) -> None:
    from samenspel.cli.registering import register

    with register(data, key=True):
        tell_link(host, port)


def prepared(data: Path | None) -> Path:
    """The data folder, made for its owner alone where it is new; this process and those that it
    starts use it. Raises InputError where the extra ``web`` is not installed, or the folder cannot
    be made."""
    from importlib.util import find_spec

    if any(find_spec(name) is None for name in ("django", "allauth", "waitress", "csp")):
        raise InputError(
            _("The server needs more than is installed; run: pip install 'samenspel[web]'.")
        )
    folder = (data or Path(os.environ.get("SAMENSPEL_DATA") or "samenspel-data")).absolute()
    os.umask(0o077)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            _("{folder}: this folder cannot be made ({error}); name another with --data.").format(
                folder=folder, error=error.strerror
            )
        ) from error
    os.environ["SAMENSPEL_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "samenspel.web.settings"
    return folder


def only_one(folder: Path) -> AbstractContextManager[object]:
    """The lock on ``folder``. Raises InputError where another server has it."""
    from filelock import FileLock, Timeout

    try:
        return FileLock(folder / "serve.lock").acquire(blocking=False)
    except Timeout as error:
        raise InputError(
            _("Another samenspel serve works on {folder}; stop it first, or name another folder "
              "with --data.").format(folder=folder)
        ) from error  # fmt: skip


def listening(host: str, port: int) -> socket.socket:
    """A socket that waits for requests. Raises InputError where it cannot be had."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        raise InputError(
            _("Nothing can listen on {host} port {port} ({error}); choose another with --port.")
            .format(host=host, port=port, error=error.strerror)
        ) from error  # fmt: skip


def loopback(host: str) -> bool:
    """Whether only this machine reaches ``host``."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def begin() -> None:
    """Let this process use the register."""
    import django

    django.setup()


def made_current(folder: Path) -> None:
    """Make the database, or bring it to this release; forget sessions that have ended."""
    from django.core.management import call_command
    from django.db import OperationalError, connections

    from samenspel.register.upgrading import upgrade

    try:
        done = upgrade(folder)
    except OperationalError as error:
        raise InputError(
            _("The database cannot be reached ({error}); look at SAMENSPEL_DATABASE.").format(
                error=str(error).splitlines()[0]
            )
        ) from error
    if done is not None and done.backup is not None:
        typer.echo(
            _("The database is brought to this version; a back-up made before lies in {file}.")
            .format(file=done.backup)
        )  # fmt: skip
    call_command("clearsessions")
    connections.close_all()


def fill(folder: Path) -> None:
    """Put the landscape in ``folder`` into the register. Raises InputError where it holds something
    already, or the folder has errors."""
    from samenspel.landscape.load import load
    from samenspel.register import audit, reading, writing
    from samenspel.register.importing import first_batch

    if reading.last_change():
        raise InputError(
            _("--landscape fills an empty register, and this one holds something; use samenspel "
              "register import.")
        )  # fmt: skip
    landscape = load(folder)
    why = _("The register begins with the landscape of {day}.").format(day=landscape.date)
    with writing.turn():
        if reading.last_change():
            raise InputError(_("Somebody filled the register meanwhile."))
        writing.write(first_batch(landscape), writing.Reason("import", why))
        audit.note("imported")


def run(folder: Path, opened: socket.socket, host: str) -> int:
    """Serve until told to stop: 0, or 1 where a process was given up."""
    from django.db import connections

    from samenspel.register.granting import needs_administrator
    from samenspel.web import first
    from samenspel.web.beside import HEARTBEAT
    from samenspel.web.supervising import Child, Supervisor

    port = opened.getsockname()[1]
    typer.echo(
        _("Samenspel listens on {address} and keeps its data in {folder}; Ctrl-C stops it.").format(
            address=first.address("/", host, port), folder=folder
        )
    )
    if needs_administrator():
        tell_link(host, port)
    connections.close_all()
    (folder / HEARTBEAT).unlink(missing_ok=True)
    opened.set_inheritable(True)
    web = Child("web", "samenspel.web.server", sockets=(opened.fileno(),))
    worker = Child("worker", "samenspel.register.jobs")
    words = {"SAMENSPEL_SOCKET": str(opened.fileno()), "SAMENSPEL_LANG": spoken()}
    lost = Supervisor([web, worker], words).run()
    if lost is None:
        return 0
    typer.echo(
        _("The process {name} ended again and again; the log above tells why. Samenspel stops.")
        .format(name=lost),
        err=True,
    )  # fmt: skip
    return GIVEN_UP


def tell_link(host: str, port: int) -> None:
    """Print a link with which somebody becomes administrator."""
    from samenspel.web import first

    hours = int(first.LASTS.total_seconds() // 3600)
    typer.echo(
        _("Who opens this link becomes administrator; it works once, for {hours} hours:").format(
            hours=hours
        )
    )
    typer.echo(first.address(first.link(), host, port))
