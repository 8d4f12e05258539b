"""The land: an outline, a hole of other land, an exclave, and municipalities that fit exactly.

Municipalities are unions of Voronoi cells of a jittered grid, so neighbours share every point of
their border. Costs O(n log n).
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import Delaunay, cKDTree

from samenspel.landscape.areas import shared_borders

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
CELLS = 6  # per municipality
AREA_M2 = 42.3e6  # mean per older municipality: 45 km2 once about one in fourteen has merged away
LENGTHENED = 2.4  # east-west over north-south
HOLE = 0.012  # area of the land inside that is outside the country, over that of the country
WEST, SOUTH = 22_000.0, 153_000.0  # where Lambert 72 has the corner of Flanders


@dataclass(frozen=True)
class Land:
    """Municipality ``i`` is ``codes[i]``; ``xy`` a point inside it, metres. The last one is the
    exclave. ``borders`` is the table adjacency; ``a``, ``b`` its inner pairs as numbers."""

    codes: tuple[str, ...]
    shapes: NDArray[np.object_]
    xy: Floats
    area_km2: Floats
    borders: pl.DataFrame
    a: Ints
    b: Ints


def make_land(count: int, codes: tuple[str, ...], random: np.random.Generator) -> Land:
    """``count`` municipalities, named by the first ``count`` of ``codes``."""
    points, links = cells(count, random)
    inside, apart = outline(points, links, (count - 1) * CELLS, random)
    owner = parts(points, links, inside, count - 1, random)
    owner[apart] = count - 1
    shapes = unions(points, links, owner, count)
    west, south = shapely.total_bounds(shapes)[:2]
    shapes = shapely.transform(shapes, lambda xy: xy + np.array([WEST - west, SOUTH - south]))
    inner = shapely.point_on_surface(shapes)
    frame = pl.DataFrame({"nis": codes[:count], "geometry": shapely.to_wkb(shapes).tolist()})
    borders = shared_borders(frame)
    position = {code: i for i, code in enumerate(codes[:count])}
    pairs = borders.drop_nulls("nis_b")
    a, b = (
        pairs[name].replace_strict(position, return_dtype=pl.Int64).to_numpy()
        for name in ("nis_a", "nis_b")
    )
    xy = np.column_stack([shapely.get_x(inner), shapely.get_y(inner)]).round(1)
    return Land(codes[:count], shapes, xy, shapely.area(shapes) / 1e6, borders, a, b)


def cells(count: int, random: np.random.Generator) -> tuple[Floats, csr_array]:
    """Points of a jittered grid on more land than is needed, and which cells touch, in metres."""
    step = np.sqrt(AREA_M2 / CELLS)
    needed = 2.6 * (count + 12) * CELLS
    rows = int(np.ceil(np.sqrt(needed / LENGTHENED)))
    columns = int(np.ceil(rows * LENGTHENED))
    grid = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=-1).reshape(-1, 2)
    points = step * (grid + random.uniform(-0.42, 0.42, grid.shape) - [columns / 2, rows / 2])
    corners = Delaunay(points).simplices
    a = corners.ravel()
    b = corners[:, [1, 2, 0]].ravel()
    far = np.hypot(*(points[a] - points[b]).T)
    length = coo_array((far, (a, b)), shape=(len(points), len(points))).tocsr()
    return points, length.maximum(length.T)


def outline(
    points: Floats, links: csr_array, wanted: int, random: np.random.Generator
) -> tuple[NDArray[np.bool_], Ints]:
    """Which cells are the country, about ``wanted`` of them in one piece, and which the exclave."""
    angle = np.arctan2(points[:, 1] * LENGTHENED, points[:, 0])
    wave = sum(
        random.uniform(0.03, 0.09) * np.sin(k * angle + random.uniform(0, 2 * np.pi))
        for k in (2, 3, 5, 7)
    )
    score = np.hypot(points[:, 0], points[:, 1] * LENGTHENED) / (1 + wave)
    hole = max(2, round(HOLE * wanted))
    limit = np.sort(score)[wanted + hole]
    inside = score < limit
    middle = [0.15 * limit, 0.25 * limit / LENGTHENED] * random.choice([-1, 1], 2)
    inside[cKDTree(points).query(middle, k=hole)[1]] = False
    pieces = connected_components(links[inside][:, inside], directed=False)[1]
    kept = np.flatnonzero(inside)[pieces == np.bincount(pieces).argmax()]
    inside = np.isin(np.arange(len(points)), kept)
    size = int(random.integers(3, 7))
    touching = inside | (links @ inside > 0)
    touching |= links @ touching > 0
    away = np.flatnonzero(~touching & (score > 1.12 * limit) & (points[:, 0] > 0))
    seed = away[score[away].argmin()]
    near = cKDTree(points[away]).query(points[seed], k=size)[1]
    return inside, connected(links, away[near], seed)


def connected(links: csr_array, chosen: Ints, seed: np.int64) -> Ints:
    """Those of the cells ``chosen`` that hang together with ``seed``."""
    pieces = connected_components(links[chosen][:, chosen], directed=False)[1]
    return np.asarray(chosen[pieces == pieces[chosen == seed]], np.int64)


def parts(
    points: Floats,
    links: csr_array,
    inside: NDArray[np.bool_],
    count: int,
    random: np.random.Generator,
) -> Ints:
    """Which of ``count`` municipalities each cell belongs to, -1 for none; each in one piece, as
    it is a tree of shortest ways from its first cell."""
    here = np.flatnonzero(inside)
    ways = links[here][:, here].tocoo()
    rough = random.lognormal(0, 0.5, len(here))
    graph = csr_array(
        (ways.data * (rough[ways.coords[0]] + rough[ways.coords[1]]), ways.coords),
        shape=ways.shape,
    )
    seeds = np.sort(random.choice(len(here), count, replace=False))
    seeds = seeds[np.lexsort((points[here[seeds], 1], points[here[seeds], 0]))]
    nearest = dijkstra(graph, indices=seeds, min_only=True, return_predecessors=True)[2]
    number = np.full(len(here), -1)
    number[seeds] = np.arange(count)
    owner = np.full(len(points), -1)
    owner[here] = number[nearest]
    return owner


def unions(points: Floats, links: csr_array, owner: Ints, count: int) -> NDArray[np.object_]:
    """The area of each municipality."""
    used = owner >= 0
    for _ in range(3):  # cells around those of the country, as they bound its own
        used = used | (links @ used > 0)
    points, owner = points[used], owner[used]
    all_cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), ordered=True)
    )
    order = np.argsort(owner, kind="stable")
    starts = np.searchsorted(owner[order], np.arange(count + 1))
    areas = [
        shapely.coverage_union_all(all_cells[order[start:end]]) for start, end in pairwise(starts)
    ]
    return np.array(shapely.normalize(areas), dtype=object)
