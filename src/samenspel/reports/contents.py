"""What a report shows, as plain values: the screening, every partnership with its members, and what
is drawn. The same values are printed by ``samenspel report --json``."""

from collections import Counter
from typing import Any

import polars as pl

from samenspel.alignment.align import align
from samenspel.alignment.calendar import calendar
from samenspel.alignment.plan.plan import Plan
from samenspel.errors import InputError
from samenspel.language import _
from samenspel.reports.plan import planned
from samenspel.screening.circles import INTERMUNICIPAL
from samenspel.screening.screen import Screening
from samenspel.screening.select import REFERENCE_REGION, iso, no_zoning

MOST_ENTANGLED = 15
KINDS_FIRST = (INTERMUNICIPAL, "ocmw_association", "police_zone", "other_partnership")


def contents(
    screening: Screening,
    zoning: str | None = None,
    partnership: str | None = None,
    plan: Plan | None = None,
) -> dict[str, Any]:
    """Everything that the report of ``screening`` shows.

    ``zoning``: the one that is drawn (else the reference regions, else the first); ``partnership``:
    the one whose members are drawn (else the one with the most municipalities); ``plan``: that of
    a region, of which the report then tells too. Raises InputError for a zoning or a partnership
    that is not there.
    """
    whole = screening.as_json()
    bodies = every_partnership(screening)
    drawn = zoning_drawn(screening, zoning)
    return {
        **whole,
        "municipalities": with_land(screening, whole["municipalities"], drawn),
        "partnerships": bodies,
        "entangled": entangled(whole["municipalities"]),
        "distribution": distribution(whole["municipalities"]),
        "drawn": {"zoning": drawn, "partnership": partnership_drawn(bodies, partnership)},
        "alignment": alignment(screening, drawn),
        "calendar": calendar_of(screening, drawn),
        "member_days": member_days(screening),
        "sources": sources(screening),
        **({} if plan is None else planned(plan)),
    }


def every_partnership(screening: Screening) -> list[dict[str, Any]]:
    """Each partnership with its kind, facts and the municipalities (NIS codes) that are members,
    themselves or, outside intermunicipal ones, through their OCMW; active intermunicipal ones come
    first. ``municipalities`` is empty where no member is known."""
    found = screening.found
    intermunicipal = (pl.col("body") == INTERMUNICIPAL).fill_null(value=False)
    inside = (
        found.links.join(found.bodies.select("p", "body"), on="p")
        .filter(pl.col("own") | ~intermunicipal)
        .join(found.towns, on="m")
        .sort("nis")
        .group_by("p", maintain_order=True)
        .agg(municipalities="nis")
    )
    rows = (
        found.bodies.join(inside, on="p", how="left", maintain_order="left")
        .with_columns(
            pl.col("municipalities").fill_null([]),
            order=pl.col("body").replace_strict(
                {kind: i for i, kind in enumerate(KINDS_FIRST)}, default=len(KINDS_FIRST),
                return_dtype=pl.Int64,
            ),
        )
        .sort(
            ~pl.col("active").fill_null(value=False), "order", pl.col("name").str.to_lowercase(),
            "partnership", nulls_last=True,
        )
    )  # fmt: skip
    columns = (
        "partnership", "name", "body", "legal_form", "theme", "status", "start", "term_end",
        "size", "members", "municipalities",
    )  # fmt: skip
    return [
        {**row, "start": iso(row["start"]), "term_end": iso(row["term_end"])}
        for row in rows.select(columns).iter_rows(named=True)
    ]


def zoning_drawn(screening: Screening, wanted: str | None) -> str | None:
    """The zoning to draw; None where the landscape has none."""
    table = screening.landscape.table("zonings").sort("zoning")
    known = table["zoning"].to_list()
    if wanted is not None:
        if wanted not in known:
            raise no_zoning(wanted, known)
        return wanted
    regions = table.filter(pl.col("kind") == REFERENCE_REGION)["zoning"].to_list()
    # Of a zoning and its self of an earlier year (``x_2022``) the first in order is the present.
    return next(iter([*regions, *known]), None)


def partnership_drawn(bodies: list[dict[str, Any]], wanted: str | None) -> str | None:
    """The partnership whose members are drawn; None where no member of any is known."""
    if wanted is not None:
        if all(body["partnership"] != wanted for body in bodies):
            raise InputError(
                _("There is no partnership “{code}” in this landscape; the report without "
                  "--partnership lists all with their codes.").format(code=wanted)
            )  # fmt: skip
        return wanted
    own = [body for body in bodies if body["size"]] or [b for b in bodies if b["municipalities"]]
    largest = min(own, key=lambda b: (-len(b["municipalities"]), b["partnership"]), default=None)
    return None if largest is None else str(largest["partnership"])


def with_land(
    screening: Screening, rows: list[dict[str, Any]], zoning: str | None
) -> list[dict[str, Any]]:
    """``rows`` of municipalities with inhabitants, centre function and zones in ``zoning``."""
    landscape = screening.landscape
    towns = landscape.table("municipalities").select("nis", "population", "centre")
    facts = {town["nis"]: town for town in towns.iter_rows(named=True)}
    lying = landscape.table("zone_members").filter(pl.col("zoning").eq_missing(zoning))
    inside = lying.group_by("nis").agg(pl.col("zone").sort())
    zones = dict(inside.iter_rows())
    return [{**row, **facts[row["nis"]], "zones": zones.get(row["nis"], [])} for row in rows]


def entangled(rows: list[dict[str, Any]]) -> list[str]:
    """The municipalities (NIS codes) that sit at the most tables, the most first."""
    known = [row for row in rows if row["tables"] is not None]
    known.sort(key=lambda row: (-row["tables"], -(row["partnerships"] or 0), row["nis"]))
    return [row["nis"] for row in known[:MOST_ENTANGLED]]


def distribution(rows: list[dict[str, Any]]) -> list[dict[str, int | None]]:
    """How many municipalities are in how many partnerships; None counts those of which it is
    unknown."""
    counts = Counter(row["partnerships"] for row in rows)
    known = [count for count in counts if count is not None]
    steps = range(min(known), max(known) + 1) if known else ()
    found: list[dict[str, int | None]] = [
        {"partnerships": step, "municipalities": counts[step]} for step in steps
    ]
    if counts[None]:
        found.append({"partnerships": None, "municipalities": counts[None]})
    return found


def alignment(screening: Screening, zoning: str | None) -> dict[str, Any] | None:
    """How the active partnerships fit ``zoning``: the summary, those that cross (in scope of the
    decree first, then the most spread), and how many of these each municipality is in. None
    without a zoning."""
    if zoning is None:
        return None
    found = align(screening.landscape, zoning)
    crossing = [row for row in found.partnerships if row["fit"] == "crossing"]
    crossing.sort(key=lambda row: (row["scope"] != "in", row["share_members"] or 0, row["id"]))
    per = Counter(
        nis for row in crossing for zone in row["zones"] for nis in set(zone["municipalities"])
    )
    return {
        "summary": found.as_json()["summary"],
        "crossing": crossing,
        "crossing_per_municipality": {
            nis: per[nis] if screening.found.known else None
            for nis in screening.landscape.table("municipalities")["nis"]
        },
    }


def calendar_of(screening: Screening, zoning: str | None) -> dict[str, Any] | None:
    """What is due, see ``alignment.calendar``. None without a zoning."""
    return None if zoning is None else calendar(screening.landscape, zoning).as_json()


def member_days(screening: Screening) -> list[str]:
    """The days that the sources of the memberships describe, as far as they are known."""
    landscape = screening.landscape
    used = landscape.table("memberships")["source"].unique().drop_nulls()
    dates = landscape.table("sources").filter(pl.col("id").is_in(used.implode()))["date"]
    return [str(iso(date)) for date in dates.drop_nulls().unique().sort()]


def sources(screening: Screening) -> list[dict[str, Any]]:
    """The sources of the landscape's rows."""
    rows = screening.landscape.table("sources")
    return [
        {**row, "date": iso(row["date"])}
        for row in rows.select(
            "id", "title", "publisher", "licence", "date", "note"
        ).iter_rows(named=True)
    ]  # fmt: skip
