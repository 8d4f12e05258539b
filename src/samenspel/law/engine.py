"""Evaluation of a rule on the facts of one partnership, with a trace that a reader can follow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date as Date
from typing import Any, Literal

from samenspel.law.conditions import (
    All,
    AnyOf,
    Comparison,
    Condition,
    Later,
    Not,
)
from samenspel.law.logic import Truth, all_of, any_of, negated, shifted
from samenspel.law.rule import Rule, Scope
from samenspel.law.vocabulary import value_of

Outcome = Literal["satisfied", "violated", "unknown", "not_applicable"]
OUTCOMES: tuple[Outcome, ...] = ("violated", "unknown", "satisfied", "not_applicable")
Facts = Mapping[str, Any]

TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "equals": lambda value, other: bool(value == other),
    "not_equals": lambda value, other: bool(value != other),
    "in": lambda value, others: value in others,
    "not_in": lambda value, others: value not in others,
    "at_least": lambda value, other: bool(value >= other),
    "at_most": lambda value, other: bool(value <= other),
    "less": lambda value, other: bool(value < other),
    "more": lambda value, other: bool(value > other),
    "before": lambda value, other: bool(value < other),
    "after": lambda value, other: bool(value > other),
}


@dataclass(frozen=True)
class Step:
    """One condition as it was found. ``truth``: True, False or None (unknown). A comparison has the
    fact, its ``value``, the operator and the ``operand`` that it was compared with; ``counted`` is
    how a day was counted. The others have ``parts``."""

    kind: Literal["all", "any", "not", "comparison"]
    truth: Truth
    parts: tuple["Step", ...] = ()
    fact: str = ""
    value: Any = None
    operator: str = ""
    operand: Any = None
    counted: Later | None = None

    def as_json(self) -> dict[str, Any]:
        """The step and all under it as plain data; days as ISO text."""
        if self.kind != "comparison":
            parts = [part.as_json() for part in self.parts]
            return {"kind": self.kind, "truth": self.truth, "parts": parts}
        found: dict[str, Any] = {
            "kind": self.kind,
            "truth": self.truth,
            "fact": self.fact,
            "value": plain(self.value),
            "operator": self.operator,
            "operand": plain(self.operand),
        }
        if self.counted:
            spans = {key: getattr(self.counted, key) for key in ("years", "months", "days")}
            found["counted_from"] = {"fact": self.counted.fact, **spans}
        return found


@dataclass(frozen=True)
class Finding:
    """What a rule says of one set of facts. ``applies`` and ``condition`` are the trace; where the
    rule does not apply its condition is not looked at."""

    rule: Rule
    outcome: Outcome
    applies: Step
    condition: Step | None

    def unknown_facts(self) -> tuple[str, ...]:
        """The facts without value that leave the outcome open, in the order of the rule."""
        if self.outcome != "unknown":
            return ()
        steps = [step for step in (self.applies, self.condition) if step]
        missing = {name for step in steps for name in lacking(step)}
        return tuple(name for name in self.rule.facts if name in missing)


def plain(value: Any) -> Any:
    """``value`` as JSON has it: days as ISO text, tuples as lists."""
    if isinstance(value, Date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def lacking(step: Step) -> set[str]:
    """The facts without value under a step of which the truth is unknown."""
    if step.truth is not None:
        return set()
    if step.kind != "comparison":
        return {name for part in step.parts for name in lacking(part)}
    missing = {step.fact} if step.value is None else set()
    if step.counted and step.operand is None:
        missing.add(step.counted.fact)
    return missing


def evaluate(rule: Rule, facts: Facts) -> Finding:
    """Whether ``facts`` (values by name; None or absent is unknown) satisfy ``rule``.

    ``not_applicable`` where the rule does not concern them, ``unknown`` where that or the condition
    is open. A known outcome never changes when an unknown fact becomes known (but for ``known``).
    Raises InputError for a value of a wrong type.
    """
    applies = trace(rule.applies, facts)
    if applies.truth is False:
        return Finding(rule, "not_applicable", applies, None)
    condition = trace(rule.condition, facts)
    if applies.truth is None or condition.truth is None:
        return Finding(rule, "unknown", applies, condition)
    return Finding(rule, "satisfied" if condition.truth else "violated", applies, condition)


def inside(scope: Scope, facts: Facts) -> Step:
    """Whether ``facts`` lie inside ``scope``: the ``truth`` of the trace that is returned."""
    return trace(scope.inside, facts)


def trace(condition: Condition, facts: Facts) -> Step:
    """``condition`` evaluated on ``facts``, with every step that led there."""
    match condition:
        case All(parts):
            steps = tuple(trace(part, facts) for part in parts)
            return Step("all", all_of(step.truth for step in steps), steps)
        case AnyOf(parts):
            steps = tuple(trace(part, facts) for part in parts)
            return Step("any", any_of(step.truth for step in steps), steps)
        case Not(part):
            step = trace(part, facts)
            return Step("not", negated(step.truth), (step,))
        case Comparison():
            return compared(condition, facts)


def compared(comparison: Comparison, facts: Facts) -> Step:
    value = value_of(comparison.fact, facts)
    operand, counted = comparison.operand, None
    if isinstance(operand, Later):
        counted, day = operand, value_of(operand.fact, facts)
        operand = day and shifted(day, counted.years, counted.months, counted.days)
    truth: Truth
    if comparison.operator == "known":
        truth = (value is not None) == operand
    elif value is None or operand is None:
        truth = None
    else:
        truth = TESTS[comparison.operator](value, operand)
    return Step(
        "comparison", truth, (), comparison.fact, value, comparison.operator, operand, counted
    )
