"""The counting behind the screening, on arrays: who meets whom, and how alike circles are.

Links are a sparse 0/1 matrix B of partnerships by municipalities. ``B @ B.T`` counts the members
that two partnerships share, ``B.T @ B`` the tables that two municipalities share. Both are taken
in blocks of rows, so memory stays bounded; time is O(sum over partnerships of members squared)
and O(sum over municipalities of partnerships squared). Very wide partnerships are counted densely
while they divide the land into few combinations; dozens of them that do not still take seconds.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
# Bounds of memory and time, not of the figures, which are the same for any value (status: choice).
ENTRIES = 2**23  # entries of a block
WIDE = 2000  # members from which a partnership is counted densely
COMBINATIONS = 64


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


def mean_similarity(circle: Any, members: Any) -> Floats:
    """For each row of ``circle`` (subjects by partnerships) the mean Jaccard similarity over all
    pairs of its partnerships (members in common divided by members of either); NaN with fewer than
    two. ``members``: partnerships by municipalities."""
    counts = np.asarray(circle.sum(axis=1)).ravel()
    sizes = np.diff(members.indptr)
    by_body, all_members = circle.tocsc(), members.T.tocsr()
    total = np.zeros(circle.shape[0])
    for start, stop in blocks(members.shape[0], members.shape[0]):
        shared = (members[start:stop] @ all_members).tocsr()
        row, column = pairs(shared)
        similar = shared.data / (sizes[row + start] + sizes[column] - shared.data)
        shared.data = np.where(row + start == column, 0, similar)
        weights = (by_body[:, start:stop].tocsr() @ shared).multiply(circle)
        total += np.asarray(weights.sum(axis=1)).ravel()
    pairs_of = counts * (counts - 1)
    mean: Floats = np.divide(total, pairs_of, out=np.full(len(counts), np.nan), where=pairs_of > 0)
    return mean


def blocks(rows: int, width: int) -> Iterator[tuple[int, int]]:
    """Bounds of blocks of ``rows`` that hold at most ENTRIES entries of ``width`` columns."""
    step = max(1, ENTRIES // max(width, 1))
    for start in range(0, rows, step):
        yield start, min(start + step, rows)


def reach(members: Any, adjacency: Any) -> tuple[Ints, Ints, Floats]:
    """For each municipality: the others that it meets, its neighbours among them, and the effective
    number of partners (1 / sum of squared shares of the meetings; NaN without any).

    Who meets whom is a sparse count for all but the widest partnerships; those give every pair of
    their members one more meeting, which is kept as one dense row per combination of them.
    """
    n = members.shape[1]
    wide, which = widest(members)
    few = members[~wide]
    together = combinations(members[wide], which)
    own = together[which, np.arange(n)]  # a municipality does not meet itself
    partners = np.count_nonzero(together, axis=1)[which] - (own > 0)
    sums = together.sum(axis=1)[which] - own
    squares = (together**2).sum(axis=1)[which] - own**2
    near = np.zeros(n, np.int64)
    by_place = few.T.tocsr()
    for start, stop in blocks(n, n):
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


def widest(members: Any) -> tuple[NDArray[np.bool_], Ints]:
    """Which partnerships are counted densely: the widest, as long as their members fall into few
    combinations of them; and the combination of each municipality."""
    sizes = np.diff(members.indptr)
    chosen, which = np.zeros(len(sizes), bool), np.zeros(members.shape[1], np.int64)
    for body in np.argsort(-sizes, kind="stable"):
        if sizes[body] <= WIDE:
            break
        inside = np.zeros(members.shape[1], np.int64)
        inside[members.indices[members.indptr[body] : members.indptr[body + 1]]] = 1
        found, finer = np.unique(2 * which + inside, return_inverse=True)
        if len(found) <= COMBINATIONS:
            chosen[body], which = True, finer.ravel()
    return chosen, which


def combinations(wide: Any, which: Ints) -> Floats:
    """How often a municipality of each combination meets each municipality in the ``wide``
    partnerships."""
    _codes, first = np.unique(which, return_index=True)
    meetings: Floats = (wide[:, first].T @ wide).toarray()
    return meetings


def tables_with(members: Any, place: int) -> Ints:
    """In how many partnerships municipality ``place`` meets each municipality, itself included."""
    ours = members[np.flatnonzero(members[:, [place]].toarray().ravel())]
    return np.asarray(ours.sum(axis=0)).ravel().astype(np.int64)
