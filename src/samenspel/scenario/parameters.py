"""The choices of analyses that a scenario can change: those, and no others, that one reads.

The status of each is ``choice``; the rooms that read them hold the defaults, and a test keeps this
table equal to them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from samenspel.language import _, mark


@dataclass(frozen=True)
class Parameter:
    """``default``: where nothing is chosen. ``low`` and ``high``: of a whole number. ``readings``:
    the names to choose from, where it is a reading of what publications say differently.
    ``read_by``: the commands that read it. ``meaning``: what it does."""

    name: str
    default: int | str
    meaning: str
    read_by: tuple[str, ...]
    low: int = 0
    high: int = 0
    readings: tuple[str, ...] = ()

    def fault(self, value: Any) -> str | None:
        """What is wrong with ``value``, if anything."""
        if self.readings:
            if isinstance(value, str) and value in self.readings:
                return None
            return _("use one of {known}.").format(known=", ".join(self.readings))
        if type(value) is int and self.low <= value <= self.high:
            return None
        text = _("give a whole number from {low} to {high}.")
        return text.format(low=self.low, high=self.high)


def reading(question: str, meaning: str, readings: tuple[str, ...], *by: str) -> Parameter:
    """A choice between ``readings``, of which the first is the default."""
    return Parameter(question, readings[0], meaning, by, readings=readings)


TABLE = (
    Parameter("horizon", 6, mark("years ahead for terms that end"), ("screen", "align"), 0, 200),
    Parameter(
        "many",
        2,
        mark("from how many partnerships of the same few a signal is shown"),
        ("screen",),
        2,
        1_000_000,
    ),
    Parameter(
        "lead",
        12,
        mark("months before the end of a term in which to decide"),
        ("deadlines",),
        0,
        1200,
    ),
    Parameter("window", 1, mark("years between two renewals that coincide"), ("align",), 0, 200),
    reading(
        "flemish_rules",
        mark("by when partnerships that grew from Flemish rules must fit"),
        ("end_2025", "start_2025"),
        "align",
        "deadlines",
    ),
    reading(
        "municipal_limit",
        mark("the absolute limit for municipal partnerships to fit"),
        ("end_2030", "start_2031", "end_2031"),
        "align",
        "deadlines",
    ),
    reading(
        "projectvereniging_term",
        mark("whether the term of a projectvereniging is six years, or at most six"),
        ("at_most", "exactly"),
        "law findings",
    ),
)
PARAMETERS: Mapping[str, Parameter] = MappingProxyType({one.name: one for one in TABLE})
