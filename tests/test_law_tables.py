"""Decision tables: proven complete and free of conflict, damaged on purpose, and beside the rules.

What a table should answer is written here once more, apart from its rows.
"""

from datetime import date as Date
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from samenspel.errors import InputError
from samenspel.landscape.codes import LEGAL_FORMS, ORGANISATION_CLASSES, PARTNERSHIP_CLASSES
from samenspel.law.deadlines import deadlines
from samenspel.law.engine import evaluate, inside
from samenspel.law.forms import forms
from samenspel.law.logic import all_of
from samenspel.law.reading import FOLDER, rule_base
from samenspel.law.tables import (
    DecisionTable,
    case_of,
    cases,
    decide,
    decision_tables,
    gaps,
    overlaps,
    read_table,
)

TABLES = decision_tables()
DAY = Date(2025, 1, 1)
COVERED = (
    "projectvereniging",
    "dienstverlenende_vereniging",
    "opdrachthoudende_vereniging",
    "opdrachthoudende_vereniging_met_private_deelname",
)
LOCAL = {"municipality", "ocmw", "ocmw_association", "police_zone", "rescue_zone"}
TRUTH = {"yes": True, "no": False, "unknown": None}


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_proven(table: DecisionTable) -> None:
    assert gaps(table) == []
    assert overlaps(table) == []
    for case in cases(table):
        assert decide(table, case).outcome in table.outcomes
    used = {id(decide(table, case)) for case in cases(table)}
    assert len(used) == len(table.rows), "a row that answers nothing"
    assert {row.outcome for row in table.rows} == set(table.outcomes)


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_a_row_taken_away_leaves_a_gap(table: DecisionTable) -> None:
    for i, row in enumerate(table.rows):
        damaged = table.model_copy(update={"rows": table.rows[:i] + table.rows[i + 1 :]})
        found = gaps(damaged)
        assert found
        assert all(row.matches(case) for case in found)
        assert overlaps(damaged) == []


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_a_row_made_wider_conflicts(table: DecisionTable) -> None:
    for i, row in enumerate(table.rows):
        wide = row.model_copy(update={"when": dict.fromkeys(row.when, ("-",))})
        damaged = table.model_copy(update={"rows": (*table.rows[:i], wide, *table.rows[i + 1 :])})
        case, rows = overlaps(damaged)[0]
        assert i in rows
        assert len(rows) == 2
        assert all(damaged.rows[j].matches(case) for j in rows)


def test_domains_are_those_of_the_landscape() -> None:
    for table in TABLES.values():
        for one in table.inputs:
            if one.name == "legal_form":
                assert set(one.values) == {*LEGAL_FORMS, "unknown"}
            if one.name == "member":
                assert set(one.values) == {*ORGANISATION_CLASSES, "unknown"}


def expected_member(form: str, member: str, sector: str) -> str:
    """Who may join, from the praktijkgids, lines 141-188, 229-234 and 273-285."""
    if form == "unknown":
        return "unknown"
    if form in ("overeenkomst", "interlokale_vereniging"):
        return "allowed"
    if form not in (*COVERED, "samenwerking_tussen_ocmws", "welzijnsvereniging"):
        return "not_stated"
    if member == "unknown":
        return "unknown"
    if form == "samenwerking_tussen_ocmws":
        return "allowed" if member == "ocmw" else "not_stated"
    if form == "welzijnsvereniging":
        if member == "private":
            return "not_allowed"
        return "not_stated" if member in ("other", "other_partnership") else "allowed"
    if member in LOCAL:
        return "allowed"
    if member == "private" and form.startswith("opdrachthoudende"):
        return {"yes": "conditional", "no": "not_allowed", "unknown": "unknown"}[sector]
    if member in ("private", "nonprofit", "province", "other_government"):
        return "not_allowed"
    return "not_stated"


def test_who_may_join() -> None:
    table = TABLES["membership"]
    for case in cases(table):
        wanted = expected_member(case["legal_form"], case["member"], case["energy_or_waste"])
        assert decide(table, case).outcome == wanted, case


def facts_with(form: str, member: str, sector: str) -> dict[str, Any]:
    """A partnership of two municipalities, two OCMWs and one more member of a known class."""
    there = {"municipality", "ocmw", member}
    local = all(one in LOCAL for one in there)
    return {
        "legal_form": form,
        "municipalities": 2,
        "energy_or_waste": TRUTH[sector],
        "local_only": local if local or member in expected_not_local() else None,
        **{f"has_{one}": one in there for one in ("ocmw", "province", "other_government",
                                                  "private", "nonprofit")},
    }  # fmt: skip


def expected_not_local() -> set[str]:
    return {"private", "nonprofit", "province", "other_government"}


def test_rules_and_table_agree_on_members() -> None:
    """What the table forbids some rule calls violated, what it allows none does."""
    rules = rule_base().on(DAY, "membership")
    table = TABLES["membership"]
    for case in cases(table):
        if "unknown" in (case["legal_form"], case["member"]):
            continue
        facts = facts_with(case["legal_form"], case["member"], case["energy_or_waste"])
        violated = [rule.id for rule in rules if evaluate(rule, facts).outcome == "violated"]
        assert bool(violated) == (decide(table, case).outcome == "not_allowed"), (case, violated)


def test_scope_and_table_agree() -> None:
    scopes = {scope.id: scope for scope in rule_base().scopes_on(DAY)}
    table = TABLES["scope"]
    kinds = ("intermunicipal_partnership", "other_partnership", None)
    for form, border, kind in product((*LEGAL_FORMS, None), (True, False, None), kinds):
        facts = {"legal_form": form, "cross_border": border, "kind": kind}
        truth = all_of(
            inside(scopes[name], facts).truth for name in ("regiodecreet_forms",
                                                           "regiodecreet_border")
        )  # fmt: skip
        wanted = {True: "inside", False: "outside", None: "unknown"}[truth]
        assert decide(table, case_of(table, facts)).outcome == wanted


def test_the_kind_decides_only_where_no_form_is_recorded() -> None:
    table = TABLES["scope"]
    for kind, border in product(PARTNERSHIP_CLASSES, (True, False, None)):
        bare = decide(table, case_of(table, {"kind": kind, "cross_border": border})).outcome
        if kind in ("ocmw_association", "police_zone"):
            assert bare == "outside"
        else:
            assert bare == ("outside" if border else "unknown")
        for form in LEGAL_FORMS:
            facts = {"legal_form": form, "cross_border": border}
            with_kind = decide(table, case_of(table, {**facts, "kind": kind}))
            assert with_kind is decide(table, case_of(table, facts))


@pytest.mark.parametrize(
    ("facts", "truth"),
    [
        ({"scope_exception": "landscape"}, False),
        ({"sector": "tourism"}, False),
        ({"scope_exception": "scale", "sector": "energy"}, True),
        ({"scope_exception": "scale"}, None),
        ({}, None),
    ],
)
def test_matters_that_the_decree_excepts(facts: dict[str, Any], truth: bool | None) -> None:
    scopes = {scope.id: scope for scope in rule_base().scopes_on(DAY)}
    assert inside(scopes["regiodecreet_matters"], facts).truth is truth


@pytest.mark.parametrize(
    ("facts", "truth"),
    [
        ({"factual_cooperation": True}, False),
        ({"scope_exception": "scale"}, False),
        ({"scope_exception": "landscape"}, False),
        ({"sector": "energy"}, False),
        ({"sector": "education"}, False),
        ({"sector": "waste"}, None),
        (
            {"sector": "waste", "scope_exception": "small_service", "factual_cooperation": False},
            True,
        ),
        ({}, None),
    ],
)
def test_scope_of_the_policy_note(facts: dict[str, Any], truth: bool | None) -> None:
    [scope] = [scope for scope in rule_base().scopes_on(DAY) if scope.status == "policy"]
    assert inside(scope, facts).truth is truth


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({"initiator": "bottom_up", "waste": False}, "municipal"),
        ({"initiator": "bottom_up", "waste": True}, "waste"),
        ({"initiator": "bottom_up"}, "unknown"),
        ({"initiator": "flemish", "waste": False}, "flemish_rules"),
        ({"initiator": "flemish", "waste": True}, "not_stated"),
        ({"initiator": "flemish"}, "unknown"),
        ({"initiator": "federal", "waste": False}, "not_stated"),
        ({"waste": True}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_which_deadline(facts: dict[str, Any], outcome: str) -> None:
    table = TABLES["deadline"]
    assert decide(table, case_of(table, facts)).outcome == outcome
    assert set(deadlines()) > {"flemish_rules", "municipal", "waste"} - {outcome}


def test_deadlines_and_their_readings() -> None:
    found = deadlines()
    assert found["flemish_rules"].chosen().date == Date(2025, 12, 31)
    assert found["municipal"].chosen().date == Date(2028, 12, 31)
    assert found["municipal_limit"].chosen().date == Date(2030, 12, 31)
    assert found["waste"].chosen().date == Date(2037, 1, 1)
    settings = {"flemish_rules": "start_2025", "municipal_limit": "end_2031"}
    assert found["flemish_rules"].chosen(settings).date == Date(2025, 1, 1)
    assert found["municipal_limit"].chosen(settings).date == Date(2031, 12, 31)
    assert found["waste"].chosen(settings).date == Date(2037, 1, 1)
    with pytest.raises(InputError, match="Setting waste: there is no reading never"):
        found["waste"].chosen({"waste": "never"})


def test_forms_are_those_of_the_sources_lightest_first() -> None:
    found = forms()
    assert [form.weight for form in found] == list(range(1, len(found) + 1))
    assert found[0].code == "overeenkomst"
    codes = {form.code for form in found}
    assert codes == set(LEGAL_FORMS) - {"vzw", "zonder_rechtspersoonlijkheid", "andere"}
    years = {form.code: form.term_years for form in found if form.term_years}
    assert years == {
        "projectvereniging": 6,
        "dienstverlenende_vereniging": 18,
        "opdrachthoudende_vereniging": 18,
        "opdrachthoudende_vereniging_met_private_deelname": 18,
        "welzijnsvereniging": 30,
    }
    assert {form.code for form in found if form.legal_person} == years.keys()
    lost = [form for form in found if form.legal_person is None]
    assert len(lost) == 4
    assert all("verloor" in form.who.nl for form in lost)


def test_a_value_outside_the_domain() -> None:
    table = TABLES["deadline"]
    with pytest.raises(InputError, match="Table deadline, input initiator: king is none of"):
        decide(table, {"initiator": "king", "waste": "no"})
    with pytest.raises(InputError, match="input waste: None is none of yes, no, unknown"):
        decide(table, {"initiator": "flemish"})


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("hit: unique", "hit: first", "rule deadline, key hit: first is none of 'unique'."),
        ("    outcome: flemish_rules", "    outcome: soon", "key rows.3.outcome: soon is none of"),
        ("{initiator: federal, ", "{", "key rows.6.when: it must name each input once: initi"),
        ("{initiator: federal, ", "{initiator: king, ", "rows.6.when.initiator: king is none of"),
        ("fact: waste", "fact: rubbish", "key inputs.1.fact: rubbish is no fact"),
        ('["yes", "no", unknown]', '["yes", "no"]', "key inputs.1.values: unknown must be one"),
        ('["yes", "no", unknown]', "[yes, no, unknown]", "key inputs.1.values.0: True is not"),
    ],
)
def test_a_damaged_table(old: str, new: str, message: str, tmp_path: Path) -> None:
    text = (FOLDER / "tables" / "deadline.yaml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    file = tmp_path / "deadline.yaml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_table(file)
    assert str(error.value).startswith(f"{tmp_path.name}/deadline.yaml, line ")
    assert message in str(error.value)
