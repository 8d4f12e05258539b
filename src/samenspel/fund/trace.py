"""The trace of one municipality: every number that is needed to do it again by hand."""

from fractions import Fraction
from typing import Any

from samenspel.fund import kernel
from samenspel.fund.distribution import Distribution, Divided
from samenspel.fund.facts import Facts
from samenspel.fund.formula import Formula, Value
from samenspel.fund.model import called

HELD = {kernel.FREE: None, kernel.LOW: "floor", kernel.HIGH: "cap"}


def trace(found: Distribution, nis: str) -> dict[str, Any]:
    """How the amount of ``nis`` comes about, portion by portion, as plain data.

    Each portion with a share says: key, the figures that it reads with their year and source, the
    weight, the sum of all weights, the pot, the exact share in cents as a fraction, whether it
    stands at a floor or a cap and what the others then divide, and how it was rounded. Weights are
    exact fractions written as text.
    """
    facts = found.prepared.facts
    row = facts.place[nis]
    steps = [portion(found, one, row) for one in found.divided]
    for name, (_entry, block) in found.prepared.on.items():
        if block.supplement is not None:
            steps.append(
                {
                    "block": name,
                    "title": called(block.title, name),
                    "segment": None,
                    "member": None if row in found.left_out[name] else True,
                    "supplement": block.supplement.text,
                    "figures": figures(facts, block.supplement, row),
                    "cents": found.blocks[name][row],
                }
            )
    return {
        "nis": nis,
        "name": facts.names[row],
        "portions": steps,
        "amount_cents": found.amounts[row],
    }


def portion(found: Distribution, one: Divided, row: int) -> dict[str, Any]:
    """One portion for ``row``; of a municipality that is no member only why."""
    part, prepared = one.portion, found.prepared
    block = prepared.on[part.block][1]
    segment = block.segments[part.segment] if block.segments and part.segment else None
    told: dict[str, Any] = {
        "block": part.block,
        "title": called(block.title, part.block),
        "segment": part.segment,
        "segment_title": called(segment.title, part.segment or "") if segment else None,
        "member": None if row in part.left_out else row in one.place,
        "pot_cents": one.pot,
        "cents": 0,
    }
    place = one.place.get(row)
    if place is None:
        return told
    key, shares = part.division.key, one.shares
    assert key is not None
    numerator, below = shares.numerators[place], shares.denominator
    down = numerator // below
    cents = one.cents[place]
    weight = Fraction(part.weights[place], part.scale)
    every = sum(part.weights) + (part.outside or 0)
    return told | {
        "key": key.text,
        "figures": figures(prepared.facts, key, row),
        "totals": {text: plain(value) for text, value in part.totals.items()},
        "totals_over": part.counted,
        "weight": plain(weight),
        "weights_sum": plain(Fraction(every, part.scale)),
        "members": len(part.rows),
        "divided_over": part.division.divided_over,
        "exact_cents": plain(Fraction(numerator, below)),
        "floor_cents": None if part.low is None else part.low[place],
        "cap_cents": None if part.high is None else part.high[place],
        "held": HELD[shares.held[place]] if part.low or part.high else None,
        "free_pot_cents": shares.free_pot,
        "free_weights_sum": plain(Fraction(shares.free_weight, part.scale)),
        "rounded_down_cents": down,
        **rounding(one, place),
        "cents": cents,
    }


def rounding(one: Divided, place: int) -> dict[str, Any]:
    """How the share at ``place`` became whole cents: ``kept`` those of before, ``exact``, ``up`` or
    ``down``; the cents that rounding down left over, and which in the row for one it was."""
    below = one.shares.denominator
    rests = [numerator % below for numerator in one.shares.numerators]
    downs = [numerator // below for numerator in one.shares.numerators]
    order = sorted(range(len(rests)), key=lambda i: -rests[i])
    cents = one.cents[place]
    how = "up" if cents > downs[place] else "down"
    if place in one.kept:
        how = "kept"
    elif rests[place] == 0 and cents == downs[place]:
        how = "exact"
    left = one.pot - sum(downs)
    return {"rounding": how, "left_over_cents": left, "place_in_row": order.index(place) + 1}


def figures(facts: Facts, formula: Formula, row: int) -> dict[str, dict[str, Any]]:
    """The figures that ``formula`` reads, of ``row``, with where they come from."""
    found = {}
    for name in formula.names:
        column = facts.columns.get(name)
        if column is not None:
            found[name] = {
                "value": plain(column.values[row]),
                "key": column.key,
                "year": column.year,
                "source": column.source,
                "put_for_unknown": row in column.filled,
            }
    return found


def plain(value: Value) -> str | None:
    """An exact number as text: a decimal where it ends within six digits, else a fraction."""
    if value is None:
        return None
    scaled = value * 10**6
    if scaled.denominator == 1:
        sign, digits = "-" * (value < 0), f"{abs(scaled.numerator):07d}"
        return f"{sign}{digits[:-6]}.{digits[-6:]}".rstrip("0").rstrip(".")
    return f"{value.numerator}/{value.denominator}"
