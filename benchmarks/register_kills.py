"""Kills whoever works on a register, again and again, and looks at what is left.

Run as ``python benchmarks/register_kills.py [--kills N] [--database KIND] [--seed S]``; it prints a
Markdown table. A process imports a landscape, edits, undoes, makes back-ups and computes jobs, and
is killed (SIGKILL) at a moment chosen by chance: before or after one of its statements to the
database, or as soon as it has told of so many acts. What it has told of must be there; what it was
at must be there entirely or not at all; the check of the whole finds nothing; the last back-up is
whole. At the end every job that was asked is brought to its end by a worker that is left alone.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

WHY, TAKEN_BACK = "value ", "back to "
FIRST = "first"
ACTS = ("edit", "take_in_again", "undo", "backup", "job")
WEIGHTS = (60, 12, 13, 8, 7)
WRITING = ("import", "import again", "edit", "undo")
STATEMENTS = 260  # an import takes about so many, an edit twenty


class Actor:
    """What works on the register until it is killed. Every act ends with a line that tells of it.
    An edit gives every municipality and a figure of one of them the same value, in one change; so
    half an edit is seen at once."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.chance = random.Random(seed)
        self.folder = folder

    def act(self) -> None:
        """Act, for ever."""
        from samenspel.register import reading

        while True:
            if not reading.last_change():
                self.take_in()
            kind = self.chance.choices(ACTS, WEIGHTS)[0]
            getattr(self, kind)()

    def tell(self, what: str, change: int | None = None, why: str | None = None) -> None:
        print(json.dumps([what, change, why]), flush=True)

    def take_in(self) -> None:
        from samenspel.landscape.example import example
        from samenspel.register import writing
        from samenspel.register.importing import first_batch

        batch = first_batch(example())
        self.tell("import", writing.write(batch, writing.Reason("import", FIRST)), FIRST)

    def take_in_again(self) -> None:
        """Every row on record leaves it and comes back, with another value."""
        import polars as pl

        from samenspel.register import rows, writing
        from samenspel.register.contract import BY_NAME

        if not figures():
            return
        value = self.chance.randrange(1, 10**6)
        found = {name: rows.select(name, [("closed IS NULL", [])], {}) for name in BY_NAME}
        opens = {name: frame.drop(rows.META) for name, frame in found.items() if frame.height}
        opens["municipalities"] = opens["municipalities"].with_columns(
            population=pl.lit(value, pl.Int64)
        )
        opens["figures"] = opens["figures"].with_columns(
            value=pl.when(key="kill").then(float(value)).otherwise("value")
        )
        batch = writing.Batch(opens, {name: found[name]["row"].to_list() for name in opens})
        why = f"{WHY}{value}"
        self.tell("import again", writing.write(batch, writing.Reason("import", why)), why)

    def edit(self) -> None:
        from samenspel.register import editing, writing

        value = self.chance.randrange(1, 10**6)
        towns = [editing.correct(town, {"population": value}) for town in standing()]
        figure = {"nis": standing()[0].values["nis"], "key": "kill", "value": float(value)}
        there = figures()
        made = editing.correct(there[0], figure) if there else editing.add("figures", figure)
        why = f"{WHY}{value}"
        change = writing.write(editing.together([*towns, made]), writing.Reason("edit", why))
        self.tell("edit", change, why)

    def undo(self) -> None:
        from samenspel.register import history, reading, writing

        last = reading.last_change()
        if history.entries(last - 1)[0].kind != "edit":
            return
        why = f"{TAKEN_BACK}{value_at(last - 1)}"
        reason = writing.Reason("undo", why, undoes=last)
        self.tell("undo", writing.write(history.undoing(last), reason), why)

    def backup(self) -> None:
        from samenspel.register.backup import back_up

        self.tell("backup", back_up(self.folder / "backup.zip").change)

    def job(self) -> None:
        from samenspel.landscape.example import example
        from samenspel.register.actors import actor_of
        from samenspel.register.jobs import queue, worker
        from samenspel.register.models import Account, Grant

        account = Account.objects.first() or Account.objects.create_user("wie@voorbeeld.invalid")
        Grant.objects.get_or_create(account=account, role="agency")
        asked = queue.ask(actor_of(account), "report", {}, day=example().date)
        self.tell("job asked", asked.pk)
        worker.work(Event(), idle=False)
        self.tell("job", asked.pk)


def standing() -> list[Any]:
    """The municipalities on record."""
    from samenspel.register import rows
    from samenspel.register.editing import versions

    return versions("municipalities", rows.select("municipalities", [("closed IS NULL", [])], {}))


def figures() -> list[Any]:
    """The figure that edits write, where it is there."""
    from samenspel.register import rows
    from samenspel.register.editing import versions

    held = [("closed IS NULL AND \"key\" = 'kill'", [])]
    return versions("figures", rows.select("figures", held, {}))


def value_at(change: int) -> str:
    """The one value that the municipalities and the figure have after ``change``; “first” where
    nobody wrote one yet. Raises AssertionError where they differ: half a change is there."""
    import polars as pl

    from samenspel.landscape.example import example
    from samenspel.register import reading

    land = reading.landscape(example().date, change=change)
    written = land.table("figures").filter(pl.col("key") == "kill")["value"].to_list()
    towns = land.table("municipalities")["population"].to_list()
    if not written:
        assert towns == example().table("municipalities")["population"].to_list()
        return FIRST
    assert {*towns, *written} == {written[0]}, (towns, written)
    assert len(written) == 1
    return str(int(written[0]))


def child(seed: int, statement: int, after: bool, folder: Path) -> None:
    """Act in this process, which ends itself before or after its statement number ``statement`` (0:
    somebody else ends it)."""
    import django

    django.setup()
    from django.db import connection

    left = [statement]

    def counted(execute: Any, *given: Any) -> Any:
        left[0] -= 1
        if left[0] == 0 and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        done = execute(*given)
        if left[0] == 0 and after:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    with connection.execute_wrapper(counted):
        Actor(seed, folder).act()


def killed(env: Mapping[str, str], folder: Path, chance: random.Random) -> list[list[Any]]:
    """What a process told of before it was killed."""
    told: list[list[Any]] = []
    by_itself = chance.random() < 0.7
    statement = chance.randrange(1, STATEMENTS) if by_itself else 0
    lines = 10**9 if by_itself else chance.randrange(1, 12)
    words = ["--child", str(chance.randrange(10**9)), str(statement), str(chance.randrange(2))]
    process = subprocess.Popen(
        [sys.executable, __file__, *words, str(folder)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **env},
    )  # fmt: skip
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        for line in process.stdout:
            told.append(json.loads(line))
            if len(told) == lines:
                process.kill()
        error = process.stderr.read()
    assert process.returncode == -signal.SIGKILL, error
    return told


def looked_at(told: list[list[Any]], before: int, folder: Path) -> int:
    """Look at the register after a kill; the number of its last change. Raises AssertionError where
    anything is not as it must be."""
    from samenspel.register import archive, checking, history, reading, writing
    from samenspel.register.models import Job, Record

    with writing.turn():  # the database may still be at what the dead one asked of it
        pass
    assert checking.check() == []
    last = reading.last_change()
    changes = [(change, why) for what, change, why in told if what in WRITING]
    assert [change for change, _why in changes] == list(
        range(before + 1, before + 1 + len(changes))
    )
    assert before + len(changes) <= last <= before + len(changes) + 1
    entries = {entry.number: entry.why for entry in history.entries(before, 10_000)}
    assert all(entries[change] == why for change, why in changes)
    if last:
        for number in range(max(before, 1), last + 1):
            why = history.entries(number - 1, 1)[0].why
            assert value_at(number) == why.removeprefix(WHY).removeprefix(TAKEN_BACK)
    else:
        assert not Record.objects.exists()
    for what, change, _why in told:
        if what == "job":
            assert Job.objects.get(pk=change).state == "done"
        if what == "job asked":
            assert Job.objects.filter(pk=change).exists()
    if (folder / "backup.zip").exists():
        with archive.opened(folder / "backup.zip") as found:
            assert found.manifest.change <= last
    assert {path.name for path in folder.iterdir()} <= {"backup.zip"} | {
        path.name for path in folder.glob(".backup.zip.writing-*")
    }
    return last


def finished() -> Counter[str]:
    """Bring every job to its end, by a worker that is left alone; how many ended how."""
    from django.utils import timezone

    from samenspel.register import checking
    from samenspel.register.jobs import queue, worker
    from samenspel.register.jobs.pace import pace
    from samenspel.register.models import Job

    limit = pace().limit
    queue.sweep(timezone.now() + timedelta(seconds=2 * limit), limit)
    worker.work(Event(), idle=False)
    assert checking.check() == []
    states = Counter(Job.objects.values_list("state", flat=True))
    assert set(states) <= {"done", "failed"}, states
    return states


def prove(env: Mapping[str, str], folder: Path, kills: int, seed: int) -> Counter[str]:
    """Kill ``kills`` times a process that works on the register of ``env``, which is also that of
    this process; what was done. ``folder``: where back-ups go. Raises AssertionError where the
    register is not as it must be."""
    chance, last, done = random.Random(seed), 0, Counter[str]()
    for _kill in range(kills):
        told = killed(env, folder, chance)
        before, last = last, looked_at(told, last, folder)
        done.update(what for what, *_rest in told)
        done["kills"] += 1
        done["changes there of which it had not told"] += (
            last - before - sum(what in WRITING for what, *_rest in told)
        )
    done.update({f"jobs {state}": count for state, count in finished().items()})
    done["changes"] = last
    return done


def lines(kinds: list[str], kills: int, seed: int) -> Iterator[str]:
    from register import empty_register

    yield "| database | " + " | ".join(("what", "number")) + " |"
    yield "|---|---|---:|"
    for kind in kinds:
        with empty_register(kind), tempfile.TemporaryDirectory() as folder:
            env = {name: os.environ[name] for name in ("SAMENSPEL_DATA", "SAMENSPEL_DATABASE")}
            for what, count in sorted(prove(env, Path(folder), kills, seed).items()):
                yield f"| {kind} | {what} | {count} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="over all databases together")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samenspel.web.settings")
    if given.child:
        seed, statement, after, folder = given.child
        child(int(seed), int(statement), after == "1", Path(folder))
    kinds = given.database or ["sqlite", "postgresql"]
    one = given.database and len(kinds) == 1
    if one:
        for line in lines(kinds, given.kills, given.seed):
            print(line, flush=True)
        return
    for kind in kinds:  # one process uses one database
        words = ["--database", kind, "--kills", str(given.kills // len(kinds))]
        subprocess.run([sys.executable, __file__, *words, "--seed", str(given.seed)], check=True)


if __name__ == "__main__":
    main()
