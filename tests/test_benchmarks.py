"""The benchmarks run, and their peer agrees with the screening; no time is asserted."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_peer_agrees_on_a_small_grid() -> None:
    command = [sys.executable, "benchmarks/screening.py", "--part", "grid", "--size", "60"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "peer's time / screening's time" in done.stdout
