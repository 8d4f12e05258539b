"""A trade-off as plain data: zones keep their codes from plan to plan, and moves lead on."""

import json
from dataclasses import replace
from typing import Any

import lands
import numpy as np

from samenspel.delineation.build import Built
from samenspel.delineation.explain.traded import told_front, zones_along
from samenspel.delineation.explain.tradeoff import Front, Point, chain, explained
from samenspel.delineation.goals import score
from samenspel.delineation.problem import Problem
from samenspel.delineation.wishes import Wishes
from samenspel.landscape.example import example

GOALS = ("border", "balance")


def along(problem: Problem, *plans: list[int]) -> Front:
    """A front of these plans, whatever they are worth."""
    given = [np.array(plan, np.int64) for plan in plans]
    points, between = chain(problem, [Point(plan, score(problem, plan)) for plan in given])
    return Front(
        goals=GOALS, points=points, between=between, seen=len(plans), reasons=(), nearest=None,
        apart=0.0, seconds=0.0, compiled=0.0, seed=0, interrupted=False,
    )  # fmt: skip


def told(problem: Problem, found: Front, *, ordered: bool = True, **wishes: Any) -> Any:
    """The JSON of ``found``; zones of a present zoning have the names of the example."""
    moves = explained(problem, found) if ordered else None
    data = told_front(example(), Built(problem, (), ()), Wishes((1, 9), **wishes), found, moves)
    assert json.loads(json.dumps(data)) == data
    return data


STRIP = replace(lands.strip(6), weights={"border": 0.5, "balance": 0.5})
PLANS = ([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 1, 1], [0, 0, 1, 1, 2, 2], [0, 0, 0, 0, 1, 1])


def test_a_zone_keeps_its_code_as_long_as_it_is_carried_on() -> None:
    data = told(STRIP, along(STRIP, *PLANS))
    codes = [list(point["plan"].values()) for point in data["points"]]
    assert codes[0] == ["Z01"] * 3 + ["Z02"] * 3
    assert codes[1] == ["Z01"] * 2 + ["Z02"] * 4
    assert codes[2][0] == codes[2][1] == "Z01"
    assert {codes[2][2], codes[2][4]} == {"Z02", "Z03"}
    for point in data["points"]:
        listed = {zone["zone"]: zone["municipalities"] for zone in point["zones"]}
        assert {nis: code for code, towns in listed.items() for nis in towns} == point["plan"]
        assert point["valid"]


def test_the_moves_lead_from_each_plan_to_the_next() -> None:
    data = told(STRIP, along(STRIP, *PLANS))
    for one, two, way in zip(data["points"], data["points"][1:], data["between"], strict=False):
        walked = dict(one["plan"])
        for step in way["steps"]:
            for nis in step["municipalities"]:
                assert walked[nis] == step["from"]
                walked[nis] = step["to"]
        assert walked == way["plan"] == two["plan"]
        for goal in GOALS:
            change = two["goals"][goal]["value"] - one["goals"][goal]["value"]
            assert abs(way["goals"][goal]["value"] - change) < 1e-9
        lost = [goal for goal in GOALS if way["goals"][goal]["cost"] > 1e-12]
        assert len(way["worse"]) == len(lost)


def test_without_an_order_there_are_no_steps() -> None:
    data = told(STRIP, along(STRIP, *PLANS), ordered=False)
    assert [way["steps"] for way in data["between"]] == [None] * 3
    assert data["between"][0]["municipalities"] == ["T02"]


def test_wishes_and_present_zones_name_the_zones_of_each_plan() -> None:
    """The present zones are places 0-2 and 3-5; the wish is for most of the second."""
    problem = replace(
        lands.ruled(STRIP, fixed={5: "Wish"}),
        present=np.array([0, 0, 0, 1, 1, 1]),
        present_names=("NOORD", "ZUID"),
    )
    data = told(problem, along(problem, *PLANS), present="REGIO")
    ways = [{z["zone"]: z["named_by"] for z in point["zones"]} for point in data["points"]]
    assert ways[0] == {"NOORD": "present", "Wish": "fixed"}
    assert ways[2] == {"NOORD": "present", "Z01": "number", "Wish": "fixed"}
    assert data["points"][0]["zones"][0]["name"] == "Regio Noord"
    assert data["present_plan"]["valid"]
    texts = [b["text"] for way in data["between"] for step in way["steps"] for b in step["breaks"]]
    assert not any("Zone 0" in text for text in texts)


def test_codes_never_clash_however_numbers_come_and_go() -> None:
    rng = np.random.default_rng(3)
    problem = replace(lands.grid(3, 4), weights={"border": 1.0})
    for _again in range(60):
        plans = [rng.integers(0, rng.integers(2, 6), 12).tolist() for _plan in range(4)]
        found = along(problem, *plans)
        for own, point in zip(zones_along(problem, found.points, {}), found.points, strict=True):
            assert sorted(own) == np.unique(point.plan).tolist()
            assert len({zone.zone for zone in own.values()}) == len(own)


def test_without_a_plan_the_nearest_tells_why_with_the_names_of_zones() -> None:
    problem = lands.ruled(STRIP, zones=(2, 2), fixed={0: "Wish"}, apart=((0, 1),))
    none = replace(along(problem), nearest=np.array([0, 0, 0, 1, 1, 1]), reasons=("x",))
    data = told(problem, none)
    assert data["points"] == data["between"] == []
    assert data["reasons"] == ["Zone Wish holds both T00 and T01, which must lie apart."]
    assert told(problem, replace(none, nearest=None))["reasons"] == ["x"]
