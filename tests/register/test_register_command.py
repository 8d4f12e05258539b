"""``samenspel register``: from one register to the next, and what is said where that cannot be."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from filled_register import fill

from countries import example
from registers import Database
from samenspel.landscape.load import load
from samenspel.register import checking, reading
from samenspel.register.models import AuditEntry


def typed(*words: str, **env: str) -> tuple[int, str, str]:
    """``samenspel register`` with ``words``, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "samenspel", "--lang", "en", "register", *words],
        capture_output=True, text=True, check=False, env={**os.environ, **env},
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def test_from_one_register_to_the_next(database: Database, tmp_path: Path) -> None:
    fill()
    before = reading.last_change()
    file, out, new = tmp_path / "b.zip", tmp_path / "out", tmp_path / "new"
    code, said, error = typed("backup", str(file), **database.env)
    assert (code, error) == (0, "")
    assert f"Back-up of change {before} in {file}" in said
    assert "hashes of passwords" in said
    own = {"SAMENSPEL_DATABASE": "", "SAMENSPEL_DATA": ""}
    code, said, error = typed("restore", str(file), "--data", str(new), **own)
    assert (code, error) == (0, "")
    assert "checked, and sound" in said
    assert new.stat().st_mode & 0o777 == 0o700
    code, said, _error = typed("check", "--json", "--data", str(new), **own)
    assert (code, json.loads(said)) == (0, {"change": before, "faults": []})
    code, said, _error = typed("restore", str(file), "--data", str(new), **own)
    assert (code, said) == (2, "")
    day = example().date.isoformat()
    code, said, error = typed(
        "export", "--out", str(out), "--date", day, "--known-on", "2025-03-04", "--json",
        "--data", str(new), **own,
    )  # fmt: skip
    assert (code, error) == (0, "")
    assert json.loads(said)["change"] == 1
    assert load(out).equals(example())
    notes = AuditEntry.objects.filter(what="backed_up").values_list("details", flat=True)
    assert list(notes) == [{"change": before}]


def test_what_is_said_of_no_register(tmp_path: Path) -> None:
    env = {"SAMENSPEL_DATABASE": "", "SAMENSPEL_DATA": str(tmp_path / "data")}
    for words in (
        ("backup", str(tmp_path / "b.zip")),
        ("check",),
        ("upgrade",),
        ("export", "--out", str(tmp_path / "out")),
    ):
        code, said, error = typed(*words, **env)
        assert (code, said) == (2, "")
        assert error.startswith(f"There is no register in {tmp_path / 'data'}")
        assert error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_faults_end_with_one(database: Database) -> None:
    from django.db import connection

    from samenspel.register import guards

    fill()
    guards.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE register_change SET why = '' WHERE number = 2")
    guards.make(connection)
    assert [fault.kind for fault in checking.check()] == ["why"]
    code, said, error = typed("check", **database.env)
    assert (code, error) == (1, "")
    assert said == "register_change 2: it has no reason\nFaults: 1\n"


@pytest.mark.usefixtures("database")
def test_a_day_known_on_is_its_end() -> None:
    from datetime import UTC, datetime

    from samenspel.cli.registering import moment

    assert moment(datetime(2025, 3, 4)).astimezone(UTC).hour == 22  # noqa: DTZ001
    assert moment(datetime(2025, 3, 4, 5)).astimezone(UTC).hour == 4  # noqa: DTZ001
