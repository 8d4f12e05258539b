"""Zones drawn within one region: the best plan, proven, or why there is none and what to relax."""

import re
from functools import lru_cache
from threading import Lock, Thread
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from samenspel.errors import InputError
from samenspel.language import _
from samenspel.web import known
from samenspel.web.known import Picture, kept
from samenspel.web.pages.shared import Missing, asked, show
from samenspel.web.pages.things import one

# Inhabitants of a zone: "circa", SBV-toekomstvisie 2023, line 2483; the reader gives another.
POPULATION = "70000..130000"
RANGE = re.compile(r"\d{0,9}\.\.\d{0,9}")
SECONDS = 10.0  # status choice: what a reader waits for at most
TINTS = 6
_one_at_a_time = Lock()


@require_safe
def zones(request: HttpRequest, code: str, zone: str) -> HttpResponse:
    """The best zones of a region within the bounds given; as ``samenspel zones`` gives them."""
    picture = asked(request)
    facts = one(picture, "zones", zoning=code, zone=zone)
    if facts is None:
        raise Missing(_("There is no zone {code} on {day}.").format(code=zone, day=picture.day))
    bounds = f"{request.GET.get('van', '').strip()}..{request.GET.get('tot', '').strip()}"
    bounds = POPULATION if bounds == ".." else bounds
    found, fault, waiting = None, None, False
    if request.GET.get("teken"):
        waiting = not ready()
        try:
            found = None if waiting else drawn(picture, code, zone, bounds)
        except InputError as error:
            fault = str(error)
    row = found["regions"][0] if found else None
    low, _dots, high = bounds.partition("..")
    return show(
        request,
        "draw",
        picture,
        200 if fault is None else 422,
        section="regions",
        facts=facts,
        zoning=one(picture, "zonings", zoning=code),
        low=low,
        high=high,
        found=found,
        row=row,
        fault=fault,
        waiting=waiting,
        names=known.names(picture),
        outline=known.outline(picture),
        drawn=tinted(picture, row) if row else None,
    )


@kept(32)
def drawn(picture: Picture, zoning: str, zone: str, population: str) -> dict[str, Any]:
    """The zones of one region, with their proof. Raises InputError for bounds that are none, or
    where somebody else is drawing and does not come to an end."""
    from samenspel.delineation.build import problem_of
    from samenspel.delineation.explain import regional
    from samenspel.delineation.wishtext import Words, wishes_of

    if not RANGE.fullmatch(population):
        raise InputError(
            _("“{text}” is no range of inhabitants; give whole numbers.").format(text=population)
        )
    land = picture.land
    most = land.table("municipalities").height
    wishes = wishes_of(land, (1, most), Words(population=population, within=zoning))
    built = problem_of(land, wishes)
    codes = regional.region_codes(land, wishes, built.problem)
    if zone not in codes:
        raise InputError(_("No municipality lies in {zone}.").format(zone=zone))
    only = codes.index(zone)
    if not _one_at_a_time.acquire(timeout=SECONDS):
        raise InputError(_("Somebody else is drawing; try again in a moment."))
    try:
        done = regional.solve_regions(built.problem, only, seconds=SECONDS)
        return regional.told_regions(
            land, built, wishes, done, (only,), divide=False, seconds=SECONDS
        )
    finally:
        _one_at_a_time.release()


def tinted(picture: Picture, row: dict[str, Any]) -> dict[str, Any]:
    """The zones of a region on the map, each with a tint of its own."""
    names = known.names(picture)
    number = {zone["zone"]: place for place, zone in enumerate(row["zones"])}
    plan: dict[str, str] = row["plan"] or {}
    return {
        "classes": {
            nis: f"t{number[plan[nis]] % TINTS}" if nis in plan else "off" for nis in names
        },
        "titles": {
            nis: f"{name}: {number[plan[nis]] + 1}" if nis in plan else name
            for nis, name in names.items()
        },
        "legend": [
            (f"t{place % TINTS}", f"{place + 1}. {zone['name'] or zone['zone']}")
            for place, zone in enumerate(row["zones"])
        ],
    }


def ready() -> bool:
    """Whether what draws is compiled in this process; the first who asks sets it to work."""
    thread = compiling()
    thread.join(0.5)
    return not thread.is_alive()


@lru_cache(maxsize=1)
def compiling() -> Thread:
    """The thread that compiles what draws: half a minute on a new machine, then kept on disk."""
    from samenspel.delineation.explain import regional

    thread = Thread(target=regional.compile_kernels, daemon=True)
    thread.start()
    return thread
