"""A year of history: many changes made fast, checked, and what is then asked of the register."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

from django.db import connection, transaction

from samenspel.landscape.landscape import Landscape
from samenspel.register import checking, editing, guards, history, reading, rows, writing
from samenspel.register.contract import BY_NAME
from samenspel.register.importing import first_batch
from samenspel.register.writing import Reason

EDITED = {
    "municipalities": "population",
    "partnerships": "budget_cents",
    "memberships": "votes",
    "organisations": "kbo",
    "figures": "value",
}
SAMPLE = 100  # changes made one by one
CHUNK = 250_000  # changes made in memory at once
RUNS = 9


class Year:
    """A register of ``land`` and the changes made to it, ``changes`` in a year."""

    def __init__(self, land: Landscape, changes: int) -> None:
        self.land = land
        self.random = random.Random(1)
        self.step = timedelta(days=365) / changes
        self.at = datetime.now(UTC) - timedelta(days=400)
        self.number = self.write(first_batch(land))
        self.columns = {
            name: [*BY_NAME[name].schema, "valid_from", "valid_to", "record_id", "own"]
            for name in EDITED
        }
        self.on_record: dict[str, list[list[Any]]] = {}
        self.moments = [self.at]
        for _ in range(SAMPLE):
            self.edit()

    def write(self, batch: writing.Batch) -> int:
        self.at += self.step
        self.number = writing.write(batch, Reason("edit", "measured"), self.at)
        return self.number

    def seen(self, table: str = "") -> editing.Version:
        """A row now on record."""
        table = table or self.random.choice(list(EDITED))
        frame = self.land.table(table)
        key = frame.select(BY_NAME[table].key).row(self.random.randrange(frame.height))
        return history.current(table, key)[0]

    def edit(self, table: str = "") -> int:
        seen = self.seen(table)
        return self.write(editing.correct(seen, self.values(seen.table)))

    def values(self, table: str) -> dict[str, Any]:
        """What a correction of a row of ``table`` says."""
        value = self.random.randrange(9999)
        return {EDITED[table]: str(value) if EDITED[table] == "kbo" else value}

    def build(self, count: int) -> None:
        """Bring the number of changes to ``count``, each the correction of one row: the rows that
        ``write`` would make, the guards made anew afterwards."""
        with transaction.atomic():
            guards.remove(connection)
            for name in EDITED:
                with connection.cursor() as cursor:
                    listed = rows.quoted(self.columns[name])
                    cursor.execute(f"SELECT row, {listed} FROM fact_{name} WHERE closed IS NULL")
                    self.on_record[name] = [list(row) for row in cursor.fetchall()]
            while self.number < count:
                self.chunk(min(CHUNK, count - self.number))
            self.count_on()
            connection.check_constraints()
            guards.make(connection)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")  # which PostgreSQL does by itself before long

    def chunk(self, count: int) -> None:
        made: dict[str, list[list[Any]]] = {name: [] for name in EDITED}
        closed: dict[str, list[tuple[int, int]]] = {name: [] for name in EDITED}
        place = {name: self.columns[name].index(column) + 1 for name, column in EDITED.items()}
        following = {name: self.last_row(name) + 1 for name in EDITED}
        begun = dict(following)
        changes = []
        for number in range(self.number + 1, self.number + count + 1):
            name = self.random.choice(list(EDITED))
            index = self.random.randrange(len(self.on_record[name]))
            before = self.on_record[name][index]
            if before[0] >= begun[name]:
                made[name][before[0] - begun[name]][-1] = number
            else:
                closed[name].append((number, before[0]))
            after = [following[name], *before[1:]]
            after[place[name]] = self.values(name)[EDITED[name]]
            made[name].append([*after, number, None])
            self.on_record[name][index] = after
            following[name] += 1
            self.at += self.step
            changes.append((number, self.at, "edit", "measured", True))
        self.number += count
        insert("register_change", ["number", "at", "kind", "why", "sealed"], changes)
        for name in EDITED:
            insert(f"fact_{name}", ["row", *self.columns[name], "opened", "closed"], made[name])
            self.close(name, closed[name])

    def last_row(self, name: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT max(row) FROM fact_{name}")
            return int(cursor.fetchone()[0])

    def close(self, name: str, closed: list[tuple[int, int]]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(f"UPDATE fact_{name} SET closed = %s WHERE row = %s", closed)

    def count_on(self) -> None:
        """Let the database number the next rows after those that were made here."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                for name in EDITED:
                    cursor.execute(
                        f"SELECT setval(pg_get_serial_sequence('fact_{name}', 'row'), "
                        f"(SELECT max(row) FROM fact_{name}))"
                    )

    def check(self) -> None:
        """Check that the register is sound and holds what was put in."""
        assert not (faults := checking.check()), faults[0]
        assert reading.last_change() == self.number
        reading.forget()
        for name in EDITED:
            column = EDITED[name]
            place = self.columns[name].index(column) + 1
            ours = sorted((row[place] is None, row[place]) for row in self.on_record[name])
            found = reading.landscape(self.land.date).table(name)[column].to_list()
            assert sorted((value is None, value) for value in found) == ours, name

    def asked(self) -> Iterator[tuple[str, list[float]]]:
        """What is measured, and the times in seconds."""
        first, last = self.moments[0], self.at
        day = self.land.date
        yield "landscape now, first in the process", timed(RUNS, self.fresh(day))
        reading.landscape(day)
        yield "landscape now, nothing changed since", timed(RUNS, lambda: reading.landscape(day))
        edits, reads = [], []
        for _ in range(RUNS):
            for table in ("memberships", "figures"):
                seen = self.seen(table)
                batch = editing.correct(seen, self.values(table))
                edits += timed(1, lambda batch=batch: self.write(batch))
                reads += timed(1, lambda: reading.landscape(day))
        yield "one edit", edits
        yield "landscape now, after an edit", reads
        for name, part in (("start", 0.001), ("middle", 0.5), ("end", 0.999)):
            moment = first + (last - first) * part
            yield f"landscape known on a moment at the {name}", timed(3, self.fresh(day, moment))
        most = self.busiest()
        yield (
            "history of the municipality changed most",
            timed(RUNS, lambda: history.history("municipalities", most)),
        )
        yield (
            "row of that municipality now",
            timed(RUNS, lambda: history.current("municipalities", most)),
        )
        middle = self.number // 2
        yield "feed, 100 changes in the middle", timed(RUNS, lambda: history.entries(middle))
        yield "feed, the last 100", timed(RUNS, lambda: history.entries(newest=True))
        yield "what one change touched", timed(RUNS, lambda: history.touched(middle))
        undone = []
        for _ in range(RUNS):
            change = self.edit("memberships")
            undone += timed(1, lambda change=change: self.write(history.undoing(change)))
        yield "undo of an edit", undone

    def fresh(self, day: Any, moment: datetime | None = None) -> Callable[[], object]:
        def read() -> object:
            reading.forget()
            return reading.landscape(day, moment)

        return read

    def busiest(self) -> tuple[str]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nis FROM fact_municipalities GROUP BY nis "
                "ORDER BY count(*) DESC, nis LIMIT 1"
            )
            return (str(cursor.fetchone()[0]),)


def insert(table: str, columns: list[str], found: list[Any]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({rows.quoted(columns)}) FROM STDIN") as copy:
                for row in found:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(columns))
        days = [tuple(plain(value) for value in row) for row in found]
        cursor.executemany(f"INSERT INTO {table} ({rows.quoted(columns)}) VALUES ({marks})", days)


def plain(value: Any) -> Any:
    """``value`` as Django keeps it in SQLite."""
    return str(value.replace(tzinfo=None)) if isinstance(value, datetime) else value


def timed(runs: int, work: Callable[[], object]) -> list[float]:
    found = []
    for _ in range(runs):
        start = perf_counter()
        work()
        found.append(perf_counter() - start)
    return found
