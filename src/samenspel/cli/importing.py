"""Commands that make or change a landscape folder from data of others."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from samenspel.cli.common import Json, On, Out, checked, print_json, steps
from samenspel.language import _

if TYPE_CHECKING:
    from samenspel.landscape.findings import Finding


def flanders(
    source: Annotated[
        Path, typer.Option("--from", help=_("the folder with the raw files"), show_default=False)
    ],
    year: Annotated[int, typer.Option("--year", help=_("the map: 2019 or 2025"))],
    out: Out,
    json: Json = False,
) -> None:
    from samenspel.exchange.flanders import import_flanders
    from samenspel.landscape.package import may_write

    may_write(out, replace=True)
    with steps(6, quiet=json) as step:
        landscape, findings = import_flanders(source, year, step)
        step(_("writing"))
        finished = finish_import(landscape, findings, out)
    show_import(landscape, finished, out, json=json)


def package(
    source: Annotated[Path, typer.Argument(help=_("the folder to read"), show_default=False)],
    out: Out,
    date: On = None,
    json: Json = False,
) -> None:
    from samenspel.landscape.load import load

    landscape = load(source, date.date() if date else None)
    left_out = rows_of_other_days(source, landscape)
    if left_out:
        typer.echo(
            _("Rows that do not hold on {day} and are left out: {count}.").format(
                day=landscape.date, count=left_out
            ),
            err=True,
        )
    show_import(landscape, finish_import(landscape, [], out), out, json=json)


def rows_of_other_days(folder: Path, landscape: Any) -> int:
    """How many rows of ``folder`` are not in ``landscape``, as they hold on other days."""
    from samenspel.landscape.load import load_chronicle

    chronicle = load_chronicle(folder)
    return sum(f.height - landscape.table(n).height for n, f in chronicle.frames.items())


def excel(
    book: Annotated[Path, typer.Argument(help=_("the workbook"), show_default=False)],
    into: Annotated[
        Path, typer.Option("--into", help=_("the landscape folder to change"), show_default=False)
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=_("show what would change and change nothing"))
    ] = False,
    remove: Annotated[
        bool, typer.Option("--remove", help=_("also end rows that were deleted in the workbook"))
    ] = False,
    json: Json = False,
) -> None:
    from samenspel.errors import InputError
    from samenspel.exchange.excel import import_workbook
    from samenspel.terminal.folders import show_merge

    found = import_workbook(book, into, dry_run=dry_run, remove=remove)
    if json:
        print_json(found.as_json())
    if found.faults:
        raise InputError(
            _("Nothing is changed: {count} faults, the first: {first} All stand beside their cells "
              "in {marked}.").format(
                count=len(found.faults), first=found.faults[0], marked=found.marked
            )
        )  # fmt: skip
    if not json:
        show_merge(found, into)


def finish_import(landscape: Any, findings: "list[Finding]", out: Path) -> "list[Finding]":
    """Check and write ``landscape``; gives every finding. Nothing is written where one is an
    error."""
    from samenspel.errors import InputError
    from samenspel.landscape.findings import errors
    from samenspel.landscape.package import write
    from samenspel.landscape.validation import check as check_frames

    found = check_frames(landscape.frames, landscape.date)
    if errors(found):
        raise InputError(
            _("Nothing is written; the data has {count} errors, the first: {first}").format(
                count=len(errors(found)), first=errors(found)[0]
            )
        )
    known = {(finding.code, finding.message) for finding in found}
    write(landscape, out, replace=True)
    return found + [f for f in findings if (f.code, f.message) not in known]


def show_import(landscape: Any, findings: "list[Finding]", out: Path, *, json: bool) -> None:
    from samenspel.screening.screen import about
    from samenspel.terminal.folders import show_import, show_next

    rows = {name: frame.height for name, frame in landscape.frames.items()}
    if json:
        print_json(
            {"landscape": about(landscape), "folder": str(out), "rows": rows, **checked(findings)}
        )
        return
    show_import(about(landscape), rows, findings)
    show_next(out, landscape)
