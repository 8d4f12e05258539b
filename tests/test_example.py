"""The hand-drawn example: whole, without errors, and with each difficulty really in it."""

from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import shapely

from samenspel.landscape import codes, package, tables
from samenspel.landscape import example as room
from samenspel.landscape.chronicle import Chronicle
from samenspel.landscape.example import example, example_chronicle
from samenspel.landscape.findings import errors
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.validation import check

BEFORE, MERGED = date(2024, 12, 31), date(2025, 1, 1)
INTERMUNICIPAL_TERMS = {
    "projectvereniging": 6,
    "dienstverlenende_vereniging": 18,
    "opdrachthoudende_vereniging": 18,
    "opdrachthoudende_vereniging_met_private_deelname": 18,
}
Row = dict[str, Any]


@pytest.fixture(scope="module")
def chronicle() -> Chronicle:
    return example_chronicle()


@pytest.fixture(scope="module")
def before(chronicle: Chronicle) -> Landscape:
    return chronicle.at(BEFORE)


@pytest.fixture(scope="module")
def after() -> Landscape:
    return example()


def rows(landscape: Landscape, table: str, **wanted: object) -> list[Row]:
    found = landscape.table(table).iter_rows(named=True)
    return [row for row in found if all(row[key] == value for key, value in wanted.items())]


def partnerships(landscape: Landscape, **wanted: object) -> list[str]:
    return [row["id"] for row in rows(landscape, "partnerships", **wanted)]


def members(landscape: Landscape, partnership: str) -> set[str]:
    return {row["organisation"] for row in rows(landscape, "memberships", partnership=partnership)}


def municipalities(landscape: Landscape) -> set[str]:
    return set(landscape.table("municipalities")["nis"])


def lands(landscape: Landscape, partnership: str) -> set[str]:
    return members(landscape, partnership) & municipalities(landscape)


def zones(landscape: Landscape, zoning: str) -> dict[str, set[str]]:
    """Municipality to its zones, for every municipality."""
    found: dict[str, set[str]] = {nis: set() for nis in municipalities(landscape)}
    for row in rows(landscape, "zone_members", zoning=zoning):
        found[row["nis"]].add(row["zone"])
    return found


def main_zoning(landscape: Landscape) -> str:
    (row,) = rows(landscape, "zonings", binding=True)
    return str(row["zoning"])


def merging(landscape: Landscape) -> tuple[set[str], str]:
    found = rows(landscape, "lineage", kind="municipality", operation="merger")
    (new,) = {row["new"] for row in found}
    assert {row["date"] for row in found} == {MERGED}
    return {row["old"] for row in found}, new


def classes(landscape: Landscape) -> dict[str, str]:
    return {row["id"]: row["class"] for row in rows(landscape, "organisations")}


# The whole.


@pytest.mark.parametrize("table", tables.TABLES, ids=lambda table: table.name)
def test_every_table_has_rows_and_every_column_a_value(
    chronicle: Chronicle, table: tables.Table
) -> None:
    frame = chronicle.frames[table.name]
    assert frame.height
    unused = {c.name for c in table.columns if frame[c.name].null_count() == frame.height}
    assert unused <= {"confirmed_by"}


@pytest.mark.parametrize("day", [date(2016, 6, 1), date(2020, 12, 31), date(2023, 6, 1), BEFORE])
def test_no_errors_before_the_merger(chronicle: Chronicle, day: date) -> None:
    assert errors(check(chronicle.frames, day)) == []


def test_no_errors_after_the_merger(after: Landscape) -> None:
    assert errors(check(after.frames, MERGED)) == []


def test_warnings_before_the_merger_are_only_facts_of_the_land(before: Landscape) -> None:
    assert {f.code for f in check(before.frames, BEFORE)} == {"no_neighbours", "not_contiguous"}


def test_every_row_names_the_one_source_which_says_that_all_is_invented(
    chronicle: Chronicle,
) -> None:
    (source,) = chronicle.frames["sources"].iter_rows(named=True)
    assert "verzonnen" in source["title"].lower()
    assert chronicle.about.fictional
    for name, frame in chronicle.frames.items():
        if name != "sources":
            assert set(frame["source"]) == {source["id"]}, name


def test_enterprise_numbers_are_valid_but_none_that_is_given_out(chronicle: Chronicle) -> None:
    for name in ("municipalities", "organisations"):
        for kbo in chronicle.frames[name]["kbo"].drop_nulls():
            assert kbo.startswith("0000")
            assert len(kbo) == 10
            assert int(kbo[8:]) == 97 - int(kbo[:8]) % 97


def test_the_example_survives_being_written_and_read(after: Landscape, tmp_path: Path) -> None:
    package.write(after, tmp_path / "example")
    assert package.read_raw(tmp_path / "example").findings == []


# The map.


def letters() -> dict[tuple[int, int], str]:
    """(row, column) to letter, read apart from the module under test; outside is left out."""
    text = (room.FOLDER / "map.txt").read_text(encoding="utf-8")
    drawn = [line for line in text.splitlines() if line and line[0] != "#" and "=" not in line]
    return {
        (r, c): letter
        for r, line in enumerate(drawn)
        for c, letter in enumerate(line)
        if letter != "."
    }


def test_nine_municipalities_become_eight(before: Landscape, after: Landscape) -> None:
    parts, whole = merging(before)
    assert len(municipalities(before)) == 9
    assert len(municipalities(after)) == 8
    assert municipalities(after) == (municipalities(before) - parts) | {whole}
    assert all(nis.startswith("0") for nis in municipalities(after))


def test_areas_count_the_cells_of_the_map(before: Landscape) -> None:
    cells = sorted(letters().values())
    counts = sorted(cells.count(letter) for letter in set(cells))
    assert sorted(row["area_km2"] for row in rows(before, "municipalities")) == counts


@pytest.mark.parametrize("moment", ["before", "after"])
def test_geometry_area_point_and_borders_agree(moment: str, request: pytest.FixtureRequest) -> None:
    landscape: Landscape = request.getfixturevalue(moment)
    shapes = {r["nis"]: shapely.from_wkb(r["geometry"]) for r in rows(landscape, "geometries")}
    assert set(shapes) == municipalities(landscape)
    for row in rows(landscape, "municipalities"):
        assert shapes[row["nis"]].area == row["area_km2"] * 1e6
        assert shapes[row["nis"]].contains(shapely.Point(row["x"], row["y"]))
    expected = {
        (a, b): shapes[a].intersection(shapes[b]).length
        for a, b in combinations(sorted(shapes), 2)
        if shapes[a].intersection(shapes[b]).length > 0
    }
    shared = dict.fromkeys(shapes, 0.0)
    for (a, b), length in expected.items():
        shared[a] += length
        shared[b] += length
    for nis, shape in shapes.items():
        if shape.length > shared[nis]:
            expected[nis, None] = shape.length - shared[nis]
    found = rows(landscape, "adjacency")
    assert {(r["nis_a"], r["nis_b"]): r["border_m"] for r in found} == expected
    assert len(found) == len(expected)


def test_coordinates_lie_on_the_map_of_the_country(before: Landscape) -> None:
    frame = before.table("municipalities")
    assert frame["x"].is_between(100_000, 120_000).all()
    assert frame["y"].is_between(200_000, 215_000).all()


def test_each_cell_lies_where_it_is_drawn(before: Landscape) -> None:
    text = (room.FOLDER / "map.txt").read_text(encoding="utf-8")
    legend = {line[0]: line[4:] for line in text.splitlines() if line[1:4] == " = "}
    shapes = {r["nis"]: shapely.from_wkb(r["geometry"]) for r in rows(before, "geometries")}
    lowest = max(r for r, _ in letters())
    for (r, c), letter in letters().items():
        middle = shapely.Point(100_500 + 1000 * c, 200_500 + 1000 * (lowest - r))
        assert shapes[legend[letter]].contains(middle), (r, c)


def test_one_exclave_without_neighbours(before: Landscape) -> None:
    cells = letters()
    alone = set(cells.values())
    for (r, c), letter in cells.items():
        around = {cells.get((r + i, c + j), letter) for i in (-1, 0, 1) for j in (-1, 0, 1)}
        if around != {letter}:
            alone.discard(letter)
    assert len(alone) == 1
    pairs = [r for r in rows(before, "adjacency") if r["nis_b"] is not None]
    touched = {r["nis_a"] for r in pairs} | {r["nis_b"] for r in pairs}
    assert len(municipalities(before) - touched) == 1


def test_one_municipality_is_enclosed_by_others(before: Landscape) -> None:
    open_to_outside = {r["nis_a"] for r in rows(before, "adjacency", nis_b=None)}
    assert len(municipalities(before) - open_to_outside) == 1


# Zonings and the merger.


def test_main_zoning_is_a_partition_in_two(before: Landscape, after: Landscape) -> None:
    for landscape in (before, after):
        placed = zones(landscape, main_zoning(landscape)).values()
        assert all(len(found) == 1 for found in placed)
        assert len(set.union(*placed)) == 2


def test_parts_share_a_main_zone_but_not_a_police_zone(before: Landscape, after: Landscape) -> None:
    parts, whole = merging(before)
    main = zones(before, main_zoning(before))
    assert len(set.union(*(main[nis] for nis in parts))) == 1
    torn = [
        row["zoning"]
        for row in rows(before, "zonings", cover="partition")
        if len(set.union(*(zones(before, row["zoning"])[nis] for nis in parts))) > 1
    ]
    assert len(torn) == 1
    assert len(zones(after, torn[0])[whole]) == 2


def test_parts_are_neighbours(before: Landscape) -> None:
    a, b = sorted(merging(before)[0])
    assert rows(before, "adjacency", nis_a=a, nis_b=b)


def test_partial_and_overlapping_zonings(before: Landscape) -> None:
    (partial,) = rows(before, "zonings", cover="partial")
    sizes = {len(found) for found in zones(before, partial["zoning"]).values()}
    assert sizes == {0, 1}
    (overlapping,) = rows(before, "zonings", cover="overlapping")
    assert max(len(found) for found in zones(before, overlapping["zoning"]).values()) > 1


def test_a_zone_changed_its_code(chronicle: Chronicle) -> None:
    (step,) = chronicle.frames["lineage"].filter(kind="zone").iter_rows(named=True)
    for day, code in ((date(2020, 12, 31), step["old"]), (date(2021, 1, 1), step["new"])):
        held = {r["zone"] for r in rows(chronicle.at(day), "zones", zoning=step["zoning"])}
        assert code in held
        assert not {step["old"], step["new"]} - {code} & held


def test_merger_doubles_memberships(before: Landscape, after: Landscape) -> None:
    parts, whole = merging(before)
    double = [p for p in partnerships(before) if parts < lands(before, p)]
    assert double
    for p in double:
        assert len(rows(after, "memberships", partnership=p, organisation=whole)) == 1


def test_one_partnership_falls_to_one_member(before: Landscape, after: Landscape) -> None:
    parts, whole = merging(before)
    (fallen,) = [p for p in partnerships(before) if members(before, p) == parts]
    assert members(after, fallen) == {whole}


def test_population_of_the_merger_is_that_of_its_parts(before: Landscape, after: Landscape) -> None:
    parts, whole = merging(before)
    count = {r["nis"]: r["population"] for r in rows(before, "municipalities")}
    (row,) = rows(after, "municipalities", nis=whole)
    assert row["population"] == sum(count[nis] for nis in parts)


# Partnerships.


def test_a_dozen_partnerships_or_a_few_more(before: Landscape) -> None:
    assert 12 <= len(partnerships(before)) <= 18


def test_partnerships_cross_the_border_of_the_main_zones(before: Landscape) -> None:
    main = zones(before, main_zoning(before))
    touched = {
        p: set().union(*(main[nis] for nis in lands(before, p))) for p in partnerships(before)
    }
    assert [p for p, found in touched.items() if len(found) == 2]
    assert [p for p, found in touched.items() if len(found) == 1]


def test_three_partnerships_of_the_same_three_municipalities(before: Landscape) -> None:
    sets: dict[frozenset[str], list[str]] = {}
    for p in partnerships(before, status="active"):
        sets.setdefault(frozenset(members(before, p)), []).append(p)
    same = {found: ids for found, ids in sets.items() if len(ids) > 1}
    ((found, ids),) = same.items()
    assert len(found) == len(ids) == 3
    assert found <= municipalities(before)


def test_a_first_line_housing_desk(before: Landscape) -> None:
    assert partnerships(before, line="first", theme="housing")
    assert partnerships(before, line="second")


def test_one_partnership_of_which_nearly_all_is_unknown(before: Landscape) -> None:
    unknown = dict.fromkeys(
        ("theme", "initiator", "term_end", "line", "legal_form", "status"), None
    )
    (found,) = partnerships(before, **unknown)
    assert len(lands(before, found)) >= 2


def test_statuses(before: Landscape) -> None:
    assert {row["status"] for row in rows(before, "partnerships")} == {
        "planned",
        "active",
        "inactive",
        None,
    }
    for row in rows(before, "partnerships", status="planned"):
        assert row["start"] > MERGED
    for row in rows(before, "partnerships", status="inactive"):
        assert row["term_end"] < MERGED
        assert not members(before, row["id"])


def test_a_member_that_is_itself_a_partnership(before: Landscape) -> None:
    ids = set(partnerships(before))
    nested = [p for p in ids if members(before, p) & ids]
    assert nested
    assert all(
        row["legal_form"] == "projectvereniging"
        for p in nested
        for row in rows(before, "partnerships", id=p)
    )


def test_private_members_in_utilities_only(before: Landscape) -> None:
    kinds = classes(before)
    found = [
        row
        for row in rows(before, "partnerships")
        if any(kinds.get(m) == "private" for m in members(before, row["id"]))
    ]
    assert found
    for row in found:
        assert row["legal_form"] == "opdrachthoudende_vereniging_met_private_deelname"
        assert row["theme"] == "utilities"


def test_interlokale_verenigingen_have_a_host_among_their_members_and_no_staff(
    before: Landscape,
) -> None:
    found = rows(before, "partnerships", legal_form="interlokale_vereniging")
    assert found
    for row in found:
        assert row["host"] in lands(before, row["id"])
        assert len(lands(before, row["id"])) >= 2
        assert row["staff_fte"] == 0


def test_terms_keep_to_the_longest_that_the_law_allows(before: Landscape) -> None:
    for row in rows(before, "partnerships"):
        longest = INTERMUNICIPAL_TERMS.get(row["legal_form"])
        if longest and row["term_end"]:
            assert row["term_end"] <= row["start"].replace(year=row["start"].year + longest)
    terms = {
        (row["legal_form"], row["term_end"].year - row["start"].year)
        for row in rows(before, "partnerships")
        if row["term_end"]
    }
    assert ("dienstverlenende_vereniging", 18) in terms
    assert ("projectvereniging", 6) in terms


def test_a_projectvereniging_ends_soon_and_seats_majority_and_opposition(
    before: Landscape,
) -> None:
    soon = [
        row["id"]
        for row in rows(before, "partnerships", legal_form="projectvereniging", status="active")
        if MERGED < row["term_end"] <= date(2027, 1, 1)
    ]
    assert soon
    for p in soon:
        for nis in lands(before, p):
            seats = rows(before, "mandates", partnership=p, organisation=nis)
            assert {row["side"] for row in seats} == {"majority", "opposition"}


def test_a_welzijnsvereniging_of_ocmws(before: Landscape) -> None:
    kinds = classes(before)
    (found,) = partnerships(before, legal_form="welzijnsvereniging")
    ocmws = [m for m in members(before, found) if kinds[m] == "ocmw"]
    assert len(ocmws) >= 2
    assert kinds[found] == "ocmw_association"


def test_every_municipality_has_an_ocmw_and_every_partnership_an_organisation(
    before: Landscape, after: Landscape
) -> None:
    for landscape in (before, after):
        ocmws = {r["nis"]: r["id"] for r in rows(landscape, "organisations", **{"class": "ocmw"})}
        assert ocmws == {nis: f"ocmw-{nis}" for nis in municipalities(landscape)}
        kinds = classes(landscape)
        assert {kinds[p] for p in partnerships(landscape)} == set(codes.PARTNERSHIP_CLASSES)


def test_police_zones_of_one_and_of_several_match_their_zoning(before: Landscape) -> None:
    kinds = classes(before)
    bodies = {
        frozenset(members(before, p)) for p in partnerships(before) if kinds[p] == "police_zone"
    }
    sizes = {len(body) for body in bodies}
    assert 1 in sizes
    assert max(sizes) > 1
    (zoning,) = rows(before, "zonings", kind="police_zone")
    land: dict[str, set[str]] = {}
    for row in rows(before, "zone_members", zoning=zoning["zoning"]):
        land.setdefault(row["zone"], set()).add(row["nis"])
    assert bodies == {frozenset(found) for found in land.values()}


def test_members_left_joined_later_and_will_join(chronicle: Chronicle) -> None:
    founded = chronicle.frames["memberships"].join(
        chronicle.frames["partnerships"].filter(status="active").select("id", "start"),
        left_on="partnership",
        right_on="id",
    )
    held = pl.col("valid_from")
    assert founded.filter(pl.col("valid_to") < MERGED).height
    assert founded.filter(held > pl.col("start"), held < MERGED).height
    assert founded.filter(held > MERGED).height
    assert founded.filter(held < pl.col("start")).is_empty()


def test_a_ground_for_exception_and_a_transferred_task(before: Landscape) -> None:
    assert len([r for r in rows(before, "partnerships") if r["scope_exception"]]) == 1
    assert {r["transferred"] for r in rows(before, "tasks")} == {True, False, None}
    for row in rows(before, "tasks", transferred=True):
        (form,) = [r["legal_form"] for r in rows(before, "partnerships", id=row["partnership"])]
        assert form.startswith("opdrachthoudende_vereniging")


def test_tasks_are_provided_to_some_members_only(before: Landscape) -> None:
    provided: dict[tuple[str, str], set[str]] = {}
    for row in rows(before, "task_provision"):
        provided.setdefault((row["partnership"], row["task"]), set()).add(row["organisation"])
    assert all(found <= members(before, p) for (p, _), found in provided.items())
    assert [p for (p, _), found in provided.items() if found < members(before, p)]


def test_money_and_votes_are_known_for_some_and_unknown_for_others(before: Landscape) -> None:
    links = before.table("memberships")
    for column in ("share", "votes", "contribution_cents"):
        assert 0 < links[column].null_count() < links.height, column
    shares = links.drop_nulls("share").group_by("partnership").agg(pl.col("share").sum())
    assert all(total == pytest.approx(1) for total in shares["share"])
    budgets = [row["budget_cents"] for row in rows(before, "partnerships")]
    assert budgets.count(0) == 1
    assert None in budgets


# Figures and flows.


def test_commuting_is_counted_on_the_older_map_and_leaves_the_land(before: Landscape) -> None:
    found = rows(before, "flows", kind="commuting", map_year=2019)
    assert len(found) == before.table("flows").height
    assert all(row["year"] for row in found)
    ends = {row["from"] for row in found} | {row["to"] for row in found}
    assert ends == municipalities(before) | {None}
    assert [row for row in found if row["to"] is None and row["from"]]
    a, b = merging(before)[0]
    assert rows(before, "flows", **{"from": a, "to": b})


def test_figures_per_year_on_the_older_map(before: Landscape) -> None:
    for key in ("population", "taxable_income", "median_income"):
        found = rows(before, "figures", key=key)
        assert {row["nis"] for row in found} == municipalities(before)
        assert {row["map_year"] for row in found} == {2019}
        assert {row["additive"] for row in found} == {key != "median_income"}
        assert all(row["unit"] for row in found)
    years = {row["year"] for row in rows(before, "figures", key="population")}
    assert len(years) > 1
    latest = rows(before, "figures", key="population", year=max(years))
    assert {r["nis"]: r["value"] for r in latest} == {
        r["nis"]: r["population"] for r in rows(before, "municipalities")
    }
