"""Zones drawn where inhabitants are not known: told as such, and refused where they are needed."""

from pathlib import Path

import polars as pl
import pyogrio.raw
import pytest

from drawn import LINKED, found_by, refused_by, shown_by
from pages import body_rows, read, text
from samenspel.landscape.example import example
from samenspel.landscape.package import write

pytest.importorskip("numba")
pytest.importorskip("ortools")

FEW = ("--iterations", "2000")
SMALL = ("--steps", "100", "--chains", "2")


@pytest.fixture(scope="module")
def unknown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example, the inhabitants of Verzonnenbeke not known."""
    towns = example().table("municipalities")
    people = pl.when(pl.col("nis") != "00002").then("population").alias("population")
    folder = tmp_path_factory.mktemp("unknown") / "streek"
    write(example().with_tables(municipalities=towns.with_columns(people)), folder)
    return folder


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example without a soul."""
    towns = example().table("municipalities").with_columns(population=pl.lit(0, pl.Int64))
    folder = tmp_path_factory.mktemp("empty") / "streek"
    write(example().with_tables(municipalities=towns), folder)
    return folder


def test_regions_are_drawn_and_inhabitants_told_as_unknown(unknown: Path, tmp_path: Path) -> None:
    page, gpkg = tmp_path / "a.html", tmp_path / "a.gpkg"
    words = ("--regions", "2", "--present", "REGIO", *LINKED, *FEW)
    found = found_by("delineate", unknown, *words, "--page", str(page), "--map", str(gpkg))
    assert found["valid"]
    assert found["population_unknown"] == ["00002"]
    assert [zone["population"] for zone in found["zones"]] == [None, None]
    assert {zone["zone"] for zone in found["zones"]} == {"NOORD", "ZUID"}
    assert not {"balance", "moved"} & set(found["goals"])
    rows = body_rows(read(page.read_text("utf-8")), "zones-1")
    assert [(text(row[3]), row[3].get("data-v")) for row in rows] == [("unknown", "")] * 2
    _meta, _fids, _shapes, fields = pyogrio.raw.read(gpkg, layer="zones", columns=["population"])
    assert [value for column in fields for value in column] == [None, None]
    shown = shown_by("delineate", unknown, *words)
    assert "The inhabitants of Verzonnenbeke (00002) are not known: goals and figures" in shown
    known = found_by("delineate", unknown, "--regions", "2", "--area", "1..", *FEW)
    assert known["valid"]


def test_zones_and_chains_are_told_without_inhabitants(unknown: Path) -> None:
    zones = found_by("zones", unknown, "--within", "REGIO", "--municipalities", "2..3", *LINKED)
    assert zones["population_unknown"] == ["00002"]
    assert {zone["population"] for zone in zones["zones"]} == {None}
    words = ("--regions", "2", "--plan", "REGIO", *SMALL, *LINKED)
    sample = found_by("ensemble", unknown, *words)
    assert sample["population_unknown"] == ["00002"]
    assert sample["distribution"].keys() == sample["plans"][0]["goals"].keys()
    assert "balance" not in sample["distribution"]
    assert "The inhabitants of Verzonnenbeke" in shown_by("ensemble", unknown, *words)


def test_a_plan_alone_is_judged_and_two_are_not_held_side_by_side(
    unknown: Path, tmp_path: Path
) -> None:
    file = tmp_path / "plan.json"
    found_by("delineate", unknown, "--regions", "2", "--out", str(file), *FEW)
    assert found_by("compare", unknown, "REGIO", *LINKED)["plans"][0]["valid"]
    assert "unknown for Verzonnenbeke (00002)" in refused_by(
        "compare", unknown, "REGIO", str(file), *LINKED
    )


NEEDED = [
    ("delineate", "--regions", "2", "--population", "9.."),
    ("delineate", "--regions", "2", "--population", "~9.."),
    ("delineate", "--regions", "2", "--goals", "cut=1,balance=1"),
    ("delineate", "--regions", "2", "--goals", "moved=1", "--present", "REGIO"),
    ("zones", "--within", "REGIO", "--population", "9.."),
    ("ensemble", "--regions", "2", "--population", "9.."),
    ("tradeoff", "--regions", "2", "--goals", "cut,flows"),
]


@pytest.mark.parametrize("words", NEEDED, ids=" ".join)
def test_where_inhabitants_are_needed_it_says_of_whom_they_are_missing(
    words: tuple[str, ...], unknown: Path, empty: Path
) -> None:
    command, *rest = words
    assert "column population: unknown for Verzonnenbeke (00002); " in refused_by(
        command, unknown, *rest
    )
    assert "column population: 0 for every municipality; " in refused_by(command, empty, *rest)


def test_a_land_without_a_soul_is_drawn_where_that_is_no_matter(empty: Path) -> None:
    found = found_by("delineate", empty, "--regions", "2", *FEW)
    assert found["valid"]
    assert [zone["population"] for zone in found["zones"]] == [0, 0]
    assert found["population_unknown"] == []
    assert "are not known: goals" not in shown_by("delineate", empty, "--regions", "2", *FEW)
