"""What the database itself refuses, whoever writes: two rows of one record that hold on the same
day, a reference to nothing, a row rewritten, a change out of order.

The guards are made anew from the contract after each migration, for SQLite and PostgreSQL. A change
is made unsealed, opens and closes its rows, and is sealed as its last step; the sealing looks at
references, since until then they may lead to rows that are still to come.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from samenspel.landscape.columns import Table
from samenspel.register.contract import BY_NAME, TABLES

CHANGES = "register_change"
BOTH_HOLD = (
    "(f.valid_from IS NULL OR g.valid_to IS NULL OR f.valid_from < g.valid_to) AND "
    "(g.valid_from IS NULL OR f.valid_to IS NULL OR g.valid_from < f.valid_to)"
)


@dataclass(frozen=True)
class Look:
    """A query of rows of ``table`` on record whose ``column`` leads nowhere, in which ``{change}``
    stands for the change that is sealed. It can find a row only where ``moved`` (a query too) finds
    one."""

    table: str
    column: str
    moved: str
    query: str


def make(connection: Any) -> None:
    """Make every guard in the database of ``connection``, in place of those that are there."""
    with connection.cursor() as cursor:
        for statement in (*removal(connection), *statements(connection.vendor)):
            cursor.execute(statement)


def remove(connection: Any) -> None:
    """Take every guard away, to bring back a whole history; ``make`` puts them back."""
    with connection.cursor() as cursor:
        for statement in removal(connection):
            cursor.execute(statement)


def removal(connection: Any) -> list[str]:
    """The statements that take away the guards that are there."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'guard_%'"
            )
            return [f'DROP TRIGGER "{name}"' for (name,) in cursor.fetchall()]
        cursor.execute(
            "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'guard_%'"
        )
        found = [f'DROP TRIGGER "{name}" ON {table}' for name, table in cursor.fetchall()]
        cursor.execute(
            "SELECT conname, conrelid::regclass::text FROM pg_constraint "
            "WHERE conname LIKE 'guard_%' AND contype = 'x'"
        )
        return found + [
            f'ALTER TABLE {table} DROP CONSTRAINT "{name}"' for name, table in cursor.fetchall()
        ]


def statements(vendor: str) -> Iterator[str]:
    """The statements that make the guards in a database of ``vendor``."""
    make_all = sqlite if vendor == "sqlite" else postgresql
    yield from make_all()


def looks() -> Iterator[Look]:
    """For each reference the queries of rows whose code leads to no row of the table that it refers
    to, on no day on which both hold: of the rows that a change opened, of those whose target it
    closed, and of all where it made the target a known table. A target that is not known on
    those days is not asked."""
    for table in TABLES:
        for column in table.columns:
            if not column.reference:
                continue
            target = column.reference.partition(".")[0]
            code = f'f."{column.name}"'
            met = " OR ".join(
                f"EXISTS (SELECT 1 FROM fact_{name} g WHERE g.closed IS NULL "
                f'AND g."{BY_NAME[name].key[0]}" = {code} AND {BOTH_HOLD})'
                for name in targets(target)
            )
            known = (
                "SELECT 1 FROM fact_known_tables k "
                f"WHERE k.closed IS NULL AND k.\"table\" = '{target}'"
            )
            then = f"{known} AND {BOTH_HOLD.replace('g.', 'k.')}"
            row = f"SELECT f.row FROM fact_{table.name} f"
            dangling = f"f.closed IS NULL AND {code} IS NOT NULL AND NOT ({met})"
            opened = f"SELECT 1 FROM fact_{table.name} WHERE opened = {{change}}"
            query = f"{row} WHERE f.opened = {{change}} AND {dangling} AND EXISTS ({then})"
            yield Look(table.name, column.name, opened, query)
            newly = f"{known} AND k.opened = {{change}}"
            query = f"{row} WHERE {dangling} AND EXISTS ({then})"
            yield Look(table.name, column.name, newly, query)
            for name in targets(target):
                closed = f"SELECT 1 FROM fact_{name} WHERE closed = {{change}}"
                query = (
                    f"{row} JOIN fact_{name} c ON c.closed = {{change}} "
                    f'AND c."{BY_NAME[name].key[0]}" = {code} WHERE {dangling} AND EXISTS ({then})'
                )
                yield Look(table.name, column.name, closed, query)


def targets(table: str) -> tuple[str, ...]:
    """The tables whose keys a reference to ``table`` may be: municipalities and partnerships are
    organisations too."""
    return (table, "municipalities", "partnerships") if table == "organisations" else (table,)


def sqlite() -> Iterator[str]:
    """The guards as triggers of SQLite."""

    def refuse(name: str, moment: str, condition: str, message: str) -> str:
        return (
            f'CREATE TRIGGER "guard_{name}" BEFORE {moment} '
            f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )

    for table in TABLES:
        fact = f"fact_{table.name}"
        yield refuse(
            f"{table.name}_overlap",
            f"INSERT ON {fact}",
            f"NEW.closed IS NULL AND EXISTS (SELECT 1 FROM {fact} g WHERE g.closed IS NULL "
            f"AND g.record_id = NEW.record_id AND {BOTH_HOLD.replace('f.', 'NEW.')})",
            f"overlap {table.name}",
        )
        yield refuse(
            f"{table.name}_new",
            f"INSERT ON {fact}",
            # The row that a REPLACE would push out is deleted without a trigger.
            f"NEW.closed IS NOT NULL OR EXISTS (SELECT 1 FROM {fact} WHERE row = NEW.row) "
            f"OR NOT EXISTS (SELECT 1 FROM {CHANGES} c "
            "WHERE c.number = NEW.opened AND NOT c.sealed)",
            f"not in an open change {table.name}",
        )
        same = " AND ".join(f'NEW."{name}" IS OLD."{name}"' for name in kept(table))
        yield refuse(
            f"{table.name}_kept",
            f"UPDATE ON {fact}",
            f"OLD.closed IS NOT NULL OR NOT ({same}) OR NOT EXISTS (SELECT 1 FROM {CHANGES} c "
            "WHERE c.number = NEW.closed AND NOT c.sealed)",
            f"rewritten {table.name}",
        )
        yield refuse(f"{table.name}_stays", f"DELETE ON {fact}", "1", f"deleted {table.name}")
    yield refuse(
        "change_order",
        f"INSERT ON {CHANGES}",
        f"NEW.sealed OR NEW.number != (SELECT coalesce(max(number), 0) + 1 FROM {CHANGES}) "
        f"OR EXISTS (SELECT 1 FROM {CHANGES} WHERE number = NEW.number - 1 "
        "AND (NOT sealed OR NEW.at IS NULL OR at >= NEW.at))",
        "change out of order",
    )
    same = " AND ".join(
        f"NEW.{name} IS OLD.{name}"
        for name in (
            *("number", "at", "account_id", "acting_for", "kind", "why", "source", "undoes_id"),
        )
    )
    yield refuse(
        "change_kept",
        f"UPDATE ON {CHANGES}",
        f"OLD.sealed OR NOT NEW.sealed OR NOT ({same})",
        "rewritten change",
    )
    yield refuse("change_stays", f"DELETE ON {CHANGES}", "1", "deleted change")
    for moment in ("UPDATE", "DELETE"):
        yield refuse(
            f"record_{moment.lower()}", f"{moment} ON register_record", "1", "rewritten record"
        )
    yield refuse(
        "record_new",
        "INSERT ON register_record",
        "EXISTS (SELECT 1 FROM register_record WHERE id = NEW.id)",
        "rewritten record",
    )
    for (name, column), found in grouped(looks(), lambda look: (look.table, look.column)):
        lost = " OR ".join(
            f"EXISTS ({look.moved}) AND EXISTS ({look.query})".replace("{change}", "NEW.number")
            for look in found
        )
        yield refuse(
            f"seal_{name}_{column}",
            f"UPDATE OF sealed ON {CHANGES}",
            f"NEW.sealed AND ({lost})",
            f"reference {name} {column}",
        )


def grouped(found: Iterable[Look], by: Callable[[Look], Any]) -> Iterator[tuple[Any, list[Look]]]:
    """The looks of ``found`` that agree in ``by``, together."""
    for key, group in groupby(sorted(found, key=by), by):
        yield key, list(group)


def kept(table: Table) -> list[str]:
    """The columns of a fact that are never written again."""
    own = ("row", "record_id", "valid_from", "valid_to", "opened", "own")
    return [*own, *(column.name for column in table.columns)]


POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION guard_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM fresh f WHERE f.closed IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM register_change c WHERE c.number = f.opened AND NOT c.sealed))
    THEN RAISE EXCEPTION 'not in an open change %', TG_TABLE_NAME USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$""",
    """CREATE OR REPLACE FUNCTION guard_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.closed IS NOT NULL OR to_jsonb(NEW) - 'closed' <> to_jsonb(OLD) - 'closed'
        OR NOT EXISTS (
        SELECT 1 FROM register_change c WHERE c.number = NEW.closed AND NOT c.sealed)
    THEN RAISE EXCEPTION 'rewritten %', TG_TABLE_NAME USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$""",
    """CREATE OR REPLACE FUNCTION guard_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rewritten or deleted %', TG_TABLE_NAME USING ERRCODE = '23514';
END $$""",
    """CREATE OR REPLACE FUNCTION guard_change_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.sealed OR NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM register_change)
        OR EXISTS (
        SELECT 1 FROM register_change WHERE number = NEW.number - 1
        AND (NOT sealed OR NEW.at IS NULL OR at >= NEW.at))
    THEN RAISE EXCEPTION 'change out of order' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$""",
    """CREATE OR REPLACE FUNCTION guard_change_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.sealed OR NOT NEW.sealed OR to_jsonb(NEW) - 'sealed' <> to_jsonb(OLD) - 'sealed'
    THEN RAISE EXCEPTION 'rewritten change' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$""",
)


def postgresql() -> Iterator[str]:
    """The guards as triggers and exclusion constraints of PostgreSQL; its ranges of records and
    days need no extension."""
    yield from POSTGRESQL
    checks = "\n".join(
        f"IF EXISTS ({moved}) THEN\n"
        + "".join(
            f"IF EXISTS ({look.query}) THEN RAISE EXCEPTION "
            f"'reference {look.table} {look.column}' USING ERRCODE = '23503'; END IF;\n"
            for look in found
        )
        + "END IF;"
        for moved, found in grouped(looks(), lambda look: look.moved)
    ).replace("{change}", "NEW.number")
    yield (
        # Its many queries are planned once for each connection, and so that they stay fast however
        # large the tables grow.
        "CREATE OR REPLACE FUNCTION guard_seal() RETURNS trigger LANGUAGE plpgsql "
        "SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$\n"
        f"BEGIN\n{checks}\nRETURN NEW;\nEND $$"
    )

    def trigger(name: str, moment: str, function: str) -> str:
        return (
            f'CREATE TRIGGER "guard_{name}" BEFORE {moment} FOR EACH ROW '
            f"EXECUTE FUNCTION {function}()"
        )

    def emptying(name: str, table: str) -> str:
        return (
            f'CREATE TRIGGER "guard_{name}_emptied" BEFORE TRUNCATE ON {table} '
            "EXECUTE FUNCTION guard_stays()"
        )

    for table in TABLES:
        fact = f"fact_{table.name}"
        yield (
            f'ALTER TABLE {fact} ADD CONSTRAINT "guard_{table.name}_overlap" EXCLUDE USING gist '
            "(int8range(record_id, record_id, '[]') WITH &&, daterange(valid_from, valid_to) "
            "WITH &&) WHERE (closed IS NULL)"
        )
        yield (
            f'CREATE TRIGGER "guard_{table.name}_new" AFTER INSERT ON {fact} '
            "REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION guard_new()"
        )
        yield trigger(f"{table.name}_kept", f"UPDATE ON {fact}", "guard_kept")
        yield trigger(f"{table.name}_stays", f"DELETE ON {fact}", "guard_stays")
        yield emptying(table.name, fact)
    yield emptying("change", CHANGES)
    yield emptying("record", "register_record")
    yield trigger("change_order", f"INSERT ON {CHANGES}", "guard_change_order")
    yield trigger("change_kept", f"UPDATE ON {CHANGES}", "guard_change_kept")
    yield trigger("change_seal", f"UPDATE OF sealed ON {CHANGES}", "guard_seal")
    yield trigger("change_stays", f"DELETE ON {CHANGES}", "guard_stays")
    yield trigger("record_stays", "UPDATE OR DELETE ON register_record", "guard_stays")
