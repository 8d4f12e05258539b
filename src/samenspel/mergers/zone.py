"""The zone whose municipalities may merge: which they are, and who borders whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from samenspel.delineation.facts import borders_of
from samenspel.delineation.problem import Ints, Pairs, pairs
from samenspel.errors import InputError
from samenspel.landscape.landscape import Landscape
from samenspel.language import _
from samenspel.screening.select import find_municipality, find_zone, zoning_chosen

# How many municipalities a merger joins, unless the user says otherwise (status: choice; it is
# the size in which the SBV reads small cooperation, toekomstvisie 2023, 4.1.2).
NUMBER = (2, 5)
Links = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Bounds:
    """What a merger may be: how many municipalities, from 2 on, and how many inhabitants it may
    have (None: any number). Both ends are included, and both are the user's choice."""

    municipalities: tuple[int, int] = NUMBER
    population: tuple[int | None, int | None] = (None, None)


@dataclass(frozen=True)
class Zone:
    """A zone of ``zoning``. ``towns``: its municipalities as numbers of the landscape's index,
    ascending; ``borders``: pairs of places in ``towns`` that border each other or are linked;
    ``absent``: codes that the zone names and the landscape does not have."""

    zoning: str
    zone: str
    name: str | None
    towns: Ints
    borders: Pairs
    absent: tuple[str, ...] = ()

    @property
    def cut_off(self) -> Ints:
        """The municipalities without a neighbour in the zone: no merger can hold them."""
        near = np.zeros(len(self.towns), np.bool_)
        near[self.borders.a] = True
        near[self.borders.b] = True
        return self.towns[~near]


@dataclass(frozen=True)
class Sets:
    """Sets of municipalities. Set s: ``members[starts[s]:starts[s + 1]]``, numbers of the
    landscape's index, ascending."""

    starts: Ints
    members: Ints

    @property
    def count(self) -> int:
        """How many."""
        return len(self.starts) - 1

    @property
    def sizes(self) -> Ints:
        """Of each set how many municipalities it holds."""
        return np.diff(self.starts)

    def of(self, number: int) -> list[int]:
        """The municipalities of one set."""
        found: list[int] = self.members[self.starts[number] : self.starts[number + 1]].tolist()
        return found

    def matrix(self, towns: int) -> sparse.csr_matrix:
        """Sparse 0/1 matrix of sets by ``towns`` municipalities."""
        ones = np.ones(len(self.members))
        return sparse.csr_matrix((ones, self.members, self.starts), shape=(self.count, towns))

    def padded(self) -> Ints:
        """One row per set with its municipalities, filled up with -1."""
        sizes = self.sizes
        rows = np.full((self.count, int(sizes.max(initial=1))), -1, np.int64)
        rows[np.arange(rows.shape[1]) < sizes[:, None]] = self.members
        return rows

    def chosen(self, which: Ints) -> "Sets":
        """Some of them, in the order of ``which``."""
        return sets([self.of(int(number)) for number in which])


def sets(rows: Iterable[Sequence[int]]) -> Sets:
    """Sets of the numbers in each of ``rows``."""
    listed = [sorted(row) for row in rows]
    starts = np.cumsum([0, *(len(row) for row in listed)])
    members = np.array([place for row in listed for place in row], np.int64)
    return Sets(starts.astype(np.int64), members)


def zones_of(
    landscape: Landscape, zoning: str, zone: str | None = None, links: Links = ()
) -> tuple[Zone, ...]:
    """The zones of ``zoning``, or the one with code or name ``zone``, in order of code. ``links``:
    pairs of municipalities, by code or name, that count as neighbours (an exclave).

    Raises InputError for a zoning, zone or municipality that is not there, borders that are not
    known, and a link of which the ends do not lie in one of these zones.
    """
    zoning_chosen(landscape, zoning)
    nis = landscape.index.nis
    where = {code: number for number, code in enumerate(nis)}
    if landscape.table("adjacency").is_empty() and len(nis) > 1:
        raise InputError(
            _("Table adjacency is absent or empty; mergers need to know which municipalities are "
              "neighbours.")
        )  # fmt: skip
    borders, _outside = borders_of(landscape, where)
    ends = [tuple(sorted(where[find_municipality(landscape, end)] for end in link))
            for link in links]  # fmt: skip
    borders = joined(borders, ends, len(nis))
    only = None if zone is None else find_zone(landscape, zone, zoning)[1]
    names = dict(landscape.table("zones").filter(zoning=zoning).select("zone", "name").iter_rows())
    members = landscape.table("zone_members").filter(zoning=zoning)
    codes: dict[str, list[str]] = {} if only is None else {only: []}
    for code, town in members.sort("zone", "nis").select("zone", "nis").iter_rows():
        if only in (None, code):
            codes.setdefault(code, []).append(town)
    found = tuple(
        zone_here(zoning, code, names.get(code), towns, where, borders)
        for code, towns in codes.items()
    )
    for link, (a, b) in zip(links, ends, strict=True):
        if not any({a, b} <= set(one.towns.tolist()) for one in found) or a == b:
            raise InputError(
                _("--link {a}={b}: these are not two municipalities of one zone that is looked at; "
                  "leave the link out, or choose another zone.").format(a=link[0], b=link[1])
            )  # fmt: skip
    return found


def joined(borders: Pairs, links: Sequence[tuple[int, ...]], n: int) -> Pairs:
    """``borders`` with ``links`` of length 0."""
    ends = np.array(links, np.int64).reshape(-1, 2)
    return pairs(
        np.concatenate([borders.a, ends[:, 0]]),
        np.concatenate([borders.b, ends[:, 1]]),
        np.concatenate([borders.value, np.zeros(len(ends))]),
        n,
    )


def zone_here(
    zoning: str,
    zone: str,
    name: str | None,
    codes: Sequence[str],
    where: dict[str, int],
    borders: Pairs,
) -> Zone:
    """One zone with what borders inside it."""
    towns = np.array(sorted(where[code] for code in set(codes) if code in where), np.int64)
    place = np.full(len(where), -1, np.int64)
    place[towns] = np.arange(len(towns))
    kept = (place[borders.a] >= 0) & (place[borders.b] >= 0)
    inside = Pairs(place[borders.a[kept]], place[borders.b[kept]], borders.value[kept])
    absent = tuple(sorted(code for code in set(codes) if code not in where))
    return Zone(zoning, zone, name, towns, inside, absent)
