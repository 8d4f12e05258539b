"""What the rules say of every partnership of a landscape, one line per rule and partnership."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date as Date
from typing import Any

from samenspel.errors import InputError
from samenspel.landscape.kinds import INTERMUNICIPAL_FORMS, OCMW_FORMS
from samenspel.landscape.landscape import Landscape
from samenspel.language import _
from samenspel.law.deadlines import deadlines
from samenspel.law.engine import OUTCOMES, Finding, Outcome, evaluate, trace
from samenspel.law.evidence import Evidence, behind, evidence_by_partnership
from samenspel.law.facts import partnership_facts
from samenspel.law.reading import RuleBase, Settings, rule_base
from samenspel.law.rule import Rule, Severity, Status
from samenspel.law.wording import source_words

ENDED = "inactive"
# The forms that a body of a stated class can have, where its form is unknown.
FORMS_OF: Mapping[str, tuple[str, ...]] = {
    "intermunicipal_partnership": INTERMUNICIPAL_FORMS,
    "ocmw_association": OCMW_FORMS,
    "police_zone": (),
}
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "notice")


@dataclass(frozen=True)
class LawFinding:
    """What one rule says of one partnership. ``message`` says what to do where the rule is
    violated and is empty otherwise; ``finding`` holds the rule and the trace. ``evidence``
    names, of what violates it, the members, tasks and other partnerships behind each fact."""

    partnership: str
    name: str | None
    outcome: Outcome
    finding: Finding
    message: str
    evidence: Evidence = field(default_factory=dict)

    @property
    def rule(self) -> Rule:
        return self.finding.rule

    @property
    def severity(self) -> Severity:
        return self.rule.severity

    @property
    def status(self) -> Status:
        return self.rule.status

    @property
    def sources(self) -> list[str]:
        """The sources of the rule as text."""
        return source_words(self.rule)

    def as_json(self) -> dict[str, Any]:
        """The finding as plain data, words in the language of the interface."""
        rule, found = self.rule, self.finding
        return {
            "partnership": self.partnership,
            "name": self.name,
            "rule": rule.id,
            "title": str(rule.title),
            "topic": rule.topic,
            "outcome": self.outcome,
            "severity": rule.severity,
            "status": rule.status,
            "explanation": str(rule.explanation),
            "message": self.message,
            "evidence": {
                fact: [one.as_json() for one in those] for fact, those in self.evidence.items()
            },
            "unknown_facts": list(found.unknown_facts()),
            "sources": self.sources,
            "note": None if rule.note is None else str(rule.note),
            "applies": found.applies.as_json(),
            "condition": None if found.condition is None else found.condition.as_json(),
        }


def law_findings(
    landscape: Landscape, date: Date | None = None, settings: Settings | None = None
) -> list[LawFinding]:
    """What the rules in force on ``date`` (by default the landscape's) say of every partnership
    that has not ended.

    Rules that do not apply are left out; so are those that fit no form which a body of its class
    can have, where its form is unknown. Sorted: violated, unknown, satisfied; within these by
    severity, partnership and rule. ``settings`` choose between readings. Raises InputError for a
    question or reading that does not exist.
    """
    base = rule_base()
    check_settings(base, settings)
    rules = base.on(date or landscape.date, settings=settings)
    bodies = landscape.table("partnerships").select("id", "name")
    names = dict(bodies.iter_rows())
    stated = landscape.coded("organisations").select("id", "class").unique("id", keep="first")
    classes = dict(stated.iter_rows())
    possible: dict[str, tuple[Rule, ...]] = {
        one: tuple(rule for rule in rules if may_apply(rule, codes))
        for one, codes in FORMS_OF.items()
    }
    found: list[LawFinding] = []
    for partnership, facts in partnership_facts(landscape).items():
        if facts["status"] == ENDED:
            continue
        own = rules
        if facts["legal_form"] is None:
            own = possible.get(classes.get(partnership) or "", rules)
        for rule in own:
            finding = evaluate(rule, facts)
            if finding.outcome != "not_applicable":
                found.append(as_law_finding(partnership, names[partnership], finding))
    return sorted(with_evidence(landscape, found), key=order)


def with_evidence(landscape: Landscape, found: list[LawFinding]) -> list[LawFinding]:
    """``found``, what is violated with the evidence."""
    if all(each.outcome != "violated" for each in found):
        return found
    behind_facts = evidence_by_partnership(landscape)
    return [
        replace(each, evidence=behind(condition, behind_facts.get(each.partnership, {})))
        if each.outcome == "violated" and (condition := each.finding.condition)
        else each
        for each in found
    ]


def as_law_finding(partnership: str, name: str | None, finding: Finding) -> LawFinding:
    message = str(finding.rule.message) if finding.outcome == "violated" else ""
    return LawFinding(partnership, name, finding.outcome, finding, message)


def may_apply(rule: Rule, forms: Iterable[str]) -> bool:
    """Whether ``rule`` can concern a body of one of ``forms`` of which nothing else is known."""
    return any(trace(rule.applies, {"legal_form": form}).truth is not False for form in forms)


def order(found: LawFinding) -> tuple[int, int, str, str]:
    return (
        OUTCOMES.index(found.outcome),
        SEVERITIES.index(found.severity),
        found.partnership,
        found.rule.id,
    )


def counts(found: Iterable[LawFinding]) -> dict[Outcome, int]:
    """How many findings have each outcome; every outcome but not_applicable is there."""
    total: dict[Outcome, int] = {"violated": 0, "unknown": 0, "satisfied": 0}
    for each in found:
        total[each.outcome] += 1
    return total


def check_settings(base: RuleBase, settings: Settings | None) -> None:
    """Raise InputError where ``settings`` answer a question that nobody asks."""
    known = [*base.questions(), *deadlines()]
    for question in settings or {}:
        if question not in known:
            raise InputError(
                _("Setting {question} is not known; use one of {known}.").format(
                    question=question, known=", ".join(known)
                )
            )
