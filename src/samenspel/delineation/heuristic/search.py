"""The search for a good plan: a few annealed plans, then what two of them agree on as units.

Units that stay together are contracted first; plans are grown from seeds or begin at the present
one; every start anneals flips of units (``flips.py``). Then pairs of plans are crossed
(``crossing.py``), and the child takes the place of the worst, or of the one that it is nearly equal
to, so that the plans stay different. Where the number of zones is free, every number gets a start,
and some children have a zone more or less. With a number of iterations equal input and
seed give the equal plan; with seconds the plan is the best of the time that was there.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from threading import Event
from typing import Any

import numpy as np

from samenspel.delineation.bounds import best_possible
from samenspel.delineation.goals import Score, score
from samenspel.delineation.graphs import open_borders, parts
from samenspel.delineation.heuristic.annealing import Share, Stop, Try, run
from samenspel.delineation.heuristic.contraction import model_of
from samenspel.delineation.heuristic.crossing import cross
from samenspel.delineation.heuristic.kernel import Model
from samenspel.delineation.heuristic.naming import Refresh, renaming
from samenspel.delineation.heuristic.pool import Keep, State, settle
from samenspel.delineation.heuristic.resplit import polish
from samenspel.delineation.heuristic.seeds import seed_plan
from samenspel.delineation.numbers import possible_numbers
from samenspel.delineation.problem import Ints, Problem, normalised
from samenspel.delineation.smallest import land_of_two
from samenspel.delineation.validator import Violation, validate

# All status: choice, tuned on invented land.
SECONDS = 10.0
STARTS, STARTS_MOST = 0.3, 0.8  # part of the time for the first plans
STEPS_EACH = 400  # proposals per unit that a first plan should get
LONGEST_FIRST = 4000  # proposals per unit that a first plan gets at most, where the clock counts
MOST = 12  # first plans at most
CHILD = 0.42  # proposals for a child, as part of those of a first plan
BROOD = 4  # children begun together
CROSSED = 0.85  # part of the time left for crossing before the best plans are polished
POLISHED = 2  # plans polished together
EFFORT = 2e-6  # deterministic time of CP-SAT for a plan, by the number of proposals in all
RATE = 3_000_000  # proposals a second, roughly: divides a time limit into first plans
WARM = 0.35  # temperature at which a known plan is taken up again
POLL = 0.05
SAME = 1e-9  # a smaller difference of objectives is rounding

Progress = Callable[[float, float | None], bool | None]
Work = Callable[[], Try]


@dataclass(frozen=True)
class Found:
    """``plan``: zone of each place, the best valid one, else the one that breaks least, else None.

    ``bound``: no plan has a lower objective; ``gap``: (objective - bound) / objective; both None
    where no bound is known. Of ``pairs`` neighbouring zones ``proven`` have no better division of
    the two (all of them: a local optimum is proven). ``best``: the least cost of each goal that has
    a bound. ``reasons``: why no plan can exist or was found. ``compiled``: seconds spent on
    compiling, not counted in ``seconds``. ``steps``: proposals. ``interrupted``: stopped before its
    time.
    """

    plan: Ints | None
    valid: bool
    violations: tuple[Violation, ...]
    score: Score | None
    bound: float | None
    gap: float | None
    pairs: int
    proven: int
    best: dict[str, float]
    reasons: tuple[str, ...]
    seconds: float
    compiled: float
    steps: int
    seed: int
    interrupted: bool


@dataclass(frozen=True)
class Race:
    """Tries side by side on the cores, until all are done or somebody stops them."""

    progress: Progress | None
    began: float
    stop: Stop
    keep: Keep | None = None

    def lots(self, works: Sequence[Work], known: Sequence[Try]) -> list[Try]:
        """What each found, in the order given, of which the first are ``known``; where somebody
        keeps them, in lots of one for each core, and only the first lots where it is stopped."""
        found = list(known)
        lot = cores() if self.keep else max(len(works), 1)
        while len(found) < len(works) and not (found and self.stop.now):
            found += self.run(works[len(found) : len(found) + lot])
            self.tell(found, sum(one.steps for one in found))
        return found

    def tell(
        self, plans: Sequence[Try], steps: int, each: int = 0, random: Any | None = None
    ) -> None:
        """Have kept how far the search is; not once it was stopped, for then no try is whole."""
        if self.keep is not None and not self.stop.event.is_set():
            seconds = time.perf_counter() - self.began
            self.keep(State(tuple(plans), steps, each, random, seconds))

    def run(self, works: Sequence[Work]) -> list[Try]:
        """What each found, in the order given."""
        with ThreadPoolExecutor(cores()) as pool:
            running = [pool.submit(work) for work in works]
            try:
                self.watch(running)
            except KeyboardInterrupt:
                self.stop.event.set()
            return [future.result() for future in running]

    def watch(self, running: "list[Future[Try]]") -> None:
        """Tell the progress until all are done."""
        left = set(running)
        while left:
            _done, left = wait(left, POLL)
            if self.progress is not None:
                ended = [future.result() for future in running if future.done()]
                best = min((found.objective for found in ended if found.valid), default=None)
                if self.progress(time.perf_counter() - self.began, best):
                    self.stop.event.set()


def search(
    problem: Problem,
    *,
    seconds: float | None = None,
    iterations: int | None = None,
    seed: int = 0,
    progress: Progress | None = None,
    begin: Sequence[Ints] = (),
    state: State | None = None,
    keep: Keep | None = None,
) -> Found:
    """The best plan found within ``seconds``, or within ``iterations`` proposals in all (then the
    clock plays no part). ``begin``: plans of places to start from besides the present one and grown
    ones. ``progress`` is told seconds and the best objective so far and stops the search where it
    returns True; so does an interrupt (Ctrl-C), which is not raised further. The number of threads
    is that of the cores and changes nothing with ``iterations``. With them ``keep`` is told, in the
    calling thread, how far the search is; given one of these as ``state``, the same search goes on
    from there and finds what it would have found."""
    compiled = compile_kernels()
    began = time.perf_counter()
    seconds = SECONDS if seconds is None else seconds
    numbers = possible_numbers(problem)
    if numbers.reasons:
        return nothing(problem, numbers.reasons, compiled, time.perf_counter() - began, seed)
    model, unit = model_of(problem)
    units = len(model.outside)
    began -= state.seconds if state else 0.0
    race = Race(progress, began, Stop(Event(), deadline(began, seconds, iterations)), keep)
    refresh = renaming(problem, unit)
    first = list(known_plans(problem, unit, begin))
    grown = first_numbers(numbers.least, min(numbers.most, units),
                          starts(units, proposals(seconds, iterations)) - len(first))  # fmt: skip
    share = first_share(seconds, iterations, len(first) + len(grown), units)
    plans = race.lots(
        [partial(run, model, plan, int(plan.max()) + 1, seed * 1000 + i, share, WARM, race.stop,
                 refresh) for i, plan in enumerate(first)]
        + [partial(from_seed, model, zones, seed * 1000 + 100 + i, share, race.stop, refresh)
           for i, zones in enumerate(grown)],
        state.plans if state else (),
    )  # fmt: skip
    evolution = Evolution(problem, model, unit, race, plans, np.random.default_rng(seed))
    steps = sum(found.steps for found in plans)
    each = max(1, int(CHILD * steps / len(plans)))
    if state is not None and state.random is not None:
        steps, each = state.steps, state.each
        evolution.random.bit_generator.state = state.random
    try:
        steps = evolution.run(steps, each, iterations, lower_bound(problem) or 0.0)
    except KeyboardInterrupt:  # between two races
        race.stop.event.set()
    return chosen(problem, unit, plans, race, steps, compiled, began, seed)


@dataclass(frozen=True)
class Evolution:
    """Plans that are crossed, and the best of which are polished; ``plans`` changes."""

    problem: Problem
    model: Model
    unit: Ints
    race: Race
    plans: list[Try]
    random: np.random.Generator

    def run(self, steps: int, each: int, iterations: int | None, enough: float) -> int:
        """Cross and polish in turns until time is up or a valid plan costs no more than ``enough``,
        or once each with a number of proposals; the proposals made, ``steps`` before included.
        ``each``: for a child."""
        while not self.race.stop.now and not self.found(enough):
            pause = self.race.stop.after(CROSSED)
            while (
                not pause.now
                and not self.found(enough)
                and (iterations is None or steps + each <= iterations)
            ):
                room = BROOD if iterations is None else min(BROOD, (iterations - steps) // each)
                born = self.race.run([self.pair(each, pause) for _child in range(room)])
                steps += sum(child.steps for child in born)
                for child in born:
                    settle(self.model, self.plans, child)
                self.race.tell(self.plans, steps, each, self.random.bit_generator.state)
            self.polish(None if iterations is None else EFFORT * iterations)
            if iterations is not None:
                break
        return steps

    def found(self, enough: float) -> bool:
        """Whether a valid plan costs no more."""
        return any(plan.valid and plan.objective <= enough + SAME for plan in self.plans)

    def pair(self, steps: int, stop: Stop) -> Work:
        """The crossing of two plans drawn at random."""
        i, j = self.random.choice(len(self.plans), 2, replace=False)
        better, other = sorted((self.plans[i], self.plans[j]), key=lambda found: found.rank)
        number = int(self.random.integers(1 << 40))
        return partial(
            cross, self.problem, self.model, self.unit, better, other, number, steps, stop
        )

    def polish(self, effort: float | None) -> None:
        """Divide pairs of zones of the best plans anew, where that was not done; ``effort`` for
        each at most."""
        order = sorted(range(len(self.plans)), key=lambda i: self.plans[i].rank)[:POLISHED]
        fresh = [i for i in order if self.plans[i].valid and self.plans[i].pairs is None]
        refresh = renaming(self.problem, self.unit)
        works = [
            partial(polish, self.model, self.plans[i], self.race.stop, refresh, effort)
            for i in fresh
        ]
        for i, found in zip(fresh, self.race.run(works), strict=True):
            self.plans[i] = found


def deadline(began: float, seconds: float, iterations: int | None) -> float:
    """When the clock ends the search; never with a number of iterations."""
    return float("inf") if iterations is not None else began + seconds


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def proposals(seconds: float, iterations: int | None) -> float:
    """The proposals that there is time for, roughly where the clock counts."""
    return iterations if iterations is not None else seconds * RATE * cores()


def starts_part(units: int, total: float) -> float:
    """The part of ``total`` proposals for the first plans: more on land so large that two of them
    would not get enough."""
    return min(STARTS_MOST, max(STARTS, 2 * STEPS_EACH * max(units, 40) / max(total, 1.0)))


def starts(units: int, total: float) -> int:
    """How many first plans pay: at least two, so that there is something to cross."""
    return min(MOST, max(2, int(STARTS * total / (STEPS_EACH * max(units, 40)))))


def first_numbers(least: int, most: int, count: int) -> list[int]:
    """The number of zones of each first plan: each number at least once where there are few, else
    evenly spread; where there are fewer numbers than plans they take turns."""
    tried = sorted({int(k) for k in np.linspace(least, most, min(MOST, most - least + 1)).round()})
    return [tried[i % len(tried)] for i in range(max(count, len(tried)))]


def first_share(seconds: float, iterations: int | None, count: int, units: int) -> Share:
    """What each of ``count`` first plans gets; with much time not all of it, so that an interrupt
    finds good plans early and crossing gets the rest."""
    part = starts_part(units, proposals(seconds, iterations))
    if iterations is not None:
        return Share(int(part * iterations / count))
    turns = -(-count // cores())
    return Share(None, min(seconds * part / turns, LONGEST_FIRST * max(units, 40) / RATE))


def from_seed(
    model: Model, zones: int, seed: int, share: Share, stop: Stop, refresh: Refresh
) -> Try:
    """A grown plan, annealed."""
    return run(model, seed_plan(model, zones, seed), zones, seed, share, 1.0, stop, refresh)


def known_plans(problem: Problem, unit: Ints, begin: Sequence[Ints]) -> Iterator[Ints]:
    """Plans of units to begin from, of those in ``begin`` and the present one: whose zones are
    connected, keep units whole and are of a number that the rules allow."""
    least, most = problem.rules.zones
    first = np.unique(unit, return_index=True)[1]
    plans = list(begin)
    if problem.present is not None and (problem.present >= 0).all():
        plans.append(problem.present)
    for plan in plans:
        labels = normalised(np.asarray(plan, dtype=np.int64))
        whole = bool((labels[first][unit] == labels).all())
        if whole and least <= int(labels.max()) + 1 <= most and connected(problem, labels):
            yield labels[first]


def connected(problem: Problem, plan: Ints) -> bool:
    """Whether every zone is connected."""
    a, b = open_borders(problem)
    same = plan[a] == plan[b]
    return int(parts(a[same], b[same], problem.size).max(initial=-1)) == int(plan.max())


def chosen(
    problem: Problem,
    unit: Ints,
    plans: list[Try],
    race: Race,
    steps: int,
    compiled: float,
    began: float,
    seed: int,
) -> Found:
    """The best of all plans, judged by the validator."""
    best = min(plans, key=lambda found: found.rank)
    plan = normalised(best.plan[unit])
    violations = validate(problem, plan)
    found = score(problem, plan)
    bound = lower_bound(problem)
    gap = (found.objective - (bound or 0.0)) / found.objective if found.objective > 0 else 0.0
    return Found(
        plan=plan,
        valid=not violations,
        violations=violations,
        score=found,
        bound=bound,
        gap=None if bound is None else gap,
        pairs=best.pairs or 0,
        proven=best.proven,
        best=best_possible(problem),
        reasons=tuple(violation.text for violation in violations),
        seconds=time.perf_counter() - began,
        compiled=compiled,
        steps=steps,
        seed=seed,
        interrupted=race.stop.event.is_set(),
    )


def lower_bound(problem: Problem) -> float | None:
    """The objective that no plan is below; None where no goal that counts has a bound."""
    costs = best_possible(problem)
    counted = {goal: weight for goal, weight in problem.weights.items() if weight}
    if not any(goal in costs for goal in counted):
        return None
    return sum(weight * costs.get(goal, 0.0) for goal, weight in counted.items())


def nothing(
    problem: Problem, reasons: tuple[str, ...], compiled: float, seconds: float, seed: int
) -> Found:
    """What is found where sums alone exclude every plan."""
    return Found(
        plan=None, valid=False, violations=(), score=None, bound=None, gap=None, pairs=0, proven=0,
        best=best_possible(problem), reasons=reasons, seconds=seconds, compiled=compiled, steps=0,
        seed=seed, interrupted=False,
    )  # fmt: skip


def compile_kernels() -> float:
    """Compile or load the kernels on a land of two places; the seconds that it took."""
    began = time.perf_counter()
    tiny = land_of_two((2, 2))
    model, unit = model_of(tiny)
    first = seed_plan(model, 2, 0)
    run(model, first, 2, 0, Share(10), 1.0, Stop(Event(), float("inf")), renaming(tiny, unit))
    return time.perf_counter() - began
