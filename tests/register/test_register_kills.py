"""Whoever works on the register may be killed at any moment; the database stays whole. The full
proof is ``benchmarks/register_kills.py --kills 200``."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from registers import Database

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
KILLS = 10  # on each database


def loaded(name: str) -> ModuleType:
    """A benchmark as a module."""
    spec = importlib.util.spec_from_file_location(f"benchmark_{name}", BENCHMARKS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[made.__name__] = made
    spec.loader.exec_module(made)
    return made


def test_twenty_kills_leave_whole_databases(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    done = loaded("register_kills").prove(database.env, folder, KILLS, seed=7)
    assert done["kills"] == KILLS
    assert done["edit"] > KILLS
    assert done["changes"] >= done["edit"] + done["import"] + done["import again"]


def test_half_an_edit_would_be_seen(database: Database) -> None:
    """The proof finds what it looks for: a change that wrote one municipality of eight."""
    from samenspel.register import editing, writing

    assert database
    kills = loaded("register_kills")
    actor = kills.Actor(1, Path())
    actor.tell = lambda *_told: None
    actor.take_in()
    assert kills.value_at(1) == "first"
    actor.edit()
    assert int(kills.value_at(2))
    actor.take_in_again()
    assert kills.value_at(3) != kills.value_at(2)
    half = editing.correct(kills.standing()[0], {"population": 3})
    change = writing.write(half, writing.Reason("edit", "value 3"))
    with pytest.raises(AssertionError):
        kills.value_at(change)


def test_editors_at_once_lose_nothing_and_see_every_conflict(database: Database) -> None:
    """In small; in full it is ``benchmarks/register_editors.py``."""
    editors = loaded("register_editors")
    editors.begin()
    count = 4 if database.kind == "sqlite" else 8
    done = editors.together([f"editor {number}" for number in range(count)], 6)
    editors.sums_come_out(done)
    assert len(done.accepted) == count * 6


def test_a_lost_edit_would_be_seen(database: Database) -> None:
    assert database
    editors = loaded("register_editors")
    editors.begin()
    done = editors.together(["editor 0"], 3)
    editors.sums_come_out(done)
    change, name, _what = done.accepted[-1]
    done.accepted[-1] = (change, name, "another")
    with pytest.raises(AssertionError):
        editors.sums_come_out(done)
    done.accepted[-1:] = []
    with pytest.raises(AssertionError):
        editors.sums_come_out(done)
