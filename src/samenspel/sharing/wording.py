"""Amounts, groups and rules of a sharing in words."""

from collections.abc import Sequence
from fractions import Fraction

from samenspel.language import _
from samenspel.sharing.ledger import BENEFIT, BURDEN, COST, ESTIMATED, FORGONE, GAIN, MEASURED
from samenspel.sharing.share import KEY, Sharing
from samenspel.words import with_mark

SHOWN = 6
HELD = "\N{NO-BREAK SPACE}"


def euro(cents: Fraction | int) -> str:
    """Cents as euro: exact in whole cents, a part of a cent to the nearest."""
    return f"€{HELD}{plain(cents)}"


def plain(cents: Fraction | int) -> str:
    """The same without the sign of the euro, for columns; it stays on one line."""
    whole = round(cents)
    text = f"{abs(whole) // 100:,}.{abs(whole) % 100:02}".replace(",", HELD)
    return ("-" if whole < 0 else "") + with_mark(text)


def group_words(sharing: Sharing, codes: Sequence[str]) -> str:
    """The members of a group by name; of a large one the first, and how many more."""
    named = [sharing.names.get(code, code) for code in codes]
    if len(named) > SHOWN + 1:
        return _("{names} and {more} more").format(
            names=", ".join(named[:SHOWN]), more=len(named) - SHOWN
        )
    return ", ".join(named)


def rule_title(sharing: Sharing, rule: str) -> str:
    """What a rule is called."""
    if rule.startswith(KEY):
        return _("all by {key}").format(key=rule.removeprefix(KEY))
    return _(sharing.rule(rule).title)


def kind_word(kind: str) -> str:
    """What the kind of a post is called."""
    return {
        COST: _("cost"),
        BENEFIT: _("benefit"),
        FORGONE: _("forgone income"),
        BURDEN: _("indirect burden"),
        GAIN: _("indirect gain"),
    }[kind]


def certainty_word(certainty: str | None) -> str:
    """Whether a post was measured or estimated."""
    known = {MEASURED: _("measured"), ESTIMATED: _("estimated")}
    return known[certainty] if certainty else _("not stated")
