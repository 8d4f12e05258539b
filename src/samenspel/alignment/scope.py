"""Scope: does a partnership have to follow the reference regions, by when, and what was decided?

Law and policy are two answers. The law covers by form and border; its exceptions by matter are a
third, since somebody must claim them: while none is claimed a form that is covered stays covered,
with that said. One that is claimed and cannot be tested leaves the answer unknown. Which rules hold
is data of the law room.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Date
from typing import Any

from samenspel.alignment.deadline import Due, due, readings_known
from samenspel.alignment.decision import decisions
from samenspel.landscape.landscape import Landscape
from samenspel.language import _
from samenspel.law.engine import Step, inside, lacking
from samenspel.law.facts import partnership_facts
from samenspel.law.logic import Truth, all_of
from samenspel.law.reading import Settings, rule_base
from samenspel.law.rule import Scope, Status
from samenspel.law.tables import DecisionTable, case_of, decide, decision_tables
from samenspel.law.wording import basis_words, fact_word, value_word

ANSWERS: dict[Truth, str] = {True: "in", False: "out", None: "unknown"}
OUTCOMES: dict[str, Truth] = {"inside": True, "outside": False, "unknown": None}
LAW_FORMS, POLICY = "regiodecreet_forms", ("kadernota_2021",)
LAW_MATTERS = ("regiodecreet_matters", "regiodecreet_scale")
# The ground of exception of which the decree has a list that is not at hand.
UNTESTED = "scale"
WEAKEST_LAST: tuple[Status, ...] = ("law", "policy", "proposal", "choice", "unvalidated")


@dataclass(frozen=True)
class Answer:
    """``answer``: in, out or unknown; why, by which sources, and the status of what they say.
    ``unknown``: the facts without value that would settle it."""

    answer: str
    reason: str
    sources: tuple[str, ...]
    status: str
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scoped:
    """What holds for one partnership: ``law`` by form and border with a recorded exception taken
    in, ``matter`` the exceptions of the law by matter alone, ``policy`` the policy note; when it is
    ``due``; and what was decided (``decision``, None where unknown)."""

    law: Answer
    matter: Answer
    policy: Answer
    due: Due
    status: str | None
    decision: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Everything, as plain values; ``status`` is that of the decision."""
        return {
            **self._answer("scope", self.law),
            **self._answer("matter_scope", self.matter),
            **self._answer("policy_scope", self.policy),
            **self.due.as_json(),
            "status": self.status,
            "decision": dict(self.decision),
        }

    def _answer(self, name: str, answer: Answer) -> dict[str, Any]:
        return {
            name: answer.answer,
            f"{name}_reason": answer.reason,
            f"{name}_source": list(answer.sources),
            f"{name}_status": answer.status,
            f"{name}_unknown": list(answer.unknown),
        }


def scopes(
    landscape: Landscape, date: Date | None = None, readings: Settings | None = None
) -> dict[str, Scoped]:
    """Scope, deadline and decision of each partnership by id, by the rules in force on ``date``
    (else that of the landscape). ``readings``: of a deadline (by id) the reading that is chosen
    where publications differ, else the default of the law room, a choice.

    Raises InputError for a deadline or reading that is not there.
    """
    readings_known(readings)
    day = date or landscape.date
    in_force = {scope.id: scope for scope in rule_base().scopes_on(day)}
    matters = [in_force[name] for name in LAW_MATTERS if name in in_force]
    policies = [in_force[name] for name in POLICY if name in in_force]
    table = decision_tables()["scope"]
    decided = decisions(landscape)
    found = {}
    for body, facts in partnership_facts(landscape).items():
        matter, policy = stated(matters, facts, day), stated(policies, facts, day)
        law = by_form(table, facts) if LAW_FORMS in in_force else stated([], facts, day)
        law = with_matter(law, matter, facts["scope_exception"])
        status, decision = decided[body]
        found[body] = Scoped(
            law, matter, policy, due(facts, law.answer, policy.answer, readings), status, decision
        )
    return found


def by_form(table: DecisionTable, facts: Mapping[str, Any]) -> Answer:
    """What the law says of form and border; the kind stands in where no form is recorded."""
    sources = tuple(basis_words(basis) for basis in table.legal_basis)
    row = decide(table, case_of(table, facts))
    answer = ANSWERS[OUTCOMES[row.outcome]]
    names = [one.fact for one in table.inputs if one.fact]
    missing = tuple(name for name in names if facts[name] is None) if answer == "unknown" else ()
    return Answer(answer, str(row.because), sources, table.status, missing)


def with_matter(law: Answer, matter: Answer, claimed: str | None) -> Answer:
    """``law`` with a recorded exception by matter taken in. ``claimed``: the ground of exception
    on record. What nobody claimed is said; what is claimed and cannot be tested is unknown."""
    if law.answer == "out":
        return law
    if matter.answer == "out":
        reason = _("An exception by matter holds. {reason}").format(reason=matter.reason)
        return Answer("out", reason, matter.sources, matter.status)
    if law.answer == "in" and matter.answer == "unknown" and claimed == UNTESTED:
        reason = _("An exception by matter is claimed and cannot be tested. {reason}")
        return Answer(
            "unknown",
            reason.format(reason=matter.reason),
            matter.sources,
            matter.status,
            matter.unknown,
        )
    if law.answer == "in" and matter.answer == "unknown":
        reason = _("{reason} Whether an exception by matter holds is not known.")
        return Answer("in", reason.format(reason=law.reason), law.sources, law.status)
    return law


def stated(scopes: Sequence[Scope], facts: Mapping[str, Any], day: Date) -> Answer:
    """Whether ``facts`` lie inside all ``scopes``; where none is in force on ``day`` they lie
    outside. Sources and status (the weakest) are those of the scopes that decide."""
    if not scopes:
        reason = _("No rule on this was in force on {date}.").format(date=value_word(day))
        return Answer("out", reason, (), "law")
    steps = [(scope, inside(scope, facts)) for scope in scopes]
    truth = all_of(step.truth for _scope, step in steps)
    decisive = [(scope, step) for scope, step in steps if step.truth is truth]
    bases = [basis for scope, _step in decisive for basis in scope.legal_basis]
    missing: list[str] = []
    if truth:
        reason = _("None of the exceptions holds.")
    elif truth is None:
        missing = [n for scope, step in decisive for n in scope.facts if n in lacking(step)]
        names = ", ".join(map(fact_word, dict.fromkeys(missing)))
        reason = _("Not known: {facts}.").format(facts=names)
    else:
        why = [one for _scope, step in decisive for one in failed(step)]
        words = "; ".join(f"{fact_word(one.fact)}: {value_word(one.value)}" for one in why)
        reason = _("Because of {facts}.").format(facts=words)
    return Answer(
        ANSWERS[truth],
        reason,
        tuple(dict.fromkeys(basis_words(basis) for basis in bases)),
        max((scope.status for scope, _step in decisive), key=WEAKEST_LAST.index),
        tuple(dict.fromkeys(missing)),
    )


def failed(step: Step) -> list[Step]:
    """The comparisons that do not hold, in order."""
    if step.kind == "comparison":
        return [step] if step.truth is False else []
    return [one for part in step.parts for one in failed(part)]
