"""What is not given is unknown: a table that is absent never becomes a 0."""

from typing import Any

import pytest

import reference
from countries import example
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.tables import TABLES
from samenspel.screening.screen import Screening, screen

KINDS = tuple(reference.COUNTED)
OF_MEMBERS = (
    "distinct_partner_sets", "mean_size", "mandates", "seats", "seats_majority",
    "seats_opposition", "seats_other", "single_seat", "contribution_cents",
)  # fmt: skip
OF_BODIES = (
    "terms_ending", "first_line", "first_line_share", "bottom_up_share", "without_budget",
    "budget_cents", "staff_fte",
)  # fmt: skip
ALIKE = ("overlap", "changing_partners")
MEETING = ("partners_met", "neighbours_met", "effective_partners")


def without(*names: str) -> Screening:
    whole = example()
    frames = {name: frame for name, frame in whole.frames.items() if name not in names}
    return screen(Landscape(whole.date, frames, whole.about))


def emptied(*names: str) -> Screening:
    whole = example()
    return screen(whole.with_tables(**{name: whole.table(name).clear() for name in names}))


def rows(screening: Screening, *kinds: str) -> list[dict[str, Any]]:
    found = [row for kind in kinds for row in screening.of_kind(kind).iter_rows(named=True)]
    assert found
    return found


def assert_unknown(row: dict[str, Any], *names: str) -> None:
    for name in names:
        assert row[name] is None, name
        if name + "_known" in row:
            assert row[name + "_known"] == 0.0, name


@pytest.mark.parametrize(
    "absent",
    [("memberships",), ("partnerships",), ("memberships", "partnerships")],
    ids=" and ".join,
)
def test_places_know_nothing_without_members_or_partnerships(absent: tuple[str, ...]) -> None:
    screening = without(*absent)
    given = {row["subject"]: row for row in rows(screen(example()), "municipality")}
    for row in rows(screening, "municipality", "zone"):
        assert_unknown(row, *KINDS, "tables", *OF_MEMBERS, *OF_BODIES, *ALIKE, *MEETING)
    for row in rows(screening, "municipality"):
        assert row["neighbours"] == given[row["subject"]]["neighbours"]
    assert screening.signals == []


def test_the_whole_without_members_knows_the_partnerships_only() -> None:
    screening = without("memberships")
    given = screen(example())
    for kind in ("landscape", "theme"):
        before = {row["subject"]: row for row in rows(given, kind)}
        for row in rows(screening, kind):
            assert row["partnerships"] == before[row["subject"]]["partnerships"]
            for name in OF_BODIES:
                assert row[name] == before[row["subject"]][name]
                assert row[name + "_known"] == before[row["subject"]][name + "_known"]
            assert_unknown(row, *OF_MEMBERS, *ALIKE)


def test_the_whole_without_partnerships_knows_nothing() -> None:
    for absent in (("partnerships",), ("partnerships", "memberships")):
        screening = without(*absent)
        (row,) = rows(screening, "landscape")
        assert_unknown(row, *KINDS, "tables", *OF_MEMBERS, *OF_BODIES, *ALIKE)
        assert screening.of_kind("theme").is_empty()


def test_no_partnerships_and_no_members_are_a_known_nothing() -> None:
    screening = emptied("partnerships", "memberships", "mandates")
    for row in rows(screening, "municipality", "zone", "landscape"):
        for name in (*KINDS, "tables", "first_line", "terms_ending", "seats", "single_seat",
                     "distinct_partner_sets", "budget_cents", "contribution_cents"):  # fmt: skip
            assert (row[name], row[name + "_known"]) == (0, 1.0), name
        for name in ("mean_size", "first_line_share", "bottom_up_share", *ALIKE):
            assert row[name] is None, name
    for row in rows(screening, "municipality"):
        assert (row["partners_met"], row["neighbours_met"]) == (0, 0)
        assert row["effective_partners"] is None


@pytest.mark.parametrize("change", [without, emptied])
def test_seats_are_unknown_where_none_of_a_partnership_are_listed(change: Any) -> None:
    for row in rows(change("mandates"), "municipality", "zone", "theme", "landscape"):
        assert row["partnerships"] >= 1
        assert_unknown(row, "mandates", "seats", "seats_majority", "seats_other", "single_seat")
    (whole,) = rows(change("mandates"), "landscape")
    assert (
        whole["contribution_cents"] == rows(screen(example()), "landscape")[0]["contribution_cents"]
    )


def test_neighbours_are_unknown_without_borders_and_partners_are_not() -> None:
    given = {row["subject"]: row for row in rows(screen(example()), "municipality")}
    for row in rows(without("adjacency"), "municipality"):
        assert_unknown(row, "neighbours", "neighbours_met")
        assert row["partners_met"] == given[row["subject"]]["partners_met"]
        assert row["effective_partners"] == given[row["subject"]]["effective_partners"]
    for row in rows(emptied("adjacency"), "municipality"):
        assert (row["neighbours"], row["neighbours_met"]) == (0, 0)


def test_without_zones_there_are_no_zones_and_the_rest_stays() -> None:
    screening = without("zonings", "zones", "zone_members")
    assert screening.as_json()["zones"] == {}
    assert screening.as_json()["zonings"] == []
    given = screen(example())
    for kind in ("municipality", "landscape"):
        assert [{**row, "#": 0} for row in rows(screening, kind)] == [
            {**row, "#": 0} for row in rows(given, kind)
        ]


def test_a_zone_in_which_no_municipality_lies_has_nothing() -> None:
    screening = screen(
        reference.build(
            {
                "municipalities": reference.towns("1"),
                "partnerships": reference.bodies("p"),
                "memberships": reference.members(p="1"),
                "zones": [{"zoning": "Z", "zone": "empty"}],
                "zone_members": [],
            }
        )
    )
    (row,) = rows(screening, "zone")
    assert (row["partnerships"], row["partnerships_known"], row["mean_size"]) == (0, 1.0, None)


def test_a_landscape_of_municipalities_only() -> None:
    whole = screen(reference.build({"municipalities": reference.towns("1", "2")})).as_json()
    assert [row["partnerships"] for row in whole["municipalities"]] == [None, None]
    assert whole["total"]["partnerships"] is None
    assert (whole["zones"], whole["themes"], whole["signals"]) == ({}, [], [])
    assert all(spread["max"] is None for spread in whole["spread"].values())
    assert all(spread["known_share"] == 0.0 for spread in whole["spread"].values())
    assert all(norm["value"] is None for norm in whole["norms"])


def shares(screening: Screening) -> dict[tuple[str, str], float]:
    listed = screening.as_json()["unknown"]
    found = {(row["table"], row["column"]): row["known_share"] for row in listed}
    assert len(found) == len(listed)
    return found


def test_an_absent_table_is_wholly_unknown_and_an_empty_one_is_not() -> None:
    for name in (table.name for table in TABLES if table.name != "municipalities"):
        absent, empty = shares(without(name)), shares(emptied(name))
        assert {share for (table, _), share in absent.items() if table == name} == {0.0}
        if name in example().frames:
            assert {share for (table, _), share in empty.items() if table == name} == {1.0}


def test_the_share_known_of_each_column_is_counted() -> None:
    found = shares(screen(example()))
    for table in TABLES:
        if table.name not in example().frames:
            continue
        frame = example().table(table.name).to_dict(as_series=False)
        for column in table.columns:
            if column.empty != "unknown":
                assert (table.name, column.name) not in found
                continue
            values = frame[column.name]
            filled = sum(value is not None for value in values)
            assert found[table.name, column.name] == pytest.approx(filled / len(values))
    assert 0 < found["partnerships", "budget_cents"] < 1
    assert {table for table, _ in found} == {table.name for table in TABLES}


def test_a_word_for_land_outside_is_no_gap() -> None:
    found = shares(screen(example()))
    assert ("adjacency", "nis_b") not in found
    assert ("flows", "to") not in found
    assert found["adjacency", "nis_a"] == 1.0
