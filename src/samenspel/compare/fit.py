"""How partnerships lie in zones before and after, and what that asks of them.

Fit is a fact of the map; scope and day are what law and policy say of it; the criteria are the
rules of thumb by which a crossing partnership comes early or late. They stay apart.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from samenspel.alignment.criteria import Judged
from samenspel.alignment.fit import zones_of as zones_in
from samenspel.alignment.kernel import FITS, place
from samenspel.alignment.scope import Scoped
from samenspel.compare.change import (
    BECAME_KNOWN,
    BECAME_UNKNOWN,
    BESIDE,
    CHANGED,
    GONE,
    NEW,
    SAME,
    Cell,
    tally,
)
from samenspel.compare.land import zone_beside
from samenspel.compare.matching import Beside, Group
from samenspel.landscape.landscape import Landscape
from samenspel.law.findings import ENDED
from samenspel.law.logic import shifted
from samenspel.screening.circles import Circles
from samenspel.screening.kernel import incidence

MOVED = "moved"  # the same fit, in other zones
NOWHERE = "none"  # no member, or no zone of one, is known
UNKNOWN_ANSWER = "unknown"


@dataclass(frozen=True)
class Lies:
    """How one partnership lies: its ``fit`` and the ``zones`` that it touches, by the code under
    which they stand beside each other."""

    fit: str
    zones: frozenset[str]


@dataclass(frozen=True)
class Fit:
    """One partnership. ``before``, ``after``: how it lies, of every part; empty where it is not
    there, has ended or is still planned."""

    partnership: str
    name: str
    before: Mapping[str, Lies]
    after: Mapping[str, Lies]

    @property
    def what(self) -> str:
        if not self.before or not self.after:
            return GONE if self.before else NEW
        was, now = set(self.before.values()), set(self.after.values())
        if was == now:
            return SAME
        if len(self.before) + len(self.after) > 2:
            return BESIDE
        fits = [{one.fit for one in side} for side in (was, now)]
        if {NOWHERE} in fits and fits[0] != fits[1]:
            return BECAME_KNOWN if fits[0] == {NOWHERE} else BECAME_UNKNOWN
        return MOVED if fits[0] == fits[1] else CHANGED

    def as_json(self) -> dict[str, Any]:
        return {
            "partnership": self.partnership,
            "name": self.name,
            "what": self.what,
            "before": {code: lies.fit for code, lies in self.before.items()},
            "after": {code: lies.fit for code, lies in self.after.items()},
            "zones_before": zones_of(self.before),
            "zones_after": zones_of(self.after),
        }


def zones_of(lies: Mapping[str, Lies]) -> list[str]:
    return sorted(frozenset[str]().union(*(one.zones for one in lies.values())))


@dataclass(frozen=True)
class ZoningFit:
    """The fit to one zoning. ``totals``: how many partnerships have each fit, before and after."""

    zoning: str
    fits: tuple[Fit, ...]
    totals: tuple[Mapping[str, int], Mapping[str, int]]

    @property
    def differences(self) -> int:
        return sum(one.what != SAME for one in self.fits)

    def as_json(self, *, everything: bool = False) -> dict[str, Any]:
        return {
            "zoning": self.zoning,
            "before": dict(self.totals[0]),
            "after": dict(self.totals[1]),
            "counts": tally(one.what for one in self.fits),
            "partnerships": [one.as_json() for one in self.fits if everything or one.what != SAME],
        }


@dataclass(frozen=True)
class Asked:
    """One answer about one partnership: ``question`` is ``scope``, ``matter_scope`` or
    ``policy_scope`` (law, its exceptions by matter, policy), ``deadline``, ``deadline_limit``,
    ``deadline_applies``, ``decide`` (by when to decide on renewal), ``status`` (of the decision) or
    a criterion. ``reasons``: of either answer, where it has one."""

    partnership: str
    name: str
    question: str
    cell: Cell
    reasons: tuple[str | None, str | None] = (None, None)

    def as_json(self) -> dict[str, Any]:
        return {
            "partnership": self.partnership,
            "name": self.name,
            "question": self.question,
            **self.cell.as_json(),
            "reason_before": self.reasons[0],
            "reason_after": self.reasons[1],
        }


@dataclass(frozen=True)
class Alignment:
    """Fit to every zoning compared; scope and days of partnerships that are one before and after
    and have ended in neither; criteria of those that cross ``zoning`` in both."""

    zonings: tuple[ZoningFit, ...]
    answers: tuple[Asked, ...]
    zoning: str | None
    criteria: tuple[Asked, ...]

    @property
    def differences(self) -> int:
        asked = [*self.answers, *self.criteria]
        return sum(z.differences for z in self.zonings) + sum(not a.cell.equal for a in asked)

    def as_json(self, *, everything: bool = False) -> dict[str, Any]:
        return {
            "zonings": [one.as_json(everything=everything) for one in self.zonings],
            "scope": listed(self.answers, everything=everything),
            "criteria_zoning": self.zoning,
            "criteria": listed(self.criteria, everything=everything),
        }


def listed(asked: Sequence[Asked], *, everything: bool) -> dict[str, Any]:
    return {
        "counts": tally(one.cell.what for one in asked),
        "changes": [one.as_json() for one in asked if everything or not one.cell.equal],
    }


@dataclass(frozen=True)
class Sets:
    """The municipalities, OCMWs as theirs, of every partnership that is active or of which that is
    unknown. ``codes``: of the partnerships; ``sets``: sparse matrix of these by ``towns``."""

    landscape: Landscape
    codes: Sequence[str]
    sets: Any
    towns: pl.DataFrame


def sets_of(landscape: Landscape, found: Circles) -> Sets:
    """The sets that lie in zones, as ``alignment.fit.fits`` counts them."""
    active = pl.col("active").fill_null(value=True) & pl.col("status").ne_missing(ENDED)
    bodies = found.bodies.filter(active)
    rows = bodies.select("p").with_row_index("row")
    links = found.links.join(rows, on="p", maintain_order="left")
    shape = (len(bodies), len(found.towns))
    sets = incidence(links["row"], links["m"], shape)
    return Sets(landscape, bodies["partnership"].to_list(), sets, found.towns)


def zoning_fits(
    found: Beside, before: Sets, after: Sets, zonings: Sequence[str]
) -> tuple[ZoningFit, ...]:
    """The fit to each of ``zonings``, before and after. Costs O(partnerships and the zones they
    touch)."""
    names = called(found.before) | called(found.after)
    told = []
    for zoning in zonings:
        was = lying(found, before, zoning, later=False)
        now = lying(found, after, zoning, later=True)
        fits = []
        for group in found.bodies.groups if all(found.known("partnerships")) else ():
            here = {code: was[code] for code in group.before if code in was}
            there = {code: now[code] for code in group.after if code in now}
            if here or there:
                fits.append(Fit(group.code, names[group.code], here, there))
        told.append(ZoningFit(zoning, tuple(fits), (total(was), total(now))))
    return tuple(told)


def lying(found: Beside, sets: Sets, zoning: str, *, later: bool) -> dict[str, Lies]:
    """How every partnership lies in the zones of ``zoning``."""
    zones, matrix, sizes = zones_in(sets.landscape, zoning, sets.towns)
    placed = place(sets.sets, matrix, sizes)
    codes = [zone_beside(found.zones, zoning, zone, after=later) for zone in zones["zone"]]
    touched: dict[int, set[str]] = {}
    for row, zone in zip(placed.row.tolist(), placed.zone.tolist(), strict=True):
        touched.setdefault(row, set()).add(codes[zone])
    fits = enumerate(zip(sets.codes, placed.fit.tolist(), strict=True))
    return {code: Lies(FITS[fit], frozenset(touched.get(row, ()))) for row, (code, fit) in fits}


def total(lies: Mapping[str, Lies]) -> dict[str, int]:
    return {fit: sum(one.fit == fit for one in lies.values()) for fit in FITS}


def called(landscape: Landscape) -> dict[str, str]:
    """What partnerships are called."""
    rows = landscape.table("partnerships").select("id", "name").iter_rows()
    return {code: name or code for code, name in rows}


def answers(
    found: Beside,
    before: tuple[Mapping[str, Scoped], int],
    after: tuple[Mapping[str, Scoped], int],
) -> tuple[Asked, ...]:
    """Scope, days and decision of every partnership, before and after; beside each study's scopes
    the months before the end of a term in which to decide."""
    names = called(found.before) | called(found.after)
    facts = [
        {
            code: (status, end)
            for code, status, end in one.coded("partnerships")
            .select("id", "status", "term_end")
            .iter_rows()
        }
        for one in (found.before, found.after)
    ]
    told: list[Asked] = []
    for group in found.bodies.groups:
        if not group.one:
            continue
        [was], [now] = group.before, group.after
        if ENDED in (facts[0][was][0], facts[1][now][0]):
            continue
        told += of_scope(group, names[now], before[0][was], after[0][now])
        days = [
            None if side[code][1] is None else shifted(side[code][1], months=-lead)
            for side, code, lead in zip(facts, (was, now), (before[1], after[1]), strict=True)
        ]
        told.append(Asked(group.code, names[now], "decide", Cell(*days)))
    return tuple(told)


def of_scope(group: Group, name: str, was: Scoped, now: Scoped) -> Iterator[Asked]:
    for question, one, other in (
        ("scope", was.law, now.law),
        ("matter_scope", was.matter, now.matter),
        ("policy_scope", was.policy, now.policy),
    ):
        cell = Cell(known(one.answer), known(other.answer))
        yield Asked(group.code, name, question, cell, (one.reason, other.reason))
    days = [
        [
            None if reading is None or scoped.due.applies is False else reading.date
            for reading in (scoped.due.chosen, scoped.due.limit)
        ]
        for scoped in (was, now)
    ]
    reasons = (was.due.reason, now.due.reason)
    for number, question in enumerate(("deadline", "deadline_limit")):
        cell = Cell(days[0][number], days[1][number])
        yield Asked(group.code, name, question, cell, reasons)
    applies = Cell(was.due.applies, now.due.applies)
    yield Asked(group.code, name, "deadline_applies", applies, reasons)
    yield Asked(group.code, name, "status", Cell(was.status, now.status))


def known(answer: str) -> str | None:
    """An answer, None where that is unknown."""
    return None if answer == UNKNOWN_ANSWER else answer


Judgements = Mapping[str, Mapping[str, Judged]]


def criteria(fits: ZoningFit, before: Judgements, after: Judgements) -> tuple[Asked, ...]:
    """The value on every rule of thumb of the partnerships that cross the zones before and after;
    one that may have several values is unknown."""
    told = []
    for fit in fits.fits:
        sides = [*fit.before.values(), *fit.after.values()]
        if len(fit.before) != 1 or len(fit.after) != 1 or any(s.fit != "crossing" for s in sides):
            continue
        [was], [now] = fit.before, fit.after
        for name, judged in after[now].items():
            cell = Cell(before[was][name].value.known, judged.value.known)
            told.append(Asked(fit.partnership, fit.name, name, cell))
    return tuple(told)
