"""Each kind of job gives the JSON of the command that it is the twin of, on the same picture."""

import json
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from jobs_at_work import DRAWN, held, now, somebody, timeless, twin, worked

from conftest import Imported
from countries import example
from samenspel.landscape.landscape import Landscape
from samenspel.register.jobs import queue
from samenspel.register.jobs.desk import Desk
from samenspel.register.jobs.kinds import KINDS
from samenspel.register.models import Job

pytest.importorskip("numba")
pytest.importorskip("ortools")

REGION = "NOORD"
WORDS = ("--regions", "2..3", "--population", "20000..", "--iterations", "3000")

ASKED: dict[str, dict[str, Any]] = {
    "delineation": DRAWN,
    "ensemble": {"regions": 2, "steps": 300, "goals": "cut=1,flows=1"},
    "plan": {"region": REGION},
    "report": {"region": REGION},
}


def computed(kind: str, inputs: dict[str, Any], land: Landscape, seed: int = 0) -> Job:
    """The job, done."""
    job = queue.ask(somebody(), kind, {**inputs, "lang": "en"}, day=land.date, seed=seed)
    worked()
    found = now(job)
    assert (found.state, found.fault) == ("done", None)
    assert found.done == found.total
    return found


@pytest.mark.usefixtures("database")
def test_a_delineation(tmp_path: Path) -> None:
    held(example())
    wishes = {"link": ["Afgelegem=Fantasierode"], "goals": "cut=1,flows=0.5", "reasons": True}
    job = computed("delineation", {**DRAWN, **wishes}, example(), seed=7)
    found = twin(
        job, tmp_path / "register", "delineate", *WORDS, "--link", "Afgelegem=Fantasierode",
        "--goals", "cut=1,flows=0.5", "--reasons", "--seed", "7",
    )  # fmt: skip
    assert found["valid"]
    assert timeless(job.result) == timeless(found)


@pytest.mark.usefixtures("database")
def test_a_delineation_that_finds_nothing_is_done_and_says_why() -> None:
    held(example())
    inputs = {"regions": 3, "population": "90000..", "iterations": 2000}
    job = queue.ask(somebody(), "delineation", {**inputs, "lang": "en"}, day=example().date)
    worked()
    assert (now(job).state, now(job).result["valid"]) == ("done", False)
    assert now(job).result["reasons"]


@pytest.mark.usefixtures("database")
def test_an_ensemble_with_a_zoning_and_a_drawn_plan_in_it(tmp_path: Path) -> None:
    held(example())
    plan = computed("delineation", DRAWN, example()).result
    (tmp_path / "plan 2.json").write_text(json.dumps(plan), encoding="utf-8")
    inputs = {
        "regions": "2..3", "population": "20000..", "plans": ["vervoerregio", plan],
        "steps": 400, "chains": 3, "thin": 5, "beta": 0.5, "kind": "flip",
    }  # fmt: skip
    land = example()
    zonings = set(land.table("zonings")["zoning"])
    inputs["plans"] = [zoning_of(land, zonings), plan]
    other = queue.ask(somebody("b"), "ensemble", {**inputs, "lang": "en"}, day=land.date, seed=3)
    worked()
    found = twin(
        other, tmp_path / "register", "ensemble", *WORDS[:4], "--plan", inputs["plans"][0],
        "--plan", str(tmp_path / "plan 2.json"), "--steps", "400", "--chains", "3", "--thin", "5",
        "--beta", "0.5", "--kind", "flip", "--seed", "3",
    )  # fmt: skip
    assert found["plans"][1].pop("called") == str(tmp_path / "plan 2.json")
    result = now(other).result
    assert result["plans"][1].pop("called") == "plan 2"  # which has no file here
    assert renamed(result, "start") == renamed(found, "start")


def renamed(found: dict[str, Any], name: str) -> dict[str, Any]:
    """``found`` with only the last part of a path under ``name``."""
    return {**found, name: found[name] and Path(found[name]).stem}


def zoning_of(land: Landscape, zonings: set[str]) -> str:
    """A zoning that gives every municipality one zone."""
    towns = land.table("municipalities").height
    members = land.table("zone_members")
    whole = [
        zoning
        for zoning in sorted(zonings)
        if members.filter(zoning=zoning)["nis"].n_unique() == towns
        and members.filter(zoning=zoning).height == towns
    ]
    return whole[0]


@pytest.mark.usefixtures("database")
def test_an_ensemble_without_a_start_says_why() -> None:
    held(example())
    job = computed("ensemble", {"regions": 3, "population": "90000.."}, example())
    assert job.result["start"] is None
    assert job.result["reasons"]


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("wishes", [{}, {"wishes": [{"at_most": 99}], "settings": {"target": 5}}])
def test_a_plan(tmp_path: Path, wishes: dict[str, Any]) -> None:
    held(example())
    job = computed("plan", {"region": REGION, "wishes": wishes}, example())
    (tmp_path / "wishes.json").write_text(json.dumps(wishes), encoding="utf-8")
    words = ("--wishes", str(tmp_path / "wishes.json")) if wishes else ()
    assert job.result == twin(job, tmp_path / "register", "rationalise", "--region", REGION, *words)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("regional", [False, True])
def test_a_report(tmp_path: Path, regional: bool) -> None:
    held(example())
    inputs = {"horizon": 3, "many": 3} | ({"region": REGION} if regional else {})
    job = computed("report", inputs, example())
    page = tmp_path / "page.html"
    words = ("--region", REGION) if regional else ()
    found = twin(
        job, tmp_path / "register", "report", "--out", str(page), "--horizon", "3", "--many", "3",
        *words,
    )  # fmt: skip
    assert job.result == {**found, "file": "report.html"}
    assert bytes(job.files.get(name="report.html").content) == page.read_bytes()


@pytest.mark.parametrize("kind", ASKED)
def test_the_order_of_rows_means_nothing(kind: str) -> None:
    """A database gives the rows of one picture in another order once some were closed, and a job
    that goes on has to find what it would have found."""
    plain = example()
    mixed = {
        name: frame.sample(fraction=1.0, shuffle=True, seed=4)
        for name, frame in plain.frames.items()
    }
    found = []
    for land in (plain, replace(plain, frames=mixed)):
        desk = Desk(lambda _data: None, Event())
        result = KINDS[kind].run(land, KINDS[kind].checked(ASKED[kind]), 3, desk)
        found.append((timeless(result), desk.files))
    assert found[0] == found[1]


@pytest.mark.usefixtures("database")
def test_flanders(flanders_2025: Imported, tmp_path: Path) -> None:
    """A report, and a short delineation."""
    land = flanders_2025[0]
    held(land)
    job = computed("report", {}, land)
    page = tmp_path / "page.html"
    found = twin(job, tmp_path / "register", "report", "--out", str(page))
    assert job.result == {**found, "file": "report.html"}
    assert bytes(job.files.get().content) == page.read_bytes()
    inputs = {"regions": "15..20", "population": "150000..1000000", "iterations": 300_000}
    drawn = queue.ask(somebody("b"), "delineation", {**inputs, "lang": "en"}, day=land.date, seed=1)
    worked()
    told = twin(
        drawn, tmp_path / "register", "delineate", "--regions", "15..20", "--population",
        "150000..1000000", "--iterations", "300000", "--seed", "1",
    )  # fmt: skip
    assert timeless(now(drawn).result) == timeless(told)
