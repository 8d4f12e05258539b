"""The counting behind the screening, on arrays: who meets whom, and how alike circles are.

Links are a sparse 0/1 matrix B of partnerships by municipalities. ``B @ B.T`` counts the members
that two partnerships share, ``B.T @ B`` the tables that two municipalities share. Both are taken
in blocks of rows, so memory stays bounded; time is O(sum over partnerships of members squared)
and O(sum over municipalities of partnerships squared).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
BLOCK = 2048


def incidence(rows: Ints, columns: Ints, shape: tuple[int, int]) -> Any:
    """Sparse 0/1 matrix with a 1 at each (row, column); pairs must not repeat."""
    ones = np.ones(len(rows), np.float64)
    return sparse.csr_matrix((ones, (rows, columns)), shape=shape)


def similarities(members: Any) -> Any:
    """Jaccard similarity of the member sets of each two partnerships, as a sparse symmetric matrix
    without its diagonal: members in common divided by members of either."""
    sizes = np.asarray(members.sum(axis=1)).ravel()
    shared = (members @ members.T).tocoo()
    off = shared.row != shared.col
    row, col, both = shared.row[off], shared.col[off], shared.data[off]
    return sparse.csr_matrix((both / (sizes[row] + sizes[col] - both), (row, col)), shared.shape)


def mean_similarity(circles: Any, alike: Any) -> Floats:
    """For each row of ``circles`` (subjects by partnerships) the mean similarity over all pairs of
    its partnerships; NaN with fewer than two."""
    counts = np.asarray(circles.sum(axis=1)).ravel()
    pairs = counts * (counts - 1)
    total = np.zeros(circles.shape[0])
    for start in range(0, circles.shape[0], BLOCK):
        block = circles[start : start + BLOCK]
        total[start : start + BLOCK] = np.asarray(
            (block @ alike).multiply(block).sum(axis=1)
        ).ravel()
    mean: Floats = np.divide(total, pairs, out=np.full(len(pairs), np.nan), where=pairs > 0)
    return mean


def reach(members: Any, adjacency: Any) -> tuple[Ints, Ints, Floats]:
    """For each municipality: the others that it meets, its neighbours among them, and the effective
    number of partners (1 / sum of squared shares of the meetings; NaN without any)."""
    by_place = members.T.tocsr()
    n = by_place.shape[0]
    partners, near = np.zeros(n, np.int64), np.zeros(n, np.int64)
    effective = np.full(n, np.nan)
    for start in range(0, n, BLOCK):
        stop = min(start + BLOCK, n)
        tables = (by_place[start:stop] @ members).tocsr()
        rows = np.repeat(np.arange(stop - start), np.diff(tables.indptr))
        tables.data[rows + start == tables.indices] = 0
        tables.eliminate_zeros()
        partners[start:stop] = np.diff(tables.indptr)
        near[start:stop] = np.diff(tables.multiply(adjacency[start:stop]).tocsr().indptr)
        sums = np.asarray(tables.sum(axis=1)).ravel()
        squares = np.asarray(tables.multiply(tables).sum(axis=1)).ravel()
        np.divide(sums**2, squares, out=effective[start:stop], where=squares > 0)
    return partners, near, effective
