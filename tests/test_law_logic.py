"""Three-valued logic, days that are counted, and conditions: laws that hold for every input."""

from calendar import isleap
from datetime import date as Date
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samenspel.errors import InputError
from samenspel.law.conditions import (
    All,
    AnyOf,
    Comparison,
    Condition,
    ConditionError,
    Later,
    Not,
    facts_read,
    parse,
)
from samenspel.law.engine import Step, evaluate, trace
from samenspel.law.logic import Truth, all_of, any_of, negated, shifted
from samenspel.law.reading import rule_base
from samenspel.law.vocabulary import BY_NAME, FACTS

TRUTHS: tuple[Truth, ...] = (True, False, None)
DAYS = st.dates(Date(1990, 1, 1), Date(2060, 12, 31))
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "legal_form": st.sampled_from(["projectvereniging", "vzw", "andere"]),
    "municipalities": st.integers(0, 5),
    "has_private": st.booleans(),
    "start": DAYS,
    "term_end": DAYS,
}


def test_tables_of_kleene() -> None:
    """Conjunction is the lower, disjunction the higher of false < unknown < true."""
    rank = {False: 0, None: 1, True: 2}
    back: dict[int, Truth] = {0: False, 1: None, 2: True}
    for a, b in product(TRUTHS, TRUTHS):
        assert all_of([a, b]) is back[min(rank[a], rank[b])]
        assert any_of([a, b]) is back[max(rank[a], rank[b])]
        assert negated(all_of([a, b])) is any_of([negated(a), negated(b)])
    assert (all_of([]), any_of([])) == (True, False)


@given(st.lists(st.sampled_from(TRUTHS)))
def test_order_and_doubles_do_not_matter(truths: list[Truth]) -> None:
    assert all_of(truths) is all_of(reversed(truths)) is all_of(truths * 2)
    assert any_of(truths) is any_of(reversed(truths)) is any_of(truths * 2)


@pytest.mark.parametrize(
    ("day", "spans", "later"),
    [
        (Date(2020, 7, 1), {"years": 6}, Date(2026, 7, 1)),
        (Date(2024, 2, 29), {"years": 6}, Date(2030, 2, 28)),
        (Date(2024, 2, 29), {"years": 4}, Date(2028, 2, 29)),
        (Date(2023, 2, 28), {"years": 1}, Date(2024, 2, 28)),
        (Date(2024, 1, 31), {"months": 1}, Date(2024, 2, 29)),
        (Date(2024, 12, 31), {"months": 2}, Date(2025, 2, 28)),
        (Date(2024, 1, 31), {"months": 1, "days": 1}, Date(2024, 3, 1)),
        (Date(2024, 3, 31), {"months": -1}, Date(2024, 2, 29)),
        (Date(9998, 1, 1), {"years": 6}, Date.max),
        (Date(9999, 12, 30), {"days": 9}, Date.max),
        (Date(2, 1, 1), {"years": -6}, Date.min),
        (Date(1, 1, 2), {"days": -9}, Date.min),
    ],
)
def test_days_counted(day: Date, spans: dict[str, int], later: Date) -> None:
    assert shifted(day, **spans) == later


@given(DAYS, st.integers(-60, 60))
def test_years_keep_the_day(day: Date, years: int) -> None:
    later = shifted(day, years=years)
    assert later.year == day.year + years
    leap_day = (day.month, day.day) == (2, 29)
    kept = (2, 28) if leap_day and not isleap(later.year) else (day.month, day.day)
    assert (later.month, later.day) == kept


def comparisons() -> st.SearchStrategy[Condition]:
    """Every comparison but ``known``, on five facts."""
    spans = st.builds(Later, st.just("start"), st.integers(-8, 8), st.integers(-3, 3))
    forms = st.lists(VALUES["legal_form"], min_size=1, unique=True).map(tuple)
    ordered = st.sampled_from(["equals", "not_equals", "at_least", "at_most"])
    return st.one_of(
        st.builds(
            Comparison,
            st.just("legal_form"),
            st.sampled_from(["equals", "not_equals"]),
            VALUES["legal_form"],
        ),
        st.builds(Comparison, st.just("legal_form"), st.sampled_from(["in", "not_in"]), forms),
        st.builds(Comparison, st.just("has_private"), st.just("equals"), st.booleans()),
        st.builds(
            Comparison,
            st.just("municipalities"),
            ordered | st.sampled_from(["less", "more"]),
            st.integers(0, 5),
        ),
        st.builds(
            Comparison,
            st.just("term_end"),
            ordered | st.sampled_from(["before", "after"]),
            DAYS | spans,
        ),
    )


CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    comparisons(),
    lambda inner: st.one_of(
        st.builds(All, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Not, inner),
    ),
    max_leaves=8,
)
COMPLETE = st.fixed_dictionaries(VALUES)
BY_TYPE: dict[str, st.SearchStrategy[Any]] = {
    "text": st.text(max_size=3),
    "integer": st.integers(0, 5),
    "boolean": st.booleans(),
    "date": DAYS,
}
EVERY = st.fixed_dictionaries(
    {f.name: st.sampled_from(f.codes) if f.codes else BY_TYPE[f.type] for f in FACTS}
)


@given(CONDITIONS, COMPLETE, st.sets(st.sampled_from(sorted(VALUES))))
def test_more_information_never_changes_what_is_known(
    condition: Condition, facts: dict[str, Any], hidden: set[str]
) -> None:
    partly = {name: value for name, value in facts.items() if name not in hidden}
    before, after = trace(condition, partly).truth, trace(condition, facts).truth
    assert after is not None
    assert before in (None, after)


@given(EVERY, st.sets(st.sampled_from(sorted(BY_NAME))))
def test_no_rule_changes_a_known_outcome(facts: dict[str, Any], hidden: set[str]) -> None:
    partly = {name: value for name, value in facts.items() if name not in hidden}
    for rule in rule_base().rules:
        before, after = evaluate(rule, partly).outcome, evaluate(rule, facts).outcome
        assert before in ("unknown", after), rule.id


def steps(step: Step) -> list[Step]:
    return [step, *(deeper for part in step.parts for deeper in steps(part))]


@given(CONDITIONS, COMPLETE, st.sets(st.sampled_from(sorted(VALUES))))
def test_a_trace_is_its_own_proof(
    condition: Condition, facts: dict[str, Any], hidden: set[str]
) -> None:
    """Each step follows from those under it, and every fact that is read stands in it."""
    partly = {name: value for name, value in facts.items() if name not in hidden}
    whole = steps(trace(condition, partly))
    for step in whole:
        below = [part.truth for part in step.parts]
        if step.kind == "all":
            assert step.truth is all_of(below)
        elif step.kind == "any":
            assert step.truth is any_of(below)
        elif step.kind == "not":
            assert step.truth is negated(below[0])
        else:
            assert step.value == partly.get(step.fact)
            assert (step.truth is None) == (step.value is None or step.operand is None)
    named = {s.fact for s in whole if s.fact} | {s.counted.fact for s in whole if s.counted}
    assert named == set(facts_read(condition))


def test_known_is_the_one_comparison_that_information_changes() -> None:
    asked = parse({"fact": "start", "known": False})
    assert trace(asked, {}).truth is True
    assert trace(asked, {"start": Date(2020, 1, 1)}).truth is False
    for rule in rule_base().rules:
        assert "known" not in {
            step.operator
            for condition in (rule.applies, rule.condition)
            for step in steps(trace(condition, {}))
        }


@pytest.mark.parametrize(
    ("raw", "path", "what"),
    [
        (None, (), "fact with a comparison"),
        ({}, (), "fact with a comparison"),
        ({"all": [], "any": []}, (), "exactly one of all, any and not"),
        ({"all": []}, ("all",), "at least one condition"),
        ({"none": [{}]}, ("none",), "no word of a condition"),
        ({"not": [1]}, ("not",), "fact with a comparison"),
        ({"fact": "colour", "equals": 1}, ("fact",), "colour is no fact"),
        ({"fact": "start"}, (), "exactly one comparison"),
        ({"fact": "start", "before": Date(2020, 1, 1), "known": True}, (), "exactly one"),
        ({"fact": "start", "like": 1}, ("like",), "no comparison"),
        ({"fact": "start", "known": 1}, ("known",), "true or false"),
        ({"fact": "start", "in": [Date(2020, 1, 1)]}, ("in",), "list of values"),
        ({"fact": "start", "less": 3}, ("less",), "of type date, which cannot"),
        ({"fact": "start", "before": "2020"}, ("before",), "2020 is not of type date"),
        ({"fact": "start", "before": {"years": 1}}, ("before",), "counted from a fact"),
        (
            {"fact": "start", "before": {"fact": "municipalities"}},
            ("before",),
            "counted from a fact",
        ),
        (
            {"fact": "start", "before": {"fact": "term_end", "weeks": 1}},
            ("before", "weeks"),
            "whole years, months and days",
        ),
        (
            {"fact": "start", "before": {"fact": "term_end", "years": 1.5}},
            ("before", "years"),
            "whole years, months and days",
        ),
        ({"fact": "legal_form", "equals": "kerk"}, ("equals",), "no value of legal_form"),
        ({"fact": "legal_form", "in": ["vzw", "vzw"]}, ("in", 1), "stands there twice"),
        ({"fact": "legal_form", "more": "vzw"}, ("more",), "of type text, which cannot"),
        ({"fact": "has_private", "equals": "yes"}, ("equals",), "not of type boolean"),
        ({"fact": "has_private", "at_least": True}, ("at_least",), "of type boolean, which"),
        ({"fact": "municipalities", "at_least": True}, ("at_least",), "not of type integer"),
        ({"fact": "municipalities", "before": 3}, ("before",), "of type integer, which"),
    ],
)
def test_what_a_condition_cannot_say(raw: Any, path: tuple[Any, ...], what: str) -> None:
    with pytest.raises(ConditionError) as error:
        parse(raw)
    assert error.value.path == path
    assert what in str(error.value)


@pytest.mark.parametrize(
    ("fact", "value"),
    [("start", "2020-01-01"), ("municipalities", True), ("has_private", 1), ("legal_form", 3)],
)
def test_a_fact_of_another_type_is_refused(fact: str, value: object) -> None:
    asked = parse({"fact": fact, "known": True})
    with pytest.raises(InputError, match=f"Fact {fact}: .* is not of type {BY_NAME[fact].type}"):
        trace(asked, {fact: value})
