"""An import is there entirely or not at all: killed, failing, two at once, at the prompt."""

import json
import os
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from pictured import EARLY, LATE, picture, take
from small_register import everything

from countries import example
from registers import Database
from samenspel.exchange.excel import write_workbook
from samenspel.landscape import package
from samenspel.landscape.chronicle import Chronicle
from samenspel.register import checking, histories, importing, pictures, reading, rows
from samenspel.register.models import AuditEntry, Change
from samenspel.register.writing import Conflict, Reason
from workbooks import NORTH, Filled

DAY = date(2025, 1, 1)
HALF_WAY = """
import sys, django
django.setup()
from samenspel.landscape.load import load
from samenspel.register import importing, pictures, rows
done, insert = [], rows.insert
def slow(name, frame, change):
    insert(name, frame, change)
    done.append(name)
    if len(done) == {count}:
        print("half way", flush=True)
        sys.stdin.read()
rows.insert = slow
importing.take_in(pictures.preview(load(__import__("pathlib").Path(sys.argv[1]))), "killed")
"""


def environment(database: Database) -> dict[str, str]:
    return {**os.environ, **database.env, "DJANGO_SETTINGS_MODULE": "samenspel.web.settings"}


@pytest.mark.parametrize("count", [1, 9])
def test_killed_half_way(database: Database, tmp_path: Path, count: int) -> None:
    package.write(example(), tmp_path / "land")
    with subprocess.Popen(
        [sys.executable, "-c", HALF_WAY.format(count=count), str(tmp_path / "land")],
        env=environment(database), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "half way\n"
        process.kill()
    assert Change.objects.count() == 0
    assert checking.check() == []
    assert take(example()) == 1
    assert reading.landscape(DAY).equals(example())


@pytest.mark.usefixtures("database")
def test_failing_half_way(monkeypatch: pytest.MonkeyPatch) -> None:
    take(picture(EARLY))
    before = everything()
    insert, done = rows.insert, []

    def failing(name: str, *how: Any) -> None:
        insert(name, *how)
        done.append(name)
        if len(done) == 2:
            raise OSError("the disk is full")

    monkeypatch.setattr(rows, "insert", failing)
    found = pictures.preview(picture(LATE, figures=[{"nis": "1", "key": "k"}], sources=[]))
    with pytest.raises(OSError, match="full"):
        importing.take_in(found, "fails")
    assert everything() == before


@pytest.mark.usefixtures("database")
def test_a_history_failing_half_way(monkeypatch: pytest.MonkeyPatch) -> None:
    before = everything()
    monkeypatch.setattr(histories, "sealed", lambda *_how: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        histories.take_over(Chronicle(example().frames, example().about), Reason("import", "why"))
    assert everything() == before


@pytest.mark.usefixtures("database")
def test_two_at_once() -> None:
    take(picture(EARLY))
    towns = [{"nis": "1", "name": "Een", "population": 6}, {"nis": "2", "name": "Twee"}]
    land, ready = picture(LATE, municipalities=towns), Barrier(2)

    def one(why: str) -> bool:
        try:
            found = pictures.preview(land)
            ready.wait(60)
            importing.take_in(found, why)
        except Conflict:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, ("one", "two"))) == [False, True]
    assert Change.objects.count() == 2
    assert checking.check() == []


@pytest.fixture
def prompted(database: Database, tmp_path: Path) -> Any:
    """Gives what runs ``samenspel register import`` on the register in use."""

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        connections.close_all()
        return subprocess.run(
            [sys.executable, "-m", "samenspel", "register", "import", *words, "--lang", "en"],
            env=environment(database), cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip

    package.write(example(), tmp_path / "land")
    return run


def test_the_command(prompted: Any, tmp_path: Path) -> None:
    assert prompted("land", "--why", "the example").returncode == 0
    assert reading.landscape(DAY).equals(example())
    done = prompted("land", "--why", "again", "--json")
    assert (done.returncode, json.loads(done.stdout)["change"]) == (0, None)

    path = tmp_path / "noord.xlsx"
    write_workbook(reading.landscape(DAY), *NORTH, path)
    book = Filled(path)
    book.put("partnerships", book.row("partnerships", id="p01"), name="Anders").save()
    done = prompted("noord.xlsx", "--why", "completed", "--dry-run")
    assert done.returncode == 0
    assert "→ Anders" in done.stdout
    assert "Nothing is written yet" in done.stdout
    assert reading.last_change() == 1
    done = prompted("noord.xlsx", "--why", "completed", "--source", "Noord", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["change"], told["tables"]["partnerships"]["changed"]) == (0, 2, 1)
    assert Change.objects.get(number=2).source == "Noord"
    assert AuditEntry.objects.filter(what="imported").count() == 2

    book.put("partnerships", book.row("partnerships", id="p01"), name="Elders").save()
    done = prompted("noord.xlsx", "--why", "completed")
    assert (done.returncode, done.stdout) == (2, "")
    assert "1 faults" in done.stderr
    assert (tmp_path / "noord-fouten.xlsx").is_file()
    assert reading.last_change() == 2


def test_the_command_takes_a_history(prompted: Any, tmp_path: Path) -> None:
    given = Chronicle(example().frames, example().about)
    package.write(given, tmp_path / "history", date=DAY)
    done = prompted("history", "--why", "all of it", "--json")
    assert (done.returncode, json.loads(done.stdout)["change"]) == (0, 1)
    assert reading.chronicle().equals(given)
    assert Change.objects.get().at is None
    done = prompted("nowhere", "--why", "all of it")
    assert done.returncode == 2
    done = prompted("history", "--why", " ")
    assert (done.returncode, "Say why" in done.stderr) == (2, True)


def test_the_commands_of_the_manual(database: Database, tmp_path: Path) -> None:
    page = Path(__file__).parents[2] / "docs" / "handleiding" / "register.md"
    lines = [
        line
        for block in page.read_text(encoding="utf-8").split("```sh\n")[1:]
        for line in block.split("```")[0].splitlines()
    ]
    assert len(lines) == 5
    connections.close_all()
    for line in lines:
        done = subprocess.run(
            [sys.executable, "-m", *shlex.split(line)],
            env=environment(database), cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, (line, done.stderr)
    assert reading.landscape(DAY).equals(example())
