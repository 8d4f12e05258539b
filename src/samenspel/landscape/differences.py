"""Comparing three states of the rows of a table: what was given out, what is there now, and what
came back. Knows nothing of where the rows come from; a row is found by a key that the caller
makes, and a value None is unknown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Key = tuple[Any, ...]
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """One row that becomes another: ``before`` is None for a new row, ``after`` for one that
    goes."""

    table: str
    key: Key
    before: Row | None
    after: Row | None

    @property
    def kind(self) -> str:
        """``added``, ``changed`` or ``removed``."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"

    @property
    def cells(self) -> dict[str, tuple[Any, Any]]:
        """For each column that differs its value before and after."""
        before, after = self.before or {}, self.after or {}
        pairs = {name: (before.get(name), after.get(name)) for name in {**before, **after}}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


@dataclass(frozen=True)
class Conflict:
    """A cell, or where ``column`` is None a row, that was changed on both sides in different
    ways. ``ours`` is what is there now and ``theirs`` what came back: values of the cell; for a
    row nothing."""

    table: str
    key: Key
    column: str | None
    ours: Any = None
    theirs: Any = None


@dataclass(frozen=True)
class Comparison:
    """What came of it. ``missing``: rows that did not come back and stay."""

    changes: list[Change]
    conflicts: list[Conflict]
    missing: list[Change]


def compare(
    table: str,
    base: Mapping[Key, Row],
    ours: Mapping[Key, Row],
    theirs: Mapping[Key, Row],
    *,
    remove: bool = False,
) -> Comparison:
    """What must change in ``ours`` so that it takes up what ``theirs`` changed since ``base``.

    A cell that theirs did not change stays as it is in ours; one that only theirs changed, or both
    in the same way, is theirs; any other is a conflict and stays. A row that base does not have
    was unknown in every cell. A row of base that theirs lacks is removed with ``remove`` and
    missing otherwise. Only the columns of theirs are compared.
    """
    changes: list[Change] = []
    conflicts: list[Conflict] = []
    missing: list[Change] = []
    for key, row in theirs.items():
        before, now = base.get(key), ours.get(key)
        wanted = {name: value for name, value in row.items() if value != (before or {}).get(name)}
        if now is None and before is None:
            changes.append(Change(table, key, None, dict(row)))
        elif now is None:
            conflicts += [Conflict(table, key, None)] if wanted else []
        else:
            split = list(conflicting(table, key, before or {}, now, wanted))
            conflicts += split
            after = {**now, **wanted, **{c.column: c.ours for c in split if c.column}}
            if after != dict(now):
                changes.append(Change(table, key, now, after))
    for key, before in base.items():
        now = ours.get(key)
        if key in theirs or now is None:
            continue
        gone = Change(table, key, now, None)
        if not remove:
            missing.append(gone)
        elif all(now.get(name) == value for name, value in before.items()):
            changes.append(gone)
        else:
            conflicts.append(Conflict(table, key, None))
    return Comparison(changes, conflicts, missing)


def conflicting(
    table: str, key: Key, before: Row, now: Row, wanted: Mapping[str, Any]
) -> Iterator[Conflict]:
    """The cells of ``wanted`` that ours changed too, to something else."""
    for name, value in wanted.items():
        if now.get(name) not in (before.get(name), value):
            yield Conflict(table, key, name, now.get(name), value)
