"""The benchmark runs; no time is asserted."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_it_prints_its_table() -> None:
    command = [sys.executable, "benchmarks/sharing.py", "--most", "8", "--runs", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("| nucleolus, ") == 4
