"""Plans side by side at the prompt: goals, likeness, and the moves from one to the other."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from drawn import LINKED, found_by, refused_by, shown_by, zoning
from pages import prompt
from samenspel.delineation.build import problem_of
from samenspel.delineation.goals import score
from samenspel.delineation.wishes import Wishes
from samenspel.landscape.example import example
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.package import write

pytest.importorskip("numba")
pytest.importorskip("ortools")
pytest_plugins = ("drawn_fixtures",)


def compared(folder: Path, *words: str) -> Any:
    return found_by("compare", folder, *words)


def plan_file(folder: Path, plan: dict[str, str], name: str = "plan.json") -> str:
    file = folder / name
    file.write_text(json.dumps({"plan": plan}), encoding="utf-8")
    return str(file)


def test_the_moves_lead_from_the_first_plan_to_the_other(land: Path, tmp_path: Path) -> None:
    present = zoning(example(), "REGIO")
    other = present | {"00005": "NOORD", "00002": "ZUID"}
    found = compared(land, "REGIO", plan_file(tmp_path, other), *LINKED)
    (way,) = found["differences"]
    people = dict(example().table("municipalities").select("nis", "population").iter_rows())
    assert way["municipalities"] == ["00002", "00005"]
    assert way["inhabitants"] == people["00002"] + people["00005"]
    assert way["kept"] == pytest.approx(1 - way["inhabitants"] / sum(people.values()))
    walked = dict(present)
    for step in way["steps"]:
        for nis in step["municipalities"]:
            assert walked[nis] == step["from"]
            walked[nis] = step["to"]
    assert walked == other
    for goal, change in way["goals"].items():
        one, two = (row["goals"][goal]["value"] for row in found["plans"])
        assert change["value"] == pytest.approx(two - one)


def test_every_goal_of_every_plan_is_that_of_the_library(land: Path, tmp_path: Path) -> None:
    one = zoning(example(), "REGIO")
    alone = plan_file(tmp_path, dict.fromkeys(one, "A"))
    found = compared(land, "REGIO", alone, "--agree", "REGIO", *LINKED)
    problem = problem_of(
        example(), Wishes((1, 8), agree=("REGIO",), links=(("00009", "00010"),))
    ).problem
    codes = sorted(set(one.values()))
    plans = [np.array([codes.index(one[nis]) for nis in problem.names]), np.zeros(8, np.int64)]
    for row, plan in zip(found["plans"], plans, strict=True):
        values = score(problem, plan).goals
        assert {goal: told["value"] for goal, told in row["goals"].items()} == pytest.approx(
            {goal: told.value for goal, told in values.items()}
        )
    assert [row["valid"] for row in found["plans"]] == [True, True]
    assert [len(row["zones"]) for row in found["plans"]] == [2, 1]


def test_equal_plans_have_no_moves_whatever_the_names(land: Path, tmp_path: Path) -> None:
    other = {nis: zone.lower() for nis, zone in zoning(example(), "REGIO").items()}
    (way,) = compared(land, "REGIO", plan_file(tmp_path, other), *LINKED)["differences"]
    assert way["steps"] == way["municipalities"] == []
    assert way["kept"] == 1
    assert way["variation_of_information"] == pytest.approx(0)


def test_new_zones_keep_their_codes_unless_taken(land: Path, tmp_path: Path) -> None:
    present = zoning(example(), "REGIO")
    split = present | {"00008": "NOORD", **{nis: "N" for nis in present if present[nis] == "NOORD"}}
    (way,) = compared(land, "REGIO", plan_file(tmp_path, split), *LINKED)["differences"]
    assert way["municipalities"] == ["00008"]
    assert way["plan"]["00008"] == "NOORD′"


def test_a_plan_that_is_in_parts_is_told(land: Path, tmp_path: Path) -> None:
    plan = {nis: "A" if nis in ("00005", "00008") else "B" for nis in zoning(example(), "REGIO")}
    found = compared(land, plan_file(tmp_path, plan), *LINKED)
    assert not found["plans"][0]["valid"]
    assert any("Zone A is in 2 parts" in v["text"] for v in found["plans"][0]["violations"])
    assert found["differences"] == []
    shown = shown_by("compare", land, plan_file(tmp_path, plan), *LINKED)
    assert "breaks rules that every plan has" in shown


def test_a_plan_that_was_drawn_can_be_compared(land: Path, tmp_path: Path) -> None:
    file = tmp_path / "drawn.json"
    code, _out, _err = prompt(
        "delineate", str(land), "--regions", "3", "--iterations", "2000", "--out", str(file)
    )
    assert code == 0
    found = compared(land, str(file), "REGIO")
    assert found["plans"][0]["plan"] == json.loads(file.read_text("utf-8"))["plan"]


Damage = Callable[[dict[str, Any]], Any]
DAMAGES: dict[str, tuple[Damage, str]] = {
    "a list": (lambda _plan: [], "holds no plan"),
    "no plan": (lambda _plan: {"zones": []}, "holds no plan"),
    "none found": (lambda _plan: {"plan": None}, "holds no plan"),
    "a number": (lambda plan: {"plan": plan | {"00001": 3}}, "holds no plan"),
    "one missing": (
        lambda plan: {"plan": {k: v for k, v in plan.items() if k != "00001"}},
        "gives no zone to Voorbeeldegem (00001)",
    ),
    "one too many": (lambda plan: {"plan": plan | {"99999": "X"}}, "names 99999"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_file_is_told_in_one_line(name: str, land: Path, tmp_path: Path) -> None:
    damage, text = DAMAGES[name]
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(damage(zoning(example(), "REGIO"))))
    assert text in refused_by("compare", land, str(file))


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["NERGENS"], "There is no zoning “NERGENS”"),
        (["nergens.json"], "cannot be read as JSON"),
        (["{land}"], "is named twice; name two"),
        (["WOON"], "gives no zone to"),
        (["TOERISME"], ") lies in more than one zone"),
        (["REGIO", "REGIO"], "The plan REGIO is named twice; name it once"),
        (["plan.json", "REGIO", "./plan.json"], "The plan ./plan.json is named twice"),
        (["REGIO", "--goals", "beauty=1"], "There is no goal"),
        (["REGIO", "--out", "x.txt"], "name it so"),
        ([], "plans"),
    ],
)
def test_wrong_input_is_told_in_one_line(
    words: list[str], text: str, land: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = [word.format(land=land) for word in words]
    assert text.casefold() in refused_by("compare", land, *told).casefold()
    assert list(tmp_path.iterdir()) == []


def test_the_zonings_of_flanders(
    flanders_2025: tuple[Landscape, list[Any]], tmp_path: Path
) -> None:
    folder = tmp_path / "vlaanderen"
    landscape = flanders_2025[0]
    write(landscape, folder)
    found = compared(folder, "referentieregio", "vervoerregio")
    one, two = zoning(landscape, "referentieregio"), zoning(landscape, "vervoerregio")
    (way,) = found["differences"]
    walked = dict(one)
    for step in way["steps"]:
        walked |= dict.fromkeys(step["municipalities"], step["to"])
    zones: dict[str, set[str]] = {}
    for nis, zone in walked.items():
        zones.setdefault(zone, set()).add(two[nis])
    assert all(len(others) == 1 for others in zones.values())
    assert len(zones) == len(set(two.values()))
    assert way["municipalities"] == sorted(nis for nis in one if walked[nis] != one[nis])
