"""Children of plans: a zone more or less, overlays, and which plan gives way to a child."""

import lands
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samenspel.delineation.heuristic import crossing
from samenspel.delineation.heuristic.annealing import Try
from samenspel.delineation.heuristic.contraction import model_of
from samenspel.delineation.heuristic.pool import ALIKE, difference, settle
from samenspel.delineation.heuristic.search import connected
from samenspel.delineation.heuristic.seeds import seed_plan
from samenspel.delineation.problem import Ints, normalised

SIDE = 6
GRID = lands.ruled(lands.grid(SIDE, SIDE), zones=(2, 8))
MODEL = model_of(GRID)[0]


def zones(plan: Ints) -> int:
    return int(plan.max()) + 1


@given(st.integers(2, 8), st.integers(0, 10_000))
def test_zones_are_joined_and_divided_into_connected_ones(count: int, seed: int) -> None:
    plan = seed_plan(MODEL, count, seed)
    random = np.random.default_rng(seed)
    fewer = normalised(crossing.joined(MODEL, plan, random))
    more = crossing.divided(MODEL, plan, random)
    assert zones(fewer) == count - 1
    assert zones(more) == count + 1
    assert connected(GRID, fewer)
    assert connected(GRID, normalised(more))
    assert len(np.unique(np.stack([plan, more]), axis=1).T) == count + 1  # only one zone is cut


def test_what_cannot_be_joined_or_divided_stays() -> None:
    random = np.random.default_rng(0)
    one = np.zeros(SIDE * SIDE, np.int64)
    alone = np.arange(SIDE * SIDE)
    assert (crossing.joined(MODEL, one, random) == one).all()
    assert (crossing.divided(MODEL, alone, random) == alone).all()


@pytest.mark.parametrize("count", [2, 8])
def test_a_resized_plan_keeps_to_the_numbers_allowed(count: int) -> None:
    plan = seed_plan(MODEL, count, 1)
    found = {
        zones(crossing.resized(GRID, MODEL, plan, np.random.default_rng(seed)))
        for seed in range(40)
    }
    assert found == {count, 3 if count == 2 else 7}
    fixed = lands.ruled(GRID, zones=(count, count))
    assert all(
        (crossing.resized(fixed, MODEL, plan, np.random.default_rng(seed)) == plan).all()
        for seed in range(40)
    )


def test_difference_counts_borders_that_one_plan_has() -> None:
    columns = np.tile(np.arange(SIDE) // 2, SIDE)  # three zones, two borders of six
    halves = np.tile(np.arange(SIDE) // 4, SIDE)  # two zones, one of those borders
    rows = np.repeat(np.arange(SIDE) // 2, SIDE)
    assert difference(MODEL, columns, columns) == 0
    assert difference(MODEL, columns, halves) == 0.5
    assert difference(MODEL, columns, rows) == 1


def test_a_child_takes_the_place_of_the_one_that_it_is_alike_or_of_the_worst() -> None:
    columns = np.tile(np.arange(SIDE) // 2, SIDE)
    rows = np.repeat(np.arange(SIDE) // 2, SIDE)
    assert difference(MODEL, columns, rows) > ALIKE
    good, bad = Try(columns, 3, 0.2, 0.0, 0), Try(rows, 3, 0.9, 0.0, 0)

    def left(child: Try) -> list[float]:
        plans = [good, bad]
        settle(MODEL, plans, child)
        return [plan.objective for plan in plans]

    assert left(Try(columns, 3, 0.1, 0.0, 0)) == [0.1, 0.9]  # better than its like
    assert left(Try(columns, 3, 0.3, 0.0, 0)) == [0.2, 0.9]  # worse than its like
    other = np.tile(np.arange(SIDE) // 3, SIDE)
    assert left(Try(other, 2, 0.8, 0.0, 0)) == [0.2, 0.8]  # unlike both, better than the worst
    assert left(Try(other, 2, 1.0, 0.0, 0)) == [0.2, 0.9]
    assert left(Try(other, 2, 0.1, 0.5, 0)) == [0.2, 0.9]  # it breaks a rule
