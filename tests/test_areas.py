"""Borders and points inside, on grids of squares where they can be counted by hand."""

from collections import Counter

import polars as pl
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from samenspel.landscape.areas import points_inside, shared_borders

SIDE = 100
Cells = dict[tuple[int, int], str]
Pair = tuple[str, str | None]

letter_grids = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.text("ABC.", min_size=width, max_size=width), min_size=1, max_size=5)
)


def cells_of(rows: list[str]) -> Cells:
    return {
        (x, -y): letter
        for y, row in enumerate(rows)
        for x, letter in enumerate(row)
        if letter != "."
    }


def geometries(rows: list[str]) -> pl.DataFrame:
    """Each letter as its cells united, every corner of a cell kept as a point."""
    found: dict[str, list[shapely.Geometry]] = {}
    for (x, y), letter in cells_of(rows).items():
        box = shapely.box(x * SIDE, y * SIDE, (x + 1) * SIDE, (y + 1) * SIDE)
        found.setdefault(letter, []).append(box)
    return pl.DataFrame(
        [(letter, shapely.to_wkb(shapely.union_all(boxes))) for letter, boxes in found.items()],
        schema={"nis": pl.String, "geometry": pl.Binary},
        orient="row",
    )


def counted(rows: list[str]) -> dict[Pair, float]:
    """The sides of cells between two letters, or between a letter and nothing."""
    cells, sides = cells_of(rows), Counter[Pair]()
    for (x, y), letter in cells.items():
        for beside in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
            other = cells.get(beside)
            if other is None:
                sides[letter, None] += SIDE
            elif letter < other:
                sides[letter, other] += SIDE
    return dict(sides)


def borders(rows: list[str]) -> dict[Pair, float]:
    frame = shared_borders(geometries(rows))
    assert frame.columns == ["nis_a", "nis_b", "border_m"]
    found = {(a, b): metres for a, b, metres in frame.iter_rows()}
    assert len(found) == frame.height
    return found


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        (["A"], {("A", None): 400}),
        (["AB"], {("A", "B"): 100, ("A", None): 300, ("B", None): 300}),
        # Touching in a corner is no border.
        (["A.", ".B"], {("A", None): 400, ("B", None): 400}),
        (["A.B"], {("A", None): 400, ("B", None): 400}),
        # B is enclosed by A and has no border with the outside.
        (["AAA", "ABA", "AAA"], {("A", "B"): 400, ("A", None): 1200}),
        # A hole with nothing in it is outside.
        (["AAA", "A.A", "AAA"], {("A", None): 1600}),
        # A lies in two parts, one of them an exclave beyond B.
        (["ABA"], {("A", "B"): 200, ("A", None): 600, ("B", None): 200}),
        # A border in two separate stretches is one border.
        (["AAA", "A.B", "ABB"], {("A", "B"): 200, ("A", None): 1000, ("B", None): 600}),
        (
            ["AB", "CC"],
            {
                ("A", "B"): 100,
                ("A", "C"): 100,
                ("B", "C"): 100,
                ("A", None): 200,
                ("B", None): 200,
                ("C", None): 400,
            },
        ),
    ],
)
def test_borders_by_hand(rows: list[str], wanted: dict[Pair, float]) -> None:
    assert counted(rows) == wanted
    assert borders(rows) == wanted


@settings(deadline=None)
@given(letter_grids)
def test_borders_are_the_counted_sides(rows: list[str]) -> None:
    assert borders(rows) == counted(rows)


@settings(deadline=None)
@given(letter_grids)
def test_borders_of_an_area_add_up_to_its_whole_boundary(rows: list[str]) -> None:
    shapes = dict(geometries(rows).iter_rows())
    sums: Counter[str] = Counter()
    for (a, b), metres in borders(rows).items():
        sums[a] += metres
        if b is not None:
            sums[b] += metres
    for nis, wkb in shapes.items():
        assert sums[nis] == pytest.approx(shapely.from_wkb(wkb).length)


def test_the_order_of_the_areas_does_not_matter() -> None:
    frame = geometries(["ABC", "ACC"])
    turned = shared_borders(frame.reverse())
    assert sorted(turned.iter_rows(), key=repr) == sorted(
        shared_borders(frame).iter_rows(), key=repr
    )


def test_a_pair_stands_in_the_order_of_its_codes() -> None:
    frame = geometries(["AB"]).with_columns(nis=pl.col("nis").replace({"A": "20000", "B": "1999"}))
    (pair,) = shared_borders(frame).drop_nulls("nis_b").select("nis_a", "nis_b").iter_rows()
    assert pair == ("1999", "20000")


def test_no_areas_no_borders() -> None:
    empty = pl.DataFrame(schema={"nis": pl.String, "geometry": pl.Binary})
    assert shared_borders(empty).height == 0
    assert points_inside(empty).height == 0


@settings(deadline=None)
@given(letter_grids)
def test_points_lie_inside(rows: list[str]) -> None:
    frame = geometries(rows)
    shapes = dict(frame.iter_rows())
    points = points_inside(frame)
    assert points["nis"].to_list() == frame["nis"].to_list()
    for nis, x, y in points.iter_rows():
        assert shapely.from_wkb(shapes[nis]).contains(shapely.Point(x, y))


def test_the_point_of_a_ring_lies_on_the_ring() -> None:
    (row,) = points_inside(geometries(["AAA", "A.A", "AAA"])).iter_rows()
    assert not shapely.box(SIDE, -SIDE, 2 * SIDE, 0).contains(shapely.Point(row[1], row[2]))
