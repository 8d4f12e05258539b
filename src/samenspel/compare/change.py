"""A value before and after, and what may be said of the two. Unknown is no value: what becomes
known or unknown has not changed."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date as Date
from math import isclose
from typing import Any

SAME = "same"
CHANGED = "changed"
BECAME_KNOWN = "became_known"
BECAME_UNKNOWN = "became_unknown"
UNKNOWN = "unknown"  # before and after
SHARE_KNOWN = "share_known"  # the same value, of which more or less is known
BESIDE = "beside"  # a whole beside its parts, of which no sum has a meaning
GONE, NEW = "gone", "new"
EQUAL = (SAME, UNKNOWN)  # what is no difference
TOLERANCE = 1e-9  # of a figure: fractions that are added in another order end differently


@dataclass(frozen=True)
class Cell:
    """One value before and after; None is unknown."""

    before: Any
    after: Any

    @property
    def what(self) -> str:
        if self.before is None or self.after is None:
            if self.before is self.after:
                return UNKNOWN
            return BECAME_KNOWN if self.before is None else BECAME_UNKNOWN
        return SAME if alike(self.before, self.after) else CHANGED

    @property
    def equal(self) -> bool:
        return self.what in EQUAL

    def as_json(self) -> dict[str, Any]:
        found = {"before": plain(self.before), "after": plain(self.after)}
        numbers = [
            one for one in (self.before, self.after)
            if isinstance(one, (int, float)) and not isinstance(one, bool)
        ]  # fmt: skip
        if len(numbers) == 2:
            found["change"] = self.after - self.before
        return {**found, "what": self.what}


def unknown_told(known: tuple[bool, bool]) -> str:
    """What may be said of things of which it is ``known``, before and after, which there are."""
    if known[0] == known[1]:
        return SAME if known[0] else UNKNOWN
    return BECAME_KNOWN if known[1] else BECAME_UNKNOWN


def alike(before: Any, after: Any) -> bool:
    """Whether two known values are the same; of fractions as far as adding them allows."""
    if isinstance(before, float) or isinstance(after, float):
        return isclose(before, after, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return bool(before == after)


def plain(value: Any) -> Any:
    """A value as JSON holds it."""
    return value.isoformat() if isinstance(value, Date) else value


def differing(cells: Mapping[str, Cell], *, everything: bool = False) -> dict[str, dict[str, Any]]:
    """The cells that differ, as plain values; all of them where ``everything``."""
    return {name: cell.as_json() for name, cell in cells.items() if everything or not cell.equal}


def tally(kinds: Iterable[str]) -> dict[str, int]:
    """How often each kind of change occurs, those that do not left out."""
    return dict(sorted(Counter(kinds).items()))
