"""Small invented chronicles of municipalities that merge, for the tests of recoding."""

from datetime import date
from typing import Any

import polars as pl

from samenspel.landscape import tables
from samenspel.landscape.chronicle import DATED, Chronicle
from samenspel.landscape.landscape import Landscape

FIRST, SECOND = date(2019, 1, 1), date(2025, 1, 1)
OLD = "ABCDE"
Row = dict[str, Any]
Became = dict[str, str]


def frame(table: str, rows: list[Row]) -> pl.DataFrame:
    contract = tables.BY_NAME[table]
    own = {name: dtype for name, dtype in DATED.items() if name not in contract.schema}
    return pl.DataFrame(rows, schema={**contract.schema, **own}, orient="row")


def chronicle(steps: dict[date, Became], **given: list[Row]) -> Chronicle:
    """Municipalities A to E, a row for each new code, and the tables given."""
    lineage = [
        {"kind": "municipality", "old": old, "new": new, "date": day, "operation": "merger"}
        for day, became in steps.items()
        for old, new in became.items()
    ]
    lands = [{"nis": c, "name": f"{c}egem", "population": 1, "area_km2": 1.0} for c in OLD]
    for day, became in steps.items():
        fresh = sorted(set(became.values()) - set(became))
        lands += [{"nis": c, "name": f"{c}gem", "valid_from": day} for c in fresh]
    # Dated, so that a code that stays has a period to end.
    lands = [{"valid_from": date(1977, 1, 1), **row} for row in lands]
    whole = {"municipalities": lands, "lineage": lineage, **given}
    return Chronicle({name: frame(name, rows) for name, rows in whole.items()})


def rows_at(picture: Chronicle, table: str, day: date = SECOND) -> list[Row]:
    return picture.at(day).table(table).to_dicts()


def same_but_for_ends(left: Landscape, right: Landscape) -> bool:
    """Whether two pictures of one day are equal, apart from ends that lie in its future."""
    for picture in (left, right):
        for found in picture.frames.values():
            if "valid_to" in found.columns:
                assert (found["valid_to"].drop_nulls() > picture.date).all()
    bare = [
        Landscape(
            picture.date,
            {n: f.with_columns(valid_to=None) if "valid_to" in f.columns else f
             for n, f in picture.frames.items()},
            picture.about,
        )
        for picture in (left, right)
    ]  # fmt: skip
    return bare[0].equals(bare[1])


def figure(nis: str, value: float | None, **more: Any) -> Row:
    row = {"nis": nis, "key": "k", "year": 2020, "map_year": 2018, "additive": True}
    return {**row, "value": value, **more}


def flow(start: str | None, end: str | None, count: int | None, **more: Any) -> Row:
    row = {"kind": "commuting", "year": 2017, "map_year": 2018}
    return {**row, "from": start, "to": end, "count": count, **more}
