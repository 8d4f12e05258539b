"""The words of a plan: why every line is as it is, what each point of effort is for."""

from collections import Counter
from collections.abc import Sequence

from samenspel.alignment.plan.effort import Point
from samenspel.alignment.plan.options import (
    DISSOLVE,
    HOST,
    KEEP,
    MERGE,
    SHRINK,
    Option,
    fixed_by,
    host_barred,
    merge_barred,
)
from samenspel.alignment.plan.region import Body, Region
from samenspel.alignment.plan.settings import Settings
from samenspel.alignment.plan.wishes import Wish
from samenspel.language import _, mark
from samenspel.words import word

POINTS = {
    "explain": mark("it reaches outside the region and must be explained"),
    "existing": mark("it exists already"),
    "no_renewal": mark("it does not happen at a renewal"),
    "legal_person": mark("it is a legal person"),
    "own_assets": mark("it owns assets"),
    "own_staff": mark("it has staff of its own"),
    "own_budget": mark("it has a budget of its own"),
    "mixed": mark("not only governments take part"),
    "merge": mark("members and tasks go over"),
    "other_form": mark("the carrier has another legal form"),
    "shrink": mark("members are let go"),
    "extend": mark("it takes in new members"),
    "new_member": mark("new members: {times}"),
}
UNKNOWN = {
    "own_assets": mark("whether it owns assets is unknown"),
    "own_staff": mark("whether it has staff of its own is unknown"),
    "own_budget": mark("whether it has a budget of its own is unknown"),
    "mixed": mark("whether only governments take part is unknown"),
}
KEPT = {
    "exception": mark("It stays, for it has an exception: {ground}."),
    "leaned_on": mark("It stays, for it is itself a member or the host of {names}."),
    "form_unknown": mark("It stays, for its legal form is unknown."),
    "form_undescribed": mark(
        "It stays, for the publications do not say who may be in this form ({form}) or how it ends."
    ),
    "class_unknown": mark("It stays, for of these members it is unknown what they are: {members}."),
    "wish": mark("It stays, for that is the wish."),
    "too_late": mark("It stays, for it cannot change within the time that is wished."),
    "no_way": mark("It stays, for nothing else can take it over ({tally})."),
    "carrier": mark("It stays and carries {names}."),
    "needed": mark("It stays, for the task of {names} goes on in it."),
    "best": mark(
        "It stays; to end it would not leave fewer partnerships, or would ask more effort."
    ),
}
BARRED = {
    "exception": mark("it has an exception"),
    "carrier_exception": mark("the other has an exception and stays as it is"),
    "own_theme_unknown": mark("its own theme is unknown"),
    "theme_unknown": mark("the theme of the other is unknown"),
    "other_theme": mark("another theme"),
    "outside": mark("members outside the region are not in the other"),
    "transfer": mark("tasks with transfer of management need an opdrachthoudende vereniging"),
    "legal_person": mark("the other is no legal person"),
    "members": mark("the legal form is not known to allow the members"),
    "no_small_service": mark("it is not known as a small service at the counter"),
    "not_inside": mark("the other is not larger or does not hold all its members"),
}
MOVED = {
    MERGE: mark("It goes up in {carrier}: the same theme, and its members may be in that form."),
    HOST: mark(
        "It goes on as a cluster inside {carrier}, which is larger and has all its members."
    ),
    DISSOLVE: mark("It can end: every task is already done for every member by {names}."),
    SHRINK: mark(
        "It goes on without its members outside the region: these keep every task through {names}."
    ),
}
WITHIN = mark("It goes up in {carrier}: the same theme, and all its members are there already.")
JOINED = mark("It goes up in {carrier}: themes that may be joined, and its members may be there.")
OTHERS = mark("partnerships outside this plan")
NO_NEED = mark("nobody, for nothing is done for them")


def point_text(point: Point) -> str:
    """Why ``point`` counts, or what is unknown."""
    if point.points is None:
        return _(UNKNOWN[point.code])
    return _(POINTS[point.code]).format(times=point.times)


def why_kept(
    region: Region,
    number: int,
    ways: Sequence[Option],
    carries: Sequence[str],
    relied_on: Sequence[str],
    wishes: Sequence[Wish],
    settings: Settings,
) -> tuple[str, str]:
    """Why a partnership stays, as a code and in words. ``ways``: what it may do by the rules, the
    wishes left out; ``carries``: what goes on in it; ``relied_on``: what ended for its sake."""
    body = region.bodies[number]
    values = {
        "ground": word(body.exception),
        "form": word(body.form),
        "members": ", ".join(sorted(body.unclear)),
        "names": named(region, carries or relied_on or body.leaned_on),
        "tally": "",
    }
    code = fixed_by(body)
    if code == "leaned_on":
        values["names"] = named(region, body.leaned_on)
    moves = [way for way in ways if way.operation not in (KEEP, SHRINK)]
    if code is None and any(w.kind == "keep" and w.partnership == body.id for w in wishes):
        code = "wish"
    if code is None and carries:
        code = "carrier"
    if code is None and relied_on:
        code = "needed"
    if code is None and not moves:
        tally = tally_of(region, body, settings)
        code = "no_way" if tally else "too_late"
        values["tally"] = tally
    code = code or "best"
    return code, _(KEPT[code]).format(**values)


def tally_of(region: Region, body: Body, settings: Settings) -> str:
    """How many other partnerships cannot take over ``body``, by the first rule in the way; empty
    where one can."""
    counted: Counter[str] = Counter()
    for other in region.bodies:
        if other.id == body.id:
            continue
        merge = merge_barred(body, other, region, settings)
        host = host_barred(body, other, settings)
        if merge is None or host is None:
            return ""
        counted[host if merge == "exception" else merge] += 1
    if not counted:
        return _("there is no other")
    return "; ".join(
        _("{number} others: {reason}").format(reason=_(BARRED[code]), number=number)
        for code, number in sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    )


def why_moved(region: Region, number: int, way: Option, covered_by: Sequence[str]) -> str:
    """Why a partnership goes, or shrinks, in words."""
    text = MOVED[way.operation]
    carrier = ""
    if way.carrier is not None:
        other = region.bodies[way.carrier]
        carrier = other.name
        if way.operation == MERGE and other.theme != region.bodies[number].theme:
            text = JOINED
        elif way.operation == MERGE and not way.newcomers:
            text = WITHIN
    if not covered_by:
        names = _(OTHERS)
        if way.operation == SHRINK and not any(
            need[3] in region.bodies[number].outside for need in region.bodies[number].needs
        ):
            names = _(NO_NEED)
    else:
        names = named(region, covered_by)
    return _(text).format(carrier=carrier, names=names)


def named(region: Region, ids: Sequence[str]) -> str:
    """The names of partnerships."""
    return ", ".join(region.names[id] for id in ids)
