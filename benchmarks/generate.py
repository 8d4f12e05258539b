"""How long Voorbeeldland takes to make, and how it compares with the real Flanders.

``python benchmarks/generate.py [--size N] [--seed S]`` prints time, memory and rows;
``--compare [--data DIR]`` prints distributions beside those of Flanders, as a Markdown table;
without the public files the column of Flanders says so.
"""

import argparse
import resource
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from samenspel import language
from samenspel.exchange.flanders import import_flanders
from samenspel.landscape.findings import errors
from samenspel.landscape.generate import LARGEST, SMALLEST, generate
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.validation import check

DATA = Path(__file__).parents[2] / "shared" / "data" / "flanders"
POINTS = (0, 0.25, 0.5, 0.75, 1)
IGS = (
    "projectvereniging",
    "dienstverlenende_vereniging",
    "opdrachthoudende_vereniging",
    "opdrachthoudende_vereniging_met_private_deelname",
)
ZONINGS = ("provincie", "referentieregio", "vervoerregio", "eerstelijnszone", "politiezone",
           "toeristische_regio")  # fmt: skip


def spread(values: pl.Series, digits: int = 0) -> str:
    """Minimum, quartiles and maximum."""
    found = [f"{np.quantile(values.to_numpy(), point):,.{digits}f}" for point in POINTS]
    return " / ".join(found)


def towns(name: str, digits: int = 0) -> Callable[[Landscape], str]:
    return lambda landscape: spread(landscape.table("municipalities")[name].drop_nulls(), digits)


def intermunicipal(landscape: Landscape) -> pl.DataFrame:
    """Frame partnership, organisation, legal_form of the active ones of the public list's forms."""
    bodies = landscape.table("partnerships").filter(
        pl.col("legal_form").is_in(IGS), pl.col("status") == "active"
    )
    members = landscape.table("memberships").join(
        bodies.select("legal_form", partnership="id"), on="partnership"
    )
    nis = landscape.table("municipalities").select(organisation="nis")
    return members.select("partnership", "organisation", "legal_form").join(nis, on="organisation")


def per_form(form: str) -> Callable[[Landscape], str]:
    def answer(landscape: Landscape) -> str:
        rows = intermunicipal(landscape).filter(pl.col("legal_form") == form)
        sizes = rows.group_by("partnership").len()["len"]
        return f"{len(sizes)}: {spread(sizes)}"

    return answer


def memberships(landscape: Landscape) -> str:
    return spread(intermunicipal(landscape).group_by("organisation").len()["len"])


def neighbours(landscape: Landscape) -> str:
    inner = landscape.table("adjacency").drop_nulls("nis_b").height
    return f"{2 * inner / landscape.table('municipalities').height:.1f}"


def centres(landscape: Landscape) -> str:
    return f"{landscape.table('municipalities')['centre'].mean():.0%}"


def internal(landscape: Landscape) -> str:
    flows = landscape.table("flows")
    inside = flows.filter(pl.col("from") == pl.col("to"))["count"].sum()
    return f"{inside / flows['count'].sum():.0%}"


def zones(zoning: str) -> Callable[[Landscape], str]:
    def answer(landscape: Landscape) -> str:
        members = landscape.table("zone_members").filter(pl.col("zoning") == zoning)
        sizes = members.group_by("zone").len()["len"]
        return f"{len(sizes)}: {spread(sizes)}"

    return answer


def mergers(landscape: Landscape) -> str:
    found = landscape.table("lineage").filter(kind="municipality", operation="merger")
    dates = sorted(found["date"].unique())
    return ", ".join(f"{found.filter(date=day)['new'].n_unique()} in {day.year}" for day in dates)


ROWS: tuple[tuple[str, Callable[[Landscape], str]], ...] = (
    ("area, km2", towns("area_km2", 1)),
    ("inhabitants", towns("population")),
    ("neighbours, mean", neighbours),
    ("centre municipalities", centres),
    *((f"active {form}, number and members", per_form(form)) for form in IGS),
    ("memberships in these per municipality", memberships),
    *((f"zones of {zoning}, number and municipalities", zones(zoning)) for zoning in ZONINGS),
    ("commuters who stay in their municipality", internal),
    ("mergers", mergers),
)


def compare(size: int, seed: int, data: Path) -> None:
    invented = generate(size, seed)
    real = import_flanders(data, 2025)[0] if data.is_dir() else None
    print("minimum / quartiles / maximum where a cell has five figures\n")
    print(f"| what | Flanders 2025 | Voorbeeldland, {size} municipalities, seed {seed} |")
    print("|---|---|---|")
    for title, answer in ROWS:
        other = answer(real) if real is not None else "files absent"
        print(f"| {title} | {other} | {answer(invented)} |")


def measure(size: int, seed: int) -> None:
    start = time.perf_counter()
    made = generate(size, seed)
    took = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print("| what | value |\n|---|---:|")
    print(f"| {size} municipalities, seed {seed} | {took:.1f} s |")
    print(f"| peak memory | {peak:,.0f} MiB |")
    found = check(made.frames, made.date)
    print(f"| errors found by check | {len(errors(found))} |")
    for name, frame in made.frames.items():
        print(f"| rows of {name} | {frame.height:,} |")


def main() -> None:
    language.use("en")
    parser = argparse.ArgumentParser(description="Measure Voorbeeldland.")
    parser.add_argument("--size", type=int, default=None, help=f"{SMALLEST} to {LARGEST}")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--compare", action="store_true", help="beside the real Flanders")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the public files")
    asked = parser.parse_args()
    size = asked.size or (285 if asked.compare else LARGEST)
    if not SMALLEST <= size <= LARGEST:
        parser.error(f"--size: {SMALLEST} to {LARGEST}")
    if asked.compare:
        compare(size, asked.seed, asked.data)
    else:
        measure(size, asked.seed)


if __name__ == "__main__":
    main()
