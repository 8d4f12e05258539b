"""Money in whole cents: exact amounts in and out of text, and exact shares of an amount."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from samenspel.errors import InputError
from samenspel.language import _

CENTS = 100
MOST_DIGITS, MOST_LONG = 30, 60  # in an amount as written: far above any budget


def cents_of(text: str) -> int:
    """The cents of an amount in euro as written, such as ``-12.5`` or ``33800``.

    Raises InputError for other text, and for parts of a cent.
    """
    try:
        written = Decimal(text.strip())
    except InvalidOperation:
        written = Decimal("NaN")
    if not written.is_finite() or abs(written.adjusted()) > MOST_DIGITS or len(text) > MOST_LONG:
        raise InputError(
            _("“{text}” is no amount in euro; write digits with a point, such as 1250.50.").format(
                text=text
            )
        )
    amount = Fraction(written) * CENTS
    if amount.denominator != 1:
        raise InputError(
            _("“{text}” has parts of a cent; write at most two decimals.").format(text=text)
        )
    return int(amount)


def whole_cents(amounts: Sequence[Fraction], total: int | None = None) -> list[int]:
    """``amounts`` in cents, made whole so that they add up to ``total``, else to their sum.

    Largest remainder (Hamilton): every amount is rounded down, and the cents that are left go to
    the largest remainders; of equal ones the first in order comes first, so the caller orders by
    code. Every amount comes out less than a cent from its own. Raises ValueError where the amounts
    do not add up to the total.
    """
    asked = sum(amounts, Fraction(0))
    total = int(asked) if total is None else total
    if asked != total:
        raise ValueError(f"the amounts add up to {asked}, not to {total}")
    whole = [amount.numerator // amount.denominator for amount in amounts]
    left = total - sum(whole)
    order = sorted(range(len(whole)), key=lambda i: whole[i] - amounts[i])
    for i in order[:left]:
        whole[i] += 1
    return whole


def shared(total: int, weights: Sequence[int | Fraction]) -> list[int]:
    """``total`` cents divided in proportion to ``weights``, exact to the cent (``whole_cents``).

    Raises ValueError for a negative weight, or where all weights are zero and the total is not.
    """
    if any(weight < 0 for weight in weights):
        raise ValueError("a weight is negative")
    together = sum(weights, Fraction(0))
    if together == 0:
        if total != 0:
            raise ValueError("all weights are zero")
        return [0] * len(weights)
    return whole_cents([Fraction(total) * weight / together for weight in weights], total)
