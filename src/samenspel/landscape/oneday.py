"""A merger of municipalities on the day of a landscape, carried over as recoding does it.

A landscape is one day of a chronicle: its rows are opened as if they had held before, recoded with
one step of lineage, and closed again to what holds on that day. Costs O(rows).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date as Date
from typing import Any

import polars as pl

from samenspel.landscape import tables
from samenspel.landscape.areas import points_inside
from samenspel.landscape.chronicle import DATED
from samenspel.landscape.findings import Finding
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.recode import at_date
from samenspel.landscape.turn import holding, parts_of, turned
from samenspel.landscape.unknown import whole_sum

STARTED = "#started"  # when a row that is opened began, as the landscape has it
COUNTED = {"figures": ("nis",), "flows": ("from", "to")}
STEP = ("kind", "old", "new", "date", "operation")


def merged(
    landscape: Landscape, parts: Sequence[str], nis: str, facts: Mapping[str, Any]
) -> tuple[Landscape, tuple[Finding, ...]]:
    """``landscape`` in which the municipalities ``parts`` are one with code ``nis``, and what a
    reader must know (merged memberships, members lost, zone conflicts).

    ``facts``: cells of its row in ``municipalities``; ``name`` is needed where ``nis`` is none of
    the parts. Inhabitants and area are added up, a point inside follows from its land, the region
    is kept where the parts agree; what else is not stated is unknown. The lineage gets a row for
    every part. Raises InputError where a new municipality has no name.
    """
    day = landscape.date
    steps = pl.DataFrame(
        [("municipality", part, nis, day, "merger") for part in parts], schema=STEP, orient="row"
    )
    lineage = pl.concat([landscape.table("lineage"), steps], how="diagonal").unique(
        tables.BY_NAME["lineage"].key, keep="first", maintain_order=True
    )
    frames = {
        name: opened(frame, day)
        for name, frame in {**landscape.frames, "lineage": lineage}.items()
        if name not in COUNTED
    }
    frames["municipalities"] = pl.concat(
        [frames["municipalities"], stated_row(landscape, nis, facts)], how="diagonal"
    )
    recoded, findings = at_date(frames, day, opened(lineage, day).join(steps, on=STEP, how="semi"))
    frames = {name: closed(name, frame, day) for name, frame in recoded.items()}
    became = dict.fromkeys(parts, nis)
    for name in COUNTED:
        if landscape.knows(name):
            frames[name] = counted(landscape, name, became)
    if landscape.knows("geometries"):
        frames["municipalities"] = with_point(frames["municipalities"], frames["geometries"], nis)
    return landscape.with_tables(**frames), tuple(findings)


def stated_row(landscape: Landscape, nis: str, facts: Mapping[str, Any]) -> pl.DataFrame:
    """The row of the merged municipality as far as it is stated. Its name is, where none is stated,
    that of the part with its code; there is no row without a name."""
    towns = landscape.table("municipalities")
    stated = {column: value for column, value in facts.items() if value is not None}
    kept = towns.filter(pl.col("nis") == nis)["name"].to_list()
    if "name" not in stated and kept:
        stated["name"] = kept[0]
    if "name" not in stated:
        return towns.clear()
    row = {"nis": nis, **stated, "valid_from": landscape.date}
    return pl.DataFrame([row], schema={column: towns.schema[column] for column in row})


def opened(frame: pl.DataFrame, day: Date) -> pl.DataFrame:
    """Rows of a landscape of ``day`` as rows of a chronicle that held before that day too."""
    dated = frame.with_columns(
        pl.lit(None, dtype).alias(name)
        for name, dtype in DATED.items()
        if name not in frame.columns
    )
    return dated.with_columns(
        valid_from=pl.when(pl.col("valid_from") < day).then("valid_from"),
        **{STARTED: pl.col("valid_from")},
    )


def closed(name: str, frame: pl.DataFrame, day: Date) -> pl.DataFrame:
    """What holds on ``day`` of rows that ``opened`` opened, as rows of a landscape."""
    rows = holding(frame, day)
    new = (pl.col("valid_from") == day).fill_null(value=False)
    if STARTED in rows.columns:
        rows = rows.with_columns(valid_from=pl.when(new).then("valid_from").otherwise(STARTED))
    dated = tables.BY_NAME[name].dated
    return rows.drop(STARTED, *(tables.RECORDED if dated else DATED), strict=False)


def rekeyed(
    landscape: Landscape,
    name: str,
    codes: Mapping[str, Mapping[str, str]],
    combine: Mapping[str, Callable[[pl.Expr], pl.Expr]],
    touched: pl.Expr | None = None,
) -> pl.DataFrame:
    """Table ``name`` with other codes from the day of the landscape on, as ``turned`` says: rows
    that then have one key are one."""
    key = list(tables.BY_NAME[name].key)
    day = landscape.date
    rows = opened(landscape.table(name), day)
    return closed(name, turned(rows, day, codes, key, combine, touched), day)


def counted(landscape: Landscape, name: str, became: Mapping[str, str]) -> pl.DataFrame:
    """Figures or flows after the merger, on the map of the year of the landscape.

    Rows of the map as it was on that day go over to it, those of an older map stay as they are, and
    those that name no map are taken to be of the day. Of the parts, figures that do not add up end.
    """
    columns, key = COUNTED[name], list(tables.BY_NAME[name].key)
    frame = landscape.table(name)
    present = on_the_map(landscape, frame, columns)
    frame, present = restamped(frame, present, landscape.date.year, key)
    touched = present & frame.select(one_of(columns, list(became))).to_series()
    given = frame.select(one_of(columns, list(set(became.values())))).to_series() & ~touched
    parts = frame.filter(touched)
    if name == "figures":
        parts = parts.filter(pl.col("additive").fill_null(value=False))
    rows = opened(pl.concat([parts, frame.filter(given)]), landscape.date)
    whole = turned(
        rows,
        landscape.date,
        dict.fromkeys(columns, became),
        key,
        {"value" if name == "figures" else "count": whole_sum},
        touched=pl.int_range(pl.len()) < parts.height,
        parts=parts_of(became) if name == "figures" else None,
    )
    return pl.concat([frame.filter(~touched & ~given), closed(name, whole, landscape.date)])


def one_of(columns: Sequence[str], codes: Sequence[str]) -> pl.Expr:
    return pl.any_horizontal(pl.col(column).is_in(codes) for column in columns).fill_null(False)


def on_the_map(landscape: Landscape, frame: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """Which rows of ``frame`` are on the map of the day: the lineage has no change of their codes
    after the year of their map, and that is no year to come."""
    steps = landscape.table("lineage").filter(
        pl.col("kind") == "municipality", pl.col("date") <= landscape.date
    )
    changed: dict[str, int] = {}
    for old, new, day in steps.select("old", "new", "date").iter_rows():
        for code in (old, new):
            changed[code] = max(day.year, changed.get(code, 0))
    after = (
        pl.col("map_year") >= pl.col(c).replace_strict(changed, default=0, return_dtype=pl.Int64)
        for c in columns
    )
    on_it = (pl.col("map_year") <= landscape.date.year) & pl.all_horizontal(after)
    return frame.select(present=on_it.fill_null(value=True))["present"]


def restamped(
    frame: pl.DataFrame, present: pl.Series, year: int, key: Sequence[str]
) -> tuple[pl.DataFrame, pl.Series]:
    """``frame`` with ``year`` as the year of the map of the rows ``present``, and which are so
    after all: of rows that would then have one key that of the latest map is."""
    moves = present & (frame["map_year"] != year).fill_null(value=False)
    if not moves.any():
        return frame, present
    stamp = pl.when(moves).then(pl.lit(year, pl.Int64)).otherwise("map_year")
    if frame["map_year"].filter(present).n_unique() == 1:  # the usual case, and quicker
        return frame.with_columns(map_year=stamp), present
    latest = frame.with_columns(map_year=stamp, own=pl.col("map_year")).select(
        (pl.col("own") == pl.col("own").max().over(key)).fill_null(value=True)
    )
    present = present & latest.to_series()
    return frame.with_columns(
        map_year=pl.when(moves & present).then(pl.lit(year, pl.Int64)).otherwise("map_year")
    ), present


def with_point(towns: pl.DataFrame, areas: pl.DataFrame, nis: str) -> pl.DataFrame:
    """``towns`` with a point inside the land of ``nis``, where its area is known and no point is
    stated."""
    land = areas.filter(pl.col("nis") == nis).drop_nulls("geometry")
    if land.is_empty():
        return towns
    _nis, x, y = points_inside(land).row(0)
    bare = (pl.col("nis") == nis) & pl.col("x").is_null() & pl.col("y").is_null()
    return towns.with_columns(
        x=pl.when(bare).then(x).otherwise("x"), y=pl.when(bare).then(y).otherwise("y")
    )
