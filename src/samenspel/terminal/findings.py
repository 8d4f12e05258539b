"""Findings of the rules at the prompt: alike ones together, each partnership with its evidence."""

from collections.abc import Iterable

from samenspel.language import _
from samenspel.law.findings import LawFinding, counts
from samenspel.law.wording import explain, fact_word, outcome_word
from samenspel.terminal.basics import say, table
from samenspel.words import word

SHOWN = 30
WITNESSES = 6


def show_findings(found: list[LawFinding], everything: bool) -> None:
    """What is violated; with ``everything`` also what is unknown and what is satisfied."""
    if not found:
        say(_("No rule concerns a partnership in this landscape."))
        return
    table(
        _("Findings of the rules"),
        [_("outcome"), _("number")],
        [[outcome_word(name), str(count)] for name, count in counts(found).items()],
    )
    violated = [each for each in found if each.outcome == "violated"]
    for lines, those in alike(violated).items():
        for place, line in enumerate(lines):
            say(line if place == 0 else f"  {line}")
        say("  " + _("Partnerships: {number}").format(number=len(those)))
        for each in those if everything else those[:SHOWN]:
            show_body(each)
        if not everything and len(those) > SHOWN:
            say(_("    and {more} more; --all shows all").format(more=len(those) - SHOWN))
        say()
    if not violated:
        say(_("No rule is violated as far as is known; --all shows what is unknown."))
    if everything:
        show_others([each for each in found if each.outcome != "violated"])


def alike(found: Iterable[LawFinding]) -> dict[tuple[str, ...], list[LawFinding]]:
    """Findings that say the same, by what they say; in the order of the first of each."""
    groups: dict[tuple[str, ...], list[LawFinding]] = {}
    for each in found:
        groups.setdefault(tuple(explain(each.finding)), []).append(each)
    return groups


def show_body(each: LawFinding) -> None:
    """One partnership, and who and what stands behind the finding."""
    say(f"  - {title(each)}")
    witnesses = [str(one) for those in each.evidence.values() for one in those]
    for line in witnesses[:WITNESSES]:
        say(f"      {line}")
    if len(witnesses) > WITNESSES:
        more = len(witnesses) - WITNESSES
        say("  " + _("    and {more} more; --json gives all").format(more=more))


def show_others(found: Iterable[LawFinding]) -> None:
    """What is unknown and what is satisfied: for each rule, and for the same lack, once."""
    groups: dict[tuple[str, str, tuple[str, ...]], list[LawFinding]] = {}
    for each in found:
        key = (each.outcome, each.rule.id, each.finding.unknown_facts())
        groups.setdefault(key, []).append(each)
    for (outcome, _rule, missing), those in groups.items():
        rule = those[0].rule
        say(f"{rule.title}: {outcome_word(outcome)}")
        say(f"  {rule.explanation}")
        if missing:
            names = ", ".join(fact_word(name) for name in missing)
            say("  " + _("Not known: {facts}.").format(facts=names))
        say("  " + _("Source: {source} ({status})").format(
            source="; ".join(those[0].sources), status=word(rule.status)))  # fmt: skip
        say("  " + _("Partnerships: {number}").format(number=len(those)))
        say("  - " + "; ".join(map(title, those)))
        say()


def title(each: LawFinding) -> str:
    if each.name is None:
        return each.partnership
    return f"{each.name} [{each.partnership}]"
