"""The Shapley value: its axioms, brute force, and numbers beyond what a machine word holds."""

from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from games import Table, groups, shapley_by_orders, table, tables
from hypothesis import given, settings
from hypothesis import strategies as st

from samenspel.sharing.game import Game, from_function, from_table
from samenspel.sharing.groups import totals_by_size
from samenspel.sharing.shapley import shapley

F = Fraction


def value(costs: Table) -> dict[str, Fraction]:
    made = from_table(costs)
    return dict(zip(made.parties, shapley(made).amounts, strict=True))


@given(tables())
def test_it_is_the_mean_over_all_orders(costs: Table) -> None:
    made = from_table(costs)
    found = shapley(made)
    assert list(found.amounts) == shapley_by_orders(costs, made.parties)
    assert sum(found.amounts) == made.total()
    for amount, places in zip(found.amounts, found.by_place, strict=True):
        assert amount == sum(places) / len(places)


@given(tables(least=2), st.randoms(use_true_random=False))
def test_names_do_not_count(costs: Table, chance: "object") -> None:
    """Who is called what changes nothing (anonymity), so equals get equal amounts (symmetry)."""
    old = sorted(frozenset().union(*costs))
    new = list(old)
    chance.shuffle(new)  # type: ignore[attr-defined]
    called = dict(zip(old, new, strict=True))
    moved = {frozenset(called[p] for p in group): cost for group, cost in costs.items()}
    before, after = value(costs), value(moved)
    assert {called[party]: amount for party, amount in before.items()} == after


@given(tables(most=4), st.integers(-5, 30))
def test_who_adds_the_same_everywhere_pays_that(costs: Table, own: int) -> None:
    """A dummy pays what it costs alone."""
    more = {**costs, frozenset("Z"): F(own)}
    more |= {group | {"Z"}: cost + own for group, cost in costs.items()}
    found = value(more)
    assert found.pop("Z") == own
    assert found == value(costs)


@given(tables(least=3, most=3), tables(least=3, most=3))
def test_sums_of_games(one: Table, other: Table) -> None:
    """Additivity."""
    both = {group: cost + other[group] for group, cost in one.items()}
    first, second = value(one), value(other)
    assert value(both) == {party: first[party] + second[party] for party in first}


@pytest.mark.parametrize("power", [0, 40, 61, 63, 80, 200])
def test_large_numbers_stay_exact(power: int) -> None:
    """At the edges of 64 bits the sums go in two halves, beyond them in Python's integers."""
    small = table({"A": 3, "B": 5, "C": 6, "AB": 7, "AC": 6, "BC": 8, "ABC": 9})
    large = {group: cost * 2**power + 1 for group, cost in small.items()}
    made = from_table(large)
    assert list(shapley(made).amounts) == shapley_by_orders(large, made.parties)


@settings(max_examples=20)
@given(st.integers(0, 2**32), st.integers(6, 9), st.sampled_from([10, 2**33, 2**61]))
def test_sums_by_size(seed: int, count: int, most: int) -> None:
    values = np.random.default_rng(seed).integers(-most, most, 1 << count)
    totals, own = totals_by_size(values)
    for k in range(count + 1):
        members = [m for m in range(1 << count) if m.bit_count() == k]
        assert totals[k] == sum(int(values[m]) for m in members)
        for i in range(count):
            assert own[i][k] == sum(int(values[m]) for m in members if m >> i & 1)


def test_a_function_of_python() -> None:
    asked: list[frozenset[str]] = []

    def cost(group: frozenset[str]) -> Fraction:
        asked.append(group)
        return F(len(group) ** 2, 3)

    made = from_function(["C", "A", "B"], cost)
    assert made.parties == ("A", "B", "C")
    assert sorted(asked, key=sorted) == sorted(groups("ABC"), key=sorted)
    assert shapley(made).amounts == (1, 1, 1)


def test_unknown_costs_give_no_value() -> None:
    made = from_table(table({"A": 1, "B": 1, "AB": 2, "ABC": 3}))
    with pytest.raises(ValueError, match="every group"):
        shapley(made)


def test_twenty_parties_against_a_formula() -> None:
    """c(S) = |S|^2: by symmetry everybody pays the same; and a quadratic of weights."""
    weights = list(range(1, 21))
    total = np.zeros(1 << 20, dtype=np.int64)
    for i, weight in enumerate(weights):
        total[1 << i : 2 << i] = total[: 1 << i] + weight
    made = Game(tuple(f"{i:02}" for i in range(20)), total**2)
    # w_i^2 is its own and 2 w_i w_j is shared by two: w_i * (sum of all).
    assert list(shapley(made).amounts) == [w * sum(weights) for w in weights]


def test_brute_force_sees_a_wrong_value() -> None:
    costs = table({"A": 1, "B": 2, "AB": 2})
    assert shapley_by_orders(costs, "AB") != [1, 1]
    assert len(list(permutations("AB"))) == 2
