"""A register of two municipalities, for tests of single edits."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from samenspel.landscape import tables
from samenspel.landscape.landscape import About, Landscape
from samenspel.register import editing, history, writing
from samenspel.register.importing import first_batch
from samenspel.register.models import Change, Record
from samenspel.register.models.facts import FACTS
from samenspel.register.writing import Batch, Reason

START = datetime(2025, 3, 1, 12, tzinfo=UTC)
DAY = date(2025, 1, 1)
EDIT = Reason("edit", "proef")


def land() -> Landscape:
    """Een and Twee, a figure of Een, and no source."""
    made: dict[str, list[dict[str, Any]]] = {
        "municipalities": [
            {"nis": "1", "name": "Een", "population": 10},
            {"nis": "2", "name": "Twee", "population": 20},
        ],
        "figures": [{"nis": "1", "key": "k", "value": 0.5}],
        "sources": [],
    }
    return Landscape(
        DAY,
        {
            name: frame(name, *found).drop([] if tables.BY_NAME[name].dated else tables.VALIDITY)
            for name, found in made.items()
        },
        About("Proefland", "nergens", True),
    )


def frame(table: str, *found: dict[str, Any]) -> pl.DataFrame:
    """``found`` as rows of ``table``, unknown where they say nothing."""
    schema = {**tables.BY_NAME[table].schema, **tables.VALIDITY}
    return pl.DataFrame([{**dict.fromkeys(schema), **row} for row in found], schema)


def begin() -> int:
    """Put ``land`` into the register in use."""
    return writing.write(first_batch(land()), Reason("import", "begin"), START)


def write(batch: Batch, reason: Reason = EDIT) -> int:
    return writing.write(batch, reason)


def town(nis: str = "1") -> editing.Version:
    """The only row on record of a municipality."""
    (found,) = history.current("municipalities", [nis])
    return found


def correct(nis: str = "1", **values: Any) -> int:
    """A change of a municipality; its number."""
    return write(editing.correct(town(nis), values))


def everything() -> list[Any]:
    """All that the register holds, to see that nothing was written."""
    return [
        list(model._default_manager.order_by("pk").values_list())
        for model in (Change, Record, *FACTS.values())
    ]
