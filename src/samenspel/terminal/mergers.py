"""Candidate mergers at the prompt: always with the status quo and cooperation only beside."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from samenspel.language import _
from samenspel.mergers.effects import EFFECTS
from samenspel.mergers.wording import (
    Json,
    arrow,
    cell_told,
    choices_told,
    cooperation_told,
    cut_off_told,
    figure_told,
    fits_told,
    front_told,
    goal_head,
    goal_told,
    kind_told,
    listed,
    sizes_told,
    zoning_told,
)
from samenspel.terminal.basics import heading, say, table
from samenspel.terminal.fund import show_comparison
from samenspel.terminal.scenario import show_notes
from samenspel.words import figure, number, word

SHOWN = 30
Names = Mapping[str, str]


def show_mergers(found: Json, written: Sequence[Path]) -> None:
    """Zones, candidates, warnings, alternatives, and what was picked."""
    heading(dict(found))
    say(f"{found['scale']['text']} ({found['scale']['source']})")
    say(choices_told(found))
    names: Names = found["names"]
    if len(found["zones"]) > 1:
        show_zones(found)
    else:
        for zone in found["zones"]:
            show_zone(zone, found, names)
    if found["chosen"] is not None:
        show_chosen(found["chosen"], names)
    for file in written:
        say(_("Written: {file}").format(file=file))


def show_zones(found: Json) -> None:
    """How many candidates and alternatives each zone has."""
    table(
        _("Candidate mergers"),
        [_("zone"), _("name"), _("municipalities"), _("candidates"), _("signals"),
         _("alternatives"), _("all found")],
        [
            [zone["zone"], zone["name"] or "", str(len(zone["status_quo"])),
             number(len(zone["candidates"]), 0), str(len(zone["signals"])),
             *offered(zone["alternatives"])]
            for zone in found["zones"]
        ],
        left=2,
    )  # fmt: skip
    say(_("Choose one with --region to see its mergers; --json gives all."))


def offered(alternatives: Json | None) -> list[str]:
    """How many alternatives, and whether those are all."""
    if alternatives is None:
        return ["", ""]
    return [str(alternatives["found"]), _("yes, proven") if alternatives["complete"] else _("no")]


def show_zone(zone: Json, found: Json, names: Names) -> None:
    """One zone: the status quo, cooperation only, signals, candidates, warnings, alternatives."""
    say()
    say(_("{zone}: {count} candidate mergers").format(
        zone=zone["name"] or zone["zone"], count=number(len(zone["candidates"]), 0)))  # fmt: skip
    for line in cut_off_told(zone, names):
        say(line)
    columns = ("population", "partnerships", "tables", "commuting_own")
    table(
        _("Status quo: the municipalities as they are"),
        [_("municipality"), _("inhabitants"), _("partnerships"), _("tables"),
         _("work in their own"), _("centre")],
        [
            [names[row["municipalities"][0]], *(figure_told(row, name) for name in columns),
             centre(row["figures"]["centres"])]
            for row in zone["status_quo"]
        ],
    )  # fmt: skip
    say(cooperation_told(zone["cooperation"]))
    show_signals(zone["signals"], names)
    if zone["candidates"]:
        show_candidates(zone, found["warnings"], names)
        show_warnings(zone, found["warnings"])
    show_alternatives(zone["alternatives"], names)


def centre(count: int | None) -> str:
    """Whether a municipality is a centre."""
    return _("unknown") if count is None else _("yes") if count else _("no")


def show_signals(signals: Sequence[Json], names: Names) -> None:
    """Small circles with many partnerships, with both ways to read them."""
    if not signals:
        return
    table(
        _("Many partnerships of the same two to five municipalities"),
        [_("municipalities"), _("partnerships")],
        [
            [", ".join(names[nis] for nis in signal["municipalities"]),
             str(len(signal["partnerships"]))]
            for signal in signals
        ],
    )  # fmt: skip
    for key, source in (("viewpoint", "source"), ("other_viewpoint", "other_source")):
        say(f"- {signals[0][key]} ({signals[0][source]})")


def show_candidates(zone: Json, warnings: Sequence[Json], names: Names) -> None:
    """The candidates, small ones first; figures of today before the arrow. Warnings are numbered as
    in the table of warnings."""
    rows = zone["candidates"]
    place = {one["warning"]: str(number) for number, one in enumerate(warnings, 1)}
    title = _("Candidates: today → as one")
    if len(rows) > SHOWN:
        title = _(
            "Candidates: today → as one; the first {shown} of {all}, --json gives all"
        ).format(shown=SHOWN, all=number(len(rows), 0))
    table(
        title,
        [_("municipalities"), _("warnings"), _("inhabitants"), _("places at tables"),
         _("nobody else left"), _("stay to work"), _("zonings cut")],
        [
            [
                listed(row["municipalities"], names),
                ", ".join(
                    [*(place[one["warning"]] for one in row["warnings"]),
                     *(f"{place[name]}?" for name in row["warnings_unknown"])]
                ),
                sizes_told(row),
                arrow(figure_told(row, "places"), figure_told(row, "tables")),
                figure_told(row, "internal"),
                arrow(figure_told(row, "commuting_own"), figure_told(row, "commuting_inside")),
                figure_told(row, "zonings_cut"),
            ]
            for row in rows[:SHOWN]
        ],
        left=2,
    )  # fmt: skip


def show_warnings(zone: Json, warnings: Sequence[Json]) -> None:
    """Every warning: on how many candidates, who warns, and who sees it otherwise."""
    table(
        _("Warnings; a number with ? cannot be judged"),
        ["", _("warning"), _("candidates"), _("unknown")],
        [
            [str(place), one["title"], str(zone["warned"][one["warning"]]),
             str(zone["warnings_unknown"][one["warning"]])]
            for place, one in enumerate(warnings, 1)
        ],
        left=2,
    )  # fmt: skip
    for one in warnings:
        read_as = _("{warning} (read as: {reading}).").format(
            warning=one["title"], reading=one["reading"]
        )
        say(f"- {read_as} {one['viewpoint']} ({one['source']}; {word(one['status'])})")
    for text, source in dict.fromkeys((o["other_viewpoint"], o["other_source"]) for o in warnings):
        say(f"- {text} ({source})")


def show_alternatives(found: Json | None, names: Names) -> None:
    """Every non-dominated alternative, the status quo and cooperation only among them."""
    if found is not None:
        rows, place = [], 0
        for row in found["rows"]:
            place += row["kind"] == "alternative"
            if place <= SHOWN:
                rows.append(alternative_row(row, place, found["goals"], names))
        table(
            _("Alternatives for the whole zone: no other is better on one goal and no worse on "
              "the rest"),
            ["", _("mergers"), *map(goal_head, found["goals"]), _("municipalities"),
             _("warnings")],
            rows,
            left=2,
        )  # fmt: skip
        if place > SHOWN:
            say(_("    and {more} more; --json gives all").format(more=place - SHOWN))
        for goal in found["goals"]:
            say(f"- {goal_told(goal)}")
    for line in front_told(found):
        say(line)


def alternative_row(row: Json, place: int, goals: Sequence[Json], names: Names) -> list[str]:
    """One alternative, or the status quo or cooperation only."""
    another = row["kind"] == "alternative"
    what = "; ".join(listed(one, names) for one in row["mergers"])
    return [
        str(place) if another else "",
        what if another else kind_told(row["kind"]),
        *(number(row["values"][goal["goal"]], 0) for goal in goals),
        str(row["municipalities"]),
        str(sum(row["warnings"].values())),
    ]


def show_chosen(found: Json, names: Names) -> None:
    """What was picked: its table, its effects, and what the scenario changes."""
    for merger in found["mergers"]:
        show_merger(merger, names)
    show_screening(found["screening"], names)
    say(fits_told(found["alignment"]))
    if found["fund"] is not None:
        title = _("{fund}: before and after").format(fund=found["fund"]["title"])
        show_comparison(found["fund"], title)
        if found["fund"]["mind"] is not None:
            say(found["fund"]["mind"])
    show_notes(found["notes"])


def show_merger(merger: Json, names: Names) -> None:
    """One merger beside the status quo and cooperation only, and what it does."""
    say()
    table(
        _("{merger}: beside the status quo and cooperation only").format(
            merger=listed(merger["municipalities"], names)
        ),
        [_("figure"), _("status quo"), _("cooperation only"), _("as one")],
        [
            [row["title"], *(cell_told(row[way], row["unit"])
                             for way in ("status_quo", "cooperation", "merger"))]
            for row in merger["rows"]
        ],
    )  # fmt: skip
    for one in merger["warnings"]:
        say(f"- {one['title']}: {one['reason']} {one['viewpoint']} ({one['source']})")
    for one in merger["warnings_unknown"]:
        say(f"- {one['title']}: " + _("unknown"))
    table(
        _("Tables at which two parts or more sit"),
        [_("partnership"), _("kind"), _("what becomes of it"), _("municipalities"),
         _("seats of the parts")],
        [
            [row["name"] or row["partnership"], word(row["kind"]), _(EFFECTS[row["effect"]]),
             arrow(str(row["municipalities_now"]), str(row["municipalities_after"])),
             _("unknown") if row["seats"] is None else str(row["seats"])]
            for row in merger["tables"]
        ],
        left=3,
    )  # fmt: skip
    say(_("Places at tables that fall together: {count}.").format(count=merger["places_gone"]))
    for zoning in merger["zonings"]:
        if zoning["cut"] is not False:
            say(zoning_told(zoning, names))


def show_screening(found: Json, names: Names) -> None:
    """The screening of the parts and of the merged municipality."""
    for merger in found["mergers"]:
        table(
            _("Screening before and after"),
            [_("figure"), *(names[nis] for nis in merger["before"]), _("as one")],
            [
                [word(name), *(figure(dict(row), name) for row in merger["before"].values()),
                 figure(dict(merger["after"]), name)]
                for name in found["figures"]
            ],
        )  # fmt: skip
    say(_("Signals in the whole landscape: {before} before, {after} after.").format(
        before=found["signals_before"], after=found["signals_after"]))  # fmt: skip
