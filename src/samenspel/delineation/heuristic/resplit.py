"""Two neighbouring zones divided anew, exactly: the best of all ways to share their units.

CP-SAT decides for every unit of the two zones in which it lies; connected zones are asked for by
cuts added where a solution lacks them (after Validi, Buchanan and Lykhovyd 2022). Where it proves
that no division is better, the plan is a local optimum for that pair.
"""

from collections import deque
from collections.abc import Iterable

import numpy as np
from ortools.sat.python import cp_model

from samenspel.delineation.graphs import parts
from samenspel.delineation.heuristic.annealing import Stop, Try
from samenspel.delineation.heuristic.flips import TINY
from samenspel.delineation.heuristic.kernel import Model, objective
from samenspel.delineation.heuristic.naming import Refresh
from samenspel.delineation.heuristic.state import state_of
from samenspel.delineation.problem import Ints

EFFORT = 2.0  # deterministic time of one solve, about seconds (status: choice)
CUTS = 200  # rounds of cuts for one pair (status: choice)
FOREVER = 1e6  # seconds: no limit by the clock
SOLVE = 0.01  # deterministic time counted for each solve besides (status: choice)
TERMS = 4000  # members of sets and pairs up to which two zones are divided (status: choice)
UNITS = 150  # units of two zones up to which they are divided exactly (status: choice)


def polish(
    model: Model, found: Try, stop: Stop, refresh: Refresh, effort: float | None = None
) -> Try:
    """``found`` with every pair of neighbouring zones divided anew until none gets better, it is
    time to stop or ``effort`` (deterministic time of CP-SAT) is spent. With all pairs proven the
    plan is a local optimum, as long as every zone carries on the present zone that it does."""
    zone = found.plan.copy()
    model = refresh(model, state_of(model, zone, found.zones, 0))
    waiting = deque(touching(model, zone))
    proven: set[tuple[int, int]] = set()
    left = float("inf") if effort is None else effort
    while waiting and left > 0 and not stop.now:
        pair = waiting.popleft()
        divided, certain, spent = resplit(model, zone, *pair, found.zones, stop, min(EFFORT, left))
        left -= spent
        if divided is not None:
            zone = divided
            renamed = refresh(model, state_of(model, zone, found.zones, 0))
            same = np.array_equal(renamed.moved_cost, model.moved_cost)
            proven = {other for other in proven if same and not set(other) & set(pair)}
            model, certain = renamed, certain and same
            again = [p for p in touching(model, zone)
                     if p != pair and (set(p) & set(pair) or not same)]  # fmt: skip
            waiting.extend(p for p in again if p not in waiting)
        if certain:
            proven.add(pair)
    state = state_of(model, zone, found.zones, 0)
    cost, broken = objective(model, state)
    pairs = touching(model, zone)
    return Try(zone, found.zones, cost, broken, 0, len(pairs), len(proven & set(pairs)))


def touching(model: Model, zone: Ints) -> list[tuple[int, int]]:
    """The pairs of zones with a common border, ascending."""
    a = np.repeat(zone, np.diff(model.neighbour_start))
    b = zone[model.neighbour]
    return sorted({(int(p), int(q)) for p, q in zip(a, b, strict=True) if p < q})


def resplit(
    model: Model, zone: Ints, a: int, b: int, zones: int, stop: Stop, effort: float = EFFORT
) -> tuple[Ints | None, bool, float]:
    """The plan with zones ``a`` and ``b`` divided better, or None; whether it is proven that no
    division of the two is better still; and the deterministic time spent."""
    inside = np.flatnonzero((zone == a) | (zone == b))
    before, broken = objective(model, state_of(model, zone, zones, 0))
    if len(inside) > UNITS or broken > TINY:
        return None, False, 0.0
    puzzle = Puzzle(model, zone, inside, a, b)
    if puzzle.terms > TERMS:
        return None, False, 0.0
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.catch_sigint_signal = False
    spent = 0.0
    for _round in range(CUTS):
        if stop.now or spent >= effort:
            break
        solver.parameters.max_time_in_seconds = min(stop.left, FOREVER)
        solver.parameters.max_deterministic_time = effort - spent
        status = solver.solve(puzzle.model)
        spent += solver.response_proto.deterministic_time + SOLVE
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            break
        divided = zone.copy()
        chosen = np.array([solver.boolean_value(puzzle.x[int(u)]) for u in inside])
        divided[inside] = np.where(chosen, a, b)
        cost, broken = objective(model, state_of(model, divided, zones, 0))
        if status == cp_model.OPTIMAL and cost >= before - TINY:
            return None, True, spent
        if puzzle.connect(divided):
            continue
        if broken > TINY or cost >= before - TINY:
            break  # a hole, or stopped by its effort
        return divided, status == cp_model.OPTIMAL, spent
    return None, False, spent


class Puzzle:
    """The division of the units ``inside`` over two zones: ``x[u]`` is whether ``u`` lies in ``a``.

    The objective of the model differs from that of the plan by a constant.
    """

    def __init__(self, model: Model, zone: Ints, inside: Ints, a: int, b: int) -> None:
        self.land, self.inside, self.a, self.b = model, inside, a, b
        self.terms = 0
        self.zone = zone
        self.model = cp_model.CpModel()
        self.x = {int(u): self.model.new_bool_var(f"x{u}") for u in inside}
        self.costs: list[tuple[cp_model.IntVar, float]] = []
        self.add_sets()
        self.add_pairs()
        self.add_bounds()
        self.add_wishes()
        for u in self.inside:
            self.model.add_hint(self.x[int(u)], bool(zone[u] == a))
        self.model.minimize(sum(variable * cost for variable, cost in self.costs))

    def parted(self, units: Iterable[int], cost: float) -> None:
        """``cost`` where ``units`` do not all lie in the same of the two zones."""
        first, *others = (self.x[int(u)] for u in units)
        apart = self.model.new_bool_var("")
        for other in others:
            self.model.add_bool_or(apart, first, other.negated())
            self.model.add_bool_or(apart, first.negated(), other)
            self.terms += 1
        self.costs.append((apart, cost))

    def add_sets(self) -> None:
        """Each set that lies partly here: what it costs to be in both zones."""
        land, found = self.land, dict[tuple[int, ...], float]()
        sets = {int(e) for u in self.inside
                for e in land.set_of[land.set_start[u] : land.set_start[u + 1]]}  # fmt: skip
        for e in sorted(sets):
            pins = land.pin[land.pin_start[e] : land.pin_start[e + 1]]
            here = tuple(int(u) for u in pins if int(u) in self.x)
            cost = land.touch_cost[e] + (land.cut_cost[e] if len(here) == len(pins) else 0.0)
            if len(here) > 1 and cost > 0:
                found[here] = found.get(here, 0.0) + float(cost)
        for units, cost in found.items():
            self.parted(units, cost)

    def add_pairs(self) -> None:
        """Pairs of units that cost when parted."""
        land = self.land
        for u in self.inside:
            for i in range(land.pair_start[u], land.pair_start[u + 1]):
                v = int(land.pair[i])
                if u < v and v in self.x and land.pair_cost[i] > 0:
                    self.parted((int(u), v), float(land.pair_cost[i]))

    def add_bounds(self) -> None:
        """Bounds of every measure on both zones, the mean, and names."""
        land = self.land
        everyone = int(land.size[0].sum())
        for m in range(land.hard.size):
            total = int(land.size[m, self.inside].sum())
            held = cp_model.LinearExpr.weighted_sum(
                [self.x[int(u)] for u in self.inside],
                [int(land.size[m, u]) for u in self.inside],
            )
            for sign, amount in ((True, held), (False, total - held)):
                self.bound(m, sign, amount, total)
                if m == 0 and land.balance_cost > 0:
                    used = len(np.unique(self.zone))
                    off = self.model.new_int_var(0, used * everyone, "")
                    self.model.add(off >= amount * used - everyone)
                    self.model.add(off >= everyone - amount * used)
                    self.costs.append((off, land.balance_cost / (2 * used)))
        if land.moved_cost.shape[1]:
            for u in self.inside:
                more = float(land.moved_cost[u, self.a] - land.moved_cost[u, self.b])
                self.costs.append((self.x[int(u)], more))
        self.model.add_bool_or(list(self.x.values()))
        self.model.add_bool_or([x.negated() for x in self.x.values()])

    def bound(self, m: int, sign: bool, amount: cp_model.LinearExpr, total: int) -> None:
        """Least and most of measure ``m`` in one of the two zones."""
        land = self.land
        hard = land.hard[m] < 0
        if land.low[m] > 0:
            short = 0 if hard else self.slack(total, land.hard[m] / land.low[m])
            self.model.add(amount + short >= int(land.low[m]))
        if land.high[m] >= 0:
            over = 0 if hard else self.slack(total, land.hard[m] / max(land.high[m], 1))
            big = land.big[land.big_start[m] : land.big_start[m + 1]]
            room = self.model.new_int_var(0, 2 * int(land.size[m].sum()) + 1, "")
            rooms: list[cp_model.LinearExprT] = [int(land.high[m])]
            for u in big:
                if int(u) in self.x:
                    more = int(land.alone[m, u] + land.extra[m] - land.high[m])
                    rooms.append(int(land.high[m]) + more * self.side(int(u), sign))
            self.model.add_max_equality(room, rooms)
            self.model.add(amount - over <= room)

    def slack(self, most: int, cost: float) -> cp_model.IntVar:
        """An amount by which a soft bound is passed."""
        found = self.model.new_int_var(0, max(most, int(self.land.low.max())) + 1, "")
        self.costs.append((found, float(cost)))
        return found

    def add_wishes(self) -> None:
        """Pairs apart and tied, and centres."""
        land = self.land
        for start, other, same in (
            (land.apart_start, land.apart, False), (land.tie_start, land.tie, True)
        ):  # fmt: skip
            for u in self.inside:
                for v in other[start[u] : start[u + 1]]:
                    if int(v) in self.x and u < v:
                        pair = self.x[int(u)], self.x[int(v)]
                        self.model.add(pair[0] == pair[1] if same else pair[0] != pair[1])
        if land.needs_centre:
            centres = [int(u) for u in self.inside if land.centres[u] > 0]
            self.model.add_bool_or([self.x[u] for u in centres])
            self.model.add_bool_or([self.x[u].negated() for u in centres])

    def connect(self, divided: Ints) -> bool:
        """Cuts for every part of a zone that ``divided`` leaves apart; whether there were any."""
        land = self.land
        n = len(divided)
        a = np.repeat(np.arange(n), np.diff(land.neighbour_start))
        b = land.neighbour
        same = divided[a] == divided[b]
        part = parts(a[same], b[same], n)
        cut = False
        for zone, side in ((self.a, True), (self.b, False)):
            units = np.flatnonzero(divided == zone)
            pieces = sorted(np.unique(part[units]), key=lambda p: -int((part[units] == p).sum()))
            main = int(units[part[units] == pieces[0]][0])
            for piece in pieces[1:]:
                cut = True
                members = units[part[units] == piece]
                around = {
                    int(v)
                    for u in members
                    for v in land.neighbour[land.neighbour_start[u] : land.neighbour_start[u + 1]]
                    if int(v) in self.x
                } - {int(u) for u in members}
                ways = [self.side(v, side) for v in sorted(around)]
                for u in members:
                    self.model.add_bool_or(
                        self.side(int(u), not side), self.side(main, not side), *ways
                    )
        return cut

    def side(self, u: int, first: bool) -> cp_model.LiteralT:
        """The literal that unit ``u`` lies in the first zone, or in the second."""
        return self.x[u] if first else self.x[u].negated()
