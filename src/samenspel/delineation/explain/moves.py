"""A move of places from one zone to another: what it changes on each goal, and what it breaks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from samenspel.delineation.goals import Score, Value
from samenspel.delineation.graphs import groups_of
from samenspel.delineation.problem import Ints, Problem, normalised
from samenspel.delineation.validator import Violation


@dataclass(frozen=True)
class Move:
    """``places`` go from zone ``origin`` to zone ``target``.

    ``goals``: by how much the value and the cost of each goal change (a cost above 0 is worse).
    ``penalty``, ``objective``: likewise. ``breaks``: what the plan breaks after the move and not,
    or less, before. ``valid``: whether the plan breaks nothing at all after it.
    """

    places: tuple[int, ...]
    origin: int
    target: int
    goals: Mapping[str, Value]
    penalty: float
    objective: float
    breaks: tuple[Violation, ...]
    valid: bool

    def as_json(
        self, problem: Problem, names: Sequence[str] = (), titles: Sequence[str] = ()
    ) -> dict[str, Any]:
        """Plain values; ``names`` as in ``zone_name``, ``titles`` likewise for sentences (where
        empty those are ``names``)."""
        return {
            "municipalities": [problem.names[i] for i in self.places],
            "from": zone_name(self.origin, names),
            "to": zone_name(self.target, names),
            "goals": goals_json(self.goals),
            "penalty": self.penalty,
            "objective": self.objective,
            "valid": self.valid,
            "breaks": [
                {"rule": broken.rule, "text": said(broken, titles or names)}
                for broken in self.breaks
            ],
        }


def goals_json(goals: Mapping[str, Value]) -> dict[str, dict[str, float]]:
    """Values or changes of goals as plain values."""
    return {goal: {"value": told.value, "cost": told.cost} for goal, told in goals.items()}


def zone_name(zone: int, names: Sequence[str] = ()) -> str:
    """What zone ``zone`` of a plan is called: its name, or Z and its number from 1 on."""
    return names[zone] if zone < len(names) else f"Z{zone + 1:02d}"


def said(broken: Violation, titles: Sequence[str]) -> str:
    """What is broken in a sentence; ``titles`` as in ``zone_name``."""
    highest = max(broken.zones, default=-1)
    return broken.told([zone_name(zone, titles) for zone in range(highest + 1)])


def changes(before: Score, after: Score) -> dict[str, Value]:
    """By how much the value and the cost of each goal change."""
    return {
        goal: Value(told.value - before.goals[goal].value, told.cost - before.goals[goal].cost)
        for goal, told in after.goals.items()
    }


def move_of(
    places: Ints,
    zones: tuple[int, int],
    scores: tuple[Score, Score],
    broken: tuple[tuple[Violation, ...], tuple[Violation, ...]],
) -> Move:
    """The move of ``places`` from the first of ``zones`` to the second, by scores and violations of
    the plan before and after."""
    before, after = scores
    known = set(broken[0])
    fresh = [violation for violation in broken[1] if violation not in known]
    return Move(
        places=tuple(places.tolist()),
        origin=zones[0],
        target=zones[1],
        goals=changes(before, after),
        penalty=after.penalty - before.penalty,
        objective=after.objective - before.objective,
        breaks=tuple(new for new in fresh if not any(covers(old, new) for old in known)),
        valid=not broken[1],
    )


def covers(old: Violation, new: Violation) -> bool:
    """Whether ``new`` was there as ``old`` already: the same rule, nowhere else and not more."""
    return (
        old.rule == new.rule
        and set(new.zones) <= set(old.zones)
        and set(new.places) <= set(old.places)
        and (new.amount is None or (old.amount is not None and new.amount <= old.amount))
    )


def blocks(problem: Problem, *labels: Ints) -> Ints:
    """Of each place the number of its block: what must stay together and is alike in all
    ``labels``; numbered by first place."""
    found = normalised(groups_of(problem))
    for label in labels:
        found = normalised(found * (int(label.max(initial=0)) + 1) + label)
    return found


def members(block: Ints, number: int) -> Ints:
    """The places of a block."""
    return np.flatnonzero(block == number)
