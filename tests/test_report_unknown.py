"""The report of land of which little is known, or that is drawn badly, or named to do harm."""

import re
import struct
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from xml.etree.ElementTree import Element

import polars as pl
import pytest
import shapely

from countries import example
from pages import body_rows, by_id, classes_of, prompt, read, render, text
from samenspel.landscape.findings import errors
from samenspel.landscape.landscape import About, Landscape
from samenspel.landscape.package import write
from samenspel.landscape.validation import check

EVIL = (
    "<script>alert('x')</script>\"' &amp;& {{ 7*7 }} {0} {name} </style></title> \u202e\u05d0 \\n"
)
CODE = " \"'<i>&%23?x"  # what a code may hold beside letters
NAMES = {
    "municipalities": ("name",),
    "zonings": ("title",),
    "zones": ("name",),
    "organisations": ("name",),
    "partnerships": ("name", "theme"),
    "tasks": ("task",),
    "task_provision": ("task",),
    "mandates": ("organ",),
    "sources": ("title", "publisher", "licence", "note"),
}
OF_TABLE = {"partnership": ("partnerships", "id"), "zoning": ("zonings", "zoning"),
            "zone": ("zones", "zone"), "nis": ("municipalities", "nis")}  # fmt: skip
SAME = {"nis": ("nis", "nis_a", "nis_b", "organisation", "host", "id", "old", "new", "from", "to"),
        "partnership": ("partnership", "organisation", "id"), "zone": ("zone",),
        "zoning": ("zoning",)}  # fmt: skip


def sound(land: Landscape) -> Landscape:
    """``land``, which a folder may hold: nothing in it is an error."""
    assert errors(check(land.frames, land.date)) == []
    return land


def without(*tables: str) -> Landscape:
    land = example()
    kept = {name: frame for name, frame in land.frames.items() if name not in tables}
    return sound(Landscape(land.date, kept, land.about))


def bare() -> Landscape:
    """Municipalities with a name, and nothing else."""
    land = example()
    towns = land.table("municipalities").select("nis", "name")
    return sound(Landscape(land.date, {"municipalities": towns}, About()))


def drawn_as(shapes: Mapping[str, bytes]) -> Landscape:
    """The example with other areas for some municipalities."""
    land = example()
    old = dict(land.table("geometries").select("nis", "geometry").iter_rows())
    areas = {**old, **shapes}
    return sound(
        land.with_tables(
            geometries=pl.DataFrame({"nis": list(areas), "geometry": list(areas.values())})
        )
    )


def ring_of(*points: tuple[float, float]) -> bytes:
    """An area of one ring as it stands, good or bad."""
    dots = b"".join(struct.pack("<dd", *point) for point in points)
    return struct.pack("<BIII", 1, 3, 1, len(points)) + dots


def maps(tree: Element) -> list[Element]:
    return [e for e in tree.iter("svg") if "map" in classes_of(e)]


def used(drawing: Element) -> dict[str, str]:
    """Class by NIS code on a map."""
    return {
        link.get("href", "").removeprefix("#g-"): use.get("class", "")
        for link in drawing.iter("a")
        for use in link.iter("use")
    }


def legend_of(tree: Element, place: int) -> set[str]:
    """What the legend of the map number ``place`` explains."""
    figures = [f for f in tree.iter("figure") if any("map" in classes_of(s) for s in f)]
    return {text(item) for item in figures[place].iter("li")}


def test_municipalities_alone() -> None:
    land = bare()
    tree = read(render(land))
    assert maps(tree) == []
    assert [e for e in tree.iter("section") if e.get("id") == "zones"] == []
    cards = [text(card) for card in tree.iter("dd") if card.find("small") is not None
             or "unknown" in text(card)]  # fmt: skip
    assert len([card for card in cards if card.startswith("unknown")]) == 8
    for cells in body_rows(tree, "towns"):
        assert [cell.get("data-v") for cell in cells[1:]] == [""]
        assert text(cells[1]) == "unknown"
    assert body_rows(tree, "bodies") == []
    said = text(by_id(tree, "main"))
    assert "The landscape names no source." in said
    assert "0 of 8 rows" in said
    assert "The 0 " not in said


def test_partnerships_without_memberships() -> None:
    tree = read(render(without("memberships")))
    for cells in body_rows(tree, "bodies"):
        assert (cells[-2].get("data-v"), text(cells[-2])) == ("", "unknown")
        assert text(cells[-1]) == "unknown"
    assert set(used(maps(tree)[0]).values()) == {"u"}
    assert "unknown" in legend_of(tree, 0)
    assert not any(re.search(r"\d", said) for said in legend_of(tree, 0))
    for cells in body_rows(tree, "zone-c"):
        assert {text(cell) for cell in cells[3:]} <= {"unknown"}
    assert len(list(tree.iter("pattern"))) == 1


def test_no_zonings_no_map_of_zones() -> None:
    tree = read(render(without("zonings", "zones", "zone_members")))
    assert len(maps(tree)) == 2
    assert [e for e in tree.iter("a") if e.get("href") == "#zones"] == []


def test_zones_of_which_the_land_is_unknown_have_no_number_of_municipalities() -> None:
    tree = read(render(without("zone_members")))
    for cells in body_rows(tree, "zone-c"):
        assert (cells[2].get("data-v"), text(cells[2])) == ("", "unknown")
    assert len(maps(tree)) == 2 or "in no zone" not in legend_of(tree, 2)


def test_zonings_of_which_the_zones_are_unknown_have_no_number_of_zones() -> None:
    tree = read(render(without("zones", "zone_members")))
    assert {text(cells[2]) for cells in body_rows(tree, "zonings-c")} == {"unknown"}


def test_a_zone_that_is_known_to_be_empty_has_none() -> None:
    land = example()
    more = pl.DataFrame({"zoning": ["REGIO"], "zone": ["LEEG"], "name": ["Lege regio"]})
    tree = read(render(land.with_tables(
        zones=pl.concat([land.table("zones"), more], how="diagonal"))))  # fmt: skip
    empty = [c for c in body_rows(tree, "zone-c") if text(c[1]) == "Lege regio LEEG"]
    assert [text(cells[2]) for cells in empty] == ["0"]
    assert [text(t) for t in maps(tree)[2].iter("text")].count("Lege regio") == 0


def test_the_members_of_a_partnership_are_unknown_and_not_absent() -> None:
    land = example()
    (unknown,) = [row.get("id") for row in read(render(land)).iter("tr")
                  if row.get("data-members") == ""]  # fmt: skip
    tree = read(render(land, partnership=str(unknown).removeprefix("p-")))
    shown = [e for e in tree.iter("svg") if e.get("id") == "members-map"]
    assert all("off" not in used(each).values() for each in shown)
    assert shown == [] or text(by_id(tree, "members-list")) == "unknown"


def test_an_unknown_centre_function_is_not_the_lack_of_one() -> None:
    land = example()
    towns = land.table("municipalities").with_columns(centre=pl.lit(None, pl.Boolean))
    said = text(by_id(read(render(land.with_tables(municipalities=towns))), "entangled"))
    assert "with a centre function" in text(by_id(read(render(land)), "entangled"))
    assert "with a centre function" not in said


@pytest.mark.parametrize("kept", [0, 1, 4, 7])
def test_land_of_some_municipalities_only(kept: int) -> None:
    land = example()
    areas = land.table("geometries").head(kept)
    tree = read(render(sound(land.with_tables(geometries=areas))))
    assert len(maps(tree)) == (4 if kept else 0)
    for drawing in maps(tree):
        assert used(drawing).keys() == set(areas["nis"])
    assert len(body_rows(tree, "towns")) == 8


def test_one_municipality() -> None:
    land = example()
    frames = {name: land.table(name).head(1) for name in ("municipalities", "geometries")}
    tree = read(render(sound(Landscape(land.date, frames))))
    assert [used(drawing) for drawing in maps(tree)] == [{"00001": "u"}]


BAD = {
    "bowtie": ring_of((1e5, 2e5), (1.01e5, 2.01e5), (1.01e5, 2e5), (1e5, 2.01e5), (1e5, 2e5)),
    "flat": ring_of((1e5, 2e5), (1.01e5, 2e5), (1e5, 2e5), (1e5, 2e5)),
    "point": ring_of((1e5, 2e5), (1e5, 2e5), (1e5, 2e5), (1e5, 2e5)),
    "tiny": shapely.to_wkb(shapely.box(1e5, 2e5, 1e5 + 0.1, 2e5 + 0.1)),
    "far hole": shapely.to_wkb(
        shapely.Polygon(
            [(0, 0), (1e3, 0), (1e3, 1e3), (0, 1e3)], [[(2e3, 2e3), (3e3, 2e3), (3e3, 3e3)]]
        )
    ),
    "endless": ring_of((1e5, 2e5), (float("inf"), 2.01e5), (1.01e5, 2e5), (1e5, 2e5)),
    "high": shapely.to_wkb(shapely.Polygon([(1e5, 2e5, 7), (1.01e5, 2e5, 7), (1.01e5, 2.01e5, 7)])),
}


@pytest.mark.parametrize("area", BAD)
def test_areas_that_a_check_lets_through_are_drawn_or_left_out(area: str) -> None:
    tree = read(render(drawn_as({"00001": BAD[area]})))
    assert len(maps(tree)) == 4
    for drawing in maps(tree):
        assert used(drawing).keys() >= {"00002", "00005", "00006", "00007", "00008"}
        assert "nan" not in " ".join(p.get("d", "") for p in drawing.iter("path"))


def test_areas_that_overlap_and_a_land_without_extent() -> None:
    everything = shapely.to_wkb(shapely.box(1e5, 2e5, 1.2e5, 2.2e5))
    assert len(maps(read(render(drawn_as({"00001": everything}))))) == 4
    land = example()
    towns = list(land.table("municipalities")["nis"])
    assert len(maps(read(render(drawn_as(dict.fromkeys(towns, everything)))))) == 4
    assert len(maps(read(render(drawn_as(dict.fromkeys(towns, BAD["point"])))))) == 0


def test_partial_and_overlapping_zonings_say_so() -> None:
    land = example()
    for zoning, said in (("WOON", "in no zone"), ("TOERISME", "in more than one zone")):
        tree = read(render(land, zoning=zoning))
        members = land.table("zone_members").filter(zoning=zoning)["nis"].to_list()
        shown = used(maps(tree)[2])
        for nis, name in shown.items():
            wanted = {0: "off", 1: "t"}.get(members.count(nis), "u")
            assert name.rstrip("012345") == wanted
        assert {name for name in shown.values() if name in ("u", "off")}
        assert said in legend_of(tree, 2)
    assert legend_of(read(render(land, zoning="REGIO")), 2) == set()


def test_a_landscape_without_a_name() -> None:
    land = example()
    tree = read(render(Landscape(land.date, land.frames, About())))
    (head,) = list(tree.iter("header"))
    assert text(next(tree.iter("h1"))) == "Who works with whom: Landscape"
    assert not re.search(r"(^|Landscape )·", text(head))


def renamed(text_: str) -> Landscape:
    """The example with ``text_`` at the end of every name, title and note."""
    land = example()
    about = About(f"naam {text_}", f"land {text_}", fictional=True)
    frames = {
        table: frame.with_columns((pl.col(n) + text_).alias(n) for n in NAMES.get(table, ()))
        for table, frame in land.frames.items()
    }
    return sound(Landscape(land.date, frames, about))


def recoded(kind: str, code: str) -> Landscape:
    """The example with ``code`` at the end of every code of ``kind``."""
    land = example()
    table, column = OF_TABLE[kind]
    codes = list(land.table(table)[column])
    new = {old: old + code for old in codes}
    frames = {
        name: frame.with_columns(
            pl.col(column).replace(new) for column in SAME[kind] if column in frame.columns
        )
        for name, frame in land.frames.items()
    }
    return sound(Landscape(land.date, frames, land.about))


def parts(tree: Element) -> list[tuple[str, ...]]:
    """The elements of a page in order, each with the names of its attributes."""
    return [(element.tag, *element.attrib) for element in tree.iter() if element.tag != "g"]


@cache
def with_plain_names() -> Element:
    return read(render(renamed(" x")))


@pytest.mark.parametrize("evil", [EVIL, "\n", "]]>", "<!--", "&lt;", "\u2028", "\x7f"])
def test_names_change_no_element_of_the_page(evil: str) -> None:
    tree = read(render(renamed(evil)))
    assert parts(tree) == parts(with_plain_names())
    shown = " ".join(evil.split())
    said = text(tree)
    for name in ("Voorbeeldegem", "Regio Noord", "Streekdienst Voorbeeldstreek", "land"):
        assert " ".join(f"{name}{' ' * (name == 'land')}{evil}".split()) in said, name
    assert said.count(shown) > 40


@pytest.mark.parametrize("kind", OF_TABLE)
def test_codes_change_no_element_of_the_page_and_break_no_link(kind: str) -> None:
    plain, tree = read(render(recoded(kind, "x"))), read(render(recoded(kind, CODE)))
    assert parts(tree) == parts(plain)
    ids = [element.get("id") for element in tree.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    links = [value for e in tree.iter() for name, value in e.attrib.items() if name == "href"]
    assert {link.removeprefix("#") for link in links} <= set(ids)


@pytest.mark.parametrize("nis", ["ain", "embers-map", "unicipalities"])
def test_a_code_is_never_the_name_of_a_part_of_the_page(nis: str) -> None:
    land = example()
    frames = {
        name: land.table(name).with_columns(pl.col("nis").replace({"00001": nis}))
        for name in ("municipalities", "geometries")
    }
    tree = read(render(sound(Landscape(land.date, frames))))
    ids = [element.get("id") for element in tree.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))


def test_a_folder_with_a_bad_area_has_a_report(tmp_path: Path) -> None:
    write(drawn_as({"00001": BAD["bowtie"]}), tmp_path / "land")
    code, _out, err = prompt("report", str(tmp_path / "land"), "--out", str(tmp_path / "r.html"))
    assert (code, err) == (0, "")
