"""Write the reference page of the rules: rules, scopes, deadlines, forms and decision tables.

`python docs/make_rules.py` writes `reference/rules.md` beside this file; with `--check` it writes
nothing, says when the page is not that of the rule base, and exits with 1.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from samenspel import language
from samenspel.law.conditions import Condition, facts_read
from samenspel.law.deadlines import Deadline, deadlines
from samenspel.law.forms import Form, forms
from samenspel.law.reading import rule_base
from samenspel.law.rule import Basis, Rule, Scope, Statement, Text
from samenspel.law.tables import DecisionTable, cases, decision_tables
from samenspel.law.vocabulary import FACTS
from samenspel.law.wording import basis_words, condition_lines, severity_word
from samenspel.words import word

PAGE = Path(__file__).parent / "reference" / "rules.md"

HEAD = """\
# Rules, forms and deadlines

This page is made from the rule base (`python docs/make_rules.py`). Titles and explanations stand in
Dutch and in English; conditions in English.

**What a status means.** *law*: the article itself was read and the rule rests on nothing else.
*policy*: a decided framework. *proposal*: asked for in a publication. *not validated*: taken from a
guide or a summary, the article itself was not read. *choice*: this software's or the user's own.
Nearly every rule here is *not validated*: the praktijkgids of the VVSG is a guide and not the
decree. What was read of a decree is the beginning of the Regiodecreet, articles 1 to 3 and article
4, 1° to 3°, as the Vlaamse Codex publishes it.

**What an outcome means.** *satisfied* and *violated*; *unknown* where a fact that decides is not
recorded; *does not apply* where the rule is not about this partnership. An empty cell is never a
no. A known outcome stays what it is when an unknown fact becomes known.

**How days are counted.** A day some years or months later is the same day of the month; where that
month is shorter, its last day, so 29 February becomes 28 February in a year without. The end of a
term is the first day after it, so a term of six years from 1 July 2020 ends on 1 July 2026, and
that is within six years. Validity is half open: from its first day until the day before its last
bound.

**Lines** are those of the plain text of the publication.
"""

ABSENT = """\
## What is absent, and why

- **Four OCMW forms** (autonome verzorgingsinstelling, ziekenhuisvereniging, vereniging of
  vennootschap voor sociale dienstverlening, woonzorgvereniging of -vennootschap). The scheme of the
  praktijkgids (lines 293–316) lost its columns. It has the cells 'Alleen of met anderen', 'Nooit
  alleen', 'Geen BBC' and 'Geen max. duur (verlengbaar)'; it is unknown which cell belongs to which
  form. So there is no rule on who may join them, on their term or their bookkeeping.
- **The table from answers to forms** of the praktijkgids is not in its text, so no rule chooses a
  form.
- **Articles of the Decreet Lokaal Bestuur** (387 to 515) and **of the federal OCMW law** (61, 118):
  their text could not be read. Absent for that reason: the number of directors, the rule on men and
  women, the majorities for leaving, the steps of a foundation, the vote of the opposition's
  delegate in a projectvereniging, the conditions for private partners in energy and waste.
- **Articles 4, 4° (but for its beginning), and 5 and following of the Regiodecreet**: not read. So
  the deadlines follow publications, and their readings stand side by side.
- **Contracts of an interlokale vereniging**: it cannot award contracts itself, but a landscape does
  not record who awarded one, so no rule can look at it.
- **What a member does itself** of a task that it transferred is recorded nowhere; only another
  partnership that does the same task for it is seen.
- **The start of the present term** is often not on record, while the day of foundation is. A term
  that ends within the limit counted from that day is within it; a later end may be a renewal and
  stays unknown where the column `term_start` of the table partnerships is empty.
"""


def cell(text: str) -> str:
    """``text`` as a cell of a Markdown table."""
    return text.replace("|", "\\|").replace("\n", " ")


def grid(heads: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    """A Markdown table."""
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(cell(text) for text in row)} |"


def both(text: Text) -> list[str]:
    """A text in both languages, each a paragraph."""
    return [text.nl, "", f"*{text.en}*", ""]


def condition_block(head: str, condition: Condition) -> Iterator[str]:
    """A condition in words as nested points."""
    yield head
    yield ""
    for line in condition_lines(condition):
        depth = len(line) - len(line.lstrip())
        yield f"{' ' * depth}- {line.strip()}"
    yield ""


def sources(basis: Iterable[Basis]) -> str:
    return "; ".join(basis_words(one) for one in basis)


def validity(statement: Statement) -> str:
    first = "not stated" if statement.valid_from is None else f"from {statement.valid_from}"
    return first if statement.valid_to is None else f"{first}, until {statement.valid_to}"


def facts_about(statement: Statement) -> Iterator[str]:
    """Source, status and validity of a rule or scope."""
    yield f"- Source: {sources(statement.legal_basis)}"
    yield f"- Status: {word(statement.status)}"
    if statement.note:
        yield f"- Note: {statement.note}"
    if statement.viewpoint:
        yield f"- Viewpoint: {statement.viewpoint}"
    if statement.variant:
        default = ", the default (a choice)" if statement.variant.default else ""
        yield (
            f"- Reading `{statement.variant.reading}` of the question "
            f"`{statement.variant.question}`{default}"
        )
    yield f"- In force: {validity(statement)}"
    yield f"- Facts: {', '.join(f'`{name}`' for name in statement.facts)}"
    yield f"- Id: `{statement.id}`"
    yield ""


def rule_part(rule: Rule) -> Iterator[str]:
    yield f"### {rule.title.nl}"
    yield ""
    yield f"*{rule.title.en}*"
    yield ""
    yield from both(rule.explanation)
    yield from condition_block("The rule applies when:", rule.applies)
    yield from condition_block("Then this must hold:", rule.condition)
    yield f"If it does not ({severity_word(rule.severity)}): {rule.message.nl} *{rule.message.en}*"
    yield ""
    yield from facts_about(rule)


def scope_part(scope: Scope) -> Iterator[str]:
    yield f"### {scope.title.nl}"
    yield ""
    yield f"*{scope.title.en}*"
    yield ""
    yield from both(scope.explanation)
    yield from condition_block("A partnership lies inside when:", scope.inside)
    yield from facts_about(scope)


def deadline_part(deadline: Deadline) -> Iterator[str]:
    yield f"### {deadline.title.nl}"
    yield ""
    yield f"*{deadline.title.en}* (`{deadline.id}`)"
    yield ""
    yield from grid(
        ["reading", "last day", "as stated", "source", "status", "default", "note"],
        [
            [
                f"`{one.reading}`",
                one.date.isoformat(),
                one.stated.nl,
                sources(one.legal_basis),
                word(one.status),
                "choice" if one.default else "",
                "" if one.note is None else str(one.note),
            ]
            for one in deadline.readings
        ],
    )
    yield ""


def form_part(form: Form) -> Iterator[str]:
    person = {True: "yes", False: "no", None: "unknown"}[form.legal_person]
    yield f"### {form.weight}. {form.name}"
    yield ""
    yield from grid(
        ["", "Nederlands", "English"],
        [
            ["legal person", {"yes": "ja", "no": "nee", "unknown": "onbekend"}[person], person],
            *(
                [head, text.nl, text.en]
                for head, text in (
                    ("who may join", form.who),
                    ("term", form.term),
                    ("organs", form.organs),
                    ("bookkeeping", form.bookkeeping),
                    ("particular", form.particular),
                )
            ),
        ],
    )
    yield ""
    yield f"- Source: {sources(form.legal_basis)}"
    yield f"- Status: {word(form.status)}; the place in the order: {word(form.weight_status)}"
    yield f"- Note: {form.note}"
    yield f"- Code: `{form.code}`"
    yield ""


def values(wanted: tuple[str, ...]) -> str:
    return ", ".join("any" if value == "-" else word(value) for value in wanted)


def table_part(table: DecisionTable) -> Iterator[str]:
    yield f"### {table.title.nl}"
    yield ""
    total = sum(1 for _case in cases(table))
    yield f"*{table.title.en}* (`{table.id}`). {total} combinations, each answered by one row."
    yield ""
    yield from grid(
        [*(str(one.title) for one in table.inputs), "outcome", "because"],
        [
            [
                *(values(row.when[one.name]) for one in table.inputs),
                str(table.outcomes[row.outcome]),
                row.because.nl,
            ]
            for row in table.rows
        ],
    )
    yield ""
    yield f"- Source: {sources(table.legal_basis)}"
    yield f"- Status: {word(table.status)}"
    yield f"- Note: {table.note}"
    yield ""


def facts_part() -> Iterator[str]:
    base = rule_base()
    read = {
        name
        for rule in base.rules
        for condition in (rule.applies, rule.condition)
        for name in facts_read(condition)
    } | {name for scope in base.scopes for name in scope.facts}
    yield from grid(
        ["fact", "type", "meaning", "unknown when", "read by a rule"],
        [
            [f"`{f.name}`", f.type, f.meaning, f.unknown, "yes" if f.name in read else ""]
            for f in FACTS
        ],
    )


def page() -> str:
    """The page as text."""
    language.use("en")
    base = rule_base()
    lines = [HEAD]
    topics: dict[str, list[Rule]] = {}
    for rule in base.rules:
        topics.setdefault(rule.topic, []).append(rule)
    for topic, rules in topics.items():
        lines += [f"## Rules: {topic}", ""]
        lines += [line for rule in rules for line in rule_part(rule)]
    lines += ["## Scope of the alignment with the reference regions", ""]
    lines += [line for scope in base.scopes for line in scope_part(scope)]
    lines += ["## Deadlines", ""]
    lines += [line for deadline in deadlines().values() for line in deadline_part(deadline)]
    lines += ["## Legal forms, lightest first", ""]
    lines += [line for form in forms() for line in form_part(form)]
    lines += ["## Decision tables", ""]
    lines += [line for table in decision_tables().values() for line in table_part(table)]
    lines += ["## Facts that rules read", "", *facts_part(), "", ABSENT]
    return "\n".join(lines).rstrip() + "\n"


def main(arguments: list[str]) -> int:
    text = page()
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    if "--check" in arguments:
        message = f"not that of the rule base, run python docs/make_rules.py: {PAGE.name}"
        print(message, file=sys.stderr)
        return 1
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
