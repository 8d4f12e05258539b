"""A search that is stopped, at any moment and in any way, gives the best that it has so far."""

import signal
from collections.abc import Callable
from dataclasses import replace
from threading import Event

import lands
import numpy as np
import pytest

from samenspel.delineation.heuristic.annealing import Share, Stop, run
from samenspel.delineation.heuristic.contraction import model_of
from samenspel.delineation.heuristic.naming import unchanged
from samenspel.delineation.heuristic.search import deadline, search
from samenspel.delineation.heuristic.seeds import seed_plan
from samenspel.delineation.problem import Bound, Problem
from samenspel.delineation.validator import validate

ENDLESS = 10**12


@pytest.fixture
def grid() -> Problem:
    sets = {f"row {r}": list(range(6 * r, 6 * r + 6)) for r in range(6)}
    return lands.ruled(
        lands.grid(6, 6, partnerships=sets),
        zones=(4, 4),
        bounds={"municipalities": Bound(6, 12)},
    )


def stop_by_answer() -> bool:
    return True


def stop_by_error() -> bool:
    raise KeyboardInterrupt


def stop_by_signal() -> bool:
    signal.raise_signal(signal.SIGINT)
    return False


@pytest.mark.parametrize("stop", [stop_by_answer, stop_by_error, stop_by_signal])
@pytest.mark.parametrize("limit", [{"seconds": 1e9}, {"iterations": ENDLESS}], ids=["s", "n"])
def test_a_search_without_end_is_stopped(
    grid: Problem, stop: Callable[[], bool], limit: dict[str, float]
) -> None:
    """Whoever asks: the progress, or Ctrl-C in the main thread."""
    calls: list[tuple[float, float | None]] = []

    def progress(seconds: float, best: float | None) -> bool:
        calls.append((seconds, best))
        return stop()

    found = search(grid, progress=progress, **limit)  # type: ignore[arg-type]
    assert found.interrupted
    assert found.plan is not None
    assert found.violations == validate(grid, found.plan)
    assert found.valid or found.reasons
    assert calls[0][0] >= 0


def test_what_was_known_is_not_lost_by_an_interrupt(grid: Problem) -> None:
    """A valid plan to begin from is given back at least, however early the end."""
    begin = np.repeat(np.arange(4), [12, 6, 12, 6])
    for limit in ({"seconds": 1e9}, {"seconds": 0.0}, {"iterations": 1}):
        found = search(grid, begin=[begin], progress=lambda _s, _b: True, **limit)  # type: ignore[arg-type]
        assert found.valid
        assert found.score is not None
        assert found.score.goals["cut"].value <= 0


def test_progress_that_says_nothing_stops_nothing(grid: Problem) -> None:
    told: list[float | None] = []

    def progress(_seconds: float, best: float | None) -> None:
        told.append(best)

    found = search(grid, iterations=5000, progress=progress)
    assert not found.interrupted
    assert told
    assert found.valid
    assert found.plan is not None
    assert found.plan.tolist() == search(grid, iterations=5000).plan.tolist()  # type: ignore[union-attr]


def test_no_seconds_and_no_proposals_still_give_a_judged_plan(grid: Problem) -> None:
    for limit in ({"seconds": 0.0}, {"seconds": 1e-3}, {"iterations": 0}, {"iterations": 1}):
        found = search(grid, **limit)  # type: ignore[arg-type]
        assert not found.interrupted
        assert found.plan is not None
        assert found.valid == (not validate(grid, found.plan))
        assert found.valid or found.reasons


def test_no_seconds_are_a_limit_and_not_the_usual_seconds(grid: Problem) -> None:
    assert search(grid, seconds=0.0).steps == 0
    assert deadline(5.0, 0.0, None) == 5.0
    assert deadline(5.0, 2.0, None) == 7.0
    assert deadline(5.0, 2.0, 10) == float("inf")  # with proposals the clock plays no part


def test_a_stopped_start_keeps_its_best() -> None:
    """The event is set while it anneals: what it has by then is what it gives."""
    grid = lands.ruled(lands.grid(5, 5, partnerships={"all": list(range(25))}), zones=(3, 3))
    model, _unit = model_of(replace(grid, weights={"border": 1.0}))
    stop = Stop(Event(), float("inf"))
    first = seed_plan(model, 3, 1)
    stop.event.set()
    found = run(model, first, 3, 1, Share(ENDLESS), 1.0, stop, unchanged)
    assert found.steps == 0
    assert found.valid
    assert not validate(grid, found.plan)
    past = Stop(Event(), 0.0)
    assert past.now
    assert not Stop(Event(), float("inf")).now


def test_nothing_to_flip_ends_at_once() -> None:
    """One zone only: no unit is at an edge."""
    model, _unit = model_of(lands.strip(3))
    found = run(
        model, np.zeros(3, np.int64), 1, 1, Share(1000), 1.0, Stop(Event(), float("inf")), unchanged
    )
    assert found.plan.tolist() == [0, 0, 0]
    assert found.valid
