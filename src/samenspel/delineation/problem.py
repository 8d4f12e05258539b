"""The problem of drawing zones: what is given, what must hold, what is good.

One object serves every method: the validator, the search, the exact solver, the ensemble. Places
(municipalities) are numbers 0..n-1; a plan is an array of zone numbers, one per place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from samenspel.landscape.index import Csr, csr

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Words = NDArray[np.uint64]

MEASURES = ("population", "municipalities", "area")
AGREEMENT = "agreement:"
GOALS = ("cut", "connectivity", "flows", "border", "balance", "moved")


@dataclass(frozen=True)
class Hyperedges:
    """Sets of places with a weight each: partnerships, or the zones of a given zoning.

    ``members``: set to places, ascending and distinct. ``weights``: at least 0. ``open``: the set
    also has members outside the problem, so no plan can keep it whole.
    """

    names: tuple[str, ...]
    members: Csr
    weights: Floats
    open: Flags


@dataclass(frozen=True)
class Pairs:
    """Unordered pairs of different places, each at most once: ``a[i] < b[i]``, ``value`` >= 0."""

    a: Ints
    b: Ints
    value: Floats

    def both_ways(self, n: int) -> Csr:
        """Place to the places that it is paired with, with the value."""
        rows, columns = np.concatenate([self.a, self.b]), np.concatenate([self.b, self.a])
        return csr(rows, columns, np.concatenate([self.value, self.value]), n)


@dataclass(frozen=True)
class Bound:
    """How much of a measure a zone may hold, both ends included; None is free.

    A soft bound costs ``Rules.penalty`` for each zone and whole time that it falls short of ``low``
    or passes ``high`` (10 % too many costs a tenth of it).
    """

    low: int | None = None
    high: int | None = None
    hard: bool = True


@dataclass(frozen=True)
class Group:
    """Places that must lie in one zone, and ``name``: what asks it (a given zone, a wish)."""

    name: str
    members: frozenset[int]


@dataclass(frozen=True)
class Rules:
    """What a plan must satisfy.

    ``zones``: least and most number of zones. ``bounds``: by measure (population in inhabitants,
    municipalities, area in square metres). ``together``: sets in one zone each, given units kept
    whole among them. ``apart``: pairs in different zones. ``fixed``: place to the name of its zone;
    the same name is the same zone, another name another zone. ``within``: of each place the region
    that its zone must stay inside. ``centre``: every zone holds a centre (``Problem.centres``).
    ``oversize``: a place, or a group that must stay together, that alone passes an upper bound may
    do so; so many inhabitants may others of its zone have (0: it stays alone; None: no limit);
    other measures than inhabitants allow nothing beside it. ``penalty``: the cost of a soft bound.

    Always asked: every place in one zone, every zone connected over ``Problem.borders``, and no
    holes: what lies outside a zone stays connected, land outside the problem included.
    """

    zones: tuple[int, int]
    bounds: Mapping[str, Bound] = field(default_factory=dict)
    together: tuple[Group, ...] = ()
    apart: tuple[tuple[int, int], ...] = ()
    fixed: Mapping[int, str] = field(default_factory=dict)
    within: Ints | None = None
    centre: bool = False
    oversize: int | None = 0
    penalty: float = 1.0


@dataclass(frozen=True)
class Problem:
    """Places and all that is known of them.

    ``names``: NIS codes. ``titles``: what places are called, where that is known ("": it is not).
    ``population``: inhabitants. ``area``: square metres. ``points``: x, y in
    metres, one row per place. ``borders``: neighbours with the length of their border in metres;
    a declared link of an exclave is a pair with length 0. ``outside``: whether a place borders land
    outside the problem; None where unknown, and then holes cannot be judged. ``flows``: persons who
    travel between two places, both ways. ``zonings``: given zonings to agree with, zones as sets.
    ``present``: number of the present zone of each place (-1: none), named by ``present_names``.
    ``centres``: whether a place is a centre. ``weights``: of the goals of ``goals.py``, by name,
    those of ``agreement:ZONING`` included; a goal without a weight does not count (the user's
    choice). None means that it is not known.
    """

    names: tuple[str, ...]
    population: Ints | None
    borders: Pairs
    rules: Rules
    partnerships: Hyperedges
    weights: Mapping[str, float]
    area: Ints | None = None
    points: Floats | None = None
    outside: Flags | None = None
    flows: Pairs | None = None
    zonings: Mapping[str, Hyperedges] = field(default_factory=dict)
    present: Ints | None = None
    present_names: tuple[str, ...] = ()
    centres: Flags | None = None
    titles: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Number of places."""
        return len(self.names)

    @property
    def heft(self) -> Ints:
        """Inhabitants; 1 for each place where those are not known. It tells large from small where
        something must be matched or grown (choice), and is never told as a figure."""
        return np.ones(self.size, np.int64) if self.population is None else self.population

    def called(self, place: int) -> str:
        """Name and code of a place, for a sentence."""
        code = self.names[place]
        title = self.titles[place] if self.titles else ""
        return f"{title} ({code})" if title and title != code else code

    @cached_property
    def neighbours(self) -> Csr:
        """Place to neighbouring places, with border lengths."""
        return self.borders.both_ways(self.size)

    def measure(self, name: str) -> Ints:
        """What each place adds to its zone: inhabitants, 1, or square metres. Raises ValueError
        where it is not known."""
        if name == "population" and self.population is not None:
            return self.population
        if name == "municipalities":
            return np.ones(self.size, np.int64)
        if name == "area" and self.area is not None:
            return self.area
        raise ValueError(f"the measure {name} is not known")


def hyperedges(
    sets: Mapping[str, "list[int] | frozenset[int]"],
    weights: Mapping[str, float] | None = None,
    open_sets: frozenset[str] = frozenset(),
) -> Hyperedges:
    """Named sets of places as hyperedges, in the order given; weight 1 where none is given."""
    members = [sorted(set(places)) for places in sets.values()]
    rows = np.repeat(np.arange(len(sets), dtype=np.int64), [len(m) for m in members])
    columns = np.array([place for m in members for place in m], dtype=np.int64)
    given = weights or {}
    return Hyperedges(
        tuple(sets),
        csr(rows, columns, np.ones(len(columns)), len(sets)),
        np.array([given.get(name, 1.0) for name in sets], dtype=np.float64),
        np.array([name in open_sets for name in sets], dtype=np.bool_),
    )


def pairs(rows: Ints, columns: Ints, values: Floats, n: int) -> Pairs:
    """Values between places, summed over both directions; a place with itself is left out."""
    apart = rows != columns
    a, b = np.minimum(rows, columns)[apart], np.maximum(rows, columns)[apart]
    keys, where = np.unique(a * np.int64(n) + b, return_inverse=True)
    summed = np.bincount(where, values[apart], len(keys)).astype(np.float64)
    return Pairs(keys // n, keys % n, summed)


def normalised(labels: Ints) -> Ints:
    """The same plan with zones numbered in order of their first place."""
    _zones, first, where = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return np.asarray(rank[where], dtype=np.int64)
