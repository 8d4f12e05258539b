"""The report for everybody, as ``samenspel report`` makes it: its JSON, and the page as a file.

It is short: a report that is stopped begins anew.
"""

from pydantic import Field

from samenspel.alignment.plan.plan import Plan
from samenspel.alignment.plan.rationalise import rationalise
from samenspel.landscape.landscape import Landscape
from samenspel.language import _
from samenspel.register.jobs.desk import Desk
from samenspel.register.jobs.kinds.kind import Inputs, Json, Kind
from samenspel.screening.choices import HORIZON, MANY
from samenspel.screening.select import find_zone, zoning_chosen

FILE = "report.html"
FOLDER = "register"  # what the commands that the page shows call the landscape


class Reported(Inputs):
    """The options of the command."""

    zoning: str | None = None
    region: str | None = None
    partnership: str | None = None
    horizon: int = Field(default=HORIZON, ge=0, le=200)
    many: int = Field(default=MANY, ge=2)


def look(landscape: Landscape, inputs: Reported) -> tuple[str, str] | None:
    """The zoning and the zone whose plan is told, if any. Raises InputError for a zone that is not
    there."""
    if inputs.region is None:
        return None
    return find_zone(landscape, inputs.region, inputs.zoning or zoning_chosen(landscape))


def run(landscape: Landscape, inputs: Reported, _seed: int, desk: Desk) -> Json:
    """The JSON of ``samenspel report``."""
    from samenspel.reports.contents import contents
    from samenspel.reports.page import page
    from samenspel.screening.screen import screen

    plan = None
    asked = look(landscape, inputs)
    if asked is not None:
        desk.say(0, 3, _("searching the plan"))
        found = rationalise(landscape, asked[1], asked[0])
        assert isinstance(found, Plan)  # without wishes nothing clashes: all may stay
        plan = found
        desk.go_on()
    desk.say(1, 3, _("screening"))
    screened = screen(landscape, inputs.horizon, inputs.many)
    told = contents(screened, inputs.zoning, inputs.partnership, plan)
    desk.go_on()
    desk.say(2, 3, _("drawing"))
    desk.files[FILE] = page(landscape, told, FOLDER).encode()
    desk.go_on()
    return {**told, "file": FILE}


KIND = Kind("report", Reported, look, run, solves=False)
