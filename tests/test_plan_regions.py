"""Plans of a generated region with 183 partnerships and of real regions of Flanders."""

from functools import cache

import polars as pl
import pytest

from conftest import Imported
from countries import example, generate
from samenspel.alignment.plan.check import check_plan
from samenspel.alignment.plan.plan import Clash, Plan
from samenspel.alignment.plan.rationalise import rationalise
from samenspel.alignment.plan.settings import Settings, Weights
from samenspel.alignment.plan.wishes import Wish
from samenspel.landscape.landscape import Landscape

SIZE = 183


@cache
def country() -> Landscape:
    return generate(100, 1)


@cache
def model_plan() -> Plan:
    """The plan of the one region with 17 municipalities and 183 partnerships."""
    zones = country().table("zone_members").filter(pl.col("zoning") == "referentieregio")
    found = [
        plan
        for zone, towns in zones.group_by("zone").len().sort("zone").iter_rows()
        if towns == 17
        and isinstance(plan := rationalise(country(), zone, "referentieregio", seconds=120), Plan)
        and plan.before == SIZE
    ]
    (plan,) = found
    return plan


def test_183_become_fewer_with_proof() -> None:
    plan = model_plan()
    assert plan.proven_optimal
    assert plan.unique
    assert plan.after == plan.bound < SIZE / 2
    assert check_plan(country(), plan.as_json()) == []


def test_its_curve_falls_from_the_fewest_to_all() -> None:
    plan = model_plan()
    numbers = [point.partnerships for point in plan.curve]
    assert numbers == list(range(plan.after, SIZE + 1))
    efforts = [point.effort for point in plan.curve]
    assert efforts == sorted(efforts, reverse=True)
    assert efforts[0] == plan.effort
    assert all(point.bound == point.effort for point in plan.curve)


def test_the_other_end_of_the_curve_is_no_change() -> None:
    plan = model_plan()
    # Where nothing needs to be explained, to keep everything asks nothing.
    free = Settings(weights=Weights(explain=0), target=SIZE)
    kept = rationalise(country(), plan.zone, plan.zoning, free, seconds=120)
    assert isinstance(kept, Plan)
    assert (kept.after, kept.effort) == (SIZE, 0)
    assert kept.curve[-1].effort == kept.curve[-1].bound == 0
    # Where it does, no more than all that explaining.
    all_stay = [Wish("without", operation=name) for name in ("merge", "host", "dissolve", "shrink")]
    kept = rationalise(country(), plan.zone, plan.zoning, wishes=all_stay, seconds=120)
    assert isinstance(kept, Plan)
    assert kept.after == SIZE
    assert plan.curve[-1].effort <= kept.effort


def test_its_words_fit_every_line() -> None:
    plan = model_plan()
    ids = {line.partnerships[0] for line in plan.lines}
    for line in plan.lines:
        assert "{" not in line.reason
        assert line.reason.endswith(".")
        assert set(line.carries) <= ids
        assert (line.phase is None) == (line.operation == "keep")
    moved = [line for line in plan.lines if line.operation in ("merge", "host", "dissolve")]
    assert len(moved) == plan.before - plan.after
    assert {kind for line in moved for kind in line.obstacles} == {
        "early_exit", "settlement", "capital", "staff", "soil",
    }  # fmt: skip


def test_an_alternative_along_the_curve_is_a_plan_too() -> None:
    plan = model_plan()
    other = rationalise(country(), plan.zone, plan.zoning, Settings(target=120), seconds=120)
    assert isinstance(other, Plan)
    assert check_plan(country(), other.as_json()) == []
    assert (other.after, other.proven_optimal) == (120, True)
    assert other.effort == next(p.effort for p in plan.curve if p.partnerships == 120)
    assert other.curve == plan.curve


def test_a_number_that_cannot_be_reached_comes_back() -> None:
    plan = model_plan()
    wishes = [Wish("at_most", number=plan.after - 1), Wish("keep", plan.lines[0].partnerships[0])]
    found = rationalise(country(), plan.zone, plan.zoning, wishes=wishes, seconds=60)
    assert isinstance(found, Clash)
    assert found.wishes == (wishes[0],)


def test_a_plan_in_little_time_is_possible_and_says_that_it_is_cut() -> None:
    plan = model_plan()
    cut = rationalise(country(), plan.zone, plan.zoning, seconds=0.05)
    assert isinstance(cut, Plan)
    assert check_plan(country(), cut.as_json()) == []
    assert cut.bound <= plan.after <= cut.after
    assert not cut.proven_optimal


def test_another_country_has_plans_without_faults_everywhere() -> None:
    landscape = generate(60, 4)
    zones = landscape.table("zones").filter(pl.col("zoning") == "referentieregio")["zone"]
    for zone in zones.sort():
        plan = rationalise(landscape, zone, "referentieregio", seconds=60)
        assert isinstance(plan, Plan)
        assert check_plan(landscape, plan.as_json()) == []


@pytest.mark.parametrize("zone", ["NOORD", "ZUID"])
def test_the_example_has_plans(zone: str) -> None:
    plan = rationalise(example(), zone, "REGIO")
    assert isinstance(plan, Plan)
    assert plan.proven_optimal
    assert check_plan(example(), plan.as_json()) == []


def test_of_real_regions_too_little_is_known_and_all_stay(flanders_2025: Imported) -> None:
    landscape, _findings = flanders_2025
    regions = landscape.table("zonings").filter(pl.col("kind") == "reference_region")["zoning"]
    sizes = (
        landscape.table("zone_members")
        .filter(pl.col("zoning") == regions[0])
        .group_by("zone")
        .len()
        .sort("len", "zone")
    )
    for zone in sizes["zone"].head(2):
        plan = rationalise(landscape, zone, regions[0])
        assert isinstance(plan, Plan)
        assert plan.before > 0
        assert check_plan(landscape, plan.as_json()) == []
        assert (plan.after, plan.proven_optimal) == (plan.before, True)
        assert {line.operation for line in plan.lines} == {"keep"}
        assert not any(line.tasks_known for line in plan.lines)
        assert any("cannot know" in note for note in plan.notes)
