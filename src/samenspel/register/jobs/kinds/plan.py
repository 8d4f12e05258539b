"""The plan of a region from many partnerships to few, as ``samenspel rationalise`` does.

It is short: a plan that is stopped begins anew.
"""

from pathlib import Path
from typing import Any

from pydantic import Field

from samenspel.alignment.plan.rationalise import SECONDS, rationalise
from samenspel.alignment.plan.settings import Settings
from samenspel.alignment.plan.wishes import Wish
from samenspel.alignment.plan.wishfile import wishes_in
from samenspel.landscape.landscape import Landscape
from samenspel.language import _
from samenspel.register.jobs.desk import Desk
from samenspel.register.jobs.kinds.kind import Inputs, Json, Kind
from samenspel.screening.select import find_zone, zoning_chosen
from samenspel.yamlfile import Source

MOST_SECONDS = 3600.0  # status: choice


class Planned(Inputs):
    """``wishes``: what a file of wishes holds, with the keys ``wishes`` and ``settings``. The rest
    as the options of the command."""

    region: str
    zoning: str | None = None
    wishes: dict[str, Any] = Field(default_factory=dict)
    seconds: float = Field(default=SECONDS, gt=0, le=MOST_SECONDS)


def look(landscape: Landscape, inputs: Planned) -> tuple[str, str]:
    """The zoning and the zone. Raises InputError for what is not there."""
    wanted(inputs)
    return find_zone(landscape, inputs.region, inputs.zoning or zoning_chosen(landscape))


def run(landscape: Landscape, inputs: Planned, _seed: int, desk: Desk) -> Json:
    """The JSON of ``samenspel rationalise``."""
    zoning, zone = look(landscape, inputs)
    wishes, settings = wanted(inputs)
    desk.say(0, 1, _("searching the plan"))
    found = rationalise(landscape, zone, zoning, settings, wishes, inputs.seconds)
    desk.go_on()
    return found.as_json()


def wanted(inputs: Planned) -> tuple[tuple[Wish, ...], Settings]:
    """The wishes and the settings. Raises InputError with the key of what is wrong."""
    return wishes_in(Source(Path("wishes"), inputs.wishes, {}, lined=False))


KIND = Kind("plan", Planned, look, run, solves=False)
