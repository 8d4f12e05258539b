"""A search and an ensemble that go on from anything kept on the way find what they would have found
without a stop."""

from dataclasses import replace
from typing import Any

import lands
import numpy as np
import pytest

from samenspel.delineation.chains import ensemble as chains
from samenspel.delineation.chains.ensemble import Ensemble, ensemble
from samenspel.delineation.chains.run import Chain
from samenspel.delineation.heuristic import search as room
from samenspel.delineation.heuristic.pool import State
from samenspel.delineation.heuristic.search import Found, search
from samenspel.delineation.problem import Bound, Problem

STEPS = 150_000
ROWS = np.repeat(np.arange(4), 5)


@pytest.fixture(scope="module")
def grid() -> Problem:
    sets = {f"row {r}": list(range(6 * r, 6 * r + 9)) for r in range(5)}
    return lands.ruled(
        lands.grid(6, 6, partnerships=sets),
        zones=(3, 5),
        bounds={"municipalities": Bound(5, 14)},
    )


def told(found: Found) -> Any:
    """What the search found, without what the clock says."""
    assert found.plan is not None
    return found.plan.tolist(), replace(found, plan=None, seconds=0, compiled=0)


@pytest.mark.parametrize("cores", [1, 2])
def test_a_search_goes_on_from_wherever_it_was(
    grid: Problem, monkeypatch: pytest.MonkeyPatch, cores: int
) -> None:
    plain = told(search(grid, iterations=STEPS, seed=3))
    monkeypatch.setattr(room, "cores", lambda: cores)
    kept: list[State] = []
    assert told(search(grid, iterations=STEPS, seed=3, keep=kept.append)) == plain
    first = [state for state in kept if state.random is None]
    assert len(first) > 1  # among the first plans
    assert len(kept) > len(first)  # and among the children
    assert [state.steps for state in kept] == sorted({state.steps for state in kept})
    assert [state.seconds for state in kept] == sorted(state.seconds for state in kept)
    for place, state in enumerate(kept, 1):
        again: list[State] = []
        found = search(grid, iterations=STEPS, seed=3, state=state, keep=again.append)
        assert told(found) == plain
        assert found.seconds > state.seconds
        assert len(again) == len(kept) - place  # nothing is done twice


def test_a_search_that_is_stopped_keeps_nothing_of_what_it_left_half_done(grid: Problem) -> None:
    kept: list[State] = []
    found = search(grid, iterations=10**12, keep=kept.append, progress=lambda _s, _b: True)
    assert found.interrupted
    assert kept == []


def test_what_keeps_may_end_the_search(grid: Problem) -> None:
    def keep(_state: State) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        search(grid, iterations=STEPS, keep=keep)


def values(found: Ensemble) -> Any:
    return (
        [rows.tolist() for rows in found.values],
        [words.tolist() for words in found.words],
        found.shared.tolist(),
        found.outcomes.tolist(),
        found.complete,
    )


@pytest.mark.parametrize("kind", chains.KINDS)
def test_chains_that_are_whole_are_not_run_again(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = lands.ruled(lands.grid(4, 5), zones=(4, 4), bounds={"municipalities": Bound(3, 8)})
    asked: dict[str, Any] = {"kind": kind, "steps": 400, "chains": 4, "seed": 5, "thin": 4}
    kept: dict[int, Chain] = {}
    plain = ensemble(problem, ROWS, keep_chain=kept.__setitem__, **asked)
    assert sorted(kept) == [0, 1, 2, 3]
    assert values(ensemble(problem, ROWS, **asked)) == values(plain)
    run = chains.run_all.__globals__["run_chain"]
    begun: list[int] = []

    def counted(*given: Any) -> Chain:
        begun.append(given[4])
        return run(*given)

    monkeypatch.setitem(chains.run_all.__globals__, "run_chain", counted)
    for known in ({}, {2: kept[2]}, {0: kept[0], 3: kept[3]}, kept):
        begun.clear()
        told: dict[int, Chain] = {}
        steps: list[int] = []
        found = ensemble(
            problem, ROWS, known=known, keep_chain=told.__setitem__,
            progress=lambda done, _of, steps=steps: steps.append(done), **asked,
        )  # fmt: skip
        assert values(found) == values(plain)
        assert sorted(begun) == sorted(told) == sorted({0, 1, 2, 3} - set(known))
        assert all(done >= 400 * len(known) for done in steps)


def test_a_chain_that_is_cut_short_is_not_kept() -> None:
    problem = lands.ruled(lands.grid(4, 5), zones=(4, 4), bounds={"municipalities": Bound(3, 8)})
    kept: dict[int, Chain] = {}

    def stop(_done: int, _of: int) -> None:
        raise KeyboardInterrupt

    found = ensemble(
        problem, ROWS, steps=50_000_000, thin=1000, chains=2, progress=stop,
        keep_chain=kept.__setitem__,
    )  # fmt: skip
    assert not found.complete
    assert kept == {}
