"""Plans of other rooms written as scenarios, and what applying them gives."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from studies import LAND, members, op, pick

from conftest import Imported
from samenspel.errors import InputError
from samenspel.landscape.generate import generate
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.validation import check
from samenspel.scenario.applying import apply
from samenspel.scenario.fromplans import from_plan, read_plan
from samenspel.scenario.scenario import read_scenario, write_scenario
from samenspel.scenario.study import Study
from samenspel.scenario.things import label

LINE = {"operation": "dissolve", "partnerships": ["p08"], "result": None, "reason": "omdat"}


@cache
def country() -> Landscape:
    return generate(40, 1)


@cache
def region() -> str:
    """The zone with most partnerships."""
    zones = country().table("zone_members").filter(pl.col("zoning") == "referentieregio")
    links = country().table("memberships").join(zones, left_on="organisation", right_on="nis")
    counted = links.group_by("zone").agg(pl.col("partnership").n_unique()).sort("zone")
    return str(counted.sort("partnership", descending=True, maintain_order=True)["zone"][0])


@cache
def rationalised() -> Any:
    pytest.importorskip("ortools")
    from samenspel.alignment.plan.rationalise import rationalise

    plan = rationalise(country(), region(), "referentieregio", seconds=60)
    return json.loads(json.dumps(plan.as_json(), ensure_ascii=False))


def test_a_rationalisation_plan_applied_leaves_the_partnerships_of_the_plan() -> None:
    plan = rationalised()
    assert plan["after"] < plan["before"]
    operations = {line["operation"] for line in plan["lines"]}
    assert {"keep", "extend", "merge", "host", "dissolve"} <= operations
    applied = apply(Study(country()), from_plan(plan))
    assert applied.faults == ()
    assert applied.study is not None
    left = applied.study.landscape
    stay = {line["partnerships"][0]: line for line in plan["lines"]
            if line["operation"] in ("keep", "extend", "shrink")}  # fmt: skip
    gone = {line["partnerships"][0] for line in plan["lines"]} - set(stay)
    before, after = (set(one.table("partnerships")["id"]) for one in (country(), left))
    assert after == before - gone
    assert len(stay) == plan["after"]
    for id, line in stay.items():
        seated = seats(country(), id) | set(line["newcomers"])
        assert seats(left, id) == seated - set(line["given_up"]), label(left, id)
    errors = [f for f in check(left.frames, left.date) if f.severity == "error"]
    assert errors == []


def seats(landscape: Landscape, partnership: str) -> set[str]:
    """The members that are no observers."""
    rows = landscape.table("memberships").filter(
        pl.col("partnership") == partnership, pl.col("role").ne_missing("observer")
    )
    return set(rows["organisation"])


def test_every_task_stays_for_whom_it_is_done() -> None:
    from samenspel.alignment.plan.region import read_region

    applied = apply(Study(country()), from_plan(rationalised())).study
    assert applied is not None

    def needs(landscape: Landscape) -> set[tuple[str, str, str]]:
        found = read_region(landscape, region(), "referentieregio")
        return {(task, theme, whom) for body in found.bodies if body.tasks_known
                for task, theme, _own, whom in body.needs if theme}  # fmt: skip

    elsewhere = {(task, theme, whom) for (task, theme, _own, whom)
                 in read_region(country(), region(), "referentieregio").elsewhere}  # fmt: skip
    before, after = needs(country()), needs(applied.landscape)
    assert before
    assert before - after <= elsewhere


def test_the_reason_of_every_line_stands_in_the_scenario(tmp_path: Path) -> None:
    plan = rationalised()
    scenario = from_plan(plan)
    changing = [line for line in plan["lines"] if line["operation"] not in ("keep", "extend")]
    assert [one.reason for one in scenario.operations] == [line["reason"] for line in changing]
    assert scenario.title == f"Rationalisation of {plan['name']}"
    file = tmp_path / "s.yaml"
    file.write_text(write_scenario(scenario), encoding="utf-8")
    assert read_scenario(file) == scenario


def test_each_kind_of_line() -> None:
    plan = {"lines": [
        {**LINE, "operation": "keep", "result": "p08"},
        {**LINE, "operation": "extend", "result": "p08", "newcomers": ["00001"]},
        LINE,
        {**LINE, "operation": "merge", "partnerships": ["p09"], "result": "p03"},
        {**LINE, "operation": "host", "partnerships": ["p07"], "result": "p03"},
        {**LINE, "operation": "shrink", "partnerships": ["p01"], "given_up": ["00001"],
         "result": "p01"},
    ]}  # fmt: skip
    assert from_plan(plan).operations == (
        op("dissolve_partnership", partnership="p08", reason="omdat"),
        op("merge_partnerships", parts=["p03", "p09"], into="p03", reason="omdat"),
        op("host_partnership", partnership="p07", host="p03", reason="omdat"),
        op("shrink_partnership", partnership="p01", members=["00001"], reason="omdat"),
    )
    assert from_plan({"lines": []}).operations == ()


def test_a_drawn_plan() -> None:
    towns = sorted(LAND.table("municipalities")["nis"])
    plan = {"plan": dict.fromkeys(towns[:3], "Z1") | dict.fromkeys(towns[3:], "Z2"),
            "zones": [{"zone": "Z1", "name": "Een"}, {"zone": "Z2", "name": None}]}  # fmt: skip
    [drawn] = from_plan(plan).operations
    zones = [{"zone": "Z1", "name": "Een", "municipalities": towns[:3]},
             {"zone": "Z2", "municipalities": towns[3:]}]  # fmt: skip
    assert drawn == op("redraw_zoning", zoning="plan", cover="partition", zones=zones)
    [named] = from_plan(plan, "REGIO").operations
    found = apply(Study(LAND), from_plan(plan, "REGIO")).study
    assert found is not None
    assert named.about() >= {("zoning", "REGIO")}
    assert pick(found.landscape, "zone_members", "nis", "zone", zoning="REGIO") == set(
        plan["plan"].items()
    )
    assert members(found.landscape, "p01") == members(LAND, "p01")


def test_a_plan_for_flanders_becomes_its_zoning(flanders_2025: Imported) -> None:
    pytest.importorskip("numba")
    pytest.importorskip("ortools")
    from samenspel.delineation.build import problem_of
    from samenspel.delineation.explain.delineate import told
    from samenspel.delineation.heuristic.search import search
    from samenspel.delineation.wishes import Wishes

    land = flanders_2025[0]
    built = problem_of(land, Wishes((15, 20)))
    best = search(built.problem, iterations=500, seed=0)
    plan = json.loads(json.dumps(told(land, built, Wishes((15, 20)), best, clock=False)))
    found = apply(Study(land), from_plan(plan, "ontwerp")).study
    assert found is not None
    drawn = pick(found.landscape, "zone_members", "nis", "zone", zoning="ontwerp")
    assert drawn == set(plan["plan"].items())
    assert len(drawn) == 285
    names = {zone["zone"]: zone["name"] for zone in plan["zones"]}
    assert dict(pick(found.landscape, "zones", "zone", "name", zoning="ontwerp")) == names
    # In place of the reference regions it keeps their kind, which other analyses look for.
    regions = apply(Study(land), from_plan(plan, "referentieregio")).study
    assert regions is not None
    assert pick(regions.landscape, "zonings", "kind", zoning="referentieregio") == {
        ("reference_region",)
    }


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ([], "this is no plan; give the JSON of samenspel rationalise, delineate or zones"),
        ({"clash": []}, "this is no plan"),
        ({"plan": None, "zones": []}, "this is no plan"),
        ({"plan": {"1": 2}}, "the plan has at plan.1 something else than belongs there"),
        ({"lines": [{**LINE, "partnerships": ["a", "b"]}]}, "the plan has at lines.0.partnerships"),
        ({"lines": [{"operation": "keep"}]}, "the plan has at lines.0.partnerships"),
        ({"lines": [{**LINE, "operation": "fly"}]},
         "the line of p08 says “fly” and does not say with what"),
        ({"lines": [{**LINE, "operation": "merge"}]}, "the line of p08 says “merge”"),
        ({"lines": [{**LINE, "operation": "host", "result": "p08"}]},
         "the line of p08 says “host”"),
        ({"lines": [{**LINE, "operation": "shrink"}]}, "the line of p08 says “shrink”"),
    ],
)  # fmt: skip
def test_no_plan(data: Any, told: str, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_plan(file)
    assert str(caught.value).startswith(f"{file}: {told}")


def test_files_that_hold_no_json(tmp_path: Path) -> None:
    for text in ("{", "[" * 100_000, '{"lines": [], "name": "\\ud800"}'):
        file = tmp_path / "plan.json"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match="cannot be read as JSON"):
            read_plan(file)
    with pytest.raises(InputError, match="cannot be read as JSON"):
        read_plan(tmp_path / "none.json")
    with pytest.raises(InputError, match="draws no zoning"):
        from_plan({"lines": []}, "REGIO")
