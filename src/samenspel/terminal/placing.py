"""Plans side by side, among many by chance, and between goals, at the prompt."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import typer

from samenspel.delineation.counts import zones_told
from samenspel.delineation.explain.wording import goal_figure, goal_word, way_told
from samenspel.delineation.goalwords import NOTHING, goal_told, penalty_told
from samenspel.landscape.landscape import Landscape
from samenspel.language import _
from samenspel.terminal.basics import say, table
from samenspel.terminal.drawing import (
    Json,
    show_notes,
    show_present,
    show_reasons,
    show_unpeopled,
    town_names,
)
from samenspel.words import number

STEPS = 40
RARE = 5


def tell_chains_interrupted(*, interrupted: bool, records: int) -> None:
    """A line on standard error where Ctrl-C has ended the chains."""
    if interrupted:
        typer.echo(_("Interrupted; plans recorded so far: {count}.").format(count=records),
                   err=True)  # fmt: skip


def tell_traded_interrupted(*, interrupted: bool, plans: int) -> None:
    """A line on standard error where Ctrl-C has ended the trade-off."""
    if interrupted:
        typer.echo(_("Interrupted; plans between the goals so far: {count}.").format(count=plans),
                   err=True)  # fmt: skip


def show_beside(landscape: Landscape, found: Json, written: Sequence[Path]) -> None:
    """Every goal of every plan, how alike they are, and the moves from the first to each other."""
    rows = found["plans"]
    heads = [row["title"] or row["called"] for row in rows]
    goals = list(rows[0]["goals"])
    table(
        _("Goals side by side"),
        [_("goal"), *heads],
        [
            [_("zones"), *(str(len(row["zones"])) for row in rows)],
            *(
                [goal_word(name), *(goal_figure(name, row["goals"][name]["value"]) for row in rows)]
                for name in goals
            ),
        ],
    )
    for row in rows:
        if not row["valid"]:
            say(_("{plan} breaks rules that every plan has:").format(
                plan=row["title"] or row["called"]))  # fmt: skip
            show_reasons([violation["text"] for violation in row["violations"]])
    names = town_names(landscape)
    for way in found["differences"]:
        say()
        say(way_told(way["from"], way["to"], way))
        show_steps(names, way["steps"])
    for path in written:
        say(_("Written: {file}").format(file=path))


def show_steps(names: Mapping[str, str], steps: Sequence[Json], goals: Sequence[str] = ()) -> None:
    """The first moves from a plan to another, each with what it changes of ``goals``."""
    for step in steps[:STEPS]:
        towns = ", ".join(names[nis] for nis in step["municipalities"])
        changed = [
            goal_told(goal, step["goals"][goal]["value"])
            for goal in goals
            if abs(step["goals"][goal]["cost"]) > NOTHING
        ]
        if goals and abs(step["penalty"]) > NOTHING:
            changed.append(penalty_told(step["penalty"]))
        told = f" ({'; '.join(changed)})" if changed else ""
        mark = "" if step["valid"] else " (!)"
        say(f"- {towns}: {step['from']} → {step['to']}{told}{mark}")
    if len(steps) > STEPS:
        say(_("    and {more} more; --json gives all").format(more=len(steps) - STEPS))
    if any(not step["valid"] for step in steps[:STEPS]):
        say(_("(!) after this step the plan breaks a rule, such as a zone in two parts."))


def show_traded(landscape: Landscape, found: Json, written: Sequence[Path]) -> None:
    """The plans by goal, and from each to the next who moves and what that gives and costs."""
    points, traded = found["points"], found["goals"]
    if not points:
        say(_("No valid plan was found."))
        show_reasons(found["reasons"])
        say(_("samenspel delineate with the same options says what to relax."))
        return
    titles = [_("plan {number}").format(number=i) for i in range(1, len(points) + 1)]
    others = [goal for goal in points[0]["goals"] if goal not in traded]
    table(
        _("Plans between the goals"),
        [_("goal"), *titles, _("best possible")],
        [
            [_("zones"), *(str(len(point["zones"])) for point in points), ""],
            *(
                [
                    goal_word(goal),
                    *(goal_figure(goal, point["goals"][goal]["value"]) for point in points),
                    goal_figure(goal, points[0]["goals"][goal]["best_possible"]),
                ]
                for goal in [*traded, *others]
            ),
            *(
                [[_("cost of soft bounds"), *(number(point["penalty"], 3) for point in points), ""]]
                if any(point["penalty"] for point in points)
                else []
            ),
        ],
    )
    if len(points) == 1:
        say(_("No other plan that was seen betters a goal and lies far enough from this one."))
    names = town_names(landscape)
    for first, second, way in zip(titles, titles[1:], found["between"], strict=False):
        say()
        say(way_told(first, second, way))
        for text, changes in ((_("Better: {changes}."), way["better"]),
                              (_("Worse: {changes}."), way["worse"])):  # fmt: skip
            if changes:
                say(text.format(changes="; ".join(changes)))
        if way["steps"] is None:
            said = ", ".join(names[nis] for nis in way["municipalities"])
            say(_("Interrupted before the moves were put in order: {names}.").format(names=said))
        else:
            show_steps(names, way["steps"], traded)
    say()
    show_present(found)
    zones = [zone for point in points for zone in point["zones"]]
    choice = _("How far plans lie apart is a choice (--distance {distance}).").format(
        distance=f"{found['apart']['value']:g}"
    )
    show_notes(landscape, {**found, "zones": zones}, written, choice)


def show_no_start(reasons: Sequence[str]) -> None:
    """Why there is no plan to start from."""
    say(_("No valid plan was found to start from."))
    show_reasons(reasons)
    say(_("samenspel delineate with the same options says what to relax."))


def show_ensemble(landscape: Landscape, found: Json, written: Sequence[Path]) -> None:
    """Whether the chains agree, how each goal is spread, and where each plan lies."""
    said, settings = found["diagnosis"], found["settings"]
    say(_("Plans recorded: {count} (different: {distinct}), each of {zones}; chains: {chains}, "
          "steps of each: {steps}; {accepted}% of the steps changed the plan.").format(
        count=number(said["records"], 0), distinct=number(said["distinct"], 0),
        zones=zones_told(found["zones"]), chains=settings["chains"],
        steps=number(settings["steps"], 0), accepted=number(100 * said["accepted"], 0),
    ))  # fmt: skip
    for note in found["notes"]:
        say(note)
    say(_("They sample: {target}.").format(target=found["target"]))
    start = found["start"] or _("a plan that a short search found")
    say(_("They start from: {start}.").format(start=start))
    table(
        _("How goals are spread over these plans"),
        [_("goal"), _("least"), "5%", _("median"), "95%", _("most"), "R-hat", _("worth")],
        [
            [
                goal_word(goal),
                *(goal_figure(goal, row[at]) for at in ("least", "p5", "median", "p95", "most")),
                told(said["rhat"][goal], 3),
                told(said["effective"][goal], 0),
            ]
            for goal, row in found["distribution"].items()
        ],
    )
    say(_("R-hat above about 1.05: the chains do not agree yet, take more steps. Worth: as many "
          "independent plans (Gelman and others, 2013)."))  # fmt: skip
    names = town_names(landscape)
    for plan in found["plans"]:
        table(
            _("{plan} among them").format(plan=plan["title"] or plan["called"]),
            [_("goal"), _("value"), _("plans with a lower value")],
            [
                [goal_word(goal), goal_figure(goal, row["value"]),
                 f"{number(row['percentile'], 1)}%"]
                for goal, row in plan["goals"].items()
            ],
        )  # fmt: skip
        if not plan["valid"]:
            say(_("Mind: it breaks rules that these plans keep."))
            show_reasons([violation["text"] for violation in plan["violations"]])
        if plan["zones"] != found["zones"]:
            say(_("Mind: it has {own}, these plans have {zones}.").format(
                own=zones_told(plan["zones"]), zones=zones_told(found["zones"])))  # fmt: skip
        if plan["borders"]:
            say(_("Its borders that these plans draw most rarely:"))
            for border in plan["borders"][:RARE]:
                say(f"- {names[border['a']]} | {names[border['b']]}: "
                    f"{number(100 * border['parted'], 1)}%")  # fmt: skip
    show_unpeopled(landscape, found)
    for path in written:
        say(_("Written: {file}").format(file=path))


def told(value: float | None, decimals: int) -> str:
    """A number, or that it says nothing."""
    return "–" if value is None else number(value, decimals)
