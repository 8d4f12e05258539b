"""Dividing a pot in proportion to weights, exactly: bounds, whole cents, and cents that stay.

Everything here is integers: cents, and weights on one scale. An exact share is kept as a numerator
under one denominator, so that nothing is rounded before the end.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FREE, LOW, HIGH = 0, 1, -1


@dataclass(frozen=True)
class Shares:
    """Exact shares of a pot: ``numerators[i] / denominator`` cents for unit ``i``.

    ``held[i]``: LOW where the unit stands at its floor, HIGH at its cap, FREE where its share is in
    proportion. ``free_pot`` and ``free_weight``: what the free units divide, and by what sum.
    """

    numerators: list[int]
    denominator: int
    held: list[int]
    free_pot: int
    free_weight: int


class Infeasible(ArithmeticError):
    """No division keeps the bounds. ``kind``: ``floors`` (together above the pot), ``caps``
    (together below it), ``nobody`` (no weight at all), ``crossed`` (``unit`` has its floor above
    its cap); ``together``: what the bounds add up to."""

    def __init__(self, kind: str, together: int = 0, unit: int = -1) -> None:
        super().__init__(kind)
        self.kind = kind
        self.together = together
        self.unit = unit


def divide(
    pot: int,
    weights: Sequence[int],
    low: Sequence[int] | None = None,
    high: Sequence[int | None] | None = None,
) -> Shares:
    """``pot`` cents in proportion to ``weights``, each unit between its bounds.

    The shares are the only ones of the form min(high, max(low, t x weight)) that add up to the pot.
    Found by rounds: divide, and hold at their floors all below, or at their caps all above,
    whichever lack or exceed more together; again until nobody is outside (Bitran and Hax 1981).
    At most as many rounds as units. Raises Infeasible.
    """
    together = sum(weights)
    if low is None and high is None:
        if together == 0 and pot:
            raise Infeasible("nobody")
        below = together or 1
        return Shares([pot * w for w in weights], below, [FREE] * len(weights), pot, together)
    return bounded(pot, weights, low or [0] * len(weights), high or [None] * len(weights), together)


def bounded(
    pot: int, weights: Sequence[int], low: Sequence[int], high: Sequence[int | None], together: int
) -> Shares:
    for unit, (floor, cap) in enumerate(zip(low, high, strict=True)):
        if cap is not None and floor > cap:
            raise Infeasible("crossed", unit=unit)
    if sum(low) > pot:
        raise Infeasible("floors", sum(low))
    # What a unit takes at most; without a cap and with a weight there is no limit.
    most = [f if w == 0 else cap for f, cap, w in zip(low, high, weights, strict=True)]
    if None not in most and (limit := sum(m for m in most if m is not None)) < pot:
        raise Infeasible("nobody" if together == 0 and not any(low) else "caps", limit)
    held = [LOW if w == 0 else FREE for w in weights]
    left = pot - sum(f for f, at in zip(low, held, strict=True) if at)
    weight = together
    while weight:
        under, over, lack, excess = [], [], 0, 0
        for unit, at in enumerate(held):
            if at == FREE:
                share = left * weights[unit]
                cap = high[unit]
                if share < low[unit] * weight:
                    under.append(unit)
                    lack += low[unit] * weight - share
                elif cap is not None and share > cap * weight:
                    over.append(unit)
                    excess += share - cap * weight
        if not under and not over:
            break
        holds = [*((u, LOW, low[u]) for u in under if lack >= excess),
                 *((u, HIGH, high[u] or 0) for u in over if excess >= lack)]  # fmt: skip
        for unit, at, cents in holds:
            held[unit] = at
            left -= cents
            weight -= weights[unit]
    below = weight or 1
    numerators = [
        left * w if at == FREE else (f if at == LOW else cap or 0) * below
        for w, at, f, cap in zip(weights, held, low, high, strict=True)
    ]
    return Shares(numerators, below, held, left, weight)


def largest_remainder(numerators: Sequence[int], denominator: int, total: int) -> list[int]:
    """The shares in whole cents that add up to ``total``: each rounded down, the cents that are
    left to the largest remainders, of equal ones the first in order."""
    found, rests = [], []
    for numerator in numerators:
        cents, rest = divmod(numerator, denominator)
        found.append(cents)
        rests.append(rest)
    left = total - sum(found)
    if left:
        each, left = divmod(left, len(found))
        order = sorted(range(len(found)), key=lambda i: -rests[i])  # stable: ties by place
        for i in order[:left]:
            found[i] += 1
        if each:
            found = [cents + each for cents in found]
    return found


def steady(
    shares: Shares,
    total: int,
    before: Mapping[int, tuple[int, int, int]],
    low: Sequence[int] | None = None,
    high: Sequence[int | None] | None = None,
) -> tuple[list[int], list[int]]:
    """The shares in whole cents that add up to ``total``, where a unit whose exact share is what it
    was keeps its cents; gives also the units that keep them.

    ``before``: unit to the numerator, denominator and cents that it had, or its parts together. The
    others divide what is left by largest remainder among themselves. Where that would put one
    outside its bounds or below zero, nobody keeps anything and all is rounded anew.
    """
    below = shares.denominator
    stays = {
        unit: cents
        for unit, (numerator, denominator, cents) in before.items()
        if numerator * below == shares.numerators[unit] * denominator
        and within(cents, unit, low, high)
    }
    others = [unit for unit in range(len(shares.numerators)) if unit not in stays]
    rest = total - sum(stays.values())
    if stays and (others or rest == 0):
        moved = largest_remainder([shares.numerators[unit] for unit in others], below, rest)
        cents = dict(zip(others, moved, strict=True))
        if all(within(amount, unit, low, high) for unit, amount in cents.items()):
            cents |= stays
            return [cents[unit] for unit in range(len(shares.numerators))], sorted(stays)
    return largest_remainder(shares.numerators, below, total), []


def within(
    cents: int, unit: int, low: Sequence[int] | None, high: Sequence[int | None] | None
) -> bool:
    """Whether ``cents`` keep the bounds of ``unit``, of which nothing is one."""
    cap = high[unit] if high else None
    return cents >= (low[unit] if low else 0) and (cap is None or cents <= cap)
