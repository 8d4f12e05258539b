"""The benchmark of the register runs and finds the register sound; no time is asserted."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_short_history_is_made_and_asked(tmp_path: Path) -> None:
    command = [sys.executable, "benchmarks/register.py", "--part", "history"]
    sizes = ["--database", "sqlite", "--size", "30", "--changes", "1000"]
    absent = ["--data", str(tmp_path / "absent")]
    done = subprocess.run(
        [*command, *sizes, *absent], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "| sqlite: one edit | " in done.stdout
    assert "known on a moment at the middle" in done.stdout
