"""Money: exact in and out of text, shares that add up, and the bound on rounding."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samenspel.errors import InputError
from samenspel.money import cents_of, shared, whole_cents


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("33800", 3_380_000),
        ("10562.50", 1_056_250),
        ("-0.01", -1),
        (" 7.1 ", 710),
        ("1e3", 100_000),
    ],
)
def test_amounts_in_text(text: str, cents: int) -> None:
    assert cents_of(text) == cents


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ten",
        "nan",
        "inf",
        "1,50",
        "10.005",
        "10.0000000000000000000000000000000004",
        "1e99",
        "1e-99",
    ],
)
def test_other_text_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(InputError, match="write"):
        cents_of(text)


@given(st.integers(-(10**15), 10**15), st.lists(st.integers(0, 10**12), min_size=1, max_size=30))
def test_shares_add_up_and_lie_within_a_cent(total: int, weights: list[int]) -> None:
    if sum(weights) == 0:
        weights = [1, *weights]
    amounts = shared(total, weights)
    assert sum(amounts) == total
    together = sum(weights)
    for amount, weight in zip(amounts, weights, strict=True):
        assert abs(amount - Fraction(total * weight, together)) < 1


def test_equal_remainders_go_to_the_first() -> None:
    assert shared(100, [1, 1, 1]) == [34, 33, 33]
    assert shared(-100, [1, 1, 1]) == [-33, -33, -34]


def test_what_cannot_be_shared_is_refused() -> None:
    assert shared(0, [0, 0]) == [0, 0]
    with pytest.raises(ValueError, match="zero"):
        shared(1, [0, 0])
    with pytest.raises(ValueError, match="negative"):
        shared(1, [2, -1])
    with pytest.raises(ValueError, match="add up"):
        whole_cents([Fraction(1, 2)])
