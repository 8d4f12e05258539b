"""Plans between goals at the prompt: the JSON, the table, the steps, the page, every refusal."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from drawn import LINKED, found_by, refused_by, shown_by
from pages import body_rows, read, text
from samenspel.delineation.build import problem_of
from samenspel.delineation.explain import tradeoff as room
from samenspel.delineation.explain.tradeoff import front
from samenspel.delineation.goals import score
from samenspel.delineation.problem import Problem
from samenspel.delineation.validator import validate
from samenspel.delineation.wishes import Wishes
from samenspel.landscape.example import example
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.package import write

pytest.importorskip("numba")
pytest.importorskip("ortools")
pytest_plugins = ("drawn_fixtures",)

FEW = ("--iterations", "12000")
WORDS = ("--regions", "2..3", "--goals", "cut,balance", *LINKED, *FEW)
KEYS = {
    "goals", "points", "between", "seen", "reasons", "apart", "seconds", "compile_seconds", "seed",
    "interrupted", "weights", "rules", "soft_penalty", "present", "links_chosen", "unknown_rules",
    "population_unknown", "present_plan",
}  # fmt: skip


def numbers(problem: Problem, plan: dict[str, str]) -> np.ndarray[Any, Any]:
    codes = list(dict.fromkeys(plan.values()))
    return np.array([codes.index(plan[nis]) for nis in problem.names])


def test_the_json_is_what_the_library_finds(land: Path) -> None:
    found = found_by("tradeoff", land, *WORDS, "--seed", "3", "--count", "4", "--distance", "0.1")
    assert found.keys() == KEYS
    assert found["goals"] == ["cut", "balance"]
    assert found["weights"] == {"values": {"cut": 0.5, "balance": 0.5}, "status": "choice"}
    assert found["apart"] == {"value": 0.1, "status": "choice"}
    wishes = Wishes((2, 3), weights={"cut": 0.5, "balance": 0.5}, links=(("00009", "00010"),))
    problem = problem_of(example(), wishes).problem
    ran = front(problem, ("cut", "balance"), iterations=12_000, seed=3, count=4, apart=0.1)
    assert len(found["points"]) == len(ran.points) > 1
    people = dict(example().table("municipalities").select("nis", "population").iter_rows())
    for row, point in zip(found["points"], ran.points, strict=True):
        plan = numbers(problem, row["plan"])
        assert validate(problem, plan) == ()
        assert row["valid"]
        values = score(problem, plan).goals
        assert {goal: told["value"] for goal, told in row["goals"].items()} == pytest.approx(
            {goal: told.value for goal, told in point.score.goals.items()}
        )
        assert values["cut"].value == row["goals"]["cut"]["value"]
        assert row["goals"]["cut"]["best_possible"] <= row["goals"]["cut"]["value"]
        assert row["goals"]["balance"]["best_possible"] is None
        for zone in row["zones"]:
            assert zone["population"] == sum(people[nis] for nis in zone["municipalities"])
    for one, two, way in zip(found["points"], found["points"][1:], found["between"], strict=False):
        walked = dict(one["plan"])
        for step in way["steps"]:
            walked |= dict.fromkeys(step["municipalities"], step["to"])
        assert numbers(problem, walked).tolist() == numbers(problem, two["plan"]).tolist()
        assert way["better"]
        assert way["worse"]


def test_equal_iterations_and_seed_give_equal_plans(land: Path) -> None:
    one, two = (found_by("tradeoff", land, *WORDS, "--seed", "1") for _again in range(2))
    times = {"seconds", "compile_seconds"}
    assert {k: v for k, v in one.items() if k not in times} == {
        k: v for k, v in two.items() if k not in times
    }


def test_the_table_and_every_step_are_shown(land: Path, tmp_path: Path) -> None:
    file = tmp_path / "plans.json"
    shown = shown_by("tradeoff", land, *WORDS, "--out", str(file))
    found = json.loads(file.read_text("utf-8"))
    heads = " ".join(f"plan {i}" for i in range(1, len(found["points"]) + 1))
    assert f"goal {heads} best possible" in shown
    cut = " ".join(f"{point['goals']['cut']['value']:.0f}" for point in found["points"])
    assert f"partnerships cut {cut} " in shown
    names = dict(example().table("municipalities").select("nis", "name").iter_rows())
    for number, way in enumerate(found["between"], start=1):
        assert f"From plan {number} to plan {number + 1}: " in shown
        assert f"Better: {'; '.join(way['better'])}." in shown
        assert f"Worse: {'; '.join(way['worse'])}." in shown
        for step in way["steps"]:
            towns = ", ".join(names[nis] for nis in step["municipalities"])
            assert f"- {towns}: {step['from']} → {step['to']}" in shown
    assert "is a choice (--distance 0.05)" in shown
    assert "Weights are a choice" not in shown


def test_the_wishes_hold_and_present_zones_that_break_them_are_told(land: Path) -> None:
    words = (*WORDS, "--present", "REGIO", "--apart", "Voorbeeldegem,Fantasierode", "--fix",
             "Voorbeeldegem=Stad", "--penalty", "2", "--municipalities", "~3..5")  # fmt: skip
    found = found_by("tradeoff", land, *words)
    assert found["points"]
    for point in found["points"]:
        assert point["plan"]["00001"] == "Stad" != point["plan"]["00010"]
    assert found["soft_penalty"]["value"] == 2.0
    assert not found["present_plan"]["valid"]
    shown = shown_by("tradeoff", land, *words)
    assert "The present zones themselves break rules that you ask for:" in shown
    assert "Zone Regio Noord (NOORD) holds both Voorbeeldegem (00001) and Fantasierode" in shown


def test_soft_bounds_are_a_goal_more(land: Path) -> None:
    shown = shown_by("tradeoff", land, *WORDS, "--population", "~50000..60000")
    assert "cost of soft bounds" in shown


def test_one_plan_alone_is_told_as_such(land: Path) -> None:
    shown = shown_by("tradeoff", land, *WORDS, "--distance", "1")
    assert "No other plan that was seen betters a goal and lies far enough from this one." in shown


def test_where_no_plan_exists_it_exits_with_one(land: Path, tmp_path: Path) -> None:
    words = ("--regions", "3", "--goals", "cut,balance", "--population", "60000..", *FEW)
    page = tmp_path / "a.html"
    found = found_by("tradeoff", land, *words, "--page", str(page), code=1)
    assert found["points"] == found["between"] == []
    assert "at most 2 zones" in found["reasons"][0]
    assert not page.exists()
    shown = shown_by("tradeoff", land, *words, code=1)
    assert "No valid plan was found." in shown
    assert found["reasons"][0] in shown


def test_an_order_that_is_interrupted_leaves_the_plans(
    land: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(room, "explained", broken)
    found = found_by("tradeoff", land, *WORDS)
    assert found["interrupted"]
    assert {way["steps"] for way in found["between"]} == {None}
    shown = shown_by("tradeoff", land, *WORDS)
    assert "Interrupted before the moves were put in order: " in shown


def test_the_page_shows_the_plans_and_the_moves(land: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    found = found_by("tradeoff", land, *WORDS, "--page", str(file))
    tree = read(file.read_text("utf-8"))
    count = len(found["points"])
    maps = [svg for svg in tree.iter("svg") if svg.get("class") == "map"]
    assert len(maps) == 2 * count - 1
    for number, way in enumerate(found["between"], start=1):
        rows = body_rows(tree, f"moves-{number}")
        assert [[text(cell) for cell in row[1:3]] for row in rows] == [
            [step["from"], step["to"]] for step in way["steps"]
        ]
    (cut,) = [row for row in body_rows(tree, "goals-c") if text(row[0]) == "partnerships cut"]
    assert [cell.get("data-v") for cell in cut[1 : count + 1]] == [
        str(point["goals"]["cut"]["value"]) for point in found["points"]
    ]
    (command,) = [text(code) for code in tree.iter("code")]
    assert command.startswith("samenspel tradeoff streek --regions 2..3 --goals cut,balance")


WRONG: list[tuple[list[str], str]] = [
    (["--goals", "cut"], "name two or three different goals with commas between"),
    (["--goals", "cut,cut"], "two or three different goals"),
    (["--goals", "cut,flows,border,balance"], "two or three different goals"),
    (["--goals", "cut,"], "two or three different goals"),
    (["--goals", "cut=1,flows=2"], "without weights, such as cut,flows"),
    (["--goals", "cut,beauty"], "There is no goal “beauty”"),
    (["--goals", "cut,moved"], "--present"),
    (["--goals", "cut,agreement:NERGENS"], "NERGENS"),
    (["--goals", "cut,flows", "--count", "1"], "--count 1: a trade-off is between two plans"),
    (["--goals", "cut,flows", "--distance", "2"], "--distance 2: "),
    (["--goals", "cut,flows", "--seconds", "0"], "--seconds 0"),
    (["--goals", "cut,flows", "--seconds", "1", "--iterations", "9"], "not both"),
    (["--goals", "cut,flows", "--penalty", "-1"], "--penalty -1"),
    (["--goals", "cut,flows", "--out", "plans.txt"], "name it so"),
    (["--goals", "cut,flows", "--page", "gone/a.html"], "there is no folder gone"),
]


@pytest.mark.parametrize(("words", "said"), WRONG, ids=[" ".join(words) for words, _s in WRONG])
def test_wrong_input_is_told_in_one_line(
    words: list[str], said: str, land: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert said in refused_by("tradeoff", land, "--regions", "2", *words)
    assert list(tmp_path.iterdir()) == []


def test_without_goals_it_asks_for_them(land: Path) -> None:
    assert "--goals is missing" in refused_by("tradeoff", land, "--regions", "2")


def test_flanders_between_partnerships_and_the_present_regions(
    flanders_2025: tuple[Landscape, list[Any]], tmp_path: Path
) -> None:
    folder = tmp_path / "vlaanderen"
    write(flanders_2025[0], folder)
    found = found_by(
        "tradeoff", folder, "--regions", "15", "--goals", "cut,moved", "--present",
        "referentieregio", "--population", "150000..1200000", "--iterations", "60000", "--count",
        "3",
    )  # fmt: skip
    values = [[point["goals"][g]["value"] for g in ("cut", "moved")] for point in found["points"]]
    assert values == sorted(values)
    assert values[-1] == [60, 0]
    last = found["points"][-1]
    assert {zone["named_by"] for zone in last["zones"]} == {"present"}
    assert all(zone["name"] for zone in last["zones"])
