"""A crude, invented landscape of any size: municipalities on a grid, deterministic by seed.

Every square of the grid is a municipality that borders up to four others. A regional partnership
holds each region of about 300; the rest have 2 to 30 members that lie close together, and some
have exactly the members of the one before, so that there are signals. Nothing here resembles a
real place: it is made to measure with.

Run as ``python benchmarks/grid.py FOLDER [--size N] [--seed S]`` it writes a data package and
prints what it holds. Cost: O(municipalities + memberships).
"""

import argparse
import math
from datetime import date as Date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from samenspel.landscape.landscape import About, Landscape
from samenspel.landscape.package import write

DATE = Date(2025, 1, 1)
MEMBERSHIPS = 10 / 3  # per municipality: 100,000 for 30,000
SIZES = (2, 30)
ZONINGS = {"region": (20, 15), "zone": (6, 5)}  # columns and rows of the grid in one zone
SAME_AGAIN = 0.15  # share of the partnerships with the members of the one before
FORMS = (
    "overeenkomst",
    "interlokale_vereniging",
    "projectvereniging",
    "dienstverlenende_vereniging",
    "opdrachthoudende_vereniging",
    "welzijnsvereniging",
)
THEMES = ("safety", "mobility", "water", "utilities", "leisure", "social_policy", "housing")


def landscape(size: int, seed: int = 0) -> Landscape:
    """``size`` municipalities with about ``MEMBERSHIPS`` memberships each."""
    random = np.random.default_rng(seed)
    width = math.ceil(math.sqrt(size))
    column, row = np.arange(size) % width, np.arange(size) // width
    nis = np.array([f"{i:06d}" for i in range(size)])
    zones, zone_members, regions = zonings(column, row, nis)
    circles = partnerships(random, size, width, regions)
    frames = {
        "municipalities": pl.DataFrame(
            {"nis": nis, "name": [f"Square {code}" for code in nis], "x": column, "y": row}
        ).with_columns(population=pl.Series(random.integers(1_000, 60_000, size))),
        "adjacency": adjacency(size, width, nis),
        "zonings": pl.DataFrame({"zoning": list(ZONINGS), "cover": "partition"}),
        "zones": zones,
        "zone_members": zone_members,
        **bodies(random, circles, nis),
    }
    return Landscape(DATE, frames, About(f"Grid of {size}", "Grid", fictional=True))


def adjacency(size: int, width: int, nis: Any) -> pl.DataFrame:
    """The squares that share a side, and the sides on the outside."""
    here = np.arange(size)
    right = here[(here % width < width - 1) & (here + 1 < size)]
    below = here[here + width < size]
    sides = np.bincount(np.concatenate([right, right + 1, below, below + width]), minlength=size)
    edge = np.flatnonzero(sides < 4)
    inner = len(right) + len(below)
    return pl.DataFrame(
        {
            "nis_a": nis[np.concatenate([right, below, edge])],
            "nis_b": [*nis[np.concatenate([right + 1, below + width])], *([None] * len(edge))],
            "border_m": np.concatenate([np.full(inner, 1000.0), 1000.0 * (4 - sides[edge])]),
        }
    )


def zonings(column: Any, row: Any, nis: Any) -> tuple[pl.DataFrame, pl.DataFrame, list[Any]]:
    """Tables ``zones`` and ``zone_members``, and the municipalities of each region."""
    placed = [
        pl.DataFrame({"nis": nis, "i": np.arange(len(nis))}).with_columns(
            zoning=pl.lit(zoning),
            zone=pl.format(
                "{}-{}", pl.Series(column // columns), pl.Series(row // rows)
            ),
        )
        for zoning, (columns, rows) in ZONINGS.items()
    ]  # fmt: skip
    members = pl.concat(placed)
    zones = members.select("zoning", "zone", name="zone").unique().sort("zoning", "zone")
    regions = placed[0].sort("i").group_by("zone", maintain_order=True).agg("i")["i"]
    return zones, members.select("zoning", "zone", "nis"), [r.to_numpy() for r in regions]


def partnerships(random: Any, size: int, width: int, regions: list[Any]) -> list[Any]:
    """The members of every partnership, as positions."""
    wanted = round(size * MEMBERSHIPS)
    circles = [region for region in regions if len(region) > 1]
    held = sum(map(len, circles))
    while held < wanted:
        if circles and len(circles[-1]) <= SIZES[1] and random.random() < SAME_AGAIN:
            circle = circles[-1]
        else:
            circle = nearby(random, size, width, int(random.integers(*SIZES, endpoint=True)))
        circles.append(circle)
        held += len(circle)
    return circles


def nearby(random: Any, size: int, width: int, count: int) -> Any:
    """``count`` municipalities from a small square of the grid around a random one."""
    centre = int(random.integers(size))
    reach = math.ceil(math.sqrt(2 * count))
    step = np.arange(reach) - reach // 2
    column, row = centre % width + step, centre // width + step
    column = column[(column >= 0) & (column < width)]
    around = (row[:, None] * width + column[None, :]).ravel()
    around = around[(around >= 0) & (around < size)]
    return np.sort(random.choice(around, min(count, len(around)), replace=False))


def bodies(random: Any, circles: list[Any], nis: Any) -> dict[str, pl.DataFrame]:
    """Tables ``partnerships``, ``memberships`` and ``organisations``."""
    n = len(circles)
    ids = np.array([f"P{i:06d}" for i in range(n)])

    def one_of(values: list[str | None], chances: list[float]) -> list[str | None]:
        return [values[i] for i in random.choice(len(values), n, p=chances)]

    forms = one_of([*FORMS, None], [0.15, 0.3, 0.15, 0.15, 0.15, 0.05, 0.05])
    days = random.integers(-400, 4_000, n)
    table = pl.DataFrame(
        {
            "id": ids,
            "name": [f"Partnership {i}" for i in range(n)],
            "legal_form": forms,
            "theme": one_of([*THEMES, None], [0.125] * 8),
            "initiator": one_of(["bottom_up", "flemish", None], [0.5, 0.3, 0.2]),
            "line": one_of(["first", "second", None], [0.2, 0.5, 0.3]),
            "status": one_of(["active", "inactive", "planned", None], [0.85, 0.1, 0.03, 0.02]),
            "budget_cents": random.integers(0, 10_000_000, n),
        },
        schema_overrides={"legal_form": pl.String, "theme": pl.String, "status": pl.String},
    ).with_columns(
        term_end=pl.when(pl.Series(days > 0)).then(pl.Series(np.datetime64(DATE) + days))
    )
    members = np.concatenate(circles) if circles else np.array([], np.int64)
    memberships = pl.DataFrame(
        {
            "partnership": np.repeat(ids, [len(circle) for circle in circles]),
            "organisation": nis[members],
            "role": "member",
        }
    )
    organisations = pl.DataFrame({"id": ids, "name": table["name"]})
    return {"partnerships": table, "memberships": memberships, "organisations": organisations}


def main() -> None:
    parser = argparse.ArgumentParser(description="Write an invented landscape on a grid.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", type=int, default=30_000, help="number of municipalities")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    if asked.size < 1:
        parser.error("--size: at least 1")
    made = landscape(asked.size, asked.seed)
    write(made, asked.folder, replace=True)
    for name, frame in made.frames.items():
        print(f"{name}: {frame.height} rows")


if __name__ == "__main__":
    main()
