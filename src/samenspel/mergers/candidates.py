"""All candidate mergers of a zone: every connected set of its municipalities within the bounds."""

import numpy as np

from samenspel.delineation.exact.candidates import candidates_of
from samenspel.delineation.exact.clock import Clock
from samenspel.delineation.exact.units import limits_of, units_of
from samenspel.delineation.problem import Bound, Floats, Ints, Problem, Rules, hyperedges
from samenspel.errors import InputError
from samenspel.landscape.landscape import Landscape
from samenspel.language import _
from samenspel.mergers.zone import Bounds, Links, Sets, Zone, sets, zones_of

MOST = 200_000  # candidates at a time: more than a person or a page can hold (choice)


def candidates(
    landscape: Landscape, zoning: str, zone: str, bounds: Bounds | None = None, links: Links = ()
) -> Sets:
    """Every candidate merger in one zone, by code or name: each connected set of two municipalities
    or more within ``bounds``, once, in order of size and codes. ``links``: pairs that count as
    neighbours (an exclave).

    A set may lie around another municipality. Where the inhabitants of a part are unknown the set
    is left out only if the known ones pass the upper bound. Raises InputError for what is not
    there, bounds that contradict, and more than ``MOST`` candidates.
    """
    (one,) = zones_of(landscape, zoning, zone, links)
    return within(one, people_of(landscape), bounds or Bounds())


def people_of(landscape: Landscape) -> Floats:
    """Inhabitants of every municipality in order of code; NaN where unknown."""
    column = landscape.table("municipalities").sort("nis")["population"]
    return np.array(column.cast(float).fill_null(float("nan")).to_numpy(), np.float64)


def within(zone: Zone, people: Floats, bounds: Bounds) -> Sets:
    """The candidates of ``zone``; ``people``: inhabitants of every municipality, NaN: unknown."""
    check(bounds)
    n = len(zone.towns)
    low, high = bounds.municipalities
    if n < low:
        return sets([])
    here = people[zone.towns]
    asked = {"municipalities": Bound(low, min(high, n))}
    if bounds.population[1] is not None:
        asked["population"] = Bound(None, bounds.population[1])
    problem = Problem(
        names=tuple(str(town) for town in zone.towns),
        population=np.nan_to_num(here).astype(np.int64),
        borders=zone.borders,
        rules=Rules((1, n), bounds=asked),
        partnerships=hyperedges({}),
        weights={},
    )
    units = units_of(problem)
    clock = Clock()
    found = candidates_of(problem, units, limits_of(problem, units), MOST, clock)
    if clock.stopped:
        raise KeyboardInterrupt
    if not found.complete:
        raise InputError(
            _("Zone {zone} has more than {most} candidate mergers; ask for fewer with "
              "--municipalities or --population, or choose smaller zones.").format(
                zone=zone.name or zone.zone, most=MOST)
        )  # fmt: skip
    every = Sets(found.starts, zone.towns[found.members])
    return ordered(every.chosen(np.flatnonzero(fit(every, people, bounds))))


def check(bounds: Bounds) -> None:
    """Raises InputError for bounds that contradict."""
    low, high = bounds.municipalities
    if not 2 <= low <= high:
        raise InputError(
            _("--municipalities {low}..{high}: a merger joins two municipalities or more; write "
              "from low to high, from 2 on.").format(low=low, high=high)
        )  # fmt: skip
    least, most = bounds.population
    if least is not None and most is not None and least > most:
        raise InputError(
            _("--population {low}..{high} is not possible; write from low to high.").format(
                low=least, high=most
            )
        )


def fit(every: Sets, people: Floats, bounds: Bounds) -> Ints:
    """Which sets are not known to break the bounds on inhabitants."""
    matrix = every.matrix(len(people))
    known = matrix @ np.nan_to_num(people)
    whole = matrix @ np.isnan(people).astype(np.float64) == 0
    least, most = bounds.population
    kept = np.diff(every.starts) >= bounds.municipalities[0]
    if least is not None:
        kept &= ~whole | (known >= least)
    if most is not None:
        kept &= known <= most
    return np.asarray(kept)


def ordered(some: Sets) -> Sets:
    """The same sets, small ones first, then by the numbers of their municipalities."""
    rows = some.padded()
    order = np.lexsort((*rows.T[::-1], some.sizes))
    return some.chosen(order)
