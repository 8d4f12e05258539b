"""Plans with few partnerships cut: our search beside peers on the same invented land.

    python benchmarks/delineation/peers.py [--peers PYTHON] [--seeds 1 2] [--sizes 300 3000 30000]
        [--seconds 5 20 60] [--only NAME ...] [--flanders] [--data DIR]

Every plan, ours and theirs, is judged by our validator and counted by our goals. ``--peers`` is a
Python with the packages of ``peers.txt``, in an environment of its own; without it, or where one is
not installed, a line says so. A peer gets the seconds of the size and is ended at three times that.
``--flanders``: regions of all Flanders, ten short searches against long ones. README.md says what
each peer is given.
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

SHARES = (0.03, 0.1, 0.3, 1.0)  # of the seconds: how soon we are as good as a peer
GRACE, LOADING = 3.0, 15.0  # times the seconds, and seconds to load the packages of a peer
BURST = 10  # recombinations of a short burst
SHORT, LONG, WITHIN = 2.0, 60.0, 0.005
DATA = Path(__file__).parents[3] / "shared" / "data" / "flanders"
REGIONS, INHABITANTS = (15, 20), (150_000, 1_000_000)

Land = dict[str, Any]


def gerrychain_bursts(land: Land) -> list[int]:
    """Short bursts of ReCom from a valid plan, towards few partnerships cut (Cannon and others)."""
    from functools import partial

    import networkx as nx
    import numpy as np
    from gerrychain import Graph, Partition, constraints, updaters
    from gerrychain.optimization import SingleMetricOptimizer
    from gerrychain.proposals import recom

    began = time.perf_counter()
    plain = nx.Graph()
    for i, people in enumerate(land["population"]):
        plain.add_node(i, population=people)
    plain.add_edges_from((a, b) for a, b, _length in land["borders"])
    start = Partition(
        Graph.from_networkx(plain),
        dict(enumerate(land["begin"])),
        {"population": updaters.Tally("population")},
    )
    n, sets = len(land["population"]), land["partnerships"]
    pins = np.concatenate([np.array(members) for members in sets])
    starts = np.concatenate([[0], np.cumsum([len(members) for members in sets])[:-1]])

    def labels(partition: Any) -> Any:
        given = dict(partition.assignment.items())
        return np.array([given[i] for i in range(n)])

    def cut(partition: Any) -> float:
        own = labels(partition)[pins]
        return float((np.maximum.reduceat(own, starts) > np.minimum.reduceat(own, starts)).sum())

    mean = sum(land["population"]) / land["zones"]
    proposal = partial(
        recom, pop_col="population", pop_target=mean, epsilon=land["tolerance"], node_repeats=2
    )
    within = constraints.within_percent_of_ideal_population(start, land["tolerance"])
    optimizer = SingleMetricOptimizer(proposal, [within], start, cut, maximize=False, rng=1)
    for _plan in optimizer.short_bursts(BURST, 10**9):
        if time.perf_counter() - began > land["seconds"]:
            break
    return [int(zone) for zone in labels(optimizer.best_part)]


def neighbours(land: Land) -> list[list[int]]:
    near: list[list[int]] = [[] for _place in land["population"]]
    for a, b, _length in land["borders"]:
        near[a].append(b)
        near[b].append(a)
    return near


def spopt_frame(land: Land) -> tuple[Any, Any]:
    import geopandas
    import libpysal

    points = geopandas.points_from_xy(*zip(*land["points"], strict=True))
    frame = geopandas.GeoDataFrame({"people": land["population"]}, geometry=points)
    frame["x"], frame["y"] = frame.geometry.x, frame.geometry.y
    return frame, libpysal.weights.W(dict(enumerate(neighbours(land))))


def spopt_maxp(land: Land) -> list[int]:
    from spopt.region import MaxPHeuristic

    frame, near = spopt_frame(land)
    model = MaxPHeuristic(frame, near, ["x", "y"], "people", land["low"], top_n=2)
    model.solve()
    return [int(zone) for zone in model.labels_]


def spopt_skater(land: Land) -> list[int]:
    from spopt.region import Skater

    frame, near = spopt_frame(land)
    model = Skater(frame, near, ["x", "y"], n_clusters=land["zones"])
    model.solve()
    return [int(zone) for zone in model.labels_]


def spopt_azp(land: Land) -> list[int]:
    from spopt.region import AZP

    frame, near = spopt_frame(land)
    model = AZP(frame, near, ["x", "y"], n_clusters=land["zones"], random_state=1)
    model.solve()
    return [int(zone) for zone in model.labels_]


def geoda(land: Land, method: str) -> list[int]:
    import pygeoda

    n, near = len(land["population"]), neighbours(land)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "land.gal"
        rows = [f"{i} {len(row)}\n{' '.join(map(str, row))}" for i, row in enumerate(near)]
        file.write_text(f"0 {n} land id\n" + "\n".join(rows) + "\n")
        links = pygeoda.read_gal(str(file), [str(i) for i in range(n)])
    places = [tuple(column) for column in zip(*land["points"], strict=True)]
    people = [float(count) for count in land["population"]]
    if method == "maxp":
        found = pygeoda.maxp_greedy(links, places, people, float(land["low"]), cpu_threads=2)
    else:
        call = pygeoda.skater if method == "skater" else pygeoda.azp_greedy
        found = call(land["zones"], links, places, bound_variable=people,
                     min_bound=float(land["low"]))  # fmt: skip
    return [int(zone) for zone in found["Clusters"]]


def metis(land: Land) -> list[int]:
    """Borders weigh the partnerships that both sides share."""
    import pymetis

    tables: list[set[int]] = [set() for _place in land["population"]]
    for number, members in enumerate(land["partnerships"]):
        for i in members:
            tables[i].add(number)
    near = neighbours(land)
    starts = [0]
    for row in near:
        starts.append(starts[-1] + len(row))
    ends = [(a, b) for a, row in enumerate(near) for b in row]
    _cut, zones = pymetis.part_graph(
        land["zones"], xadj=starts, adjncy=[b for _a, b in ends], vweights=land["population"],
        eweights=[1 + len(tables[a] & tables[b]) for a, b in ends], contiguous=True,
        recursive=False,
    )  # fmt: skip
    return [int(zone) for zone in zones]


def kahypar(land: Land) -> list[int]:
    import mtkahypar

    mtkahypar.set_seed(1)
    begin = mtkahypar.initialize(2)
    context = begin.context_from_preset(mtkahypar.PresetType.QUALITY)
    context.set_partitioning_parameters(land["zones"], land["tolerance"], mtkahypar.Objective.CUT)
    context.logging = False
    sets, people = land["partnerships"], land["population"]
    graph = begin.create_hypergraph(context, len(people), len(sets), sets, people, [1] * len(sets))
    return [int(zone) for zone in graph.partition(context).get_partition()]


def cp_sat(land: Land) -> list[int]:
    """A plain model: a zone for each place, a tree in each zone, partnerships whole in a zone."""
    from ortools.sat.python import cp_model

    n, k = len(land["population"]), land["zones"]
    model = cp_model.CpModel()
    inside = [[model.new_bool_var("") for _zone in range(k)] for _place in range(n)]
    roots = [model.new_bool_var("") for _place in range(n)]
    depth = [model.new_int_var(0, n, "") for _place in range(n)]
    above: list[list[Any]] = [[root] for root in roots]
    for a, b, _length in land["borders"]:
        for low, high in ((a, b), (b, a)):
            arc = model.new_bool_var("")
            above[low].append(arc)
            model.add(depth[low] == depth[high] + 1).only_enforce_if(arc)
            for zone in range(k):
                model.add_implication(inside[low][zone], inside[high][zone]).only_enforce_if(arc)
    first = [[model.new_bool_var("") for _zone in range(k)] for _place in range(n)]
    for i in range(n):
        model.add_exactly_one(inside[i])
        model.add_exactly_one(above[i])
        for zone in range(k):
            model.add_bool_and(inside[i][zone], roots[i]).only_enforce_if(first[i][zone])
            model.add_bool_or(first[i][zone], inside[i][zone].negated(), roots[i].negated())
    for zone in range(k):
        model.add_exactly_one(first[i][zone] for i in range(n))
        held = sum(land["population"][i] * inside[i][zone] for i in range(n))
        model.add_linear_constraint(held, land["low"], land["high"])
    whole = []
    for members in land["partnerships"]:
        here = [model.new_bool_var("") for _zone in range(k)]
        for zone in range(k):
            model.add_bool_and(inside[i][zone] for i in members).only_enforce_if(here[zone])
        whole += here
    model.maximize(sum(whole))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = land["seconds"]
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise RuntimeError(f"no plan found in {land['seconds']:g} s")
    return [next(z for z in range(k) if solver.boolean_value(row[z])) for row in inside]


PEERS = {
    "GerryChain short bursts": gerrychain_bursts,
    "spopt MaxP": spopt_maxp,
    "spopt SKATER": spopt_skater,
    "spopt AZP": spopt_azp,
    "pygeoda MaxP": lambda land: geoda(land, "maxp"),
    "pygeoda SKATER": lambda land: geoda(land, "skater"),
    "pygeoda AZP": lambda land: geoda(land, "azp"),
    "METIS": metis,
    "Mt-KaHyPar": kahypar,
    "CP-SAT": cp_sat,
}


def as_peer(name: str, folder: Path) -> None:
    """Write the plan of a peer and its seconds, imports left out, beside the land in ``folder``."""
    land = json.loads((folder / "land.json").read_text())
    modules = {"GerryChain": "gerrychain", "spopt": "spopt.region", "pygeoda": "pygeoda",
               "METIS": "pymetis", "Mt-KaHyPar": "mtkahypar",
               "CP-SAT": "ortools.sat.python"}  # fmt: skip
    __import__(modules[name.split()[0]])
    began = time.perf_counter()
    plan = PEERS[name](land)
    told = {"plan": plan, "seconds": time.perf_counter() - began}
    (folder / "plan.json").write_text(json.dumps(told))


def told_by(name: str, python: str, land: Land) -> dict[str, Any]:
    """What a peer answers: plan and seconds, or ``error``."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "land.json").write_text(json.dumps(land))
        command = [python, __file__, "--as-peer", name, "--folder", place]
        limit = GRACE * land["seconds"] + LOADING
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=limit, check=False
            )
        except subprocess.TimeoutExpired:
            return {"error": f"no answer in {limit:g} s"}
        if done.returncode == 0:
            found: dict[str, Any] = json.loads((folder / "plan.json").read_text())
            return found
        lines = done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"]
        return {"error": lines[-1][:120]}


def land_of(problem: Any, seconds: float, seed: int) -> Land:
    """The problem as plain data, with a valid plan to begin from."""
    import numpy as np
    from instances import TOLERANCE
    from recombination import bisected

    edges, borders = problem.partnerships.members, problem.borders
    bound = problem.rules.bounds["population"]
    zones = problem.rules.zones[0]
    return {
        "population": problem.population.tolist(),
        "points": problem.points.tolist(),
        "borders": list(
            zip(borders.a.tolist(), borders.b.tolist(), borders.value.tolist(), strict=True)
        ),
        "partnerships": [row.tolist() for row in np.split(edges.indices, edges.indptr[1:-1])],
        "zones": zones, "low": bound.low, "high": bound.high, "tolerance": TOLERANCE,
        "seconds": seconds, "begin": bisected(problem, zones, seed).tolist(),
    }  # fmt: skip


def judged(problem: Any, plan: list[int]) -> tuple[int, str]:
    """Partnerships cut, and whether the plan is valid or what it breaks, and how often."""
    from collections import Counter

    import numpy as np

    from samenspel.delineation.goals import score
    from samenspel.delineation.problem import normalised
    from samenspel.delineation.validator import validate

    own = normalised(np.array(plan, np.int64))
    rules = Counter(violation.rule for violation in validate(problem, own))
    told = ", ".join(f"{rule} ({count})" for rule, count in rules.items())
    return int(score(problem, own).goals["cut"].value), told or "valid"


def compare(size: int, seconds: float, seed: int, python: str | None, names: list[str]) -> None:
    """The lines of one land."""
    from instances import instance

    from samenspel.delineation.heuristic.search import search

    problem = instance(size, seed)
    lines = f"{size:,} | {seed}"
    ours: list[tuple[float, int]] = []
    for share in SHARES:
        found = search(problem, seconds=share * seconds, seed=seed)
        if found.plan is None:
            print(f"| {lines} | Samenspel | | {found.reasons[0]} | | | |", flush=True)
            continue
        cut, told = judged(problem, found.plan.tolist())
        if found.valid:
            ours.append((found.seconds, cut))
        print(
            f"| {lines} | Samenspel, compiled in {found.compiled:.1f} s | {cut:,} | {told} | "
            f"{found.seconds:.2f} | | |",
            flush=True,
        )
    land = land_of(problem, seconds, seed) if python else {}
    for name in names:
        answer = told_by(name, python, land) if python else {"error": "no --peers given"}
        if "error" in answer:
            print(f"| {lines} | {name} | | {answer['error']} | | | |", flush=True)
            continue
        cut, told = judged(problem, answer["plan"])
        spent = answer["seconds"]
        soon = next((taken for taken, own in ours if own <= cut), None)
        equal = f"{spent / soon:.1f}" if soon else "never as good"
        inside = [own for taken, own in ours if taken <= spent * 1.1]
        better = f"{min(inside) / cut:.3f}" if inside and cut else ""
        print(
            f"| {lines} | {name} | {cut:,} | {told} | {spent:.2f} | {equal} | {better} |",
            flush=True,
        )


def flanders(folder: Path) -> None:
    """Ten short searches for regions of all Flanders against the best of two long ones."""
    from samenspel.delineation.build import problem_of
    from samenspel.delineation.heuristic.search import search
    from samenspel.delineation.problem import Bound
    from samenspel.delineation.wishes import Wishes
    from samenspel.exchange.flanders import import_flanders

    bounds = {"population": Bound(*INHABITANTS)}
    problem = problem_of(import_flanders(folder, 2025)[0], Wishes(REGIONS, bounds)).problem
    runs = [(LONG, seed) for seed in (101, 102)] + [(SHORT, seed) for seed in range(10)]
    found = [(seconds, search(problem, seconds=seconds, seed=seed)) for seconds, seed in runs]
    valid = [(seconds, plan.score.objective, plan.score.goals["cut"].value)
             for seconds, plan in found if plan.valid and plan.score]  # fmt: skip
    best = min(cost for _seconds, cost, _cut in valid)
    near = sum(s == SHORT and cost <= best * (1 + WITHIN) for s, cost, _cut in valid)
    print(f"\nFlanders 2025, {REGIONS[0]}..{REGIONS[1]} regions of {INHABITANTS[0]:,} to "
          f"{INHABITANTS[1]:,} inhabitants, partnerships cut:")  # fmt: skip
    for length in (LONG, SHORT):
        print(f"- {length:g} s: {sorted(int(cut) for s, _cost, cut in valid if s == length)}")
    print(f"- within {WITHIN:.1%} of the best: {near} of 10 short searches")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--peers", help="a Python with the packages of peers.txt")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1], help="of the lands")
    parser.add_argument("--sizes", type=int, nargs="*", default=[300, 3000, 30000])
    parser.add_argument("--seconds", type=float, nargs="*", default=[5, 20, 60], help="per size")
    parser.add_argument("--only", nargs="+", choices=PEERS, default=list(PEERS), metavar="NAME")
    parser.add_argument("--flanders", action="store_true")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--as-peer", choices=PEERS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.as_peer:
        as_peer(asked.as_peer, asked.folder)
        return
    if asked.peers and not shutil.which(asked.peers):
        parser.error(f"--peers {asked.peers}: there is no such program")
    if len(asked.sizes) != len(asked.seconds):
        parser.error(f"--sizes has {len(asked.sizes)} numbers and --seconds {len(asked.seconds)}; "
                     "give a number of seconds for each size")  # fmt: skip
    if asked.sizes:
        print("| cells | seed | method | cut | judged | s | its s / ours at equal cut | "
              "ours / its cut at equal s |")  # fmt: skip
        print("|---:|---:|---|---:|---|---:|---:|---:|")
    for size, seconds in zip(asked.sizes, asked.seconds, strict=True):
        for seed in asked.seeds:
            compare(size, seconds, seed, asked.peers, asked.only)
    if asked.flanders and not asked.data.is_dir():
        print(f"\nFlanders: the public files do not lie in {asked.data}")
    elif asked.flanders:
        flanders(asked.data)


if __name__ == "__main__":
    sys.exit(main())
