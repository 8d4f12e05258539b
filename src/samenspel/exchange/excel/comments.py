"""The comments of a workbook: at the head of a column what it is and what it may hold."""

from openpyxl.comments import Comment

from samenspel.exchange.excel import layout
from samenspel.exchange.excel.layout import Field, sheet_title
from samenspel.language import _, mark
from samenspel.words import column_word

AUTHOR = "Samenspel"
LINE = 38  # signs on a line of a comment
KINDS = {
    "integer": mark("A whole number."),
    "number": mark("A number."),
    "boolean": mark("Yes or no."),
    "date": mark("A date: year-month-day, such as 2025-01-31."),
    "datetime": mark("A moment, such as 2025-01-01T12:00:00.000000Z."),
}


def comment(text: str) -> Comment:
    """A comment that is as large as its text."""
    made = Comment(text, AUTHOR)
    lines = sum(1 + len(line) // LINE for line in text.split("\n"))
    made.width, made.height = 260, 20 + 18 * lines
    return made


def explained(field: Field) -> str:
    """What the column of ``field`` is and may hold, a sentence on each line."""
    if field.own:
        meaning = _("a column of your own")
    else:  # the meaning of a sum of money speaks of cents, which the sheet does not show
        meaning = column_word(field.name) if field.money else _(field.column.meaning)
    said = [f"{meaning[:1].upper()}{meaning[1:]}."]
    if field.column.required:
        said.append(_("Required."))
    else:
        said.append(_("Empty means: {what}.").format(what=_(layout.EMPTY[field.column.empty])))
    return "\n".join(said + may_hold(field))


def may_hold(field: Field) -> list[str]:
    column, unit = field.column, 100 if field.money else 1
    said = []
    if column.codes:
        said.append(
            _("Choose from the list; another word is kept but counts as unknown.")
            if column.open
            else _("Choose from the list.")
        )
    if column.reference:
        sheet = sheet_title(column.reference.split(".")[0])
        said.append(_("A code from the sheet {sheet}, or its exact name.").format(sheet=sheet))
    if field.money:
        said.append(_("In euro, with at most two decimals."))
    elif field.type in KINDS:
        said.append(_(KINDS[field.type]))
    if column.low is not None:
        said.append(_("At least {bound}.").format(bound=f"{column.low / unit:g}"))
    if column.high is not None:
        said.append(_("At most {bound}.").format(bound=f"{column.high / unit:g}"))
    return said
