"""Carrying a chronicle over mergers: small cases by hand, one thing at a time."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest
import shapely

from samenspel.errors import InputError
from samenspel.landscape import tables
from samenspel.landscape.chronicle import DATED, Chronicle
from samenspel.landscape.findings import Finding
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.recode import recode

BEFORE, DAY, LATER = date(2024, 12, 31), date(2025, 1, 1), date(2026, 1, 1)
AB = [("A", "N"), ("B", "N")]
Row = dict[str, Any]


def frame(table: str, rows: list[Row]) -> pl.DataFrame:
    contract = tables.BY_NAME[table]
    own = {name: dtype for name, dtype in DATED.items() if name not in contract.schema}
    return pl.DataFrame(rows, schema={**contract.schema, **own}, orient="row")


def land(steps: list[tuple[str, str]] | None = None, **given: list[Row]) -> Chronicle:
    """Aagem, Beegem and Ceegem; from 2025 Nieuwegem too, the merger of the first two."""
    steps = AB if steps is None else steps
    lineage = [
        {"kind": "municipality", "old": old, "new": new, "date": DAY, "operation": "merger"}
        for old, new in steps
    ]
    municipalities = [
        {"nis": "A", "name": "Aagem", "population": 10, "area_km2": 1.5, "region": "x"},
        {"nis": "B", "name": "Beegem", "population": 20, "area_km2": 2.5, "region": "x"},
        {"nis": "C", "name": "Ceegem", "population": 30, "area_km2": 3.5, "region": "x"},
        {"nis": "N", "name": "Nieuwegem", "valid_from": DAY},
    ]
    whole = {"municipalities": municipalities, "lineage": lineage, **given}
    return Chronicle({name: frame(name, rows) for name, rows in whole.items()})


def after(chronicle: Chronicle, table: str, day: date = DAY) -> list[Row]:
    return recode(chronicle)[0].at(day).table(table).to_dicts()


def pick(rows: list[Row], *columns: str) -> list[tuple[Any, ...]]:
    return sorted((tuple(row[c] for c in columns) for row in rows), key=repr)


def told(chronicle: Chronicle) -> list[tuple[str, str, str | None]]:
    return [(f.code, f.table, f.value) for f in recode(chronicle)[1]]


def member(organisation: str, **more: Any) -> Row:
    return {"partnership": "p", "organisation": organisation, **more}


PARTNERSHIP = [{"id": "p", "name": "Het Verbond"}]


# Municipalities.


def test_the_parts_end_and_the_whole_starts() -> None:
    chronicle = land()
    assert pick(recode(chronicle)[0].at(BEFORE).table("municipalities").to_dicts(), "nis") == [
        ("A",), ("B",), ("C",),
    ]  # fmt: skip
    assert pick(after(chronicle, "municipalities"), "nis", "name", "population", "area_km2") == [
        ("C", "Ceegem", 30, 3.5),
        ("N", "Nieuwegem", 30, 4.0),
    ]


def test_what_the_row_of_the_whole_states_is_kept() -> None:
    chronicle = land()
    stated = chronicle.frames["municipalities"].with_columns(
        population=pl.when(nis="N").then(31).otherwise("population"),
        region=pl.when(nis="N").then(pl.lit("y")).otherwise("region"),
    )
    whole = Chronicle({**chronicle.frames, "municipalities": stated})
    assert pick(after(whole, "municipalities"), "nis", "population", "area_km2", "region") == [
        ("C", 30, 3.5, "x"),
        ("N", 31, 4.0, "y"),
    ]


def test_of_a_part_that_is_unknown_the_whole_is_unknown() -> None:
    chronicle = land()
    partly = chronicle.frames["municipalities"].with_columns(
        population=pl.when(nis="B").then(None).otherwise("population"),
        region=pl.when(nis="B").then(pl.lit("z")).otherwise("region"),
    )
    whole = Chronicle({**chronicle.frames, "municipalities": partly})
    assert pick(after(whole, "municipalities"), "nis", "population", "area_km2", "region") == [
        ("C", 30, 3.5, "x"),
        ("N", None, 4.0, None),
    ]


def test_a_code_that_stays() -> None:
    """A absorbs B and keeps its code: the name stays, what adds up is added up."""
    chronicle = land(
        [("A", "A"), ("B", "A")],
        memberships=[member("A", votes=1), member("B", votes=2), member("C", votes=4)],
        partnerships=PARTNERSHIP,
    )
    assert pick(after(chronicle, "municipalities"), "nis", "name", "population", "area_km2") == [
        ("A", "Aagem", 30, 4.0),
        ("C", "Ceegem", 30, 3.5),
        ("N", "Nieuwegem", None, None),
    ]
    assert pick(after(chronicle, "memberships"), "organisation", "votes") == [("A", 3), ("C", 4)]
    before = recode(chronicle)[0].at(BEFORE)
    assert pick(before.table("municipalities").to_dicts(), "nis", "population") == [
        ("A", 10), ("B", 20), ("C", 30),
    ]  # fmt: skip
    assert told(chronicle) == [("merged_membership", "memberships", "A")]


def test_a_pure_change_of_code() -> None:
    chronicle = land(
        [("A", "N")],
        memberships=[member("A", votes=1, role="managing"), member("B", votes=2)],
        partnerships=[{"id": "p", "host": "A"}],
        figures=[figure("A", 5.0), figure("B", 6.0)],
    )
    assert pick(after(chronicle, "municipalities"), "nis", "name", "population") == [
        ("B", "Beegem", 20),
        ("C", "Ceegem", 30),
        ("N", "Nieuwegem", 10),
    ]
    assert pick(after(chronicle, "memberships"), "organisation", "votes", "role") == [
        ("B", 2, None),
        ("N", 1, "managing"),
    ]
    assert pick(after(chronicle, "partnerships"), "id", "host") == [("p", "N")]
    assert pick(after(chronicle, "figures"), "nis", "value") == [("B", 6.0), ("N", 5.0)]
    assert told(chronicle) == []


def test_a_new_municipality_without_a_row_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        recode(land([("A", "X"), ("B", "X")]))
    for word in ("municipalities", "X", "2025-01-01", "has no row"):
        assert word in str(caught.value)


def test_a_split_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        recode(land([("A", "N"), ("A", "C")]))
    for word in ("lineage", "A", "2025-01-01", "split"):
        assert word in str(caught.value)


ORGANISATIONS = [{"id": "ocmw-A", "name": "OCMW Aagem", "class": "ocmw", "nis": "A"}]


@pytest.mark.parametrize("given", [{}, {"organisations": ORGANISATIONS}], ids=["bare", "ocmw"])
def test_a_merger_elsewhere_changes_nothing_here(given: dict[str, list[Row]]) -> None:
    """The lineage of the whole country may come with a landscape of a part of it."""
    found = recode(land([*AB, ("X", "Z"), ("Y", "Z")], **given))[0].at(DAY)
    assert pick(found.table("municipalities").to_dicts(), "nis") == [("C",), ("N",)]


def test_an_absorbed_municipality_without_a_step_for_the_absorbing_one() -> None:
    chronicle = land([("B", "A")], memberships=[member("A", votes=1), member("B", votes=2)])
    assert pick(after(chronicle, "municipalities"), "nis", "population") == [
        ("A", 30), ("C", 30), ("N", None),
    ]  # fmt: skip
    assert pick(after(chronicle, "memberships"), "organisation", "votes") == [("A", 3)]


# Memberships, seats, tasks, hosts.


@pytest.mark.parametrize(
    ("column", "a", "b", "wanted"),
    [
        ("share", 0.25, 0.5, 0.75),
        ("share", 0.25, None, None),
        ("votes", 1, 2, 3),
        ("votes", 0, 0, 0),
        ("votes", None, 2, None),
        ("votes", None, None, None),
        ("contribution_cents", 100, -50, 50),
        ("contribution_cents", 100, None, None),
        ("role", "member", "member", "member"),
        ("role", "member", "managing", None),
        ("role", "member", None, None),
        ("role", None, None, None),
    ],
)
def test_memberships_of_the_parts_become_one(column: str, a: Any, b: Any, wanted: Any) -> None:
    rows = [member("A", **{column: a}), member("B", **{column: b}), member("C", **{column: a})]
    chronicle = land(memberships=rows, partnerships=PARTNERSHIP)
    assert pick(after(chronicle, "memberships"), "organisation", column) == [
        ("C", a),
        ("N", wanted),
    ]


def test_merged_memberships_are_told() -> None:
    chronicle = land(memberships=[member("A"), member("B"), member("C")], partnerships=PARTNERSHIP)
    finding: Finding
    (finding,) = recode(chronicle)[1]
    assert (finding.severity, finding.code, finding.value) == ("warning", "merged_membership", "N")
    for word in ("2 memberships", "Het Verbond", "Nieuwegem", "2025-01-01"):
        assert word in finding.message


def test_a_membership_of_one_part_goes_over_untold() -> None:
    chronicle = land(memberships=[member("A", votes=1), member("C")], partnerships=PARTNERSHIP)
    assert pick(after(chronicle, "memberships"), "organisation", "votes") == [("C", None), ("N", 1)]
    assert told(chronicle) == []


def test_a_partnership_that_falls_below_two_members_is_kept_and_told() -> None:
    chronicle = land(
        memberships=[
            member("A"),
            member("B"),
            {"partnership": "q", "organisation": "A"},
            {"partnership": "q", "organisation": "C"},
            {"partnership": "r", "organisation": "A"},
        ],
        partnerships=[{"id": "p", "name": "Het Verbond"}, {"id": "q"}, {"id": "r"}],
    )
    assert pick(after(chronicle, "partnerships"), "id") == [("p",), ("q",), ("r",)]
    assert pick(after(chronicle, "memberships"), "partnership", "organisation") == [
        ("p", "N"),
        ("q", "C"),
        ("q", "N"),
        ("r", "N"),
    ]
    assert sorted(told(chronicle)) == [  # type: ignore[type-var]
        ("members_lost", "memberships", "p"),
        ("merged_membership", "memberships", "N"),
    ]
    (finding,) = [f for f in recode(chronicle)[1] if f.code == "members_lost"]
    assert finding.severity == "warning"
    assert "Het Verbond" in finding.message


def test_periods_of_the_parts() -> None:
    rows = [
        member("A", votes=5, valid_from=date(2010, 1, 1), valid_to=LATER),
        member("B", votes=7, valid_from=date(2020, 1, 1)),
    ]
    for end in (date(2027, 1, 1), None):
        rows[1]["valid_to"] = end
        chronicle = recode(land(memberships=rows))[0]
        found = chronicle.frames["memberships"].filter(organisation="N").to_dicts()
        periods = [(row["valid_from"], row["valid_to"]) for row in found]
        assert periods == [(DAY, LATER), (LATER, end)]
        assert [row["votes"] for row in found] == [12, 7]


def test_each_period_of_a_part_goes_on() -> None:
    rows = [
        member("A", votes=5, valid_from=date(2020, 1, 1), valid_to=LATER),
        member("A", votes=7, valid_from=LATER),
    ]
    chronicle = recode(land(memberships=rows))[0]
    found = chronicle.frames["memberships"].filter(organisation="N").to_dicts()
    assert [(row["valid_from"], row["valid_to"], row["votes"]) for row in found] == [
        (DAY, LATER, 5),
        (LATER, None, 7),
    ]


def test_a_part_without_a_figure_makes_the_sum_unknown() -> None:
    figure = {"key": "k", "year": 2020, "map_year": 2019, "additive": True}
    rows = [{"nis": "A", "value": 3.0, **figure}, {"nis": "C", "value": 4.0, **figure}]
    found = {row["nis"]: row["value"] for row in after(land(figures=rows), "figures")}
    assert found == {"C": 4.0, "N": None}


UNTOUCHED = {
    "ended long ago": {"valid_to": date(2020, 1, 1)},
    "ended on the day": {"valid_to": DAY},
    "off the record": {"recorded_to": datetime(2020, 1, 1, tzinfo=UTC)},
}


@pytest.mark.parametrize("period", UNTOUCHED.values(), ids=UNTOUCHED)
def test_rows_that_are_over_are_untouched(period: Row) -> None:
    chronicle = land(memberships=[member("A", votes=7, **period), member("B", votes=1)])
    recoded = recode(chronicle)[0].frames["memberships"]
    old = chronicle.frames["memberships"].filter(organisation="A")
    assert recoded.filter(organisation="A").equals(old)
    assert pick(after(chronicle, "memberships"), "organisation", "votes") == [("N", 1)]


@pytest.mark.parametrize("start", [DAY, LATER], ids=["on the day", "later"])
def test_a_membership_to_come_goes_to_the_whole(start: date) -> None:
    chronicle = land(memberships=[member("A", votes=1, valid_from=start)])
    assert pick(after(chronicle, "memberships", LATER), "organisation", "votes") == [("N", 1)]


@pytest.mark.parametrize("start", [None, BEFORE, DAY], ids=["always", "before", "on the day"])
def test_a_membership_that_the_whole_has_already_is_not_doubled(start: date | None) -> None:
    rows = [member("A", votes=1), member("N", votes=3, valid_from=start), member("C")]
    found = after(land(memberships=rows), "memberships")
    assert pick(found, "organisation") == [("C",), ("N",)]


def test_seats_are_added_per_organ_and_side() -> None:
    def seat(organisation: str, organ: str, side: str | None, seats: int | None, paid: Any) -> Row:
        row = {"partnership": "p", "organ": organ, "organisation": organisation}
        return {**row, "side": side, "seats": seats, "paid": paid}

    rows = [
        seat("A", "raad", "majority", 1, True), seat("B", "raad", "majority", 2, True),
        seat("A", "raad", "opposition", 1, True), seat("B", "raad", None, 1, None),
        seat("A", "bureau", None, 1, True), seat("B", "bureau", None, 4, False),
        seat("A", "comité", "other", 1, None), seat("B", "comité", "other", None, None),
        seat("C", "raad", "majority", 9, False),
    ]  # fmt: skip
    columns = ("organisation", "organ", "side", "seats", "paid")
    assert pick(after(land(mandates=rows), "mandates"), *columns) == sorted(
        [
            ("N", "raad", "majority", 3, True),
            ("N", "raad", "opposition", 1, True),
            ("N", "raad", None, 1, None),
            ("N", "bureau", None, 5, None),
            ("N", "comité", "other", None, None),
            ("C", "raad", "majority", 9, False),
        ],
        key=repr,
    )


def test_a_task_for_the_parts_is_one_for_the_whole() -> None:
    rows = [{"partnership": "p", "task": t, "organisation": o} for t, o in ("xA", "xB", "yB", "yC")]
    assert pick(after(land(task_provision=rows), "task_provision"), "task", "organisation") == [
        ("x", "N"), ("y", "C"), ("y", "N"),
    ]  # fmt: skip


def test_the_host_follows() -> None:
    rows = [{"id": "p", "host": "A"}, {"id": "q", "host": "ocmw-B"}, {"id": "r", "host": "C"}]
    ocmws = [{"id": f"ocmw-{nis}", "class": "ocmw", "nis": nis} for nis in "ABC"]
    chronicle = land(partnerships=rows, organisations=ocmws)
    assert pick(after(chronicle, "partnerships"), "id", "host") == [
        ("p", "N"), ("q", "ocmw-N"), ("r", "C"),
    ]  # fmt: skip


def figure(nis: str, value: float | None, **more: Any) -> Row:
    row = {"nis": nis, "key": "k", "year": 2020, "map_year": 2019, "additive": True}
    return {**row, "value": value, **more}


# Zones.


def zone_rows(**zones: str) -> list[Row]:
    return [{"zoning": "Z", "zone": zone, "nis": nis} for nis, zone in zones.items()]


@pytest.mark.parametrize("cover", ["partition", "partial", None])
def test_parts_in_different_zones_keep_both_and_are_told(cover: str | None) -> None:
    chronicle = land(
        zonings=[{"zoning": "Z", "cover": cover}],
        zones=[{"zoning": "Z", "zone": z, "name": f"zone {z}"} for z in "12"],
        zone_members=zone_rows(A="1", B="2", C="2"),
    )
    assert pick(after(chronicle, "zone_members"), "nis", "zone") == [
        ("C", "2"), ("N", "1"), ("N", "2"),
    ]  # fmt: skip
    assert told(chronicle) == [("zone_conflict", "zone_members", "N")]
    (finding,) = recode(chronicle)[1]
    for word in ("Nieuwegem", "zone 1", "zone 2", "Z"):
        assert word in finding.message


def test_parts_in_the_same_zone_are_no_conflict() -> None:
    zonings = [{"zoning": "Z", "cover": "partition"}]
    chronicle = land(zonings=zonings, zone_members=zone_rows(A="1", B="1", C="2"))
    assert pick(after(chronicle, "zone_members"), "nis", "zone") == [("C", "2"), ("N", "1")]
    assert told(chronicle) == []


def test_zones_that_may_overlap_are_no_conflict() -> None:
    zonings = [{"zoning": "Z", "cover": "overlapping"}]
    chronicle = land(zonings=zonings, zone_members=zone_rows(A="1", B="2"))
    assert pick(after(chronicle, "zone_members"), "nis", "zone") == [("N", "1"), ("N", "2")]
    assert told(chronicle) == []


# Areas.


def test_areas_are_united() -> None:
    boxes = {"A": (0, 0, 1, 1), "B": (1, 0, 3, 1), "C": (0, 1, 3, 2)}
    shapes = {nis: shapely.to_wkb(shapely.box(*box)) for nis, box in boxes.items()}
    rows = [{"nis": nis, "geometry": shape} for nis, shape in shapes.items()]
    found = {row["nis"]: row["geometry"] for row in after(land(geometries=rows), "geometries")}
    assert set(found) == {"C", "N"}
    assert shapely.from_wkb(found["N"]).equals(shapely.box(0, 0, 3, 1))
    assert found["C"] == shapes["C"]
    rows[1]["geometry"] = None
    found = {row["nis"]: row["geometry"] for row in after(land(geometries=rows), "geometries")}
    assert found == {"C": shapes["C"]}
    del rows[1]
    found = {row["nis"]: row["geometry"] for row in after(land(geometries=rows), "geometries")}
    assert found == {"C": shapes["C"]}


def test_the_chronicle_given_is_left_as_it_was() -> None:
    chronicle = land(memberships=[member("A"), member("B")])
    copies = {name: frame.clone() for name, frame in chronicle.frames.items()}
    recode(chronicle)
    assert chronicle.equals(Chronicle(copies))
    assert isinstance(chronicle.at(BEFORE), Landscape)
