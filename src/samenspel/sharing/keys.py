"""Keys: how one amount is divided over parties, exact.

A key gives every party a weight: equal, a figure of the parties (inhabitants, use, capacity), or a
mixture of these; and it may have a floor and a cap per party. Between its floor and its cap every
party pays the same rate per weight, and there is only one such rate.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from samenspel.errors import InputError
from samenspel.language import _

EQUAL, OWN = "equal", "own"
ZERO, ONE = Fraction(0), Fraction(1)

Figures = Mapping[str, Mapping[str, Fraction]]  # value by party, by name of the figure


@dataclass(frozen=True)
class Limit:
    """A floor or cap: ``amount`` in cents, or a part of what is divided (``relative``)."""

    amount: Fraction
    relative: bool = False

    def of(self, total: Fraction) -> Fraction:
        return self.amount * total if self.relative else self.amount


@dataclass(frozen=True)
class Key:
    """``mix``: parts that add up to one, by EQUAL or the name of a figure. ``floor``, ``cap``: by
    party; a party that is absent has none."""

    mix: Mapping[str, Fraction]
    floor: Mapping[str, Limit] = field(default_factory=dict)
    cap: Mapping[str, Limit] = field(default_factory=dict)
    source: str = ""
    status: str = "choice"


def weights(key: Key, parties: Sequence[str], figures: Figures) -> list[Fraction]:
    """The part of the whole that ``key`` gives each of ``parties`` before floors and caps; they
    add up to one. Raises InputError where a figure is unknown for a party, or zero for all."""
    found = [ZERO] * len(parties)
    for name, part in key.mix.items():
        if name == EQUAL:
            own = [ONE] * len(parties)
        else:
            known = figures[name]
            absent = [code for code in parties if code not in known]
            if absent:
                raise InputError(
                    _("The figure {figure} is not known for {party}, and unknown is not zero; give "
                      "it or take another key.").format(figure=name, party=absent[0])
                )  # fmt: skip
            own = [known[code] for code in parties]
        together = sum(own, ZERO)
        if together == 0:
            raise InputError(
                _("The figure {figure} is zero for all parties, so it divides nothing; take "
                  "another key.").format(figure=name)
            )  # fmt: skip
        found = [have + part * mine / together for have, mine in zip(found, own, strict=True)]
    return found


def divided(total: Fraction, key: Key, parties: Sequence[str], figures: Figures) -> list[Fraction]:
    """``total`` cents divided by ``key``: exact amounts that add up to it, each within its floor
    and cap. Raises InputError as ``weights`` does, and where floors and caps leave no way."""
    mine = weights(key, parties, figures)
    low = [key.floor[code].of(total) if code in key.floor else None for code in parties]
    high = [key.cap[code].of(total) if code in key.cap else None for code in parties]
    for code, floor, cap in zip(parties, low, high, strict=True):
        if floor is not None and cap is not None and floor > cap:
            raise InputError(
                _("{party} has a floor of {floor} and a cap of {cap} euro; lower the floor or "
                  "raise the cap.").format(party=code, floor=euro(floor), cap=euro(cap))
            )  # fmt: skip
    if all(limit is None for limit in (*low, *high)):
        return [total * weight for weight in mine]
    rate = rate_for(total, mine, low, high)
    return [held(rate * weight, *limits) for weight, *limits in zip(mine, low, high, strict=True)]


def held(amount: Fraction, low: Fraction | None, high: Fraction | None) -> Fraction:
    if low is not None and amount < low:
        return low
    return high if high is not None and amount > high else amount


def rate_for(
    total: Fraction,
    mine: Sequence[Fraction],
    low: Sequence[Fraction | None],
    high: Sequence[Fraction | None],
) -> Fraction:
    """The amount for a weight of one at which all together pay ``total``. It is found between
    neighbouring rates at which a party reaches a limit, where the sum rises in a straight line."""
    ends = list(zip(mine, low, high, strict=True))

    def paid(rate: Fraction) -> Fraction:
        return sum((held(rate * weight, *limits) for weight, *limits in ends), ZERO)

    if paid(ZERO) > total:
        raise InputError(
            _("The floors come to {floors} euro, and only {total} is divided; lower a floor."
              ).format(floors=euro(paid(ZERO)), total=euro(total))
        )  # fmt: skip
    turns = {ZERO}
    for weight, floor, cap in ends:
        if weight:
            turns |= {limit / weight for limit in (floor, cap) if limit is not None}
    before = ZERO
    for turn in sorted(turns):
        if paid(turn) >= total:
            return between(total, before, turn, paid(before), paid(turn))
        before = turn
    rising = sum((weight for weight, _low, cap in ends if weight and cap is None), ZERO)
    if not rising:
        raise InputError(
            _("The caps leave {rest} euro that nobody with a weight may bear; raise a cap.").format(
                rest=euro(total - paid(before))
            )
        )
    return before + (total - paid(before)) / rising


def between(
    total: Fraction, before: Fraction, turn: Fraction, low: Fraction, high: Fraction
) -> Fraction:
    if high == low:
        return turn
    return before + (turn - before) * (total - low) / (high - low)


def euro(cents: Fraction) -> str:
    """Cents as euro with two decimals, for messages."""
    return f"{float(cents) / 100:.2f}"
