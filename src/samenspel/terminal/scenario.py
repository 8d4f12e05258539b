"""Scenarios at the prompt: faults, notes, and what a scenario changes."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from shlex import quote
from typing import Any

from samenspel.language import _
from samenspel.scenario.scenario import Applied, Combined, Scenario
from samenspel.scenario.study import Policy
from samenspel.terminal.basics import say, table
from samenspel.terminal.folders import program
from samenspel.words import table_word

SHOWN_NOTES = 40


def show_faults(faults: Sequence[Any]) -> None:
    """Every fault on a line of its own."""
    for fault in faults:
        say(f"- {fault}")


def show_notes(notes: Sequence[str]) -> None:
    """What a reader must know; the first of them where they are many."""
    if notes:
        say(_("Mind:"))
    for note in notes[:SHOWN_NOTES]:
        say(f"- {note}")
    if len(notes) > SHOWN_NOTES:
        say(_("    and {more} more; --json gives all").format(more=len(notes) - SHOWN_NOTES))


def show_check(scenario: Scenario, found: Applied) -> None:
    show_title(scenario)
    say(_("It can be applied: every operation holds against the state before it."))
    show_notes(found.notes)


def show_title(scenario: Scenario) -> None:
    title = scenario.title or _("Scenario without a title")
    say(_("{title}; operations: {count}").format(title=title, count=len(scenario.operations)))


def show_applied(
    scenario: Scenario,
    found: Applied,
    changed: Mapping[str, Mapping[str, int]],
    out: Path,
    policy: Policy,
) -> None:
    """The tables that changed, what a reader must know, and where the landscape lies."""
    show_title(scenario)
    columns = ("before", "after", "gone", "new")
    table(
        _("Tables that change"),
        [_("table"), _("before"), _("after"), _("rows gone"), _("rows new")],
        [[table_word(name), *(str(row[c]) for c in columns)] for name, row in changed.items()],
    )
    show_notes(found.notes)
    for name, value in policy.parameters.items():
        say(_("Parameter {name}: {value}").format(name=name, value=value))
    say(_("The landscape after it lies in {folder}. Next:").format(folder=out))
    say(f"  {program()} screen {quote(str(out))}")


def show_combined(found: Combined, text: str, written: Path | None) -> None:
    show_notes(found.notes)
    if written is None:
        say(text.rstrip())
    else:
        say(_("The two as one lie in {file}.").format(file=written))


def show_apart(found: Combined) -> None:
    """Where two scenarios cannot go together."""
    for title, faults in (
        (_("The first has faults of its own:"), found.first_faults),
        (_("The second has faults of its own:"), found.second_faults),
        (_("What the second asks and cannot be after the first:"), found.clashes),
    ):
        if faults:
            say(title)
            show_faults(faults)


def show_text(text: str, count: int, written: Path | None) -> None:
    """A scenario as text, or where it was written."""
    if written is None:
        say(text.rstrip())
    else:
        say(_("Operations: {count}. The scenario lies in {file}.").format(
            count=count, file=written))  # fmt: skip
