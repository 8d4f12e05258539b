"""Proven plans: the best that brute force finds, and the first of its equals."""

from dataclasses import replace

import lands
import numpy as np
import pytest
from brute import all_valid_plans
from hypothesis import given, settings

from samenspel.delineation.exact import candidates as enumeration
from samenspel.delineation.exact import lp, partition
from samenspel.delineation.exact.solve import solve
from samenspel.delineation.exact.within import joined, zones_within
from samenspel.delineation.goals import score
from samenspel.delineation.problem import Bound, Group, Problem, hyperedges
from samenspel.delineation.validator import validate

NEAR = 1e-8


def agrees(problem: Problem) -> None:
    """The solution is the first of the best plans that there are, or there is none."""
    solution = solve(problem)
    plans = [np.array(plan) for plan in all_valid_plans(problem)]
    if not plans:
        assert solution.impossible
        assert not solution.proven_optimal
        return
    costs = [score(problem, plan).objective for plan in plans]
    best = min(costs)
    first = min(p.tolist() for p, cost in zip(plans, costs, strict=True) if cost <= best + NEAR)
    assert solution.proven_optimal
    assert solution.first
    assert solution.plan is not None
    assert solution.plan.tolist() == first
    assert solution.objective == pytest.approx(best, abs=NEAR)
    assert solution.bound == pytest.approx(best, abs=NEAR)
    assert not validate(problem, solution.plan)


@settings(max_examples=250, deadline=None)
@given(lands.problems(max_places=7))
def test_equals_brute_force(problem: Problem) -> None:
    agrees(problem)


@pytest.mark.parametrize("seed", range(60))
def test_equals_brute_force_where_every_limit_inside_is_tiny(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that columns are priced in, budgets grow, tables fill up and walks are resumed."""
    for module, name, value in (
        (partition, "DIVE", 2), (partition, "FEW", 1), (partition, "TABLE", 64),
        (partition, "STEPS", 3), (lp, "BATCH", 2), (lp, "FIRST", 1),
        (enumeration, "CHUNK", 2), (enumeration, "STEPS", 5),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, value)
    agrees(lands.invented(6, (), seed))


@pytest.mark.parametrize("goal", ["cut", "connectivity", "flows", "border", "balance", "moved"])
@pytest.mark.parametrize("seed", range(3))
def test_every_goal_alone(goal: str, seed: int) -> None:
    problem = lands.invented(6, ("bounds",), seed)
    pairs = [(0, 1), (1, 4), (2, 5)]
    full = replace(
        problem,
        weights={goal: 1.0},
        flows=lands.joined(6, pairs, []),
        present=np.array([0, 0, 1, 1, 2, -1]),
    )
    agrees(full)


def test_soft_bounds_are_widened_until_proven() -> None:
    soft = {"population": Bound(30, 30, hard=False)}
    strip = lands.strip(6, partnerships={"whole": [0, 1, 2, 3], "pair": [4, 5]})
    for penalty in (0.0, 0.1, 1.0, 50.0):
        agrees(lands.ruled(strip, bounds=soft, penalty=penalty, zones=(2, 6)))


def test_a_limit_on_candidates_proves_nothing_and_says_so() -> None:
    grid = lands.ruled(
        lands.grid(3, 3, partnerships={"row": [0, 1, 2], "column": [0, 3, 6]}), zones=(3, 3)
    )
    short = solve(grid, most=5)
    assert not short.complete
    assert short.plan is None
    assert not short.impossible
    assert not short.proven_optimal
    assert short.gap is None
    assert short.bound <= solve(grid).objective


def test_no_time_gives_no_plan_but_a_bound() -> None:
    grid = lands.ruled(lands.grid(3, 3, partnerships={"row": [0, 1, 2]}), zones=(3, 3))
    stopped = solve(grid, seconds=0)
    assert not stopped.impossible
    assert not stopped.proven_optimal
    assert stopped.bound <= solve(grid).objective


def test_an_interrupt_keeps_what_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_arguments: object) -> bool:
        raise KeyboardInterrupt

    grid = lands.ruled(lands.grid(3, 3, partnerships={"row": [0, 1, 2]}), zones=(3, 3))
    monkeypatch.setattr(partition.coverkernel, "cover", interrupted)
    stopped = solve(grid)
    assert not stopped.proven_optimal
    assert stopped.bound <= 0.0


def test_places_in_no_candidate_are_named() -> None:
    exclave = lands.ruled(lands.exclave(linked=False), bounds={"municipalities": Bound(2, None)})
    assert solve(exclave).impossible
    assert solve(exclave).missed == (4,)
    linked = lands.ruled(lands.exclave(), bounds={"municipalities": Bound(2, None)})
    assert solve(linked).proven_optimal
    assert solve(linked).missed == ()


def test_the_whole_as_one_zone_needs_no_enumeration() -> None:
    large = lands.grid(20, 20, partnerships={"some": [0, 399]})
    assert solve(large).candidates == 1
    assert solve(large).proven_optimal


def test_regions_are_solved_apart_and_joined() -> None:
    north = np.array([0, 0, 0, 1, 1, 1])
    grid = lands.ruled(
        lands.grid(2, 3, partnerships={"left": [0, 1], "over": [2, 5]}),
        within=north,
        bounds={"municipalities": Bound(1, 2)},
    )
    regions = zones_within(grid)
    assert [region.number for region in regions] == [0, 1]
    plan = joined(grid, regions)
    assert plan is not None
    assert not validate(lands.ruled(grid, zones=(1, 6)), plan)
    assert plan[0] == plan[1]
    told = []
    assert zones_within(grid, zones=(3, 3), progress=told.append) == tuple(told)
    assert all(region.solution.plan is not None for region in told)
    assert all(r.solution.impossible for r in zones_within(grid, zones=(4, 4)))
    assert joined(grid, zones_within(grid, zones=(4, 4))) is None


def test_what_must_stay_together_over_regions_has_no_plan_unless_divided() -> None:
    within = np.array([0, 0, 1, 1])
    tied = lands.ruled(
        lands.strip(4), within=within, together=(Group("middle", frozenset({0, 1, 2})),)
    )
    crossed = zones_within(tied)
    assert all(r.solution.impossible and r.crossing == ("middle",) for r in crossed)
    apart = zones_within(tied, divide=True)
    assert all(r.solution.proven_optimal and r.crossing == ("middle",) for r in apart)
    assert apart[0].solution.plan is not None
    assert len(set(apart[0].solution.plan.tolist())) == 1
    named = lands.ruled(lands.strip(4), within=within, fixed={1: "one", 2: "one"})
    assert all(r.crossing == ("one",) for r in zones_within(named))
    inside = lands.ruled(lands.strip(4), within=within, fixed={0: "one", 1: "one"})
    assert all(not r.crossing and r.solution.proven_optimal for r in zones_within(inside))


def test_unknown_land_outside_stays_unknown_in_a_region() -> None:
    ring = lands.ring_round_place(6)
    whole = hyperedges({"ring": list(range(6))})
    rules = replace(ring.rules, within=np.zeros(7, np.int64), zones=(2, 2))
    unknown = replace(ring, outside=None, partnerships=whole, rules=rules)
    assert solve(unknown).objective == 0.0
    assert zones_within(unknown, zones=(2, 2))[0].solution.objective == 0.0
    assert solve(replace(unknown, outside=ring.outside)).objective == 1.0
