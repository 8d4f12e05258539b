"""The basis of a workbook: what it was made from, kept in a sheet that nobody sees.

One cell pair describes the whole, each further row holds one row of a table as JSON, cut into
pieces that fit a cell. A workbook without it, or with a damaged one, cannot be compared.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from datetime import date as Date
from typing import Any

import polars as pl

from samenspel.errors import InputError
from samenspel.exchange.excel import layout
from samenspel.exchange.excel.values import MOMENT
from samenspel.landscape import tables
from samenspel.landscape.landscape import Landscape
from samenspel.language import _

FORMAT = 1
MAGIC = "samenspel"
PIECE = 30_000  # characters; a cell holds 32,767

Row = dict[str, Any]


@dataclass(frozen=True)
class Basis:
    """What a workbook was made from. ``types``: per table the columns of its sheet and their
    types; ``titles``: what the sheets are called; ``rows``: per table the values of its rows."""

    name: str
    date: Date
    zoning: str
    zone: str
    zone_name: str
    types: dict[str, dict[str, tables.Type]]
    titles: dict[str, str]
    rows: dict[str, list[Row]]


def basis_of(
    landscape: Landscape, zoning: str, zone: str, rows: Mapping[str, pl.DataFrame]
) -> Basis:
    """The basis of a workbook on ``zone`` with ``rows`` of ``landscape``."""
    lies = (pl.col("zoning") == zoning) & (pl.col("zone") == zone)
    name = landscape.table("zones").filter(lies)["name"].drop_nulls().to_list()
    types = {table: layout.types_of(table, frame.schema) for table, frame in rows.items()}
    return Basis(
        landscape.about.name,
        landscape.date,
        zoning,
        zone,
        name[0] if name else zone,
        types,
        {table: layout.sheet_title(table) for table in types},
        {table: frame.select(list(types[table])).to_dicts() for table, frame in rows.items()},
    )


def lines(basis: Basis) -> Iterator[list[str]]:
    """The basis as rows of text."""
    rows = [
        (table, text_of({name: plain(value) for name, value in row.items()}))
        for table, found in basis.rows.items()
        for row in found
    ]
    head = {
        "format": FORMAT,
        "name": basis.name,
        "date": basis.date.isoformat(),
        "zoning": basis.zoning,
        "zone": basis.zone,
        "zone_name": basis.zone_name,
        "types": basis.types,
        "titles": basis.titles,
        "seal": seal(rows),
    }
    for first, text in [(MAGIC, text_of(head)), *rows]:
        yield [first, *(text[at : at + PIECE] for at in range(0, len(text), PIECE))]


def text_of(value: dict[str, Any]) -> str:
    """``value`` as JSON without ``_x``, which in a workbook may begin an escape that spreadsheet
    programs treat differently."""
    return json.dumps(value).replace("_x", "_\\u0078")


def seal(rows: list[tuple[str, str]]) -> str:
    """A number that other rows do not have."""
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime(MOMENT)
    return value.isoformat() if isinstance(value, Date) else value


def read_lines(found: list[list[str]]) -> Basis:
    """The basis in rows of text. Raises InputError where it is missing, damaged or of another
    version."""
    try:
        texts = [(row[0], "".join(row[1:])) for row in found]
        head = json.loads(texts[0][1])
        if texts[0][0] != MAGIC or head["format"] != FORMAT or head["seal"] != seal(texts[1:]):
            raise ValueError
        types = {str(table): dict(columns) for table, columns in head["types"].items()}
        if set(types) != set(layout.SHEETS):
            raise ValueError
        rows: dict[str, list[Row]] = {table: [] for table in types}
        for table, text in texts[1:]:
            row = json.loads(text)
            rows[table].append(
                {name: typed(row[name], type_) for name, type_ in types[table].items()}
            )
        return Basis(
            head["name"],
            Date.fromisoformat(head["date"]),
            head["zoning"],
            head["zone"],
            head["zone_name"],
            types,
            {str(table): str(title) for table, title in head["titles"].items()},
            rows,
        )
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise InputError(
            _("The workbook no longer holds what it was made from, so it cannot be compared; make "
              "a new one with samenspel workbook and copy the rows over.")
        ) from error  # fmt: skip


def typed(value: Any, type_: tables.Type) -> Any:
    if value is None:
        return None
    if type_ == "date":
        return Date.fromisoformat(value)
    if type_ == "datetime":
        return datetime.strptime(value, MOMENT).replace(tzinfo=UTC)
    return float(value) if type_ == "number" else value
