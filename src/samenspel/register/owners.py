"""Whom a fact concerns: the organisations whose it is, and the zones in which it lies.

Pure, over a landscape of one day. A municipality stands for its OCMW and for every organisation
that belongs to it; what became of a municipality or partnership stands for what it was before.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any
from weakref import ref

import polars as pl

from samenspel.landscape.landscape import Landscape
from samenspel.register.rights import Subject

Codes = frozenset[str]
Zones = frozenset[tuple[str, str]]
NOBODY: Codes = frozenset()
# The tables that the answers are taken from: of a landscape no other need be there.
READ = ("municipalities", "organisations", "partnerships", "memberships", "zone_members", "lineage")
# Facts about land, of nobody in particular: the columns with its municipalities.
LAND = {
    "geometries": ("nis",),
    "adjacency": ("nis_a", "nis_b"),
    "figures": ("nis",),
    "flows": ("from", "to"),
}


class Owners:
    """What a landscape says of who belongs to whom, each part read once, when first asked for."""

    def __init__(self, land: Landscape) -> None:
        self._land = ref(land)
        self._date = land.date
        self._frames = {name: land.table(name) for name in READ}

    def of(self, land: Landscape) -> bool:
        """Whether these are the owners of ``land``."""
        return self._land() is land

    def subject(self, table: str, values: Mapping[str, Any]) -> Subject:
        """Whom the row ``values`` of ``table`` concerns."""
        if table in ("memberships", "mandates"):
            body, member = values["partnership"], values["organisation"]
            members = self.whose(member)
            return Subject(
                table,
                self.whose(body) | members,
                self.zones_of(body) | self.zones_of(member),
                members=members,
            )
        if table == "organisations":
            return self.organisation(values["id"], values.get("nis"))
        if table in ("tasks", "task_provision"):
            return self.concerning(table, values["partnership"])
        if table == "partnerships":
            return self.concerning(table, values["id"])
        if table == "municipalities":
            return self.concerning(table, values["nis"])
        if table in ("zones", "zone_members"):
            return Subject(table, zones=frozenset({(values["zoning"], values["zone"])}))
        towns = [values[column] for column in LAND.get(table, ())]
        return Subject(table, zones=union(self.zones_of(town) for town in towns))

    def concerning(self, table: str, code: str | None) -> Subject:
        """The subject that a row of ``table`` about the organisation ``code`` is."""
        return Subject(table, self.whose(code), self.zones_of(code))

    def organisation(self, code: str | None, town: str | None) -> Subject:
        """The subject that an organisation is which its own row says to belong to ``town``; a
        municipality or a partnership belongs to nobody, whatever the row says."""
        found = self.concerning("organisations", code)
        if code in self.bodies:
            return found
        return Subject(
            "organisations",
            found.organisations | self.whose(town),
            found.zones | self.zones_of(town),
        )

    def whose(self, code: str | None) -> Codes:
        """The organisations for which ``code`` counts as their own: itself, the municipality that
        it belongs to, and what became of either."""
        if code is None:
            return NOBODY
        found = {code}
        todo = [code]
        while todo:
            one = todo.pop()
            town = self.town_of.get(one)
            fresh = ({town} if town else set()) | self.heirs.get(one, set())
            todo += fresh - found
            found |= fresh
        return frozenset(found)

    def zones_of(self, code: str | None) -> Zones:
        """The zones in which the organisation ``code`` lies: those of its municipality, and those
        in which a partnership has a member on this day. A partnership that is itself a member
        does not bring the zones of its own members."""
        if code is None:
            return frozenset()
        codes = self.whose(code)
        towns = codes.union(*(self.whose(m) for one in codes for m in self.members.get(one, ())))
        return union(self.zones.get(town, frozenset()) for town in towns)

    @cached_property
    def bodies(self) -> set[str]:
        """Municipalities and partnerships: what has a row of its own besides ``organisations``."""
        return {*self._frames["municipalities"]["nis"], *self._frames["partnerships"]["id"]}

    @cached_property
    def town_of(self) -> dict[str, str]:
        """The municipality of each organisation that belongs to one."""
        frame = self._frames["organisations"].select("id", "nis").drop_nulls()
        return {code: nis for code, nis in frame.iter_rows() if code not in self.bodies}

    @cached_property
    def members(self) -> dict[str, list[str]]:
        """The members of each partnership."""
        frame = self._frames["memberships"].select("partnership", "organisation").drop_nulls()
        return dict(frame.group_by("partnership").agg("organisation").iter_rows())

    @cached_property
    def zones(self) -> dict[str, Zones]:
        """The zones of each municipality, of every zoning."""
        frame = self._frames["zone_members"].select("nis", "zoning", "zone").drop_nulls()
        each = frame.group_by("nis").agg("zoning", "zone")
        return {nis: frozenset(zip(*names, strict=True)) for nis, *names in each.iter_rows()}

    @cached_property
    def heirs(self) -> dict[str, set[str]]:
        """What each municipality, partnership or organisation became by this day."""
        found: dict[str, set[str]] = defaultdict(set)
        frame = self._frames["lineage"].filter(
            (pl.col("kind") != "zone") & (pl.col("date") <= self._date)
        )
        for old, new in frame.select("old", "new").drop_nulls().iter_rows():
            found[old].add(new)
        return dict(found)


_last: list[Owners] = []


def owners_in(land: Landscape) -> Owners:
    """The owners of ``land``; those of the landscapes asked of last are kept."""
    kept: Owners | None = next((found for found in _last if found.of(land)), None)
    if kept is None:
        kept = Owners(land)
        _last[:] = [kept, *_last[:1]]
    return kept


def subject_of(table: str, values: Mapping[str, Any], land: Landscape) -> Subject:
    """Whom the row ``values`` of ``table`` concerns on the day of ``land``: organisations whose it
    is, those among them that are the member or sit there, zones in which it lies. A table that is
    nobody's own (land, figures, sources) has no organisations."""
    return owners_in(land).subject(table, values)


def union(found: Iterable[Zones]) -> Zones:
    return frozenset[tuple[str, str]]().union(*found)
