"""Every rule in both directions and unknown, its boundaries, its words, and which rules hold."""

import json
import subprocess
import sys
from datetime import date as Date
from pathlib import Path
from typing import Any

import pytest

from samenspel import language
from samenspel.errors import InputError
from samenspel.landscape.codes import LEGAL_FORMS
from samenspel.law.engine import evaluate
from samenspel.law.reading import RuleBase, rule_base
from samenspel.law.rule import Rule
from samenspel.law.wording import explain

ROOT = Path(__file__).parents[1]
DAY = Date(2025, 1, 1)
PV, DV, OV = "projectvereniging", "dienstverlenende_vereniging", "opdrachthoudende_vereniging"
PRIVATE = "opdrachthoudende_vereniging_met_private_deelname"
IV, WV, OCMWS = "interlokale_vereniging", "welzijnsvereniging", "samenwerking_tussen_ocmws"
NO_OTHERS = {"has_province": False, "has_other_government": False, "has_nonprofit": False}
BOTH_ORGANS = {"has_general_meeting": True, "has_board": True}
RULES = {rule.id: rule for rule in rule_base().rules}

Facts = dict[str, Any]
# Rule, form, facts that satisfy it, facts that violate it. Leaving out any fact of the first must
# leave the outcome unknown, but for those in the last.
CASES: list[tuple[str, str, Facts, Facts, set[str]]] = [
    ("interlokale_two_municipalities", IV, {"municipalities": 2}, {"municipalities": 1}, set()),
    ("projectvereniging_local_only", PV, {"local_only": True}, {"local_only": False}, set()),
    ("dienstverlenende_local_only", DV, {"local_only": True}, {"local_only": False}, set()),
    ("opdrachthoudende_members", OV, {"local_only": True}, {"local_only": False,
     "energy_or_waste": False}, set()),
    ("opdrachthoudende_members", OV, {"local_only": False, "energy_or_waste": True, **NO_OTHERS},
     {"local_only": False, "energy_or_waste": True, **NO_OTHERS, "has_province": True},
     {"local_only"}),
    ("private_deelname_sector", PRIVATE, {"has_private": True, "energy_or_waste": True},
     {"has_private": True, "energy_or_waste": False}, set()),
    ("private_deelname_conditions", PRIVATE, {"has_private": True, "private_conditions_met": True},
     {"has_private": True, "private_conditions_met": False}, set()),
    ("private_deelname_others", PRIVATE, NO_OTHERS, {"has_nonprofit": True}, set()),
    ("ocmw_cooperation_has_ocmw", OCMWS, {"has_ocmw": True}, {"has_ocmw": False}, set()),
    ("welzijnsvereniging_has_ocmw", WV, {"has_ocmw": True}, {"has_ocmw": False}, set()),
    ("welzijnsvereniging_no_profit", WV, {"has_private": False}, {"has_private": True}, set()),
    ("projectvereniging_board_only", PV, {"has_board": True, "has_general_meeting": False},
     {"has_general_meeting": True}, set()),
    ("projectvereniging_both_sides", PV, {"both_sides_in_board": True},
     {"both_sides_in_board": False}, set()),
    ("intercommunale_organs", DV, BOTH_ORGANS, {"has_board": False}, set()),
    ("intercommunale_organs", PRIVATE, BOTH_ORGANS, {"has_general_meeting": False}, set()),
    ("welzijnsvereniging_organs", WV, BOTH_ORGANS, {"has_board": False}, set()),
    ("interlokale_one_body", IV, {"organs": 1}, {"organs": 2}, set()),
    ("interlokale_no_staff", IV, {"has_own_staff": False}, {"has_own_staff": True}, set()),
    ("interlokale_manager", IV, {"has_manager": True, "manager_is_municipality": True},
     {"has_manager": True, "manager_is_municipality": False}, set()),
    ("dienstverlenende_no_transfer", DV, {"has_transfer": False}, {"has_transfer": True}, set()),
    ("light_forms_no_transfer", IV, {"has_transfer": False}, {"has_transfer": True}, set()),
    ("opdrachthoudende_transfer", OV, {"has_transfer": True}, {"has_transfer": False}, set()),
    ("opdrachthoudende_exclusive", OV, {"has_transfer": True, "task_done_beside": False},
     {"has_transfer": True, "task_done_beside": True}, set()),
    ("welzijnsvereniging_bookkeeping", WV, {"bookkeeping": "bbc"}, {"bookkeeping": "other"},
     set()),
]  # fmt: skip
TERMS = [
    ("projectvereniging_term", PV, 6),
    ("intercommunale_term", DV, 18),
    ("intercommunale_term", OV, 18),
    ("intercommunale_term", PRIVATE, 18),
    ("welzijnsvereniging_term", WV, 30),
]


def outcome(rule: str, **facts: Any) -> str:
    return evaluate(RULES[rule], facts).outcome


def test_every_rule_has_a_case() -> None:
    covered = {case[0] for case in CASES} | {term[0] for term in TERMS}
    assert covered | {"projectvereniging_term_exact"} == set(RULES)


@pytest.mark.parametrize(("rule", "form", "good", "bad", "free"), CASES)
def test_each_rule_both_ways_and_unknown(
    rule: str, form: str, good: Facts, bad: Facts, free: set[str]
) -> None:
    assert outcome(rule, legal_form=form, **good) == "satisfied"
    assert outcome(rule, legal_form=form, **bad) == "violated"
    assert outcome(rule, legal_form=form) == "unknown"
    assert outcome(rule, **good) == "unknown"
    for name in good.keys() - free:
        left = {key: value for key, value in good.items() if key != name}
        assert outcome(rule, legal_form=form, **left) == "unknown", name


@pytest.mark.parametrize(("rule", "bad"), [(case[0], case[3]) for case in CASES])
def test_each_rule_concerns_its_forms_only(rule: str, bad: Facts) -> None:
    concerned = {form for name, form, *_rest in CASES if name == rule}
    concerned |= {OV, PRIVATE} if rule.startswith("opdrachthoudende_") else set()
    concerned |= {OV} if rule in ("private_deelname_conditions", "intercommunale_organs") else set()
    concerned |= {PV} if rule == "light_forms_no_transfer" else set()
    concerned -= {PRIVATE} if rule == "opdrachthoudende_members" else set()
    for other in LEGAL_FORMS:
        applies = outcome(rule, legal_form=other, **bad) != "not_applicable"
        assert applies == (other in concerned), other


@pytest.mark.parametrize(("rule", "form", "years"), TERMS)
def test_a_term_may_end_exactly_on_its_limit(rule: str, form: str, years: int) -> None:
    start = Date(2020, 7, 1)
    limit, beyond = Date(2020 + years, 7, 1), Date(2020 + years, 7, 2)
    known = {"legal_form": form, "start": start, "term_start": start}
    assert outcome(rule, **known, term_end=limit) == "satisfied"
    assert outcome(rule, **known, term_end=beyond) == "violated"
    assert outcome(rule, **known) == "unknown"


@pytest.mark.parametrize(("rule", "form", "years"), TERMS)
def test_a_term_that_begins_on_a_leap_day(rule: str, form: str, years: int) -> None:
    start = Date(2024, 2, 29)
    known = {"legal_form": form, "start": start, "term_start": start}
    assert outcome(rule, **known, term_end=Date(2024 + years, 2, 28)) == "satisfied"
    assert outcome(rule, **known, term_end=Date(2024 + years, 3, 1)) == "violated"


@pytest.mark.parametrize(("rule", "form", "years"), TERMS)
def test_a_renewal_is_counted_from_its_own_start(rule: str, form: str, years: int) -> None:
    """Without the start of the present term a late end may be a renewal: unknown, not violated."""
    start, renewed = Date(2000, 1, 1), Date(2000 + years, 1, 1)
    end = Date(2000 + 2 * years, 1, 1)
    known = {"legal_form": form, "start": start, "term_end": end}
    assert outcome(rule, **known) == "unknown"
    assert outcome(rule, **known, term_start=renewed) == "satisfied"
    assert outcome(rule, **known, term_start=start) == "violated"
    early = {"legal_form": form, "start": start, "term_end": renewed}
    assert outcome(rule, **early) == "satisfied"


def test_the_other_reading_of_six_years() -> None:
    rule = "projectvereniging_term_exact"
    known = {"legal_form": PV, "start": Date(2020, 7, 1), "term_start": Date(2020, 7, 1)}
    assert outcome(rule, **known, term_end=Date(2026, 7, 1)) == "satisfied"
    assert outcome(rule, **known, term_end=Date(2026, 6, 30)) == "violated"
    assert outcome(rule, legal_form=PV, term_end=Date(2026, 6, 30)) == "unknown"
    assert outcome("projectvereniging_term", **known, term_end=Date(2026, 6, 30)) == "satisfied"


def test_a_setting_chooses_the_reading() -> None:
    base = rule_base()
    ids = {rule.id for rule in base.on(DAY)}
    assert "projectvereniging_term" in ids
    assert "projectvereniging_term_exact" not in ids
    chosen = {rule.id for rule in base.on(DAY, settings={"projectvereniging_term": "exactly"})}
    assert chosen == ids - {"projectvereniging_term"} | {"projectvereniging_term_exact"}
    with pytest.raises(InputError, match="no reading forever; use one of at_most, exactly"):
        base.on(DAY, settings={"projectvereniging_term": "forever"})


def test_topics() -> None:
    base = rule_base()
    topics = {rule.topic for rule in base.rules}
    assert topics == {"membership", "term", "organs", "management"}
    parts = [rule for topic in topics for rule in base.on(DAY, topic)]
    assert {rule.id for rule in parts} == {rule.id for rule in base.on(DAY)}


def test_rules_in_force_are_half_open() -> None:
    first = RULES["interlokale_no_staff"].model_copy(
        update={"valid_from": Date(2019, 1, 1), "valid_to": Date(2024, 1, 1)}
    )
    second = first.model_copy(update={"valid_from": Date(2024, 1, 1), "valid_to": None})
    base = RuleBase((first, second), ())
    assert base.on(Date(2018, 12, 31)) == ()
    assert base.on(Date(2019, 1, 1)) == (first,)
    assert base.on(Date(2023, 12, 31)) == (first,)
    assert base.on(Date(2024, 1, 1)) == (second,)


def test_scopes_hold_from_their_day() -> None:
    base = rule_base()
    assert {scope.id for scope in base.scopes_on(Date(2021, 3, 11))} == set()
    assert {scope.id for scope in base.scopes_on(Date(2023, 3, 18))} == {"kadernota_2021"}
    assert len(base.scopes_on(Date(2023, 3, 19))) == 5


def test_only_what_was_read_is_law() -> None:
    base = rule_base()
    law = {each.id for each in (*base.rules, *base.scopes) if each.status == "law"}
    assert law == {"regiodecreet_forms", "regiodecreet_matters"}
    for each in (*base.rules, *base.scopes):
        assert (each.note is not None) == (each.status == "unvalidated")


def test_cited_lines_speak_of_the_rule() -> None:
    """The lines cited of the praktijkgids hold a word of the rule's form."""
    guide = ROOT.parent / "shared" / "seeds" / "002_8c887c32bc6f7a63.txt"
    if not guide.exists():
        pytest.skip("the publications do not lie in ../shared/seeds")
    lines = guide.read_text(encoding="utf-8").splitlines()
    words = {
        "interlokale": ("interlokale", "gemeenten", "Eén beheersorgaan"),
        "projectvereniging": ("projectvereniging", "jaar", "deelnemende gemeenten"),
        "dienstverlenende": ("dienstverlenende",),
        "opdrachthoudende": ("opdrachthoudende",),
        "private": ("privé-partners",),
        "intercommunale": ("jaar", "raad van bestuur"),
        "ocmw": ("OCMW",),
        "welzijnsvereniging": ("welzijnsvereniging", "OCMW", "BBC"),
    }
    for rule in RULES.values():
        for basis in rule.legal_basis:
            if basis.publication == "VVSG praktijkgids" and basis.passage.lines:
                first, last = basis.passage.lines
                text = " ".join(lines[first - 1 : last]).casefold()
                wanted = words.get(rule.id.split("_")[0], ("",))
                assert any(word.casefold() in text for word in wanted), rule.id


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_words_stand_in_both_languages(rule: Rule) -> None:
    texts = (rule.title, rule.explanation, rule.message)
    for text in texts:
        assert text.nl != text.en
    language.use("nl")
    assert str(rule.message) == rule.message.nl
    language.use("en")
    assert str(rule.message) == rule.message.en


def test_an_explanation_can_be_followed() -> None:
    start = Date(2020, 7, 1)
    found = evaluate(
        RULES["projectvereniging_term"],
        {"legal_form": PV, "start": start, "term_start": start, "term_end": Date(2027, 1, 1)},
    )
    assert explain(found) == [
        "Projectvereniging - at most six years per term: violated",
        str(RULES["projectvereniging_term"].explanation),
        "When the rule applies:",
        "  [holds] legal form is projectvereniging (found: projectvereniging)",
        "What must hold:",
        "  [does not hold] at least one of these:",
        "    [does not hold] end of the present term is day of foundation + 6 years or earlier "
        "(found: 1 January 2027; compared with: 1 July 2026)",
        "    [does not hold] end of the present term is start of the present term + 6 years "
        "or earlier (found: 1 January 2027; compared with: 1 July 2026)",
        "Shorten the term to six years; it can be renewed by six years each time.",
        str(RULES["projectvereniging_term"].note),
        "Source: VVSG praktijkgids, Projectvereniging, lines 180–181; VVSG praktijkgids, De "
        "dienstverlenende en opdrachthoudende vereniging, schema, lines 257–260 (not validated)",
    ]


def test_an_explanation_names_what_is_not_known() -> None:
    found = evaluate(RULES["private_deelname_sector"], {"legal_form": PRIVATE})
    assert found.outcome == "unknown"
    assert found.unknown_facts() == ("has_private", "energy_or_waste")
    assert "Not known: a private partner is a member, active in energy or waste." in explain(found)


def test_a_rule_that_does_not_apply_says_why() -> None:
    found = evaluate(RULES["private_deelname_sector"], {"legal_form": PV})
    assert (found.outcome, found.condition, found.unknown_facts()) == ("not_applicable", None, ())
    assert explain(found)[0].endswith("does not apply")


def test_a_trace_is_plain_data() -> None:
    found = evaluate(RULES["projectvereniging_term"], {"legal_form": PV, "start": Date(2020, 7, 1)})
    assert found.condition is not None
    plain = json.loads(json.dumps(found.condition.as_json()))
    assert plain["parts"][0] == {
        "kind": "comparison",
        "truth": None,
        "fact": "term_end",
        "value": None,
        "operator": "at_most",
        "operand": "2026-07-01",
        "counted_from": {"fact": "start", "years": 6, "months": 0, "days": 0},
    }


def test_the_page_is_that_of_the_rule_base() -> None:
    made = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "make_rules.py"), "--check"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (made.returncode, made.stderr) == (0, "")
