"""Conditions, traces and findings in words, for a reader who is no lawyer."""

from collections.abc import Iterator
from datetime import date as Date
from typing import Any

from samenspel.language import _, mark
from samenspel.law.conditions import All, AnyOf, Comparison, Condition, Later, Not
from samenspel.law.engine import Finding, Step
from samenspel.law.logic import Truth
from samenspel.law.vocabulary import BY_NAME
from samenspel.words import day, word

INDENT = "  "
OUTCOMES = {
    "satisfied": mark("satisfied"),
    "violated": mark("violated"),
    "unknown": mark("unknown"),
    "not_applicable": mark("does not apply"),
}
SEVERITIES = {
    "error": mark("must be put right"),
    "warning": mark("needs attention"),
    "notice": mark("good to know"),
}
TESTS = {
    "equals": mark("is {operand}"),
    "not_equals": mark("is not {operand}"),
    "in": mark("is one of: {operand}"),
    "not_in": mark("is none of: {operand}"),
    "at_least": mark("is at least {operand}"),
    "at_most": mark("is at most {operand}"),
    "less": mark("is less than {operand}"),
    "more": mark("is more than {operand}"),
    "before": mark("lies before {operand}"),
    "after": mark("lies after {operand}"),
}
DAYS = {
    "at_least": mark("is {operand} or later"),
    "at_most": mark("is {operand} or earlier"),
}
HOLDS: dict[Truth, str] = {
    True: mark("holds"),
    False: mark("does not hold"),
    None: mark("unknown"),
}
ALL_HEAD, ANY_HEAD, NOT_HEAD = mark("all of these:"), mark("at least one of these:"), mark("not:")
HEADS = {"all": ALL_HEAD, "any": ANY_HEAD, "not": NOT_HEAD}


def truth_word(truth: Truth) -> str:
    """``truth`` as a reader calls it."""
    return _("unknown") if truth is None else _("yes") if truth else _("no")


def outcome_word(outcome: str) -> str:
    """An outcome as a reader calls it."""
    return _(OUTCOMES[outcome])


def severity_word(severity: str) -> str:
    """A severity as a reader calls it."""
    return _(SEVERITIES[severity])


def fact_word(name: str) -> str:
    """A fact as a reader calls it."""
    return _(BY_NAME[name].title)


def value_word(value: Any) -> str:
    """The value of a fact in words."""
    if value is None:
        return _("unknown")
    if isinstance(value, bool):
        return truth_word(value)
    if isinstance(value, Date):
        return day(value.isoformat())
    if isinstance(value, tuple):
        return ", ".join(value_word(one) for one in value)
    if isinstance(value, Later):
        return counted(value)
    if isinstance(value, int):
        return str(value)
    return word(value)


def counted(later: Later) -> str:
    """How a day is counted, in words."""
    spans = [
        text.format(count=count)
        for count, text in (
            (later.years, _("{count} years")),
            (later.months, _("{count} months")),
            (later.days, _("{count} days")),
        )
        if count
    ]
    return " + ".join([fact_word(later.fact), *spans])


def asked(fact: str, operator: str, operand: Any) -> str:
    """A comparison in words: what is asked of the fact."""
    if operator == "known":
        text = _("is known") if operand else _("is not known")
        return f"{fact_word(fact)} {text}"
    boolean = BY_NAME[fact].type == "boolean"
    if boolean:
        wanted = operand if operator == "equals" else not operand
        return f"{fact_word(fact)}: {truth_word(wanted)}"
    tests = TESTS | DAYS if BY_NAME[fact].type == "date" else TESTS
    return f"{fact_word(fact)} {_(tests[operator]).format(operand=value_word(operand))}"


def condition_lines(condition: Condition, depth: int = 0) -> Iterator[str]:
    """``condition`` in words, one line per step, indented."""
    space = INDENT * depth
    match condition:
        case All(parts):
            yield space + _(ALL_HEAD)
            for part in parts:
                yield from condition_lines(part, depth + 1)
        case AnyOf(parts):
            yield space + _(ANY_HEAD)
            for part in parts:
                yield from condition_lines(part, depth + 1)
        case Not(part):
            yield space + _(NOT_HEAD)
            yield from condition_lines(part, depth + 1)
        case Comparison(fact, operator, operand):
            yield space + asked(fact, operator, operand)


def step_lines(step: Step, depth: int = 0) -> Iterator[str]:
    """A trace in words: before each step whether it holds, behind it the value that was found."""
    space = INDENT * depth + f"[{_(HOLDS[step.truth])}] "
    if step.kind != "comparison":
        yield space + _(HEADS[step.kind])
        for part in step.parts:
            yield from step_lines(part, depth + 1)
        return
    text = asked(step.fact, step.operator, step.counted or step.operand)
    if step.operator in ("equals", "not_equals") and BY_NAME[step.fact].type == "boolean":
        wanted = step.operand if step.operator == "equals" else not step.operand
        text = _("{fact}: must be {value}").format(
            fact=fact_word(step.fact), value=truth_word(wanted)
        )
    found = _("found: {value}").format(value=value_word(step.value))
    if step.counted:
        found += "; " + _("compared with: {value}").format(value=value_word(step.operand))
    yield f"{space}{text} ({found})"


def explain(finding: Finding) -> list[str]:
    """``finding`` as lines of text in the language of the interface: the rule and its outcome, why
    there is such a rule, whether it applies, what must hold, what to do, and what is not known."""
    rule = finding.rule
    lines = [f"{rule.title}: {outcome_word(finding.outcome)}", str(rule.explanation)]
    lines.append(_("When the rule applies:"))
    lines += step_lines(finding.applies, 1)
    if finding.condition:
        lines.append(_("What must hold:"))
        lines += step_lines(finding.condition, 1)
    if finding.outcome == "violated":
        lines.append(str(rule.message))
    missing = finding.unknown_facts()
    if missing:
        names = ", ".join(fact_word(name) for name in missing)
        lines.append(_("Not known: {facts}.").format(facts=names))
    if rule.note:
        lines.append(str(rule.note))
    lines.append(_("Source: {source} ({status})").format(
        source="; ".join(source_words(rule)), status=word(rule.status)))  # fmt: skip
    return lines


def source_words(rule: Any) -> list[str]:
    """The sources of a statement as text: publication, section or article, passage."""
    return [basis_words(basis) for basis in rule.legal_basis]


def basis_words(basis: Any) -> str:
    """One source as text."""
    place = [basis.publication]
    if basis.section:
        place.append(basis.section)
    if basis.article:
        place.append(_("art. {article}").format(article=basis.article))
    passage = basis.passage
    if passage.lines:
        first, last = passage.lines
        place.append(_("lines {first}–{last}").format(first=first, last=last))
    elif passage.page is not None:
        place.append(_("page {page}").format(page=passage.page))
    else:
        place.append(passage.url)
    return ", ".join(place)
