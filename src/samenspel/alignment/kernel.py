"""How sets of municipalities lie in zones, on arrays.

``sets`` and ``zones`` are sparse 0/1 matrices with a column per municipality (see
``screening.kernel.incidence``). Costs O(links times zones of a municipality).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samenspel.screening.kernel import Ints, incidence, pairs

Flags = NDArray[np.bool_]
FITS = ("inside", "union", "crossing", "none")
INSIDE, UNION, CROSSING, NONE = range(4)


@dataclass(frozen=True)
class Placed:
    """Of every set: ``fit`` (index in FITS), ``size``, ``outside`` (members in no zone) and
    ``several`` (members in more than one zone). Of every pair of a set and a zone that it touches,
    in order of both: ``row``, ``zone``, ``members`` (how many of the set lie in the zone),
    ``holds`` (all of the set does) and ``whole`` (all of the zone is in the set)."""

    fit: Ints
    size: Ints
    outside: Ints
    several: Ints
    row: Ints
    zone: Ints
    members: Ints
    holds: Flags
    whole: Flags


def place(sets: Any, zones: Any, sizes: Ints) -> Placed:
    """Fit of every set. ``sizes``: municipalities of each zone, those outside the columns included,
    so that a zone with land elsewhere is never whole.

    Inside: some zone holds all. Union: some two zones or more, each whole in the set, make up the
    set. Crossing: it touches a zone and is neither. None: it touches no zone.
    """
    count = sets.shape[0]
    shared = (sets @ zones.T).tocsr()
    shared.sort_indices()
    row, zone = pairs(shared)
    members = shared.data.astype(np.int64)
    size = totals(sets)
    holds = members == size[row]
    whole = members == sizes[zone]
    times = np.asarray(zones.sum(axis=0)).ravel()
    whole_zones = incidence(row[whole], zone[whole], shared.shape)
    made_up = np.diff((whole_zones @ zones).tocsr().indptr)
    inside = np.bincount(row[holds], minlength=count) > 0
    touches = np.diff(shared.indptr) > 0
    fit = np.select(
        [inside, touches & (made_up == size), touches], [INSIDE, UNION, CROSSING], NONE
    ).astype(np.int64)
    return Placed(
        fit=fit,
        size=size,
        outside=size - reached(sets, times > 0),
        several=reached(sets, times > 1),
        row=row,
        zone=zone,
        members=members,
        holds=holds,
        whole=whole,
    )


def totals(matrix: Any) -> Ints:
    """Number of links in each row."""
    return np.asarray(matrix.sum(axis=1)).ravel().astype(np.int64)


def reached(sets: Any, towns: Flags) -> Ints:
    """How many of the municipalities ``towns`` are in each set."""
    return np.asarray(sets @ towns.astype(np.float64)).ravel().astype(np.int64)
