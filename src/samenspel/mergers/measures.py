"""The four families of parameters and the figures that stand for them, each with its source.

The families are those of the study that the SBV-toekomstvisie 2023 (4.1.3) tells of. It gives no
figures, so which figure stands for what is a reading of this software (status: choice).
"""

from dataclasses import dataclass

from samenspel.language import _, mark

SBV = "SBV-toekomstvisie 2023"
STUDY = f"{SBV}, 4.1.3 (Fobé, Derudder en Steen 2022)"
# Lines of the plain text of the publication, as everywhere in this room.
STUDY_LINES = (1743, 1750)
SCALE = mark(
    "Scale is a condition, never a guarantee: inhabitants alone say nothing of how strong a "
    "municipality is. Nothing here is a verdict; the figures stand beside the status quo and "
    "beside cooperation only."
)
SCALE_SOURCE = f"{SBV}, samenvatting"
SCALE_LINES = (229, 234)


@dataclass(frozen=True)
class Family:
    """A family of parameters, what it is about by the source, and its status."""

    id: str
    title: str
    about: str
    source: str = STUDY
    lines: tuple[int, int] = STUDY_LINES
    status: str = "proposal"


FAMILIES = (
    Family(
        "capacity",
        mark("administrative capacity"),
        mark("capacity of possible partners, urban or not, existing cooperation"),
    ),
    Family(
        "democracy",
        mark("democracy"),
        mark("how accessible and how near, and how people and places relate"),
    ),
    Family(
        "identity",
        mark("identity and socio-economy"),
        mark("identity and socio-economic connection"),
    ),
    Family("politics", mark("political context"), mark("the political context")),
)


@dataclass(frozen=True)
class Measure:
    """A figure in the table of a merger.

    ``now``, ``together``, ``merged``: the columns of the figures that give it for the status quo,
    for cooperation only and for the merger; "": there it is what it is in the status quo; "?":
    nobody can know it yet; None: it means nothing there. ``each``: the column that gives it for
    each municipality today, which is the status quo where ``now`` is None. ``unit``: inhabitants,
    km2, per_km2, count, share, eur, ratio, km, words. ``data``: what it is read from.
    """

    id: str
    family: str
    title: str
    unit: str
    data: str
    now: str | None
    together: str | None
    merged: str | None
    each: str | None = None
    note: str | None = None
    status: str = "choice"


MEASURES = (
    Measure("population", "capacity", mark("inhabitants"), "inhabitants",
            "municipalities.population", None, "", "population", "population"),
    Measure("area_km2", "capacity", mark("area (km²)"), "km2", "municipalities.area_km2",
            None, "", "area_km2", "area_km2"),
    Measure("density", "capacity", mark("inhabitants per km²"), "per_km2",
            "municipalities.population, municipalities.area_km2", None, "", "density", "density"),
    Measure("equipment", "capacity", mark("equipment levels"), "words",
            "municipalities.equipment_level", "equipment", "", "?", "equipment",
            mark("the level of a merged municipality is not known")),
    Measure("income", "capacity", mark("fiscal capacity: taxable income per inhabitant"), "eur",
            "figures.net_taxable_income", None, "", "income", "income"),
    Measure("property", "capacity", mark("fiscal capacity: cadastral income per inhabitant"), "eur",
            "figures.taxable_cadastral_income", None, "", "property", "property"),
    Measure("income_spread", "capacity", mark("fiscal capacity: highest part against lowest"),
            "ratio", "figures.net_taxable_income", "income_spread", "", None, None,
            mark("within a merger the difference is gone from the budget, not from the land")),
    Measure("staff", "capacity", mark("staff (FTE)"), "count", "figures.staff_fte",
            "staff", "", "staff", "staff"),
    Measure("partnerships", "capacity", mark("intermunicipal partnerships they are in"), "count",
            "partnerships, memberships", "partnerships", "shared", "partnerships", "partnerships"),
    Measure("internal", "capacity", mark("partnerships of nobody but them"), "count",
            "partnerships, memberships", "internal", "internal", "internal", None,
            mark("after a merger nobody else is left at that table")),
    Measure("tables", "capacity", mark("places at tables"), "count",
            "partnerships, memberships, organisations", "places", "shared_places", "tables",
            "tables", mark("two places at one table become one")),
    Measure("seats", "capacity", mark("seats in intermunicipal partnerships"), "count",
            "mandates.seats", "seats", "shared_seats", "?", "seats",
            mark("how many remain is for the statutes to say")),
    Measure("first_line_share", "capacity", mark("share of partnerships with citizens at the "
            "counter"), "share", "partnerships.line", "first_line_share", "",
            "first_line_share", "first_line_share"),
    Measure("council_seats", "democracy", mark("inhabitants per council seat"), "inhabitants",
            "figures.council_seats", "per_council_seat", "", "?", "per_council_seat",
            mark("the council of a merged municipality is for the law to say")),
    Measure("largest_share", "democracy", mark("share of inhabitants in the largest part"), "share",
            "municipalities.population", None, None, "largest_share", None),
    Measure("distance", "democracy", mark("farthest two parts, as the crow flies (km)"), "km",
            "municipalities.x, municipalities.y", None, None, "distance", None),
    Measure("commuting_inside", "identity", mark("share of commuters who stay inside"), "share",
            "flows", "commuting_own", "", "commuting_inside", "commuting_inside"),
    Measure("commuting_between", "identity", mark("commuters between the parts"), "count", "flows",
            "commuting_between", "", None, None),
    Measure("commuting_city", "identity", mark("commuters to the neighbouring centre outside it"),
            "count", "flows, municipalities.centre", None, None, "commuting_city", None),
    Measure("income_difference", "identity",
            mark("taxable income per inhabitant: highest part less lowest"),
            "eur", "figures.net_taxable_income", "income_difference", "", None, None),
    Measure("centres", "identity", mark("centres in it"), "count", "municipalities.centre",
            "centres", "", "centres", None),
    Measure("zonings_cut", "identity", mark("zonings that it lies across"), "count",
            "zonings, zone_members", None, None, "zonings_cut", None),
    Measure("shared_by_all", "identity", mark("partnerships in which all parts meet"), "count",
            "partnerships, memberships", "shared_by_all", "shared_by_all", None, None),
    Measure("same_circle", "identity", mark("partnerships of exactly these municipalities"),
            "count", "partnerships, memberships", "same_circle", "same_circle", None, None),
)  # fmt: skip
BY_ID = {measure.id: measure for measure in MEASURES}
UNKNOWN_CONTEXT = mark(
    "unknown: majorities, agreements and promises are in no table; figures whose key begins with "
    "political_ are shown here"
)


def family_json(family: Family) -> dict[str, object]:
    """A family as plain values."""
    return {
        "family": family.id,
        "title": _(family.title),
        "about": _(family.about),
        "source": family.source,
        "lines": list(family.lines),
        "status": family.status,
    }


def measure_json(measure: Measure) -> dict[str, object]:
    """What a measure is, as plain values."""
    return {
        "measure": measure.id,
        "family": measure.family,
        "title": _(measure.title),
        "unit": measure.unit,
        "data": measure.data,
        "note": None if measure.note is None else _(measure.note),
        "status": measure.status,
    }
