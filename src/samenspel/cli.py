"""The prompt: parse, call, show. Every figure comes from a library function.

Libraries are imported inside the commands, so that ``--help`` is quick.
"""

import json as json_module
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date as Date
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from samenspel.language import _
from samenspel.screening.choices import HORIZON, MANY

if TYPE_CHECKING:
    from samenspel.landscape.findings import Finding

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=_("Regional cooperation in Flanders: who works with whom, and what would fit better."),
    epilog=_("Start with: samenspel demo. English: add --lang en."),
)
imports = typer.Typer(no_args_is_help=True, help=_("Make a landscape folder from data of others."))
app.add_typer(imports, name="import")

Folder = Annotated[Path, typer.Argument(help=_("a landscape folder"), show_default=False)]
Out = Annotated[Path, typer.Option("--out", help=_("the folder to write"), show_default=False)]
Json = Annotated[bool, typer.Option("--json", help=_("print JSON for other programs"))]
On = Annotated[
    datetime | None,
    typer.Option(
        "--date",
        formats=["%Y-%m-%d"],
        help=_("the day to look at; else the day that the folder states, else today"),
    ),
]


# The parent of typer's own faults in the words of a command; typer keeps its name private.
UsageError: Any = typer.BadParameter.__mro__[1]


def run() -> int:
    """Run the command in the arguments of the process; gives its exit code. Raises InputError for
    words that make no command."""
    from samenspel.errors import InputError

    try:
        return app(standalone_mode=False) or 0
    except UsageError as error:
        words = error.format_message()
        if "\n" in words.strip() or not words.strip():  # no arguments: the help has been shown
            return 2
        raise InputError(
            _("{fault} Try samenspel --help.").format(fault=sentence(words.strip()))
        ) from error
    except typer.Abort:
        return 130


def sentence(words: str) -> str:
    """``words`` with a mark at the end."""
    return words if words.endswith(("?", ".", "!")) else f"{words}."


def print_json(value: Any) -> None:
    typer.echo(json_module.dumps(value, ensure_ascii=False, indent=1, allow_nan=False))


@contextmanager
def steps(count: int, *, quiet: bool) -> Iterator[Any]:
    """A progress bar on standard error, where somebody can see it; gives what names a step."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=quiet or not console.is_terminal,
    )
    with bar:
        task = bar.add_task("", total=count)

        def step(name: str) -> None:
            bar.update(task, description=name, advance=1)

        yield step


def checked(findings: "list[Finding]") -> dict[str, Any]:
    """The JSON of ``check``."""
    from samenspel.landscape.findings import errors, warnings

    return {
        "errors": [finding.as_json() for finding in errors(findings)],
        "warnings": [finding.as_json() for finding in warnings(findings)],
    }


@app.command(help=_("Make the example (eight invented municipalities) and screen it."))
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
    from samenspel import terminal
    from samenspel.landscape.example import example
    from samenspel.landscape.generate import generate
    from samenspel.landscape.package import may_write, write
    from samenspel.landscape.validation import check as check_frames
    from samenspel.screening.screen import screen as screen_landscape

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
    terminal.show_screening(screening.as_json())
    terminal.show_findings(findings)
    terminal.show_next(out, landscape)


@imports.command(help=_("The public Flemish files, on the map of 2019 or of 2025."))
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


@imports.command(help=_("A folder of CSV or Parquet files, checked and put in order."))
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
    from samenspel import terminal
    from samenspel.screening.screen import about

    rows = {name: frame.height for name, frame in landscape.frames.items()}
    if json:
        print_json(
            {"landscape": about(landscape), "folder": str(out), "rows": rows, **checked(findings)}
        )
        return
    terminal.show_import(about(landscape), rows, findings)
    terminal.show_next(out, landscape)


@app.command(help=_("Every fault of a landscape folder, with its place. Exits with 1 on errors."))
def check(folder: Folder, date: On = None, json: Json = False) -> None:
    from samenspel import terminal
    from samenspel.landscape.findings import errors
    from samenspel.landscape.load import check_folder

    day, findings = check_folder(folder, date.date() if date else None)
    tell_other_day(folder, day)
    if json:
        print_json({"date": day.isoformat(), **checked(findings)})
    else:
        terminal.show_check(day, findings)
    if errors(findings):
        raise typer.Exit(1)


def tell_other_day(folder: Path, day: Date) -> None:
    """A line on standard error where ``folder`` pictures another day than ``day``."""
    from samenspel.landscape.package import read_descriptor

    stated = read_descriptor(folder)[1]
    if stated is not None and stated != day:
        typer.echo(
            _("Mind: this folder pictures {stated}; what changed between then and {day} is not in "
              "it.").format(stated=stated, day=day),
            err=True,
        )  # fmt: skip


@app.command(help=_("What is there: counts, circles, signals, and what is unknown."))
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
    horizon: Annotated[
        int, typer.Option("--horizon", min=0, max=200, help=_("years ahead for terms that end"))
    ] = HORIZON,
    many: Annotated[
        int,
        typer.Option(
            "--many", min=2, help=_("from how many partnerships of the same few a signal is shown")
        ),
    ] = MANY,
    date: On = None,
    json: Json = False,
) -> None:
    from samenspel import terminal
    from samenspel.errors import InputError
    from samenspel.landscape.load import load
    from samenspel.screening import select
    from samenspel.screening.screen import screen as screen_landscape

    if municipality is not None and region is not None:
        raise InputError(_("Give --municipality or --region, not both."))
    if municipality is not None and zoning is not None:
        raise InputError(_("Give --zoning with --region or alone, not with --municipality."))
    landscape = load(folder, date.date() if date else None)
    tell_other_day(folder, landscape.date)
    screening = screen_landscape(landscape, horizon, many)
    if municipality is not None:
        found = select.of_municipality(screening, select.find_municipality(landscape, municipality))
        show = terminal.show_municipality
    elif region is not None:
        found = select.of_zone(screening, *select.find_zone(landscape, region, zoning))
        show = terminal.show_zone
    else:
        found = screening.as_json()
        show = terminal.show_screening
        if zoning is not None:
            found["zones"] = select.one_zoning(found["zones"], zoning)
    if json:
        print_json(found)
    else:
        show(found)
