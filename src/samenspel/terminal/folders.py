"""Landscape folders: faults, what was imported, what a workbook changes, what to do next."""

import sys
from collections import Counter
from datetime import date as Date
from itertools import islice
from pathlib import Path
from shlex import quote
from shutil import which
from typing import TYPE_CHECKING, Any

from samenspel.landscape.findings import Finding, errors, warnings
from samenspel.landscape.landscape import Landscape
from samenspel.language import _, mark
from samenspel.screening.select import REFERENCE_REGION
from samenspel.terminal.basics import heading, say, table
from samenspel.words import table_word

if TYPE_CHECKING:
    from samenspel.exchange.excel import Imported

SHOWN_PER_CODE = 5
SHOWN_CHANGES = 60
KINDS = {"added": mark("new"), "changed": mark("changed"), "removed": mark("ended")}


def show_findings(findings: list[Finding]) -> None:
    """Faults grouped by kind, a few of each; errors first."""
    for label, group in ((_("Errors"), errors(findings)), (_("Warnings"), warnings(findings))):
        say(f"{label}: {len(group)}")
        for code, count in Counter(finding.code for finding in group).items():
            say(f" {code} ({count})")
            some = [finding for finding in group if finding.code == code]
            for finding in some[:SHOWN_PER_CODE]:
                say(f"  - {finding}")
            if count > SHOWN_PER_CODE:
                say(_("    and {more} more; --json gives all").format(more=count - SHOWN_PER_CODE))
    say()


def show_check(date: Date, findings: list[Finding]) -> None:
    say(_("Checked as of {date}.").format(date=date))
    show_findings(findings)


def show_import(about: dict[str, Any], rows: dict[str, int], findings: list[Finding]) -> None:
    heading({"landscape": about})
    table(_("Tables"), [_("table"), _("rows")], [[name, str(n)] for name, n in rows.items()])
    show_findings(findings)


def show_workbook(rows: dict[str, int], folder: Path, file: Path, zone: str) -> None:
    table(
        _("Sheets for {zone}").format(zone=zone),
        [_("sheet"), _("rows")],
        [[table_word(name), str(count)] for name, count in rows.items()],
    )
    say(_("The workbook lies in {file}. Complete it, then see what it would change:").format(
        file=file))  # fmt: skip
    say(f"  {program()} import excel {quote(str(file))} --into {quote(str(folder))} --dry-run")


def show_merge(found: "Imported", folder: Path) -> None:
    """What a workbook changes in the landscape in ``folder``."""
    from samenspel.exchange.excel.preview import preview

    kinds = Counter((change.table, change.kind) for change in found.changes)
    for (name, kind), count in kinds.items():
        say(f"{table_word(name)}: {_(KINDS[kind])} {count}")
    lines = list(islice(preview(found.changes), SHOWN_CHANGES + 1))
    for line in lines[:SHOWN_CHANGES]:
        say(f"  {line}")
    if len(lines) > SHOWN_CHANGES:
        say(_("    and more; --json gives all"))
    for warning in found.warnings[:SHOWN_CHANGES]:
        say(_("Mind: {message}").format(message=warning))
    if found.missing:
        say(_("Rows that the workbook no longer holds and that stay: {count} (--remove ends them).")
            .format(count=len(found.missing)))  # fmt: skip
    if not found.changes:
        say(_("The workbook changes nothing."))
    elif found.written:
        say(_("Written: {folder}. What was there before stays on record.").format(folder=folder))
    else:
        say(_("Nothing is written yet; the same without --dry-run writes it."))


def show_next(folder: Path, landscape: Landscape) -> None:
    """Where the landscape lies and what to do with it."""
    first = landscape.table("municipalities").select("nis", "name").row(0)
    say(_("The landscape lies in {folder}. Next:").format(folder=folder))
    command = f"{program()} screen {quote(str(folder))}"
    say(f"  {command}")
    say(f"  {command} --municipality {quote(first[0])}   # {first[1]}")
    kinds = landscape.table("zonings").select("zoning", "kind")
    zones = landscape.table("zones").join(kinds, on="zoning", how="left")
    if zones.height:
        regions_first = (zones["kind"] == REFERENCE_REGION).fill_null(value=False)
        zone = zones[regions_first.arg_max() or 0].select("zoning", "zone", "name").row(0)
        say(f"  {command} --zoning {quote(zone[0])} --region {quote(zone[1])}   # {zone[2]}")
    page = Path(f"{folder.resolve().name}.html")
    say(f"  {program()} report {quote(str(folder))} --out {quote(str(page))}")
    say(f"  {program()} check {quote(str(folder))}")
    say(f"  {command} --json > screening.json")


def program() -> str:
    """How this program can be called from here."""
    return "samenspel" if which("samenspel") else quote(sys.argv[0])
