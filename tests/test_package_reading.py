"""Reading a folder that others made or damaged, and the places that a write refuses."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import shapely

from samenspel.errors import InputError
from samenspel.landscape import package
from samenspel.landscape.csvfile import ROW
from samenspel.landscape.example import example
from samenspel.landscape.landscape import About, Landscape

DAY = date(2025, 1, 1)
SMALL = Landscape(DAY, {"municipalities": pl.DataFrame({"nis": ["1"], "name": ["Fabelgem"]})})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "land"
    place.mkdir()
    (place / "municipalities.csv").write_text("nis,name\n00001,Fabelgem\n", encoding="utf-8")
    return place


def told(folder: Path) -> list[tuple[Any, ...]]:
    found = package.read_raw(folder).findings
    return [(f.severity, f.code, f.table, f.row, f.column, f.value) for f in found]


def refusal(folder: Path) -> str:
    with pytest.raises(InputError) as caught:
        package.read_raw(folder)
    return str(caught.value)


def test_nis_and_name_are_enough(folder: Path) -> None:
    raw = package.read_raw(folder)
    assert raw.frames["municipalities"].rows() == [(2, "00001", "Fabelgem")]
    assert list(raw.frames) == ["municipalities"]
    assert (raw.about, raw.date, raw.kind, raw.findings) == (About(), None, "landscape", [])


def test_files_of_others_are_passed(folder: Path) -> None:
    (folder / "notes.csv").write_text("anything", encoding="utf-8")
    assert list(package.read_raw(folder).frames) == ["municipalities"]


def test_no_folder(tmp_path: Path) -> None:
    assert "there is no such folder" in refusal(tmp_path / "none")


def test_a_file_is_no_folder(folder: Path) -> None:
    assert "is a file; name the folder" in refusal(folder / "municipalities.csv")


def test_a_misspelt_file_or_column_is_told(folder: Path) -> None:
    (folder / "membership.csv").write_text("partnership,organisation\n", encoding="utf-8")
    (folder / "partnerships.csv").write_text(
        "id,name,statuss,own\np,P,active,1\n", encoding="utf-8"
    )
    assert told(folder) == [
        ("warning", "unknown_file", "membership.csv", None, None, "membership.csv"),
        ("warning", "unknown_column", "partnerships", 1, "statuss", "statuss"),
    ]


def test_parquet_is_as_strict_as_csv(folder: Path) -> None:
    frame = pl.DataFrame(
        {
            "kind": ["x", "y", "z"],
            "map_year": [2019.0, 2019.5, None],
            "count": [1.0, 2.5, float("nan")],
            "source": [1, 2, 3],
        }
    )
    frame.write_parquet(folder / "flows.parquet")
    assert told(folder) == [
        ("error", "wrong_type", "flows", 1, "source", None),
        ("error", "wrong_type", "flows", 3, "map_year", "2019.5"),
        ("error", "wrong_type", "flows", 3, "count", "2.5"),
        ("error", "wrong_type", "flows", 4, "count", "NaN"),
    ]


def test_a_folder_without_municipalities(tmp_path: Path) -> None:
    (tmp_path / "flows.csv").write_text("kind\ncommuting\n", encoding="utf-8")
    assert "there is no municipalities.csv" in refusal(tmp_path)


# Types.

WRONG = [
    ("municipalities", "population", value)
    for value in ("12.5", "1.000", "twelve", "1e3", "9223372036854775808", " 1 2", "0x1")
]
WRONG += [("municipalities", "x", value) for value in ("1,5", "nan", "inf", "-inf", "1e999", "x")]
WRONG += [("municipalities", "centre", value) for value in ("yes", "1", "ja", "waar", "t")]
WRONG += [
    ("municipalities", "valid_from", value)
    for value in ("1-1-2025", "2025-1-1", "2025-02-29", "2025-13-01", "20250101", "2025", "x")
]
WRONG += [
    ("municipalities", "recorded_to", value)
    for value in ("2025-01-01", "2025-01-01 12:00:00", "2025-01-01T25:00:00Z", "x")
]


@pytest.mark.parametrize(("table", "column", "value"), WRONG)
def test_a_cell_of_the_wrong_type(folder: Path, table: str, column: str, value: str) -> None:
    cell = value.replace('"', '""')
    (folder / f"{table}.csv").write_text(
        f'nis,name,{column}\n00001,a,\n\n00002,b,"{cell}"\n', encoding="utf-8"
    )
    assert told(folder) == [("error", "wrong_type", table, 4, column, value)]
    (finding,) = package.read_raw(folder).findings
    assert f"“{value}”" in finding.message
    assert package.read_raw(folder).frames[table][column].to_list() == [None, None]


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ("population", "12", 12),
        ("population", "-9223372036854775808", -(2**63)),
        ("x", "12", 12.0),
        ("x", "-1.5e-3", -0.0015),
        ("centre", "TRUE", True),
        ("centre", "false", False),
        ("valid_from", "2024-02-29", date(2024, 2, 29)),
        ("recorded_to", "2025-01-01T12:00:00Z", datetime(2025, 1, 1, 12, tzinfo=UTC)),
        ("recorded_to", "2025-01-01T12:00:00.000001Z", datetime(2025, 1, 1, 12, 0, 0, 1, UTC)),
        ("kbo", "0000000196", "0000000196"),
    ],
)
def test_a_cell_of_the_right_type(folder: Path, column: str, text: str, value: Any) -> None:
    (folder / "municipalities.csv").write_text(f"nis,name,{column}\n1,a,{text}\n", encoding="utf-8")
    raw = package.read_raw(folder)
    assert raw.findings == []
    assert raw.frames["municipalities"][column].to_list() == [value]


def test_every_wrong_cell_is_named(folder: Path) -> None:
    (folder / "municipalities.csv").write_text(
        "nis,population,x\n1,a,1\n2,2,b\n3,c,d\n", encoding="utf-8"
    )
    (folder / "flows.csv").write_text("count\n1\nmany\n", encoding="utf-8")
    assert sorted(told(folder), key=repr) == sorted(
        [
            ("error", "missing_column", "municipalities", 1, "name", None),
            ("error", "wrong_type", "municipalities", 2, "population", "a"),
            ("error", "wrong_type", "municipalities", 4, "population", "c"),
            ("error", "wrong_type", "municipalities", 3, "x", "b"),
            ("error", "wrong_type", "municipalities", 4, "x", "d"),
            ("error", "missing_column", "flows", 1, "kind", None),
            ("error", "wrong_type", "flows", 3, "count", "many"),
        ],
        key=repr,
    )


def test_a_damaged_file_does_not_hide_the_others(folder: Path) -> None:
    (folder / "zones.csv").write_bytes(b"\xff")
    (folder / "tasks.csv").write_bytes(b"a,b\n1\n")
    (folder / "flows.csv").write_text("kind\ncommuting\n", encoding="utf-8")
    assert told(folder) == [
        ("error", "unreadable_file", "zones", None, None, None),
        ("error", "unreadable_file", "tasks", None, None, None),
    ]
    assert set(package.read_raw(folder).frames) == {"municipalities", "flows"}


def test_unreadable_municipalities_are_a_finding(folder: Path) -> None:
    (folder / "municipalities.csv").write_bytes(b"")
    assert told(folder) == [("error", "unreadable_file", "municipalities", None, None, None)]


def test_a_folder_in_the_place_of_a_table(folder: Path) -> None:
    (folder / "flows.csv").mkdir()
    assert told(folder) == [("error", "unreadable_file", "flows", None, None, None)]


# Parquet.


def test_parquet_is_read(folder: Path) -> None:
    (folder / "municipalities.csv").unlink()
    landscape = example()
    for name, frame in landscape.frames.items():
        if name != "geometries":
            frame.write_parquet(folder / f"{name}.parquet")
    raw = package.read_raw(folder)
    assert raw.findings == []
    assert raw.frames["flows"][ROW].to_list() == list(range(2, 2 + raw.frames["flows"].height))
    found = Landscape(
        landscape.date, {n: f.drop(ROW) for n, f in raw.frames.items()}, landscape.about
    )
    without = {n: f for n, f in landscape.frames.items() if n != "geometries"}
    assert found.equals(Landscape(landscape.date, without, landscape.about))


def test_parquet_takes_the_types_of_the_contract(folder: Path) -> None:
    pl.DataFrame(
        {
            "kind": ["x"],
            "count": pl.Series([3], dtype=pl.Int16),
            "own": pl.Series([1], dtype=pl.Int8),
        }
    ).write_parquet(folder / "flows.parquet")
    frame = package.read_raw(folder).frames["flows"]
    assert (frame.schema["count"], frame.schema["own"]) == (pl.Int64, pl.Int8)


@pytest.mark.parametrize(
    "write",
    [
        lambda path: path.write_bytes(b"no parquet"),
        lambda path: path.write_bytes(b""),
        lambda path: path.mkdir(),
    ],
    ids=["text", "empty", "folder"],
)
def test_parquet_that_cannot_be_used(folder: Path, write: Any) -> None:
    write(folder / "flows.parquet")
    assert told(folder) == [("error", "unreadable_file", "flows", None, None, None)]


def test_parquet_without_a_needed_column(folder: Path) -> None:
    pl.DataFrame({"count": [1]}).write_parquet(folder / "flows.parquet")
    assert told(folder) == [("error", "missing_column", "flows", 1, "kind", None)]


def test_one_table_as_csv_and_as_parquet(folder: Path) -> None:
    pl.DataFrame({"nis": ["1"], "name": ["a"]}).write_parquet(folder / "municipalities.parquet")
    assert told(folder) == [("error", "unreadable_file", "municipalities", None, None, None)]
    (finding,) = package.read_raw(folder).findings
    assert "CSV and as Parquet" in finding.message


# Geometries of others.


def test_a_geopackage_that_is_none(folder: Path) -> None:
    (folder / "geometries.gpkg").write_bytes(b"no database")
    assert told(folder) == [("error", "unreadable_file", "geometries", None, None, None)]


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3812", None])
def test_coordinates_of_another_kind(folder: Path, crs: str | None) -> None:
    import numpy as np
    import pyogrio.raw

    pyogrio.raw.write(
        folder / "geometries.gpkg",
        geometry=np.array([shapely.to_wkb(shapely.box(0, 0, 1, 1))], dtype=object),
        field_data=[np.array(["1"], dtype=object)],
        fields=["nis"],
        driver="GPKG",
        geometry_type="Polygon",
        crs=crs or "EPSG:3812",
    )
    assert told(folder) == [("error", "unreadable_file", "geometries", None, None, None)]
    (finding,) = package.read_raw(folder).findings
    assert "EPSG:31370" in finding.message


def test_a_geopackage_with_two_layers(folder: Path) -> None:
    package.write(example(), folder.parent / "example")
    path = (folder.parent / "example" / "geometries.gpkg").rename(folder / "geometries.gpkg")
    import numpy as np
    import pyogrio.raw

    pyogrio.raw.write(
        path,
        geometry=np.array([shapely.to_wkb(shapely.box(0, 0, 1, 1))], dtype=object),
        field_data=[np.array(["1"], dtype=object)],
        fields=["nis"],
        layer="another",
        driver="GPKG",
        geometry_type="Polygon",
        crs="EPSG:31370",
        append=True,
    )
    assert told(folder) == [("error", "unreadable_file", "geometries", None, None, None)]


# The descriptor.

DAMAGED = {
    "empty": "",
    "no JSON": "{",
    "a list": "[]",
    "a number": "1",
    "null": "null",
    "own part is a list": '{"samenspel": []}',
    "own part is null": '{"samenspel": null}',
    "no date": '{"samenspel": {"date": "1-1-2025"}}',
    "date is a number": '{"samenspel": {"date": 2025}}',
    "resources is a number": '{"resources": 1}',
    "resource is text": '{"resources": ["a"]}',
    "resource without name": '{"resources": [{"schema": {"fields": []}}]}',
    "schema is null": '{"resources": [{"name": "flows", "schema": null}]}',
    "field without name": '{"resources": [{"name": "flows", "schema": {"fields": [{}]}}]}',
    "type is a list": '{"resources": [{"name": "f", "schema": {"fields": '
    '[{"name": "a", "type": []}]}}]}',
    "very deep": "[" * 100_000,
}  # fmt: skip


@pytest.mark.parametrize("text", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_descriptor(folder: Path, text: str) -> None:
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    message = refusal(folder)
    assert "datapackage.json" in message
    assert "mend it or remove it" in message


def test_a_descriptor_that_is_not_text_or_no_file(folder: Path) -> None:
    (folder / "datapackage.json").write_bytes(b'{"title": "\xff"}')
    assert "datapackage.json" in refusal(folder)
    (folder / "datapackage.json").unlink()
    (folder / "datapackage.json").mkdir()
    assert "datapackage.json" in refusal(folder)


def test_a_descriptor_of_others(folder: Path) -> None:
    (folder / "datapackage.json").write_text('{"title": "Land", "x": 1}', encoding="utf-8")
    raw = package.read_raw(folder)
    assert (raw.about, raw.date, raw.kind) == (About("Land"), None, "landscape")


def test_what_a_descriptor_leaves_empty_is_empty(folder: Path) -> None:
    empty = {"title": None, "samenspel": {"territory": None, "date": None, "kind": None}}
    (folder / "datapackage.json").write_text(json.dumps(empty), encoding="utf-8")
    raw = package.read_raw(folder)
    assert (raw.about, raw.date, raw.kind) == (About(), None, "landscape")


# Places that must not be overwritten.


def refused(folder: Path, *, replace: bool) -> str:
    before = {p: p.read_bytes() if p.is_file() else b"" for p in folder.parent.rglob("*")}
    with pytest.raises(InputError) as caught:
        package.write(SMALL, folder, replace=replace)
    after = {p: p.read_bytes() if p.is_file() else b"" for p in folder.parent.rglob("*")}
    assert before == after
    return str(caught.value)


@pytest.mark.parametrize("replace", [False, True])
def test_a_file_is_not_overwritten(tmp_path: Path, replace: bool) -> None:
    (tmp_path / "x").write_text("mine", encoding="utf-8")
    assert "is a file" in refused(tmp_path / "x", replace=replace)


@pytest.mark.parametrize("replace", [False, True])
@pytest.mark.parametrize(
    "names",
    [
        ["letter.txt"],
        ["municipalities.csv"],
        ["datapackage.json", "municipalities.csv", "letter.txt"],
        ["datapackage.json", ".git"],
        ["datapackage.json", "flows.parquet"],
    ],
)
def test_a_folder_with_anything_else_is_not_overwritten(
    tmp_path: Path, names: list[str], replace: bool
) -> None:
    (tmp_path / "x").mkdir()
    for name in names:
        (tmp_path / "x" / name).write_text("mine", encoding="utf-8")
    assert "is not empty" in refused(tmp_path / "x", replace=replace)


def test_an_earlier_landscape_is_replaced_only_when_asked(tmp_path: Path) -> None:
    package.write(example(), tmp_path / "x")
    assert "is not empty" in refused(tmp_path / "x", replace=False)
    package.write(SMALL, tmp_path / "x", replace=True)
    assert {p.name for p in (tmp_path / "x").iterdir()} == {
        "datapackage.json",
        "municipalities.csv",
    }
    assert [p.name for p in tmp_path.iterdir()] == ["x"]


@pytest.mark.parametrize("replace", [False, True])
def test_new_empty_and_nested_folders_can_be_written(tmp_path: Path, replace: bool) -> None:
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "new", tmp_path / "empty", tmp_path / "a" / "b" / "c"):
        package.write(SMALL, folder, replace=replace)
        assert (folder / "municipalities.csv").exists()


def test_below_a_file_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("mine", encoding="utf-8")
    assert "cannot be written" in refused(tmp_path / "x" / "y", replace=False)
