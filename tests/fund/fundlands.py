"""Small invented landscapes and rules for the tests of the fund."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from samenspel.fund.distribution import Distribution, distribute, prepare
from samenspel.fund.reading import Rules, rules_of
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.oneday import merged

DAY = date(2025, 6, 1)


def land(
    population: Sequence[int | None],
    area: Sequence[float | None] | None = None,
    levels: Sequence[str | None] | None = None,
    figures: Mapping[str, Mapping[int, Sequence[float | None]]] | None = None,
    **more: pl.DataFrame,
) -> Landscape:
    """Municipalities 001, 002, ... called A, B, ...; ``figures``: key to year to values."""
    count = len(population)
    codes = [f"{i + 1:03d}" for i in range(count)]
    towns = pl.DataFrame(
        {
            "nis": codes,
            "name": [chr(65 + i) for i in range(count)],
            "population": population,
            "area_km2": area or [1.0] * count,
            "equipment_level": levels or [None] * count,
        },
        schema_overrides={"equipment_level": pl.String, "area_km2": pl.Float64},
    )
    rows = [
        (code, key, year, 2019, value, True)
        for key, years in (figures or {}).items()
        for year, values in years.items()
        for code, value in zip(codes, values, strict=True)
    ]
    schema = ["nis", "key", "year", "map_year", "value", "additive"]
    table = pl.DataFrame(rows, schema=schema, orient="row") if rows else None
    frames = {"municipalities": towns, **more} | ({} if table is None else {"figures": table})
    return Landscape(DAY, frames)


def together(landscape: Landscape, parts: Sequence[str], nis: str, **facts: Any) -> Landscape:
    """``landscape`` in which ``parts`` are one municipality."""
    return merged(landscape, parts, nis, facts)[0]


def rules(blocks: Mapping[str, Any], **more: Any) -> Rules:
    return rules_of({"title": "Test", "blocks": blocks, **more}, "test")


def shared(blocks: Mapping[str, Any], landscape: Landscape, **more: Any) -> Distribution:
    """What the fund with ``blocks`` gives on ``landscape``."""
    return distribute(prepare(rules(blocks, **more), landscape))
