"""The points of effort of one partnership, each with the reason that gives it."""

from dataclasses import dataclass

from samenspel.alignment.plan import forms
from samenspel.alignment.plan.region import Body
from samenspel.alignment.plan.settings import Weights


@dataclass(frozen=True)
class Point:
    """``code``: the weight that gives it, or what is unknown; ``points`` is empty where a fact is
    unknown: that is a mark, never a number. ``times``: how often the weight counts."""

    code: str
    points: int | None
    times: int = 1


def of_keeping(body: Body, weights: Weights) -> tuple[Point, ...]:
    """What it asks to keep ``body`` as it is."""
    if body.outside and body.exception is None:
        return (Point("explain", weights.explain),)
    return ()


def of_moving(body: Body, weights: Weights, at_renewal: bool) -> tuple[Point, ...]:
    """What it asks to end or narrow ``body``, wherever it goes."""
    heavy = body.form in forms.LEGAL_PERSONS
    found = [Point("existing", weights.existing)]
    if not at_renewal:
        found.append(Point("no_renewal", weights.no_renewal))
    if heavy:
        found.append(Point("legal_person", weights.legal_person))
    facts = (
        ("own_assets", body.own_assets, weights.own_assets),
        ("own_staff", body.staff_fte, weights.own_staff),
        ("own_budget", body.budget_cents, weights.own_budget),
        ("mixed", body.mixed, weights.mixed),
    )
    for code, value, points in facts:
        if value is None:
            # Without a legal person nothing can be owned and nobody employed.
            if heavy or code in ("own_budget", "mixed"):
                found.append(Point(code, None))
        elif value:
            found.append(Point(code, points))
    return tuple(found)


def of_going_over(body: Body, carrier: Body, weights: Weights) -> tuple[Point, ...]:
    """What it asks beside that to let ``body`` go up in ``carrier``."""
    found = [Point("merge", weights.merge)]
    if body.form != carrier.form:
        found.append(Point("other_form", weights.other_form))
    return tuple(found)


def of_opening(newcomers: int, weights: Weights) -> tuple[Point, ...]:
    """What it asks of a carrier to take in so many new members; nothing for none."""
    if not newcomers:
        return ()
    many = Point("new_member", weights.new_member * newcomers, newcomers)
    return (Point("extend", weights.extend), many)


def total(points: tuple[Point, ...]) -> int:
    """The known points together."""
    return sum(point.points or 0 for point in points)
