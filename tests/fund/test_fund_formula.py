"""Formulas: what is read, what is refused, exact values, the unknown."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samenspel.fund.formula import (
    MOST_LETTERS,
    DividedByZero,
    FormulaError,
    Sheet,
    Value,
    condition,
    number,
)

COLUMNS = {"a": [1, 2, None], "b": [Fraction(1, 3), 0, 5], "c": [10, 20, 30]}


def values(text: str, **columns: list[Value]) -> list[Value]:
    return Sheet({**COLUMNS, **columns}).numbers(number(text), range(3))


def truths(text: str) -> list[bool | None]:
    return Sheet(COLUMNS).truths(condition(text), range(3))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("c", [10, 20, 30]),
        ("c + 2 * 3", [16, 26, 36]),
        ("(c - 1) / 3", [3, Fraction(19, 3), Fraction(29, 3)]),
        ("0.1 + 0.2", [Fraction(3, 10)] * 3),
        ("-b", [Fraction(-1, 3), 0, -5]),
        ("+c", [10, 20, 30]),
        ("a * c", [10, 40, None]),
        ("min(a, c)", [1, 2, None]),
        ("max(0, c - 15)", [0, 5, 15]),
        ("total(c)", [60] * 3),
        ("total(a)", [None] * 3),
        ("c / total(c)", [Fraction(1, 6), Fraction(1, 3), Fraction(1, 2)]),
        ("c if a > 1 else 0", [0, 20, None]),
        ("c / b if b > 0 else 0", [30, 0, 6]),
    ],
)
def test_values_are_exact(text: str, expected: list[Value]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("c > 10", [False, True, True]),
        ("c >= 10", [True, True, True]),
        ("10 < c < 30", [False, True, False]),
        ("c == 20", [False, True, False]),
        ("c != 20", [True, False, True]),
        ("a < 5", [True, True, None]),
        ("a < 5 and c > 100", [False, False, False]),
        ("a < 5 or c > 25", [True, True, True]),
        ("a > 5 or c > 25", [False, False, True]),
        ("a > 1 and c > 5", [False, True, None]),
        ("not a > 1", [True, False, None]),
        ("b > 0 and c / b > 20", [True, False, False]),
        ("b == 0 or c / b < 20", [False, True, True]),
        ("c > 5 if a > 1 else c > 10", [False, True, None]),
        ("a < 1 < c", [False, False, None]),
        ("c < 5 < a", [False, False, False]),
    ],
)
def test_conditions_have_three_values(text: str, expected: list[bool | None]) -> None:
    assert truths(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "c +", "c ** 2", "c // 2", "c % 2", "c.x", "c[0]", "f(c)", "total(a, b)", "total()",
        "min()", "max(*a)", "min(a, key=b)", "lambda: 1", "[1]", "'x'", "True", "None", "c > 1",
        "c and a", "not c", "1e9", "0x10", "1_000", "12345678901234567890123", "c if a else b",
        "__import__('os')", "a := 1", "c; a", "total", "min", "1j", "c @ a", "~c", "f'{c}'",
        "(" * 250 + "c" + ")" * 250, "-" * 500 + "c", "c+" * 250 + "c", "((((((((((" * 25, "c\n+a)",
    ],
)  # fmt: skip
def test_other_text_is_no_number(text: str) -> None:
    with pytest.raises(FormulaError, match="a formula knows"):
        number(text)


@pytest.mark.parametrize(
    "text", ["c", "1", "c + 1", "min(a, b)", "c in a", "c is a", "c > 1 > 'x'", "a and b", "not a"]
)
def test_other_text_is_no_condition(text: str) -> None:
    with pytest.raises(FormulaError, match="a formula knows"):
        condition(text)


def test_a_formula_has_a_length() -> None:
    assert number("c+" + " " * (MOST_LETTERS - 3) + "c").names == ("c",)
    with pytest.raises(FormulaError, match="characters"):
        number("c +" + " " * MOST_LETTERS + "c")


def test_many_levels_are_read() -> None:
    assert values("-" * 100 + "c") == [10, 20, 30]
    assert values("(" * 150 + "c" + ")" * 150) == [10, 20, 30]
    assert values("c+" * 150 + "c") == [1510, 3020, 4530]


def test_names_and_totals() -> None:
    formula = number("b + a / total(c) + a")
    assert formula.names == ("b", "a", "c")
    assert formula.totalled == {"c"}
    assert formula == number(" b + a / total(c) + a ")


def test_division_by_zero_names_the_row() -> None:
    with pytest.raises(DividedByZero) as caught:
        values("c / b")
    assert caught.value.row == 1


def test_totals_are_over_the_counted_rows() -> None:
    sheet = Sheet(COLUMNS, [0, 1])
    assert sheet.numbers(number("total(a)"), [0, 1]) == [3, 3]
    assert sheet.totals(number("c / total(a + c)")) == {"a + c": 33}


small = st.fractions(-20, 20, max_denominator=12)


@settings(deadline=None)
@given(st.lists(small, min_size=1, max_size=5), st.lists(small, min_size=5, max_size=5))
def test_the_value_is_that_of_python_on_fractions(xs: list[Fraction], ys: list[Fraction]) -> None:
    rows = range(len(xs))
    sheet = Sheet({"x": xs, "y": ys[: len(xs)]})
    text = "x * 3 - min(x, y, 2.5) / 4 + total(x) * (1 if x > y else 2)"
    expected = [
        x * 3 - min(x, y, Fraction(5, 2)) / 4 + sum(xs) * (1 if x > y else 2)
        for x, y in zip(xs, ys, strict=False)
    ]
    assert sheet.numbers(number(text), rows) == expected
