"""Tables for the eye, at the prompt. Shows what the library found and computes nothing."""

import sys
from collections import Counter
from datetime import date as Date
from pathlib import Path
from shlex import quote
from shutil import which
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from samenspel.landscape.findings import Finding, errors, warnings
from samenspel.landscape.landscape import Landscape
from samenspel.language import _
from samenspel.screening.select import REFERENCE_REGION
from samenspel.words import brief, word

KNOWN = "_known"
PLAIN_WIDTH = 120  # where the output is no terminal
ROWS = 15
SHOWN_PER_CODE = 5
MONEY = ("budget_cents", "contribution_cents")
SHARES = ("first_line_share", "bottom_up_share", "overlap", "changing_partners")
TOWN_COLUMNS = (
    "partnerships",
    "distinct_partner_sets",
    "ocmw_associations",
    "tables",
    "changing_partners",
    "neighbours_met",
    "seats",
    "terms_ending",
)
NARROW_COLUMNS = ("partnerships", "tables", "changing_partners")
WIDE = 110


class Screen(Console):
    """A console that leaves a reader who stops early (``| head``) to the program's door."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def console() -> Console:
    screen = Screen(highlight=False)
    return screen if screen.is_terminal else Screen(highlight=False, width=PLAIN_WIDTH)


def say(text: str = "") -> None:
    console().print(escape(text), soft_wrap=True)


def figure(row: dict[str, Any], name: str) -> str:
    """A figure as text, with the share known where that is not all."""
    value, known = row.get(name), row.get(name + KNOWN, 1.0)
    if value is None:
        return _("unknown")
    if name in MONEY:
        text = f"€ {number(value / 100, 2)}"
    elif name in SHARES:
        text = f"{value:.0%}"
    elif isinstance(value, float):
        text = number(value, 1)
    else:
        text = number(value, 0)
    return text if known == 1 else _("{text} ({share} known)").format(text=text, share=part(known))


def number(value: float, decimals: int) -> str:
    """A number with a space between thousands and the reader's decimal mark."""
    # Translators: the decimal mark.
    mark = _("decimal point")
    text = f"{value:,.{decimals}f}".replace(",", " ")
    return text.replace(".", "," if mark == "," else ".")


def part(share: float) -> str:
    """A share below 1 as a percentage that never reads as all."""
    return f"{share:.0%}" if share < 0.995 else number(min(100 * share, 99.9), 1) + "%"


def table(
    title: str, columns: list[str], rows: list[list[str]], left: int = 1, unbroken: int = 0
) -> None:
    """A table; the first ``left`` columns are words, the others figures; the first ``unbroken``
    stay on one line."""
    drawn = Table(title=escape(title), title_justify="left", title_style="bold", box=SIMPLE_HEAD)
    for number, column in enumerate(columns):
        words = number < left
        drawn.add_column(
            escape(column),
            justify="left" if words else "right",
            overflow="fold",
            no_wrap=number < unbroken,
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


def show_screening(found: dict[str, Any]) -> None:
    """The screening of a whole landscape."""
    heading(found)
    show_figures(_("The whole"), found["total"])
    show_breakdown(found["total"]["by"])
    show_spread(found["spread"])
    show_towns(found["municipalities"])
    show_zonings(found["zonings"])
    if len(found["zones"]) == 1:
        for zoning, rows in found["zones"].items():
            show_zones(zoning, rows, len(rows))
    if found["without_known_members"]:
        say(
            _("Active partnerships without known members, in no count of a municipality or zone: "
              "{count} [{ids}]").format(
                count=len(found["without_known_members"]),
                ids=", ".join(found["without_known_members"]),
            )
        )  # fmt: skip
        say()
    show_signals(found["signals"])
    show_norms(found)
    show_unknown(found["unknown"])


def show_municipality(found: dict[str, Any]) -> None:
    """The screening of one municipality."""
    heading(found)
    row = found["municipalities"][0]
    show_figures(f"{row['name']} ({row['nis']})", row)
    say(company(row))
    say()
    table(
        _("What we are in"),
        [_("name"), _("kind"), _("legal form"), _("theme"), _("status"), _("ends"), _("members")],
        [
            [
                (part["name"] or part["partnership"]) + ("" if part["own"] else " (OCMW)"),
                word(part["body"]),
                word(part["legal_form"]),
                word(part["theme"]),
                word(part["status"]),
                part["term_end"] or _("unknown"),
                _("unknown") if part["members"] is None else str(part["members"]),
            ]
            for part in found["partnerships"]
        ],
        left=6,
    )
    table(
        _("In how many intermunicipal partnerships we meet our neighbours"),
        [_("neighbour"), _("number")],
        [[near["name"], figure(near, "shared_partnerships")] for near in found["neighbours"]],
    )
    show_signals(found["signals"])


def show_zone(found: dict[str, Any]) -> None:
    """The screening of one zone."""
    heading(found)
    for zoning, rows in found["zones"].items():
        show_figures(f"{rows[0]['name'] or rows[0]['zone']} ({zoning})", rows[0])
        show_breakdown(rows[0]["by"])
    show_towns(found["municipalities"], len(found["municipalities"]))
    show_signals(found["signals"])


def company(row: dict[str, Any]) -> str:
    """Changing partners, in a sentence."""
    if row["overlap"] is None and row["partnerships" + KNOWN] < 1:
        return _("With whom {name} works together is unknown.").format(name=row["name"])
    if row["overlap"] is None:
        return _(
            "{name} is in fewer than two partnerships, so there is no company to compare."
        ).format(name=row["name"])
    return _(
        "Changing partners: take any two partnerships of {name}; of all municipalities in either, "
        "on average {share} are in both."
    ).format(name=row["name"], share=figure(row, "overlap"))


def show_figures(title: str, row: dict[str, Any]) -> None:
    names = [name for name in row if name not in ("nis", "zone", "theme", "name", "by")]
    names = [name for name in names if not name.endswith(KNOWN)]
    shown = [[word(name), figure(row, name)] for name in names]
    table(title, [_("figure"), _("value")], shown)


def show_breakdown(by: dict[str, dict[str, int]]) -> None:
    table(
        _("Active intermunicipal partnerships by"),
        ["", "", _("number")],
        [
            [word(dimension), word(value), str(count)]
            for dimension, counts in by.items()
            for value, count in counts.items()
        ],
        left=2,
    )


def show_spread(spread: dict[str, dict[str, Any]]) -> None:
    table(
        _("Per municipality"),
        [_("figure"), _("lowest"), _("median"), _("highest")],
        [
            [word(name), *(figure({name: found[key], name + KNOWN: found["known_share"]}, name)
                           for key in ("min", "median", "max"))]
            for name, found in spread.items()
        ],
    )  # fmt: skip


def show_towns(rows: list[dict[str, Any]], most: int = ROWS) -> None:
    ranked = sorted(rows, key=lambda row: (-(row["tables"] or 0), row["nis"]))
    shown = TOWN_COLUMNS if console().width >= WIDE else NARROW_COLUMNS
    title = _("Municipalities, most tables first")
    if len(ranked) > most:
        title += _(" ({most} of {all}; --json gives all)").format(most=most, all=len(ranked))
    table(
        title,
        [_("NIS"), _("name"), *(brief(name) for name in shown)],
        [
            [row["nis"], row["name"], *(figure(row, name) for name in shown)]
            for row in ranked[:most]
        ],
        left=2,
        unbroken=2,
    )


def show_zonings(zonings: list[dict[str, Any]]) -> None:
    def shown(value: Any) -> str:
        return _("unknown") if value is None else number(value, 0 if value == int(value) else 1)

    table(
        _("Zonings, and partnerships per zone (--zoning shows the zones of one)"),
        [_("zoning"), _("title"), _("cover"), _("zones"), _("lowest"), _("median"), _("highest")],
        [
            [
                row["zoning"],
                row["title"] or "",
                word(row["cover"]),
                str(row["zones"] or 0),
                *(shown(row[f"partnerships_{key}"]) for key in ("min", "median", "max")),
            ]
            for row in zonings
        ],
        left=3,
    )


def show_zones(zoning: str, rows: list[dict[str, Any]], most: int) -> None:
    title = _("Zones of {zoning}").format(zoning=zoning)
    names = ("partnerships", "distinct_partner_sets", "tables", "changing_partners")
    ranked = sorted(rows, key=lambda row: (-(row["partnerships"] or 0), row["zone"]))
    table(
        title,
        [_("zone"), _("name"), *(brief(name) for name in names)],
        [
            [row["zone"], row["name"] or "", *(figure(row, name) for name in names)]
            for row in ranked[:most]
        ],
        left=2,
    )


def show_signals(signals: list[dict[str, Any]], most: int = 10) -> None:
    say(_("Signals: {count}").format(count=len(signals)))
    for kind, count in Counter(signal["id"] for signal in signals).items():
        group = [signal for signal in signals if signal["id"] == kind]
        say()
        say(group[0]["viewpoint"])
        say(
            _("   {source}; status: {status}").format(
                source=group[0]["source"], status=word(group[0]["status"])
            )
        )
        say(group[0]["other_viewpoint"])
        say("   " + group[0]["other_source"])
        for signal in group[:most]:
            say(f" - {signal['reason']} [{', '.join(signal['partnerships'])}]")
        if count > most:
            say(_("   and {more} more; --json gives all").format(more=count - most))
    say()


def show_norms(found: dict[str, Any]) -> None:
    table(
        _("Norms of the SBV and the figure that each speaks of"),
        [_("norm"), _("source"), _("figure"), _("value")],
        [
            [
                norm["text"],
                f"{norm['source']} ({word(norm['status'])})",
                word(norm["figure"]),
                figure({norm["figure"]: norm["value"],
                        norm["figure"] + KNOWN: norm["known_share"]}, norm["figure"]),
            ]
            for norm in found["norms"]
        ],
        left=3,
    )  # fmt: skip
    reference = found["reference"]
    if reference["shown"]:
        say(
            _(
                "For comparison, {year}: {partnerships} partnerships, {mean_per_municipality} per "
                "municipality ({lowest} to {highest}); {source}; status: {status}."
            ).format(**{**reference, "status": word(reference["status"])})
        )
    else:
        say(reference["reason"])
    say()


def show_unknown(unknown: list[dict[str, Any]]) -> None:
    gaps: dict[str, list[str]] = {}
    for gap in unknown:
        if gap["known_share"] < 1:
            gaps.setdefault(gap["table"], []).append(f"{gap['column']} {part(gap['known_share'])}")
    table(
        _("What is not wholly known (share known)"),
        [_("table"), _("columns")],
        [[name, ", ".join(columns)] for name, columns in gaps.items()],
        left=2,
    )


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
    say(f"  {program()} check {quote(str(folder))}")
    say(f"  {command} --json > screening.json")


def program() -> str:
    """How this program can be called from here."""
    return "samenspel" if which("samenspel") else quote(sys.argv[0])
