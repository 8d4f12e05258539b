"""The files that ``delineate`` writes: what it prints as JSON, and its zones on a map."""

import json
from pathlib import Path

import pyogrio
import pyogrio.raw
import pytest
import shapely

from drawn import found_by, refused_by
from samenspel.landscape.example import example
from samenspel.landscape.package import write

pytest.importorskip("numba")
pytest.importorskip("ortools")
pytest_plugins = ("drawn_fixtures",)

FEW = ("--iterations", "3000")


def test_a_map_of_a_land_without_areas_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "streek"
    write(example().with_tables(geometries=example().table("geometries").clear()), folder)
    words = ("--regions", "2", "--map", str(tmp_path / "a.gpkg"))
    assert "add the table geometries" in refused_by("delineate", folder, *words)


def test_out_holds_what_json_prints_and_the_map_the_zones(land: Path, tmp_path: Path) -> None:
    file, gpkg = tmp_path / "plan.json", tmp_path / "plan.gpkg"
    found = found_by(
        "delineate", land, "--regions", "3", "--out", str(file), "--map", str(gpkg), *FEW
    )
    assert json.loads(file.read_text("utf-8")) == found
    assert {name for name, _kind in pyogrio.list_layers(gpkg)} == {"zones", "municipalities"}
    meta, _fids, shapes, fields = pyogrio.raw.read(gpkg, layer="zones")
    assert meta["crs"] == "EPSG:31370"
    rows = dict(zip(meta["fields"], fields, strict=True))
    assert rows["zone"].tolist() == [zone["zone"] for zone in found["zones"]]
    assert rows["population"].tolist() == [zone["population"] for zone in found["zones"]]
    land_of = dict(example().table("municipalities").select("nis", "area_km2").iter_rows())
    for zone, shape in zip(found["zones"], shapely.from_wkb(shapes), strict=True):
        assert shape.area == pytest.approx(
            1e6 * sum(land_of[nis] for nis in zone["municipalities"])
        )
    meta, _fids, _shapes, fields = pyogrio.raw.read(gpkg, layer="municipalities")
    rows = dict(zip(meta["fields"], fields, strict=True))
    assert dict(zip(rows["nis"], rows["zone"], strict=True)) == found["plan"]
    first = gpkg.read_bytes()
    found_by("delineate", land, "--regions", "3", "--map", str(gpkg), *FEW)
    assert gpkg.read_bytes() == first


def test_no_map_is_made_of_a_plan_that_is_none(land: Path, tmp_path: Path) -> None:
    file, gpkg = tmp_path / "plan.json", tmp_path / "plan.gpkg"
    words = ("--regions", "3", "--population", "60000..")
    found = found_by(
        "delineate", land, *words, "--out", str(file), "--map", str(gpkg), *FEW, code=1
    )
    assert json.loads(file.read_text("utf-8")) == found
    assert not gpkg.exists()
