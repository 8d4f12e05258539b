"""Faults of a workbook, and the copy that tells each of them beside its cell."""

from dataclasses import asdict, dataclass
from datetime import date as Date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from samenspel.exchange.excel import layout
from samenspel.exchange.excel.comments import comment
from samenspel.exchange.excel.saving import save
from samenspel.exchange.excel.writing import FONT, HEAD, MOST_TEXT, OPEN, font, put_text
from samenspel.language import _

SUFFIX = "-fouten"
RED = "FFFFC7CE"
MARK = "⚠ "  # a comment that begins so is a mark
OWN = "\n———\n"  # between a mark and the comment that stood there before


@dataclass(frozen=True)
class Fault:
    """One fault of a workbook, with its place.

    ``sheet`` as it is called in the workbook; ``row`` as the spreadsheet numbers it, None where
    the fault is of the whole sheet; ``column``: its title, and ``number`` its number, None where
    the fault is of the whole row. ``message``: what is wrong and what to do.
    """

    sheet: str
    row: int | None
    column: str | None
    message: str
    number: int | None = None

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if name != "number"}

    def __str__(self) -> str:
        place = [self.sheet]
        if self.row is not None:
            place.append(_("row {row}").format(row=self.row))
        if self.column:
            place.append(self.column)
        return f"{', '.join(place)}: {self.message}"


def marked_path(path: Path) -> Path:
    """Where the copy of ``path`` with the faults goes."""
    stem = path.stem if path.stem.endswith(SUFFIX) else path.stem + SUFFIX
    return path.with_name(f"{stem}.xlsx")


def write_marked(book: Workbook, faults: list[Fault], path: Path, date: Date) -> Path:
    """Write ``book``, as if made on ``date``, with ``faults`` in it beside ``path``; gives the
    place.

    Earlier marks go; drop-downs, locks and hidden sheets stay; a formula becomes its text. Raises
    InputError where it cannot be written.
    """
    clear(book)
    for sheet in book.worksheets:
        keep_no_formula(sheet)
        mark(sheet, [fault for fault in faults if fault.sheet == sheet.title])
        for cell in filled(sheet):
            if cell.comment:
                cell.comment = comment(cell.comment.text)
    summarise(book, faults)
    to = marked_path(path)
    save(book, to, date)
    return to


def filled(sheet: Worksheet) -> list[Cell]:
    """The cells of ``sheet`` that exist, row by row; those inside joined cells left out."""
    cells = [sheet._cells[place] for place in sorted(sheet._cells)]
    return [cell for cell in cells if not isinstance(cell, MergedCell)]


def keep_no_formula(sheet: Worksheet) -> None:
    for cell in filled(sheet):
        if cell.data_type == "f":
            put_text(cell, formula(cell.value))


def formula(value: Any) -> str:
    """The text of a formula, be it one cell's or that of a range."""
    return value if isinstance(value, str) else str(getattr(value, "text", None) or "=")


def clear(book: Workbook) -> None:
    """Take the marks of an earlier copy out of ``book``."""
    for title in [s.title for s in book.worksheets]:
        if layout.sheet_names().get(layout.folded(title)) == layout.SUMMARY:
            book.remove(book[title])
    for sheet in book.worksheets:
        column = column_of_faults(sheet)
        for cell in filled(sheet):
            if cell.column == column:
                cell.value = None
            if cell.fill.fill_type == "solid" and cell.fill.fgColor.rgb == RED:
                cell.fill = HEAD if cell.row == layout.TITLES else PatternFill()
            if cell.comment and cell.comment.text.startswith(MARK):
                kept = cell.comment.text.partition(OWN)[2]
                cell.comment = Comment(kept, cell.comment.author) if kept else None


def column_of_faults(sheet: Worksheet) -> int | None:
    return next(
        (
            cell.column
            for (row, _column), cell in sheet._cells.items()
            if row == layout.NAMES and cell.value == layout.FAULTS
        ),
        None,
    )


def mark(sheet: Worksheet, faults: list[Fault]) -> None:
    """Colour the cells of ``faults``, with the message as comment, and tell it on their rows."""
    if not faults:
        return
    beside = 1 + max((cell.column for cell in filled(sheet) if cell.value is not None), default=0)
    rows: dict[int, list[str]] = {}
    cells: dict[tuple[int, int], list[str]] = {}
    for fault in faults:
        row = fault.row or layout.NAMES
        told = f"{fault.column}: {fault.message}" if fault.column else fault.message
        rows.setdefault(row, []).append(told)
        cells.setdefault((row, fault.number or 1), []).append(fault.message)
    for (row, column), messages in cells.items():
        cell = sheet.cell(row, column)
        if isinstance(cell, MergedCell):  # it can hold neither; its row tells the fault
            continue
        cell.fill = PatternFill("solid", fgColor=RED)
        own = OWN + cell.comment.text if cell.comment else ""
        cell.comment = Comment(MARK + "\n".join(messages) + own, "Samenspel")
    head = sheet.cell(layout.TITLES, beside)
    put_text(head, _(layout.SUMMARY))
    head.font, head.fill = font(bold=True), HEAD
    for row, messages in rows.items():
        if row != layout.NAMES:
            put_text(sheet.cell(row, beside), " ".join(messages)[:MOST_TEXT])
            sheet.cell(row, beside).protection = OPEN
    put_text(sheet.cell(layout.NAMES, beside), layout.FAULTS)


def summarise(book: Workbook, faults: list[Fault]) -> None:
    """A first sheet with every fault, linked to its cell."""
    sheet = book.create_sheet(_(layout.SUMMARY), index=0)
    book.active = 0
    put_text(sheet.cell(1, 1), _("{count} faults; nothing was changed.").format(count=len(faults)))
    sheet.cell(1, 1).font = font(14, bold=True)
    for number, title in enumerate(
        (_("sheet"), _("row"), _("column"), _("what is wrong, and what to do")), start=1
    ):
        put_text(sheet.cell(2, number), title)
        sheet.cell(2, number).font = font(bold=True)
    for at, fault in enumerate(faults, start=3):
        put_text(sheet.cell(at, 1), fault.sheet)
        sheet.cell(at, 2).value = fault.row
        put_text(sheet.cell(at, 3), fault.column or "")
        put_text(sheet.cell(at, 4), fault.message)
        if fault.sheet in book.sheetnames:
            cell = sheet.cell(at, 1)
            place = f"{get_column_letter(fault.number or 1)}{fault.row or layout.NAMES}"
            cell.hyperlink = Hyperlink(
                ref=cell.coordinate, location=f"{quote_sheetname(fault.sheet)}!{place}"
            )
            cell.font = Font(FONT, 11, underline="single", color="FF0563C1")
    for letter, width in zip("ABCD", (30, 8, 30, 100), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A3"
