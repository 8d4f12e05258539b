"""Carrying a chronicle over mergers: what holds for any chronicle."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mergers import (
    FIRST,
    OLD,
    SECOND,
    Became,
    Row,
    chronicle,
    figure,
    flow,
    rows_at,
    same_but_for_ends,
)
from samenspel.landscape.chronicle import Chronicle
from samenspel.landscape.recode import recode

DAYS = [date(2010, 1, 1), date(2018, 12, 31), date(2022, 6, 1), date(2024, 12, 31)]
SIDE = 10
slow = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def mergers(draw: st.DrawFn, codes: list[str], prefix: str) -> Became:
    """Some of ``codes`` merged in groups, to a new code or to the code of one of them."""
    groups: dict[int, list[str]] = {}
    for code in codes:
        groups.setdefault(draw(st.integers(0, 3)), []).append(code)
    became = {}
    for number, members in groups.items():
        new = draw(st.sampled_from([f"{prefix}{number}", *members]))
        if number and (len(members) > 1 or new not in members):
            became |= dict.fromkeys(members, new)
    return became


@st.composite
def two_steps(draw: st.DrawFn) -> dict[date, Became]:
    first = draw(mergers(list(OLD), "M"))
    codes = sorted({first.get(c, c) for c in OLD})
    return {FIRST: first, SECOND: draw(mergers(codes, "N"))}


def final(steps: dict[date, Became], code: str | None) -> str | None:
    for became in steps.values():
        code = became.get(code, code) if code is not None else None
    return code


places = st.none() | st.sampled_from(OLD)
periods = st.fixed_dictionaries(
    {
        "valid_from": st.sampled_from([None, date(2000, 1, 1), date(2021, 1, 1)]),
        "valid_to": st.sampled_from([None, date(2018, 6, 1), date(2023, 1, 1), date(2030, 1, 1)]),
    }
)


@st.composite
def everything(draw: st.DrawFn, steps: dict[date, Became]) -> Chronicle:
    """Rows on the codes that are valid when they start."""
    first = {FIRST: steps[FIRST]}
    links: dict[tuple[str, str], Row] = {}
    for partnership, organisation in draw(
        st.sets(st.tuples(st.sampled_from("pqr"), st.sampled_from(OLD)), max_size=9)
    ):
        period = draw(periods)
        late = period["valid_from"] == date(2021, 1, 1)
        if late and (period["valid_to"] or date.max) < date(2021, 1, 1):
            continue
        became = final(first, organisation)
        alike = [
            row["valid_from"] == date(2021, 1, 1)
            for (p, code), row in links.items()
            if p == partnership and final(first, code) == became
        ]
        if any(alike) or (late and alike):
            continue  # two rows for one key on a day
        code = str(became) if late else organisation
        votes, role = draw(st.none() | st.integers(0, 9)), draw(st.sampled_from([None, "member"]))
        row = {"partnership": partnership, "organisation": code, "votes": votes, "role": role}
        links[partnership, code] = {**row, **period}
    counts = st.none() | st.integers(0, 99)
    flows = draw(st.dictionaries(st.tuples(places, places), counts, max_size=12))
    values = draw(st.dictionaries(st.sampled_from(OLD), counts, max_size=5))
    members = draw(st.sets(st.tuples(st.sampled_from("12"), st.sampled_from(OLD)), max_size=7))
    hosts = draw(st.dictionaries(st.sampled_from("pqr"), places))
    return chronicle(
        steps,
        memberships=list(links.values()),
        flows=[flow(a, b, n) for (a, b), n in flows.items()],
        figures=[figure(c, n) for c, n in values.items()],
        zonings=[{"zoning": "Z", "cover": "partial"}],
        zone_members=[{"zoning": "Z", "zone": z, "nis": c} for z, c in members],
        partnerships=[{"id": p, "host": host} for p, host in hosts.items()],
    )


cases = two_steps().flatmap(lambda steps: st.tuples(st.just(steps), everything(steps)))


@slow
@given(cases)
def test_what_was_is_kept(case: tuple[dict[date, Became], Chronicle]) -> None:
    _, before = case
    recoded, _ = recode(before)
    for day in DAYS[:2]:
        assert same_but_for_ends(recoded.at(day), before.at(day))
    until_first, _ = recode(before, until=FIRST)
    for day in DAYS:
        assert same_but_for_ends(recoded.at(day), until_first.at(day))


@slow
@given(cases)
def test_twice_is_once(case: tuple[dict[date, Became], Chronicle]) -> None:
    once, _ = recode(case[1])
    assert recode(once)[0].equals(once)
    halfway, _ = recode(case[1], until=date(2024, 12, 31))
    assert recode(halfway)[0].equals(once)


def summed(pairs: list[tuple[Any, Any]]) -> dict[Any, Any]:
    """Sum per key; unknown where a part is unknown."""
    found: dict[Any, list[Any]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return {key: None if None in values else sum(values) for key, values in found.items()}


@slow
@given(cases)
def test_sums_and_codes_after_both_dates(case: tuple[dict[date, Became], Chronicle]) -> None:
    steps, before = case
    recoded, _ = recode(before)
    old = {name: before.frames[name].to_dicts() for name in before.frames}

    flows = rows_at(recoded, "flows")
    wanted = summed(
        [((final(steps, r["from"]), final(steps, r["to"])), r["count"]) for r in old["flows"]]
    )
    assert {(r["from"], r["to"]): r["count"] for r in flows} == wanted
    figures = rows_at(recoded, "figures")
    listed = {r["nis"] for r in old["figures"]}
    lacking = {final(steps, code) for code in OLD if code not in listed}
    of_parts = summed([(final(steps, r["nis"]), r["value"]) for r in old["figures"]])
    assert {r["nis"]: r["value"] for r in figures} == {
        code: None if code in lacking else value for code, value in of_parts.items()
    }
    year = 2025 if steps[SECOND] else 2019 if steps[FIRST] else 2018
    assert {r["map_year"] for r in flows + figures} <= {year}

    assert {(r["zone"], r["nis"]) for r in rows_at(recoded, "zone_members")} == {
        (r["zone"], final(steps, r["nis"])) for r in old["zone_members"]
    }
    assert {r["id"]: r["host"] for r in rows_at(recoded, "partnerships")} == {
        r["id"]: final(steps, r["host"]) for r in old["partnerships"]
    }
    assert {r["nis"]: r["population"] for r in rows_at(recoded, "municipalities")} == summed(
        [(final(steps, code), 1) for code in OLD]
    )


@slow
@given(cases)
def test_memberships_on_each_day(case: tuple[dict[date, Became], Chronicle]) -> None:
    """Each row that holds goes to what its code became by that day; votes add up."""
    steps, before = case
    recoded, _ = recode(before)
    rows = before.frames["memberships"].to_dicts()
    for day in (*DAYS, FIRST, SECOND, date(2026, 1, 1)):
        so_far = {at: became for at, became in steps.items() if at <= day}
        held = [
            ((r["partnership"], final(so_far, r["organisation"])), r["votes"]) for r in rows
            if (r["valid_from"] or date.min) <= day < (r["valid_to"] or date.max)
        ]  # fmt: skip
        found = rows_at(recoded, "memberships", day)
        assert {(r["partnership"], r["organisation"]): r["votes"] for r in found} == summed(held)


# Borders and areas on a grid of squares.

Grid = list[str]
grids = st.lists(st.text("ABCDE.", min_size=4, max_size=4), min_size=1, max_size=4)


def sides(rows: Grid, became: Callable[[str | None], str | None]) -> dict[Any, float]:
    """Length of border between each two codes, or a code and nothing, by counting cells."""
    cells = {(x, y): became(c) for y, row in enumerate(rows) for x, c in enumerate(row) if c != "."}
    found: Counter[Any] = Counter()
    for (x, y), code in cells.items():
        for place in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
            other = cells.get(place)
            if other is None or str(code) < other:
                found[code, other] += SIDE
    return dict(found)


@slow
@given(two_steps(), grids, st.booleans())
def test_borders_and_areas(steps: dict[date, Became], rows: Grid, unknown: bool) -> None:
    boxes: dict[str, list[shapely.Geometry]] = {}
    for y, row in enumerate(rows):
        for x, code in enumerate(row):
            if code != ".":
                corners = (x * SIDE, y * SIDE, (x + 1) * SIDE, (y + 1) * SIDE)
                boxes.setdefault(code, []).append(shapely.box(*corners))
    lengths: dict[Any, float | None] = dict(sides(rows, lambda code: code))
    if unknown and lengths:
        lengths[min(lengths, key=repr)] = None
    before = chronicle(
        steps,
        adjacency=[{"nis_a": a, "nis_b": b, "border_m": n} for (a, b), n in lengths.items()],
        geometries=[
            {"nis": code, "geometry": shapely.to_wkb(shapely.union_all(parts))}
            for code, parts in boxes.items()
        ],
    )
    recoded, _ = recode(before)
    found = {(r["nis_a"], r["nis_b"]): r["border_m"] for r in rows_at(recoded, "adjacency")}
    wanted: dict[Any, float | None] = dict(sides(rows, lambda code: final(steps, code)))
    assert found.keys() == wanted.keys()
    if unknown and lengths:
        a, b = min(lengths, key=repr)
        ends = [str(final(steps, code)) for code in (a, b) if code is not None]
        pair = tuple(sorted(ends)) if b is not None else (ends[0], None)
        if pair in wanted:
            wanted[pair] = None
    assert found == wanted

    shapes = {r["nis"]: shapely.from_wkb(r["geometry"]) for r in rows_at(recoded, "geometries")}
    lacking = {final(steps, code) for code in OLD if code not in boxes}
    assert shapes.keys() == {final(steps, code) for code in boxes} - lacking
    for code, shape in shapes.items():
        parts = [p for c, ps in boxes.items() for p in ps if final(steps, c) == code]
        assert shape.equals(shapely.union_all(parts))
        assert shape.area == len(parts) * SIDE * SIDE
