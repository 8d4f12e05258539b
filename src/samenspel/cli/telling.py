"""Commands that make a document: the workbook of a region, the report for everybody."""

from pathlib import Path
from typing import Annotated

import typer

from samenspel.cli.common import (
    Folder,
    Horizon,
    Json,
    Many,
    On,
    print_json,
    steps,
    tell_other_day,
)
from samenspel.language import _
from samenspel.screening.choices import HORIZON, MANY


def workbook(
    folder: Folder,
    region: Annotated[
        str, typer.Option("--region", help=_("the zone, by code or name"), show_default=False)
    ],
    out: Annotated[
        Path, typer.Option("--out", help=_("the .xlsx file to write"), show_default=False)
    ],
    zoning: Annotated[
        str | None, typer.Option("--zoning", help=_("the zoning to look the zone up in"))
    ] = None,
    date: On = None,
    json: Json = False,
) -> None:
    from samenspel.errors import InputError
    from samenspel.exchange.excel import write_workbook
    from samenspel.landscape.load import load
    from samenspel.screening.select import find_zone
    from samenspel.terminal.folders import show_workbook

    landscape = load(folder, date.date() if date else None)
    tell_other_day(folder, landscape.date)
    named, zone = find_zone(landscape, region, zoning)
    if out.exists():
        raise InputError(
            _("{file} is there already and may have been filled in; name another file.").format(
                file=out
            )
        )
    rows = write_workbook(landscape, named, zone, out)
    if json:
        print_json({"zoning": named, "zone": zone, "file": str(out), "rows": rows})
    else:
        show_workbook(rows, folder, out, f"{named} {zone}")


def report(
    folder: Folder,
    out: Annotated[Path, typer.Option("--out", help=_("the file to write"), show_default=False)],
    zoning: Annotated[
        str | None, typer.Option("--zoning", help=_("the zoning to draw; else the regions"))
    ] = None,
    region: Annotated[
        str | None,
        typer.Option(
            "--region",
            help=_("tell the plan of this zone too, by code or name; needs the extra solve"),
        ),
    ] = None,
    partnership: Annotated[
        str | None,
        typer.Option("--partnership", help=_("whose members to draw, by code; else the largest")),
    ] = None,
    horizon: Horizon = HORIZON,
    many: Many = MANY,
    date: On = None,
    json: Json = False,
) -> None:
    from samenspel.alignment.plan.plan import Plan
    from samenspel.alignment.plan.rationalise import rationalise
    from samenspel.cli.ruling import zone_of
    from samenspel.landscape.load import load
    from samenspel.landscape.wholefolder import whole_file
    from samenspel.reports.contents import contents
    from samenspel.reports.page import may_replace, page
    from samenspel.screening.screen import screen as screen_landscape
    from samenspel.terminal.basics import say

    # A whole path says more of the maker's machine than a reader of the page should know.
    shown = folder.resolve().name if folder.is_absolute() else str(folder)
    may_replace(out)
    with steps(3 if region is None else 4, quiet=json) as step:
        step(_("reading"))
        landscape = load(folder, date.date() if date else None)
        tell_other_day(folder, landscape.date)
        plan = None
        if region is not None:
            named, zone = zone_of(landscape, region, zoning)
            step(_("searching the plan"))
            done = rationalise(landscape, zone or region, named)
            assert isinstance(done, Plan)  # without wishes nothing clashes: all may stay
            plan = done
        step(_("screening"))
        found = contents(screen_landscape(landscape, horizon, many), zoning, partnership, plan)
        step(_("drawing"))
        whole_file(out, page(landscape, found, shown).encode())
    if json:
        print_json({**found, "file": str(out)})
    else:
        say(_("The report lies in {file}; open it in a browser.").format(file=out))
