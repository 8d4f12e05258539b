"""What every partnership of a region may become, each way with what it needs and asks."""

from collections.abc import Iterable
from dataclasses import dataclass

from samenspel.alignment.plan import effort, forms
from samenspel.alignment.plan.effort import Point
from samenspel.alignment.plan.moments import Moment, Window, moment
from samenspel.alignment.plan.region import Body, Need, Region
from samenspel.alignment.plan.settings import Settings
from samenspel.language import mark

KEEP, SHRINK, DISSOLVE, HOST, MERGE = "keep", "shrink", "dissolve", "host", "merge"
EXTEND = "extend"  # what keeping is called where new members come in
OPERATIONS = {
    KEEP: mark("keep"),
    EXTEND: mark("take in members"),
    SHRINK: mark("let members go"),
    MERGE: mark("merge"),
    HOST: mark("host"),
    DISSOLVE: mark("end"),
}

# Partnerships of which one must stay; the flag says that it must stay whole, with its members
# outside the region.
Cover = frozenset[tuple[int, bool]]


@dataclass(frozen=True)
class Option:
    """One way for one partnership. ``carrier``: the number of the partnership that takes it over.
    ``newcomers``: members that this brings to the carrier. ``covers``: of each, one must stay."""

    operation: str
    carrier: int | None
    points: tuple[Point, ...]
    moment: Moment | None
    newcomers: frozenset[str] = frozenset()
    covers: tuple[Cover, ...] = ()


def fixed_by(body: Body) -> str | None:
    """Why ``body`` can only be kept, whatever stands around it; empty where nothing forces it."""
    if body.exception is not None and body.exception != "small_service":
        return "exception"
    if body.leaned_on:
        return "leaned_on"
    if body.form is None:
        return "form_unknown"
    if not forms.described(body.form):
        return "form_undescribed"
    if body.unclear:
        return "class_unknown"
    return None


def joinable(one: str | None, other: str | None, settings: Settings) -> bool:
    """Whether partnerships of these themes may merge; of an unknown theme that is not known."""
    if one is None or other is None:
        return False
    return one == other or any(one in group and other in group for group in settings.join_themes)


def brought(body: Body, carrier: Body) -> frozenset[str]:
    """The members of ``body`` that are new to ``carrier``."""
    return body.members - carrier.members - {carrier.id}


def merge_barred(body: Body, carrier: Body, region: Region, settings: Settings) -> str | None:
    """The first rule that keeps ``body`` from going up in ``carrier``; empty where it may."""
    if body.exception is not None:
        return "exception"
    if body.theme is None:
        return "own_theme_unknown"
    if carrier.theme is None:
        return "theme_unknown"
    if not joinable(body.theme, carrier.theme, settings):
        return "other_theme"
    if carrier.exception is not None:
        return "carrier_exception"
    if body.outside - carrier.members:
        return "outside"
    if body.transferred and carrier.form not in forms.WITH_TRANSFER:
        return "transfer"
    if body.form in forms.LEGAL_PERSONS and carrier.form not in forms.LEGAL_PERSONS:
        return "legal_person"
    newcomers = brought(body, carrier)
    if newcomers and not all(
        forms.may_join(carrier.form, carrier.theme, region.classes[one])
        for one in carrier.members | newcomers
    ):
        return "members"
    return None


def host_barred(body: Body, carrier: Body, settings: Settings) -> str | None:
    """The first rule that keeps ``body`` from going on as a cluster inside ``carrier``."""
    small = settings.host_smallest <= len(body.towns) <= settings.host_largest
    if not small or (body.line != "first" and body.exception != "small_service"):
        return "no_small_service"
    if brought(body, carrier) or len(carrier.towns) <= len(body.towns):
        return "not_inside"
    if carrier.form not in forms.LEGAL_PERSONS:
        return "legal_person"
    if body.transferred and carrier.form not in forms.WITH_TRANSFER:
        return "transfer"
    if not settings.host_across_themes and not joinable(body.theme, carrier.theme, settings):
        return "other_theme"
    return None


def options_of(region: Region, settings: Settings, window: Window) -> list[list[Option]]:
    """For every partnership its ways in a fixed order: keep, dissolve, shrink, then host and merge
    by the id of the carrier. Costs O(partnerships squared)."""
    providers = who_provides(region)
    return [options(region, number, settings, window, providers)
            for number in range(len(region.bodies))]  # fmt: skip


def who_provides(region: Region) -> dict[Need, list[int]]:
    """Which partnerships of the region meet every need."""
    found: dict[Need, list[int]] = {}
    for number, body in enumerate(region.bodies):
        for need in body.needs:
            found.setdefault(need, []).append(number)
    return found


def options(
    region: Region,
    number: int,
    settings: Settings,
    window: Window,
    providers: dict[Need, list[int]],
) -> list[Option]:
    body, weights = region.bodies[number], settings.weights
    found = [Option(KEEP, None, effort.of_keeping(body, weights), None)]
    when = moment(body, region.date, window, settings)
    if when is None:
        return found
    moving = effort.of_moving(body, weights, when.kind == "renewal")
    fixed = fixed_by(body)
    if fixed is None and body.exception is None and body.theme is not None and body.tasks_known:
        covers = covers_of(region, number, body.needs, providers)
        if covers is not None:
            found.append(Option(DISSOLVE, None, moving, when, covers=covers))
    if may_shrink(body, region):
        given_up = (need for need in body.needs if need[3] in body.outside)
        covers = covers_of(region, number, given_up, providers)
        if covers is not None:
            points = (*moving, Point("shrink", weights.shrink))
            found.append(Option(SHRINK, None, points, when, covers=covers))
    if fixed is not None:
        return found
    for other, carrier in enumerate(region.bodies):
        if other == number:
            continue
        if host_barred(body, carrier, settings) is None:
            found.append(Option(HOST, other, moving, when))
        if merge_barred(body, carrier, region, settings) is None:
            points = (*moving, *effort.of_going_over(body, carrier, weights))
            found.append(Option(MERGE, other, points, when, brought(body, carrier)))
    return found


def may_shrink(body: Body, region: Region) -> bool:
    """Whether ``body`` reaches outside the region and can go on with those inside alone: at least
    two members, in an interlokale vereniging two municipalities."""
    if not body.outside or body.exception is not None or not body.tasks_known:
        return False
    if not forms.described(body.form) or body.unclear:
        return False
    left = body.members - body.outside
    if body.form == "interlokale_vereniging":
        left = frozenset(one for one in left if region.classes[one] == "municipality")
    return len(left) >= 2


def covers_of(
    region: Region, number: int, needs: Iterable[Need], providers: dict[Need, list[int]]
) -> tuple[Cover, ...] | None:
    """Who else meets ``needs`` of partnership ``number``, as sets of which one must stay; empty
    where others outside the plan meet all, None where nobody meets one of them."""
    transferred = region.bodies[number].transferred
    found = set()
    for need in needs:
        moved = need in transferred
        beyond = region.elsewhere.get(need)
        if beyond is not None and (beyond or not moved):
            continue
        cover = frozenset(
            (other, need[3] in region.bodies[other].outside)
            for other in providers[need]
            if other != number
            and (not moved or region.bodies[other].form in forms.WITH_TRANSFER)
        )  # fmt: skip
        if not cover:
            return None
        found.add(cover)
    return tuple(sorted(found, key=sorted))
