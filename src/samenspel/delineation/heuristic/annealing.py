"""One start of the search: a first plan, annealed in short stretches until its share is used."""

import time
from dataclasses import dataclass
from threading import Event

import numpy as np

from samenspel.delineation.heuristic.flips import TINY, anneal, descend, typical
from samenspel.delineation.heuristic.kernel import Model, fill, objective
from samenspel.delineation.heuristic.naming import Refresh
from samenspel.delineation.heuristic.state import state_of
from samenspel.delineation.problem import Ints

# Temperatures as parts of a typical change of the objective, the guide towards sets in few zones,
# and the cost of a whole unit too much or too little (status: choice; tuned on invented land).
HOT, COLD = 1.0, 0.08
GUIDE = 0.4
STRICT = 4.0
LAST, LAST_STRICT = 0.9, 5.0  # rules weigh more in the last part
STRETCHES = 60
FIRST_STRETCH = 500
LONGEST = 500_000  # proposals of a stretch: only between two is a stop seen (status: choice)
SAMPLES = 2000


@dataclass(frozen=True)
class Share:
    """How long a start may search: proposals, or seconds where ``steps`` is None."""

    steps: int | None
    seconds: float = 0.0


@dataclass(frozen=True)
class Try:
    """What a start found: a plan of units with its number of zones, its objective, the part of
    hard rules that it breaks (0: none), and the proposals made. ``pairs``: neighbouring zones, of
    which ``proven`` have no better division of the two (None: not tried)."""

    plan: Ints
    zones: int
    objective: float
    broken: float
    steps: int
    pairs: int | None = None
    proven: int = 0

    @property
    def valid(self) -> bool:
        """Whether the kernels see no broken rule."""
        return self.broken < TINY

    @property
    def rank(self) -> tuple[float, float]:
        """Valid plans first, by objective; then by what they break."""
        return (0.0, self.objective) if self.valid else (self.broken, self.objective)


@dataclass(frozen=True)
class Stop:
    """When to end early: the event, or the clock (``time.perf_counter``)."""

    event: Event
    deadline: float

    @property
    def now(self) -> bool:
        """Whether it is time."""
        return self.event.is_set() or time.perf_counter() >= self.deadline

    @property
    def left(self) -> float:
        """Seconds until the deadline."""
        return max(0.0, self.deadline - time.perf_counter())

    def after(self, part: float) -> "Stop":
        """The same after a part of the time that is left."""
        return Stop(self.event, self.deadline - (1 - part) * self.left) if self.left < 1e9 else self


def run(
    model: Model,
    first: Ints,
    zones: int,
    seed: int,
    share: Share,
    warm: float,
    stop: Stop,
    refresh: Refresh,
) -> Try:
    """Anneal ``first`` (zone of each unit) from ``warm`` times the usual temperature, then descend
    to a plan that no flip improves."""
    state = state_of(model, first, zones, seed)
    model = refresh(model, state)
    best = state.zone.copy()
    track = np.array([*objective(model, state), np.inf, 0.0, 0.0])
    scale = typical(model, state, SAMPLES, GUIDE) or 1.0
    strict = STRICT * scale * len(first) / zones
    began = time.perf_counter()
    done, made, stretch = 0.0, 0, FIRST_STRETCH
    while done < 1.0 and not stop.now:
        if share.steps is not None:
            stretch = max(1, min(share.steps // STRETCHES, share.steps - made, LONGEST))
            until = min(1.0, (made + stretch) / max(share.steps, 1))
        else:
            until = min(1.0, done + 1 / STRETCHES)
        hot, cold = scale * warm * HOT, scale * COLD
        weight = strict * (0.1 + 0.9 * done) * (1.0 if done < LAST else LAST_STRICT)
        heat = np.array([
            hot * (cold / hot) ** done, hot * (cold / hot) ** until,
            GUIDE * (1 - done), GUIDE * (1 - until), weight,
        ])  # fmt: skip
        anneal(model, state, best, track, heat, stretch, save_after(len(first)))
        made += stretch
        if share.steps is not None:
            done = until
        else:
            spent = max(time.perf_counter() - began, 1e-6)
            done = min(1.0, spent / share.seconds) if share.seconds > 0 else 1.0
            stretch = min(LONGEST, max(200, int(made / spent * share.seconds / STRETCHES)))
        model = refresh(model, state)
        track[:2] = objective(model, state)
    if np.isfinite(track[2]):
        state.zone[:] = best
        fill(model, state)
        model = refresh(model, state)
    descend(model, state, strict * 10)
    cost, broken = objective(model, state)
    return Try(state.zone.copy(), zones, cost, broken, made)


def save_after(units: int) -> int:
    """Flips between two copies of a best plan: a copy must not cost more than the flips."""
    return units // 8 if units > 1000 else 0
