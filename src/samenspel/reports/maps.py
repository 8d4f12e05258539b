"""The land as SVG: one outline of every municipality, drawn once and used by every map.

Coordinates are whole numbers, relative where possible, so that all of Flanders takes some 100 kB.
Costs O(n log n) in municipalities and their points.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from samenspel.landscape.landscape import Landscape

WIDTH = 2000  # units of the drawing; a unit is some 120 m of Flanders
TINTS = 6
LETTER = 0.58  # width of a letter in its height


@dataclass(frozen=True)
class Outline:
    """The land in units of the drawing, y downwards. ``paths``: NIS code to SVG path data;
    ``shapes``: the same as areas."""

    width: int
    height: int
    paths: dict[str, str]
    shapes: dict[str, object]


@dataclass(frozen=True)
class ZoneDrawn:
    """A zone on the map: its border as SVG path data, where its label is to be centred, a number
    from 1 in the order given, and a tint that no neighbour has where the tints suffice."""

    zone: str
    number: int
    path: str
    x: int
    y: int
    tint: int


def outline(landscape: Landscape) -> Outline | None:
    """The land of ``landscape``, simplified to what a page shows; None where no area is known."""
    import shapely

    rows = landscape.table("geometries").drop_nulls("geometry")
    if not rows.height:
        return None
    codes, shapes = drawable(rows)
    if not len(shapes):
        return None
    west, south, east, north = shapely.total_bounds(shapes)
    unit = max(east - west, north - south) / WIDTH
    if not unit > 0:
        return None
    drawn = shapely.transform(
        simplified(shapes, unit), lambda xy: np.column_stack([xy[:, 0] - west, north - xy[:, 1]])
        / unit
    )  # fmt: skip
    named = dict(zip(codes, drawn, strict=True))
    return Outline(
        int(np.ceil((east - west) / unit)),
        int(np.ceil((north - south) / unit)),
        {nis: path(shape) for nis, shape in named.items()},
        named,
    )


def drawable(rows: pl.DataFrame) -> tuple[list[str], NDArray[np.object_]]:
    """The codes and areas of ``rows`` (nis, geometry) that can be drawn: finite, with land, made
    valid where they were not."""
    import shapely

    shapes = shapely.from_wkb(rows["geometry"].to_list(), on_invalid="fix")
    with np.errstate(invalid="ignore"):
        there = ~shapely.is_empty(shapes) & np.isfinite(shapely.bounds(shapes)).all(axis=1)
    found = {
        nis: land(shape) for nis, shape in zip(rows["nis"].filter(pl.Series(there)), shapes[there],
                                               strict=True)
    }  # fmt: skip
    found = {nis: shape for nis, shape in found.items() if not shapely.is_empty(shape)}
    return list(found), np.array(list(found.values()), dtype=object)


def land(shape: Any) -> Any:
    """``shape`` where it is valid, else the areas of what it can be mended to."""
    import shapely

    if shapely.is_valid(shape) and shapely.area(shape) > 0:
        return shape
    mended = shapely.get_parts(shapely.make_valid(shape))
    return shapely.union_all(mended[shapely.area(mended) > 0])


def simplified(shapes: NDArray[np.object_], tolerance: float) -> NDArray[np.object_]:
    """``shapes`` with fewer points; neighbours keep their common border where they have one."""
    import shapely

    if shapely.coverage_is_valid(shapes):
        return np.asarray(shapely.coverage_simplify(shapes, tolerance))
    return np.asarray(shapely.simplify(shapes, tolerance))


def path(shape: object) -> str:
    """SVG path data of an area, in whole units; rings that shrink to nothing are left out."""
    import shapely

    parts = shapely.get_parts(shapely.get_rings(shapely.get_parts(shape)))
    return "".join(ring(np.rint(shapely.get_coordinates(part)).astype(np.int64)) for part in parts)


def ring(points: NDArray[np.int64]) -> str:
    """One closed line: the first point, then steps."""
    steps = np.diff(points[:-1], axis=0)
    steps = steps[steps.any(axis=1)]
    if len(steps) < 2:
        return ""
    x, y = points[0].tolist()
    moves = " ".join(f"{dx} {dy}" for dx, dy in steps.tolist())
    return f"M{x} {y}l{moves}z".replace(" -", "-")


def zones_drawn(
    outline: Outline,
    members: pl.DataFrame,
    adjacency: pl.DataFrame,
    order: Sequence[str],
) -> list[ZoneDrawn]:
    """The zones ``order`` on ``outline``; one without known land is left out. ``members``: frame
    ``zone``, ``nis``; ``adjacency``: frame ``nis_a``, ``nis_b``."""
    import shapely

    tint = tints(order, zone_pairs(members, adjacency))
    land = {
        str(zone): [outline.shapes[nis] for nis in inside if nis in outline.shapes]
        for zone, inside in members.group_by("zone").agg("nis").iter_rows()
    }
    drawn = []
    for number, zone in enumerate(order, start=1):
        if land.get(zone):
            shape = shapely.union_all(land[zone])
            largest = max(shapely.get_parts(shape), key=shapely.area)
            x, y = shapely.maximum_inscribed_circle(largest, tolerance=WIDTH / 200).coords[0]
            drawn.append(ZoneDrawn(zone, number, path(shape), round(x), round(y), tint[zone]))
    return drawn


def without_overlap(
    zones: Sequence[ZoneDrawn], names: Mapping[str, str], size: int
) -> list[ZoneDrawn]:
    """``zones`` with labels, letters of height ``size``, moved up or down where two overlap."""
    half = {zone.zone: LETTER / 2 * size * len(names[zone.zone]) for zone in zones}
    placed: list[ZoneDrawn] = []
    for zone in zones:
        near = [z for z in placed if abs(z.x - zone.x) < half[z.zone] + half[zone.zone]]
        heights = (zone.y + sign * step * size // 2 for step in range(7) for sign in (1, -1))
        free = (y for y in heights if all(abs(y - other.y) >= size for other in near))
        placed.append(replace(zone, y=next(free, zone.y)))
    return placed


def zone_pairs(members: pl.DataFrame, adjacency: pl.DataFrame) -> set[tuple[str, str]]:
    """Pairs of zones that share a border or a municipality, in both directions."""
    inside = members.select("nis", "zone")
    borders = adjacency.drop_nulls("nis_b").select("nis_a", "nis_b")
    across = borders.join(inside, left_on="nis_a", right_on="nis").join(
        inside.rename({"zone": "other"}), left_on="nis_b", right_on="nis"
    )
    shared = inside.join(inside.rename({"zone": "other"}), on="nis")
    near = pl.concat([across.select("zone", "other"), shared.select("zone", "other")])
    apart = near.filter(pl.col("zone") != pl.col("other")).unique()
    return {pair for a, b in apart.iter_rows() for pair in ((a, b), (b, a))}


def tints(order: Iterable[str], pairs: set[tuple[str, str]]) -> dict[str, int]:
    """A tint for each zone, other than that of its neighbours where the tints suffice; of the tints
    that are free the one used least."""
    near: dict[str, list[str]] = {}
    for a, b in pairs:
        near.setdefault(a, []).append(b)
    found: dict[str, int] = {}
    used = [0] * TINTS
    for zone in order:
        taken = {found[other] for other in near.get(zone, []) if other in found}
        free = [tint for tint in range(TINTS) if tint not in taken] or range(TINTS)
        found[zone] = min(free, key=lambda tint: (used[tint], tint))
        used[found[zone]] += 1
    return found


def classes(values: Mapping[str, int | None], most: int = 6) -> list[tuple[int, int]]:
    """Whole classes (low, high) of equal width that hold every known value, ``most`` at most."""
    known = [value for value in values.values() if value is not None]
    if not known:
        return []
    low, high = min(known), max(known)
    width = -(-(high - low + 1) // most)
    starts = range(low, high + 1, width)
    return [(start, min(start + width - 1, high)) for start in starts]


def class_of(value: int | None, bounds: Sequence[tuple[int, int]]) -> int | None:
    """The number of the class in which ``value`` lies, from 0; None where it is unknown."""
    if value is None:
        return None
    return next(i for i, (low, high) in enumerate(bounds) if low <= value <= high)
