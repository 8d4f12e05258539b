"""The prompt: parse, call, show. Every figure comes from a library function.

Libraries are imported inside the commands, so that ``--help`` is quick.
"""

from typing import Any

import typer

from samenspel.cli import (
    drawing,
    funding,
    importing,
    looking,
    merging,
    placing,
    registerimport,
    registering,
    ruling,
    serving,
    sharing,
    supposing,
    telling,
)
from samenspel.cli.faults import in_words
from samenspel.language import _

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=_("Regional cooperation in Flanders: who works with whom, and what would fit better."),
    epilog=_("Start with: samenspel demo. English: add --lang en."),
)
imports = typer.Typer(no_args_is_help=True, help=_("Make a landscape folder from data of others."))

app.command(help=_("Make the example (eight invented municipalities) and screen it."))(looking.demo)
app.command(help=_("Every fault of a landscape folder, with its place. Exits with 1 on errors."))(
    looking.check
)
app.command(help=_("What is there: counts, circles, signals, and what is unknown."))(looking.screen)
app.command(help=_("A report for everybody: one HTML file with figures, maps, tables, signals."))(
    telling.report
)
app.command(help=_("What is known of a region, to complete in Excel or LibreOffice."))(
    telling.workbook
)
law = typer.Typer(no_args_is_help=True, help=_("What the rules say of a landscape."))
law.command(help=_("What the rules say of each partnership, with reasons. Exits with 1 where one "
                   "of status law is violated."))(ruling.findings)  # fmt: skip
app.add_typer(law, name="law")
app.command(help=_("Which legal form: what the answers to six questions admit, and why."))(
    ruling.advise
)
app.command(
    help=_("Which partnerships fit the regions, which cross them, and what would mend it.")
)(ruling.align)
app.command(help=_("What is due: terms, decisions, limits; and of what the date is unknown."))(
    ruling.deadlines
)
app.command(help=_("The plan of a region from many partnerships to few. Exits with 1 where none is "
                   "possible."))(ruling.rationalise)  # fmt: skip
app.command(help=_("Draw regions around cooperation: the best plan found. Exits with 1 where no "
                   "valid plan is found."))(drawing.delineate)  # fmt: skip
app.command(help=_("The best zones within each region, proven. Exits with 1 where a region has no "
                   "plan."))(drawing.zones)  # fmt: skip
app.command(help=_("Many valid plans by chance, and how unusual a plan is among them. Exits with 1 "
                   "where there is none to start from."))(placing.ensemble)  # fmt: skip
app.command(help=_("Clearly different plans between two or three goals, and what each gives for "
                   "the other. Exits with 1 where there is none."))(placing.tradeoff)  # fmt: skip
app.command(
    help=_("Side by side: plans and their moves; what differs between landscapes, after scenarios, "
           "in files of sharing.")
)(placing.compare)  # fmt: skip
app.command(help=_("Who could join whom within given zones, with the status quo and cooperation "
                   "only beside; never one verdict."))(merging.mergers)  # fmt: skip
app.command(help=_("What a municipal fund gives, with its sum by hand, and what changes. Without "
                   "--rules an example that is not the present law."))(funding.fund)  # fmt: skip
app.command(help=_("Who bears what, by keys, by games or by claims; whether a group is better off "
                   "on its own, and why each pays what it pays."))(sharing.share)  # fmt: skip
imports.command(help=_("The public Flemish files, on the map of 2019 or of 2025."))(
    importing.flanders
)
imports.command(help=_("A folder of CSV or Parquet files, checked and put in order."))(
    importing.package
)
imports.command(help=_("A completed workbook, merged into the landscape that it was made from."))(
    importing.excel
)
app.add_typer(imports, name="import")
scenario = typer.Typer(no_args_is_help=True, help=_("What if: operations on a landscape."))
scenario.command(help=_("Every fault of a scenario, with line and reason. Exits with 2 where there "
                        "are any."))(supposing.check)  # fmt: skip
scenario.command(help=_("The landscape after every operation of a scenario, in a new folder."))(
    supposing.apply
)
scenario.command(help=_("Two scenarios as one, or where they cannot go together."))(
    supposing.combine
)
scenario.command("from", help=_("A plan of partnerships or of zones, written as a scenario."))(
    supposing.from_plan
)
app.add_typer(scenario, name="scenario")
app.command(help=_("The server: its pages and its computations, until Ctrl-C."))(serving.serve)
app.command("admin-link", help=_("A link with which somebody becomes administrator, once."))(
    serving.admin_link
)
register = typer.Typer(no_args_is_help=True, help=_("What is on record: a register as a whole."))
register.command(help=_("Everything in one file, while others work on."))(registering.backup)
register.command(help=_("A back-up brought back, into an empty register."))(registering.restore)
register.command(help=_("Whether the whole database is sound. Exits with 1 where it is not."))(
    registering.check
)
register.command(help=_("A database of an earlier version brought to this one, after a back-up."))(
    registering.upgrade
)
register.command("import", help=_("A landscape folder or a workbook taken in, as one change."))(
    registerimport.take_in
)
register.command(help=_("The picture of one day, as a landscape folder."))(registering.export)
app.add_typer(register, name="register")

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
            typer.echo(_("Name a command; they stand above."), err=True)
            return 2
        raise InputError(
            _("{fault} Try samenspel --help.").format(fault=sentence(in_words(words.strip())))
        ) from error
    except typer.Abort:
        return 130


def sentence(words: str) -> str:
    """``words`` with a mark at the end."""
    return words if words.endswith(("?", ".", "!")) else f"{words}."
