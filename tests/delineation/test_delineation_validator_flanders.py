"""The real divisions of Flanders judged as plans: what is in parts, and what encloses others."""

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest

from conftest import Imported
from samenspel.delineation.build import problem_of, zones_in
from samenspel.delineation.problem import Ints, Pairs, Problem
from samenspel.delineation.validator import unknown_rules, validate
from samenspel.delineation.wishes import Wishes
from samenspel.landscape.landscape import Landscape

VOEREN, RIEMST = "73109", "73066"


@pytest.fixture(params=["flanders_2019", "flanders_2025"])
def landscape(request: pytest.FixtureRequest) -> Landscape:
    imported: Imported = request.getfixturevalue(request.param)
    return imported[0]


def free(landscape: Landscape) -> Problem:
    """Flanders with any number of zones and no other wish."""
    return problem_of(landscape, Wishes(zones=(1, 300))).problem


def plan_of(landscape: Landscape, problem: Problem, zoning: str) -> tuple[Ints, list[str]]:
    """The zones of ``zoning`` as a plan, and their codes."""
    zones = zones_in(landscape, zoning, {nis: i for i, nis in enumerate(problem.names)})
    plan = np.full(problem.size, -1, np.int64)
    for number, places in enumerate(zones.values()):
        plan[places] = number
    return plan, list(zones)


@pytest.mark.parametrize("zoning", ["referentieregio", "provincie", "arrondissement"])
def test_regions_are_connected_and_enclose_nothing(landscape: Landscape, zoning: str) -> None:
    """Also those round Brussels, which is land outside and no hole."""
    problem = free(landscape)
    plan, _codes = plan_of(landscape, problem, zoning)
    assert unknown_rules(problem) == ()
    assert validate(problem, plan) == ()


def test_voeren_holds_by_its_link_alone(landscape: Landscape) -> None:
    """Voeren borders only Wallonia and the Netherlands, so its region is in two parts without the
    link with Riemst, the nearest. It encloses nothing and is not enclosed: it borders outside."""
    problem = free(landscape)
    here, there = problem.names.index(RIEMST), problem.names.index(VOEREN)
    borders = problem.borders
    kept = ~((borders.a == here) & (borders.b == there))
    assert borders.value[~kept].tolist() == [0]
    alone = Pairs(borders.a[kept], borders.b[kept], borders.value[kept])
    plan, _codes = plan_of(landscape, problem, "referentieregio")
    (violation,) = validate(replace(problem, borders=alone), plan)
    assert (violation.rule, violation.places) == ("contiguity", (there,))
    assert violation.zones == (plan[here],)


def test_the_primary_care_zone_of_the_coast_is_in_two_parts(landscape: Landscape) -> None:
    """Bruges reaches the sea at Zeebrugge, between Blankenberge with Zuienkerke and Knokke-Heist
    with Damme; it is the only primary care zone in parts. Once it held De Haan too."""
    problem = free(landscape)
    plan, _codes = plan_of(landscape, problem, "eerstelijnszone")
    (violation,) = validate(problem, plan)
    assert violation.rule == "contiguity"
    (zone,) = violation.zones
    towns = landscape.table("municipalities")
    names = dict(zip(towns["nis"], towns["name"], strict=True))
    parts = {names[problem.names[i]] for i in violation.places}
    rest = {names[problem.names[i]] for i in np.flatnonzero(plan == zone)} - parts
    rest.discard("De Haan")
    assert {frozenset(parts), frozenset(rest)} == {
        frozenset({"Damme", "Knokke-Heist"}), frozenset({"Blankenberge", "Zuienkerke"})
    }  # fmt: skip


def test_every_zoning_is_judged_as_networkx_does(landscape: Landscape) -> None:
    """Which zones of all zonings are in parts, and which enclose others, by another library."""
    problem = free(landscape)
    land = nx.Graph(zip(problem.borders.a.tolist(), problem.borders.b.tolist(), strict=True))
    land.add_nodes_from(range(problem.size))
    assert problem.outside is not None
    world = land.copy()
    world.add_edges_from(("outside", i) for i in np.flatnonzero(problem.outside).tolist())
    judged = 0
    for zoning in landscape.table("zonings")["zoning"]:
        plan, codes = plan_of(landscape, problem, zoning)
        if (plan < 0).any():
            (violation,) = validate(problem, plan)
            assert violation.rule == "covering"
            continue
        members = [np.flatnonzero(plan == zone).tolist() for zone in sorted(set(plan.tolist()))]
        assert len(members) <= len(codes)
        parts = {int(plan[m[0]]) for m in members if not nx.is_connected(land.subgraph(m))}
        around = {
            int(plan[m[0]])
            for m in members
            if not nx.is_connected(world.subgraph(set(world) - set(m)))
        }
        found = validate(problem, plan)
        assert {z for v in found if v.rule == "contiguity" for z in v.zones} == parts
        assert {z for v in found if v.rule == "hole" for z in v.zones} == around
        judged += 1
    assert judged >= 5


def test_all_but_one_inland_municipality_encloses_it(landscape: Landscape) -> None:
    """And all but one that borders Brussels, the sea or a neighbouring land does not."""
    problem = free(landscape)
    assert problem.outside is not None
    for place in range(problem.size):
        plan = np.zeros(problem.size, np.int64)
        plan[place] = 1
        rules = {v.rule for v in validate(problem, plan)}
        assert ("hole" in rules) == (not problem.outside[place])
