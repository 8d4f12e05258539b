"""The plan of a region in a report: from many partnerships to few, step by step.

Counts what the JSON of a plan holds and puts it into words; decides and solves nothing.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from shlex import quote
from typing import Any

from samenspel.alignment.plan.obstacles import KINDS
from samenspel.alignment.plan.options import (
    DISSOLVE,
    EXTEND,
    HOST,
    KEEP,
    MERGE,
    OPERATIONS,
    SHRINK,
)
from samenspel.alignment.plan.plan import Plan
from samenspel.alignment.plan.reasons import POINTS
from samenspel.landscape.landscape import Landscape
from samenspel.language import _, mark
from samenspel.reports import charts
from samenspel.words import number

ORDER = (MERGE, HOST, DISSOLVE, SHRINK, EXTEND, KEEP)  # what ends, what changes, what stays
ENDING = (MERGE, HOST, DISSOLVE)
FACTS = ("known", "unknown", "none")
WHEN = {
    "start": mark("from the start"),
    "year": mark("as terms end"),
    "unknown": mark("as terms end, unknown when"),
}
Json = Mapping[str, Any]


def planned(plan: Plan) -> dict[str, Any]:
    """What a report adds for ``plan``: its JSON as ``samenspel rationalise`` prints it, the steps
    from before to after, how often each obstacle is known, unknown or not there, and the number of
    points of effort of which it is unknown whether they count."""
    found = plan.as_json()
    points = [point["points"] for line in found["lines"] for point in line["points"]]
    return {
        "plan": found,
        "plan_steps": steps(found),
        "plan_obstacles": obstacles(found),
        "plan_points_unknown": points.count(None),
    }


def steps(plan: Json) -> list[dict[str, Any]]:
    """Each operation of ``plan`` with its ``partnerships``, the ``change`` of their number and how
    many are ``left`` after it."""
    counts = Counter(line["operation"] for line in plan["lines"])
    left, found = plan["before"], []
    for operation in ORDER:
        if counts[operation]:
            change = -counts[operation] if operation in ENDING else 0
            left += change
            found.append(
                {
                    "operation": operation,
                    "partnerships": counts[operation],
                    "change": change,
                    "left": left,
                }
            )
    return found


def obstacles(plan: Json) -> list[dict[str, Any]]:
    """Each kind of obstacle with the number of changes where it is known, unknown or not there."""
    counts = Counter(
        (one["code"], one["fact"]) for line in plan["lines"] for one in line["obstacles"]
    )
    return [
        {"code": code, **{fact: counts[code, fact] for fact in FACTS}}
        for code in KINDS
        if any(counts[code, fact] for fact in FACTS)
    ]


def plan_told(landscape: Landscape, found: Json, folder: str) -> dict[str, Any] | None:
    """What the page says of the plan in ``found`` (see ``planned``) beside its figures: sentences,
    words, charts and the command that gives the same; None without a plan."""
    if "plan" not in found:
        return None
    plan = found["plan"]
    return {
        "proof": proof(plan),
        "lines": sorted(plan["lines"], key=lambda line: ORDER.index(line["operation"])),
        "kept": [line for line in plan["lines"] if line["explanation"] is not None],
        "operations": {code: _(text) for code, text in OPERATIONS.items()},
        "obstacles": {code: _(text) for code, text in KINDS.items()},
        "when": {code: _(text) for code, text in WHEN.items()},
        "weights": weights(plan),
        "names": member_names(landscape),
        "waterfall": waterfall(plan, found["plan_steps"]),
        "curve": curve(plan),
        "command": f"samenspel rationalise {quote(folder)} --zoning {quote(plan['zoning'])} "
        f"--region {quote(plan['zone'])}",
    }


def proof(plan: Json) -> str:
    """What is proven of the number and the effort."""
    if plan["proven_optimal"]:
        return _(
            "Proven: with these rules and wishes no plan has fewer, and none with as few takes "
            "less effort ({effort} points)."
        ).format(effort=plan["effort"])
    return _(
        "Cut off by time: at least {bound} are needed; effort {effort}, at least {least}."
    ).format(bound=plan["bound"], effort=plan["effort"], least=plan["effort_bound"])


def weights(plan: Json) -> list[tuple[str, int]]:
    """What counts as effort and for how many points."""
    texts = POINTS | {"new_member": mark("each member that is new to it")}
    return [(_(texts[code]), points) for code, points in plan["weights"].items()]


def member_names(landscape: Landscape) -> dict[str, str]:
    """The names of organisations, municipalities among them, by code."""
    found: dict[str, str] = {}
    for table, code in (("organisations", "id"), ("municipalities", "nis")):
        rows = landscape.table(table).select(code, "name").drop_nulls("name")
        found |= dict(rows.iter_rows())
    return found


def signed(change: int) -> str:
    """A change with its sign; a minus as wide as a plus."""
    return f"\N{MINUS SIGN}{number(-change, 0)}" if change < 0 else number(change, 0)


def waterfall(plan: Json, rows: Sequence[Json]) -> str | None:
    """The chart from before to after; None where the number stays the same."""
    if plan["before"] == plan["after"]:
        return None
    bars = [(_("before"), 0, plan["before"], number(plan["before"], 0))]
    bars += [
        (_(OPERATIONS[row["operation"]]), row["left"] - row["change"], row["left"],
         signed(row["change"]))
        for row in rows
        if row["operation"] != KEEP
    ]  # fmt: skip
    bars.append((_("after"), 0, plan["after"], number(plan["after"], 0)))
    return charts.waterfall(bars, _("partnerships"))


def curve(plan: Json) -> str | None:
    """The chart of effort by number of partnerships; None where there is a single number."""
    points = [(p["partnerships"], p["effort"], p["bound"]) for p in plan["curve"]]
    if len(points) < 2:
        return None
    return charts.curve(
        points,
        (plan["after"], plan["effort"]),
        across=_("at most so many partnerships"),
        up=_("effort"),
        name=_("this plan"),
        bound=_("proven least"),
    )
