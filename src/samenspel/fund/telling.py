"""A distribution as plain data, for the command line, pages and other programs."""

from collections.abc import Sequence
from typing import Any

from samenspel.fund.comparing import inhabitants
from samenspel.fund.distribution import Distribution, Prepared
from samenspel.fund.inequality import Inequality, clusters, inequality
from samenspel.fund.model import Block, Cited, Segment, Source, called


def as_json(found: Distribution, by: str | None = None) -> dict[str, Any]:
    """``found`` as plain data: ``total_cents``, ``blocks`` with their segments, ``municipalities``
    in order of code, ``gini`` (parted by the zoning or ``equipment_level`` in ``by``). Amounts are
    whole cents, ``per_inhabitant`` is in euro."""
    prepared = found.prepared
    facts = prepared.facts
    people = inhabitants(found)
    names = list(found.blocks)
    fund = prepared.rules.fund
    return {
        "rules": {
            "name": prepared.rules.name,
            "title": str(fund.title),
            **cited(fund),
            "date": prepared.date.isoformat(),
            "keep_cents": fund.keep_cents,
        },
        "landscape": {
            "name": facts.landscape.about.name,
            "date": facts.landscape.date.isoformat(),
            "fictional": facts.landscape.about.fictional,
        },
        "total_cents": found.total,
        "unspent_cents": found.unspent,
        "blocks": [block_json(found, name) for name in names],
        "figures": {
            name: {"key": c.key, "year": c.year, "source": c.source,
                   "put_for_unknown": len(c.filled)}
            for name, c in facts.columns.items()
        },
        "municipalities": [
            {
                "nis": nis,
                "name": facts.names[row],
                "amount_cents": found.amounts[row],
                "per_inhabitant": found.amounts[row] / (100 * number)
                if (number := people[row])
                else None,
                "population": people[row],
                "blocks": {name: found.blocks[name][row] for name in names},
            }
            for row, nis in enumerate(facts.nis)
        ],
        "gini": inequality_of(found, by).as_json(),
    }  # fmt: skip


def inequality_of(found: Distribution, by: str | None = None) -> Inequality:
    """The inequality of the amounts per inhabitant, parted over ``by`` where given."""
    facts = found.prepared.facts
    labels: Sequence[str] | None = None if by is None else clusters(facts.landscape, by, facts.nis)
    return inequality(found.amounts, inhabitants(found), labels, by)


def block_json(found: Distribution, name: str) -> dict[str, Any]:
    prepared = found.prepared
    entry, block = prepared.on[name]
    pieces = [one for one in found.divided if one.portion.block == name]
    return {
        "block": name,
        "entry": entry,
        "title": called(block.title, name),
        **cited(block),
        "kind": "supplement" if block.supplement is not None else "pot",
        "pot_cents": None if block.supplement is not None else sum(one.pot for one in pieces),
        "pot_status": pot_status(prepared, block),
        "amount_cents": sum(found.blocks[name]),
        "unspent_cents": sum(one.unspent for one in pieces),
        "supplement": None if block.supplement is None else block.supplement.text,
        "left_out": [prepared.facts.nis[row] for row in found.left_out[name]],
        "segments": [
            {
                "segment": one.portion.segment,
                "title": None if block.segments is None
                else segment_title(block.segments, one.portion.segment),
                "pot_cents": one.pot,
                "unspent_cents": one.unspent,
                "members": len(one.portion.rows),
                "key": one.portion.division.key.text if one.portion.division.key else None,
                "floor": text(one.portion.division.floor),
                "cap": text(one.portion.division.cap),
                "divided_over": one.portion.division.divided_over,
                "at_floor": held(one.portion.low, one.shares.held, 1),
                "at_cap": held(one.portion.high, one.shares.held, -1),
            }
            for one in pieces
        ],
    }  # fmt: skip


def held(bounds: Sequence[int | None] | None, places: Sequence[int], at: int) -> int:
    return 0 if bounds is None else sum(place == at for place in places)


def text(formula: Any) -> str | None:
    return None if formula is None else str(formula.text)


def segment_title(segments: dict[str, Segment], name: str | None) -> str:
    return called(segments[name or ""].title, name or "")


def cited(part: Cited) -> dict[str, Any]:
    """Status, source and note of a piece of the rules."""
    return {
        "status": part.status,
        "source": source_json(part.source),
        "note": None if part.note is None else str(part.note),
    }


def source_json(source: Source | None) -> dict[str, Any] | None:
    if source is None:
        return None
    return {
        "text": str(source),
        "lines": list(source.lines) if source.lines else None,
        "page": source.page,
        "url": source.url,
    }


def pot_status(prepared: Prepared, block: Block) -> str | None:
    """The status of the size of a pot: its own, or that of the total that it takes a share of."""
    if block.pot is not None:
        return block.pot.status
    total = prepared.rules.fund.total
    return total.status if block.share is not None and total is not None else None
