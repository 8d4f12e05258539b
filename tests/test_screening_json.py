"""The screening as plain values: the promised keys, and sums that must agree with each other."""

import json
import random
from collections import defaultdict
from datetime import date
from itertools import chain
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings

import reference
from countries import example
from samenspel.landscape.findings import Finding
from samenspel.landscape.landscape import Landscape
from samenspel.screening.screen import Screening, screen
from test_screening_figures import landscapes

DIMENSIONS = {"legal_form", "theme", "initiator", "level", "line", "size"}
PROMISED = {
    "municipalities": {"nis", "name", "partnerships", "distinct_partner_sets"},
    "signals": {"id", "subject", "partnerships", "source", "status", "viewpoint", "reason"},
    "unknown": {"table", "column", "known_share"},
}


def check_promise(whole: dict[str, Any]) -> None:
    assert json.dumps(whole, allow_nan=False)
    assert date.fromisoformat(whole["landscape"]["date"])
    for key, names in PROMISED.items():
        for row in whole[key]:
            assert names <= row.keys()
    for zones in whole["zones"].values():
        for row in zones:
            assert row.keys() >= {"zone", "name", "partnerships"}


def test_the_example_as_json() -> None:
    whole = json.loads(json.dumps(screen(example()).as_json(), allow_nan=False))
    check_promise(whole)
    assert whole["landscape"]["date"] == "2025-01-01"
    assert whole["landscape"]["fictional"] is True
    assert [row["nis"] for row in whole["municipalities"]] == [
        "00001", "00002", "00005", "00006", "00007", "00008", "00009", "00010",
    ]  # fmt: skip
    assert {zoning: [row["zone"] for row in rows] for zoning, rows in whole["zones"].items()} == {
        "POLITIE": ["PZ1", "PZ2", "PZ3"],
        "REGIO": ["NOORD", "ZUID"],
        "TOERISME": ["BEEK", "HEUVEL"],
        "WOON": ["W1", "W2"],
    }
    (circle,) = [row for row in whole["signals"] if row["id"] == "same_small_circle"]
    assert circle["subject"] == "00005+00007+00008"
    assert circle["partnerships"] == ["p07", "p08", "p09"]
    assert whole["settings"] == {
        "horizon_years": {"value": 6, "status": "choice"},
        "terms_until": "2031-01-01",
        "many": {"value": 2, "status": "choice"},
    }


@settings(max_examples=60, deadline=None)
@given(landscapes())
def test_random_land_as_json(landscape: Landscape) -> None:
    check_promise(screen(landscape).as_json())


def test_real_flanders_as_json(
    flanders_2019: tuple[Landscape, list[Finding]], flanders_2025: tuple[Landscape, list[Finding]]
) -> None:
    for (landscape, _), towns in ((flanders_2019, 300), (flanders_2025, 285)):
        whole = screen(landscape).as_json()
        check_promise(whole)
        assert len(whole["municipalities"]) == towns
        # 150 of the 188 on the list are active, and the list states no theme.
        assert whole["total"]["partnerships"] == 150
        assert whole["total"]["by"]["theme"] == {"unknown": 150}
        check_invariants(screen(landscape))


def everyone(whole: dict[str, Any]) -> list[dict[str, Any]]:
    zones = chain.from_iterable(whole["zones"].values())
    return [*whole["municipalities"], *zones, *whole["themes"], whole["total"]]


def check_breakdown(whole: dict[str, Any]) -> None:
    """In each dimension every active partnership of a circle stands once."""
    for row in everyone(whole):
        active = row["partnerships"] or 0
        assert row["by"].keys() == (DIMENSIONS if active else set())
        for dimension in row["by"].values():
            assert sum(dimension.values()) == active


def check_invariants(screening: Screening) -> None:
    landscape, whole = screening.landscape, screening.as_json()
    check_breakdown(whole)
    of = reference.world(landscape)
    active = reference.circle_of(of, ("landscape", None, None), None)
    counts = {row["nis"]: row["partnerships"] or 0 for row in whole["municipalities"]}
    assert sum(counts.values()) == sum(len(of.own[body]) for body in active)
    assert (whole["total"]["partnerships"] or 0) == len(active)
    inside = defaultdict(list)
    for row in landscape.table("zone_members").to_dicts():
        inside[row["zoning"], row["zone"]].append(row["nis"])
    for zoning, rows in whole["zones"].items():
        for row in rows:
            parts = [counts[nis] for nis in inside[zoning, row["zone"]]]
            assert max(parts, default=0) <= (row["partnerships"] or 0) <= sum(parts)
    themes = [row["partnerships"] or 0 for row in whole["themes"]]
    assert sum(themes) == (whole["total"]["partnerships"] or 0)
    for row in everyone(whole):
        assert row["tables"] is None or row["tables"] >= (row["partnerships"] or 0)


def test_the_sums_of_the_example_agree() -> None:
    check_invariants(screen(example()))


@settings(max_examples=60, deadline=None)
@given(landscapes())
def test_the_sums_of_random_land_agree(landscape: Landscape) -> None:
    check_invariants(screen(landscape))


@pytest.mark.parametrize("zoning", ["REGIO", "POLITIE"])
def test_the_zones_of_a_partition_hold_every_partnership_with_a_member(zoning: str) -> None:
    found = screen(example()).found
    zones = found.subjects.filter(pl.col("zoning") == zoning)["#"].to_list()
    bodies = found.bodies["partnership"].to_list()
    together = {bodies[p] for p in found.circle[zones].indices}
    of = reference.world(example())
    active = reference.circle_of(of, ("landscape", None, None), None)
    assert together == {body for body in active if of.own[body]}
    assert len(together) == 9


def test_the_breakdown_of_one_municipality_by_hand() -> None:
    rows = [
        *reference.bodies("p", theme="water", line="first", level="local"),
        *reference.bodies("q", theme="water", legal_form="projectvereniging"),
        *reference.bodies("r", status="inactive", theme="housing"),
    ]
    sets = reference.members(p="12", q="123456", r="12")
    landscape = reference.build(
        {
            "municipalities": reference.towns(*"123456"),
            "partnerships": rows,
            "memberships": sets,
        }
    )
    one, *_ = screen(landscape).as_json()["municipalities"]
    assert one["by"] == {
        "legal_form": {"overeenkomst": 1, "projectvereniging": 1},
        "theme": {"water": 2},
        "initiator": {"unknown": 2},
        "level": {"local": 1, "unknown": 1},
        "line": {"first": 1, "unknown": 1},
        "size": {"2-5": 1, "6-15": 1},
    }


@pytest.mark.parametrize(
    ("size", "label"),
    [(1, "0-1"), (2, "2-5"), (5, "2-5"), (6, "6-15"), (15, "6-15"), (16, "16+")],
)
def test_the_classes_of_size(size: int, label: str) -> None:
    codes = [f"{n:02}" for n in range(size)]
    landscape = reference.build(
        {
            "municipalities": reference.towns(*codes),
            "partnerships": reference.bodies("p"),
            "memberships": reference.members(p=codes),
        }
    )
    assert screen(landscape).as_json()["total"]["by"]["size"] == {label: 1}


def test_spread_and_zonings_by_hand() -> None:
    whole = screen(example()).as_json()
    counts = sorted(row["partnerships"] for row in whole["municipalities"])
    spread = whole["spread"]["partnerships"]
    middle = (counts[3] + counts[4]) / 2
    assert spread == {"min": counts[0], "median": middle, "max": counts[-1], "known_share": 1.0}
    for zoning in whole["zonings"]:
        rows = [row["partnerships"] for row in whole["zones"][zoning["zoning"]]]
        assert zoning["zones"] == len(rows)
        assert (zoning["partnerships_min"], zoning["partnerships_max"]) == (min(rows), max(rows))
    assert {zoning["zoning"]: zoning["cover"] for zoning in whole["zonings"]} == {
        "POLITIE": "partition", "REGIO": "partition", "TOERISME": "overlapping", "WOON": "partial",
    }  # fmt: skip


def shuffled(landscape: Landscape, seed: int) -> Landscape:
    rng = random.Random(seed)
    frames = {}
    for name, frame in landscape.frames.items():
        order = list(range(frame.height))
        rng.shuffle(order)
        frames[name] = frame[order]
    return Landscape(landscape.date, frames, landscape.about)


def with_fractions() -> Landscape:
    """Sixty municipalities and eighty partnerships whose staff sums differently in other orders."""
    rng = random.Random(7)
    nis = [f"{n:05}" for n in range(60)]
    codes = [f"b{n:02}" for n in range(80)]
    sets = {code: rng.sample(nis, rng.randint(1, 12)) for code in codes}
    rows = [
        row
        for n, code in enumerate(codes)
        for row in reference.bodies(code, staff_fte=n / 7 + 0.1, theme=rng.choice(["water", None]))
    ]
    zones = [{"zoning": "Z", "zone": zone} for zone in "abc"]
    lying = [{"zoning": "Z", "zone": "abc"[n % 3], "nis": code} for n, code in enumerate(nis)]
    return reference.build(
        {
            "municipalities": reference.towns(*nis),
            "partnerships": rows,
            "memberships": reference.members(**sets),
            "zones": zones,
            "zone_members": lying,
        }
    )


@pytest.mark.parametrize("landscape", [example(), with_fractions()], ids=["example", "fractions"])
def test_the_order_of_the_rows_does_not_matter(landscape: Landscape) -> None:
    wanted = screen(landscape)
    written = json.dumps(wanted.as_json())
    for seed in range(5):
        again = screen(shuffled(landscape, seed))
        differing = [
            name for name in wanted.figures.columns
            if not again.figures[name].equals(wanted.figures[name])
        ]  # fmt: skip
        assert differing == []
        assert again.signals == wanted.signals
        assert json.dumps(again.as_json()) == written
