"""What the first sheet of a workbook tells the person who fills it in."""

from samenspel.exchange.excel.basis import Basis
from samenspel.exchange.excel.layout import sheet_title
from samenspel.language import _


def readme(basis: Basis, territory: str, *, fictional: bool) -> list[tuple[str, list[str]]]:
    """Headings, each with its paragraphs."""
    whole = basis.name or territory or _("a landscape without a name")
    about = [
        _("What is known of cooperation in {zone}, from {landscape}, as it stands on "
          "{date}.").format(
            zone=basis.zone_name, landscape=whole, date=basis.date.isoformat()),
        _("The public lists know few partnerships of a region. Complete and correct what stands "
          "here, and give the workbook back; then it is read into the landscape again."),
    ]  # fmt: skip
    if fictional:
        about.append(_("Everything in it is invented; it pictures no real land and no real body."))
    return [
        (_("Workbook of {zone}").format(zone=basis.zone_name), about),
        (
            _("How to fill it in"),
            [
                _("An empty cell means unknown. Never type 0, “none” or “no” for what you do not "
                  "know; leave it empty. Emptying a cell makes its value unknown."),
                _("Rows 1 and 2 and the names of the sheets stay as they are. A comment at the "
                  "head of each column says what it may hold. Columns whose name in row 2 begins "
                  "with # are for reading only."),
                _("New rows go at the bottom of a sheet. A new partnership has as its code the "
                  "enterprise number, or a code of your own where it has none; use the same code "
                  "in the sheets {memberships} and {tasks}.").format(
                    memberships=sheet_title("memberships"), tasks=sheet_title("tasks")),
                _("A partner that is not in the list goes into the sheet {organisations} first. "
                  "Instead of a code you may type the exact name, where no other has it.").format(
                    organisations=sheet_title("organisations")),
                _("Source: the code of a row in the sheet {sources}. Leave it empty and this "
                  "workbook becomes the source. Confirmed by: the organisation or function that "
                  "confirms the row.").format(sources=sheet_title("sources")),
                _("Put no formulas in the cells, but their values. Money is in euro. Dates are "
                  "typed as year-month-day."),
                _("Put no personal data in the workbook: no names of people, no addresses, no "
                  "telephone numbers."),
            ],
        ),
        (
            _("How to give it back"),
            [
                _("See first what would change: samenspel import excel WORKBOOK --into FOLDER "
                  "--dry-run. Then do it: the same without --dry-run."),
                _("Where something is wrong nothing is changed, and a copy of the workbook is made "
                  "that tells each fault beside its cell. Mend it there and give back that copy."),
                _("A row that you delete here stays in the landscape, unless it is read with "
                  "--remove."),
            ],
        ),
        (
            _("What is left out"),
            [
                _("Areas, borders and flows between municipalities are not here: they come from "
                  "maps and statistics and are not completed by hand."),
            ],
        ),
    ]  # fmt: skip
