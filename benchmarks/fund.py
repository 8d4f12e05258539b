"""How long a fund takes to divide anew after a change, beside a plain program with pandas.

Run as ``python benchmarks/fund.py [--data DIR] [--size N]``; it prints a Markdown table. The fund
is the example that the project ships. The peer works the same four blocks out of a data frame from
the start at every change, in Decimal with 60 digits, as one would in a notebook; nothing is timed
unless every amount of it is equal to ours to the cent. Ours and the peer's runs alternate.

Ours prepares once: members, weights on one scale, bounds. A change of a pot then costs one division
with remainder per municipality and portion, O(n log n) for the largest remainders; a change of a
figure or a key works out the portions that read it. With floors and caps there are at most as many
rounds as municipalities, in practice a few.
"""

import argparse
import gc
from collections.abc import Callable, Iterator
from decimal import Decimal, getcontext
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import pandas as pd

from samenspel import language
from samenspel.fund.distribution import Distribution, Prepared, distribute, prepare
from samenspel.fund.reading import example
from samenspel.landscape.landscape import Landscape

DATA = Path(__file__).parents[2] / "shared" / "data" / "flanders"
RUNS = 25
CENTRES = {"large": ("a0", "kleinstedelijk"), "equipped": ("a1", "a2", "goed uitgerust")}
FLOOR = 150_000  # euro per municipality, in the run with bounds: the small ones are held by it


def frame_of(landscape: Landscape) -> pd.DataFrame:
    """What the peer starts from: one row per municipality, in order of code."""
    towns = landscape.table("municipalities").sort("nis")
    figures = landscape.table("figures")
    rows = figures.filter(key="net_taxable_income")
    rows = rows.filter(year=rows["year"].max())
    income = dict(rows.select("nis", "value").iter_rows())
    return pd.DataFrame(
        {
            "nis": towns["nis"].to_list(),
            "level": towns["equipment_level"].to_list(),
            "population": towns["population"].to_list(),
            "area": [Decimal(f"{a:.15g}") for a in towns["area_km2"].to_list()],
            "income": [
                None if income.get(nis) is None else Decimal(f"{income[nis]:.15g}")
                for nis in towns["nis"]
            ],
        }
    )


def peer(frame: pd.DataFrame, total: int, floor: int | None = None) -> list[int]:
    """The amounts of the shipped example, in cents, worked out from the frame."""
    getcontext().prec = 60
    people = frame["population"].map(Decimal)
    floors = None if floor is None else people * 0 + floor * 100
    found = by_weight(total * 50 // 100, people, floors)
    centre = total * 20 // 100
    large = centre * 70 // 100
    for name, pot in (("large", large), ("equipped", centre - large)):
        rows = frame["level"].isin(CENTRES[name])
        found = found.add(by_weight(pot, people[rows]), fill_value=0)
    found = found.add(by_weight(total * 10 // 100, frame["area"]), fill_value=0)
    known = frame["income"].notna()
    heads, incomes = people[known], frame["income"][known]
    mean = sum(incomes) / sum(heads)
    gap = (heads * mean - incomes).map(lambda value: max(Decimal(0), value))
    rest = total - total * 50 // 100 - centre - total * 10 // 100
    return [int(value) for value in found.add(by_weight(rest, gap), fill_value=0)]


def by_weight(
    pot: int, weights: "pd.Series[Any]", floors: "pd.Series[Any] | None" = None
) -> "pd.Series[Any]":
    """``pot`` in proportion to ``weights``, none below its floor, by largest remainder."""
    held = pd.Series(data=False, index=weights.index)
    while True:
        left = pot - (0 if floors is None else sum(floors[held]))
        exact = weights * (Decimal(left) / sum(weights[~held]))
        if floors is None:
            break
        exact = exact.where(~held, floors)
        under = ~held & (exact < floors)
        if not under.any():
            break
        held |= under
    down = exact.map(lambda value: int(value))
    rests = (exact - down).sort_values(ascending=False, kind="stable")
    extra = rests.index[: pot - sum(down)]
    down.loc[extra] += 1
    return down


def pairs(name: str, landscape: Landscape) -> Iterator[tuple[str, Callable[[], Any], Any]]:
    """What is measured: words, our work, and the peer's or None."""
    rules = example()
    ready = prepare(rules, landscape)
    frame = frame_of(landscape)
    first = ready.facts.nis[0]
    before = distribute(ready)
    bounded = ready.with_value("blocks.basic.floor", FLOOR)
    total = 200_000_000_00

    def moved() -> Distribution:
        return distribute(ready.with_figure(first, "population", 99_999))

    def peer_moved() -> list[int]:
        other = frame.copy()
        other.loc[0, "population"] = 99_999
        return peer(other, 100_000_000_00)

    def sizes(prepared: Prepared) -> Distribution:
        return distribute(prepared.with_value("total", "200000000"))

    yield f"{name}: rules and landscape prepared", lambda: prepare(rules, landscape), None
    yield f"{name}: divided", lambda: distribute(ready), lambda: peer(frame, 100_000_000_00)
    yield f"{name}: another total", lambda: sizes(ready), lambda: peer(frame, total)
    yield (f"{name}: another total, floors bind", lambda: sizes(bounded),
           lambda: peer(frame, total, FLOOR))  # fmt: skip
    yield f"{name}: one figure moved", moved, peer_moved
    yield (
        f"{name}: another total, cents kept",
        lambda: distribute(ready.with_value("total", "200000000"), before),
        None,
    )


def once(work: Callable[[], object]) -> float:
    gc.collect()
    start = perf_counter()
    work()
    return perf_counter() - start


def shown(seconds: float) -> str:
    return f"{seconds * 1e3:.2f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA, help="the public Flemish files")
    parser.add_argument("--size", type=int, default=300, help="of the invented country")
    parser.add_argument("--runs", type=int, default=RUNS)
    asked = parser.parse_args()
    language.use("en")
    from samenspel.landscape.generate import generate

    lands = {f"Voorbeeldland, {asked.size}": generate(asked.size, 1)}
    if asked.data.is_dir():
        from samenspel.exchange.flanders import import_flanders

        lands["Flanders 2025"] = import_flanders(asked.data, 2025)[0]
    print("| what | ours, median | fastest | peer, median | fastest | ratio of the fastest |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, landscape in lands.items():
        for what, work, other in pairs(name, landscape):
            found = work()
            if other is not None and found.amounts != other():
                raise SystemExit(f"{what}: the amounts differ")
            ours, theirs = [], []
            for _run in range(asked.runs):
                ours.append(once(work))
                if other is not None:
                    theirs.append(once(other))
            cells = [what, shown(median(ours)), shown(min(ours)), "", "", ""]
            if theirs:
                ratio = f"{min(theirs) / min(ours):.0f}"
                cells[3:] = [shown(median(theirs)), shown(min(theirs)), ratio]
            print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
