"""What the user chooses in a plan, with the value taken where nothing is chosen.

The rules of thumb are those of the VVSG-standpunt 2020, 3.4.1 ('Haalbaarheid'). That list is open
and gives no numbers: every number here is a choice of this software that the user may change, and
every point that it gives is shown with its reason.
"""

from dataclasses import dataclass, field
from dataclasses import fields as fields_of
from datetime import date as Date

from pydantic import ConfigDict

from samenspel.errors import InputError
from samenspel.language import _


@dataclass(frozen=True)
class Weights:
    """Points of effort, whole numbers from 0.

    ``existing``: what exists is harder to change than what is new, so everything that changes has
    it. ``no_renewal``: it does not happen at a renewal. ``legal_person``, ``own_assets``,
    ``own_staff``, ``own_budget``: heavy is harder than light; they count when known to be there.
    ``mixed``: not only governments take part. ``merge``: members and tasks go over.
    ``other_form``: the carrier has another legal form. ``shrink``: members are let go. ``extend``:
    a carrier opens its door; ``new_member``: for each member that is new to it. ``explain``: a
    kept partnership reaches outside the region and has no exception, so it must be explained.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    existing: int = 1
    no_renewal: int = 1
    legal_person: int = 2
    own_assets: int = 2
    own_staff: int = 1
    own_budget: int = 1
    mixed: int = 1
    merge: int = 1
    other_form: int = 1
    shrink: int = 1
    extend: int = 1
    new_member: int = 1
    explain: int = 4

    def __post_init__(self) -> None:
        for one in fields_of(self):
            value = getattr(self, one.name)
            if not isinstance(value, int) or not 0 <= value <= 1000:
                raise InputError(
                    _("Weight {name} is {value}; give a whole number from 0 to 1000.").format(
                        name=one.name, value=value
                    )
                )


@dataclass(frozen=True)
class Settings:
    """The choices of a plan.

    ``join_themes``: groups of themes whose partnerships may merge; without them only those of the
    same theme do. ``host_across_themes``: a small partnership may be hosted by one of another
    theme. ``host_smallest``, ``host_largest``: municipalities of a small partnership that may be
    hosted (VVSG-standpunt 2020, 3.4.1: two to six). ``bar_unknown_moment``: what can only move at
    the end of a term that is unknown does not move at all. ``deadline``: by when the plan should be
    carried out; what can wait for a renewal waits until then at most, what must wait longer is
    marked. ``target``: so many partnerships are few enough; the plan is then the one of least
    effort with at most so many, instead of the one with fewest.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    weights: Weights = field(default_factory=Weights)
    join_themes: tuple[tuple[str, ...], ...] = ()
    host_across_themes: bool = True
    host_smallest: int = 2
    host_largest: int = 6
    bar_unknown_moment: bool = False
    deadline: Date | None = None
    target: int | None = None
