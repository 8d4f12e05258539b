"""How the workbook is laid out: which sheets and columns it has and what they are called."""

import gettext
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from samenspel import words
from samenspel.landscape import tables
from samenspel.language import LANGUAGES, LOCALE, mark

# The order in which a coordinator fills them in. Areas, borders and flows come from maps and
# statistics and are not completed by hand.
SHEETS = (
    "partnerships",
    "memberships",
    "organisations",
    "tasks",
    "task_provision",
    "mandates",
    "sources",
    "municipalities",
    "figures",
    "zonings",
    "zones",
    "zone_members",
    "lineage",
)
TITLES, NAMES, FIRST = 1, 2, 3  # rows: the titles, the technical names, the first of the data
LAST = 1_048_576  # the last row that a sheet can have
NOTE = "#"  # a technical name that begins so is not read
README = mark("read me")
SUMMARY = mark("faults")
FAULTS = NOTE + "faults"  # the technical name of the column of faults
LISTS = "_lists"
BASIS = "_basis"
MOST_TITLE = 31  # characters in the name of a sheet
NAMED = {
    "municipalities.nis": "name",
    "organisations.id": "name",
    "partnerships.id": "name",
    "zonings.zoning": "title",
    "sources.id": "title",
}
BESIDE = ("municipalities", "organisations", "partnerships", "zonings")
PROVENANCE = ("source", "confirmed_by")
EMPTY = {
    "unknown": mark("unknown"),
    "none": mark("none"),
    "nobody so far": mark("nobody so far"),
    "no bound": mark("no bound"),
}
VALIDITY = (
    tables.Column("valid_from", "date", mark("first day on which the row holds"), empty="no bound"),
    tables.Column(
        "valid_to", "date", mark("first day on which the row no longer holds"), empty="no bound"
    ),
)


@dataclass(frozen=True)
class Field:
    """One column of a sheet. ``key``: it names the row; ``own``: it is one of the user's own."""

    table: str
    column: tables.Column
    key: bool = False
    own: bool = False

    @property
    def name(self) -> str:
        return self.column.name

    @property
    def type(self) -> tables.Type:
        return self.column.type

    @property
    def money(self) -> bool:
        """Whether the value is in cents, which the sheet shows in euro."""
        return self.type == "integer" and self.name.endswith("_cents")

    @property
    def title(self) -> str:
        """What row 1 calls the column, in the language in use."""
        called = words.column_word(self.name)
        return f"{called} (€)" if self.money else called

    @property
    def code(self) -> bool:
        """Whether the text is a code, of which each character counts."""
        return self.key or bool(self.column.reference) or self.name in ("kbo", "nis")


def fields(table: str, types: Mapping[str, tables.Type]) -> tuple[Field, ...]:
    """The columns of the sheet of ``table``: those of the contract, then those of the user's own
    among ``types`` (column to type), and last where a row comes from and who confirmed it."""
    known = tables.BY_NAME[table]
    contract = [*known.columns, *(VALIDITY if known.dated else ())]
    last = [column for column in contract if column.name in PROVENANCE]
    first = [column for column in contract if column not in last and column.type != "binary"]
    names = {column.name for column in contract}
    own = [tables.Column(name, type_) for name, type_ in types.items() if name not in names]
    return (
        *(Field(table, column, column.name in known.key) for column in first),
        *(Field(table, column, own=True) for column in own),
        *(Field(table, column) for column in last),
    )


def types_of(table: str, schema: Mapping[str, object]) -> dict[str, tables.Type]:
    """Column to type of the sheet of ``table``, whose frame has the columns ``schema``."""
    names = {dtype: type_ for type_, dtype in tables.POLARS.items()}
    own: dict[str, tables.Type] = {
        name: names[dtype]  # type: ignore[index]
        for name, dtype in schema.items()
        if name not in tables.column_types(tables.BY_NAME[table])
    }
    return {field.name: field.type for field in fields(table, own)}


@cache
def speaker(language: str) -> Callable[[str], str]:
    """What says a message in ``language``, whatever language is in use."""
    if language == "en":
        return gettext.NullTranslations().gettext
    return gettext.translation("samenspel", LOCALE, languages=[language], fallback=True).gettext


def in_every_language(message: str) -> tuple[str, ...]:
    return tuple(speaker(language)(message) for language in LANGUAGES)


def sheet_title(table: str) -> str:
    """The name of the sheet of ``table`` in the language in use."""
    return words.table_word(table)[:MOST_TITLE].strip()


def sheet_names() -> dict[str, str]:
    """What a sheet may be called, folded: to the name of its table, README, SUMMARY, LISTS or
    BASIS."""
    found = {folded(name): name for name in (LISTS, BASIS)}
    for message in (README, SUMMARY):
        found |= {folded(name): message for name in in_every_language(message)}
    for table in SHEETS:
        for name in (table, *in_every_language(words.TABLES[table])):
            found[folded(name[:MOST_TITLE])] = table
    return found


def folded(text: str) -> str:
    """``text`` for a comparison that heeds neither capitals nor spaces at the ends."""
    return text.strip().casefold()


def named_by(field: Field) -> str:
    """The table whose names stand beside the codes of ``field``; empty where none do."""
    if (field.table, field.name) == ("zone_members", "zone"):
        return "zones"
    if (field.table, field.name) == ("figures", "nis"):
        return "municipalities"
    table = field.column.reference.split(".")[0]
    return table if table in BESIDE else ""
