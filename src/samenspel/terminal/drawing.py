"""Plans of regions and zones at the prompt."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from samenspel.delineation.explain.wording import (
    NAMED_BY,
    RULE_WORDS,
    goal_figure,
    goal_word,
    rule_word,
)
from samenspel.delineation.facts import listed
from samenspel.landscape.landscape import Landscape
from samenspel.language import _
from samenspel.terminal.basics import say, table
from samenspel.words import number, short_number

SHOWN = 12  # sentences of a kind
Json = dict[str, Any]


def tell_interrupted(*, interrupted: bool, valid: bool) -> None:
    """A line on standard error where Ctrl-C has ended the search."""
    if interrupted and valid:
        typer.echo(_("Interrupted: this is the best plan so far."), err=True)
    elif interrupted:
        typer.echo(_("Interrupted: no valid plan was found so far."), err=True)


def tell_regions_interrupted(*, interrupted: bool, done: int, of: int) -> None:
    """A line on standard error where Ctrl-C has ended the work on regions."""
    if interrupted:
        typer.echo(_("Interrupted; regions done: {done} of {all}.").format(done=done, all=of),
                   err=True)  # fmt: skip


def show_drawn(landscape: Landscape, found: Json, written: Sequence[Path]) -> None:
    """A plan with its zones and goals, or why there is none and what to relax."""
    if found["plan"] is None:
        show_none(found)
    else:
        if found["proven_impossible"]:
            say(found["reasons"][0])
            say(_("The nearest plan breaks these rules:"))
        elif not found["valid"]:
            say(_("No valid plan was found. The nearest breaks these rules:"))
        if not found["valid"]:
            show_causes(found)
        show_zones(landscape, found["zones"])
        show_goals(found)
        if found["valid"]:
            show_bound(found)
        if found["municipalities"]:
            show_why(landscape, found["municipalities"])
    show_present(found)
    show_notes(landscape, found, written)


def show_regions(landscape: Landscape, found: Json, written: Sequence[Path]) -> None:
    """Every region with its best zones, or why it has none and what to relax."""
    table(
        _("Regions"),
        [_("region"), _("result"), _("zones"), _("objective"), _("gap"), _("possible zones")],
        [
            [
                row["region"] + (f" {row['name']}" if row["name"] else ""),
                result(row),
                str(len(row["zones"])) if row["plan"] else "",
                "" if row["objective"] is None else number(row["objective"], 4),
                "" if row["gap"] is None else f"{number(100 * row['gap'], 1)}%",
                number(row["candidates"], 0) if row["candidates_complete"] else _("unknown"),
            ]
            for row in found["regions"]
        ],
        left=2,
    )
    for note in found["notes"]:
        say(note)
    for row in found["regions"]:
        if row["plan"] is None:
            say(f"{row['name'] or row['region']}: {result(row)}")
            show_causes(row)
    if found["zones"]:
        show_zones(landscape, found["zones"])
    if found["goals"]:
        show_goals(found)
    show_notes(landscape, found, written)


def result(row: Json) -> str:
    """What is known of a region in a few words."""
    if row["proven_optimal"]:
        return _("best plan, proven")
    if row["plan"] is not None:
        return _("a plan, not proven the best")
    return _("no plan, proven") if row["proven_impossible"] else _("unknown")


def show_why(landscape: Landscape, rows: Sequence[Json]) -> None:
    """Why each municipality lies where it lies."""
    names = town_names(landscape)
    table(
        _("Why each lies there"),
        [_("municipality"), _("zone"), _("reason")],
        [[names[row["municipality"]], row["zone"], row["reason"]] for row in rows],
        left=3,
    )


def show_none(found: Json) -> None:
    """That there is no plan, proven or not, and why."""
    if found["proven_impossible"]:
        say(found["reasons"][0])
    else:
        say(_("No plan was found; whether there is one is not known."))
    show_causes(found)


def show_causes(found: Json) -> None:
    """What stands in the way of a plan, and what to relax. That it is proven, the first of the
    reasons then, has been said."""
    show_reasons(found["reasons"][1:] if found["proven_impossible"] else found["reasons"])
    show_relaxations(found)


def show_present(found: Json) -> None:
    """Which of the rules asked the present zones break."""
    present = found["present_plan"]
    if present is not None and not present["valid"]:
        say(_("The present zones themselves break rules that you ask for:"))
        show_reasons([violation["text"] for violation in present["violations"]])


def show_unpeopled(landscape: Landscape, found: Json) -> None:
    """Where inhabitants are not known, and what that leaves out."""
    if found["population_unknown"]:
        names = town_names(landscape)
        said = listed([f"{names[nis]} ({nis})" for nis in found["population_unknown"]])
        say(_("The inhabitants of {names} are not known: goals and figures in inhabitants are left "
              "out, and a zone carries on the present zone with which it has the most "
              "municipalities in common.").format(names=said))  # fmt: skip


def show_reasons(reasons: Sequence[str]) -> None:
    """The first sentences, and how many more."""
    for reason in reasons[:SHOWN]:
        say(f"- {reason}")
    if len(reasons) > SHOWN:
        say(_("    and {more} more; --json gives all").format(more=len(reasons) - SHOWN))


def show_relaxations(found: Json) -> None:
    """What to relax."""
    if found["relaxations"]:
        say(_("One of these would do:"))
        show_reasons([relaxed["text"] for relaxed in found["relaxations"]])
    if found["relaxations_unknown"]:
        say(_("Whether relaxing it would do is not known of: {rules}.").format(
            rules=", ".join(map(rule_word, found["relaxations_unknown"]))))  # fmt: skip


def show_zones(landscape: Landscape, zones: Sequence[Json]) -> None:
    """Every zone with its inhabitants and its largest municipalities."""
    towns = landscape.table("municipalities").select("nis", "population")
    names, people = town_names(landscape), {nis: count or 0 for nis, count in towns.iter_rows()}
    rows = []
    for zone in zones:
        largest = sorted(zone["municipalities"], key=lambda nis: (-people[nis], nis))
        told = ", ".join(names[nis] for nis in largest[:3])
        rows.append(
            [
                zone["zone"] + (f" {zone['name']}" if zone["name"] else ""),
                told + (" …" if len(largest) > 3 else ""),
                str(len(largest)),
                _("unknown") if zone["population"] is None else number(zone["population"], 0),
                _("unknown") if zone["centres"] is None else str(len(zone["centres"])),
            ]
        )
    table(
        _("Zones"),
        [_("zone"), _("largest municipalities"), _("municipalities"), _("inhabitants"),
         _("centres")],
        rows,
        left=2,
    )  # fmt: skip


def show_goals(found: Json) -> None:
    """Every goal beside the best that any plan could have."""
    present = (found.get("present_plan") or {}).get("goals", {})
    table(
        _("Goals"),
        [
            _("goal"),
            _("value"),
            *([_("present zones")] if present else []),
            _("best possible"),
            _("weight"),
        ],
        [
            [
                goal_word(name),
                goal_figure(name, goal["value"]),
                *([goal_figure(name, present[name]["value"])] if present else []),
                goal_figure(name, goal["best_possible"]),
                "" if goal["weight"] is None else short_number(goal["weight"]),
            ]
            for name, goal in found["goals"].items()
        ],
    )


def show_bound(found: Json) -> None:
    """How far the plan may be from the best."""
    if found["penalty"]:
        say(_("Bounds that need not hold cost {penalty}.").format(
            penalty=number(found["penalty"], 3)))  # fmt: skip
    if found["gap"] is None:
        say(_("How far this plan is from the best is unknown."))
    else:
        say(_("Objective {objective}; no plan is below {bound} (gap {gap}%).").format(
            objective=number(found["objective"], 4), bound=number(found["bound"], 4),
            gap=number(100 * found["gap"], 1)))  # fmt: skip


def show_notes(
    landscape: Landscape, found: Json, written: Sequence[Path], choice: str | None = None
) -> None:
    """What was chosen (``choice``; else the weights), what cannot be judged, how long it took, what
    was written."""
    ways = dict.fromkeys(zone["named_by"] for zone in found["zones"])
    if ways:
        say(_("Zones are named by: {ways}.").format(
            ways="; ".join(_(NAMED_BY[way]) for way in ways)))  # fmt: skip
    names = town_names(landscape)
    for a, b in found["links_chosen"]:
        say(_("{a} is cut off from the rest and counts as a neighbour of {b}, the nearest (a "
              "choice; --link {code}=OTHER makes another).").format(
            a=names[a], b=names[b], code=a))  # fmt: skip
    for rule in found["unknown_rules"]:
        say(_("Cannot be judged: {rule}.").format(rule=_(RULE_WORDS[rule])))
    show_unpeopled(landscape, found)
    say(choice or _("Weights are a choice."))
    if "compile_seconds" in found:
        say(_("Searched {seconds} s, besides {compiled} s to prepare.").format(
            seconds=number(found["seconds"], 1),
            compiled=number(found["compile_seconds"], 1)))  # fmt: skip
    for path in written:
        say(_("Written: {file}").format(file=path))


def town_names(landscape: Landscape) -> dict[str, str]:
    """NIS code to name; the code where there is none."""
    towns = landscape.table("municipalities").select("nis", "name")
    return {nis: name or nis for nis, name in towns.iter_rows()}
