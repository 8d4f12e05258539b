"""Who borders whom, and what must stay together: sparse graphs of a problem and their parts."""

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from samenspel.delineation.problem import Floats, Hyperedges, Ints, Problem


def units_of(problem: Problem) -> Ints:
    """Of each place the number of its unit: the connected parts of what must stay together."""
    n = problem.size
    group = groups_of(problem)
    a, b = open_borders(problem)
    inner = group[a] == group[b]
    return parts(a[inner], b[inner], n)


def groups_of(problem: Problem) -> Ints:
    """Of each place the number of what must share its zone: wishes on one place are one group."""
    named: dict[str, list[int]] = {}
    for i, name in problem.rules.fixed.items():
        named.setdefault(name, []).append(i)
    groups = [sorted(group.members) for group in problem.rules.together] + list(named.values())
    rows = [i for group in groups for i in group[:-1]]
    columns = [i for group in groups for i in group[1:]]
    return parts(np.array(rows, np.int64), np.array(columns, np.int64), problem.size)


def parts(a: Ints, b: Ints, n: int) -> Ints:
    """Of each of ``n`` the number of its connected part."""
    graph = coo_array((np.ones(len(a)), (a, b)), shape=(n, n))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def open_borders(problem: Problem) -> tuple[Ints, Ints]:
    """The pairs of neighbours that may share a zone: those within one region."""
    a, b = problem.borders.a, problem.borders.b
    region = problem.rules.within
    if region is None:
        return a, b
    same = region[a] == region[b]
    return a[same], b[same]


def symmetric(a: Ints, b: Ints, n: int, value: Floats | None = None) -> csr_array:
    """A sparse matrix with ``value`` (else 1) at (a, b) and (b, a)."""
    given = np.ones(len(a)) if value is None else value
    both = coo_array(
        (np.tile(given, 2), (np.concatenate([a, b]), np.concatenate([b, a]))), shape=(n, n)
    )
    found = both.tocsr()
    found.sum_duplicates()
    return found


def incidence(edges: Hyperedges, n: int) -> csr_array:
    """Sparse 0/1 matrix of sets by places."""
    members = edges.members
    return csr_array(
        (np.ones(len(members.indices)), members.indices, members.indptr),
        shape=(len(edges.names), n),
    )


def different_names(problem: Problem) -> list[tuple[int, int]]:
    """One place of each two names of fixed zones: they lie apart."""
    first: dict[str, int] = {}
    for i, name in problem.rules.fixed.items():
        first.setdefault(name, i)
    places = list(first.values())
    return [(p, q) for at, p in enumerate(places) for q in places[at + 1 :]]


def ties(problem: Problem) -> Ints:
    """Pairs of places that must share a zone but lie in different connected parts of their group:
    one pair for each part beyond the first."""
    group, unit = groups_of(problem), units_of(problem)
    first = np.unique(unit, return_index=True)[1]  # a place of each unit
    leader = np.unique(group, return_index=True)[1]  # the first place of each group
    other = first[unit[leader[group[first]]] != unit[first]]
    return np.column_stack([leader[group[other]], other])
