"""Check the effort, the moments and the phases of a plan, apart from what made it."""

from collections.abc import Iterator, Mapping
from datetime import date as Date
from typing import Any

from samenspel.alignment.plan.checkfacts import PERSONS, TERM_BOUND, Known, World
from samenspel.language import _

Lines = dict[str, dict[str, Any]]


def expected(
    world: World, line: Mapping[str, Any], newcomers: int, weights: Mapping[str, int]
) -> dict[str, int | None]:
    """The points that the facts give to a line, by reason; empty for what is unknown."""
    one = world.active[line["partnerships"][0]]
    row, operation = one.row, line["operation"]
    found: dict[str, int | None] = {}
    if operation in ("keep", "extend"):
        far = any(world.far(member) for member in one.members)
        if far and row["scope_exception"] is None:
            found["explain"] = weights["explain"]
        if newcomers:
            found["extend"] = weights["extend"]
            found["new_member"] = weights["new_member"] * newcomers
        return found
    found["existing"] = weights["existing"]
    if line["date"] is None or line["date"] != iso(row["term_end"]):
        found["no_renewal"] = weights["no_renewal"]
    person = one.form in PERSONS
    if person:
        found["legal_person"] = weights["legal_person"]
    kinds = [world.kind.get(member) for member in one.members]
    mixed = any(kind in ("private", "nonprofit", "other") for kind in kinds)
    facts = {
        "own_assets": row["own_assets"],
        "own_staff": row["staff_fte"],
        "own_budget": row["budget_cents"],
        "mixed": True if mixed else (None if None in kinds else False),
    }
    for code, value in facts.items():
        if value:
            found[code] = weights[code]
        elif value is None and (person or code in ("own_budget", "mixed")):
            found[code] = None
    if operation == "merge":
        found["merge"] = weights["merge"]
        if one.form != world.active[line["result"]].form:
            found["other_form"] = weights["other_form"]
    if operation == "shrink":
        found["shrink"] = weights["shrink"]
    return found


def effort_faults(
    world: World, lines: Lines, after: Mapping[str, set[str]], plan: Mapping[str, Any]
) -> Iterator[str]:
    """Effort that its reasons do not give, or reasons that the facts do not give."""
    for id, line in lines.items():
        new = len(after.get(id, set()) - world.active[id].members)
        told = {point["code"]: point["points"] for point in line["points"]}
        if len(told) != len(line["points"]) or line["effort"] != sum(
            points or 0 for points in told.values()
        ):
            yield _("{id}: its effort is not that of its reasons.").format(id=id)
        if told != expected(world, line, new, plan["weights"]):
            yield _("{id}: its reasons of effort do not follow from the facts.").format(id=id)
    if plan["effort"] != sum(line["effort"] for line in lines.values()):
        yield _("The effort of the plan is not that of its lines.")


def moment_faults(world: World, lines: Lines, plan: Mapping[str, Any]) -> Iterator[str]:
    """Changes at a moment that is not possible, and phases that do not follow the days."""
    numbers: dict[int, str | None] = {}
    for id, line in sorted(lines.items(), key=lambda item: (item[1]["phase"] or 0, item[0])):
        changes = line["operation"] != "keep"
        if changes != (line["phase"] is not None) or (not changes and line["date"] is not None):
            yield _("{id}: what changes has a phase, and only that.").format(id=id)
            continue
        if not changes:
            continue
        if line["operation"] == "extend":
            came = [its["date"] for its in lines.values() if its["operation"] == "merge"
                    and its["result"] == id and brings(world, its, id)]  # fmt: skip
            if line["date"] != min((day for day in came if day), default=None):
                yield _("{id}: it opens at another moment than its members come.").format(id=id)
        elif line["date"] is None and plan["settings"]["bar_unknown_moment"]:
            yield _("{id}: it changes at a moment unknown, which is barred.").format(id=id)
        elif not possible_day(world.active[id], line["date"], world.date):
            yield _("{id}: it cannot change on {date}.").format(id=id, date=line["date"])
        day = line["date"]
        earlier = [other for phase, other in numbers.items() if phase < line["phase"]]
        if None in earlier or (day and any(other and other > day for other in earlier)):
            yield _("{id}: its phase does not follow the days.").format(id=id)
        numbers[line["phase"]] = max(day, numbers.get(line["phase"]) or day) if day else None
    in_phases = {id: phase["phase"] for phase in plan["phases"] for id in phase["partnerships"]}
    if in_phases != {id: line["phase"] for id, line in lines.items() if line["phase"] is not None}:
        yield _("The phases do not hold the lines.")


def brings(world: World, line: Mapping[str, Any], carrier: str) -> bool:
    """Whether a merge brings its carrier a member that is new to it."""
    one = world.active[line["partnerships"][0]]
    return bool(one.members - world.active[carrier].members - {carrier})


def possible_day(one: Known, day: str | None, today: Date) -> bool:
    """Whether a partnership can change on ``day``; unknown only where its term is."""
    term = one.row["term_end"]
    if day is None:
        # A known term may lie before the first day that is wished; then the next one is unknown.
        return one.form in TERM_BOUND
    if one.form in TERM_BOUND:
        return day == iso(term) and term > today
    return day >= today.isoformat()


def iso(date: Date | None) -> str | None:
    return None if date is None else date.isoformat()
