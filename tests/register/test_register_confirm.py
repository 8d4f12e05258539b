"""Confirming: what an organisation is asked, and what an edit does to a confirmation."""

from datetime import date

import polars as pl
import pytest
from peopled import agency, body, fill, town

from countries import example
from samenspel.landscape import confirmation
from samenspel.register import acts, confirming, editing, history, reading
from samenspel.register.editing import Version
from samenspel.register.writing import Batch, Reason, write

DAY = date(2025, 1, 1)


def keys(found: list[confirming.Due], table: str) -> set[tuple[object, ...]]:
    return {each.key for each in found if each.table == table}


def test_a_municipality_is_asked_for_its_own_rows_and_those_of_its_ocmw() -> None:
    land = example()
    found = confirming.due(land, "00001")
    own = {"00001", *land.table("organisations").filter(nis="00001")["id"]}
    assert keys(found, "municipalities") == {("00001",)}
    assert {key[0] for key in keys(found, "organisations")} == own & set(
        land.table("organisations")["id"]
    )
    members = land.table("memberships").filter(pl.col("organisation").is_in(sorted(own)))
    assert keys(found, "memberships") == set(
        members.select("partnership", "organisation").iter_rows()
    )
    assert not keys(found, "partnerships") | keys(found, "tasks")


def test_a_partnership_is_asked_for_itself_and_not_for_who_is_in_it() -> None:
    land = example()
    found = confirming.due(land, "p01")
    assert keys(found, "partnerships") == {("p01",)}
    assert all(key[0] == "p01" for key in keys(found, "tasks"))
    assert not keys(found, "memberships") - {
        (p, o) for p, o in keys(found, "memberships") if o == "p01"
    }
    assert confirming.due(land, "nobody") == []


def test_what_is_confirmed_is_not_asked_and_what_changed_since_is_asked_again(
    database: object,  # noqa: ARG001
) -> None:
    fill()
    mayor = town("00001")
    before = confirming.due_on_record("00001", DAY)
    mine = next(each for each in before if each.table == "municipalities")
    assert (mine.key, mine.lapsed) == (("00001",), None)
    acts.confirm(mayor, [(mine.table, mine.row or 0)], "00001")
    assert len(confirming.due_on_record("00001", DAY)) == len(before) - 1
    seen = history.current("municipalities", ["00001"], DAY)[0]
    acts.edit(mayor, editing.correct(seen, {"population": 1}), "counted")  # and so confirmed
    assert len(confirming.due_on_record("00001", DAY)) == len(before) - 1
    seen = history.current("municipalities", ["00001"], DAY)[0]
    acts.edit(agency(), editing.correct(seen, {"population": 2}), "counted too")
    now = next(
        each for each in confirming.due_on_record("00001", DAY) if each.table == "municipalities"
    )
    assert (now.values["population"], now.lapsed) == (2, seen.row)


def version(**values: object) -> Version:
    made = {**dict.fromkeys(example().table("partnerships").columns), "id": "p", **values}
    return Version("partnerships", 7, 1, made, None, None, 1, None)


@pytest.mark.parametrize(
    ("values", "confirming_", "by"),
    [
        ({"name": "New"}, None, None),
        ({"name": "New"}, "p", "p"),  # confirms at once
        ({"name": "New", "confirmed_by": "q"}, None, "q"),
        ({"source": "elsewhere"}, None, "p"),
        ({"valid_to": date(2030, 1, 1)}, None, "p"),
        ({}, None, "p"),
    ],
)
def test_when_a_confirmation_lapses(
    values: dict[str, object], confirming_: str | None, by: str | None
) -> None:
    seen = version(name="Old", confirmed_by="p")
    batch = editing.correct(seen, values)
    found = confirming.unconfirmed(batch, {"partnerships": [seen]}, confirming_)
    assert found.opens["partnerships"]["confirmed_by"].to_list() == [by]
    assert found.closes == batch.closes


def test_of_a_change_from_a_day_on_the_part_before_stays_confirmed() -> None:
    seen = version(name="Old", confirmed_by="p")
    batch = editing.change_from(seen, DAY, {"name": "New"})
    found = confirming.unconfirmed(batch, {"partnerships": [seen]})
    assert found.opens["partnerships"]["confirmed_by"].to_list() == ["p", None]


def test_a_new_row_and_a_table_that_nobody_confirms_are_left_as_they_are() -> None:
    new = editing.add("partnerships", {"id": "n", "confirmed_by": "n"})
    sources = editing.add("sources", {"id": "s"})
    batch = editing.together([new, sources])
    found = confirming.unconfirmed(batch, {"partnerships": [version(confirmed_by="p")]})
    assert all(found.opens[name].equals(frame) for name, frame in batch.opens.items())
    assert confirming.unconfirmed(Batch(), {}) == Batch()


def test_the_tables_that_are_counted_are_those_that_somebody_may_confirm() -> None:
    assert set(confirmation.CONFIRMED) == set(confirming.CONFIRMED)


def test_the_share_follows_the_register(database: object) -> None:  # noqa: ARG001
    fill()
    assert confirmation.confirmed(reading.landscape(DAY))["confirmed"] == 0
    seen = history.current("partnerships", ["p01"], DAY)[0]
    write(editing.confirm(seen, "p01"), Reason("confirm", "right"))
    found = confirmation.confirmed(reading.landscape(DAY))
    assert found["confirmed"] == 1
    assert next(row for row in found["tables"] if row["table"] == "partnerships")["confirmed"] == 1
    leader = body("p01")
    assert leader.organisations == {"p01"}
