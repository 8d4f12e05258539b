"""Claims on an estate that does not meet them all: the rules of the literature on bankruptcy.

Every rule takes the estate and the claims in cents (claims of zero or more that add up to at least
the estate) and gives exact amounts that add up to the estate, none below zero or above its claim.
Survey: Thomson 2003, Mathematical Social Sciences 45.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

from samenspel.errors import InputError
from samenspel.language import _
from samenspel.sharing.functions import Estate, game_of
from samenspel.sharing.game import MOST_PARTIES
from samenspel.sharing.shapley import shapley

Amounts = list[Fraction]
Cents = Fraction | int
ZERO = Fraction(0)


def checked(estate: Cents, claims: Sequence[Cents]) -> None:
    """Raises InputError where ``estate`` and ``claims`` make no bankruptcy problem."""
    if estate < 0 or any(claim < 0 for claim in claims):
        raise InputError(_("An estate and its claims are zero or more; correct the negative one."))
    if sum(claims) < estate:
        raise InputError(
            _("The estate is larger than all claims together, so every claim can be met; there is "
              "nothing to divide by these rules.")
        )  # fmt: skip


def proportional(estate: Cents, claims: Sequence[Cents]) -> Amounts:
    """The same part of every claim."""
    whole = sum(claims)
    return [Fraction(estate) * claim / whole if whole else ZERO for claim in claims]


def constrained_equal_awards(estate: Cents, claims: Sequence[Cents]) -> Amounts:
    """The same amount for all, but nobody more than the claim (Maimonides)."""
    order = sorted(range(len(claims)), key=lambda i: claims[i])
    amounts = [ZERO] * len(claims)
    left = Fraction(estate)
    for done, i in enumerate(order):
        amounts[i] = min(Fraction(claims[i]), left / (len(order) - done))
        left -= amounts[i]
    return amounts


def constrained_equal_losses(estate: Cents, claims: Sequence[Cents]) -> Amounts:
    """The same loss for all, but nobody loses more than the claim (Maimonides)."""
    losses = constrained_equal_awards(sum(claims) - Fraction(estate), claims)
    return [claim - loss for claim, loss in zip(claims, losses, strict=True)]


def talmud(estate: Cents, claims: Sequence[Cents]) -> Amounts:
    """Equal gains up to half of every claim, then equal losses (Aumann and Maschler 1985)."""
    halves = [Fraction(claim) / 2 for claim in claims]
    if estate <= sum(halves):
        return constrained_equal_awards(estate, halves)
    more = constrained_equal_losses(estate - sum(halves, ZERO), halves)
    return [half + rest for half, rest in zip(halves, more, strict=True)]


def random_arrival(estate: Cents, claims: Sequence[Cents]) -> Amounts:
    """First come, first served, averaged over all orders of arrival (O'Neill 1982): the Shapley
    value of what each group is sure of. Raises InputError above 24 claimants."""
    if len(claims) > MOST_PARTIES:
        raise InputError(
            _("The rule {rule} goes up to {most} claimants, and here are {count}.").format(
                rule="random_arrival", most=MOST_PARTIES, count=len(claims)
            )
        )
    whole = [int(claim) for claim in claims]
    if whole != list(claims) or int(estate) != estate:
        raise ValueError("whole cents only")
    codes = tuple(f"{i:03}" for i in range(len(whole)))
    value = shapley(game_of(Estate(codes, tuple(whole), int(estate)))).amounts
    return [-amount for amount in value]


def minimal_overlap(estate: Cents, claims: Sequence[Cents]) -> Amounts:
    """Claims laid on parts of the estate so that as few parts as can be are claimed by many; each
    part is shared equally among those who claim it (O'Neill 1982, after Ibn Ezra)."""
    estate = Fraction(estate)
    capped = [min(Fraction(claim), estate) for claim in claims]
    shared = common_part(estate, capped)
    order = sorted(range(len(capped)), key=lambda i: capped[i])
    amounts = [ZERO] * len(capped)
    level, each = ZERO, ZERO
    for done, i in enumerate(order):
        reach = min(capped[i], shared)
        each += (reach - level) / (len(order) - done)
        level = reach
        amounts[i] = each + max(ZERO, capped[i] - shared)
    return amounts


def common_part(estate: Fraction, claims: Sequence[Fraction]) -> Fraction:
    """The part t of the estate that all claims are laid on, those above it going on alone: the
    least t with t + (what claims go beyond t, together) = estate."""
    if max(claims, default=ZERO) >= estate:
        return estate
    rising = sorted(claims)
    beyond, number = sum(rising, ZERO), len(rising)
    low = ZERO
    for claim in rising:
        # Between ``low`` and ``claim`` the sum falls by (number - 1) for every cent of t.
        at_low = low + beyond - number * low
        if number > 1 and at_low - (number - 1) * (claim - low) <= estate:
            return low + (at_low - estate) / (number - 1)
        beyond, number, low = beyond - claim, number - 1, claim
    return low


def adjusted_proportional(estate: Cents, claims: Sequence[Cents]) -> Amounts:
    """First what the others leave each for certain, then the rest in proportion to what is left of
    the claims, none above the rest (Curiel, Maschler and Tijs 1987)."""
    estate, whole = Fraction(estate), sum(claims, ZERO)
    sure = [max(ZERO, estate - (whole - claim)) for claim in claims]
    rest = estate - sum(sure, ZERO)
    left = [min(claim - mine, rest) for claim, mine in zip(claims, sure, strict=True)]
    more = proportional(rest, left)
    return [mine + part for mine, part in zip(sure, more, strict=True)]


RULES: dict[str, Callable[[Cents, Sequence[Cents]], Amounts]] = {
    "proportional": proportional,
    "constrained_equal_awards": constrained_equal_awards,
    "constrained_equal_losses": constrained_equal_losses,
    "talmud": talmud,
    "random_arrival": random_arrival,
    "minimal_overlap": minimal_overlap,
    "adjusted_proportional": adjusted_proportional,
}
