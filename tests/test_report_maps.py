"""Maps and charts of the report: classes, tints, outlines and labels, for any land."""

import os
import re
import subprocess
import sys
from collections import Counter
from itertools import combinations, pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from countries import example, generate
from pages import Made, by_id, classes_of, render, text
from samenspel.landscape.landscape import Landscape
from samenspel.reports import charts
from samenspel.reports.drawings import count_map
from samenspel.reports.maps import (
    LETTER,
    TINTS,
    WIDTH,
    ZoneDrawn,
    class_of,
    classes,
    outline,
    path,
    ring,
    tints,
    without_overlap,
    zone_pairs,
    zones_drawn,
)

pytest_plugins = ("report_fixtures",)

Points = list[tuple[int, int]]
BYTES = """
import hashlib
from samenspel import language
from samenspel.landscape.generate import generate
from samenspel.reports.contents import contents
from samenspel.reports.page import page
from samenspel.screening.screen import screen
language.use("en")
land = generate(60, 1)
print(hashlib.sha256(page(land, contents(screen(land)), "land").encode()).hexdigest())
"""

counts = st.dictionaries(
    st.text(min_size=1, max_size=3), st.none() | st.integers(0, 3000), max_size=40
)
coordinates = st.integers(-3000, 3000)
some_points = st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=12)


@given(counts)
def test_classes_hold_every_value_once(values: dict[str, int | None]) -> None:
    known = [value for value in values.values() if value is not None]
    bounds = classes(values)
    assert len(bounds) <= 6
    assert (bounds == []) == (known == [])
    for low, high in bounds:
        assert isinstance(low, int)
        assert isinstance(high, int)
        assert low <= high
    for (_low, high), (low, _high) in pairwise(bounds):
        assert low == high + 1
    if known:
        assert (bounds[0][0], bounds[-1][1]) == (min(known), max(known))
    assert len({high - low for low, high in bounds[:-1]}) <= 1
    for value in values.values():
        place = class_of(value, bounds)
        holding = [i for i, (low, high) in enumerate(bounds) if value is not None
                   and low <= value <= high]  # fmt: skip
        assert holding == ([] if place is None else [place])
        assert (place is None) == (value is None)


@st.composite
def borders(draw: st.DrawFn) -> tuple[list[str], set[tuple[str, str]]]:
    """Zones in some order and pairs of neighbours, in both directions; none has six or more."""
    zones = [f"z{i}" for i in range(draw(st.integers(1, 14)))]
    near: Counter[str] = Counter()
    pairs = set()
    for a, b in draw(st.lists(st.sampled_from(list(combinations(zones, 2)) or [("", "")]))):
        if a and (a, b) not in pairs and max(near[a], near[b]) < TINTS - 1:
            pairs |= {(a, b), (b, a)}
            near.update((a, b))
    return draw(st.permutations(zones)), pairs


@given(borders())
def test_neighbours_have_other_tints(land: tuple[list[str], set[tuple[str, str]]]) -> None:
    zones, pairs = land
    found = tints(zones, pairs)
    assert list(found) == zones
    assert set(found.values()) <= set(range(TINTS))
    assert all(found[a] != found[b] for a, b in pairs)
    assert tints(zones, set(pairs)) == found


def test_more_neighbours_than_tints_still_get_one() -> None:
    zones = [f"z{i}" for i in range(9)]
    pairs = {(a, b) for a in zones for b in zones if a != b}
    assert set(tints(zones, pairs).values()) == set(range(TINTS))


def points_of(data: str) -> list[Points]:
    """The points of every closed line in SVG path data."""
    lines = []
    for line in re.findall(r"M([^M]*)z", data):
        start, steps = line.split("l")
        numbers = [[int(n) for n in re.findall(r"-?\d+", part)] for part in (start, steps)]
        points = [(numbers[0][0], numbers[0][1])]
        for dx, dy in zip(numbers[1][::2], numbers[1][1::2], strict=True):
            points.append((points[-1][0] + dx, points[-1][1] + dy))
        lines.append(points)
    return lines


def without_repeats(points: Points) -> Points:
    return [point for i, point in enumerate(points) if i == 0 or point != points[i - 1]]


@given(some_points)
def test_a_ring_is_its_points(points: Points) -> None:
    data = ring(np.array([*points, points[0]], dtype=np.int64))
    kept = without_repeats(points)
    assert points_of(data) == ([kept] if len(kept) > 2 else [])
    assert re.fullmatch(r"(M-?\d+[ -]\d+l[-\d ]+z)?", data)


def test_a_path_has_every_part_and_hole() -> None:
    one = shapely.box(0.4, 0.4, 10.4, 10.4).difference(shapely.box(2, 2, 5.4, 5.4))
    two = shapely.box(20, 20, 30, 30)
    speck = shapely.box(50, 50, 50.2, 50.2)
    lines = points_of(path(shapely.MultiPolygon([one, two, speck])))
    assert sorted(sorted(line) for line in lines) == [
        [(0, 0), (0, 10), (10, 0), (10, 10)],
        [(2, 2), (2, 5), (5, 2), (5, 5)],
        [(20, 20), (20, 30), (30, 20), (30, 30)],
    ]
    assert path(speck) == ""


labels = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 400), st.text("abc", min_size=1, max_size=12)),
    max_size=9,
)


@given(labels, st.integers(6, 40))
def test_labels_keep_apart_where_there_is_room(
    given_: list[tuple[int, int, str]], size: int
) -> None:
    zones = [ZoneDrawn(str(i), i + 1, "", x, y, 0) for i, (x, y, _name) in enumerate(given_)]
    names = {str(i): name for i, (_x, _y, name) in enumerate(given_)}
    placed = without_overlap(zones, names, size)
    assert [(z.zone, z.x, z.number) for z in placed] == [(z.zone, z.x, z.number) for z in zones]
    for i, zone in enumerate(placed):
        beside = [
            other
            for other in placed[:i]
            if abs(other.x - zone.x)
            < LETTER / 2 * size * (len(names[other.zone]) + len(names[zone.zone]))
        ]
        if any(abs(other.y - zone.y) < size for other in beside):
            y = zones[i].y
            assert zone.y == y
            tried = [y + sign * step * size // 2 for step in range(7) for sign in (1, -1)]
            assert all(any(abs(other.y - at) < size for other in beside) for at in tried)


def test_neighbours_of_the_example_share_the_points_of_their_border() -> None:
    land = example()
    drawn = outline(land)
    assert drawn is not None
    assert max(drawn.width, drawn.height) == WIDTH
    dots = {nis: {dot for line in points_of(data) for dot in line}
            for nis, data in drawn.paths.items()}  # fmt: skip
    assert dots.keys() == set(land.table("municipalities")["nis"])
    every = [dot for inside in dots.values() for dot in inside]
    assert all(0 <= x <= drawn.width and 0 <= y <= drawn.height for x, y in every)
    inner = land.table("adjacency").drop_nulls("nis_b").select("nis_a", "nis_b")
    for a, b in inner.iter_rows():
        assert len(dots[a] & dots[b]) >= 2, (a, b)


def test_north_is_up_and_nothing_is_stretched() -> None:
    land = example()
    drawn = outline(land)
    assert drawn is not None
    at = land.table("municipalities").select("nis", "x", "y").rows_by_key("nis", unique=True)
    areas = shapely.from_wkb(land.table("geometries")["geometry"].to_list())
    unit = sum(shapely.area(areas)) / sum(shapely.area(list(drawn.shapes.values())))
    for nis, shape in drawn.shapes.items():
        x, y = at[nis]
        west, _south, _east, north = shapely.total_bounds(areas)
        point = shapely.Point((x - west) / unit**0.5, (north - y) / unit**0.5)
        assert shapely.distance(shape, point) < 2


def test_a_map_of_the_generated_land_has_no_gaps() -> None:
    drawn = outline(generate(60, 1))
    assert drawn is not None
    shapes = list(drawn.shapes.values())
    assert shapely.coverage_is_valid(shapes)
    assert all(points_of(data) for data in drawn.paths.values())


@pytest.mark.parametrize("zoning", ["REGIO", "POLITIE", "WOON", "TOERISME"])
def test_zones_are_numbered_inside_their_land(zoning: str) -> None:
    land = example()
    drawn = outline(land)
    assert drawn is not None
    members = land.table("zone_members").filter(zoning=zoning)
    order = sorted(set(members["zone"]), reverse=True)
    zones = zones_drawn(drawn, members, land.table("adjacency"), ["nowhere", *order])
    assert [(zone.zone, zone.number) for zone in zones] == [
        (zone, number) for number, zone in enumerate(order, start=2)
    ]
    pairs = zone_pairs(members, land.table("adjacency"))
    tint = {zone.zone: zone.tint for zone in zones}
    assert all(tint[a] != tint[b] for a, b in pairs)
    assert all((b, a) in pairs for a, b in pairs)
    for zone in zones:
        inside = [drawn.shapes[nis] for nis in members.filter(zone=zone.zone)["nis"]]
        assert any(shapely.contains_xy(shape, zone.x, zone.y) for shape in inside)


def test_the_map_of_counts_has_the_class_of_every_count(made: Made) -> None:
    rows = made.found["municipalities"]
    found = count_map(rows)
    bounds = classes({row["nis"]: row["partnerships"] for row in rows})
    for row in rows:
        place = class_of(row["partnerships"], bounds)
        assert found["classes"][row["nis"]] == ("u" if place is None else f"c{place}")
    sizes = Counter(found["classes"].values())
    shown = {name: int(re.findall(r"\((\d+)", said)[0]) for name, said in found["legend"]
             if name != "u"}  # fmt: skip
    assert {name: sizes[name] for name in shown} == shown
    assert set(sizes) <= {name for name, _said in found["legend"]}


def test_the_maps_of_a_page_show_every_municipality_once(made: Made) -> None:
    towns = {town["nis"]: town["name"] for town in made.found["municipalities"]}
    drawn = [e for e in made.tree.iter("svg") if "map" in classes_of(e)]
    assert len(drawn) == 4
    body = made.found["drawn"]["partnership"]
    (members,) = [set(b["municipalities"]) for b in made.found["partnerships"]
                  if b["partnership"] == body]  # fmt: skip
    for each in drawn:
        links = list(each.iter("a"))
        assert sorted(link.get("href", "") for link in links) == sorted(
            f"#g-{nis}" for nis in towns
        )
        for link in links:
            nis = link.get("href", "").removeprefix("#g-")
            (use,) = list(link.iter("use"))
            assert use.get("href", "").endswith(nis)
            assert link.get("tabindex") == "-1"
            assert text(link).startswith(" ".join(towns[nis].split()))
            if each.get("id") == "members-map":
                assert use.get("class") == ("in" if nis in members else "off")
    listed = text(by_id(made.tree, "members-list"))
    assert listed == ", ".join(" ".join(towns[nis].split()) for nis in sorted(members))


@pytest.mark.parametrize("land", [example(), generate(60, 1)], ids=["example", "generated"])
def test_the_same_landscape_is_the_same_page(land: Landscape) -> None:
    assert render(land) == render(land)


def test_the_same_landscape_is_the_same_page_in_another_process() -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", BYTES],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1


def every_chart() -> list[str]:
    return [
        charts.histogram([(3, 10), (4, 0), (5, 17)], 4.0, "across", "up", "median 4"),
        charts.histogram([(0, 300)], None, "across", "up", ""),
        charts.bars(
            "a", [("one", 123), ("a name that is longer than a line of the chart", 45)], "n"
        ),
        charts.bars("b", [("one & two <b>", 1234), ("unknown", 7)], "n", "unknown"),
        charts.scatter([(900, 4, "a"), (45_000, 61, "b"), (7, 3, "c")], ["a", "b", "c"], "x", "y"),
        charts.scatter([(5000, 2, "b"), (5000, 2, "b")], ["a", "b"], "x", "y"),
    ]


def test_charts_are_plain_silent_and_equally_wide() -> None:
    widths = set()
    for drawn in every_chart():
        tree = ElementTree.fromstring(drawn)
        assert tree.get("aria-hidden") == "true"
        for element in tree.iter():
            assert element.tag.rpartition("}")[2] not in ("style", "script", "image", "title")
            assert "style" not in element.attrib
            assert not any(name.startswith("on") for name in element.attrib)
        widths.add(tree.get("viewBox", "").split()[2])
    assert len(widths) == 1


def words_of(drawn: str) -> list[str]:
    return [text(e) for e in ElementTree.fromstring(drawn).iter() if e.tag.endswith("text")]


def test_charts_show_their_numbers() -> None:
    high, _one, bars, escaped, dots, _same = every_chart()
    assert {"123", "45", "one", "n"} <= set(words_of(bars))
    assert "a name that is longer than a" in " ".join(words_of(bars))
    assert {"1234", "7", "one & two <b>"} <= set(words_of(escaped))
    assert {"median 4", "across", "up", "3", "4", "5"} <= set(words_of(high))
    assert {"a", "b", "c", "x", "y"} <= set(words_of(dots))
    groups = [e for e in ElementTree.fromstring(dots).iter() if "role-mark" in e.get("class", "")]
    assert [len(group) for group in groups if "mark-symbol" in group.get("class", "")] == [3]


def test_every_number_of_a_bar_stands_on_it(made: Made) -> None:
    figures = [f for f in by_id(made.tree, "partnerships").iter("figure")
               if f.find("details/table") is not None]  # fmt: skip
    assert figures
    for figure in figures:
        numbers = [text(row[1]) for row in figure.iterfind("details/table/tbody/tr")]
        assert numbers
        assert Counter(numbers) <= Counter(text(label) for label in figure.iter("text"))
