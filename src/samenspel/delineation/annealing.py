"""One start of the search: a first plan, annealed in short stretches until its share is used."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

import numpy as np

from samenspel.delineation.flips import TINY, anneal, descend, typical
from samenspel.delineation.kernel import Model, State, fill, objective
from samenspel.delineation.problem import Ints
from samenspel.delineation.state import state_of

# Temperatures as parts of a typical change of the objective, the guide towards sets in few zones,
# and the cost of a whole unit too much or too little (status: choice; tuned on invented land).
HOT, COLD = 1.0, 0.08
GUIDE = 0.4
STRICT = 4.0
LAST, LAST_STRICT = 0.9, 5.0  # rules weigh more in the last part
STRETCHES = 60
SAMPLES = 2000


@dataclass(frozen=True)
class Share:
    """How long a start may search: proposals, or seconds (then ``steps`` is None)."""

    steps: int | None
    seconds: float | None


@dataclass(frozen=True)
class Try:
    """What a start found: the best plan without a broken rule and its objective, else None; the
    last plan with the part of rules that it breaks; proposals made."""

    plan: Ints | None
    objective: float
    last: Ints
    broken: float
    steps: int


def run(
    model: Model,
    first: Ints,
    zones: int,
    seed: int,
    share: Share,
    warm: float,
    stop: Event,
    refresh: Callable[[Model, State], Model],
) -> Try:
    """Anneal ``first`` (zone of each unit) from ``warm`` times the usual temperature. ``refresh``
    gives the model to go on with after each stretch (names of zones can change)."""
    state = state_of(model, first, zones, seed)
    best = state.zone.copy()
    track = np.array([*objective(model, state), np.inf, 0.0, 0.0])
    scale = typical(model, state, SAMPLES, GUIDE) or 1.0
    strict = STRICT * scale * len(first) / zones
    began = time.perf_counter()
    done, made, stretch = 0.0, 0, 2000
    while done < 1.0 and not stop.is_set():
        if share.steps is not None:
            stretch = max(1, min(share.steps // STRETCHES, share.steps - made))
            until = (made + stretch) / share.steps if share.steps else 1.0
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
            spent = time.perf_counter() - began
            seconds = share.seconds or 0.0
            done = 1.0 if spent >= seconds else spent / seconds
            rate = made / max(spent, 1e-6)
            stretch = max(200, int(rate * max(seconds, 1e-3) / STRETCHES))
        model = refresh(model, state)
        track[:2] = objective(model, state)
    if np.isfinite(track[2]):
        state.zone[:] = best
        fill(model, state)
        model = refresh(model, state)
    descend(model, state, strict * 10)
    cost, broken = objective(model, state)
    valid = broken < TINY
    return Try(state.zone.copy() if valid else None, cost, state.zone.copy(), broken, made)


def save_after(units: int) -> int:
    """Flips between two copies of a best plan: a copy must not cost more than the flips."""
    return units // 8 if units > 1000 else 0
