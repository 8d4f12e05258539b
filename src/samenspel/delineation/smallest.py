"""The smallest land on which every kernel runs: what is solved once so that all is compiled."""

import numpy as np

from samenspel.delineation.problem import Bound, Problem, Rules, hyperedges, pairs


def land_of_two(zones: tuple[int, int]) -> Problem:
    """Two neighbours of one inhabitant each, in ``zones`` zones of one inhabitant."""
    first, second = np.array([0], dtype=np.int64), np.array([1], dtype=np.int64)
    return Problem(
        names=("a", "b"),
        population=np.array([1, 1], dtype=np.int64),
        borders=pairs(first, second, np.ones(1), 2),
        rules=Rules(zones, {"population": Bound(1, 1)}),
        partnerships=hyperedges({"p": [0, 1]}),
        weights={"cut": 1.0},
        outside=np.ones(2, np.bool_),
    )
