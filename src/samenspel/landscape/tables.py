"""The contract of the landscape's tables: names, columns, types, keys, references, code lists.

Everything that reads, checks, writes or documents a table reads this module, so a table is
described once. ``required`` means that a row without a value is faulty; everything else may be
empty, and empty means unknown.
"""

import polars as pl

from samenspel.landscape.codes import COVERS, ORGANISATION_CLASSES
from samenspel.landscape.columns import POLARS, PROVENANCE, Column, Table, Type, nis
from samenspel.landscape.partnershiptables import PARTNERSHIP_TABLES

__all__ = [
    "BY_NAME",
    "POLARS",
    "RECORDED",
    "TABLES",
    "VALIDITY",
    "Column",
    "Table",
    "Type",
    "column_types",
]

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
            *PROVENANCE,
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
            *PROVENANCE,
        ),
        key=("kind", "zoning", "old", "new", "date"),
        nullable_key=("zoning",),
    ),
    Table(
        "geometries",
        "the land of each municipality",
        (
            nis(),
            Column("geometry", "binary", "area as WKB, Lambert 72 (EPSG:31370)", required=True),
            *PROVENANCE,
        ),
        key=("nis",),
    ),
    Table(
        "adjacency",
        "which municipalities border each other; each pair once",
        (
            nis("nis_a"),
            Column(
                "nis_b",
                meaning="the neighbour; empty is the land outside the landscape",
                reference="municipalities.nis",
                empty="outside",
            ),
            Column("border_m", "number", "length of the shared border in metres", low=0),
            *PROVENANCE,
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
            *PROVENANCE,
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
            *PROVENANCE,
        ),
        key=("zoning", "zone"),
    ),
    Table(
        "zone_members",
        "which municipality lies in which zone",
        (
            Column("zoning", meaning="zoning", required=True, reference="zonings.zoning"),
            Column("zone", meaning="zone", required=True),
            nis(),
            *PROVENANCE,
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
            *PROVENANCE,
        ),
        key=("id",),
    ),
    *PARTNERSHIP_TABLES,
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
            *PROVENANCE,
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
            *PROVENANCE,
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
