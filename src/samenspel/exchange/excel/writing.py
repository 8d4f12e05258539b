"""Writing the workbook: a sheet to read first, one sheet per table, and what it was made from."""

import re
from collections.abc import Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from samenspel.errors import InputError
from samenspel.exchange.excel import layout
from samenspel.exchange.excel.basis import Basis, lines
from samenspel.exchange.excel.comments import AUTHOR, comment, explained
from samenspel.exchange.excel.layout import Field, fields, sheet_title
from samenspel.exchange.excel.lists import add_lists
from samenspel.exchange.excel.readme import readme
from samenspel.exchange.excel.values import UNSAFE, escape, shown
from samenspel.landscape import tables
from samenspel.landscape.landscape import About
from samenspel.language import _

Names = Mapping[str, Mapping[Any, str]]
MOST_TEXT = 32_767  # signs that a cell can hold
MOST_COLUMNS = 16_384
NARROW, WIDE, NAME, READABLE = 10, 45, 30, 80  # signs
LINE = 66  # of the readme, where a program has only a wider font
FORMULA = re.compile(r"[=+\-@\t\r]")
OPEN = Protection(locked=False)
GREY = "FF7F7F7F"
HEAD = PatternFill("solid", fgColor="FFDDEBF7")
STYLE = "samenspel {}"
NOTE_STYLE = STYLE.format("note")
FONT = "Calibri"
FORMATS = {
    "text": "@",
    "integer": "0",
    "number": "General",
    "boolean": "@",
    "date": "yyyy-mm-dd",
    "datetime": "@",
    "money": "#,##0.00",
}


def make(basis: Basis, about: About, names: Names) -> Workbook:
    """The workbook of ``basis``. ``names``: per table the names by code.

    Raises InputError where a text of the landscape cannot stand in a cell.
    """
    book = Workbook()
    for kind, number_format in FORMATS.items():
        book.add_named_style(
            NamedStyle(STYLE.format(kind), font(), number_format=number_format, protection=OPEN)
        )
    book.add_named_style(
        NamedStyle(NOTE_STYLE, font(color=GREY), number_format="@", protection=OPEN)
    )
    book.remove(book.worksheets[0])
    write_readme(book.create_sheet(_(layout.README)), basis, about)
    sheets = {table: fields(table, basis.types[table]) for table in layout.SHEETS}
    for table, found in sheets.items():
        write_table(book.create_sheet(sheet_title(table)), found, basis.rows[table], names)
    add_lists(book, sheets, lambda field: columns_of(sheets[field.table])[field.name])
    hidden = book.create_sheet(layout.BASIS)
    hidden.sheet_state = "veryHidden"
    for number, texts in enumerate(lines(basis), start=1):
        for column, text in enumerate(texts, start=1):
            put_text(hidden.cell(number, column), text)
    book.properties.creator = AUTHOR
    book.properties.title = escape(basis.zone_name)
    return book


def columns_of(found: tuple[Field, ...]) -> dict[str, int]:
    """The number of each column of a sheet by its technical name; beside one that refers to
    something with a name stands that name, for reading."""
    own = {field.name for field in found}
    names = []
    for field in found:
        names.append(field.name)
        if layout.named_by(field) and layout.NOTE + field.name not in own:
            names.append(layout.NOTE + field.name)
    return {name: number for number, name in enumerate(names, start=1)}


def font(size: int = 11, *, bold: bool = False, color: str | None = None) -> Font:
    return Font(FONT, size, bold=bold, color=color)


def kind_of(field: Field) -> str:
    """What the cells of ``field`` hold, one of FORMATS."""
    return "money" if field.money else field.type


def put_text(cell: Cell | MergedCell, text: str) -> None:
    """Write ``text`` so that it is taken for a formula or an error value nowhere."""
    cell.value = escape(text)
    cell.data_type = "s"
    if FORMULA.match(text):
        cell.quotePrefix = True


def write_readme(sheet: Worksheet, basis: Basis, about: About) -> None:
    sheet.column_dimensions["A"].width = READABLE
    row = 0
    for heading, paragraphs in readme(basis, about.territory, fictional=about.fictional):
        for text in (heading, *paragraphs):
            row += 1
            cell = sheet.cell(row, 1)
            put_text(cell, text)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if text is heading:
                cell.font = font(16 if row == 1 else 12, bold=True)
                sheet.row_dimensions[row].height = 24
            else:
                cell.font = font()
                sheet.row_dimensions[row].height = 16 * (1 + len(text) // LINE)
        row += 1
    protect(sheet)
    fit_to_width(sheet)


def write_table(
    sheet: Worksheet, found: tuple[Field, ...], rows: list[dict[str, Any]], names: Names
) -> None:
    """Fill ``sheet`` with the heads and ``rows``. Raises InputError."""
    columns = columns_of(found)
    for field in found:
        number = columns[field.name]
        write_head(sheet, number, field.title, field.name, FORMATS[kind_of(field)])
        sheet.cell(layout.TITLES, number).comment = comment(explained(field))
        widths = [
            write_value(sheet.cell(at, number), field, row)
            for at, row in enumerate(rows, start=layout.FIRST)
        ]
        width = max([NARROW, len(field.title), len(field.name), *widths]) + 2
        sheet.column_dimensions[get_column_letter(number)].width = min(width, WIDE)
        if layout.NOTE + field.name in columns:
            write_names(sheet, number + 1, field, rows, names)
    finish(sheet, len(columns), layout.FIRST + max(len(rows), 1) - 1)


def write_value(cell: Cell | MergedCell, field: Field, row: Mapping[str, Any]) -> int:
    """Write one value; gives how many signs wide it is. Raises InputError."""
    value = shown(field, row[field.name])
    cell.style = STYLE.format(kind_of(field))
    if value is None:
        return 0
    if not isinstance(value, str):
        cell.value = value
        return len(str(value))
    if UNSAFE.search(value) or len(escape(value)) > MOST_TEXT:
        key = ", ".join(str(row[name]) for name in tables.BY_NAME[field.table].key)
        raise InputError(
            _("Table {table}, column {name}, row {row}: the text holds a sign that a workbook "
              "cannot hold, or is longer than {most} signs; correct it.").format(
                table=field.table, name=field.name, row=repr(key), most=MOST_TEXT)
        )  # fmt: skip
    put_text(cell, value)
    return max(len(line) for line in value.split("\n"))


def write_names(
    sheet: Worksheet, number: int, field: Field, rows: list[dict[str, Any]], names: Names
) -> None:
    """Fill the column beside ``field`` with the names that its codes stand for."""
    title = _("name of {column}").format(column=field.title)
    write_head(sheet, number, title, layout.NOTE + field.name, FORMATS["text"])
    sheet.cell(layout.TITLES, number).comment = comment(
        _("For reading only: what stands here is not read back.")
    )
    known = names[layout.named_by(field)]
    for at, row in enumerate(rows, start=layout.FIRST):
        cell, code = sheet.cell(at, number), row[field.name]
        cell.style = NOTE_STYLE
        name = known.get((row["zoning"], code) if field.name == "zone" else code)
        if name is not None and not UNSAFE.search(name):
            put_text(cell, name[:MOST_TEXT])
    sheet.column_dimensions[get_column_letter(number)].width = NAME


def unlock(column: ColumnDimension, form: str) -> None:
    """Let the cells of ``column`` that do not exist yet be filled in, with number format
    ``form``."""
    column.number_format = form
    column.protection = OPEN


def write_head(sheet: Worksheet, number: int, title: str, name: str, form: str) -> None:
    """The two rows above a column, whose cells have number format ``form``."""
    unlock(sheet.column_dimensions[get_column_letter(number)], form)
    head, below = sheet.cell(layout.TITLES, number), sheet.cell(layout.NAMES, number)
    put_text(head, title)
    put_text(below, name)
    head.font, head.fill = font(bold=True), HEAD
    head.alignment = Alignment(wrap_text=True, vertical="top")
    below.font = font(8, color=GREY)


def finish(sheet: Worksheet, width: int, last: int) -> None:
    """Freeze, filter, protect and prepare for print. A spreadsheet deletes or sorts rows of a
    protected sheet only where all their cells are unlocked, also in columns that are not used."""
    rest = get_column_letter(width + 1)
    sheet.column_dimensions[rest] = ColumnDimension(
        sheet, index=rest, min=width + 1, max=MOST_COLUMNS, width=13
    )
    unlock(sheet.column_dimensions[rest], FORMATS["text"])
    sheet.freeze_panes = f"A{layout.FIRST}"
    sheet.auto_filter.ref = f"A{layout.NAMES}:{get_column_letter(width)}{last}"
    protect(sheet)
    sheet.page_setup.orientation = "landscape"
    fit_to_width(sheet)
    sheet.print_title_rows = f"{layout.TITLES}:{layout.NAMES}"


def fit_to_width(sheet: Worksheet) -> None:
    """Print on A4 pages that are as wide as the sheet."""
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def protect(sheet: Worksheet) -> None:
    """Lock the locked cells of ``sheet``, without a password, and allow everything else."""
    sheet.protection.sheet = True
    for name in (
        "insertRows", "deleteRows", "sort", "autoFilter",
        "formatColumns", "formatRows", "formatCells",
    ):  # fmt: skip
        setattr(sheet.protection, name, False)  # False: not forbidden
