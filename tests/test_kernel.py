"""The counting on arrays, against the same counted pair by pair."""

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samenspel.screening import kernel

N = 7
bodies = st.lists(st.sets(st.integers(0, N - 1)), max_size=6)
borders = st.sets(st.sampled_from(list(combinations(range(N), 2))))


def matrix(sets: list[set[int]]) -> object:
    links = [(row, column) for row, one in enumerate(sets) for column in sorted(one)]
    rows, columns = zip(*links, strict=True) if links else ((), ())
    return kernel.incidence(list(rows), list(columns), (len(sets), N))


@pytest.mark.parametrize("wide", [0, 2, 4, 2000])
@settings(max_examples=100, deadline=None)
@given(sets=bodies, near=borders)
def test_whom_each_meets(wide: int, sets: list[set[int]], near: set[tuple[int, int]]) -> None:
    beside = [{b for a, b in near if a == i} | {a for a, b in near if b == i} for i in range(N)]
    usual, kernel.WIDE = kernel.WIDE, wide
    try:
        partners, met, effective = kernel.reach(matrix(sets), matrix(beside))
    finally:
        kernel.WIDE = usual
    for i in range(N):
        times = {j: sum({i, j} <= one for one in sets) for j in range(N) if j != i}
        times = {j: count for j, count in times.items() if count}
        assert partners[i] == len(times)
        assert met[i] == len(times.keys() & beside[i])
        squares = sum(count**2 for count in times.values())
        if squares:
            wanted = Fraction(sum(times.values()) ** 2, squares)
            assert effective[i] == pytest.approx(float(wanted))
        else:
            assert np.isnan(effective[i])


@settings(max_examples=100, deadline=None)
@given(bodies, st.lists(st.integers(-1, 3), min_size=N, max_size=N))
def test_different_labels(sets: list[set[int]], labels: list[int]) -> None:
    found = kernel.distinct(matrix(sets), np.array(labels))
    assert found.tolist() == [len({labels[i] for i in one} - {-1}) for one in sets]


def test_a_link_given_twice_is_one() -> None:
    assert kernel.incidence([0, 0], [1, 1], (1, 2)).toarray().tolist() == [[0, 1]]
