"""How long the screening takes, beside a peer that computes some of its figures in the same run.

Run as ``python benchmarks/screening.py [--data DIR] [--size N] [--part PART]``; it prints a
Markdown table. Every figure of the peer (see ``peer.py``) is first compared with that of the
screening; where one differs nothing is timed. The screening is timed on a landscape without its
integer index, so building that is part of it. Ours and the peer's runs alternate, so that other
work on the machine hits both.

Cost of the screening: O(memberships log memberships) for the counts, O(sum over partnerships of
members squared) for who meets whom and O(sum over municipalities of partnerships squared) for how
alike circles are; loading and checking cost O(rows log rows).
"""

import argparse
import gc
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "shared" / "data" / "flanders"
RUNS = 9
PEER_RUNS_ON_GRID = 3
PARTS = ("start", "flanders", "grid")


class Line(NamedTuple):
    """One line of the table; times in seconds."""

    what: str
    value: str
    fastest: str = ""
    runs: str = ""


def timed(what: str, times: list[float]) -> Line:
    return Line(what, shown(median(times)), shown(min(times)), str(len(times)))


def shown(seconds: float) -> str:
    return f"{seconds * 1e3:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def once(work: Callable[..., object], *given: object) -> float:
    """How long ``work`` takes, without the rubbish of what ran before."""
    gc.collect()
    start = perf_counter()
    work(*given)
    return perf_counter() - start


def measured(work: Callable[..., object], *given: object) -> list[float]:
    """The times of ``RUNS`` runs of ``work``, after one run to warm up."""
    work(*given)
    return [once(work, *given) for _ in range(RUNS)]


def start_up() -> Iterator[Line]:
    """The whole process of asking for help."""
    installed = Path(sys.executable).with_name("samenspel")
    for name, program, options in (
        ("samenspel", installed, []),
        ("python -m samenspel", Path(sys.executable), ["-m", "samenspel"]),
    ):
        command = [str(program), *options, "--help"]
        if program.exists() and quiet(command).returncode == 0:
            yield timed(f"`{name} --help`, whole process", measured(quiet, command))
            return
    yield Line("`samenspel --help`", "not measured: the command does not run here")


def quiet(command: list[str]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, capture_output=True, check=False)


def flanders(data: Path) -> Iterator[Line]:
    """All Flanders on the map of 2025, from the raw public files."""
    from samenspel.exchange.flanders import import_flanders
    from samenspel.landscape.load import load
    from samenspel.landscape.package import write

    first = once(import_flanders, data, 2025)
    yield Line("Flanders 2025: import, first in the process", shown(first), shown(first), "1")
    yield timed("Flanders 2025: import", measured(import_flanders, data, 2025))
    picture, _findings = import_flanders(data, 2025)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "flanders"
        write(picture, folder)
        yield timed("Flanders 2025: load and check", measured(load, folder))
        picture = load(folder)
    yield from beside_peer("Flanders 2025", picture, RUNS)


def grid(size: int) -> Iterator[Line]:
    """An invented grid of ``size`` municipalities; its memory is that of a process of its own."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "grid"
        made = [sys.executable, str(HERE / "grid.py"), str(folder), "--size", str(size)]
        subprocess.run(made, check=True, capture_output=True)
        child = [sys.executable, __file__, "--memory-of", str(folder)]
        peak = subprocess.run(child, check=True, capture_output=True, text=True).stdout.strip()

        from samenspel.landscape.load import load

        name = f"grid of {size:,}"
        loaded = measured(load, folder)
        picture = load(folder)
        rows = picture.table("memberships").height
        yield Line(f"{name}: memberships", f"{rows:,}")
        yield timed(f"{name}: load and check", loaded)
        yield from beside_peer(name, picture, PEER_RUNS_ON_GRID)
        yield Line(f"{name}: peak memory of load and screening", peak, "", "1")


def beside_peer(name: str, picture: Any, peer_runs: int) -> Iterator[Line]:
    """Ours, the peer's, and how many times longer the peer takes."""
    import peer
    from samenspel.screening.indicators import breakdown as breakdown_of
    from samenspel.screening.screen import screen

    tables = peer.frames_of(picture)
    differ = peer.differences(screen(picture), peer.screen(tables))
    if differ:
        raise SystemExit(f"{name}: {len(differ)} figures differ from the peer's; {differ[0]}")
    ours, breakdown, theirs = [], [], []
    for run in range(RUNS):
        fresh = picture.with_tables()
        ours.append(once(screen, fresh))
        breakdown.append(once(breakdown_of, screen(fresh).found))
        if run < peer_runs:
            theirs.append(once(peer.screen, tables))
    yield timed(f"{name}: screening, every figure and signal", ours)
    yield timed(f"{name}: breakdown by form, theme and so on", breakdown)
    yield timed(f"{name}: peer, some of the figures", theirs)
    ratio, fastest = median(theirs) / median(ours), min(theirs) / min(ours)
    yield Line(f"{name}: peer's time / screening's time", f"{ratio:.1f}", f"{fastest:.1f}")


def memory_of(folder: Path) -> None:
    """Load and screen ``folder`` and print the peak memory of this process."""
    from samenspel.landscape.load import load
    from samenspel.screening.screen import screen

    _all = screen(load(folder)).breakdown
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, KiB elsewhere
    print(f"{peak * unit / 2**20:.0f} MiB")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, help="the raw public files of Flanders")
    parser.add_argument("--size", type=int, default=30_000, help="municipalities of the grid")
    parser.add_argument("--part", choices=PARTS, action="append", help="only this; may be repeated")
    parser.add_argument("--memory-of", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.memory_of:
        memory_of(asked.memory_of)
        return
    if asked.data and not asked.data.is_dir():
        parser.error(f"{asked.data}: there is no such folder")
    if asked.size < 1:
        parser.error("--size: at least 1")
    data = asked.data or DATA
    data_command = "--part flanders" + (" --data DIR" if asked.data else "")
    grid_command = "--part grid" + ("" if asked.size == 30_000 else f" --size {asked.size}")
    # The grid comes before Flanders: its child would take over the peak of a large parent.
    jobs: dict[str, tuple[str, Callable[[], Iterator[Line]]]] = {
        "start": ("--part start", start_up),
        "grid": (grid_command, lambda: grid(asked.size)),
        "flanders": (data_command, lambda: flanders(data)),
    }
    print("| what | median | fastest | runs | printed by |")
    print("|---|---:|---:|---:|---|")
    for part, (options, job) in jobs.items():
        if asked.part and part not in asked.part:
            continue
        if part == "flanders" and not data.is_dir():
            lines = iter([Line("Flanders 2025", "not measured: the public files are not here")])
        else:
            lines = job()
        for line in lines:
            command = f"`python benchmarks/screening.py {options}`"
            print(f"| {' | '.join([*line, command])} |", flush=True)


if __name__ == "__main__":
    main()
