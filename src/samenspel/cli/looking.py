"""Commands that make an example, check a landscape and screen it."""

from pathlib import Path
from typing import Annotated

import typer

from samenspel.cli.common import (
    Folder,
    Horizon,
    Json,
    Many,
    On,
    checked,
    print_json,
    steps,
    tell_other_day,
)
from samenspel.language import _
from samenspel.screening.choices import HORIZON, MANY


def demo(
    out: Annotated[
        Path | None, typer.Option("--out", help=_("the folder to write"), show_default=False)
    ] = None,
    size: Annotated[
        int | None,
        typer.Option(
            "--size",
            min=30,
            max=30_000,
            help=_("make Voorbeeldland instead, an invented country of so many municipalities"),
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option("--seed", min=0, help=_("another seed makes another Voorbeeldland"))
    ] = 1,
    json: Json = False,
) -> None:
    from samenspel.landscape.example import example
    from samenspel.landscape.generate import generate
    from samenspel.landscape.package import may_write, write
    from samenspel.landscape.validation import check as check_frames
    from samenspel.screening.screen import screen as screen_landscape
    from samenspel.terminal.folders import show_findings, show_next
    from samenspel.terminal.screening import show_screening

    out = out or Path("voorbeeldstreek" if size is None else "voorbeeldland")
    may_write(out, replace=True)
    with steps(1, quiet=json) as step:
        step(_("making the land"))
        landscape = example() if size is None else generate(size, seed)
    write(landscape, out, replace=True)
    screening = screen_landscape(landscape)
    findings = check_frames(landscape.frames, landscape.date)
    if json:
        print_json({**screening.as_json(), "folder": str(out), **checked(findings)})
        return
    show_screening(screening.as_json())
    show_findings(findings)
    show_next(out, landscape)


def check(folder: Folder, date: On = None, json: Json = False) -> None:
    from samenspel.landscape.confirmation import confirmed
    from samenspel.landscape.findings import errors
    from samenspel.landscape.load import looked_at
    from samenspel.terminal.folders import show_check
    from samenspel.terminal.screening import show_confirmed

    day, findings, land = looked_at(folder, date.date() if date else None)
    tell_other_day(folder, day)
    shares = None if land is None else confirmed(land)
    if json:
        print_json({"date": day.isoformat(), **checked(findings), "confirmed": shares})
    else:
        show_check(day, findings)
        if shares is not None:
            show_confirmed(shares)
    if errors(findings):
        raise typer.Exit(1)


def screen(
    folder: Folder,
    municipality: Annotated[
        str | None, typer.Option("--municipality", help=_("one municipality, by code or name"))
    ] = None,
    region: Annotated[
        str | None, typer.Option("--region", help=_("one zone, by code or name"))
    ] = None,
    zoning: Annotated[
        str | None, typer.Option("--zoning", help=_("the zoning to show or to look the zone up in"))
    ] = None,
    horizon: Horizon = HORIZON,
    many: Many = MANY,
    date: On = None,
    json: Json = False,
) -> None:
    from samenspel.errors import InputError
    from samenspel.landscape.load import load
    from samenspel.screening import select
    from samenspel.screening.screen import screen as screen_landscape
    from samenspel.terminal.screening import show_municipality, show_screening, show_zone

    if municipality is not None and region is not None:
        raise InputError(_("Give --municipality or --region, not both."))
    if municipality is not None and zoning is not None:
        raise InputError(_("Give --zoning with --region or alone, not with --municipality."))
    landscape = load(folder, date.date() if date else None)
    tell_other_day(folder, landscape.date)
    screening = screen_landscape(landscape, horizon, many)
    if municipality is not None:
        found = select.of_municipality(screening, select.find_municipality(landscape, municipality))
        show = show_municipality
    elif region is not None:
        found = select.of_zone(screening, *select.find_zone(landscape, region, zoning))
        show = show_zone
    else:
        found = screening.as_json()
        show = show_screening
        if zoning is not None:
            found["zones"] = select.one_zoning(found["zones"], zoning)
    if json:
        print_json(found)
    else:
        show(found)
