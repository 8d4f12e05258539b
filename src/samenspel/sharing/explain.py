"""Why a party bears what it bears: a sentence for each step, and its groups beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from samenspel.errors import InputError
from samenspel.language import _
from samenspel.sharing.keys import EQUAL, OWN, weights
from samenspel.sharing.ledger import DIRECT, FORGONE, INDIRECT, Line
from samenspel.sharing.share import AGREED, BENEFITS, CLAIMS, LEDGER, Sharing
from samenspel.sharing.wording import certainty_word, euro, group_words
from samenspel.words import short_number, with_mark

ALL_GROUPS = 5  # parties up to which every group of the party is shown
MOST_GROUPS = 16  # else those that save least, at most this many


@dataclass(frozen=True)
class Group:
    """``alone``: what ``members`` would bear (or gain) on their own; ``paid``: by rule what they
    bear together; cents, exact."""

    members: tuple[str, ...]
    alone: Fraction
    paid: dict[str, Fraction]


@dataclass(frozen=True)
class Explanation:
    """``sentences``: by rule; ``general``: of the party whatever the rule; ``groups``: those it
    belongs to, the least content under the first rule first."""

    party: str
    name: str
    general: tuple[str, ...]
    sentences: dict[str, tuple[str, ...]]
    groups: tuple[Group, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "party": self.party,
            "name": self.name,
            "general": list(self.general),
            "rules": {rule: list(lines) for rule, lines in self.sentences.items()},
            "groups": [
                {
                    "members": list(group.members),
                    "alone_cents": str(group.alone),
                    "paid_cents": {rule: str(paid) for rule, paid in group.paid.items()},
                }
                for group in self.groups
            ],
        }


def explain(sharing: Sharing, party: str) -> Explanation:
    """The explanation of ``party``, a code or a name. Raises InputError where there is none."""
    code = found_code(sharing, party)
    place = sharing.codes.index(code)
    name = sharing.names[code]
    groups = groups_of(sharing, place)
    sentences = {}
    for rule in sharing.divisions:
        lines = [amount_line(sharing, rule, place, name)]
        if rule == AGREED and sharing.ledger is not None:
            lines += agreed_lines(sharing, place)
        lines += rule_lines(sharing, rule, place)
        sentences[rule] = tuple(lines)
    return Explanation(code, name, tuple(general_lines(sharing, place, name)), sentences, groups)


def found_code(sharing: Sharing, party: str) -> str:
    if party in sharing.names:
        return party
    named = [code for code, name in sharing.names.items() if name.casefold() == party.casefold()]
    if len(named) != 1:
        raise InputError(
            _("--explain {party}: no party has that code or name; use one of {known}.").format(
                party=party, known=", ".join(list(sharing.names)[:20])
            )
        )
    return named[0]


def amount_line(sharing: Sharing, rule: str, place: int, name: str) -> str:
    amount = euro(sharing.cents[rule][place])
    meaning = _(sharing.rule(rule).meaning)
    form = (
        _("{name} receives {amount}: {meaning}.")
        if sharing.kind in (BENEFITS, CLAIMS)
        else _("{name} pays {amount}: {meaning}.")
    )
    return form.format(name=name, amount=amount, meaning=meaning)


def general_lines(sharing: Sharing, place: int, name: str) -> list[str]:
    """What the party would bear alone, or its claim and what it is sure of."""
    lines: list[str] = []
    if not sharing.alone:
        return lines
    alone = sharing.alone[place]
    if alone is None:
        lines.append(_("What {name} would pay alone is not known.").format(name=name))
    elif sharing.kind == CLAIMS and sharing.file is not None and sharing.file.claims is not None:
        claim = sharing.file.claims[sharing.codes[place]]
        lines.append(
            _("{name} claims {claim}. The others leave it {rest} for certain.").format(
                name=name, claim=euro(claim), rest=euro(alone)
            )
        )
    else:
        form = (
            _("Alone {name} would gain {amount}.")
            if sharing.kind == BENEFITS
            else _("Alone {name} would pay {amount}.")
        )
        lines.append(form.format(name=name, amount=euro(alone)))
    return lines


def agreed_lines(sharing: Sharing, place: int) -> list[str]:
    """The posts of the party and what settles them."""
    assert sharing.ledger is not None
    lines = [post_line(sharing, line, place) for line in sharing.ledger.lines]
    every = (*DIRECT, FORGONE, *INDIRECT)
    settled = sharing.ledger.settlement(every)[place]
    sure = sharing.ledger.settlement(every, estimated=False)[place]
    lines.append(
        _("To end there it still pays {amount}.").format(amount=euro(settled))
        if settled >= 0
        else _("To end there it receives {amount}.").format(amount=euro(-settled))
    )
    if sure != settled:
        lines.append(
            _("Without what was estimated that is {amount}.").format(amount=euro(abs(sure)))
            if (sure >= 0) == (settled >= 0)
            else _("Without what was estimated it is the other way round: {amount}.").format(
                amount=euro(abs(sure))
            )
        )
    return lines


def post_line(sharing: Sharing, line: Line, place: int) -> str:
    post = line.post
    mine = euro(line.cents[place])
    certainty = "" if post.certainty is None else f" ({certainty_word(post.certainty)})"
    name = f"{post.name}{certainty}"
    if post.key == OWN:
        return _("  {post}: {amount}, what falls on it itself.").format(post=name, amount=mine)
    return _("  {post}: {amount} of {total}, by {key}.").format(
        post=name, amount=mine, total=euro(post.total), key=key_words(sharing, post.key, place)
    )


def key_words(sharing: Sharing, key: str, place: int) -> str:
    """A key with the figures of the party: 4 of 8 (50%)."""
    assert sharing.file is not None
    found = sharing.file.keys[key]
    code = sharing.codes[place]
    parts = []
    for name, weight in found.mix.items():
        if name == EQUAL:
            told = _("equal parts (1 of {count})").format(count=len(sharing.codes))
        else:
            figure = sharing.file.figures[name]
            told = _("{figure} ({mine} of {all})").format(
                figure=figure.title,
                mine=short(figure.values[code]),
                all=short(sum(figure.values.values(), Fraction(0))),
            )
        parts.append(told if weight == 1 else f"{percent(weight)} {told}")
    share = weights(found, sharing.codes, sharing.file.values)[place]
    limits = [
        form.format(amount=limit_words(limit[code].amount, limit[code].relative))
        for form, limit in ((_("floor {amount}"), found.floor), (_("cap {amount}"), found.cap))
        if code in limit
    ]
    return " + ".join(parts) + f" = {percent(share)}" + "".join(f", {one}" for one in limits)


def limit_words(amount: Fraction, relative: bool) -> str:
    return percent(amount) if relative else euro(amount)


def percent(share: Fraction) -> str:
    """A part as a percentage of at most two decimals."""
    return with_mark(f"{float(100 * share):.2f}".rstrip("0").rstrip(".")) + "%"


def short(number: Fraction) -> str:
    return str(number) if number.denominator == 1 else short_number(float(number))


def rule_lines(sharing: Sharing, rule: str, place: int) -> list[str]:
    """What it saves, how Shapley comes about, and which group of it is least content."""
    lines: list[str] = []
    division = sharing.divisions[rule]
    alone = sharing.alone[place] if sharing.alone else None
    if sharing.kind in (CLAIMS, LEDGER):
        return lines
    if alone is not None:
        saved = sharing.sign * (alone - division.amounts[place])
        lines.append(
            _("That is {amount} better than alone.").format(amount=euro(saved))
            if saved >= 0
            else _("That is {amount} worse than alone.").format(amount=euro(-saved))
        )
    if division.by_place is not None and len(sharing.codes) > 1:
        added = [sharing.sign * one for one in division.by_place[place]]
        lines.append(
            _("Joining first it adds {first}, joining last {last}; the mean over all places is "
              "{mean}.").format(first=euro(added[0]), last=euro(added[-1]),
                                mean=euro(division.amounts[place]))
        )  # fmt: skip
    objection = sharing.core.objections.get(rule)
    if objection is not None:
        lines.append(
            _("The group {group} is {amount} worse off than on its own.").format(
                group=group_words(sharing, objection.members), amount=euro(objection.excess)
            )
        )
    return lines


def groups_of(sharing: Sharing, place: int) -> tuple[Group, ...]:
    """The groups that a party belongs to, without itself alone and all together: every one where
    parties are few, else those least content under the first rule."""
    game = sharing.game
    if game is None or sharing.kind in (CLAIMS, LEDGER) or not sharing.divisions:
        return ()
    count = len(game.parties)
    first = next(iter(sharing.divisions.values())).amounts
    numbers = np.arange(len(game.values))
    mine = (numbers >> place & 1 == 1) & (numbers != 1 << place) & (numbers != game.whole)
    if game.known is not None:
        mine &= game.known
    chosen = numbers[mine]
    if count > ALL_GROUPS:
        rough = chosen_roughly(game.values, first, sharing.sign, game.scale, chosen)
        chosen = rough[:MOST_GROUPS]
    groups = [group_of(sharing, int(group)) for group in chosen]
    rule = next(iter(sharing.divisions))
    groups.sort(key=lambda g: (sharing.sign * (g.alone - g.paid[rule]), len(g.members), g.members))
    return tuple(groups)


def chosen_roughly(
    values: Any, amounts: Sequence[Fraction], sign: int, scale: int, chosen: Any
) -> Any:
    """``chosen`` by saving, least first, in floating point: only to choose what is shown."""
    paid = np.zeros(len(chosen))
    for i, amount in enumerate(amounts):
        paid += (chosen >> i & 1) * float(sign * amount)
    saved = values[chosen].astype(float) / scale - paid
    return chosen[np.argsort(saved, kind="stable")]


def group_of(sharing: Sharing, group: int) -> Group:
    assert sharing.game is not None
    places = [i for i in range(len(sharing.codes)) if group >> i & 1]
    return Group(
        tuple(sharing.codes[i] for i in places),
        sharing.sign * sharing.game.cost(group),
        {
            rule: sum((division.amounts[i] for i in places), Fraction(0))
            for rule, division in sharing.divisions.items()
        },
    )
