"""Ctrl-C while zones are drawn: before the search nothing but a line, then what there is so far."""

import json
import sys
from pathlib import Path

import pytest

from drawn import LINKED, interrupted

pytest.importorskip("numba")
pytest.importorskip("ortools")
pytest_plugins = ("drawn_fixtures",)
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send")

# The program, with a change in one room before it runs.
HEAD = """
import signal, sys
from samenspel.__main__ import main

def say(word):
    print(word, file=sys.stderr, flush=True)
"""
TAIL = """
sys.argv[1:] = ["--lang", "en", *sys.argv[1:]]
main()
"""
SEARCHING = f"""{HEAD}
from samenspel.delineation.heuristic import search as room
plain = room.search
def loud(problem, *, progress, **rest):
    def tell(seconds, best):
        answer = progress(seconds, best)
        say("SEARCHING")
        return answer
    return plain(problem, progress=tell, **rest)
room.search = loud
{TAIL}"""
FIRST_REGION = f"""{HEAD}
from samenspel.delineation.explain import regional as room
plain = room.solve_regions
def loud(problem, only, *, progress, **rest):
    def tell(region):
        progress(region)
        say("FIRST")
        signal.pause()
    return plain(problem, only, progress=tell, **rest)
room.solve_regions = loud
{TAIL}"""
STEPS = f"""{HEAD}
from samenspel.delineation.chains import ensemble as room
plain = room.ensemble
def loud(problem, start, *, progress, **rest):
    def tell(done, of):
        progress(done, of)
        say("STEPS")
    return plain(problem, start, progress=tell, **rest)
room.ensemble = loud
{TAIL}"""
FIRST_PLAN = f"""{HEAD}
from samenspel.delineation.explain import tradeoff as room
plain = room.front
def loud(problem, goals, *, progress, **rest):
    def tell(seconds, plans):
        answer = progress(seconds, plans)
        if plans:
            say("PLANS")
        return answer
    return plain(problem, goals, progress=tell, **rest)
room.front = loud
{TAIL}"""
# While libraries load an exception is lost, or comes out as another.
LOADING = f"""{HEAD}
import builtins
plain = builtins.__import__
def slow(name, *rest):
    if name == "samenspel.delineation.build":
        say("LOADING")
        try:
            signal.pause()
        except KeyboardInterrupt:
            raise SystemError("initialization failed")
    return plain(name, *rest)
builtins.__import__ = slow
{TAIL}"""
COMPILING = f"""{HEAD}
from samenspel.delineation import smallest as room
def slow(zones):
    say("COMPILING")
    try:
        signal.pause()
    except KeyboardInterrupt:
        raise RuntimeError("no compiled object yet")
room.land_of_two = slow
{TAIL}"""
READING = f"""{HEAD}
from samenspel.landscape import load as room
def slow(folder, date):
    say("READING")
    signal.pause()
room.load = slow
{TAIL}"""

COMMANDS = {
    "delineate": ("--regions", "2"),
    "zones": ("--within", "REGIO"),
    "ensemble": ("--regions", "2"),
    "tradeoff": ("--regions", "2", "--goals", "cut,flows"),
    "compare": ("REGIO",),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_while_libraries_load_it_ends_with_130_and_one_line(command: str, land: Path) -> None:
    done = interrupted(LOADING, command, str(land), *COMMANDS[command], "--json")
    assert done == (130, "", "Interrupted.\n")


@pytest.mark.parametrize("command", ["delineate", "compare"])
def test_while_the_land_is_read_too(command: str, land: Path) -> None:
    done = interrupted(READING, command, str(land), *COMMANDS[command], "--json")
    assert done == (130, "", "Interrupted.\n")


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "compare"])
def test_while_kernels_compile_too(command: str, land: Path) -> None:
    done = interrupted(COMPILING, command, str(land), *COMMANDS[command], "--json")
    assert done == (130, "", "Interrupted.\n")


@pytest.mark.parametrize(("bound", "code"), [("1000..", 0), ("49000..53700", 1)])
def test_a_search_gives_the_best_so_far_or_says_there_is_none(
    land: Path, bound: str, code: int
) -> None:
    # Three zones of 49,000 to 53,700: the sums allow it, the map does not.
    done, out, err = interrupted(
        SEARCHING, "delineate", str(land), "--regions", "3", "--population", bound, "--seconds",
        "600", "--json",
    )  # fmt: skip
    assert done == code
    found = json.loads(out)
    assert found["interrupted"] is True
    assert found["valid"] is (code == 0)
    assert found["seconds"] < 600
    said = "the best plan so far" if code == 0 else "no valid plan was found so far"
    assert said in err


def test_a_division_gives_the_regions_that_are_done(land: Path) -> None:
    done, out, err = interrupted(
        FIRST_REGION, "zones", str(land), "--within", "REGIO", "--json", *LINKED
    )
    assert done == 1
    assert "Interrupted; regions done: 1 of 2." in err
    found = json.loads(out)
    assert found["interrupted"]
    rows = {row["region"]: row for row in found["regions"]}
    assert [region for region, row in rows.items() if row["plan"] is not None] == ["NOORD"]
    assert "Interrupted" in rows["ZUID"]["reasons"][0]


def test_chains_give_what_is_recorded(land: Path, tmp_path: Path) -> None:
    file = tmp_path / "sample.json"
    done, _out, err = interrupted(
        STEPS, "ensemble", str(land), "--regions", "2", "--steps", "200000000", "--thin", "100000",
        "--out", str(file),
    )  # fmt: skip
    assert done == 0
    assert "Interrupted; plans recorded so far" in err
    found = json.loads(file.read_text("utf-8"))
    assert found["interrupted"]
    assert not found["complete"]


def test_a_trade_off_gives_the_plans_so_far(land: Path) -> None:
    done, out, err = interrupted(
        FIRST_PLAN, "tradeoff", str(land), "--regions", "2", "--goals", "cut,balance", "--seconds",
        "900", "--json", "--present", "REGIO", *LINKED,
    )  # fmt: skip
    assert done == 0
    assert "Interrupted; plans between the goals so far" in err
    found = json.loads(out)
    assert found["interrupted"]
    assert found["points"]
    assert found["seconds"] < 900
