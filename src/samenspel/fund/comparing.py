"""Before and after: who gains, who loses, who only stands by, and who moves to another segment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from samenspel.fund.distribution import Distribution, origins
from samenspel.fund.inequality import gini, plain


@dataclass(frozen=True)
class Change:
    """One municipality of after beside what it was. ``parts``: its codes before; more than one is a
    merger. ``exact_same``: whether its exact share of every portion is what it was, or what its
    parts had together, before any rounding. ``moved``: for each block in which a part was in other
    segments than the whole is now, the segments of each part by code, and those of now."""

    nis: str
    name: str
    parts: tuple[str, ...]
    before: int
    after: int
    people: int | None
    blocks: Mapping[str, tuple[int, int]]
    moved: Mapping[str, tuple[Mapping[str, tuple[str, ...]], tuple[str, ...]]]
    exact_same: bool

    @property
    def difference(self) -> int:
        return self.after - self.before

    def as_json(self) -> dict[str, Any]:
        per_head = self.difference / (100 * self.people) if self.people else None
        return {
            "nis": self.nis,
            "name": self.name,
            "parts": list(self.parts),
            "merged": len(self.parts) > 1,
            "before_cents": self.before,
            "after_cents": self.after,
            "change_cents": self.difference,
            "change_per_inhabitant": per_head,
            "exact_same": self.exact_same,
            "blocks": {
                block: {"before_cents": was, "after_cents": now}
                for block, (was, now) in self.blocks.items()
            },
            "moved": {
                block: {"before": {nis: list(in_) for nis, in_ in was.items()}, "after": list(now)}
                for block, (was, now) in self.moved.items()
            },
        }


@dataclass(frozen=True)
class Comparison:
    """Every municipality of after, in order of code. ``gone``: codes and cents of before that no
    municipality of after holds; ``new``: codes of after of which nothing was there before."""

    before: Distribution
    after: Distribution
    changes: tuple[Change, ...]
    gone: Mapping[str, int]
    new: tuple[str, ...]

    def outsiders(self) -> tuple[Change, ...]:
        """Those that did not merge."""
        return tuple(change for change in self.changes if len(change.parts) == 1)

    def as_json(self) -> dict[str, Any]:
        shown = sorted(self.changes, key=lambda c: (-abs(c.difference), c.nis))
        outside = self.outsiders()
        return {
            "before_total_cents": self.before.total,
            "after_total_cents": self.after.total,
            "winners": sum(c.difference > 0 for c in self.changes),
            "losers": sum(c.difference < 0 for c in self.changes),
            "unchanged": sum(c.difference == 0 for c in self.changes),
            "outsiders": len(outside),
            "outsiders_changed": sum(c.difference != 0 for c in outside),
            "outsiders_exactly_the_same": sum(c.exact_same for c in outside),
            "outsiders_change_cents": sum(c.difference for c in outside),
            "moved": [c.nis for c in self.changes if c.moved],
            "gini_before": plain(whole_gini(self.before)),
            "gini_after": plain(whole_gini(self.after)),
            "gone": dict(self.gone),
            "new": list(self.new),
            "municipalities": [change.as_json() for change in shown],
        }


def whole_gini(found: Distribution) -> Any:
    """The Gini over municipalities with known inhabitants."""
    rows = [(c, p) for c, p in zip(found.amounts, inhabitants(found), strict=True) if p]
    return gini([c for c, _p in rows], [p for _c, p in rows])


def inhabitants(found: Distribution) -> list[int | None]:
    """The inhabitants of each municipality by the landscape."""
    column = found.prepared.facts.columns["population"]
    return [None if value is None else int(value) for value in column.values]


def compare(before: Distribution, after: Distribution) -> Comparison:
    """``after`` beside ``before``, a merged municipality against the sum of its parts.

    Which became which follows from the lineage of the two landscapes.
    """
    was, now = before.prepared.facts, after.prepared.facts
    parts = origins(now, was)
    changes, new, people = [], [], inhabitants(after)
    blocks = list(dict.fromkeys([*before.blocks, *after.blocks]))
    shares, earlier = exact_shares(after), exact_shares(before)
    there, then = segments(after), segments(before)
    for row, nis in enumerate(now.nis):
        rows = parts[row]
        if not rows:
            new.append(nis)
            continue
        by_block = {
            block: (
                sum(before.blocks[block][r] for r in rows) if block in before.blocks else 0,
                after.blocks[block][row] if block in after.blocks else 0,
            )
            for block in blocks
        }
        moved = {
            block: (was_in, now_in)
            for block in blocks
            if {now_in := there.get(block, {}).get(row, ())}
            != set((was_in := {was.nis[r]: then.get(block, {}).get(r, ()) for r in rows}).values())
        }
        changes.append(
            Change(
                nis,
                now.names[row],
                tuple(was.nis[r] for r in rows),
                sum(was_cents for was_cents, _now in by_block.values()),
                after.amounts[row],
                people[row],
                by_block,
                moved,
                same(shares.get(row, {}), together([earlier.get(r, {}) for r in rows])),
            )
        )
    held = {r for rows in parts for r in rows}
    gone = {nis: before.amounts[r] for r, nis in enumerate(was.nis) if r not in held}
    return Comparison(before, after, tuple(changes), gone, tuple(new))


Shares = dict[tuple[str, str | None], tuple[int, int]]


def exact_shares(found: Distribution) -> dict[int, Shares]:
    """Row to its exact share of every portion, as numerator and denominator; supplements in whole
    cents."""
    shares: dict[int, Shares] = {}
    for one in found.divided:
        below = one.shares.denominator
        for row, numerator in zip(one.portion.rows, one.shares.numerators, strict=False):
            key = one.portion.block, one.portion.segment
            shares.setdefault(row, {})[key] = (numerator, below)
    plain_blocks = found.blocks.keys() - {one.portion.block for one in found.divided}
    for block in plain_blocks:
        for row, cents in enumerate(found.blocks[block]):
            shares.setdefault(row, {})[block, None] = (cents, 1)
    return shares


def together(parts: Sequence[Shares]) -> Shares:
    """What ``parts`` of a merger have together of each portion, in which all shares have one
    denominator."""
    found: Shares = {}
    for shares in parts:
        for key, (numerator, below) in shares.items():
            found[key] = (found.get(key, (0, below))[0] + numerator, below)
    return found


def same(one: Shares, other: Shares) -> bool:
    """Whether two sets of shares are worth the same portion by portion; no share is zero."""
    none = (0, 1)
    return all(
        one.get(key, none)[0] * other.get(key, none)[1]
        == other.get(key, none)[0] * one.get(key, none)[1]
        for key in one.keys() | other.keys()
    )


def segments(found: Distribution) -> dict[str, dict[int, tuple[str, ...]]]:
    """Block to row to the segments it is in; a block without segments has one, called as itself."""
    places: dict[str, dict[int, tuple[str, ...]]] = {}
    for one in found.divided:
        rows = places.setdefault(one.portion.block, {})
        for row in one.portion.rows:
            rows[row] = (*rows.get(row, ()), one.portion.segment or one.portion.block)
    return places
