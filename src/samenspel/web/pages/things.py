"""The page of one thing: a municipality, a partnership, an organisation, a zone."""

from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from samenspel.alignment.explanation import explanation
from samenspel.language import _
from samenspel.reports.drawings import member_map
from samenspel.web import known
from samenspel.web.known import Picture
from samenspel.web.pages.shared import Missing, asked, show

Rows = list[dict[str, Any]]


@require_safe
def municipality(request: HttpRequest, nis: str) -> HttpResponse:
    """What one municipality is in, who sits there for it, what it costs, what ends, what is said of
    it, and what its council must know."""
    picture = asked(request)
    if nis not in known.names(picture):
        raise Missing(became(picture, nis))
    found = known.municipality(picture, nis)
    bodies = found["partnerships"]
    return show(
        request,
        "municipality",
        picture,
        section="municipalities",
        nis=nis,
        row=found["municipalities"][0],
        facts=one(picture, "municipalities", nis=nis),
        bodies=bodies,
        seats=rows(picture, "mandates", organisation=nis),
        ending=until(picture, bodies),
        unknown_terms=sum(body["term_end"] is None for body in bodies),
        next_year=str(picture.day.year + 1),
        called=dict(picture.land.table("partnerships").select("id", "name").iter_rows()),
        signals=found["signals"],
        zones=zones_of(picture, nis),
        neighbours=found["neighbours"],
        fits=fits(picture, {body["partnership"] for body in bodies}),
        names=known.names(picture),
    )


def became(picture: Picture, nis: str) -> str:
    """What to say of a municipality that is not there on the day: what it became, where known."""
    gone = rows(picture, "lineage", kind="municipality", old=nis)
    if gone:
        return _("{nis} became {new} on {day}.").format(
            nis=nis, new=gone[0]["new"], day=gone[0]["date"]
        )
    return _("There is no municipality {nis} on {day}.").format(nis=nis, day=picture.day)


def rows(picture: Picture, table: str, **of: str) -> Rows:
    """The rows of ``table`` with the values ``of``."""
    frame = picture.land.table(table)
    return frame.filter(*(pl.col(name) == value for name, value in of.items())).to_dicts()


def one(picture: Picture, table: str, **of: str) -> dict[str, Any] | None:
    """The row of ``table`` with the values ``of``, where there is one."""
    found = rows(picture, table, **of)
    return found[0] if found else None


def until(picture: Picture, bodies: Rows) -> Rows:
    """Those of ``bodies`` whose term ends today or later, the first to end first."""
    coming = [b for b in bodies if b["term_end"] and b["term_end"] >= picture.day.isoformat()]
    return sorted(coming, key=lambda body: (body["term_end"], body["name"] or ""))


def zones_of(picture: Picture, nis: str) -> Rows:
    """The zones that a municipality lies in, with the titles of their zonings."""
    land = picture.land
    found = (
        land.table("zone_members")
        .filter(pl.col("nis") == nis)
        .select("zoning", "zone")
        .join(
            land.table("zones").select("zoning", "zone", "name"), on=["zoning", "zone"], how="left"
        )
        .join(land.table("zonings").select("zoning", "title"), on="zoning", how="left")
        .sort("title", "zoning", "zone")
    )
    return found.to_dicts()


def fits(picture: Picture, ids: set[str]) -> dict[str, dict[str, Any]]:
    """How each of ``ids`` fits the reference regions; empty where there are none."""
    from samenspel.screening.select import zoning_chosen

    if zoning_chosen(picture.land) is None:
        return {}
    found = known.alignment(picture)
    return {row["id"]: row for row in found.partnerships if row["id"] in ids}


@require_safe
def partnership(request: HttpRequest, code: str) -> HttpResponse:
    """One partnership: what it is, who is in it, what the rules say of it, whether it fits."""
    picture = asked(request)
    body = known.partnerships(picture).get(code)
    if body is None:
        raise Missing(
            _("There is no partnership {code} on {day}.").format(code=code, day=picture.day)
        )
    names = known.names(picture)
    land = known.outline(picture)
    fit = fits(picture, {code}).get(code)
    organisations = dict(picture.land.table("organisations").select("id", "name").iter_rows())
    return show(
        request,
        "partnership",
        picture,
        code=code,
        body=body,
        facts=one(picture, "partnerships", id=code) or {},
        members=rows(picture, "memberships", partnership=code),
        tasks=rows(picture, "tasks", partnership=code),
        seats=rows(picture, "mandates", partnership=code),
        called={**organisations, **names},
        names=names,
        findings=[f.as_json() for f in known.findings(picture).get(code, [])],
        fit=fit,
        zoning=known.alignment(picture).found.zoning if fit else None,
        argued=argued(picture, fit),
        outline=land,
        drawn=member_map([body], code, names),
    )


def argued(picture: Picture, fit: dict[str, Any] | None) -> dict[str, Any] | None:
    """The file of argument of a partnership that crosses the reference regions."""
    if fit is None or fit["fit"] != "crossing":
        return None
    return explanation(known.alignment(picture), fit["id"])


@require_safe
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """An organisation that is no municipality and no partnership: what it is in."""
    picture = asked(request)
    found = one(picture, "organisations", id=code)
    if found is None:
        raise Missing(_("There is no organisation {code} on {day}.").format(
            code=code, day=picture.day))  # fmt: skip
    bodies = known.partnerships(picture)
    inside = [
        {**row, **bodies[row["partnership"]]}
        for row in rows(picture, "memberships", organisation=code)
        if row["partnership"] in bodies
    ]
    return show(
        request, "organisation", picture, code=code, facts=found, rows=inside,
        names=known.names(picture),
    )  # fmt: skip


@require_safe
def zone(request: HttpRequest, zoning: str, code: str) -> HttpResponse:
    """One zone: its municipalities, what works inside it, and what crosses its border."""
    picture = asked(request)
    facts = one(picture, "zones", zoning=zoning, zone=code)
    if facts is None:
        raise Missing(_("There is no zone {code} on {day}.").format(code=code, day=picture.day))
    found = known.zone(picture, zoning, code)
    names = known.names(picture)
    inside = [row["nis"] for row in rows(picture, "zone_members", zoning=zoning, zone=code)]
    return show(
        request,
        "zone",
        picture,
        section="regions",
        facts=facts,
        zoning=one(picture, "zonings", zoning=zoning),
        figures=found["zones"][zoning][0],
        signals=found["signals"],
        inside=[(nis, names.get(nis, nis)) for nis in inside],
        outline=known.outline(picture),
        drawn={
            "classes": {nis: "in" if nis in inside else "off" for nis in names},
            "titles": names,
            "legend": [],
        },
    )
