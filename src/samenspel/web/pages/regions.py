"""The regions: divisions of the land, their zones, and the desk of a region."""

import tempfile
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from samenspel.exchange.excel import write_workbook
from samenspel.language import _
from samenspel.web import known
from samenspel.web.pages.shared import Missing, asked, show, whole
from samenspel.web.pages.things import one

PER_PAGE = 200


@require_safe
def regions(request: HttpRequest) -> HttpResponse:
    """Every division of the land."""
    picture = asked(request)
    found = known.screening(picture).as_json()["zonings"]
    return show(request, "regions", picture, section="regions", zonings=found)


@require_safe
def zoning(request: HttpRequest, code: str) -> HttpResponse:
    """One division of the land: its zones on the map and in a table."""
    picture = asked(request)
    facts = one(picture, "zonings", zoning=code)
    if facts is None:
        raise Missing(_("There is no division of the land {code} on {day}.").format(
            code=code, day=picture.day))  # fmt: skip
    rows = known.screening(picture).as_json()["zones"].get(code, [])
    land = known.outline(picture)
    drawn = land and known.zones_drawn(picture, code)
    return show(
        request, "zoning", picture, section="regions", facts=facts, rows=rows, outline=land,
        drawn=drawn,
    )  # fmt: skip


@require_safe
def desk(request: HttpRequest, code: str, zone: str) -> HttpResponse:
    """What fits a region and what crosses its border, with reasons and with what is due; as
    ``samenspel align`` and ``samenspel deadlines`` give it."""
    picture = asked(request)
    facts = one(picture, "zones", zoning=code, zone=zone)
    if facts is None:
        raise Missing(_("There is no zone {code} on {day}.").format(code=zone, day=picture.day))
    found = known.alignment(picture, code, zone)
    due = known.calendar(picture, code, zone).as_json()
    rows = found.partnerships
    return show(
        request,
        "desk",
        picture,
        section="regions",
        facts=facts,
        zoning=one(picture, "zonings", zoning=code),
        counts=found.as_json()["summary"]["fit"],
        unknown=len(found.status_unknown),
        crossing=[row for row in rows if row["fit"] == "crossing"],
        fitting=[row for row in rows if row["fit"] in ("inside", "union")],
        moments=due["moments"],
    )


@require_safe
def workbook(request: HttpRequest, code: str, zone: str) -> HttpResponse:
    """What is known of a region as a workbook to complete; as ``samenspel workbook`` gives it."""
    picture = asked(request)
    if one(picture, "zones", zoning=code, zone=zone) is None:
        raise Missing(_("There is no zone {code} on {day}.").format(code=zone, day=picture.day))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "werkboek.xlsx"
        write_workbook(picture.land, code, zone, path)
        content = path.read_bytes()
    name = f"samenspel-{zone}-{picture.day}.xlsx"
    return HttpResponse(
        content,
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": content_disposition_header(True, name) or "attachment"},
    )


@require_safe
def due(request: HttpRequest) -> HttpResponse:
    """Everything that is due, the first first; as ``samenspel deadlines`` gives it."""
    picture = asked(request)
    found = known.calendar(picture).as_json()
    first = whole(request.GET.get("vanaf", "")) or 0
    rows = found["moments"][first : first + PER_PAGE]
    later = first + PER_PAGE
    return show(
        request,
        "due",
        picture,
        moments=rows,
        since=found["since"],
        later=later if later < len(found["moments"]) else None,
        term_unknown=len(found["term_unknown"]),
        bodies=found["partnerships"],
    )
