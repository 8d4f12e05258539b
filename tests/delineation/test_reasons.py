"""What a move costs and breaks: the same as the whole plan scored and judged anew."""

import json
from collections.abc import Sequence
from dataclasses import replace

import lands
import numpy as np
import pytest
from brute import broken
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import Imported
from samenspel.delineation.build import problem_of
from samenspel.delineation.explain.effects import Moving, scores_after
from samenspel.delineation.explain.moves import Move, blocks, zone_name
from samenspel.delineation.explain.reasons import Reason, moving, reasons, sentence, weak_borders
from samenspel.delineation.goals import score
from samenspel.delineation.goalwords import goal_told, penalty_told, signed
from samenspel.delineation.problem import Bound, Group, Ints, Problem
from samenspel.delineation.wishes import Wishes


def any_plan(problem: Problem, seed: int, zones: int) -> Ints:
    """A zone for each place, valid or not, numbers with gaps."""
    return np.random.default_rng(seed).integers(0, zones, problem.size).astype(np.int64)


def after(plan: Ints, move: Move) -> Ints:
    """``plan`` when ``move`` is made."""
    found = plan.copy()
    found[list(move.places)] = move.target
    return found


def one(problem: Problem, plan: Sequence[int], place: int) -> Reason:
    """The reason of ``place``."""
    given_plan = np.array(plan, np.int64)
    return reasons(problem, given_plan, moving(problem, given_plan))[place]


def told(problem: Problem, plan: Sequence[int], place: int) -> str:
    return sentence(problem, one(problem, plan, place))


def asked(problem: Problem, plan: Ints) -> set[tuple[tuple[int, ...], int]]:
    """Places that move together and the zones that they can go to, group by group."""
    groups = [set(group.members) for group in problem.rules.together]
    for name in set(problem.rules.fixed.values()):
        groups.append({i for i, given_name in problem.rules.fixed.items() if given_name == name})
    near = [*zip(problem.borders.a.tolist(), problem.borders.b.tolist(), strict=True)]
    near += [(b, a) for a, b in near]
    found = set()
    for place in range(problem.size):
        group = {place}
        for _again in groups:
            group = group.union(*(other for other in groups if other & group))
        here = tuple(sorted(i for i in group if plan[i] == plan[place]))
        beside = {int(plan[b]) for a, b in near if a in here} - {int(plan[place])}
        found |= {(here, zone) for zone in beside}
    return found


@settings(max_examples=400, deadline=None)
@given(lands.problems(), st.integers(0, 2**32 - 1), st.integers(1, 4))
def test_every_move_is_the_plan_scored_and_judged_anew(
    problem: Problem, seed: int, zones: int
) -> None:
    plan = any_plan(problem, seed, zones)
    moves = moving(problem, plan)
    assert {(move.places, move.target) for move in moves} == asked(problem, plan)
    assert len(moves) == len(asked(problem, plan))
    now, valid = score(problem, plan), not broken(problem, plan.tolist())
    for move in moves:
        assert set(plan[list(move.places)].tolist()) == {move.origin}
        later = score(problem, after(plan, move))
        for goal, change in move.goals.items():
            assert change.value == later.goals[goal].value - now.goals[goal].value
            assert change.cost == later.goals[goal].cost - now.goals[goal].cost
        assert set(move.goals) == set(now.goals)
        assert move.penalty == later.penalty - now.penalty
        assert move.objective == later.objective - now.objective
        rules = broken(problem, after(plan, move).tolist())
        assert move.valid == (not rules)
        assert {violation.rule for violation in move.breaks} <= set(rules)
        if valid:
            assert {violation.rule for violation in move.breaks} == set(rules)


@settings(max_examples=300, deadline=None)
@given(lands.problems(), st.integers(0, 2**32 - 1), st.integers(1, 4))
def test_any_block_to_any_zone_is_scored_exactly(problem: Problem, seed: int, zones: int) -> None:
    """New zones, and blocks far from their new zone, as the way between two plans needs them."""
    plan, goal = any_plan(problem, seed, zones), any_plan(problem, seed + 1, zones + 1)
    block = blocks(problem, plan, goal)
    block[plan == goal] = -1
    who, first = np.unique(block, return_index=True)
    given_moves = Moving(plan, block, who[who >= 0], goal[first[who >= 0]])
    found = scores_after(problem, given_moves)
    assert len(found) == len(given_moves.who)
    for i, scored in enumerate(found):
        assert scored == score(problem, given_moves.after(i))


def test_one_zone_has_no_moves() -> None:
    problem = lands.grid(2, 3)
    assert moving(problem, np.zeros(6, np.int64)) == ()
    assert weak_borders(problem, np.zeros(6, np.int64), ()) == ()


def test_what_stays_together_moves_along_also_when_it_lies_apart() -> None:
    problem = lands.ruled(lands.strip(4), together=(Group("wish", frozenset({0, 2})),))
    (move,) = (m for m in moving(problem, np.array([0, 0, 0, 1])) if 2 in m.places)
    assert move.places == (0, 2)
    assert {violation.rule for violation in move.breaks} == {"contiguity"}
    assert told(problem, [0, 0, 0, 1], 2).startswith("It moves with T00. Every move breaks a rule.")


def test_what_was_broken_before_is_not_held_against_a_move() -> None:
    """Zone 0 has too few inhabitants: a move to it mends, a move from it makes it worse."""
    bounds = {"population": Bound(40, None)}
    problem = lands.ruled(lands.strip(8), bounds=bounds)
    moves = {move.places: move for move in moving(problem, np.array([0, 0, 1, 1, 1, 1, 1, 1]))}
    assert moves[2,].breaks == ()
    assert not moves[2,].valid
    (worse,) = moves[1,].breaks
    assert (worse.rule, worse.amount) == ("population", 30)


def test_what_is_cut_off_besides_what_was_is_held_against_a_move() -> None:
    """Zone 0 is in two parts already; without place 3 it is in three."""
    borders = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (3, 6), (1, 6)]
    problem = lands.land(7, borders, range(7))
    moves = {move.places: move for move in moving(problem, np.array([0, 1, 0, 0, 0, 0, 1]))}
    assert [violation.places for violation in moves[3,].breaks] == [(0, 2)]
    assert moves[2,].breaks == ()


def test_a_place_inside_its_zone() -> None:
    assert told(lands.strip(3), [0, 0, 1], 0) == "No neighbour lies in another zone."
    assert one(lands.strip(3), [0, 0, 1], 0).best is None
    assert one(lands.strip(3), [0, 0, 1], 0).ties == {}


def test_a_place_that_rules_hold() -> None:
    problem = lands.ruled(lands.strip(4), bounds={"municipalities": Bound(2, 2)})
    assert told(problem, [0, 0, 1, 1], 1) == (
        "Every move breaks a rule. To Z02: Zone Z01 has 1 municipality, 1 below the least of 2. "
        "Zone Z02 has 3 municipalities, 1 above the most of 2."
    )


def test_sentences_speak_of_zones_and_places_by_title() -> None:
    problem = replace(
        lands.ruled(
            lands.strip(4),
            bounds={"municipalities": Bound(2, 2)},
            together=(Group("wish", frozenset({0, 1})),),
        ),
        titles=("Aa", "Bee", "Cee", ""),
    )
    reason = one(problem, [0, 0, 1, 1], 1)
    row = reason.as_json(problem, ("N", "S"), ("North (N)", "South (S)"))
    assert row["reason"] == (
        "It moves with Aa (T00). Every move breaks a rule. To South (S): Zone South (S) has 4 "
        "municipalities, 2 above the most of 2."
    )
    (move,) = row["moves"]
    assert (row["zone"], move["from"], move["to"]) == ("N", "N", "S")
    assert move["breaks"][0]["text"].startswith("Zone South (S) has 4")
    assert one(problem, [0, 0, 1, 1], 2).as_json(problem, ("N", "S"))["reason"].count("Zone N") == 1


def test_a_place_that_partnerships_hold_and_the_goals_without_weight_are_data_alone() -> None:
    problem = lands.strip(4, partnerships={"a": [0, 1], "b": [1, 2]})
    assert told(problem, [0, 0, 1, 1], 1) == "It could as well lie in Z02."
    held = lands.strip(4, partnerships={"a": [0, 1], "b": [0, 1], "c": [1, 2]})
    assert told(held, [0, 0, 1, 1], 1) == (
        "The best other zone is Z02, and it is worse. Worse there: partnerships cut +1."
    )
    assert set(one(held, [0, 0, 1, 1], 1).ties) == {"cut", "connectivity", "balance"}
    weighed = replace(held, weights={"cut": 1.0, "balance": 0.1})
    assert "; inhabitants above the average zone, in percentage points +25." in told(
        weighed, [0, 0, 1, 1], 1
    )


def test_a_place_that_would_lie_better_elsewhere() -> None:
    problem = replace(
        lands.strip(4, partnerships={"a": [1, 2, 3]}), weights={"cut": 1.0, "balance": 0.1}
    )
    assert sentence(problem, one(problem, [0, 0, 1, 1], 1), ("North", "South")) == (
        "By the weights it would lie better in South. Worse there: inhabitants above the average "
        "zone, in percentage points +25. Better there: partnerships cut −1."
    )


def test_moves_that_break_nothing_come_first_though_others_cost_less() -> None:
    """Place 1 would lie better with place 0, were 0 and 1 not to lie apart."""
    problem = lands.ruled(lands.strip(3, partnerships={"a": [0, 1]}), apart=((0, 1),))
    cheap, free = one(problem, [0, 1, 2], 1).moves[1], one(problem, [0, 1, 2], 1).moves[0]
    assert (free.target, cheap.target) == (2, 0)
    assert cheap.objective < free.objective
    assert {violation.rule for violation in cheap.breaks} == {"apart"}


def test_borders_from_weak_to_firm() -> None:
    """Between 0 and 1 nothing holds; between 1 and 2 a partnership; the last cannot be moved."""
    problem = lands.ruled(
        lands.strip(8, partnerships={"a": [2, 3], "b": [4, 5]}),
        bounds={"municipalities": Bound(1, 3)},
        fixed={5: "west", 6: "east", 7: "east"},
    )
    plan = np.array([0, 0, 1, 1, 2, 2, 3, 3])
    found = weak_borders(problem, plan, moving(problem, plan))
    assert [border.zones for border in found] == [(0, 1), (1, 2), (2, 3)]
    assert [border.length for border in found] == [1000.0] * 3
    costs = [None if border.best is None else border.best.objective for border in found]
    assert costs == [0.0, 0.5, None]


@settings(max_examples=100, deadline=None)
@given(lands.problems(), st.integers(0, 2**32 - 1))
def test_weak_borders_are_all_borders_between_zones(problem: Problem, seed: int) -> None:
    plan = any_plan(problem, seed, 3)
    moves = moving(problem, plan)
    found = weak_borders(problem, plan, moves)
    assert sum(border.length for border in found) == score(problem, plan).goals["border"].value
    costs = [np.inf if b.best is None else b.best.objective for b in found]
    assert costs == sorted(costs)
    for border, cost in zip(found, costs, strict=True):
        over = [m for m in moves if {m.origin, m.target} == set(border.zones) and not m.breaks]
        assert cost == min((move.objective for move in over), default=np.inf)


@pytest.mark.parametrize(
    ("goal", "value", "words"),
    [
        ("cut", 2.0, "partnerships cut +2"),
        ("cut", -1234.5, "partnerships cut −1 234.5"),
        ("flows", -0.0123, "flows inside zones, in percentage points −1.23"),
        ("flows", 1e-7, "flows inside zones, in percentage points +<0.01"),
        ("border", -12_340.0, "border between zones −12.3 km"),
        ("moved", 10_000.0, "inhabitants outside their present zone +10 000"),
        ("agreement:care:x", 0.0, "pieces that the zones of care:x are cut into 0"),
        ("connectivity", 3.0, "zones that partnerships touch beyond one each +3"),
    ],
)
def test_changes_are_told_in_units(goal: str, value: float, words: str) -> None:
    assert goal_told(goal, value) == words


def test_small_words() -> None:
    assert penalty_told(0.25) == "the cost of soft bounds +0.25"
    assert signed(-0.0, 2) == "0"
    assert zone_name(0, ["North"]) == "North"
    assert zone_name(1, ["North"]) == "Z02"


@pytest.fixture(scope="module")
def regions(flanders_2025: Imported) -> tuple[Problem, Ints]:
    """Flanders with the reference regions as plan."""
    wishes = Wishes(
        zones=(15, 20),
        present="referentieregio",
        agree=("politiezone", "eerstelijnszone"),
        weights={"cut": 1.0, "flows": 0.5, "moved": 0.2},
        bounds={"population": Bound(150_000, 1_100_000), "municipalities": Bound(8, 30, False)},
    )
    problem = problem_of(flanders_2025[0], wishes).problem
    assert problem.present is not None
    return problem, problem.present


def test_the_reference_regions_of_flanders(regions: tuple[Problem, Ints]) -> None:
    problem, plan = regions
    moves = moving(problem, plan)
    now = score(problem, plan)
    assert len(moves) == len(asked(problem, plan))
    for move in moves:
        later = score(problem, after(plan, move))
        assert move.objective == pytest.approx(later.objective - now.objective, abs=1e-12)
        for goal, change in move.goals.items():
            own = later.goals[goal], now.goals[goal]
            assert change.cost == pytest.approx(own[0].cost - own[1].cost, abs=1e-12)
        assert move.goals["moved"].value == problem.population[list(move.places)].sum()
    found = reasons(problem, plan, moves)
    assert [reason.place for reason in found] == list(range(problem.size))
    a, b = problem.borders.a, problem.borders.b
    edge = set(a[plan[a] != plan[b]].tolist()) | set(b[plan[a] != plan[b]].tolist())
    assert {reason.place for reason in found if reason.moves} == edge
    data = [reason.as_json(problem, problem.present_names) for reason in found]
    assert json.loads(json.dumps(data)) == data
    assert {row["zone"] for row in data} == set(problem.present_names)
    borders = weak_borders(problem, plan, moves)
    told_borders = [border.as_json(problem, problem.present_names) for border in borders]
    assert json.loads(json.dumps(told_borders)) == told_borders
    assert sum(border.length for border in borders) == pytest.approx(now.goals["border"].value)
