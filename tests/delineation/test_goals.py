"""Every goal against the same goal counted with plain loops, on any small land and any plan."""

from itertools import pairwise, permutations

import lands
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samenspel.delineation.goals import ceilings, goal_names, moved_places, score, value
from samenspel.delineation.problem import (
    AGREEMENT,
    Bound,
    Group,
    Hyperedges,
    Ints,
    Pairs,
    Problem,
    hyperedges,
)

NEAR = 1e-9


@st.composite
def plans(draw: st.DrawFn, max_places: int = 7) -> tuple[Problem, Ints]:
    """A land and any plan of it, valid or not, with gaps in its numbers."""
    problem = draw(lands.problems(max_places=max_places))
    zones = st.lists(st.integers(0, 4), min_size=problem.size, max_size=problem.size)
    return problem, np.array(draw(zones), np.int64)


def sets_of(sets: Hyperedges) -> list[tuple[list[int], float, bool]]:
    """Members, weight and whether open, of each set."""
    start = sets.members.indptr.tolist()
    members = sets.members.indices.tolist()
    rows = [members[a:b] for a, b in pairwise(start)]
    return list(zip(rows, sets.weights.tolist(), sets.open.tolist(), strict=True))


def counted_cut(sets: Hyperedges, plan: list[int]) -> tuple[float, float]:
    lost = whole = 0.0
    for members, weight, is_open in sets_of(sets):
        whole += weight
        if is_open or len({plan[i] for i in members}) > 1:
            lost += weight
    return lost, lost / whole if whole else 0.0


def counted_pieces(sets: Hyperedges, plan: list[int]) -> tuple[float, float]:
    lost = most = 0.0
    for members, weight, is_open in sets_of(sets):
        homes = {plan[i] for i in members} | ({-1} if is_open else set())
        ends = set(members) | ({-1} if is_open else set())
        lost += weight * (len(homes) - 1)
        most += weight * (len(ends) - 1)
    return lost, lost / most if most else 0.0


def counted_between(links: Pairs, plan: list[int]) -> tuple[float, float]:
    ends = zip(links.a.tolist(), links.b.tolist(), links.value.tolist(), strict=True)
    rows = [(plan[a] != plan[b], amount) for a, b, amount in ends]
    lost, whole = sum(x for cut, x in rows if cut), sum(x for _cut, x in rows)
    return lost, lost / whole if whole else 0.0


def counted_balance(problem: Problem, plan: list[int]) -> float:
    held: dict[int, int] = {}
    for people, zone in zip(problem.population.tolist(), plan, strict=True):
        held[zone] = held.get(zone, 0) + people
    everyone = sum(held.values())
    mean = everyone / len(held)
    return sum(max(0.0, h - mean) for h in held.values()) / everyone if everyone else 0.0


def counted_moved(problem: Problem, plan: list[int]) -> tuple[float, float]:
    """By every way to hand the names of present zones to zones, none twice."""
    assert problem.present is not None
    present, people = problem.present.tolist(), problem.population.tolist()
    placed = sum(p for p, old in zip(people, present, strict=True) if old >= 0)
    zones = sorted(set(plan))
    names = [*sorted({old for old in present if old >= 0}), *[None] * len(zones)]
    stay = max(
        sum(p for p, old, zone in zip(people, present, plan, strict=True)
            if old >= 0 and given[zones.index(zone)] == old)
        for given in set(permutations(names, len(zones)))
    )  # fmt: skip
    return placed - stay, (placed - stay) / placed if placed else 0.0


@settings(max_examples=150, deadline=None)
@given(plans(max_places=6))
def test_goals_are_what_plain_counting_gives(given_plan: tuple[Problem, Ints]) -> None:
    problem, plan = given_plan
    told, zone_of = score(problem, plan), plan.tolist()
    expected = {
        "cut": counted_cut(problem.partnerships, zone_of),
        "connectivity": counted_pieces(problem.partnerships, zone_of),
        "border": counted_between(problem.borders, zone_of),
        "balance": (counted_balance(problem, zone_of),) * 2,
    }
    expected |= {
        AGREEMENT + name: counted_pieces(zones, zone_of) for name, zones in problem.zonings.items()
    }
    if problem.flows is not None:
        part = counted_between(problem.flows, zone_of)[1]
        expected["flows"] = (1 - part, part)
    if problem.present is not None:
        expected["moved"] = counted_moved(problem, zone_of)
    assert set(told.goals) == set(expected) == set(goal_names(problem))
    for name, (amount, cost) in expected.items():
        assert told.goals[name].value == pytest.approx(amount, abs=NEAR), name
        assert told.goals[name].cost == pytest.approx(cost, abs=NEAR), name
        assert 0 <= told.goals[name].cost <= 1 + NEAR
    weighed = sum(weight * expected[name][1] for name, weight in problem.weights.items())
    assert told.objective == pytest.approx(weighed + counted_penalty(problem, zone_of), abs=NEAR)


def counted_penalty(problem: Problem, plan: list[int]) -> float:
    rules, total = problem.rules, 0.0
    for measure, bound in rules.bounds.items():
        size = problem.measure(measure).tolist()
        for zone in set(plan):
            held = sum(s for s, z in zip(size, plan, strict=True) if z == zone)
            if not bound.hard and bound.low and held < bound.low:
                total += (bound.low - held) / bound.low
            if not bound.hard and bound.high:
                most = counted_ceiling(problem, measure, plan, zone)
                total += max(0, held - most) / bound.high
    return rules.penalty * total


def counted_ceiling(problem: Problem, measure: str, plan: list[int], zone: int) -> int:
    """The bound, or what the largest oversize unit that touches the zone allows."""
    high = problem.rules.bounds[measure].high
    assert high is not None
    size = problem.measure(measure).tolist()
    units = [{i} for i in range(problem.size)] + [set(g.members) for g in problem.rules.together]
    found = high
    for unit in units:
        alone = sum(size[i] for i in unit)
        if alone > high and any(plan[i] == zone for i in unit):
            extra = problem.rules.oversize if measure == "population" else 0
            found = max(found, sum(size) if extra is None else alone + extra)
    return found


@settings(max_examples=80, deadline=None)
@given(plans())
def test_names_do_not_matter_and_are_given_once(given_plan: tuple[Problem, Ints]) -> None:
    problem, plan = given_plan
    other = np.array([7, 3, 9, 0, 5])[plan]
    assert score(problem, other).objective == pytest.approx(score(problem, plan).objective)
    if problem.present is not None:
        moved = int(problem.population[moved_places(problem, plan)].sum())
        assert value(problem, "moved", plan).value == moved


def test_each_goal_by_hand() -> None:
    strip = lands.strip(
        4,
        population=[10, 20, 30, 40],
        partnerships={"west": [0, 1], "middle": [1, 2], "all": [0, 1, 2, 3]},
        flows=lands.joined(4, [(0, 3), (0, 1)], []),
        present=np.array([0, 0, 0, 1]),
        present_names=("W", "E"),
        zonings={"police": hyperedges({"a": [0, 1], "b": [2, 3]})},
    )
    plan = np.array([0, 0, 1, 1])
    goals = score(strip, plan).goals
    told = {name: (found.value, found.cost) for name, found in goals.items()}
    assert told == {
        "cut": (2, pytest.approx(2 / 3)),
        "connectivity": (2, pytest.approx(2 / 5)),
        "flows": (0.5, 0.5),
        "border": (1000, pytest.approx(1 / 3)),
        "balance": (0.2, 0.2),
        "moved": (30, 0.3),
        "agreement:police": (0, 0),
    }


def test_nothing_to_lose_costs_nothing() -> None:
    bare = lands.land(2, [], [0, 1], population=[0, 0], flows=lands.joined(2, [], []))
    told = score(bare, np.array([0, 1]))
    assert {goal.cost for goal in told.goals.values()} == {0.0}
    assert told.objective == 0


def test_unknown_facts_give_no_goal_and_never_a_zero() -> None:
    strip = lands.strip(2)
    assert goal_names(strip) == ("cut", "connectivity", "border", "balance")
    for goal in ("flows", "moved", "beauty"):
        with pytest.raises(KeyError):
            value(strip, goal, np.array([0, 1]))
    with pytest.raises(KeyError):
        value(strip, "agreement:police", np.array([0, 1]))


@pytest.mark.parametrize(
    ("oversize", "ceiling"), [(0, 50), (15, 65), (None, 80)], ids=["alone", "some", "free"]
)
def test_the_ceiling_beside_an_oversize_place(oversize: int | None, ceiling: int) -> None:
    strip = lands.ruled(
        lands.strip(4, population=[50, 10, 10, 10]),
        bounds={"population": Bound(None, 20)},
        oversize=oversize,
    )
    found = ceilings(strip, "population", np.array([0, 0, 1, 1]))
    assert found is not None
    assert found.tolist() == [ceiling, 20]


def test_a_group_that_is_too_large_lifts_the_ceiling_and_a_small_one_does_not() -> None:
    bounds = {"population": Bound(None, 20)}
    for members, ceiling in (([0, 1, 2], 30), ([0, 1], 20)):
        strip = lands.ruled(
            lands.strip(4), bounds=bounds, together=(Group("wish", frozenset(members)),)
        )
        found = ceilings(strip, "population", np.array([0, 0, 0, 1]))
        assert found is not None
        assert found.tolist() == [ceiling, 20]
    assert ceilings(lands.ruled(lands.strip(2), bounds={"population": Bound(5)}), "population",
                    np.array([0, 1])) is None  # fmt: skip


def test_a_soft_bound_costs_by_the_part_and_a_hard_one_nothing() -> None:
    for hard, penalty in ((False, 2 * (0.5 + 0.5)), (True, 0.0)):
        strip = lands.ruled(lands.strip(4), bounds={"population": Bound(20, 20, hard)}, penalty=2.0)
        assert score(strip, np.array([0, 1, 1, 1])).penalty == penalty
        assert score(strip, np.array([0, 0, 1, 1])).penalty == 0
