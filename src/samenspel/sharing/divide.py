"""What each rule divides, exact: by looking at every group, by a formula, or by chance."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from samenspel.errors import InputError
from samenspel.language import _, mark
from samenspel.sharing import formulas, sampling
from samenspel.sharing.functions import CostFunction, game_of
from samenspel.sharing.game import MOST_PARTIES, Game
from samenspel.sharing.nucleolus import nucleolus
from samenspel.sharing.rules import SIMPLE, Facts, Undefined
from samenspel.sharing.shapley import shapley

QUICK = 20  # parties up to which the nucleolus is computed without being asked for
COMPUTED = (*SIMPLE, "shapley", "nucleolus", "prenucleolus")
USUAL = (*SIMPLE, "shapley", "nucleolus")

UNKNOWN_GROUPS = mark("the costs of some groups are not known")


@dataclass(frozen=True)
class Division:
    """What a rule gives each party, in cents of cost and in the order of the codes. ``how``: exact,
    formula or sampled; ``by_place``: for Shapley, what each adds arriving first, second ..."""

    amounts: tuple[Fraction, ...]
    how: str = "exact"
    by_place: tuple[tuple[Fraction, ...], ...] | None = None


@dataclass
class Divisions:
    """``found`` by rule; ``refused``: why a rule gives nothing; ``estimate``: of the sampling."""

    found: dict[str, Division] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    estimate: sampling.Estimate | None = None


def held(stated: Game | CostFunction) -> Game | None:
    """The game with every group at hand; None where there are too many."""
    if isinstance(stated, Game):
        return stated
    if len(stated.parties) > MOST_PARTIES:
        return None
    try:
        return game_of(stated)
    except InputError:  # a Python function is not asked for as many groups as a formula is
        return None


def facts_of(stated: Game | CostFunction, game: Game | None) -> Facts:
    """What all cost, each alone, and each on top of all others."""
    count = len(stated.parties)
    if game is not None:
        without = [game.whole ^ (1 << i) for i in range(count)]
        adds = None
        if all(map(game.knows, without)):
            adds = [game.total() - (game.cost(rest) if rest else 0) for rest in without]
        return Facts(game.total(), count, game.alone(), adds)
    assert not isinstance(stated, Game)
    alone = [Fraction(stated.along([i])[0]) for i in range(count)]
    total = Fraction(stated.along(range(count))[-1])
    adds = []
    for i in range(count):
        others = [k for k in range(count) if k != i]
        adds.append(total - (Fraction(stated.along(others)[-1]) if others else 0))
    return Facts(total, count, alone, adds)


def divide(
    stated: Game | CostFunction,
    game: Game | None,
    asked: Sequence[str],
    *,
    samples: int = sampling.DEFAULT,
    seed: int = 1,
) -> Divisions:
    """What each of the rules ``asked`` gives. ``game``: ``held(stated)``."""
    made = Divisions()
    facts = facts_of(stated, game)
    for rule in asked:
        try:
            if rule in SIMPLE:
                made.found[rule] = Division(tuple(SIMPLE[rule](facts)))
            elif rule == "shapley":
                made.found[rule] = shapley_division(stated, game, made, samples, seed)
            else:
                made.found[rule] = nucleolus_division(stated, game, rule)
        except Undefined as error:
            made.refused[rule] = str(error)
    return made


def shapley_division(
    stated: Game | CostFunction, game: Game | None, made: Divisions, samples: int, seed: int
) -> Division:
    if game is not None:
        if game.known is not None:
            raise Undefined(UNKNOWN_GROUPS)
        value = shapley(game)
        return Division(value.amounts, "exact", value.by_place)
    assert not isinstance(stated, Game)
    amounts = formulas.shapley_of(stated)
    if amounts is not None:
        return Division(tuple(amounts), "formula")
    made.estimate = sampling.sample(stated, samples, seed)
    return Division(made.estimate.amounts, "sampled")


def nucleolus_division(stated: Game | CostFunction, game: Game | None, rule: str) -> Division:
    if game is None:
        assert not isinstance(stated, Game)
        amounts = formulas.nucleolus_of(stated)
        if amounts is None:
            raise Undefined(mark("there are too many parties to look at every group"))
        return Division(tuple(amounts), "formula")
    if game.known is not None:
        raise Undefined(UNKNOWN_GROUPS)
    found = nucleolus(game, bounded=rule == "nucleolus")
    if found is None:
        raise Undefined(mark("every division makes somebody pay more than alone"))
    return Division(found.amounts)


def why(text: str) -> str:
    """A reason of ``Undefined`` in the language of the interface."""
    return _(text)
