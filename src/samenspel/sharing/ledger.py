"""The ledger of an agreement: what falls where today, what was agreed, and what settles it.

Burdens are costs (staff in kind among them), forgone income and indirect burdens; gains are
benefits and indirect gains. A settlement (verevening) is what a party pays, or receives where it
is below zero, so that it ends at what was agreed: the definition in the VVSG praktijkgids
('Verevening als droombeeld?') counts costs, income and forgone income; indirect effects are kept
apart, and so is what was estimated.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from samenspel.money import whole_cents
from samenspel.sharing.keys import OWN, Figures, Key, divided

COST, BENEFIT, FORGONE, BURDEN, GAIN = (
    "cost",
    "benefit",
    "forgone",
    "indirect_burden",
    "indirect_gain",
)
GAINS = (BENEFIT, GAIN)
DIRECT, INDIRECT = (COST, BENEFIT), (BURDEN, GAIN)
MEASURED, ESTIMATED = "measured", "estimated"


@dataclass(frozen=True)
class Post:
    """One line. ``total`` cents; ``today``: what falls on each party now, in cents and in the order
    of the codes, None where it is paid (or received) together; ``key``: a name, or OWN where each
    keeps what falls on it; ``certainty``: MEASURED, ESTIMATED or None where not stated;
    ``reckoning``: how the amount was stated, such as 0.2 FTE at 84500."""

    id: str
    name: str
    kind: str
    total: int
    today: tuple[int, ...] | None
    key: str
    certainty: str | None = None
    reckoning: str = ""
    source: str = ""
    status: str = "choice"

    @property
    def sign(self) -> int:
        """1 for a burden, -1 for a gain."""
        return -1 if self.kind in GAINS else 1


@dataclass(frozen=True)
class Line:
    """A post with ``exact``: what was agreed per party in cents, and ``cents``: the same made
    whole, by largest remainder with ties by code."""

    post: Post
    exact: tuple[Fraction, ...]
    cents: tuple[int, ...]

    def settled(self) -> list[int]:
        """What each party pays for this post beyond what falls on it; below zero: receives."""
        today = self.post.today or (0,) * len(self.cents)
        return [self.post.sign * (agreed - now)
                for agreed, now in zip(self.cents, today, strict=True)]  # fmt: skip


@dataclass(frozen=True)
class Ledger:
    """Every post with its division. Amounts per party follow the order of ``parties``."""

    parties: tuple[str, ...]
    lines: tuple[Line, ...]

    def of(self, kinds: Sequence[str], *, estimated: bool = True) -> list[Line]:
        """The lines of ``kinds``, without those that were estimated where so asked."""
        return [line for line in self.lines if line.post.kind in kinds
                and (estimated or line.post.certainty != ESTIMATED)]  # fmt: skip

    def agreed(self, kinds: Sequence[str]) -> list[Fraction]:
        """What each party bears by the keys, exact, gains taken off."""
        return added(self.parties, [[line.post.sign * part for part in line.exact]
                                    for line in self.of(kinds)])  # fmt: skip

    def agreed_cents(self, kinds: Sequence[str]) -> list[int]:
        """The same in whole cents: of each party the sum of its posts."""
        return added(self.parties, [[line.post.sign * part for part in line.cents]
                                    for line in self.of(kinds)])  # fmt: skip

    def settlement(self, kinds: Sequence[str], *, estimated: bool = True) -> list[int]:
        """What each party pays so that all ends as agreed; below zero: receives."""
        return added(self.parties, [line.settled() for line in self.of(kinds, estimated=estimated)])

    def as_json(self) -> dict[str, Any]:
        every = (*DIRECT, FORGONE, *INDIRECT)
        settlements = {
            "direct": self.settlement(DIRECT),
            "forgone": self.settlement((FORGONE,)),
            "indirect": self.settlement(INDIRECT),
            "all": self.settlement(every),
            "without_estimated": self.settlement(every, estimated=False),
        }
        return {
            "posts": [
                {
                    "post": line.post.id,
                    "name": line.post.name,
                    "kind": line.post.kind,
                    "certainty": line.post.certainty,
                    "key": line.post.key,
                    "reckoning": line.post.reckoning,
                    "source": line.post.source,
                    "status": line.post.status,
                    "total_cents": line.post.total,
                    "agreed_cents": dict(zip(self.parties, line.cents, strict=True)),
                    "today_cents": None
                    if line.post.today is None
                    else dict(zip(self.parties, line.post.today, strict=True)),
                }
                for line in self.lines
            ],
            "parties": [
                {
                    "party": code,
                    "costs_cents": self.agreed_cents((COST,))[i],
                    "benefits_cents": -self.agreed_cents((BENEFIT,))[i],
                    "net_burden_cents": self.agreed_cents(DIRECT)[i],
                    "settlement_cents": {name: row[i] for name, row in settlements.items()},
                }
                for i, code in enumerate(self.parties)
            ],
            "totals_cents": {
                kind: {
                    "all": sum(line.post.total for line in self.of((kind,))),
                    "without_estimated": sum(
                        line.post.total for line in self.of((kind,), estimated=False)
                    ),
                }
                for kind in every
            },
        }


def added(parties: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[Any]:
    """The sums of the columns of ``rows``; zeros where there are none."""
    return [sum(column) for column in zip(*rows, strict=True)] if rows else [0] * len(parties)


def ledger(
    parties: Sequence[str], posts: Sequence[Post], keys: Mapping[str, Key], figures: Figures
) -> Ledger:
    """The ledger of ``posts``, each divided by its key. ``parties`` in order of code. Raises
    InputError where a key divides nothing or leaves no way."""
    return Ledger(tuple(parties), tuple(line_of(parties, p, keys, figures) for p in posts))


def line_of(parties: Sequence[str], post: Post, keys: Mapping[str, Key], figures: Figures) -> Line:
    if post.key == OWN:
        today = post.today or ()
        return Line(post, tuple(Fraction(cents) for cents in today), today)
    exact = divided(Fraction(post.total), keys[post.key], parties, figures)
    return Line(post, tuple(exact), tuple(whole_cents(exact, post.total)))


def truncated(amounts: Sequence[Fraction], step: int) -> tuple[list[int], int]:
    """``amounts`` cut down to multiples of ``step`` cents, as a printed table may show them, and
    what all together then miss. Amounts below zero are cut towards zero too."""
    whole = [int(amount / step) * step for amount in amounts]
    missing = sum(amounts, Fraction(0)) - sum(whole)
    return whole, int(missing)
