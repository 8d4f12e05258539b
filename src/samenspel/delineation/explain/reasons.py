"""Why each place lies where it lies: what a move to each neighbouring zone would cost and break.

A place moves with what must stay together with it. Goals, soft bounds and rules are those of the
problem; what a rule forbids is said by the validator. Only single moves are judged: two that swap
may be possible where neither is alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from samenspel.delineation.explain.effects import Moving, scores_after
from samenspel.delineation.explain.moves import Move, blocks, members, move_of, said, zone_name
from samenspel.delineation.goals import Value, score
from samenspel.delineation.goalwords import NOTHING, losses_and_gains
from samenspel.delineation.problem import Ints, Problem
from samenspel.delineation.validator import validate
from samenspel.language import _


@dataclass(frozen=True)
class Reason:
    """Of one place its zone and its ``moves``: those that break nothing first, each kind from the
    lowest objective on."""

    place: int
    zone: int
    moves: tuple[Move, ...]

    @property
    def best(self) -> Move | None:
        """The move to the best other zone; one that breaks a rule where all do; None where no
        neighbour lies in another zone."""
        return self.moves[0] if self.moves else None

    @property
    def ties(self) -> Mapping[str, Value]:
        """What holds the place where it is: each goal that is worse in the best other zone, with
        the change of its value and its cost. Goals without a weight are there too."""
        if self.best is None:
            return {}
        return {goal: told for goal, told in self.best.goals.items() if told.cost > NOTHING}

    def as_json(
        self, problem: Problem, names: Sequence[str] = (), titles: Sequence[str] = ()
    ) -> dict[str, Any]:
        """Plain values; ``names`` and ``titles`` as in ``Move.as_json``."""
        return {
            "municipality": problem.names[self.place],
            "zone": zone_name(self.zone, names),
            "reason": sentence(problem, self, titles or names),
            "moves": [move.as_json(problem, names, titles) for move in self.moves],
        }


@dataclass(frozen=True)
class ZoneBorder:
    """The border between two zones: ``length`` in metres, over ``pairs`` of neighbours. ``best``:
    the move over it, either way, that breaks nothing new and has the lowest objective; None where
    every single move breaks a rule."""

    zones: tuple[int, int]
    length: float
    pairs: int
    best: Move | None

    def as_json(self, problem: Problem, names: Sequence[str] = ()) -> dict[str, Any]:
        """Plain values; ``names`` as in ``zone_name``."""
        return {
            "zones": [zone_name(zone, names) for zone in self.zones],
            "length": self.length,
            "pairs": self.pairs,
            "best": None if self.best is None else self.best.as_json(problem, names),
        }


def moving(problem: Problem, plan: Ints) -> tuple[Move, ...]:
    """Every move of a place, with what must stay with it, to a zone of a neighbour; by first place,
    then zone. Places that stay together but lie in different zones of ``plan`` move apart.

    ``plan``: a zone from 0 on for each place; it may be invalid. Costs O(links + moves x borders).
    """
    block = blocks(problem, plan)
    a = np.concatenate([problem.borders.a, problem.borders.b])
    b = np.concatenate([problem.borders.b, problem.borders.a])
    parted = plan[a] != plan[b]
    asked = np.unique(np.column_stack([block[a[parted]], plan[b[parted]]]), axis=0)
    given = Moving(plan, block, asked[:, 0], asked[:, 1])
    now, broken = score(problem, plan), validate(problem, plan)
    return tuple(
        move_of(
            members(block, int(given.who[i])),
            (int(given.origin[i]), int(given.to[i])),
            (now, after),
            (broken, validate(problem, given.after(i))),
        )
        for i, after in enumerate(scores_after(problem, given))
    )


def reasons(problem: Problem, plan: Ints, moves: Sequence[Move]) -> tuple[Reason, ...]:
    """Why each place lies where it lies, in order, from all ``moving``."""
    own: list[list[Move]] = [[] for _place in range(problem.size)]
    for move in moves:
        for place in move.places:
            own[place].append(move)
    return tuple(
        Reason(place, int(plan[place]), tuple(sorted(found, key=rank)))
        for place, found in enumerate(own)
    )


def rank(move: Move) -> tuple[bool, float, int]:
    """What breaks nothing first, then by objective, then by zone."""
    return bool(move.breaks), move.objective, move.target


def weak_borders(problem: Problem, plan: Ints, moves: Sequence[Move]) -> tuple[ZoneBorder, ...]:
    """The borders between zones from weak to firm: first where a move over it costs the least, last
    where every move breaks a rule. ``moves``: all ``moving``."""
    count = int(plan.max(initial=0)) + 1
    ends = np.sort(np.column_stack([plan[problem.borders.a], plan[problem.borders.b]]), axis=1)
    parted = ends[:, 0] != ends[:, 1]
    keys, where = np.unique(ends[parted] @ np.array([count, 1]), return_inverse=True)
    lengths = np.bincount(where, problem.borders.value[parted], len(keys))
    pairs = np.bincount(where, minlength=len(keys))
    best: dict[int, Move] = {}
    for move in sorted(moves, key=rank):
        low, high = sorted((move.origin, move.target))
        if not move.breaks:
            best.setdefault(low * count + high, move)
    found = [
        ZoneBorder(divmod(key, count), float(lengths[i]), int(pairs[i]), best.get(key))
        for i, key in enumerate(keys.tolist())
    ]
    return tuple(sorted(found, key=firmness))


def firmness(border: ZoneBorder) -> tuple[float, tuple[int, int]]:
    """What the cheapest move costs, then the zones."""
    return np.inf if border.best is None else border.best.objective, border.zones


def sentence(problem: Problem, reason: Reason, titles: Sequence[str] = ()) -> str:
    """Why the place lies where it lies; goals without weight play no part. ``titles`` as in
    ``zone_name``."""
    best = reason.best
    if best is None:
        return _("No neighbour lies in another zone.")
    zone = zone_name(best.target, titles)
    along = [problem.called(i) for i in best.places if i != reason.place]
    first = _("It moves with {places}. ").format(places=", ".join(along)) if along else ""
    if best.breaks:
        told = " ".join(said(broken, titles) for broken in best.breaks)
        text = _("Every move breaks a rule. To {zone}: {told}")
        return first + text.format(zone=zone, told=told)
    worse, better = losses_and_gains(best.goals, best.penalty, problem.weights)
    if abs(best.objective) <= NOTHING:
        text = _("It could as well lie in {zone}.")
    elif best.objective < 0:
        text = _("By the weights it would lie better in {zone}.")
    else:
        text = _("The best other zone is {zone}, and it is worse.")
    first += text.format(zone=zone)
    if worse:
        first += _(" Worse there: {changes}.").format(changes="; ".join(worse))
    if better:
        first += _(" Better there: {changes}.").format(changes="; ".join(better))
    return first
