"""Many editors at once on one register: nothing is lost, and every conflict is shown.

Run as ``python benchmarks/register_editors.py [--database KIND] [--editors N] [--edits N]``; it
prints a Markdown table. Each editor, a thread with a connection of its own, in processes beside
each other, changes rows of its own and rows that all share: it reads, adds one, and writes what it
read; where somebody was before it, it is shown the other version, reads again and tries again.
Afterwards the sums must come out, every accepted edit must stand in the history once, and the check
of the whole must find nothing. The latency is that of one write, its turn waited for.
"""

import argparse
import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from statistics import median
from threading import Thread
from time import perf_counter
from typing import Any

EDITORS = {"sqlite": 10, "postgresql": 50}
SHARED = 4  # municipalities that everybody edits
OFTEN = 0.3  # of the edits are of a row that everybody shares


@dataclass
class Done:
    """What the editors did: accepted edits with what they were of, conflicts shown, seconds of each
    accepted write, and whatever went wrong."""

    accepted: list[tuple[int, str, str]] = field(default_factory=list)
    conflicts: int = 0
    seconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def add(self, other: "Done") -> None:
        self.accepted += other.accepted
        self.conflicts += other.conflicts
        self.seconds += other.seconds
        self.faults += other.faults


def shared() -> list[str]:
    """The municipalities that everybody edits."""
    from samenspel.landscape.example import example

    codes: list[str] = example().table("municipalities")["nis"].to_list()
    return codes[:SHARED]


def begin() -> None:
    """Fill the empty register; the shared rows count from 0."""
    from samenspel.landscape.example import example
    from samenspel.register import editing, history, writing
    from samenspel.register.importing import first_batch

    writing.write(first_batch(example()), writing.Reason("import", "het voorbeeld"))
    towns = [history.current("municipalities", [nis])[0] for nis in shared()]
    zero = editing.together([editing.correct(town, {"population": 0}) for town in towns])
    writing.write(zero, writing.Reason("edit", "alles telt vanaf nul"))


def edit(name: str, edits: int, seed: int) -> Done:
    """What the editor called ``name`` does."""
    from django.db import connections

    done, chance = Done(), random.Random(seed)
    try:
        for _number in range(edits):
            town = chance.choice(shared()) if chance.random() < OFTEN else None
            one(name, town, done)
    except Exception as error:  # told where the editors are counted
        done.faults.append(f"{name}: {error!r}")
    finally:
        connections.close_all()
    return done


def one(name: str, town: str | None, done: Done) -> None:
    """One edit that is accepted in the end: ``town`` or, without, the editor's own figure counts
    one more."""
    from samenspel.register import editing, history, writing

    what = town or name
    while True:
        if town is not None:
            seen = history.current("municipalities", [town])[0]
            batch = editing.correct(seen, {"population": seen.values["population"] + 1})
        else:
            key = (shared()[0], name, None, None)
            found = history.current("figures", key)
            seen = found[0] if found else None
            value = (seen.values["value"] if seen else 0.0) + 1
            given = {"nis": key[0], "key": name, "value": value}
            batch = editing.correct(seen, given) if seen else editing.add("figures", given)
        start = perf_counter()
        try:
            change = writing.write(batch, writing.Reason("edit", f"{name} {what}"))
        except writing.Conflict as conflict:
            done.conflicts += 1
            shows(conflict, seen)
            continue
        done.seconds.append(perf_counter() - start)
        done.accepted.append((change, name, what))
        return


def shows(conflict: Any, seen: Any) -> None:
    """Whether a conflict shows both versions: that which was seen, and a later one."""
    from samenspel.register import history

    (met,) = conflict.met
    assert seen is not None, "a conflict about a row of one's own"
    assert met.seen == seen.row, met
    now = [history.version(met.table, row) for row in met.now]
    assert now, "nothing stands there now"
    assert all(version.opened > seen.opened for version in now), now


def together(names: list[str], edits: int) -> Done:
    """What editors in threads of this process do at once."""
    done, found = Done(), list[Done]()
    threads = [
        Thread(target=lambda n=name: found.append(edit(n, edits, hash_of(n)))) for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for each in found:
        done.add(each)
    return done


def hash_of(name: str) -> int:
    """A number of ``name``, the same in every run."""
    return int.from_bytes(name.encode(), "big")


def sums_come_out(done: Done) -> None:
    """Look whether nothing was lost. Raises AssertionError where something was."""
    from samenspel.register import checking, history, reading

    assert done.faults == []
    assert checking.check() == []
    counted = Counter(what for _change, _name, what in done.accepted)
    for nis in shared():
        assert history.current("municipalities", [nis])[0].values["population"] == counted[nis]
    for name in {name for _change, name, _what in done.accepted}:
        own = history.current("figures", (shared()[0], name, None, None))
        assert sum(row.values["value"] for row in own) == counted[name]
    numbers = sorted(change for change, _name, _what in done.accepted)
    assert numbers == list(range(3, reading.last_change() + 1))
    whys = {change: f"{name} {what}" for change, name, what in done.accepted}
    for entry in history.entries(2, len(numbers)):
        assert entry.why == whys.pop(entry.number)
    assert not whys


def spread(kind: str, editors: int, edits: int, processes: int) -> Iterator[str]:
    """The lines of the table for one database."""
    from register import empty_register

    with empty_register(kind):
        begin()
        names = [f"editor {number}" for number in range(editors)]
        start = perf_counter()
        done = Done()
        for each in children([names[n::processes] for n in range(processes)], edits):
            done.add(Done(**each))
        seconds = perf_counter() - start
        sums_come_out(done)
        times = sorted(done.seconds)
        for what, value in (
            ("editors", editors),
            ("edits accepted, all in the history", len(times)),
            ("conflicts, all shown and solved", done.conflicts),
            ("edits a second, the start of processes included", f"{len(times) / seconds:.0f}"),
            ("a write, median", f"{median(times) * 1e3:.0f} ms"),
            ("a write, p95", f"{times[int(0.95 * len(times))] * 1e3:.0f} ms"),
        ):
            yield f"| {kind} | {what} | {value} |"


def children(groups: list[list[str]], edits: int) -> Iterator[Mapping[str, Any]]:
    """What editors in processes beside each other do."""
    running = [
        subprocess.Popen(
            [sys.executable, __file__, "--edits", str(edits), "--child", json.dumps(names)],
            stdout=subprocess.PIPE,
        )
        for names in groups
    ]
    for process in running:
        out, _err = process.communicate()
        assert process.returncode == 0
        yield json.loads(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=list(EDITORS))
    parser.add_argument("--editors", type=int, help="else 10 on SQLite and 50 on PostgreSQL")
    parser.add_argument("--edits", type=int, default=20, help="of each editor")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--child", type=json.loads, help=argparse.SUPPRESS)
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samenspel.web.settings")
    if given.child:
        import django

        django.setup()
        print(json.dumps(asdict(together(given.child, given.edits))))
        return
    if given.database is None:  # one process uses one database
        for kind in EDITORS:
            words = [sys.executable, __file__, "--database", kind, *sys.argv[1:]]
            subprocess.run(words, check=True)
        return
    print("| database | what | number |\n|---|---|---:|")
    editors = given.editors or EDITORS[given.database]
    for line in spread(given.database, editors, given.edits, given.processes):
        print(line, flush=True)


if __name__ == "__main__":
    main()
