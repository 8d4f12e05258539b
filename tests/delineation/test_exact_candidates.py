"""Candidate zones: all that there are, each once, equal to what plain Python finds."""

from itertools import combinations

import lands
import numpy as np
import pytest
from brute import broken_by
from hypothesis import given, settings

from samenspel.delineation.exact import candidates as enumeration
from samenspel.delineation.exact.candidates import Candidates, candidates_of
from samenspel.delineation.exact.clock import Clock
from samenspel.delineation.exact.units import limits_of, units_of
from samenspel.delineation.problem import Bound, Group, Problem


def found(problem: Problem, most: int = 10**6) -> Candidates:
    units = units_of(problem)
    return candidates_of(problem, units, limits_of(problem, units), most, Clock())


def zones(problem: Problem) -> list[tuple[int, ...]]:
    """The candidates as places, in the order found."""
    units, some = units_of(problem), found(problem)
    of_zone = np.split(some.members, some.starts[1:-1])
    assert some.complete
    return [tuple(np.flatnonzero(np.isin(units.of, z)).tolist()) for z in of_zone if len(z)]


def plain(problem: Problem) -> set[tuple[int, ...]]:
    """All sets of places that break no rule by themselves."""
    n = problem.size
    some = (c for k in range(1, n + 1) for c in combinations(range(n), k))
    return {c for c in some if not broken_by(problem, frozenset(c))}


@settings(max_examples=200, deadline=None)
@given(lands.problems(max_places=7))
def test_candidates_are_the_valid_zones_each_once(problem: Problem) -> None:
    hard = all(bound.hard for bound in problem.rules.bounds.values())
    drawn = zones(problem)
    assert len(drawn) == len(set(drawn))
    expected = plain(problem)
    assert expected.issuperset(drawn)
    assert not hard or expected == set(drawn)


def test_a_strip_has_its_intervals() -> None:
    drawn = zones(lands.strip(4))
    assert set(drawn) == {tuple(range(a, b)) for a in range(4) for b in range(a + 1, 5)}


def test_a_hole_is_no_candidate_and_unknown_outside_judges_none() -> None:
    ring = lands.ring_round_place(6)
    assert tuple(range(6)) not in zones(ring)
    assert tuple(range(7)) in zones(ring)
    assert tuple(range(8)) in zones(lands.ring_round_lake(8))
    unknown = lands.ring_round_place(6)
    object.__setattr__(unknown, "outside", None)
    assert tuple(range(6)) in zones(unknown)


def test_a_group_in_two_parts_is_joined_by_what_lies_between() -> None:
    tied = lands.ruled(lands.strip(4), together=(Group("ends", frozenset({0, 2})),))
    assert (0, 2) not in zones(tied)
    assert {(0, 1, 2), (0, 1, 2, 3), (1,), (3,)} == set(zones(tied)) - {(1, 3)}


@pytest.mark.parametrize(("oversize", "most"), [(0, 1), (10, 2), (20, 3), (None, 4)])
def test_an_oversize_place_takes_in_what_the_rule_allows(oversize: int | None, most: int) -> None:
    bounds = {"population": Bound(None, 20)}
    city = lands.ruled(
        lands.strip(4, population=[50, 10, 10, 10]), bounds=bounds, oversize=oversize
    )
    assert max(len(zone) for zone in zones(city) if 0 in zone) == most


def test_a_group_that_together_passes_the_bound_is_oversize() -> None:
    bounds = {"population": Bound(None, 20)}
    group = (Group("wish", frozenset({0, 1, 2})),)
    tied = lands.ruled(lands.strip(4), bounds=bounds, together=group)
    assert (0, 1, 2) in zones(tied)
    assert (0, 1, 2, 3) not in zones(tied)
    assert (0, 1, 2, 3) in zones(lands.ruled(tied, oversize=10))


def test_too_many_is_told() -> None:
    grid = lands.grid(4, 4)
    assert not found(grid, most=100).complete
    assert found(grid).count > 100


def test_small_chunks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = zones(lands.grid(3, 3))
    monkeypatch.setattr(enumeration, "CHUNK", 2)
    monkeypatch.setattr(enumeration, "STEPS", 3)
    assert zones(lands.grid(3, 3)) == whole


def test_some_of_the_candidates() -> None:
    some = found(lands.strip(3))
    few = some.chosen(np.array([0, 2]))
    assert few.count == 2
    assert few.members.tolist() == [
        *some.members[: some.starts[1]].tolist(),
        *some.members[some.starts[2] : some.starts[3]].tolist(),
    ]
