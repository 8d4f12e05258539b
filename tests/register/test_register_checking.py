"""The check of the whole database: silent on a sound one, and each kind of damage is found, on both
databases, once guards and constraints stand aside."""

from typing import Any

import pytest
from django.db import connection, transaction
from filled_register import fill

from registers import Database
from samenspel.register import checking, guards, writing
from samenspel.register.checking import Fault


def set_aside() -> None:
    """Take away what would refuse the damage."""
    guards.remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA foreign_keys = OFF")
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(
                "SELECT conname, conrelid::regclass::text FROM pg_constraint WHERE contype = 'c' "
                "AND connamespace = 'public'::regnamespace"
            )
            for name, table in cursor.fetchall():
                cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        cursor.execute("DROP INDEX IF EXISTS grant_once")
        cursor.execute("DROP INDEX IF EXISTS email_once")


@pytest.fixture
def full(database: Database) -> Database:
    """A register with something in every table, and nothing that refuses damage."""
    fill()
    set_aside()
    return database


def damaged(*statements: str) -> set[tuple[str, str, int | str | None]]:
    """What the check finds after ``statements``, which are taken back then; but for the guards that
    are away."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        found = checking.check(connection)
        transaction.set_rollback(True)
    return {(fault.kind, fault.table, fault.row) for fault in found if fault.kind != "unguarded"}


def copied(table: str, row: int, **others: str) -> str:
    """The statement that adds row ``row`` of ``table`` again as row 99999, with other values."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} LIMIT 1")
        names = [
            column.name if hasattr(column, "name") else column[0] for column in cursor.description
        ]
    values = ", ".join({"row": "99999", **others}.get(name, f'"{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} WHERE row = {row}"


def row_of(table: str, condition: str) -> int:
    """The number of the first row of ``table`` that meets ``condition``."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT min(row) FROM {table} WHERE {condition}")
        (row,) = cursor.fetchone()
    assert row is not None
    return int(row)


CHANGE, TOWNS = "register_change", "fact_municipalities"
EARLY = "'2020-01-01 00:00:00'"

# Each: one statement, and all that is found then.
DAMAGE: dict[str, Any] = {
    "gap": (
        f"UPDATE {CHANGE} SET number = 8 WHERE number = 6; UPDATE {TOWNS} SET opened = 8 "
        f"WHERE opened = 6; UPDATE {TOWNS} SET closed = 8 WHERE closed = 6",
        ("gap", CHANGE, 8),
    ),
    "unsealed": (f"UPDATE {CHANGE} SET sealed = FALSE WHERE number = 3", ("unsealed", CHANGE, 3)),
    "moment": (f"UPDATE {CHANGE} SET at = {EARLY} WHERE number = 4", ("moment", CHANGE, 4)),
    "why": (f"UPDATE {CHANGE} SET why = '' WHERE number = 2", ("why", CHANGE, 2)),
    "undoes": (f"UPDATE {CHANGE} SET undoes_id = 6 WHERE number = 5", ("undoes", CHANGE, 5)),
    "undoes_kind": (f"UPDATE {CHANGE} SET kind = 'edit' WHERE number = 5", ("undoes", CHANGE, 5)),
    "account": (f"UPDATE {CHANGE} SET account_id = 99 WHERE number = 2", ("lost", CHANGE, 2)),
    "days": (
        "UPDATE fact_memberships SET valid_from = '2030-01-01', valid_to = '2029-01-01' "
        "WHERE row = 1",
        ("days", "fact_memberships", 1),
    ),
    "record": ("UPDATE fact_zones SET zone = 'Z' WHERE row = 2", ("record", "fact_zones", 2)),
    "own": ("UPDATE fact_zones SET own = '{' WHERE row = 2", ("own", "fact_zones", 2)),
    "source": (
        "UPDATE fact_zones SET source = 'geen' WHERE row = 2", ("reference", "fact_zones", 2),
    ),
    "opened": ("UPDATE fact_zones SET opened = 77 WHERE row = 2", ("lost", "fact_zones", 2)),
    "lost_record": (
        "UPDATE fact_tasks SET record_id = 99999 WHERE row = 3",
        ("lost", "fact_tasks", 3), ("record", "fact_tasks", 3),
    ),
    "table": (
        "UPDATE register_record SET \"table\" = 'geen' WHERE id = "
        "(SELECT record_id FROM fact_tasks WHERE row = 3)",
        ("record", "fact_tasks", 3),
    ),
    "own_column": (
        "UPDATE fact_own_columns SET type = 'soort' WHERE row = 1",
        ("own_column", "fact_own_columns", 1),
    ),
    "email": (
        "UPDATE register_account SET email = 'Fee@voorbeeld.invalid' WHERE id = 2",
        ("email", "register_account", 2),
    ),
    "grant": (
        "UPDATE register_grant SET organisation = '1' WHERE id = 1", ("grant", "register_grant", 1),
    ),
    "role": (
        "UPDATE register_grant SET role = 'keizer' WHERE id = 2", ("grant", "register_grant", 2),
    ),
    "granted_by": (
        "UPDATE register_grant SET given_by_id = 9 WHERE id = 3", ("lost", "register_grant", 3),
    ),
    "ended": (
        f"UPDATE register_grant SET ended_at = {EARLY} WHERE id = 3",
        ("ended", "register_grant", 3),
    ),
    "ended_by": (
        "UPDATE register_grant SET ended_at = NULL WHERE id = 3", ("ended", "register_grant", 3),
    ),
    "twice": (
        "UPDATE register_grant SET role = 'administrator', zoning = NULL, zone = NULL WHERE id = 2",
        ("twice", "register_grant", 2),
    ),
    "draft": (
        "UPDATE register_draft SET version = 0 WHERE id = 1", ("version", "register_draft", 1),
    ),
    "state": ("UPDATE register_job SET state = 'lost' WHERE id = 3", ("state", "register_job", 3)),
    "not_ended": (
        "UPDATE register_job SET ended_at = NULL WHERE id = 1", ("state", "register_job", 1),
    ),
    "job_ended": (
        f"UPDATE register_job SET ended_at = {EARLY} WHERE id = 1", ("ended", "register_job", 1),
    ),
    "worker": (
        "UPDATE register_job SET worker = NULL WHERE id = 2", ("worker", "register_job", 2),
    ),
    "started": (
        "UPDATE register_job SET started_at = NULL WHERE id = 1", ("worker", "register_job", 1),
    ),
    "picture": (
        "UPDATE register_job SET change = 99 WHERE id = 3", ("picture", "register_job", 3),
    ),
    "progress": ("UPDATE register_job SET done = -1 WHERE id = 3", ("progress", "register_job", 3)),
    "file": (
        "UPDATE register_jobfile SET job_id = 9 WHERE id = 1", ("lost", "register_jobfile", 1),
    ),
}  # fmt: skip


def test_a_sound_register_has_no_faults(database: Database) -> None:
    assert database.kind == connection.vendor
    assert checking.check() == []
    fill()
    assert checking.check() == []
    with writing.turn():  # through a transaction that is not over
        assert checking.check(connection) == []


@pytest.mark.usefixtures("full")
def test_damage_is_found() -> None:
    assert damaged() == set()
    for name, (statements, *expected) in DAMAGE.items():
        assert damaged(*statements.split("; ")) == set(expected), name
    row = row_of(TOWNS, "opened = 1 AND closed = 2")
    found = damaged(f"UPDATE {TOWNS} SET closed = 1 WHERE row = {row}")
    assert found == {("closed", TOWNS, row)}


@pytest.mark.usefixtures("full")
def test_two_rows_of_a_record_on_one_day() -> None:
    """The row there holds in 2024."""
    row = row_of("fact_zones", "opened = 1")
    year = "valid_from = '2024-01-01', valid_to = '2025-01-01'"
    for since, until, found in (
        ("NULL", "NULL", True),
        ("'2024-01-01'", "NULL", True),
        ("NULL", "'2024-01-02'", True),
        ("'2023-12-31'", "'2024-01-02'", True),
        ("NULL", "'2024-01-01'", False),
        ("'2025-01-01'", "NULL", False),
        ("'2025-01-01'", "'2026-01-01'", False),
    ):
        there = damaged(
            f"UPDATE fact_zones SET {year} WHERE row = {row}",
            copied("fact_zones", row, valid_from=since, valid_to=until, opened="4"),
        )
        assert there == ({("overlap", "fact_zones", 99999)} if found else set()), (since, until)


@pytest.mark.usefixtures("full")
def test_two_rows_of_a_record_at_one_change() -> None:
    """The row there was on record from change 1 until change 4; nobody sees it now."""
    row = row_of("fact_zones", "opened = 1")
    for opened, closed, other in (
        ("1", "2", 99999),
        ("1", "NULL", 99999),
        ("3", "4", 99999),
        ("4", "NULL", None),
        ("4", "5", None),
    ):
        there = damaged(
            f"UPDATE fact_zones SET closed = 4 WHERE row = {row}",
            copied("fact_zones", row, opened=opened, closed=closed),
        )
        assert there == ({("overlap", "fact_zones", other)} if other else set()), (opened, closed)


@pytest.mark.usefixtures("full")
def test_a_reference_must_hold_on_one_of_the_same_days() -> None:
    row = row_of("fact_zonings", "opened = 1")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT row FROM fact_zones WHERE zoning = (SELECT zoning FROM fact_zonings "
            f"WHERE row = {row})"
        )
        zones = {("reference", "fact_zones", number) for (number,) in cursor.fetchall()}
    assert zones
    later = "UPDATE fact_zones SET valid_from = '2024-01-01'"
    for days, found in (
        ("valid_from = '1990-01-01', valid_to = NULL", False),
        ("valid_from = '1990-01-01', valid_to = '2024-01-02'", False),
        ("valid_from = NULL, valid_to = '2024-01-01'", True),
    ):
        there = damaged(f"UPDATE fact_zonings SET {days} WHERE row = {row}", later)
        assert (zones <= there, zones & there == zones) == (found, found), days


@pytest.mark.usefixtures("full")
def test_tables_that_are_not_known() -> None:
    """A reference to one is not asked; a name that no table has is found."""
    wrong = "UPDATE fact_zones SET source = 'geen' WHERE row = 2"
    row = row_of("fact_known_tables", "\"table\" = 'sources'")
    assert damaged(wrong, f"UPDATE fact_known_tables SET closed = 6 WHERE row = {row}") == set()
    row = row_of("fact_known_tables", "\"table\" = 'tasks'")
    found = damaged(
        f"UPDATE fact_known_tables SET \"table\" = 'taken' WHERE row = {row}",
        "UPDATE register_record SET key = '[\"taken\"]' WHERE id = "
        f"(SELECT record_id FROM fact_known_tables WHERE row = {row})",
    )
    assert found == {("table", "fact_known_tables", row)}


@pytest.mark.usefixtures("database")
def test_missing_guards_are_found() -> None:
    fill()
    guards.remove(connection)
    found = checking.check()
    assert {fault.kind for fault in found} == {"unguarded"}
    assert {"register_change", "register_record", TOWNS} <= {fault.table for fault in found}
    guards.make(connection)
    assert checking.check() == []


@pytest.mark.usefixtures("full")
def test_many_faults_are_told_up_to_a_hundred_of_a_kind() -> None:
    found = damaged(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150) "
        "INSERT INTO register_draft (account_id, title, why, edits, version, made_at, "
        f"changed_at) SELECT 1, '', '', '[]', 0, {EARLY}, {EARLY} FROM n"
    )
    assert len(found) == checking.MOST


@pytest.mark.usefixtures("full")
def test_what_cannot_be_read_is_a_fault() -> None:
    if connection.vendor == "sqlite":
        found = damaged("UPDATE fact_zones SET valid_from = '2024-02-31' WHERE row = 2")
        assert found == {("unreadable", "", None)}
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE register_draft RENAME TO elsewhere")
    assert ("unreadable", "", None) in damaged()


def test_a_fault_reads_as_a_sentence() -> None:
    fault = Fault("gap", "register_change", 8, "the change before it is not there")
    assert str(fault) == "register_change 8: the change before it is not there"
    assert str(Fault("unguarded", "t", None, "nothing")) == "t: nothing"
    assert fault.as_json()["row"] == 8
