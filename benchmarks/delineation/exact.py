"""How long proven zones take, region by region, and proven regions of whole zones.

Run as ``python benchmarks/delineation/exact.py [--data DIR] [--year 2019|2025] [--goals cut=1]
[--population LOW..HIGH]``; it prints a Markdown table per year: of each reference region its
municipalities, candidate zones, seconds, and whether its zones are proven. Kernels are compiled
before the clock starts. ``--units politiezone|eerstelijnszone`` instead draws regions of whole such
zones over all of Flanders (``--zones 15..20``).
"""

import argparse
import sys
import time
from pathlib import Path

from samenspel.delineation.build import problem_of
from samenspel.delineation.exact.solve import Solution, solve
from samenspel.delineation.exact.within import zones_within
from samenspel.delineation.problem import Bound
from samenspel.delineation.wishes import Wishes
from samenspel.exchange.flanders import import_flanders
from samenspel.landscape.landscape import Landscape

sys.path.insert(0, str(Path(__file__).parent))
from instances import instance

DATA = Path(__file__).parents[3] / "shared" / "data" / "flanders"


def main() -> None:
    """Prints the tables."""
    arguments = parsed()
    started = time.perf_counter()
    solve(instance(12, zones=3), most=10_000)
    print(f"Kernels compiled or read in {time.perf_counter() - started:.1f} s\n")
    for year in arguments.year:
        landscape = import_flanders(arguments.data, year)[0]
        print(f"{year}, goals {arguments.goals}\n")
        print("| | municipalities | candidates | s | s of processor | proven | value |")
        print("|---|---|---|---|---|---|---|")
        tables(landscape, arguments)
        print()


def parsed() -> argparse.Namespace:
    """What is asked on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--year", type=int, action="append", choices=[2019, 2025])
    parser.add_argument("--goals", default="cut=1")
    parser.add_argument("--population", default="")
    parser.add_argument("--units")
    parser.add_argument("--zones", default="15..20")
    parser.add_argument("--seconds", type=float)
    arguments = parser.parse_args()
    arguments.year = arguments.year or [2019, 2025]
    return arguments


def tables(landscape: Landscape, arguments: argparse.Namespace) -> None:
    """The lines of one year."""
    goals = dict(goal.split("=") for goal in arguments.goals.split(","))
    weights = {goal: float(weight) for goal, weight in goals.items()}
    bounds = arguments.population or ("300000..500000" if arguments.units else "70000..130000")
    low, high = (int(end) for end in bounds.split(".."))
    least, most = (int(end) for end in arguments.zones.split(".."))
    wishes = Wishes(
        zones=(least, most) if arguments.units else (1, 300),
        bounds={"population": Bound(low, high)},
        weights=weights,
        whole=(arguments.units,) if arguments.units else (),
        within=None if arguments.units else "referentieregio",
    )
    problem = problem_of(landscape, wishes).problem
    if arguments.units:
        found = solve(problem, seconds=arguments.seconds, most=5_000_000)
        line(f"regions of {arguments.units}", problem.size, found)
        return
    started, busy = time.perf_counter(), time.process_time()
    for region in zones_within(problem, seconds=arguments.seconds):
        line(f"region {region.number}", len(region.places), region.solution)
    seconds, busy = time.perf_counter() - started, time.process_time() - busy
    print(f"| all | {problem.size} | | {seconds:.2f} | {busy:.2f} | | |")


def line(name: str, size: int, found: Solution) -> None:
    """One line of the table."""
    told = "best" if found.proven_optimal else "no plan exists" if found.impossible else "unknown"
    value = "" if found.score is None else f"{found.objective:.6f}"
    print(
        f"| {name} | {size} | {found.candidates} | {found.seconds:.2f} | {found.busy:.2f} "
        f"| {told} | {value} |"
    )


if __name__ == "__main__":
    main()
