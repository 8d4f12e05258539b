"""Rules at the prompt: findings with their reasons, advice on form, what fits, what is due."""

from collections import Counter
from typing import Any

import typer

from samenspel.alignment.align import Alignment
from samenspel.alignment.calendar import Calendar
from samenspel.language import _
from samenspel.law.advice import NEAR, Advice, order_words
from samenspel.law.questions import GUIDE, QUESTIONS, Answers
from samenspel.law.wording import truth_word
from samenspel.terminal.basics import say, table
from samenspel.words import day, part, word

SHOWN = 30
RESERVED = "reserved"


def ask() -> Answers:
    """The answers of the person at the prompt; an empty answer is open."""
    say(_("An empty answer is open. Six questions come from the guide, the others are the facts "
          "behind them."))  # fmt: skip
    given: dict[str, Any] = {}
    for name, (question, lines) in QUESTIONS.items():
        if name == "private_kind" and given["private_partners"] is False:
            continue
        source = f" [{_(GUIDE).format(first=lines[0], last=lines[1])}]" if lines else ""
        given[name] = answer(name, _(question) + source)
    return Answers(**given)


def answer(name: str, question: str) -> Any:
    """One answer; asked again until it can be understood."""
    words: dict[str, Any] = {"": None}
    if name == "centre":
        words |= {_("municipalities"): "municipalities", "OCMW": "ocmws"}
    elif name == "private_kind":
        words |= {_("yes"): "profit", _("no"): "nonprofit"}
    elif name != "municipalities":
        words |= {_("yes"): True, _("no"): False}
    offered = ", ".join(key for key in words if key) or _("a number")
    words = {key.casefold(): value for key, value in words.items()}
    while True:
        typed = typer.prompt(f"{question} ({offered})", default="", show_default=False).strip()
        if typed.casefold() in words:
            return words[typed.casefold()]
        if name == "municipalities" and typed.isdigit():
            return int(typed)
        say(_("“{typed}” is none of the answers.").format(typed=typed))


def show_advice(advice: Advice) -> None:
    if advice.existing:
        table(
            _("What exists already, with at least {share} of the municipalities in common").format(
                share=f"{NEAR:.0%}"),
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
        if advised.admissible or advised.remarks:
            say(f"      {advised.source} ({word(advised.form.status)})")
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
    tell_status_unknown(len(found.status_unknown), len(rows))
    if not rows:
        return
    kinds = Counter((row["fit"], scope_of(row)) for row in rows)
    fits = ("inside", "union", "crossing", "none")
    scopes = ("in", RESERVED, "out", "unknown")
    table(
        _("How active partnerships fit {zoning}, and the scope of the decree").format(
            zoning=found.found.zoning),
        ["", *(fit_word(fit) for fit in fits)],
        [[scope_word(scope), *(str(kinds[fit, scope]) for fit in fits)] for scope in scopes],
    )  # fmt: skip
    if any(scope_of(row) == RESERVED for row in rows):
        say(_("* In scope by form and border; whether an exception by matter holds is not known."))
    say(_("Source of the scope: {sources}. The fit is counted on the map and rests on no rule.")
        .format(sources="; ".join(scope_sources(rows))))  # fmt: skip
    crossing = [row for row in rows if row["fit"] == "crossing"]
    crossing.sort(key=lambda row: (row["scope"] != "in", row["share_members"] or 0, row["id"]))
    if crossing:
        show_crossing(crossing)
    say(_("Fit is geometry; scope is the law; whether it must be mended or explained is for people "
          "to decide. --json gives the moves, the grounds and the priorities."))  # fmt: skip


def show_crossing(crossing: list[dict[str, Any]]) -> None:
    table(
        _("Crossing, those in scope first"),
        [_("name"), _("legal form"), _("scope"), _("by"), _("zones, with members"),
         _("members in the main zone")],
        [
            [
                row["name"] or row["id"],
                word(row["legal_form"]),
                scope_word(scope_of(row)),
                row["deadline"] or _("unknown"),
                ", ".join(f"{z['name'] or z['zone']} {z['members']}" for z in row["zones"][:4])
                + (" …" if len(row["zones"]) > 4 else ""),
                _("unknown") if row["share_members"] is None else part(row["share_members"]),
            ]
            for row in crossing[:SHOWN]
        ],
        left=5,
    )  # fmt: skip
    if len(crossing) > SHOWN:
        say(_("    and {more} more; --json gives all").format(more=len(crossing) - SHOWN))


def tell_status_unknown(unknown: int, active: int) -> None:
    """Of how many partnerships it is not known whether they are active; that there are none."""
    if unknown:
        say(_("Of {number} partnerships it is not known whether they are active; they are left "
              "out. Fill in their status.").format(number=unknown))  # fmt: skip
    if not active:
        say(_("No partnership here is known to be active."))


def scope_of(row: dict[str, Any]) -> str:
    """The scope of a partnership; RESERVED where it is in scope and its matter is unknown."""
    reserved = row["scope"] == "in" and row["matter_scope"] == "unknown"
    return RESERVED if reserved else str(row["scope"])


def scope_sources(rows: list[dict[str, Any]]) -> list[str]:
    """Each source of a scope once, with its status."""
    found = (f"{source} ({word(row['scope_status'])})" for row in rows
             for source in row["scope_source"])  # fmt: skip
    return list(dict.fromkeys(found))


def fit_word(fit: str) -> str:
    return {
        "inside": _("inside one zone"),
        "union": _("whole zones"),
        "crossing": _("crossing"),
        "none": _("no zone known"),
    }[fit]


def scope_word(scope: str) -> str:
    return {
        "in": _("in scope"),
        RESERVED: _("in scope, matter unknown*"),
        "out": _("out of scope"),
        "unknown": _("unknown"),
    }[scope]


def show_calendar(found: Calendar) -> None:
    rows = [due.as_json() for due in found.moments]
    tell_status_unknown(len(found.status_unknown), found.active)
    if not rows:
        say(_("Nothing is due from {day} on.").format(day=day(found.since.isoformat())))
        return
    table(
        _("What is due, from {day}").format(day=day(found.since.isoformat())),
        [_("date"), _("what"), _("partnership"), _("source")],
        [
            [row["date"], row["what"], row["name"] or row["partnership"] or _("all"),
             f"{row['source']} ({word(row['status'])})"]
            for row in rows[:SHOWN]
        ],
        left=4,
    )  # fmt: skip
    if len(rows) > SHOWN:
        say(_("    and {more} more; --json gives all").format(more=len(rows) - SHOWN))
    open_terms, open_limits = len(found.term_unknown), len(found.deadline_unknown)
    if found.active:
        say(
            _(
                "Unknown: the end of the term of {terms} of {count} partnerships, the limit of "
                "{limits}."
            ).format(terms=open_terms, limits=open_limits, count=found.active)
        )
    say(_("A lead of {lead} months is a choice.").format(lead=found.lead))  # fmt: skip
    if found.ended:
        say(_("Terms that have ended according to the landscape: {count}.").format(
            count=len(found.ended)))  # fmt: skip
