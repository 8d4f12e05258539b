"""Sharing: from a file, or a game of Python, to what everybody bears under every rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from samenspel.errors import InputError
from samenspel.language import _, mark
from samenspel.money import whole_cents
from samenspel.sharing import claims as claim_rules
from samenspel.sharing import sampling
from samenspel.sharing.core import Core, core_of
from samenspel.sharing.divide import COMPUTED, QUICK, USUAL, Division, divide, held
from samenspel.sharing.functions import Called, CostFunction, Estate
from samenspel.sharing.game import MOST_PARTIES, Costs, Game, ordered
from samenspel.sharing.keys import EQUAL, divided, euro
from samenspel.sharing.ledger import COST, DIRECT, Ledger, ledger
from samenspel.sharing.rules import CLAIM_RULES, RULES, Rule
from samenspel.sharing.sharefile import ShareFile

AGREED, KEY = "agreed", "key:"
COSTS, BENEFITS, CLAIMS, LEDGER = "costs", "benefits", "claims", "ledger"
NO_CORE = Core(None, {}, {})


@dataclass(frozen=True)
class Sharing:
    """What was asked and what came out.

    ``kind``: what is divided: the costs or benefits of a game, an estate among claims, or posts by
    their keys (``ledger``). ``codes``: the parties in rising order, which every sequence follows;
    ``names``: by code, in the order of the file. ``divisions``: exact amounts in cents as they are
    shown (a benefit is above zero); ``cents``: the same made whole, by largest remainder with ties
    by code. ``refused``: why a rule gives nothing. ``game``: with every group at hand, if any.
    ``alone``: what each would bear or gain alone, in cents as shown; None is unknown.
    """

    kind: str
    codes: tuple[str, ...]
    names: Mapping[str, str]
    total: int
    divisions: Mapping[str, Division]
    cents: Mapping[str, Sequence[int]]
    refused: Mapping[str, str]
    core: Core
    file: ShareFile | None = None
    game: Game | None = None
    ledger: Ledger | None = None
    estimate: sampling.Estimate | None = None
    alone: Sequence[Fraction | None] = ()

    @property
    def sign(self) -> int:
        """What turns costs into the amounts that are shown."""
        return -1 if self.kind in (BENEFITS, CLAIMS) else 1

    def rule(self, name: str) -> Rule:
        """What is known of a rule."""
        if name.startswith(KEY):
            return Rule(name.removeprefix(KEY), mark("all costs by this one key"), "")
        return (CLAIM_RULES if self.kind == CLAIMS else RULES)[name]


@dataclass
class Work:
    """What is divided so far, in amounts as they are shown."""

    divisions: dict[str, Division] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    alone: Sequence[Fraction | None] = ()


def share(
    file: ShareFile,
    asked: Sequence[str] = (),
    *,
    samples: int = sampling.DEFAULT,
    seed: int = 1,
) -> Sharing:
    """What every party bears by the rules ``asked``, else by the usual ones. Raises InputError for
    a rule that is not known here or that gives nothing though asked for."""
    if file.claims is not None and file.estate is not None:
        made = share_claims(file, file.claims, file.estate, asked, samples, seed)
    elif file.game is not None:
        made = share_game(file, file.game, asked, samples, seed)
    else:
        made = share_posts(file, asked)
    for rule in asked:
        if rule in made.refused:
            raise InputError(
                _("The rule {rule} gives nothing here: {why}.").format(
                    rule=rule, why=_(made.refused[rule])
                )
            )
    return made


def share_function(
    parties: Sequence[str],
    costs: Costs,
    asked: Sequence[str] = (),
    *,
    benefits: bool = False,
    samples: int = sampling.DEFAULT,
    seed: int = 1,
) -> Sharing:
    """The same for a game of Python: ``costs`` gives the cents (int or Fraction) that a group of
    codes would cost, or gain where it states ``benefits``. Up to 20 parties every group is asked
    for; above, up to 300, orders are drawn by chance with ``seed``."""
    codes = ordered(parties)
    file = ShareFile("", {code: code for code in parties},
                     game=Called(codes, costs, benefits))  # fmt: skip
    return share(file, asked, samples=samples, seed=seed)


def chosen(asked: Sequence[str], known: Sequence[str], usual: Sequence[str]) -> list[str]:
    """The rules to compute: each of ``asked`` once, else the ``usual`` ones."""
    for rule in asked:
        if rule not in known:
            raise InputError(
                _("--rule {rule}: not known here; use one of {known}.").format(
                    rule=rule, known=", ".join(known)
                )
            )
    return list(dict.fromkeys(asked or usual))


def share_claims(
    file: ShareFile,
    claims: Mapping[str, int],
    estate: int,
    asked: Sequence[str],
    samples: int,
    seed: int,
) -> Sharing:
    owed = [claims[code] for code in file.codes]
    claim_rules.checked(estate, owed)
    sure = Estate(file.codes, tuple(owed), estate)
    work, estimate = Work(), None
    for rule in chosen(asked, tuple(CLAIM_RULES), tuple(CLAIM_RULES)):
        if rule == "random_arrival" and len(owed) > MOST_PARTIES:
            estimate = sampling.sample(sure, samples, seed)
            work.divisions[rule] = Division(tuple(-a for a in estimate.amounts), "sampled")
        else:
            work.divisions[rule] = Division(tuple(claim_rules.RULES[rule](estate, owed)))
    # In what each group is sure of, every division within the claims keeps every group.
    core = Core(False, dict.fromkeys(work.divisions, True), {}, concave=True)
    rest = estate - sum(owed)
    work.alone = [Fraction(max(0, rest + claim)) for claim in owed]
    return finished(file, CLAIMS, estate, work, core, held(sure), None, estimate)


def share_game(
    file: ShareFile, stated: Game | CostFunction, asked: Sequence[str], samples: int, seed: int
) -> Sharing:
    game = held(stated)
    count = len(stated.parties)
    usual = [rule for rule in USUAL if rule != "nucleolus" or count <= QUICK or game is None]
    kept = ledger(file.codes, file.posts, file.keys, file.values) if file.posts else None
    known = (AGREED, *COMPUTED) if kept else COMPUTED
    rules = chosen(asked, known, (AGREED, *usual) if kept else usual)
    made = divide(stated, game, [r for r in rules if r != AGREED], samples=samples, seed=seed)
    sign = -1 if stated.benefits else 1
    work = Work(refused=made.refused)
    total = sign * total_of(stated, game)
    divisions = dict(made.found)
    if AGREED in rules and kept is not None:
        kinds = DIRECT if stated.benefits else (COST,)
        agreed = kept.agreed(kinds)
        if sum(agreed, Fraction(0)) == sign * total:
            divisions = {AGREED: Division(tuple(agreed)), **divisions}
        else:
            work.refused[AGREED] = _(
                "the posts come to {posts} euro and the game to {game}, so they cannot be compared"
            ).format(posts=euro(sign * sum(agreed, Fraction(0))), game=euro(total))
    core = core_of(stated, game, divisions)
    work.alone = [None if cost is None else sign * cost for cost in alone_of(stated, game)]
    work.divisions = {
        rule: Division(tuple(sign * amount for amount in d.amounts), d.how, d.by_place)
        for rule, d in divisions.items()
    }
    if count > QUICK and "nucleolus" not in rules and game is not None and not asked:
        work.refused["nucleolus"] = _("it takes a minute for so many; ask for it with --rule")
    kind = BENEFITS if stated.benefits else COSTS
    return finished(file, kind, whole(total), work, core, game, kept, made.estimate)


def total_of(stated: Game | CostFunction, game: Game | None) -> Fraction:
    """What the group of all costs, in cents."""
    if game is not None:
        return game.total()
    assert not isinstance(stated, Game)
    return Fraction(stated.along(range(len(stated.parties)))[-1])


def alone_of(stated: Game | CostFunction, game: Game | None) -> list[Fraction | None]:
    """What each party costs alone, in cents; None where that is unknown."""
    places = range(len(stated.parties))
    if game is not None:
        return [game.cost(1 << i) if game.knows(1 << i) else None for i in places]
    assert not isinstance(stated, Game)
    return [Fraction(stated.along([i])[0]) for i in places]


def whole(total: Fraction) -> int:
    """``total`` where it is whole cents. Raises InputError."""
    if total.denominator != 1:
        raise InputError(
            _("All together cost {total} cents, which is no whole number; round a cost.").format(
                total=total
            )
        )
    return int(total)


def share_posts(file: ShareFile, asked: Sequence[str]) -> Sharing:
    """Posts by their keys, and all costs by one key for comparison."""
    kept = ledger(file.codes, file.posts, file.keys, file.values)
    total = sum(line.post.total for line in kept.of((COST,)))
    named = [f"{KEY}{name}" for name in file.keys if name != EQUAL]
    work = Work()
    for rule in chosen(asked, (AGREED, EQUAL, *named), (AGREED, EQUAL, *named)):
        if rule == AGREED:
            work.divisions[rule] = Division(tuple(kept.agreed((COST,))))
            continue
        key = file.keys[rule.removeprefix(KEY)]
        try:
            amounts = divided(Fraction(total), key, file.codes, file.values)
        except InputError as error:
            work.refused[rule] = str(error).rstrip(".")
            continue
        work.divisions[rule] = Division(tuple(amounts))
    return finished(file, LEDGER, total, work, NO_CORE, None, kept)


def finished(
    file: ShareFile,
    kind: str,
    total: int,
    work: Work,
    core: Core,
    game: Game | None,
    kept: Ledger | None = None,
    estimate: sampling.Estimate | None = None,
) -> Sharing:
    """The divisions with their whole cents. What was agreed is made whole post by post, so that
    posts and parties both add up."""
    cents: dict[str, Sequence[int]] = {
        rule: whole_cents(division.amounts, total) for rule, division in work.divisions.items()
    }
    if AGREED in cents and kept is not None:
        gained = kept.agreed_cents(DIRECT) if kind == BENEFITS else kept.agreed_cents((COST,))
        cents[AGREED] = [-amount for amount in gained] if kind == BENEFITS else gained
    return Sharing(
        kind=kind,
        codes=file.codes,
        names=file.parties,
        total=total,
        divisions=work.divisions,
        cents=cents,
        refused=work.refused,
        core=core,
        file=file,
        game=game,
        ledger=kept,
        estimate=estimate,
        alone=work.alone,
    )
