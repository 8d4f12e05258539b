"""The contract of the landscape's tables: names, columns, types, keys, references, code lists.

Everything that reads, checks, writes or documents a table reads this module, so a table is
described once. ``required`` means that a row without a value is faulty; everything else may be
empty, and empty means unknown.
"""

from dataclasses import dataclass
from typing import Literal

import polars as pl

from samenspel.landscape.codes import (
    COVERS,
    LEGAL_FORMS,
    ORGANISATION_CLASSES,
    SIDES,
    THEMES,
)

Type = Literal["text", "integer", "number", "boolean", "date", "datetime", "binary"]

POLARS: dict[Type, pl.DataType] = {
    "text": pl.String(),
    "integer": pl.Int64(),
    "number": pl.Float64(),
    "boolean": pl.Boolean(),
    "date": pl.Date(),
    "datetime": pl.Datetime("us", "UTC"),
    "binary": pl.Binary(),
}


@dataclass(frozen=True)
class Column:
    """One column. ``codes``: the values allowed; ``reference``: ``table.column`` that must hold it;
    ``low``/``high``: the closed range of a number; ``empty``: what an empty cell means; ``open``:
    other codes than ``codes`` are kept, with a warning, and count as unknown."""

    name: str
    type: Type = "text"
    meaning: str = ""
    required: bool = False
    codes: tuple[str, ...] = ()
    reference: str = ""
    low: float | None = None
    high: float | None = None
    empty: str = "unknown"
    open: bool = False


@dataclass(frozen=True)
class Table:
    """One table. ``key``: the columns that name a row at one date, among which ``nullable_key`` may
    be empty with a meaning of its own (land outside the landscape). ``dated``: the contract itself
    has ``valid_from`` and ``valid_to``; other tables have them in a chronicle only."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    nullable_key: tuple[str, ...] = ()
    dated: bool = False

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)

    @property
    def schema(self) -> dict[str, pl.DataType]:
        return {column.name: POLARS[column.type] for column in self.columns}


_PROVENANCE = (
    Column("source", meaning="where the row comes from", reference="sources.id"),
    Column("confirmed_by", meaning="who confirmed the row", empty="nobody so far"),
)


def _nis(name: str = "nis", meaning: str = "municipality, NIS code") -> Column:
    return Column(name, meaning=meaning, required=True, reference="municipalities.nis")


def _partnership(name: str = "partnership") -> Column:
    return Column(name, meaning="partnership", required=True, reference="partnerships.id")


def _organisation(required: bool = True) -> Column:
    return Column(
        "organisation",
        meaning="organisation; a NIS code is that municipality",
        required=required,
        reference="organisations.id",
    )


TABLES: tuple[Table, ...] = (
    Table(
        "municipalities",
        "the municipalities of the landscape; land outside it is not listed",
        (
            Column("nis", meaning="NIS code, as text", required=True),
            Column("name", meaning="name", required=True),
            Column("kbo", meaning="enterprise number"),
            Column("region", meaning="region of the country that the municipality lies in"),
            Column("population", "integer", "inhabitants", low=0),
            Column("area_km2", "number", "area in square kilometres", low=0),
            Column("equipment_level", meaning="equipment level (uitrustingsgraad), a class"),
            Column("centre", "boolean", "has a centre function for its surroundings"),
            Column("x", "number", "a point inside, metres east (Lambert 72, EPSG:31370)"),
            Column("y", "number", "a point inside, metres north (Lambert 72, EPSG:31370)"),
            *_PROVENANCE,
        ),
        key=("nis",),
        dated=True,
    ),
    Table(
        "lineage",
        "what became what: mergers and changes of code",
        (
            Column(
                "kind",
                meaning="kind of thing",
                required=True,
                codes=("municipality", "organisation", "partnership", "zone"),
            ),
            Column("zoning", meaning="the zoning, where the kind is zone", empty="none"),
            Column("old", meaning="code before", required=True),
            Column("new", meaning="code after", required=True),
            Column("date", "date", "first day of the new state", required=True),
            Column(
                "operation",
                meaning="what happened",
                codes=("merger", "code_change", "rename", "split"),
                open=True,
            ),
            *_PROVENANCE,
        ),
        key=("kind", "zoning", "old", "new", "date"),
        nullable_key=("zoning",),
    ),
    Table(
        "geometries",
        "the land of each municipality",
        (
            _nis(),
            Column("geometry", "binary", "area as WKB, Lambert 72 (EPSG:31370)", required=True),
            *_PROVENANCE,
        ),
        key=("nis",),
    ),
    Table(
        "adjacency",
        "which municipalities border each other; each pair once",
        (
            _nis("nis_a"),
            Column(
                "nis_b",
                meaning="the neighbour; empty is the land outside the landscape",
                reference="municipalities.nis",
                empty="outside",
            ),
            Column("border_m", "number", "length of the shared border in metres", low=0),
            *_PROVENANCE,
        ),
        key=("nis_a", "nis_b"),
        nullable_key=("nis_b",),
    ),
    Table(
        "zonings",
        "divisions of the land (gebiedsindelingen)",
        (
            Column("zoning", meaning="code of the zoning", required=True),
            Column("title", meaning="title"),
            Column("kind", meaning="kind, the same over the years"),
            Column(
                "cover",
                meaning="partition: each municipality in one zone; partial: in at most one; "
                "overlapping: in any number",
                codes=COVERS,
            ),
            Column("binding", "boolean", "others are bound to follow it"),
            *_PROVENANCE,
        ),
        key=("zoning",),
        dated=True,
    ),
    Table(
        "zones",
        "the zones of each zoning",
        (
            Column("zoning", meaning="zoning", required=True, reference="zonings.zoning"),
            Column("zone", meaning="the publisher's code of the zone", required=True),
            Column("name", meaning="name"),
            *_PROVENANCE,
        ),
        key=("zoning", "zone"),
    ),
    Table(
        "zone_members",
        "which municipality lies in which zone",
        (
            Column("zoning", meaning="zoning", required=True, reference="zonings.zoning"),
            Column("zone", meaning="zone", required=True),
            _nis(),
            *_PROVENANCE,
        ),
        key=("zoning", "zone", "nis"),
    ),
    Table(
        "organisations",
        "everyone who can be a member of something, partnerships included",
        (
            Column("id", meaning="permanent id; a NIS code is that municipality", required=True),
            Column("name", meaning="name"),
            Column("class", meaning="class", codes=ORGANISATION_CLASSES, open=True),
            Column(
                "nis",
                meaning="the municipality that it belongs to",
                reference="municipalities.nis",
            ),
            Column("kbo", meaning="enterprise number"),
            *_PROVENANCE,
        ),
        key=("id",),
    ),
    Table(
        "partnerships",
        "partnerships of every kind",
        (
            Column("id", meaning="permanent id (the enterprise number where known)", required=True),
            Column("name", meaning="name"),
            Column("legal_form", meaning="legal form", codes=LEGAL_FORMS),
            Column("theme", meaning="policy theme", codes=THEMES, open=True),
            Column(
                "initiator",
                meaning="who took the initiative",
                codes=("bottom_up", "flemish", "federal"),
                open=True,
            ),
            Column("level", meaning="level", codes=("local", "zonal", "regional"), open=True),
            Column(
                "line", meaning="direct contact with citizens or not", codes=("first", "second")
            ),
            Column("start", "date", "founded on"),
            Column("term_end", "date", "first day after the present term"),
            Column("status", meaning="status", codes=("planned", "active", "inactive"), open=True),
            Column(
                "legal_nature",
                meaning="public or private law",
                codes=("public", "private"),
                open=True,
            ),
            Column("own_assets", "boolean", "owns assets"),
            Column("staff_fte", "number", "own staff, full-time equivalents", low=0),
            Column("budget_cents", "integer", "yearly budget in euro cents", low=0),
            Column(
                "host",
                meaning="organisation that hosts or manages it",
                reference="organisations.id",
            ),
            Column(
                "scope_exception",
                meaning="ground on which it need not follow the reference regions",
                codes=("landscape", "small_service", "scale"),
                open=True,
            ),
            *_PROVENANCE,
        ),
        key=("id",),
    ),
    Table(
        "tasks",
        "what each partnership does",
        (
            _partnership(),
            Column("task", meaning="task", required=True),
            Column("theme", meaning="policy theme", codes=THEMES, open=True),
            Column("transferred", "boolean", "management is transferred (beheersoverdracht)"),
            *_PROVENANCE,
        ),
        key=("partnership", "task"),
    ),
    Table(
        "task_provision",
        "for whom a partnership does a task",
        (
            _partnership(),
            Column("task", meaning="task", required=True),
            _organisation(),
            *_PROVENANCE,
        ),
        key=("partnership", "task", "organisation"),
    ),
    Table(
        "memberships",
        "who is a member of what",
        (
            _partnership(),
            _organisation(),
            Column(
                "role",
                meaning="role",
                codes=("member", "managing", "observer", "partner"),
                open=True,
            ),
            Column("share", "number", "share of the capital, 0 to 1", low=0, high=1),
            Column("votes", "integer", "votes in the general meeting", low=0),
            Column("contribution_cents", "integer", "yearly contribution in euro cents"),
            *_PROVENANCE,
        ),
        key=("partnership", "organisation"),
        dated=True,
    ),
    Table(
        "mandates",
        "seats in the organs of partnerships",
        (
            _partnership(),
            Column("organ", meaning="organ", required=True),
            _organisation(),
            Column("side", meaning="side of the council that the seats are for", codes=SIDES),
            Column("seats", "integer", "number of seats", low=0),
            Column("paid", "boolean", "the seats are paid"),
            *_PROVENANCE,
        ),
        key=("partnership", "organ", "organisation", "side"),
        nullable_key=("side",),
    ),
    Table(
        "flows",
        "movements between municipalities",
        (
            Column("kind", meaning="kind of flow", required=True),
            Column("year", "integer", "year of the count; empty: not stated by the source"),
            Column("map_year", "integer", "year of the map that the codes belong to"),
            Column("from", meaning="origin; empty is outside the landscape", empty="outside"),
            Column("to", meaning="destination; empty is outside the landscape", empty="outside"),
            Column("count", "integer", "number", low=0),
            *_PROVENANCE,
        ),
        key=("kind", "year", "map_year", "from", "to"),
        nullable_key=("year", "map_year", "from", "to"),
    ),
    Table(
        "figures",
        "any other figure of a municipality",
        (
            Column("nis", meaning="municipality, code on the map of map_year", required=True),
            Column("key", meaning="what is measured", required=True),
            Column("year", "integer", "year of the figure"),
            Column("map_year", "integer", "year of the map that the code belongs to"),
            Column("value", "number", "value"),
            Column("unit", meaning="unit"),
            Column("additive", "boolean", "the figure of a merger is the sum of its parts"),
            *_PROVENANCE,
        ),
        key=("nis", "key", "year", "map_year"),
        nullable_key=("year", "map_year"),
    ),
    Table(
        "sources",
        "where the rows come from",
        (
            Column("id", meaning="code of the source", required=True),
            Column("title", meaning="title"),
            Column("publisher", meaning="publisher"),
            Column("licence", meaning="licence"),
            Column("date", "date", "the day that the source describes"),
            Column(
                "coverage",
                meaning="which partnerships it lists: all kinds, or some",
                codes=("all_kinds", "some_kinds"),
                open=True,
            ),
            Column("note", meaning="what a user must know"),
        ),
        key=("id",),
    ),
)

BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}

VALIDITY: dict[str, pl.DataType] = {"valid_from": POLARS["date"], "valid_to": POLARS["date"]}
RECORDED: dict[str, pl.DataType] = {
    "recorded_from": POLARS["datetime"],
    "recorded_to": POLARS["datetime"],
}


def column_types(table: Table) -> dict[str, Type]:
    """Type of every column that the project knows for ``table``, chronicle columns included."""
    types: dict[str, Type] = {column.name: column.type for column in table.columns}
    return types | {
        "valid_from": "date",
        "valid_to": "date",
        "recorded_from": "datetime",
        "recorded_to": "datetime",
    }
