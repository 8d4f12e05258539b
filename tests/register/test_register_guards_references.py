"""References that the database itself looks at when a change is sealed, asked in plain SQL."""

import pytest
from rawsql import DAYS, begin, close, know, put, seal, sql, unsealable

from samenspel.landscape.columns import Column, Table
from samenspel.register.contract import BY_NAME, TABLES
from samenspel.register.guards import targets

pytestmark = pytest.mark.usefixtures("database")
REFERENCES = [
    (table, column, column.reference.partition(".")[0])
    for table in TABLES
    for column in table.columns
    if column.reference
]


def test_every_reference_is_looked_at_when_its_change_is_sealed() -> None:
    assert len(REFERENCES) > 20
    number = 1
    begin(number)
    know(number, *{target for _, _, target in REFERENCES})
    for table, column, target in REFERENCES:
        put(table.name, number, column.name, **{column.name: "t"})  # and nothing minds so far
        assert f"reference {table.name} {column.name}" in unsealable(number)
        found = put(target, number, "t", **{BY_NAME[target].key[0]: "t"})
        seal(number)
        number = begin(number + 1)
        for row in rows_of(table, column):
            close(table.name, row, number)
        close(target, found, number)
    seal(number)


def rows_of(table: Table, column: Column) -> list[int]:
    query = (
        f'SELECT row FROM fact_{table.name} WHERE closed IS NULL AND "{column.name}" IS NOT NULL'
    )
    return [int(row) for (row,) in sql(query)]


@pytest.mark.parametrize("target", targets("organisations"))
def test_municipalities_and_partnerships_are_organisations_too(target: str) -> None:
    begin(1)
    know(1, "organisations")
    put("memberships", 1, organisation="t")
    unsealable(1)
    put(target, 1, **{BY_NAME[target].key[0]: "t"})
    seal(1)


@pytest.mark.parametrize("target", targets("organisations"))
def test_what_others_refer_to_leaves_the_record_only_with_another_in_its_place(target: str) -> None:
    key = BY_NAME[target].key[0]
    begin(1)
    know(1, "organisations")
    row = put(target, 1, **{key: "t"})
    put("memberships", 1, organisation="t")
    seal(1)
    begin(2)
    close(target, row, 2)
    assert "memberships organisation" in unsealable(2)
    again = put(target, 2, **{key: "t"})
    seal(2)
    begin(3)
    close(target, again, 3)
    close("memberships", sql("SELECT row FROM fact_memberships")[0][0], 3)
    seal(3)


def test_what_is_referred_to_must_hold_on_one_of_the_days() -> None:
    _, first, second, third, last = DAYS
    begin(1)
    know(1, "zonings")
    put("zonings", 1, period=(second, third), zoning="t")
    put("zones", 1, period=(first, second), zoning="t")
    unsealable(1)
    put("zonings", 1, "b", period=(None, second), zoning="t")
    put("zones", 1, "b", period=(second, last), zoning="t")
    put("zones", 1, "c", zoning="t")
    seal(1)
    begin(2)
    put("zones", 2, "d", period=(third, None), zoning="t")
    unsealable(2)


def test_what_is_not_known_is_not_missed_until_it_is_known() -> None:
    begin(1)
    put("zones", 1, zoning="t")
    seal(1)
    begin(2)
    know(2, "zonings")
    unsealable(2)
    put("zonings", 2, zoning="t")
    seal(2)
    begin(3)
    put("zones", 3, "b", zoning=None)
    seal(3)
