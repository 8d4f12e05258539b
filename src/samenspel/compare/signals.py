"""Signals before and after: gone, new and remaining, by kind and by whom they are about."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from samenspel.compare.change import (
    BECAME_KNOWN,
    BECAME_UNKNOWN,
    CHANGED,
    GONE,
    NEW,
    SAME,
    tally,
)
from samenspel.compare.matching import Beside, Group
from samenspel.screening.screen import Screening
from samenspel.screening.signals import FIRST_LINE, Signal

Key = tuple[str, tuple[str, ...]]


@dataclass(frozen=True)
class Told:
    """One signal before and after: of the same kind and about the same municipalities, of which
    parts that merged count as one. ``before``, ``after``: the signals; several where parts had
    signals of their own. ``partnerships``: what causes it, by the code under which it stands beside
    its other self. ``one``: those whom it was about are one municipality now, or were one.
    ``known``: whether a signal that is not there, before or after, is known not to be."""

    id: str
    municipalities: tuple[str, ...]
    before: tuple[Signal, ...]
    after: tuple[Signal, ...]
    partnerships: tuple[frozenset[str], frozenset[str]]
    one: bool
    known: tuple[bool, bool] = (True, True)

    @property
    def what(self) -> str:
        if not self.after:
            return GONE if self.known[1] else BECAME_UNKNOWN
        if not self.before:
            return NEW if self.known[0] else BECAME_KNOWN
        readings = [{signal.viewpoint for signal in side} for side in (self.before, self.after)]
        same = self.partnerships[0] == self.partnerships[1] and readings[0] == readings[1]
        return SAME if same else CHANGED

    def as_json(self) -> dict[str, Any]:
        was, now = self.partnerships
        shown = (self.after or self.before)[0]
        return {
            "id": self.id,
            "what": self.what,
            "municipalities": list(self.municipalities),
            "merged": self.one,
            "before": [plain(signal) for signal in self.before],
            "after": [plain(signal) for signal in self.after],
            "partnerships_gained": sorted(now - was),
            "partnerships_lost": sorted(was - now),
            "source": shown.source,
            "status": shown.status,
        }


@dataclass(frozen=True)
class Signals:
    """Every signal of either, in order of kind and of whom it is about."""

    signals: tuple[Told, ...]

    @property
    def counts(self) -> dict[str, int]:
        return tally(one.what for one in self.signals)

    @property
    def differences(self) -> int:
        return sum(one.what != SAME for one in self.signals)

    def as_json(self, *, everything: bool = False) -> dict[str, Any]:
        def shown(kind: str) -> list[dict[str, Any]]:
            return [one.as_json() for one in self.signals if one.what == kind]

        kinds = (GONE, NEW, CHANGED, BECAME_KNOWN, BECAME_UNKNOWN, *([SAME] if everything else []))
        before = sum(len(one.before) for one in self.signals)
        after = sum(len(one.after) for one in self.signals)
        remaining = sum(one.what in (SAME, CHANGED) for one in self.signals)
        return {
            "before": before,
            "after": after,
            "counts": {**self.counts, "remaining": remaining},
            **{kind: shown(kind) for kind in kinds},
        }


def plain(signal: Signal) -> dict[str, Any]:
    """A signal as JSON holds it."""
    return {"subject": signal.subject, **asdict(signal)}


def signals(found: Beside, before: Screening, after: Screening) -> Signals:
    """The signals of ``before`` beside those of ``after``. Costs O(signals times their members)."""
    was, now = keyed(found, before.signals, after=False), keyed(found, after.signals, after=True)
    facts = [facts_of(one) for one in (before, after)]
    groups = {group.code: group for group in found.bodies.groups}
    told = []
    for key in sorted(was.keys() | now.keys()):
        id, towns = key
        sides = tuple(was.get(key, ())), tuple(now.get(key, ()))
        causes = tuple(
            frozenset(found.body(p, after=later) for signal in side for p in signal.partnerships)
            for side, later in zip(sides, (False, True), strict=True)
        )
        town = found.towns.of_after.get(towns[0]) or found.towns.of_before.get(towns[0])
        one = len(towns) == 1 and town is not None and not town.one and town.both
        known = (
            tells(groups, causes[1], facts[0], id, after=False),
            tells(groups, causes[0], facts[1], id, after=True),
        )
        told.append(Told(id, towns, *sides, (causes[0], causes[1]), one, known))
    return Signals(tuple(told))


Facts = Mapping[str, tuple[str | None, str | None, int | None]]


def facts_of(screening: Screening) -> Facts | None:
    """Of each partnership what signals go by: status, line, number of municipalities; None where
    it is unknown which there are or who is in them."""
    if not screening.found.known:
        return None
    rows = screening.found.bodies.select("partnership", "status", "line", "size").iter_rows()
    return {code: (status, line, size) for code, status, line, size in rows}


def tells(
    groups: Mapping[str, Group],
    causes: Iterable[str],
    facts: Facts | None,
    id: str,
    *,
    after: bool,
) -> bool:
    """Whether one study knows enough to say that a signal, which ``causes`` make in the other, is
    not there. ``groups``: by the code of ``causes``; ``facts``: of that one study."""
    if facts is None:
        return False
    for cause in causes:
        group = groups.get(cause)
        for code in () if group is None else group.after if after else group.before:
            status, line, size = facts[code]
            if status is None or size is None or (id == FIRST_LINE.signal and line is None):
                return False
    return True


def keyed(found: Beside, signals: Iterable[Signal], *, after: bool) -> Mapping[Key, list[Signal]]:
    """``signals`` by kind and by the codes under which municipalities stand beside each other."""
    groups = found.towns.of_after if after else found.towns.of_before
    kept: dict[Key, list[Signal]] = {}
    for signal in signals:
        towns = tuple(sorted({groups[nis].code for nis in signal.municipalities}))
        kept.setdefault((signal.id, towns), []).append(signal)
    return kept
