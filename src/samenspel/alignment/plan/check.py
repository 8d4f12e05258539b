"""Check a plan against the landscape, apart from what made it.

Works on the JSON of a plan, so also on one that was stored, sent or changed by hand. It follows
every task of every member through the lines, and counts and weighs again from the facts.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from samenspel.alignment.plan.checkeffort import effort_faults, moment_faults
from samenspel.alignment.plan.checkfacts import HOLDING, KNOWN_FORMS, PERSONS, World, read_world
from samenspel.landscape.landscape import Landscape
from samenspel.language import _

Lines = dict[str, dict[str, Any]]
STAYING = ("keep", "extend", "shrink")
ENDING = ("merge", "host", "dissolve")


def check_plan(landscape: Landscape, plan: Mapping[str, Any]) -> list[str]:
    """The faults of ``plan`` (as ``Plan.as_json``) for ``landscape``, each in a sentence; none for
    a plan that holds."""
    world = read_world(landscape, plan["zoning"], plan["zone"])
    faults = list(line_faults(world, plan))
    if faults:
        return faults
    lines: Lines = {line["partnerships"][0]: line for line in plan["lines"]}
    after = members_after(world, lines)
    faults += rule_faults(world, lines, plan)
    faults += member_faults(world, lines, after)
    faults += effort_faults(world, lines, after, plan)
    faults += moment_faults(world, lines, plan)
    faults += figure_faults(world, lines, plan)
    faults += town_faults(world, after, plan)
    faults += list(wish_faults(lines, plan))
    return faults


def rule_faults(world: World, lines: Lines, plan: Mapping[str, Any]) -> list[str]:
    """What the operations by themselves break, whatever the plan tells beside them."""
    return [
        *moving_faults(world, lines),
        *staying_faults(world, lines),
        *carrier_faults(world, lines, plan),
        *task_faults(world, lines),
    ]


def line_faults(world: World, plan: Mapping[str, Any]) -> Iterator[str]:
    """Every partnership in exactly one line, every line with an operation and a result that fit."""
    named = Counter(id for line in plan["lines"] for id in line["partnerships"])
    for id in sorted(world.mine - set(named)):
        yield _("{id}: it is in no line.").format(id=id)
    for id, number in named.items():
        if id not in world.mine:
            yield _("{id}: it is no active partnership of the region.").format(id=id)
        elif number > 1:
            yield _("{id}: it is in {number} lines.").format(id=id, number=number)
    operations = {line["partnerships"][0]: line["operation"] for line in plan["lines"]
                  if line["partnerships"]}  # fmt: skip
    for line in plan["lines"]:
        if len(line["partnerships"]) != 1:
            yield _("A line must be about one partnership.")
            continue
        id, operation, result = line["partnerships"][0], line["operation"], line["result"]
        if operation not in (*STAYING, *ENDING):
            yield _("{id}: “{operation}” is no operation.").format(id=id, operation=operation)
        elif operation in STAYING and result != id:
            yield _("{id}: it stays, so its result must be itself.").format(id=id)
        elif operation == "dissolve" and result is not None:
            yield _("{id}: it ends, so it has no result.").format(id=id)
        elif operation in ("merge", "host") and (
            result == id or operations.get(result) not in ("keep", "extend")
        ):
            yield _("{id}: its carrier {result} does not stay whole.").format(id=id, result=result)


def members_after(world: World, lines: Lines) -> dict[str, set[str]]:
    """The members of every partnership that stays, by the operations alone."""
    after = {}
    for id, line in lines.items():
        if line["operation"] in STAYING:
            gone = {m for m in world.active[id].members if world.far(m)}
            after[id] = world.active[id].members - (
                gone if line["operation"] == "shrink" else set()
            )
    for id, line in lines.items():
        if line["operation"] == "merge":
            after[line["result"]] = after[line["result"]] | (
                world.active[id].members - {line["result"]}
            )
    return after


def moving_faults(world: World, lines: Lines) -> Iterator[str]:
    """What may not end, and an exception that does not stand."""
    for id, line in lines.items():
        one = world.active[id]
        if line["operation"] not in ENDING:
            continue
        ground = one.row["scope_exception"]
        if ground is not None and (ground != "small_service" or line["operation"] != "host"):
            yield _("{id}: its exception ({ground}) does not stand.").format(id=id, ground=ground)
        if one.above:
            yield _("{id}: it ends while others have it as member or host.").format(id=id)
        if one.form not in KNOWN_FORMS:
            yield _("{id}: it ends though its form is not described.").format(id=id)
        if any(world.kind.get(member) is None for member in one.members):
            yield _("{id}: it ends though the class of a member is unknown.").format(id=id)
        if line["operation"] == "dissolve" and (one.row["theme"] is None or not one.has_tasks):
            yield _("{id}: it ends though its theme or tasks are unknown.").format(id=id)


def staying_faults(world: World, lines: Lines) -> Iterator[str]:
    """A partnership that shrinks and may not."""
    for id, line in lines.items():
        one = world.active[id]
        far = {member for member in one.members if world.far(member)}
        if line["operation"] != "shrink" and line["given_up"]:
            yield _("{id}: only what shrinks gives up members.").format(id=id)
        if line["operation"] != "shrink":
            continue
        left = one.members - far
        if one.form == "interlokale_vereniging":
            left = {member for member in left if world.kind.get(member) == "municipality"}
        fits = (
            far
            and len(left) > 1
            and one.has_tasks
            and one.form in KNOWN_FORMS
            and one.row["scope_exception"] is None
            and all(world.kind.get(member) for member in one.members)
        )
        if not fits or set(line["given_up"]) != far:
            yield _("{id}: it may not shrink like this.").format(id=id)


def themes_join(one: str | None, other: str | None, plan: Mapping[str, Any]) -> bool:
    groups = [{one}, *map(set, plan["settings"]["join_themes"])]
    return None not in (one, other) and any({one, other} <= group for group in groups)


def carrier_faults(world: World, lines: Lines, plan: Mapping[str, Any]) -> Iterator[str]:
    """A carrier that may not take over what goes on in it."""
    rules = plan["settings"]
    for id, line in lines.items():
        if line["operation"] not in ("merge", "host"):
            continue
        one, carrier = world.active[id], world.active[line["result"]]
        new = one.members - carrier.members - {line["result"]}
        same = themes_join(one.row["theme"], carrier.row["theme"], plan)
        if one.handed and carrier.form not in HOLDING:
            yield _("{id}: its carrier cannot hold transferred tasks.").format(id=id)
        if line["operation"] == "merge":
            if not same:
                yield _("{id}: its carrier has another theme.").format(id=id)
            if carrier.row["scope_exception"] is not None:
                yield _("{id}: its carrier has an exception and stays as it is.").format(id=id)
            if any(world.far(member) for member in new):
                yield _("{id}: its carrier lacks members outside the region.").format(id=id)
            if one.form in PERSONS and carrier.form not in PERSONS:
                yield _("{id}: its carrier is no legal person.").format(id=id)
            if new and not world.admits(line["result"], one.members | carrier.members - {id}):
                yield _("{id}: the form of its carrier does not admit all.").format(id=id)
            continue
        towns, wide = world.seats_of(one.members), world.seats_of(carrier.members)
        service = one.row["line"] == "first" or one.row["scope_exception"] == "small_service"
        small = rules["host_smallest"] <= len(towns) <= rules["host_largest"]
        if new or not service or not small or len(wide) <= len(towns):
            yield _("{id}: it is no small service inside its carrier.").format(id=id)
        if carrier.form not in PERSONS:
            yield _("{id}: its carrier is no legal person.").format(id=id)
        if not rules["host_across_themes"] and not same:
            yield _("{id}: its carrier has another theme.").format(id=id)


def task_faults(world: World, lines: Lines) -> Iterator[str]:
    """A task that somebody had and has no more."""
    own: set[tuple[tuple[str, ...], str]] = set()
    held = set()
    for id, one in world.active.items():
        line = lines.get(id)
        if line is not None and line["operation"] not in STAYING:
            continue
        shrinks = line is not None and line["operation"] == "shrink"
        done = {(key, who) for key, served in one.served.items() for who in served
                if not (shrinks and who in one.members and world.far(who))}  # fmt: skip
        own |= done
        held |= done if one.form in HOLDING else set()
    for id, line in lines.items():
        one = world.active[id]
        if line["operation"] not in ("dissolve", "shrink"):
            # A merge and a host carry the task themselves; their carrier was checked.
            continue
        for key, served in one.served.items():
            for who in sorted(served):
                if line["operation"] == "shrink" and not (who in one.members and world.far(who)):
                    continue
                if (key, who) not in (held if (key, who) in one.handed else own):
                    yield _("{id}: {who} loses the task “{task}”.").format(
                        id=id, who=who, task=key[0]
                    )


def member_faults(world: World, lines: Lines, after: Mapping[str, set[str]]) -> Iterator[str]:
    """New members that are not told, and what a partnership is said to carry."""
    for id, line in lines.items():
        carried = sorted(
            other
            for other, its in lines.items()
            if its["operation"] in ("merge", "host") and its["result"] == id
        )
        if sorted(line["carries"]) != carried:
            yield _("{id}: it does not carry what its line says.").format(id=id)
        new = after.get(id, set()) - world.active[id].members
        if set(line["newcomers"]) != new or (line["operation"] == "extend") != bool(new):
            yield _("{id}: its new members are not those of its line.").format(id=id)
        if line["tasks_known"] != world.active[id].has_tasks:
            yield _("{id}: whether its tasks are known is told wrongly.").format(id=id)


def figure_faults(world: World, lines: Lines, plan: Mapping[str, Any]) -> Iterator[str]:
    """Counts, bounds and the curve."""
    left = sum(line["operation"] in STAYING for line in lines.values())
    if plan["before"] != len(world.mine) or plan["after"] != left:
        yield _("The plan says {before} and {after} partnerships; they are {b} and {a}.").format(
            before=plan["before"], after=plan["after"], b=len(world.mine), a=left
        )
    target = plan["settings"]["target"]
    fewest = plan["bound"] == left or (target is not None and left <= target)
    if plan["bound"] > left or plan["effort_bound"] > plan["effort"]:
        yield _("A bound is above what the plan reaches.")
    fewest &= bool(world.mine) or not plan["doubtful"]
    if plan["proven_optimal"] != (fewest and plan["effort_bound"] == plan["effort"]):
        yield _("Whether the plan is proven does not follow from its bounds.")
    numbers = [point["partnerships"] for point in plan["curve"]]
    efforts = [point["effort"] for point in plan["curve"]]
    if not numbers or numbers != list(range(numbers[0], plan["before"] + 1)):
        yield _("The curve does not run up to all partnerships.")
    elif efforts != sorted(efforts, reverse=True):
        yield _("The curve rises.")
    elif dict(zip(numbers, efforts, strict=True)).get(left) != plan["effort"]:
        yield _("The plan does not lie on its curve.")
    elif any(point["bound"] > point["effort"] for point in plan["curve"]):
        yield _("A bound of the curve lies above it.")


def town_faults(
    world: World, after: Mapping[str, set[str]], plan: Mapping[str, Any]
) -> Iterator[str]:
    """What municipalities are said to gain and lose."""
    told = {row["nis"]: row for row in plan["municipalities"]}
    if set(told) != world.inside:
        yield _("The municipalities of the plan are not those of the region.")
        return
    for nis, row in sorted(told.items()):
        was = {id for id in world.mine if nis in world.seats_of(world.active[id].members)}
        will = {id for id, members in after.items() if nis in world.seats_of(members)}
        counts = (row["tables_before"], row["tables_after"])
        if counts != (len(was), len(will)) or (set(row["gained"]), set(row["lost"])) != (
            will - was,
            was - will,
        ):
            yield _("{nis}: its tables before and after are told wrongly.").format(nis=nis)


def wish_faults(lines: Lines, plan: Mapping[str, Any]) -> Iterator[str]:
    """Wishes that the plan does not fulfil."""
    for wish in plan["wishes"]:
        kind, line = wish["kind"], lines.get(wish.get("partnership", ""), {})
        operation = line.get("operation")
        dates = [its["date"] for its in lines.values() if its["phase"] is not None]
        done = {
            "keep": operation in STAYING,
            "go": operation in ENDING,
            "shrink": operation == "shrink",
            "into": line.get("result") == wish.get("carrier"),
            "not_into": line.get("result") != wish.get("carrier"),
            "at_most": plan["after"] <= wish.get("number", 0),
            "without": all(its["operation"] != wish.get("operation") for its in lines.values()),
            "not_before": all(day is None or day >= wish["date"] for day in dates)
            if kind == "not_before" else True,
            "not_after": all(day is not None and day <= wish["date"] for day in dates)
            if kind == "not_after" else True,
        }  # fmt: skip
        if not done[kind]:
            yield _("The wish “{wish}” is not fulfilled.").format(wish=wish["text"])
