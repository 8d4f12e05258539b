"""The core: who would leave, proven empty or not, and what stays unknown."""

from fractions import Fraction

import numpy as np
import pytest
from games import Table, excesses, game, table, tables
from hypothesis import given, settings
from hypothesis import strategies as st

from samenspel.errors import InputError
from samenspel.sharing.core import core_of
from samenspel.sharing.divide import USUAL, Division, Divisions, divide, held
from samenspel.sharing.functions import Called, Facility, Steps, Tree
from samenspel.sharing.game import Game, from_function, from_table
from samenspel.sharing.groups import most_over, smallest_first, sums
from samenspel.sharing.nucleolus import least

F = Fraction


def told(made: Game) -> tuple[Divisions, dict[str, bool | None]]:
    found = divide(made, made, USUAL)
    return found, dict(core_of(made, made, found.found).in_core)


@settings(max_examples=60)
@given(tables(least=2))
def test_the_objecting_group_is_the_least_content(costs: Table) -> None:
    made = from_table(costs)
    found = divide(made, made, USUAL)
    core = core_of(made, made, found.found)
    for rule, division in found.found.items():
        assert sum(division.amounts) == made.total()
        over = excesses(costs, made.parties, division.amounts)
        assert core.in_core[rule] == (over[0] <= 0)
        if rule in core.objections:
            objection = core.objections[rule]
            assert objection.excess == over[0]
            paid = dict(zip(made.parties, division.amounts, strict=True))
            complaints = {
                group: sum(paid[p] for p in group) - cost
                for group, cost in costs.items() if len(group) < len(made.parties)
            }  # fmt: skip
            best = [sorted(g) for g, e in complaints.items() if e == over[0]]
            assert list(objection.members) == min(best, key=lambda g: (len(g), g))
    first = least(made)
    assert first is not None
    assert core.empty == (first.excess > 0)
    if core.empty:
        assert not any(core.in_core.values())
    elif "nucleolus" in found.found:
        assert core.in_core["nucleolus"]


@settings(max_examples=60)
@given(tables(least=2))
def test_savings_never_grow_in_a_concave_game(costs: Table) -> None:
    made = from_table(costs)
    core = core_of(made, made, divide(made, made, ["shapley"]).found)
    groups = list(costs)
    right = all(
        costs[a] + costs[b] >= costs[a | b] + costs.get(a & b, F(0)) for a in groups for b in groups
    )
    apart = all(costs[a] + costs[b] >= costs[a | b] for a in groups for b in groups if not a & b)
    assert core.concave == right
    assert core.subadditive == apart
    if right:  # Shapley 1971: the value of such a game lies in its core
        assert core.in_core["shapley"]


def test_unknown_groups_leave_the_core_unknown() -> None:
    """What is known can drive somebody away; only all groups together could keep everybody."""
    made = from_table(table({"A": 10, "B": 10, "C": 10, "AB": 12, "ABC": 21}))
    found = divide(made, made, USUAL)
    assert set(found.found) == {"equal", "proportional", "egalitarian"}
    assert set(found.refused) == {"separable_equal", "scrb", "shapley", "nucleolus"}
    core = core_of(made, made, found.found)
    assert core.in_core == {"equal": False, "proportional": False, "egalitarian": False}
    assert core.objections["equal"].members == ("A", "B")
    assert (core.empty, core.concave, core.subadditive) == (None, None, None)
    content = core_of(made, made, {"x": Division((F(6), F(6), F(9)))})
    assert content.in_core == {"x": None}


def test_known_groups_can_prove_the_core_empty() -> None:
    made = from_table(table({"AB": 2, "AC": 2, "BC": 2, "ABCD": 9, "D": 1}))
    core = core_of(made, made, divide(made, made, ["equal"]).found)
    assert core.empty is True
    assert core.least is not None
    assert all(made.knows(group) for group, _ in core.least.proof)
    fine = from_table(table({"AB": 6, "AC": 6, "BC": 6, "ABCD": 9, "D": 1}))
    assert core_of(fine, fine, {}).empty is None


@settings(max_examples=40)
@given(tables(least=3, most=4, low=0), st.data())
def test_what_is_proven_empty_with_gaps_is_empty_without(costs: Table, data: st.DataObject) -> None:
    full = from_table(costs)
    whole = frozenset().union(*costs)
    kept = {g: c for g, c in costs.items() if g == whole or data.draw(st.booleans())}
    some = from_table(kept, full.parties)
    proven = core_of(some, some, {}).empty
    if proven:
        assert core_of(full, full, {}).empty
    if len(kept) == len(costs):
        assert proven == core_of(full, full, {}).empty


def test_the_cheapest_division_closes_gaps() -> None:
    stated = table({"A": 10, "B": 8, "C": 9, "AB": 15, "ABC": 20})
    made = from_table(stated, cheapest=True)
    assert made.known is None
    place = {"".join(made.names(g)): made.cost(g) for g in range(1, 8)}
    assert place == {"A": 10, "B": 8, "C": 9, "AB": 15, "AC": 19, "BC": 17, "ABC": 20}
    gains = from_table(table({"A": 1, "B": 2, "ABC": 9, "C": 0, "AC": 4}),
                       benefits=True, cheapest=True)  # fmt: skip
    assert gains.cost(gains.parties.index("B") + 1 | 1) == -3
    with pytest.raises(InputError, match="group B is not stated"):
        from_table(table({"A": 1, "AB": 2}), cheapest=True)


def test_tables_that_make_no_game_are_refused() -> None:
    with pytest.raises(InputError, match="all 2 parties"):
        from_table(table({"A": 1, "B": 1}))
    with pytest.raises(InputError, match="no party"):
        from_table(table({"A": 1, "B": 1, "AB": 2}), "A")
    with pytest.raises(InputError, match="nobody"):
        from_table({frozenset(): F(0), frozenset("A"): F(1)})
    with pytest.raises(InputError, match="up to 24"):
        from_table({frozenset(str(i) for i in range(25)): F(1)})
    with pytest.raises(InputError, match="up to 16"):
        from_table({frozenset(str(i) for i in range(17)): F(1)})
    with pytest.raises(ValueError, match="once"):
        from_function(["A", "A"], len)


def test_large_games_by_their_shape() -> None:
    names = tuple(f"{i:03}" for i in range(40))
    facility = Facility(names, F(400), tuple(F(i) for i in range(40)))
    assert held(facility) is None
    found = divide(facility, None, ["equal", "shapley", "nucleolus", "prenucleolus"])
    core = core_of(facility, None, found.found)
    assert (core.empty, core.concave) == (False, True)
    assert core.in_core == {"equal": False, "shapley": True, "nucleolus": True,
                            "prenucleolus": True}  # fmt: skip
    assert core.objections["equal"].members == names[:30]
    tree = Tree(names, tuple(range(-1, 39)), (F(1),) * 39 + (F(100),), tuple(range(40)))
    found = divide(tree, None, ["equal", "shapley", "nucleolus"])
    assert dict(core_of(tree, None, found.found).in_core) == {
        "equal": False, "shapley": True, "nucleolus": True
    }  # fmt: skip
    steps = Steps(names, (1,) * 40, (10, 40), (F(10), F(20)))
    found = divide(steps, None, USUAL)
    assert "nucleolus" in found.refused
    core = core_of(steps, None, found.found)
    assert core.in_core["shapley"] is True
    assert core.empty is False
    called = Called(names, len)
    found = divide(called, held(called), ["equal"])
    assert core_of(called, None, found.found).in_core == {"equal": None}
    assert core_of(called, None, found.found).empty is None


def test_one_party() -> None:
    made = game({"A": 7})
    found, inside = told(made)
    assert {d.amounts for d in found.found.values()} == {(F(7),)}
    assert set(inside.values()) == {True}
    assert core_of(made, made, found.found).empty is False


def test_ties_go_to_the_smallest_group_and_the_first_codes() -> None:
    assert smallest_first(np.array([0b1100, 0b0011, 0b0101]), 4) == 0b0011
    assert smallest_first(np.array([0b1110, 0b1000, 0b0100]), 4) == 0b0100
    assert smallest_first(np.array([0b1001, 0b0110]), 4) == 0b1001


@given(st.lists(st.integers(-5, 5), min_size=2, max_size=6), st.integers(0, 80), st.integers(1, 7))
def test_floating_point_only_points(paid: list[int], power: int, below: int) -> None:
    """Near ties at any size are decided by fractions."""
    count = len(paid)
    values = np.array([0, *(2**power * (m % 3) for m in range(1, 1 << count))], dtype=object)
    amounts = [F(p * 2**power, below) for p in paid]
    most, groups = most_over(amounts, values, 1, None)
    over = {
        m: sum((amounts[i] for i in range(count) if m >> i & 1), F(0)) - int(values[m])
        for m in range(1, (1 << count) - 1)
    }
    top = max(0, *over.values())
    assert most == top
    assert groups.tolist() == ([m for m, e in over.items() if e == top] if top > 0 else [])


def test_additive_games_leave_no_complaint() -> None:
    made = Game(("A", "B", "C"), sums([3, 4, 5]))
    _found, inside = told(made)
    assert inside["shapley"] is True
    assert inside["equal"] is False
