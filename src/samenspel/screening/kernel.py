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
BLOCK = 1024
WIDE = 2000  # members from which a partnership is counted densely


def incidence(rows: Any, columns: Any, shape: tuple[int, int]) -> Any:
    """Sparse 0/1 matrix with a 1 at each (row, column) of two series or arrays of numbers."""
    at = (np.asarray(rows, np.int64), np.asarray(columns, np.int64))
    matrix = sparse.csr_matrix((np.ones(len(at[0])), at), shape=shape)
    matrix.data[:] = 1  # a pair given twice is one link
    return matrix


def circles(places: Any, links: Any) -> Any:
    """Subjects by bodies: which bodies have a member in which subject. ``places``: subjects by
    towns; ``links``: bodies by towns."""
    matrix = (places @ links.T).tocsr()
    matrix.data[:] = 1
    matrix.sort_indices()
    return matrix


def pairs(matrix: Any) -> tuple[Ints, Ints]:
    """Row and column of every link, row by row."""
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    return rows, matrix.indices.astype(np.int64)


def distinct(matrix: Any, labels: Ints) -> Ints:
    """For each row the number of different labels of its columns; a negative label is none."""
    rows, columns = pairs(matrix)
    found = labels[columns]
    width = int(found.max(initial=0)) + 1
    both = np.unique(rows[found >= 0] * width + found[found >= 0])
    return np.bincount(both // width, minlength=matrix.shape[0])


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
    number of partners (1 / sum of squared shares of the meetings; NaN without any).

    Who meets whom is a sparse count for all but the widest partnerships; those give every pair of
    their members one more meeting, which is kept as one dense row per combination of them.
    """
    n = members.shape[1]
    wide = np.diff(members.indptr) > WIDE
    together, which = dense_meetings(members[wide])
    few = members[~wide]
    own = together[which, np.arange(n)]  # a municipality does not meet itself
    partners = np.count_nonzero(together, axis=1)[which] - (own > 0)
    sums = together.sum(axis=1)[which] - own
    squares = (together**2).sum(axis=1)[which] - own**2
    near = np.zeros(n, np.int64)
    by_place = few.T.tocsr()
    for start in range(0, n, BLOCK):
        stop = min(start + BLOCK, n)
        tables = (by_place[start:stop] @ few).tocsr()
        row, column = pairs(tables)
        tables.data[row + start == column] = 0
        tables.eliminate_zeros()
        row, column = pairs(tables)
        wider = together[which[row + start], column]
        partners[start:stop] += np.bincount(row[wider == 0], minlength=stop - start)
        sums[start:stop] += np.bincount(row, tables.data, stop - start)
        squares[start:stop] += np.bincount(
            row, tables.data * (tables.data + 2 * wider), stop - start
        )
        place, beside = pairs(adjacency[start:stop])
        met = np.asarray(tables[place, beside]).ravel() + together[which[place + start], beside]
        near[start:stop] = np.bincount(place[met > 0], minlength=stop - start)
    effective = np.divide(sums**2, squares, out=np.full(n, np.nan), where=squares > 0)
    return partners, near, effective


def dense_meetings(wide: Any) -> tuple[Floats, Ints]:
    """For each combination of the ``wide`` partnerships that occurs, how often one in it meets each
    municipality there; and the combination of each municipality."""
    if not wide.shape[0]:
        return np.zeros((1, wide.shape[1])), np.zeros(wide.shape[1], np.int64)
    inside = wide.toarray()
    combinations, which = np.unique(inside, axis=1, return_inverse=True)
    return combinations.T @ inside, which.ravel()


def tables_with(members: Any, place: int) -> Ints:
    """In how many partnerships municipality ``place`` meets each municipality, itself included."""
    ours = members[np.flatnonzero(members[:, [place]].toarray().ravel())]
    return np.asarray(ours.sum(axis=0)).ravel().astype(np.int64)
