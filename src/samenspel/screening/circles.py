"""Who is in what: the links from which every indicator of the screening is counted.

A *subject* is what a figure is about: a municipality, a zone of a zoning, a theme, the whole
landscape. Its circle is the set of partnerships that a municipality is a member of itself, that
have a member in the zone, that work on the theme, or all.
"""

from dataclasses import dataclass
from typing import Any

import polars as pl

from samenspel.landscape.kinds import OBSERVER, partnership_kinds
from samenspel.landscape.landscape import Landscape
from samenspel.screening import kernel

INTERMUNICIPAL = "intermunicipal_partnership"
ID = "#"
KIND_TABLES = ("municipalities", "organisations", "memberships")


@dataclass(frozen=True)
class Circles:
    """The frames from which figures are counted, with numbers for codes.

    ``towns``: ``m`` (0.. in order of NIS code) and ``nis``. ``bodies``: one row per partnership
    with ``p`` (0.. in order of id), ``partnership`` (its id), ``body`` (its kind), ``size``
    (municipalities) and ``members`` (all; both unknown where none is listed), ``active`` and its
    facts. ``subjects``: ``#`` (0..), ``kind``, ``zoning``, ``subject``, ``name``. ``links``: ``m``,
    ``p``, ``own`` (the municipality itself is a member; else its OCMW is). ``now``: of each body,
    whether it is active and intermunicipal. ``known``: false where members or partnerships are
    unknown; ``land_known``: false where the land of zones is.

    Sparse 0/1 matrices: ``places``, subjects by towns; ``active``, bodies by towns, the links of
    active intermunicipal partnerships; ``circle``, subjects by bodies, the same partnerships.
    """

    towns: pl.DataFrame
    bodies: pl.DataFrame
    subjects: pl.DataFrame
    links: pl.DataFrame
    now: pl.Series
    known: bool
    land_known: bool
    places: Any
    active: Any
    circle: Any


def circles(landscape: Landscape) -> Circles:
    """The links of ``landscape``; observers are no members."""
    towns = landscape.table("municipalities").select("nis").with_row_index("m")
    ids = landscape.table("partnerships").select(partnership="id").with_row_index("p")
    members = landscape.coded("memberships").filter(
        pl.col("role").is_null() | (pl.col("role") != OBSERVER)
    ).join(ids, on="partnership")  # fmt: skip
    links = who_is_in_what(landscape, members, towns)
    bodies = facts_of_bodies(landscape, ids, members, links)
    may_be_active = pl.col("active").is_null() | pl.col("active")
    working = bodies.filter((pl.col("body") == INTERMUNICIPAL) & may_be_active)
    subjects = all_subjects(landscape, working)
    places = places_of(landscape, subjects, towns)
    now = ((bodies["body"] == INTERMUNICIPAL) & bodies["active"]).fill_null(value=False)
    own = links.filter("own")
    own = own.filter(now.gather(own["p"])) if own.height else own
    active = kernel.incidence(own["p"], own["m"], (len(bodies), len(towns)))
    return Circles(
        towns=towns,
        bodies=bodies,
        subjects=subjects,
        links=links,
        now=now,
        known=landscape.knows("partnerships") and landscape.knows("memberships"),
        land_known=landscape.knows("zone_members"),
        places=places,
        active=active,
        circle=around(active, now, subjects, bodies, places),
    )


def who_is_in_what(
    landscape: Landscape, members: pl.DataFrame, towns: pl.DataFrame
) -> pl.DataFrame:
    """Frame ``m``, ``p``, ``own``: a municipality or its OCMW is a member."""
    ocmws = landscape.coded("organisations").filter(pl.col("class") == "ocmw")
    own = members.join(towns, left_on="organisation", right_on="nis").select(
        "m", "p", own=pl.lit(value=True)
    )
    beside = (
        ocmws.select("nis", organisation="id")
        .join(towns, on="nis")
        .join(members, on="organisation")
        .select("m", "p", own=pl.lit(value=False))
    )
    return pl.concat([own, beside]).group_by("m", "p").agg(pl.col("own").any()).sort("m", "p")


def facts_of_bodies(
    landscape: Landscape, numbers: pl.DataFrame, members: pl.DataFrame, links: pl.DataFrame
) -> pl.DataFrame:
    """Every partnership with its kind, how many municipalities are in it, whether it is active."""
    table = landscape.coded("partnerships")
    coded = {name: landscape.coded(name) for name in landscape.frames if name in KIND_TABLES}
    kinds = partnership_kinds({**coded, "partnerships": table})
    counted = members.group_by("p").agg(members=pl.col("organisation").n_unique().cast(pl.Int64))
    sizes = links.filter("own").group_by("p").agg(size=pl.len().cast(pl.Int64))
    return (
        numbers.join(table.rename({"id": "partnership"}), on="partnership", maintain_order="left")
        .join(kinds.select(partnership="id", body="kind"), on="partnership", maintain_order="left")
        .join(sizes, on="p", how="left", maintain_order="left")
        .join(counted, on="p", how="left", maintain_order="left")
        .with_columns(active=pl.col("status") == "active")
    )


def all_subjects(landscape: Landscape, working: pl.DataFrame) -> pl.DataFrame:
    """Municipalities, zones, the whole, and the themes of ``working`` partnerships; the subject of
    an unknown theme is empty."""
    none = pl.lit(None, pl.String)
    towns = landscape.table("municipalities").select(
        kind=pl.lit("municipality"), zoning=none, subject="nis", name="name"
    )
    zones = landscape.table("zones").select(
        kind=pl.lit("zone"), zoning="zoning", subject="zone", name="name"
    )
    whole = pl.DataFrame(
        [("landscape", None, None, landscape.about.name)], schema=towns.schema, orient="row"
    )
    themes = (
        working.select(kind=pl.lit("theme"), zoning=none, subject="theme", name="theme")
        .unique("subject")
        .sort("subject", nulls_last=True)
    )
    return pl.concat([towns, zones, whole, themes]).with_row_index(ID)


def places_of(landscape: Landscape, subjects: pl.DataFrame, towns: pl.DataFrame) -> Any:
    """Sparse matrix of subjects by towns: each municipality itself and those of each zone."""
    own = subjects.filter(pl.col("kind") == "municipality").select(ID, nis="subject")
    zones = subjects.filter(pl.col("kind") == "zone").select(ID, "zoning", zone="subject")
    within = landscape.table("zone_members").join(zones, on=["zoning", "zone"])
    rows = pl.concat([own, within.select(ID, "nis")]).join(towns, on="nis")
    return kernel.incidence(rows[ID], rows["m"], (len(subjects), len(towns)))


def around(
    links: Any, which: pl.Series, subjects: pl.DataFrame, bodies: pl.DataFrame, places: Any
) -> Any:
    """Sparse matrix of subjects by bodies: the circle of every subject. ``links`` (bodies by towns)
    make the circles of places; those of themes and of the whole hold every body of ``which``, also
    one whose members are unknown."""
    chosen = bodies.select("p", "theme").filter(which)
    themes = subjects.filter(pl.col("kind") == "theme").select(ID, theme="subject")
    of_theme = chosen.join(themes, on="theme", nulls_equal=True).select(ID, "p")
    whole = subjects.filter(pl.col("kind") == "landscape").select(ID)
    rows = pl.concat([of_theme, whole.join(chosen.select("p"), how="cross")])
    wide = kernel.incidence(rows[ID], rows["p"], (len(subjects), len(bodies)))
    return kernel.circles(places, links) + wide
