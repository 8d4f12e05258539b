"""How unequal amounts per inhabitant are: Gini over all, between clusters, within, and the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import polars as pl

from samenspel.errors import InputError
from samenspel.landscape.landscape import Landscape
from samenspel.language import _

EQUIPMENT = "equipment_level"
METHOD = (
    "Gini of the amount per inhabitant, every inhabitant counted (Gini 1912); parted as between + "
    "sum of (share of inhabitants x share of money x Gini within) + overlap (Lambert and Aronson "
    "1993); in exact fractions"
)


@dataclass(frozen=True)
class Cluster:
    name: str
    people: int
    cents: int
    gini: Fraction | None


@dataclass(frozen=True)
class Inequality:
    """``overall`` = ``between`` + ``within`` + ``overlap``, exactly. Without clusters only the
    first is given; None is: nobody or no money to compare. ``left_out``: rows without known
    inhabitants, which are not in any of it."""

    overall: Fraction | None
    by: str | None
    between: Fraction | None
    within: Fraction | None
    overlap: Fraction | None
    clusters: tuple[Cluster, ...]
    left_out: tuple[int, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "overall": plain(self.overall),
            "by": self.by,
            "between": plain(self.between),
            "within": plain(self.within),
            "overlap": plain(self.overlap),
            "clusters": [
                {"cluster": c.name, "population": c.people, "amount_cents": c.cents,
                 "gini": plain(c.gini)}
                for c in self.clusters
            ],
            "municipalities_left_out": len(self.left_out),
            "method": METHOD,
        }  # fmt: skip


def plain(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def gini(cents: Sequence[int], people: Sequence[int]) -> Fraction | None:
    """The Gini coefficient of ``cents`` per inhabitant with every inhabitant counted, 0 to 1: the
    mean difference between two inhabitants drawn at random, over twice the mean. None where there
    is nobody or no money. Nobody may have money without inhabitants. Costs O(n log n)."""
    money, all_people = sum(cents), sum(people)
    if not money or not all_people:
        return None
    rows = sorted((Fraction(c, p), c, p) for c, p in zip(cents, people, strict=True) if p)
    apart = cents_below = people_below = 0
    for _ratio, c, p in rows:
        apart += c * people_below - p * cents_below
        cents_below += c
        people_below += p
    return Fraction(apart, money * all_people)


def inequality(
    amounts: Sequence[int],
    people: Sequence[int | None],
    labels: Sequence[str] | None = None,
    by: str | None = None,
) -> Inequality:
    """The inequality of ``amounts`` (cents) per inhabitant, parted over the clusters ``labels``."""
    rows = [row for row, number in enumerate(people) if number]
    cents, heads = [amounts[row] for row in rows], [people[row] or 0 for row in rows]
    out = tuple(row for row, number in enumerate(people) if not number)
    overall = gini(cents, heads)
    if labels is None:
        return Inequality(overall, None, None, None, None, (), out)
    groups: dict[str, tuple[list[int], list[int]]] = {}
    for row, c, p in zip(rows, cents, heads, strict=True):
        own = groups.setdefault(labels[row], ([], []))
        own[0].append(c)
        own[1].append(p)
    clusters = tuple(
        Cluster(name, sum(p), sum(c), gini(c, p)) for name, (c, p) in sorted(groups.items())
    )
    if overall is None:
        return Inequality(None, by, None, None, None, clusters, out)
    money, all_people = sum(cents), sum(heads)
    between = gini([c.cents for c in clusters], [c.people for c in clusters])
    within = sum(
        (Fraction(c.people * c.cents, all_people * money) * (c.gini or 0) for c in clusters),
        Fraction(0),
    )
    rest = overall - (between or 0) - within
    return Inequality(overall, by, between, within, rest, clusters, out)


def clusters(landscape: Landscape, by: str, nis: Sequence[str]) -> list[str]:
    """The cluster of each municipality: its class of equipment, or its zone in zoning ``by``; those
    of which it is unknown are a cluster apart. Raises InputError for a zoning that is not there or
    in which a municipality lies in two zones."""
    unknown = _("unknown")
    if by == EQUIPMENT:
        towns = landscape.table("municipalities")
        level: Mapping[str, str | None] = dict(towns.select("nis", EQUIPMENT).iter_rows())
        return [level[code] or unknown for code in nis]
    known = sorted(landscape.table("zonings")["zoning"])
    if by not in known:
        raise InputError(
            _("There is no zoning “{zoning}” to cluster by; use {known}.").format(
                zoning=by, known=", ".join([EQUIPMENT, *known])
            )
        )
    rows = landscape.table("zone_members").filter(pl.col("zoning") == by)
    twice = rows.filter(pl.col("nis").is_duplicated())
    if twice.height:
        raise InputError(
            _("{nis} lies in more than one zone of {zoning}; clusters must exclude each other, so "
              "choose another zoning.").format(nis=twice["nis"][0], zoning=by)
        )  # fmt: skip
    zones = dict(rows.select("nis", "zone").iter_rows())
    return [zones.get(code, unknown) for code in nis]
