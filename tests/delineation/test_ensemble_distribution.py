"""The chains sample what they say: compared with all plans of a small grid, one by one."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from brute import all_valid_plans
from lands import grid, ring_round_lake, ruled
from scipy.stats import chisquare

from samenspel.delineation.chains.ensemble import Ensemble, ensemble
from samenspel.delineation.chains.trees import spanning_tree
from samenspel.delineation.goals import score
from samenspel.delineation.problem import Bound, Group, Problem, normalised

SURE = 1e-9  # a wrong distribution is found out
FAIR = 1e-3  # the right one is not refused


def trees(problem: Problem, places: np.ndarray) -> float:
    """The number of spanning trees of the land of ``places`` (Kirchhoff), as units that stay
    together see it."""
    merged = {i: min(g.members) for g in problem.rules.together for i in g.members}
    names = sorted({merged.get(int(i), int(i)) for i in places})
    links = {
        frozenset((merged.get(a, a), merged.get(b, b)))
        for a, b in zip(problem.borders.a.tolist(), problem.borders.b.tolist(), strict=True)
    }
    at = {name: i for i, name in enumerate(names)}
    matrix = np.zeros((len(names), len(names)))
    for link in links:
        if len(link) == 2 and link <= set(names):
            i, j = (at[name] for name in link)
            matrix[i, j] = matrix[j, i] = -1
    matrix -= np.diag(matrix.sum(axis=1))
    return float(round(np.linalg.det(matrix[1:, 1:]))) if len(names) > 1 else 1.0


def counted(found: Ensemble) -> Counter[tuple[int, ...]]:
    """How often each plan was recorded."""
    assert found.plans is not None
    rows, times = np.unique(np.concatenate(found.plans), axis=0, return_counts=True)
    total: Counter[tuple[int, ...]] = Counter()
    for row, count in zip(rows, times, strict=True):
        total[tuple(normalised(row.astype(np.int64)).tolist())] += int(count)
    return total


def likely(found: Ensemble, weights: dict[tuple[int, ...], float]) -> float:
    """The chance of counts as unlikely as these if plans come in proportion to ``weights``."""
    seen = counted(found)
    assert set(seen) <= set(weights)
    share = np.array(list(weights.values())) / sum(weights.values()) * found.records
    assert share.min() > 4
    return float(chisquare([seen[plan] for plan in weights], share).pvalue)


def tree_weights(problem: Problem) -> dict[tuple[int, ...], float]:
    """The product of the numbers of spanning trees of its zones, for each valid plan."""
    result = {}
    for plan in all_valid_plans(problem):
        zones = np.array(plan)
        parts = [np.flatnonzero(zones == z) for z in range(max(plan) + 1)]
        result[plan] = float(np.prod([trees(problem, part) for part in parts]))
    return result


def sizes(low: int, high: int) -> dict[str, Bound]:
    return {"municipalities": Bound(low, high)}


THREE = ruled(grid(3, 3), zones=(3, 3), bounds=sizes(2, 4))
HOLES = ruled(grid(3, 3), zones=(2, 2), bounds=sizes(1, 8))
WHOLE = ruled(
    grid(3, 3), zones=(3, 3), bounds=sizes(1, 5), together=(Group("square", frozenset({0, 1, 3})),)
)
MIXED = ruled(
    grid(4, 3, centres=np.array([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1], np.bool_)),
    zones=(3, 3), bounds=sizes(3, 6), apart=((0, 4),), centre=True,
)  # fmt: skip
LAKE = ruled(ring_round_lake(8), zones=(3, 3), bounds=sizes(1, 5))


@pytest.mark.parametrize("problem", [THREE, HOLES, WHOLE, MIXED, LAKE])
def test_the_reversible_chain_follows_the_numbers_of_spanning_trees(problem: Problem) -> None:
    weights = tree_weights(problem)
    found = ensemble(
        problem, np.array(next(iter(weights))), kind="reversible", steps=600_000, thin=100,
        chains=2, seed=1, keep=True,
    )  # fmt: skip
    assert likely(found, weights) > FAIR
    if len(set(weights.values())) > 1:
        assert likely(found, dict.fromkeys(weights, 1.0)) < SURE


def test_a_bound_on_dividing_edges_keeps_the_distribution_or_says_that_it_does_not() -> None:
    weights = tree_weights(THREE)
    start = np.array(next(iter(weights)))
    right = ensemble(
        THREE, start, kind="reversible", steps=600_000, thin=100, chains=2, seed=2, most=4,
        keep=True,
    )  # fmt: skip
    assert likely(right, weights) > FAIR
    assert "not exactly" not in right.target
    wrong = ensemble(THREE, start, kind="reversible", steps=1000, thin=100, chains=2, most=1)
    assert "not exactly" in wrong.target


@pytest.mark.parametrize("problem", [THREE, HOLES, WHOLE, LAKE])
def test_the_flip_chain_sees_all_plans_alike(problem: Problem) -> None:
    weights = tree_weights(problem)
    found = ensemble(
        problem, np.array(next(iter(weights))), kind="flip", steps=1_200_000, thin=200, chains=2,
        seed=1, keep=True,
    )  # fmt: skip
    assert likely(found, dict.fromkeys(weights, 1.0)) > FAIR
    if len(set(weights.values())) > 1:
        assert likely(found, weights) < SURE


SOFT = replace(
    ruled(
        grid(3, 3, population=[9, 1, 4, 4, 7, 2, 3, 8, 5]), zones=(3, 3),
        bounds=sizes(2, 4) | {"population": Bound(12, 16, hard=False)},
    ),
    weights={"border": 2.0, "balance": 1.0, "moved": 1.0},
    present=np.array([0, 0, 0, 1, 1, 1, 2, 2, 2]), present_names=("N", "M", "S"),
)  # fmt: skip


@pytest.mark.parametrize("kind", ["reversible", "flip"])
def test_beta_favours_low_objectives_by_the_stated_factor(kind: str) -> None:
    plans = tree_weights(SOFT)
    factor = {plan: float(np.exp(-2 * score(SOFT, np.array(plan)).objective)) for plan in plans}
    weights = {p: factor[p] * (plans[p] if kind == "reversible" else 1.0) for p in plans}
    found = ensemble(
        SOFT, np.array(next(iter(plans))), kind=kind, steps=750_000, thin=125, chains=2, seed=3,
        beta=2.0, keep=True,
    )  # fmt: skip
    assert likely(found, weights) > FAIR
    assert likely(found, {p: weights[p] / factor[p] for p in plans}) < SURE
    assert "exp(-2 times" in found.target


def test_recombination_reaches_every_plan() -> None:
    found = ensemble(THREE, np.array([0, 0, 0, 1, 1, 1, 2, 2, 2]), steps=20_000, thin=1, keep=True)
    assert set(counted(found)) == set(all_valid_plans(THREE))


@pytest.mark.parametrize("root", [0, 4])
def test_every_spanning_tree_has_the_same_chance(root: int) -> None:
    land = grid(3, 3)
    start = land.neighbours.indptr.astype(np.int32)
    near = land.neighbours.indices.astype(np.int32)
    parent, order = np.zeros(9, np.int32), np.zeros(9, np.int32)
    random = np.random.SeedSequence(5).generate_state(4, np.uint64)
    seen: Counter[frozenset[frozenset[int]]] = Counter()
    for _tree in range(6000):
        spanning_tree(start, near, 9, root, parent, order, np.zeros(9, np.bool_), random)
        assert order[0] == root
        assert parent[root] == -1
        place = np.argsort(order)
        assert all(place[parent[v]] < place[v] for v in range(9) if v != root)
        seen[frozenset(frozenset((v, int(parent[v]))) for v in range(9) if v != root)] += 1
    number = round(trees(land, np.arange(9)))
    assert (number, len(seen)) == (192, 192)
    assert chisquare(list(seen.values())).pvalue > FAIR
