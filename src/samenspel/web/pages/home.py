"""Where everybody comes in: the land at a glance, looking up anything, what is new and due."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from samenspel.landscape.codes import THEMES as POLICY_THEMES
from samenspel.language import _
from samenspel.register import history
from samenspel.reports.drawings import count_map
from samenspel.web import known
from samenspel.web.known import Picture
from samenspel.web.pages.shared import THEMES, Missing, asked, show, whole
from samenspel.web.search import Found, search

SOON = 8
PER_PAGE = 50
MOST_FOUND = 60


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The land at a glance; for an empty register, how to begin."""
    if not known.picture().change:
        return render(request, "site/begin.html")
    picture = asked(request)
    screening = known.screening(picture)
    total = screening.as_json()["total"]
    due = known.calendar(picture).as_json()
    return show(
        request,
        "home",
        picture,
        total=total,
        towns=len(known.names(picture)),
        due=due["moments"][:SOON],
        due_count=len(due["moments"]),
        term_unknown=len(due["term_unknown"]),
        bodies=due["partnerships"],
        new=changes_told(history.entries(newest=True, most=SOON)),
        themes=POLICY_THEMES,
    )


def address(found: Found) -> str:
    """Where the page of ``found`` stands."""
    return reverse(found.kind, args=found.codes)


@require_safe
def look_up(request: HttpRequest) -> HttpResponse:
    """Everything that answers to ``q``; straight to its page where only one thing is called so."""
    picture = asked(request)
    text = request.GET.get("q", "")
    found = search(picture, text, MOST_FOUND)
    if len(found) == 1:
        return HttpResponseRedirect(address(found[0]))
    rows = [(one, address(one)) for one in found]
    return show(request, "search", picture, asked=text, found=rows, most=MOST_FOUND)


@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """The first that answer to ``q``, for a list while somebody types."""
    found = search(asked(request), request.GET.get("q", ""))
    return JsonResponse(
        {
            "found": [
                {
                    "name": one.name,
                    "kind": one.called,
                    "beside": one.beside,
                    "href": address(one),
                }
                for one in found
            ]
        }
    )


@require_safe
def municipalities(request: HttpRequest) -> HttpResponse:
    """Every municipality with how many partnerships it is in, on the map and in a table."""
    picture = asked(request)
    rows = known.screening(picture).as_json()["municipalities"]
    land = known.outline(picture)
    return show(
        request,
        "municipalities",
        picture,
        section="municipalities",
        rows=rows,
        outline=land,
        drawn=count_map(rows),
    )


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """What was put on record, the latest first."""
    picture = asked(request)
    before = whole(request.GET.get("voor", ""))
    last = picture.change + 1 if before is None else max(1, min(before, picture.change + 1))
    found = history.entries(max(0, last - 1 - PER_PAGE), min(PER_PAGE, last - 1))[::-1]
    return show(
        request,
        "changes",
        picture,
        section="changes",
        rows=changes_told(found),
        older=found[-1].number if found and found[-1].number > 1 else None,
    )


def changes_told(entries: list[history.Entry]) -> list[dict[str, Any]]:
    """``entries`` as a page tells them: no names of people."""
    return [
        {
            "number": entry.number,
            "at": entry.at,
            "kind": entry.kind,
            "why": entry.why,
            "source": entry.source,
            "undone_by": entry.undone_by,
            "acting_for": entry.acting_for,
        }
        for entry in entries
    ]


@require_safe
def theme(request: HttpRequest, code: str) -> HttpResponse:
    """The partnerships of one policy theme."""
    picture = asked(request)
    rows = [row for row in known.partnerships(picture).values() if row["theme"] == code]
    figures = next((r for r in of_themes(picture) if r["theme"] == code), None)
    if code not in POLICY_THEMES and not rows:
        raise Missing(_("There is no theme {code}.").format(code=code))
    return show(request, "theme", picture, code=code, rows=rows, figures=figures)


def of_themes(picture: Picture) -> list[dict[str, Any]]:
    """The figures of each theme."""
    rows: list[dict[str, Any]] = known.screening(picture).as_json()["themes"]
    return rows


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What this is, where its data come from, what is unknown."""
    picture = asked(request)
    found = known.screening(picture).as_json()
    return show(
        request,
        "about",
        picture,
        sources=picture.land.table("sources").to_dicts(),
        unknown=[row for row in found["unknown"] if row["known_share"] < 1],
    )


@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Keep whether the reader wants light or dark pages, and go back."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    response = HttpResponseRedirect(target if safe else reverse("home"))
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(
            "samenspel_theme", chosen, max_age=31_536_000, httponly=True, samesite="Lax",
            secure=request.is_secure(),
        )  # fmt: skip
    return response
