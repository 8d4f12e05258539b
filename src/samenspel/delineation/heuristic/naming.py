"""Which present zone each zone carries on, and what moving costs under those names."""

from collections.abc import Callable

import numpy as np
from scipy.optimize import linear_sum_assignment

from samenspel.delineation.heuristic.kernel import Model, State
from samenspel.delineation.problem import Ints, Problem

Refresh = Callable[[Model, State], Model]


def unchanged(model: Model, state: State) -> Model:  # noqa: ARG001
    """For a problem in which names cost nothing."""
    return model


def renaming(problem: Problem, unit: Ints) -> Refresh:
    """What brings the cost of moved inhabitants up to date: each present zone goes to the one zone
    so that the most inhabitants keep theirs."""
    weight = problem.weights.get("moved", 0.0)
    if not weight or problem.present is None:
        return unchanged
    placed = problem.present >= 0
    shape = (int(unit.max()) + 1, int(problem.present.max(initial=0)) + 1)
    people = np.zeros(shape)
    inhabitants = problem.measure("population")
    np.add.at(people, (unit[placed], problem.present[placed]), inhabitants[placed])
    price = weight / max(float(people.sum()), 1.0)

    def renamed(model: Model, state: State) -> Model:
        zones = len(state.units)
        shared = np.zeros((zones, shape[1]))
        np.add.at(shared, state.zone, people)
        rows, columns = linear_sum_assignment(shared, maximize=True)
        stay = np.zeros((shape[0], zones))
        stay[:, rows] = people[:, columns]
        return model._replace(moved_cost=price * (people.sum(axis=1)[:, np.newaxis] - stay))

    return renamed
