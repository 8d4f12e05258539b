"""The exact model of one part of a region, for OR-Tools' CP-SAT.

Uncapacitated facility location with compatibility: every partnership takes one of its ways, a way
into a carrier asks that the carrier stays, a carrier pays once for each new member.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Any

from samenspel.alignment.plan.effort import total
from samenspel.alignment.plan.options import KEEP, SHRINK, Option
from samenspel.alignment.plan.settings import Weights
from samenspel.errors import InputError
from samenspel.language import _

SEED = 20  # any fixed number: the same input gives the same plan
LARGEST = 2**30  # of the numbers in one tie-break
Choice = dict[int, int]  # partnership -> number of its way


@dataclass(frozen=True)
class Found:
    """``choice`` is empty where no plan exists or none was found in time; ``bound`` is proven."""

    choice: Choice | None
    value: int
    bound: int
    proven: bool


@dataclass(frozen=True)
class Part:
    """``ways``: the options of the partnerships of this part. Partnerships that are not in it and
    that a way leads to stay in any case."""

    ways: Mapping[int, Sequence[Option]]
    weights: Weights


def solver() -> Any:
    """The module of CP-SAT. Raises InputError where OR-Tools is not installed."""
    try:
        from ortools.sat.python import cp_model
    except ImportError as error:
        # Ctrl-C while the library is being loaded comes out of it as a failure to load.
        if isinstance(error.__cause__ or error.__context__, KeyboardInterrupt):
            raise KeyboardInterrupt from error
        raise InputError(
            _("A plan needs OR-Tools; install it with: pip install samenspel[solve]")
        ) from error
    return cp_model


@dataclass(frozen=True)
class Built:
    """A model with its variables: ``pick[i][j]`` is 1 where partnership ``i`` takes way ``j``."""

    model: Any
    pick: dict[int, list[Any]]
    count: Any
    effort: Any
    size: int


def build(part: Part) -> Built:
    """The constraints of ``part``, without an objective."""
    model = solver().CpModel()
    pick = {
        i: [model.new_bool_var(f"{i}:{j}") for j in range(len(ways))]
        for i, ways in part.ways.items()
    }
    plain, kept = {}, {}
    for i, ways in part.ways.items():
        model.add_exactly_one(pick[i])
        chosen = list(zip(ways, pick[i], strict=True))
        plain[i] = sum((v for way, v in chosen if way.operation == KEEP), 0)
        kept[i] = sum((v for way, v in chosen if way.operation in (KEEP, SHRINK)), 0)
    doors: dict[int, Any] = {}
    new: dict[tuple[int, str], Any] = {}
    for i, ways in part.ways.items():
        for way, taken in zip(ways, pick[i], strict=True):
            if way.carrier is not None and way.carrier in plain:
                model.add(taken <= plain[way.carrier])
            for cover in way.covers:
                if all(other in kept for other, _whole in cover):
                    stays = [(plain if whole else kept)[other] for other, whole in cover]
                    model.add(taken <= sum(stays))
            for one in sorted(way.newcomers):
                assert way.carrier is not None
                door = doors.setdefault(way.carrier, model.new_bool_var(f"door {way.carrier}"))
                key = (way.carrier, one)
                if key not in new:
                    new[key] = model.new_bool_var(f"new {key}")
                    model.add_implication(new[key], door)
                model.add_implication(taken, new[key])
    effort = (
        sum(total(way.points) * taken
            for i, ways in part.ways.items() for way, taken in zip(ways, pick[i], strict=True))
        + part.weights.extend * sum(doors.values())
        + part.weights.new_member * sum(new.values())
    )  # fmt: skip
    return Built(model, pick, sum(kept.values()), effort, len(part.ways))


def minimise(
    part: Part,
    goal: str,
    seconds: float,
    most: int | None = None,
    hint: Choice | None = None,
) -> Found:
    """The least ``count`` or ``effort`` with at most ``most`` partnerships, or whether anything is
    possible at all (``feasible``, without a bound on time)."""
    built = build(part)
    if most is not None:
        built.model.add(built.count <= most)
    if goal != "feasible":
        built.model.minimize(built.count if goal == "count" else built.effort)
    return run(built, None if goal == "feasible" else seconds, hint)


def run(built: Built, seconds: float | None, hint: Choice | None) -> Found:
    """Solve with one worker and a fixed seed, so that only the clock can make a difference."""
    cp = solver()
    engine = cp.CpSolver()
    engine.parameters.num_workers = 1
    engine.parameters.random_seed = SEED
    # The linear relaxation of facility location is nearly whole: with all of it a proof takes a
    # hundredth of the time.
    engine.parameters.linearization_level = 2
    if seconds is not None:
        engine.parameters.max_time_in_seconds = max(0.01, seconds)
    for i, way in (hint or {}).items():
        for j, variable in enumerate(built.pick[i]):
            built.model.add_hint(variable, j == way)
    # Its own handler would end the search and let the program go on.
    engine.parameters.catch_sigint_signal = False
    status = solved(engine, built.model)
    if status not in (cp.OPTIMAL, cp.FEASIBLE):
        return Found(None, 0, 0, status == cp.INFEASIBLE)
    choice = {
        i: next(j for j, variable in enumerate(row) if engine.boolean_value(variable))
        for i, row in built.pick.items()
    }
    value, bound = round(engine.objective_value), ceil(engine.best_objective_bound - 1e-6)
    return Found(choice, value, bound, status == cp.OPTIMAL)


def solved(engine: Any, model: Any) -> Any:
    """The status of ``model``. Solved in a second thread, for Python hears Ctrl-C only between
    steps of its own; the search is then stopped and KeyboardInterrupt goes on."""
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(engine.solve, model)
        try:
            return running.result()
        except KeyboardInterrupt:
            # Asked again until it is heard: a search that has not begun yet cannot be stopped.
            while not running.done():
                engine.stop_search()
                wait([running], 0.05)
            raise


def first_of_equals(
    part: Part, count: int, effort: int, choice: Choice, clock: Any
) -> tuple[Choice, bool]:
    """Of all plans with this count and effort the first: the partnership with the lowest id takes
    the first of its ways that any of them gives it, then the next one, and so on. Gives that plan
    and whether it is certain; ``clock`` tells the seconds left."""
    chosen = dict(choice)
    numbers = sorted(part.ways)
    fixed: Choice = {}
    for block in blocks(numbers, part):
        if all(chosen[i] == 0 for i in block):
            fixed |= dict.fromkeys(block, 0)
            continue
        if clock() <= 0:
            return chosen, False
        built = build(part)
        built.model.add(built.count <= count)
        built.model.add(built.effort <= effort)
        for i, way in fixed.items():
            built.model.add(built.pick[i][way] == 1)
        rank: Any = 0
        for i in block:
            ways = built.pick[i]
            rank = rank * len(ways) + sum(j * variable for j, variable in enumerate(ways))
        built.model.minimize(rank)
        found = run(built, clock(), chosen)
        if found.choice is None or not found.proven:
            return chosen, False
        chosen = found.choice
        fixed |= {i: chosen[i] for i in block}
    return chosen, True


def blocks(numbers: Sequence[int], part: Part) -> list[list[int]]:
    """``numbers`` in runs whose ways can be ranked within one whole number."""
    cuts, size = [0], 1
    for place, i in enumerate(numbers):
        size *= len(part.ways[i])
        if size > LARGEST and place > cuts[-1]:
            cuts.append(place)
            size = len(part.ways[i])
    return [list(numbers[a:b]) for a, b in pairwise([*cuts, len(numbers)])]
