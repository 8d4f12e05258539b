"""Commands that hold a landscape against rules: findings, advice on form, deadlines, alignment."""

from collections.abc import Sequence
from datetime import date as Date
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from samenspel.cli.common import Folder, Json, On, print_json, tell_other_day
from samenspel.language import _

Zoning = Annotated[
    str | None, typer.Option("--zoning", help=_("the zoning to fit; else the reference regions"))
]
Region = Annotated[str | None, typer.Option("--region", help=_("one zone, by code or name"))]
Readings = Annotated[
    list[str] | None,
    typer.Option(
        "--reading",
        help=_("where publications differ: QUESTION=READING; may be given more than once"),
    ),
]


NEEDED = ("partnerships", "memberships")


def opened(folder: Path, date: datetime | None, needed: Sequence[str] = ()) -> Any:
    """The landscape in ``folder`` on ``date``. Raises InputError where it lacks a table that is
    ``needed``: what is absent is unknown, and of the unknown no figure can be given."""
    from samenspel.errors import InputError
    from samenspel.landscape.load import load

    landscape = load(folder, date.date() if date else None)
    for table in needed:
        if not landscape.knows(table):
            raise InputError(
                _("This needs the table {table}, and this landscape has none; add it.").format(
                    table=table
                )
            )
    tell_other_day(folder, landscape.date)
    return landscape


def chosen(readings: list[str] | None) -> dict[str, str]:
    """The readings given as QUESTION=READING. Raises InputError."""
    from samenspel.errors import InputError

    found: dict[str, str] = {}
    for text in readings or ():
        question, sign, reading = text.partition("=")
        if not sign or not question or not reading:
            raise InputError(_("--reading {text}: write QUESTION=READING.").format(text=text))
        if found.get(question, reading) != reading:
            raise InputError(
                _("--reading {text}: {question} has another reading already; give one.").format(
                    text=text, question=question
                )
            )
        found[question] = reading
    return found


def zone_of(
    landscape: Any, region: str | None, zoning: str | None
) -> tuple[str | None, str | None]:
    """(zoning, zone) of ``region``, which may be given by name; of the zoning to fit where none is
    named."""
    from samenspel.screening.select import find_zone, zoning_chosen

    if region is None:
        return zoning, None
    return find_zone(landscape, region, zoning or zoning_chosen(landscape))


def findings(
    folder: Folder,
    date: On = None,
    readings: Readings = None,
    everything: Annotated[
        bool, typer.Option("--all", help=_("also what is satisfied and what is unknown"))
    ] = False,
    json: Json = False,
) -> None:
    from samenspel.law.findings import counts, law_findings
    from samenspel.terminal.findings import show_findings

    landscape = opened(folder, date, NEEDED)
    found = law_findings(landscape, landscape.date, chosen(readings))
    if json:
        shown = found if everything else [f for f in found if f.outcome == "violated"]
        print_json({"counts": counts(found), "findings": [f.as_json() for f in shown]})
    else:
        show_findings(found, everything)
    if any(f.outcome == "violated" and f.status == "law" for f in found):
        raise typer.Exit(1)


def advise(
    folder: Annotated[
        Path | None,
        typer.Argument(help=_("a landscape folder, to see what exists"), show_default=False),
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(
            "--answers", help=_("a YAML or JSON file with the answers"), show_default=False
        ),
    ] = None,
    date: On = None,
    json: Json = False,
) -> None:
    from samenspel.law import advice, questions
    from samenspel.terminal.ruling import ask, show_advice

    landscape = None if folder is None else opened(folder, date, NEEDED)
    given = questions.checked(questions.read_answers(answers) if answers else ask(), landscape)
    day = date.date() if date else landscape.date if landscape else Date.today()  # noqa: DTZ011
    found = advice.advise(given, day, landscape)
    if json:
        print_json(found.as_json())
    else:
        show_advice(found)


def align(
    folder: Folder,
    zoning: Zoning = None,
    region: Region = None,
    readings: Readings = None,
    date: On = None,
    json: Json = False,
) -> None:
    from samenspel.alignment.align import align as align_landscape
    from samenspel.alignment.explanation import explanations
    from samenspel.alignment.priorities import priorities
    from samenspel.terminal.ruling import show_alignment

    landscape = opened(folder, date, NEEDED)
    named, zone = zone_of(landscape, region, zoning)
    found = align_landscape(landscape, named, zone, readings=chosen(readings))
    if json:
        print_json(
            {
                **found.as_json(),
                "explanations": explanations(found),
                "priorities": priorities(landscape, named, zone).as_json(),
            }
        )
    else:
        show_alignment(found)


def deadlines(
    folder: Folder,
    zoning: Zoning = None,
    region: Region = None,
    lead: Annotated[
        int, typer.Option("--lead", help=_("months before the end of a term in which to decide"))
    ] = 12,
    readings: Readings = None,
    date: On = None,
    json: Json = False,
) -> None:
    from samenspel.alignment.calendar import calendar
    from samenspel.terminal.ruling import show_calendar

    landscape = opened(folder, date, NEEDED)
    named, zone = zone_of(landscape, region, zoning)
    found = calendar(landscape, named, zone, lead, chosen(readings))
    if json:
        print_json(found.as_json())
    else:
        show_calendar(found)


def rationalise(
    folder: Folder,
    region: Annotated[
        str, typer.Option("--region", help=_("the zone, by code or name"), show_default=False)
    ],
    zoning: Annotated[
        str | None, typer.Option("--zoning", help=_("the zoning to look the zone up in"))
    ] = None,
    wishes: Annotated[
        Path | None,
        typer.Option("--wishes", help=_("a YAML or JSON file with wishes and settings")),
    ] = None,
    seconds: Annotated[float, typer.Option("--seconds", help=_("time to search, at most"))] = 30.0,
    date: On = None,
    json: Json = False,
) -> None:
    from samenspel.alignment.plan.plan import Clash
    from samenspel.alignment.plan.rationalise import rationalise as plan_of
    from samenspel.alignment.plan.settings import Settings
    from samenspel.alignment.plan.wishfile import read_wishes
    from samenspel.cli.common import steps
    from samenspel.terminal.plan import show_clash, show_plan

    landscape = opened(folder, date)
    named, zone = zone_of(landscape, region, zoning)
    wanted, settings = read_wishes(wishes) if wishes else ((), Settings())
    with steps(1, quiet=json) as step:
        step(_("searching the plan"))
        found = plan_of(landscape, zone or region, named, settings, wanted, seconds)
    if json:
        print_json(found.as_json())
    elif isinstance(found, Clash):
        show_clash(found)
    else:
        show_plan(found)
    if isinstance(found, Clash):
        raise typer.Exit(1)
