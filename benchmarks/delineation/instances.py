"""Invented land of any size to draw zones on: Voronoi cells with partnerships that grew together.

n cells after two Lloyd rounds in the unit square, inhabitants lognormal (9.7, 0.7, at least 500),
four partnerships begun per cell that grow over neighbours to 3-20 members, 17 zones whose
inhabitants lie within 25 % of the mean.
"""

import numpy as np
from scipy.spatial import Voronoi

from samenspel.delineation.problem import (
    Bound,
    Csr,
    Floats,
    Hyperedges,
    Pairs,
    Problem,
    Rules,
)
from samenspel.landscape.index import csr

ZONES = 17
TOLERANCE = 0.25
SIDE = 100_000.0  # metres of the square's side


def instance(n: int, seed: int = 1, zones: int = ZONES) -> Problem:
    """The land of ``n`` cells of ``seed``, with the goal of few partnerships cut."""
    rng = np.random.default_rng(seed)
    points, diagram = cells(rng.random((n, 2)))
    borders, outside = borders_of(diagram, n)
    population = np.maximum(rng.lognormal(9.7, 0.7, n), 500).astype(np.int64)
    mean = population.sum() / zones
    bound = Bound(int(np.ceil(mean * (1 - TOLERANCE))), int(mean * (1 + TOLERANCE)))
    return Problem(
        names=tuple(f"C{i:06d}" for i in range(n)),
        population=population,
        borders=borders,
        rules=Rules((zones, zones), {"population": bound}),
        partnerships=grown(rng, borders.both_ways(n), n, 4),
        weights={"cut": 1.0},
        points=points * SIDE,
        outside=outside,
    )


def cells(points: Floats) -> tuple[Floats, Voronoi]:
    """The points after two rounds of Lloyd, and the diagram of the points and their mirror images
    in the four sides, so that every cell of a point is bounded by the square."""
    for _round in range(2):
        diagram = mirrored(points)
        points = np.array(
            [centroid(diagram.vertices[diagram.regions[diagram.point_region[i]]])
             for i in range(len(points))]
        )  # fmt: skip
    return points, mirrored(points)


def mirrored(points: Floats) -> Voronoi:
    """The Voronoi diagram of points in the unit square and their images in its sides."""
    x, y = points.T
    images = [(-x, y), (2 - x, y), (x, -y), (x, 2 - y)]
    return Voronoi(np.vstack([points, *(np.column_stack(image) for image in images)]))


def centroid(corners: Floats) -> Floats:
    """The centre of mass of a convex polygon whose corners are in order."""
    x, y = corners.T
    cross = x * np.roll(y, -1) - np.roll(x, -1) * y
    total = cross.sum() * 3
    return np.array(
        [((x + np.roll(x, -1)) * cross).sum() / total, ((y + np.roll(y, -1)) * cross).sum() / total]
    )


def borders_of(diagram: Voronoi, n: int) -> tuple[Pairs, np.ndarray]:
    """Borders between the first ``n`` cells in metres, and which cells touch a side."""
    ridges = np.sort(diagram.ridge_points, axis=1)
    ends = diagram.vertices[np.array(diagram.ridge_vertices)]
    lengths = np.linalg.norm(ends[:, 0] - ends[:, 1], axis=1) * SIDE
    inner = (ridges[:, 1] < n) & (lengths > 1e-3)
    outer = (ridges[:, 0] < n) & (ridges[:, 1] >= n)
    outside = np.zeros(n, np.bool_)
    outside[ridges[outer, 0]] = True
    order = np.lexsort((ridges[inner, 1], ridges[inner, 0]))
    a, b = ridges[inner][order].T.astype(np.int64)
    return Pairs(a, b, lengths[inner][order]), outside


def grown(rng: np.random.Generator, neighbours: Csr, n: int, each: int) -> Hyperedges:
    """``each`` partnerships begun in every cell, each grown over neighbours to 3-20 members."""
    rows, columns = [], []
    indptr, indices = neighbours.indptr.tolist(), neighbours.indices.tolist()
    for number, size in enumerate(rng.integers(3, 21, n * each).tolist()):
        first = number // each
        members, edge = {first}, list(indices[indptr[first] : indptr[first + 1]])
        draws = iter(rng.random(4 * size + 40).tolist())
        while len(members) < size and edge:
            pick = int(next(draws, 0.0) * len(edge))
            edge[pick], edge[-1] = edge[-1], edge[pick]
            cell = edge.pop()
            if cell not in members:
                members.add(cell)
                edge += [o for o in indices[indptr[cell] : indptr[cell + 1]] if o not in members]
        rows += [number] * len(members)
        columns += members
    count = n * each
    linked = csr(np.array(rows, np.int64), np.array(columns, np.int64), np.ones(len(rows)), count)
    return Hyperedges(
        tuple(f"P{p:06d}" for p in range(count)),
        linked,
        np.ones(count),
        np.zeros(count, np.bool_),
    )
