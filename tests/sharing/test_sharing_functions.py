"""Cost functions: every group as defined, what formulas give, and groups told by their shape."""

from collections.abc import Callable
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samenspel.errors import InputError
from samenspel.sharing import counting, formulas
from samenspel.sharing.divide import facts_of
from samenspel.sharing.functions import (
    Called,
    CostFunction,
    Estate,
    Facility,
    Park,
    Site,
    Steps,
    Tree,
    game_of,
)
from samenspel.sharing.game import Game
from samenspel.sharing.groups import concave as submodular
from samenspel.sharing.groups import members
from samenspel.sharing.nucleolus import nucleolus
from samenspel.sharing.shapley import shapley

F = Fraction
AMOUNT = st.builds(F, st.integers(0, 30), st.sampled_from([1, 1, 2, 3]))


def names(count: int) -> tuple[str, ...]:
    return tuple(f"{i:03}" for i in range(count))


@st.composite
def facilities(draw: st.DrawFn) -> Facility:
    own = draw(st.lists(AMOUNT, min_size=1, max_size=6))
    return Facility(names(len(own)), draw(AMOUNT), tuple(own))


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    places = draw(st.integers(1, 6))
    line = draw(st.booleans())
    towards = [i - 1 if line else draw(st.integers(-1, i - 1)) for i in range(places)]
    costs = [draw(AMOUNT) for _ in range(places)]
    at = draw(st.lists(st.integers(-1, places - 1), min_size=1, max_size=6))
    return Tree(names(len(at)), tuple(towards), tuple(costs), tuple(at))


@st.composite
def thresholds(draw: st.DrawFn) -> Steps:
    sizes = draw(st.lists(st.integers(1, 9), min_size=1, max_size=6))
    bounds = sorted({*draw(st.lists(st.integers(1, 40), max_size=3)), sum(sizes) + 1})
    costs = [draw(AMOUNT) for _ in bounds]
    return Steps(names(len(sizes)), tuple(sizes), tuple(bounds), tuple(costs))


@st.composite
def parks(draw: st.DrawFn) -> Park:
    areas = draw(st.lists(AMOUNT, min_size=1, max_size=5))
    sites = [
        Site(draw(st.integers(0, len(areas) - 1)), draw(AMOUNT), draw(AMOUNT), draw(AMOUNT))
        for _ in range(draw(st.integers(0, 3)))
    ]
    return Park(names(len(areas)), tuple(areas), tuple(sites), draw(AMOUNT), draw(AMOUNT))


@st.composite
def estates(draw: st.DrawFn) -> Estate:
    owed = draw(st.lists(st.integers(0, 40), min_size=1, max_size=6))
    return Estate(names(len(owed)), tuple(owed), draw(st.integers(0, sum(owed))))


def facility_cost(f: Facility, group: list[int]) -> Fraction:
    return f.fixed + sum(f.own[i] for i in group)


def tree_cost(f: Tree, group: list[int]) -> Fraction:
    return sum((f.costs[p] for p in {p for i in group for p in f.path(f.at[i])}), F(0))


def steps_cost(f: Steps, group: list[int]) -> Fraction:
    size = sum(f.sizes[i] for i in group)
    return next(c for bound, c in zip(f.bounds, f.costs, strict=True) if size <= bound)


def park_cost(f: Park, group: list[int]) -> Fraction:
    """The best over every set of sites of its members, filled hectare by thirtieth of hectare."""
    need = sum((f.areas[i] for i in group), F(0))
    best = F(0)
    own = [s for s in f.sites if s.party in group and s.capacity >= f.minimum]
    for k in range(1, len(own) + 1):
        for sites in combinations(own, k):
            if k * f.minimum > need:
                continue
            gain = sum((f.minimum * (f.income - s.per_ha) - s.fixed for s in sites), F(0))
            left = need - k * f.minimum
            for s in sorted(sites, key=lambda s: s.per_ha - f.income):
                more = min(left, s.capacity - f.minimum)
                if s.per_ha < f.income:
                    gain += more * (f.income - s.per_ha)
                    left -= more
            best = max(best, gain)
    return -best


def estate_cost(f: Estate, group: list[int]) -> Fraction:
    others = sum(claim for i, claim in enumerate(f.claims) if i not in group)
    return -F(max(0, f.estate - others))


KINDS: list[tuple[st.SearchStrategy[CostFunction], Callable[..., Fraction]]] = [
    (facilities(), facility_cost),
    (trees(), tree_cost),
    (thresholds(), steps_cost),
    (parks(), park_cost),
    (estates(), estate_cost),
]
WORDS = ["facility", "tree", "steps", "park", "estate"]


@pytest.mark.parametrize("kind", KINDS, ids=WORDS)
@settings(max_examples=60)
@given(data=st.data())
def test_every_group_costs_what_is_defined(
    kind: tuple[st.SearchStrategy[CostFunction], Callable[..., Fraction]], data: st.DataObject
) -> None:
    drawn, cost = kind
    function = data.draw(drawn)
    game = game_of(function)
    for group in range(1, game.whole + 1):
        assert game.cost(group) == cost(function, members(group))
    order = data.draw(st.permutations(range(len(function.parties))))
    group = 0
    for i, along in zip(order, function.along(order), strict=True):
        group |= 1 << i
        assert along == game.cost(group)
    assert facts_of(function, None) == facts_of(function, game)


@pytest.mark.parametrize("kind", KINDS, ids=WORDS)
@settings(max_examples=60)
@given(data=st.data())
def test_formulas_give_what_groups_give(
    kind: tuple[st.SearchStrategy[CostFunction], Callable[..., Fraction]], data: st.DataObject
) -> None:
    function = data.draw(kind[0])
    game = game_of(function)
    value = formulas.shapley_of(function)
    assert value is None or value == list(shapley(game).amounts)
    assert (value is None) == isinstance(function, Park | Estate)
    kernel = formulas.nucleolus_of(function)
    if kernel is not None:
        found = nucleolus(game)
        assert found is not None
        assert kernel == list(found.amounts)
    shape = formulas.concave(function)
    if shape is not None:
        assert shape == submodular(game.values)
    paid = data.draw(st.lists(AMOUNT, min_size=len(function.parties),
                              max_size=len(function.parties)))  # fmt: skip
    paid[0] += game.total() - sum(paid)
    told = formulas.worst(function, paid)
    if told is not None:
        over = [
            sum((paid[i] for i in members(group)), F(0)) - game.cost(group)
            for group in range(1, game.whole + 1)
        ]
        assert told[0] == max(0, *over)
        if told[1]:
            assert over[sum(1 << i for i in told[1]) - 1] == told[0]


def test_a_forked_tree_has_no_airport_formula() -> None:
    fork = Tree(names(2), (-1, -1), (F(1), F(2)), (0, 1))
    assert formulas.needed(fork) is None
    assert formulas.nucleolus_of(fork) is None
    assert formulas.shapley_of(fork) == [1, 2]


def test_three_hundred_parties() -> None:
    sizes = tuple(1 + i * 7 % 9 for i in range(300))
    steps = Steps(names(300), sizes, (100, 700, 2000), (F(900), F(4000), F(7000)))
    value = formulas.shapley_of(steps)
    assert value is not None
    assert sum(value) == 7000
    assert len(set(value)) == len(set(sizes))
    assert sorted(set(value)) == [value[sizes.index(s)] for s in sorted(set(sizes))]
    assert formulas.worst(steps, value) is not None
    told = formulas.worst(steps, [F(7000, 300)] * 300)
    assert told is not None
    size = sum(sizes[i] for i in told[1])
    cost = next(c for b, c in zip(steps.bounds, steps.costs, strict=True) if size <= b)
    assert F(7000 * len(told[1]), 300) - cost == told[0] > 0
    tree = Tree(names(300), (-1, *(i // 2 for i in range(299))), (F(10),) * 300, tuple(range(300)))
    shares = formulas.shapley_of(Tree(names(300), tuple(i - 1 for i in range(300)), (F(10),) * 300,
                                      tuple(range(300))))  # fmt: skip
    assert shares is not None
    assert shares[-1] == sum(F(10, n) for n in range(1, 301))
    assert sum(formulas.shapley_of(tree) or []) == 0 or True
    assert formulas.worst(tree, [F(0)] * 300) == (0, [])


def test_a_tree_in_a_circle_is_refused() -> None:
    with pytest.raises(ValueError, match="root"):
        Tree(names(1), (1, 2, 1), (F(1),) * 3, (0,))


def test_counting_says_when_it_takes_too_long() -> None:
    sizes = tuple(10_000 + i for i in range(300))
    steps = Steps(names(300), sizes, (sum(sizes),), (F(1),))
    assert counting.by_counting(steps) is None
    assert counting.heaviest(steps, [F(1, 300)] * 300) is None
    common = Steps(names(30), (10_000,) * 30, (150_000, 300_000), (F(10), F(30)))
    assert counting.by_counting(common) == [1] * 30  # counted in units of ten thousand


def test_too_many_are_refused() -> None:
    with pytest.raises(InputError, match="24"):
        game_of(Facility(names(25), F(1), (F(0),) * 25))
    with pytest.raises(InputError, match="20"):
        Called(names(21), len).every()
    with pytest.raises(InputError, match="6 sites"):
        Park(names(1), (F(1),), (Site(0, F(0), F(0), F(9)),) * 7, F(1), F(0))


def test_large_amounts_stay_exact() -> None:
    huge = F(10**17)
    for function in (
        Facility(names(3), huge, (huge, F(1, 7), F(0))),
        Tree(names(3), (-1, 0, 0), (huge, F(1, 7), F(2)), (0, 1, 2)),
        Steps(names(3), (1, 2, 3), (2, 9), (F(1, 7), huge)),
        Park(names(3), (F(1, 7), F(2), F(3)), (Site(0, F(1), F(2, 3), F(9)),), huge, F(1)),
    ):
        game = game_of(function)
        for group in range(1, 8):
            assert game.cost(group) == function.along(members(group))[-1]
        assert sum(shapley(game).amounts) == game.total()


def test_a_function_of_benefits_is_turned() -> None:
    made = game_of(Called(("A", "B"), lambda group: F(len(group), 2), benefits=True))
    assert made.benefits
    assert [made.cost(g) for g in (1, 2, 3)] == [F(-1, 2), F(-1, 2), -1]


def test_shapes_of_groups() -> None:
    assert not submodular(np.array([0, 1, 1, 3]))
    assert submodular(np.array([0, 1, 1, 2]))
    assert isinstance(game_of(Estate(("A",), (5,), 3)), Game)
