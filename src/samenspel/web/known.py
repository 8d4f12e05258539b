"""What pages show, made by the library from the register and kept for as long as nothing changes.

A page is told of one ``Picture``: a day, after a change. What is asked of a picture is computed
once, in the language of the reader where it holds words.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date as Date
from datetime import datetime
from functools import cached_property, lru_cache, wraps
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from samenspel.landscape.landscape import Landscape
from samenspel.language import spoken
from samenspel.register import reading
from samenspel.screening.screen import Screening, screen

HERE = ZoneInfo("Europe/Brussels")
Json = dict[str, Any]
Made = TypeVar("Made")


@dataclass(frozen=True)
class Picture:
    """The register on ``day`` as it was after ``change``; ``database`` tells two registers apart in
    one process."""

    database: str
    change: int
    day: Date

    @property
    def land(self) -> Landscape:
        return reading.landscape(self.day, change=self.change)


def today() -> Date:
    """The day in Flanders."""
    return datetime.now(HERE).date()


def picture(day: Date | None = None) -> Picture:
    """The register as it is now, on ``day``, else today."""
    return Picture(reading.database(), reading.last_change(), day or today())


def kept(room: int) -> Callable[[Callable[..., Made]], Callable[..., Made]]:
    """Keep the last ``room`` answers of a question about a picture, apart for each language."""

    def keeping(ask: Callable[..., Made]) -> Callable[..., Made]:
        cached = lru_cache(maxsize=room)(lambda _language, *asked: ask(*asked))

        @wraps(ask)
        def answer(*asked: Any) -> Made:
            return cached(spoken(), *asked)

        return answer

    return keeping


class Told(Screening):
    """A screening that puts everything in plain values once, which costs a tenth of a second for
    all of Flanders. Nobody changes what it gives."""

    @cached_property
    def told(self) -> Json:
        return super().as_json()

    def as_json(self) -> Json:
        return self.told


@kept(4)
def screening(picture: Picture) -> Told:
    """The screening of all that there is; see ``screening.screen``."""
    found = screen(picture.land)
    return Told(**{field.name: getattr(found, field.name) for field in fields(found)})


@kept(4)
def partnerships(picture: Picture) -> dict[str, Json]:
    """By id every partnership with its kind, facts and municipalities."""
    from samenspel.reports.contents import every_partnership

    return {row["partnership"]: row for row in every_partnership(screening(picture))}


@kept(64)
def municipality(picture: Picture, nis: str) -> Json:
    """The screening of one municipality; as ``samenspel screen --municipality`` gives it."""
    from samenspel.screening.select import of_municipality

    return of_municipality(screening(picture), nis)


@kept(32)
def zone(picture: Picture, zoning: str, code: str) -> Json:
    """The screening of one zone; as ``samenspel screen --region`` gives it."""
    from samenspel.screening.select import of_zone

    return of_zone(screening(picture), zoning, code)


@kept(8)
def alignment(picture: Picture, zoning: str | None = None, zone: str | None = None) -> Any:
    """Which partnerships fit the zones, and which cross them; see ``alignment.align``."""
    from samenspel.alignment.align import align

    return align(picture.land, zoning, zone)


@kept(4)
def findings(picture: Picture) -> dict[str, list[Any]]:
    """What the rules say of each partnership, by its id."""
    from samenspel.law.findings import law_findings

    found: dict[str, list[Any]] = {}
    for finding in law_findings(picture.land, picture.day, {}):
        found.setdefault(finding.partnership, []).append(finding)
    return found


@kept(8)
def calendar(picture: Picture, zoning: str | None = None, zone: str | None = None) -> Any:
    """What is due; see ``alignment.calendar``."""
    from samenspel.alignment.calendar import calendar as calendar_of

    return calendar_of(picture.land, zoning, zone)


@lru_cache(maxsize=4)
def outline(picture: Picture) -> Any:
    """The land as it is drawn; None where no area is known. Costs most of a second for all of
    Flanders, and holds until the areas or the day change."""
    from samenspel.reports.maps import outline as outline_of

    return outline_of(picture.land)


@kept(16)
def zones_drawn(picture: Picture, zoning: str) -> Json:
    """The map of the zones of a zoning, where areas are known; see ``drawings.zone_map``."""
    from samenspel.reports.drawings import zone_map

    rows = screening(picture).as_json()["zones"].get(zoning, [])
    return zone_map(picture.land, outline(picture), zoning, rows, names(picture))


def names(picture: Picture) -> dict[str, str]:
    """Of each municipality, by code, its name."""
    return dict(picture.land.table("municipalities").select("nis", "name").iter_rows())
