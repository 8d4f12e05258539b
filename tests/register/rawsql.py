"""Plain SQL on the tables of the register, beside the library."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)
DAYS = [None, *(date(2025, 1, 1) + timedelta(days=n) for n in range(4))]
Period = tuple[date | None, date | None]


def plain(value: Any) -> Any:
    """``value`` as the databases take it without Django's fields."""
    if connection.vendor == "sqlite" and isinstance(value, date | datetime):
        return str(value.replace(tzinfo=None) if isinstance(value, datetime) else value)
    return value


def sql(query: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, [plain(value) for value in values])
        return list(cursor.fetchall()) if cursor.description else []


def refused(query: str, *values: Any) -> str:
    with pytest.raises(IntegrityError) as error:
        sql(query, *values)
    return str(error.value)


def insert(table: str, values: dict[str, Any]) -> tuple[str, list[Any]]:
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join(["%s"] * len(values))
    return f"INSERT INTO {table} ({names}) VALUES ({marks})", list(values.values())


def change(number: int, **beside: Any) -> tuple[str, list[Any]]:
    """A change, unsealed, an hour after the one before."""
    known = {"at": NOON + timedelta(hours=number), "kind": "edit", "why": "proef", "sealed": False}
    return insert("register_change", {"number": number, **known, **beside})


def begin(number: int, **beside: Any) -> int:
    query, values = change(number, **beside)
    sql(query, *values)
    return number


def seal(number: int) -> None:
    sql("UPDATE register_change SET sealed = true WHERE number = %s", number)


def unsealable(number: int) -> str:
    return refused("UPDATE register_change SET sealed = true WHERE number = %s", number)


def record(table: str, key: str) -> int:
    sql(
        'INSERT INTO register_record ("table", key) VALUES (%s, %s) ON CONFLICT DO NOTHING',
        table,
        key,
    )
    found = sql('SELECT id FROM register_record WHERE "table" = %s AND key = %s', table, key)
    return int(found[0][0])


def fact(
    table: str, opened: int, key: str = "a", /, period: Period = (None, None), **columns: Any
) -> tuple[str, list[Any]]:
    days = dict(zip(("valid_from", "valid_to"), period, strict=True))
    values = {"record_id": record(table, key), "opened": opened, **days, **columns}
    return insert(f"fact_{table}", values)


def put(
    table: str, opened: int, key: str = "a", /, period: Period = (None, None), **columns: Any
) -> int:
    query, values = fact(table, opened, key, period=period, **columns)
    return int(sql(f"{query} RETURNING row", *values)[0][0])


def close(table: str, row: int, number: int) -> None:
    sql(f"UPDATE fact_{table} SET closed = %s WHERE row = %s", number, row)


def know(number: int, *names: str) -> None:
    for name in names:
        put("known_tables", number, name, table=name)


def flat(query: tuple[str, list[Any]]) -> tuple[Any, ...]:
    return (query[0], *query[1])
