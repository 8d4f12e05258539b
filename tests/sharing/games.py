"""Games for the tests of sharing, and answers by brute force that share no code with the room."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, permutations

from hypothesis import strategies as st

from samenspel.sharing.game import Game, from_table

Table = dict[frozenset[str], Fraction]


def table(stated: Mapping[str, int | str | Fraction]) -> Table:
    """A table whose groups are written as words, a letter for each party."""
    return {frozenset(group): Fraction(cost) for group, cost in stated.items()}


def game(stated: Mapping[str, int | str | Fraction], *, benefits: bool = False) -> Game:
    return from_table(table(stated), benefits=benefits)


def groups(parties: Sequence[str]) -> Iterable[frozenset[str]]:
    """Every group but the empty one."""
    for size in range(1, len(parties) + 1):
        yield from map(frozenset, combinations(parties, size))


def shapley_by_orders(costs: Table, parties: Sequence[str]) -> list[Fraction]:
    """The Shapley value by walking through every order."""
    total = dict.fromkeys(parties, Fraction(0))
    orders = list(permutations(parties))
    for order in orders:
        before = Fraction(0)
        for k, party in enumerate(order):
            cost = costs[frozenset(order[: k + 1])]
            total[party] += cost - before
            before = cost
    return [total[party] / len(orders) for party in parties]


def excesses(costs: Table, parties: Sequence[str], amounts: Sequence[Fraction]) -> list[Fraction]:
    """The excesses of all groups but that of all, the largest first."""
    paid = dict(zip(parties, amounts, strict=True))
    found = [
        sum((paid[party] for party in group), Fraction(0)) - cost
        for group, cost in costs.items()
        if len(group) < len(parties)
    ]
    return sorted(found, reverse=True)


@st.composite
def tables(draw: st.DrawFn, least: int = 1, most: int = 5, low: int = -20, high: int = 60) -> Table:
    """A table of two to five parties with costs of any kind; small numbers, so that ties abound."""
    parties = "ABCDE"[: draw(st.integers(least, most))]
    top = draw(st.sampled_from([3, high]))
    return {
        group: Fraction(draw(st.integers(max(low, -top), top)), draw(st.sampled_from([1, 1, 2, 3])))
        for group in groups(parties)
    }
