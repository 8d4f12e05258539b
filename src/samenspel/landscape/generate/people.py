"""Who lives where, which places are centres, and which municipalities merged."""

from dataclasses import dataclass
from datetime import date as Date

import numpy as np
from numpy.typing import NDArray

from samenspel.landscape.generate.land import Floats, Ints, Land

# Class of equipment (Flanders 2025): municipalities of 285, median of inhabitants.
LEVELS = {
    "a0": (13, 86_911), "a1": (13, 36_923), "a2": (19, 31_275), "b0": (58, 21_696),
    "b1": (37, 11_509), "c0": (26, 26_715), "c1": (41, 16_421), "c2": (39, 11_710),
    "c3": (39, 7_062),
}  # fmt: skip
SPREAD = {"a0": 0.62}  # standard deviation of the logarithm within a class
OTHER_SPREAD = 0.33
CENTRES = 3  # the first classes are centres
MERGERS = {Date(2019, 1, 1): 7 / 285, Date(2025, 1, 1): 13 / 285}  # per municipality of 2025
THREE_PARTS = 3 / 20  # of the mergers


@dataclass(frozen=True)
class Mergers:
    """``became[i]``: the municipality of 2025, 0..size-1, of older municipality ``i``; those that
    merged come last. ``merged``: for each merger its day and older municipalities, largest first.
    ``recoded``: an older municipality that only changed its code, in 2019."""

    became: Ints
    merged: tuple[tuple[Date, tuple[int, ...]], ...]
    recoded: int


def merger_sizes(size: int) -> list[tuple[Date, int]]:
    """Day and number of parts of each merger in a country that ends with ``size``."""
    days = [day for day, share in MERGERS.items() for _ in range(max(1, round(share * size)))]
    threes = round(THREE_PARTS * len(days))
    return [(day, 3 if i >= len(days) - threes else 2) for i, day in enumerate(days)]


def levels(land: Land, random: np.random.Generator) -> tuple[Ints, Ints]:
    """Number of the equipment class, and inhabitants. Cities are spread over the country."""
    count = len(land.codes)
    shares = np.array([n for n, _ in LEVELS.values()]) / sum(n for n, _ in LEVELS.values())
    bounds = np.round(np.cumsum(shares) * (count - 1)).astype(int)
    level = np.full(count, len(LEVELS) - 1)
    order = spread_first(land.xy[:-1], int(bounds[1]), random)
    level[order] = np.searchsorted(bounds, np.arange(count - 1), side="right")
    medians = np.array([median for _, median in LEVELS.values()])
    sigma = np.array([SPREAD.get(name, OTHER_SPREAD) for name in LEVELS])
    people = medians[level] * random.lognormal(0, 1, count) ** sigma[level]
    people[-1] = random.integers(3_000, 6_000)
    return level, np.maximum(80, people.round()).astype(np.int64)


def spread_first(xy: Floats, first: int, random: np.random.Generator) -> Ints:
    """A random order of places in which the ``first`` do not lie next to each other if it can be
    helped: each is drawn from a strip of its own."""
    strips = np.array_split(np.lexsort((xy[:, 1], np.floor(xy[:, 0] / 40_000))), max(1, first))
    drawn = np.array([random.choice(strip) for strip in strips])[:first]
    random.shuffle(drawn)
    rest = np.setdiff1d(np.arange(len(xy)), drawn)
    random.shuffle(rest)
    return np.concatenate([drawn, rest]).astype(np.int64)


def merge(land: Land, people: Ints, size: int, random: np.random.Generator) -> Mergers:
    """Neighbours that merge; small ones rather than large ones. The exclave stays."""
    count = len(land.codes)
    near = neighbour_lists(land.a, land.b, count)
    free: NDArray[np.bool_] = np.ones(count, bool)
    free[-1] = False
    order = np.argsort(people * random.lognormal(0, 0.6, count))
    merged: list[tuple[Date, tuple[int, ...]]] = []
    wanted = merger_sizes(size)
    shuffled = [wanted[i] for i in random.permutation(len(wanted))]
    queue = iter(order.tolist())
    for day, wanted_parts in shuffled:
        for first in queue:
            group = around(first, wanted_parts, near, free) if free[first] else []
            if len(group) == wanted_parts:
                free[group] = False
                group.sort(key=lambda i: (-people[i], i))
                merged.append((day, tuple(group)))
                break
        else:
            raise ValueError("no neighbours left to merge")
    merged.sort()
    became = np.full(count, -1)
    single = [i for i in range(count) if free[i] or i == count - 1]
    became[single] = np.arange(len(single))
    for number, (_, together) in enumerate(merged):
        became[list(together)] = len(single) + number
    recoded = next(i for i in order.tolist() if free[i])
    return Mergers(became, tuple(merged), int(recoded))


def around(first: int, parts: int, near: list[list[int]], free: NDArray[np.bool_]) -> list[int]:
    """``first`` and free neighbours, ``parts`` in all where there are so many."""
    group = [first]
    for place in group:
        group += [i for i in near[place] if free[i] and i not in group]
        if len(group) >= parts:
            return group[:parts]
    return group


def neighbour_lists(a: Ints, b: Ints, count: int) -> list[list[int]]:
    lists: list[list[int]] = [[] for _ in range(count)]
    for one, other in sorted({*zip(a.tolist(), b.tolist(), strict=True)}):
        lists[one].append(other)
        lists[other].append(one)
    return [sorted(set(found)) for found in lists]
