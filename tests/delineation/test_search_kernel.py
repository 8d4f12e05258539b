"""The counts of the kernels: after any flips what counting anew gives, and what the goals tell."""

from dataclasses import replace

import lands
import numpy as np
import pytest
from brute import all_plans
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from samenspel.delineation.goals import part, score
from samenspel.delineation.graphs import groups_of, units_of
from samenspel.delineation.heuristic.contraction import contracted, model_of
from samenspel.delineation.heuristic.flips import anneal, descend
from samenspel.delineation.heuristic.kernel import Model, State, fill, has_hole, objective
from samenspel.delineation.heuristic.naming import renaming
from samenspel.delineation.heuristic.search import connected
from samenspel.delineation.heuristic.seeds import seed_plan
from samenspel.delineation.heuristic.state import state_of
from samenspel.delineation.problem import AGREEMENT, Group, Hyperedges, Ints, Problem, hyperedges
from samenspel.delineation.validator import validate

NEAR = 1e-9
HOT = np.array([1e9, 1e9, 0.0, 0.0, 0.0])  # every flip is accepted
COUNTS = ("pins", "touched", "total", "units", "centre", "touch", "foreign")


def track() -> np.ndarray:
    """What ``anneal`` keeps, for a plan of cost 0."""
    return np.array([0.0, 0.0, np.inf, 0.0, 0.0])


def whatever_plan(problem: Problem) -> float:
    """What open sets cost in every plan, which the kernels leave out."""
    weights = problem.weights
    edges = problem.partnerships
    found = weights.get("cut", 0.0) * part(
        float(edges.weights[edges.open].sum()), float(edges.weights.sum())
    )
    found += weights.get("connectivity", 0.0) * pieces_outside(edges)
    for name, zones in problem.zonings.items():
        found += weights.get(AGREEMENT + name, 0.0) * pieces_outside(zones)
    return found


def pieces_outside(sets: Hyperedges) -> float:
    most = sets.weights * (np.diff(sets.members.indptr) - 1 + sets.open)
    return part(float(sets.weights[sets.open].sum()), float(most.sum()))


def judged_alike(problem: Problem) -> bool:
    """Whether every group that must share a zone is one wish in one part: else what is too large
    for a bound is not the same for a unit and for a wish."""
    unit, group = units_of(problem), groups_of(problem)
    return int(unit.max()) == int(group.max()) and all(
        (group == number).sum() == 1
        or any({i for i in range(problem.size) if group[i] == number} == wish.members
               for wish in problem.rules.together)
        for number in range(int(group.max()) + 1)
    )  # fmt: skip


def some_labels(data: st.DataObject, units: int, zones: int) -> Ints:
    row = st.lists(st.integers(0, zones - 1), min_size=units, max_size=units)
    return np.array(data.draw(row), np.int64)


def tells(problem: Problem, model: Model, unit: Ints, state: State) -> None:
    """The kernels' objective is that of the goals, names given anew."""
    renamed = renaming(problem, unit)(model, state)
    cost, _broken = objective(renamed, state)
    told = score(problem, state.zone[unit]).objective
    assert cost + whatever_plan(problem) == pytest.approx(told, abs=NEAR)


@settings(max_examples=200, deadline=None)
@given(lands.problems(max_places=9), st.data())
def test_the_objective_is_that_of_the_goals(problem: Problem, data: st.DataObject) -> None:
    assume(judged_alike(problem))
    model, unit = model_of(problem)
    units, zones = len(model.outside), data.draw(st.integers(1, 5))
    tells(problem, model, unit, state_of(model, some_labels(data, units, zones), zones, 1))


@settings(max_examples=200, deadline=None)
@given(lands.problems(max_places=9, min_places=2), st.integers(0, 99), st.data())
def test_counts_after_flips_are_those_counted_anew(
    problem: Problem, seed: int, data: st.DataObject
) -> None:
    model, unit = model_of(problem)
    units, zones = len(model.outside), data.draw(st.integers(1, 5))
    first = some_labels(data, units, zones)
    state = state_of(model, first, zones, seed)
    model = renaming(problem, unit)(model, state)
    kept = track()
    kept[:2] = objective(model, state)
    before = sorted(set(first.tolist()))
    anneal(model, state, np.zeros(units, np.int64), kept, HOT, 40, 0)
    anew = state_of(model, state.zone, zones, seed)
    for name in COUNTS:
        assert np.array_equal(getattr(state, name), getattr(anew, name)), name
    assert sorted(state.edge[: state.tally[0]]) == sorted(anew.edge[: anew.tally[0]])
    assert state.tally[2:].tolist() == anew.tally[2:].tolist()
    assert kept[:2] == pytest.approx(objective(model, anew), abs=NEAR)
    assert sorted(set(state.zone.tolist())) == before
    if judged_alike(problem):
        tells(problem, model, unit, state)


@settings(max_examples=150, deadline=None)
@given(lands.problems(max_places=9, min_places=2), st.integers(0, 99), st.data())
def test_flips_keep_zones_connected_and_make_no_hole(
    problem: Problem, seed: int, data: st.DataObject
) -> None:
    problem = lands.ruled(problem, within=None)
    model, unit = model_of(problem)
    zones = data.draw(st.integers(1, len(model.outside)))
    first = seed_plan(model, zones, seed)
    assume(bool((first >= 0).all()))
    assert connected(problem, first[unit])
    state = state_of(model, first, zones, seed)
    holes = state.tally[3]
    anneal(model, state, first.copy(), track(), HOT, 40, 0)
    assert connected(problem, state.zone[unit])
    assert len(np.unique(state.zone)) == zones
    assert state.tally[3] <= holes


@pytest.mark.parametrize("seed", range(40))
def test_holes_are_those_of_the_validator(seed: int) -> None:
    """For every plan of a land whose zones are connected, with what lies outside known or not."""
    problem = lands.ruled(lands.invented(6, (), seed), zones=(1, 6))
    model, unit = model_of(problem)
    judged = 0
    for row in all_plans(problem.size):
        plan = np.array(row, np.int64)
        if connected(problem, plan):
            state = state_of(model, plan[np.argsort(unit)], int(plan.max()) + 1, 1)
            holes = {violation.rule for violation in validate(problem, plan)} == {"hole"}
            assert has_hole(model, state) == holes, plan
            judged += 1
    assert judged


def test_a_hole_by_hand() -> None:
    ring = lands.ring_round_place(6)
    model, _unit = model_of(ring)
    for plan, holes in (([0] * 6 + [1], True), ([0] * 7, False), ([0] * 5 + [1, 0], False)):
        state = state_of(model, np.array(plan, np.int64), max(plan) + 1, 1)
        assert has_hole(model, state) == holes
    unknown, _unit = model_of(replace(ring, outside=None))
    assert not has_hole(unknown, state_of(unknown, np.array([0] * 6 + [1], np.int64), 2, 1))


@settings(max_examples=150, deadline=None)
@given(lands.problems(max_places=9, min_places=2), st.data())
def test_contraction_keeps_what_a_plan_costs(problem: Problem, data: st.DataObject) -> None:
    """Of any plan of clusters, as units of the small model and of the large one."""
    model, _unit = model_of(problem)
    units = len(model.outside)
    cluster = np.unique(some_labels(data, units, units), return_inverse=True)[1].astype(np.int64)
    small = contracted(model, cluster)
    plan = some_labels(data, int(cluster.max()) + 1, 3)
    coarse, fine = state_of(small, plan, 3, 1), state_of(model, plan[cluster], 3, 1)
    assert coarse.total.tolist() == fine.total.tolist()
    assert coarse.centre.tolist() == fine.centre.tolist()
    assert ((coarse.touch > 0) == (fine.touch > 0))[~np.eye(4, dtype=bool)].all()
    if len(np.concatenate([model.big, small.big])) == 0:  # a cluster may be too large by itself
        costs = [objective(small, coarse), objective(model, fine)]
        assert costs[0][0] == pytest.approx(costs[1][0], abs=NEAR)
        assert (costs[0][1] < NEAR) == (costs[1][1] < NEAR)


def test_equal_sets_become_one_and_sets_within_a_unit_none() -> None:
    sets = {"a": [0, 1, 2], "b": [0, 1, 2], "inner": [0, 1], "other": [2, 3]}
    strip = lands.strip(4, partnerships=sets)
    plain, _unit = model_of(strip)
    assert sorted(plain.cut_cost) == pytest.approx([0.25, 0.25, 0.5])
    paired = lands.ruled(strip, together=(Group("wish", frozenset([0, 1])),))
    model, unit = model_of(paired)
    assert unit.tolist() == [0, 0, 1, 2]
    assert sorted(model.cut_cost) == pytest.approx([0.25, 0.5])


def test_groups_over_water_are_tied_units() -> None:
    """Two ends of a strip that must share a zone are units of their own; parting them breaks."""
    strip = lands.ruled(lands.strip(3), together=(Group("wish", frozenset([0, 2])),))
    model, unit = model_of(strip)
    assert unit.tolist() == [0, 1, 2]
    for plan, broken in (([0, 0, 0], 0.0), ([0, 0, 1], 1.0)):
        state = state_of(model, np.array(plan, np.int64), 2, 1)
        assert objective(model, state)[1] == broken


@settings(max_examples=100, deadline=None)
@given(lands.problems(max_places=9, min_places=2), st.integers(0, 99))
def test_descent_ends_where_no_flip_is_better(problem: Problem, seed: int) -> None:
    """And never makes a plan worse."""
    model, _unit = model_of(replace(problem, weights={"cut": 1.0, "border": 0.5}))
    zones = max(1, len(model.outside) // 2)
    first = seed_plan(model, zones, seed)
    assume(bool((first >= 0).all()))
    state = state_of(model, first, zones, seed)
    before = objective(model, state)
    descend(model, state, 10.0)
    after = objective(model, state)
    assert after[0] + 10 * after[1] <= before[0] + 10 * before[1] + NEAR
    assert descend(model, state, 10.0) == 0
    fill(model, state)
    assert objective(model, state) == pytest.approx(after, abs=NEAR)


@settings(max_examples=60, deadline=None)
@given(lands.problems(max_places=7), st.integers(0, 99), st.data())
def test_names_cost_what_moving_costs(problem: Problem, seed: int, data: st.DataObject) -> None:
    """Also with more zones than names, and with names that nobody carries on."""
    n = problem.size
    old = st.lists(st.integers(-1, 3), min_size=n, max_size=n)
    present = np.array(data.draw(old), np.int64)
    moving = replace(problem, present=present, weights={"moved": 1.5})
    moving = lands.ruled(moving, bounds={})
    model, unit = model_of(moving)
    zones = data.draw(st.integers(1, 5))
    state = state_of(model, some_labels(data, len(model.outside), zones), zones, seed)
    tells(moving, model, unit, state)
    plain = replace(moving, weights={"cut": 1.0})
    assert renaming(plain, unit)(model, state) is model


@settings(max_examples=100, deadline=None)
@given(lands.problems(max_places=9), st.integers(0, 99), st.data())
def test_grown_plans_cover_what_they_can_reach(
    problem: Problem, seed: int, data: st.DataObject
) -> None:
    model, _unit = model_of(problem)
    units = len(model.outside)
    parts = int(np.unique(unit_parts(model)).size)
    zones = data.draw(st.integers(1, units))
    plan = seed_plan(model, zones, seed)
    assert sorted(set(plan[plan >= 0].tolist())) == list(range(zones))
    assert bool((plan >= 0).all()) == (zones >= parts)
    assert plan.tolist() == seed_plan(model, zones, seed).tolist()


def unit_parts(model: Model) -> list[int]:
    """Of each unit the first unit of its connected part, by walking."""
    n = len(model.outside)
    found = [-1] * n
    for first in range(n):
        row = [first] if found[first] < 0 else []
        for u in row:  # grows while it is walked
            found[u] = first
            for v in model.neighbour[model.neighbour_start[u] : model.neighbour_start[u + 1]]:
                if found[int(v)] < 0 and int(v) not in row:
                    row.append(int(v))
    return found


def test_balance_and_open_sets_are_counted_once() -> None:
    """By hand: an open set is cut in every plan, and half of the inhabitants above the mean."""
    strip = replace(
        lands.strip(3, population=[10, 10, 40]),
        partnerships=hyperedges({"open": [0, 1], "own": [1, 2]}, open_sets=frozenset(["open"])),
        weights={"cut": 1.0, "balance": 1.0},
    )
    model, unit = model_of(strip)
    state = state_of(model, np.array([0, 0, 1], np.int64), 2, 1)
    assert objective(model, state)[0] == pytest.approx(0.5 + 10 / 60)
    tells(strip, model, unit, state)
