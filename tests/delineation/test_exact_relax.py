"""Relaxations: by the stated amount there is a plan, by less there is none."""

from dataclasses import replace

import lands
import numpy as np
import pytest
from brute import all_valid_plans
from hypothesis import assume, given, settings

from samenspel.delineation.build import problem_of
from samenspel.delineation.exact.relax import Relaxation, nearest, relaxations
from samenspel.delineation.problem import Bound, Group, Problem, Rules
from samenspel.delineation.wishes import Wishes
from samenspel.landscape.example import example


def under(problem: Problem, rules: Rules) -> bool:
    """Whether there is a plan under these rules."""
    return bool(all_valid_plans(replace(problem, rules=rules)))


def tighter(relaxed: Relaxation) -> Rules | None:
    """The rules relaxed by one less than stated; None where that is the rule as it was."""
    rules, needed = relaxed.rules, relaxed.needed
    if needed is None:
        return None
    if relaxed.rule == "oversize":
        return replace(rules, oversize=needed - 1)
    end, measure = relaxed.rule.split(":")
    less = needed + 1 if end == "low" else needed - 1
    bound = replace(rules.bounds[measure], **{end: less})
    return replace(rules, bounds={**rules.bounds, measure: bound})


@settings(max_examples=80, deadline=None)
@given(lands.problems(max_places=6))
def test_what_is_stated_is_needed_and_enough(problem: Problem) -> None:
    assume(not all_valid_plans(problem))
    answer = relaxations(problem)
    assert not answer.unknown
    for relaxed in answer.found:
        assert relaxed.text
        assert under(problem, relaxed.rules)
        if relaxed.rule != "zones":
            less = tighter(relaxed)
            assert less is None or not under(problem, less)
    told = {relaxed.rule for relaxed in answer.found}
    rules = problem.rules
    assert ("zones" in told) == under(problem, replace(rules, zones=(1, problem.size)))
    if rules.centre:
        assert ("centre" in told) == under(problem, replace(rules, centre=False))
    for i in range(len(rules.apart)):
        pairs = rules.apart[:i] + rules.apart[i + 1 :]
        listed = [r for r in answer.found if r.rule == "apart" and r.rules.apart == pairs]
        assert bool(listed) == under(problem, replace(rules, apart=pairs))
    for i in range(len(rules.together)):
        groups = rules.together[:i] + rules.together[i + 1 :]
        listed = [r for r in answer.found if r.rules.together == groups and r.rule == "together"]
        assert bool(listed) == under(problem, replace(rules, together=groups))


def test_the_number_of_zones_holds_where_a_plan_costs_nothing() -> None:
    """Two zones of the example hold 80,800 inhabitants at least, though 73,700 do in three."""
    wishes = Wishes((2, 2), {"population": Bound(None, 60_000)})
    problem = problem_of(example(), wishes).problem
    told = by_rule(problem)["high:population"]
    assert told.needed == 80_800
    assert under(problem, told.rules)
    less = tighter(told)
    assert less is not None
    assert not under(problem, less)


def by_rule(problem: Problem) -> dict[str, Relaxation]:
    return {relaxed.rule: relaxed for relaxed in relaxations(problem).found}


def test_bounds_and_oversize_by_hand() -> None:
    strip = lands.strip(4, population=[5, 50, 30, 30])
    found = by_rule(lands.ruled(strip, bounds={"population": Bound(20, 40)}))
    assert {rule: r.needed for rule, r in found.items()} == {
        "low:population": 5,
        "oversize": 5,
        "high:population": 55,
    }
    assert "5" in found["low:population"].text
    assert "55" in found["high:population"].text


def test_the_number_of_zones_by_hand() -> None:
    strip = lands.ruled(lands.strip(6), zones=(5, 5), bounds={"municipalities": Bound(2, None)})
    found = by_rule(strip)
    assert found["zones"].needed == 3
    assert found["zones"].rules.zones == (3, 5)
    assert found["low:municipalities"].needed == 1


def test_apart_together_fixed_and_centre_by_hand() -> None:
    bounds = {"municipalities": Bound(2, None)}
    apart = by_rule(lands.ruled(lands.strip(3), bounds=bounds, apart=((0, 2),)))
    assert apart["apart"].places == (0, 2)
    most = {"municipalities": Bound(None, 2)}
    fixed = lands.ruled(lands.strip(3), bounds=most, fixed={0: "east", 2: "east"})
    assert by_rule(fixed)["high:municipalities"].needed == 3
    both = relaxations(fixed).found
    assert {r.places for r in both if r.rule == "fixed"} == {(0,), (2,)}
    contradiction = lands.ruled(
        lands.strip(3), together=(Group("ends", frozenset({0, 2})),), apart=((0, 1),)
    )
    assert {"together", "apart"} <= set(by_rule(contradiction))
    none = lands.ruled(lands.strip(2, centres=np.zeros(2, np.bool_)), centre=True)
    assert set(by_rule(none)) == {"centre"}


def test_what_could_not_be_found_out_is_named() -> None:
    grid = lands.ruled(lands.grid(3, 3), bounds={"population": Bound(50, 55)})
    answer = relaxations(grid, most=3)
    assert answer.found == ()
    assert set(answer.unknown) == {"low:population", "high:population", "zones"}


@pytest.mark.parametrize("needed", [0, 1, 37, 99])
def test_nearest_downwards(needed: int) -> None:
    assert nearest(100, 0, lambda x: x if x <= needed else None) == needed
    assert nearest(100, 50, lambda x: x if x <= needed else None) == (
        needed if needed >= 50 else None
    )


@pytest.mark.parametrize("needed", [1, 2, 37, 1000])
def test_nearest_upwards(needed: int) -> None:
    assert nearest(0, 1000, lambda x: x if x >= needed else None) == needed
    assert nearest(0, 1000, lambda x: needed if x >= needed else None) == needed
    assert nearest(0, 0, lambda x: x) is None
