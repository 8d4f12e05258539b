"""Matryoshka: do small partnerships and zones fit inside larger ones, like nested dolls?

The principle is that of the VVSG-standpunt regiovorming 2020, 3.4.1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import polars as pl

from samenspel.alignment.fit import Fits, fits
from samenspel.errors import InputError
from samenspel.landscape.landscape import Landscape
from samenspel.language import _
from samenspel.screening.circles import circles

Land = Mapping[str, frozenset[str]]
SOURCE = "VVSG-standpunt regiovorming 2020, 3.4.1"


@dataclass(frozen=True)
class Matryoshka:
    """``partnerships``, one each in order of id: ``id``, ``name``, ``kind``, ``legal_form``,
    ``fits`` (by zoning), ``zones`` (by zoning, the zones that hold all members), ``level`` (the
    smallest zoning with such a zone), ``inside_larger`` (at every larger level too) and
    ``zones_nest`` (from that zone on each zone lies inside the next one that holds it); the last
    two are unknown where no member is known and false where no zone holds all.

    ``zonings``, one per step of the chain: ``small``, ``large``, ``nests`` and ``violations``: the
    zones of ``small`` that lie in no single zone of ``large``, with their municipalities in each
    (``parts``) and in none (``outside``), NIS codes."""

    chain: tuple[str, ...]
    partnerships: list[dict[str, Any]]
    zonings: list[dict[str, Any]]

    def as_json(self) -> dict[str, Any]:
        """Everything, as plain values."""
        return {
            "chain": list(self.chain),
            "source": SOURCE,
            "partnerships": self.partnerships,
            "zonings": self.zonings,
        }


def matryoshka(landscape: Landscape, chain: Sequence[str]) -> Matryoshka:
    """How active partnerships and zones nest along ``chain``, zonings from small to large.

    Raises InputError for a zoning that is not there, one given twice, or fewer than two.
    """
    if len(chain) < 2 or len(set(chain)) < len(chain):
        raise InputError(
            _("Nesting needs two or more different zonings, small before large; given: {given}.")
            .format(given=", ".join(chain) or _("none"))
        )  # fmt: skip
    found = circles(landscape)
    levels = {zoning: fits(landscape, zoning, found) for zoning in chain}
    held = {zoning: holders(level) for zoning, level in levels.items()}
    lands = [levels[zoning].land for zoning in chain]
    by_zoning = {
        zoning: dict(level.bodies.select("p", "fit").iter_rows())
        for zoning, level in levels.items()
    }
    first = levels[chain[0]].bodies.filter("active").select(
        "p", "members", "name", "kind", "legal_form", id="partnership"
    )  # fmt: skip
    rows = []
    for row in first.iter_rows(named=True):
        p, members = row.pop("p"), row.pop("members")
        zones = {zoning: held[zoning].get(p, []) for zoning in chain}
        rows.append(
            {
                **{name: row[name] for name in ("id", "name", "kind", "legal_form")},
                "fits": {zoning: by_zoning[zoning][p] for zoning in chain},
                "zones": zones,
                **dolls([zones[zoning] for zoning in chain], lands, chain, members > 0),
            }
        )
    steps = [
        step(small, large, levels[small].land, levels[large].land, landscape)
        for small, large in pairwise(chain)
    ]
    return Matryoshka(tuple(chain), rows, steps)


def holders(level: Fits) -> dict[int, list[str]]:
    """The zones that hold all members, by number of the partnership."""
    whole = level.touched.filter(pl.col("share_members") == 1).sort("zone")
    return dict(whole.group_by("p", maintain_order=True).agg("zone").iter_rows())


def dolls(
    zones: Sequence[list[str]], lands: Sequence[Land], chain: Sequence[str], known: bool
) -> dict[str, Any]:
    """Smallest level with a zone that holds all, and whether the larger dolls hold it too."""
    first = next((i for i, there in enumerate(zones) if there), None)
    if first is None:
        failed = False if known else None
        return {"level": None, "inside_larger": failed, "zones_nest": failed}
    reached = set(zones[first])
    for i in range(first + 1, len(chain)):
        reached = {
            large
            for large in zones[i]
            if any(lands[i - 1][small] <= lands[i][large] for small in reached)
        }
    return {
        "level": chain[first],
        "inside_larger": all(zones[first:]),
        "zones_nest": bool(reached),
    }


def step(small: str, large: str, inner: Land, outer: Land, landscape: Landscape) -> dict[str, Any]:
    """Which zones of ``small`` lie in no single zone of ``large``."""
    names = dict(landscape.table("zones").filter(zoning=small).select("zone", "name").iter_rows())
    violations = []
    for zone in sorted(inner):
        parts = {there: sorted(inner[zone] & outer[there]) for there in sorted(outer)}
        if any(inner[zone] <= land for land in outer.values()):
            continue
        violations.append(
            {
                "zone": zone,
                "name": names.get(zone),
                "parts": {there: nis for there, nis in parts.items() if nis},
                "outside": sorted(inner[zone].difference(*outer.values())),
            }
        )
    return {"small": small, "large": large, "nests": not violations, "violations": violations}
