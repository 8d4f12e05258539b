"""Zones of 70,000 to 130,000 inhabitants in every reference region, proven."""

import numpy as np
import pytest
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import csr_array

from conftest import Imported
from samenspel.delineation.build import problem_of
from samenspel.delineation.exact.candidates import candidates_of
from samenspel.delineation.exact.clock import Clock
from samenspel.delineation.exact.costs import costs_of
from samenspel.delineation.exact.relax import relaxations
from samenspel.delineation.exact.solve import MOST, solve
from samenspel.delineation.exact.units import limits_of, units_of
from samenspel.delineation.exact.within import Region, joined, zones_within
from samenspel.delineation.goals import goal_names
from samenspel.delineation.problem import Bound, Problem
from samenspel.delineation.validator import validate
from samenspel.delineation.wishes import Wishes

SIZE = {"population": Bound(70_000, 130_000)}
GOALS = ["cut", "connectivity", "flows", "border", "balance", "agreement:politiezone"]


def flemish(imported: Imported, **wishes: object) -> Problem:
    given = {"zones": (1, 300), "bounds": SIZE, "within": "referentieregio"} | wishes
    return problem_of(imported[0], Wishes(**given)).problem  # type: ignore[arg-type]


def check(regions: tuple[Region, ...]) -> list[int]:
    """Every region proven, every plan valid; the numbers of those without plan."""
    assert len(regions) == 15
    for region in regions:
        solution = region.solution
        assert solution.proven_optimal or solution.impossible
        assert solution.plan is None or not validate(region.problem, solution.plan)
    return [region.number for region in regions if region.solution.impossible]


@pytest.mark.parametrize("goal", GOALS)
def test_2025_is_proven_everywhere(flanders_2025: Imported, goal: str) -> None:
    problem = flemish(flanders_2025, weights={goal: 1.0})
    regions = zones_within(problem)
    assert check(regions) == []
    plan = joined(problem, regions)
    assert plan is not None
    assert not validate(problem, plan)
    assert goal in goal_names(problem)


def test_2019_fails_only_round_antwerp_and_says_what_would_help(flanders_2019: Imported) -> None:
    problem = flemish(flanders_2019)
    regions = zones_within(problem)
    failed = [region for region in regions if region.number in check(regions)]
    assert len(failed) == 1
    antwerp = failed[0].problem
    assert "11002" in antwerp.names
    lonely = failed[0].solution.missed
    least = int(antwerp.population[list(lonely)].sum())
    assert len(lonely) == 1
    found = {relaxed.rule: relaxed.needed for relaxed in relaxations(antwerp).found}
    assert found == {"low:population": least, "oversize": least}
    for extra in (least, None):
        assert check(zones_within(flemish(flanders_2019, oversize=extra))) == []
    assert check(zones_within(flemish(flanders_2019, oversize=least - 1))) != []


@pytest.mark.parametrize("goal", ["connectivity", "flows"])
def test_an_integer_programme_over_the_candidates_agrees(
    flanders_2025: Imported, goal: str
) -> None:
    for region in zones_within(flemish(flanders_2025, weights={goal: 1.0})):
        units = units_of(region.problem)
        limits = limits_of(region.problem, units)
        found = candidates_of(region.problem, units, limits, MOST, Clock())
        if found.count > 3000:
            continue
        costs = costs_of(region.problem, units, limits, found)
        matrix = csr_array((np.ones(len(found.members)), found.members, found.starts))
        answer = milp(
            costs.zone,
            integrality=np.ones(found.count),
            bounds=(0, 1),
            constraints=LinearConstraint(matrix.T, 1, 1),
            options={"mip_rel_gap": 0},
        )
        assert region.solution.objective == pytest.approx(answer.fun + costs.base, abs=1e-6)


def test_soft_bounds_always_have_a_plan(flanders_2025: Imported) -> None:
    soft = {"population": Bound(70_000, 130_000, hard=False)}
    regions = zones_within(flemish(flanders_2025, bounds=soft))
    assert check(regions) == []
    hard = zones_within(flemish(flanders_2025))
    for free, bound in zip(regions, hard, strict=True):
        assert free.solution.objective <= bound.solution.objective + 1e-9


def test_police_zones_as_units_of_zones(flanders_2025: Imported) -> None:
    regions = zones_within(flemish(flanders_2025, whole=("politiezone",)), divide=True)
    assert 0 < len(check(regions)) < 15
    for region in regions:
        plan = region.solution.plan
        for group in region.problem.rules.together if plan is not None else ():
            assert len(np.unique(plan[sorted(group.members)])) == 1
    assert any(region.crossing for region in regions)
    crossed = zones_within(flemish(flanders_2025, whole=("politiezone",)))
    assert all(r.solution.impossible for r in crossed if r.crossing)


@pytest.mark.parametrize("goal", ["cut", "connectivity", "flows"])
def test_regions_of_whole_primary_care_zones(flanders_2025: Imported, goal: str) -> None:
    problem = flemish(
        flanders_2025, within=None, whole=("eerstelijnszone",), zones=(15, 20),
        bounds={"population": Bound(300_000, 600_000)}, weights={goal: 1.0},
    )  # fmt: skip
    solution = solve(problem)
    assert solution.proven_optimal
    assert solution.plan is not None
    assert not validate(problem, solution.plan)
    assert 15 <= len(np.unique(solution.plan)) <= 20
