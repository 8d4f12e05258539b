"""A back-up that is not what was written, or holds what cannot be, is refused in one sentence, and
nothing of it is in the register then."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from filled_register import fill

from registers import Database, make_database, remove_database
from samenspel.errors import InputError
from samenspel.register import backup, checking
from samenspel.register.archive import MANIFEST
from samenspel.register.models import Account, Change, Record

Parts = dict[str, bytes]
Template = Callable[[str], str]


@pytest.fixture(scope="module")
def good(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound back-up of a register with something in it."""
    folder = tmp_path_factory.mktemp("good")
    made = make_database("sqlite", template, folder, "good")
    fill()
    backup.back_up(folder / "good.zip")
    remove_database(made)
    return folder / "good.zip"


def parts(path: Path) -> Parts:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def packed(path: Path, content: Parts, *, agree: bool = True) -> Path:
    """``content`` as a back-up; with ``agree`` its manifest tells what is in the files."""
    if agree:
        manifest = json.loads(content[MANIFEST])
        for held in manifest["tables"]:
            lines = content.get(held["file"], b"")
            held["rows"], held["bytes"] = lines.count(b"\n"), len(lines)
            held["sha256"] = hashlib.sha256(lines).hexdigest()
        content = {**content, MANIFEST: json.dumps(manifest).encode()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, lines in content.items():
            file.writestr(name, lines)
    return path


def told(content: Parts, **said: Any) -> Parts:
    """``content`` whose manifest says something else."""
    return {**content, MANIFEST: json.dumps({**json.loads(content[MANIFEST]), **said}).encode()}


def refused(path: Path, match: str) -> None:
    """``path`` is not restored, and nothing is there."""
    with pytest.raises(InputError, match=match) as error:
        backup.restore(path)
    assert "\n" not in str(error.value)
    assert not any(m._default_manager.exists() for m in (Change, Record, Account))
    assert checking.check() == []


CHANGES = "register_change.ndjson"
TOWNS = "fact_municipalities.ndjson"
JOBS = "register_job.ndjson"


def line(content: Parts, name: str, number: int, /, **values: Any) -> Parts:
    """``content`` with other ``values`` in a line of a file."""
    table = next(t for t in json.loads(content[MANIFEST])["tables"] if t["file"] == name)
    lines = content[name].splitlines(keepends=True)
    row = dict(zip(table["columns"], json.loads(lines[number]), strict=True)) | values
    lines[number] = json.dumps(list(row.values())).encode() + b"\n"
    return {**content, name: b"".join(lines)}


def test_the_tool_of_these_tests_makes_good_ones(
    database: Database, good: Path, tmp_path: Path
) -> None:
    assert database
    backup.restore(packed(tmp_path / "b.zip", parts(good)))
    assert Change.objects.count() == 6


@pytest.mark.usefixtures("database")
def test_no_back_up_at_all(good: Path, tmp_path: Path) -> None:
    content = good.read_bytes()
    refused(tmp_path / "none.zip", "There is no file")
    refused(tmp_path, "There is no file")
    for name, bytes_ in {
        "empty": b"",
        "text": b"nis,name\n",
        "cut": content[:-100],
        "half": content[: len(content) // 2],
        "tail": content[len(content) // 2 : -40],
    }.items():
        path = tmp_path / name
        path.write_bytes(bytes_)
        refused(path, "is no back-up of a register, or was cut off")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as file:
        file.writestr("letter.txt", "hello")
    refused(tmp_path / "other.zip", "but no back-up of a register")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as file:
        file.writestr(MANIFEST, "{}")
    refused(tmp_path / "other.zip", "but no back-up of a register")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as file:
        file.writestr(MANIFEST, "{")
    refused(tmp_path / "other.zip", "damaged: manifest.json")


@pytest.mark.usefixtures("database")
def test_any_byte_that_fell_over_is_seen(good: Path, tmp_path: Path) -> None:
    """Thirty places, spread over the file: what restores all the same is what was written."""
    content = good.read_bytes()
    path = tmp_path / "b.zip"
    seen = 0
    for place in range(7, len(content), len(content) // 30):
        path.write_bytes(content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :])
        try:
            with backup.archive.opened(path) as found:
                assert found.manifest == manifest(good)
        except InputError as error:
            seen += "\n" not in str(error)
    assert seen > 20


def manifest(path: Path) -> backup.Manifest:
    with backup.archive.opened(path) as found:
        return found.manifest


@pytest.mark.usefixtures("database")
def test_a_manifest_that_does_not_tell_what_is_there(good: Path, tmp_path: Path) -> None:
    content, path = parts(good), tmp_path / "b.zip"
    tables = json.loads(content[MANIFEST])["tables"]
    for damaged in (
        {**content, CHANGES: content[CHANGES].replace(b"voorbeeld", b"voorbeelt")},
        {**content, CHANGES: content[CHANGES][:-1]},
        {**content, CHANGES: b""},
        {**content, "more.ndjson": b""},
        {name: lines for name, lines in content.items() if name != CHANGES},
        told(content, tables=[{**t, "rows": t["rows"] + 1} for t in tables]),
        told(content, tables=[t for t in tables if t["file"] != CHANGES]),
        told(content, tables=[*tables, tables[0]]),
        told(content, tables="all"),
        told(content, made_at="yesterday"),
        told(content, more=1),
    ):
        refused(packed(path, damaged, agree=False), "is damaged")
    without = [t for t in tables if t["file"] != JOBS]
    del content[JOBS]
    refused(packed(path, told(content, tables=without)), "is damaged")


@pytest.mark.usefixtures("database")
def test_other_versions(good: Path, tmp_path: Path) -> None:
    content, path = parts(good), tmp_path / "b.zip"
    refused(packed(path, told(content, version=2)), "form 2")
    nodes = json.loads(content[MANIFEST])["migrations"]
    later = told(content, migrations=[*nodes, ["register", "9999_later"]])
    refused(packed(path, later), "newer version of Samenspel .register 9999_later.")
    later = told(content, migrations=[*nodes, ["no_such_app", "0001_initial"]])
    refused(packed(path, later), "newer version of Samenspel")


@pytest.mark.usefixtures("database")
def test_a_bomb_is_not_opened(good: Path, tmp_path: Path) -> None:
    content = parts(good)
    swollen = {**content, CHANGES: b"\n" * 40_000_000}
    refused(packed(tmp_path / "b.zip", swollen), "more than a back-up of its size can")
    swollen = {**content, MANIFEST: content[MANIFEST] + b" " * 5_000_000}
    refused(packed(tmp_path / "b.zip", swollen, agree=False), "more than a back-up of its size")


@pytest.mark.usefixtures("database")
def test_lines_that_are_no_rows(good: Path, tmp_path: Path) -> None:
    content, path = parts(good), tmp_path / "b.zip"
    for lines in (b"{}\n", b"[1]\n", b"[\n", b"\n", b"[" * 100_000 + b"\n", b'"\xff"\n'):
        broken = {**content, CHANGES: content[CHANGES] + lines}
        refused(packed(path, broken), "line 7 of register_change.ndjson")
    refused(packed(path, line(content, CHANGES, 2, at="x")), "line 3 of register_change.ndjson")
    refused(packed(path, line(content, TOWNS, 0, row=True)), "line 1 of fact_municipalities")


@pytest.mark.usefixtures("database")
def test_what_the_database_refuses(good: Path, tmp_path: Path) -> None:
    content, path = parts(good), tmp_path / "b.zip"
    for broken in (
        line(content, CHANGES, 2, kind="magic"),
        line(content, CHANGES, 2, number=1),
        line(content, CHANGES, 2, why=None),
        line(content, TOWNS, 0, record_id=999),
        line(content, TOWNS, 0, opened=999),
        line(content, JOBS, 0, state="done", ended_at=None),
    ):
        refused(packed(path, broken), "holds what the database refuses")


@pytest.mark.usefixtures("database")
def test_what_only_the_check_of_the_whole_finds(good: Path, tmp_path: Path) -> None:
    content, path = parts(good), tmp_path / "b.zip"
    for broken in (
        line(content, CHANGES, 5, number=8),
        line(content, CHANGES, 5, sealed=False),
        line(content, CHANGES, 5, at="2020-01-01T00:00:00.000000+00:00"),
        line(content, "fact_memberships.ndjson", 0, partnership="geen"),
        line(content, "fact_known_tables.ndjson", 0, table="geen"),
        line(content, JOBS, 2, change=99),
    ):
        refused(packed(path, broken), "is not sound|the database refuses")


@pytest.mark.usefixtures("database")
def test_after_a_refusal_a_good_one_is_restored(good: Path, tmp_path: Path) -> None:
    broken = line(parts(good), JOBS, 2, change=99)
    refused(packed(tmp_path / "b.zip", broken), "1 faults, the first: register_job 3")
    backup.restore(good)
    assert checking.check() == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM register_change")
        assert cursor.fetchone() == (6,)
