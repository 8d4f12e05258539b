"""A back-up of either database comes back in either, equal; nothing else is ever restored."""

import threading
from collections.abc import Callable
from datetime import UTC
from pathlib import Path

import pytest
from django.db import connection, connections
from django.utils.dateparse import parse_date, parse_datetime
from filled_register import elsewhere, fill
from hypothesis import given
from hypothesis import strategies as st

from countries import example
from registers import KINDS, Database
from samenspel.errors import InputError
from samenspel.register import backup, checking, editing, history, portable, reading, writing
from samenspel.register.archive import Manifest
from samenspel.register.importing import first_batch
from samenspel.register.models import Account, AuditEntry, Job
from samenspel.register.writing import Conflict, Reason

Template = Callable[[str], str]
CHANGED = {"register_auditentry", "register_job"}  # restoring notes itself, and jobs wait again


def content(manifest: Manifest) -> dict[str, tuple[int, str]]:
    """The rows and the hash of every table that restoring leaves as it was."""
    return {
        held.table: (held.rows, held.sha256)
        for held in manifest.tables
        if held.table not in CHANGED
    }


@pytest.mark.parametrize("other", KINDS)
def test_a_backup_comes_back_equal(
    database: Database, template: Template, tmp_path: Path, other: str
) -> None:
    fill()
    day = example().date
    before = reading.landscape(day), reading.chronicle(), history.entries()
    made = backup.back_up(tmp_path / "b.zip")
    assert all(held.rows for held in made.tables if held.table not in NEVER_FILLED), made
    with elsewhere(other, template, tmp_path / "other", database):
        told = backup.restore(tmp_path / "b.zip")
        assert told == made
        assert told.change == reading.last_change() == 6
        after = reading.landscape(day), reading.chronicle(), history.entries()
        assert (before[0].equals(after[0]), before[1].equals(after[1])) == (True, True)
        assert before[2] == after[2]
        assert checking.check() == []
        assert content(backup.back_up(tmp_path / "again.zip")) == content(made)
        assert AuditEntry.objects.filter(what="restored").get().details["change"] == 6
        assert sorted(Job.objects.values_list("state", "worker", "attempts")) == [
            ("done", None, 1), ("queued", None, 0), ("queued", None, 2),
        ]  # fmt: skip
        assert bytes(Job.objects.get(attempts=2).checkpoint or b"") == b"\0tussen"
        assert Account.objects.get(email__startswith="fee").check_password("een heel lang woord")
        goes_on()


NEVER_FILLED = {
    "account_emailconfirmation", "fact_pictures", "socialaccount_socialaccount",
    "socialaccount_socialapp", "socialaccount_socialtoken",
}  # fmt: skip


def goes_on() -> None:
    """Numbers of new rows follow those that were restored, and the guards stand."""
    assert Account.objects.create_user("dwerg@voorbeeld.invalid").pk == 3
    seen = history.current("municipalities", [example().table("municipalities")["nis"][0]])[0]
    assert writing.write(editing.correct(seen, {"population": 9}), Reason("edit", "verder")) == 7
    with pytest.raises(Conflict):
        writing.write(editing.correct(seen, {"population": 9}), Reason("edit", "nog eens"))
    assert checking.check() == []


@pytest.mark.usefixtures("database")
def test_only_its_owner_reads_it_and_it_is_replaced_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill()
    path = tmp_path / "b.zip"
    backup.back_up(path)
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_bytes()

    def fails(*_row: object) -> bytes:
        raise RuntimeError("halfway")

    with monkeypatch.context() as patch:
        patch.setattr(portable, "line", fails)
        with pytest.raises(RuntimeError, match="halfway"):
            backup.back_up(path)
    assert path.read_bytes() == before
    with pytest.raises(InputError, match="there is no folder"):
        backup.back_up(tmp_path / "nowhere" / "b.zip")
    left = {path.name for path in tmp_path.iterdir()} - {"data"}
    assert left == {"b.zip"}


@pytest.mark.usefixtures("database")
def test_a_register_that_holds_something_is_not_restored_over(tmp_path: Path) -> None:
    fill()
    made = backup.back_up(tmp_path / "b.zip")
    with pytest.raises(InputError, match="not empty"):
        backup.restore(tmp_path / "b.zip")
    assert content(backup.back_up(tmp_path / "c.zip")) == content(made)
    assert checking.check() == []


@pytest.mark.usefixtures("database")
def test_one_account_is_something_already(tmp_path: Path) -> None:
    backup.back_up(tmp_path / "b.zip")
    Account.objects.create_user("fee@voorbeeld.invalid")
    with pytest.raises(InputError, match="not empty"):
        backup.restore(tmp_path / "b.zip")
    assert Account.objects.count() == 1


def test_nothing_comes_back_as_nothing(
    database: Database, template: Template, tmp_path: Path
) -> None:
    made = backup.back_up(tmp_path / "b.zip")
    assert (made.change, made.change_at, made.rows) == (0, None, 0)
    with elsewhere("sqlite", template, tmp_path / "other", database):
        backup.restore(tmp_path / "b.zip")
        assert reading.last_change() == 0


def test_a_backup_under_load_is_the_picture_at_its_change(
    database: Database, template: Template, tmp_path: Path
) -> None:
    """Two editors write on, before, while and after the back-up is made."""
    land = example()
    writing.write(first_batch(land), Reason("import", "het voorbeeld"))
    under_way, over = threading.Barrier(3, timeout=60), threading.Event()
    faults: list[BaseException] = []

    def editor(nis: str) -> None:
        try:
            for count in range(1, 2000):
                seen = history.current("municipalities", [nis])[0]
                writing.write(editing.correct(seen, {"population": count}), Reason("edit", "telt"))
                if count == 3:
                    under_way.wait()
                if over.is_set() and count > 3:
                    break
        except BaseException as error:  # told in the test itself
            faults.append(error)
            under_way.abort()
        finally:
            connections.close_all()

    towns = land.table("municipalities")["nis"].to_list()[:2]
    editors = [threading.Thread(target=editor, args=[nis]) for nis in towns]
    for thread in editors:
        thread.start()
    try:
        under_way.wait()
        made = backup.back_up(tmp_path / "b.zip")
    finally:
        over.set()
        for thread in editors:
            thread.join()
    assert faults == []
    assert 7 <= made.change < reading.last_change()
    then = reading.landscape(land.date, change=made.change), reading.chronicle(change=made.change)
    with elsewhere(database.kind, template, tmp_path / "other", database):
        backup.restore(tmp_path / "b.zip")
        assert reading.last_change() == made.change
        assert reading.landscape(land.date).equals(then[0])
        assert reading.chronicle().equals(then[1])


VALUES = {
    "integer": st.integers(-(2**63), 2**63 - 1),
    "text": st.text(st.characters(codec="utf-8")),
    "boolean": st.booleans(),
    "number": st.floats(allow_nan=False, allow_infinity=False),
    "date": st.dates(),
    "datetime": st.datetimes(timezones=st.just(UTC)),
    "binary": st.binary(),
}


@given(st.fixed_dictionaries({k: st.none() | v for k, v in VALUES.items()}))
def test_any_value_comes_back(values: dict[str, object]) -> None:
    kinds = list(values)
    line = portable.line(kinds, list(values.values()))
    assert line.count(b"\n") == 1
    assert portable.row(kinds, line, "postgresql") == list(values.values())
    stored = portable.row(kinds, line, "sqlite")
    assert portable.line(kinds, portable_again(kinds, stored)) == line


def portable_again(kinds: list[str], stored: list[object]) -> list[object]:
    """What SQLite gives for what was stored: days and moments turned as its driver turns them."""
    turn = {"date": parse_date, "datetime": parse_datetime}
    return [
        value if value is None or kind not in turn else turn[kind](value)  # type: ignore[operator]
        for kind, value in zip(kinds, stored, strict=True)
    ]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("integer", True), ("integer", 1.0), ("integer", 2**63), ("integer", "1"), ("text", 1),
        ("boolean", 1), ("number", 1), ("date", "2025-02-30"), ("date", 7), ("datetime", "2025"),
        ("binary", "?"), ("json", {"a": 1}), ("json", "{"),
    ],
)  # fmt: skip
def test_a_value_of_another_kind_is_refused(kind: str, value: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (any of them)
        portable.row([kind], portable.dumped([value]).encode(), "sqlite")


def test_the_same_json_is_one_line() -> None:
    lines = {portable.line(["json"], [text]) for text in ('{"a": 1, "b": [2]}', '{"b":[2],"a":1}')}
    assert len(lines) == 1
    assert portable.line(["json"], ["null"]) != portable.line(["json"], [None])


@pytest.mark.usefixtures("database")
def test_who_is_signed_in_is_not_in_it(tmp_path: Path) -> None:
    tables = {held.table for held in backup.back_up(tmp_path / "b.zip").tables}
    there = set(connection.introspection.table_names())
    assert there - tables <= {
        "django_migrations", "django_session", "django_content_type", "auth_group",
        "auth_group_permissions", "auth_permission", "web_cache",
    }, there - tables  # fmt: skip
