"""Aggregation over partly unknown values, against plain Python with None for unknown."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from samenspel.landscape import unknown

# Sums of these are exact in whatever order they are taken.
integers = st.lists(st.none() | st.integers(-(2**40), 2**40), max_size=12)
eighths = st.lists(st.none() | st.integers(-(2**30), 2**30).map(lambda n: n / 8), max_size=12)
truths = st.lists(st.none() | st.booleans(), max_size=12)
words = st.lists(st.none() | st.sampled_from(["", "a", "b"]), max_size=5)
groups = st.lists(
    st.tuples(st.sampled_from("xyz"), st.none() | st.integers(-99, 99), st.none() | st.booleans()),
    max_size=15,
)
Wanted = tuple[Any, float]


def known(values: Sequence[Any]) -> list[Any]:
    return [value for value in values if value is not None]


def share_known(values: Sequence[Any]) -> float:
    return len(known(values)) / len(values) if values else 1.0


def wanted_total(values: Sequence[Any]) -> Wanted:
    if values and not known(values):
        return None, 0.0
    return sum(known(values)), share_known(values)


def wanted_mean(values: Sequence[Any]) -> Wanted:
    found = known(values)
    return (sum(found) / len(found) if found else None), share_known(values)


def wanted_whole_sum(values: Sequence[Any]) -> Any:
    return None if None in values else sum(values)


def wanted_agreed(values: Sequence[Any]) -> Any:
    return values[0] if values and None not in values and len(set(values)) == 1 else None


def column(values: Sequence[Any], dtype: type[pl.DataType]) -> pl.DataFrame:
    return pl.DataFrame({"v": pl.Series(values, dtype=dtype)})


def over(groups: list[list[int]], rows: int) -> sparse.csr_matrix:
    """Groups by rows, with a 1 where the row is in the group."""
    matrix = np.zeros((len(groups), rows))
    for number, members in enumerate(groups):
        matrix[number, members] = 1
    return sparse.csr_matrix(matrix)


def found(
    function: Callable[[Any, pl.DataFrame], pl.DataFrame], values: Sequence[Any], dtype: Any
) -> Wanted:
    everything = over([list(range(len(values)))], len(values))
    row = function(everything, column(values, dtype).rename({"v": "n"}))
    assert row.columns == ["n", "n_known"]
    assert row.height == 1
    return row.row(0)


@settings(deadline=None)
@given(integers)
def test_total_of_integers(values: list[int | None]) -> None:
    assert found(unknown.totals_over, values, pl.Int64) == wanted_total(values)


@settings(deadline=None)
@given(eighths)
def test_total_of_numbers(values: list[float | None]) -> None:
    assert found(unknown.totals_over, values, pl.Float64) == wanted_total(values)


@settings(deadline=None)
@given(truths)
def test_count_where(values: list[bool | None]) -> None:
    assert found(unknown.totals_over, values, pl.Boolean) == wanted_total(values)


@settings(deadline=None)
@given(truths)
def test_share_where(values: list[bool | None]) -> None:
    assert found(unknown.means_over, values, pl.Boolean) == pytest.approx(wanted_mean(values))


@settings(deadline=None)
@given(eighths)
def test_mean(values: list[float | None]) -> None:
    assert found(unknown.means_over, values, pl.Float64) == pytest.approx(wanted_mean(values))


@settings(deadline=None)
@given(integers)
def test_whole_sum(values: list[int | None]) -> None:
    (result,) = column(values, pl.Int64).select(unknown.whole_sum(pl.col("v")))["v"]
    assert result == wanted_whole_sum(values)


@settings(deadline=None)
@given(words)
def test_agreed(values: list[str | None]) -> None:
    (result,) = column(values, pl.String).select(unknown.agreed(pl.col("v")))["v"]
    assert result == wanted_agreed(values)


@settings(deadline=None)
@given(words, st.integers(0, 3))
def test_known_shares(values: list[str | None], extra: int) -> None:
    other = list(range(len(values)))[: max(0, len(values) - extra)]
    other_padded: list[int | None] = [*other, *[None] * (len(values) - len(other))]
    frame = column(values, pl.String).with_columns(o=pl.Series(other_padded, dtype=pl.Int64))
    assert unknown.known_shares(frame) == {
        "v": share_known(values),
        "o": share_known(other_padded),
    }


def test_known_shares_of_no_columns_is_nothing_or_empty() -> None:
    assert unknown.known_shares(pl.DataFrame({"v": [None, None]})) == {"v": 0.0}
    assert unknown.known_shares(pl.DataFrame(schema={"v": pl.String, "w": pl.Date})) == {
        "v": 1.0,
        "w": 1.0,
    }


@settings(deadline=None)
@given(groups)
def test_all_at_once_per_group(rows: list[tuple[str, int | None, bool | None]]) -> None:
    names = sorted({g for g, _, _ in rows})
    members = [[i for i, row in enumerate(rows) if row[0] == g] for g in names]
    members.append(list(range(len(rows))))  # groups may overlap
    frame = pl.DataFrame(
        {
            "v": pl.Series([v for _, v, _ in rows], dtype=pl.Int64),
            "b": pl.Series([b for _, _, b in rows], dtype=pl.Boolean),
        }
    )
    groups = over(members, len(rows))
    totals, means = unknown.totals_over(groups, frame), unknown.means_over(groups, frame)
    assert totals.height == means.height == len(members)
    for number, inside in enumerate(members):
        total, mean = totals.row(number, named=True), means.row(number, named=True)
        for name, values in (
            ("v", [rows[i][1] for i in inside]),
            ("b", [rows[i][2] for i in inside]),
        ):
            assert (total[name], total[f"{name}_known"]) == wanted_total(values)
            assert (mean[name], mean[f"{name}_known"]) == pytest.approx(wanted_mean(values))


@settings(deadline=None)
@given(st.lists(st.tuples(st.none() | st.integers(0, 9), st.booleans()), max_size=9))
def test_totals_among_some_rows(rows: list[tuple[int | None, bool]]) -> None:
    frame = pl.DataFrame({"n": pl.Series([v for v, _ in rows], dtype=pl.Int64)})
    among = {"n": np.array([inside for _, inside in rows], dtype=bool)}
    everything = over([list(range(len(rows)))], len(rows))
    result = unknown.totals_over(everything, frame, among).row(0)
    assert result == wanted_total([value for value, inside in rows if inside])


# The cases that are easiest to get wrong, by hand.

HAND = [
    ("total", unknown.totals_over, pl.Int64, [], 0, 1.0),
    ("total", unknown.totals_over, pl.Int64, [None, None], None, 0.0),
    ("total", unknown.totals_over, pl.Int64, [0, None], 0, 0.5),
    ("total", unknown.totals_over, pl.Int64, [2, None, 3, None], 5, 0.5),
    ("total", unknown.totals_over, pl.Int64, [2, 3], 5, 1.0),
    ("count_where", unknown.totals_over, pl.Boolean, [], 0, 1.0),
    ("count_where", unknown.totals_over, pl.Boolean, [None], None, 0.0),
    ("count_where", unknown.totals_over, pl.Boolean, [False, None], 0, 0.5),
    ("count_where", unknown.totals_over, pl.Boolean, [True, True, False, None], 2, 0.75),
    ("share_where", unknown.means_over, pl.Boolean, [], None, 1.0),
    ("share_where", unknown.means_over, pl.Boolean, [None, None], None, 0.0),
    ("share_where", unknown.means_over, pl.Boolean, [True, False, None, None], 0.5, 0.5),
    ("share_where", unknown.means_over, pl.Boolean, [False], 0.0, 1.0),
    ("mean", unknown.means_over, pl.Int64, [], None, 1.0),
    ("mean", unknown.means_over, pl.Int64, [None], None, 0.0),
    ("mean", unknown.means_over, pl.Int64, [1, None, 4, None], 2.5, 0.5),
]


@pytest.mark.parametrize(
    ("function", "dtype", "values", "result", "share"),
    [case[1:] for case in HAND],
    ids=[f"{case[0]}-{case[3]}" for case in HAND],
)
def test_by_hand(function: Any, dtype: Any, values: Any, result: Any, share: float) -> None:
    assert found(function, values, dtype) == (result, share)


@pytest.mark.parametrize(
    ("values", "whole", "agreed"),
    [
        ([], 0, None),
        ([None], None, None),
        ([None, None], None, None),
        ([4], 4, 4),
        ([4, 4], 8, 4),
        ([4, None], None, None),
        ([4, 5], 9, None),
        ([0, 0], 0, 0),
    ],
)
def test_whole_sum_and_agreed_by_hand(values: list[int | None], whole: Any, agreed: Any) -> None:
    row = column(values, pl.Int64).select(
        w=unknown.whole_sum(pl.col("v")), a=unknown.agreed(pl.col("v"))
    )
    assert row.row(0) == (whole, agreed)


@settings(deadline=None)
@given(st.lists(st.none() | st.integers(0, 99), min_size=1, max_size=9))
def test_a_total_of_what_is_not_negative_is_a_lower_bound(values: list[int | None]) -> None:
    result, share = found(unknown.totals_over, values, pl.Int64)
    filled = [99 if value is None else value for value in values]
    if result is None:
        assert share == 0
    else:
        assert result <= sum(filled)
        assert (result == sum(filled)) == (share == 1 or filled == [v or 0 for v in values])
    assert math.isclose(share * len(values), len(known(values)))


def test_a_compound_condition_is_unknown_only_where_it_cannot_be_said() -> None:
    frame = pl.DataFrame({"a": [True, None, False, None], "b": [None, True, None, None]})
    conditions = frame.select(both=pl.col("a") & pl.col("b"), either=pl.col("a") | pl.col("b"))
    row = unknown.totals_over(over([[0, 1, 2, 3]], 4), conditions).row(0, named=True)
    assert (row["both"], row["both_known"]) == (0, 0.25)
    assert (row["either"], row["either_known"]) == (2, 0.5)
