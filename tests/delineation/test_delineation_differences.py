"""Two plans side by side: the shortest list of moves, measures of likeness, and the way between."""

import json
from itertools import permutations
from math import log2

import lands
import numpy as np
import pytest
from brute import all_valid_plans, broken
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import Imported
from samenspel.delineation.build import problem_of, zones_in
from samenspel.delineation.explain.differences import (
    Difference,
    carried,
    difference,
    distance,
    steps_between,
)
from samenspel.delineation.explain.moves import Move
from samenspel.delineation.goals import score
from samenspel.delineation.problem import Bound, Group, Ints, Problem, normalised
from samenspel.delineation.wishes import Wishes

SEEDS = st.integers(0, 2**32 - 1)


def any_plan(problem: Problem, seed: int) -> Ints:
    """A zone for each place, valid or not."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, rng.integers(1, 5), problem.size).astype(np.int64)


def walked(problem: Problem, one: Ints, steps: tuple[Move, ...]) -> Ints:
    """``one`` after all ``steps``, each of which is what it says."""
    plan = one.copy()
    for step in steps:
        places = list(step.places)
        assert set(plan[places].tolist()) == {step.origin}
        before = score(problem, plan)
        plan[places] = step.target
        later = score(problem, plan)
        assert step.objective == pytest.approx(later.objective - before.objective, abs=1e-12)
        for goal, change in step.goals.items():
            moved = later.goals[goal].value - before.goals[goal].value
            assert change.value == pytest.approx(moved, abs=1e-6)
    return plan


def assert_sums(steps: tuple[Move, ...], found: Difference) -> None:
    """The changes of all steps together are the difference."""
    assert sum(step.objective for step in steps) == pytest.approx(found.objective, abs=1e-9)
    for goal, change in found.goals.items():
        total = sum(step.goals[goal].cost for step in steps)
        assert total == pytest.approx(change.cost, abs=1e-9)
    moved = sorted(place for step in steps for place in step.places)
    assert moved == list(found.places)


@settings(max_examples=300, deadline=None)
@given(lands.problems(), SEEDS, SEEDS)
def test_no_naming_of_the_zones_moves_fewer(problem: Problem, first: int, second: int) -> None:
    """Fewest inhabitants, then fewest places, over all ways to name the zones of the second."""
    one, two = any_plan(problem, first), any_plan(problem, second)
    plan = carried(problem, one, two)
    assert normalised(plan).tolist() == normalised(two).tolist()
    names = range(5 + int(two.max()) + 1)
    least = min(
        (int(problem.population[moved].sum()), int(moved.sum()))
        for naming in permutations(names, int(two.max()) + 1)
        for moved in [np.array(naming)[two] != one]
    )
    found = difference(problem, one, two)
    assert (found.inhabitants, len(found.places)) == least
    whole = int(problem.population.sum())
    if whole:
        assert found.kept == pytest.approx(1 - least[0] / whole)
        assert distance(problem, one, two) == pytest.approx(least[0] / whole)


@settings(max_examples=200, deadline=None)
@given(lands.problems(), SEEDS, SEEDS, SEEDS)
def test_likeness_is_measured_as_a_distance(problem: Problem, a: int, b: int, c: int) -> None:
    plans = [any_plan(problem, seed) for seed in (a, b, c)]
    for measure in (
        lambda one, two: distance(problem, one, two),
        lambda one, two: difference(problem, one, two).information,
    ):
        assert measure(plans[0], plans[0]) == pytest.approx(0, abs=1e-12)
        assert measure(plans[0], plans[1]) == pytest.approx(measure(plans[1], plans[0]))
        direct = measure(plans[0], plans[2])
        assert direct <= measure(plans[0], plans[1]) + measure(plans[1], plans[2]) + 1e-9


def test_variation_of_information_by_hand() -> None:
    """Halves crosswise tell nothing of each other: a bit is lost both ways. A third of a zone split
    off: what is left to tell is the entropy of one third."""
    square = lands.grid(2, 2)
    crossed = difference(square, np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]))
    assert crossed.information == pytest.approx(2.0)
    assert crossed.kept == 0.5
    split = difference(lands.strip(3), np.array([0, 0, 0]), np.array([0, 0, 1]))
    assert split.information == pytest.approx(log2(3) - 2 / 3)
    assert split.plan.tolist() == [0, 0, 1]


def test_inhabitants_count_and_not_places() -> None:
    """The zone goes on where its one large place is, though that moves four places and not one."""
    problem = lands.strip(5, population=[5, 5, 5, 100, 10])
    found = difference(problem, np.array([0, 0, 0, 0, 1]), np.array([0, 0, 0, 1, 1]))
    assert found.places == (0, 1, 2, 4)
    assert found.inhabitants == 25
    assert found.plan.tolist() == [2, 2, 2, 0, 0]


def test_no_one_lives_there() -> None:
    problem = lands.strip(2, population=[0, 0])
    found = difference(problem, np.array([0, 0]), np.array([0, 1]))
    assert (found.kept, found.information, len(found.places)) == (1.0, 0.0, 1)


@settings(max_examples=200, deadline=None)
@given(lands.problems(), SEEDS, SEEDS)
def test_the_steps_lead_from_one_plan_to_the_other(
    problem: Problem, first: int, second: int
) -> None:
    one, two = any_plan(problem, first), any_plan(problem, second)
    found, steps = difference(problem, one, two), steps_between(problem, one, two)
    assert walked(problem, one, steps).tolist() == found.plan.tolist()
    assert_sums(steps, found)
    plan = one.copy()
    for step in steps:
        plan[list(step.places)] = step.target
        assert step.valid == (not broken(problem, plan.tolist()))


def test_the_order_keeps_every_plan_on_the_way_valid() -> None:
    """Place 2 before place 1, though the goal would have 1 first."""
    problem = lands.strip(6, partnerships={"a": [1, 3], "b": [1, 4]})
    steps = steps_between(problem, np.array([0, 0, 0, 1, 1, 1]), np.array([0, 1, 1, 1, 1, 1]))
    assert [step.places for step in steps] == [(2,), (1,)]
    assert all(step.valid and not step.breaks for step in steps)


def test_a_step_that_must_break_a_rule_says_so() -> None:
    """Two swap, and each zone must have two: the first of both is too many."""
    problem = lands.ruled(lands.grid(2, 2), bounds={"municipalities": Bound(2, 2)})
    steps = steps_between(problem, np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]))
    assert [step.valid for step in steps] == [False, True]
    assert {violation.rule for violation in steps[0].breaks} == {"municipalities"}
    assert steps[1].breaks == ()


def test_what_stays_together_is_one_step() -> None:
    problem = lands.ruled(lands.strip(5), together=(Group("wish", frozenset({1, 2})),))
    (step,) = steps_between(problem, np.array([0, 0, 0, 1, 1]), np.array([0, 1, 1, 1, 1]))
    assert step.places == (1, 2)


def test_alike_plans_need_no_steps() -> None:
    problem = lands.strip(4)
    assert steps_between(problem, np.array([0, 0, 1, 1]), np.array([3, 3, 0, 0])) == ()
    assert difference(problem, np.array([0, 0, 1, 1]), np.array([3, 3, 0, 0])).places == ()


def test_between_valid_plans_of_a_grid_most_ways_are_valid() -> None:
    """All pairs of valid plans of two zones in a small grid: from 2 to 4 places each, so that there
    is room to move; the order that is found is valid wherever a brute search finds one."""
    problem = lands.ruled(lands.grid(2, 3), zones=(2, 2), bounds={"municipalities": Bound(2, 4)})
    plans = [np.array(plan) for plan in all_valid_plans(problem)]
    missed = total = 0
    for one in plans:
        for two in plans:
            steps = steps_between(problem, one, two)
            goal = carried(problem, one, two)
            possible = any(
                all(not broken(problem, plan) for plan in way(one, goal, order))
                for order in permutations(np.flatnonzero(one != goal).tolist())
            )
            total += possible
            missed += possible and not all(step.valid for step in steps)
            if not possible:
                assert not all(step.valid for step in steps)
    assert total > 20
    assert missed <= total // 10


def way(one: Ints, goal: Ints, order: tuple[int, ...]) -> list[list[int]]:
    """The plans on the way when places move in ``order``."""
    plan, found = one.tolist(), []
    for place in order:
        plan[place] = int(goal[place])
        found.append(plan.copy())
    return found


def test_from_reference_regions_to_transport_regions(flanders_2025: Imported) -> None:
    landscape = flanders_2025[0]
    wishes = Wishes(zones=(5, 20), present="referentieregio")
    problem = problem_of(landscape, wishes).problem
    where = {nis: i for i, nis in enumerate(problem.names)}
    other = np.zeros(problem.size, np.int64)
    for number, places in enumerate(zones_in(landscape, "vervoerregio", where).values()):
        other[places] = number
    assert problem.present is not None
    found = difference(problem, problem.present, other)
    steps = steps_between(problem, problem.present, other)
    assert walked(problem, problem.present, steps).tolist() == found.plan.tolist()
    assert_sums(steps, found)
    assert 0 < found.kept < 1
    assert sum(step.valid for step in steps) > len(steps) // 2
    data = found.as_json(problem, steps, problem.present_names)
    assert json.loads(json.dumps(data)) == data
    assert [row["municipalities"] for row in data["steps"]] == [
        [problem.names[i] for i in step.places] for step in steps
    ]
