"""What the rules say of every partnership, before and after."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from samenspel.compare.change import (
    BECAME_KNOWN,
    BECAME_UNKNOWN,
    BESIDE,
    CHANGED,
    EQUAL,
    GONE,
    NEW,
    SAME,
    UNKNOWN,
    tally,
    unknown_told,
)
from samenspel.compare.matching import Beside
from samenspel.landscape.landscape import Landscape
from samenspel.law.engine import Outcome
from samenspel.law.findings import ENDED, LawFinding, counts
from samenspel.law.rule import Rule
from samenspel.law.wording import source_words

NOT_APPLICABLE = "not_applicable"
NOT_IN_FORCE = "not_in_force"  # on the day of that study, or not the reading chosen there
Outcomes = dict[str, str]


@dataclass(frozen=True)
class Stood:
    """What one rule says of one partnership. ``before``, ``after``: the outcome by partnership, of
    each part; empty where the partnership is not there or has ended."""

    partnership: str
    name: str
    rule: Rule
    before: Outcomes
    after: Outcomes
    message: str

    @property
    def what(self) -> str:
        if not self.before or not self.after:
            return GONE if self.before else NEW
        was, now = set(self.before.values()), set(self.after.values())
        if was == now:
            return SAME
        if len(self.before) + len(self.after) > 2:
            return BESIDE
        if UNKNOWN in was | now:
            return BECAME_KNOWN if UNKNOWN in was else BECAME_UNKNOWN
        return CHANGED

    def as_json(self) -> dict[str, Any]:
        rule = self.rule
        return {
            "partnership": self.partnership,
            "name": self.name,
            "rule": rule.id,
            "title": str(rule.title),
            "severity": rule.severity,
            "status": rule.status,
            "sources": source_words(rule),
            "what": self.what,
            "before": self.before,
            "after": self.after,
            "message": self.message,
        }


@dataclass(frozen=True)
class Law:
    """``stood``: every rule and partnership to which it applies before or after; none unless it is
    known of both which partnerships there are (``what`` is ``same``). ``totals``: how many findings
    there were of each outcome, before and after."""

    stood: tuple[Stood, ...]
    totals: tuple[Mapping[Outcome, int], Mapping[Outcome, int]]
    what: str = SAME

    @property
    def differences(self) -> int:
        return (self.what not in EQUAL) + sum(one.what != SAME for one in self.stood)

    def as_json(self, *, everything: bool = False) -> dict[str, Any]:
        kinds = (CHANGED, BECAME_KNOWN, BECAME_UNKNOWN, BESIDE)
        steps = Counter(
            (before, after)
            for one in self.stood
            if one.what in kinds[:3]
            for before in one.before.values()
            for after in one.after.values()
        )
        return {
            "what": self.what,
            "before": dict(self.totals[0]),
            "after": dict(self.totals[1]),
            "counts": tally(one.what for one in self.stood),
            "steps": [
                {"before": before, "after": after, "findings": number}
                for (before, after), number in sorted(steps.items())
            ],
            "changes": [one.as_json() for one in self.stood if everything or one.what in kinds],
            **{kind: outcomes(self.stood, kind) for kind in (GONE, NEW)},
        }


def outcomes(stood: Sequence[Stood], kind: str) -> dict[str, int]:
    """The outcomes of what is gone or new with its partnership."""
    return tally(
        outcome
        for one in stood
        if one.what == kind
        for outcome in (one.before or one.after).values()
    )


def law(
    found: Beside,
    before: tuple[Sequence[LawFinding], Iterable[Rule]],
    after: tuple[Sequence[LawFinding], Iterable[Rule]],
) -> Law:
    """The findings of either study, each with the rules in force in it, beside each other. Costs
    O(findings)."""
    told = unknown_told(found.known("partnerships"))
    stood = tuple(sides(found, before, after)) if told == SAME else ()
    return Law(stood, (counts(before[0]), counts(after[0])), told)


def sides(
    found: Beside,
    before: tuple[Sequence[LawFinding], Iterable[Rule]],
    after: tuple[Sequence[LawFinding], Iterable[Rule]],
) -> Iterator[Stood]:
    said = [{(one.partnership, one.rule.id): one for one in side[0]} for side in (before, after)]
    force = [{rule.id: rule for rule in side[1]} for side in (before, after)]
    here = [asked(found.before), asked(found.after)]
    about: dict[str, set[str]] = {}
    for side in said:
        for partnership, rule in side:
            about.setdefault(partnership, set()).add(rule)
    for group in found.bodies.groups:
        codes = [
            [code for code in members if code in there]
            for members, there in zip((group.before, group.after), here, strict=True)
        ]
        every = [*codes[0], *codes[1]]
        rules = sorted({rule for code in every for rule in about.get(code, ())})
        for rule in rules:
            stood = [
                {code: outcome(said[i], force[i], code, rule) for code in codes[i]} for i in (0, 1)
            ]
            if not concerns(stood):
                continue
            last = next((said[i][code, rule] for i in (1, 0) for code in reversed(codes[i])
                         if (code, rule) in said[i]), None)  # fmt: skip
            assert last is not None
            wrong = [said[1][c, rule].message for c in codes[1] if stood[1][c] == "violated"]
            yield Stood(
                codes[1][0] if codes[1] else codes[0][0],
                last.name or last.partnership,
                last.rule,
                stood[0],
                stood[1],
                wrong[0] if wrong else "",
            )


def concerns(stood: Sequence[Outcomes]) -> bool:
    """Whether the rule applies to one of them."""
    away = (NOT_APPLICABLE, NOT_IN_FORCE)
    return any(outcome not in away for side in stood for outcome in side.values())


def asked(landscape: Landscape) -> set[str]:
    """The partnerships of which the rules are asked: those that have not ended."""
    table = landscape.coded("partnerships").select("id", "status")
    return {code for code, status in table.iter_rows() if status != ENDED}


def outcome(
    said: Mapping[tuple[str, str], LawFinding],
    force: Mapping[str, Rule],
    partnership: str,
    rule: str,
) -> str:
    """What ``rule`` says of ``partnership``."""
    if (partnership, rule) in said:
        return said[partnership, rule].outcome
    return NOT_APPLICABLE if rule in force else NOT_IN_FORCE
