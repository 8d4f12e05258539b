"""Candidate mergers as one HTML page: maps and tables, the status quo and cooperation only beside.

It shows the JSON of ``samenspel mergers`` and computes no figure.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from samenspel.landscape.landscape import Landscape
from samenspel.language import _
from samenspel.mergers import wording
from samenspel.mergers.effects import EFFECTS
from samenspel.reports.frame import environment, framed
from samenspel.reports.maps import Outline, outline
from samenspel.reports.plans import plan_map, zoning_title
from samenspel.words import figure, number, word

Json = Mapping[str, Any]
MOST_ROWS = 2000  # of a table; a browser is slow with more
MOST_MAPS = 4
WAYS = ("status_quo", "cooperation", "merger")


def mergers_page(landscape: Landscape, found: Json, command: str) -> str:
    """The page in the language chosen. ``command``: what prints the same figures."""
    names: Mapping[str, str] = found["names"]
    jinja = environment()
    jinja.globals |= {
        name: getattr(wording, name)
        for name in ("value_told", "figure_told", "cell_told", "arrow", "sizes_told", "goal_head",
                     "goal_told", "kind_told", "zoning_told", "cooperation_told")
    }  # fmt: skip
    jinja.globals |= {"number": number, "word": word, "figure": figure}
    jinja.filters["town_name"] = names.__getitem__
    jinja.filters["merger_name"] = lambda codes: wording.listed(codes, names)
    about = landscape.about
    zones = found["zones"]
    one = zones[0] if len(zones) == 1 else None
    here = within(landscape, names)
    land = outline(here)
    title = zone_name(one) if one else zoning_title(landscape, found["zoning"])
    return framed(
        jinja,
        "mergers.html",
        ["plans.css", "mergers.css"],
        title=_("Who could join whom: {place}").format(place=title),
        about=about,
        date=landscape.date.isoformat(),
        outline=land,
        names=names,
        found=found,
        one=one,
        zone_name=zone_name,
        maps=maps(here, land, found, one) if land else [],
        rows=[(zone, row) for zone in zones for row in zone["candidates"]][:MOST_ROWS],
        candidates=sum(len(zone["candidates"]) for zone in zones),
        most=MOST_ROWS,
        offers=[zone for zone in zones if zone["alternatives"]],
        brief=brief(found, zones),
        notes=notes(zones, names),
        titles={one["warning"]: one["title"] for one in found["warnings"]},
        signals=[signal for zone in zones for signal in zone["signals"]],
        ways=WAYS,
        effects={name: _(text) for name, text in EFFECTS.items()},
        front_told=wording.front_told,
        fits_told=wording.fits_told,
        command=command,
    )


def zone_name(zone: Json) -> str:
    """What a zone is called."""
    return str(zone["name"] or zone["zone"])


def within(landscape: Landscape, names: Mapping[str, str]) -> Landscape:
    """The landscape with the land of these municipalities only."""
    areas = landscape.table("geometries").filter(pl.col("nis").is_in(list(names)))
    return landscape.with_tables(geometries=areas)


def brief(found: Json, zones: Sequence[Json]) -> list[str]:
    """The first sentences."""
    said = [found["scale"]["text"] + f" ({found['scale']['source']})"]
    for zone in zones if len(zones) == 1 else ():
        said.append(_("{zone}: {count} candidate mergers").format(
            zone=zone_name(zone), count=number(len(zone["candidates"]), 0)) + ".")  # fmt: skip
        said.append(wording.cooperation_told(zone["cooperation"]))
    return [*said, wording.choices_told(found)]


def notes(zones: Sequence[Json], names: Mapping[str, str]) -> list[str]:
    """What cannot be judged, and who is in no merger."""
    return [line for zone in zones for line in wording.cut_off_told(zone, names)]


def maps(landscape: Landscape, land: Outline, found: Json, one: Json | None) -> list[Json]:
    """The zones; or, of one zone, its municipalities today, the mergers picked, and for each goal
    the alternative that is best on it."""
    names: Mapping[str, str] = found["names"]
    if one is None:
        zones = [
            {"zone": zone["zone"], "name": zone["name"],
             "municipalities": [row["municipalities"][0] for row in zone["status_quo"]]}
            for zone in found["zones"]
        ]  # fmt: skip
        return [drawn_with_numbers(landscape, land, _("The zones"), zones, names)]
    every = [row["municipalities"][0] for row in one["status_quo"]]
    wanted: list[tuple[str, Sequence[Sequence[str]]]] = [(_("Status quo"), [])]
    if found["chosen"] is not None:
        picked = [merger["municipalities"] for merger in found["chosen"]["mergers"]]
        wanted.append((_("The mergers picked"), picked))
    wanted += best_of_each(one["alternatives"])
    return [map_of(landscape, land, title, mergers, every, names)
            for title, mergers in wanted[:MOST_MAPS]]  # fmt: skip


def best_of_each(alternatives: Json | None) -> list[tuple[str, Sequence[Sequence[str]]]]:
    """For each goal the first alternative with the best value, each alternative once."""
    if alternatives is None:
        return []
    rows = [row for row in alternatives["rows"] if row["kind"] == "alternative"]
    found: dict[int, list[str]] = {}
    for goal in alternatives["goals"]:
        values = [row["values"][goal["goal"]] for row in alternatives["rows"]]
        best = max(values) if goal["more"] else min(values)
        place = next((i for i, row in enumerate(rows) if row["values"][goal["goal"]] == best), None)
        if place is not None:
            found.setdefault(place, []).append(goal["goal"])
    title = _("Alternative {number}: best on {goals}")
    return [
        (title.format(number=place + 1, goals=", ".join(map(wording.goal_short, goals))),
         rows[place]["mergers"])
        for place, goals in sorted(found.items())
    ]  # fmt: skip


def map_of(
    landscape: Landscape, land: Outline, title: str, mergers: Sequence[Sequence[str]],
    every: Sequence[str], names: Mapping[str, str],
) -> Json:  # fmt: skip
    """A map of the municipalities as they would be."""
    merged = {nis for towns in mergers for nis in towns}
    groups = [list(towns) for towns in mergers if set(towns) <= set(every)]
    groups += [[nis] for nis in every if nis not in merged]
    zones = [
        {"zone": towns[0], "name": wording.listed(towns, names), "municipalities": towns}
        for towns in groups
    ]
    return drawn_with_numbers(landscape, land, title, zones, names)


def drawn_with_numbers(
    landscape: Landscape,
    land: Outline,
    title: str,
    zones: Sequence[Json],
    names: Mapping[str, str],
) -> Json:
    """A map with a number on every zone, as in the list of ``zones``; numbers take little room, so
    they are placed as if zones had no names."""
    nameless = [{**zone, "name": None} for zone in zones]
    drawn = plan_map(landscape, land, {"zones": nameless}, names)
    called = {nis: zone["name"] or zone["zone"] for zone in zones for nis in zone["municipalities"]}
    titles = {nis: f"{names[nis]}: {called[nis]}" if nis in called else names[nis] for nis in names}
    return {"title": title, "drawn": {**drawn, "titles": titles}, "zones": zones}
