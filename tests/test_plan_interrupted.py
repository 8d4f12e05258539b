"""Ctrl-C while a plan is searched: the search stops, and no plan comes of it."""

import builtins
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from samenspel.alignment.plan.model import solver
from samenspel.errors import InputError
from samenspel.landscape.example import example
from samenspel.landscape.package import write

# The program with another model to solve: one of which every search takes long (market split, four
# equations over forty switches). It says when the search has begun.
HARD = """
import random, sys
from ortools.sat.python import cp_model
from samenspel.__main__ import main

draw = random.Random(1)
hard = cp_model.CpModel()
switches = [hard.new_bool_var(str(n)) for n in range(40)]
for _row in range(4):
    sizes = [draw.randrange(100) for _switch in switches]
    hard.add(sum(s * v for s, v in zip(sizes, switches)) == sum(sizes) // 2)

def tell(line):
    if "Starting search" in line:
        print("SEARCHING", flush=True)

plain = cp_model.CpSolver.solve
def solve(self, model, *rest):
    self.parameters.log_search_progress = True
    self.parameters.log_to_stdout = False
    self.log_callback = tell
    return plain(self, hard)
cp_model.CpSolver.solve = solve
sys.argv[1:] = ["rationalise", sys.argv[1], "--region", "ZUID", "--seconds", "60"]
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send")
def test_an_interrupted_search_ends_with_130_and_without_a_plan(tmp_path: Path) -> None:
    folder = tmp_path / "streek"
    write(example(), folder)
    running = subprocess.Popen(
        [sys.executable, "-c", HARD, str(folder)],
        env={**os.environ, "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert running.stdout is not None
    assert any("SEARCHING" in line for line in iter(running.stdout.readline, ""))
    running.send_signal(signal.SIGINT)
    out, _err = running.communicate()
    assert running.returncode == 130
    assert "SEARCHING" not in out
    assert "Regio Zuid" not in out


@pytest.mark.parametrize(
    ("cause", "told"), [(KeyboardInterrupt(), KeyboardInterrupt), (None, InputError)]
)
def test_a_load_that_is_interrupted_is_no_missing_library(
    cause: BaseException | None, told: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = builtins.__import__

    def broken(name: str, *rest: Any) -> Any:
        if name.startswith("ortools"):
            raise ImportError("initialization failed") from cause
        return plain(name, *rest)

    monkeypatch.setattr(builtins, "__import__", broken)
    with pytest.raises(told):
        solver()
