"""The best plan of a problem, proven: enumerate the zones that can be, then choose among them."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import block_array, csr_array, eye_array

from samenspel.delineation.exact import kernel
from samenspel.delineation.exact.candidates import Candidates, candidates_of
from samenspel.delineation.exact.clock import Clock
from samenspel.delineation.exact.costs import costs_of, uneven
from samenspel.delineation.exact.lp import Columns
from samenspel.delineation.exact.partition import TIE, Cover, cover
from samenspel.delineation.exact.units import Limits, Units, limits_of, units_of
from samenspel.delineation.goals import Score, score
from samenspel.delineation.problem import Floats, Ints, Problem, normalised

MOST = 2_000_000  # candidates: about a gigabyte at some ten units each
SLACK = 0.125  # part of a soft bound by which candidates pass it at first


@dataclass(frozen=True)
class Solution:
    """``plan``: the best found, zones numbered by first place; None where none was. ``bound``: no
    plan has a lower objective (infinite: there is no plan). ``candidates``: how many zones are
    possible, or were found before the enumeration stopped (``complete`` False). ``first``: whether
    the plan is certainly the first of its equals in the order of lists. ``missed``: places in no
    candidate at all. ``seconds`` on the clock, ``busy`` of the processor."""

    plan: Ints | None
    score: Score | None
    bound: float
    candidates: int
    complete: bool
    first: bool
    missed: tuple[int, ...]
    seconds: float
    busy: float

    @property
    def objective(self) -> float:
        """Of the plan; infinite without."""
        return np.inf if self.score is None else self.score.objective

    @property
    def proven_optimal(self) -> bool:
        """Whether no plan is better."""
        return self.plan is not None and self.bound >= self.objective - 2 * TIE

    @property
    def impossible(self) -> bool:
        """Whether it is proven that no plan exists."""
        return self.plan is None and self.bound == np.inf

    @property
    def gap(self) -> float | None:
        """How far the objective may lie above the best; None without a plan."""
        return None if self.plan is None else max(0.0, self.objective - self.bound)


@dataclass(frozen=True)
class Chosen:
    """A plan of candidates with what it costs and what no plan costs less than."""

    plan: Ints | None
    cost: float
    bound: float
    first: bool


def solve(
    problem: Problem,
    *,
    seconds: float | None = None,
    most: int = MOST,
    clock: Clock | None = None,
) -> Solution:
    """The best plan of ``problem``, or the proof that there is none.

    Where more than ``most`` zones are possible, or time is up, the plan may be absent and the bound
    is the one that holds for every plan. Interrupted (Ctrl-C), it returns what it has. Every goal
    counts exactly; where plans tie, the first in the order of lists is taken (a choice).
    """
    begun, busy = time.monotonic(), time.process_time()
    clock = clock or Clock(seconds)
    units = units_of(problem)
    floor, whole = at_least(problem, units)
    if whole:
        found = everything(units)
        chosen = Chosen(np.zeros(problem.size, np.int64), floor, floor, True)
    else:
        found, chosen = widened(problem, units, floor, most, clock)
    plan = None if chosen.plan is None else normalised(chosen.plan)
    missed = np.ones(units.count, np.bool_)
    missed[found.members] = False
    if not found.complete:
        missed[:] = False
    return Solution(
        plan,
        None if plan is None else score(problem, plan),
        max(chosen.bound, floor),
        found.count,
        found.complete,
        chosen.first,
        tuple(int(i) for i in np.flatnonzero(missed[units.of])),
        time.monotonic() - begun,
        time.process_time() - busy,
    )


def no_plan() -> Solution:
    """The answer where rules contradict each other, so that nothing need be enumerated."""
    return Solution(None, None, np.inf, 0, True, True, (), 0.0, 0.0)


def everything(units: Units) -> Candidates:
    """The one zone of all."""
    return Candidates(np.array([0, units.count]), np.arange(units.count), True)


def at_least(problem: Problem, units: Units) -> tuple[float, bool]:
    """What every plan costs at least, and whether all places as one zone is a plan that costs just
    that. Splitting a zone never betters a goal, but for balance and moved, which are at least 0."""
    limits, one = limits_of(problem, units), everything(units)
    hard = hardened(problem)
    costs = costs_of(hard, units, limits_of(hard, units), one)
    floor = costs.base + float(costs.zone.sum())
    inside, seen = np.ones(units.count, np.bool_), np.zeros(len(units.part_of_unit) + 1, np.bool_)
    pieces = (units.pieces.indptr, units.pieces.indices)
    possible = (
        problem.size > 0
        and problem.rules.zones[0] <= 1
        and not problem.weights.get("moved")
        and not len(units.apart.indices)
        and len(np.unique(problem.rules.within if problem.rules.within is not None else 0)) == 1
        and not (problem.rules.centre and problem.centres is not None and not problem.centres.any())
        and kernel.within_bounds(
            inside, limits.size.sum(axis=1), limits.low, limits.most, limits.allowed
        )
        and kernel.connected(
            inside, units.part_of_unit, pieces, seen, np.zeros(len(seen), np.int64)
        )
    )
    return floor, possible


def hardened(problem: Problem) -> Problem:
    """The problem without its soft bounds."""
    bounds = {m: b for m, b in problem.rules.bounds.items() if b.hard}
    return replace(problem, rules=replace(problem.rules, bounds=bounds))


def widened(
    problem: Problem, units: Units, floor: float, most: int, clock: Clock
) -> tuple[Candidates, Chosen]:
    """The best plan, with soft bounds passed as far as any best plan could.

    A plan better than one already found pays at most the difference with ``floor`` in penalties, so
    none of its zones passes a bound by more than that; the candidates are widened until they hold
    all such zones.
    """
    soft = any(not bound.hard for bound in problem.rules.bounds.values())
    penalty = problem.rules.penalty
    exact = limits_of(problem, units)
    slack = (SLACK if penalty > 0 else np.inf) if soft else 0.0
    best = Chosen(None, np.inf, floor, False)
    found = Candidates(np.zeros(1, np.int64), np.empty(0, np.int64), False)
    while True:
        limits = limits_of(problem, units, slack)
        wider = candidates_of(problem, units, limits, most, clock)
        if not wider.complete:
            # Not all candidates: what was found with fewer stays, but nothing more is proven.
            return wider, best
        found = wider
        new = choose(problem, units, exact, found, clock)
        if new.cost <= best.cost + TIE:
            best = new
        enough = max(0.0, (new.cost - floor) / penalty) if penalty > 0 else np.inf
        if not soft or slack >= enough or np.isinf(slack):
            return found, best
        # Not proven for all candidates yet: only the floor, or what wider ones cost, holds.
        best = replace(best, bound=min(best.bound, floor + slack * penalty), first=False)
        if clock.over():
            return found, best
        slack = enough if new.plan is not None else widest(slack)


def widest(slack: float) -> float:
    """The next slack where none was enough: twice as much, and no bound at all in the end."""
    return 2 * slack if slack < 4 else np.inf


def choose(
    problem: Problem,
    units: Units,
    limits: Limits,
    found: Candidates,
    clock: Clock,
    first: bool = True,
) -> Chosen:
    """The best plan of the candidates, among equals the ``first`` where asked."""
    costs = costs_of(problem, units, limits, found)
    best = Chosen(None, np.inf, np.inf, True)
    for least, highest in counts(problem, units, found):
        zone = costs.zone
        if problem.weights.get("balance"):
            zone = zone + problem.weights["balance"] * uneven(problem, units, found, least)
        columns, owner, base = columns_of(problem, units, found, zone, (least, highest))
        base += costs.base
        answer = cover(columns, best.cost - base + TIE, clock, first)
        best = better(best, answer, base, units, found, owner)
    return best


def counts(problem: Problem, units: Units, found: Candidates) -> Iterator[tuple[int, int]]:
    """The ranges of numbers of zones to solve apart: one, but for balance each number."""
    least, most = problem.rules.zones[0], min(problem.rules.zones[1], max(units.count, 1))
    if not problem.weights.get("balance"):
        yield least, most
        return
    size = np.bincount(units.of, problem.measure("population"), units.count).astype(np.int64)
    held, total = found.totals(size), int(size.sum())
    for number in range(least, most + 1):
        if found.count and number * held.min() <= total <= number * held.max():
            yield number, number


def columns_of(
    problem: Problem, units: Units, found: Candidates, zone: Floats, zones: tuple[int, int]
) -> tuple[Columns, Ints, float]:
    """The columns of the set partition, the candidate of each (-1: none), and what is the same for
    every plan. With ``moved`` a candidate may carry on one present zone that it shares people with,
    and no two the same one: a row for each present zone, covered by a candidate or by nothing."""
    n, weight = units.count, problem.weights.get("moved", 0.0)
    matrix = csr_array(
        (np.ones(len(found.members)), found.members, found.starts), shape=(found.count, n)
    )
    owner = np.arange(found.count)
    plain = Columns(matrix, zone, np.ones(found.count, np.bool_), zones)
    if not weight or problem.present is None:
        return plain, owner, 0.0
    placed = problem.present >= 0
    numbers, present = np.unique(problem.present[placed], return_inverse=True)
    people = np.zeros((n, len(numbers)))
    np.add.at(people, (units.of[placed], present), problem.measure("population")[placed])
    total = people.sum()
    if total <= 0:
        return plain, owner, 0.0
    shared = (matrix @ csr_array(people)).tocoo()
    carried = csr_array(
        (np.ones(shared.nnz), (np.arange(shared.nnz), shared.coords[1])),
        shape=(shared.nnz, len(numbers)),
    )
    joined = csr_array(
        block_array(
            [[matrix, None], [matrix[shared.coords[0]], carried], [None, eye_array(len(numbers))]]
        )
    )
    cost = np.concatenate(
        [zone, zone[shared.coords[0]] - weight * shared.data / total, np.zeros(len(numbers))]
    )
    owner = np.concatenate([owner, shared.coords[0], np.full(len(numbers), -1)])
    return Columns(joined, cost, owner >= 0, zones), owner, weight


def better(
    best: Chosen, answer: Cover, base: float, units: Units, found: Candidates, owner: Ints
) -> Chosen:
    """The better of two, or of equals the first; the bound is that of both together."""
    bound = min(best.bound, answer.bound + base)
    if answer.columns is None:
        return replace(best, bound=bound, first=best.first and answer.first)
    of_unit = np.zeros(units.count, np.int64)
    for number, candidate in enumerate(owner[answer.columns]):
        if candidate >= 0:
            of_unit[found.members[found.starts[candidate] : found.starts[candidate + 1]]] = number
    new = Chosen(normalised(of_unit[units.of]), answer.cost + base, bound, answer.first)
    if best.plan is None or new.cost < best.cost - TIE:
        return new
    if new.plan is not None and new.plan.tolist() < best.plan.tolist():
        return replace(new, first=best.first and new.first)
    return replace(best, bound=bound, first=best.first and new.first)
