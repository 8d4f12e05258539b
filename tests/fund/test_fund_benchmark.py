"""The benchmark of the fund runs, and its peer gives the same cents; no time is asserted."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_peer_agrees_to_the_cent(tmp_path: Path) -> None:
    words = ["--size", "40", "--runs", "1", "--data", str(tmp_path / "none")]
    command = [sys.executable, "benchmarks/fund.py", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "floors bind" in done.stdout
