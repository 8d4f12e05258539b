"""The real public files as a landscape, against what the csv module reads from them."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date as Date
from pathlib import Path

import polars as pl
import pytest
import shapely

from conftest import Imported, crosswalk, flemish, pairs, rows
from samenspel.exchange.flanders import import_flanders
from samenspel.landscape import package
from samenspel.landscape.findings import Finding
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.load import load
from samenspel.landscape.validation import check

VOEREN = "73109"
COUNT = {2019: 300, 2025: 285}
MAP_NAME = {2019: "2019_2024", 2025: "2025"}
ZONINGS_2025 = (
    "provincie",
    "arrondissement",
    "referentieregio",
    "vervoerregio",
    "eerstelijnszone",
    "politiezone",
    "igs_wonen",
    "woonmaatschappij",
    "streekwerking",
    "toeristische_regio",
    "gezondheidsmakers_regio",
)
OLDER = {
    "provincie": "provincie_2019",
    "arrondissement": "arrondissement_2019",
    "referentieregio": "referentieregio_2022",
    "eerstelijnszone": "eerstelijnszone_2021",
    "politiezone": "politiezone_2023",
}


@dataclass(frozen=True)
class Picture:
    year: int
    landscape: Landscape
    findings: list[Finding]


@pytest.fixture(params=[2019, 2025])
def picture(request: pytest.FixtureRequest) -> Picture:
    landscape, findings = request.getfixturevalue(f"flanders_{request.param}")
    return Picture(request.param, landscape, findings)


def zone_pairs(landscape: Landscape, zoning: str) -> set[tuple[str, ...]]:
    return pairs(landscape.table("zone_members").filter(pl.col("zoning") == zoning), "nis", "zone")


def zones_of_2019(folder: Path) -> dict[str, set[tuple[str, str]]]:
    """(municipality of 2019, zone) of every zoning that the sources give on the map of 2019."""
    above = {row["code"]: row["parent"] for row in rows(folder, "lblod/refnis2019.csv")}
    here = flemish(folder, 2019)
    return {
        "referentieregio": {
            (row["nis2019"], row["referentieregio2022"])
            for row in rows(folder, "lblod/gemeenten.csv")
            if row["nis2019"]
        },
        "eerstelijnszone": {
            (row["NIS_CD"], row["EERSTELIJNSZONE"])
            for row in rows(folder, "population/elz_population_2021_by_nis2019.csv")
        },
        "politiezone": {
            (row["nis2019"], row["pz_code"])
            for row in rows(folder, "lblod/politiezones_members.csv")
        },
        "arrondissement": {(nis, above[nis]) for nis in here},
        "provincie": {(nis, above[above[nis]]) for nis in here},
    }


def test_municipalities_are_those_of_the_map(picture: Picture, flanders: Path) -> None:
    table = picture.landscape.table("municipalities")
    assert table.height == COUNT[picture.year]
    assert set(table["nis"]) == flemish(flanders, picture.year)
    names = {
        row[f"nis{picture.year}"]: row[f"name{picture.year}"]
        for row in rows(flanders, "zones/nis_crosswalk_2018_2019_2025.csv")
    }
    assert dict(table.select("nis", "name").iter_rows()) == {n: names[n] for n in table["nis"]}
    assert set(table["region"]) == {"Vlaanderen"}


def test_brussels_is_only_outside(picture: Picture, flanders: Path) -> None:
    here = flemish(flanders, picture.year)
    for table, column in (
        ("geometries", "nis"), ("adjacency", "nis_a"), ("adjacency", "nis_b"),
        ("zone_members", "nis"), ("figures", "nis"), ("flows", "from"), ("flows", "to"),
    ):  # fmt: skip
        assert set(picture.landscape.table(table)[column].drop_nulls()) <= here, (table, column)
    home, work = f"nis{picture.year}_residence", f"nis{picture.year}_workplace"
    name = f"commuting/be_commuting_on_{picture.year}_municipalities.csv.gz"
    inward, outward, inside = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
    for row in rows(flanders, name):
        origin, target, count = row[home], row[work], int(row["commuters"])
        if origin in here and target in here:
            inside[origin, target] += count
        elif origin in here:
            outward[origin] += count
        elif target in here:
            inward[target] += count
    flows = picture.landscape.table("flows").select("from", "to", "count")
    assert sum(outward.values()) > sum(inward.values()) > 0
    assert dict(flows.filter(pl.col("to").is_null())["from", "count"].iter_rows()) == outward
    assert dict(flows.filter(pl.col("from").is_null())["to", "count"].iter_rows()) == inward
    assert {(a, b): n for a, b, n in flows.drop_nulls().iter_rows()} == inside
    assert flows.height == len(outward) + len(inward) + len(inside)


def test_every_membership_and_source_resolves(picture: Picture) -> None:
    landscape = picture.landscape
    partnerships = set(landscape.table("partnerships")["id"])
    bodies = set(landscape.table("organisations")["id"])
    links = landscape.table("memberships")
    assert links.height > 3000
    assert set(links["partnership"]) <= partnerships
    assert set(links["organisation"]) <= bodies | set(landscape.table("municipalities")["nis"])
    sources = set(landscape.table("sources")["id"])
    for name, frame in landscape.frames.items():
        if name != "sources":
            assert set(frame["source"]) <= sources, name


def test_check_finds_no_error_and_the_warnings_that_are_known(picture: Picture) -> None:
    findings = check(picture.landscape.frames, picture.landscape.date)
    assert [str(f) for f in findings + picture.findings if f.severity == "error"] == []
    exclaves = [f for f in findings if f.code == "no_neighbours"]
    assert [f.value for f in exclaves] == [VOEREN]
    assert "Voeren (73109)" in exclaves[0].message
    ids = dict(picture.landscape.table("partnerships").select("id", "name").iter_rows())
    few = {"PV Grensland", "Jeugdregio Noorderkempen"}
    if picture.year == 2025:
        few |= {"Ibogem", "Maatschappij Linkerscheldeoever"}
    assert {ids[str(f.value)] for f in findings if f.code == "few_members"} == few


def test_zone_conflicts_are_the_mergers_over_zone_borders(
    flanders_2019: Imported, flanders_2025: Imported, flanders: Path
) -> None:
    became = crosswalk(flanders, 2019, 2025)
    torn = set()
    for zoning, members in zones_of_2019(flanders).items():
        zones = defaultdict(set)
        for nis, zone in members:
            zones[became[nis]].add(zone)
        torn |= {(OLDER[zoning], nis) for nis, found in zones.items() if len(found) > 1}
    assert ("provincie_2019", "46030") in torn
    landscape, findings = flanders_2025
    findings = findings + check(landscape.frames, landscape.date)
    found = [f for f in findings if f.code == "zone_conflict"]
    by_row = landscape.table("zone_members")["zoning"].to_list()
    assert {(by_row[f.row - 2], f.value) for f in found if f.row} == torn
    assert len(found) == len(torn)  # each is told once
    earlier = flanders_2019[0]
    assert not [f for f in check(earlier.frames, earlier.date) if f.code == "zone_conflict"]


def test_adjacency_is_that_of_the_publisher(picture: Picture, flanders: Path) -> None:
    here = flemish(flanders, picture.year)
    name = f"boundaries/gemeenten_{MAP_NAME[picture.year]}_adjacency.csv"
    given = {
        frozenset((row["nis_a"], row["nis_b"])): float(row["shared_border_m"])
        for row in rows(flanders, name)
        if {row["nis_a"], row["nis_b"]} <= here
    }
    table = picture.landscape.table("adjacency")
    own = {frozenset((a, b)): m for a, b, m, *_ in table.drop_nulls("nis_b").iter_rows()}
    assert len(own) == table.drop_nulls("nis_b").height
    assert own.keys() == given.keys()
    assert all(abs(own[pair] - given[pair]) <= 0.1001 for pair in own)
    assert VOEREN not in frozenset().union(*own)
    assert not [f for f in picture.findings if f.table == "adjacency"]


def test_borders_add_up_to_the_perimeter(picture: Picture) -> None:
    length: Counter[str] = Counter()
    for a, b, metres, *_ in picture.landscape.table("adjacency").iter_rows():
        length[a] += metres
        if b is not None:
            length[b] += metres
    for nis, area, *_ in picture.landscape.table("geometries").iter_rows():
        assert length[nis] == pytest.approx(shapely.from_wkb(area).length, abs=1.5), nis


def test_zonings_of_2019(flanders_2019: Imported, flanders: Path) -> None:
    landscape = flanders_2019[0]
    expected = zones_of_2019(flanders)
    covers = dict(landscape.table("zonings").select("zoning", "cover").iter_rows())
    assert covers == dict.fromkeys(expected, "partition")  # so no vervoerregio, igs_wonen ...
    for zoning, members in expected.items():
        assert zone_pairs(landscape, zoning) == members
        assert len(members) == COUNT[2019]


def test_zonings_of_2025(flanders_2025: Imported, flanders: Path) -> None:
    landscape = flanders_2025[0]
    table = rows(flanders, "zones/zones_flanders_2025.csv")
    covers = dict(landscape.table("zonings").select("zoning", "cover").iter_rows())
    assert set(covers) == {*ZONINGS_2025, *OLDER.values()}
    assert {zoning for zoning, cover in covers.items() if cover != "partition"} == {"igs_wonen"}
    assert covers["igs_wonen"] == "partial"
    for zoning in ZONINGS_2025:
        listed = {(row["nis2025"], row[f"{zoning}_code"]) for row in table}
        alone = {pair for pair in listed if pair[1] == "igs999"}
        assert bool(alone) == (zoning == "igs_wonen")
        assert zone_pairs(landscape, zoning) == listed - alone
    assert "Geen IGS" in {row["igs_wonen"] for row in table}
    assert "Geen IGS" not in set(landscape.table("zones")["name"])
    became = crosswalk(flanders, 2019, 2025)
    for zoning, members in zones_of_2019(flanders).items():
        later = {(became[nis], zone) for nis, zone in members}
        assert zone_pairs(landscape, OLDER[zoning]) == later


def test_partnerships_by_form_and_status(picture: Picture, flanders: Path) -> None:
    counted = Counter(
        (row["type"].replace(" ", "_"), row["status_2023"])
        for row in rows(flanders, "lblod/igs.csv")
    )
    associations = {
        row["assoc_kbo"]: row["status_2024"]
        for row in rows(flanders, "lblod/ocmw_verenigingen_members.csv")
    }
    assert "?" in associations.values()  # the publisher does not know either
    counted.update((None, None if s == "?" else s) for s in associations.values())
    police = {
        row["pz_code"]: row["status_2023"]
        for row in rows(flanders, "lblod/politiezones_members.csv")
    }
    if picture.year == 2025:
        zones = rows(flanders, "zones/zones_flanders_2025.csv")
        police = {row["politiezone_code"]: "active" for row in zones}
    counted.update((None, status) for status in police.values())
    table = picture.landscape.table("partnerships").select("legal_form", "status")
    assert Counter(table.iter_rows()) == counted
    assert sum(counted.values()) == 188 + 109 + (106 if picture.year == 2019 else len(police))


def test_memberships_per_municipality(picture: Picture, flanders: Path) -> None:
    code = f"nis{picture.year}"
    ties = {
        (row["igs_kbo"], row[f"member_{code}"]) for row in rows(flanders, "lblod/igs_members.csv")
    }
    ties |= {
        (row["assoc_kbo"], row[code])
        for row in rows(flanders, "lblod/ocmw_verenigingen_members.csv")
        if row["member_class"] == "gemeente"
    }
    if picture.year == 2019:
        ties |= {
            (row["pz_code"], row[code]) for row in rows(flanders, "lblod/politiezones_members.csv")
        }
    else:
        ties |= {
            (row["politiezone_code"], row[code])
            for row in rows(flanders, "zones/zones_flanders_2025.csv")
        }
    here = flemish(flanders, picture.year)
    links = picture.landscape.table("memberships")["organisation"]
    assert Counter(n for n in links if n in here) == Counter(nis for _, nis in ties)


def test_written_and_read_again_it_is_the_same(picture: Picture, tmp_path: Path) -> None:
    package.write(picture.landscape, tmp_path / "vlaanderen")
    again = load(tmp_path / "vlaanderen")
    assert again.equals(picture.landscape)
    assert again.date == {2019: Date(2023, 8, 31), 2025: Date(2025, 1, 1)}[picture.year]
    assert package.read_raw(tmp_path / "vlaanderen").kind == "landscape"


def test_twice_imported_it_is_the_same(picture: Picture, flanders: Path) -> None:
    steps: list[str] = []
    landscape, findings = import_flanders(flanders, picture.year, steps.append)
    assert landscape.equals(picture.landscape)
    assert findings == picture.findings
    assert len(steps) == len(set(steps)) >= 4
