"""A merger on the day of a landscape: what recoding makes of a chronicle, on one day."""

from collections import Counter
from datetime import date
from typing import Any

import polars as pl
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mergers import OLD, Row, chronicle, figure, flow, frame
from samenspel.errors import InputError
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.oneday import merged
from samenspel.landscape.recode import recode
from samenspel.landscape.validation import check

DAY = date(2024, 5, 1)
slow = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
codes = st.sampled_from(OLD)
counts = st.none() | st.integers(0, 99)


@st.composite
def lands(draw: st.DrawFn) -> dict[str, list[Row]]:
    """Rows on five municipalities, all of them begun before the day or at an unknown moment."""
    links = draw(st.sets(st.tuples(st.sampled_from("pqr"), codes), max_size=9))
    flows = draw(
        st.dictionaries(st.tuples(st.none() | codes, st.none() | codes), counts, max_size=9)
    )
    figures = draw(st.dictionaries(st.tuples(codes, st.booleans()), counts, max_size=6))
    began = st.sampled_from([None, date(2000, 1, 1)])
    ends = st.sampled_from([None, date(2030, 1, 1)])
    return {
        "memberships": [
            {"partnership": p, "organisation": c, "votes": draw(counts),
             "valid_from": draw(began), "valid_to": draw(ends)}
            for p, c in sorted(links)
        ],
        "flows": [flow(a, b, n) for (a, b), n in flows.items()],
        "figures": [
            figure(c, n, key=f"k{additive}", additive=additive)
            for (c, additive), n in figures.items()
        ],
        "zonings": [{"zoning": "Z", "cover": draw(st.sampled_from(["partition", "overlapping"]))}],
        "zones": [{"zoning": "Z", "zone": zone} for zone in "12"],
        "zone_members": [{"zoning": "Z", "zone": draw(st.sampled_from("12")), "nis": c}
                         for c in OLD],
        "partnerships": [{"id": p, "host": draw(st.none() | codes)} for p in "pqr"],
        "organisations": [{"id": f"ocmw-{c}", "class": "ocmw", "nis": c, "name": f"OCMW {c}"}
                          for c in draw(st.sets(codes))],
        "adjacency": [{"nis_a": a, "nis_b": b, "border_m": draw(st.none() | st.just(1.0))}
                      for a, b in draw(st.sets(st.sampled_from(["AB", "BC", "CD", "DE", "AE"])))],
    }  # fmt: skip


mergers = st.tuples(st.sets(codes, min_size=2, max_size=4).map(sorted), st.booleans())


@slow
@given(lands(), mergers)
def test_one_day_is_recoding_on_that_day(rows: dict[str, list[Row]], how: Any) -> None:
    parts, fresh = how
    nis = "N" if fresh else parts[0]
    steps = {DAY: dict.fromkeys(parts, nis)}
    recoded, _ = recode(chronicle(steps, **rows))
    wanted = recoded.at(DAY)
    plain = chronicle({}, **rows).at(DAY)
    found, findings = merged(plain, parts, nis, {"name": "Ngem"} if fresh else {})
    for name in wanted.frames:
        left, right = (picture.table(name) for picture in (found, wanted))
        if name in ("lineage", "organisations"):
            left, right = left.drop("valid_from", strict=False), right
        assert sorted(map(repr, left.iter_rows())) == sorted(map(repr, right.iter_rows())), name
    assert Counter(f.code for f in findings) == Counter(f.code for f in recode(
        chronicle(steps, **rows))[1])  # fmt: skip


@slow
@given(lands(), mergers)
def test_no_error_comes_that_was_not_there(rows: dict[str, list[Row]], how: Any) -> None:
    parts, fresh = how
    plain = chronicle({}, **rows).at(DAY)
    found, _ = merged(plain, parts, "N" if fresh else parts[0], {"name": "Ngem"})
    before, after = (
        {(f.code, f.table) for f in check(picture.frames, DAY) if f.severity == "error"}
        for picture in (plain, found)
    )
    assert after <= before


def land(day: date = DAY, **rows: list[Row]) -> Landscape:
    return chronicle({}, **rows).at(day)


def test_a_row_that_begins_on_the_day_goes_over_too() -> None:
    rows = [{"partnership": "p", "organisation": c, "votes": 1, "valid_from": DAY} for c in "ABC"]
    found, _ = merged(land(memberships=rows, partnerships=[{"id": "p"}]), "AB", "A", {})
    table = found.table("memberships").select("organisation", "votes", "valid_from")
    assert set(table.iter_rows()) == {("A", 2, DAY), ("C", 1, DAY)}


def test_what_is_not_touched_keeps_its_period() -> None:
    rows = [
        {"partnership": "p", "organisation": "C", "valid_from": date(2001, 1, 1)},
        {"partnership": "p", "organisation": "D", "valid_to": date(2031, 1, 1)},
        {"partnership": "p", "organisation": "A", "valid_to": date(2031, 1, 1)},
    ]
    found, _ = merged(land(memberships=rows), "AB", "A", {})
    table = found.table("memberships").select("organisation", "valid_from", "valid_to")
    assert set(table.iter_rows()) == {
        ("C", date(2001, 1, 1), None),
        ("D", None, date(2031, 1, 1)),
        ("A", DAY, date(2031, 1, 1)),
    }
    towns = found.table("municipalities").select("nis", "valid_from")
    assert dict(towns.iter_rows()) == {"A": DAY} | dict.fromkeys("CDE", date(1977, 1, 1))


def test_stated_facts_and_a_point_inside() -> None:
    squares = {c: shapely.to_wkb(shapely.box(i, 0, i + 1, 1)) for i, c in enumerate(OLD)}
    areas = [{"nis": c, "geometry": shape} for c, shape in squares.items()]
    found, _ = merged(land(geometries=areas), "AB", "N", {"name": "Ngem", "centre": True})
    [row] = found.table("municipalities").filter(pl.col("nis") == "N").to_dicts()
    assert (row["name"], row["centre"], row["population"], row["kbo"]) == ("Ngem", True, 2, None)
    assert 0 < row["x"] < 2
    assert 0 < row["y"] < 1
    [whole] = found.table("geometries").filter(pl.col("nis") == "N")["geometry"]
    assert shapely.equals(shapely.from_wkb(whole), shapely.box(0, 0, 2, 1))
    renamed, _ = merged(land(geometries=areas), "AB", "A", {"name": "Agem-Begem"})
    assert dict(renamed.table("municipalities").select("nis", "name").iter_rows())["A"] == (
        "Agem-Begem"
    )
    with pytest.raises(InputError, match="N, new on 2024-05-01, has no row"):
        merged(land(), "AB", "N", {})


@pytest.mark.parametrize(
    ("map_year", "wanted"),
    [(None, {"A": None}), (2018, {"A": 2024}), (2024, {"A": 2024}), (2025, {"A": 2025, "B": 2025})],
)
def test_figures_on_the_map_of_the_day_go_over(map_year: int | None, wanted: Any) -> None:
    """Those of no year of the map are of the day; those of a map to come stay."""
    rows = [figure("A", 1.0, map_year=map_year), figure("B", 2.0, map_year=map_year)]
    found, _ = merged(land(figures=rows), "AB", "A", {})
    table = found.table("figures").select("nis", "value", "map_year")
    total = {"A": 3.0} if len(wanted) == 1 else {"A": 1.0, "B": 2.0}
    assert {n: (total[n], y) for n, y in wanted.items()} == {
        n: (v, y) for n, v, y in table.iter_rows()
    }


def test_figures_of_a_map_before_an_earlier_merger_stay() -> None:
    steps = [{"kind": "municipality", "old": "X", "new": "A", "date": date(2019, 1, 1),
              "operation": "merger"}]  # fmt: skip
    rows = [figure("A", 1.0), figure("B", 2.0), figure("A", 5.0, map_year=2019),
            figure("B", 6.0, map_year=2019)]  # fmt: skip
    bare = {n: f for n, f in land(figures=rows).frames.items() if n != "lineage"}
    before = Landscape(DAY, {**bare, "lineage": frame("lineage", steps)})
    found, _ = merged(before, "AB", "A", {})
    table = found.table("figures").select("nis", "value", "map_year")
    # That of B on the map of 2018 is no longer the latest of B, and adds to nothing.
    assert set(table.iter_rows()) == {("A", 1.0, 2018), ("B", 2.0, 2018), ("A", 11.0, 2024)}


def test_of_two_maps_the_latest_is_that_of_the_day() -> None:
    rows = [figure("C", 1.0), figure("C", 2.0, map_year=2020), figure("D", 3.0)]
    found, _ = merged(land(figures=rows), "AB", "A", {})
    table = found.table("figures").select("nis", "value", "map_year")
    assert set(table.iter_rows()) == {("C", 1.0, 2018), ("C", 2.0, 2024), ("D", 3.0, 2024)}


def test_a_second_merger_carries_what_the_first_made() -> None:
    rows = [figure(c, 1.0) for c in OLD]
    flows = [flow("A", "E", 1), flow("C", "E", 2), flow("A", "C", 4)]
    once, _ = merged(land(figures=rows, flows=flows), "AB", "N", {"name": "Ngem"})
    twice, _ = merged(once, ["N", "C"], "M", {"name": "Mgem"})
    assert dict(twice.table("figures").select("nis", "value").iter_rows()) == {
        "M": 3.0, "D": 1.0, "E": 1.0,
    }  # fmt: skip
    assert set(twice.table("flows").select("from", "to", "count").iter_rows()) == {
        ("M", "E", 3), ("M", "M", 4),
    }  # fmt: skip
    steps = twice.table("lineage").select("old", "new")
    assert set(steps.iter_rows()) == {("A", "N"), ("B", "N"), ("N", "M"), ("C", "M")}
    again, _ = merged(merged(land(), "AB", "A", {})[0], "AC", "A", {})
    assert not again.table("lineage").is_duplicated().any()
