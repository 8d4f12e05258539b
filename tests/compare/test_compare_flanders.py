"""Flanders before and after, on the real files: what a comparison tells is counted from the raw
lists, and not from the landscape."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from compared import after, compare, figure, op

from conftest import Imported, crosswalk, flemish, rows
from samenspel.compare.compare import Comparison
from samenspel.scenario.study import Study

Sets = dict[str, frozenset[str]]
ANTWERP = ("11002", "11007")  # Antwerpen and Borsbeek, which became one in 2025
REGIONS = "referentieregio"


def intermunicipal(folder: Path, year: int) -> Sets:
    """The municipalities of every active intermunicipal partnership."""
    active = {r["kbo"] for r in rows(folder, "lblod/igs.csv") if r["status_2023"] == "active"}
    sets: dict[str, set[str]] = defaultdict(set)
    for row in rows(folder, "lblod/igs_members.csv"):
        if row["igs_kbo"] in active:
            sets[row["igs_kbo"]].add(row[f"member_nis{year}"])
    return {body: frozenset(towns) for body, towns in sets.items()}


def per_town(sets: Sets) -> Counter[str]:
    return Counter(nis for towns in sets.values() for nis in towns)


def met(sets: Sets, nis: str) -> set[str]:
    """Whom ``nis`` meets."""
    return {other for towns in sets.values() if nis in towns for other in towns} - {nis}


def neighbours(folder: Path) -> Mapping[str, set[str]]:
    """The Flemish neighbours of every municipality on the map of 2019."""
    there = flemish(folder, 2019)
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows(folder, "boundaries/gemeenten_2019_2024_adjacency.csv"):
        a, b = row["nis_a"], row["nis_b"]
        if a in there and b in there:
            found[a].add(b)
            found[b].add(a)
    return found


def regions(folder: Path) -> dict[str, str]:
    """The reference region of every municipality of the map of 2025."""
    table = rows(folder, "zones/zones_flanders_2025.csv")
    return {row["nis2025"]: row["referentieregio_code"] for row in table}


@pytest.fixture(scope="module")
def years(flanders_2019: Imported, flanders_2025: Imported) -> Comparison:
    return compare(Study(flanders_2019[0]), Study(flanders_2025[0]))


@pytest.fixture(scope="module")
def old(flanders_2019: Imported) -> Study:
    return Study(flanders_2019[0])


@pytest.fixture(scope="module")
def new(flanders_2025: Imported) -> Study:
    return Study(flanders_2025[0])


def test_the_mergers_of_2025(years: Comparison, flanders: Path) -> None:
    became: dict[str, set[str]] = defaultdict(set)
    for nis, later in crosswalk(flanders, 2019, 2025).items():
        if nis in flemish(flanders, 2019):
            became[later].add(nis)
    towns = years.as_json()["land"]["municipalities"]
    merged = {town["nis"]: {part["nis"] for part in town["before"]} for town in towns["merged"]}
    assert merged == {later: parts for later, parts in became.items() if len(parts) > 1}
    assert len(merged) == 13
    assert (towns["gone"], towns["new"]) == ([], [])


def test_partnerships_of_merged_and_other_towns(years: Comparison, flanders: Path) -> None:
    then, now = (per_town(intermunicipal(flanders, year)) for year in (2019, 2025))
    assert years.screening is not None
    told = {row["subject"]: row for row in years.screening.of("municipality")
            if row["figure"] == "partnerships"}  # fmt: skip
    parts: dict[str, list[str]] = defaultdict(list)
    for nis, later in crosswalk(flanders, 2019, 2025).items():
        if nis in flemish(flanders, 2019):
            parts[later].append(nis)
    assert set(told) == set(parts)
    for nis, row in told.items():
        assert row["before"] == sum(then[part] for part in parts[nis])
        assert row["after"] == now[nis]
        assert ("parts" in row) == (len(parts[nis]) > 1)
    assert told["11002"]["change"] < 0


def test_which_regions_changed(years: Comparison) -> None:
    [zoning] = [z for z in years.as_json()["land"]["zonings"] if z["zoning"] == REGIONS]
    told = {zone["zone"]: zone for zone in zoning["zones"]}
    # Zwijndrecht left the region of Antwerp when it merged; 'Regio Oostende' is 'Middenkust'.
    assert set(told) == {"REFREG01", "REFREG09"}
    assert [town["nis"] for town in told["REFREG01"]["lost"]] == ["46030"]
    assert (told["REFREG01"]["gained"], told["REFREG09"]["lost"]) == ([], [])
    assert told["REFREG09"]["name"]["before"] == "Regio Oostende"
    assert told["REFREG09"]["name"]["after"] == "Middenkust"
    assert zoning["same"] == 13


def test_the_fit_of_partnerships_over_the_years(years: Comparison, flanders: Path) -> None:
    now = regions(flanders)
    walk = crosswalk(flanders, 2019, 2025)
    # In 2019 a part lay where its whole lies now, but for Zwijndrecht.
    then = {nis: now[later] for nis, later in walk.items() if later in now} | {"11056": "REFREG01"}
    assert years.fit is not None
    [zoning] = [z for z in years.fit.zonings if z.zoning == REGIONS]
    told = {fit.partnership: fit for fit in zoning.fits}
    for year, zones, side in ((2019, then, "before"), (2025, now, "after")):
        for body, towns in intermunicipal(flanders, year).items():
            [lies] = getattr(told[body], side).values()
            assert lies.fit == fit_of(towns, zones), body


def fit_of(towns: frozenset[str], zones: Mapping[str, str]) -> str:
    """How ``towns`` lie in ``zones``, each municipality in one of them."""
    touched = {zones[nis] for nis in towns}
    if len(touched) == 1:
        return "inside"
    land = {nis for nis, zone in zones.items() if zone in touched}
    return "union" if towns == land else "crossing"


def test_a_merger_on_all_of_flanders(old: Study, flanders: Path) -> None:
    found = compare(old, after(op("merge_municipalities", parts=ANTWERP, nis="11002"), study=old))
    sets = intermunicipal(flanders, 2019)
    both = {body: frozenset({"11002" if n in ANTWERP else n for n in towns})
            for body, towns in sets.items()}  # fmt: skip
    row = figure(found, "partnerships", "11002")
    counts = per_town(sets)
    assert row["before"] == counts["11002"] + counts["11007"]
    assert row["after"] == per_town(both)["11002"]
    near = neighbours(flanders)
    assert found.screening is not None
    told = {(r["subject"], r["figure"]): r for r in found.screening.of("municipality")}
    for nis in flemish(flanders, 2019) - set(ANTWERP):
        one = told[nis, "partnerships"]
        assert (one["before"], one["after"]) == (counts[nis], counts[nis])
        one = told[nis, "partners_met"]
        assert (one["before"], one["after"]) == (len(met(sets, nis)), len(met(both, nis)))
        one = told[nis, "neighbours"]
        assert one["before"] - one["after"] == (set(ANTWERP) <= near[nis])
    members = sum(set(ANTWERP) <= towns for towns in all_members(flanders))
    assert found.partnerships is not None
    united = [body for body in found.partnerships.bodies
              if body.tables["memberships"].united]  # fmt: skip
    assert len(united) == members


def all_members(folder: Path) -> list[set[str]]:
    """The municipalities of every listed body, ended ones too, OCMWs by their municipality."""
    sets: dict[str, set[str]] = defaultdict(set)
    for row in rows(folder, "lblod/igs_members.csv"):
        sets[row["igs_kbo"]].add(row["member_nis2019"])
    towns: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows(folder, "lblod/ocmw_verenigingen_members.csv"):
        towns[row["assoc_kbo"], row["member_class"]].add(row["nis2019"])
    for (body, kind), inside in towns.items():
        if kind in ("OCMW", "gemeente"):
            sets[f"{body}-{kind}"] |= inside
    for row in rows(folder, "lblod/politiezones_members.csv"):
        sets[row["pz_code"]].add(row["nis2019"])
    return list(sets.values())


def test_a_partnership_that_ends(new: Study, flanders: Path) -> None:
    sets = intermunicipal(flanders, 2025)
    body = max(sorted(sets), key=lambda code: len(sets[code]))
    found = compare(new, after(op("dissolve_partnership", partnership=body), study=new))
    assert found.screening is not None
    changes = {r["subject"]: r["change"] for r in found.screening.of("municipality")
               if r["figure"] == "partnerships" and r["change"]}  # fmt: skip
    assert changes == dict.fromkeys(sets[body], -1)
    assert figure(found, "partnerships", None, "landscape")["change"] == -1
    told = found.as_json()
    assert [one["partnership"] for one in told["partnerships"]["gone"]] == [body]
    assert told["partnerships"]["counts"]["changed"] == 0
    assert told["law"]["changes"] == []
    zoning = next(z for z in told["fit"]["zonings"] if z["zoning"] == REGIONS)
    fit = fit_of(sets[body], regions(flanders))
    assert {name: zoning["before"][name] - zoning["after"][name] for name in zoning["before"]} == {
        name: int(name == fit) for name in zoning["before"]
    }


@cache
def moved(folder: Path) -> tuple[str, str]:
    """A municipality and a neighbouring region in which its partnerships lie otherwise."""
    sets, now = intermunicipal(folder, 2025), regions(folder)
    best = max(
        ((sum(nis in towns for towns in sets.values()), nis) for nis in now), key=lambda one: one
    )
    return best[1], next(zone for zone in sorted(set(now.values())) if zone != now[best[1]])


def test_a_municipality_that_changes_region(new: Study, flanders: Path) -> None:
    nis, zone = moved(flanders)
    found = compare(new, after(op("assign_zone", zoning=REGIONS, nis=nis, zone=zone), study=new))
    sets, then = intermunicipal(flanders, 2025), regions(flanders)
    now = then | {nis: zone}
    assert found.fit is not None
    [zoning] = [z for z in found.fit.zonings if z.zoning == REGIONS]
    told = {fit.partnership: fit for fit in zoning.fits}
    changed = set()
    for body, towns in sets.items():
        fits = fit_of(towns, then), fit_of(towns, now)
        lies = [one.fit for side in (told[body].before, told[body].after) for one in side.values()]
        assert tuple(lies) == fits, body
        if fits[0] != fits[1]:
            changed.add(body)
    assert changed == {body for body, fit in told.items() if fit.what == "changed"} & set(sets)
    assert changed
    [drawn] = found.as_json()["land"]["zonings"]
    gains = {z["zone"]: (z["gained"], z["lost"]) for z in drawn["zones"]}
    assert {code for code, (gained, _lost) in gains.items() if gained} == {zone}
    assert {code for code, (_gained, lost) in gains.items() if lost} == {then[nis]}
    assert [z.zoning for z in found.fit.zonings if z.differences] == [REGIONS]


def test_two_regions_drawn_as_one(new: Study, flanders: Path) -> None:
    then = regions(flanders)
    now = {nis: "REFREG01" if zone == "REFREG02" else zone for nis, zone in then.items()}
    zones: dict[str, list[str]] = defaultdict(list)
    for nis, zone in sorted(now.items()):
        zones[zone].append(nis)
    drawn = [{"zone": zone, "municipalities": inside} for zone, inside in zones.items()]
    found = compare(
        new, after(op("redraw_zoning", zoning=REGIONS, cover="partition", zones=drawn), study=new)
    )
    assert found.fit is not None
    [zoning] = [z for z in found.fit.zonings if z.zoning == REGIONS]
    told = {fit.partnership: fit for fit in zoning.fits}
    for body, towns in intermunicipal(flanders, 2025).items():
        lies = [one.fit for side in (told[body].before, told[body].after) for one in side.values()]
        assert lies == [fit_of(towns, then), fit_of(towns, now)], body
    [land] = found.as_json()["land"]["zonings"]
    told_zones = {zone["zone"]: zone for zone in land["zones"]}
    assert told_zones["REFREG02"]["what"] == "gone"
    lost = {town["nis"] for town in told_zones["REFREG02"]["lost"]}
    assert lost == {nis for nis, zone in then.items() if zone == "REFREG02"}
    assert {town["nis"] for town in told_zones["REFREG01"]["gained"]} == lost
    assert found.screening is not None
    gone = [one.code for one in found.screening.subjects if one.what == "gone"]
    assert gone == ["REFREG02"]


def test_nothing_differs_from_itself(old: Study) -> None:
    assert compare(old, old).equal


def test_the_years_can_change_places(years: Comparison, old: Study, new: Study) -> None:
    back: Any = compare(new, old)
    assert back.differences == years.differences
    there = {row["figure"]: row for row in years.screening.of("landscape")}  # type: ignore[union-attr]
    for row in back.screening.of("landscape"):
        other = there[row["figure"]]
        assert (row["before"], row["after"]) == (other["after"], other["before"])
