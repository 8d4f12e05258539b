"""From a landscape and wishes to a problem. Facts that a wish needs and that are not known are
told, never guessed."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from samenspel.delineation.facts import (
    SQUARE_METRES,
    borders_of,
    flows_of,
    known_area,
    known_centres,
    known_points,
    known_population,
    listed,
    partnerships_of,
    titled,
)
from samenspel.delineation.problem import (
    AGREEMENT,
    GOALS,
    Bound,
    Floats,
    Group,
    Hyperedges,
    Ints,
    Pairs,
    Problem,
    Rules,
    hyperedges,
    pairs,
)
from samenspel.delineation.wishes import Wishes
from samenspel.errors import InputError
from samenspel.landscape.landscape import Landscape
from samenspel.language import _
from samenspel.screening.select import find_municipality, zoning_chosen


@dataclass(frozen=True)
class Built:
    """``problem``, and ``links``: pairs of NIS codes that count as neighbours by default, since
    otherwise the first would be cut off from the rest (the nearest by their points; a choice).
    ``unpeopled``: NIS codes of municipalities of which the inhabitants are not known."""

    problem: Problem
    links: tuple[tuple[str, str], ...]
    unpeopled: tuple[str, ...]


def problem_of(landscape: Landscape, wishes: Wishes, *, inhabitants: bool = False) -> Built:
    """The problem of drawing zones in ``landscape``. Raises InputError where a wish names what is
    not there, contradicts itself or needs facts that the landscape does not know. ``inhabitants``:
    they are needed whatever is wished, to hold plans side by side."""
    towns = landscape.table("municipalities").sort("nis")
    names = tuple(towns["nis"])
    where = {nis: i for i, nis in enumerate(names)}
    if not names:
        raise InputError(_("This landscape has no municipalities, so there is nothing to divide."))
    population, unpeopled = known_population(towns, wishes, needed=inhabitants)
    area, points, centres = known_area(towns), known_points(towns), known_centres(towns, wishes)
    borders, outside = borders_of(landscape, where)
    wished = [(place(landscape, a, where), place(landscape, b, where)) for a, b in wishes.links]
    rules = rules_of(landscape, wishes, where, area)
    borders, linked = with_links(borders, wished, points, len(names), rules.within)
    present, present_names = present_of(landscape, wishes.present, where)
    agree = [g.removeprefix(AGREEMENT) for g in wishes.weights if g.startswith(AGREEMENT)]
    zonings = {z: sets_of(landscape, z, where) for z in dict.fromkeys([*agree, *wishes.agree])}
    problem = Problem(
        names=names,
        population=population,
        borders=borders,
        rules=rules,
        partnerships=partnerships_of(landscape),
        weights=dict(wishes.weights),
        area=area,
        points=points,
        outside=outside,
        flows=flows_of(landscape, wishes.flow, where),
        zonings=zonings,
        present=present,
        present_names=present_names,
        centres=centres,
        titles=tuple(name or "" for name in towns["name"]),
    )
    check_weights(problem)
    return Built(problem, tuple((names[a], names[b]) for a, b in linked), unpeopled)


def rules_of(
    landscape: Landscape, wishes: Wishes, where: Mapping[str, int], area: Ints | None
) -> Rules:
    """The rules of ``wishes`` on places."""
    least, most = wishes.zones
    if not 1 <= least <= most:
        raise InputError(
            _("The number of zones {least}..{most} is not possible; it runs from low to high and "
              "from 1 on.").format(least=least, most=most)
        )  # fmt: skip
    if "area" in wishes.bounds and area is None:
        raise InputError(
            _("A bound on area needs area_km2 of every municipality (table municipalities).")
        )
    called = titled(landscape.table("municipalities").sort("nis"))
    groups = [[place(landscape, m, where) for m in group] for group in wishes.together]
    together = [Group(", ".join(called[i] for i in group), frozenset(group)) for group in groups]
    for zoning in wishes.whole:
        together += groups_of(landscape, zoning, where)
    return Rules(
        zones=(least, most),
        bounds={m: checked_bound(m, bound) for m, bound in wishes.bounds.items()},
        together=tuple(together),
        apart=tuple(apart_of(landscape, a, b, where) for a, b in wishes.apart),
        fixed={place(landscape, m, where): zone for m, zone in wishes.fixed.items()},
        within=None if wishes.within is None else regions_of(landscape, wishes.within, where)[0],
        centre=wishes.centre,
        oversize=wishes.oversize,
        penalty=checked_penalty(wishes.penalty),
    )


def checked_bound(measure: str, bound: Bound) -> Bound:
    """A bound as the problem has it: on area in square metres. Raises InputError where its low end
    is above its high end."""
    if bound.low is not None and bound.high is not None and bound.low > bound.high:
        raise InputError(
            _("The bound {low}..{high} on {measure} is not possible; it runs from low to high.")
            .format(low=bound.low, high=bound.high, measure=measure)
        )  # fmt: skip
    if measure != "area":
        return bound
    low = None if bound.low is None else bound.low * SQUARE_METRES
    high = None if bound.high is None else bound.high * SQUARE_METRES
    return Bound(low, high, bound.hard)


def apart_of(landscape: Landscape, a: str, b: str, where: Mapping[str, int]) -> tuple[int, int]:
    """Two places that must lie apart. Raises InputError where they are one."""
    ends = place(landscape, a, where), place(landscape, b, where)
    if ends[0] == ends[1]:
        raise InputError(
            _("{a} and {b} are one municipality, which cannot lie apart from itself; name two.")
            .format(a=a, b=b)
        )  # fmt: skip
    return ends


def checked_penalty(penalty: float) -> float:
    """What a soft bound costs. Raises InputError where that is no number from 0 on."""
    if not (penalty >= 0 and np.isfinite(penalty)):
        raise InputError(
            _("--penalty {penalty}: what a soft bound costs is a number from 0 on.").format(
                penalty=f"{penalty:g}"
            )
        )
    return penalty


def place(landscape: Landscape, text: str, where: Mapping[str, int]) -> int:
    """The number of a municipality given by code or name."""
    return where[find_municipality(landscape, text)]


def with_links(
    borders: Pairs,
    wished: list[tuple[int, int]],
    points: Floats | None,
    n: int,
    region: Ints | None,
) -> tuple[Pairs, list[tuple[int, int]]]:
    """Borders with the links ``wished`` and, where places are still cut off from the most, a link
    from each such part to the nearest other place, of its own region where zones may not leave that
    and there is one; those links apart. Without points a part stays cut off."""
    links = list(wished)
    chosen: list[tuple[int, int]] = []
    while True:
        a, b = (np.array([*own, *(link[side] for link in links)], dtype=np.int64)
                for side, own in enumerate((borders.a, borders.b)))  # fmt: skip
        lengths = np.concatenate([borders.value, np.zeros(len(links))])
        joined = pairs(a, b, lengths, n)
        graph = coo_array((np.ones(len(joined.a)), (joined.a, joined.b)), shape=(n, n))
        count, part = connected_components(graph, directed=False)
        if count <= 1 or points is None:
            return joined, chosen
        smallest = int(np.argmin(np.bincount(part)))
        inside, others = np.flatnonzero(part == smallest), np.flatnonzero(part != smallest)
        if region is not None and (near := region[others] == region[inside[0]]).any():
            others = others[near]
        distance, nearest = KDTree(points[others]).query(points[inside])
        best = int(np.argmin(distance))
        link = (int(inside[best]), int(others[nearest[best]]))
        links.append(link)
        chosen.append(link)


def zones_in(landscape: Landscape, zoning: str, where: Mapping[str, int]) -> dict[str, list[int]]:
    """Zone code to its places. Raises InputError for a zoning that is not there or has no land."""
    zoning_chosen(landscape, zoning)
    rows = landscape.table("zone_members").filter(zoning=zoning).sort("zone", "nis")
    zones: dict[str, list[int]] = {}
    for zone, nis in rows.select("zone", "nis").iter_rows():
        if nis in where:
            zones.setdefault(zone, []).append(where[nis])
    if not zones:
        raise InputError(
            _("Table zone_members lists no municipality of the zoning {zoning}.").format(
                zoning=zoning
            )
        )
    return zones


def sets_of(landscape: Landscape, zoning: str, where: Mapping[str, int]) -> Hyperedges:
    """The zones of ``zoning`` as sets to agree with."""
    return hyperedges(zones_in(landscape, zoning, where))


def groups_of(landscape: Landscape, zoning: str, where: Mapping[str, int]) -> list[Group]:
    """The zones of ``zoning`` as groups that stay whole."""
    zones = zones_in(landscape, zoning, where)
    refuse_overlap(landscape, zoning, zones)
    return [
        Group(f"{zoning} {zone}", frozenset(places))
        for zone, places in zones.items()
        if len(places) > 1
    ]


def refuse_overlap(landscape: Landscape, zoning: str, zones: Mapping[str, list[int]]) -> None:
    """Raises InputError where a municipality lies in more than one zone."""
    seen: dict[int, str] = {}
    for zone, places in zones.items():
        for i in places:
            if i in seen:
                towns = titled(landscape.table("municipalities").sort("nis"))
                raise InputError(
                    _("{nis} lies in the zones {first} and {second} of {zoning}; zones that "
                      "overlap cannot be kept whole or drawn within.").format(
                        nis=towns[i], first=seen[i], second=zone, zoning=zoning
                    )
                )  # fmt: skip
            seen[i] = zone


def regions_of(
    landscape: Landscape, zoning: str, where: Mapping[str, int]
) -> tuple[Ints, tuple[str, ...]]:
    """Of every place the number of its zone in ``zoning``, and the codes of the zones. Raises
    InputError unless every municipality lies in exactly one."""
    zones = zones_in(landscape, zoning, where)
    refuse_overlap(landscape, zoning, zones)
    found = np.full(len(where), -1, np.int64)
    for number, places in enumerate(zones.values()):
        found[places] = number
    absent = np.flatnonzero(found < 0)
    if len(absent):
        towns = titled(landscape.table("municipalities").sort("nis"))
        raise InputError(
            _("Zoning {zoning}: {names} in no zone; drawing within its zones needs every "
              "municipality in one.").format(
                zoning=zoning, names=listed([towns[i] for i in absent])
            )
        )  # fmt: skip
    return found, tuple(zones)


def present_of(
    landscape: Landscape, zoning: str | None, where: Mapping[str, int]
) -> tuple[Ints | None, tuple[str, ...]]:
    """Of every place the number of its present zone (-1: none), and the codes of the zones."""
    if zoning is None:
        return None, ()
    zones = zones_in(landscape, zoning, where)
    refuse_overlap(landscape, zoning, zones)
    found = np.full(len(where), -1, np.int64)
    for number, places in enumerate(zones.values()):
        found[places] = number
    return found, tuple(zones)


def check_weights(problem: Problem) -> None:
    """Raises InputError for a goal that does not exist or whose facts are not known."""
    for goal, weight in problem.weights.items():
        plain = AGREEMENT + goal.removeprefix(AGREEMENT) == goal or goal in GOALS
        if not plain:
            raise InputError(
                _("There is no goal “{goal}”; the goals are {known} and agreement:ZONING.").format(
                    goal=goal, known=", ".join(GOALS)
                )
            )
        if not (weight >= 0 and np.isfinite(weight)):
            raise InputError(
                _("The weight {weight} of the goal {goal} is not possible; it is a number from 0 "
                  "on.").format(weight=weight, goal=goal)
            )  # fmt: skip
    together = problem.weights.get("cut") or problem.weights.get("connectivity")
    if together and not problem.partnerships.names:
        raise InputError(
            _("The goals cut and connectivity need active intermunicipal partnerships with "
              "members, and this landscape has none; choose other goals with --goals.")
        )  # fmt: skip
    if problem.weights.get("flows") and problem.flows is None:
        raise InputError(_("The goal flows needs the table flows, and this landscape has none."))
    if problem.weights.get("moved") and problem.present is None:
        raise InputError(_("The goal moved needs a present zoning; name it with --present."))
