"""The chronicle: which rows hold on a day and were on record at a moment."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from samenspel.errors import InputError
from samenspel.landscape.chronicle import Chronicle
from samenspel.landscape.landscape import About

START = date(2024, 12, 28)
NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)
SCHEMA = {
    "valid_from": pl.Date,
    "valid_to": pl.Date,
    "recorded_from": pl.Datetime("us", "UTC"),
    "recorded_to": pl.Datetime("us", "UTC"),
}
Row = dict[str, Any]

days = st.integers(0, 7).map(lambda n: START + timedelta(days=n))
moments = st.integers(-2, 2).map(lambda n: NOON + timedelta(microseconds=n))
periods = st.fixed_dictionaries(
    {
        "valid_from": st.none() | days,
        "valid_to": st.none() | days,
        "recorded_from": st.none() | moments,
        "recorded_to": st.none() | moments,
    }
)


def frame(rows: list[Row], **columns: Any) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={**columns, **SCHEMA}, orient="row")


def chronicle(rows: list[Row], table: str = "partnerships", **columns: Any) -> Chronicle:
    land = pl.DataFrame({"nis": ["00001"], "name": ["Voorbeeldegem"]})
    columns = columns or {"id": pl.String, "name": pl.String}
    return Chronicle({"municipalities": land, table: frame(rows, **columns)})


def inside(row: Row, start: str, end: str, moment: Any) -> bool:
    """Half open: the start itself in, the end itself out."""
    return (row[start] is None or row[start] <= moment) and (row[end] is None or moment < row[end])


def wanted(rows: list[Row], day: date, known_on: datetime | None) -> list[Row]:
    return [
        row
        for row in rows
        if inside(row, "valid_from", "valid_to", day)
        and (
            row["recorded_to"] is None
            if known_on is None
            else inside(row, "recorded_from", "recorded_to", known_on)
        )
    ]


@settings(deadline=None)
@given(st.lists(periods, max_size=8), days, st.none() | moments)
def test_at_is_a_plain_filter(drawn: list[Row], day: date, known_on: datetime | None) -> None:
    rows = [{"id": f"p{i}", "name": f"n{i}", **row} for i, row in enumerate(drawn)]
    found = chronicle(rows).at(day, known_on).table("partnerships")
    assert found.select("id", "name").rows() == [
        (row["id"], row["name"]) for row in wanted(rows, day, known_on)
    ]
    assert not set(SCHEMA) & set(found.columns)


@settings(deadline=None)
@given(st.lists(periods, max_size=5), days, st.none() | moments)
def test_one_key_twice_is_refused_and_only_then(
    drawn: list[Row], day: date, known_on: datetime | None
) -> None:
    rows = [{"id": "p1", "name": f"n{i}", **row} for i, row in enumerate(drawn)]
    held = wanted(rows, day, known_on)
    whole = chronicle(rows)
    if len(held) > 1:
        with pytest.raises(InputError):
            whole.at(day, known_on)
    else:
        found = whole.at(day, known_on).table("partnerships")["name"].to_list()
        assert found == [row["name"] for row in held]


@settings(deadline=None)
@given(st.lists(periods, min_size=1, max_size=6), days)
def test_dated_tables_keep_their_period_and_lose_their_record(drawn: list[Row], day: date) -> None:
    rows = [{"partnership": "p1", "organisation": f"{i:05}", **row} for i, row in enumerate(drawn)]
    assume(wanted(rows, day, None))
    whole = chronicle(rows, "memberships", partnership=pl.String, organisation=pl.String)
    found = whole.at(day).table("memberships")
    columns = ["organisation", "valid_from", "valid_to"]
    assert found.select(columns).to_dicts() == [
        {column: row[column] for column in columns} for row in wanted(rows, day, None)
    ]
    assert not {"recorded_from", "recorded_to"} & set(found.columns)


def one(**period: Any) -> Chronicle:
    return chronicle([{"id": "p1", "name": "n", **dict.fromkeys(SCHEMA), **period}])


@pytest.mark.parametrize(
    ("period", "day", "holds"),
    [
        ({}, date(1, 1, 1), True),
        ({}, date(9999, 12, 31), True),
        ({"valid_from": date(2025, 1, 1)}, date(2024, 12, 31), False),
        ({"valid_from": date(2025, 1, 1)}, date(2025, 1, 1), True),
        ({"valid_from": date(2025, 1, 1)}, date(2025, 1, 2), True),
        ({"valid_to": date(2025, 1, 1)}, date(2024, 12, 31), True),
        ({"valid_to": date(2025, 1, 1)}, date(2025, 1, 1), False),
        ({"valid_from": date(2025, 1, 1), "valid_to": date(2025, 1, 2)}, date(2025, 1, 1), True),
        ({"valid_from": date(2025, 1, 1), "valid_to": date(2025, 1, 2)}, date(2025, 1, 2), False),
        ({"valid_from": date(2025, 1, 1), "valid_to": date(2025, 1, 1)}, date(2025, 1, 1), False),
    ],
)
def test_days_at_the_edge(period: Row, day: date, holds: bool) -> None:
    assert one(**period).at(day).table("partnerships").height == holds


STEP = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("period", "known_on", "known"),
    [
        ({"recorded_from": NOON}, NOON - STEP, False),
        ({"recorded_from": NOON}, NOON, True),
        ({"recorded_from": NOON}, None, True),
        ({"recorded_to": NOON}, NOON - STEP, True),
        ({"recorded_to": NOON}, NOON, False),
        ({"recorded_to": NOON}, None, False),
        ({"recorded_to": datetime(9000, 1, 1, tzinfo=UTC)}, None, False),
    ],
)
def test_moments_at_the_edge(period: Row, known_on: datetime | None, known: bool) -> None:
    assert one(**period).at(START, known_on).table("partnerships").height == known


def test_a_correction_is_seen_from_its_moment_on() -> None:
    rows = [
        {"id": "p1", "name": "Verzonen", **dict.fromkeys(SCHEMA), "recorded_to": NOON},
        {"id": "p1", "name": "Verzonnen", **dict.fromkeys(SCHEMA), "recorded_from": NOON},
    ]
    whole = chronicle(rows)
    for known_on, name in ((NOON - STEP, "Verzonen"), (NOON, "Verzonnen"), (None, "Verzonnen")):
        assert whole.at(START, known_on).table("partnerships")["name"].to_list() == [name]


def test_the_refusal_names_table_key_and_day() -> None:
    rows = [
        {"id": "p7", "name": "a", **dict.fromkeys(SCHEMA), "valid_to": date(2025, 1, 2)},
        {"id": "p7", "name": "b", **dict.fromkeys(SCHEMA), "valid_from": date(2025, 1, 1)},
    ]
    whole = chronicle(rows)
    with pytest.raises(InputError) as caught:
        whole.at(date(2025, 1, 1))
    message = str(caught.value)
    for word in ("partnerships", "p7", "2025-01-01", "two rows"):
        assert word in message
    assert whole.at(date(2024, 12, 31)).table("partnerships")["name"].to_list() == ["a"]
    assert whole.at(date(2025, 1, 2)).table("partnerships")["name"].to_list() == ["b"]


def test_an_empty_key_with_a_meaning_counts_as_a_value() -> None:
    rows = [
        {"nis_a": "00001", "nis_b": None, "border_m": length, **dict.fromkeys(SCHEMA)}
        for length in (1.0, 2.0)
    ]
    columns = {"nis_a": pl.String, "nis_b": pl.String, "border_m": pl.Float64}
    with pytest.raises(InputError, match="adjacency"):
        chronicle(rows, "adjacency", **columns).at(START)
    assert chronicle(rows[:1], "adjacency", **columns).at(START).table("adjacency").height == 1


def test_absent_tables_stay_absent_and_empty_ones_empty() -> None:
    landscape = chronicle([]).at(START)
    assert landscape.knows("partnerships")
    assert landscape.table("partnerships").height == 0
    assert not landscape.knows("flows")


def test_date_and_description_go_along() -> None:
    about = About("Voorbeeldstreek", "Voorbeeldstreek", fictional=True)
    land = pl.DataFrame({"nis": ["00001"], "name": ["Voorbeeldegem"]})
    landscape = Chronicle({"municipalities": land}, about).at(START)
    assert (landscape.date, landscape.about) == (START, about)


def test_equal_whatever_the_order_of_the_rows_but_not_with_another_period() -> None:
    rows = [{"id": f"p{i}", "name": None, **dict.fromkeys(SCHEMA)} for i in range(3)]
    assert chronicle(rows).equals(chronicle(rows[::-1]))
    assert not chronicle(rows).equals(chronicle(rows[:2]))
    assert not chronicle(rows).equals(chronicle([*rows[:2], {**rows[2], "recorded_to": NOON}]))
    assert not chronicle(rows).equals(chronicle([*rows[:2], {**rows[2], "valid_from": START}]))
    renamed = Chronicle(chronicle(rows).frames, About("another"))
    assert not chronicle(rows).equals(renamed)
