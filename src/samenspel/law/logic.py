"""Three-valued logic after Kleene: true, false and unknown (None), and days that are counted.

An outcome that is known stays what it is whatever the unknowns turn out to be.
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date as Date
from datetime import timedelta

Truth = bool | None


def all_of(truths: Iterable[Truth]) -> Truth:
    """Whether all hold: false where one is false, else unknown where one is; true over none."""
    found = set(truths)
    if False in found:
        return False
    return None if None in found else True


def any_of(truths: Iterable[Truth]) -> Truth:
    """Whether one holds: true where one is true, else unknown where one is; false over none."""
    found = set(truths)
    if True in found:
        return True
    return None if None in found else False


def negated(truth: Truth) -> Truth:
    """The opposite; the opposite of unknown is unknown."""
    return None if truth is None else not truth


def shifted(day: Date, years: int = 0, months: int = 0, days: int = 0) -> Date:
    """``day`` some years, months and days later (earlier where negative).

    Years and months lead to the same day of the month; where that month is shorter, to its last
    day, so 29 February becomes 28 February in a year without. Days are counted after that. A day
    that the calendar does not hold becomes the last (or first) that it holds.
    """
    total = day.year * 12 + day.month - 1 + years * 12 + months
    year, month = divmod(total, 12)
    if year > Date.max.year:
        return Date.max
    if year < Date.min.year:
        return Date.min
    moved = day.replace(
        year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1])
    )
    try:
        return moved + timedelta(days=days)
    except OverflowError:
        return Date.max if days > 0 else Date.min
