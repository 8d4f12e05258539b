"""Make the plan of a region, or tell which wishes clash."""

from collections.abc import Sequence

from samenspel.alignment.plan.building import plan_of
from samenspel.alignment.plan.curves import clock_of
from samenspel.alignment.plan.model import Part
from samenspel.alignment.plan.options import (
    HOST,
    MERGE,
    OPERATIONS,
    Option,
    fixed_by,
    host_barred,
    merge_barred,
    options_of,
)
from samenspel.alignment.plan.parts import parts_of
from samenspel.alignment.plan.plan import Clash, Plan
from samenspel.alignment.plan.reasons import BARRED, KEPT, why_kept
from samenspel.alignment.plan.region import Region, read_region
from samenspel.alignment.plan.settings import Settings
from samenspel.alignment.plan.solving import ENDLESS, fewest, possible, solve
from samenspel.alignment.plan.wishes import Wish, checked, left, most_of, suits, window_of
from samenspel.errors import InputError
from samenspel.landscape.landscape import Landscape
from samenspel.language import _

SECONDS = 30.0


def rationalise(
    landscape: Landscape,
    zone: str,
    zoning: str | None = None,
    settings: Settings | None = None,
    wishes: Sequence[Wish] = (),
    seconds: float = SECONDS,
) -> Plan | Clash:
    """The plan of the region with code or name ``zone``, or the wishes that clash.

    Fewest partnerships first, then least effort, then lowest ids, proven; the clock may cut the
    search after ``seconds``, and then the plan is a possible one with its proven bounds. Equal
    input that is not cut gives an equal plan. Raises InputError for a zone that does not exist, a
    table that a plan needs and that is absent, a wish about an unknown partnership, a missing
    OR-Tools, or no certainty in the time given about a number of partnerships that is wished.
    """
    settings = settings or Settings()
    if not seconds > 0:
        raise InputError(_("The time for a plan must be above 0 seconds."))
    region = read_region(landscape, zone, zoning)
    wanted = checked(wishes, region)
    legal = options_of(region, settings, window_of(wanted, region.date))
    offered = left(legal, wanted, region)
    found = solve(offered, settings.weights, most_of(wanted), settings.target, seconds)
    if found is None:
        return clash(region, settings, wanted)
    return plan_of(landscape, region, legal, offered, found, settings, wanted)


def clash(region: Region, settings: Settings, wishes: Sequence[Wish]) -> Clash:
    """An irreducible set of ``wishes``, which are known to leave no plan: each is left out in turn
    and stays out where there is still no plan without it. What remains is proven to clash, and so
    is that every one of it is needed."""
    kept = list(wishes)
    for wish in wishes:
        without = [one for one in kept if one != wish]
        if not satisfiable(region, settings, without):
            kept = without
    return Clash(tuple(kept), tuple(against(region, settings, wish, kept) for wish in kept))


def satisfiable(region: Region, settings: Settings, wishes: Sequence[Wish]) -> bool:
    """Whether any plan agrees with ``wishes``, proven without a bound on time."""
    legal = options_of(region, settings, window_of(wishes, region.date))
    parts = parts_of(left(legal, wishes, region), settings.weights)
    if not possible(parts):
        return False
    most = most_of(wishes)
    return most is None or count_fewest(parts) <= most


def count_fewest(parts: Sequence[Part]) -> int:
    """The fewest partnerships of any plan of ``parts``, of which one is possible; proven."""
    return sum(found.value for found in fewest(parts, clock_of(ENDLESS)))


def against(region: Region, settings: Settings, wish: Wish, kept: Sequence[Wish]) -> str | None:
    """Why ``wish`` cannot be met, where that can be said: the rule in the way of a wish about a
    partnership, or the number from which one about a number could be met with the others."""
    if wish.kind != "at_most":
        return reason_against(region, settings, wish)
    others = [one for one in kept if one.kind != "at_most"]
    legal = options_of(region, settings, window_of(others, region.date))
    number = count_fewest(parts_of(left(legal, others, region), settings.weights))
    if others:
        return _("with the other wishes it is possible from {number}").format(number=number)
    return _("it is possible from {number}").format(number=number)


def reason_against(region: Region, settings: Settings, wish: Wish) -> str | None:
    """The rule that by itself stands in the way of a wish about a partnership, if one does."""
    if wish.kind not in ("go", "into", "shrink"):
        return None
    number = {body.id: i for i, body in enumerate(region.bodies)}
    i = number[wish.partnership or ""]
    body = region.bodies[i]
    ways: list[Option] = options_of(region, settings, window_of((), region.date))[i]
    if any(suits(way, wish.kind, number.get(wish.carrier or "")) for way in ways):
        return None
    if wish.kind == "shrink":
        return _("Not every member outside the region is known to keep every task elsewhere.")
    fixed = fixed_by(body)
    if wish.kind == "go" or fixed is not None:
        code, text = why_kept(region, i, ways, (), (), (), settings)
        return text if code in KEPT else None
    carrier = region.bodies[number[wish.carrier or ""]]
    merge = merge_barred(body, carrier, region, settings)
    host = host_barred(body, carrier, settings)
    return "; ".join(
        f"{_(OPERATIONS[name])}: {_(BARRED[code])}"
        for name, code in ((MERGE, merge), (HOST, host))
        if code
    )
