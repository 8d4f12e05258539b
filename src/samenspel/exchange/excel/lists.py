"""The drop-downs of a workbook. Their lists have names of their own, as a list on another sheet
that is given by its place is lost when a spreadsheet program saves it."""

from collections.abc import Callable, Mapping

from openpyxl import Workbook
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from samenspel.exchange.excel import layout
from samenspel.exchange.excel.layout import Field, sheet_title
from samenspel.exchange.excel.names import ALSO
from samenspel.exchange.excel.values import TRUTH, code_word, say
from samenspel.landscape import tables
from samenspel.language import _

LONGEST = 20_000  # rows of a sheet that a drop-down offers


def add_lists(
    book: Workbook, sheets: Mapping[str, tuple[Field, ...]], place: Callable[[Field], int]
) -> None:
    """Give every column of ``sheets`` (per table) with a fixed set of values its drop-down, and
    each that refers to another sheet the codes there. ``place``: the number of a column."""
    hidden = book.create_sheet(layout.LISTS)
    hidden.sheet_state = "hidden"
    for reference in references(sheets):
        name_codes(book, reference, sheets, place)
    for table, found in sheets.items():
        sheet = book[sheet_title(table)]
        for field in found:
            words = offered(field)
            if words:
                name = name_words(book, hidden, f"list_{table}_{field.name}", words)
                add(sheet, place(field), name, "warning" if field.column.open else "stop")
            elif field.column.reference:
                reference = field.column.reference
                told = "information" if reference not in ALSO else ""
                add(sheet, place(field), called(reference), told)


def offered(field: Field) -> list[str]:
    """The words that ``field`` may hold, where those are given."""
    if field.type == "boolean":
        return [_(word) for word in TRUTH.values()]
    return [code_word(code, say) for code in field.column.codes]


def references(sheets: Mapping[str, tuple[Field, ...]]) -> list[str]:
    return sorted({f.column.reference for found in sheets.values() for f in found} - {""})


def called(reference: str) -> str:
    return f"codes_{reference.replace('.', '_')}"


def name_codes(
    book: Workbook,
    reference: str,
    sheets: Mapping[str, tuple[Field, ...]],
    place: Callable[[Field], int],
) -> None:
    """Name the column of codes that ``reference`` stands for."""
    table, column = reference.split(".")
    (field,) = (found for found in sheets[tables.BY_NAME[table].name] if found.name == column)
    letter = get_column_letter(place(field))
    name_range(book, called(reference), sheet_title(table), letter, layout.FIRST, LONGEST)


def name_words(book: Workbook, hidden: Worksheet, name: str, words: list[str]) -> str:
    """Write ``words`` in a column of the hidden sheet and give it ``name``."""
    number = 1 if hidden.cell(1, 1).value is None else hidden.max_column + 1
    for row, word in enumerate(words, start=1):
        cell = hidden.cell(row, number)
        cell.value = word
        cell.data_type = "s"
    name_range(book, name, layout.LISTS, get_column_letter(number), 1, len(words))
    return name


def name_range(book: Workbook, name: str, sheet: str, letter: str, first: int, last: int) -> None:
    place = f"{quote_sheetname(sheet)}!${letter}${first}:${letter}${last}"
    book.defined_names[name] = DefinedName(name, attr_text=place)


def add(sheet: Worksheet, number: int, name: str, style: str) -> None:
    """Offer the list ``name`` in a column. ``style``: what happens to another value: ``stop``,
    ``warning``, ``information``, or nothing."""
    told = {
        "stop": _("Choose a value from the list, or leave the cell empty for unknown."),
        "warning": _("This is not in the list; it is kept, but counts as unknown."),
        "information": _("This code is not in the other sheet yet; add it there, or check it."),
    }
    letter = get_column_letter(number)
    sheet.add_data_validation(
        DataValidation(
            type="list",
            formula1=name,
            allow_blank=True,
            showErrorMessage=bool(style),
            errorStyle=style or None,  # type: ignore[arg-type]
            errorTitle=_("Not in the list"),
            error=told.get(style),
            sqref=f"{letter}{layout.FIRST}:{letter}{layout.LAST}",
        )
    )
