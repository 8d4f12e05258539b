"""The main counts of the real files, counted from the raw lists and not from the landscape."""

import csv
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from samenspel.landscape.findings import Finding
from samenspel.landscape.landscape import Landscape
from samenspel.screening.screen import screen

Sets = dict[str, set[str]]


def raw(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def per_town(sets: Sets) -> Counter[str]:
    """At how many of the bodies each municipality sits."""
    return Counter(nis for sitting in sets.values() for nis in sitting)


def intermunicipal(folder: Path, year: int) -> Sets:
    rows = raw(folder, "lblod/igs.csv")
    active = {row["kbo"] for row in rows if row["status_2023"] == "active"}
    sets: Sets = defaultdict(set)
    for row in raw(folder, "lblod/igs_members.csv"):
        if row["igs_kbo"] in active:
            sets[row["igs_kbo"]].add(row[f"member_nis{year}"])
    return sets


def ocmw_associations(folder: Path, year: int) -> Sets:
    """Whose OCMW is a member, or the municipality itself."""
    sets: Sets = defaultdict(set)
    for row in raw(folder, "lblod/ocmw_verenigingen_members.csv"):
        if row["status_2024"] == "active" and row["member_class"] in ("OCMW", "gemeente"):
            sets[row["assoc_kbo"]].add(row[f"nis{year}"])
    return sets


def police_zones(folder: Path, year: int) -> Sets:
    sets: Sets = defaultdict(set)
    if year == 2025:
        for row in raw(folder, "zones/zones_flanders_2025.csv"):
            sets[row["politiezone_code"]].add(row["nis2025"])
    else:
        for row in raw(folder, "lblod/politiezones_members.csv"):
            if row["status_2023"] == "active":
                sets[row["pz_code"]].add(row["nis2019"])
    return sets


@pytest.mark.parametrize("year", [2019, 2025])
def test_counts_from_the_raw_lists(
    year: int,
    flanders: Path,
    flanders_2019: tuple[Landscape, list[Finding]],
    flanders_2025: tuple[Landscape, list[Finding]],
) -> None:
    landscape = {2019: flanders_2019, 2025: flanders_2025}[year][0]
    igs = intermunicipal(flanders, year)
    kinds = {
        "partnerships": igs,
        "ocmw_associations": ocmw_associations(flanders, year),
        "police_zones": police_zones(flanders, year),
    }
    counts = {name: per_town(sets) for name, sets in kinds.items()}
    whole = screen(landscape).as_json()
    distinct: defaultdict[str, set[frozenset[str]]] = defaultdict(set)
    met: defaultdict[str, set[str]] = defaultdict(set)
    for sitting in igs.values():
        for nis in sitting:
            distinct[nis].add(frozenset(sitting))
            met[nis] |= sitting - {nis}
    for row in whole["municipalities"]:
        nis = row["nis"]
        for name in kinds:
            assert row[name] == counts[name][nis], (nis, name)
        assert row["tables"] == sum(count[nis] for count in counts.values())
        assert row["distinct_partner_sets"] == len(distinct[nis])
        assert row["partners_met"] == len(met[nis])
        assert row["seats"] is None
    assert len(whole["municipalities"]) == {2019: 300, 2025: 285}[year]


def test_the_reference_regions_of_2025_from_the_raw_lists(
    flanders: Path, flanders_2025: tuple[Landscape, list[Finding]]
) -> None:
    inside: Sets = defaultdict(set)
    for row in raw(flanders, "zones/zones_flanders_2025.csv"):
        inside[row["referentieregio_code"]].add(row["nis2025"])
    igs = intermunicipal(flanders, 2025)
    wanted = {
        zone: sum(bool(sitting & towns) for sitting in igs.values())
        for zone, towns in inside.items()
    }
    zones = screen(flanders_2025[0]).as_json()["zones"]["referentieregio"]
    assert {row["zone"]: row["partnerships"] for row in zones} == wanted


def test_two_active_partnerships_on_the_list_have_no_members(
    flanders_2019: tuple[Landscape, list[Finding]],
) -> None:
    whole = screen(flanders_2019[0]).as_json()["total"]
    assert whole["partnerships"] == 150
    assert whole["distinct_partner_sets_known"] == pytest.approx(148 / 150)
    assert whole["mean_size_known"] == pytest.approx(148 / 150)
    assert whole["by"]["size"]["unknown"] == 2
