"""Rules that divide what all parties cost together: their names, and those that need little."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from samenspel.language import mark

Amounts = list[Fraction]
ZERO = Fraction(0)


@dataclass(frozen=True)
class Rule:
    """``title`` and ``meaning``: to be translated; ``source``: where it comes from. No rule is
    law: each is a choice of the parties."""

    title: str
    meaning: str
    source: str


RULES = {
    "agreed": Rule(
        mark("as agreed"),
        mark("every post is divided by the key that the file names for it"),
        "",
    ),
    "equal": Rule(
        mark("equal"), mark("every party the same amount"), "Young 1994, Cost Allocation"
    ),
    "proportional": Rule(
        mark("proportional"),
        mark("in proportion to what each would pay alone"),
        "Young 1994, Cost Allocation",
    ),
    "egalitarian": Rule(
        mark("equal savings"),
        mark("every party saves the same compared with going alone"),
        "Young 1994, Cost Allocation",
    ),
    "separable_equal": Rule(
        mark("separable, rest equal"),
        mark("every party what it adds to all others, and an equal part of the rest"),
        "Moulin 1985, Journal of Economic Theory 36",
    ),
    "scrb": Rule(
        mark("separable, rest by savings"),
        mark("every party what it adds to all others, and of the rest a part in proportion to what "
             "it then still saves compared with going alone"),
        "Straffin and Heaney 1981, International Journal of Game Theory 10",
    ),
    "shapley": Rule(
        "Shapley",
        mark("what each party adds, averaged over all orders in which they can join"),
        "Shapley 1953",
    ),
    "nucleolus": Rule(
        "nucleolus",
        mark("the largest complaint of any group is as small as can be, then the next; nobody pays "
             "more than alone"),
        "Schmeidler 1969, SIAM Journal on Applied Mathematics 17",
    ),
    "prenucleolus": Rule(
        mark("prenucleolus"),
        mark("the largest complaint of any group is as small as can be, then the next"),
        "Sobolev 1975; Kohlberg 1971, SIAM Journal on Applied Mathematics 20",
    ),
}  # fmt: skip
CLAIM_RULES = {
    "proportional": Rule(mark("proportional"), mark("the same part of every claim"),
                         "Thomson 2003, Mathematical Social Sciences 45"),
    "constrained_equal_awards": Rule(
        mark("equal awards"), mark("the same amount for all, nobody more than the claim"),
        "Maimonides; Thomson 2003, Mathematical Social Sciences 45"),
    "constrained_equal_losses": Rule(
        mark("equal losses"), mark("the same loss for all, nobody more than the claim"),
        "Maimonides; Thomson 2003, Mathematical Social Sciences 45"),
    "talmud": Rule(
        "Talmud", mark("equal awards up to half of every claim, then equal losses"),
        "Aumann and Maschler 1985, Journal of Economic Theory 36"),
    "random_arrival": Rule(
        mark("random arrival"), mark("first come, first served, averaged over all orders"),
        "O'Neill 1982, Mathematical Social Sciences 2"),
    "minimal_overlap": Rule(
        mark("minimal overlap"),
        mark("claims are laid on parts of the estate with the least overlap; each part is shared "
             "equally among those who claim it"),
        "O'Neill 1982, Mathematical Social Sciences 2"),
    "adjusted_proportional": Rule(
        mark("adjusted proportional"),
        mark("first what the others leave each for certain, then in proportion to what is left"),
        "Curiel, Maschler and Tijs 1987, Zeitschrift fuer Operations Research 31"),
}  # fmt: skip


class Undefined(Exception):
    """A rule gives no amounts here; the message says why (to be translated)."""


ALONE_UNKNOWN = mark("what each party would bear alone is not known")
ADDS_UNKNOWN = mark("what each party adds to all others is not known")


@dataclass(frozen=True)
class Facts:
    """What all parties cost together, and per party what it costs alone and what it adds to all
    the others; None where that of one is unknown."""

    total: Fraction
    count: int
    alone: Sequence[Fraction] | None
    adds: Sequence[Fraction] | None


def equal(facts: Facts) -> Amounts:
    return [facts.total / facts.count] * facts.count


def proportional(facts: Facts) -> Amounts:
    alone = known(facts.alone, ALONE_UNKNOWN)
    together = sum(alone, ZERO)
    if not of_one_sign(alone):
        raise Undefined(mark("what parties would bear alone is zero for all, or not of one sign"))
    return [facts.total * cost / together for cost in alone]


def egalitarian(facts: Facts) -> Amounts:
    alone = known(facts.alone, ALONE_UNKNOWN)
    saved = (sum(alone, ZERO) - facts.total) / facts.count
    return [cost - saved for cost in alone]


def separable_equal(facts: Facts) -> Amounts:
    adds = known(facts.adds, ADDS_UNKNOWN)
    rest = (facts.total - sum(adds, ZERO)) / facts.count
    return [own + rest for own in adds]


def scrb(facts: Facts) -> Amounts:
    adds = known(facts.adds, ADDS_UNKNOWN)
    alone = known(facts.alone, ALONE_UNKNOWN)
    left = [cost - own for cost, own in zip(alone, adds, strict=True)]
    rest, together = facts.total - sum(adds, ZERO), sum(left, ZERO)
    if rest == 0:
        return list(adds)
    if not of_one_sign(left):
        raise Undefined(mark("what parties would save is zero for all, or not of one sign"))
    return [own + rest * part / together for own, part in zip(adds, left, strict=True)]


def known(amounts: Sequence[Fraction] | None, why: str) -> Sequence[Fraction]:
    if amounts is None:
        raise Undefined(why)
    return amounts


def of_one_sign(amounts: Sequence[Fraction]) -> bool:
    """Whether those that are not zero exist and have one sign."""
    return len({amount > 0 for amount in amounts if amount}) == 1


SIMPLE: dict[str, Callable[[Facts], Amounts]] = {
    "equal": equal,
    "proportional": proportional,
    "egalitarian": egalitarian,
    "separable_equal": separable_equal,
    "scrb": scrb,
}
