"""The report as one HTML file: everything inside it, nothing from outside, readable without script.

It shows the values of ``contents`` and draws them; it computes no figure.
"""

import re
from pathlib import Path
from shlex import quote
from typing import Any

import polars as pl

from samenspel.errors import InputError
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.tables import BY_NAME
from samenspel.landscape.wholefolder import checked_place
from samenspel.language import _, mark
from samenspel.reports import drawings
from samenspel.reports.frame import environment, framed
from samenspel.reports.maps import outline
from samenspel.reports.plan import plan_told, signed
from samenspel.reports.sentences import brief_sentences, cards, glossary, value
from samenspel.screening.signals import FIRST_LINE, READINGS
from samenspel.words import brief, column_word, figure, part, table_word, word

TOWN_COLUMNS = (
    "partnerships",
    "distinct_partner_sets",
    "ocmw_associations",
    "other_partnerships",
    "tables",
    "changing_partners",
    "neighbours_met",
    "seats",
    "contribution_cents",
    "terms_ending",
)
ZONE_COLUMNS = (
    "partnerships",
    "distinct_partner_sets",
    "tables",
    "mean_size",
    "changing_partners",
    "seats",
    "terms_ending",
)
# Tables in the order in which a reader misses them.
COMPLETED = (
    "partnerships", "memberships", "tasks", "task_provision", "mandates", "organisations",
    "municipalities", "figures", "flows", "zonings", "zones", "zone_members", "lineage",
    "adjacency", "geometries", "sources",
)  # fmt: skip
MARK = b'<meta name="generator" content="Samenspel'
MOST_MOMENTS = 40  # of the calendar before the reader asks for more
FITS = {
    "inside": mark("inside one zone"),
    "union": mark("whole zones"),
    "crossing": mark("crossing"),
    "none": mark("no zone known"),
}
SCOPES = {"in": mark("in scope"), "out": mark("out of scope"), "unknown": mark("unknown")}
MOST_SIGNALS = 6  # of a kind before the reader asks for more
MOST_ROWS = 3000  # of a list; a browser is slow with more


def page(landscape: Landscape, found: dict[str, Any], folder: str) -> str:
    """The report of ``landscape``, of which ``contents`` gave ``found``, as HTML in the language
    chosen. ``folder``: what the commands that it shows call the landscape."""
    bodies = {b["partnership"]: b["name"] or b["partnership"] for b in found["partnerships"]}
    towns = {row["nis"]: row["name"] or row["nis"] for row in found["municipalities"]}
    zoning = next((z for z in found["zonings"] if z["zoning"] == found["drawn"]["zoning"]), None)
    zones = found["zones"].get(zoning["zoning"], []) if zoning else []
    zone_names = {row["zone"]: row["name"] or row["zone"] for row in zones}
    jinja = environment()
    jinja.filters |= {
        "town_name": towns.__getitem__,
        "body_name": bodies.__getitem__,
        "table_word": table_word,
        "zone_name": lambda zone: zone_names.get(zone, zone),
    }
    jinja.globals |= {
        "word": word,
        "head": head,
        "table_word": table_word,
        "column_word": column_word,
        "figure": figure,
        "value": value,
        "signed": signed,
        "percent": lambda share: "100%" if share == 1 else part(share),
    }
    drawn = found["drawn"]["partnership"]
    shown = {
        "municipalities": found["municipalities"][:MOST_ROWS],
        "partnerships": [
            body
            for place, body in enumerate(found["partnerships"])
            if place < MOST_ROWS or body["partnership"] == drawn
        ],
    }
    town_columns = [
        name
        for name in known_of_some(found["municipalities"], TOWN_COLUMNS)
        if name != "other_partnerships" or found["total"][name]
    ]
    told = plan_told(landscape, found, folder)
    if told is not None:
        jinja.filters["member_name"] = lambda code: told["names"].get(code, code)
    land = outline(landscape)
    return framed(
        jinja,
        "report.html",
        ["plan.css"] if told else [],
        **{"plan": None, **found, **shown},
        told=told,
        title=_("Who works with whom: {place}").format(
            place=found["landscape"]["territory"] or found["landscape"]["name"] or _("Landscape")
        ),
        about=found["landscape"],
        date=found["landscape"]["date"],
        outline=land,
        names=towns,
        links={row["nis"]: f"#g-{row['nis']}" for row in shown["municipalities"]},
        rows_of={body["partnership"] for body in shown["partnerships"]},
        left_out={name: len(found[name]) - len(rows) for name, rows in shown.items()},
        most_rows=MOST_ROWS,
        zoning=zoning,
        zone_rows=with_towns(landscape, zones, zoning["zoning"] if zoning else None),
        brief_sentences=brief_sentences(found),
        cards=cards(found),
        top=[row for nis in found["entangled"] for row in found["municipalities"]
             if row["nis"] == nis],
        count_map=drawings.count_map(found["municipalities"]),
        member_map=drawings.member_map(
            found["partnerships"], found["drawn"]["partnership"], towns
        ),
        zone_map=drawings.zone_map(landscape, land, zoning["zoning"], zones, towns)
        if land and zoning and landscape.knows("zone_members") else None,
        crossing_map=drawings.crossing_map(found["alignment"]["crossing_per_municipality"], towns)
        if found["alignment"] else None,
        fits=FITS,
        scopes=SCOPES,
        most_moments=MOST_MOMENTS,
        town_charts=drawings.town_charts(found),
        body_charts=drawings.body_charts(found["total"]["by"]),
        town_columns=town_columns,
        hidden_columns=[word(name) for name in TOWN_COLUMNS
                        if name not in known_of_some(found["municipalities"], TOWN_COLUMNS)],
        zone_columns=known_of_some(zones, ZONE_COLUMNS),
        some_theme=any(body["theme"] for body in found["partnerships"]),
        some_term=any(body["term_end"] for body in found["partnerships"]),
        most_signals=MOST_SIGNALS,
        signal_groups=signal_groups(found),
        reference_sentence=reference_sentence(found["reference"]),
        commands=commands(folder, zoning, zones),
        gap_rows=gap_rows(found),
        absent_tables=absent_tables(found),
        glossary=glossary(),
    )  # fmt: skip


def head(name: str) -> str:
    """The head of a column of figures, which may break where it must."""
    return (
        re.sub(r"(?<=[a-z])-\n", "\N{SOFT HYPHEN}", brief(name))
        .replace("-\n", "-")
        .replace("\n", " ")
    )


def may_replace(file: Path) -> None:
    """Raise InputError where ``file`` is no place for a report: called otherwise, or taken by
    something that is no report."""
    if file.suffix.lower() not in (".html", ".htm"):
        raise InputError(_("{file}: a report is called .html; name it so.").format(file=file))
    checked_place(file)
    if file.is_file() and MARK not in file.read_bytes()[:4000]:
        raise InputError(
            _("{file} is there already and is no report of Samenspel; name another file.").format(
                file=file
            )
        )


def known_of_some(rows: list[dict[str, Any]], names: tuple[str, ...]) -> list[str]:
    """Those of ``names`` that are known in at least one row."""
    return [name for name in names if any(row[name] is not None for row in rows)]


def with_towns(
    landscape: Landscape, zones: list[dict[str, Any]], zoning: str | None
) -> list[dict[str, Any]]:
    """``zones`` with the number of their municipalities as ``towns``."""
    members = landscape.table("zone_members").filter(pl.col("zoning").eq_missing(zoning))
    counts = dict(members.group_by("zone").len().iter_rows())
    none = 0 if landscape.knows("zone_members") else None
    return [{**zone, "towns": counts.get(zone["zone"], none)} for zone in zones]


def signal_groups(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Each reading with the signals that it gives; a reading without any says why."""
    line_known = any(
        gap["known_share"] > 0
        for gap in found["unknown"]
        if (gap["table"], gap["column"]) == ("partnerships", "line")
    )
    members_known = found["spread"]["partnerships"]["median"] is not None
    groups = []
    for reading in READINGS:
        given = [
            signal
            for signal in found["signals"]
            if (signal["id"], signal["viewpoint"]) == (reading.signal, _(reading.viewpoint))
        ]
        none = _("Not found in this landscape.")
        if reading.signal == FIRST_LINE.signal and not line_known:
            none = _(
                "Nobody can tell: of no partnership is it known whether it serves citizens at the "
                "counter."
            )
        if not members_known:
            none = _("Nobody can tell: it is unknown who is a member of what.")
        groups.append(
            {
                "title": _(reading.title),
                "source": reading.source,
                "status": reading.status,
                "viewpoint": _(reading.viewpoint),
                "other_viewpoint": _(reading.other_viewpoint),
                "other_source": reading.other_source,
                "signals": given,
                "none": none,
            }
        )
    return groups


def reference_sentence(reference: dict[str, Any]) -> str:
    """The figures of 2012, or why they do not stand here."""
    if not reference["shown"]:
        return str(reference["reason"])
    return _(
        "For comparison, {year}: {partnerships} partnerships, {mean_per_municipality} per "
        "municipality ({lowest} to {highest}); {source}; status: {status}."
    ).format(**{**reference, "status": word(reference["status"])})


def commands(
    folder: str, zoning: dict[str, Any] | None, zones: list[dict[str, Any]]
) -> dict[str, str]:
    """What to type to complete the landscape, for the first zone that is drawn."""
    folder, region = quote(folder), quote(zones[0]["zone"] if zones else _("REGION"))
    where = f" --zoning {quote(zoning['zoning'])}" if zoning else ""
    book, report = _("my-region.xlsx"), _("report.html")
    merge = f"samenspel import excel {book} --into {folder}"
    return {
        "workbook": f"samenspel workbook {folder}{where} --region {region} --out {book}",
        "preview": f"{merge} --dry-run",
        "merge": merge,
        "report": f"samenspel report {folder} --out {report}",
    }


def gap_rows(found: dict[str, Any]) -> list[dict[str, Any]]:
    """What is known of some rows only, table by table and least known first, with its meaning.
    Tables of which nothing is known are not among them."""
    absent = absent_tables(found)
    rows = []
    for gap in found["unknown"]:
        column = BY_NAME[gap["table"]].column(gap["column"])
        if gap["known_share"] < 1 and gap["table"] not in absent and column is not None:
            rows.append({**gap, "meaning": _(column.meaning)})
    rows.sort(key=lambda gap: (COMPLETED.index(gap["table"]), gap["known_share"]))
    before = [None, *(row["table"] for row in rows)]
    return [
        {**row, "first": row["table"] != above} for row, above in zip(rows, before, strict=False)
    ]


def absent_tables(found: dict[str, Any]) -> list[str]:
    """The tables of which nothing at all is known."""
    shares: dict[str, float] = {}
    for gap in found["unknown"]:
        shares[gap["table"]] = max(gap["known_share"], shares.get(gap["table"], 0))
    return [table for table in COMPLETED if shares.get(table, 1) == 0]
