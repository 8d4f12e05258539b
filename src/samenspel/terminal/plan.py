"""The rationalisation plan at the prompt."""

from collections import Counter

from samenspel.alignment.plan.options import OPERATIONS
from samenspel.alignment.plan.plan import Clash, Plan
from samenspel.language import _
from samenspel.terminal.basics import say, table
from samenspel.words import day

SHOWN = 40
CURVE = 12


def show_plan(plan: Plan) -> None:
    """From how many to how many, each line with its reason, the trade-off, who gains and loses."""
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
    lines = [line for line in plan.lines if line.operation != "keep"] or list(plan.lines)
    table(
        _("Lines of the plan"),
        [_("operation"), _("partnership"), _("goes on in"), _("phase"), _("reason")],
        [
            [_(OPERATIONS[line.operation]), ", ".join(line.partnerships), line.result or "",
             "" if line.phase is None else str(line.phase), line.reason]
            for line in lines[:SHOWN]
        ],
        left=5,
    )  # fmt: skip
    if len(lines) > SHOWN:
        say(_("    and {more} more; --json gives all").format(more=len(lines) - SHOWN))
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


def show_clash(clash: Clash) -> None:
    say(_("No plan: these wishes cannot go together; without any one of them they can."))
    for wish, reason in zip(clash.wishes, clash.reasons, strict=True):
        say(f"- {wish}" + (f" ({reason})" if reason else ""))
