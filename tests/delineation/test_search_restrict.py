"""A region as a problem of its own: what holds there holds in the whole, and back."""

from dataclasses import replace
from itertools import product

import lands
import numpy as np
import pytest
from brute import all_valid_plans
from hypothesis import given, settings
from hypothesis import strategies as st

from samenspel.delineation.goals import touched
from samenspel.delineation.problem import Bound, Group, Ints, Problem, hyperedges
from samenspel.delineation.restrict import restrict
from samenspel.delineation.validator import validate

NEAR = 1e-9


def regions_of(problem: Problem, region: Ints) -> list[tuple[Ints, Problem]]:
    """Each region with any number of zones, as places and as a problem."""
    found = []
    for number in np.unique(region):
        places = np.flatnonzero(region == number)
        found.append((places, restrict(problem, places, (1, len(places)))))
    return found


@settings(max_examples=60, deadline=None)
@given(lands.problems(max_places=6, min_places=2), st.data())
def test_plans_of_regions_are_the_plans_of_the_whole_within_them(
    problem: Problem, data: st.DataObject
) -> None:
    """Every valid plan of the whole is made of valid plans of its regions. Plans of regions side by
    side break at most holes, since land of another region counts as outside, and ``apart`` and
    ``fixed`` over regions."""
    n = problem.size
    row = st.lists(st.integers(0, 1), min_size=n, max_size=n)
    region = np.unique(np.array(data.draw(row)), return_inverse=True)[1].astype(np.int64)
    borders = replace(problem.borders, value=np.maximum(problem.borders.value, 1.0))
    whole = lands.ruled(replace(problem, borders=borders), within=region, zones=(1, n))
    if any(len(np.unique(region[sorted(g.members)])) > 1 for g in whole.rules.together):
        with pytest.raises(ValueError, match="lies only partly in the region"):
            regions_of(whole, region)
        return
    parts = regions_of(whole, region)
    plans = [[np.array(p) for p in all_valid_plans(part)] for _places, part in parts]
    known = {tuple(p.tolist()) for p in (np.array(q) for q in all_valid_plans(whole))}
    joined = set()
    for chosen in product(*plans):
        plan = np.zeros(n, np.int64)
        for (places, _part), own in zip(parts, chosen, strict=True):
            plan[places] = own + n * int(region[places[0]])
        numbers = {zone: at for at, zone in enumerate(dict.fromkeys(plan.tolist()))}
        joined.add(tuple(numbers[zone] for zone in plan.tolist()))
        rules = {violation.rule for violation in validate(whole, plan)}
        assert rules <= {"hole", "fixed"}
    assert known <= joined


@settings(max_examples=100, deadline=None)
@given(lands.problems(max_places=8, min_places=2), st.data())
def test_sets_links_and_facts_of_the_places(problem: Problem, data: st.DataObject) -> None:
    problem = lands.ruled(problem, together=())
    n = problem.size
    some = data.draw(st.sets(st.integers(0, n - 1), min_size=1))
    places = np.array(sorted(some), np.int64)
    part = restrict(problem, places, (1, len(places)))
    assert part.names == tuple(problem.names[i] for i in places)
    assert part.population.tolist() == problem.population[places].tolist()
    ends = set(zip(places[part.borders.a], places[part.borders.b], strict=True))
    inside = zip(problem.borders.a.tolist(), problem.borders.b.tolist(), strict=True)
    assert ends == {(a, b) for a, b in inside if a in some and b in some}
    whole = problem.partnerships
    start = whole.members.indptr
    rows = {
        name: set(whole.members.indices[start[s] : start[s + 1]].tolist())
        for s, name in enumerate(whole.names)
    }
    assert part.partnerships.names == tuple(name for name in whole.names if rows[name] & some)
    for s, name in enumerate(part.partnerships.names):
        own = part.partnerships.members
        members = set(places[own.indices[own.indptr[s] : own.indptr[s + 1]]].tolist())
        at = whole.names.index(name)
        assert members == rows[name] & some
        assert part.partnerships.weights[s] == whole.weights[at]
        assert part.partnerships.open[s] == (whole.open[at] or rows[name] > members)


@settings(max_examples=60, deadline=None)
@given(lands.problems(max_places=8, min_places=2), st.data())
def test_a_set_is_cut_here_when_it_is_cut_in_a_plan_within(
    problem: Problem, data: st.DataObject
) -> None:
    """Of a set with members here and elsewhere both say that it is cut."""
    problem = lands.ruled(problem, together=())
    n = problem.size
    labels = np.array(data.draw(st.lists(st.integers(0, 2), min_size=n, max_size=n)), np.int64)
    region = labels % 2
    for places, part in regions_of(problem, region):
        whole = problem.partnerships
        cut = (touched(whole, labels) > 1) | whole.open
        here = (touched(part.partnerships, labels[places]) > 1) | part.partnerships.open
        named = dict(zip(whole.names, cut.tolist(), strict=True))
        assert [named[name] for name in part.partnerships.names] == here.tolist()


def test_by_hand() -> None:
    strip = lands.ruled(
        lands.strip(6, partnerships={"in": [0, 1], "over": [2, 3], "other": [4, 5]}),
        together=(Group("wish", frozenset([0, 1])), Group("far", frozenset([4, 5]))),
        apart=((1, 2), (0, 5)),
        fixed={2: "east", 5: "west"},
        within=np.array([7, 7, 7, 8, 8, 8]),
        bounds={"population": Bound(10, 20)},
        centre=True,
        oversize=3,
        penalty=2.0,
    )
    strip = replace(
        strip,
        outside=np.array([True, False, False, False, False, True]),
        flows=lands.joined(6, [(0, 2), (2, 4)], []),
        zonings={"care": hyperedges({"Z": [1, 4]})},
        present=np.array([0, 0, 1, 1, 2, 2]),
        present_names=("a", "b", "c"),
        centres=np.array([True] * 6),
    )
    part = restrict(strip, np.array([0, 1, 2]), (1, 2))
    assert part.rules.zones == (1, 2)
    assert [(g.name, sorted(g.members)) for g in part.rules.together] == [("wish", [0, 1])]
    assert part.rules.apart == ((1, 2),)
    assert part.rules.fixed == {2: "east"}
    assert part.rules.within is not None
    assert part.rules.within.tolist() == [7, 7, 7]
    assert (part.rules.centre, part.rules.oversize, part.rules.penalty) == (True, 3, 2.0)
    assert part.rules.bounds == strip.rules.bounds
    assert part.partnerships.names == ("in", "over")
    assert part.partnerships.open.tolist() == [False, True]
    assert part.zonings["care"].open.tolist() == [True]
    assert part.flows is not None
    assert part.flows.value.tolist() == [strip.flows.value[0]]  # type: ignore[union-attr]
    assert part.outside is not None
    assert part.outside.tolist() == [True, False, True]  # place 3 is land outside of place 2
    assert part.present is not None
    assert part.present.tolist() == [0, 0, 1]
    with pytest.raises(ValueError, match="wish lies only partly in the region"):
        restrict(strip, np.array([1, 2]), (1, 2))


def test_what_borders_land_outside_stays_unknown() -> None:
    """Land of another region is known to be outside, but not whether other places touch more."""
    ends = replace(lands.strip(4), outside=None)
    assert restrict(ends, np.arange(4), (1, 4)).outside is None
    assert restrict(ends, np.array([0, 1]), (1, 2)).outside is None
