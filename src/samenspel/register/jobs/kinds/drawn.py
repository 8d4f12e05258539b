"""What the kinds that draw zones share: the wishes of the command line as the keys of a job."""

from dataclasses import fields
from typing import Annotated

from pydantic import Field

from samenspel.delineation.wishes import Wishes
from samenspel.delineation.wishtext import (
    ALONE,
    DEFAULT_GOALS,
    PENALTY,
    Words,
    count_of,
    wishes_of,
)
from samenspel.landscape.landscape import Landscape
from samenspel.register.jobs.kinds.kind import Inputs

List = Annotated[list[str], Field(max_length=1000)]


class Drawn(Inputs):
    """``regions``: how many zones; the rest is in the words of ``delineation.wishtext.Words``."""

    regions: str | int
    population: str | None = None
    municipalities: str | None = None
    area: str | None = None
    goals: str = DEFAULT_GOALS
    together: List | None = None
    apart: List | None = None
    fix: List | None = None
    whole: List | None = None
    within: str | None = None
    link: List | None = None
    present: str | None = None
    agree: List | None = None
    centre: bool = False
    oversize: str = ALONE
    flow: str | None = None
    penalty: float = PENALTY


def wishes(landscape: Landscape, inputs: Drawn) -> Wishes:
    """The wishes that ``inputs`` are. Raises InputError for words that make none."""
    most = landscape.table("municipalities").height
    words = Words(**{one.name: getattr(inputs, one.name) for one in fields(Words)})
    return wishes_of(landscape, count_of("--regions", str(inputs.regions), most), words)
