"""The land of a problem as plain arrays for the chains of an ensemble.

A *node* is a place, or the places of a connected part of what must stay together. Parts of one
group that lie apart are nodes that must share a zone. Sets and links within a node fall away.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import reverse_cuthill_mckee

from samenspel.delineation.goals import between, connectivity, cut
from samenspel.delineation.graphs import different_names, open_borders, ties, units_of
from samenspel.delineation.problem import (
    AGREEMENT,
    Flags,
    Floats,
    Hyperedges,
    Ints,
    Pairs,
    Problem,
    Words,
)
from samenspel.landscape.index import Csr, csr

NO_LIMIT = 2**60
GOLDEN = 0x9E3779B97F4A7C15  # of splitmix64 (Steele, Lea, Flood 2014)


class Land(NamedTuple):
    """What stays the same during a chain. CSR arrays have their row starts in ``*_start``.

    ``near``, ``edge``: node to the nodes with which it may share a zone, and the number of that
    edge; ``ends``: of each edge its two nodes; ``fences``: pairs of neighbours in different
    regions, whose border always stays. ``outside``: borders land outside; ``holes``: whether holes
    are judged. ``size``: row by node, ``low``, ``high`` by row; ``strict`` and ``soft``: the rows
    with hard and with soft bounds (row 0: ``Problem.heft``; the last: centres, where asked).
    ``large_row``, ``large_node``, ``large_room``: what a zone may hold that has a unit above the
    upper bound. ``pair_a``, ``pair_b``, ``pair_same``: nodes that must, or may not, share a zone.
    ``set_of``: node to sets of two nodes or more; ``set_weight``, ``set_open``, ``set_group`` (0:
    partnerships, then each zoning). ``link``, ``link_value``, ``link_sum``: node to other nodes
    from which it is better not parted, and the sum that counts it. ``present``, ``present_size``:
    node to present zones, with inhabitants. ``word``: a random number for each node. ``cost``: of
    each sum (see ``sums_of``) in the objective. ``penalty``: of a soft bound.
    """

    near_start: Ints
    near: Ints
    edge: Ints
    ends: Ints
    fences: Ints
    outside: Flags
    holes: bool
    size: Ints
    low: Ints
    high: Ints
    strict: Ints
    soft: Ints
    large_row: Ints
    large_node: Ints
    large_room: Ints
    pair_a: Ints
    pair_b: Ints
    pair_same: Flags
    set_start: Ints
    set_of: Ints
    set_weight: Floats
    set_open: Flags
    set_group: Ints
    link_start: Ints
    link: Ints
    link_value: Floats
    link_sum: Ints
    present_start: Ints
    present: Ints
    present_size: Ints
    presents: int
    word: Words
    cost: Floats
    penalty: float


def land_of(problem: Problem) -> tuple[Land, Ints]:
    """The land of ``problem``, and of each place its node."""
    node = numbered(problem, units_of(problem))
    n = int(node.max(initial=-1)) + 1
    a, b = open_borders(problem)
    ends = distinct(node[a], node[b], n)
    numbers = np.tile(np.arange(len(ends)), 2).astype(np.float64)
    near = csr(ends.ravel("F"), ends[:, ::-1].ravel("F"), numbers, n)
    size, low, high, strict, soft = bounds_of(problem, node, n)
    large = large_of(problem, node)
    sets, weight, opened, group = sets_of(problem, node)
    links, link_sum = links_of(problem, node, n)
    present = present_of(problem, node, n)
    apart = [*problem.rules.apart, *different_names(problem)]
    pairs = np.array([*apart, *ties(problem).tolist()], np.int64).reshape(-1, 2)
    most = np.array([most for _goal, most in sums_of(problem)])
    wished = np.array([problem.weights.get(goal, 0.0) for goal, _most in sums_of(problem)])
    land = Land(
        near_start=near.indptr.copy(),
        near=near.indices.copy(),
        edge=near.values.astype(np.int64),
        ends=ends,
        fences=fences_of(problem, node, n),
        outside=(
            np.zeros(n, np.bool_)
            if problem.outside is None
            else np.bincount(node, problem.outside, n) > 0
        ),
        holes=problem.outside is not None,
        size=size,
        low=low,
        high=high,
        strict=strict,
        soft=soft,
        large_row=large[0],
        large_node=large[1],
        large_room=large[2],
        pair_a=node[pairs[:, 0]],
        pair_b=node[pairs[:, 1]],
        pair_same=np.arange(len(pairs)) >= len(apart),
        set_start=sets.indptr.copy(),
        set_of=sets.indices.copy(),
        set_weight=weight,
        set_open=opened,
        set_group=group,
        link_start=links.indptr.copy(),
        link=links.indices.copy(),
        link_value=links.values.copy(),
        link_sum=link_sum,
        present_start=present.indptr.copy(),
        present=present.indices.copy(),
        present_size=present.values.astype(np.int64),
        presents=int(present.indices.max(initial=-1)) + 1,
        word=node_words(node, n),
        cost=np.divide(wished, most, out=np.zeros(len(most)), where=most > 0),
        penalty=float(problem.rules.penalty),
    )
    return land, node


def on_nodes(plan: Ints, node: Ints) -> Ints:
    """The zone of each node in ``plan``, which keeps every node whole."""
    return plan[np.unique(node, return_index=True)[1]]


def numbered(problem: Problem, unit: Ints) -> Ints:
    """The units numbered so that neighbours have near numbers (reverse Cuthill-McKee 1969): what is
    used together then lies together in memory."""
    n = int(unit.max(initial=-1)) + 1
    a, b = unit[problem.borders.a], unit[problem.borders.b]
    rows, columns = np.concatenate([a, b]), np.concatenate([b, a])
    graph = coo_array((np.ones(len(rows)), (rows, columns)), shape=(n, n)).tocsr()
    rank = np.empty(n, np.int64)
    rank[reverse_cuthill_mckee(graph, symmetric_mode=True)] = np.arange(n)
    return np.asarray(rank[unit], dtype=np.int64)


def sums_of(problem: Problem) -> list[tuple[str, float]]:
    """The sums that a chain keeps, in order: the goal that each is told as, and the sum that costs
    1. A goal whose facts are not known has sum and cost 0."""
    placed = 0.0
    if problem.present is not None:
        placed = float(problem.heft[problem.present >= 0].sum())
    return [
        ("cut", float(problem.partnerships.weights.sum())),
        ("connectivity", most_touched(problem.partnerships)),
        *((AGREEMENT + zoning, most_touched(sets)) for zoning, sets in problem.zonings.items()),
        ("flows", 0.0 if problem.flows is None else float(problem.flows.value.sum())),
        ("border", float(problem.borders.value.sum())),
        ("balance", 1.0),
        ("moved", placed),
    ]


def most_touched(sets: Hyperedges) -> float:
    """Zones touched beyond one, if every place were a zone."""
    sizes = np.diff(sets.members.indptr)
    return float((sets.weights * np.maximum(sizes - 1 + sets.open, 0)).sum())


def first_sums(problem: Problem, plan: Ints) -> Floats:
    """The sums of ``sums_of`` for ``plan``; balance and moved, which a chain takes anew each time,
    are 0."""
    return np.array(
        [
            cut(problem.partnerships, plan).value,
            connectivity(problem.partnerships, plan).value,
            *(connectivity(sets, plan).value for sets in problem.zonings.values()),
            0.0 if problem.flows is None else between(problem.flows, plan)[0],
            between(problem.borders, plan)[0],
            0.0,
            0.0,
        ]
    )


def distinct(a: Ints, b: Ints, n: int) -> Ints:
    """Each pair of different nodes once, as rows."""
    keys = np.unique(np.minimum(a, b)[a != b] * np.int64(n) + np.maximum(a, b)[a != b])
    return np.column_stack([keys // max(n, 1), keys % max(n, 1)])


def fences_of(problem: Problem, node: Ints, n: int) -> Ints:
    """Neighbours in different regions."""
    region = problem.rules.within
    if region is None:
        return np.empty((0, 2), np.int64)
    a, b = problem.borders.a, problem.borders.b
    crossing = region[a] != region[b]
    return distinct(node[a[crossing]], node[b[crossing]], n)


def bounds_of(problem: Problem, node: Ints, n: int) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """``size``, ``low``, ``high``, ``strict`` and ``soft`` of ``Land``. A zone without a centre
    breaks a lower bound of one centre."""
    bounds = problem.rules.bounds
    measures = list(dict.fromkeys(["population", *bounds]))
    held = [problem.measure(m) if m in bounds else problem.heft for m in measures]
    low = [bounds[m].low or 0 if m in bounds else 0 for m in measures]
    highs = [bounds[m].high if m in bounds else None for m in measures]
    high = [NO_LIMIT if most is None else most for most in highs]
    strict = [i for i, m in enumerate(measures) if m in bounds and bounds[m].hard]
    soft = [i for i, m in enumerate(measures) if m in bounds and not bounds[m].hard]
    if problem.rules.centre and problem.centres is not None:
        held.append(problem.centres.astype(np.int64))
        strict.append(len(low))
        low.append(1)
        high.append(NO_LIMIT)
    size = np.zeros((len(held), n), np.int64)
    for row, values in enumerate(held):
        np.add.at(size[row], node, values)
    low_, high_, strict_, soft_ = (np.array(c, np.int64) for c in (low, high, strict, soft))
    return size, low_, high_, strict_, soft_


def large_of(problem: Problem, node: Ints) -> tuple[Ints, Ints, Ints]:
    """Row, node and room of every place or group above an upper bound (``Rules.oversize``)."""
    found: list[tuple[int, int, int]] = []
    rules = problem.rules
    for row, measure in enumerate(dict.fromkeys(["population", *rules.bounds])):
        high = rules.bounds[measure].high if measure in rules.bounds else None
        if high is None:
            continue
        size = problem.measure(measure)
        extra = rules.oversize if measure == "population" else 0
        units = [[int(i)] for i in np.flatnonzero(size > high)]
        units += [sorted(group.members) for group in rules.together]
        for unit in units:
            alone = int(size[unit].sum())
            if alone > high:
                room = NO_LIMIT if extra is None else alone + extra
                found.append((row, int(node[unit[0]]), room))
    table = np.array(found, np.int64).reshape(-1, 3)
    return table[:, 0].copy(), table[:, 1].copy(), table[:, 2].copy()


def sets_of(problem: Problem, node: Ints) -> tuple[Csr, Floats, Flags, Ints]:
    """Node to the sets of at least two nodes, and of each set weight, open and group."""
    families = [problem.partnerships, *problem.zonings.values()]
    owners: list[Ints] = []
    nodes: list[Ints] = []
    weights: list[Floats] = []
    opened: list[Flags] = []
    groups: list[Ints] = []
    for number, sets in enumerate(families):
        count = len(sets.names)
        owner = np.repeat(np.arange(count), np.diff(sets.members.indptr))
        n = int(node.max(initial=0)) + 1
        keys = np.unique(owner * np.int64(n) + node[sets.members.indices])
        wide = np.bincount(keys // n, minlength=count) > 1
        kept = keys[wide[keys // n]]
        # By first node, so that sets of neighbours lie together.
        ids, at = np.unique(kept // n, return_index=True)
        chosen = ids[np.argsort(kept[at] % n, kind="stable")]
        rank = np.zeros(count, np.int64)
        rank[chosen] = np.arange(len(chosen)) + sum(len(found) for found in weights)
        owners.append(rank[kept // n])
        nodes.append(kept % n)
        weights.append(sets.weights[chosen])
        opened.append(sets.open[chosen])
        groups.append(np.full(len(chosen), number, np.int64))
    owner, member = np.concatenate(owners), np.concatenate(nodes)
    links = csr(member, owner, np.ones(len(owner)), int(node.max(initial=-1)) + 1)
    return links, np.concatenate(weights), np.concatenate(opened), np.concatenate(groups)


def links_of(problem: Problem, node: Ints, n: int) -> tuple[Csr, Ints]:
    """Node to nodes with flows, then with borders; and the number of the sum of each link."""
    first = 2 + len(problem.zonings)
    families: list[Pairs] = [problem.borders]
    numbers = [first + 1]
    if problem.flows is not None:
        families.insert(0, problem.flows)
        numbers.insert(0, first)
    rows, columns, values = [], [], []
    for pairs, number in zip(families, numbers, strict=True):
        a, b = node[pairs.a], node[pairs.b]
        kept = (a != b) & (pairs.value > 0)
        rows += [a[kept], b[kept]]
        # The number of the sum rides along with the node until the links are in order.
        columns += [b[kept] * (first + 2) + number, a[kept] * (first + 2) + number]
        values += [pairs.value[kept]] * 2
    found = csr(np.concatenate(rows), np.concatenate(columns), np.concatenate(values), n)
    return Csr(found.indptr, found.indices // (first + 2), found.values), found.indices % (
        first + 2
    )


def present_of(problem: Problem, node: Ints, n: int) -> Csr:
    """Node to present zones, with the inhabitants in each."""
    if problem.present is None:
        nothing = np.empty(0, np.int64)
        return csr(nothing, nothing, np.empty(0), n)
    placed = np.flatnonzero(problem.present >= 0)
    people = problem.heft[placed].astype(np.float64)
    return csr(node[placed], problem.present[placed], people, n)


def mixed(words: Words) -> Words:
    """The numbers scrambled by the last steps of splitmix64."""
    z = words.copy()
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(z ^ (z >> np.uint64(31)), dtype=np.uint64)


def place_words(n: int) -> Words:
    """A fixed random number for each of ``n`` places."""
    return mixed((np.arange(n, dtype=np.uint64) + np.uint64(1)) * np.uint64(GOLDEN))


def node_words(node: Ints, n: int) -> Words:
    """The sum of the numbers of its places, for each node."""
    words: NDArray[np.uint64] = np.zeros(n, np.uint64)
    np.add.at(words, node, place_words(len(node)))
    return words


def fingerprint(plan: Ints) -> int:
    """A number that equal plans share, however their zones are numbered, and different plans do
    not (but for a chance of one in 2**64). A chain keeps it while places move."""
    sums: NDArray[np.uint64] = np.zeros(int(plan.max(initial=-1)) + 1, np.uint64)
    np.add.at(sums, plan, place_words(len(plan)))
    return int(mixed(sums[np.bincount(plan) > 0]).sum(dtype=np.uint64))
