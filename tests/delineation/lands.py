"""Small lands to draw zones on: by hand, and any that Hypothesis thinks of.

Hand-drawn ones have no rules but a free number of zones; ``ruled`` adds some:
``ruled(grid(2, 3), zones=(2, 2), bounds={"population": Bound(20, 40)})``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
from hypothesis import strategies as st

from samenspel.delineation.problem import (
    AGREEMENT,
    Bound,
    Group,
    Hyperedges,
    Pairs,
    Problem,
    Rules,
    hyperedges,
    pairs,
)

SIDE = 1000  # metres of a square cell
RULES = ("bounds", "together", "apart", "fixed", "within", "centre")
ZONE_NAMES = ("east", "west")


def land(
    n: int,
    borders: Iterable[tuple[int, int]],
    outside: Iterable[int] | None,
    *,
    links: Iterable[tuple[int, int]] = (),
    population: Sequence[int] | None = None,
    partnerships: Mapping[str, list[int]] | None = None,
    **facts: Any,
) -> Problem:
    """A problem on ``n`` places without rules: borders of 1 km, the places that border land outside
    (None: unknown), and 10 inhabitants a place unless said otherwise."""
    edge = None
    if outside is not None:
        edge = np.zeros(n, np.bool_)
        edge[list(outside)] = True
    return Problem(
        names=tuple(f"T{i:02d}" for i in range(n)),
        population=np.array([10] * n if population is None else population, np.int64),
        borders=joined(n, borders, links),
        rules=Rules((1, n)),
        partnerships=hyperedges(partnerships or {}),
        weights={"cut": 1.0},
        outside=edge,
        **facts,
    )


def joined(n: int, borders: Iterable[tuple[int, int]], links: Iterable[tuple[int, int]]) -> Pairs:
    """Borders of one side each, links without length."""
    lengths = {tuple(sorted(pair)): 0.0 for pair in links}
    lengths |= {tuple(sorted(pair)): float(SIDE) for pair in borders}
    ends = np.array(list(lengths), np.int64).reshape(-1, 2)
    return pairs(ends[:, 0], ends[:, 1], np.array(list(lengths.values()), np.float64), n)


def ruled(problem: Problem, **rules: Any) -> Problem:
    """The same land under other rules."""
    return replace(problem, rules=replace(problem.rules, **rules))


def grid(rows: int, columns: int, **facts: Any) -> Problem:
    """Square cells, numbered row by row; those on the rim border land outside."""
    cells = [(r, c) for r in range(rows) for c in range(columns)]
    number = {cell: i for i, cell in enumerate(cells)}
    borders = [
        (number[r, c], number[other])
        for r, c in cells
        for other in ((r + 1, c), (r, c + 1))
        if other in number
    ]
    rim = [i for (r, c), i in number.items() if r in (0, rows - 1) or c in (0, columns - 1)]
    points = np.array([(c * SIDE, r * SIDE) for r, c in cells], np.float64)
    area = np.full(len(cells), SIDE * SIDE, np.int64)
    given = {"points": points, "area": area} | facts
    return land(len(cells), borders, rim, **given)


def strip(n: int, **facts: Any) -> Problem:
    """Cells in a row, all on the rim."""
    return grid(1, n, **facts)


def ring_round_lake(n: int = 8, **facts: Any) -> Problem:
    """A closed ring of places round land outside the problem, as round Brussels: no zone encloses
    anything."""
    return land(n, [(i, (i + 1) % n) for i in range(n)], range(n), **facts)


def ring_round_place(n: int = 6, **facts: Any) -> Problem:
    """A closed ring of ``n`` places, and place ``n`` in its middle, which borders only them: the
    whole ring as one zone makes a hole (``[0] * n + [1]``)."""
    ring = [(i, (i + 1) % n) for i in range(n)]
    return land(n + 1, [*ring, *((i, n) for i in range(n))], range(n), **facts)


def exclave(*, linked: bool = True, **facts: Any) -> Problem:
    """A strip of places 0-3, and place 4 that borders only land outside; linked with place 3."""
    return land(5, [(0, 1), (1, 2), (2, 3)], range(5), links=[(3, 4)] if linked else [], **facts)


@st.composite
def problems(draw: st.DrawFn, max_places: int = 7, min_places: int = 1) -> Problem:
    """Any small land with any rules, possible or not (``invented``). The number of places and the
    rules shrink; the rest follows from a seed, which makes thousands of lands cheap."""
    n = draw(st.integers(min_places, max_places))
    asked = draw(st.frozensets(st.sampled_from(RULES), max_size=3))
    return invented(n, asked, draw(st.integers(0, 2**32 - 1)))


def invented(n: int, asked: Iterable[str], seed: int) -> Problem:
    """A land of ``n`` places with the rules ``asked`` besides the number of zones.

    Cells of a grid, some of them land outside (lakes, islands), in some a diagonal border in every
    square, some borders away, links between any two; what borders outside known, known in part or
    not at all; goals of every kind.
    """
    rng = Random(f"{n} {sorted(asked)} {seed}")
    cells = some_cells(rng, n)
    touching = [i for i, cell in enumerate(cells) if on_rim(cell, cells)]
    known = rng.choice(["all", "all", "all", "none", "part"])
    if known == "part":
        touching = [i for i in touching if rng.random() < 0.6]
    alike = rng.random() < 0.4
    problem = land(
        n,
        some_borders(rng, cells),
        None if known == "none" else touching,
        links=[couple(rng, n) for _ in range(rng.choice([0, 0, 1, 2])) if n > 1],
        population=[10 if alike else rng.randint(0, 20) for _ in range(n)],
        area=np.array([rng.randint(1, 3) * SIDE * SIDE for _ in range(n)], np.int64),
        points=np.array(cells, np.float64) * SIDE,
        centres=np.array([rng.random() < 0.6 for _ in range(n)], np.bool_),
    )
    return replace(with_goals(rng, problem), rules=some_rules(rng, problem, frozenset(asked)))


Cell = tuple[int, int]


def some_cells(rng: Random, n: int) -> list[Cell]:
    """``n`` cells of a grid that has up to two cells more."""
    columns = rng.randint(1, min(4, n))
    rows = -(-(n + rng.choice([0, 0, 1, 2])) // columns)
    return sorted(rng.sample([(r, c) for r in range(rows) for c in range(columns)], n))


def on_rim(cell: Cell, cells: list[Cell]) -> bool:
    """Whether one of the four sides of ``cell`` is no place."""
    r, c = cell
    return any(other not in cells for other in ((r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)))


def some_borders(rng: Random, cells: list[Cell]) -> list[tuple[int, int]]:
    """Which cells border each other; in half of the lands all that touch do."""
    steps = [(1, 0), (0, 1), (1, 1)] if rng.random() < 0.5 else [(1, 0), (0, 1)]
    number = {cell: i for i, cell in enumerate(cells)}
    near = [
        (i, number[r + down, c + right])
        for (r, c), i in number.items()
        for down, right in steps
        if (r + down, c + right) in number
    ]
    away = rng.choice([0.0, 0.0, 0.15, 0.3])
    return [pair for pair in near if rng.random() >= away]


def couple(rng: Random, n: int) -> tuple[int, int]:
    """Two different places, ascending."""
    a, b = sorted(rng.sample(range(n), 2))
    return a, b


def some_places(rng: Random, n: int, most: int) -> frozenset[int]:
    """One to ``most`` places."""
    return frozenset(rng.sample(range(n), rng.randint(1, min(most, n))))


def some_rules(rng: Random, problem: Problem, asked: frozenset[str]) -> Rules:
    """A number of zones, mostly possible, and the rules ``asked``."""
    n = problem.size
    least = rng.randint(1, n + rng.choice([0, 0, 0, 1]))
    found: dict[str, Any] = {"centre": "centre" in asked}
    if "bounds" in asked:
        measures = rng.sample(["population", "municipalities", "area"], rng.choice([1, 1, 2]))
        found["bounds"] = {m: some_bound(rng, problem, m, least) for m in measures}
        found["oversize"] = rng.choice([0, None, 10, 25])
        found["penalty"] = rng.choice([1.0, 0.0, 2.5])
    if "together" in asked:
        groups = [some_places(rng, n, 3) for _ in range(rng.choice([1, 1, 2]))]
        found["together"] = tuple(Group(f"wish {i}", group) for i, group in enumerate(groups))
    if "apart" in asked and n > 1:
        found["apart"] = tuple(couple(rng, n) for _ in range(rng.choice([1, 2])))
    if "fixed" in asked:
        found["fixed"] = {i: rng.choice(ZONE_NAMES) for i in some_places(rng, n, 3)}
    if "within" in asked:
        found["within"] = np.array([rng.randint(0, 1) for _ in range(n)], np.int64)
    return Rules((least, rng.choice([least, least + 1, max(least, n)])), **found)


def some_bound(rng: Random, problem: Problem, measure: str, zones: int) -> Bound:
    """A bound on what a zone holds, around the mean or free at an end."""
    mean = int(problem.measure(measure).sum()) // zones
    step = max(1, mean // 3)
    low = rng.choice([None, 0, max(0, mean - step), mean])
    high = rng.choice([None, mean, mean + step, mean + 3 * step])
    return Bound(low, high, rng.random() < 0.7)


def with_goals(rng: Random, problem: Problem) -> Problem:
    """The same land with partnerships, a zoning, and perhaps flows and a present plan; any
    weights."""
    n = problem.size
    travelled = {couple(rng, n) for _ in range(rng.choice([0, 2, 4])) if n > 1}
    placed = rng.random() < 0.5
    goals = ["cut", "connectivity", "border", "balance", AGREEMENT + "care"]
    goals += ["flows"] * bool(travelled) + ["moved"] * placed
    return replace(
        problem,
        partnerships=some_sets(rng, n, "P"),
        zonings={"care": some_sets(rng, n, "Z")},
        flows=joined(n, sorted(travelled), []) if travelled else None,
        present=np.array([rng.randint(-1, 2) for _ in range(n)], np.int64) if placed else None,
        present_names=("X", "Y", "Z") if placed else (),
        weights={
            goal: rng.choice([1.0, 0.5, 2.0]) for goal in rng.sample(goals, rng.randint(1, 3))
        },
    )


def some_sets(rng: Random, n: int, letter: str) -> Hyperedges:
    """Up to four weighted sets of places, some with members outside."""
    sets = {f"{letter}{i}": some_places(rng, n, 4) for i in range(rng.randint(0, 4))}
    return hyperedges(
        sets,
        {name: rng.choice([1.0, 1.0, 0.0, 3.0]) for name in sets},
        frozenset(name for name in sets if rng.random() < 0.3),
    )
