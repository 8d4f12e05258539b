"""The nucleolus: judged by Kohlberg's balance, which shares no code with it, and by brute force."""

from fractions import Fraction
from random import Random

import numpy as np
import pytest
from games import Table, excesses, game, table, tables
from hypothesis import given, settings
from hypothesis import strategies as st

from samenspel.sharing import guess, linear
from samenspel.sharing.game import Game, from_table
from samenspel.sharing.groups import sums
from samenspel.sharing.kohlberg import certified
from samenspel.sharing.linear import Row, balanced, solve
from samenspel.sharing.nucleolus import least, nucleolus

F = Fraction


@settings(max_examples=60)
@given(tables())
def test_it_is_certified(costs: Table) -> None:
    made = from_table(costs)
    free = nucleolus(made, bounded=False)
    assert free is not None
    assert sum(free.amounts) == made.total()
    assert certified(made, free.amounts, bounded=False)
    bound = nucleolus(made)
    alone = made.alone()
    assert alone is not None
    if bound is None:
        assert sum(alone) < made.total()
    else:
        assert certified(made, bound.amounts)
        assert all(a <= b for a, b in zip(bound.amounts, alone, strict=True))
        if all(a <= b for a, b in zip(free.amounts, alone, strict=True)):
            assert bound.amounts == free.amounts


@settings(max_examples=60)
@given(tables(least=2), st.lists(st.integers(-30, 30), min_size=5, max_size=5))
def test_no_other_amounts_have_smaller_complaints(costs: Table, moves: list[int]) -> None:
    """Sorted excesses, largest first, are smaller for the nucleolus than for any other division."""
    made = from_table(costs)
    found = nucleolus(made, bounded=False)
    assert found is not None
    shift = [F(m, 7) for m in moves[: len(made.parties) - 1]]
    other = [a + b for a, b in zip(found.amounts, [*shift, -sum(shift)], strict=True)]
    mine = excesses(costs, made.parties, found.amounts)
    theirs = excesses(costs, made.parties, other)
    assert mine < theirs or other == list(found.amounts)


@settings(max_examples=60)
@given(tables(least=2))
def test_its_first_level_is_the_least_core(costs: Table) -> None:
    made = from_table(costs)
    found, first = nucleolus(made, bounded=False), least(made)
    assert found is not None
    assert first is not None
    assert first.excess == found.levels[0][0] == excesses(costs, made.parties, found.amounts)[0]
    assert [level for level, _ in found.levels] == sorted(
        (level for level, _ in found.levels), reverse=True
    )
    # The proof: its groups count every party equally, and their excesses add up to the least.
    weight = [sum(w for g, w in first.proof if g >> i & 1) for i in range(len(made.parties))]
    assert len(set(weight)) == 1
    assert sum(w for _, w in first.proof) == 1
    paid = weight[0] * made.total()
    assert paid - sum(w * made.cost(g) for g, w in first.proof) == first.excess


@settings(max_examples=40)
@given(tables(least=2, most=4), st.integers(-10, 10), st.integers(1, 5))
def test_own_costs_and_units_pass_through(costs: Table, own: int, unit: int) -> None:
    made = from_table(costs)
    moved = from_table({g: unit * cost + (own if "A" in g else 0) for g, cost in costs.items()})
    before, after = nucleolus(made, bounded=False), nucleolus(moved, bounded=False)
    assert before is not None
    assert after is not None
    wanted = [unit * a for a in before.amounts]
    wanted[0] += own
    assert list(after.amounts) == wanted


@settings(max_examples=60)
@given(tables(least=2), st.integers(1, 40))
def test_the_judge_refuses_damaged_amounts(costs: Table, cut: int) -> None:
    made = from_table(costs)
    found = nucleolus(made, bounded=False)
    assert found is not None
    damaged = list(found.amounts)
    damaged[0] += F(1, cut)
    assert not certified(made, damaged, bounded=False)
    damaged[-1] -= F(1, cut)
    assert not certified(made, damaged, bounded=False)


def test_the_judge_knows_the_bound() -> None:
    """Here the prenucleolus charges C, who pays nothing alone, so the nucleolus is another."""
    made = game({"A": 12, "B": 3, "C": 0, "AB": 6, "AC": 9, "BC": 12, "ABC": 12})
    free, bound = nucleolus(made, bounded=False), nucleolus(made)
    assert free is not None
    assert bound is not None
    assert free.amounts == (6, 3, 3)
    assert bound.amounts == (9, 3, 0)
    assert certified(made, free.amounts, bounded=False)
    assert not certified(made, free.amounts)
    assert certified(made, bound.amounts)
    assert not certified(made, bound.amounts, bounded=False)


def test_the_judge_has_its_limits() -> None:
    with pytest.raises(ValueError, match="too many"):
        certified(Game(tuple(f"{i:02}" for i in range(13)), sums([1] * 13)), [F(1)] * 13)
    with pytest.raises(ValueError, match="unknown"):
        certified(from_table(table({"A": 1, "B": 1, "ABC": 3})), [F(1)] * 3)


def test_one_party_and_no_division() -> None:
    one = game({"A": 5})
    found = nucleolus(one)
    assert found is not None
    assert found.amounts == (5,)
    assert least(one) is None
    assert nucleolus(game({"A": 1, "B": 1, "AB": 5})) is None
    with pytest.raises(ValueError, match="every group"):
        nucleolus(from_table(table({"A": 1, "B": 1, "ABC": 3})))


@pytest.mark.parametrize("power", [0, 55, 63, 150])
def test_large_numbers_stay_exact(power: int) -> None:
    small = {"A": 9, "B": 8, "C": 7, "AB": 13, "AC": 12, "BC": 14, "ABC": 17}
    before = nucleolus(game(small))
    after = nucleolus(game({group: cost * 2**power for group, cost in small.items()}))
    assert before is not None
    assert after is not None
    assert [a * 2**power for a in before.amounts] == list(after.amounts)


@pytest.mark.parametrize("shape", ["any", "ties", "votes", "concave", "airport"])
def test_a_bad_hint_changes_nothing(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without floating point, and with nonsense from it, the optimum is the same."""
    chance = Random(shape)
    weights = [chance.randint(1, 20) for _ in range(7)]
    size = sums(weights)
    airport = np.zeros(1 << 7, dtype=np.int64)
    for i, weight in enumerate(sorted(weights)):
        airport[1 << i : 2 << i] = weight
    values = {
        "any": np.array([0, *(chance.randint(0, 99) for _ in range(127))]),
        "ties": np.array([0, *(chance.randint(0, 2) for _ in range(127))]),
        "votes": -(2 * size > sum(weights)).astype(np.int64),
        "concave": (100 * np.sqrt(size)).astype(np.int64),
        "airport": airport,
    }[shape]
    made = Game(tuple("ABCDEFG"), values)
    right = nucleolus(made, bounded=False)
    assert right is not None
    assert certified(made, right.amounts, bounded=False)
    for hint in ([], list(range(1, 60)), [126, 1, 125, 2]):
        monkeypatch.setattr("samenspel.sharing.nucleolus.likely", lambda *_a, hint=hint, **_k: hint)
        again = nucleolus(made, bounded=False)
        assert again is not None
        assert again.amounts == right.amounts
    monkeypatch.setattr(linear, "PATIENCE", 0)  # Bland's rule from the first step
    last = nucleolus(made, bounded=False)
    assert last is not None
    assert last.amounts == right.amounts


def test_the_hint_is_only_a_hint() -> None:
    """Where floating point can make nothing of it there is no hint."""
    made = game({"A": 9, "B": 8, "AB": 13})
    settled = np.array([True, False, False, True])
    point, space = [F(13, 2)] * 2, [[F(1)], [F(-1)]]
    costs = made.values.astype(float)
    assert sorted(guess.likely(costs, point, space, settled, bounded=False)) == [1, 2]
    assert guess.likely(costs, point, space, np.ones(4, dtype=bool), bounded=False) == []


def test_bounds_without_a_point_are_told() -> None:
    rows = [Row(1, 1, (F(1),), F(0)), Row(2, 1, (F(-1),), F(0))]
    walls = [Row(-1, 0, (F(1),), F(1)), Row(-2, 0, (F(-1),), F(1))]

    def find(largest: Fraction, point: list[Fraction], _first: bool) -> Row | None:
        for row in (*rows, *walls):
            if row.lift * largest - row.slope[0] * point[0] < row.level:
                return row
        return None

    with pytest.raises(linear.Infeasible):
        solve(rows, find)
    assert len(balanced(rows)) == 2


@pytest.mark.parametrize("count", [12, 16])
def test_many_parties(count: int) -> None:
    """More parties than the judge takes: the sum and the first level."""
    chance = np.random.default_rng(count)
    values = chance.integers(0, 1000, 1 << count) * np.bitwise_count(np.arange(1 << count))
    made = Game(tuple(f"{i:02}" for i in range(count)), values.astype(np.int64))
    found = nucleolus(made, bounded=False)
    assert found is not None
    assert sum(found.amounts) == made.total()
    top = max(
        sum((found.amounts[i] for i in range(count) if group >> i & 1), F(0)) - int(values[group])
        for group in range(1, (1 << count) - 1, 7)
    )
    assert top <= found.levels[0][0]
    if count <= 12:
        assert certified(made, found.amounts, bounded=False)
