"""Two files of sharing side by side: what every party bears under every rule, before and after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from samenspel.compare.change import Cell, differing, tally
from samenspel.errors import InputError
from samenspel.language import _, mark
from samenspel.sharing.ledger import DIRECT, FORGONE, INDIRECT
from samenspel.sharing.share import BENEFITS, CLAIMS, COSTS, LEDGER, Sharing

# Costs by a game and costs by keys are both costs.
DIVIDED = {
    COSTS: mark("costs"), LEDGER: mark("costs"), BENEFITS: mark("benefits"),
    CLAIMS: mark("an estate among claims"),
}  # fmt: skip
SAMPLED = "sampled"


@dataclass(frozen=True)
class Amount:
    """What one party bears under one rule, in cents; None where the rule gives nothing there.
    ``sampled``: an amount rests on orders drawn by chance, so a part of the change is chance."""

    party: str
    name: str
    rule: str
    cell: Cell
    sampled: bool = False

    def as_json(self) -> dict[str, Any]:
        told = self.cell.as_json()
        return {
            "party": self.party,
            "name": self.name,
            "rule": self.rule,
            "before_cents": told["before"],
            "after_cents": told["after"],
            "change_cents": told.get("change"),
            "what": told["what"],
            "sampled": self.sampled,
        }


@dataclass(frozen=True)
class Shared:
    """``parties`` and ``rules``: before only, after only, in both. ``amounts``: of parties and
    rules that are in both; ``settlements``: what parties pay so that all ends as agreed, where both
    files have posts; ``core``: whether it is empty and, by rule, whether the division lies in it;
    ``refused``: why a rule gives nothing, before and after."""

    total: Cell
    parties: tuple[Sequence[str], Sequence[str], Sequence[str]]
    rules: tuple[Sequence[str], Sequence[str], Sequence[str]]
    amounts: tuple[Amount, ...]
    settlements: tuple[Amount, ...]
    core: Mapping[str, Cell]
    refused: tuple[Mapping[str, str], Mapping[str, str]]

    @property
    def differences(self) -> int:
        cells = [self.total, *self.core.values()]
        cells += [one.cell for one in (*self.amounts, *self.settlements)]
        away = [*self.parties[0], *self.parties[1], *self.rules[0], *self.rules[1]]
        return sum(not cell.equal for cell in cells) + len(away)

    def as_json(self, *, everything: bool = False) -> dict[str, Any]:
        def shown(amounts: Sequence[Amount]) -> list[dict[str, Any]]:
            return [one.as_json() for one in amounts if everything or not one.cell.equal]

        def sides(three: tuple[Sequence[str], Sequence[str], Sequence[str]]) -> dict[str, Any]:
            return dict(zip(("gone", "new", "both"), map(list, three), strict=True))

        return {
            "total_cents": self.total.as_json(),
            "parties": sides(self.parties),
            "rules": sides(self.rules),
            "counts": tally(one.cell.what for one in self.amounts),
            "amounts": shown(self.amounts),
            "settlements": shown(self.settlements),
            "core": differing(self.core, everything=everything),
            "refused": {
                "before": dict(self.refused[0]),
                "after": dict(self.refused[1]),
            },
        }


def sharings(before: Sharing, after: Sharing) -> Shared:
    """``after`` beside ``before``. Raises InputError where they divide different things."""
    kinds = [DIVIDED[one.kind] for one in (before, after)]
    if kinds[0] != kinds[1]:
        raise InputError(
            _("One file divides {before} and the other {after}; compare two of one kind.").format(
                before=_(kinds[0]), after=_(kinds[1])
            )
        )
    parties = three(sorted(before.names), sorted(after.names))
    rules = three([*before.divisions, *before.refused], [*after.divisions, *after.refused])
    cents = [
        {rule: dict(zip(one.codes, amounts, strict=True)) for rule, amounts in one.cents.items()}
        for one in (before, after)
    ]
    none: dict[str, int] = {}
    amounts = [
        Amount(
            party, after.names[party], rule,
            Cell(*(side.get(rule, none).get(party) for side in cents)),
            any(rule in one.divisions and one.divisions[rule].how == SAMPLED
                for one in (before, after)),
        )
        for party in parties[2]
        for rule in rules[2]
    ]  # fmt: skip
    core = {"empty": Cell(before.core.empty, after.core.empty)} | {
        rule: Cell(before.core.in_core.get(rule), after.core.in_core.get(rule)) for rule in rules[2]
    }
    return Shared(
        Cell(before.total, after.total),
        parties,
        rules,
        tuple(amounts),
        tuple(settlements(before, after, parties[2])),
        core,
        (before.refused, after.refused),
    )


def three(before: Sequence[str], after: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """Those of before only, of after only, and of both, each once."""
    was, now = dict.fromkeys(before), dict.fromkeys(after)
    return (
        [one for one in was if one not in now],
        [one for one in now if one not in was],
        [one for one in now if one in was],
    )


def settlements(before: Sharing, after: Sharing, parties: Sequence[str]) -> list[Amount]:
    """What every party pays (receives, below zero) over all posts, where both files have posts."""
    if before.ledger is None or after.ledger is None:
        return []
    every = (*DIRECT, FORGONE, *INDIRECT)
    sides = [
        dict(zip(one.parties, one.settlement(every), strict=True))
        for one in (before.ledger, after.ledger)
    ]
    return [
        Amount(code, after.names[code], "settlement", Cell(sides[0][code], sides[1][code]))
        for code in parties
    ]
