"""A line, a table, a heading."""

from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from samenspel.language import _
from samenspel.words import part

PLAIN_WIDTH = 120  # where the output is no terminal


class Screen(Console):
    """A console that leaves a reader who stops early (``| head``) to the program's door."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def console() -> Console:
    screen = Screen(highlight=False)
    return screen if screen.is_terminal else Screen(highlight=False, width=PLAIN_WIDTH)


def say(text: str = "") -> None:
    console().print(escape(text), soft_wrap=True)


def table(
    title: str, columns: list[str], rows: list[list[str]], left: int = 1, unbroken: int = 0
) -> None:
    """A table; the first ``left`` columns are words, the others figures; the first ``unbroken``
    stay on one line."""
    drawn = Table(title=escape(title), title_justify="left", title_style="bold", box=SIMPLE_HEAD)
    for place, column in enumerate(columns):
        words = place < left
        drawn.add_column(
            escape(column),
            justify="left" if words else "right",
            overflow="fold",
            no_wrap=place < unbroken,
        )
    for row in rows:
        drawn.add_row(*(escape(cell) for cell in row))
    console().print(drawn)


def heading(found: dict[str, Any]) -> None:
    about = found["landscape"]
    say()
    say(_("{name} on {date}").format(name=about["name"] or _("Landscape"), date=about["date"]))
    if about["fictional"]:
        say(_("This land is invented; no figure here is of a real municipality."))
    say()


def say_confirmed(of: str, figures: dict[str, Any]) -> None:
    """How many of the rows of ``of`` were confirmed by those whom they concern."""
    if not figures["rows"]:
        say(_("Confirmed of {name}: there are no rows to confirm yet.").format(name=of))
    else:
        say(_("Confirmed of {name}: {confirmed} of {rows} rows ({share}).").format(
            name=of, confirmed=figures["confirmed"], rows=figures["rows"],
            share=part(figures["share"])))  # fmt: skip
