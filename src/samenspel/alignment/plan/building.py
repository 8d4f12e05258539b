"""From a choice of ways to a plan that people can read: lines, phases, municipalities, notes."""

from collections.abc import Sequence
from datetime import date as Date

from samenspel.alignment.plan import effort
from samenspel.alignment.plan.obstacles import obstacles
from samenspel.alignment.plan.options import DISSOLVE, EXTEND, HOST, KEEP, MERGE, SHRINK, Option
from samenspel.alignment.plan.plan import Line, Phase, Plan, Reasoned
from samenspel.alignment.plan.reasons import point_text, why_kept, why_moved
from samenspel.alignment.plan.region import Region
from samenspel.alignment.plan.settings import Settings
from samenspel.alignment.plan.solving import Solution
from samenspel.alignment.plan.towns import towns_of
from samenspel.alignment.plan.wishes import Wish
from samenspel.landscape.landscape import Landscape
from samenspel.language import _

Ways = list[Option]  # the way taken, by the number of the partnership


def plan_of(
    landscape: Landscape,
    region: Region,
    legal: Sequence[Sequence[Option]],
    offered: Sequence[Sequence[Option]],
    solution: Solution,
    settings: Settings,
    wishes: Sequence[Wish],
) -> Plan:
    """The plan of ``solution`` over ``offered``, the ways that the wishes left of ``legal``."""
    taken = [ways[solution.choice[i]] for i, ways in enumerate(offered)]
    days = phase_days(taken)
    lines = tuple(
        moved_line(region, i, taken, days, settings)
        if way.operation in (MERGE, HOST, DISSOLVE)
        else kept_line(region, i, taken, legal[i], days, settings, wishes)
        for i, way in enumerate(taken)
    )
    target = settings.target
    # Where none is known to be active and some may be, nothing is proven.
    certain = bool(region.bodies) or not region.doubtful
    fewest = certain and (
        solution.partnerships == solution.fewest
        or (target is not None and solution.partnerships <= target)
    )
    return Plan(
        zoning=region.zoning,
        zone=region.zone,
        name=region.name,
        date=region.date,
        before=len(region.bodies),
        after=solution.partnerships,
        bound=solution.fewest,
        effort=solution.effort,
        effort_bound=solution.effort_bound,
        proven_optimal=fewest and solution.effort == solution.effort_bound,
        unique=certain and solution.first,
        lines=lines,
        curve=solution.curve,
        phases=phases_of(lines, days, start_of(taken)),
        municipalities=towns_of(landscape, region, members_after(region, taken)),
        names={body.id: body.name for body in region.bodies},
        doubtful=region.doubtful,
        notes=notes_of(region),
        settings=settings,
        wishes=tuple(wishes),
    )


def arrivals(taken: Ways) -> dict[int, tuple[frozenset[str], list[int]]]:
    """For every carrier its new members and what goes on in it."""
    found: dict[int, tuple[frozenset[str], list[int]]] = {}
    for i, way in enumerate(taken):
        if way.carrier is not None:
            new, those = found.get(way.carrier, (frozenset(), []))
            found[way.carrier] = (new | way.newcomers, [*those, i])
    return found


def members_after(region: Region, taken: Ways) -> dict[str, frozenset[str]]:
    """The members of every partnership that is left."""
    came = arrivals(taken)
    found = {}
    for i, (body, way) in enumerate(zip(region.bodies, taken, strict=True)):
        if way.operation in (KEEP, SHRINK):
            gone = body.outside if way.operation == SHRINK else frozenset()
            found[body.id] = (body.members - gone) | came.get(i, (frozenset(), []))[0]
    return found


def covered_by(i: int, taken: Ways) -> list[int]:
    """Those whose staying lets partnership ``i`` end or shrink: for every task and member the
    first by id."""
    found = set()
    for cover in taken[i].covers:
        stays = [
            other
            for other, whole in sorted(cover)
            if taken[other].operation == KEEP or (taken[other].operation == SHRINK and not whole)
        ]
        found.add(stays[0])
    return sorted(found)


def moved_line(
    region: Region, i: int, taken: Ways, days: dict[Date | None, int], settings: Settings
) -> Line:
    """The line of a partnership that ends or goes on in another."""
    body, way = region.bodies[i], taken[i]
    assert way.moment is not None
    carrier = None if way.carrier is None else region.bodies[way.carrier]
    covering = tuple(region.bodies[other].id for other in covered_by(i, taken))
    return Line(
        operation=way.operation,
        partnerships=(body.id,),
        result=None if carrier is None else carrier.id,
        reason=why_moved(region, i, way, covering),
        reason_code=way.operation,
        explanation=None,
        phase=days[way.moment.date],
        date=way.moment.date,
        obstacles=obstacles(body, carrier, way.moment, True, settings),
        effort=effort.total(way.points),
        points=tuple(Reasoned(point, point_text(point)) for point in way.points),
        newcomers=(),
        given_up=(),
        carries=(),
        covered_by=covering,
        tasks_known=body.tasks_known,
    )


def kept_line(
    region: Region,
    i: int,
    taken: Ways,
    legal: Sequence[Option],
    days: dict[Date | None, int],
    settings: Settings,
    wishes: Sequence[Wish],
) -> Line:
    """The line of a partnership that stays, takes in members or lets them go."""
    body, way = region.bodies[i], taken[i]
    newcomers, carried = arrivals(taken).get(i, (frozenset(), []))
    carries = tuple(region.bodies[other].id for other in carried)
    points = (*way.points, *effort.of_opening(len(newcomers), settings.weights))
    covering: tuple[str, ...] = ()
    moment = way.moment
    if way.operation == SHRINK:
        operation, code = SHRINK, SHRINK
        covering = tuple(region.bodies[other].id for other in covered_by(i, taken))
        reason = why_moved(region, i, way, covering)
    else:
        operation = EXTEND if newcomers else KEEP
        relied = [
            region.bodies[other].id
            for other, its in enumerate(taken)
            if its.covers and i in covered_by(other, taken)
        ]
        code, reason = why_kept(region, i, legal, carries, relied, wishes, settings)
    when = sorted(
        (its.moment.date is None, its.moment.date or Date.max)
        for other, its in enumerate(taken)
        if other in carried and its.newcomers and its.moment is not None
    )
    changes = moment is not None or bool(when)
    date = moment.date if moment is not None else None
    if when:
        date = None if when[0][0] else when[0][1]
    return Line(
        operation=operation,
        partnerships=(body.id,),
        result=body.id,
        reason=reason,
        reason_code=code,
        explanation=explanation_of(region, i) if operation != SHRINK else None,
        phase=days[date] if changes else None,
        date=date,
        obstacles=obstacles(body, None, moment, False, settings) if moment is not None else {},
        effort=effort.total(points),
        points=tuple(Reasoned(point, point_text(point)) for point in points),
        newcomers=tuple(sorted(newcomers)),
        given_up=tuple(sorted(body.outside)) if operation == SHRINK else (),
        carries=carries,
        covered_by=covering,
        tasks_known=body.tasks_known,
    )


def explanation_of(region: Region, i: int) -> str | None:
    """What a kept partnership must explain, or the exception on which it rests."""
    body = region.bodies[i]
    if not body.outside:
        return None
    if body.exception is not None:
        return _("Members outside the region: {number}; its exception is the explanation.").format(
            number=len(body.outside)
        )
    return _("Members outside the region: {number}; comply or explain.").format(
        number=len(body.outside)
    )


def phase_days(taken: Ways) -> dict[Date | None, int]:
    """The number of the phase of every moment: first the start, then the ends of terms by year,
    last the moment that is unknown."""
    moments = {way.moment for way in taken if way.moment is not None}
    start = start_of(taken)
    ends = sorted({m.date for m in moments if m.date is not None and m.date != start})
    years = sorted({day.year for day in ends})
    found: dict[Date | None, int] = {} if start is None else {start: 1}
    first = len(found) + 1
    found |= {day: first + years.index(day.year) for day in ends}
    if any(moment.kind == "unknown" for moment in moments):
        found[None] = max(found.values(), default=0) + 1
    return found


def start_of(taken: Ways) -> Date | None:
    """The day on which the plan starts, where anything happens then."""
    moments = (way.moment for way in taken if way.moment is not None)
    return next((moment.date for moment in moments if moment.kind == "start"), None)


def phases_of(
    lines: Sequence[Line], days: dict[Date | None, int], start: Date | None
) -> tuple[Phase, ...]:
    """The phases with what changes in each, in order."""
    found = []
    for number in sorted(set(days.values())):
        inside = [day for day in days if days[day] == number]
        known = sorted(day for day in inside if day is not None)
        changed = [line for line in lines if line.phase == number]
        found.append(
            Phase(
                number=number,
                kind="unknown" if not known else ("start" if start in known else "year"),
                first=known[0] if known else None,
                last=known[-1] if known else None,
                partnerships=tuple(line.partnerships[0] for line in changed),
            )
        )
    return tuple(found)


def notes_of(region: Region) -> tuple[str, ...]:
    """How the plan reads what the facts leave open."""
    count = len(region.bodies)
    blind = sum(not body.tasks_known for body in region.bodies)
    no_theme = sum(body.theme is None for body in region.bodies)
    found = []
    if blind:
        found.append(
            _(
                "Of {number} of {count} partnerships no task is known: the plan cannot know "
                "whether their tasks are preserved, and takes each as one task without a name."
            ).format(number=blind, count=count)
        )
    if no_theme:
        found.append(
            _(
                "Of {number} of {count} partnerships the theme is unknown: they cannot merge."
            ).format(number=no_theme, count=count)
        )
    if region.doubtful:
        found.append(
            _(
                "Of {number} partnerships it is unknown whether they are active: the plan leaves "
                "them alone and does not count them."
            ).format(number=len(region.doubtful))
        )
    found.append(
        _(
            "Where it is not said for whom a task is done, it is for all members. Private partners "
            "in an opdrachthoudende vereniging: theme utilities is read as energy and waste. What "
            "is a legal person goes up only in a legal person."
        )
    )
    return tuple(found)
