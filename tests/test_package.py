"""Writing a landscape as a folder and reading it back: nothing is lost, nothing is guessed."""

import json
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samenspel.errors import InputError
from samenspel.landscape import package, tables
from samenspel.landscape.chronicle import Chronicle
from samenspel.landscape.csvfile import ROW
from samenspel.landscape.example import example, example_chronicle
from samenspel.landscape.landscape import About, Landscape
from samenspel.landscape.recode import recode

DAY = date(2025, 1, 1)
# A value of each type of column that the project knows; empty text means unknown.
NASTY = ["007", " 1", "1 ", "NULL", "NaN", "nan", "null", "None", "NA", "true", "1e3", "-0"]
NASTY += ["2025-01-01", "2025-01-01T00:00:00Z", 'a"b', '"', '""', "a,b", ",", "a\nb", "\n", "\r"]
NASTY += ["a\rb", "a\r\nb", "\r\n", "#x", "=1+1", "'", ";", "\t", "\\", "\\n", "\ufeff", "é€𝄞", " "]
texts = st.sampled_from(NASTY) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=8
)
VALUES: dict[tables.Type, st.SearchStrategy[Any]] = {
    "text": texts,
    "integer": st.integers(-(2**63), 2**63 - 1),
    "number": st.floats(allow_nan=False, allow_infinity=False),
    "boolean": st.booleans(),
    "date": st.dates(),
    "datetime": st.datetimes(timezones=st.just(UTC)),
}
quick = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)


def read(folder: Path) -> Landscape | Chronicle:
    raw = package.read_raw(folder)
    assert [str(finding) for finding in raw.findings] == []
    frames = {name: frame.drop(ROW) for name, frame in raw.frames.items()}
    if raw.kind == "chronicle":
        assert raw.date is None
        return Chronicle(frames, raw.about)
    assert raw.kind == "landscape"
    assert raw.date is not None
    return Landscape(raw.date, frames, raw.about)


def assert_survives(picture: Any) -> None:
    with tempfile.TemporaryDirectory() as place:
        package.write(picture, Path(place) / "it")
        found: Any = read(Path(place) / "it")
        assert found.frames.keys() == picture.frames.keys()
        for name, frame in picture.frames.items():
            assert found.frames[name].schema == frame.select(found.frames[name].columns).schema
            assert found.frames[name].height == frame.height
        assert found.equals(picture)


@st.composite
def frames(draw: st.DrawFn, dated: bool = False) -> dict[str, pl.DataFrame]:
    """Some tables with any values of the right type, columns of their own and no rows at times."""
    found = {}
    for table in tables.TABLES:
        land = table.name == "municipalities"
        if table.name == "geometries" or not (land or draw(st.booleans())):
            continue
        types: dict[str, tables.Type] = {c.name: c.type for c in table.columns}
        if dated:
            types = tables.column_types(table)
        elif table.dated:
            types |= {"valid_from": "date", "valid_to": "date"}
        own = draw(st.lists(st.sampled_from(list(VALUES)), max_size=2))
        types |= {f"own column {i}": type_ for i, type_ in enumerate(own)}
        height = draw(st.integers(1 if land else 0, 3))
        columns = {}
        for name, type_ in types.items():
            values = st.none() | VALUES[type_]
            drawn = draw(st.lists(values, min_size=height, max_size=height))
            if name in table.key:
                drawn = [f"{i}" for i in range(height)] if type_ == "text" else drawn
            columns[name] = pl.Series(name, drawn, tables.POLARS[type_])
        found[table.name] = pl.DataFrame(columns)
    return found


abouts = st.builds(About, st.text(max_size=9), st.text(max_size=9), st.booleans())


@quick
@given(frames(), st.dates(), abouts)
def test_a_landscape_survives(found: dict[str, pl.DataFrame], day: date, about: About) -> None:
    assert_survives(Landscape(day, found, about))


@quick
@given(frames(dated=True), abouts)
def test_a_chronicle_survives(found: dict[str, pl.DataFrame], about: About) -> None:
    assert_survives(Chronicle(found, about))


def land(**columns: Any) -> Landscape:
    frame = pl.DataFrame({"nis": ["1", "2"], "name": ["Voorbeeldegem", None], **columns})
    return Landscape(DAY, {"municipalities": frame})


@settings(max_examples=200, deadline=None)
@given(st.lists(st.none() | texts, min_size=2, max_size=2))
def test_text_survives(names: list[str | None]) -> None:
    assert_survives(land(region=names))


@settings(deadline=None)
@given(st.lists(st.none() | VALUES["number"], min_size=2, max_size=2))
def test_numbers_survive_to_the_last_bit(values: list[float | None]) -> None:
    picture = land(x=pl.Series(values, dtype=pl.Float64))
    with tempfile.TemporaryDirectory() as place:
        package.write(picture, Path(place) / "it")
        found: Any = read(Path(place) / "it")
    assert [repr(v) for v in found.table("municipalities")["x"]] == [repr(v) for v in values]


def test_text_with_a_zero_byte_survives_or_is_refused_in_writing(tmp_path: Path) -> None:
    try:
        package.write(land(region=["a\0b", None]), tmp_path / "it")
    except InputError:
        assert list(tmp_path.iterdir()) == []
    else:
        assert read(tmp_path / "it").equals(land(region=["a\0b", None]))  # type: ignore[arg-type]


def test_a_long_text_with_a_quote_survives() -> None:
    assert_survives(land(region=['"' + "x" * 200_000, None]))


@pytest.mark.parametrize(
    "values",
    [
        pl.Series([3, None], dtype=pl.Int64),
        pl.Series([0.1, None], dtype=pl.Float64),
        pl.Series([True, None]),
        pl.Series([date(1, 1, 1), None]),
        pl.Series([datetime(2020, 1, 1, tzinfo=UTC), None], dtype=pl.Datetime("us", "UTC")),
        pl.Series(["007", None]),
        pl.Series([None, None], dtype=pl.Date),
        pl.Series([3, None], dtype=pl.Int32),
        pl.Series([0.5, None], dtype=pl.Float32),
        pl.Series([float("nan"), 1.0]),
        pl.Series([float("inf"), 1.0]),
        pl.Series(["", "x"]),
        pl.Series([datetime(2020, 1, 1), None]),  # noqa: DTZ001
        pl.Series([None, None], dtype=pl.Null),
        pl.Series([[1], None]),
        pl.Series([b"x", None]),
    ],
    ids=lambda values: str(values.to_list()),
)
def test_a_column_of_ones_own_survives_or_is_refused_in_writing(
    values: pl.Series, tmp_path: Path
) -> None:
    try:
        picture = land(own=values)
        package.write(picture, tmp_path / "it")
    except InputError:
        assert list(tmp_path.iterdir()) == []
        return
    assert read(tmp_path / "it").equals(picture)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [" e ", "", "_row", 'a,"b'])
def test_a_column_name_of_ones_own_survives_or_is_refused(name: str, tmp_path: Path) -> None:
    try:
        picture = land(**{name: ["a", "b"]})
        package.write(picture, tmp_path / "it")
    except InputError:
        assert list(tmp_path.iterdir()) == []
        return
    assert read(tmp_path / "it").equals(picture)  # type: ignore[arg-type]


# Geometries.

boxes = st.tuples(*[st.integers(0, 300_000)] * 2, *[st.integers(1, 999)] * 2).map(
    lambda b: shapely.to_wkb(shapely.box(b[0], b[1], b[0] + b[2], b[1] + b[3]))
)


@quick
@given(st.lists(st.none() | boxes, min_size=0, max_size=2), st.none() | texts, st.booleans())
def test_geometries_survive(shapes: list[bytes | None], source: str | None, none: bool) -> None:
    frame = pl.DataFrame(
        {
            "nis": ["1", "2"][: len(shapes)],
            "geometry": [None] * len(shapes) if none else shapes,
            "source": [source] * len(shapes),
        },
        schema={"nis": pl.String, "geometry": pl.Binary, "source": pl.String},
    )
    assert_survives(land().with_tables(geometries=frame))


@pytest.mark.parametrize(
    "shape",
    [
        "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))",
        "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 2 1, 2 2, 1 1))",
        "POLYGON ((0.1 0.2, 1.3 0, 1 1.7, 0.1 0.2))",
        "POLYGON EMPTY",
    ],
)
def test_shapes_survive(shape: str) -> None:
    wkb = shapely.to_wkb(shapely.from_wkt(shape))
    assert_survives(land().with_tables(geometries=pl.DataFrame({"nis": ["1"], "geometry": [wkb]})))


@pytest.mark.parametrize(
    "values",
    [[1], [0.5], [True], [date(2020, 1, 1)], [datetime(2020, 1, 1, tzinfo=UTC)]],
    ids=lambda values: type(values[0]).__name__,
)
def test_columns_beside_geometries_survive(values: list[Any]) -> None:
    frame = example().table("geometries").head(1)
    assert_survives(land().with_tables(geometries=frame.with_columns(own=pl.Series(values))))


def test_a_chronicle_with_dated_geometries_survives() -> None:
    assert_survives(recode(example_chronicle())[0])


def test_geometries_on_record_survive() -> None:
    moment = datetime(2020, 1, 1, 1, 2, 3, 456789, tzinfo=UTC)
    found = example_chronicle().frames
    dated = found["geometries"].with_columns(recorded_from=moment, recorded_to=None)
    assert_survives(Chronicle({**found, "geometries": dated}))


# The example whole, absent and empty tables.


def test_the_example_survives() -> None:
    assert_survives(example())
    assert_survives(example_chronicle())


def test_absent_tables_stay_absent_and_empty_ones_empty(tmp_path: Path) -> None:
    empty = {table.name: pl.DataFrame(schema=table.schema) for table in tables.TABLES[1::2]}
    picture = land().with_tables(**empty)
    assert_survives(picture)
    package.write(picture, tmp_path / "it")
    found = read(tmp_path / "it")
    assert "lineage" in found.frames
    assert "geometries" not in found.frames


def test_equal_landscapes_are_written_as_equal_bytes(tmp_path: Path) -> None:
    picture = example()
    reversed_ = Landscape(
        picture.date,
        {name: frame.reverse() for name, frame in reversed(picture.frames.items())},
        picture.about,
    )
    package.write(picture, tmp_path / "a")
    package.write(reversed_, tmp_path / "b")
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "b").iterdir())
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


def test_the_descriptor_lists_each_file_and_its_columns(tmp_path: Path) -> None:
    package.write(example(), tmp_path)
    data = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    files = {path.name for path in tmp_path.iterdir()} - {"datapackage.json"}
    assert sorted(resource["path"] for resource in data["resources"]) == sorted(files)
    assert data["samenspel"] == {
        "kind": "landscape",
        "date": "2025-01-01",
        "territory": "Voorbeeldstreek",
        "fictional": True,
    }
    for resource in data["resources"]:
        if resource["path"].endswith(".csv"):
            header = (tmp_path / resource["path"]).read_text(encoding="utf-8").splitlines()[0]
            fields = resource["schema"]["fields"]
            assert header.split(",") == [column["name"] for column in fields]
            table = tables.BY_NAME[resource["name"]]
            for column in fields:
                known = table.column(column["name"])
                if known:
                    assert column["description"] == known.meaning
                    enum = column.get("constraints", {}).get("enum", [])
                    assert tuple(enum) == known.codes
