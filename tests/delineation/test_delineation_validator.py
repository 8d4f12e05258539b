"""The validator against a second, naive reading of the rules, and plans damaged in every way."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
from brute import Plan, all_plans, all_valid_plans, broken
from hypothesis import given, settings
from hypothesis import strategies as st
from lands import (
    exclave,
    grid,
    problems,
    ring_round_lake,
    ring_round_place,
    ruled,
    strip,
)

from samenspel.delineation import goals
from samenspel.delineation.problem import Bound, Group, Problem, normalised
from samenspel.delineation.validator import Violation, unknown_rules, validate

SEEDS = st.integers(0, 2**32 - 1)


def told(problem: Problem, plan: Sequence[int]) -> dict[str, set[int]]:
    """The rules that the validator finds broken, each with its zones."""
    found: dict[str, set[int]] = {}
    for violation in validate(problem, plan):
        found.setdefault(violation.rule, set()).update(violation.zones)
        assert violation.text.endswith(".")
        assert violation.amount is None or violation.amount > 0
    return found


def some_plans(n: int, seed: int, count: int) -> list[list[int]]:
    """Plans with any number of zones, their numbers with gaps."""
    rng = Random(seed)
    most = [rng.randint(1, n) for _ in range(count)]
    return [[3 * rng.randrange(zones) for _ in range(n)] for zones in most]


@settings(max_examples=2000, deadline=None)
@given(problems(max_places=9), SEEDS)
def test_any_plan_breaks_the_same_rules_in_the_same_zones(problem: Problem, seed: int) -> None:
    for plan in [*some_plans(problem.size, seed, 4), list(range(problem.size))]:
        assert told(problem, plan) == broken(problem, plan)


@settings(max_examples=400, deadline=None)
@given(problems(max_places=6, min_places=2))
def test_the_valid_plans_are_those_of_brute_force(problem: Problem) -> None:
    valid = {plan for plan in all_plans(problem.size) if not validate(problem, plan)}
    assert valid == set(all_valid_plans(problem))


@settings(max_examples=400, deadline=None)
@given(problems(max_places=8), SEEDS)
def test_numbers_of_zones_do_not_matter(problem: Problem, seed: int) -> None:
    plan = np.array(some_plans(problem.size, seed, 1)[0], np.int64)
    high, low = validate(problem, plan + 5), validate(problem, normalised(plan))
    assert Counter((v.rule, v.amount) for v in high) == Counter((v.rule, v.amount) for v in low)


@settings(max_examples=600, deadline=None)
@given(problems(max_places=7), SEEDS)
def test_the_goals_read_the_oversize_rule_alike(problem: Problem, seed: int) -> None:
    """Two ways to the same ceilings, where no group is torn."""
    for plan in map(np.array, some_plans(problem.size, seed, 3)):
        found = validate(problem, plan)
        if any(violation.rule == "together" for violation in found):
            continue
        for measure, bound in problem.rules.bounds.items():
            held = np.bincount(plan, problem.measure(measure))
            over = np.zeros(len(held), np.bool_)
            most = goals.ceilings(problem, measure, plan)
            if most is not None and bound.hard:
                over = held > most
            above = {z for v in found if v.rule == measure and "above" in v.text for z in v.zones}
            assert above == set(np.flatnonzero(over).tolist())


def test_brute_force_on_lands_that_can_be_counted_by_hand() -> None:
    # A strip is cut or not at each of its borders.
    assert len(all_valid_plans(strip(6))) == 2**5
    # Of the 1,434 ways to divide a grid of three by three into connected zones five put its middle
    # alone inside another zone: the whole rim, and the rim without one of its four corners.
    square = grid(3, 3)
    assert len(all_valid_plans(replace(square, outside=None))) == 1434
    assert len(all_valid_plans(square)) == 1434 - 5
    # A ring is cut at no border, or at two or more of them.
    assert len(all_valid_plans(ring_round_lake(5))) == 2**5 - 5


def test_any_plan_of_whole_zones_holds_and_one_zone_encloses_nothing() -> None:
    assert validate(grid(3, 3), [0] * 9) == ()
    assert validate(grid(3, 3), list(range(9))) == ()
    assert validate(grid(3, 3), np.array([7, 7, 7, 2, 2, 2, 90, 90, 90])) == ()


def test_nothing_to_divide_has_too_few_zones() -> None:
    problem = ruled(strip(0), zones=(1, 1))
    assert [violation.rule for violation in validate(problem, [])] == ["zones"]


PAIR = [0, 0, 1, 1]
TORN = [0, 0, 0, 1]
ROW = strip(4)


@pytest.mark.parametrize(
    ("problem", "plan", "damaged", "expected"),
    [
        (ruled(ROW, zones=(2, 2)), PAIR, [0, 0, 1, 2], [("zones", (), (), 1)]),
        (ruled(ROW, zones=(2, 3)), PAIR, [0] * 4, [("zones", (), (), 1)]),
        (ROW, PAIR, [0, 0, 1, 0], [("contiguity", (0,), (3,), None)]),
        (ROW, PAIR, [0, 1, 0, 0], [("contiguity", (0,), (0,), None)]),
        (exclave(), [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [("contiguity", (0,), (4,), None)]),
        (ring_round_place(), [0, 0, 0, 1, 1, 1, 0], [0] * 6 + [1], [("hole", (0,), (6,), None)]),
        (
            ruled(ROW, bounds={"population": Bound(20, 20)}), PAIR, TORN,
            [("population", (0,), (), 10), ("population", (1,), (), 10)],
        ),
        (
            ruled(ROW, bounds={"municipalities": Bound(2, None)}), PAIR, TORN,
            [("municipalities", (1,), (), 1)],
        ),
        (
            ruled(ROW, bounds={"area": Bound(None, 2_500_000)}), PAIR, TORN,
            [("area", (0,), (), 500_000)],
        ),
        (
            ruled(ROW, together=(Group("wish", frozenset({2, 3})),)), PAIR, TORN,
            [("together", (0, 1), (3,), None)],
        ),
        (ruled(ROW, apart=((1, 2),)), PAIR, TORN, [("apart", (0,), (1, 2), None)]),
        (
            ruled(ROW, fixed={2: "east", 3: "east"}), PAIR, TORN,
            [("fixed", (0, 1), (3,), None)],
        ),
        (
            ruled(ROW, fixed={1: "west", 2: "east"}), PAIR, TORN,
            [("fixed", (0,), (1, 2), None)],
        ),
        (
            ruled(ROW, within=np.array([0, 0, 1, 1])), PAIR, TORN,
            [("within", (0,), (2,), None)],
        ),
        (
            ruled(strip(4, centres=np.array([True, False, True, False])), centre=True), PAIR, TORN,
            [("centre", (1,), (), None)],
        ),
        (ROW, PAIR, [0, 0, 1], [("covering", (), (), 1)]),
        (ROW, PAIR, [0, 0, 1, 1, 1], [("covering", (), (), 1)]),
        (ROW, PAIR, [0, -1, 1, -2], [("covering", (), (1, 3), 2)]),
        (ROW, PAIR, [0, None, 1, 1], [("covering", (), (1,), 1)]),
        (ROW, PAIR, [0.0, 0.5, 1.0, 1.0], [("covering", (), (0, 1, 2, 3), 4)]),
    ],
)  # fmt: skip
def test_a_damaged_plan_is_refused_for_the_right_rule(
    problem: Problem, plan: list[int], damaged: Any, expected: list[tuple[Any, ...]]
) -> None:
    assert validate(problem, plan) == ()
    found = validate(problem, damaged)
    assert [(v.rule, v.zones, v.places, v.amount) for v in found] == expected


def test_soft_bounds_are_never_broken() -> None:
    problem = ruled(ROW, bounds={"population": Bound(20, 20, hard=False)})
    assert validate(problem, TORN) == ()


def only(problem: Problem, plan: list[int]) -> Violation:
    """The one thing that is wrong."""
    (violation,) = validate(problem, plan)
    return violation


def test_the_link_of_an_exclave_makes_it_a_neighbour() -> None:
    assert validate(exclave(), [0] * 5) == ()
    alone = only(exclave(linked=False), [0] * 5)
    assert (alone.rule, alone.places) == ("contiguity", (4,))


def test_land_outside_within_a_ring_is_no_hole() -> None:
    assert validate(ring_round_lake(8), [0] * 8) == ()
    # A place in the ring that touches the lake is not enclosed either.
    assert validate(ring_round_lake(8), [0] * 7 + [1]) == ()


def test_holes_are_told_of_the_zone_that_encloses() -> None:
    # The rim of a grid of five by five, a ring within it, and the middle.
    plan = [0] * 25
    for i in (6, 7, 8, 11, 13, 16, 17, 18):
        plan[i] = 1
    plan[12] = 2
    found = [(v.rule, v.zones, v.places) for v in validate(grid(5, 5), plan)]
    assert found == [
        ("hole", (0,), (6, 7, 8, 11, 12, 13, 16, 17, 18)),
        ("hole", (1,), (12,)),
    ]


def test_a_zone_in_parts_can_enclose_by_all_of_them_together() -> None:
    # Of three by three the middles of the sides are one zone, so that the middle has no way out;
    # none of these four places encloses it by itself.
    plan = [0, 1, 2, 1, 3, 1, 4, 1, 5]
    found = {v.rule: (v.zones, v.places) for v in validate(grid(3, 3), plan)}
    assert found == {"contiguity": ((1,), (3, 5, 7)), "hole": ((1,), (4,))}


def test_an_island_that_nothing_leads_to_is_told_once() -> None:
    apart = replace(exclave(linked=False), outside=np.array([True] * 4 + [False]))
    hole = only(apart, [0, 0, 1, 1, 2])
    assert (hole.rule, hole.zones, hole.places) == ("hole", (0, 1), (4,))


def test_what_is_not_known_is_not_judged_and_said_so() -> None:
    bound = {"area": Bound(None, 1)}
    problem = ruled(replace(ring_round_place(), outside=None), bounds=bound, centre=True)
    assert validate(problem, [0] * 6 + [1]) == ()
    assert unknown_rules(problem) == ("hole", "area", "centre")
    soft = ruled(problem, bounds={"area": Bound(None, 1, hard=False)}, centre=False)
    assert unknown_rules(soft) == ("hole",)
    assert unknown_rules(ruled(grid(2, 2), bounds=bound)) == ()


def test_a_measure_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="votes"):
        validate(ruled(ROW, bounds={"votes": Bound(1, 2)}), PAIR)


@pytest.mark.parametrize(
    ("oversize", "plan", "amount"),
    [
        (0, [0, 1, 1, 1], None),
        (0, [0, 0, 1, 1], 10),
        (10, [0, 0, 1, 1], None),
        (10, [0, 0, 0, 1], 10),
        (None, [0, 0, 0, 0], None),
    ],
)
def test_a_large_place_may_pass_the_bound_with_what_the_rule_allows(
    oversize: int | None, plan: list[int], amount: float | None
) -> None:
    bound = {"population": Bound(None, 50)}
    town = ruled(strip(4, population=[100, 10, 10, 10]), bounds=bound, oversize=oversize)
    assert [v.amount for v in validate(town, plan)] == ([] if amount is None else [amount])


def test_a_large_group_is_as_a_large_place() -> None:
    rules: dict[str, Any] = {
        "bounds": {"population": Bound(None, 50)}, "together": (Group("G", frozenset({0, 1})),)
    }  # fmt: skip
    twins = strip(4, population=[40, 40, 10, 10])
    assert validate(ruled(twins, **rules), [0, 0, 1, 1]) == ()
    assert only(ruled(twins, **rules), [0, 0, 0, 1]).amount == 10
    assert validate(ruled(twins, **rules, oversize=10), [0, 0, 0, 1]) == ()
    # Without the wish nothing asks the two to lie in one zone.
    assert only(ruled(twins, bounds=rules["bounds"]), [0, 0, 1, 1]).amount == 30


def test_other_measures_allow_nothing_beside_what_is_too_large() -> None:
    rules: dict[str, Any] = {
        "bounds": {"municipalities": Bound(None, 1)}, "together": (Group("G", frozenset({0, 1})),),
        "oversize": None,
    }  # fmt: skip
    assert validate(ruled(ROW, **rules), [0, 0, 1, 2]) == ()
    assert only(ruled(ROW, **rules), [0, 0, 0, 1]).amount == 1


@pytest.mark.parametrize(
    ("problem", "plan", "text"),
    [
        (ruled(ROW, zones=(3, 4)), PAIR, "The plan has 2 zones, 1 fewer than the least, 3."),
        (ROW, [5, 6, 5, 5], "Zone 5 is in 2 parts; cut off from the largest: T00."),
        (ring_round_place(), [0] * 6 + [1], "Zone 0 cuts off from land outside: T06."),
        (
            ruled(strip(2, population=[1200, 900]), bounds={"population": Bound(1000)}), [0, 1],
            "Zone 1 has 900 inhabitants, 100 below the least of 1 000.",
        ),
        (
            ruled(ROW, bounds={"area": Bound(None, 1_250_000)}), [0, 0, 1, 2],
            "Zone 0 has 2 km², 0.75 above the most of 1.25.",
        ),
        (
            ruled(strip(2, population=[99, 9]), bounds={"population": Bound(None, 50)}), [0, 0],
            "Zone 0 has 108 inhabitants, 9 above the most of 99 for a zone with T00.",
        ),
        (strip(8), [0] * 4, "The plan gives a zone to 4 municipalities; it must do so to all 8."),
        (strip(8), [0], "The plan gives a zone to 1 municipality; it must do so to all 8."),
        (ruled(ROW, zones=(2, 4)), [0] * 4, "The plan has 1 zone, 1 fewer than the least, 2."),
        (
            ruled(strip(3), bounds={"municipalities": Bound(2)}), [0, 0, 1],
            "Zone 1 has 1 municipality, 1 below the least of 2.",
        ),
        (strip(8), [-1] * 8, "In no zone: T00, T01, T02, T03, T04 and 3 more."),
    ],
)  # fmt: skip
def test_a_violation_says_what_where_and_how_much(
    problem: Problem, plan: list[int], text: str
) -> None:
    assert only(problem, plan).text == text


def test_a_violation_is_told_with_the_names_of_its_zones_and_places() -> None:
    """Whatever stands in a name; a zone without one keeps its number."""
    titles = ("{Aa}", "Bee", "", "Dee")
    problem = replace(ruled(ROW, together=(Group("{zone}", frozenset({0, 3})),)), titles=titles)
    torn = only(problem, [0, 0, 1, 1])
    assert torn.told(["{North}"]) == (
        "{zone}: one zone is asked; they lie in {North}, 1, apart from the most: Dee (T03)."
    )
    cut = only(replace(ROW, titles=titles), [0, 1, 0, 0])
    assert cut.told(["North", "South"]) == (
        "Zone North is in 2 parts; cut off from the largest: {Aa} (T00)."
    )
    assert cut.text == cut.told() == "Zone 0" + cut.told(["North"]).removeprefix("Zone North")


def test_inhabitants_that_are_not_known_are_not_judged_and_said_so() -> None:
    bounded = ruled(ROW, bounds={"population": Bound(1000)})
    assert len(validate(bounded, PAIR)) == 2
    unknown = replace(bounded, population=None)
    assert validate(unknown, PAIR) == ()
    assert unknown_rules(unknown) == ("population",)
    assert unknown_rules(bounded) == unknown_rules(replace(ROW, population=None)) == ()


def test_as_many_zones_as_places_on_a_land_of_any_shape() -> None:
    plan: Plan = tuple(range(7))
    assert validate(ring_round_place(), plan) == ()
    assert [v.rule for v in validate(ruled(ring_round_place(), zones=(8, 9)), plan)] == ["zones"]
