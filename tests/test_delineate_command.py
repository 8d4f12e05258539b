"""Regions drawn at the prompt: the JSON, the files, the exit codes, every refusal, Ctrl-C."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyogrio
import pyogrio.raw
import pytest
import shapely

from pages import prompt
from samenspel.cli import searching
from samenspel.delineation.build import problem_of
from samenspel.delineation.explain.describe import APART, called, violations_json
from samenspel.delineation.goals import score
from samenspel.delineation.problem import Bound
from samenspel.delineation.validator import validate
from samenspel.delineation.wishes import Wishes
from samenspel.landscape.example import example
from samenspel.landscape.generate import generate
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.package import write

pytest.importorskip("numba")
pytest.importorskip("ortools")

PROMISED = {
    "plan", "valid", "violations", "goals", "bound", "gap", "seconds", "seed", "zones",
}  # fmt: skip
MORE = {
    "objective", "penalty", "reasons", "proven_impossible", "relaxations", "relaxations_unknown",
    "compile_seconds", "iterations", "interrupted", "weights", "rules", "soft_penalty", "present",
    "links_chosen", "unknown_rules", "municipalities", "present_plan",
}  # fmt: skip
FEW = ("--iterations", "3000")
LINKED = ("--link", "Afgelegem=Fantasierode")  # within its present region


@pytest.fixture(scope="module")
def land(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("land") / "streek"
    write(example(), folder)
    return folder


def drawn(folder: Path, *words: str, code: int = 0) -> Any:
    """The JSON of the command, which must exit with ``code`` and say nothing else."""
    done, out, err = prompt("--lang", "en", "delineate", str(folder), "--json", *words)
    assert (done, err) == (code, "")
    return json.loads(out)


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
    zones = example().table("zone_members").filter(zoning="REGIO")
    of = dict(zones.select("nis", "zone").iter_rows())
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
    members = example().table("zone_members").filter(zoning="REGIO")
    present = dict(members.select("nis", "zone").iter_rows())
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
    assert any(text in said for said in found["reasons"])
    code, out, err = prompt("--lang", "en", "delineate", str(land), *words, *FEW)
    assert (code, err) == (1, "")
    assert "One of these would do:" in out
    assert found["relaxations"][0]["text"] in " ".join(out.split())


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


def test_a_broken_rule_is_told_with_the_codes_of_zones() -> None:
    problem = problem_of(example(), Wishes((2, 2), {"population": Bound(70_000, None)})).problem
    plan = np.array([0, 0, 1, 1, 0, 0, 1, 0])
    zones = called(problem, plan, {})
    told = violations_json(problem, plan, zones)
    assert {code for v in told for code in v["zones"]} <= {"Z01", "Z02"}
    assert told[0].keys() == {"rule", "zones", "municipalities", "amount", "text"}
    assert all(str(APART)[:8] not in v["text"] for v in told)
    assert any("Zone Z02" in v["text"] for v in told)


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
    (["--regions", "9"], "8 municipalities"),
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
    (["--regions", "2", "--within", "WOON"], "in no zone"),
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
]


@pytest.mark.parametrize(("words", "text"), WRONG, ids=lambda value: " ".join(value)[:60])
def test_wrong_input_is_told_in_one_line_and_nothing_is_written(
    words: list[str], text: str, land: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "map.json").mkdir()
    out = () if "--out" in words else ("--out", "plan.json")
    code, said, err = prompt("--lang", "en", "delineate", str(land), *words, *out)
    assert (code, said) == (2, "")
    assert len(err.strip().splitlines()) == 1
    assert text in err
    assert [path.name for path in tmp_path.iterdir()] == ["map.json"]


def test_without_the_extra_it_says_what_to_install(
    land: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "find_spec", lambda name: None if name == "numba" else name)
    code, out, err = prompt("--lang", "en", "delineate", str(land), "--regions", "2")
    assert (code, out) == (2, "")
    assert "pip install samenspel[solve]" in err


def test_a_landscape_without_what_is_needed_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "streek"
    bare = example().with_tables(geometries=example().table("geometries").clear())
    write(bare, folder)
    code, _out, err = prompt(
        "--lang",
        "en",
        "delineate",
        str(folder),
        "--regions",
        "2",
        "--map",
        str(tmp_path / "a.gpkg"),
    )
    assert code == 2
    assert "add the table geometries" in err
    towns = example().table("municipalities").with_columns(population=pl.lit(None, pl.Int64))
    write(example().with_tables(municipalities=towns), folder, replace=True)
    code, _out, err = prompt("--lang", "en", "delineate", str(folder), "--regions", "2")
    assert code == 2
    assert "column population: unknown" in err


def test_out_holds_what_json_prints_and_the_map_the_zones(land: Path, tmp_path: Path) -> None:
    file, gpkg = tmp_path / "new" / "plan.json", tmp_path / "plan.gpkg"
    found = drawn(land, "--regions", "3", "--out", str(file), "--map", str(gpkg), *FEW)
    assert json.loads(file.read_text("utf-8")) == found
    assert {name for name, _kind in pyogrio.list_layers(gpkg)} == {"zones", "municipalities"}
    meta, _fids, shapes, fields = pyogrio.raw.read(gpkg, layer="zones")
    assert meta["crs"] == "EPSG:31370"
    rows = dict(zip(meta["fields"], fields, strict=True))
    assert rows["zone"].tolist() == [zone["zone"] for zone in found["zones"]]
    assert rows["population"].tolist() == [zone["population"] for zone in found["zones"]]
    land_of = dict(example().table("municipalities").select("nis", "area_km2").iter_rows())
    for zone, shape in zip(found["zones"], shapely.from_wkb(shapes), strict=True):
        assert shape.area == pytest.approx(
            1e6 * sum(land_of[nis] for nis in zone["municipalities"])
        )
    meta, _fids, _shapes, fields = pyogrio.raw.read(gpkg, layer="municipalities")
    rows = dict(zip(meta["fields"], fields, strict=True))
    assert dict(zip(rows["nis"], rows["zone"], strict=True)) == found["plan"]
    first = gpkg.read_bytes()
    drawn(land, "--regions", "3", "--map", str(gpkg), *FEW)
    assert gpkg.read_bytes() == first


def test_no_map_is_made_of_a_plan_that_is_none(land: Path, tmp_path: Path) -> None:
    file, gpkg = tmp_path / "plan.json", tmp_path / "plan.gpkg"
    words = ("--regions", "3", "--population", "60000..")
    found = drawn(land, *words, "--out", str(file), "--map", str(gpkg), *FEW, code=1)
    assert json.loads(file.read_text("utf-8")) == found
    assert not gpkg.exists()


# The program, saying on standard error that the search has begun.
LOUD = """
import sys
from samenspel.delineation.heuristic import search as room
from samenspel.__main__ import main

plain = room.search
def loud(problem, *, progress, **rest):
    def tell(seconds, best):
        print("SEARCHING", file=sys.stderr, flush=True)
        return progress(seconds, best)
    return plain(problem, progress=tell, **rest)
room.search = loud
sys.argv[1:] = ["--lang", "en", *sys.argv[1:]]
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send")
@pytest.mark.parametrize(("bound", "code"), [("1000..", 0), ("49000..53700", 1)])
def test_an_interrupted_search_gives_the_best_so_far_or_says_there_is_none(
    land: Path, bound: str, code: int
) -> None:
    # Three zones of 49,000 to 53,700: the sums allow it, the map does not.
    running = subprocess.Popen(
        [sys.executable, "-c", LOUD, "delineate", str(land), "--regions", "3", "--population",
         bound, "--seconds", "600", "--json"],
        env={**os.environ, "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )  # fmt: skip
    with running:
        assert running.stderr is not None
        assert "SEARCHING" in running.stderr.readline()
        running.send_signal(signal.SIGINT)
        out, err = running.communicate()
    assert running.returncode == code
    found = json.loads(out)
    assert found["interrupted"] is True
    assert found["valid"] is (code == 0)
    assert found["seconds"] < 600
    said = "the best plan so far" if code == 0 else "no valid plan was found so far"
    assert said in err


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
