"""How long the Shapley value and the nucleolus take, beside two peers in their own environment.

Run as ``python benchmarks/sharing.py [--peer PYTHON] [--runs N]``; it prints a Markdown table.
PYTHON is the interpreter of an environment with coopgame-py and, for its Shapley value, pyCoopGame
(``pip install coopgame-py pyCoopGame numpy pandas pyomo``). Without it only our own times are
printed. Our answers are fractions and every nucleolus is proven; the peers answer in floating
point, but for coopgame's ``nucleolus_exact`` of up to ten parties. What a peer gives is held
against ours before a ratio is printed; a peer that takes longer than ``--limit`` is stopped.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from samenspel.sharing.formulas import shapley_of
from samenspel.sharing.functions import Steps
from samenspel.sharing.game import Game
from samenspel.sharing.groups import sums
from samenspel.sharing.nucleolus import nucleolus
from samenspel.sharing.sampling import sample
from samenspel.sharing.shapley import shapley

FULL = 20  # parties of the largest game beside a peer
NEAR = 1e-6  # of what all cost together
KINDS = ("random", "concave", "airport", "votes")
# Run by the interpreter of the peers with a file of costs: prints seconds and amounts as JSON.
PEER = """
import contextlib, io, json, sys, time
import numpy as np

file, name, runs = sys.argv[1], sys.argv[2], int(sys.argv[3])
values = np.load(file)
count = len(values).bit_length() - 1
whole = [int(v) for v in values[1:]]
turned = [-v for v in whole]
if name == "pyCoopGame shapley":
    import pandas
    from pyCoopGame.Shapley import Shapley

    groups = [[i for i in range(count) if m >> i & 1] for m in range(1, 1 << count)]
    frame = pandas.DataFrame({"coalition": groups, "value": whole})

    def work():
        with contextlib.redirect_stdout(io.StringIO()):
            found = Shapley(frame)
        return [float(found[i]) for i in sorted(found)]
else:
    import coopgame

    game = coopgame.Game([float(v) for v in turned])

    def work():
        if name == "coopgame shapley":
            return [-a for a in coopgame.shapley(game)]
        if name == "coopgame prenucleolus":
            found = coopgame.prenucleolus(game)
        else:
            found = coopgame.nucleolus_exact(turned, domain="preimputation")
        return [-float(a) for a in found["allocation"]]

seconds = []
for _ in range(runs):
    start = time.perf_counter()
    amounts = work()
    seconds.append(time.perf_counter() - start)
print(json.dumps([sorted(seconds)[len(seconds) // 2], amounts]))
"""


def main() -> None:
    """Prints the table."""
    arguments = parsed()
    print("| what | parties | ours, s | peer | peer, s | peer's time / ours |")
    print("|---|---:|---:|---|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        for what, kind, count in asked(arguments.most):
            values = made(kind, count)
            game = Game(tuple(f"{i:02}" for i in range(count)), values)
            seconds, found = timed(work_of(what, game), arguments.runs)
            start = f"| {what}, {kind} | {count} | {seconds:.4f} |"
            if arguments.peer is None:
                print(f"{start} | | |")
                continue
            file = Path(folder) / "costs.npy"
            np.save(file, values)
            for name in peers_of(what, count):
                told = peer(arguments.peer, file, name, arguments.runs, arguments.limit)
                if told is None:
                    print(f"{start} {name} | more than {arguments.limit} | |")
                    continue
                theirs, amounts = told
                off = max(abs(float(a) - b) for a, b in zip(found, amounts, strict=True))
                if off > NEAR * max(abs(float(values[-1])), 1):
                    sys.exit(f"{what}, {kind}, {count} parties: {name} differs by {off}")
                print(f"{start} {name} | {theirs:.4f} | {theirs / seconds:.2f} |", flush=True)
    if arguments.most >= FULL:
        alone(arguments.runs)


def parsed() -> argparse.Namespace:
    """What is asked on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", help="the Python of an environment with the peers")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--limit", type=float, default=60, help="seconds for a peer and a game")
    parser.add_argument("--most", type=int, default=FULL, help="parties")
    return parser.parse_args()


def asked(most: int) -> list[tuple[str, str, int]]:
    """Which games are timed: what, which kind, how many parties."""
    found = [("shapley", "random", count) for count in (10, 15, 20)]
    found += [("nucleolus", kind, count) for kind in KINDS for count in (8, 10, 14, 18)]
    return [one for one in found if one[2] <= most]


def made(kind: str, count: int) -> Any:
    """The costs of every group, whole numbers."""
    chance = np.random.default_rng(count)
    weights = sorted(int(w) for w in chance.integers(1, 100, count))
    size = sums(weights)
    if kind == "concave":
        return (np.sqrt(size) * 1e6).astype(np.int64)
    if kind == "votes":
        return -1000 * (2 * size > sum(weights)).astype(np.int64)
    values = np.zeros(1 << count, dtype=np.int64)
    if kind == "airport":
        for i, weight in enumerate(weights):
            values[1 << i : 2 << i] = 1000 * weight
        return values
    members = np.bitwise_count(np.arange(1 << count))
    values[1:] = (chance.integers(0, 10**6, 1 << count) * members)[1:]
    return values


def work_of(what: str, game: Game) -> Callable[[], list[Fraction]]:
    if what == "shapley":
        return lambda: list(shapley(game).amounts)

    def work() -> list[Fraction]:
        found = nucleolus(game, bounded=False)
        assert found is not None
        return list(found.amounts)

    return work


def timed(work: Callable[[], Any], runs: int) -> tuple[float, Any]:
    """Median seconds of ``runs``, and what came out; the first run does not count."""
    found = work()
    seconds = []
    for _run in range(runs):
        start = time.perf_counter()
        found = work()
        seconds.append(time.perf_counter() - start)
    return median(seconds), found


def peers_of(what: str, count: int) -> list[str]:
    """The peers that are asked."""
    if what == "shapley":
        return ["coopgame shapley", *(["pyCoopGame shapley"] if count <= 10 else [])]
    return ["coopgame prenucleolus", *(["coopgame exact"] if count <= 8 else [])]


def peer(
    python: str, file: Path, name: str, runs: int, limit: float
) -> tuple[float, list[float]] | None:
    """Median seconds and amounts of a peer; None where it takes longer than ``limit`` seconds."""
    try:
        done = subprocess.run(
            [python, "-c", PEER, str(file), name, str(runs)],
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=limit,
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode:
        sys.exit(f"{name} failed: {done.stderr.strip().splitlines()[-1]}")
    seconds, amounts = json.loads(done.stdout)
    return seconds, amounts


def alone(runs: int) -> None:
    """What no peer does here: 300 parties, exact by counting and by chance."""
    sizes = tuple(1 + i * 7 % 9 for i in range(300))
    names = tuple(f"{i:03}" for i in range(300))
    bounds = (100, 700, sum(sizes))
    steps = Steps(names, sizes, bounds, (Fraction(900), Fraction(4000), Fraction(7000)))
    seconds, _found = timed(lambda: shapley_of(steps), runs)
    print(f"| shapley, thresholds, counted | 300 | {seconds:.4f} | | | |")
    seconds, _found = timed(lambda: sample(steps), 1)
    print(f"| shapley, thresholds, 2,000 orders | 300 | {seconds:.4f} | | | |")


if __name__ == "__main__":
    main()
