"""Alternatives for a whole zone: which municipalities merge and which stay, none of them the best.

Every alternative shown is one that no other betters on one goal without giving in on another.
"""

from dataclasses import dataclass

import numpy as np

from samenspel.delineation.problem import Ints
from samenspel.mergers.front import PLACES, Front, along, front, oriented
from samenspel.mergers.goals import Counted
from samenspel.mergers.spread import Progress, spread
from samenspel.mergers.zone import Sets, Zone

# Where not all can be found: so many, in so many seconds (status: choice).
COUNT = 12
SECONDS = 30.0


@dataclass(frozen=True)
class Alternatives:
    """``values``: one row per alternative, by goal of ``counted``, in order from the best on the
    first goal; ``plans``: of each the numbers of its sets, in ``sets``, of which the first are the
    single municipalities of the zone. ``complete``: whether these are all, proven; where not, each
    is still proven to be dominated by none. ``dominated``: whether one dominates the status quo;
    None where that is not known. ``status_quo``: its values."""

    counted: Counted
    sets: Sets
    values: Ints
    plans: tuple[tuple[int, ...], ...]
    complete: bool
    status_quo: Ints
    dominated: bool | None


def alternatives(
    zone: Zone,
    every: Sets,
    counted: Counted,
    *,
    count: int = COUNT,
    seconds: float | None = SECONDS,
    progress: Progress | None = None,
) -> Alternatives:
    """The non-dominated alternatives of ``zone``. ``every``: its single municipalities, in order,
    then the candidate mergers; ``counted``: what each brings to the goals.

    All of them where that takes no more than a fixed amount of work (``front.py``), else at most
    ``count`` within ``seconds`` (``spread.py``), each proven. An alternative that equals the status
    quo on all goals is not shown: the status quo is.
    """
    places = len(zone.towns)
    number = {town: place for place, town in enumerate(zone.towns.tolist())}
    members = [[number[town] for town in every.of(one)] for one in range(every.count)]
    more = [goal.more for goal in counted.goals]
    lowest = [goal.lowest for goal in counted.goals]
    order = along(zone.borders, places) if places <= PLACES else None
    found = front(places, members, counted.values, more, lowest, order)
    if found is None:
        found = spread(places, members, counted.values, more, lowest, count=count,
                       seconds=seconds, progress=progress)  # fmt: skip
    alone = counted.values[:places]
    today = np.where(np.array(lowest), alone.min(axis=0), alone.sum(axis=0))
    return arranged(found, every, counted, today, tuple(range(places)))


def arranged(
    found: Front, every: Sets, counted: Counted, today: Ints, singles: tuple[int, ...]
) -> Alternatives:
    """The alternatives in order, with the status quo instead of its equal."""
    more = [goal.more for goal in counted.goals]
    good, now = oriented(found.values, more), oriented(today, more)
    same = (good == now).all(axis=1)
    beaten = bool(((good >= now).all(axis=1) & ~same).any())
    order = np.lexsort(-good.T[::-1])
    plans = tuple(singles if same[i] else found.plans[i] for i in order)
    known = found.complete or beaten or bool(same.any())
    return Alternatives(counted, every, found.values[order], plans, found.complete, today,
                        beaten if known else None)  # fmt: skip
