"""The core: is any group better off on its own? Every amount here is exact, before rounding."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from samenspel.sharing import formulas
from samenspel.sharing.divide import Division
from samenspel.sharing.functions import CostFunction
from samenspel.sharing.game import Game
from samenspel.sharing.groups import concave, most_over, smallest_first, subadditive
from samenspel.sharing.nucleolus import Least, least

ZERO = Fraction(0)
MOST_LEAST = 20  # parties up to which an empty core is looked for without being asked
MOST_CONCAVE, MOST_SUBADDITIVE = 20, 12


@dataclass(frozen=True)
class Objection:
    """The group that pays most above what it would cost on its own. ``excess`` in cents above
    zero; ``members``: their codes."""

    excess: Fraction
    members: tuple[str, ...]


@dataclass(frozen=True)
class Core:
    """``empty``: whether no division keeps every group; ``in_core``: by rule; None is unknown.
    ``objections``: by rule, of those known to be outside. ``least``: the proof; ``concave`` (a
    party never adds more to a larger group) and ``subadditive`` (no two groups are better off
    apart): None where not looked at."""

    empty: bool | None
    in_core: Mapping[str, bool | None]
    objections: Mapping[str, Objection]
    least: Least | None = None
    concave: bool | None = None
    subadditive: bool | None = None


def core_of(
    stated: Game | CostFunction, game: Game | None, divisions: Mapping[str, Division]
) -> Core:
    """The core of a game, and where every division stands towards it."""
    inside: dict[str, bool | None] = {}
    objections: dict[str, Objection] = {}
    for rule, division in divisions.items():
        inside[rule] = None
        if division.how == "sampled":
            continue
        found = objection(stated, game, division.amounts)
        if isinstance(found, Objection):
            objections[rule] = found
        inside[rule] = found if isinstance(found, bool) else None if found is None else False
    shape = concave_of(stated, game)
    first = None
    if game is not None and len(game.parties) <= MOST_LEAST:
        first = least(game)
    return Core(
        empty_of(game, first, shape, inside),
        inside,
        objections,
        first,
        shape,
        subadditive_of(game, shape),
    )


def empty_of(
    game: Game | None, first: Least | None, shape: bool | None, inside: Mapping[str, bool | None]
) -> bool | None:
    """Whether the core is empty. With unknown costs it may be proven empty, never the opposite."""
    if game is not None and game.known is not None:
        return True if first is not None and first.excess > 0 else None
    if first is not None:
        return first.excess > 0
    if shape or any(inside.values()) or (game is not None and len(game.parties) == 1):
        return False
    return None


def objection(
    stated: Game | CostFunction, game: Game | None, amounts: Sequence[Fraction]
) -> Objection | bool | None:
    """The largest objection; True where the division is proven to keep every group, None where
    that cannot be told.

    Of groups with the same excess the one with the fewest members, then the one whose first code
    comes first; where groups are not looked at one by one, any of them.
    """
    if game is None:
        assert not isinstance(stated, Game)
        found = formulas.worst(stated, amounts)
        if found is None:
            return None
        excess, chosen = found
        codes = tuple(stated.parties[i] for i in chosen)
        return Objection(excess, codes) if chosen else True
    most, groups = most_over(amounts, game.values, game.scale, game.known)
    if most > 0:
        group = smallest_first(groups, len(game.parties))
        return Objection(most, tuple(game.names(group)))
    return True if game.known is None else None


def concave_of(stated: Game | CostFunction, game: Game | None) -> bool | None:
    if game is None:
        return formulas.concave(stated) if not isinstance(stated, Game) else None
    if game.known is not None or len(game.parties) > MOST_CONCAVE:
        return None
    return concave(game.values)


def subadditive_of(game: Game | None, shape: bool | None) -> bool | None:
    """Without a cost for nobody, a concave game is subadditive."""
    if shape:
        return True
    if game is None or game.known is not None or len(game.parties) > MOST_SUBADDITIVE:
        return None
    return subadditive(game.values)
