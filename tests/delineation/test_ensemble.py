"""Ensembles: every plan valid under every rule, goals as they are told, the same seed the same."""

import pickle
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from brute import all_valid_plans
from hypothesis import given, settings
from hypothesis import strategies as st
from lands import exclave, grid, problems, ring_round_place, ruled, strip

from conftest import Imported
from samenspel.delineation.build import problem_of
from samenspel.delineation.chains.ensemble import (
    KINDS,
    Ensemble,
    diagnose,
    ensemble,
    place,
    stability,
    weak_borders,
)
from samenspel.delineation.chains.land import fingerprint, first_sums, land_of, on_nodes
from samenspel.delineation.chains.run import How, run_chain
from samenspel.delineation.goals import score, value
from samenspel.delineation.problem import Bound, Group, Ints, Problem, hyperedges, normalised, pairs
from samenspel.delineation.validator import validate
from samenspel.delineation.wishes import Wishes
from samenspel.errors import InputError

ROWS = np.repeat(np.arange(4), 5)
FREE = ruled(grid(4, 5), zones=(4, 4), bounds={"municipalities": Bound(3, 8)})


def plans_of(found: Ensemble) -> list[Ints]:
    """All recorded plans."""
    assert found.plans is not None
    return [row.astype(np.int64) for rows in found.plans for row in rows]


def seen(problem: Problem, start: Ints, **asked: Any) -> list[Ints]:
    """Plans that chains of every kind visit."""
    return [
        plan
        for kind in KINDS
        for plan in plans_of(
            ensemble(problem, start, kind=kind, steps=4000, thin=1, chains=1, keep=True, **asked)
        )
    ]


@settings(max_examples=300, deadline=None)
@given(problems(), st.sampled_from(KINDS), st.sampled_from([0.0, 2.0]), st.integers(0, 99))
def test_no_chain_leaves_the_valid_plans_and_the_goals_are_those_told(
    problem: Problem, kind: str, beta: float, seed: int
) -> None:
    valid = all_valid_plans(problem)
    if not valid:
        return
    start = np.array(valid[seed % len(valid)])
    found = ensemble(
        problem, start, kind=kind, steps=60, thin=3, chains=1, seed=seed, beta=beta, keep=True
    )
    assert found.records == 20
    for plan, row, penalty, word in zip(
        plans_of(found), found.values[0], found.penalty[0], found.words[0], strict=True
    ):
        assert tuple(normalised(plan).tolist()) in valid
        told = score(problem, plan)
        assert dict(zip(found.goals, row, strict=True)) == pytest.approx(
            {name: told.goals[name].value for name in told.goals}, abs=1e-9
        )
        assert penalty == pytest.approx(told.penalty, abs=1e-9)
        assert int(word) == fingerprint(plan)
    share = [
        np.mean([plan[a] == plan[b] for plan in plans_of(found)])
        for a, b in zip(problem.borders.a, problem.borders.b, strict=True)
    ]
    assert stability(found).tolist() == pytest.approx(share)


Broken = Callable[[Ints], bool]


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        ({"apart": ((0, 6),)}, lambda p: p[0] == p[6]),
        ({"together": (Group("pair", frozenset({0, 5})),)}, lambda p: p[0] != p[5]),
        ({"together": (Group("far", frozenset({0, 12})),)}, lambda p: p[0] != p[12]),
        ({"fixed": {0: "east", 12: "west"}}, lambda p: p[0] == p[12]),
        ({"fixed": {0: "east", 5: "east"}}, lambda p: p[0] != p[5]),
        ({"centre": True}, lambda p: len(set(p[[0, 7, 14, 16, 19]])) < 4),
        ({"within": np.repeat([0, 1], 10)}, lambda p: bool(set(p[:10]) & set(p[10:]))),
        ({"bounds": {"municipalities": Bound(4, 8)}}, lambda p: np.bincount(p).min() < 4),
        ({"bounds": {"municipalities": Bound(3, 6)}}, lambda p: np.bincount(p).max() > 6),
        ({"bounds": {"area": Bound(None, 6_000_000)}}, lambda p: np.bincount(p).max() > 6),
    ],
)  # fmt: skip
def test_a_rule_holds_when_asked_and_does_not_when_not(
    rule: dict[str, Any], broken: Broken
) -> None:
    centres = np.isin(np.arange(20), [0, 7, 14, 16, 19])
    free = replace(FREE, centres=centres)
    ruling = ruled(free, **rule)
    start = next(plan for plan in seen(FREE, ROWS) if not validate(ruling, plan))
    assert not any(broken(plan) for plan in seen(ruling, start))
    assert any(broken(plan) for plan in seen(free, ROWS))


def test_a_hole_is_refused_where_land_outside_is_known_and_only_there() -> None:
    free = ruled(ring_round_place(6), zones=(2, 2))
    start = np.array([0, 0, 0, 1, 1, 1, 1])
    hole = (0, 0, 0, 0, 0, 0, 1)
    unknown = replace(free, outside=None)
    assert hole not in {tuple(normalised(plan).tolist()) for plan in seen(free, start)}
    assert hole in {tuple(normalised(plan).tolist()) for plan in seen(unknown, start)}


@pytest.mark.parametrize(("oversize", "most"), [(0, 50), (15, 60), (None, 110)])
def test_a_place_above_the_bound_takes_as_many_others_as_the_rule_allows(
    oversize: int | None, most: int
) -> None:
    land = grid(3, 3, population=[50, 10, 10, 10, 10, 10, 10, 10, 10])
    problem = ruled(land, zones=(3, 3), bounds={"population": Bound(10, 40)}, oversize=oversize)
    start = np.array(all_valid_plans(problem)[0])
    held = [int(np.bincount(p, land.population)[p[0]]) for p in seen(problem, start)]
    assert max(held) == most


def test_a_linked_exclave_moves_with_its_link() -> None:
    problem = ruled(exclave(), zones=(2, 2))
    found = {tuple(normalised(p).tolist()) for p in seen(problem, np.array([0, 0, 1, 1, 1]))}
    assert found == set(all_valid_plans(problem))
    assert (0, 0, 0, 0, 1) in found


def test_soft_bounds_count_only_through_beta() -> None:
    land = grid(3, 4)
    soft = ruled(land, zones=(2, 2), bounds={"municipalities": Bound(6, 6, hard=False)})
    start = np.repeat([0, 1], 6)
    loose = ensemble(soft, start, kind="flip", steps=4000, chains=1, beta=0.0)
    tight = ensemble(soft, start, kind="flip", steps=4000, chains=1, beta=50.0)
    assert loose.penalty[0].mean() > 5 * tight.penalty[0].mean()


def test_a_single_zone_and_as_many_zones_as_places_stand_still() -> None:
    for plan in ([0, 0, 0, 0], [0, 1, 2, 3]):
        problem = ruled(strip(4), zones=(1, 4))
        for kind in KINDS:
            found = ensemble(problem, np.array(plan), kind=kind, steps=40, keep=True, chains=1)
            assert {tuple(normalised(p).tolist()) for p in plans_of(found)} == {tuple(plan)}


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_makes_the_same_chains(kind: str) -> None:
    one, same, other = (
        ensemble(FREE, ROWS, kind=kind, steps=3000, chains=2, seed=seed) for seed in (4, 4, 5)
    )
    assert np.array_equal(np.concatenate(one.words), np.concatenate(same.words))
    assert not np.array_equal(np.concatenate(one.words), np.concatenate(other.words))
    assert not np.array_equal(one.words[0], one.words[1])


def test_how_often_a_chain_is_asked_whether_to_go_on_does_not_change_it() -> None:
    land, node = land_of(FREE)
    start = (land, on_nodes(ROWS, node), first_sums(FREE, ROWS))
    how = How(0, 3000, 10, 4, 100, 0, 0.0, True)
    alone = run_chain(*start, how, 1)
    sent = pickle.loads(pickle.dumps((*start, how, 1)))
    away = pickle.loads(pickle.dumps(run_chain(*sent)))
    assert all(np.array_equal(a, b) for a, b in zip(alone, away, strict=True))
    whole = ensemble(FREE, ROWS, steps=3000, chains=2, seed=4)
    assert np.array_equal(whole.words[1], alone.word)


def test_an_interruption_returns_what_is_there() -> None:
    def interrupt(done: int, _all: int) -> None:
        if done > 0:
            raise KeyboardInterrupt

    found = ensemble(FREE, ROWS, steps=50_000_000, thin=1000, chains=2, progress=interrupt)
    assert not found.complete
    assert 0 < found.records < 100_000
    assert all(
        len(rows) == len(words) for rows, words in zip(found.values, found.words, strict=True)
    )
    assert place(found, ROWS)["cut"].percentile == 50


def test_no_time_gives_no_plan_and_says_so() -> None:
    found = ensemble(FREE, ROWS, steps=50_000_000, thin=50_000_000, chains=1, seconds=0)
    assert (found.complete, found.records) == (False, 0)
    with pytest.raises(InputError, match="no recorded plan"):
        place(found, ROWS)
    with pytest.raises(InputError, match="no recorded plan"):
        stability(found)
    assert diagnose(found).distinct == 0


def test_progress_ends_with_all_steps() -> None:
    told: list[tuple[int, int]] = []
    found = ensemble(FREE, ROWS, steps=500, chains=3, progress=lambda *step: told.append(step))
    assert found.complete
    assert told[-1] == (1500, 1500)


def test_a_fault_in_progress_is_not_swallowed() -> None:
    def fail(_done: int, _all: int) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ensemble(FREE, ROWS, steps=1000, chains=2, progress=fail)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"kind": "jump"}, "no kind of chain"),
        ({"steps": 0}, "^--steps 0 is not possible"),
        ({"chains": 0}, "^--chains 0 "),
        ({"thin": 0}, "^--thin 0 "),
        ({"tries": 0}, "^tries 0 "),
        ({"thin": 20_000}, "^--thin 20000: .* has --steps 10000; give a number up to 10000"),
        ({"beta": -1.0}, "^--beta -1 "),
        ({"beta": float("nan")}, "^--beta nan "),
        ({"most": -1}, "^most -1 "),
        ({"seconds": -1.0}, "^--seconds -1 "),
    ],
)
def test_settings_that_are_not_possible(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        ensemble(FREE, ROWS, **asked)


def test_a_start_that_is_not_valid_is_refused_with_the_reason() -> None:
    with pytest.raises(InputError, match="start from is not valid"):
        ensemble(FREE, np.zeros(20, np.int64))
    with pytest.raises(InputError, match="start from is not valid"):
        ensemble(FREE, np.arange(20) % 4)
    with pytest.raises(InputError, match="start from is not valid"):
        ensemble(FREE, ROWS[:5])


def test_the_place_of_a_plan_counts_ties_half() -> None:
    problem = replace(
        ruled(strip(4), zones=(2, 2)), partnerships=hyperedges({"P": [0, 1], "Q": [1, 2]})
    )
    found = ensemble(problem, np.array([0, 1, 1, 1]), steps=9000, thin=1, chains=1)
    cuts = found.values[0][:, found.goals.index("cut")]
    alone = place(found, np.array([0, 0, 0, 1]))["cut"]
    both = place(found, np.array([0, 0, 1, 1]))["cut"]
    none = float((cuts == 0).mean())
    assert (alone.value, both.value) == (0, 1)
    assert alone.percentile == pytest.approx(50 * none)
    assert both.percentile == pytest.approx(100 * none + 50 * (1 - none))
    assert (alone.least, alone.most) == (0, 1)


def test_equal_values_are_equal_however_they_were_summed() -> None:
    a, b = np.arange(9), np.arange(1, 10)
    flows = pairs(a, b, 0.1 + np.arange(9) / 7, 10)
    problem = replace(
        ruled(strip(10), zones=(5, 5), bounds={"municipalities": Bound(2, 2)}), flows=flows
    )
    found = ensemble(problem, np.repeat(np.arange(5), 2), steps=100, chains=1)
    assert place(found, np.repeat(np.arange(5), 2))["flows"].percentile == 50


def test_weak_borders_are_those_that_the_ensemble_rarely_parts() -> None:
    # Places 2 and 3 share a zone in most plans of three to five places each.
    problem = ruled(strip(8), zones=(2, 2), bounds={"municipalities": Bound(2, 6)})
    found = ensemble(problem, np.repeat([0, 1], 4), kind="flip", steps=20_000, chains=2)
    together = stability(found)
    assert together[0] == together[-1] == 1.0  # no zone may have one place
    weak = weak_borders(found, np.array([0, 0, 1, 1, 2, 2, 2, 3]))
    assert (weak[0].a, weak[0].b) == (6, 7)
    assert [w.parted for w in weak] == sorted(w.parted for w in weak)
    assert weak[1].parted == pytest.approx(0.2, abs=0.05)


def test_the_diagnosis_of_chains_that_agree() -> None:
    found = ensemble(FREE, ROWS, steps=20_000, chains=4)
    told = diagnose(found)
    assert told.records == 8000
    assert 1 < told.distinct <= 8000
    assert 0 < told.accepted <= 1
    rhat, effective = told.rhat["border"], told.effective["border"]
    assert rhat == pytest.approx(1, abs=0.02)
    assert effective is not None
    assert 100 < effective < 32_000
    assert told.rhat["cut"] is None  # no partnerships, so nothing varies


@pytest.mark.parametrize("year", [2019, 2025])
def test_flanders(year: int, request: pytest.FixtureRequest) -> None:
    imported: Imported = request.getfixturevalue(f"flanders_{year}")
    problem = problem_of(
        imported[0],
        Wishes(zones=(1, 300), present="referentieregio", agree=("politiezone",), centre=False),
    ).problem
    assert problem.present is not None
    assert validate(problem, problem.present) == ()
    held = np.bincount(problem.present, problem.population)
    bound = Bound(int(held.min() * 0.9), int(held.max() * 1.1))
    asked = ruled(problem, bounds={"population": bound})
    found = ensemble(asked, problem.present, steps=400, thin=20, chains=2, keep=True)
    assert found.records == 40
    assert len({int(word) for words in found.words for word in words}) > 30
    for plan, rows in zip(plans_of(found), np.concatenate(found.values), strict=True):
        assert validate(asked, plan) == ()
        for goal, told in zip(found.goals, rows, strict=True):
            assert told == pytest.approx(value(asked, goal, plan).value, rel=1e-9)
    assert place(found, problem.present)["moved"].percentile < 50
