"""From a problem to the arrays of the kernel, and from a model to a smaller one: units that stay
together become one."""

import numpy as np
from scipy.sparse import csr_array, vstack

from samenspel.delineation.graphs import (
    different_names,
    incidence,
    open_borders,
    symmetric,
    ties,
    units_of,
)
from samenspel.delineation.heuristic.kernel import Model
from samenspel.delineation.problem import (
    AGREEMENT,
    Flags,
    Floats,
    Ints,
    Pairs,
    Problem,
)

BOUNDLESS = -1


def model_of(problem: Problem) -> tuple[Model, Ints]:
    """The arrays of ``problem`` with units instead of places, and of each place its unit."""
    places = places_model(problem)
    unit = units_of(problem)
    model = contracted(places, unit)
    alone = model.alone.copy()
    for group in problem.rules.together:
        members = sorted(group.members)
        whole = np.unique(unit[members])
        if len(whole) == 1:
            held = places.size[:, members].sum(axis=1)
            alone[:, whole[0]] = np.maximum(alone[:, whole[0]], held)
    big_start, big = bigs(alone, model.high)
    return model._replace(alone=alone, big_start=big_start, big=big), unit


def places_model(problem: Problem) -> Model:
    """The arrays of ``problem`` with every place a unit."""
    n = problem.size
    rules = problem.rules
    outside = np.zeros(n, np.bool_) if problem.outside is None else problem.outside
    names = tuple(m for m in ("population", "municipalities", "area")
                  if m == "population" or m in rules.bounds)  # fmt: skip
    bounds = [rules.bounds.get(m) for m in names]
    low = np.array([b.low or BOUNDLESS if b else BOUNDLESS for b in bounds], np.int64)
    high = np.array([b.high if b and b.high is not None else BOUNDLESS for b in bounds], np.int64)
    hard = np.array([rules.penalty if b and not b.hard else -1.0 for b in bounds])
    # Row 0 grows first plans: without bounds on inhabitants it need not be them.
    size = np.stack(
        [problem.measure(m) if m in rules.bounds else problem.heft for m in names]
    ).astype(np.int64)
    everyone = int(size[0].sum())
    extra = np.zeros(len(names), np.int64)
    extra[0] = everyone if rules.oversize is None else rules.oversize
    neighbour = symmetric(*open_borders(problem), n)
    border = symmetric(problem.borders.a, problem.borders.b, n)
    pair = pair_costs(problem)
    sets, cut, touch = set_costs(problem)
    apart = [*rules.apart, *different_names(problem)]
    beyond = symmetric(
        np.array([p for p, _q in apart], np.int64), np.array([q for _p, q in apart], np.int64), n
    )
    tied = ties(problem)
    tie = symmetric(tied[:, 0], tied[:, 1], n)
    big_start, big = bigs(size, high)
    inverse = sets.T.tocsr()
    weight = problem.weights.get("balance", 0.0)
    return Model(
        neighbour_start=neighbour.indptr.astype(np.int64),
        neighbour=neighbour.indices.astype(np.int64),
        border_start=border.indptr.astype(np.int64),
        border=border.indices.astype(np.int64),
        pair_start=pair.indptr.astype(np.int64),
        pair=pair.indices.astype(np.int64),
        pair_cost=pair.data.astype(np.float64),
        pin_start=sets.indptr.astype(np.int64),
        pin=sets.indices.astype(np.int64),
        set_start=inverse.indptr.astype(np.int64),
        set_of=inverse.indices.astype(np.int64),
        cut_cost=cut,
        touch_cost=touch,
        size=size,
        low=low,
        high=high,
        hard=hard,
        big_start=big_start,
        big=big,
        alone=size,
        extra=extra,
        apart_start=beyond.indptr.astype(np.int64),
        apart=beyond.indices.astype(np.int64),
        tie_start=tie.indptr.astype(np.int64),
        tie=tie.indices.astype(np.int64),
        outside=outside,
        holes=problem.outside is not None,
        centres=(
            np.zeros(n, np.int64) if problem.centres is None else problem.centres.astype(np.int64)
        ),
        needs_centre=rules.centre,
        moved_cost=np.zeros((n, 0)),
        balance_cost=weight / max(everyone, 1),
    )


def bigs(size: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Measure to the units above its upper bound, as CSR."""
    found = [
        np.flatnonzero(row > most) if most >= 0 else np.empty(0, np.int64)
        for row, most in zip(size, high, strict=True)
    ]
    start = np.concatenate([[0], np.cumsum([len(units) for units in found])])
    return start.astype(np.int64), np.concatenate(found).astype(np.int64)


def pair_costs(problem: Problem) -> csr_array:
    """What it costs to part two places: flows and border, by their weights."""
    n = problem.size
    total = csr_array((n, n))
    parts: list[tuple[str, Pairs | None]] = [("flows", problem.flows), ("border", problem.borders)]
    for goal, links in parts:
        weight = problem.weights.get(goal, 0.0)
        if weight and links is not None and links.value.sum() > 0:
            cost = weight * links.value / links.value.sum()
            total = total + symmetric(links.a, links.b, n, cost)
    found = csr_array(total)
    found.eliminate_zeros()
    found.sort_indices()
    return found


def set_costs(problem: Problem) -> tuple[csr_array, Floats, Floats]:
    """Matrix of sets by places, and what each set costs when cut and for each further zone."""
    sets: list[csr_array] = []
    cut: list[Floats] = []
    touch: list[Floats] = []
    weights = problem.weights
    found = [(problem.partnerships, weights.get("cut", 0.0), weights.get("connectivity", 0.0))]
    found += [
        (zones, 0.0, weights.get(AGREEMENT + zoning, 0.0))
        for zoning, zones in problem.zonings.items()
    ]
    for edges, cut_weight, touch_weight in found:
        if not (cut_weight or touch_weight):
            continue
        sets.append(incidence(edges, problem.size))
        sizes = np.diff(edges.members.indptr)
        most = float((edges.weights * np.maximum(sizes - 1 + edges.open, 0)).sum())
        whole = float(edges.weights.sum())
        closed = np.where(edges.open, 0.0, edges.weights)
        cut.append(cut_weight * closed / whole if whole else closed * 0)
        touch.append(touch_weight * edges.weights / most if most else closed * 0)
    if not sets:
        return csr_array((0, problem.size)), np.empty(0), np.empty(0)
    return csr_array(vstack(sets)), np.concatenate(cut), np.concatenate(touch)


def contracted(model: Model, cluster: Ints) -> Model:
    """The model in which the units of one cluster (numbers 0..) are one unit. Sets within a cluster
    fall away, equal sets become one."""
    m = int(cluster.max(initial=-1)) + 1
    n = len(cluster)
    onto = csr_array((np.ones(n), (np.arange(n), cluster)), shape=(n, m))
    neighbour = square(model.neighbour_start, model.neighbour, None, onto)
    border = square(model.border_start, model.border, None, onto)
    pair = square(model.pair_start, model.pair, model.pair_cost, onto)
    apart = square(model.apart_start, model.apart, None, onto, keep_own=True)
    tie = square(model.tie_start, model.tie, None, onto)
    sets = csr_array(
        (np.ones(len(model.pin)), model.pin, model.pin_start),
        shape=(len(model.cut_cost), n),
    )
    sets, cut, touch = merged_sets(csr_array(sets @ onto), model.cut_cost, model.touch_cost)
    inverse = sets.T.tocsr()
    size = np.rint(model.size @ onto).astype(np.int64)
    alone = np.zeros((len(size), m), np.int64)
    for row, held in zip(alone, model.alone, strict=True):
        np.maximum.at(row, cluster, held)
    big_start, big = bigs(alone, model.high)
    return model._replace(
        neighbour_start=neighbour.indptr.astype(np.int64),
        neighbour=neighbour.indices.astype(np.int64),
        border_start=border.indptr.astype(np.int64),
        border=border.indices.astype(np.int64),
        pair_start=pair.indptr.astype(np.int64),
        pair=pair.indices.astype(np.int64),
        pair_cost=pair.data.astype(np.float64),
        pin_start=sets.indptr.astype(np.int64),
        pin=sets.indices.astype(np.int64),
        set_start=inverse.indptr.astype(np.int64),
        set_of=inverse.indices.astype(np.int64),
        cut_cost=cut,
        touch_cost=touch,
        size=size,
        big_start=big_start,
        big=big,
        alone=alone,
        apart_start=apart.indptr.astype(np.int64),
        apart=apart.indices.astype(np.int64),
        tie_start=tie.indptr.astype(np.int64),
        tie=tie.indices.astype(np.int64),
        outside=np.asarray(np.bincount(cluster, model.outside, m) > 0),
        centres=np.rint(np.bincount(cluster, model.centres, m)).astype(np.int64),
        moved_cost=onto.T @ model.moved_cost,
    )


def square(
    start: Ints, to: Ints, value: Floats | None, onto: csr_array, *, keep_own: bool = False
) -> csr_array:
    """Links between units as links between clusters, summed (without ``value`` each once); those
    within a cluster are left out."""
    n = onto.shape[0]
    data = np.ones(len(to)) if value is None else value
    links = csr_array(onto.T @ csr_array((data, to, start), shape=(n, n)) @ onto).tocoo()
    kept = (links.row != links.col) | keep_own
    found = csr_array((links.data[kept], (links.row[kept], links.col[kept])), shape=links.shape)
    found.sort_indices()
    if value is None:
        found.data[:] = 1.0
    return found


def merged_sets(sets: csr_array, cut: Floats, touch: Floats) -> tuple[csr_array, Floats, Floats]:
    """Sets of at least two units, equal ones as one with their costs summed."""
    wide: Flags = np.diff(sets.indptr) > 1
    sets, cut, touch = csr_array(sets[wide]), cut[wide], touch[wide]
    sets.data[:] = 1.0
    words = np.random.default_rng(0).integers(1, 2**62, (sets.shape[1], 2))
    owner = np.repeat(np.arange(sets.shape[0]), np.diff(sets.indptr))
    marks = np.zeros((sets.shape[0], 2), np.int64)
    np.add.at(marks, owner, words[sets.indices])  # wraps; two words make a clash unthinkable
    _marks, first, where = np.unique(marks, axis=0, return_index=True, return_inverse=True)
    where = where.ravel()
    kept = csr_array(sets[first])
    kept.sort_indices()
    count = len(first)
    return kept, summed(cut, where, count), summed(touch, where, count)


def summed(values: Floats, where: Ints, count: int) -> Floats:
    return np.bincount(where, values, count).astype(np.float64)
