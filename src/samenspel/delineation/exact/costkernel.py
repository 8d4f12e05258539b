"""Hot loops: what each candidate zone keeps of sets and of pairs."""

import numpy as np

from samenspel.delineation.compiled import making
from samenspel.delineation.problem import Floats, Ints


@making
def kept(
    starts: Ints, members: Ints, sets: tuple[Ints, Ints], pins: Ints, wanted: Ints, weights: Floats
) -> Floats:
    """Two rows: of each zone the weight of the sets that it holds whole, and of those it touches.

    ``sets``: of each unit its sets, with ``pins`` members; ``wanted``: the pins of a whole set.
    """
    found = np.zeros((2, len(starts) - 1))
    held = np.zeros(len(wanted), np.int64)
    for zone in range(len(starts) - 1):
        for at in range(starts[zone], starts[zone + 1]):
            unit = members[at]
            for link in range(sets[0][unit], sets[0][unit + 1]):
                one = sets[1][link]
                if held[one] == 0:
                    found[1, zone] += weights[one]
                held[one] += pins[link]
                if held[one] == wanted[one]:
                    found[0, zone] += weights[one]
        for at in range(starts[zone], starts[zone + 1]):
            unit = members[at]
            for link in range(sets[0][unit], sets[0][unit + 1]):
                held[sets[1][link]] = 0
    return found


@making
def within(
    starts: Ints, members: Ints, links: tuple[Ints, Ints], values: Floats, own: Floats
) -> Floats:
    """Of each zone the values of the pairs inside it; ``own``: those inside each unit."""
    found = np.zeros(len(starts) - 1)
    inside = np.zeros(len(own), np.bool_)
    for zone in range(len(starts) - 1):
        for at in range(starts[zone], starts[zone + 1]):
            inside[members[at]] = True
        for at in range(starts[zone], starts[zone + 1]):
            unit = members[at]
            found[zone] += own[unit]
            for link in range(links[0][unit], links[0][unit + 1]):
                if links[1][link] < unit and inside[links[1][link]]:
                    found[zone] += values[link]
        for at in range(starts[zone], starts[zone + 1]):
            inside[members[at]] = False
    return found
