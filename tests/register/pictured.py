"""Pictures of two municipalities and what they are in, for tests of imports."""

from datetime import date
from typing import Any

import polars as pl
from small_register import frame

from samenspel.landscape import tables
from samenspel.landscape.landscape import About, Landscape, same_rows
from samenspel.register import importing, pictures

EARLY, MIDDLE, LATE = date(2019, 1, 1), date(2022, 1, 1), date(2025, 1, 1)
DAYS = list(tables.VALIDITY)


def picture(day: date, **given: list[dict[str, Any]]) -> Landscape:
    """A picture of ``day`` with the rows given, of Een alone where no municipality is."""
    made = {"municipalities": [{"nis": "1", "name": "Een"}], **given}
    frames = {
        name: frame(name, *rows).drop([] if tables.BY_NAME[name].dated else DAYS)
        for name, rows in made.items()
    }
    return Landscape(day, frames, About("Proefland", "", True))


def undated(land: Landscape) -> dict[str, pl.DataFrame]:
    """The tables of ``land`` without the days of their rows."""
    return {name: found.drop(DAYS, strict=False) for name, found in land.frames.items()}


def alike(left: Landscape, right: Landscape) -> bool:
    """Whether both say the same, days apart, of the tables that the second knows."""
    ours = undated(left)
    return left.about == right.about and all(
        name in ours and same_rows(ours[name], theirs) for name, theirs in undated(right).items()
    )


def take(land: Landscape, whole: bool = True) -> int:
    """Take ``land`` in; the number of the change."""
    return importing.take_in(pictures.preview(land, whole), "proef")
