"""The page of mergers: its figures are those of the JSON; for everybody, on every screen."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from pages import Shown, body_rows, by_id, check_links, check_open_to_all, maps_of, page_of, text
from samenspel.landscape.example import example
from samenspel.landscape.package import write

pytest.importorskip("numba")
pytest.importorskip("ortools")
pytest_plugins = ("drawn_fixtures", "browser")

SOUTH = ("--within", "REGIO", "--region", "ZUID")
PICKED = ("--candidate", "Nergenshuizen,Sprookjeswalle")


@pytest.fixture(scope="module")
def picked(land: Path, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    file = tmp_path_factory.mktemp("picked") / "mergers.html"
    return page_of(land, file, "mergers", *SOUTH, *PICKED, "--at-least", "40000")


@pytest.fixture(scope="module")
def whole(land: Path, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    return page_of(
        land, tmp_path_factory.mktemp("whole") / "a.html", "mergers", "--within", "REGIO"
    )


def value(figure: Any) -> str:
    return "" if figure is None else str(figure)


def test_the_candidates_of_the_page_are_those_of_the_json(picked: Shown, whole: Shown) -> None:
    for shown, place in ((picked, 1), (whole, 2)):
        rows = body_rows(shown.tree, "merging")
        wanted = [row for zone in shown.found["zones"] for row in zone["candidates"]]
        assert len(rows) == len(wanted) > 0
        for row, candidate in zip(rows, wanted, strict=True):
            figures = candidate["figures"]
            names = [shown.found["names"][nis] for nis in candidate["municipalities"]]
            assert text(row[0]) == " + ".join(names)
            assert [cell.get("data-v") for cell in row[place : place + 6]] == [
                value(figures[name]) for name in
                ("population", "shared", "internal", "tables", "commuting_inside", "zonings_cut")
            ]  # fmt: skip
            for warning in candidate["warnings"]:
                assert warning["reason"] in text(row[-1])


def test_the_alternatives_of_the_page_are_those_of_the_json(picked: Shown) -> None:
    rows = body_rows(picked.tree, "front-1")
    front = picked.found["zones"][0]["alternatives"]
    assert len(rows) == len(front["rows"])
    for row, alternative in zip(rows, front["rows"], strict=True):
        values = [cell.get("data-v") for cell in row[2:5]]
        assert values == [str(alternative["values"][goal["goal"]]) for goal in front["goals"]]
    assert [text(row[1]) for row in rows[:2]] == ["status quo", "cooperation only"]


def test_goals_are_called_by_words(picked: Shown) -> None:
    heads = [text(head) for head in by_id(picked.tree, "alternatives").iter("th")][2:5]
    words = ["smallest municipality (more)", "inhabitants moved (fewer)"]
    assert [head.removesuffix(" ↕") for head in heads[:2]] == words
    titles = [text(caption) for caption in picked.tree.iter("figcaption")]
    assert any("best on smallest municipality" in title for title in titles)
    legend = [text(item) for item in by_id(picked.tree, "alternatives").iter("li")]
    # The name that --goals takes stands in the legend alone.
    assert legend[0].startswith("smallest municipality (smallest): inhabitants of the smallest")
    assert not any(re.search(r"\b(moved|internal|smallest)$", title) for title in titles)


def test_the_merger_of_the_page_is_that_of_the_json(picked: Shown) -> None:
    (merger,) = picked.found["chosen"]["mergers"]
    rows = body_rows(picked.tree, "beside-1")
    assert [text(row[0]) for row in rows] == [row["title"] for row in merger["rows"]]
    families = {family["family"]: family["title"] for family in picked.found["families"]}
    assert [text(row[4]) for row in rows] == [families[row["family"]] for row in merger["rows"]]
    shown = {text(row[0]): [text(cell) for cell in row[1:4]] for row in rows}
    assert shown["inhabitants"] == ["11 500 to 26 400", "11 500 to 26 400", "37 900"]
    assert shown["majorities and agreements"] == ["unknown"] * 3
    tables = body_rows(picked.tree, "tables-1")
    assert [text(row[0]) for row in tables] == [row["name"] for row in merger["tables"]]
    assert picked.found["chosen"]["scenario"].strip() in picked.file.read_text("utf-8").replace(
        "&#39;", "'"
    )


def test_maps_show_the_status_quo_the_merger_and_what_is_best_on_a_goal(
    picked: Shown, whole: Shown
) -> None:
    maps = maps_of(picked.tree)
    assert 3 <= len(maps) <= 4
    assert [len(svg.findall("path")) for svg in maps[:2]] == [4, 3]
    assert [len(svg.findall("g")) for svg in maps] == [4] * len(maps)
    (only,) = maps_of(whole.tree)
    assert len(only.findall("path")) == 2


def test_ids_are_unique_and_links_lead_somewhere(picked: Shown, whole: Shown) -> None:
    for shown in (picked, whole):
        check_links(shown.tree)


def test_the_page_names_no_place_and_says_that_the_land_is_invented(picked: Shown) -> None:
    html = picked.file.read_text("utf-8")
    assert "This land does not exist" in html
    assert str(picked.file.parent) not in html
    command = text(list(by_id(picked.tree, "choices").iter("code"))[-1])
    assert command.startswith("samenspel mergers streek --within REGIO")
    assert not re.search(r"<(img|link|iframe)\b", html)


def test_the_page_says_which_language_it_speaks(land: Path, tmp_path: Path) -> None:
    shown = page_of(land, tmp_path / "a.html", "mergers", *SOUTH, spoken="nl")
    assert shown.tree.find("html").get("lang") == "nl"  # type: ignore[union-attr]


def test_without_areas_there_are_tables_and_no_map(tmp_path: Path) -> None:
    folder = tmp_path / "streek"
    write(example().with_tables(geometries=example().table("geometries").clear()), folder)
    shown = page_of(folder, tmp_path / "a.html", "mergers", *SOUTH)
    assert not maps_of(shown.tree)
    assert body_rows(shown.tree, "merging")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("which", ["picked", "whole"])
def test_nothing_keeps_anybody_out(
    which: str, width: int, chromium: Browser, request: pytest.FixtureRequest
) -> None:
    check_open_to_all(chromium, request.getfixturevalue(which).file, width)
