"""What the tests of the commands that draw zones share: their JSON, their words, Ctrl-C."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from pages import prompt
from samenspel.landscape.landscape import Landscape

LINKED = ("--link", "Afgelegem=Fantasierode")  # within its present region


def zoning(landscape: Landscape, name: str) -> dict[str, str]:
    """Zone by municipality."""
    members = landscape.table("zone_members").filter(zoning=name)
    return dict(members.select("nis", "zone").iter_rows())


def found_by(command: str, folder: Path, *words: str, code: int = 0) -> Any:
    """The JSON that a command prints, without a word on standard error."""
    done, out, err = prompt("--lang", "en", command, str(folder), "--json", *words)
    assert (done, err) == (code, "")
    return json.loads(out)


def shown_by(command: str, folder: Path, *words: str, code: int = 0) -> str:
    """What a command shows, with single spaces."""
    done, out, err = prompt("--lang", "en", command, str(folder), *words)
    assert (done, err) == (code, "")
    return " ".join(out.split())


def refused_by(command: str, folder: Path, *words: str) -> str:
    """The one line in which a command refuses its words."""
    done, out, err = prompt("--lang", "en", command, str(folder), *words)
    assert (done, out) == (2, "")
    assert len(err.strip().splitlines()) == 1
    return err


def interrupted(program: str, *words: str) -> tuple[int, str, str]:
    """Exit code, output and errors of ``program`` with ``words``, after Ctrl-C as soon as it says a
    line on standard error."""
    with subprocess.Popen(
        [sys.executable, "-c", program, *words],
        env={**os.environ, "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as running:
        assert running.stderr is not None
        assert running.stderr.readline()
        running.send_signal(signal.SIGINT)
        out, err = running.communicate()
    return running.returncode, out, err
