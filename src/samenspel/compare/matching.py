"""What stands beside what in two landscapes: the same code, or what became what by the lineage."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Date
from functools import cached_property

import polars as pl

from samenspel.landscape.landscape import Landscape

Days = list[dict[str, set[str]]]  # what became what, day by day
MEMBERS = ("memberships", "mandates", "task_provision")


@dataclass(frozen=True)
class Group:
    """Codes that are the same thing before and after, in rising order: one and one, several where
    it was merged (or split), none where it is new or gone."""

    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def one(self) -> bool:
        """Whether it is one thing before and one after."""
        return len(self.before) == len(self.after) == 1

    @property
    def both(self) -> bool:
        """Whether it is there before and after."""
        return bool(self.before and self.after)

    @property
    def code(self) -> str:
        """What it is called: its first code after, else before."""
        return (self.after or self.before)[0]


@dataclass(frozen=True)
class Matched:
    """Every group of one kind, in order of code."""

    groups: tuple[Group, ...]

    @cached_property
    def of_before(self) -> Mapping[str, Group]:
        """The group of every code of before."""
        return {code: group for group in self.groups for code in group.before}

    @cached_property
    def of_after(self) -> Mapping[str, Group]:
        """The group of every code of after."""
        return {code: group for group in self.groups for code in group.after}

    @property
    def gone(self) -> list[str]:
        return [group.code for group in self.groups if not group.after]

    @property
    def new(self) -> list[str]:
        return [group.code for group in self.groups if not group.before]

    @property
    def united(self) -> list[Group]:
        """Those that are several before or after."""
        return [group for group in self.groups if group.both and not group.one]


@dataclass(frozen=True)
class Beside:
    """What stands beside what. ``towns``: municipalities; ``bodies``: partnerships; ``others``:
    further organisations; ``zones``: by zoning, of zonings that both have."""

    before: Landscape
    after: Landscape
    towns: Matched
    bodies: Matched
    others: Matched
    zones: Mapping[str, Matched]

    @cached_property
    def keys(self) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """Of every code before, and of every code after, one that is the same for what is the same
        municipality, partnership or other organisation."""
        kinds = (self.others, self.bodies, self.towns)
        return (
            {c: group.code for kind in kinds for group in kind.groups for c in group.before},
            {c: group.code for kind in kinds for group in kind.groups for c in group.after},
        )

    def known(self, *tables: str) -> tuple[bool, bool]:
        """Whether before, and whether after, knows every one of ``tables``."""
        was, now = (all(map(one.knows, tables)) for one in (self.before, self.after))
        return was, now

    def body(self, code: str, *, after: bool) -> str:
        """What stands for ``code`` before and after; itself where it is not listed."""
        return self.keys[after].get(code, code)


def beside(before: Landscape, after: Landscape) -> Beside:
    """What stands beside what. Costs O(rows of lineage + codes)."""
    towns = [set(one.table("municipalities")["nis"]) for one in (before, after)]
    bodies = [set(one.table("partnerships")["id"]) for one in (before, after)]
    others = [
        organisations(one) - here - there
        for one, here, there in zip((before, after), towns, bodies, strict=True)
    ]
    zonings = [set(one.table("zonings")["zoning"]) for one in (before, after)]
    zones = [zones_of(one) for one in (before, after)]
    none: set[str] = set()
    return Beside(
        before,
        after,
        matched(before, after, "municipality", towns),
        matched(before, after, "partnership", bodies),
        matched(before, after, "organisation", others),
        {
            zoning: matched(before, after, "zone", [one.get(zoning, none) for one in zones], zoning)
            for zoning in sorted(zonings[0] & zonings[1])
        },
    )


def organisations(landscape: Landscape) -> set[str]:
    """Every organisation that is listed or takes part in something."""
    found = set(landscape.table("organisations")["id"])
    for name in MEMBERS:
        found |= set(landscape.table(name)["organisation"].drop_nulls())
    return found


def zones_of(landscape: Landscape) -> dict[str, set[str]]:
    """The zones of each zoning."""
    rows = landscape.table("zones").group_by("zoning").agg("zone").iter_rows()
    return {zoning: set(zones) for zoning, zones in rows}


def matched(
    before: Landscape,
    after: Landscape,
    kind: str,
    codes: Sequence[Iterable[str]],
    zoning: str | None = None,
) -> Matched:
    """The ``codes`` of before and of after beside each other. ``kind`` and ``zoning``: of the rows
    of lineage to go by.

    What happened after before leads forward; what before knows and after does not leads backward,
    so that two landscapes that were made of one stand beside each other too.
    """
    was, now = (frozenset(code for code in side if code is not None) for side in codes)
    forth = days(happened(before, after, kind, zoning))
    back = days(happened(after, before, kind, zoning))
    links = [(code, other) for code in was for other in led(code, forth, now, here=True)]
    links += [(code, other) for other in now for code in led(other, back, was, here=False)]
    return Matched(tuple(sorted(grouped(was, now, links), key=lambda g: (g.code, g.before))))


def happened(
    before: Landscape, after: Landscape, kind: str, zoning: str | None
) -> list[tuple[str, str, Date | None]]:
    """The rows of lineage (old, new, day) that lie between the two: what ``after`` tells that
    ``before`` does not, and what fell between their days."""
    told = set(rows_of(before, kind, zoning))
    return [
        row
        for row in rows_of(after, kind, zoning)
        if row[2] is None or (row[2] <= after.date and (row not in told or row[2] > before.date))
    ]


def rows_of(
    landscape: Landscape, kind: str, zoning: str | None
) -> Iterator[tuple[str, str, Date | None]]:
    rows = landscape.table("lineage").filter(
        pl.col("kind") == kind, pl.col("zoning").eq_missing(zoning)
    )
    return rows.select("old", "new", "date").iter_rows()


def days(rows: Iterable[tuple[str, str, Date | None]]) -> Days:
    """The steps day by day, those without a day last."""
    found: dict[Date | None, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for old, new, day in rows:
        found[day][old].add(new)
    order = sorted(found, key=lambda day: (day is None, day or Date.min))
    return [dict(found[day]) for day in order]


def led(code: str, steps: Days, there: frozenset[str], *, here: bool) -> set[str]:
    """The codes of ``there`` that ``code`` became; itself where nothing happened to it and ``here``
    asks for it."""
    now, moved = {code}, False
    for became in steps:
        for turn in range(len(became)):
            # What a code became may itself go on the same day, where it is there no more.
            going = {one for one in now if one in became and (turn == 0 or one not in there)}
            if not going:
                break
            now = now - going | {new for one in going for new in became[one]}
            moved = True
    return now & there if moved or here else set()


def grouped(
    was: frozenset[str], now: frozenset[str], links: Iterable[tuple[str, str]]
) -> Iterator[Group]:
    """The groups that hang together by ``links`` (a code of before, a code of after)."""
    forth: dict[str, set[str]] = defaultdict(set)
    back: dict[str, set[str]] = defaultdict(set)
    for code, other in links:
        forth[code].add(other)
        back[other].add(code)
    seen: set[str] = set()
    for start in sorted(was):
        if start in seen:
            continue
        before, after, waiting = {start}, set[str](), [start]
        while waiting:
            for other in forth[waiting.pop()] - after:
                after.add(other)
                waiting += back[other] - before
                before |= back[other]
        seen |= before
        yield Group(tuple(sorted(before)), tuple(sorted(after)))
    for code in sorted(now - back.keys()):
        yield Group((), (code,))
