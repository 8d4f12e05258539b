"""The solver against enumeration: every plan of tiny regions, judged by the checker alone."""

from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from samenspel.alignment.plan.check import check_plan, members_after, rule_faults
from samenspel.alignment.plan.checkeffort import expected
from samenspel.alignment.plan.checkfacts import TERM_BOUND, World, read_world
from samenspel.alignment.plan.plan import Plan
from samenspel.alignment.plan.rationalise import rationalise
from samenspel.alignment.plan.settings import Settings, Weights
from samenspel.alignment.plan.wishes import Wish
from samenspel.errors import InputError
from samenspel.landscape.landscape import Landscape
from test_plan_hand import DAY, body, draw

FORMS = (
    "overeenkomst", "overeenkomst", "interlokale_vereniging", "samenwerking_tussen_ocmws",
    "projectvereniging", "dienstverlenende_vereniging", "opdrachthoudende_vereniging",
    "welzijnsvereniging", "vzw", None,
)  # fmt: skip
ALIKE = ("overeenkomst", "interlokale_vereniging", "projectvereniging")
THEMES = ("housing", "housing", "leisure", None)
MEMBERS = ("1", "2", "3", "4", "o1", "91", "v")
MOST = 1500  # plans that are enumerated for one case
PLAIN = {"join_themes": [], "host_smallest": 2, "host_largest": 6, "host_across_themes": True}


@st.composite
def regions(draws: st.DrawFn) -> list[dict[str, Any]]:
    found = []
    # In half of the cases the partnerships are alike, so that many can go into many.
    forms, themes = draws(st.sampled_from(((FORMS, THEMES), (ALIKE, ("housing",)))))
    for number in range(draws(st.integers(2, 7))):
        form = draws(st.sampled_from(forms))
        among = ("o1", "o2", "o3") if form == "samenwerking_tussen_ocmws" else MEMBERS
        members = draws(st.lists(st.sampled_from(among), min_size=1, max_size=4, unique=True))
        found.append(
            body(
                f"p{number}", form,
                draws(st.sampled_from(themes)),
                [*members, "o1"] if form == "samenwerking_tussen_ocmws" else [*members, "1"],
                draws(st.lists(st.sampled_from("ab"), max_size=2, unique=True)),
                line=draws(st.sampled_from(("first", "second", None))),
                scope_exception=draws(st.sampled_from((None,) * 6 + ("scale", "small_service"))),
                term_end=draws(st.sampled_from((None, date(2027, 1, 1), date(2030, 1, 1)))),
                own_assets=draws(st.sampled_from((True, False, None))),
                host=draws(st.sampled_from((None, None, None, "p0"))),
                served=draws(st.sampled_from(((), (), ("1",), ("1", "91")))),
                transferred=draws(st.sampled_from((False, None)))
                if form == "opdrachthoudende_vereniging" else False,
            )
        )  # fmt: skip
    for one in found:
        one["members"] = sorted(set(one["members"]))
    found.append(body("q", "overeenkomst", "housing", ["91", "92"], ["a"]))
    return found


def enumerated(landscape: Landscape, weights: Weights) -> list[tuple[int, int, Any]]:
    """Count, effort and operations of every plan that the rules allow."""
    world = read_world(landscape, "Z", "R")
    ids = sorted(world.mine)
    alone = [[("keep", id)] for id in ids]
    for ways, id in zip(alone, ids, strict=True):
        others = [(op, other) for other in ids if other != id for op in ("merge", "host")]
        for operation, result in [("dissolve", None), ("shrink", id), *others]:
            # What is not allowed while all others stay is never allowed.
            taken = {one: ("keep", one) for one in ids} | {id: (operation, result)}
            if not rule_faults(world, lines_of(world, taken), {"settings": PLAIN}):
                ways.append((operation, result))
    size = 1
    for ways in alone:
        size *= len(ways)
    assume(size <= MOST)
    found = []
    for choice in product(*alone):
        taken = dict(zip(ids, choice, strict=True))
        if any(op in ("merge", "host") and taken[to][0] != "keep" for op, to in choice):
            continue
        lines = lines_of(world, taken)
        if rule_faults(world, lines, {"settings": PLAIN}):
            continue
        after = members_after(world, lines)
        effort = 0
        for id, line in lines.items():
            new = len(after.get(id, set()) - world.active[id].members)
            points = expected(world, line, new, vars(weights))
            effort += sum(point or 0 for point in points.values())
        count = sum(op in ("keep", "shrink") for op, _to in choice)
        found.append((count, effort, taken))
    return found


def lines_of(world: World, taken: dict[str, tuple[str, str | None]]) -> dict[str, dict[str, Any]]:
    """The lines of a plan, each change on the day that asks least."""
    lines = {}
    for id, (operation, result) in taken.items():
        one = world.active[id]
        term = one.row["term_end"]
        day = term if term or one.form in TERM_BOUND else DAY
        far = [member for member in one.members if world.far(member)]
        lines[id] = {
            "partnerships": [id],
            "operation": operation,
            "result": result,
            "date": None if day is None or operation == "keep" else day.isoformat(),
            "given_up": far if operation == "shrink" else [],
        }
    return lines


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(regions(), st.sampled_from((Weights(), Weights(explain=0), Weights(merge=0, new_member=3))))
def test_no_plan_has_fewer_partnerships_or_less_effort(
    bodies: list[dict[str, Any]], weights: Weights
) -> None:
    landscape = draw(bodies)
    every = enumerated(landscape, weights)
    plan = rationalise(landscape, "R", "Z", Settings(weights=weights))
    assert isinstance(plan, Plan)
    assert check_plan(landscape, plan.as_json()) == []
    assert plan.proven_optimal
    least = min((count, effort) for count, effort, _taken in every)
    assert (plan.after, plan.effort) == least
    for point in plan.curve:
        best = min(effort for count, effort, _taken in every if count <= point.partnerships)
        assert (point.effort, point.bound) == (best, best)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(regions())
def test_of_equal_plans_it_is_the_first_by_id(bodies: list[dict[str, Any]]) -> None:
    landscape = draw(bodies)
    every = enumerated(landscape, Weights())
    plan = rationalise(landscape, "R", "Z")
    assert isinstance(plan, Plan)
    assert plan.unique
    fixed = ("keep", "dissolve", "shrink")

    def order(way: tuple[str, str | None]) -> tuple[int, str, int]:
        operation, result = way
        if operation in fixed:
            return (fixed.index(operation), "", 0)
        return (3, result or "", ("host", "merge").index(operation))

    equals = [
        taken for count, effort, taken in every if (count, effort) == (plan.after, plan.effort)
    ]
    first = min(equals, key=lambda taken: [order(taken[id]) for id in sorted(taken)])
    mine = {
        line.partnerships[0]: (
            "keep" if line.operation == "extend" else line.operation,
            line.result,
        )
        for line in plan.lines
    }
    assert mine == first


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(regions(), st.integers(0, 8))
def test_a_target_is_met_with_the_least_effort(bodies: list[dict[str, Any]], target: int) -> None:
    landscape = draw(bodies)
    every = enumerated(landscape, Weights())
    plan = rationalise(landscape, "R", "Z", Settings(target=target))
    assert isinstance(plan, Plan)
    assert check_plan(landscape, plan.as_json()) == []
    most = max(target, min(count for count, _effort, _taken in every))
    assert plan.effort == min(effort for count, effort, _taken in every if count <= most)
    assert plan.after <= most
    assert plan.proven_optimal


def crowd(number: int) -> list[dict[str, Any]]:
    """Agreements of one theme whose members overlap, so that ways lead from each to each."""
    return [
        body(f"p{i:02d}", "interlokale_vereniging" if i % 3 else "overeenkomst", "housing",
             sorted({str(1 + i % 8), str(1 + (i * 3 + 1) % 8), str(1 + (i * 5 + 2) % 8)}),
             ["ab"[i % 2]])
        for i in range(number)
    ]  # fmt: skip


def test_a_plan_that_is_cut_is_possible_and_says_so() -> None:
    landscape = draw(crowd(20))
    cut = rationalise(landscape, "R", "Z", seconds=1e-6)
    whole = rationalise(landscape, "R", "Z")
    assert isinstance(cut, Plan)
    assert isinstance(whole, Plan)
    assert check_plan(landscape, cut.as_json()) == []
    assert check_plan(landscape, whole.as_json()) == []
    assert (cut.proven_optimal, cut.unique) == (False, False)
    assert whole.proven_optimal
    assert cut.bound <= whole.after <= cut.after
    assert all(point.bound <= point.effort for point in cut.curve)


def test_a_wish_holds_when_the_search_is_cut() -> None:
    landscape = draw(crowd(20))
    plan = rationalise(landscape, "R", "Z", wishes=[Wish("keep", "p07")], seconds=1e-6)
    assert isinstance(plan, Plan)
    assert check_plan(landscape, plan.as_json()) == []
    with pytest.raises(InputError, match="give more time"):
        rationalise(landscape, "R", "Z", wishes=[Wish("at_most", number=2)], seconds=1e-6)
