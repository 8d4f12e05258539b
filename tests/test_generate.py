"""Voorbeeldland: valid at every size, the same by seed, with land that fits and zones that nest."""

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import rows
from samenspel.landscape import tables
from samenspel.landscape.findings import errors
from samenspel.landscape.generate import generate, generate_chronicle
from samenspel.landscape.generate.names import every_name
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.load import load
from samenspel.landscape.recode import recode
from samenspel.landscape.validation import check

DAY = date(2025, 1, 1)
SIZES = (30, 100, 300)
made: dict[tuple[int, int], Landscape] = {}


def country(size: int, seed: int = 1) -> Landscape:
    if (size, seed) not in made:
        made[size, seed] = generate(size, seed)
    return made[size, seed]


def zone_of(landscape: Landscape, zoning: str) -> dict[str, str]:
    members = landscape.table("zone_members").filter(pl.col("zoning") == zoning)
    found = dict(members.select("nis", "zone").iter_rows())
    assert len(found) == members.height
    return found


@pytest.mark.parametrize("size", SIZES)
def test_it_has_the_size_asked_for_and_no_errors(size: int) -> None:
    landscape = country(size)
    assert landscape.table("municipalities").height == size
    assert landscape.date == DAY
    assert [str(fault) for fault in errors(check(landscape.frames, DAY))] == []


def test_a_large_country_has_no_errors() -> None:
    landscape = generate(3000, 5)
    assert landscape.table("municipalities").height == 3000
    found = check(landscape.frames, DAY)
    assert [str(fault) for fault in errors(found)] == []
    facts = {"no_neighbours", "not_contiguous", "zone_conflict", "few_members"}
    assert {fault.code for fault in found} <= facts
    assert [fault.code for fault in found].count("no_neighbours") == 1


@settings(max_examples=12, deadline=None)
@given(st.integers(30, 140), st.integers(0, 2**32))
def test_any_small_country_is_valid(size: int, seed: int) -> None:
    landscape = generate(size, seed)
    assert landscape.table("municipalities").height == size
    assert [str(fault) for fault in errors(check(landscape.frames, DAY))] == []
    if size >= 100:
        assert model_regions(landscape)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("table", tables.TABLES, ids=lambda table: table.name)
def test_every_table_has_rows_and_every_column_a_value(size: int, table: tables.Table) -> None:
    frame = country(size).table(table.name)
    assert frame.height
    unused = [c.name for c in table.columns if frame[c.name].null_count() == frame.height]
    assert unused == []


def test_the_same_seed_gives_the_same_frames_and_another_seed_does_not() -> None:
    again = generate(100, 1)
    for name, frame in country(100).frames.items():
        assert frame.equals(again.frames[name]), name
    other = generate(100, 2)
    apart = [name for name in again.frames if not again.frames[name].equals(other.frames[name])]
    assert set(apart) == {table.name for table in tables.TABLES} - {"zonings"}


def test_the_same_bytes_whatever_the_process(tmp_path: Path) -> None:
    made_by = (
        "import sys; from pathlib import Path; from samenspel.landscape.generate import generate; "
        "from samenspel.landscape.package import write; write(generate(100, 7), Path(sys.argv[1]))"
    )
    for salt in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": salt}
        command = [sys.executable, "-c", made_by, str(tmp_path / salt)]
        subprocess.run(command, env=environment, check=True)
    names = sorted(path.name for path in (tmp_path / "1").iterdir())
    assert len(names) > 15
    assert names == sorted(path.name for path in (tmp_path / "2").iterdir())
    for name in names:
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes(), name


def test_the_comparison_is_printed_without_the_public_files_too(tmp_path: Path) -> None:
    command = [sys.executable, "benchmarks/generate.py", "--compare", "--size", "30"]
    command += ["--data", str(tmp_path / "absent")]
    root = Path(__file__).parents[1]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()[4:]
    assert len(lines) > 15
    assert all("files absent" in line for line in lines)


def test_the_page_shows_what_the_command_prints(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "benchmarks/generate.py",
        "--compare",
        "--data",
        str(tmp_path / "no"),
    ]
    root = Path(__file__).parents[1]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    printed = [line.split("|") for line in done.stdout.splitlines() if line.startswith("| ")]
    page = (root / "docs" / "explanation" / "voorbeeldland.md").read_text(encoding="utf-8")
    listed = {(cells[1], cells[3]) for cells in (line.split("|") for line in page.splitlines())
              if len(cells) == 5}  # fmt: skip
    assert len(printed) > 15
    assert {(cells[1], cells[3]) for cells in printed} <= listed


def test_it_is_the_chronicle_recoded() -> None:
    chronicle = generate_chronicle(100, 1)
    assert recode(chronicle)[0].at(DAY).equals(country(100))
    for day in (date(2018, 12, 31), date(2019, 1, 1), date(2024, 12, 31)):
        older = recode(chronicle)[0].at(day)
        assert [str(fault) for fault in errors(check(older.frames, day))] == [], day


@pytest.mark.parametrize("size", [0, 29, 30_001])
def test_other_sizes_are_refused(size: int) -> None:
    with pytest.raises(ValueError, match=str(size)):
        generate(size)


def test_it_says_that_it_is_invented() -> None:
    landscape = country(30)
    assert landscape.about.fictional
    assert "verzonnen" in landscape.about.name
    (source,) = landscape.table("sources").iter_rows(named=True)
    assert "verzonnen" in source["title"]
    assert source["coverage"] == "all_kinds"
    for name, frame in landscape.frames.items():
        if name not in ("sources", "lineage"):
            assert set(frame["source"]) == {source["id"]}, name


# The land.


@pytest.mark.parametrize("size", SIZES)
def test_areas_fit_without_gap_or_overlap(size: int) -> None:
    landscape = country(size)
    shapes = shapely.from_wkb(landscape.table("geometries")["geometry"].to_list())
    assert shapely.is_valid(shapes).all()
    whole = shapely.union_all(shapes)
    assert shapely.area(shapes).sum() == pytest.approx(whole.area, rel=1e-9)
    stated = landscape.table("municipalities")["area_km2"].sum()
    assert stated == pytest.approx(whole.area / 1e6, rel=1e-4)
    assert 40 < stated / size < 52


@pytest.mark.parametrize("size", SIZES)
def test_one_exclave_and_a_hole_of_other_land(size: int) -> None:
    landscape = country(size)
    shapes = shapely.from_wkb(landscape.table("geometries")["geometry"].to_list())
    pieces = sorted(shapely.get_parts(shapely.union_all(shapes)), key=lambda piece: piece.area)
    assert len(pieces) == 2
    assert sum(pieces[0].covers(shape) for shape in shapes) == 1
    assert len(pieces[1].interiors) >= 1
    alone = set(landscape.table("municipalities")["nis"])
    pairs = landscape.table("adjacency").drop_nulls("nis_b")
    alone -= {*pairs["nis_a"], *pairs["nis_b"]}
    assert len(alone) == 1
    assert 3.5 < 2 * pairs.height / size < 6


def test_points_lie_inside() -> None:
    landscape = country(300)
    areas = landscape.table("geometries").join(landscape.table("municipalities"), on="nis")
    shapes = shapely.from_wkb(areas["geometry"].to_list())
    assert shapely.contains_xy(shapes, areas["x"].to_numpy(), areas["y"].to_numpy()).all()


def test_population_and_classes_are_like_those_of_flanders() -> None:
    towns = country(300, 3).table("municipalities")
    people = towns["population"].cast(pl.Float64)
    assert 18_000 < people.mean() < 28_000  # type: ignore[operator]
    assert 0.6 < people.log().std() < 1.0  # type: ignore[operator]
    centres = towns.filter("centre")
    assert set(centres["equipment_level"]) == {"a0", "a1", "a2"}
    assert set(towns.filter(~pl.col("centre"))["equipment_level"]) == {
        "b0", "b1", "c0", "c1", "c2", "c3"}  # fmt: skip
    assert 0.1 < centres.height / 300 < 0.22


def test_no_name_is_that_of_a_real_municipality(flanders: Path) -> None:
    real = {row["name"].casefold() for row in named(flanders)}
    assert len(real) > 300
    assert not real & {name.casefold() for name in every_name()}


def named(folder: Path) -> list[dict[str, str]]:
    found = []
    for file in ("lblod/refnis2019.csv", "lblod/refnis2025.csv", "lblod/gemeenten.csv"):
        for row in rows(folder, file):
            found += [{"name": value} for value in row.values() if value]
    return found


@pytest.mark.parametrize("size", SIZES)
def test_names_and_codes_are_unique_and_cannot_be_taken_for_real(size: int) -> None:
    towns = country(size).table("municipalities")
    assert towns["name"].n_unique() == size
    assert towns["nis"].str.contains(r"^V\d{5}$").all()
    for name in ("municipalities", "organisations"):
        numbers = country(size).table(name)["kbo"].drop_nulls()
        assert numbers.n_unique() == len(numbers)
        for number in numbers:
            assert number.startswith("00")
            assert int(number[8:]) == 97 - int(number[:8]) % 97


# Mergers.


@pytest.mark.parametrize("size", SIZES)
def test_mergers_of_neighbours_on_two_dates(size: int) -> None:
    lineage = country(size).table("lineage").filter(kind="municipality", operation="merger")
    assert set(lineage["date"]) == {date(2019, 1, 1), DAY}
    here = set(country(size).table("municipalities")["nis"])
    assert set(lineage["new"]) <= here
    assert not set(lineage["old"]) & here
    assert set(Counter(lineage["new"]).values()) <= {2, 3}
    parts = dict(
        generate_chronicle(size).frames["municipalities"].select("nis", "population").iter_rows()
    )
    now = dict(country(size).table("municipalities").select("nis", "population").iter_rows())
    for new in set(lineage["new"]):
        assert now[new] == sum(parts[old] for old in lineage.filter(new=new)["old"])


# Zonings.


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("inner", "outer"),
    [("referentieregio", "provincie"), ("referentiezone", "referentieregio")],
)
def test_zones_nest(size: int, inner: str, outer: str) -> None:
    outside = zone_of(country(size), outer)
    found: dict[str, set[str]] = {}
    for nis, zone in zone_of(country(size), inner).items():
        found.setdefault(zone, set()).add(outside[nis])
    assert len(found) > len(set(outside.values())) or inner == "referentieregio"
    assert {len(zones) for zones in found.values()} == {1}


@pytest.mark.parametrize("size", SIZES)
def test_covers_are_what_the_zonings_declare(size: int) -> None:
    landscape = country(size)
    cover = dict(landscape.table("zonings").select("zoning", "cover").iter_rows())
    assert set(cover.values()) == {"partition", "partial", "overlapping"}
    members = landscape.table("zone_members")
    for zoning, kind in cover.items():
        placed = members.filter(pl.col("zoning") == zoning)["nis"]
        if kind == "partition":
            assert placed.n_unique() == size, zoning
        if kind == "partial":
            assert len(placed) == placed.n_unique() < size
        if kind == "overlapping":
            assert len(placed) > placed.n_unique() == size


def test_reference_zones_mostly_have_the_inhabitants_asked_for() -> None:
    for seed in (1, 3):
        towns = country(300, seed).table("municipalities")
        people = dict(towns.select("nis", "population").iter_rows())
        total: Counter[str] = Counter()
        for nis, zone in zone_of(country(300, seed), "referentiezone").items():
            total[zone] += people[nis]
        fitting = sum(70_000 <= count <= 130_000 for count in total.values())
        assert fitting / len(total) > 0.7


def test_transport_regions_have_borders_of_their_own() -> None:
    region, transport = (zone_of(country(300), z) for z in ("referentieregio", "vervoerregio"))
    shared = {(region[nis], transport[nis]) for nis in region}
    assert len(shared) > len(set(region.values()))


def bodies_of(landscape: Landscape, inside: set[str]) -> set[str]:
    """Ids of the municipalities and their OCMWs."""
    ocmws = landscape.table("organisations").filter(pl.col("class") == "ocmw")
    return inside | {id_ for id_, nis in ocmws.select("id", "nis").iter_rows() if nis in inside}


def touched(landscape: Landscape, inside: set[str]) -> int:
    """Partnerships with a member in ``inside``: a municipality or its OCMW."""
    bodies = bodies_of(landscape, inside)
    rows_ = landscape.table("memberships").select("partnership", "organisation").iter_rows()
    return len({partnership for partnership, organisation in rows_ if organisation in bodies})


def model_regions(landscape: Landscape) -> list[str]:
    regions: dict[str, set[str]] = {}
    for nis, zone in zone_of(landscape, "referentieregio").items():
        regions.setdefault(zone, set()).add(nis)
    return [
        zone
        for zone, inside in regions.items()
        if len(inside) == 17 and touched(landscape, inside) == 183
    ]


@pytest.mark.parametrize(("size", "seed"), [(100, 1), (300, 1), (300, 3)])
def test_a_region_of_17_has_183_partnerships_of_all_kinds(size: int, seed: int) -> None:
    landscape = country(size, seed)
    (zone,) = model_regions(landscape)
    inside = {nis for nis, found in zone_of(landscape, "referentieregio").items() if found == zone}
    bodies = bodies_of(landscape, inside)
    ids = landscape.table("memberships").filter(pl.col("organisation").is_in(list(bodies)))
    here = landscape.table("partnerships").join(ids.select(id="partnership"), on="id", how="semi")
    assert here.height == 183
    assert set(here["status"].drop_nulls()) == {"active"}
    assert here["legal_form"].n_unique() >= 9


def test_the_prompt_makes_the_country_that_the_library_makes(tmp_path: Path) -> None:
    folder = tmp_path / "land"
    command = [sys.executable, "-m", "samenspel", "demo", "--size", "30", "--seed", "3"]
    done = subprocess.run(
        [*command, "--out", str(folder), "--json"], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["landscape"]["fictional"] is True
    assert load(folder).equals(generate(30, 3))
    refused = subprocess.run(
        [*command[:-1], "-1", "--out", str(tmp_path / "no")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 2
    assert len(refused.stderr.splitlines()) == 1
    assert not (tmp_path / "no").exists()
