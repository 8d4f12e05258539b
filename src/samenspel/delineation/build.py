"""From a landscape and wishes to a problem. Facts that a wish needs and that are not known are
told, never guessed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from samenspel.delineation.problem import (
    AGREEMENT,
    GOALS,
    Bound,
    Flags,
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
from samenspel.screening.circles import circles
from samenspel.screening.select import find_municipality, zoning_chosen

SQUARE_METRES = 1_000_000


@dataclass(frozen=True)
class Built:
    """``problem``, and ``links``: pairs of NIS codes that count as neighbours by default, since
    otherwise the first would be cut off from the rest (the nearest by their points; a choice)."""

    problem: Problem
    links: tuple[tuple[str, str], ...]


def problem_of(landscape: Landscape, wishes: Wishes) -> Built:
    """The problem of drawing zones in ``landscape``. Raises InputError where a wish names what is
    not there, contradicts itself or needs facts that the landscape does not know."""
    towns = landscape.table("municipalities").sort("nis")
    names = tuple(towns["nis"])
    where = {nis: i for i, nis in enumerate(names)}
    if not names:
        raise InputError(_("This landscape has no municipalities, so there is nothing to divide."))
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
        population=known_population(towns),
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
    )
    check_weights(problem)
    return Built(problem, tuple((names[a], names[b]) for a, b in linked))


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
    together = [
        Group(", ".join(group), frozenset(place(landscape, m, where) for m in group))
        for group in wishes.together
    ]
    for zoning in wishes.whole:
        together += groups_of(landscape, zoning, where)
    return Rules(
        zones=(least, most),
        bounds={m: scaled(b) if m == "area" else b for m, b in wishes.bounds.items()},
        together=tuple(together),
        apart=tuple(
            (place(landscape, a, where), place(landscape, b, where)) for a, b in wishes.apart
        ),
        fixed={place(landscape, m, where): zone for m, zone in wishes.fixed.items()},
        within=None if wishes.within is None else regions_of(landscape, wishes.within, where)[0],
        centre=wishes.centre,
        oversize=wishes.oversize,
        penalty=wishes.penalty,
    )


def scaled(bound: Bound) -> Bound:
    """A bound in square kilometres as one in square metres."""
    low = None if bound.low is None else bound.low * SQUARE_METRES
    high = None if bound.high is None else bound.high * SQUARE_METRES
    return Bound(low, high, bound.hard)


def place(landscape: Landscape, text: str, where: Mapping[str, int]) -> int:
    """The number of a municipality given by code or name."""
    return where[find_municipality(landscape, text)]


def known_population(towns: pl.DataFrame) -> Ints:
    """Inhabitants of every municipality. Raises InputError where one is not known."""
    absent = towns.filter(pl.col("population").is_null())
    if absent.height:
        raise InputError(
            _("Table municipalities, column population: unknown for {names}; drawing zones needs "
              "the inhabitants of every municipality.").format(names=listed(absent["nis"]))
        )  # fmt: skip
    return towns["population"].to_numpy().astype(np.int64)


def listed(codes: Iterable[str]) -> str:
    """The first few codes, and how many more."""
    found = list(codes)
    more = _(" and {count} more").format(count=len(found) - 5) if len(found) > 5 else ""
    return ", ".join(found[:5]) + more


def known_area(towns: pl.DataFrame) -> Ints | None:
    """Square metres, or None where those of a municipality are not known."""
    if towns["area_km2"].has_nulls():
        return None
    metres: Ints = np.rint(towns["area_km2"].to_numpy() * SQUARE_METRES).astype(np.int64)
    return metres


def known_points(towns: pl.DataFrame) -> Floats | None:
    """x, y in metres, or None where those of a municipality are not known."""
    if towns["x"].has_nulls() or towns["y"].has_nulls():
        return None
    return np.column_stack([towns["x"].to_numpy(), towns["y"].to_numpy()]).astype(np.float64)


def known_centres(towns: pl.DataFrame, wishes: Wishes) -> Flags | None:
    """Which municipalities are a centre. Raises InputError where the wishes need it and it is not
    known of one."""
    absent = towns.filter(pl.col("centre").is_null())
    if absent.is_empty():
        return towns["centre"].to_numpy().astype(np.bool_)
    if wishes.centre:
        raise InputError(
            _("Table municipalities, column centre: unknown for {names}; a centre in each zone can "
              "only be asked where it is known of every municipality.").format(
                names=listed(absent["nis"])
            )
        )  # fmt: skip
    return None


def borders_of(landscape: Landscape, where: Mapping[str, int]) -> tuple[Pairs, Flags | None]:
    """Borders between municipalities, and which of them border land outside; None where no border
    with the outside is listed. A border of unknown length counts as neighbours without length."""
    rows = landscape.table("adjacency")
    if rows.is_empty() and len(where) > 1:
        raise InputError(
            _("Table adjacency is absent or empty; drawing zones needs to know which "
              "municipalities are neighbours.")
        )  # fmt: skip
    lengths = rows["border_m"].fill_null(0.0)
    inner = [
        (where[a], where[b], length)
        for a, b, length in zip(rows["nis_a"], rows["nis_b"], lengths, strict=True)
        if a in where and b in where
    ]
    a, b, length = (np.array(column) for column in zip(*inner, strict=True)) if inner else (
        np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    )  # fmt: skip
    edge = rows.filter(pl.col("nis_b").is_null() | ~pl.col("nis_b").is_in(list(where)))
    outside = np.zeros(len(where), np.bool_)
    outside[[where[nis] for nis in edge["nis_a"] if nis in where]] = True
    return (
        pairs(a.astype(np.int64), b.astype(np.int64), length.astype(np.float64), len(where)),
        outside if outside.any() else None,
    )


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


def partnerships_of(landscape: Landscape) -> Hyperedges:
    """The active intermunicipal partnerships by the municipalities that are members themselves;
    each weighs 1 (choice)."""
    found = circles(landscape)
    active = found.active.tocsr()
    ids = found.bodies["partnership"].to_list()
    rows = [p for p in range(len(ids)) if active.indptr[p + 1] > active.indptr[p]]
    return hyperedges(
        {ids[p]: active.indices[active.indptr[p] : active.indptr[p + 1]].tolist() for p in rows}
    )


def flows_of(landscape: Landscape, kind: str, where: Mapping[str, int]) -> Pairs | None:
    """Flows of ``kind`` of the latest year between different municipalities, both ways summed."""
    rows = landscape.table("flows").filter(pl.col("kind") == kind, pl.col("count").is_not_null())
    years = rows["year"].drop_nulls()
    if len(years):
        rows = rows.filter(year=years.max())
    rows = rows.filter(pl.col("from").is_in(list(where)) & pl.col("to").is_in(list(where)))
    if rows.is_empty():
        return None
    a = np.array([where[nis] for nis in rows["from"]], dtype=np.int64)
    b = np.array([where[nis] for nis in rows["to"]], dtype=np.int64)
    return pairs(a, b, rows["count"].to_numpy().astype(np.float64), len(where))


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
    refuse_overlap(zoning, zones, where)
    return [
        Group(f"{zoning} {zone}", frozenset(places))
        for zone, places in zones.items()
        if len(places) > 1
    ]


def refuse_overlap(zoning: str, zones: Mapping[str, list[int]], where: Mapping[str, int]) -> None:
    """Raises InputError where a municipality lies in more than one zone."""
    seen: dict[int, str] = {}
    codes = tuple(where)
    for zone, places in zones.items():
        for i in places:
            if i in seen:
                raise InputError(
                    _("{nis} lies in the zones {first} and {second} of {zoning}; zones that "
                      "overlap cannot be kept whole or drawn within.").format(
                        nis=codes[i], first=seen[i], second=zone, zoning=zoning
                    )
                )  # fmt: skip
            seen[i] = zone


def regions_of(
    landscape: Landscape, zoning: str, where: Mapping[str, int]
) -> tuple[Ints, tuple[str, ...]]:
    """Of every place the number of its zone in ``zoning``, and the codes of the zones. Raises
    InputError unless every municipality lies in exactly one."""
    zones = zones_in(landscape, zoning, where)
    refuse_overlap(zoning, zones, where)
    found = np.full(len(where), -1, np.int64)
    for number, places in enumerate(zones.values()):
        found[places] = number
    absent = [nis for nis, i in where.items() if found[i] < 0]
    if absent:
        raise InputError(
            _("Zoning {zoning}: {names} in no zone; drawing within its zones needs every "
              "municipality in one.").format(zoning=zoning, names=listed(absent))
        )  # fmt: skip
    return found, tuple(zones)


def present_of(
    landscape: Landscape, zoning: str | None, where: Mapping[str, int]
) -> tuple[Ints | None, tuple[str, ...]]:
    """Of every place the number of its present zone (-1: none), and the codes of the zones."""
    if zoning is None:
        return None, ()
    zones = zones_in(landscape, zoning, where)
    refuse_overlap(zoning, zones, where)
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
