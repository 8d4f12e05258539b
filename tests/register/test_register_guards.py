"""What the database itself refuses and what it takes, asked in plain SQL beside the library."""

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from rawsql import (
    DAYS,
    NOON,
    Period,
    begin,
    change,
    close,
    fact,
    flat,
    put,
    record,
    refused,
    seal,
    sql,
    unsealable,
)

from registers import Database
from samenspel.register import guards
from samenspel.register.contract import BY_NAME, TABLES

pytestmark = pytest.mark.usefixtures("database")
OTHER: dict[str, Any] = {
    "text": "anders",
    "integer": 7,
    "number": 7.5,
    "boolean": True,
    "date": date(1999, 1, 1),
    "datetime": NOON,
    "binary": b"anders",
}


def periods() -> list[Period]:
    pairs = product(DAYS, DAYS)
    return [(a, b) for a, b in pairs if a is None or b is None or a < b]


def overlap(one: Period, other: Period) -> bool:
    days = [date(2024, 12, 31) + timedelta(days=n) for n in range(7)]

    def holds(period: Period, day: date) -> bool:
        since, until = period
        return (since is None or since <= day) and (until is None or day < until)

    return any(holds(one, day) and holds(other, day) for day in days)


def test_two_rows_on_record_of_one_record_do_not_hold_on_one_day() -> None:
    begin(1)
    met = []
    for number, (one, other) in enumerate(product(periods(), periods())):
        put("sources", 1, str(number), period=one)
        query, values = fact("sources", 1, str(number), period=other)
        if overlap(one, other):
            met.append(refused(query, *values))
        else:
            sql(query, *values)
    assert met
    assert len(met) < len(periods()) ** 2
    seal(1)


def test_rows_that_left_the_record_and_rows_of_other_records_are_not_in_the_way() -> None:
    begin(1)
    row = put("sources", 1)
    put("zones", 1)
    put("sources", 1, "b")
    seal(1)
    begin(2)
    refused(*flat(fact("sources", 2)))
    close("sources", row, 2)
    put("sources", 2)
    seal(2)


def one_of_each() -> dict[str, int]:
    """A row in each table, opened by change 1, which is sealed; change 2 is open."""
    begin(1)
    found = {}
    for table in TABLES:
        if table.name == "known_tables":
            found[table.name] = put(table.name, 1, table="about")
        else:
            found[table.name] = put(table.name, 1)
    seal(1)
    begin(2)
    return found


def test_nothing_of_a_row_is_rewritten_or_deleted_but_its_end_once() -> None:
    for name, row in one_of_each().items():
        fact_name = f"fact_{name}"
        types = {column.name: column.type for column in BY_NAME[name].columns}
        others = {column: OTHER[type_] for column, type_ in types.items()}
        others |= {"valid_from": date(1999, 1, 1), "valid_to": date(2999, 1, 1), "own": "{}"}
        others |= {"row": row + 1000, "record_id": record("sources", "b"), "opened": 2}
        for column, value in others.items():
            refused(f'UPDATE {fact_name} SET "{column}" = %s WHERE row = %s', value, row)
            # Not along with its end either.
            query = f'UPDATE {fact_name} SET "{column}" = %s, closed = 2 WHERE row = %s'
            refused(query, value, row)
        refused(f"DELETE FROM {fact_name} WHERE row = %s", row)
        refused(f"UPDATE {fact_name} SET closed = 1 WHERE row = %s", row)
        refused(f"UPDATE {fact_name} SET closed = 3 WHERE row = %s", row)
        close(name, row, 2)
        refused(f"UPDATE {fact_name} SET closed = 2 WHERE row = %s", row)
        refused(f"UPDATE {fact_name} SET closed = NULL WHERE row = %s", row)
        refused(f"DELETE FROM {fact_name} WHERE row = %s", row)
    seal(2)
    begin(3)
    for name, row in sql("SELECT 'sources', row FROM fact_sources"):
        refused(f"UPDATE fact_{name} SET closed = 3 WHERE row = %s", row)


def test_a_table_is_not_emptied_nor_a_row_pushed_out(database: Database) -> None:
    rows = one_of_each()
    tables = [*(f"fact_{table.name}" for table in TABLES), "register_change", "register_record"]
    if database.kind == "postgresql":
        for table in tables:
            refused(f"TRUNCATE {table} CASCADE")
        return
    for name, row in rows.items():
        query, values = fact(name, 2, row=row)
        refused(query.replace("INSERT", "INSERT OR REPLACE"), *values)
    query, values = change(1)
    refused(query.replace("INSERT", "INSERT OR REPLACE"), *values)
    number = record("sources", "a")
    refused(f"INSERT OR REPLACE INTO register_record VALUES ({number}, 'sources', 'z')")


def test_rows_are_opened_in_an_open_change_only() -> None:
    refused(*flat(fact("sources", 1)))
    begin(1)
    refused(*flat(fact("sources", 2)))
    refused(*flat(fact("sources", 1, closed=1)))
    put("sources", 1)
    seal(1)
    refused(*flat(fact("sources", 1, "b")))
    begin(2)
    refused(*flat(fact("sources", 1, "b")))
    refused(*flat(fact("sources", 1, "b", closed=2)))
    put("sources", 2, "b")
    seal(2)


def test_a_row_is_not_closed_by_a_change_that_is_over_or_by_its_own() -> None:
    begin(1)
    row = put("sources", 1)
    refused("UPDATE fact_sources SET closed = 1 WHERE row = %s", row)
    seal(1)
    begin(2)
    seal(2)
    refused("UPDATE fact_sources SET closed = 2 WHERE row = %s", row)
    begin(3)
    close("sources", row, 3)


def test_a_period_ends_after_it_starts() -> None:
    begin(1)
    for period in ((DAYS[2], DAYS[2]), (DAYS[2], DAYS[1])):
        refused(*flat(fact("sources", 1, period=period)))
    put("sources", 1, period=(DAYS[1], DAYS[2]))


@pytest.mark.parametrize(
    ("number", "beside"),
    [
        (0, {}),
        (1, {}),
        (2, {}),
        (4, {}),
        (3, {"sealed": True}),
        (3, {"at": NOON + timedelta(hours=2)}),
        (3, {"at": NOON}),
        (3, {"at": None}),
        (3, {"kind": "anders"}),
    ],
)
def test_changes_come_in_order_without_a_gap(number: int, beside: dict[str, Any]) -> None:
    for done in (1, 2):
        begin(done)
        seal(done)
    refused(*flat(change(number, **beside)))
    begin(3, at=NOON + timedelta(hours=2, microseconds=1))


def test_the_first_change_is_number_one_and_its_moment_may_be_unknown() -> None:
    refused(*flat(change(2)))
    begin(1, at=None)
    seal(1)
    begin(2)


def test_a_change_that_is_not_sealed_is_followed_by_none() -> None:
    begin(1)
    refused(*flat(change(2)))
    seal(1)
    begin(2)


@pytest.mark.parametrize("sealed", [False, True])
def test_of_a_change_nothing_is_rewritten_but_that_it_is_sealed(sealed: bool) -> None:
    begin(1)
    seal(1)
    begin(2, acting_for="a", source="b")
    if sealed:
        seal(2)
    others = {
        "number": 3,
        "at": NOON + timedelta(days=1),
        "account_id": 1,
        "acting_for": "z",
        "kind": "undo",
        "why": "z",
        "source": "z",
        "undoes_id": 1,
    }
    for column, value in others.items():
        refused(f"UPDATE register_change SET {column} = %s WHERE number = 2", value)
        query = f"UPDATE register_change SET {column} = %s, sealed = true WHERE number = 2"
        refused(query, value)
    refused("UPDATE register_change SET sealed = false WHERE number = 2")
    refused("DELETE FROM register_change WHERE number = 2")
    if sealed:
        unsealable(2)
    else:
        seal(2)


def test_a_record_keeps_its_name() -> None:
    number = record("sources", "a")
    for column in ("table", "key"):
        refused(f"UPDATE register_record SET \"{column}\" = 'z' WHERE id = %s", number)
    refused("DELETE FROM register_record WHERE id = %s", number)
    refused("INSERT INTO register_record (\"table\", key) VALUES ('sources', 'a')")
    assert record("sources", "a") == number
    assert record("zones", "a") != number


def names() -> list[Any]:
    if connection.vendor == "sqlite":
        return sql("SELECT name FROM sqlite_master WHERE name LIKE 'guard_%%' ORDER BY name")
    return sql(
        "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'guard_%%' UNION ALL "
        "SELECT conname FROM pg_constraint WHERE conname LIKE 'guard_%%' AND contype = 'x' "
        "ORDER BY 1"
    )


def test_guards_are_made_once_taken_away_and_made_again() -> None:
    made = names()
    assert made
    guards.make(connection)
    assert names() == made
    guards.remove(connection)
    assert not names()
    sql("INSERT INTO register_record (\"table\", key) VALUES ('sources', 'a')")
    sql("DELETE FROM register_record")
    guards.make(connection)
    assert names() == made


def test_the_migration_is_complete() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0, skip_checks=True)
