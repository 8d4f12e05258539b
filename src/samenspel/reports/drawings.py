"""The maps and charts of a report: which values go where, in which class, with which words."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from samenspel.landscape.landscape import Landscape
from samenspel.language import _
from samenspel.reports import charts
from samenspel.reports.maps import Outline, class_of, classes, without_overlap, zones_drawn
from samenspel.words import figure, number, word

MOST_POINTS = 2000  # a chart of more points is a blot, and heavy
MOST_LABELS = 40
LABEL = 32  # height of the letters on the map of zones, as in the style sheet
Rows = Sequence[Mapping[str, Any]]


def count_map(rows: Rows) -> dict[str, Any]:
    """Classes, titles and legend of the map of partnerships per municipality."""
    return {
        **counted({row["nis"]: row["partnerships"] for row in rows}),
        "titles": {
            row["nis"]: _("{name}: {figure} partnerships").format(
                name=row["name"], figure=figure(dict(row), "partnerships")
            )
            for row in rows
        },
    }


def crossing_map(counts: Mapping[str, int | None], names: Mapping[str, str]) -> dict[str, Any]:
    """The map of how many crossing partnerships each municipality is in."""
    return {
        **counted(counts),
        "titles": {
            nis: _("{name}: {count} crossing partnerships").format(
                name=names[nis], count=word(None) if count is None else count
            )
            for nis, count in counts.items()
        },
    }


def counted(values: Mapping[str, int | None]) -> dict[str, Any]:
    """Classes and legend of a map of whole numbers per municipality."""
    bounds = classes(values)
    of = {nis: class_of(value, bounds) for nis, value in values.items()}
    legend = []
    for place, (low, high) in enumerate(bounds):
        span = str(low) if low == high else _("{low} to {high}").format(low=low, high=high)
        inside = sum(found == place for found in of.values())
        legend.append((f"c{place}", f"{span} ({inside})"))
    if None in of.values():
        legend.append(("u", _("unknown")))
    return {
        "classes": {nis: "u" if place is None else f"c{place}" for nis, place in of.items()},
        "legend": legend,
    }


def member_map(bodies: Rows, chosen: str | None, names: Mapping[str, str]) -> dict[str, Any] | None:
    """Who is in the partnership ``chosen``; ``names``: NIS code to name."""
    body = next((body for body in bodies if body["partnership"] == chosen), None)
    if body is None:
        return None
    inside = set(body["municipalities"])
    outside = "off" if inside else "u"
    return {
        "partnership": chosen,
        "name": body["name"] or chosen,
        "classes": {nis: "in" if nis in inside else outside for nis in names},
        "members": ", ".join(names[nis] for nis in body["municipalities"]) or word(None),
    }


def zone_map(
    landscape: Landscape, land: Outline, zoning: str, zones: Rows, names: Mapping[str, str]
) -> dict[str, Any]:
    """The zones of ``zoning``, numbered in the order of ``zones``."""
    members = landscape.table("zone_members").filter(pl.col("zoning") == zoning)
    order = [row["zone"] for row in zones]
    drawn = zones_drawn(land, members, landscape.table("adjacency"), order)
    tint = {zone.zone: zone.tint for zone in drawn}
    titles = {row["zone"]: row["name"] or row["zone"] for row in zones}
    of: dict[str, list[str]] = {}
    for zone, nis in members.select("zone", "nis").iter_rows():
        of.setdefault(nis, []).append(zone)
    alone = {nis: inside[0] for nis, inside in of.items() if len(inside) == 1}
    legend = []
    if any(nis not in of for nis in names):
        legend.append(("off", _("in no zone")))
    if len(alone) < len(of):
        legend.append(("u", _("in more than one zone")))
    return {
        "zones": without_overlap(drawn, titles, LABEL),
        "labelled": len(drawn) <= MOST_LABELS,
        "legend": legend,
        "classes": {
            nis: f"t{tint[alone[nis]]}" if nis in alone and alone[nis] in tint
            else "u" if nis in of else "off"
            for nis in names
        },
        "titles": {
            nis: f"{name}: {', '.join(titles.get(zone, zone) for zone in of.get(nis, []))}"
            if nis in of else name
            for nis, name in names.items()
        },
    }  # fmt: skip


def town_charts(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """How the municipalities are spread over their number of partnerships, and by inhabitants."""
    drawn = []
    steps = [(row["partnerships"], row["municipalities"]) for row in found["distribution"]]
    known = [(step, count) for step, count in steps if step is not None]
    if known:
        middle = found["spread"]["partnerships"]["median"]
        words = _("median {value}").format(value=number(middle, 0 if middle == int(middle) else 1))
        drawn.append(
            {
                "title": _("How many partnerships municipalities are in"),
                "about": _("The higher the column, the more municipalities."),
                "svg": charts.histogram(
                    known, middle, _("partnerships"), _("municipalities"), words
                ),
                "heads": (_("partnerships"), _("municipalities")),
                "rows": [(word(None) if step is None else step, count) for step, count in steps],
            }
        )
    kinds = {True: _("with a centre function"), False: _("without"), None: _("unknown")}
    points = [
        (row["population"], row["tables"], kinds[row["centre"]])
        for row in found["municipalities"]
        if row["population"] and row["tables"] is not None
    ]
    if 1 < len(points) <= MOST_POINTS:
        drawn.append(
            {
                "title": _("Tables by number of inhabitants"),
                "about": _("Each dot is a municipality; its figures stand in the table of all "
                           "municipalities. Inhabitants on a scale that multiplies."),
                "svg": charts.scatter(
                    points, list(kinds.values()), _("inhabitants"), _("tables")
                ),
                "heads": (),
                "rows": [],
            }
        )  # fmt: skip
    return drawn


def body_charts(by: Mapping[str, Mapping[str, int]]) -> list[dict[str, Any]]:
    """Active intermunicipal partnerships by legal form, size and theme, where anything is known."""
    titles = {
        "legal_form": _("By legal form"),
        "size": _("By number of municipalities"),
        "theme": _("By theme"),
    }
    drawn = []
    for dimension, title in titles.items():
        counts = by.get(dimension, {})
        if any(value != "unknown" for value in counts):
            named = [(word(value), count) for value, count in counts.items()]
            by_size = dimension == "size"
            named.sort(key=lambda row: (row[0] == word(None), 0 if by_size else -row[1]))
            drawn.append(
                {
                    "title": title,
                    "about": _("Active intermunicipal partnerships."),
                    "svg": charts.bars(dimension, named, _("partnerships"), word(None)),
                    "heads": (word(dimension), _("number")),
                    "rows": named,
                }
            )
    return drawn
