"""Many plans by chance at the prompt: whether chains agree, how goals spread, where plans lie."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from drawn import LINKED, found_by, refused_by, shown_by, zoning
from samenspel.delineation.build import problem_of
from samenspel.delineation.chains.ensemble import OUTCOMES, diagnose, place
from samenspel.delineation.chains.ensemble import ensemble as sample
from samenspel.delineation.explain.sampled import PERCENTILES, finite
from samenspel.delineation.wishes import Wishes
from samenspel.landscape.example import example
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.package import write

pytest.importorskip("numba")
pytest.importorskip("ortools")
pytest_plugins = ("drawn_fixtures",)

SMALL = ("--steps", "200", "--chains", "2", "--thin", "5")
KEYS = {
    "start", "zones", "settings", "kind", "target", "complete", "diagnosis", "distribution",
    "plans", "stability", "weights", "rules", "soft_penalty", "present", "links_chosen",
    "unknown_rules", "population_unknown", "interrupted", "notes",
}  # fmt: skip


def sampled(folder: Path, *words: str, code: int = 0) -> Any:
    return found_by("ensemble", folder, *words, code=code)


@pytest.mark.parametrize("kind", ["recom", "reversible", "flip"])
def test_the_json_is_what_the_library_finds(kind: str, land: Path) -> None:
    found = sampled(
        land, "--regions", "2", "--plan", "REGIO", "--kind", kind, "--seed", "3", *SMALL, *LINKED
    )
    assert found.keys() == KEYS
    assert found["start"] == "REGIO"
    problem = problem_of(example(), Wishes((2, 2), links=(("00009", "00010"),))).problem
    of = zoning(example(), "REGIO")
    plan = np.array([of[nis] != of[problem.names[0]] for nis in problem.names]).astype(np.int64)
    ran = sample(problem, plan, kind=kind, steps=200, chains=2, thin=5, seed=3)
    said = diagnose(ran)
    assert found["target"] == ran.target
    assert found["diagnosis"]["records"] == said.records == 80
    assert found["diagnosis"]["distinct"] == said.distinct
    assert found["diagnosis"]["outcomes"].keys() == set(OUTCOMES)
    for goal, row in found["distribution"].items():
        series = np.concatenate([rows[:, ran.goals.index(goal)] for rows in ran.values])
        assert row.keys() == {*PERCENTILES, "mean"}
        assert row["mean"] == pytest.approx(series.mean())
        assert row["median"] == pytest.approx(np.median(series))
        assert row["least"] <= row["p5"] <= row["p25"] <= row["p75"] <= row["p95"] <= row["most"]
    (own,) = found["plans"]
    assert own["valid"]
    for goal, told in place(ran, plan).items():
        assert own["goals"][goal]["percentile"] == pytest.approx(told.percentile)
    assert all(0 <= border["together"] <= 1 for border in found["stability"])
    drawn = {(b["a"], b["b"]) for b in own["borders"]}
    assert drawn
    assert all(of[a] != of[b] for a, b in drawn)


def test_without_a_plan_it_finds_one_to_start_from(land: Path) -> None:
    found = sampled(land, "--regions", "3", "--population", "20000..", *SMALL)
    assert found["start"] is None
    assert found["zones"] == 3
    assert found["plans"] == []


def test_a_plan_that_breaks_a_rule_is_placed_and_not_started_from(land: Path) -> None:
    found = sampled(land, "--regions", "3", "--plan", "REGIO", *SMALL, *LINKED)
    assert found["start"] is None
    assert found["zones"] == 3
    assert not found["plans"][0]["valid"]
    assert found["plans"][0]["goals"].keys() == found["distribution"].keys()
    shown = shown_by("ensemble", land, "--regions", "3", "--plan", "REGIO", *SMALL, *LINKED)
    assert "it breaks rules that these plans keep" in shown
    assert "it has 2 zones, these plans have 3" in shown


def test_where_no_plan_exists_it_exits_with_one(land: Path) -> None:
    words = ("--regions", "3", "--population", "60000..", *SMALL)
    found = sampled(land, *words, code=1)
    assert found["start"] is None
    assert found["reasons"]
    assert "No valid plan was found to start from." in shown_by("ensemble", land, *words, code=1)


def test_why_there_is_no_start_is_told_with_names(land: Path) -> None:
    words = ("--regions", "3", "--population", "49000..53700", "--fix", "00001=Stad", *SMALL)
    found = sampled(land, *words, code=1)
    assert any("Zone Stad has" in said or "Zone Z0" in said for said in found["reasons"])
    assert not any("Zone 0" in said or "Zone 1" in said for said in found["reasons"])


def test_that_other_numbers_of_zones_are_not_sampled_is_told(land: Path) -> None:
    words = ("--regions", "2..3", "--plan", "REGIO", *SMALL, *LINKED)
    (note,) = sampled(land, *words)["notes"]
    assert note == (
        "Every plan has 2 zones, as has the plan that the chains start from; you allow 2..3, and "
        "the other numbers are not sampled."
    )
    assert note in shown_by("ensemble", land, *words)
    only = ("--regions", "2", "--plan", "REGIO", *SMALL, *LINKED)
    assert sampled(land, *only)["notes"] == []
    assert "are not sampled" not in shown_by("ensemble", land, *only)


def test_infinite_is_no_number_and_never_printed() -> None:
    assert finite({"cut": float("inf"), "flows": None, "border": 1.5}) == {
        "cut": None, "flows": None, "border": 1.5,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--regions", "2", "--kind", "magic"], "There is no kind of chain “magic”"),
        (["--regions", "2", "--steps", "0"], "--steps 0 is not possible; it is a number from 1 on"),
        (["--regions", "2", "--chains", "-1"], "--chains -1 is not possible"),
        (["--regions", "2", "--thin", "0"], "--thin 0 is not possible"),
        (["--regions", "2", "--thin", "20000"], "--thin 20000: no plan would be recorded, as each "
                                                "chain has --steps 10000"),
        (["--regions", "2", "--beta", "-1"], "--beta -1 is not possible; it is a number from 0 on"),
        (["--regions", "2", "--beta", "nan"], "--beta nan is not possible"),
        (["--regions", "2", "--plan", "REGIO", "--plan", "REGIO"], "REGIO is named twice"),
        (["--regions", "2", "--seconds", "0"], "above 0"),
        (["--regions", "2", "--plan", "NERGENS"], "NERGENS"),
        (["--regions", "x"], "--regions x"),
        (["--regions", "2", "--out", "x.csv"], "name it so"),
    ],
)  # fmt: skip
def test_wrong_input_is_told_in_one_line(
    words: list[str], text: str, land: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert text in refused_by("ensemble", land, *words)
    assert list(tmp_path.iterdir()) == []


def test_the_regions_of_flanders_cut_fewer_partnerships_than_chance(
    flanders_2025: tuple[Landscape, list[Any]], tmp_path: Path
) -> None:
    folder = tmp_path / "vlaanderen"
    write(flanders_2025[0], folder)
    found = sampled(
        folder, "--regions", "15", "--population", "150000..1100000", "--plan", "referentieregio",
        "--steps", "400", "--chains", "2",
    )  # fmt: skip
    assert found["start"] == "referentieregio"
    assert found["plans"][0]["goals"]["cut"]["percentile"] < 5
    assert found["plans"][0]["goals"]["flows"]["percentile"] > 95
