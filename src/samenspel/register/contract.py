"""The tables of the register: those of the landscape, and four that say what a folder says beside
them: its description, which tables are known at all, which columns are the user's own, and the day
that it pictures."""

from samenspel.landscape import tables
from samenspel.landscape.columns import Column, Table

ABOUT = Table(
    "about",
    "what the register says of itself",
    (
        Column("name", meaning="name of the landscape"),
        Column("territory", meaning="the land that it pictures"),
        Column("fictional", "boolean", "invented land"),
    ),
    key=(),
)
KNOWN = Table(
    "known_tables",
    "the tables that are known, be it without rows; any other is unknown",
    (Column("table", meaning="name of the table", required=True),),
    key=("table",),
)
OWN = Table(
    "own_columns",
    "columns of the user's own, beside those of the contract",
    (
        Column("table", meaning="name of the table", required=True),
        Column("column", meaning="name of the column", required=True),
        Column(
            "type",
            meaning="type of its values",
            required=True,
            codes=("text", "integer", "number", "boolean", "date", "datetime"),
        ),
    ),
    key=("table", "column"),
)
PICTURES = Table(
    "pictures",
    "the days of which a whole picture of a table was taken in",
    (
        Column("table", meaning="name of the table", required=True),
        Column("day", "date", "the day that the picture is of", required=True),
    ),
    key=("table", "day"),
)

TABLES: tuple[Table, ...] = (ABOUT, KNOWN, OWN, PICTURES, *tables.TABLES)
BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}
