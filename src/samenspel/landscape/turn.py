"""Ending the rows on old codes and starting those on new ones, in any table."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date as Date

import polars as pl

from samenspel.landscape import tables
from samenspel.landscape.chronicle import holds
from samenspel.landscape.unknown import agreed, whole_sum


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
    parts: pl.Expr | None = None,
) -> pl.DataFrame:
    """``frame`` with the rows that a merger touches ended on ``day`` and their successors started.

    ``codes``: for each column what its codes became. Rows on an old code that start on ``day`` or
    later get the new code. ``then`` is done to the rows with new codes. Rows of the same ``key``
    become one for each period in which they hold together: columns in ``combine`` by their rule,
    others the first known value, ``confirmed_by`` only where all agree. A row that the frame gives
    for that key goes before them while it holds. ``touched`` says which rows a merger touches where
    that is more than those with a code that changed; ``parts`` how many rows make a whole, where
    fewer make ``combine`` unknown.
    """
    if touched is None:
        touched = pl.any_horizontal(pl.col(c).is_in(list(became)) for c, became in codes.items())
    changed = pl.any_horizontal(
        pl.col(c).is_in([old for old, new in became.items() if old != new])
        for c, became in codes.items()
    ).fill_null(value=False)
    later = ((pl.col("valid_from") >= day) & pl.col("recorded_to").is_null()).fill_null(value=False)
    ends = before_and_after(day) & touched.fill_null(value=False)
    moves = frame.select(ends | (later & changed)).to_series()
    if not moves.any():
        return frame
    moving, rest = frame.filter(moves), frame.filter(~moves)
    ended = frame.filter(ends).with_columns(valid_to=pl.lit(day))
    renamed = then(
        moving.with_columns(
            *(pl.col(column).replace(dict(became)) for column, became in codes.items()),
            valid_from=pl.when(later).then("valid_from").otherwise(pl.lit(day)),
        )
    )
    goes_on = pl.col("valid_to").is_null() | (pl.col("valid_to") > day)
    given = rest.filter(goes_on & pl.col("recorded_to").is_null())
    given = given.join(renamed.select(key).unique(), on=key, how="semi", nulls_equal=True)
    rules = {"confirmed_by": agreed, **(combine or {})}
    held = pieces(renamed, given, key, day)
    successors = held.group_by(*key, "#from", "#until", maintain_order=True).agg(
        *(
            rules[column](pl.col(column)).alias(column)
            if column in rules
            else pl.col(column).drop_nulls().first()
            for column in frame.columns
            if column not in (*key, *tables.VALIDITY, *tables.RECORDED)
        ),
        **{"#": pl.len()},
    )
    if parts is not None:
        enough = pl.col("#") >= parts
        successors = successors.with_columns(
            pl.when(enough).then(pl.col(column)).alias(column) for column in rules
        )
    moment = pl.lit(None, tables.RECORDED["recorded_to"])
    dated = successors.with_columns(
        valid_from="#from", valid_to="#until", recorded_from=moment, recorded_to=moment
    )
    return pl.concat([rest, ended, dated.select(frame.columns)])


def pieces(rows: pl.DataFrame, given: pl.DataFrame, key: list[str], day: Date) -> pl.DataFrame:
    """``rows`` cut at every day on which a row of the same ``key`` starts or ends, as ``#from`` and
    ``#until``, without the pieces in which one of ``given`` holds."""
    if (
        not given.height
        and rows.select((pl.col("valid_from") == day).all()).item()
        and (rows["valid_to"].null_count() == rows.height)
    ):
        return rows.rename({"valid_from": "#from", "valid_to": "#until"})
    both = pl.concat(
        [
            rows.select(*key, **{"#from": "valid_from", "#until": "valid_to"}),
            given.select(
                *key,
                pl.max_horizontal(pl.col("valid_from").fill_null(day), pl.lit(day)).alias("#from"),
                pl.col("valid_to").alias("#until"),
            ),
        ]
    )
    cuts = (
        pl.concat(
            [both.select(*key, cut="#from"), both.select(*key, cut="#until").drop_nulls("cut")]
        )
        .unique()
        .sort(*key, "cut")
        .with_columns(until=pl.col("cut").shift(-1).over(key))
    )
    holding_then = (pl.col("valid_from").fill_null(day) <= pl.col("cut")) & (
        pl.col("valid_to").is_null() | (pl.col("valid_to") > pl.col("cut"))
    )
    taken = given.join(cuts, on=key, nulls_equal=True).filter(holding_then).select(*key, "cut")
    return (
        rows.join(cuts, on=key, nulls_equal=True, maintain_order="left")
        .filter(holding_then)
        .join(taken, on=[*key, "cut"], how="anti", nulls_equal=True, maintain_order="left")
        .drop("valid_from", "valid_to")
        .rename({"cut": "#from", "until": "#until"})
    )


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


def parts_of(became: Mapping[str, str]) -> pl.Expr:
    """How many old codes became the code in ``nis``."""
    counts = Counter(became.values())
    return pl.col("nis").replace_strict(dict(counts), default=1, return_dtype=pl.Int64)


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
        parts=parts_of(codes["nis"]) if name == "figures" else None,
        then=lambda rows: rows.with_columns(map_year=pl.lit(day.year, pl.Int64)),
    )
