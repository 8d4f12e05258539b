"""The rationalisation plan at the prompt."""

from collections import Counter

from samenspel.alignment.plan.options import KEEP, OPERATIONS
from samenspel.alignment.plan.plan import Clash, Line, Plan
from samenspel.language import _
from samenspel.terminal.basics import say, table
from samenspel.words import day

SHOWN = 40
CURVE = 12


def show_plan(plan: Plan) -> None:
    """From how many to how many, each line with its reason, the trade-off, who gains and loses."""
    if not plan.before:
        show_nothing(plan)
        return
    say(_("{name}: from {before} partnerships to {after}.").format(
        name=plan.name or plan.zone, before=plan.before, after=plan.after))  # fmt: skip
    if plan.proven_optimal:
        say(_("Proven: with these rules and wishes no plan has fewer, and none with as few takes "
              "less effort ({effort} points).").format(effort=plan.effort))  # fmt: skip
    else:
        say(_("Cut off by time: at least {bound} are needed; effort {effort}, at least "
              "{least}.").format(
            bound=plan.bound, effort=plan.effort, least=plan.effort_bound))  # fmt: skip
    for note in plan.notes:
        say(f"- {note}")
    counts = Counter(line.operation for line in plan.lines)
    table(
        _("What happens"),
        [_("operation"), _("number")],
        [[_(OPERATIONS[name]), str(count)] for name, count in counts.items()],
    )
    show_lines(plan)
    if plan.phases:
        show_phases(plan)
    step = max(1, len(plan.curve) // CURVE)
    table(
        _("Fewer partnerships, more effort"),
        [_("partnerships"), _("effort")],
        [[str(point.partnerships), str(point.effort)] for point in plan.curve[::step]],
        left=0,
    )
    table(
        _("Tables of each municipality"),
        [_("name"), _("before"), _("after")],
        [[town.name, str(town.tables_before), str(town.tables_after)]
         for town in plan.municipalities],
    )  # fmt: skip
    say(_("Effort is counted with weights that are a choice; --json shows every point and reason."))


def show_nothing(plan: Plan) -> None:
    """There is no partnership to plan for: none at all, or none that is known to be active."""
    if plan.doubtful:
        say(_("{name}: no partnership is known to be active, so there is nothing to plan. Of "
              "{number} partnerships it is not known whether they are active; fill in their "
              "status.").format(name=plan.name, number=len(plan.doubtful)))  # fmt: skip
    else:
        say(_("{name}: there are no active partnerships, so there is nothing to plan.").format(
            name=plan.name))  # fmt: skip


def show_lines(plan: Plan) -> None:
    """Every partnership with what happens to it and why: first what changes, then what stays."""
    say(_("Lines of the plan"))
    lines = sorted(plan.lines, key=lambda line: (line.operation == KEEP, not line.points))
    for line in lines[:SHOWN]:
        show_line(plan, line)
    if len(lines) > SHOWN:
        say(_("    and {more} more; --json gives all").format(more=len(lines) - SHOWN))
    say()


def show_line(plan: Plan, line: Line) -> None:
    """One partnership: what happens, into what, when; why; what it must explain; the effort."""
    who = ", ".join(called(plan, id) for id in line.partnerships)
    what = _(OPERATIONS[line.operation])
    if line.result and line.result not in line.partnerships:
        what += " → " + called(plan, line.result)
    if line.phase is not None:
        what += " (" + _("phase {number}").format(number=line.phase) + ")"
    say(f"- {who}: {what}")
    say(f"    {line.reason}")
    if line.explanation:
        say(f"    {line.explanation}")
    told = [
        one.text if one.point.points is None else f"{one.text} ({one.point.points})"
        for one in line.points
    ]
    if told:
        say("    " + _("Effort {points}: {reasons}").format(
            points=line.effort, reasons="; ".join(told)))  # fmt: skip


def called(plan: Plan, id: str) -> str:
    """The name of a partnership with its code."""
    name = plan.names.get(id, id)
    return id if name == id else f"{name} [{id}]"


def show_phases(plan: Plan) -> None:
    table(
        _("Phases"),
        [_("phase"), _("from"), _("until"), _("number")],
        [
            [str(phase.number), *(_("unknown") if d is None else day(d.isoformat())
                                  for d in (phase.first, phase.last)),
             str(len(phase.partnerships))]
            for phase in plan.phases
        ],
        left=3,
    )  # fmt: skip


def show_clash(clash: Clash) -> None:
    """The wishes that leave no plan, each with the rule against it and what would be possible."""
    if len(clash.wishes) == 1:
        say(_("No plan: this wish cannot be met."))
    else:
        say(_("No plan: these wishes cannot go together; without any one of them they can."))
    for wish, reason in zip(clash.wishes, clash.reasons, strict=True):
        say(f"- {wish}" + (f" ({reason})" if reason else ""))
