"""What comparisons are called: pieces, kinds of change, values before and after."""

from collections.abc import Iterable, Mapping
from datetime import date as Date
from typing import Any

from samenspel.alignment.criteria import BY_ID
from samenspel.compare.change import BECAME_UNKNOWN, GONE, NEW
from samenspel.language import _, mark
from samenspel.law.wording import OUTCOMES, truth_word
from samenspel.sharing.rules import CLAIM_RULES, RULES
from samenspel.sharing.wording import euro
from samenspel.words import KNOWN, MONEY, SHARES, column_word, figure, number, word

ARROW = "→"
MINUS = "\N{MINUS SIGN}"
PIECES = {
    "land": mark("municipalities and zones"),
    "screening": mark("figures"),
    "signals": mark("signals"),
    "law": mark("findings of the rules"),
    "fit": mark("fit, scope and days"),
    "fund": mark("fund"),
    "partnerships": mark("partnerships"),
    "tables": mark("rows of tables"),
}
QUESTIONS = {
    "scope": mark("scope of the decree"),
    "matter_scope": mark("exceptions of the decree by matter"),
    "policy_scope": mark("scope of the policy note"),
    "deadline": mark("must fit the reference region"),
    "deadline_limit": mark("absolute limit to fit the reference region"),
    "deadline_applies": mark("whether that day holds for it"),
    "decide": mark("decide on renewal or not"),
    "status": mark("decision on a deviation"),
}
FITS = {
    "inside": mark("inside one zone"),
    "union": mark("whole zones"),
    "crossing": mark("crossing"),
    "none": mark("no zone known"),
}
ANSWERS = {"in": mark("in scope"), "out": mark("out of scope")}
STOOD = {**OUTCOMES, "not_in_force": mark("not in force, or not the reading chosen")}
AWAY = mark("not there, or ended")
HUNDREDTHS = ("_cents",)


def piece_word(piece: str) -> str:
    return _(PIECES[piece])


def unknown_side(things: str, what: str) -> str:
    """That it is unknown on one side which ``things`` there are."""
    text = _("Which {things} there are is unknown before.")
    if what == BECAME_UNKNOWN:
        text = _("Which {things} there are is unknown after.")
    return text.format(things=things)


def fit_word(fit: str) -> str:
    return _(FITS[fit])


def stood_word(outcome: str) -> str:
    return _(STOOD[outcome])


def several_told(values: Mapping[str, str], words: Mapping[str, str]) -> str:
    """Codes of one or more partnerships in words; of none that it is not there."""
    return "; ".join(_(words[one]) for one in dict.fromkeys(values.values())) or _(AWAY)


def question_word(question: str) -> str:
    """A question about a partnership, or a rule of thumb."""
    return _(QUESTIONS[question]) if question in QUESTIONS else _(BY_ID[question].title)


def answer_told(question: str, value: Any) -> str:
    """An answer in words."""
    if value is None:
        return _("unknown")
    if question in BY_ID:
        return _(BY_ID[question].levels[value])
    if isinstance(value, bool):
        return truth_word(value)
    return _(ANSWERS[value]) if value in ANSWERS else value_told("", value)


def figure_told(row: Mapping[str, Any], side: str) -> str:
    """The figure of a row before or after, with the share known."""
    name = row["figure"]
    return figure({name: row[side], name + KNOWN: row[f"{side}_known"]}, name)


def change_told(row: Mapping[str, Any]) -> str:
    """The change of a figure with its sign; nothing where nothing may be said."""
    name, value = row["figure"], row["change"]
    if value is None:
        return ""
    return signed(value, figure({name: abs(value)}, name)) if name not in SHARES else points(value)


def signed(value: float, text: str) -> str:
    """``text``, that of the size of ``value``, with its sign."""
    if not value:
        return text
    return f"{'+' if value > 0 else MINUS}{text}"


def points(value: float) -> str:
    """The change of a share, in percentage points; below one with a decimal."""
    size = abs(100 * value)
    if 0 < size < 0.05:
        return _("less than 0.1 points")
    text = number(size, 1 if 0 < size < 1 else 0)
    return signed(value, _("{points} points").format(points=text))


def cents_told(cents: int | None) -> str:
    return _("unknown") if cents is None else euro(cents)


def cents_changed(cents: int | None) -> str:
    return "" if cents is None else signed(cents, euro(abs(cents)))


def value_told(column: str, value: Any) -> str:
    """A value of a table as a reader writes it."""
    if value is None:
        return _("unknown")
    if isinstance(value, bool):
        return truth_word(value)
    if column.endswith(HUNDREDTHS) or column in MONEY:
        return euro(value)
    if isinstance(value, int):
        return number(value, 0)
    if isinstance(value, float):
        return (
            number(value, 3).rstrip("0").rstrip(".,") if value != int(value) else number(value, 0)
        )
    if isinstance(value, Date):
        return value.isoformat()
    return str(value) if column in ("", "name", "kbo", "title") else word(str(value))


def cells_told(cells: Mapping[str, Mapping[str, Any]]) -> str:
    """Cells that differ, as ``column: before → after``."""
    return "; ".join(
        f"{column_word(name)}: {value_told(name, cell['before'])} {ARROW} "
        f"{value_told(name, cell['after'])}"
        for name, cell in cells.items()
    )


def named(rows: list[dict[str, str]]) -> str:
    """Municipalities by name."""
    return ", ".join(row["name"] for row in rows)


def town_told(town: Mapping[str, Any]) -> str:
    """A municipality by name and code; one that merged with the codes of its parts."""
    parts = [row["nis"] for row in town["before"]]
    if len(parts) > 1:
        return f"{town['name']} ({' + '.join(parts)})"
    return f"{town['name']} ({town['nis']})"


def subject_told(row: Mapping[str, Any]) -> str:
    """What a figure is about: the name, with the codes of the parts of a merger."""
    if row["kind"] == "theme":
        return word(row["subject"])
    name = str(row["name"] or row["subject"] or _("the whole"))
    parts = [part["subject"] for part in row.get("parts", {}).get("before", [])]
    return f"{name} ({' + '.join(parts)})" if len(parts) > 1 else name


def names(rows: Iterable[Mapping[str, str]]) -> str:
    """Municipalities by name and code."""
    return ", ".join(f"{row['name']} ({row['nis']})" for row in rows)


def zone_told(zone: Mapping[str, Any]) -> str:
    """A zone by its name, and whether it is new or gone."""
    cell = zone["name"]
    name = cell["after"] or cell["before"] or zone["zone"]
    if cell["before"] and cell["after"] and cell["before"] != cell["after"]:
        name = _("{name} (before: {other})").format(name=name, other=cell["before"])
    marks = {GONE: _("no more"), NEW: _("new"), "merged": _("merged")}
    return f"{name} ({marks[zone['what']]})" if zone["what"] in marks else str(name)


def rule_word(rule: str) -> str:
    """What a rule of sharing is called."""
    if rule == "settlement":
        return _("settlement")
    if rule.startswith("key:"):
        return _("all by {key}").format(key=rule.removeprefix("key:"))
    return _({**CLAIM_RULES, **RULES}[rule].title)
