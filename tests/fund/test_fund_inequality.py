"""The Gini coefficient: known values, its parts, and a slow definition beside it."""

from fractions import Fraction

import polars as pl
import pytest
from fundlands import land
from hypothesis import given, settings
from hypothesis import strategies as st

from samenspel.errors import InputError
from samenspel.fund.inequality import clusters, gini, inequality


def slow(cents: list[int], people: list[int]) -> Fraction:
    """Half the mean difference between two inhabitants, over the mean."""
    everybody, money = sum(people), sum(cents)
    apart = sum(
        p * q * abs(Fraction(c, p) - Fraction(d, q))
        for c, p in zip(cents, people, strict=True)
        for d, q in zip(cents, people, strict=True)
        if p and q
    )
    return Fraction(apart) / (2 * everybody**2) / Fraction(money, everybody)


def test_known_values() -> None:
    assert gini([100, 100], [1, 1]) == 0
    assert gini([100, 0], [1, 1]) == Fraction(1, 2)
    assert gini([0, 0, 0, 100], [1, 1, 1, 1]) == Fraction(3, 4)
    # Inhabitants count: one of ten has all.
    assert gini([0, 100], [9, 1]) == Fraction(9, 10)
    assert gini([10, 30], [1, 1]) == Fraction(1, 4)
    assert gini([0, 0], [1, 1]) is None
    assert gini([], []) is None


towns = st.lists(
    st.tuples(st.integers(0, 10**9), st.integers(1, 10**6), st.sampled_from("abc")),
    min_size=1,
    max_size=10,
)


@settings(deadline=None)
@given(towns)
def test_it_is_the_mean_difference(rows: list[tuple[int, int, str]]) -> None:
    cents, people = [c for c, _p, _k in rows], [p for _c, p, _k in rows]
    found = gini(cents, people)
    if sum(cents):
        assert found == slow(cents, people)
        assert found is not None
        assert 0 <= found < 1
    else:
        assert found is None


@settings(deadline=None)
@given(towns)
def test_the_parts_make_the_whole(rows: list[tuple[int, int, str]]) -> None:
    cents, people = [c for c, _p, _k in rows], [p for _c, p, _k in rows]
    found = inequality(cents, people, [k for _c, _p, k in rows], "letter")
    if found.overall is None:
        assert found.between is None
        return
    assert found.between is not None
    assert found.within is not None
    assert found.overlap is not None
    assert found.between + found.within + found.overlap == found.overall
    assert found.overlap >= 0
    assert found.between >= 0
    assert sum(c.cents for c in found.clusters) == sum(cents)


def test_clusters_that_do_not_overlap_have_no_overlap() -> None:
    found = inequality([10, 20, 100, 200], [1, 1, 1, 1], ["a", "a", "b", "b"], "x")
    assert found.overlap == 0
    assert found.between == gini([30, 300], [2, 2])
    one = inequality([10, 20, 100, 200], [1, 1, 1, 1], ["a"] * 4, "x")
    assert (one.between, one.within, one.overlap) == (0, one.overall, 0)
    each = inequality([10, 20, 100, 200], [1, 1, 1, 1], list("abcd"), "x")
    assert (each.between, each.within) == (each.overall, 0)
    mixed = inequality([10, 200, 20, 100], [1, 1, 1, 1], ["a", "a", "b", "b"], "x")
    assert mixed.overlap is not None
    assert mixed.overlap > 0


def test_without_known_inhabitants_a_municipality_is_not_compared() -> None:
    found = inequality([10, 30, 500, 7], [1, 1, None, 0])
    assert found.overall == Fraction(1, 4)
    assert found.left_out == (2, 3)
    assert found.as_json()["municipalities_left_out"] == 2


def test_clusters_of_a_landscape() -> None:
    zonings = pl.DataFrame({"zoning": ["Z", "W"], "cover": ["partition", "overlapping"]})
    members = pl.DataFrame(
        {"zoning": ["Z", "Z", "W", "W"], "zone": ["n", "s", "n", "s"],
         "nis": ["001", "002", "001", "001"]}
    )  # fmt: skip
    towns = land([1, 2, 3], levels=["a", None, "b"], zonings=zonings, zone_members=members)
    nis = ("001", "002", "003")
    assert clusters(towns, "equipment_level", nis) == ["a", "unknown", "b"]
    assert clusters(towns, "Z", nis) == ["n", "s", "unknown"]
    with pytest.raises(InputError, match="001 lies in more than one zone of W"):
        clusters(towns, "W", nis)
    with pytest.raises(InputError, match=r"no zoning “X” to cluster by; use equipment_level, W, Z"):
        clusters(towns, "X", nis)
