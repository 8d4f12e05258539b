"""When a partnership can change: at once, at the end of its term, or at a moment unknown."""

from dataclasses import dataclass
from datetime import date as Date
from typing import Literal

from samenspel.alignment.plan import forms
from samenspel.alignment.plan.region import Body
from samenspel.alignment.plan.settings import Settings


@dataclass(frozen=True)
class Moment:
    """``start``: from the beginning of the plan; ``renewal``: at the end of the present term;
    ``unknown``: only at the end of a term that is unknown (``date`` is empty)."""

    kind: Literal["start", "renewal", "unknown"]
    date: Date | None


@dataclass(frozen=True)
class Window:
    """From when and until when changes are wished; ``last`` empty is without end."""

    first: Date
    last: Date | None = None


def moment(body: Body, today: Date, window: Window, settings: Settings) -> Moment | None:
    """When ``body`` can change, or nothing where it cannot within ``window``. A term that is over
    while the partnership is active has been renewed until a day that is unknown."""
    term = body.term_end if body.term_end and body.term_end > today else None
    if term is not None and term < window.first:
        term = None
    if body.form in forms.BOUND_TO_TERM:
        if term is None:
            barred = settings.bar_unknown_moment or window.last is not None
            return None if barred else Moment("unknown", None)
        late = window.last is not None and term > window.last
        return None if late else Moment("renewal", term)
    latest = min((day for day in (settings.deadline, window.last) if day), default=None)
    if term is not None and (latest is None or term <= latest):
        return Moment("renewal", term)
    if window.last is not None and window.first > window.last:
        return None
    return Moment("start", window.first)
