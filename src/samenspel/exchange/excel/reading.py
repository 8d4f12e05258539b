"""Reading the sheets of a workbook: each cell becomes a value or a fault with its place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from samenspel.exchange.excel import layout
from samenspel.exchange.excel.basis import Basis, Row
from samenspel.exchange.excel.faults import Fault, filled, formula
from samenspel.exchange.excel.layout import Field, fields, sheet_title
from samenspel.exchange.excel.names import Names
from samenspel.exchange.excel.values import (
    Raw,
    Unreadable,
    content,
    parse,
    shown,
    unchanged,
    unescape,
)
from samenspel.landscape import tables
from samenspel.landscape.findings import Finding
from samenspel.language import LANGUAGES, _

Place = tuple[int, int]  # row and column of a cell


@dataclass(frozen=True)
class Line:
    """One row of a sheet: its number there, its values by column, and the columns among them
    whose cells are faulty; those hold the value of the basis, or nothing."""

    number: int
    values: dict[str, Any]
    faulty: frozenset[str] = frozenset()


@dataclass
class Sheet:
    """One sheet of a table. ``columns``: the number of each column by its technical name;
    ``joined``: the ranges of joined cells; ``hidden``: the places in them, and ``computed``: those
    that a formula of a range fills."""

    table: str
    title: str
    fields: tuple[Field, ...]
    columns: dict[str, int] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    cells: dict[int, dict[str, Cell]] = field(default_factory=dict)
    joined: list[CellRange] = field(default_factory=list)
    hidden: set[Place] = field(default_factory=set)
    computed: set[Place] = field(default_factory=set)

    def fault(self, row: int | None, name: str | None, message: str) -> Fault:
        """A fault at a place of this sheet."""
        title = self.titles.get(name, name) if name else None
        return Fault(self.title, row, title, message, self.columns.get(name or ""))


def find_sheets(
    book: Workbook, basis: Basis
) -> tuple[dict[str, Sheet], list[Fault], list[Finding]]:
    """The sheets of ``book`` by table, in so far as their heads can be understood, with the faults
    of the heads and a warning for each sheet that is not read."""
    made = {layout.folded(title): table for table, title in basis.titles.items()}
    known = made | layout.sheet_names()
    sheets: dict[str, Sheet] = {}
    seen: dict[str, str] = {}
    faults: list[Fault] = []
    warnings: list[Finding] = []
    for page in book.worksheets:
        table = known.get(layout.folded(page.title))
        if table is None:
            message = _("the sheet “{sheet}” is not one of the workbook; it is not read.")
            warnings.append(
                Finding("warning", "unknown_sheet", page.title, None, None, None,
                        message.format(sheet=page.title))
            )  # fmt: skip
        elif table in seen:
            message = _("this sheet stands here twice, also as “{other}”; remove one.")
            faults.append(Fault(page.title, None, None, message.format(other=seen[table])))
        elif table in layout.SHEETS:
            seen[table] = page.title
            sheet, found = heads(page, table, fields(table, basis.types[table]))
            faults += found
            if set(tables.BY_NAME[table].key) <= sheet.columns.keys():
                sheets[table] = sheet
    for table in layout.SHEETS:
        if table not in seen:
            message = _("this sheet is missing; copy it from the workbook as it was.")
            faults.append(Fault(sheet_title(table), None, None, message))
    return sheets, faults, warnings


def heads(page: Worksheet, table: str, wanted: tuple[Field, ...]) -> tuple[Sheet, list[Fault]]:
    """The sheet ``page`` with its cells by row and column, and the faults of its row of names."""
    sheet = Sheet(table, page.title, wanted, titles={f.name: f.title for f in wanted})
    faults = []
    names = {f.name for f in wanted}
    cells = filled(page)
    for cell in cells:
        name = str(cell.value).strip() if cell.row == layout.NAMES and cell.value else ""
        if name in sheet.columns:
            faults.append(
                sheet.fault(layout.NAMES, name, _("this column stands here twice; remove one."))
            )
        elif name in names:
            sheet.columns[name] = cell.column
        elif name and not name.startswith(layout.NOTE):
            message = _(
                "“{name}” is no column of this sheet; restore the name, or empty this cell."
            )
            faults.append(
                Fault(page.title, layout.NAMES, name, message.format(name=name), cell.column)
            )
    for name in names - sheet.columns.keys():
        message = _("the column “{name}” is missing; row 2 must hold its technical name.")
        faults.append(sheet.fault(layout.NAMES, name, message.format(name=name)))
    at = {number: name for name, number in sheet.columns.items()}
    for cell in cells:
        if cell.column in at:
            if cell.row == layout.TITLES and isinstance(cell.value, str):
                sheet.titles[at[cell.column]] = unescape(cell.value)
            elif cell.row >= layout.FIRST:
                sheet.cells.setdefault(cell.row, {})[at[cell.column]] = cell
                ref = getattr(cell.value, "ref", None)
                if cell.data_type == "f" and isinstance(ref, str):
                    sheet.computed.update(CellRange(ref).cells)
    joined = [r for r in page.merged_cells.ranges if r.max_row >= layout.FIRST]
    sheet.joined = sorted(joined, key=lambda r: (r.min_row, r.min_col))
    sheet.hidden = {place for found in joined for place in found.cells}
    return sheet, faults


def raw(sheet: Sheet, cell: Cell) -> Raw:
    """What ``cell`` holds. Raises Unreadable for anything but a value."""
    if cell.data_type == "f" or (cell.row, cell.column) in sheet.computed:
        said = formula(cell.value) if cell.data_type == "f" else str(cell.value)
        raise Unreadable(
            _("this cell holds a formula ({value}); put its value.").format(value=said[:80])
        )
    if cell.data_type == "e":
        raise Unreadable(
            _("this cell holds the error {value}; put a value, or empty it.").format(
                value=cell.value
            )
        )
    return unescape(cell.value) if isinstance(cell.value, str) else cell.value


def typed_names(sheets: Mapping[str, Sheet]) -> dict[str, list[tuple[str | None, str | None]]]:
    """(code, name) of the rows of ``sheets``, per reference; None for what cannot be read."""
    pairs: dict[str, list[tuple[str | None, str | None]]] = {name: [] for name in layout.NAMED}
    for reference, title in layout.NAMED.items():
        table, code = reference.split(".")
        if table in sheets:
            sheet = sheets[table]
            by_name = {f.name: f for f in sheet.fields}
            for cells in sheet.cells.values():
                found = [text(sheet, by_name[n], cells.get(n)) for n in (code, title)]
                pairs[reference].append((found[0], found[1]))
    return pairs


def text(sheet: Sheet, field: Field, cell: Cell | None) -> str | None:
    try:
        return None if cell is None else parse(field, raw(sheet, cell))
    except Unreadable:
        return None


def empty(cells: Mapping[str, Cell]) -> bool:
    return all(
        cell.value is None or (isinstance(cell.value, str) and not cell.value.strip())
        for cell in cells.values()
    )


def read_lines(sheet: Sheet, basis: list[Row], names: Names) -> tuple[list[Line], list[Fault]]:
    """The rows of ``sheet`` that are not wholly empty, and the faults of their cells.

    A cell that still shows the value of ``basis`` has that value, whatever a spreadsheet program
    made of its digits. A row whose key cannot be read is left out.
    """
    key = tables.BY_NAME[sheet.table].key
    by_key = {tuple(row[name] for name in key): row for row in basis}
    by_look = dict(looks(sheet, basis))
    lines, faults = [], list(joined_faults(sheet))
    for number in sorted(sheet.cells):
        cells = sheet.cells[number]
        if empty(cells):
            continue
        reader = CellReader(sheet, number, cells, names)
        row = by_look.get(tuple(reader.look(name) for name in key))
        if row is None:
            row = by_key.get(tuple(reader.value(f, None) for f in keys(sheet)))
        values = {f.name: reader.value(f, row) for f in sheet.fields}
        faults += reader.faults.values()
        if not reader.faulty & set(key):
            lines.append(Line(number, values, frozenset(reader.faulty)))
    return lines, faults


def keys(sheet: Sheet) -> list[Field]:
    """The fields of the key, in the order of the table's key."""
    by_name = {f.name: f for f in sheet.fields}
    return [by_name[name] for name in tables.BY_NAME[sheet.table].key]


def looks(sheet: Sheet, basis: list[Row]) -> Iterator[tuple[tuple[Any, ...], Row]]:
    """Each row of ``basis`` by what the cells of its key look like, in every language."""
    for speak in map(layout.speaker, LANGUAGES):
        for row in basis:
            yield tuple(content(shown(f, row[f.name], speak)) for f in keys(sheet)), row


def joined_faults(sheet: Sheet) -> Iterator[Fault]:
    at = {number: name for name, number in sheet.columns.items()}
    for found in sheet.joined:
        name = at.get(found.min_col)
        message = _("cells are joined here ({place}); part them.").format(place=found.coord)
        title = sheet.titles.get(name, None) if name else None
        yield Fault(sheet.title, found.min_row, title, message, found.min_col)


class CellReader:
    """Reads the cells of one row, and keeps the fault of each cell that has one."""

    def __init__(self, sheet: Sheet, number: int, cells: Mapping[str, Cell], names: Names) -> None:
        self.sheet, self.number, self.cells, self.names = sheet, number, cells, names
        self.faults: dict[str, Fault] = {}
        self.faulty: set[str] = set()

    def raw(self, name: str) -> Raw:
        return raw(self.sheet, self.cells[name]) if name in self.cells else None

    def look(self, name: str) -> Any:
        """What the cell looks like; for one without a value something that nothing looks like."""
        try:
            return content(self.raw(name))
        except Unreadable:
            return object()

    def value(self, field: Field, row: Row | None) -> Any:
        """The value of a cell, or where it is faulty that of ``row``, the row of the basis."""
        before = None if row is None else row[field.name]
        if field.name not in self.sheet.columns:
            return before
        if (self.number, self.sheet.columns[field.name]) in self.sheet.hidden:
            self.faulty.add(field.name)
            return before
        try:
            found = self.raw(field.name)
            if row is not None and unchanged(field, before, found):
                return before
            return self.names.resolve(field, parse(field, found))
        except Unreadable as fault:
            self.faulty.add(field.name)
            self.faults[field.name] = self.sheet.fault(self.number, field.name, str(fault))
            return before
