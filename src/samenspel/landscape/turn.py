"""Ending the rows on old codes and starting those on new ones, in any table."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date as Date

import polars as pl

from samenspel.landscape import tables
from samenspel.landscape.chronicle import holds
from samenspel.landscape.unknown import whole_sum


def before_and_after(day: Date) -> pl.Expr:
    """Rows on record that hold on the day before ``day`` and, unless ended, on ``day``."""
    started = pl.col("valid_from").is_null() | (pl.col("valid_from") < day)
    goes_on = pl.col("valid_to").is_null() | (pl.col("valid_to") > day)
    return started & goes_on & pl.col("recorded_to").is_null()


def holding(frame: pl.DataFrame, day: Date) -> pl.DataFrame:
    """The rows on record that hold on ``day``."""
    return frame.filter(
        holds("valid_from", "valid_to", pl.lit(day)), pl.col("recorded_to").is_null()
    )


def turned(
    frame: pl.DataFrame,
    day: Date,
    codes: Mapping[str, Mapping[str, str]],
    key: list[str],
    combine: Mapping[str, Callable[[pl.Expr], pl.Expr]] | None = None,
    touched: pl.Expr | None = None,
    then: Callable[[pl.DataFrame], pl.DataFrame] = lambda rows: rows,
) -> pl.DataFrame:
    """``frame`` with the rows that a merger touches ended on ``day`` and their successors started.

    ``codes``: for each column what its codes became. Rows on an old code that start on ``day`` or
    later get the new code. ``then`` is done to the rows with new codes. Successors with the same
    ``key`` become one row: columns in ``combine`` by their rule, others the first known value; a
    row that the frame itself gives for that key on ``day`` goes before a successor. ``touched``
    says which rows a merger touches where that is more than those with a code that changed.
    """
    if touched is None:
        touched = pl.any_horizontal(pl.col(c).is_in(list(became)) for c, became in codes.items())
    changed = pl.any_horizontal(
        pl.col(c).is_in([old for old, new in became.items() if old != new])
        for c, became in codes.items()
    ).fill_null(value=False)
    starts_later = ((pl.col("valid_from") >= day) & pl.col("recorded_to").is_null()).fill_null(
        value=False
    )
    ends = before_and_after(day) & touched.fill_null(value=False)
    moves = frame.select(ends | (starts_later & changed)).to_series()
    if not moves.any():
        return frame
    ending, rest = frame.filter(ends), frame.filter(~moves)
    renamed = then(
        frame.filter(moves).with_columns(
            *(pl.col(column).replace(dict(became)) for column, became in codes.items()),
            valid_from=pl.when(starts_later).then("valid_from").otherwise(pl.lit(day)),
        )
    )
    rules = dict(combine or {})
    never = pl.lit(None, pl.Datetime("us", "UTC"))
    open_end = pl.col("valid_to").null_count() > 0
    own = {
        "valid_to": pl.when(~open_end).then(pl.col("valid_to").max()),
        "recorded_from": never,
        "recorded_to": never,
    }
    successors = renamed.group_by(*key, "valid_from", maintain_order=True).agg(
        (
            own[column]
            if column in own
            else rules[column](pl.col(column))
            if column in rules
            else pl.col(column).drop_nulls().first()
        ).alias(column)
        for column in frame.columns
        if column not in (*key, "valid_from")
    )
    given = holding(rest, day).select(key)
    at_once = successors.filter(pl.col("valid_from") == day).join(
        given, on=key, how="anti", nulls_equal=True
    )
    there = pl.concat([given, at_once.select(key)])
    later = successors.filter(pl.col("valid_from") > day).join(
        there, on=key, how="anti", nulls_equal=True
    )
    ended = ending.with_columns(valid_to=pl.lit(day))
    parts = [rest, ended, at_once.select(frame.columns), later.select(frame.columns)]
    return pl.concat(parts)


def united(shapes: pl.Expr) -> pl.Expr:
    """Union of areas in WKB."""

    def union(parts: pl.Series) -> bytes:
        import shapely

        whole = shapely.union_all(shapely.from_wkb(parts.to_list()))
        return bytes(shapely.to_wkb(whole))

    whole = shapes.implode().map_elements(union, return_dtype=pl.Binary)
    return pl.when(shapes.null_count() == 0).then(whole).first()


def in_order(borders: pl.DataFrame) -> pl.DataFrame:
    """Borders with each pair in code order; those within one municipality have vanished."""
    a, b = pl.min_horizontal("nis_a", "nis_b"), pl.max_horizontal("nis_a", "nis_b")
    outside = pl.col("nis_b").is_null()
    return borders.filter(pl.col("nis_a").ne_missing(pl.col("nis_b"))).with_columns(
        nis_a=a, nis_b=pl.when(~outside).then(b)
    )


def counted(
    name: str, frame: pl.DataFrame, day: Date, codes: Mapping[str, Mapping[str, str]]
) -> pl.DataFrame:
    """Figures or flows on older maps, expressed on the map of ``day``.

    Every row goes over, so that one map year holds the whole country; figures that do not add up
    go over only where their municipality did not merge.
    """
    older = (pl.col("map_year") < day.year).fill_null(value=False)
    goes = pl.lit(value=True)
    value = "count"
    if name == "figures":
        value = "value"
        became = codes["nis"]
        parts = Counter(became.values())
        merging = [old for old, new in became.items() if parts[new] > 1]
        goes = pl.col("additive").fill_null(value=False) | ~pl.col("nis").is_in(merging)
    stays = older & ~goes & before_and_after(day)
    if not frame.select(older.any()).item():
        return frame
    return turned(
        frame.with_columns(valid_to=pl.when(stays).then(pl.lit(day)).otherwise("valid_to")),
        day,
        codes,
        list(tables.BY_NAME[name].key),
        {value: whole_sum},
        touched=older & goes,
        then=lambda rows: rows.with_columns(map_year=pl.lit(day.year, pl.Int64)),
    )
