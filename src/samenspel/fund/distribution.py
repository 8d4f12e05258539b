"""What a fund gives: prepared once for rules and landscape, divided in integers ever after."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date as Date
from fractions import Fraction
from functools import cached_property
from typing import Any

from samenspel.errors import InputError
from samenspel.fund import kernel
from samenspel.fund.facts import Facts, facts_of
from samenspel.fund.formula import Value
from samenspel.fund.lineage import steps
from samenspel.fund.model import RECEIVED, REST, Block, Money, half_up
from samenspel.fund.places import Place
from samenspel.fund.portions import Portion, portion_of, portions_of
from samenspel.fund.reading import Rules, with_value
from samenspel.landscape.landscape import Landscape
from samenspel.language import _
from samenspel.words import number as written


@dataclass(frozen=True)
class Prepared:
    """Rules and landscape, with all that does not depend on the size of the pots worked out.

    ``on``: the blocks in force, id to entry and block. ``pots``: cents per portion, in their order.
    """

    rules: Rules
    date: Date
    facts: Facts
    on: Mapping[str, tuple[str, Block]]
    portions: tuple[Portion, ...]
    pots: tuple[int, ...]

    def with_value(self, path: str, value: Any) -> "Prepared":
        """The same with one value of the rules changed, such as ``blocks.basic.pot``; portions and
        figures that it does not touch are kept. Raises InputError."""
        rules = with_value(self.rules, path, value)
        old, new = self.rules.fund, rules.fund
        if old.figures != new.figures:
            return prepare(rules, self.facts.landscape, self.date, self.facts.since)
        return assembled(rules, self.facts, self.date, self)

    def with_figure(self, nis: str, name: str, value: Value) -> "Prepared":
        """The same with another value of one figure of one municipality."""
        facts = self.facts.with_figure(nis, name, value)
        columns = {key: column.values for key, column in facts.columns.items()}
        portions = tuple(
            portion_of(facts, columns, self.on[p.block][1], p.division,
                       (p.entry, p.block, p.segment), self.rules.place.at(*p.path))
            if name in p.reads() else p
            for p in self.portions
        )  # fmt: skip
        return replace(self, facts=facts, portions=portions)


@dataclass(frozen=True)
class Divided:
    """One portion with its exact shares and its cents, in the order of its rows. ``unspent``: cents
    for nobody; ``kept``: places that kept the cents of before."""

    portion: Portion
    pot: int
    shares: kernel.Shares
    cents: tuple[int, ...]
    unspent: int
    kept: frozenset[int]

    @cached_property
    def place(self) -> dict[int, int]:
        return {row: i for i, row in enumerate(self.portion.rows)}


@dataclass(frozen=True)
class Distribution:
    """Every amount, in cents. ``blocks``: id to the amount of each municipality in the order of the
    facts; ``divided``: the portions behind them; ``left_out``: block to the rows that get nothing
    of it because something is unknown."""

    prepared: Prepared
    divided: tuple[Divided, ...]
    blocks: Mapping[str, list[int]]
    left_out: Mapping[str, tuple[int, ...]]

    @cached_property
    def amounts(self) -> list[int]:
        """The amount of each municipality over all blocks."""
        return [sum(cents) for cents in zip(*self.blocks.values(), strict=True)]

    @property
    def total(self) -> int:
        return sum(self.amounts)

    @property
    def unspent(self) -> int:
        return sum(one.unspent for one in self.divided)


def prepare(
    rules: Rules, landscape: Landscape, date: Date | None = None, since: Landscape | None = None
) -> Prepared:
    """``rules`` on ``landscape``, those in force on ``date``, else on the day of the landscape.

    ``since``: the landscape to whose codes the values in the rules belong, where a scenario made
    ``landscape`` of it. Raises InputError for what cannot be worked out, with the key.
    """
    facts = facts_of(rules.fund, landscape, rules.place, since)
    return assembled(rules, facts, date or landscape.date)


def assembled(rules: Rules, facts: Facts, day: Date, like: Prepared | None = None) -> Prepared:
    on = rules.fund.on(day)
    if not on:
        raise InputError(
            _("{place}: no block holds on {day}; choose another day or other rules.").format(
                place=rules.name, day=day.isoformat()
            )
        )
    portions: list[Portion] = []
    for name, (entry, block) in on.items():
        if like is not None and same_but_pots((entry, block)) == same_but_pots(like.on.get(name)):
            portions += (portion for portion in like.portions if portion.block == name)
        elif block.supplement is None:
            portions += portions_of(facts, entry, name, block, rules.place)
    return Prepared(rules, day, facts, on, tuple(portions), tuple(pots(rules, on, day)))


def same_but_pots(entry: tuple[str, Block] | None) -> tuple[str, Block] | None:
    """A block without what the portions do not depend on."""
    if entry is None:
        return None
    name, block = entry
    bare: dict[str, Any] = {"pot": None, "share": None, "supplement": None, "title": None}
    if block.segments is not None:
        bare["segments"] = {
            key: segment.model_copy(update={"pot": None, "share": None})
            for key, segment in block.segments.items()
        }
    return name, block.model_copy(update=bare)


def pots(rules: Rules, on: Mapping[str, tuple[str, Block]], day: Date) -> Iterator[int]:
    """The cents of each portion, in order."""
    fund = rules.fund
    sized = {name: block for name, (_entry, block) in on.items() if block.supplement is None}
    entries = {name: entry for name, (entry, _block) in on.items()}
    places = {name: rules.place.at("blocks", entries[name]) for name in sized}
    known = {name: money_on(b.pot, day, places[name]) for name, b in sized.items() if b.pot}
    shares = {name: b.share for name, b in sized.items() if b.share is not None}
    whole = sum(known.values())
    if fund.total is not None:
        whole = money_on(fund.total, day, rules.place.at("total"))
    split = parted(whole, known, shares, rules.place.at("blocks"))
    for name, block in sized.items():
        if block.segments is None:
            yield split[name]
            continue
        inner = {s: money_on(g.pot, day, places[name].at("segments", s))
                 for s, g in block.segments.items() if g.pot}  # fmt: skip
        parts = {s: g.share for s, g in block.segments.items() if g.share is not None}
        cut = parted(split[name], inner, parts, places[name].at("segments"))
        yield from (cut[segment] for segment in block.segments)


def money_on(money: Money, day: Date, place: Place) -> int:
    try:
        return money.on(day)
    except ValueError as error:
        raise InputError(f"{place}: {error}.") from error


def parted(
    whole: int, known: Mapping[str, int], shares: Mapping[str, Fraction | str], place: Place
) -> dict[str, int]:
    """The cents of each part: the ``known`` ones, and ``shares`` of the whole by largest remainder;
    the one that takes the rest takes what the others, rounded down, leave. Raises InputError where
    the parts do not make up the whole."""
    rest = [name for name, share in shares.items() if share == REST]
    part = {name: share for name, share in shares.items() if isinstance(share, Fraction)}
    asked = sum(known.values()) + sum(share * whole for share in part.values())
    if len(rest) > 1:
        raise InputError(
            _("{place}: {names} each take the rest; let one do so, and give the others a share or "
              "a pot.").format(place=place, names=", ".join(rest))
        )  # fmt: skip
    if asked > whole or (asked != whole and not rest):
        raise InputError(
            _("{place}: the parts add up to € {sum} of € {whole}; make them the whole, or give one "
              "part share: rest.").format(
                place=place, sum=written(float(asked) / 100, 2), whole=written(whole / 100, 2))
        )  # fmt: skip
    exact = [share * whole for share in part.values()]
    found = [value.numerator // value.denominator for value in exact]
    if not rest:
        left = whole - sum(known.values()) - sum(found)
        order = sorted(range(len(exact)), key=lambda i: found[i] - exact[i])
        for i in order[:left]:
            found[i] += 1
    cents = dict(known) | dict(zip(part, found, strict=True))
    for name in rest:
        cents[name] = whole - sum(cents.values())
    return cents


def distribute(prepared: Prepared, before: "Distribution | None" = None) -> Distribution:
    """What everybody gets, to the cent.

    Each portion is divided exactly and rounded by largest remainder, ties by code. With ``before``
    (and ``keep_cents`` in the rules) a municipality whose exact share of a portion is what it was,
    or what its parts had together, keeps those cents there. Raises InputError where a portion
    cannot be divided.
    """
    earlier, parts = {}, []
    if before is not None and prepared.rules.fund.keep_cents:
        earlier = {(one.portion.block, one.portion.segment): one for one in before.divided}
        parts = origins(prepared.facts, before.prepared.facts)
    divided = []
    for portion, pot in zip(prepared.portions, prepared.pots, strict=True):
        was = earlier.get((portion.block, portion.segment))
        divided.append(divide(prepared, portion, pot, was, parts))
    count = len(prepared.facts.nis)
    blocks: dict[str, list[int]] = {name: [0] * count for name in prepared.on}
    for one in divided:
        amounts = blocks[one.portion.block]
        for row, cents in zip(one.portion.rows, one.cents, strict=True):
            amounts[row] += cents
    received = [sum(column) for column in zip(*blocks.values(), strict=True)]
    left_out = {
        name: tuple(sorted({row for one in divided if one.portion.block == name
                            for row in one.portion.left_out}))
        for name in prepared.on
    }  # fmt: skip
    for name, (entry, block) in prepared.on.items():
        if block.supplement is not None:
            blocks[name], left_out[name] = supplement(prepared, block, received, entry)
    return Distribution(prepared, tuple(divided), blocks, left_out)


def divide(
    prepared: Prepared, portion: Portion, pot: int, was: Divided | None,
    parts: Sequence[Sequence[int]],
) -> Divided:  # fmt: skip
    """One portion, in whole cents. Those outside who count in the whole stand last, as one."""
    outside = portion.outside
    weights: Sequence[int] = portion.weights
    low: Sequence[int] | None = portion.low
    high: Sequence[int | None] | None = portion.high
    if outside is not None:
        weights = (*weights, outside)
        low, high = low and (*low, 0), high and (*high, None)
    try:
        shares = kernel.divide(pot, weights, low, high)
    except kernel.Infeasible as error:
        block = prepared.on[portion.block][1]
        if error.kind == "nobody" and block.nobody == "unspent":
            none = kernel.Shares([0] * len(weights), 1, [kernel.FREE] * len(weights), 0, 0)
            return Divided(portion, pot, none, (0,) * len(portion.rows), pot, frozenset())
        raise InputError(impossible(prepared, portion, pot, error)) from error
    if was is None:
        cents = kernel.largest_remainder(shares.numerators, shares.denominator, pot)
        kept: list[int] = []
    else:
        same = earlier_shares(portion, was, parts)
        cents, kept = kernel.steady(shares, pot, same, low, high)
    unspent = cents.pop() if outside is not None else 0
    return Divided(portion, pot, shares, tuple(cents), unspent, frozenset(kept))


def origins(now: Facts, was: Facts) -> list[list[int]]:
    """The rows of ``was`` that each row of ``now`` is or was made of, by the lineage."""
    if now.landscape is was.landscape:
        return [[row] for row in range(len(now.nis))]
    found: list[list[int]] = [[] for _nis in now.nis]
    for nis, code in steps(was.landscape, now.landscape).items():
        found[now.place[code]].append(was.place[nis])
    return found


def earlier_shares(
    portion: Portion, was: Divided, parts: Sequence[Sequence[int]]
) -> dict[int, tuple[int, int, int]]:
    """What the members of ``portion`` had before, a merger what its ``parts`` had together, as the
    kernel takes it."""
    found = {}
    for i, row in enumerate(portion.rows):
        places = [was.place[then] for then in parts[row] if then in was.place]
        if places:
            exact = sum(was.shares.numerators[place] for place in places)
            found[i] = (exact, was.shares.denominator, sum(was.cents[place] for place in places))
    if portion.outside is not None and was.portion.outside is not None:
        found[len(portion.rows)] = (was.shares.numerators[-1], was.shares.denominator, was.unspent)
    return found


def impossible(prepared: Prepared, portion: Portion, pot: int, error: kernel.Infeasible) -> str:
    """Why a portion cannot be divided, and what to do."""
    said = {
        "nobody": _("{place}: nobody takes part with a weight above zero, so € {pot} cannot be "
                    "shared; change the members or the key, or state nobody: unspent."),
        "floors": _("{place}: the floors add up to € {sum}, more than the pot of € {pot}; lower "
                    "them or enlarge the pot."),
        "caps": _("{place}: the caps add up to € {sum}, less than the pot of € {pot}; raise them "
                  "or make the pot smaller."),
        "crossed": _("{place}: the floor is above the cap for {town}."),
    }[error.kind]  # fmt: skip
    if error.kind == "nobody" and portion.left_out:
        said = _("{place}: nobody takes part, for something is unknown for {town}; fill it in, or "
                 "state nobody: unspent.")  # fmt: skip
    concerned = [portion.rows[error.unit]] if error.unit >= 0 else portion.left_out
    return said.format(
        place=prepared.rules.place.at(*portion.path),
        pot=written(pot / 100, 2),
        sum=written(error.together / 100, 2),
        town=prepared.facts.called(concerned),
    )


def supplement(
    prepared: Prepared, block: Block, received: Sequence[int], entry: str
) -> tuple[list[int], tuple[int, ...]]:
    """The amount on top of each municipality, rounded to the cent (half up), and who is left out.
    Raises InputError for an amount below zero, and for the unknown unless the block leaves it
    out."""
    facts = prepared.facts
    columns: dict[str, Sequence[Value]] = {n: c.values for n, c in facts.columns.items()}
    columns[RECEIVED] = [Fraction(cents, 100) for cents in received]
    as_key = block.model_copy(update={"key": block.supplement})
    place = prepared.rules.place.at("blocks", entry)
    worked = portion_of(facts, columns, block, as_key, (entry, entry, None), place, "supplement")
    found = [0] * len(facts.nis)
    for row, weight in zip(worked.rows, worked.weights, strict=True):
        found[row] = half_up(Fraction(100 * weight, worked.scale))
    return found, worked.left_out
