"""The land before and after: which municipalities merged, what is known of them, which zones were
drawn otherwise."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from samenspel.compare.change import (
    CHANGED,
    EQUAL,
    GONE,
    NEW,
    SAME,
    Cell,
    differing,
    unknown_told,
)
from samenspel.compare.matching import Beside, Group, Matched
from samenspel.landscape.landscape import Landscape

FACTS = ("name", "kbo", "region", "population", "area_km2", "equipment_level", "centre")
SUMMED = ("population", "area_km2")  # those of the parts add up to that of the whole
OF_A_ZONING = ("title", "kind", "cover", "binding")
MERGED = "merged"
Named = dict[str, str]


@dataclass(frozen=True)
class Town:
    """A municipality before and after. ``before``, ``after``: name by code, of all its parts;
    ``facts``: of a merger only those that add up, with the sum of the parts."""

    before: Named
    after: Named
    facts: Mapping[str, Cell]

    @property
    def what(self) -> str:
        if not self.before or not self.after:
            return GONE if self.before else NEW
        if len(self.before) + len(self.after) > 2:
            return MERGED
        return SAME if all(cell.equal for cell in self.facts.values()) else CHANGED

    @property
    def nis(self) -> str:
        return next(iter(self.after or self.before))

    @property
    def name(self) -> str:
        return next(iter((self.after or self.before).values()))

    def as_json(self, *, everything: bool = False) -> dict[str, Any]:
        return {
            "nis": self.nis,
            "name": self.name,
            "what": self.what,
            "before": listed(self.before),
            "after": listed(self.after),
            "facts": differing(self.facts, everything=everything),
        }


@dataclass(frozen=True)
class Zone:
    """A zone before and after. ``gained``, ``lost``: name by code of the municipalities that it did
    not hold before, or does not after; None where its land is unknown."""

    zoning: str
    group: Group
    names: Cell
    gained: Named | None
    lost: Named | None

    @property
    def what(self) -> str:
        if not self.group.both:
            return GONE if self.group.before else NEW
        if not self.group.one:
            return MERGED
        return CHANGED if self.gained or self.lost or not self.names.equal else SAME

    def as_json(self) -> dict[str, Any]:
        return {
            "zoning": self.zoning,
            "zone": self.group.code,
            "what": self.what,
            "before": list(self.group.before),
            "after": list(self.group.after),
            "name": {**self.names.as_json(), **({} if self.group.both else {"what": self.what})},
            "gained": None if self.gained is None else listed(self.gained),
            "lost": None if self.lost is None else listed(self.lost),
        }


@dataclass(frozen=True)
class Zoning:
    """A zoning before and after, with its zones where both have it."""

    zoning: str
    there: tuple[bool, bool]
    facts: Mapping[str, Cell]
    zones: tuple[Zone, ...]

    @property
    def what(self) -> str:
        if not all(self.there):
            return GONE if self.there[0] else NEW
        same = all(cell.equal for cell in self.facts.values())
        return SAME if same and all(zone.what == SAME for zone in self.zones) else CHANGED

    def as_json(self, *, everything: bool = False) -> dict[str, Any]:
        return {
            "zoning": self.zoning,
            "what": self.what,
            "facts": differing(self.facts, everything=everything),
            "zones": [z.as_json() for z in self.zones if everything or z.what != SAME],
            "same": sum(zone.what == SAME for zone in self.zones),
        }


@dataclass(frozen=True)
class Land:
    """Every municipality and every zoning. ``what``: whether it is known before and after which
    zonings there are (``same``); else none are compared."""

    towns: tuple[Town, ...]
    zonings: tuple[Zoning, ...]
    what: str = SAME

    @property
    def differences(self) -> int:
        zones = [zone.what for zoning in self.zonings for zone in zoning.zones]
        alone = [z.what for z in self.zonings if not all(z.there) or any_fact(z.facts)]
        told = [*(town.what for town in self.towns), *zones]
        return (self.what not in EQUAL) + sum(what != SAME for what in told) + len(alone)

    def as_json(self, *, everything: bool = False) -> dict[str, Any]:
        def shown(kind: str) -> list[dict[str, Any]]:
            return [t.as_json(everything=everything) for t in self.towns if t.what == kind]

        kinds = (MERGED, GONE, NEW, CHANGED)
        towns: dict[str, Any] = {kind: shown(kind) for kind in kinds}
        towns["same"] = sum(town.what == SAME for town in self.towns)
        if everything:
            towns["unchanged"] = shown(SAME)
        return {
            "municipalities": towns,
            "zonings": [
                zoning.as_json(everything=everything)
                for zoning in self.zonings
                if everything or zoning.what != SAME
            ],
            "zonings_same": sum(zoning.what == SAME for zoning in self.zonings),
            "zonings_what": self.what,
        }


def any_fact(facts: Mapping[str, Cell]) -> bool:
    return any(not cell.equal for cell in facts.values())


def listed(named: Named) -> list[dict[str, str]]:
    return [{"nis": nis, "name": name} for nis, name in named.items()]


def land(found: Beside) -> Land:
    """The municipalities and zonings of both landscapes. Costs O(rows)."""
    told = unknown_told(found.known("zonings"))
    return Land(tuple(towns(found)), tuple(zonings(found)) if told == SAME else (), told)


def towns(found: Beside) -> Iterator[Town]:
    rows = [
        {row["nis"]: row for row in one.table("municipalities").iter_rows(named=True)}
        for one in (found.before, found.after)
    ]
    for group in found.towns.groups:
        was, now = (
            [side[code] for code in codes]
            for side, codes in zip(rows, (group.before, group.after), strict=True)
        )
        facts = {}
        if group.one:
            facts = {name: Cell(was[0][name], now[0][name]) for name in FACTS}
        elif group.both:
            facts = {name: Cell(total(was, name), total(now, name)) for name in SUMMED}
        yield Town(names(was), names(now), facts)


def total(rows: Iterable[Mapping[str, Any]], name: str) -> Any:
    """The sum over ``rows``; unknown where one is."""
    values = [row[name] for row in rows]
    return None if None in values else sum(values)


def names(rows: Iterable[Mapping[str, Any]]) -> Named:
    return {row["nis"]: row["name"] or row["nis"] for row in rows}


def zonings(found: Beside) -> Iterator[Zoning]:
    sides = (found.before, found.after)
    rows = [
        {row["zoning"]: row for row in one.table("zonings").iter_rows(named=True)} for one in sides
    ]
    titles = [zone_names(one) for one in sides]
    known = all(one.knows("zone_members") for one in sides)
    lands = [land_of(found, one, after=bool(i)) for i, one in enumerate(sides)]
    towns = {
        nis: name or nis
        for one in sides
        for nis, name in one.table("municipalities").select("nis", "name").iter_rows()
    }
    for code in sorted(rows[0].keys() | rows[1].keys()):
        there = code in rows[0], code in rows[1]
        if not all(there):
            yield Zoning(code, there, {}, ())
            continue
        facts = {name: Cell(rows[0][code][name], rows[1][code][name]) for name in OF_A_ZONING}
        zones = tuple(
            zone_of(code, group, titles, lands if known else None, towns)
            for group in (found.zones[code].groups if all(found.known("zones")) else ())
        )
        yield Zoning(code, there, facts, zones)


Zones = dict[tuple[str, str], frozenset[str]]


def zone_of(
    zoning: str,
    group: Group,
    titles: list[dict[tuple[str, str], str | None]],
    lands: list[Zones] | None,
    towns: Named,
) -> Zone:
    called = [
        ", ".join(title for zone in codes if (title := side.get((zoning, zone)))) or None
        for side, codes in zip(titles, (group.before, group.after), strict=True)
    ]
    if lands is None:
        return Zone(zoning, group, Cell(*called), None, None)
    was, now = (
        frozenset[str]().union(*(side.get((zoning, zone), frozenset()) for zone in codes))
        for side, codes in zip(lands, (group.before, group.after), strict=True)
    )
    gained, lost = ({nis: towns.get(nis, nis) for nis in sorted(s)} for s in (now - was, was - now))
    return Zone(zoning, group, Cell(*called), gained, lost)


def zone_names(landscape: Landscape) -> dict[tuple[str, str], str | None]:
    rows = landscape.table("zones").select("zoning", "zone", "name").iter_rows()
    return {(zoning, zone): name for zoning, zone, name in rows}


def land_of(found: Beside, landscape: Landscape, *, after: bool) -> Zones:
    """The municipalities of each zone, by the code under which they stand beside each other."""
    groups = found.towns.of_after if after else found.towns.of_before
    rows = landscape.table("zone_members").group_by("zoning", "zone").agg("nis").iter_rows()
    return {
        (zoning, zone): frozenset(called(groups, nis) for nis in inside)
        for zoning, zone, inside in rows
    }


def called(groups: Mapping[str, Group], nis: str) -> str:
    return groups[nis].code if nis in groups else nis


def zone_beside(zones: Mapping[str, Matched], zoning: str, zone: str, *, after: bool) -> str:
    """A code that is the same for what is the same zone before and after."""
    groups = zones[zoning].of_after if after else zones[zoning].of_before
    return called(groups, zone)
