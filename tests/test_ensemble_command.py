"""Many plans by chance at the prompt: whether chains agree, how goals spread, where plans lie."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pages import prompt
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

LINKED = ("--link", "Afgelegem=Fantasierode")
SMALL = ("--steps", "200", "--chains", "2", "--thin", "5")
KEYS = {
    "start", "zones", "settings", "kind", "target", "complete", "diagnosis", "distribution",
    "plans", "stability", "weights", "rules", "soft_penalty", "present", "links_chosen",
    "unknown_rules", "interrupted",
}  # fmt: skip


@pytest.fixture(scope="module")
def land(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("land") / "streek"
    write(example(), folder)
    return folder


def sampled(folder: Path, *words: str, code: int = 0) -> Any:
    done, out, err = prompt("--lang", "en", "ensemble", str(folder), "--json", *words)
    assert (done, err) == (code, "")
    return json.loads(out)


@pytest.mark.parametrize("kind", ["recom", "reversible", "flip"])
def test_the_json_is_what_the_library_finds(kind: str, land: Path) -> None:
    found = sampled(
        land, "--regions", "2", "--plan", "REGIO", "--kind", kind, "--seed", "3", *SMALL, *LINKED
    )
    assert found.keys() == KEYS
    assert found["start"] == "REGIO"
    problem = problem_of(example(), Wishes((2, 2), links=(("00009", "00010"),))).problem
    members = example().table("zone_members").filter(zoning="REGIO")
    of = dict(members.select("nis", "zone").iter_rows())
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
    shown = prompt("--lang", "en", "ensemble", str(land), "--regions", "3", "--plan", "REGIO",
                   *SMALL, *LINKED)[1]  # fmt: skip
    assert "it breaks rules that these plans keep" in shown
    assert "it has 2 zones, these plans have 3" in shown


def test_where_no_plan_exists_it_exits_with_one(land: Path) -> None:
    words = ("--regions", "3", "--population", "60000..", *SMALL)
    found = sampled(land, *words, code=1)
    assert found["start"] is None
    assert found["reasons"]
    code, out, err = prompt("--lang", "en", "ensemble", str(land), *words)
    assert (code, err) == (1, "")
    assert "No valid plan was found to start from." in out


def test_infinite_is_no_number_and_never_printed() -> None:
    assert finite({"cut": float("inf"), "flows": None, "border": 1.5}) == {
        "cut": None, "flows": None, "border": 1.5,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--regions", "2", "--kind", "magic"], "There is no kind of chain “magic”"),
        (["--regions", "2", "--steps", "0"], "from 1 on"),
        (["--regions", "2", "--chains", "-1"], "from 1 on"),
        (["--regions", "2", "--thin", "20000"], "lower thin"),
        (["--regions", "2", "--beta", "-1"], "from 0 on"),
        (["--regions", "2", "--seconds", "0"], "above 0"),
        (["--regions", "2", "--plan", "NERGENS"], "NERGENS"),
        (["--regions", "x"], "--regions x"),
        (["--regions", "2", "--out", "x.csv"], "name it so"),
    ],
)
def test_wrong_input_is_told_in_one_line(
    words: list[str], text: str, land: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = prompt("--lang", "en", "ensemble", str(land), *words)
    assert (code, out) == (2, "")
    assert len(err.strip().splitlines()) == 1
    assert text in err
    assert list(tmp_path.iterdir()) == []


# The program, saying on standard error that the chains have begun.
LOUD = """
import sys
from samenspel.delineation.chains import ensemble as room
from samenspel.__main__ import main

plain = room.ensemble
def loud(problem, start, *, progress, **rest):
    def tell(done, of):
        progress(done, of)
        print("STEPS", file=sys.stderr, flush=True)
    return plain(problem, start, progress=tell, **rest)
room.ensemble = loud
sys.argv[1:] = ["--lang", "en", *sys.argv[1:]]
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send")
def test_interrupted_chains_give_what_is_recorded(land: Path, tmp_path: Path) -> None:
    file = tmp_path / "sample.json"
    with subprocess.Popen(
        [sys.executable, "-c", LOUD, "ensemble", str(land), "--regions", "2", "--steps",
         "200000000", "--thin", "100000", "--out", str(file)],
        env={**os.environ, "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as running:  # fmt: skip
        assert running.stderr is not None
        assert "STEPS" in running.stderr.readline()
        running.send_signal(signal.SIGINT)
        _out, err = running.communicate()
    assert running.returncode == 0
    assert "Interrupted" in err
    found = json.loads(file.read_text("utf-8"))
    assert found["interrupted"]
    assert not found["complete"]


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
