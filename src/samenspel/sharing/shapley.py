"""The Shapley value of a game of which every group is held, exact: what each party adds, averaged
over all orders in which the parties can arrive (Shapley 1953)."""

from dataclasses import dataclass
from fractions import Fraction
from math import factorial

from samenspel.sharing.game import Game
from samenspel.sharing.groups import totals_by_size


@dataclass(frozen=True)
class Shapley:
    """``amounts``: per party, in cents. ``by_place``: per party what it adds on average when it
    arrives first, second and so on, in cents; its mean is the amount."""

    amounts: tuple[Fraction, ...]
    by_place: tuple[tuple[Fraction, ...], ...]


def shapley(game: Game) -> Shapley:
    """The Shapley value of ``game``. Raises ValueError where a cost is unknown."""
    if game.known is not None:
        raise ValueError("the Shapley value needs the cost of every group")
    count = len(game.parties)
    totals, own = totals_by_size(game.values)
    ways = [factorial(k) * factorial(count - 1 - k) for k in range(count)]
    orders = factorial(count - 1) * game.scale
    places = []
    for mine in own:
        # Of the groups of k+1 with the party, less those of k without it, each (n-1 over k) times.
        added = [mine[k + 1] - (totals[k] - mine[k]) for k in range(count)]
        places.append(tuple(Fraction(a * w, orders) for a, w in zip(added, ways, strict=True)))
    return Shapley(tuple(sum(row, Fraction(0)) / count for row in places), tuple(places))
