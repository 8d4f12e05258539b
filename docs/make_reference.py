"""Write the reference pages that are made from the code: tables and commands.

`python docs/make_reference.py` writes them in the folder `reference` beside this file; with
`--check` it writes nothing, names the pages that are not those of the code, and exits with 1.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from samenspel import __main__ as door
from samenspel import language

language.use("en")  # help texts are translated when the commands are first imported

from samenspel.cli import app  # noqa: E402
from samenspel.landscape.tables import TABLES, Column, Table  # noqa: E402

HERE = Path(__file__).parent / "reference"
VALUES = {
    "<path>": "path",
    "<str>": "text",
    "<list[str]>": "text, may be given more than once",
    "<int>": "whole number",
    "<float>": "number",
    "<int range>": "whole number",
    "<%Y-%m-%d>": "date, as 2025-01-01",
    "<%Y-%m-%d|%Y-%m-%dT%H:%M|%Y-%m-%dT%H:%M:%S>": "date, or moment, as 2025-01-01T12:00",
}

TABLES_HEAD = """\
# Tables of a landscape

This page is made from the code (`make docs`). A landscape is a folder with one CSV file (UTF-8,
commas, a header) or Parquet file per table, named after the table; `geometries` is a GeoPackage.
Only `municipalities.csv` with `nis` and `name` is needed. Any other table or column may be absent,
and absent means unknown. Columns of your own are kept.

Codes are text and keep their leading zeros. Dates are written 2025-01-01, truth is `true` or
`false`, numbers have a decimal point, and money is in whole euro cents.

A folder may hold a history: then any table may have `valid_from` (first day) and `valid_to` (first
day after), and `recorded_from` and `recorded_to` (when the row was on record, such as
2025-01-01T12:00:00.000000Z). An empty bound is open. A table that is called *dated* below has
`valid_from` and `valid_to` also in a landscape of one day.
"""

COMMANDS_HEAD = """\
# Commands

This page is made from the code (`make docs`). `samenspel COMMAND --help` shows the same.

`--lang nl` or `--lang en`, anywhere in the command, chooses the language; else the environment
variable `SAMENSPEL_LANG` does; else it is {default}.

Exit codes: 0 done; 1 `check` found errors, `law findings` a violated rule of status law, or there
is no plan; {wrong} wrong input, with one line on standard error that says what to do;
{interrupted} interrupted.
"""


def cell(text: str) -> str:
    """``text`` as a cell of a Markdown table."""
    return text.replace("|", "\\|")


def grid(heads: list[str], rows: list[list[str]]) -> Iterator[str]:
    """A Markdown table."""
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(cell(text) for text in row)} |"


def bounds(column: Column) -> str:
    """The numbers that ``column`` may hold, in words."""
    low = "" if column.low is None else f"at least {column.low:g}"
    high = "" if column.high is None else f"at most {column.high:g}"
    return " and ".join(part for part in (low, high) if part)


def allowed(column: Column) -> str:
    """What ``column`` may hold: codes, what it refers to, or a range."""
    if column.codes:
        known = ", ".join(f"`{code}`" for code in column.codes)
        return f"{known}; another is kept and counts as unknown" if column.open else known
    if column.reference:
        return f"stands in `{column.reference}`"
    return bounds(column)


def table_page(table: Table) -> Iterator[str]:
    yield f"## {table.name}"
    yield ""
    yield f"{table.meaning[0].upper()}{table.meaning[1:]}."
    yield ""
    key = ", ".join(
        f"`{name}`" + (" (may be empty)" if name in table.nullable_key else "")
        for name in table.key
    )
    dated = " Dated: `valid_from`, `valid_to`." if table.dated else ""
    yield f"Key: {key}.{dated}"
    yield ""
    yield from grid(
        ["column", "type", "meaning", "needed", "may hold", "empty means"],
        [
            [
                f"`{column.name}`",
                column.type,
                column.meaning,
                "yes" if column.required else "",
                allowed(column),
                "fault" if column.required else column.empty,
            ]
            for column in table.columns
        ],
    )
    yield ""


def commands(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every command with its words, groups before what they hold."""
    yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, f"{path} {name}")


def takes(parameter: Any) -> str:
    """What follows the name of an option on the command line."""
    if getattr(parameter, "is_flag", False):
        return ""
    words = VALUES[parameter.display_type(None)]
    about = parameter.type_descriptor.parameter_info
    low = "" if about.min is None else f"at least {about.min}"
    high = "" if about.max is None else f"at most {about.max}"
    return ", ".join(part for part in (words, low, high) if part)


def default(parameter: Any) -> str:
    shown = parameter.default is not None and not getattr(parameter, "is_flag", False)
    return f"`{parameter.default}`" if shown else ""


def command_page(path: str, command: Any) -> Iterator[str]:
    yield f"## {path}"
    yield ""
    yield command.help
    yield ""
    if command.params:
        yield from grid(
            ["word", "takes", "needed", "default", "meaning"],
            [
                [
                    f"`{', '.join(parameter.opts)}`",
                    takes(parameter),
                    "yes" if parameter.required else "",
                    default(parameter),
                    parameter.help or "",
                ]
                for parameter in command.params
            ],
        )
        yield ""


def pages() -> dict[str, str]:
    """Each made page by its name."""
    tables = [TABLES_HEAD, *(line for table in TABLES for line in table_page(table))]
    head = COMMANDS_HEAD.format(
        default={"nl": "Dutch", "en": "English"}[language.DEFAULT],
        wrong=door.WRONG_INPUT,
        interrupted=door.INTERRUPTED,
    )
    whole = commands(typer.main.get_command(app), "samenspel")
    listed = [head, *(line for path, command in whole for line in command_page(path, command))]
    return {
        "tables.md": "\n".join(tables).rstrip() + "\n",
        "commands.md": "\n".join(listed).rstrip() + "\n",
    }


def main(arguments: list[str]) -> int:
    stale = []
    for name, text in pages().items():
        page = HERE / name
        if page.exists() and page.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in arguments:
            page.parent.mkdir(exist_ok=True)
            page.write_text(text, encoding="utf-8")
    if "--check" in arguments and stale:
        print(f"not those of the code, run make docs: {', '.join(stale)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
