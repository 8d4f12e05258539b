"""Mergers at the prompt: the JSON that others rely on, the words, the files."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from drawn import found_by, refused_by, shown_by
from pages import prompt
from samenspel.landscape.example import example
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.package import write

pytest.importorskip("numba")
pytest.importorskip("ortools")
pytest_plugins = ("drawn_fixtures",)

SOUTH = ("--within", "REGIO", "--region", "ZUID")
PICKED = ("--candidate", "Nergenshuizen,Sprookjeswalle")
OF_ALL = {
    "landscape", "zoning", "bounds", "at_least", "many", "scale", "families", "measures",
    "warnings", "facilities_known_by", "names", "zones", "chosen",
}  # fmt: skip
OF_ZONE = {
    "zone", "name", "cut_off", "absent", "status_quo", "cooperation", "candidates", "warned",
    "warnings_unknown", "signals", "alternatives",
}  # fmt: skip
OF_CANDIDATE = {"municipalities", "figures", "known", "warnings", "warnings_unknown"}
OF_FRONT = {"goals", "goals_status", "goals_left_out", "complete", "found", "rows"}
OF_ALTERNATIVE = {
    "kind", "dominated", "values", "others", "mergers", "municipalities", "warnings",
    "warnings_unknown",
}  # fmt: skip
OF_CHOSEN = {"mergers", "scenario", "notes", "screening", "alignment", "fund"}
OF_MERGER = {
    "zone", "municipalities", "nis", "name", "rows", "warnings", "warnings_unknown", "signals",
    "tables", "places_gone", "zonings",
}  # fmt: skip


def mergers(folder: Path, *words: str) -> Any:
    return found_by("mergers", folder, *words)


def test_the_json_that_others_rely_on(land: Path) -> None:
    found = mergers(land, *SOUTH, *PICKED, "--at-least", "40000")
    assert found.keys() == OF_ALL
    (zone,) = found["zones"]
    assert zone.keys() == OF_ZONE
    assert all(row.keys() == OF_CANDIDATE for row in zone["candidates"])
    assert all(row.keys() == OF_CANDIDATE - {"warnings", "warnings_unknown"}
               for row in zone["status_quo"])  # fmt: skip
    assert zone["alternatives"].keys() == OF_FRONT
    assert all(row.keys() == OF_ALTERNATIVE for row in zone["alternatives"]["rows"])
    assert found["chosen"].keys() == OF_CHOSEN
    assert all(row.keys() == OF_MERGER for row in found["chosen"]["mergers"])
    assert found["bounds"] == {"municipalities": [2, 5], "population": [None, None],
                               "status": "choice"}  # fmt: skip
    assert found["at_least"] == {"value": 40000, "status": "choice"}
    assert [family["family"] for family in found["families"]] == [
        "capacity", "democracy", "identity", "politics"]  # fmt: skip
    assert all(one["source"] and one["status"] for one in found["families"])
    assert all(one["data"] and one["status"] for one in found["measures"])
    assert found["zones"][0]["name"] == "Regio Zuid"


def test_every_candidate_stands_beside_the_status_quo(land: Path) -> None:
    (zone,) = mergers(land, *SOUTH)["zones"]
    own = {row["municipalities"][0]: row["figures"] for row in zone["status_quo"]}
    assert own.keys() == {"00005", "00006", "00007", "00008"}
    assert len(zone["candidates"]) == 8
    for row in zone["candidates"]:
        parts = [own[nis] for nis in row["municipalities"]]
        figures = row["figures"]
        assert figures["population"] == sum(part["population"] for part in parts)
        assert figures["smallest"] == min(part["population"] for part in parts)
        assert figures["places"] == sum(part["tables"] for part in parts)
        assert figures["tables"] == figures["places"] - figures["duplicates"]


def test_status_quo_and_cooperation_are_always_among_the_alternatives(land: Path) -> None:
    for words in (SOUTH, ("--within", "REGIO", "--region", "NOORD"), ("--within", "REGIO")):
        for zone in mergers(land, *words)["zones"]:
            kinds = [row["kind"] for row in zone["alternatives"]["rows"]]
            assert kinds[:2] == ["status_quo", "cooperation"]
            assert set(kinds[2:]) <= {"alternative"}
            assert kinds.count("alternative") == zone["alternatives"]["found"]
            for row in zone["alternatives"]["rows"][2:]:
                merged = [nis for one in row["mergers"] for nis in one]
                assert len(merged) == len(set(merged)) > 1
                assert row["municipalities"] == (
                    len(zone["status_quo"]) - len(merged) + len(row["mergers"])
                )


def test_no_bound_no_word_of_too_small(land: Path) -> None:
    found = mergers(land, *SOUTH)
    assert found["at_least"] is None
    assert "too_small" not in {one["warning"] for one in found["warnings"]}
    assert not re.search(r"too_small|100[ ,.]?000|20[ ,.]?000", json.dumps(found["zones"]))
    asked = mergers(land, *SOUTH, "--at-least", "40000")
    assert asked["zones"][0]["warned"]["too_small"] == 3


def test_both_ways_to_read_small_circles_stand_there(land: Path) -> None:
    (signal,) = mergers(land, *SOUTH)["zones"][0]["signals"]
    assert signal["municipalities"] == ["00005", "00007", "00008"]
    assert "VVSG" in signal["other_viewpoint"]
    shown = shown_by("mergers", land, *SOUTH)
    assert signal["viewpoint"] in shown
    assert signal["other_viewpoint"] in shown
    assert mergers(land, *SOUTH, "--many", "4")["zones"][0]["signals"] == []


def test_scale_is_never_a_verdict(land: Path) -> None:
    found = mergers(land, *SOUTH)
    assert found["scale"]["text"].startswith("Scale is a condition, never a guarantee")
    shown = shown_by("mergers", land, *SOUTH)
    assert found["scale"]["text"] in shown
    assert "None of them is the best: that is for people to decide." in shown


def test_an_exclave_is_told_and_linked(land: Path) -> None:
    north = ("--within", "REGIO", "--region", "NOORD")
    (zone,) = mergers(land, *north)["zones"]
    assert zone["cut_off"] == ["00009"]
    assert "--link 00009=OTHER" in shown_by("mergers", land, *north)
    (linked,) = mergers(land, *north, "--link", "Afgelegem=Fantasierode")["zones"]
    assert linked["cut_off"] == []
    assert len(linked["candidates"]) > len(zone["candidates"])


def test_the_scenario_of_a_merger_is_taken_by_samenspel_scenario(
    land: Path, tmp_path: Path
) -> None:
    file, out = tmp_path / "fusie.yaml", tmp_path / "na"
    found = mergers(land, *SOUTH, *PICKED, "--scenario", str(file))["chosen"]
    assert file.read_text("utf-8") == found["scenario"]
    file.write_text("mine", "utf-8")
    again = prompt("--lang", "en", "mergers", str(land), *SOUTH, *PICKED, "--scenario", str(file))
    assert again[:2] == (2, "")
    assert "is there already" in again[2]
    assert file.read_text("utf-8") == "mine"
    file.write_text(found["scenario"], "utf-8")
    applied = prompt("--lang", "en", "scenario", "apply", str(file), str(land), "--out", str(out),
                     "--json")  # fmt: skip
    assert (applied[0], applied[2]) == (0, "")
    screened = found_by("screen", out)
    (merger,) = found["screening"]["mergers"]
    (row,) = [row for row in screened["municipalities"] if row["nis"] == merger["nis"]]
    for name, value in merger["after"].items():
        assert value == row[name], name


def test_an_alternative_is_picked_by_its_number(land: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    found = mergers(land, *SOUTH, "--alternative", "2", "--scenario", str(file))
    rows = [
        row for row in found["zones"][0]["alternatives"]["rows"] if row["kind"] == "alternative"
    ]
    picked = [merger["municipalities"] for merger in found["chosen"]["mergers"]]
    assert picked == rows[1]["mergers"]
    assert file.read_text("utf-8").count("merge_municipalities") == len(picked)
    err = refused_by("mergers", land, *SOUTH, "--alternative", str(len(rows) + 1))
    assert f"there are {len(rows)} alternatives" in err


def test_the_fund_is_that_of_samenspel_fund(land: Path, tmp_path: Path) -> None:
    pot, file = tmp_path / "pot.yaml", tmp_path / "s.yaml"
    pot.write_text(
        "title: Pot\nstatus: choice\nblocks:\n  basic:\n    pot: {amount: 1000, status: choice}\n"
        "    status: choice\n    key: population\n", "utf-8",
    )  # fmt: skip
    words = (*SOUTH, *PICKED, "--fund", str(pot), "--scenario", str(file))
    fund = mergers(land, *words)["chosen"]["fund"]
    beside = found_by("fund", land, "--rules", str(pot), "--scenario", str(file))["compared"]
    assert {name: fund[name] for name in beside} == beside
    assert "Pot: before and after" in shown_by("mergers", land, *words[:-2])


def test_goals_are_chosen_and_none_is_none(land: Path) -> None:
    front = mergers(land, *SOUTH, "--goals", "commuting,zonings_cut")["zones"][0]["alternatives"]
    assert [goal["goal"] for goal in front["goals"]] == ["commuting", "zonings_cut"]
    assert [goal["more"] for goal in front["goals"]] == [True, False]
    assert set(front["rows"][0]["others"]) == {
        "smallest", "moved", "internal", "tables", "centre_left_out"}  # fmt: skip
    assert mergers(land, *SOUTH, "--goals", "none")["zones"][0]["alternatives"] is None
    assert "No alternatives" in shown_by("mergers", land, *SOUTH, "--goals", "none")


def test_all_zones_at_once(land: Path) -> None:
    found = mergers(land, "--within", "REGIO")
    assert [zone["zone"] for zone in found["zones"]] == ["NOORD", "ZUID"]
    assert found["zones"][1] == mergers(land, *SOUTH)["zones"][0]
    shown = shown_by("mergers", land, "--within", "REGIO")
    assert "yes, proven" in shown
    assert "Choose one with --region" in shown


def test_overlapping_zones_have_mergers_too(land: Path) -> None:
    found = mergers(land, "--within", "TOERISME")
    assert {zone["zone"] for zone in found["zones"]} == {"BEEK", "HEUVEL"}


def test_what_is_shown_is_what_is_found(land: Path) -> None:
    words = (*SOUTH, *PICKED, "--at-least", "40000")
    (zone,) = mergers(land, *words)["zones"]
    shown = shown_by("mergers", land, *words)
    assert f"Regio Zuid: {len(zone['candidates'])} candidate mergers" in shown
    assert "26 (89% known)" in shown
    for warning in ("Merger upon merger", "Too small by the bound that you gave"):
        assert warning in shown
    assert "beside the status quo and cooperation only" in shown
    assert "majorities and agreements unknown unknown unknown" in shown
    assert "38 " not in [row["figures"]["population"] for row in zone["candidates"]]


def test_the_interface_is_dutch(land: Path) -> None:
    code, out, err = prompt("--lang", "nl", "mergers", str(land), *SOUTH, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["zones"]


WRONG: list[tuple[list[str], str]] = [
    ([], "--within"),
    (["--within", "NERGENS"], "NERGENS"),
    (["--within", "REGIO", "--region", "nergens"], "nergens"),
    ([*SOUTH, "--municipalities", "1..3"], "joins two municipalities or more"),
    ([*SOUTH, "--municipalities", "veel"], "write LOW..HIGH"),
    ([*SOUTH, "--municipalities", "~2..3"], "write LOW..HIGH"),
    ([*SOUTH, "--population", "9..5"], "write 5..9"),
    ([*SOUTH, "--population", "~1..5"], "leave out the ~"),
    ([*SOUTH, "--at-least", "0"], "from 1 on"),
    ([*SOUTH, "--goals", "beauty,moved"], "There is no goal “beauty”"),
    ([*SOUTH, "--goals", "moved"], "two to four"),
    ([*SOUTH, "--goals", ""], "There is no goal"),
    ([*SOUTH, "--goals", "below,moved"], "--at-least"),
    ([*SOUTH, "--candidate", "Droomhoven"], "name two municipalities"),
    ([*SOUTH, "--candidate", "Droomhoven,Schijnkerke"], "no candidate merger"),
    ([*SOUTH, "--candidate", "Droomhoven,Nergens"], "Nergens"),
    ([*SOUTH, *PICKED, "--alternative", "1"], "not both"),
    (["--within", "REGIO", "--alternative", "1"], "--region"),
    ([*SOUTH, "--goals", "none", "--alternative", "1"], "--region"),
    ([*SOUTH, "--link", "Droomhoven"], "--link"),
    ([*SOUTH, "--link", "Droomhoven=Verzonnenbeke"], "one zone"),
    ([*SOUTH, "--facility", "Nergens"], "Nergens"),
    ([*SOUTH, "--flow", "school"], "school"),
    ([*SOUTH, "--fund", "pot.yaml"], "pot.yaml"),
    ([*SOUTH, "--scenario", "s.yaml"], "--candidate"),
    ([*SOUTH, *PICKED, "--scenario", "s.txt"], "name it so"),
    ([*SOUTH, "--out", "a.txt"], "name it so"),
    ([*SOUTH, "--page", "a.txt"], ".html"),
    ([*SOUTH, "--seconds", "-3"], "--seconds -3"),
    ([*SOUTH, "--count", "0"], "from 1 on"),
]


@pytest.mark.parametrize(("words", "said"), WRONG, ids=lambda value: " ".join(value)[:60])
def test_wrong_input_is_told_in_one_line_and_nothing_is_written(
    words: list[str], said: str, land: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert said in refused_by("mergers", land, *words, *(
        () if "--out" in words else ("--out", "mergers.json")))  # fmt: skip
    assert list(tmp_path.iterdir()) == []


def test_a_fund_needs_a_merger(land: Path, tmp_path: Path) -> None:
    pot = tmp_path / "pot.yaml"
    pot.write_text("title: Pot\nstatus: choice\nblocks: {}\n", "utf-8")
    code, out, err = prompt("--lang", "en", "mergers", str(land), *SOUTH, "--fund", str(pot))
    assert (code, out) == (2, "")
    assert err


def test_unknown_stays_unknown(tmp_path: Path) -> None:
    folder = tmp_path / "kaal"
    land = example()
    towns = land.table("municipalities").select("nis", "name")
    only = {name: land.table(name).filter(zoning="REGIO")
            for name in ("zonings", "zones", "zone_members")}  # fmt: skip
    frames = {"municipalities": towns, "adjacency": land.table("adjacency"), **only}
    write(Landscape(land.date, frames), folder)
    found = mergers(folder, *SOUTH, *PICKED)
    (zone,) = found["zones"]
    assert zone["alternatives"] is None
    for row in zone["candidates"]:
        known = {name for name, value in row["figures"].items() if value is not None}
        assert known <= {"zonings_cut", "equipment"}
        # All four together leave nobody of the zone out, whoever is a centre.
        left_out = {"centre_left_out"} if len(row["municipalities"]) < 4 else set()
        assert set(row["warnings_unknown"]) == {
            "merger_on_merger", "against_the_city", "facilities"} | left_out  # fmt: skip
    rows = {row["measure"]: row for row in found["chosen"]["mergers"][0]["rows"]}
    assert rows["population"]["merger"] == {"value": None, "known": 0.0}
