"""The plans that a search keeps, different from each other, and how far it has come with them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from samenspel.delineation.heuristic.annealing import Try
from samenspel.delineation.heuristic.kernel import Model
from samenspel.delineation.problem import Ints

ALIKE = 0.06  # part of the borders of two plans that only one has, below which they count as one


@dataclass(frozen=True)
class State:
    """How far a search of so many proposals has come: all that is needed to go on as if it had
    never stopped. ``plans``: those kept; the first ones that are done while ``random`` is None,
    afterwards those that are crossed. ``steps``: proposals made. ``each``: those of a child.
    ``random``: the state of the random numbers. ``seconds``: spent so far."""

    plans: tuple[Try, ...]
    steps: int
    each: int = 0
    random: Mapping[str, Any] | None = None
    seconds: float = 0.0


Keep = Callable[[State], None]


def settle(model: Model, plans: list[Try], child: Try) -> None:
    """Let ``child`` take the place of a worse plan: one that it is alike, else the worst."""
    nearest = min(range(len(plans)), key=lambda i: difference(model, child.plan, plans[i].plan))
    alike = difference(model, child.plan, plans[nearest].plan) < ALIKE
    place = nearest if alike else max(range(len(plans)), key=lambda i: plans[i].rank)
    if child.rank < plans[place].rank:
        plans[place] = child


def difference(model: Model, one: Ints, other: Ints) -> float:
    """Of the pairs of neighbours that two plans part, the portion that only one of them parts."""
    a = np.repeat(np.arange(len(one)), np.diff(model.neighbour_start))
    b = model.neighbour
    first, second = one[a] != one[b], other[a] != other[b]
    return float((first != second).sum() / max((first | second).sum(), 1))
