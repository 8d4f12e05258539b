"""Regions drawn by a search, as ``samenspel delineate`` does; it goes on where it was stopped.

It counts steps and no seconds, so that the plan is the same on any machine, killed or not.
"""

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from pydantic import Field

from samenspel.delineation.build import problem_of
from samenspel.landscape.landscape import Landscape
from samenspel.language import _
from samenspel.register.jobs.desk import Desk, Stopped
from samenspel.register.jobs.kinds.checkpoint import packed, unpacked
from samenspel.register.jobs.kinds.drawn import Drawn, wishes
from samenspel.register.jobs.kinds.kind import Json, Kind, as_keys

if TYPE_CHECKING:
    from samenspel.delineation.heuristic.pool import State

ITERATIONS = 20_000_000  # as many as ten seconds of a common machine hold (status: choice)
MOST_ITERATIONS = 100_000_000_000  # some hours (status: choice)


class Delineation(Drawn):
    """``iterations``: steps to search. ``reasons``: tell why each municipality lies where it
    lies."""

    iterations: int = Field(default=ITERATIONS, ge=1, le=MOST_ITERATIONS)
    reasons: bool = False


def run(landscape: Landscape, inputs: Delineation, seed: int, desk: Desk) -> Json:
    """The JSON of ``samenspel delineate``."""
    from samenspel.delineation.explain.delineate import told
    from samenspel.delineation.heuristic.search import compile_kernels, search

    with as_keys():
        asked = wishes(landscape, inputs)
        built = problem_of(landscape, asked)
    state = None if desk.checkpoint is None else state_of(desk.checkpoint)
    steps = state.steps if state else 0
    desk.say(steps, inputs.iterations, _("preparing"))
    compiled = compile_kernels()

    def progress(_seconds: float, best: float | None) -> bool:
        objective = _("none yet") if best is None else f"{best:.4f}"
        words = _("searching; the best so far: {objective}").format(objective=objective)
        desk.say(steps, inputs.iterations, words)
        return desk.stopped is not None

    def keep(found: "State") -> None:
        nonlocal steps
        steps = found.steps
        desk.keep(lambda: packed_state(found))

    best = search(
        built.problem, iterations=inputs.iterations, seed=seed, progress=progress, state=state,
        keep=keep,
    )  # fmt: skip
    if best.interrupted:
        raise Stopped
    desk.go_on()
    desk.say(inputs.iterations, inputs.iterations, _("telling what was found"))
    best = replace(best, compiled=compiled + best.compiled)
    return told(landscape, built, asked, best, clock=False, why=inputs.reasons)


def packed_state(state: "State") -> bytes:
    """How far a search has come, as bytes."""
    plans = [{**asdict(one), "plan": None} for one in state.plans]
    arrays = {f"plan{i}": one.plan for i, one in enumerate(state.plans)}
    return packed({**asdict(replace(state, plans=())), "plans": plans}, arrays)


def state_of(data: bytes) -> "State":
    """What ``packed_state`` was given."""
    from samenspel.delineation.heuristic.annealing import Try
    from samenspel.delineation.heuristic.pool import State

    head, arrays = unpacked(data)
    plans = tuple(Try(**{**one, "plan": arrays[f"plan{i}"]}) for i, one in enumerate(head["plans"]))
    return State(**{**head, "plans": plans})


KIND = Kind("delineation", Delineation, wishes, run)
