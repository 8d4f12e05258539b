"""Two studies side by side at the prompt: what differs, how much is the same, what is unknown."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from samenspel.compare.section import Section
from samenspel.compare.telling import alike, sections, settings_told, side_by_side
from samenspel.compare.tellingbodies import sharing
from samenspel.language import _
from samenspel.terminal.basics import say, table
from samenspel.terminal.scenario import show_notes
from samenspel.words import day

ROWS = 12  # of a table; --json gives all
Json = Mapping[str, Any]


def show_comparisons(data: Json, written: Sequence[Path]) -> None:
    """Each study beside the first; where they are several first all of them in one table."""
    about = data["landscape"]
    say()
    say(_("{name} on {date}, and beside it:").format(
        name=about["name"] or _("Landscape"), date=day(about["date"])))  # fmt: skip
    for one in data["comparisons"]:
        say(f"- {one['title']}")
    if about["fictional"]:
        say(_("This land is invented; no figure here is of a real municipality."))
    if len(data["comparisons"]) > 1:
        shown = side_by_side(data)
        table(shown.title, list(shown.heads), [list(row) for row in shown.rows], shown.left)
    for one in data["comparisons"]:
        several = len(data["comparisons"]) > 1
        show_comparison(one, named=several, everything=data["everything"])
    say()
    say(_("--all lists what is the same too; --json gives every row. What differs says nothing of "
          "what is better."))  # fmt: skip
    for path in written:
        say(_("Written: {file}").format(file=path))


def show_comparison(found: Json, *, named: bool, everything: bool) -> None:
    """One study beside another, piece by piece."""
    if named:
        say()
        say(f"== {found['title']} ==")
    show_notes(found["notes"])
    for line in settings_told(found):
        say(line)
    told = sections(found)
    if found["equal"]:
        say(_("Nothing differs in what was compared."))
    elif alike(told):
        say(alike(told))
    for section in told:
        if section.differs or everything:
            show_section(section)


def show_section(section: Section) -> None:
    say()
    say(section.title)
    for line in section.lines:
        say(f"  {line}")
    for one in section.tables:
        title = one.title
        if len(one.rows) > ROWS:
            title = _("{title} ({most} of {all}; --json gives all)").format(
                title=title, most=ROWS, all=len(one.rows)
            )
        table(title, list(one.heads), [list(row) for row in one.rows[:ROWS]], one.left)


def show_sharings(data: Json, written: Sequence[Path]) -> None:
    """Two files of sharing."""
    say(_("Before: {before}. After: {after}.").format(
        before=data["before"]["title"] or data["before"]["file"],
        after=data["after"]["title"] or data["after"]["file"],
    ))  # fmt: skip
    if data["before"]["fictional"] or data["after"]["fictional"]:
        say(_("This case is invented; no figure here is of a real municipality."))
    if data["equal"]:
        say(_("Nothing differs in what was compared."))
    show_section(sharing(data))
    for path in written:
        say(_("Written: {file}").format(file=path))
