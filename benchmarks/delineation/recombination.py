"""Recombinations a second on one core, beside GerryChain's in the same run.

    python benchmarks/delineation/chains/recombination.py [--sizes 300 3000 30000] [--seconds 5]
        [--peer PYTHON]

Both start from the same plan of the same invented land (``instances.py``: 17 zones within 25 %) and
count the plans that they go to. Ours also keeps every hard rule (no holes, which the peer does not
ask) and the goals of every tenth plan. Processor time of one thread, so that other work on the
machine weighs less; compile time apart. ``--peer``: a Python that has gerrychain, which need not
have samenspel; without it the peer is skipped.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

KINDS = ("recom", "reversible", "flip")
CHUNK = {"recom": 300_000, "reversible": 3_000_000, "flip": 3_000_000}


def peer(file: Path, seconds: float) -> None:
    """Print how many recombinations a second GerryChain makes on the land in ``file``."""
    from functools import partial

    import networkx as nx
    from gerrychain import Graph, MarkovChain, Partition, accept, constraints, updaters
    from gerrychain.proposals import recom

    land = json.loads(file.read_text())
    plain = nx.Graph()
    for i, people in enumerate(land["population"]):
        plain.add_node(i, population=people)
    plain.add_edges_from(land["borders"])
    graph = Graph.from_networkx(plain)
    start = Partition(
        graph,
        dict(enumerate(land["plan"])),
        {"population": updaters.Tally("population"), "cut_edges": updaters.cut_edges},
    )
    mean = sum(land["population"]) / (max(land["plan"]) + 1)
    chain = MarkovChain(
        partial(
            recom, pop_col="population", pop_target=mean, epsilon=land["tolerance"], node_repeats=2
        ),
        [constraints.within_percent_of_ideal_population(start, land["tolerance"])],
        accept.always_accept,
        start,
        10**9,
    )
    plans = iter(chain)
    next(plans)
    begun, count = time.process_time(), 0
    while time.process_time() - begun < seconds:
        next(plans)
        count += 1
    print(json.dumps(count / (time.process_time() - begun)))


def ours(problem: Any, plan: Any, kind: str, seconds: float) -> tuple[float, float, float]:
    """Seconds to compile or load, steps a second, and plans gone to a second."""
    import numpy as np

    from samenspel.delineation.chains.ensemble import KINDS as NUMBERS
    from samenspel.delineation.chains.land import first_sums, land_of, on_nodes
    from samenspel.delineation.chains.recombination import work_of
    from samenspel.delineation.chains.run import compile_now
    from samenspel.delineation.chains.state import state_of
    from samenspel.delineation.chains.steps import advance, rows_of

    land, node = land_of(problem)
    zone = on_nodes(plan, node)
    sums = first_sums(problem, plan)
    begun = time.perf_counter()
    compile_now(land, zone, sums)
    compiled = time.perf_counter() - begun
    state = state_of(land, zone, sums, np.random.SeedSequence(1).generate_state(4, np.uint64))
    work, steps = work_of(land), max(10, CHUNK[kind] // problem.size // 10 * 10)
    rows = rows_of(land, steps // 10, False)
    begun, count = time.process_time(), 0
    while time.process_time() - begun < seconds:
        advance(land, state, work, rows, NUMBERS.index(kind), 0, steps, 10, 100, 0, 0.0)
        count += steps
    spent = time.process_time() - begun
    return compiled, count / spent, int(rows.tally[0]) / spent


def bisected(problem: Any, zones: int, seed: int) -> Any:
    """A valid plan: the land halved again and again along an edge of a random spanning tree.
    Draws until the plan is valid."""
    import numpy as np

    from samenspel.delineation.validator import validate

    rng = np.random.default_rng(seed)
    while True:
        plan = np.zeros(problem.size, np.int64)
        parts = [(np.arange(problem.size), zones, 0)]
        while parts:
            places, count, first = parts.pop()
            if count == 1:
                plan[places] = first
                continue
            lower = halved(problem, places, count // 2 / count, rng)
            parts.append((places[lower], count // 2, first))
            parts.append((places[~lower], count - count // 2, first + count // 2))
        if not validate(problem, plan):
            return plan


def halved(problem: Any, places: Any, share: float, rng: Any) -> Any:
    """Of each of ``places``, which are connected, whether it lies in the part with ``share`` of the
    inhabitants: the nearest that 30 trees offer, either way round."""
    import numpy as np

    from samenspel.delineation.chains.land import distinct
    from samenspel.delineation.chains.trees import add_up, spanning_tree
    from samenspel.landscape.index import csr

    count = len(places)
    number = np.full(problem.size, -1, np.int64)
    number[places] = np.arange(count)
    a, b = number[problem.borders.a], number[problem.borders.b]
    ends = distinct(a[(a >= 0) & (b >= 0)], b[(a >= 0) & (b >= 0)], count)
    links = csr(ends.ravel("F"), ends[:, ::-1].ravel("F"), np.ones(2 * len(ends)), count)
    start, near = links.indptr.astype(np.int32), links.indices.astype(np.int32)
    parent, order = np.zeros(count, np.int32), np.zeros(count, np.int32)
    random = rng.integers(1, 2**63, 4).astype(np.uint64)
    everyone = problem.population[places].sum()
    best, found = np.inf, np.zeros(count, np.bool_)
    for _tree in range(30):
        spanning_tree(start, near, count, 0, parent, order, np.zeros(count, np.bool_), random)
        below = problem.population[places].copy()
        add_up(count, parent, order, below)
        for upper in (False, True):
            off = np.abs((everyone - below if upper else below) / everyone - share)
            v = order[1:][np.argmin(off[order[1:]])]
            if off[v] < best:
                best, under = off[v], np.zeros(count, np.bool_)
                for u in order[1:]:
                    under[u] = u == v or under[parent[u]]
                found = ~under if upper else under
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[300, 3000, 30000])
    parser.add_argument("--seconds", type=float, default=5.0, help="of each measurement")
    parser.add_argument("--seed", type=int, default=1, help="of the land")
    parser.add_argument("--peer", default=sys.executable, help="a Python that has gerrychain")
    parser.add_argument("--as-peer", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.as_peer:
        peer(asked.as_peer, asked.seconds)
        return
    if not shutil.which(asked.peer):
        parser.error(f"--peer {asked.peer}: there is no such program")
    from instances import TOLERANCE, ZONES, instance

    print("| cells | chain | compile or load | steps/s | plans/s | times the peer |")
    print("|---:|---|---:|---:|---:|---:|")
    for size in asked.sizes:
        problem = instance(size, asked.seed)
        plan = bisected(problem, ZONES, asked.seed)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "land.json"
            borders = list(zip(problem.borders.a.tolist(), problem.borders.b.tolist(), strict=True))
            told = {
                "population": problem.population.tolist(),
                "borders": borders,
                "plan": plan.tolist(),
                "tolerance": TOLERANCE,
            }
            file.write_text(json.dumps(told))
            options = ["--as-peer", str(file), "--seconds", str(asked.seconds)]
            done = subprocess.run(
                [asked.peer, __file__, *options], capture_output=True, text=True, check=False
            )
        if done.returncode == 0:
            rate = float(done.stdout)
            print(f"| {size:,} | GerryChain ReCom | | | {rate:,.1f} | 1 |", flush=True)
        else:
            reason = (done.stderr.strip().splitlines() or ["it says nothing"])[-1]
            rate = 0.0
            print(f"| {size:,} | GerryChain ReCom | | | not measured: {reason} | |", flush=True)
        for kind in KINDS:
            compiled, steps, plans = ours(problem, plan, kind, asked.seconds)
            times = f"{plans / rate:,.0f}" if rate and kind == "recom" else ""
            print(
                f"| {size:,} | {kind} | {compiled:.2f} s | {steps:,.0f} | {plans:,.0f} | {times} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
