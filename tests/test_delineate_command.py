"""Regions drawn at the prompt: the JSON, the files, the exit codes, every refusal, Ctrl-C."""

from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyogrio.raw
import pytest

from drawn import LINKED, found_by, refused_by, shown_by, zoning
from samenspel.cli import searching, wishing
from samenspel.delineation.build import problem_of
from samenspel.delineation.explain.describe import called, violations_json
from samenspel.delineation.goals import score
from samenspel.delineation.problem import Bound, Rules
from samenspel.delineation.validator import validate
from samenspel.delineation.wishes import Wishes
from samenspel.landscape.example import example
from samenspel.landscape.generate import generate
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.package import write

pytest.importorskip("numba")
pytest.importorskip("ortools")
pytest_plugins = ("drawn_fixtures",)

PROMISED = {
    "plan", "valid", "violations", "goals", "bound", "gap", "seconds", "seed", "zones",
}  # fmt: skip
MORE = {
    "objective", "penalty", "reasons", "proven_impossible", "relaxations", "relaxations_unknown",
    "compile_seconds", "iterations", "interrupted", "weights", "rules", "soft_penalty", "present",
    "links_chosen", "unknown_rules", "municipalities", "present_plan", "population_unknown",
}  # fmt: skip
FEW = ("--iterations", "3000")


def drawn(folder: Path, *words: str, code: int = 0) -> Any:
    return found_by("delineate", folder, *words, code=code)


def labels(found: Any, landscape: Landscape) -> np.ndarray[Any, Any]:
    """The plan as numbers, in the order of codes."""
    zones = [zone["zone"] for zone in found["zones"]]
    towns = landscape.table("municipalities")["nis"].sort()
    return np.array([zones.index(found["plan"][nis]) for nis in towns])


def test_the_json_that_others_rely_on(land: Path) -> None:
    found = drawn(land, "--regions", "2..3", "--population", "20000..", *FEW)
    assert found.keys() == PROMISED | MORE
    assert found["valid"] is True
    assert found["violations"] == found["reasons"] == []
    assert found["seed"] == 0
    assert found["weights"] == {"values": {"cut": 1.0}, "status": "choice"}
    towns = example().table("municipalities")
    assert sorted(found["plan"]) == sorted(towns["nis"])
    people = dict(towns.select("nis", "population").iter_rows())
    centres = set(towns.filter("centre")["nis"])
    for zone in found["zones"]:
        inside = zone["municipalities"]
        assert inside == [nis for nis, of in found["plan"].items() if of == zone["zone"]]
        assert zone["population"] == sum(people[nis] for nis in inside) >= 20_000
        assert zone["centres"] == [nis for nis in inside if nis in centres]
    for goal in found["goals"].values():
        assert goal.keys() == {"value", "best_possible", "cost", "weight"}
    problem = problem_of(example(), Wishes((2, 3), {"population": Bound(20_000, None)})).problem
    plan = labels(found, example())
    assert validate(problem, plan) == ()
    for name, value in score(problem, plan).goals.items():
        assert found["goals"][name]["value"] == pytest.approx(value.value)
    assert found["bound"] <= found["objective"] + 1e-12
    assert found["gap"] == pytest.approx(1 - found["bound"] / found["objective"])


def test_equal_iterations_and_seed_give_equal_plans(land: Path) -> None:
    words = ("--regions", "3", "--seed", "7", *FEW)
    first, second = drawn(land, *words), drawn(land, *words)
    times = {"seconds", "compile_seconds"}
    assert {k: v for k, v in first.items() if k not in times} == {
        k: v for k, v in second.items() if k not in times
    }


def test_every_wish_holds(land: Path) -> None:
    found = drawn(
        land, "--regions", "3", "--together", "Verzonnenbeke,00005", "--apart",
        "Voorbeeldegem,Sprookjeswalle", "--fix", "00001=Stad", "--fix", "00008=HEUVEL",
        *LINKED, *FEW,
    )  # fmt: skip
    plan = found["plan"]
    assert plan["00002"] == plan["00005"]
    assert plan["00001"] == "Stad"
    assert plan["00008"] == "HEUVEL"
    assert found["links_chosen"] == []
    assert found["rules"]["links"] == [["00009", "00010"]]
    assert {zone["named_by"] for zone in found["zones"]} == {"fixed", "number"}


def test_whole_and_within_hold(land: Path) -> None:
    of = zoning(example(), "REGIO")
    whole = drawn(land, "--regions", "2", "--whole", "REGIO", *LINKED, *FEW)["plan"]
    assert len({(of[nis], zone) for nis, zone in whole.items()}) == 2
    found = drawn(land, "--regions", "4..", "--within", "REGIO", *LINKED, *FEW)
    assert len(found["zones"]) >= 4
    assert len({(of[nis], zone) for nis, zone in found["plan"].items()}) == len(found["zones"])


def test_zones_carry_on_the_present_ones_by_code_and_name(land: Path) -> None:
    found = drawn(land, "--regions", "3", "--present", "REGIO", "--goals", "moved=1", *FEW)
    by = {zone["zone"]: zone for zone in found["zones"]}
    assert by["NOORD"]["name"] == "Regio Noord"
    assert by["NOORD"]["named_by"] == by["ZUID"]["named_by"] == "present"
    assert by["Z01"]["name"] is None
    assert by["Z01"]["named_by"] == "number"
    assert found["goals"]["moved"]["weight"] == 1.0
    assert found["goals"]["cut"]["weight"] is None


def test_what_moves_from_the_present_zones_and_a_link_that_keeps_it(land: Path) -> None:
    words = ("--regions", "2", "--present", "REGIO", "--goals", "moved=1", *FEW)
    present = zoning(example(), "REGIO")
    found = drawn(land, *words, *LINKED)
    assert found["plan"] == present
    assert found["goals"]["moved"]["value"] == 0
    nearest = drawn(land, *words)
    assert nearest["links_chosen"] == [["00009", "00006"]]
    assert nearest["plan"] == present | {"00009": "ZUID"}
    assert nearest["goals"]["moved"]["value"] == 4_200


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--regions", "3", "--population", "60000..65000"], "at most 2 zones"),
        (["--regions", "2", "--together", "00001,00002", "--apart", "00001,00002"], "00001"),
        (["--regions", "4", "--centre"], "centre"),
    ],
)
def test_no_plan_exits_with_one_and_says_what_to_relax(
    land: Path, words: list[str], text: str
) -> None:
    found = drawn(land, *words, *FEW, code=1)
    assert found["valid"] is False
    assert found["proven_impossible"]
    assert found["relaxations"]
    assert found["reasons"][0] == "There is no plan; that is proven."
    assert any(text in said for said in found["reasons"][1:])
    shown = shown_by("delineate", land, *words, *FEW, code=1)
    assert "One of these would do:" in shown
    assert found["relaxations"][0]["text"] in shown
    assert all(shown.count(said) == 1 for said in found["reasons"])


def test_a_plan_that_breaks_a_rule_has_no_gap(land: Path) -> None:
    words = ("--regions", "3", "--population", "49000..53700", *FEW)
    found = drawn(land, *words, code=1)
    assert found["plan"] is not None
    assert found["gap"] is None
    assert found["objective"] < found["bound"]
    shown = shown_by("delineate", land, *words, code=1)
    assert "The nearest plan breaks these rules:" in shown
    assert "no plan is below" not in shown
    assert "no plan is below" in shown_by("delineate", land, "--regions", "3", *FEW)


def test_what_is_told_to_relax_is_enough_and_less_is_not(land: Path) -> None:
    words = ("--regions", "3", "--population")
    found = drawn(land, *words, "50000..", *FEW, code=1)
    (low,) = [r["needed"] for r in found["relaxations"] if r["rule"] == "low:population"]
    assert drawn(land, *words, f"{low}..", *FEW)["valid"]
    assert not drawn(land, *words, f"{low + 1}..", *FEW, code=1)["valid"]


def test_a_soft_bound_costs_and_does_not_refuse(land: Path) -> None:
    found = drawn(land, "--regions", "3", "--population", "~60000..65000", *FEW)
    assert found["valid"]
    assert found["penalty"] > 0
    assert found["rules"]["bounds"]["population"] == {"low": 60_000, "high": 65_000, "hard": False}
    assert found["soft_penalty"] == {"value": 1.0, "status": "choice"}


def test_what_a_soft_bound_costs_is_yours(land: Path) -> None:
    words = ("--regions", "1", "--population", "~..80000", "--oversize", "0", *FEW)
    one, three = drawn(land, *words), drawn(land, *words, "--penalty", "3")
    assert one["penalty"] > 0
    assert three["penalty"] == pytest.approx(3 * one["penalty"])
    assert three["soft_penalty"] == {"value": 3.0, "status": "choice"}
    assert drawn(land, *words, "--penalty", "0")["penalty"] == 0
    assert wishing.PENALTY == Rules((1, 1)).penalty == Wishes((1, 1)).penalty


def test_the_present_zones_that_break_a_rule_are_told(land: Path) -> None:
    words = ("--regions", "2..3", "--present", "REGIO", "--population", "20000..80000", *FEW)
    found = drawn(land, *words)
    assert found["valid"]
    assert not found["present_plan"]["valid"]
    shown = shown_by("delineate", land, *words)
    _before, _said, after = shown.partition("The present zones themselves break rules that you ask")
    assert "Zone Regio Noord (NOORD) is in 2 parts" in after
    assert "Afgelegem (00009)" in after
    assert "Zone Regio Noord (NOORD) has 83 800 inhabitants, 3 800 above the most" in after
    kept = shown_by("delineate", land, "--regions", "2", "--present", "REGIO", *LINKED, *FEW)
    assert "The present zones themselves" not in kept


def test_a_unit_above_the_upper_bound_by_choice(land: Path) -> None:
    words = ("--regions", "2..6", "--population", "..40000", *FEW)
    alone = drawn(land, *words)
    (city,) = [z for z in alone["zones"] if "00001" in z["municipalities"]]
    assert city["municipalities"] == ["00001"]
    free = drawn(land, "--regions", "2", "--population", "..40000", "--oversize", "free", *FEW)
    assert free["valid"]
    few = drawn(land, *words, "--oversize", "5000")
    (city,) = [z for z in few["zones"] if "00001" in z["municipalities"]]
    assert city["population"] <= 48_000 + 5_000


def test_a_broken_rule_is_told_with_the_names_of_zones_and_municipalities() -> None:
    wishes = Wishes(
        (2, 2), {"population": Bound(70_000, None)}, fixed={"00001": "{x}"},
        apart=(("00001", "00002"),), together=(("Schijnkerke", "00007"),),
    )  # fmt: skip
    problem = problem_of(example(), wishes).problem
    plan = np.array([0, 0, 1, 1, 0, 0, 1, 0])
    zones = called(problem, plan, {})
    told = violations_json(problem, plan, zones)
    assert {code for v in told for code in v["zones"]} <= {"{x}", "Z01"}
    assert told[0].keys() == {"rule", "zones", "municipalities", "amount", "text"}
    texts = [v["text"] for v in told]
    assert texts == [
        "Zone Z01 is in 2 parts; cut off from the largest: Schijnkerke (00005).",
        "Zone Z01 has 43 400 inhabitants, 26 600 below the least of 70 000.",
        "Schijnkerke (00005), Nergenshuizen (00007): one zone is asked; they lie in {x}, Z01, "
        "apart from the most: Schijnkerke (00005).",
        "Zone {x} holds both Voorbeeldegem (00001) and Verzonnenbeke (00002), which must lie "
        "apart.",
    ]


def test_why_a_municipality_lies_there_speaks_of_zones_by_name(land: Path) -> None:
    words = ("--regions", "2", "--present", "REGIO", "--population", "75000..", "--reasons")
    found = drawn(land, *words, *LINKED, *FEW)
    said = " ".join(row["reason"] for row in found["municipalities"])
    assert "To Regio Noord (NOORD): Zone Regio Zuid (ZUID) has" in said
    texts = [b["text"] for row in found["municipalities"] if row["best"]
             for b in row["best"]["breaks"]]  # fmt: skip
    assert texts
    assert all("(NOORD)" in text or "(ZUID)" in text for text in texts)
    assert {row["zone"] for row in found["municipalities"]} == {"NOORD", "ZUID"}


def test_two_zones_with_one_wished_name_keep_codes_of_their_own() -> None:
    wishes = Wishes((2, 2), fixed={"00001": "Stad", "00010": "Stad"}, present="REGIO")
    problem = problem_of(example(), wishes).problem
    plan = (np.arange(problem.size) == problem.names.index("00010")).astype(np.int64)
    codes = [zone.zone for zone in called(problem, plan, {})]
    assert len(set(codes)) == 2
    assert "Stad" in codes


WRONG: list[tuple[list[str], str]] = [
    (["--regions", "x"], "--regions x: write a number, such as 17, or a range"),
    (["--regions", "5..3"], "the low end is above the high end; write 3..5"),
    (["--regions", "0"], "from 1 on"),
    (["--regions", "9"], "more zones than this land has municipalities (8)"),
    (["--regions", "~2..3"], "leave out the ~"),
    (["--regions", ".."], "write a number"),
    (["--regions", "2", "--population", "9000..500"], "write 500..9000"),
    (["--regions", "2", "--population", "many"], "write LOW..HIGH in whole numbers"),
    (["--regions", "2", "--population", ".."], "write LOW..HIGH in whole numbers"),
    (["--regions", "2", "--area", "1.5..3"], "--area 1.5..3: write LOW..HIGH"),
    (["--regions", "2", "--goals", "beauty=1"], "There is no goal “beauty”"),
    (["--regions", "2", "--goals", "cut"], "write NAME=WEIGHT"),
    (["--regions", "2", "--goals", "cut=1,cut=2"], "cut has two weights"),
    (["--regions", "2", "--goals", "cut=-1"], "a number from 0 on"),
    (["--regions", "2", "--goals", "moved=1"], "--present"),
    (["--regions", "2", "--goals", "agreement:NERGENS=1"], "NERGENS"),
    (["--regions", "2", "--together", "00001"], "name two or more different municipalities"),
    (["--regions", "2", "--apart", "00001,Voorbeeldegem"], "name two or more different"),
    (["--regions", "2", "--apart", "00001,Atlantis"], "There is no municipality “Atlantis”"),
    (["--regions", "2", "--fix", "00001"], "MUNICIPALITY=ZONE"),
    (["--regions", "2", "--fix", "00001=A", "--fix", "Voorbeeldegem=B"], "fixed to A already"),
    (["--regions", "2", "--link", "00001"], "MUNICIPALITY=MUNICIPALITY"),
    (["--regions", "2", "--link", "00001=Voorbeeldegem"], "two different municipalities"),
    (["--regions", "2", "--whole", "NERGENS"], "NERGENS"),
    (["--regions", "2", "--whole", "TOERISME"], "overlap"),
    (["--regions", "2", "--within", "WOON"], "Afgelegem (00009) in no zone"),
    (["--regions", "2", "--present", "NERGENS"], "NERGENS"),
    (["--regions", "2", "--agree", "NERGENS"], "NERGENS"),
    (["--regions", "2", "--oversize", "some"], "alone, free or a number"),
    (["--regions", "2", "--flow", "dreams"], "commuting"),
    (["--regions", "2", "--seconds", "-1"], "--seconds -1"),
    (["--regions", "2", "--seconds", "0"], "above 0"),
    (["--regions", "2", "--iterations", "0"], "from 1 on"),
    (["--regions", "2", "--seconds", "1", "--iterations", "5"], "not both"),
    (["--regions", "2", "--seed", "-1"], "--seed"),
    (["--regions", "2", "--out", "plan.txt"], "name it so"),
    (["--regions", "2", "--map", "plan.json"], "name it so"),
    (["--regions", "2", "--out", "map.json"], "no file"),
    (["--regions", "2", "--out", "gone/plan.json"], "there is no folder gone; make it first"),
    (["--regions", "2", "--map", "gone/plan.gpkg"], "there is no folder gone; make it first"),
    (["--regions", "2", "--page", "gone/plan.html"], "there is no folder gone; make it first"),
    (["--regions", "2", "--penalty", "-1"], "--penalty -1: what a soft bound costs is a number"),
    (["--regions", "2", "--penalty", "nan"], "--penalty nan"),
]


@pytest.mark.parametrize(("words", "text"), WRONG, ids=lambda value: " ".join(value)[:60])
def test_wrong_input_is_told_in_one_line_and_nothing_is_written(
    words: list[str], text: str, land: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "map.json").mkdir()
    out = () if "--out" in words else ("--out", "plan.json")
    assert text in refused_by("delineate", land, *words, *out)
    assert [path.name for path in tmp_path.iterdir()] == ["map.json"]


def test_without_the_extra_it_says_what_to_install(
    land: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "find_spec", lambda name: None if name == "numba" else name)
    assert "pip install samenspel[solve]" in refused_by("delineate", land, "--regions", "2")


def test_an_invented_country_is_drawn(tmp_path: Path) -> None:
    folder = tmp_path / "land"
    landscape = generate(60, 2)
    write(landscape, folder)
    people = landscape.table("municipalities")["population"].sum()
    low, high = int(people / 4 * 0.7), int(people / 4 * 1.3)
    found = drawn(
        folder, "--regions", "4", "--population", f"{low}..{high}", "--iterations", "40000"
    )
    problem = problem_of(landscape, Wishes((4, 4), {"population": Bound(low, high)})).problem
    assert found["valid"]
    assert validate(problem, labels(found, landscape)) == ()


def test_flanders_is_drawn_and_voeren_linked(
    flanders_2025: tuple[Landscape, list[Any]], tmp_path: Path
) -> None:
    landscape, _findings = flanders_2025
    folder = tmp_path / "vlaanderen"
    write(landscape, folder)
    found = drawn(
        folder, "--regions", "15..20", "--population", "300000..600000", "--iterations", "200000",
        "--present", "referentieregio", "--agree", "politiezone", "--map", str(tmp_path / "a.gpkg"),
    )  # fmt: skip
    assert found["valid"]
    assert len(found["plan"]) == 285
    assert found["links_chosen"][0][0] == "73109"
    wishes = Wishes(
        (15, 20), {"population": Bound(300_000, 600_000)}, present="referentieregio",
        agree=("politiezone",),
    )  # fmt: skip
    problem = problem_of(landscape, wishes).problem
    plan = labels(found, landscape)
    assert validate(problem, plan) == ()
    values = score(problem, plan).goals
    assert {name: goal["value"] for name, goal in found["goals"].items()} == pytest.approx(
        {name: value.value for name, value in values.items()}
    )
    assert pyogrio.read_info(tmp_path / "a.gpkg", layer="zones")["features"] == len(found["zones"])
