"""Partnerships before and after: gone, new and merged ones, their facts, members, tasks and seats,
row by row."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from samenspel.compare.change import (
    BECAME_KNOWN,
    BECAME_UNKNOWN,
    CHANGED,
    EQUAL,
    GONE,
    NEW,
    SAME,
    UNKNOWN,
    Cell,
    differing,
    plain,
    unknown_told,
)
from samenspel.compare.land import MERGED
from samenspel.compare.matching import Beside, Group
from samenspel.landscape.columns import PROVENANCE
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.tables import VALIDITY
from samenspel.law.evidence import names_of

# Of each table the columns that say which row it is, and those of them that are organisations.
KEYS = {
    "memberships": ("organisation",),
    "tasks": ("task",),
    "task_provision": ("task", "organisation"),
    "mandates": ("organ", "organisation", "side"),
}
MEMBER = "organisation"
LEFT_OUT = {column.name for column in PROVENANCE} | set(VALIDITY)

Key = tuple[Hashable, ...]
Rows = Mapping[Key, list[dict[str, Any]]]


@dataclass(frozen=True)
class Listed:
    """The rows of one table about one partnership, by key. ``gained``, ``lost``: rows, as they
    stand after and before; ``changed``: the key of a row that is one before and after, and its
    cells; ``united``: rows of before and of after where several are one. ``known``: whether any
    row is listed before and after, for what lists none is unknown."""

    known: tuple[bool, bool]
    gained: tuple[dict[str, Any], ...]
    lost: tuple[dict[str, Any], ...]
    changed: tuple[tuple[dict[str, Any], Mapping[str, Cell]], ...]
    united: tuple[tuple[tuple[dict[str, Any], ...], tuple[dict[str, Any], ...]], ...]
    same: int

    @property
    def what(self) -> str:
        if not all(self.known):
            if not any(self.known):
                return UNKNOWN
            return BECAME_KNOWN if self.known[1] else BECAME_UNKNOWN
        return CHANGED if self.gained or self.lost or self.changed or self.united else SAME

    def as_json(self) -> dict[str, Any]:
        return {
            "what": self.what,
            "gained": list(self.gained),
            "lost": list(self.lost),
            "changed": [{**row, "cells": differing(cells)} for row, cells in self.changed],
            "united": [{"before": list(was), "after": list(now)} for was, now in self.united],
            "same": self.same,
        }


@dataclass(frozen=True)
class Body:
    """One partnership before and after. ``facts``: the cells of its row where it is one;
    ``tables``: of memberships and so on."""

    group: Group
    name: str
    facts: Mapping[str, Cell]
    tables: Mapping[str, Listed]

    @property
    def what(self) -> str:
        if not self.group.both:
            return GONE if self.group.before else NEW
        if not self.group.one:
            return MERGED
        same = all(cell.equal for cell in self.facts.values())
        rows = all(listed.what in (SAME, UNKNOWN) for listed in self.tables.values())
        return SAME if same and rows else CHANGED

    def as_json(self, *, everything: bool = False) -> dict[str, Any]:
        return {
            "partnership": self.group.code,
            "name": self.name,
            "what": self.what,
            "before": list(self.group.before),
            "after": list(self.group.after),
            "facts": differing(self.facts, everything=everything),
            **{
                name: listed.as_json()
                for name, listed in self.tables.items()
                if everything or listed.what not in (SAME, UNKNOWN)
            },
        }


@dataclass(frozen=True)
class Partnerships:
    """Every partnership of either. ``what``: whether it is known before and after which there are
    (``same``); else there are no ``bodies``."""

    bodies: tuple[Body, ...]
    what: str = SAME

    @property
    def differences(self) -> int:
        return (self.what not in EQUAL) + sum(body.what != SAME for body in self.bodies)

    def counts(self) -> dict[str, int]:
        """How many are gone, new, merged, changed or the same; of those that are there before and
        after how many have another legal form, and how many gained and lost members."""
        found = {kind: sum(body.what == kind for body in self.bodies)
                 for kind in (GONE, NEW, MERGED, CHANGED, SAME)}  # fmt: skip
        there = [body for body in self.bodies if body.group.both]
        members = [body.tables["memberships"] for body in there if "memberships" in body.tables]
        known = [one for one in members if all(one.known)]
        forms = [body.facts["legal_form"] for body in there if body.facts]
        return {
            **found,
            "changed_form": sum(cell.what == CHANGED for cell in forms),
            "gained_members": sum(bool(one.gained) for one in known),
            "lost_members": sum(bool(one.lost) for one in known),
            "members_gained": sum(len(one.gained) for one in known),
            "members_lost": sum(len(one.lost) for one in known),
        }

    def as_json(self, *, everything: bool = False) -> dict[str, Any]:
        kinds = (GONE, NEW, MERGED, CHANGED, *([SAME] if everything else []))
        return {
            "what": self.what,
            "counts": self.counts(),
            **{
                kind: [
                    body.as_json(everything=everything) for body in self.bodies if body.what == kind
                ]
                for kind in kinds
            },
        }


def partnerships(found: Beside) -> Partnerships:
    """The partnerships of both landscapes. Costs O(rows)."""
    told = unknown_told(found.known("partnerships"))
    if told != SAME:
        return Partnerships((), told)
    sides = (found.before, found.after)
    facts = [
        {row["id"]: row for row in one.table("partnerships").iter_rows(named=True)} for one in sides
    ]
    both = [name for name in KEYS if all(one.knows(name) for one in sides)]
    names = [names_of(one) for one in sides]
    tables = {
        name: [rows_of(found, one, name, names[i], after=bool(i)) for i, one in enumerate(sides)]
        for name in both
    }
    bodies = []
    for group in found.bodies.groups:
        named = names[1] if group.after else names[0]
        cells = {}
        if group.one:
            was, now = facts[0][group.before[0]], facts[1][group.after[0]]
            cells = dict(of_row(found, was, now))
        listed = {
            name: compared(of_group(was, group.before), of_group(now, group.after), KEYS[name])
            for name, (was, now) in tables.items()
        }
        bodies.append(Body(group, named.get(group.code) or group.code, cells, listed))
    return Partnerships(tuple(bodies))


def of_row(
    found: Beside, was: Mapping[str, Any], now: Mapping[str, Any]
) -> Iterator[tuple[str, Cell]]:
    """The cells of a row of ``partnerships`` before and after; a host is the same where it is."""
    for name in dict.fromkeys([*now, *was]):
        if name == "id" or name in LEFT_OUT:
            continue
        cell = Cell(was.get(name), now.get(name))
        if name == "host" and cell.before is not None and cell.after is not None:
            hosts = [found.body(cell.before, after=False), found.body(cell.after, after=True)]
            cell = Cell(cell.after, cell.after) if hosts[0] == hosts[1] else cell
        yield name, cell


def rows_of(
    found: Beside, landscape: Landscape, name: str, names: Mapping[str, str], *, after: bool
) -> dict[str, dict[Key, list[dict[str, Any]]]]:
    """The rows of table ``name`` by partnership and key, without where they come from; members by
    the code under which they stand beside each other."""
    kept: dict[str, dict[Key, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    columns = [c for c in landscape.table(name).columns if c not in LEFT_OUT]
    for row in landscape.table(name).select(columns).iter_rows(named=True):
        key = tuple(
            found.body(row[c], after=after) if c == MEMBER and row[c] is not None else row[c]
            for c in KEYS[name]
        )
        told = {c: plain(value) for c, value in row.items() if c != "partnership"}
        if MEMBER in told:
            told["name"] = names.get(row[MEMBER] or "", row[MEMBER])
        kept[row["partnership"]][key].append(told)
    return kept


def of_group(
    rows: Mapping[str, Mapping[Key, list[dict[str, Any]]]], codes: tuple[str, ...]
) -> Rows:
    """The rows of one or more partnerships that are one thing, by key."""
    kept: dict[Key, list[dict[str, Any]]] = defaultdict(list)
    for code in codes:
        for key, listed in rows.get(code, {}).items():
            kept[key] += listed
    return kept


def compared(was: Rows, now: Rows, keys: Sequence[str]) -> Listed:
    """The rows of before beside those of after. ``keys``: the columns that say which row it is."""
    changed, united, same = [], [], 0
    for key in sorted(was.keys() & now.keys(), key=repr):
        one, other = was[key], now[key]
        if len(one) > 1 or len(other) > 1:
            if sorted(map(repr, one)) == sorted(map(repr, other)):
                same += 1
            else:
                united.append((tuple(one), tuple(other)))
            continue
        cells = {
            name: Cell(one[0].get(name), value)
            for name, value in other[0].items()
            if name not in (*keys, "name")
        }
        if all(cell.equal for cell in cells.values()):
            same += 1
        else:
            changed.append(({c: other[0].get(c) for c in (*keys, "name")}, cells))
    return Listed(
        (bool(was), bool(now)),
        tuple(row for key in sorted(now.keys() - was.keys(), key=repr) for row in now[key]),
        tuple(row for key in sorted(was.keys() - now.keys(), key=repr) for row in was[key]),
        tuple(changed),
        tuple(united),
        same,
    )
