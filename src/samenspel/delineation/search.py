"""The search for a good plan: several starts, annealed side by side, anytime.

Units that stay together are contracted first; plans are grown from seeds or begin at the present
one; every start anneals flips of units (``flips.py``); where the number of zones is free, all
numbers get a first try and the best ones the rest of the time. With a number of iterations equal
input and seed give the equal plan; with seconds the plan is the best of the time that was there.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from threading import Event

import numpy as np

from samenspel.delineation.annealing import Share, Try, run
from samenspel.delineation.bounds import best_possible
from samenspel.delineation.contraction import model_of
from samenspel.delineation.goals import Score, score
from samenspel.delineation.kernel import Model
from samenspel.delineation.naming import Refresh, renaming
from samenspel.delineation.numbers import possible_numbers
from samenspel.delineation.problem import Bound, Ints, Problem, Rules, hyperedges, normalised, pairs
from samenspel.delineation.seeds import grow
from samenspel.delineation.state import words
from samenspel.delineation.validator import Violation, validate

SECONDS = 10.0
FIRST_ROUND = 0.4  # part of the time for a first try of every number of zones (status: choice)
NUMBERS = 12  # numbers of zones tried at most (status: choice)
STEPS_EACH = 2500  # proposals per unit after which another start pays more (status: choice)
RATE = 400_000  # proposals a second, roughly; only divides a time limit into starts
WARM = 0.35  # temperature at which a known plan is taken up again (status: choice)
POLL = 0.05

Progress = Callable[[float, float | None], bool | None]


@dataclass(frozen=True)
class Found:
    """``plan``: zone of each place, the best valid one, else the one that breaks least, else None.

    ``bound``: no plan has a lower objective; ``gap``: (objective - bound) / objective; both None
    where no bound is known. ``best``: the least cost of each goal that has a bound. ``reasons``:
    why no plan can exist or was found. ``compiled``: seconds spent on compiling, not counted in
    ``seconds``. ``steps``: proposals. ``interrupted``: stopped before its time.
    """

    plan: Ints | None
    valid: bool
    violations: tuple[Violation, ...]
    score: Score | None
    bound: float | None
    gap: float | None
    best: dict[str, float]
    reasons: tuple[str, ...]
    seconds: float
    compiled: float
    steps: int
    seed: int
    interrupted: bool


@dataclass(frozen=True)
class Start:
    """One start: number of zones, seed, first plan of units (None: grow one), how long and warm."""

    zones: int
    seed: int
    first: Ints | None
    share: Share
    warm: float


def search(
    problem: Problem,
    *,
    seconds: float | None = None,
    iterations: int | None = None,
    seed: int = 0,
    progress: Progress | None = None,
    begin: Sequence[Ints] = (),
) -> Found:
    """The best plan found within ``seconds``, or within ``iterations`` proposals in all (then the
    clock plays no part). ``begin``: plans of places to start from besides the present one and grown
    ones. ``progress`` is told seconds and the best objective so far and stops the search where it
    returns True; so does an interrupt (Ctrl-C), which is not raised further. The number of threads
    is that of the cores and changes nothing with ``iterations``."""
    compiled = compile_kernels()
    began = time.perf_counter()
    numbers = possible_numbers(problem)
    if numbers.reasons:
        return nothing(problem, numbers.reasons, compiled, time.perf_counter() - began, seed)
    model, unit = model_of(problem)
    zones_tried = spread(numbers.least, min(numbers.most, len(model.outside)), NUMBERS)
    known = known_plans(problem, unit, begin)
    budget = Budget(iterations, None if iterations is not None else seconds or SECONDS)
    refresh = renaming(problem, unit)
    race = Race(model, refresh, Event(), progress, began)
    tries: list[tuple[int, Try]] = []
    for starts in rounds(zones_tried, known, budget, len(model.outside), seed, tries):
        tries += race.run(starts)
        if race.stop.is_set():
            break
    return chosen(problem, unit, tries, compiled, time.perf_counter() - began, seed,
                  race.stop.is_set())  # fmt: skip


@dataclass(frozen=True)
class Budget:
    """How long the whole search may take: proposals or seconds."""

    steps: int | None
    seconds: float | None

    def share(self, part: float, starts: int) -> Share:
        """The share of each of ``starts`` starts that have ``part`` of the whole together."""
        if self.steps is not None:
            return Share(int(self.steps * part / starts), None)
        side_by_side = min(cores(), starts)
        return Share(None, (self.seconds or 0.0) * part * side_by_side / starts)

    def starts(self, units: int, part: float) -> int:
        """How many starts pay, at least one for each core where the clock counts."""
        total = self.steps if self.steps is not None else (self.seconds or 0.0) * RATE * cores()
        return max(2, int(part * total / (STEPS_EACH * max(units, 40))))


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(least: int, most: int, count: int) -> list[int]:
    """At most ``count`` numbers evenly from ``least`` to ``most``, both included."""
    return sorted({int(k) for k in np.linspace(least, most, min(count, most - least + 1)).round()})


def known_plans(problem: Problem, unit: Ints, begin: Sequence[Ints]) -> dict[int, list[Ints]]:
    """Plans to begin from, of units, by number of zones: those that keep units whole."""
    found: dict[int, list[Ints]] = {}
    plans = list(begin)
    if problem.present is not None and (problem.present >= 0).all():
        plans.append(problem.present)
    first = np.unique(unit, return_index=True)[1]
    for plan in plans:
        labels = normalised(np.asarray(plan, dtype=np.int64))
        if (labels[first][unit] == labels).all() and connected(problem, labels):
            found.setdefault(int(labels.max()) + 1, []).append(labels[first])
    return found


def connected(problem: Problem, plan: Ints) -> bool:
    """Whether every zone is connected."""
    from samenspel.delineation.contraction import open_borders, parts

    a, b = open_borders(problem)
    same = plan[a] == plan[b]
    return int(parts(a[same], b[same], problem.size).max(initial=-1)) == int(plan.max())


def rounds(
    zones: list[int],
    known: dict[int, list[Ints]],
    budget: Budget,
    units: int,
    seed: int,
    tries: list[tuple[int, Try]],
) -> Iterator[list[Start]]:
    """The starts of each round; ``tries`` holds what the rounds before found."""
    part = 1.0
    if len(zones) > 1:
        count = len(zones) + sum(len(known.get(k, [])) for k in zones)
        share = budget.share(FIRST_ROUND, count)
        first = [Start(k, seed * 1000 + k, None, share, 1.0) for k in zones]
        first += [Start(k, seed * 1000 + k, plan, share, WARM)
                  for k in zones for plan in known.get(k, [])]  # fmt: skip
        yield first
        part -= FIRST_ROUND
        ranked = sorted(range(len(tries)), key=lambda i: (rank(tries[i][1]), i))
        zones = list(dict.fromkeys(tries[i][0] for i in ranked))[:2]
        known = {}
    count = budget.starts(units, part)
    plans = [(k, plan) for k in zones for plan in known.get(k, [])]
    for k in zones:
        best = min((t for z, t in tries if z == k), key=rank, default=None)
        if best is not None and best.plan is not None:
            plans.append((k, best.plan))
    count = max(count, len(plans) + 1)
    share = budget.share(part, count)
    grown = count - len(plans)
    # The best number of zones gets two of three grown starts.
    numbers = [zones[0] if i % 3 < 2 else zones[-1] for i in range(grown)]
    yield [
        *(Start(k, seed * 1000 + 100 + i, None, share, 1.0) for i, k in enumerate(numbers)),
        *(Start(k, seed * 1000 + 500 + i, plan, share, WARM) for i, (k, plan) in enumerate(plans)),
    ]


def rank(found: Try) -> tuple[bool, float]:
    """Valid plans first, by objective; then by what they break."""
    if found.plan is None:
        return True, found.broken
    return False, found.objective


@dataclass(frozen=True)
class Race:
    """Starts side by side on the cores, until all are done or somebody stops them."""

    model: Model
    refresh: Refresh
    stop: Event
    progress: Progress | None
    began: float

    def run(self, starts: list[Start]) -> list[tuple[int, Try]]:
        """What each start found, in the order given."""
        with ThreadPoolExecutor(cores()) as pool:
            running = [pool.submit(self.one, start) for start in starts]
            try:
                self.watch(running)
            except KeyboardInterrupt:
                self.stop.set()
            return [
                (start.zones, future.result())
                for start, future in zip(starts, running, strict=True)
            ]

    def watch(self, running: "list[Future[Try]]") -> None:
        """Tell the progress until all are done."""
        left = set(running)
        while left:
            _done, left = wait(left, POLL)
            if self.progress is not None:
                ended = [f.result() for f in running if f.done()]
                best = min((t.objective for t in ended if t.plan is not None), default=None)
                if self.progress(time.perf_counter() - self.began, best):
                    self.stop.set()

    def one(self, start: Start) -> Try:
        """One start from its first plan on."""
        first = start.first
        if first is None:
            first = grow(self.model, start.zones, words(start.seed))
        return run(
            self.model, first, start.zones, start.seed, start.share, start.warm, self.stop,
            self.refresh,
        )  # fmt: skip


def chosen(
    problem: Problem,
    unit: Ints,
    tries: list[tuple[int, Try]],
    compiled: float,
    seconds: float,
    seed: int,
    interrupted: bool,
) -> Found:
    """The best of all tries, judged by the validator."""
    best = min((found for _zones, found in tries), key=rank)
    plan = normalised((best.last if best.plan is None else best.plan)[unit])
    violations = validate(problem, plan)
    found = score(problem, plan)
    best_costs = best_possible(problem)
    counted = {g: w for g, w in problem.weights.items() if w}
    bound = sum(w * best_costs.get(g, 0.0) for g, w in counted.items())
    known = any(g in best_costs for g in counted)
    gap = (found.objective - bound) / found.objective if found.objective > 0 else 0.0
    return Found(
        plan=plan,
        valid=not violations,
        violations=violations,
        score=found,
        bound=bound if known else None,
        gap=gap if known else None,
        best=best_costs,
        reasons=() if not violations else tuple(v.text for v in violations),
        seconds=seconds,
        compiled=compiled,
        steps=sum(t.steps for _zones, t in tries),
        seed=seed,
        interrupted=interrupted,
    )


def nothing(
    problem: Problem, reasons: tuple[str, ...], compiled: float, seconds: float, seed: int
) -> Found:
    """What is found where sums alone exclude every plan."""
    return Found(
        plan=None, valid=False, violations=(), score=None, bound=None, gap=None,
        best=best_possible(problem), reasons=reasons, seconds=seconds, compiled=compiled, steps=0,
        seed=seed, interrupted=False,
    )  # fmt: skip


def compile_kernels() -> float:
    """Compile or load the kernels on a land of two places; the seconds that it took."""
    began = time.perf_counter()
    two = np.array([0, 1], dtype=np.int64)
    tiny = Problem(
        names=("a", "b"),
        population=np.array([1, 1], dtype=np.int64),
        borders=pairs(two[:1], two[1:], np.ones(1), 2),
        rules=Rules((2, 2), {"population": Bound(1, 1)}),
        partnerships=hyperedges({"p": [0, 1]}),
        weights={"cut": 1.0},
        outside=np.ones(2, np.bool_),
    )
    model, _unit = model_of(tiny)
    first = grow(model, 2, words(0))
    run(model, first, 2, 0, Share(10, None), 1.0, Event(), renaming(tiny, two))
    return time.perf_counter() - began
