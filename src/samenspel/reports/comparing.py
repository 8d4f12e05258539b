"""Two studies or more side by side as one HTML page: maps before and after, the largest changes,
tables. It shows the JSON of ``samenspel compare`` and computes no figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from textwrap import fill
from typing import Any

import polars as pl

from samenspel.compare.change import CHANGED
from samenspel.compare.compare import Comparison
from samenspel.compare.matching import Matched
from samenspel.compare.section import few
from samenspel.compare.telling import MAIN, alike, sections, settings_told, side_by_side
from samenspel.compare.wording import change_told, names, subject_told
from samenspel.landscape.landscape import Landscape
from samenspel.language import _
from samenspel.reports import charts
from samenspel.reports.drawings import zone_map
from samenspel.reports.frame import environment, framed
from samenspel.reports.maps import Outline, outline
from samenspel.words import MONEY, SHARES, word

Json = Mapping[str, Any]
MOST_ROWS = 300  # of a table; a browser is slow with more
MOST_BARS = 10
MOST_ZONINGS = 3  # of which both maps are drawn


@dataclass(frozen=True)
class Drawn:
    """A map. ``land``: what the ids of its outlines begin with; ``zones``: their borders, and
    ``named`` what they are called by number; the rest as ``zone_map`` gives."""

    title: str
    land: str
    outline: Outline
    classes: Mapping[str, str]
    titles: Mapping[str, str]
    legend: Sequence[tuple[str, str]]
    zones: Sequence[Any] = ()
    named: Sequence[tuple[int, str]] = ()


def compared_page(data: Json, found: Sequence[tuple[str, Comparison]], command: str) -> str:
    """The page of ``data``, the JSON of comparisons ``found`` with their titles, in the language
    chosen. ``command``: what prints the same figures."""
    first = found[0][1].before.landscape
    about = first.about
    outlines: dict[str, Outline] = {}
    blocks = [
        block(number, told, one, outlines, everything=data["everything"])
        for number, (told, (_title, one)) in enumerate(
            zip(data["comparisons"], found, strict=True), start=1
        )
    ]
    place = about.territory or about.name or _("Landscape")
    return framed(
        environment(),
        "comparing.html",
        ["plans.css"],
        title=_("What changes: {place}").format(place=place),
        about=about,
        date=first.date.isoformat(),
        beside=side_by_side(data) if len(blocks) > 1 else None,
        blocks=blocks,
        outlines=outlines,
        most_rows=MOST_ROWS,
        command=command,
    )


def block(
    number: int, told: Json, found: Comparison, outlines: dict[str, Outline], *, everything: bool
) -> dict[str, Any]:
    """What the page shows of one comparison; ``outlines`` gains the land that its maps draw."""
    return {
        "number": number,
        "title": told["title"],
        "brief": brief(told),
        "notes": [*told["notes"], *settings_told(told)],
        "maps": maps(number, found, outlines),
        "charts": drawn_charts(number, told),
        "alike": alike(sections(told)),
        "sections": [s for s in sections(told) if s.differs or everything],
    }


def brief(told: Json) -> list[str]:
    """The first sentences."""
    if told["equal"]:
        return [_("Nothing differs in what was compared.")]
    lines = [
        _("{before} became {after}.").format(
            before=names(town["before"]), after=names(town["after"])
        )
        for town in told["land"]["municipalities"]["merged"]
    ]
    bodies = told["partnerships"]
    if bodies is not None:
        for kind, text in (
            ("gone", _("Partnerships that are gone: {names}.")),
            ("new", _("New partnerships: {names}.")),
        ):
            if bodies[kind]:
                lines.append(text.format(names=few([one["name"] for one in bodies[kind]])))
    return lines


def maps(number: int, found: Comparison, outlines: dict[str, Outline]) -> list[Drawn]:
    """The land before and after where municipalities merged, came or went, and the zones where
    those were drawn otherwise; none where no area is known."""
    sides = (found.before.landscape, found.after.landscape)
    lands = [land_of(sides[0], "a", outlines), land_of(sides[1], f"b{number}", outlines)]
    if None in lands:
        return []
    told = [(name, outlines[name], side) for name, side in zip(lands, sides, strict=True) if name]
    drawn: list[Drawn] = []
    touched = [town for town in found.land.towns if town.what in ("merged", "gone", "new")]
    if touched:
        heads = (_("Municipalities that merge or go"), _("Municipalities that are new or merged"))
        for place, (name, shapes, side) in enumerate(told):
            inside = {nis for town in touched for nis in (town.after if place else town.before)}
            drawn.append(town_map(heads[place], name, shapes, called(side), inside))
    for zoning in changed_zonings(found)[:MOST_ZONINGS]:
        titles = dict(sides[1].table("zonings").select("zoning", "title").iter_rows())
        for head, (name, shapes, side) in zip((_("before"), _("after")), told, strict=True):
            title = f"{titles[zoning] or zoning}: {head}"
            drawn.append(
                zones_drawn(title, (name, shapes), side, zoning, found.beside.zones[zoning],
                            after=side is sides[1])
            )  # fmt: skip
    return drawn


def land_of(landscape: Landscape, name: str, outlines: dict[str, Outline]) -> str | None:
    """The name of the outline of ``landscape`` in ``outlines``, to which it is added where no equal
    one is there; None where no area is known."""
    shapes = outline(landscape)
    if shapes is None:
        return None
    for other, known in outlines.items():
        if known.paths == shapes.paths:
            return other
    outlines[name] = shapes
    return name


def changed_zonings(found: Comparison) -> list[str]:
    """The zonings that both have of which a zone has other land, the reference regions first."""
    changed = [
        zoning.zoning
        for zoning in found.land.zonings
        if all(zoning.there) and any(zone.gained or zone.lost for zone in zoning.zones)
    ]
    table = found.after.landscape.table("zonings")
    first = table.filter(pl.col("kind") == "reference_region")["zoning"].to_list()
    return sorted(changed, key=lambda code: (code not in first, code))


def called(landscape: Landscape) -> dict[str, str]:
    rows = landscape.table("municipalities").select("nis", "name").iter_rows()
    return {nis: name or nis for nis, name in rows}


def town_map(
    title: str, name: str, shapes: Outline, towns: Mapping[str, str], inside: set[str]
) -> Drawn:
    legend = [("in", _("merged, gone or new")), ("off", _("as it was"))]
    classes = {nis: "in" if nis in inside else "off" for nis in towns}
    return Drawn(title, name, shapes, classes, towns, legend)


def zones_drawn(
    title: str, land: tuple[str, Outline], landscape: Landscape, zoning: str, matched: Matched,
    *, after: bool,
) -> Drawn:  # fmt: skip
    """The zones of ``zoning``; what is the same zone before and after has the same number."""
    groups = matched.of_after if after else matched.of_before
    numbers = {group: number for number, group in enumerate(matched.groups, start=1)}
    rows = landscape.table("zones").filter(pl.col("zoning") == zoning)
    zones = [
        {"zone": zone, "name": name}
        for zone, name in sorted(
            rows.select("zone", "name").iter_rows(), key=lambda row: numbers[groups[row[0]]]
        )
    ]
    drawn = zone_map(landscape, land[1], zoning, zones, called(landscape))
    borders = [replace(one, number=numbers[groups[one.zone]]) for one in drawn["zones"]]
    titles = {zone["zone"]: zone["name"] or zone["zone"] for zone in zones}
    named = [(one.number, titles[one.zone]) for one in borders]
    return Drawn(title, *land, drawn["classes"], drawn["titles"], drawn["legend"], borders, named)


def drawn_charts(number: int, told: Json) -> list[dict[str, Any]]:
    """The largest changes of the main figures of municipalities, and of the fund."""
    found = []
    rows = [] if told["screening"] is None else told["screening"]["figures"]
    for name in MAIN:
        own = [r for r in rows if r["kind"] == "municipality" and r["figure"] == name
               and r["what"] == CHANGED]  # fmt: skip
        own.sort(key=lambda row: (-abs(row["change"]), row["subject"]))
        scale = 0.01 if name in MONEY else 100 if name in SHARES else 1
        bars = [(subject_told(r), scale * r["change"], change_told(r)) for r in own[:MOST_BARS]]
        if bars:
            found.append(chart(f"chart{number}-{name}", word(name), bars, unit(name)))
    if told["fund"] is not None:
        changed = [one for one in told["fund"]["municipalities"] if one["change_cents"]]
        row = {"figure": "contribution_cents"}
        bars = [
            (one["name"], one["change_cents"] / 100,
             change_told({**row, "change": one["change_cents"]}))
            for one in changed[:MOST_BARS]
        ]  # fmt: skip
        if bars:
            found.append(chart(f"chart{number}-fund", _("fund"), bars, _("euro")))
    return found


def unit(name: str) -> str:
    """What stands under the bars of a figure; nothing where the title of the chart says it."""
    if name in MONEY:
        return _("euro")
    return _("percentage points") if name in SHARES else ""


def chart(
    name: str, figure: str, bars: Sequence[tuple[str, float, str]], unit: str
) -> dict[str, Any]:
    return {
        "title": _("Largest changes: {figure}").format(figure=figure),
        "about": _("Change from before to after; to the left less, to the right more."),
        "svg": both_ways(name, bars, unit),
        "heads": (_("municipality"), _("change")),
        "rows": [(label, text) for label, _value, text in bars],
    }


def both_ways(name: str, rows: Sequence[tuple[str, float, str]], title: str) -> str:
    """Bars to the left and to the right of nothing, in the order of ``rows`` (name, value, label);
    ``name`` is that of the chart, ``title`` that of the axis, if any."""
    import altair as alt

    values = [
        {"name": fill(label, charts.LINE), "value": value, "text": text, "order": place,
         "end": max(value, 0.0)}
        for place, (label, value, text) in enumerate(rows)
    ]  # fmt: skip
    low, high = min(0.0, *(v for _n, v, _t in rows)), max(0.0, *(v for _n, v, _t in rows))
    longest = max(len(text) for _n, _v, text in rows)
    room = (high - low) * min(0.05 * longest, 0.9)  # for the labels
    whole = all(value == int(value) for _n, value, _t in rows)
    figures = ",.0f" if whole or high - low >= 4 else ",.1f"
    colour = alt.condition("datum.value < 0", alt.value(charts.WARM), alt.value(charts.ACCENT))
    base = alt.Chart(alt.InlineData(values=values)).encode(
        y=alt.Y("name:N", title=None, sort=alt.SortField("order"),
                axis=alt.Axis(labelExpr="split(datum.label, '\\n')")),
    )  # fmt: skip
    across = alt.X("value:Q", title=title or None,
                   scale=alt.Scale(domain=[low, high + room], nice=False),
                   axis=alt.Axis(tickCount=3, tickMinStep=1 if whole else 0.1, format=figures,
                                 labelExpr=charts.SPACED))  # fmt: skip
    bars = base.mark_bar(cornerRadiusEnd=1).encode(x=across, color=colour)
    labels = base.mark_text(align="left", dx=5, color=charts.INK, fontSize=14).encode(
        x="end:Q", text="text:N"
    )
    return charts.svg((bars + labels).properties(width=charts.WIDTH, height={"step": 38}), name)
