"""Rules at the prompt: findings with their reasons, advice on form, what fits, what is due."""

from collections import Counter
from typing import Any

import typer

from samenspel.alignment.align import Alignment
from samenspel.alignment.calendar import Calendar
from samenspel.language import _
from samenspel.law.advice import Advice, order_words
from samenspel.law.findings import LawFinding, counts
from samenspel.law.questions import GUIDE, QUESTIONS, Answers
from samenspel.law.wording import explain, outcome_word, truth_word
from samenspel.terminal.basics import say, table
from samenspel.words import day, part, word

SHOWN = 30


def show_findings(found: list[LawFinding], everything: bool) -> None:
    table(
        _("Findings of the rules"),
        [_("outcome"), _("number")],
        [[outcome_word(name), str(count)] for name, count in counts(found).items()],
    )
    shown = [f for f in found if everything or f.outcome == "violated"]
    for finding in shown[:SHOWN]:
        say(f"{finding.name or finding.partnership} [{finding.partnership}]")
        for line in explain(finding.finding):
            say(f"  {line}")
        say()
    if len(shown) > SHOWN:
        say(_("    and {more} more; --json gives all").format(more=len(shown) - SHOWN))
    if not shown:
        say(_("No rule is violated as far as is known; --all shows what is unknown."))


def ask() -> Answers:
    """The answers of the person at the prompt; an empty answer is open."""
    say(_("An empty answer is open. Six questions come from the guide, the others are the facts "
          "behind them."))  # fmt: skip
    given: dict[str, Any] = {}
    for name, (question, lines) in QUESTIONS.items():
        if name == "private_kind" and given["private_partners"] is False:
            continue
        source = f" [{GUIDE.format(first=lines[0], last=lines[1])}]" if lines else ""
        given[name] = answer(name, _(question) + source)
    return Answers(**given)


def answer(name: str, question: str) -> Any:
    """One answer; asked again until it can be understood."""
    words: dict[str, Any] = {"": None}
    if name == "centre":
        words |= {_("municipalities"): "municipalities", "OCMW": "ocmws", "ocmw": "ocmws"}
    elif name == "private_kind":
        words |= {_("yes"): "profit", _("no"): "nonprofit"}
    elif name != "municipalities":
        words |= {_("yes"): True, _("no"): False}
    offered = ", ".join(dict.fromkeys(key for key in words if key)) or _("a number")
    while True:
        typed = typer.prompt(f"{question} ({offered})", default="", show_default=False).strip()
        if typed in words:
            return words[typed]
        if name == "municipalities" and typed.isdigit():
            return int(typed)
        say(_("“{typed}” is none of the answers.").format(typed=typed))


def show_advice(advice: Advice) -> None:
    if advice.existing:
        table(
            _("What exists already, of nearly the same municipalities"),
            [_("name"), _("legal form"), _("theme"), _("ends"), _("members in common")],
            [
                [row["name"] or row["id"], word(row["legal_form"]), word(row["theme"]),
                 row["term_end"] or _("unknown"), f"{row['likeness']:.0%}"]
                for row in advice.existing
            ],
            left=4,
        )  # fmt: skip
    say(advice.conclusion)
    say(order_words())
    for advised in advice.forms:
        say()
        say(f"{advised.form.name}: {admission(advised.admissible)}")
        for reason in advised.reasons:
            say(f"  [{truth_word(reason.satisfied)}] {reason.title}. {reason.message}")
            say(f"      {reason.source} ({word(reason.status)})")
        for remark in advised.remarks:
            say(f"  - {remark}")
        if advised.admissible:
            form = advised.form
            obliges = {
                _("who may join"): form.who,
                _("term"): form.term,
                _("organs"): form.organs,
                _("particular"): form.particular,
            }
            for head, text in obliges.items():
                say(f"  · {head}: {text}")
        for name, value in advised.changes:
            say(_("  It would be admissible if: {question} → {value}").format(
                question=_(QUESTIONS[name][0]), value=said(value)))  # fmt: skip


def admission(admissible: bool | None) -> str:
    if admissible is None:
        return _("open")
    return _("admissible") if admissible else _("not admissible")


def said(value: Any) -> str:
    """An answer in words."""
    if isinstance(value, bool):
        return truth_word(value)
    words = {"profit": _("yes"), "nonprofit": _("no"), "ocmws": "OCMW"}
    return words.get(value, _(value) if value == "municipalities" else str(value))


def show_alignment(found: Alignment) -> None:
    rows = found.partnerships
    kinds = Counter((row["fit"], row["scope"]) for row in rows)
    fits = ("inside", "union", "crossing", "none")
    scopes = ("in", "out", "unknown")
    table(
        _("How active partnerships fit {zoning}, and the scope of the decree").format(
            zoning=found.found.zoning),
        ["", *(fit_word(fit) for fit in fits)],
        [[scope_word(scope), *(str(kinds[fit, scope]) for fit in fits)] for scope in scopes],
    )  # fmt: skip
    crossing = [row for row in rows if row["fit"] == "crossing"]
    crossing.sort(key=lambda row: (row["scope"] != "in", row["share_members"] or 0, row["id"]))
    table(
        _("Crossing, those in scope first"),
        [_("name"), _("legal form"), _("scope"), _("by"), _("zones"), _("in the main zone")],
        [
            [
                row["name"] or row["id"],
                word(row["legal_form"]),
                scope_word(row["scope"]),
                row["deadline"] or _("unknown"),
                ", ".join(f"{z['name'] or z['zone']} {z['members']}" for z in row["zones"][:4])
                + (" …" if len(row["zones"]) > 4 else ""),
                _("unknown") if row["share_members"] is None else part(row["share_members"]),
            ]
            for row in crossing[:SHOWN]
        ],
        left=5,
    )
    if len(crossing) > SHOWN:
        say(_("    and {more} more; --json gives all").format(more=len(crossing) - SHOWN))
    say(_("Fit is geometry; scope is the law; whether it must be mended or explained is for people "
          "to decide. --json gives the moves, the grounds and the priorities."))  # fmt: skip


def fit_word(fit: str) -> str:
    return {
        "inside": _("inside one zone"),
        "union": _("whole zones"),
        "crossing": _("crossing"),
        "none": _("no zone known"),
    }[fit]


def scope_word(scope: str) -> str:
    return {"in": _("in scope"), "out": _("out of scope"), "unknown": _("unknown")}[scope]


def show_calendar(found: Calendar) -> None:
    rows = [due.as_json() for due in found.moments]
    table(
        _("What is due, from {day}").format(day=day(found.since.isoformat())),
        [_("date"), _("what"), _("partnership"), _("source")],
        [
            [row["date"], row["what"], row["name"] or row["partnership"] or _("all"),
             row["source"] + (f" ({word(row['status'])})" if row["status"] else "")]
            for row in rows[:SHOWN]
        ],
        left=4,
    )  # fmt: skip
    if len(rows) > SHOWN:
        say(_("    and {more} more; --json gives all").format(more=len(rows) - SHOWN))
    open_terms, open_limits = len(found.term_unknown), len(found.deadline_unknown)
    say(_("Unknown: the end of the term of {terms} partnerships, the limit of {limits}. A lead of "
          "{lead} months is a choice.").format(
              terms=open_terms, limits=open_limits, lead=found.lead))  # fmt: skip
    if found.ended:
        say(_("Terms that have ended according to the landscape: {count}.").format(
            count=len(found.ended)))  # fmt: skip
