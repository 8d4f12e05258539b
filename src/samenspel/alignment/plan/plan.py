"""A plan and what it consists of, and the same as JSON."""

from dataclasses import dataclass
from datetime import date as Date
from typing import Any, Literal

from samenspel.alignment.plan.curves import CurvePoint
from samenspel.alignment.plan.effort import Point
from samenspel.alignment.plan.obstacles import KINDS, Fact
from samenspel.alignment.plan.settings import Settings
from samenspel.alignment.plan.wishes import Wish
from samenspel.language import _


@dataclass(frozen=True)
class Reasoned:
    """A point of effort and its reason in words."""

    point: Point
    text: str


@dataclass(frozen=True)
class Line:
    """What happens to one partnership.

    ``operation``: keep, extend, shrink, merge, host or dissolve. ``partnerships``: the one that the
    line is about. ``result``: the partnership in which it goes on, itself where it stays, empty
    where it ends. ``reason``: why. ``explanation``: what a kept partnership must explain. ``phase``
    and ``date``: when; both empty where nothing changes, the date alone where it is unknown.
    ``obstacles``: of each kind whether there is one. ``effort``: the known points; ``points``: all
    of them with their reasons, those of unknown facts without a number. ``newcomers``: members that
    a carrier takes in. ``given_up``: members that it lets go. ``carries``: the partnerships that go
    on in it. ``covered_by``: those that already do what ended. ``tasks_known``: false where the
    plan cannot know whether tasks are preserved, for it knows none.
    """

    operation: str
    partnerships: tuple[str, ...]
    result: str | None
    reason: str
    reason_code: str
    explanation: str | None
    phase: int | None
    date: Date | None
    obstacles: dict[str, Fact]
    effort: int
    points: tuple[Reasoned, ...]
    newcomers: tuple[str, ...]
    given_up: tuple[str, ...]
    carries: tuple[str, ...]
    covered_by: tuple[str, ...]
    tasks_known: bool

    def as_json(self) -> dict[str, Any]:
        return {
            "operation": self.operation,
            "partnerships": list(self.partnerships),
            "result": self.result,
            "reason": self.reason,
            "reason_code": self.reason_code,
            "explanation": self.explanation,
            "phase": self.phase,
            "date": iso(self.date),
            "obstacles": [
                {"code": code, "fact": fact, "text": _(KINDS[code])}
                for code, fact in self.obstacles.items()
            ],
            "effort": self.effort,
            "points": [
                {"code": one.point.code, "points": one.point.points, "reason": one.text}
                for one in self.points
            ],
            "newcomers": list(self.newcomers),
            "given_up": list(self.given_up),
            "carries": list(self.carries),
            "covered_by": list(self.covered_by),
            "tasks_known": self.tasks_known,
        }


@dataclass(frozen=True)
class Phase:
    """``kind``: start, year (ends of terms in one year) or unknown. ``first`` and ``last``: the
    days of its changes."""

    number: int
    kind: Literal["start", "year", "unknown"]
    first: Date | None
    last: Date | None
    partnerships: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "phase": self.number,
            "kind": self.kind,
            "first": iso(self.first),
            "last": iso(self.last),
            "partnerships": list(self.partnerships),
        }


@dataclass(frozen=True)
class Town:
    """What a municipality, with its OCMW, gains and loses. ``seats_before`` and ``seats_after``:
    seats in organs as far as known; ``..._known``: the share of its tables where they are."""

    nis: str
    name: str
    tables_before: int
    tables_after: int
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    seats_before: int | None
    seats_before_known: float
    seats_after: int | None
    seats_after_known: float

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "gained": list(self.gained), "lost": list(self.lost)}


@dataclass(frozen=True)
class Plan:
    """A plan for a region.

    ``before``, ``after``: partnerships. ``bound``: the proven least number. ``proven_optimal``: the
    number and the effort are proven (with a target: the effort with at most so many); otherwise the
    time was up, or none is known to be active and some may be. ``unique``: it is also proven the
    first by id of all such plans. ``curve``: the least effort with at most so many partnerships,
    each with its proven bound. ``names``: of the partnerships by id. ``doubtful``: partnerships of
    which it is unknown whether they are active, and which the plan leaves alone. ``notes``: how the
    plan reads what the facts leave open.
    """

    zoning: str
    zone: str
    name: str
    date: Date
    before: int
    after: int
    bound: int
    effort: int
    effort_bound: int
    proven_optimal: bool
    unique: bool
    lines: tuple[Line, ...]
    curve: tuple[CurvePoint, ...]
    phases: tuple[Phase, ...]
    municipalities: tuple[Town, ...]
    names: dict[str, str]
    doubtful: tuple[str, ...]
    notes: tuple[str, ...]
    settings: Settings
    wishes: tuple[Wish, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "zoning": self.zoning,
            "zone": self.zone,
            "name": self.name,
            "date": iso(self.date),
            "before": self.before,
            "after": self.after,
            "bound": self.bound,
            "effort": self.effort,
            "effort_bound": self.effort_bound,
            "proven_optimal": self.proven_optimal,
            "unique": self.unique,
            "lines": [line.as_json() for line in self.lines],
            "curve": [vars(point).copy() for point in self.curve],
            "phases": [phase.as_json() for phase in self.phases],
            "municipalities": [town.as_json() for town in self.municipalities],
            "names": self.names,
            "doubtful": list(self.doubtful),
            "notes": list(self.notes),
            "weights": vars(self.settings.weights).copy(),
            "settings": {
                name: iso(value) if isinstance(value, Date) else value
                for name, value in vars(self.settings).items()
                if name != "weights"
            }
            | {"join_themes": [list(group) for group in self.settings.join_themes]},
            "wishes": [wish_json(wish) for wish in self.wishes],
        }


@dataclass(frozen=True)
class Clash:
    """No plan: these wishes cannot go together, and without any one of them they can. ``reasons``:
    of each wish about a partnership the rule that stands in its way by itself, if one does. No wish
    at all means that the facts themselves leave no plan."""

    wishes: tuple[Wish, ...]
    reasons: tuple[str | None, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "clash": [
                {"wish": wish_json(wish), "reason": reason}
                for wish, reason in zip(self.wishes, self.reasons, strict=True)
            ]
        }


def wish_json(wish: Wish) -> dict[str, Any]:
    """A wish with what it needs, and in words."""
    parts = {**vars(wish), "date": iso(wish.date)}
    return {"text": str(wish), **{name: part for name, part in parts.items() if part is not None}}


def iso(date: Date | None) -> str | None:
    return None if date is None else date.isoformat()
