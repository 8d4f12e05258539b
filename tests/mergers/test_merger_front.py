"""Alternatives for a whole zone: exactly those that no other dominates, by two methods and by brute
force."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("numba")

from samenspel.delineation.problem import pairs
from samenspel.mergers import front as module
from samenspel.mergers.front import Front, along, front, nondominated
from samenspel.mergers.spread import spread

Rows = list[tuple[int, ...]]


def dominated(row: tuple[int, ...], rows: Rows, more: list[bool]) -> bool:
    """Whether another of ``rows`` is as good on every goal and better on one."""

    def good(values: tuple[int, ...]) -> list[int]:
        return [v if up else -v for v, up in zip(values, more, strict=True)]

    return any(
        good(other) != good(row)
        and all(a >= b for a, b in zip(good(other), good(row), strict=True))
        for other in rows
    )  # fmt: skip


def divisions(places: int, members: list[list[int]]) -> Iterator[tuple[int, ...]]:
    """Every way to divide the places into sets of the list."""

    def rest(open_: frozenset[int]) -> Iterator[tuple[int, ...]]:
        if not open_:
            yield ()
            return
        first = min(open_)
        for number, one in enumerate(members):
            if first in one and open_.issuperset(one):
                for more in rest(open_ - set(one)):
                    yield (number, *more)

    yield from rest(frozenset(range(places)))


def worth(plan: tuple[int, ...], values: Any, lowest: list[bool]) -> tuple[int, ...]:
    rows = values[list(plan)]
    return tuple(
        int(rows[:, g].min() if least else rows[:, g].sum()) for g, least in enumerate(lowest)
    )


@st.composite
def tasks(draw: st.DrawFn, most: int = 6) -> dict[str, Any]:
    """Places, sets (single places among them, so that there is a way), values and goals."""
    places = draw(st.integers(1, most))
    seed = draw(st.integers(0, 2**32 - 1))
    chance = np.random.default_rng(seed)
    members = [[place] for place in range(places)]
    for _ in range(draw(st.integers(0, 10))):
        size = int(chance.integers(1, places + 1))
        members.append(sorted(chance.choice(places, size, replace=False).tolist()))
    goals = draw(st.integers(2, 4))
    lowest = [bool(chance.random() < 0.4) for _ in range(goals)]
    more = [low or bool(chance.random() < 0.5) for low in lowest]
    values = chance.integers(-5, 12, (len(members), goals))
    return {"places": places, "members": members, "values": values, "more": more, "lowest": lowest}


def brute(task: dict[str, Any]) -> set[tuple[int, ...]]:
    """The values of all ways that none dominates."""
    every = [worth(plan, task["values"], task["lowest"])
             for plan in divisions(task["places"], task["members"])]  # fmt: skip
    return {row for row in every if not dominated(row, every, task["more"])}


def checked(found: Front, task: dict[str, Any]) -> set[tuple[int, ...]]:
    """The values of what was found, which must be those of plans that cover every place once."""
    rows = [tuple(row) for row in found.values.tolist()]
    assert len(rows) == len(set(rows)) == len(found.plans)
    for row, plan in zip(rows, found.plans, strict=True):
        covered = sorted(place for number in plan for place in task["members"][number])
        assert covered == list(range(task["places"]))
        assert worth(plan, task["values"], task["lowest"]) == row
        assert list(plan) == sorted(plan)
    return set(rows)


@settings(max_examples=200, deadline=None)
@given(tasks())
def test_all_are_found_and_no_other(task: dict[str, Any]) -> None:
    found = front(**task)
    assert found is not None
    assert found.complete
    assert checked(found, task) == brute(task)


@settings(max_examples=50, deadline=None)
@given(tasks(), st.randoms(use_true_random=False))
def test_the_order_of_the_places_changes_nothing(task: dict[str, Any], chance: Any) -> None:
    order = list(range(task["places"]))
    chance.shuffle(order)
    found = front(**task, order=order)
    assert found is not None
    assert checked(found, task) == brute(task)


@settings(max_examples=25, deadline=None)
@given(tasks(5))
def test_one_by_one_all_are_found_too(task: dict[str, Any]) -> None:
    pytest.importorskip("ortools")
    found = spread(**task, count=1000)
    assert found.complete
    assert checked(found, task) == brute(task)


@settings(max_examples=25, deadline=None)
@given(tasks(5), st.integers(1, 4))
def test_a_part_is_a_part_and_each_of_it_is_dominated_by_none(
    task: dict[str, Any], count: int
) -> None:
    pytest.importorskip("ortools")
    every = brute(task)
    told: list[int] = []
    found = spread(**task, count=count, progress=told.append)
    rows = checked(found, task)
    assert rows <= every
    assert len(rows) == min(count, len(every)) == len(told)
    assert found.complete == (len(every) < count)
    again = spread(**task, count=count)
    assert again.values.tolist() == found.values.tolist()
    assert again.plans == found.plans


def test_too_much_work_is_given_up_and_the_bound_itself_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    members = [[0], [1], [2], [0, 1], [1, 2]]
    values = np.array([[1, 1], [1, 2], [1, 3], [3, 1], [3, 1]])
    task = {"places": 3, "members": members, "values": values, "more": [True, True],
            "lowest": [False, False]}  # fmt: skip
    # Ways looked at: 2 from nothing, 2 from {0}, 1 each from {0, 1}: one way dominates the other
    # or both stand.
    assert front(**task, work=1) is None
    assert front(**task, work=100) is not None
    monkeypatch.setattr(module, "FLUSH", 1)
    assert front(**task).values.tolist() == front(**task, work=100).values.tolist()  # type: ignore[union-attr]
    monkeypatch.setattr(module, "KEPT", 1)
    assert front(**task) is None


def test_more_places_than_bits_are_given_up() -> None:
    members = [[place] for place in range(63)]
    values = np.ones((63, 2), np.int64)
    assert front(63, members, values, [True, True], [False, False]) is None
    fewer = front(62, members[:62], values[:62], [True, True], [False, False])
    assert fewer is not None
    assert fewer.values.tolist() == [[62, 62]]


def test_where_places_are_in_no_set_there_is_no_alternative() -> None:
    values = np.ones((1, 2), np.int64)
    found = front(2, [[0]], values, [True, True], [False, False])
    assert found is not None
    assert (found.plans, found.complete) == ((), True)


def test_of_a_lowest_value_more_is_better() -> None:
    with pytest.raises(ValueError, match="more is better"):
        front(1, [[0]], np.ones((1, 2), np.int64), [False, True], [True, False])


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 12), st.integers(1, 4))
def test_nondominated_rows(seed: int, n: int, columns: int) -> None:
    values = np.random.default_rng(seed).integers(0, 4, (n, columns))
    rows = [tuple(row) for row in values.tolist()]
    kept = nondominated(values).tolist()
    wanted = [
        not dominated(row, rows, [True] * columns) and row not in rows[:place]
        for place, row in enumerate(rows)
    ]
    assert kept == wanted


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 9))
def test_the_order_along_the_land_has_every_place_once(seed: int, n: int) -> None:
    chance = np.random.default_rng(seed)
    ends = chance.integers(0, max(n, 1), (2, 2 * n))
    borders = pairs(ends[0], ends[1], np.ones(2 * n), max(n, 1))
    assert sorted(along(borders, n)) == list(range(n))


def test_the_order_along_a_strip_follows_it() -> None:
    borders = pairs(np.array([3, 0, 1]), np.array([0, 1, 2]), np.ones(3), 4)
    assert along(borders, 4) in ([2, 1, 0, 3], [3, 0, 1, 2])
