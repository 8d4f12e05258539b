"""A land of which the inhabitants are not known: the same plans wherever they play no part."""

from dataclasses import replace

import lands
import numpy as np
import pytest
from brute import all_valid_plans
from hypothesis import given, settings
from hypothesis import strategies as st

from samenspel.delineation.chains.ensemble import KINDS, ensemble
from samenspel.delineation.exact.solve import solve
from samenspel.delineation.explain.describe import called, judged_json, zones_json
from samenspel.delineation.explain.differences import difference, distance
from samenspel.delineation.explain.reasons import moving
from samenspel.delineation.goals import goal_names, heirs, score
from samenspel.delineation.heuristic.search import search
from samenspel.delineation.problem import Problem, normalised
from samenspel.delineation.restrict import restrict
from samenspel.delineation.validator import validate

IN_PEOPLE = ("balance", "moved")


def without_people(problem: Problem) -> Problem:
    """The same land and its rules, but for what is said in inhabitants."""
    bounds = {m: bound for m, bound in problem.rules.bounds.items() if m != "population"}
    weights = {goal: w for goal, w in problem.weights.items() if goal not in IN_PEOPLE}
    return replace(lands.ruled(problem, bounds=bounds), population=None, weights=weights)


@settings(max_examples=150, deadline=None)
@given(lands.problems(max_places=6), st.sampled_from(KINDS))
def test_every_method_finds_what_brute_force_finds(problem: Problem, kind: str) -> None:
    unknown = without_people(problem)
    plans = [np.array(plan) for plan in all_valid_plans(unknown)]
    best = min((score(unknown, plan).objective for plan in plans), default=None)
    solution, found = solve(unknown), search(unknown, iterations=400)
    if best is None:
        assert solution.impossible
        assert not found.valid
        return
    assert solution.objective == pytest.approx(best, abs=1e-8)
    assert not found.valid or (found.score is not None and found.score.objective >= best - 1e-9)
    ran = ensemble(unknown, plans[0], kind=kind, steps=30, thin=3, chains=1, keep=True)
    assert ran.goals == goal_names(unknown)
    assert ran.plans is not None
    valid = {tuple(plan.tolist()) for plan in plans}
    assert all(tuple(normalised(p.astype(np.int64)).tolist()) in valid for p in ran.plans[0])


@settings(max_examples=100, deadline=None)
@given(lands.problems(max_places=7), st.integers(0, 2**32 - 1))
def test_what_is_told_is_the_same_but_for_inhabitants(problem: Problem, seed: int) -> None:
    unknown = without_people(problem)
    known = replace(unknown, population=problem.population)
    plan = normalised(np.random.default_rng(seed).integers(0, 3, problem.size).astype(np.int64))
    one, two = score(known, plan), score(unknown, plan)
    assert two.goals == {g: told for g, told in one.goals.items() if g not in IN_PEOPLE}
    assert two.objective == one.objective
    assert validate(known, plan) == validate(unknown, plan)
    assert [move.places for move in moving(known, plan)] == [
        m.places for m in moving(unknown, plan)
    ]
    zones = called(unknown, plan, {})
    told = judged_json(unknown, plan, two, {}, zones)
    assert [zone["population"] for zone in told["zones"]] == [None] * len(zones)
    rows = zones_json(known, plan, zones)
    assert [{**row, "population": None} for row in rows] == told["zones"]


def test_a_present_zone_goes_where_most_of_its_places_go() -> None:
    """By inhabitants it goes with place 2, where those are known."""
    problem = replace(
        lands.strip(3, population=[1, 1, 10]), present=np.zeros(3, np.int64), present_names=("A",)
    )
    plan = np.array([0, 0, 1])
    assert heirs(problem, plan) == {1: 0}
    assert heirs(replace(problem, population=None), plan) == {0: 0}


def test_a_part_of_it_knows_no_more() -> None:
    part = restrict(replace(lands.strip(4), population=None), np.array([1, 2]), (1, 2))
    assert part.population is None
    assert part.heft.tolist() == [1, 1]


def test_what_is_told_in_inhabitants_alone_is_refused() -> None:
    problem = replace(lands.strip(3), population=None)
    one, two = np.array([0, 0, 1]), np.array([0, 1, 1])
    for ask in (difference, distance):
        with pytest.raises(ValueError, match="population is not known"):
            ask(problem, one, two)
    with pytest.raises(ValueError, match="population is not known"):
        problem.measure("population")
