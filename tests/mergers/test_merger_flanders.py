"""Mergers on the real map of Flanders: what happened in 2025 is among the candidates, and does what
the import of 2025 says that it did."""

import re
from typing import Any

import polars as pl
import pytest

from samenspel.landscape.findings import Finding
from samenspel.landscape.landscape import Landscape
from samenspel.screening.circles import INTERMUNICIPAL

pytest.importorskip("numba")

from samenspel.mergers.assess import Asked, Known, assess, known
from samenspel.mergers.candidates import candidates, people_of, within
from samenspel.mergers.effects import tables_met
from samenspel.mergers.zone import Bounds, zones_of

Imported = tuple[Landscape, list[Finding]]
ZONINGS = ("referentieregio", "eerstelijnszone", "politiezone")


@pytest.fixture(scope="module")
def before(flanders_2019: Imported) -> Known:
    return known(flanders_2019[0])


@pytest.fixture(scope="module")
def mergers(flanders_2025: Imported) -> dict[str, list[str]]:
    """The municipalities of 2025 that are mergers, and what each was made of."""
    land = flanders_2025[0]
    rows = land.table("lineage").filter(
        pl.col("kind") == "municipality", pl.col("date") == land.date
    )
    return {new: sorted(old) for new, old in rows.group_by("new").agg("old").iter_rows()}


def towns_of(land: Landscape, codes: list[str]) -> list[int]:
    return sorted(land.index.nis.index(code) for code in codes)


@pytest.mark.parametrize("zoning", ZONINGS)
def test_the_mergers_of_2025_that_lie_in_one_zone_are_candidates(
    zoning: str, before: Known, mergers: dict[str, list[str]]
) -> None:
    land = before.facts.landscape
    members = land.table("zone_members").filter(zoning=zoning)
    inside, outside = 0, 0
    for parts in mergers.values():
        zones = members.filter(pl.col("nis").is_in(parts))["zone"].unique().to_list()
        if len(zones) > 1:
            outside += 1
            continue
        inside += 1
        found = candidates(land, zoning, zones[0])
        assert towns_of(land, parts) in [found.of(i) for i in range(found.count)]
    assert len(mergers) == inside + outside == 13
    assert inside >= 7


def test_every_merger_does_to_partnerships_what_the_import_says(
    before: Known, mergers: dict[str, list[str]], flanders_2025: Imported
) -> None:
    land = before.facts.landscape
    kinds = dict(before.seated.bodies.select("name", "body").iter_rows())  # of active ones
    said: dict[str, set[tuple[str, int]]] = {new: set() for new in mergers}
    for finding in flanders_2025[1]:
        found = re.match(r"(\d+) memberships of (.+) became one of .+ \((\d+)\)", finding.message)
        if finding.code == "merged_membership" and found and kinds.get(found[2]) == INTERMUNICIPAL:
            said[found[3]].add((found[2], int(found[1])))
    assert sum(map(len, said.values())) > 70
    for new, parts in mergers.items():
        rows = tables_met(before.facts, before.seated, towns_of(land, parts))
        ours = {(row["name"], len(row["parts"])) for row in rows
                if row["kind"] == INTERMUNICIPAL}  # fmt: skip
        assert ours == said[new], new


def test_who_is_left_alone_is_whom_the_import_names(
    before: Known, mergers: dict[str, list[str]], flanders_2025: Imported
) -> None:
    lost = {
        found[1]
        for finding in flanders_2025[1]
        if finding.code == "members_lost"
        and (found := re.match(r"(.+) \(\d+\) has fewer", finding.message))
    }
    land = before.facts.landscape
    internal = {
        row["name"]
        for parts in mergers.values()
        for row in tables_met(before.facts, before.seated, towns_of(land, parts))
        if row["effect"] == "internal"
    }
    assert internal == lost
    assert len(lost) == 3


def test_on_the_map_of_2019_centres_are_unknown_and_so_are_their_warnings(before: Known) -> None:
    (zone,) = zones_of(before.facts.landscape, "eerstelijnszone", "RITS")
    found = assess(before, zone, Asked(goals=()))
    rows = found.flags[len(zone.towns) :]
    assert rows.height > 90
    for name in ("against_the_city", "centre_left_out"):
        assert rows[name].null_count() == rows.height
    assert rows["facilities"].null_count() == 0


def test_all_candidates_and_alternatives_of_every_primary_care_zone(
    flanders_2025: Imported,
) -> None:
    land = flanders_2025[0]
    facts = known(land)
    for zone in zones_of(land, "eerstelijnszone"):
        found = assess(facts, zone)
        assert found.alternatives is not None
        assert found.alternatives.complete
        assert found.figures["population_known"].min() == 1


def test_the_largest_region_has_thousands_of_candidates_with_their_figures(
    flanders_2025: Imported,
) -> None:
    land = flanders_2025[0]
    (zone,) = zones_of(land, "referentieregio", "REFREG15")
    # Voeren borders no other municipality of Flanders.
    assert [land.index.nis[town] for town in zone.cut_off] == ["73109"]
    found = within(zone, people_of(land), Bounds())
    assert found.count > 5000
    linked = candidates(land, "referentieregio", "REFREG15", links=(("73109", "Riemst"),))
    assert linked.count > found.count


def test_the_status_quo_stands_beside_whatever_is_found(flanders_2025: Imported) -> None:
    land: Any = flanders_2025[0]
    facts = known(land)
    (zone,) = zones_of(land, "eerstelijnszone", "RupeLaar")
    found = assess(facts, zone).alternatives
    assert found is not None
    people = people_of(land)[zone.towns]
    assert found.status_quo.tolist() == [int(people.min()), 0, 0]
