"""What the commands share: the words that they take, JSON, progress."""

import json as json_module
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date as Date
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from samenspel.language import _

if TYPE_CHECKING:
    from rich.progress import Progress

    from samenspel.landscape.findings import Finding

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

Horizon = Annotated[
    int, typer.Option("--horizon", min=0, max=200, help=_("years ahead for terms that end"))
]
Many = Annotated[
    int,
    typer.Option(
        "--many", min=2, help=_("from how many partnerships of the same few a signal is shown")
    ),
]


def print_json(value: Any) -> None:
    typer.echo(json_module.dumps(value, ensure_ascii=False, indent=1, allow_nan=False))


def progress(*, quiet: bool) -> "Progress":
    """A line of words and a bar on standard error, where somebody can see it."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=quiet or not console.is_terminal,
    )


@contextmanager
def steps(count: int, *, quiet: bool) -> Iterator[Any]:
    """A progress bar on standard error, where somebody can see it; gives what names a step."""
    with progress(quiet=quiet) as bar:
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
