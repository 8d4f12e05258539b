"""The page of plans: its figures are those of the JSON; for everybody, on every screen."""

import json
import re
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from playwright.sync_api import Browser

from countries import example
from pages import (
    Shown,
    body_rows,
    by_id,
    check_links,
    check_open_to_all,
    maps_of,
    page_of,
    prompt,
    text,
)
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.package import write

pytest.importorskip("numba")
pytest.importorskip("ortools")
pytest_plugins = ("browser",)

LINKED = ("--link", "Afgelegem=Fantasierode")
DRAW = ("--regions", "3", "--iterations", "3000", "--present", "REGIO", "--agree", "REGIO", *LINKED)


@pytest.fixture(scope="module")
def land(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("land") / "streek"
    write(example(), folder)
    return folder


@pytest.fixture(scope="module")
def drawn(land: Path) -> Shown:
    return page_of(land, land.parent / "drawn.html", "delineate", *DRAW)


@pytest.fixture(scope="module")
def beside(land: Path, drawn: Shown) -> Shown:
    file = land.parent / "other.json"
    file.write_text(json.dumps(drawn.found), encoding="utf-8")
    return page_of(land, land.parent / "beside.html", "compare", "REGIO", str(file), *LINKED)


def figures(cells: list[Element]) -> list[str | None]:
    return [cell.get("data-v") for cell in cells]


def of(value: Any) -> str:
    return "" if value is None else str(value)


def test_the_goals_are_those_of_the_json(drawn: Shown) -> None:
    rows = body_rows(drawn.tree, "goals-c")
    goals = drawn.found["goals"]
    assert len(rows) == len(goals)
    for row, (name, goal) in zip(rows, goals.items(), strict=True):
        present = drawn.found["present_plan"]["goals"][name]["value"]
        wanted = [of(goal["value"]), of(present), of(goal["best_possible"])]
        assert figures(row[1:4]) == wanted
        assert text(row[4]) == ("" if goal["weight"] is None else f"{goal['weight']:g}")


def test_the_zones_are_those_of_the_json(drawn: Shown) -> None:
    for number, plan in enumerate((drawn.found, drawn.found["present_plan"]), start=1):
        rows = body_rows(drawn.tree, f"zones-{number}")
        assert len(rows) == len(plan["zones"])
        for row, zone in zip(rows, plan["zones"], strict=True):
            assert zone["zone"] in text(row[1])
            assert figures(row[2:5]) == [
                str(len(zone["municipalities"])), str(zone["population"]), str(zone["area_km2"]),
            ]  # fmt: skip


def test_the_reasons_are_those_of_the_json(drawn: Shown) -> None:
    rows = body_rows(drawn.tree, "reasons")
    told = drawn.found["municipalities"]
    assert [row["municipality"] for row in told] == sorted(drawn.found["plan"])
    for row, reason in zip(rows, told, strict=True):
        assert reason["zone"] == drawn.found["plan"][reason["municipality"]]
        assert text(row[1]) == reason["zone"]
        best = reason["best"]
        assert text(row[2]) == ("" if best is None else best["to"])
        assert row[3].get("data-v") == ("" if best is None else str(best["objective"]))
        assert text(row[4]) == " ".join(reason["reason"].split())


def test_reasons_are_told_only_where_asked(land: Path) -> None:
    words = ("delineate", str(land), "--lang", "en", *DRAW)
    without = json.loads(prompt(*words, "--json")[1])
    assert without["municipalities"] is None
    asked = json.loads(prompt(*words, "--json", "--reasons")[1])
    assert len(asked["municipalities"]) == 8
    assert "Why each lies there" in prompt(*words, "--reasons")[1]


def test_the_moves_are_those_of_the_json(beside: Shown) -> None:
    (way,) = beside.found["differences"]
    rows = body_rows(beside.tree, "moves-1")
    assert len(rows) == len(way["steps"]) > 0
    for row, step in zip(rows, way["steps"], strict=True):
        assert [text(cell) for cell in row[1:3]] == [step["from"], step["to"]]
        assert row[3].get("data-v") == str(step["objective"])
        assert text(row[4]) == " ".join(broken["text"] for broken in step["breaks"])
    goals = body_rows(beside.tree, "goals-c")
    for row, name in zip(goals, beside.found["plans"][0]["goals"], strict=True):
        values = [of(plan["goals"][name]["value"]) for plan in beside.found["plans"]]
        assert figures(row[1:3]) == values


def test_every_zone_stands_on_its_map(drawn: Shown, beside: Shown) -> None:
    for page, counts in (
        (drawn, [len(drawn.found["zones"]), 2]),
        (beside, [len(plan["zones"]) for plan in beside.found["plans"]] + [0]),
    ):
        maps = maps_of(page.tree)
        assert [len(svg.findall("path")) for svg in maps] == counts
        assert [len(svg.findall("g")) for svg in maps] == [8] * len(maps)


def test_who_changes_zone_is_marked(beside: Shown) -> None:
    last = maps_of(beside.tree)[-1]
    gone = {use.get("href", "")[3:] for use in last.iter("use") if use.get("class") == "in"}
    assert gone == set(beside.found["differences"][0]["municipalities"])


def test_ids_are_unique_and_links_lead_somewhere(drawn: Shown, beside: Shown) -> None:
    for page in (drawn, beside):
        check_links(page.tree)


def test_the_page_says_that_the_land_is_invented_and_names_no_place(drawn: Shown) -> None:
    html = drawn.file.read_text("utf-8")
    assert "This land does not exist" in html
    assert str(drawn.file.parent) not in html
    (command,) = [text(code) for code in drawn.tree.iter("code")]
    assert command.startswith("samenspel delineate streek --regions 3")
    assert "--page" not in command
    assert text(by_id(drawn.tree, "choices")).count("choice") >= 1


def test_the_page_says_which_language_it_speaks(land: Path, tmp_path: Path) -> None:
    page = page_of(land, tmp_path / "a.html", "delineate", *DRAW, spoken="nl")
    assert page.tree.find("html").get("lang") == "nl"  # type: ignore[union-attr]


@pytest.mark.parametrize("command", ["delineate", "compare"])
def test_another_file_is_not_replaced(command: str, land: Path, tmp_path: Path) -> None:
    words = ("--regions", "2") if command == "delineate" else ("REGIO",)
    other = tmp_path / "mine.html"
    other.write_text("<p>mine</p>")
    for file, said in ((other, "is no report"), (tmp_path / "a.txt", ".html")):
        code, out, err = prompt("--lang", "en", command, str(land), *words, "--page", str(file))
        assert (code, out) == (2, "")
        assert said in err
    assert other.read_text() == "<p>mine</p>"
    assert not (tmp_path / "a.txt").exists()


def test_no_page_is_made_where_there_is_no_plan(land: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    words = ("--regions", "3", "--population", "60000..", "--iterations", "10")
    assert prompt("delineate", str(land), *words, "--page", str(file))[0] == 1
    assert not file.exists()


def test_without_areas_there_are_tables_and_no_map(tmp_path: Path) -> None:
    folder = tmp_path / "streek"
    write(example().with_tables(geometries=example().table("geometries").clear()), folder)
    page = page_of(folder, tmp_path / "a.html", "compare", "REGIO", *LINKED)
    assert not maps_of(page.tree)
    assert len(body_rows(page.tree, "goals-c")) == len(page.found["plans"][0]["goals"])


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("which", ["drawn", "beside"])
def test_nothing_keeps_anybody_out(
    which: str, width: int, chromium: Browser, request: pytest.FixtureRequest
) -> None:
    check_open_to_all(chromium, request.getfixturevalue(which).file, width)


def test_all_of_flanders_side_by_side(
    flanders_2025: tuple[Landscape, list[Any]], tmp_path: Path
) -> None:
    folder = tmp_path / "vlaanderen"
    write(flanders_2025[0], folder)
    page = page_of(folder, tmp_path / "a.html", "compare", "referentieregio", "vervoerregio")
    assert len(page.file.read_bytes()) < 800_000
    first = next(svg for svg in page.tree.iter("svg") if svg.get("class") == "map")
    labels = [text(label) for label in first.findall("text") if label.get("class") == "name"]
    assert sorted(labels) == sorted(zone["name"] for zone in page.found["plans"][0]["zones"])
    assert not re.search(r"<(img|link|iframe)\b", page.file.read_text("utf-8"))
