"""A plan with its counts, ready for the kernels."""

import numpy as np

from samenspel.delineation.chance import words
from samenspel.delineation.heuristic.kernel import Model, State, fill
from samenspel.delineation.problem import Ints


def state_of(model: Model, zone: Ints, zones: int, seed: int) -> State:
    """The counts of the plan ``zone`` (one of 0..zones-1 per unit)."""
    n = len(zone)
    measures, sets = model.hard.size, model.cut_cost.size
    state = State(
        zone=zone.astype(np.int64).copy(),
        pins=np.zeros((sets, zones), np.int16 if n < 2**15 else np.int32),
        touched=np.zeros(sets, np.int64),
        total=np.zeros((measures, zones), np.int64),
        units=np.zeros(zones, np.int64),
        centre=np.zeros(zones, np.int64),
        touch=np.zeros((zones + 1, zones + 1), np.int64),
        foreign=np.zeros(n, np.int64),
        edge=np.zeros(n, np.int64),
        edge_at=np.zeros(n, np.int64),
        mark=np.zeros(n, np.int64),
        queue=np.zeros(n, np.int64),
        random=words(seed),
        tally=np.zeros(4, np.int64),
    )
    fill(model, state)
    return state
