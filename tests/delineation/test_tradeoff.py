"""The front: valid plans that no plan beats, clearly different, and what lies between them."""

import json
from dataclasses import replace
from typing import Any

import lands
import numpy as np
import pytest
from brute import all_valid_plans

from conftest import Imported
from samenspel.delineation.build import problem_of
from samenspel.delineation.explain import tradeoff
from samenspel.delineation.explain.differences import distance
from samenspel.delineation.explain.tradeoff import Front, explained, front, sweep
from samenspel.delineation.goals import goal_names, score
from samenspel.delineation.problem import Bound, Ints, Problem, normalised
from samenspel.delineation.validator import validate
from samenspel.delineation.wishes import Wishes
from samenspel.errors import InputError

STEPS = 4000  # enough for the best plan of a handful of places


def costs(problem: Problem, plan: Ints, goals: tuple[str, ...]) -> tuple[float, ...]:
    """The cost of each goal, and of soft bounds."""
    found = score(problem, plan)
    return (*(round(found.goals[goal].cost, 9) for goal in goals), round(found.penalty, 9))


def unbeaten(problem: Problem, goals: tuple[str, ...]) -> set[tuple[float, ...]]:
    """The costs of all valid plans that no valid plan beats."""
    found = {costs(problem, np.array(plan), goals) for plan in all_valid_plans(problem)}
    return {
        mine
        for mine in found
        if not any(
            other != mine and all(a <= b for a, b in zip(other, mine, strict=True))
            for other in found
        )
    }


def crossed(**facts: Any) -> Problem:
    """A grid of 3 x 3 in three zones: partnerships along the rows, flows along the columns."""
    rows = {f"row {r}": [3 * r, 3 * r + 1, 3 * r + 2] for r in range(3)}
    down = [(i, i + 3) for i in range(6)]
    problem = lands.grid(3, 3, partnerships=rows, flows=lands.joined(9, down, []), **facts)
    return lands.ruled(problem, zones=(3, 3), bounds={"municipalities": Bound(3, 3)})


def assert_honest(problem: Problem, found: Front) -> None:
    """Every point is valid and scored right, far enough from the others, beaten by none, in order;
    and what lies between is what separates them."""
    plans = [point.plan for point in found.points]
    for point in found.points:
        assert not validate(problem, point.plan)
        assert point.score == score(problem, point.plan)
    every = [costs(problem, plan, found.goals) for plan in plans]
    assert every == sorted(every)
    for i, one in enumerate(plans):
        for j, two in enumerate(plans[:i]):
            assert distance(problem, one, two) >= found.apart - 1e-12
            assert every[i] == every[j] or any(
                a < b for a, b in zip(every[i], every[j], strict=True)
            )
            assert every[i] == every[j] or any(
                a > b for a, b in zip(every[i], every[j], strict=True)
            )
    assert len(found.between) == max(len(plans) - 1, 0)
    for change, one, two in zip(found.between, found.points, found.points[1:], strict=False):
        assert change.plan.tolist() == two.plan.tolist()
        assert list(change.places) == np.flatnonzero(one.plan != two.plan).tolist()
        for goal in found.goals:
            lost = two.score.goals[goal].cost - one.score.goals[goal].cost
            assert change.goals[goal].cost == pytest.approx(lost)


def test_rows_and_columns_are_the_ends() -> None:
    """Rows cut no partnership and columns keep all flows; between them lie mixtures."""
    problem = crossed()
    found = front(problem, ("cut", "flows"), iterations=5 * STEPS, count=5, apart=0.1)
    assert_honest(problem, found)
    first, last = found.points[0], found.points[-1]
    assert first.plan.reshape(3, 3).tolist() == [[0] * 3, [1] * 3, [2] * 3]
    assert normalised(last.plan).reshape(3, 3).tolist() == [[0, 1, 2]] * 3
    assert (first.score.goals["cut"].value, last.score.goals["flows"].value) == (0, 1)
    assert found.reasons == ()
    steps = explained(problem, found)
    assert [sorted(p for s in moves for p in s.places) for moves in steps] == [
        list(change.places) for change in found.between
    ]
    data = found.as_json()
    assert json.loads(json.dumps(data)) == data
    assert data["goals"] == ["cut", "flows"]


def test_the_weights_of_the_problem_play_no_part_but_their_sum() -> None:
    one = front(replace(crossed(), weights={"cut": 2.0}), ("cut", "flows"), iterations=STEPS)
    two = front(replace(crossed(), weights={"border": 2.0}), ("cut", "flows"), iterations=STEPS)
    assert [point.plan.tolist() for point in one.points] == [
        point.plan.tolist() for point in two.points
    ]


@pytest.mark.parametrize("asked", [(), ("bounds",), ("together",), ("centre",)])
@pytest.mark.parametrize("seed", range(6))
def test_small_lands_by_brute_force(asked: tuple[str, ...], seed: int) -> None:
    """Every point is a plan that none beats, and the best of each goal is there where any plan may
    lie beside another. Without a plan there is a reason."""
    problem = lands.invented(6, asked, seed)
    goals = ("border", "balance")
    found = front(problem, goals, iterations=3 * STEPS, apart=0.0, count=3)
    assert_honest(problem, found)
    best = unbeaten(problem, goals)
    if not best:
        assert found.points == ()
        assert found.reasons
        return
    every = [costs(problem, point.plan, goals) for point in found.points]
    assert set(every) <= best
    for at in range(len(goals)):
        assert min(told[at] for told in every) == min(told[at] for told in best)


def test_the_distance_is_kept_and_a_large_one_leaves_one_point() -> None:
    problem = crossed()
    assert len(front(problem, ("cut", "flows"), iterations=STEPS, apart=0.0).points) >= 2
    (only,) = front(problem, ("cut", "flows"), iterations=STEPS, apart=1.0).points
    assert only.score.goals["cut"].cost == 0


def test_plans_given_count_and_invalid_ones_do_not() -> None:
    """The columns, found by nobody: the searches are stopped at once."""
    problem = crossed()
    columns, invalid = np.array([0, 1, 2] * 3), np.zeros(9, np.int64)
    found = front(
        problem, ("cut", "flows"), iterations=STEPS, begin=[columns, invalid],
        progress=lambda _seconds, _plans: True,
    )  # fmt: skip
    assert found.interrupted
    assert_honest(problem, found)
    assert found.points[-1].score.goals["flows"].value == 1


def test_the_present_plan_counts() -> None:
    """With as many moved as may be nothing beats it on moving few."""
    problem = replace(crossed(), present=np.array([0, 1, 2] * 3), present_names=("a", "b", "c"))
    found = front(problem, ("cut", "moved"), iterations=STEPS)
    assert_honest(problem, found)
    assert [point.score.goals["moved"].value for point in found.points][-1] == 0


def test_equal_input_gives_equal_output() -> None:
    given_land = lands.invented(7, ("bounds",), 3)
    runs = [front(given_land, ("cut", "border"), iterations=STEPS, seed=4) for _ in range(2)]
    plans = [[point.plan.tolist() for point in found.points] for found in runs]
    assert plans[0] == plans[1]
    assert runs[0].seen == runs[1].seen


def test_an_interrupt_gives_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the second search."""
    problem = crossed()
    real, calls = tradeoff.search, []

    def search(*given_arguments: Any, **asked: Any) -> Any:
        calls.append(asked)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*given_arguments, **asked)

    monkeypatch.setattr(tradeoff, "search", search)
    found = front(problem, ("cut", "flows"), iterations=STEPS)
    assert found.interrupted
    assert len(calls) == 2
    assert [point.score.goals["cut"].cost for point in found.points] == [0]
    assert_honest(problem, found)


def test_progress_tells_plans_and_stops() -> None:
    heard: list[tuple[float, int]] = []

    def progress(seconds: float, plans: int) -> bool:
        heard.append((seconds, plans))
        return plans >= 1

    found = front(crossed(), ("cut", "flows"), iterations=STEPS, progress=progress)
    assert found.interrupted
    assert heard[0][1] == 0
    assert heard[-1][1] >= 1


def test_where_no_plan_can_be_there_is_a_reason_and_no_point() -> None:
    problem = lands.ruled(lands.strip(4), bounds={"municipalities": Bound(5, None)})
    found = front(problem, ("cut", "border"), iterations=STEPS)
    assert (found.points, found.between) == ((), ())
    assert found.reasons
    assert found.as_json()["reasons"] == list(found.reasons)
    assert found.nearest is None  # sums alone exclude every plan


def test_where_no_plan_is_found_the_nearest_says_why() -> None:
    """Two zones of two places on a cross: the sums allow it, the map does not."""
    problem = lands.land(4, [(0, 1), (0, 2), (0, 3)], range(4))
    problem = lands.ruled(problem, zones=(2, 2), bounds={"municipalities": Bound(2, 2)})
    found = front(problem, ("border", "balance"), iterations=STEPS)
    assert found.points == ()
    assert found.nearest is not None
    assert [v.text for v in validate(problem, found.nearest)] == list(found.reasons) != []


def test_mixtures_divide_evenly_the_ends_first() -> None:
    assert sweep(2, 3) == [(1, 0), (0, 1), (0.5, 0.5)]
    three = sweep(3, 5)
    assert three[:3] == [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
    assert len(three) == 6
    assert all(sum(mixture) == pytest.approx(1) for mixture in sweep(3, 30))


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ({"goals": ("cut",)}, "two or three different goals"),
        ({"goals": ("cut", "cut")}, "two or three different goals"),
        ({"goals": ("cut", "flows", "border", "balance")}, "two or three different goals"),
        ({"goals": ("cut", "moved")}, "The goal moved is not known here"),
        ({"goals": ("cut", "beauty")}, "The goal beauty is not known here"),
        ({"seconds": 1.0, "iterations": 5}, "not both"),
        ({"iterations": 0}, "0 seconds or iterations"),
        ({"seconds": float("nan")}, "nan seconds or iterations"),
        ({"count": 1}, "--count 1: a trade-off is between two plans or more"),
        ({"apart": 1.5}, "--distance 1.5: the distance between plans is a part"),
        ({"apart": float("nan")}, "--distance nan"),
    ],
)
def test_what_is_not_possible_is_refused(asked: dict[str, Any], part: str) -> None:
    problem = crossed()
    assert "moved" not in goal_names(problem)
    given_goals = asked.pop("goals", ("cut", "flows"))
    with pytest.raises(InputError, match=part):
        front(problem, given_goals, **asked)


def test_flanders_between_partnerships_and_the_present_regions(flanders_2025: Imported) -> None:
    """The reference regions move nobody; other plans cut fewer partnerships."""
    wishes = Wishes(
        zones=(15, 15), present="referentieregio", bounds={"population": Bound(150_000, 1_200_000)}
    )
    problem = problem_of(flanders_2025[0], wishes).problem
    found = front(problem, ("cut", "moved"), seconds=3.0, count=3)
    assert_honest(problem, found)
    assert found.points[-1].score.goals["moved"].value == 0
    assert found.points[-1].score.goals["cut"].value == 60
    assert found.points[0].score.goals["cut"].value < 60
    assert len(explained(problem, found)) == len(found.between)
