"""Advice on the legal form: which forms the answers admit, why, why not the others, what would
change that, and first of all what exists already.

The table of the praktijkgids that led from the answers to forms is lost. Forms are excluded by the
rules on members and on transfer alone; their order, lightest first and those of the regime of the
first question before the others, is a choice that is shown; where the guide leaves a matter open
the advice says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date as Date
from typing import Any

import polars as pl

from samenspel.landscape.kinds import OBSERVER, OCMW_FORMS, partnership_kinds
from samenspel.landscape.landscape import Landscape
from samenspel.language import _
from samenspel.law.engine import evaluate
from samenspel.law.forms import Form, forms
from samenspel.law.logic import Truth, all_of
from samenspel.law.questions import Answers, as_facts, domain
from samenspel.law.reading import Settings, rule_base
from samenspel.law.rule import Rule
from samenspel.law.wording import basis_words, source_words

TOPIC = "membership"
# Rules of other topics that say whether a form fits what is handed over.
TRANSFER = ("dienstverlenende_no_transfer", "opdrachthoudende_transfer", "light_forms_no_transfer")
NEAR = 0.5  # part of the municipalities in either that are in both, from which it is told (choice)
MOST_EXISTING = 10
ALTERNATIVES = ("centre", "other_governments", "private_partners", "private_kind", "ocmws",
                "municipalities", "energy_or_waste", "transfer")  # fmt: skip


@dataclass(frozen=True)
class Reason:
    """One rule asked of one form. ``satisfied`` is None where the answers leave it open; a reason
    that does not ``bind`` is told and excludes nothing."""

    rule: str
    title: str
    satisfied: Truth
    binds: bool
    message: str
    source: str
    status: str


@dataclass(frozen=True)
class Advised:
    """One form: whether the answers admit it, the reasons, what the guide says besides, and the
    single answers that would make it admissible."""

    form: Form
    admissible: Truth
    reasons: tuple[Reason, ...]
    remarks: tuple[str, ...]
    changes: tuple[tuple[str, Any], ...]

    @property
    def source(self) -> str:
        """Where what the form asks, and what is remarked of it, stands."""
        return "; ".join(basis_words(basis) for basis in self.form.legal_basis)

    def as_json(self) -> dict[str, Any]:
        form = self.form
        return {
            "form": form.code,
            "name": form.name,
            "admissible": self.admissible,
            "reasons": [vars(reason) for reason in self.reasons],
            "remarks": list(self.remarks),
            "remarks_source": {"source": self.source, "status": form.status},
            "would_change": [{"answer": name, "to": to} for name, to in self.changes],
            "obliges": {
                "who": str(form.who),
                "term": str(form.term),
                "organs": str(form.organs),
                "bookkeeping": str(form.bookkeeping),
                "particular": str(form.particular),
                "source": self.source,
                "status": form.status,
            },
            "weight": {"value": form.weight, "status": form.weight_status},
        }


@dataclass(frozen=True)
class Advice:
    """The forms in their order, and the partnerships that exist already."""

    answers: Answers
    forms: tuple[Advised, ...]
    existing: tuple[dict[str, Any], ...]
    conclusion: str

    def as_json(self) -> dict[str, Any]:
        return {
            "answers": self.answers.model_dump(mode="json"),
            "conclusion": self.conclusion,
            "order": {"rule": order_words(), "status": "choice"},
            "existing": list(self.existing),
            "forms": [advised.as_json() for advised in self.forms],
        }


def advise(
    answers: Answers,
    date: Date,
    landscape: Landscape | None = None,
    settings: Settings | None = None,
) -> Advice:
    """What the rules in force on ``date`` say of every form, given ``answers``; ``landscape`` gives
    what exists already."""
    rules = rule_base().on(date, None, settings)
    asked = tuple(rule for rule in rules if rule.topic == TOPIC or rule.id in TRANSFER)
    found = [of_form(form, answers, asked) for form in forms()]
    found.sort(key=lambda advised: rank(advised, answers))
    existing = existing_partnerships(landscape, answers) if landscape is not None else ()
    return Advice(answers, tuple(found), tuple(existing), conclusion(found, existing))


def of_form(form: Form, answers: Answers, rules: Iterable[Rule]) -> Advised:
    """What ``rules`` say of one form, and which single answer would admit it."""
    rules = tuple(rules)
    reasons = reasons_for(form, answers, rules)
    admissible = verdict(form, reasons)
    changes: tuple[tuple[str, Any], ...] = ()
    if admissible is not True:
        changes = tuple(
            (name, value)
            for name in ALTERNATIVES
            for value in domain(name)
            if value is not None and value != getattr(answers, name)
            if verdict(form, reasons_for(form, answers.model_copy(update={name: value}), rules))
        )
    return Advised(form, admissible, reasons, tuple(remarks(form, answers)), changes)


def reasons_for(form: Form, answers: Answers, rules: Iterable[Rule]) -> tuple[Reason, ...]:
    facts = as_facts(answers, form.code)
    found = []
    for rule in rules:
        finding = evaluate(rule, facts)
        if finding.outcome == "not_applicable":
            continue
        # Where what must hold does hold, it does not matter whether the rule applies.
        holds = finding.condition is not None and finding.condition.truth is True
        satisfied = holds or (False if finding.outcome == "violated" else None)
        message = str(rule.explanation if satisfied is not False else rule.message)
        found.append(
            Reason(rule.id, str(rule.title), satisfied, rule.severity != "notice", message,
                   "; ".join(source_words(rule)), rule.status)
        )  # fmt: skip
    return tuple(found)


def verdict(form: Form, reasons: Iterable[Reason]) -> Truth:
    """Whether a form is admissible: every binding reason holds. Of a form of which the sources say
    too little to exclude anything it is open."""
    binding = [reason.satisfied for reason in reasons if reason.binds]
    if not binding and open_form(form):
        return None
    return all_of(binding)


def open_form(form: Form) -> bool:
    """Whether the sources leave open who may join: the scheme of the guide lost its columns."""
    return form.code in OCMW_FORMS and form.code not in (
        "samenwerking_tussen_ocmws", "welzijnsvereniging",
    )  # fmt: skip


def remarks(form: Form, answers: Answers) -> Iterable[str]:
    """What the guide says of the other questions, which exclude no form."""
    if form.code == "overeenkomst":
        yield _("The guide sets no limit to who may join an agreement.")
    if open_form(form):
        yield _(
            "The scheme of the guide lost its columns: who may join this form is not known here."
        )
    if answers.consultation and form.code == "overeenkomst":
        yield _("The guide names no body in which the partners of an agreement meet; whether an "
                "agreement suffices is left open.")  # fmt: skip
    if answers.complex_management and form.legal_person is False:
        yield _(
            "Without a legal person it has no staff and awards no contracts of its own; in an "
            "interlokale vereniging a managing municipality may (guide, lines 148–153)."
        )
    if answers.financial_participation and form.legal_person is False:
        yield _(
            "It has no legal person that could hold a capital; whether another arrangement "
            "will do is left open by the guide."
        )
    if form.code == "projectvereniging":
        yield _("For a large group of municipalities the guide finds it less suitable (lines "
                "194–199); it names no number.")  # fmt: skip
    if answers.centre == "ocmws" and form.code not in OCMW_FORMS:
        yield _(
            "The initiative lies with municipalities here; OCMWs may join (guide, lines 32–35)."
        )


def rank(advised: Advised, answers: Answers) -> tuple[int, bool, int]:
    """Admissible before open before excluded; then the regime of the first question; then light
    before heavy."""
    place = {True: 0, None: 1, False: 2}[advised.admissible]
    ocmw = advised.form.code in OCMW_FORMS
    other = answers.centre is not None and ocmw != (answers.centre == "ocmws")
    return place, other, advised.form.weight


def order_words() -> str:
    return _("Admissible forms first, then those that are open; of these first the regime of the "
             "first question; then from light to heavy.")  # fmt: skip


def conclusion(found: Iterable[Advised], existing: Iterable[Mapping[str, Any]]) -> str:
    """The advice in one or two sentences; the choice stays with the reader."""
    admitted = [a.form.name for a in found if a.admissible]
    left = [a.form.name for a in found if a.admissible is None]
    first = ""
    if any(True for _row in existing):
        first = _("First see whether the task can grow on what exists. ")
    if len(admitted) == 1:
        return first + _("One form is admissible: {form}.").format(form=admitted[0])
    if admitted:
        return first + _(
            "More than one form is admissible, from light to heavy: {forms}. The choice is yours."
        ).format(forms=", ".join(admitted))
    if left:
        return first + _(
            "No form is certain; open are: {forms}. Answer more, or ask a lawyer."
        ).format(forms=", ".join(left))
    return first + _("No form admits these answers; see what would change that.")


def existing_partnerships(landscape: Landscape, answers: Answers) -> list[dict[str, Any]]:
    """Active partnerships that share at least NEAR of the municipalities, the most alike first; of
    equally alike ones first those on the theme of the answers. Police zones are left out, for they
    are made for one task (choice)."""
    wanted = set(answers.members or ())
    if not wanted or not landscape.knows("partnerships"):
        return []
    towns = set(landscape.table("municipalities")["nis"])
    kinds = partnership_kinds({name: landscape.coded(name) for name in landscape.frames})
    police = kinds.filter(pl.col("kind") == "police_zone")["id"]
    bodies = landscape.coded("partnerships").filter(
        pl.col("status").fill_null("active") == "active", ~pl.col("id").is_in(police.implode())
    )
    members = (
        landscape.coded("memberships")
        .filter(
            pl.col("organisation").is_in(sorted(towns)),
            pl.col("role").is_null() | (pl.col("role") != OBSERVER),
        )
        .group_by("partnership")
        .agg(pl.col("organisation").unique().sort())
    )
    of = dict(members.iter_rows())
    found = []
    for row in bodies.select("id", "name", "legal_form", "theme", "term_end").iter_rows(named=True):
        inside = set(of.get(row["id"], ()))
        likeness = len(inside & wanted) / len(inside | wanted)
        if likeness >= NEAR:
            found.append(
                {
                    **row,
                    "term_end": row["term_end"] and row["term_end"].isoformat(),
                    "likeness": likeness,
                    "same_theme": None
                    if row["theme"] is None or answers.theme is None
                    else row["theme"] == answers.theme,
                    "missing": sorted(wanted - inside),
                    "besides": sorted(inside - wanted),
                }
            )
    found.sort(key=lambda row: (-row["likeness"], row["same_theme"] is not True, row["id"]))
    return found[:MOST_EXISTING]
