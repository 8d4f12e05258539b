"""Zones within regions at the prompt: proven, or why not and what to relax."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyogrio
import pytest

from drawn import LINKED, found_by, refused_by, shown_by, zoning
from samenspel.delineation.build import problem_of
from samenspel.delineation.exact.within import joined, zones_within
from samenspel.delineation.problem import Bound
from samenspel.delineation.validator import validate
from samenspel.delineation.wishes import Wishes
from samenspel.landscape.example import example
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.package import write

pytest.importorskip("numba")
pytest.importorskip("ortools")
pytest_plugins = ("drawn_fixtures",)

OF_REGION = {
    "region", "name", "plan", "valid", "violations", "goals", "objective", "penalty", "zones",
    "reasons", "proven_optimal", "proven_impossible", "first_of_equals", "relaxations",
    "relaxations_unknown", "bound", "gap", "candidates", "candidates_complete", "seconds",
}  # fmt: skip
OF_ALL = {
    "plan", "valid", "violations", "goals", "objective", "penalty", "zones", "regions",
    "proven_optimal", "proven_impossible", "divided", "seconds", "compile_seconds", "interrupted",
    "weights", "rules", "soft_penalty", "present", "links_chosen", "unknown_rules",
    "population_unknown",
    "crossing_partnerships", "notes",
}  # fmt: skip


def divided(folder: Path, *words: str, code: int = 0) -> Any:
    return found_by("zones", folder, *words, code=code)


def by_code(found: Any) -> dict[str, Any]:
    return {row["region"]: row for row in found["regions"]}


def test_the_json_that_others_rely_on(land: Path) -> None:
    found = divided(land, "--within", "REGIO", "--population", "20000..80000", *LINKED)
    assert found.keys() == OF_ALL
    assert [row.keys() for row in found["regions"]] == [OF_REGION, OF_REGION]
    assert found["valid"]
    assert found["proven_optimal"] == 2
    region = zoning(example(), "REGIO")
    assert found["plan"].keys() == region.keys()
    for zone in found["zones"]:
        assert {region[nis] for nis in zone["municipalities"]} == {zone["region"]}
        assert 20_000 <= zone["population"] <= 80_000
    for row in found["regions"]:
        assert row["plan"].items() <= found["plan"].items()
        assert row["bound"] == pytest.approx(row["objective"])
        assert row["gap"] == pytest.approx(0)


def test_a_region_without_a_plan_says_why_and_the_others_have_theirs(
    land: Path, tmp_path: Path
) -> None:
    gpkg = tmp_path / "zones.gpkg"
    words = ("--within", "REGIO", "--population", "40000..79000")
    found = divided(land, *words, "--map", str(gpkg), *LINKED, code=1)
    rows = by_code(found)
    assert found["plan"] is None
    assert not found["valid"]
    north, south = rows["NOORD"], rows["ZUID"]
    assert north["plan"] is None
    assert north["proven_impossible"]
    assert north["reasons"]
    assert south["proven_optimal"]
    assert {zone["region"] for zone in found["zones"]} == {"ZUID"}
    assert pyogrio.read_info(gpkg, layer="zones")["features"] == len(south["zones"])
    (high,) = [r["needed"] for r in north["relaxations"] if r["rule"] == "high:population"]
    only = ("--within", "REGIO", "--region", "Regio Noord", *LINKED, "--population")
    assert divided(land, *only, f"40000..{high}")["valid"]
    assert not divided(land, *only, f"40000..{high - 1}", code=1)["valid"]
    assert north["reasons"][0] == "There is no plan; that is proven."
    shown = shown_by("zones", land, *words, *LINKED, code=1)
    assert f"Regio Noord: no plan, proven - {north['reasons'][1]}" in shown
    assert "One of these would do:" in shown


def test_one_region_alone_is_as_among_all(land: Path) -> None:
    words = ("--within", "REGIO", "--population", "20000..80000", *LINKED)
    whole = by_code(divided(land, *words))["ZUID"]
    alone = divided(land, *words, "--region", "ZUID")
    assert alone["plan"] is None  # of all, since only a part was asked
    (row,) = alone["regions"]
    assert {**row, "seconds": 0} == {**whole, "seconds": 0}


def test_partnerships_across_regions_are_told(land: Path, tmp_path: Path) -> None:
    region, bodies = zoning(example(), "REGIO"), problem_of(example(), Wishes((1, 8))).problem
    sets, names = bodies.partnerships, bodies.names
    regions = [
        {region[names[i]] for i in sets.members.indices[start:end]}
        for start, end in pairwise(sets.members.indptr)
    ]
    count = sum(len(touched) > 1 for touched in regions)
    words = ("--within", "REGIO", *LINKED)
    found = divided(land, *words)
    assert found["crossing_partnerships"] == count > 0
    (note,) = found["notes"]
    assert note in shown_by("zones", land, *words)
    assert f"in several regions: {count}." in note
    alone = divided(land, *words, "--region", "ZUID")
    assert alone["crossing_partnerships"] == sum(
        len(touched) > 1 and "ZUID" in touched for touched in regions
    )
    whole = example().table("zone_members")
    one = whole.with_columns(zone=pl.when(zoning="REGIO").then(pl.lit("NOORD")).otherwise("zone"))
    write(example().with_tables(zone_members=one), tmp_path / "streek")
    inside = divided(tmp_path / "streek", *words)
    assert (inside["crossing_partnerships"], inside["notes"]) == (0, [])


def test_so_many_zones_in_each_region(land: Path) -> None:
    found = divided(land, "--within", "REGIO", "--zones", "2", *LINKED)
    assert [len(row["zones"]) for row in found["regions"]] == [2, 2]


def test_units_across_regions_are_refused_or_divided(tmp_path: Path) -> None:
    folder = tmp_path / "streek"
    landscape = example()
    rows = {
        "zonings": {"zoning": "BLOK", "title": "Blokken", "cover": "partial"},
        "zones": {"zoning": "BLOK", "zone": "B1", "name": "Blok"},
        "zone_members": {"zoning": ["BLOK"] * 2, "zone": ["B1"] * 2, "nis": ["00001", "00006"]},
    }
    more = {
        name: pl.concat([landscape.table(name), pl.DataFrame(row)], how="diagonal")
        for name, row in rows.items()
    }
    write(landscape.with_tables(**more), folder)
    words = ("--within", "REGIO", "--units", "BLOK", *LINKED)
    refused = divided(folder, *words, code=1)
    assert all("--divide" in row["reasons"][1] for row in refused["regions"])
    assert divided(folder, *words, "--divide")["valid"]


WRONG: list[tuple[list[str], str]] = [
    ([], "--within"),
    (["--within", "NERGENS"], "NERGENS"),
    (["--within", "WOON"], "in no zone"),
    (["--within", "REGIO", "--region", "nergens"], "nergens"),
    (["--within", "REGIO", "--units", "TOERISME"], "overlap"),
    (["--within", "REGIO", "--zones", "0"], "from 1 on"),
    (["--within", "REGIO", "--population", "9..5"], "write 5..9"),
    (["--within", "REGIO", "--seconds", "-3"], "--seconds -3"),
    (["--within", "REGIO", "--goals", "beauty=1"], "There is no goal “beauty”"),
    (["--within", "REGIO", "--map", "zones.html"], "name it so"),
]


@pytest.mark.parametrize(("words", "text"), WRONG, ids=lambda value: " ".join(value)[:50])
def test_wrong_input_is_told_in_one_line(
    words: list[str], text: str, land: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert text in refused_by("zones", land, *words, "--out", "zones.json")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("year", [2019, 2025])
def test_all_regions_of_flanders_are_settled(
    year: int, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    landscape: Landscape = request.getfixturevalue(f"flanders_{year}")[0]
    folder = tmp_path / "vlaanderen"
    write(landscape, folder)
    wishes = Wishes((1, 300), {"population": Bound(70_000, 130_000)}, within="referentieregio")
    problem = problem_of(landscape, wishes).problem
    regions = zones_within(problem)
    settled = [bool(r.solution.proven_optimal or r.solution.impossible) for r in regions]
    assert all(settled)
    assert len(settled) == 15
    whole = joined(problem, regions)
    found = divided(
        folder, "--within", "referentieregio", "--population", "70000..130000",
        code=0 if whole is not None else 1,
    )  # fmt: skip
    assert found["proven_optimal"] + found["proven_impossible"] == 15
    assert [row["objective"] for row in found["regions"] if row["plan"]] == pytest.approx(
        [r.solution.objective for r in regions if r.solution.plan is not None]
    )
    if whole is not None:
        zones = [zone["zone"] for zone in found["zones"]]
        plan = np.array([zones.index(found["plan"][nis]) for nis in problem.names])
        assert validate(problem, plan) == ()
