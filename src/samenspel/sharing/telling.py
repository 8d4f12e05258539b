"""A sharing as JSON for other programs."""

from fractions import Fraction
from typing import Any

from samenspel.language import _
from samenspel.sharing.core import Core
from samenspel.sharing.game import Game
from samenspel.sharing.ledger import COST, truncated
from samenspel.sharing.share import Sharing
from samenspel.sharing.wording import rule_title


def as_json(sharing: Sharing) -> dict[str, Any]:
    """Everything that was computed. Amounts are whole cents; ``exact_cents`` holds the same before
    rounding, as text such as 485/6. ``core`` is judged on the exact amounts; null is unknown."""
    about = sharing.file
    return {
        "title": about.title if about else "",
        "source": about.source if about else "",
        "status": about.status if about else "choice",
        "fictional": about.fictional if about else False,
        "kind": sharing.kind,
        "total_cents": sharing.total,
        "parties": [party_json(sharing, code) for code in sharing.names],
        "rules": {
            rule: {
                "title": rule_title(sharing, rule),
                "meaning": _(sharing.rule(rule).meaning),
                "source": sharing.rule(rule).source,
                "status": "choice",
                "how": division.how,
            }
            for rule, division in sharing.divisions.items()
        },
        "figures": {
            name: {"title": figure.title, "source": figure.source, "status": figure.status}
            for name, figure in (about.figures if about else {}).items()
        },
        "keys": {
            name: {"source": key.source, "status": key.status}
            for name, key in (about.keys if about else {}).items()
        },
        "game": {"source": about.game_source, "status": about.game_status}
        if about and about.game is not None
        else None,
        "not_computed": {rule: _(reason) for rule, reason in sharing.refused.items()},
        "rounding": "largest remainder, ties by code",
        "core": core_json(sharing.core, sharing.game),
        "ledger": None if sharing.ledger is None else sharing.ledger.as_json(),
        "as_printed": printed_json(sharing),
        "sampling": sampling_json(sharing),
    }


def party_json(sharing: Sharing, code: str) -> dict[str, Any]:
    place = sharing.codes.index(code)
    return {
        "party": code,
        "name": sharing.names[code],
        "amounts_cents": {rule: cents[place] for rule, cents in sharing.cents.items()},
        "exact_cents": {
            rule: str(division.amounts[place]) for rule, division in sharing.divisions.items()
        },
        "alone_cents": alone_json(sharing, place),
    }


def alone_json(sharing: Sharing, place: int) -> str | None:
    """What a party would pay (or gain, or be sure of) on its own, as text; None where that is
    unknown."""
    amount = sharing.alone[place] if sharing.alone else None
    return None if amount is None else str(amount)


def core_json(core: Core, game: Game | None) -> dict[str, Any]:
    """``least_excess_cents``: the least largest excess, null where a cost is unknown. ``proof``: of
    an empty core, groups whose own costs, so weighted, come to less than their part of the whole,
    while every party counts equally."""
    complete = game is not None and game.known is None
    return {
        "empty": core.empty,
        "in_core": dict(core.in_core),
        "objecting": {
            rule: list(core.objections[rule].members) if rule in core.objections else []
            for rule in core.in_core
        },
        "excess_cents": {rule: str(found.excess) for rule, found in core.objections.items()},
        "least_excess_cents": str(core.least.excess) if core.least and complete else None,
        "proof": [
            {"members": game.names(group), "weight": str(weight)}
            for group, weight in core.least.proof
        ]
        if core.empty and core.least and game
        else [],
        "concave": core.concave,
        "subadditive": core.subadditive,
    }


def printed_json(sharing: Sharing) -> dict[str, Any] | None:
    """The costs as agreed, cut down to the step of a printed table, and what its rows miss."""
    if sharing.ledger is None or sharing.file is None or sharing.file.printed is None:
        return None
    step = sharing.file.printed
    whole, missing = truncated([Fraction(a) for a in sharing.ledger.agreed((COST,))], step)
    return {
        "truncated_to_cents": step,
        "amounts_cents": {code: whole[sharing.codes.index(code)] for code in sharing.names},
        "total_cents": sum(whole),
        "missing_cents": missing,
    }


def sampling_json(sharing: Sharing) -> dict[str, Any] | None:
    found = sharing.estimate
    if found is None:
        return None
    return {
        "rule": "shapley",
        "orders": found.orders,
        "seed": found.seed,
        "confidence": found.confidence,
        "error_cents": dict(zip(sharing.codes, found.errors, strict=True)),
    }
