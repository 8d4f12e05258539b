"""A screening, of the whole, of one municipality or of one zone."""

from collections import Counter
from typing import Any

from samenspel.language import _
from samenspel.terminal.basics import console, heading, say, say_confirmed, table
from samenspel.words import KNOWN, brief, figure, number, part, table_word, word

ROWS = 15
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
    show_confirmed(found["confirmed"])


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
    say_confirmed(row["name"], found["confirmed"]["municipalities"][row["nis"]])


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


def show_confirmed(confirmed: dict[str, Any]) -> None:
    """How much was confirmed, of the whole and of each table that has rows."""
    say_confirmed(_("the whole"), confirmed)
    for row in confirmed["tables"]:
        if row["rows"]:
            say_confirmed(table_word(row["table"]), row)
