"""What follows from the areas alone: borders and a point inside."""

import numpy as np
import polars as pl

from samenspel.landscape.tables import BY_NAME

SLIVER = 0.5  # metres of boundary that count as rounding and not as a border (status: choice)


def shared_borders(geometries: pl.DataFrame) -> pl.DataFrame:
    """Table ``adjacency`` of the areas in ``geometries`` (nis, geometry as WKB, metres).

    Two areas are neighbours where their boundaries share a line; the rest of a boundary borders
    the outside (empty ``nis_b``). Areas must fit without gaps, as they do when simplified together.
    Costs O(n log n) in areas and their points.
    """
    import shapely

    nis = np.array(geometries["nis"].to_list(), dtype=object)
    shapes = shapely.from_wkb(geometries["geometry"].to_list())
    boundaries = shapely.boundary(shapes)
    a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    a, b = a[nis[a] < nis[b]], b[nis[a] < nis[b]]
    lengths = shapely.length(shapely.intersection(boundaries[a], boundaries[b]))
    a, b, lengths = a[lengths > 0], b[lengths > 0], lengths[lengths > 0]
    shared = np.bincount(a, lengths, len(nis)) + np.bincount(b, lengths, len(nis))
    outside = shapely.length(boundaries) - shared
    open_ = np.flatnonzero(outside > SLIVER)
    return pl.DataFrame(
        {
            "nis_a": [*nis[a], *nis[open_]],
            "nis_b": [*nis[b], *([None] * len(open_))],
            "border_m": np.round([*lengths, *outside[open_]], 1),
        },
        schema={name: BY_NAME["adjacency"].schema[name] for name in ("nis_a", "nis_b", "border_m")},
    )


def points_inside(geometries: pl.DataFrame) -> pl.DataFrame:
    """Frame ``nis``, ``x``, ``y``: a point that surely lies inside each area, in metres."""
    import shapely

    points = shapely.point_on_surface(shapely.from_wkb(geometries["geometry"].to_list()))
    return geometries.select(
        "nis",
        x=pl.Series(shapely.get_x(points)).round(1),
        y=pl.Series(shapely.get_y(points)).round(1),
    )
