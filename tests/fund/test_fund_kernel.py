"""Dividing: sums, bounds in both directions, rounding, and cents that stay."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from samenspel import money
from samenspel.fund.kernel import (
    FREE,
    HIGH,
    LOW,
    Infeasible,
    bounded,
    divide,
    largest_remainder,
    steady,
)

Bound = int | None


def exact(
    pot: int,
    weights: list[int],
    low: list[int] | None = None,
    high: Sequence[Bound] | None = None,
) -> list[Fraction]:
    shares = divide(pot, weights, low, high)
    return [Fraction(n, shares.denominator) for n in shares.numerators]


def by_breakpoints(
    pot: int, weights: list[int], low: list[int], high: list[Bound]
) -> list[Fraction]:
    """The same division found another way: the level at which clipped shares add up to the pot,
    between two of the levels at which somebody leaves or meets a bound."""
    rows = list(zip(weights, low, high, strict=True))

    def at(level: Fraction) -> list[Fraction]:
        shares = [max(level * w, Fraction(f)) for w, f, _c in rows]
        return [
            s if c is None else min(s, Fraction(c))
            for s, (_w, _f, c) in zip(shares, rows, strict=True)
        ]

    levels = {Fraction(0)}
    for w, f, c in rows:
        if w:
            levels.add(Fraction(f, w))
            if c is not None:
                levels.add(Fraction(c, w))
    ordered = sorted(levels)
    ordered.append(
        ordered[-1] + Fraction(pot + 1) / max(1, min((w for w in weights if w), default=1))
    )
    for start, end in pairwise(ordered):
        under, over = sum(at(start)), sum(at(end))
        if under <= pot <= over:
            if over == under:
                return at(start)
            return at(start + (end - start) * (pot - under) / (over - under))
    raise AssertionError("no level")


amounts = st.integers(0, 10**6)
units = st.lists(
    st.tuples(st.integers(0, 1000), st.integers(0, 10**5), st.none() | st.integers(0, 10**5)),
    min_size=1,
    max_size=9,
)


@settings(deadline=None)
@given(amounts, st.lists(st.integers(0, 10**12), min_size=1, max_size=30))
def test_without_bounds_it_is_the_share_of_the_house(pot: int, weights: list[int]) -> None:
    assume(sum(weights))
    shares = divide(pot, weights)
    cents = largest_remainder(shares.numerators, shares.denominator, pot)
    assert cents == money.shared(pot, weights)
    assert sum(cents) == pot


@settings(deadline=None)
@given(amounts, units)
def test_bounds_hold_and_the_rest_is_in_proportion(
    pot: int, rows: list[tuple[int, int, Bound]]
) -> None:
    weights, low, high = (list(column) for column in zip(*rows, strict=True))
    high = [None if c is None else f + c for f, c in zip(low, high, strict=True)]
    try:
        shares = divide(pot, weights, low, high)
    except Infeasible as error:
        check_impossible(error.kind, pot, weights, low, high)
        return
    found = [Fraction(n, shares.denominator) for n in shares.numerators]
    assert sum(found) == pot
    assert found == by_breakpoints(pot, weights, low, high)
    for share, w, f, c, at in zip(found, weights, low, high, shares.held, strict=True):
        assert f <= share
        assert c is None or share <= c
        if at == LOW:
            assert share == f
        elif at == HIGH:
            assert share == c
        else:
            assert share == Fraction(shares.free_pot * w, shares.free_weight)
    cents = largest_remainder(shares.numerators, shares.denominator, pot)
    assert sum(cents) == pot
    for amount, share, f, c in zip(cents, found, low, high, strict=True):
        assert abs(amount - share) < 1
        assert f <= amount
        assert c is None or amount <= c


def check_impossible(
    kind: str, pot: int, weights: list[int], low: list[int], high: list[Bound]
) -> None:
    if kind == "floors":
        assert sum(low) > pot
        return
    assert kind in ("caps", "nobody")
    most = [f if w == 0 else c for w, f, c in zip(weights, low, high, strict=True)]
    assert None not in most
    assert sum(c for c in most if c is not None) < pot


def test_a_floor_binds_and_does_not() -> None:
    assert exact(100, [1, 9]) == [10, 90]
    assert exact(100, [1, 9], [20, 0]) == [20, 80]
    assert divide(100, [1, 9], [20, 0]).held == [LOW, FREE]
    assert exact(100, [1, 9], [5, 0]) == [10, 90]
    assert divide(100, [1, 9], [5, 0]).held == [FREE, FREE]


def test_a_cap_binds_and_does_not() -> None:
    assert exact(100, [1, 9], None, [None, 60]) == [40, 60]
    assert divide(100, [1, 9], None, [None, 60]).held == [FREE, HIGH]
    assert exact(100, [1, 9], None, [None, 95]) == [10, 90]


def test_a_floor_can_push_another_under_its_own() -> None:
    # 10, 15, 75 by weight; the floor of the first takes from the second, which had just enough.
    assert exact(100, [10, 15, 75], [40, 14, 0]) == [40, 14, 46]


def test_floor_and_cap_at_once() -> None:
    # Holding the cap alone would lift the first above its floor: 100 - 30 shared 1 to 4.
    assert exact(100, [1, 4, 45], [12, 0, 0], [None, None, 30]) == [14, 56, 30]
    assert exact(100, [1, 4, 45], [20, 0, 0], [None, None, 30]) == [20, 50, 30]


@pytest.mark.parametrize(
    ("pot", "weights", "low", "high", "kind"),
    [
        (100, [0, 0], None, None, "nobody"),
        (100, [0, 0], [0, 0], None, "nobody"),
        (100, [1, 1], [60, 41], None, "floors"),
        (100, [1, 1], None, [40, 59], "caps"),
        (100, [1, 0], None, [40, None], "caps"),
        (100, [0, 0], [60, 0], None, "caps"),
        (100, [1, 1], [30, 0], [20, None], "crossed"),
    ],
)
def test_what_cannot_be(
    pot: int, weights: list[int], low: list[int] | None, high: list[Bound] | None, kind: str
) -> None:
    with pytest.raises(Infeasible) as caught:
        divide(pot, weights, low, high)
    assert caught.value.kind == kind


def test_an_empty_pot_needs_nobody() -> None:
    assert exact(0, [0, 0]) == [0, 0]
    assert exact(60, [0, 0], [60, 0]) == [60, 0]


def test_equal_remainders_go_to_the_first() -> None:
    assert largest_remainder([100, 100, 100], 3, 100) == [34, 33, 33]


def test_cents_that_cannot_be_placed_go_round() -> None:
    assert largest_remainder([10, 10], 1, 25) == [13, 12]
    assert largest_remainder([10, 10], 1, 17) == [9, 8]


@settings(deadline=None)
@given(st.integers(0, 10**7), st.lists(st.integers(1, 10**5), min_size=3, max_size=12))
def test_a_merger_moves_nobody_else_by_a_cent(pot: int, weights: list[int]) -> None:
    was = divide(pot, weights)
    cents = largest_remainder(was.numerators, was.denominator, pot)
    merged = [weights[0] + weights[1], *weights[2:]]
    now = divide(pot, merged)
    before = {
        i: (was.numerators[i + 1], was.denominator, cents[i + 1]) for i in range(1, len(merged))
    }
    after, kept = steady(now, pot, before)
    assert kept == list(range(1, len(merged)))
    assert after == [cents[0] + cents[1], *cents[2:]]
    # Without it an outsider moves by one cent at most, for its exact share is the same.
    plain = largest_remainder(now.numerators, now.denominator, pot)
    assert all(abs(a - b) <= 1 for a, b in zip(plain[1:], cents[2:], strict=True))


def test_rounding_anew_does_move_a_cent() -> None:
    # Exact shares 33 1/3 thrice: merging the first two lets the third cent change hands.
    was = largest_remainder([100, 100, 100], 3, 100)
    now = largest_remainder([200, 100], 3, 100)
    assert (was, now) == ([34, 33, 33], [67, 33])
    was = largest_remainder([140, 140, 140, 280], 7, 100)  # 20, 20, 20, 40
    assert was == [20, 20, 20, 40]
    was = largest_remainder([250, 250, 250, 250], 4, 250)
    assert was == [63, 63, 62, 62]
    assert largest_remainder([500, 250, 250], 4, 250) == [125, 63, 62]  # the third gains a cent


@settings(deadline=None)
@given(amounts, amounts, units)
def test_keeping_never_breaks_a_bound_or_a_sum(
    pot: int, other: int, rows: list[tuple[int, int, Bound]]
) -> None:
    weights, low, high = (list(column) for column in zip(*rows, strict=True))
    high = [None if c is None else f + c for f, c in zip(low, high, strict=True)]
    try:
        was, now = divide(other, weights, low, high), divide(pot, weights, low, high)
    except Infeasible:
        return
    cents = largest_remainder(was.numerators, was.denominator, other)
    before = {i: (n, was.denominator, cents[i]) for i, n in enumerate(was.numerators)}
    after, kept = steady(now, pot, before, low, high)
    assert sum(after) == pot
    for i, (amount, f, c) in enumerate(zip(after, low, high, strict=True)):
        assert f <= amount
        assert c is None or amount <= c
        if i in kept:
            assert amount == cents[i]
            assert now.numerators[i] * was.denominator == was.numerators[i] * now.denominator


def test_where_keeping_would_break_a_bound_all_is_rounded_anew() -> None:
    # Shares 10 1/2, 10 1/2 and 9; the others keep 11 and 11, but the cap leaves the rest no room.
    shares = bounded(30, [21, 21, 18], [0, 0, 0], [None, None, 9], 60)
    before = {0: (21, 2, 10), 1: (21, 2, 10)}
    assert steady(shares, 30, before, [0, 0, 0], [None, None, 9]) == ([11, 10, 9], [])
    assert steady(shares, 30, before) == ([10, 10, 10], [0, 1])
