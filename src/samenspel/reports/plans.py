"""Plans of regions and zones as one HTML page: maps side by side, goals, moves, reasons.

It shows the JSON of ``samenspel delineate`` and ``compare`` and computes no figure.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl

from samenspel.delineation.counts import zones_told
from samenspel.delineation.explain.wording import (
    NAMED_BY,
    RULE_WORDS,
    goal_figure,
    goal_word,
    way_told,
)
from samenspel.landscape.landscape import Landscape
from samenspel.language import _
from samenspel.reports.drawings import zone_map
from samenspel.reports.frame import environment, framed
from samenspel.reports.maps import Outline, outline
from samenspel.words import number, short_number

Json = Mapping[str, Any]
ZONING = "plan"  # what a plan is called while its map is drawn


def drawn_page(landscape: Landscape, found: Json, command: str) -> str:
    """The page of a plan that ``samenspel delineate`` found, beside the present zones where these
    were named."""
    plans = [{"called": "plan", "title": _("The plan found"), **found}]
    if found["present_plan"] is not None:
        plans.append(
            {"called": found["present"], "title": zoning_title(landscape, found["present"]),
             **found["present_plan"]}
        )  # fmt: skip
    return page(landscape, found, plans, [], _("Regions drawn: {place}"), command)


def beside_page(landscape: Landscape, found: Json, command: str) -> str:
    """The page of ``samenspel compare``."""
    plans = [{**plan, "title": plan["title"] or Path(plan["called"]).name}
             for plan in found["plans"]]  # fmt: skip
    ways = [
        {**way, "from": plans[0]["title"], "to": plan["title"]}
        for way, plan in zip(found["differences"], plans[1:], strict=True)
    ]
    return page(landscape, found, plans, ways, _("Plans side by side: {place}"), command)


def traded_page(landscape: Landscape, found: Json, command: str) -> str:
    """The page of ``samenspel tradeoff``."""
    plans = [
        {**point, "title": _("plan {number}").format(number=number)}
        for number, point in enumerate(found["points"], start=1)
    ]
    ways = [
        {**way, "from": one["title"], "to": two["title"], "steps": way["steps"] or []}
        for way, (one, two) in zip(found["between"], pairwise(plans), strict=True)
    ]
    return page(landscape, found, plans, ways, _("Plans between goals: {place}"), command)


def zoning_title(landscape: Landscape, zoning: str) -> str:
    """The title of a zoning; its code where it has none."""
    titles = dict(landscape.table("zonings").select("zoning", "title").iter_rows())
    return titles.get(zoning) or zoning


def page(
    landscape: Landscape,
    found: Json,
    plans: Sequence[Json],
    ways: Sequence[Json],
    title: str,
    command: str,
) -> str:
    """The page in the language chosen. ``command``: what prints the same figures."""
    towns = landscape.table("municipalities").sort("nis")
    names = {nis: name or nis for nis, name in towns.select("nis", "name").iter_rows()}
    land = outline(landscape)
    jinja = environment()
    jinja.globals |= {
        "goal_word": goal_word, "goal_figure": goal_figure,
        "number": number, "short_number": short_number, "change": change,
    }  # fmt: skip
    jinja.filters["town_name"] = names.__getitem__
    about = landscape.about
    return framed(
        jinja,
        "plans.html",
        ["plans.css"],
        title=title.format(place=about.territory or about.name or _("Landscape")),
        about=about,
        date=landscape.date.isoformat(),
        outline=land,
        names=names,
        found=found,
        plans=plans,
        ways=ways,
        maps=[plan_map(landscape, land, plan, names) for plan in plans] if land else [],
        changes=[change_map(way, names) for way in ways],
        brief=brief(found, plans, ways),
        notes=notes(found, plans, names),
        weights=", ".join(
            f"{name} = {short_number(w)}" for name, w in found["weights"]["values"].items()
        ),
        rows=found.get("municipalities") or [],
        command=command,
    )


def change(value: float) -> str:
    """A change of the objective with its sign; a minus as wide as a plus."""
    text = number(abs(value), 4)
    if not text.strip("0.,"):
        return "0"
    return f"\N{MINUS SIGN}{text}" if value < 0 else f"+{text}"


def plan_map(
    landscape: Landscape, land: Outline, plan: Json, names: Mapping[str, str]
) -> dict[str, Any]:
    """The zones of a plan on the map, numbered as in its table."""
    members = [(ZONING, z["zone"], nis) for z in plan["zones"] for nis in z["municipalities"]]
    frame = pl.DataFrame(members, ["zoning", "zone", "nis"], orient="row")
    drawn = landscape.with_tables(zone_members=frame)
    return zone_map(drawn, land, ZONING, plan["zones"], names)


def change_map(way: Json, names: Mapping[str, str]) -> dict[str, Any]:
    """Who changes zone."""
    gone = set(way["municipalities"])
    return {
        "classes": {nis: "in" if nis in gone else "off" for nis in names},
        "titles": {
            nis: _("{name} changes zone").format(name=name) if nis in gone else name
            for nis, name in names.items()
        },
    }


def brief(found: Json, plans: Sequence[Json], ways: Sequence[Json]) -> list[str]:
    """The first sentences."""
    said = []
    if "bound" in found:
        said.append(_("{zones}, drawn with weights of the user's choice.").format(
            zones=zones_told(len(plans[0]["zones"]))))  # fmt: skip
        if found["gap"] is None:
            said.append(_("How far this plan is from the best is unknown."))
        else:
            said.append(
                _("Objective {objective}; no plan is below {bound} (gap {gap}%).").format(
                    objective=number(found["objective"], 4), bound=number(found["bound"], 4),
                    gap=number(100 * found["gap"], 1),
                )
            )  # fmt: skip
    return said + [way_told(way["from"], way["to"], way) for way in ways]


def notes(found: Json, plans: Sequence[Json], names: Mapping[str, str]) -> list[str]:
    """What was chosen, what cannot be judged, which plan breaks a rule."""
    ways = dict.fromkeys(zone["named_by"] for zone in plans[0]["zones"])
    said = [_("Zones are named by: {ways}.").format(
        ways="; ".join(_(NAMED_BY[way]) for way in ways))]  # fmt: skip
    said += [
        _("{a} is cut off from the rest and counts as a neighbour of {b}, the nearest (a choice; "
          "--link {code}=OTHER makes another).").format(a=names[a], b=names[b], code=a)
        for a, b in found["links_chosen"]
    ]  # fmt: skip
    said += [_("Cannot be judged: {rule}.").format(rule=_(RULE_WORDS[rule]))
             for rule in found["unknown_rules"]]  # fmt: skip
    for plan in plans:
        said += [
            _("{plan} breaks a rule: {text}").format(plan=plan["title"], text=violation["text"])
            for violation in plan["violations"]
        ]
    return said
