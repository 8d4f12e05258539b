"""Advice on the legal form: every combination of answers has a reasoned result that no rule of the
rule base contradicts."""

from datetime import date
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from countries import example
from samenspel import language
from samenspel.errors import InputError
from samenspel.law.advice import (
    ALTERNATIVES,
    TOPIC,
    TRANSFER,
    Advice,
    advise,
    existing_partnerships,
    rank,
    reasons_for,
    verdict,
)
from samenspel.law.forms import forms
from samenspel.law.questions import QUESTIONS, Answers, domain, dumped, read_answers
from samenspel.law.reading import rule_base

DAY = date(2025, 1, 1)
SIX = ("centre", "consultation", "other_governments", "private_partners", "complex_management",
       "financial_participation")  # fmt: skip
# Who may join, from the guide (mission table), written down apart from the rule base.
PUBLIC = ("projectvereniging", "dienstverlenende_vereniging")


def found(**answers: Any) -> dict[str, bool | None]:
    advice = advise(Answers(**answers), DAY)
    return {advised.form.code: advised.admissible for advised in advice.forms}


@cache
def on_the_six() -> list[Advice]:
    """The advice on every combination of answers to the six questions."""
    combinations = product(*(domain(name) for name in SIX))
    return [advise(Answers(**dict(zip(SIX, values, strict=True))), DAY) for values in combinations]


def test_every_combination_of_the_six_questions_has_a_reasoned_result() -> None:
    for advice in on_the_six():
        assert {advised.form.code for advised in advice.forms} == {form.code for form in forms()}
        assert advice.conclusion
        for advised in advice.forms:
            assert advised.reasons or advised.remarks
            excluded = [r for r in advised.reasons if r.binds and r.satisfied is False]
            assert (advised.admissible is False) == bool(excluded)
            assert all(reason.source and reason.message for reason in advised.reasons)


Truth = bool | None


def both(*truths: Truth) -> Truth:
    return False if False in truths else None if None in truths else True


def either(*truths: Truth) -> Truth:
    return True if True in truths else None if None in truths else False


def no(truth: Truth) -> Truth:
    return None if truth is None else not truth


def expected(form: str, a: Answers) -> Truth:
    """Who may join, from the guide, written down apart from the rule base and its engine."""
    partners = a.private_partners
    profit = both(partners, None if a.private_kind is None else a.private_kind == "profit")
    social = both(partners, None if a.private_kind is None else a.private_kind == "nonprofit")
    public = both(no(a.other_governments), no(partners))
    ocmw = True if a.centre == "ocmws" else a.ocmws
    two = None if a.municipalities is None else a.municipalities >= 2
    closed = both(no(a.other_governments), no(social))
    return {
        "overeenkomst": True,
        "samenwerking_tussen_ocmws": ocmw,
        "interlokale_vereniging": both(two, no(a.transfer)),
        "projectvereniging": both(public, no(a.transfer)),
        "dienstverlenende_vereniging": both(public, no(a.transfer)),
        "opdrachthoudende_vereniging": both(
            a.transfer, either(public, both(a.energy_or_waste, closed))
        ),
        "opdrachthoudende_vereniging_met_private_deelname": both(
            a.transfer, either(no(profit), a.energy_or_waste), closed
        ),
        "welzijnsvereniging": both(ocmw, no(profit)),
    }.get(form)


def test_no_combination_of_facts_contradicts_the_guide() -> None:
    rules = [r for r in rule_base().on(DAY) if r.topic == TOPIC or r.id in TRANSFER]
    wrong = []
    for values in product(*(domain(name) for name in ALTERNATIVES)):
        answers = Answers(**dict(zip(ALTERNATIVES, values, strict=True)))
        for form in forms():
            said = verdict(form, reasons_for(form, answers, rules))
            if said is not expected(form.code, answers):
                wrong.append((form.code, said, answers))
    assert wrong == []


@pytest.mark.parametrize("form", PUBLIC)
def test_a_purely_public_form_admits_no_other_governments_and_no_private_partners(
    form: str,
) -> None:
    base = {"centre": "municipalities", "municipalities": 4, "transfer": False}
    assert found(**base, other_governments=False, private_partners=False)[form] is True
    assert found(**base, other_governments=True, private_partners=False)[form] is False
    assert found(**base, other_governments=False, private_partners=True)[form] is False
    assert found(**base, other_governments=False)[form] is None


@pytest.mark.parametrize(("energy", "admitted"), [(True, True), (False, False), (None, None)])
def test_private_partners_join_only_in_energy_and_waste(
    energy: bool | None, admitted: bool | None
) -> None:
    answers = {"centre": "municipalities", "municipalities": 4, "transfer": True,
               "other_governments": False, "private_partners": True, "private_kind": "profit",
               "energy_or_waste": energy}  # fmt: skip
    assert found(**answers)["opdrachthoudende_vereniging_met_private_deelname"] is admitted


def test_transfer_decides_between_dienstverlenend_and_opdrachthoudend() -> None:
    base = {"centre": "municipalities", "municipalities": 4, "other_governments": False,
            "private_partners": False}  # fmt: skip
    forms_of = ("dienstverlenende_vereniging", "opdrachthoudende_vereniging")
    handed, kept = found(**base, transfer=True), found(**base, transfer=False)
    assert [handed[form] for form in forms_of] == [False, True]
    assert [kept[form] for form in forms_of] == [True, False]


def test_a_welzijnsvereniging_needs_an_ocmw_and_no_profit() -> None:
    base = {"centre": "ocmws", "private_partners": True}
    assert found(**base, private_kind="nonprofit")["welzijnsvereniging"] is True
    assert found(**base, private_kind="profit")["welzijnsvereniging"] is False
    assert found(centre="municipalities", ocmws=False)["welzijnsvereniging"] is False


def test_forms_of_which_the_guide_lost_the_columns_stay_open() -> None:
    for advice in on_the_six():
        (lost,) = [one for one in advice.forms if one.form.code == "ziekenhuisvereniging"]
        assert lost.admissible is None


def test_light_comes_before_heavy_and_admissible_before_open() -> None:
    answers = Answers(centre="municipalities", municipalities=3, transfer=False,
                      other_governments=False, private_partners=False, ocmws=True)  # fmt: skip
    advice = advise(answers, DAY)
    ranks = [rank(advised, answers) for advised in advice.forms]
    assert ranks == sorted(ranks)
    assert [advised.form.code for advised in advice.forms][:2] == [
        "overeenkomst",
        "interlokale_vereniging",
    ]
    assert "More than one form is admissible" in advice.conclusion
    assert advice.as_json()["order"]["status"] == "choice"


def test_what_would_change_the_answer_does_change_it() -> None:
    answers = Answers(centre="municipalities", municipalities=3, transfer=False,
                      other_governments=False, private_partners=True)  # fmt: skip
    told = {a.form.code: a.changes for a in advise(answers, DAY).forms}
    assert ("private_partners", False) in told["projectvereniging"]
    for form, changes in told.items():
        for name, value in changes:
            other = advise(answers.model_copy(update={name: value}), DAY)
            assert next(a.admissible for a in other.forms if a.form.code == form) is True


def test_what_exists_comes_first() -> None:
    land = example()
    members = tuple(land.table("memberships").filter(partnership="p07")["organisation"])
    rows = existing_partnerships(land, Answers(members=members))
    same = [row["id"] for row in rows if row["likeness"] == 1]
    assert same == ["p07", "p08", "p09"]
    advice = advise(Answers(members=members), DAY, land)
    assert advice.conclusion.startswith("First see whether")
    assert existing_partnerships(land, Answers()) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("centre: province\n", "line 1, key centre"),
        ("transfer: maybe\n", "key transfer"),
        ("municipalities: -1\n", "key municipalities"),
        ("colour: blue\n", "key colour: the key is not known"),
        ("- a\n", "the file must hold keys with values"),
        ("centre: [\n", "not valid YAML"),
        ("centre: ocmws\ncentre: ocmws\n", "it stands there twice"),
    ],
)
def test_wrong_answers_are_told_with_their_place(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"answers\.yaml") as told:
        read_answers(file)
    assert said in str(told.value)


def test_answers_come_back_from_their_file(tmp_path: Path) -> None:
    file = tmp_path / "answers.yaml"
    answers = Answers(centre="ocmws", transfer=True, members=("00001",), municipalities=2)
    file.write_text(dumped(answers), encoding="utf-8")
    assert read_answers(file) == answers
    file.write_text('{"centre": "ocmws"}', encoding="utf-8")
    assert read_answers(file) == Answers(centre="ocmws")
    with pytest.raises(InputError, match="no such file"):
        read_answers(tmp_path / "nowhere.yaml")


def test_every_question_is_an_answer_and_the_six_have_their_passage() -> None:
    assert set(QUESTIONS) <= set(Answers.model_fields)
    assert all(QUESTIONS[name][1] for name in SIX)


@pytest.mark.parametrize("spoken", language.LANGUAGES)
def test_the_advice_is_in_the_language_of_the_reader(spoken: str) -> None:
    language.use(spoken)
    advice = advise(Answers(), DAY).as_json()
    assert ("keuze" in advice["conclusion"] or "vorm" in advice["conclusion"]) == (spoken == "nl")
