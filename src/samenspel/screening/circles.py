"""Who is in what: the links from which every indicator of the screening is counted.

A *subject* is what a figure is about: a municipality, a zone of a zoning, a theme, the whole
landscape. Its circle is the set of partnerships that a municipality is a member of itself, that
have a member in the zone, that work on the theme, or all.
"""

from dataclasses import dataclass

import polars as pl

from samenspel.landscape.kinds import OBSERVER, partnership_kinds
from samenspel.landscape.landscape import Landscape

INTERMUNICIPAL = "intermunicipal_partnership"
ID = "#"
KIND_TABLES = ("municipalities", "organisations", "memberships")


@dataclass(frozen=True)
class Circles:
    """The frames from which figures are counted.

    ``subjects``: ``#`` (a number), ``kind``, ``zoning``, ``subject``, ``name``. ``places``: ``#``
    and ``nis`` of each municipality in a subject. ``bodies``: one row per partnership with
    ``partnership``, ``body`` (its kind), ``size`` (municipalities), ``members`` (all), ``active``
    and its facts. ``links``: ``nis``, ``partnership``, ``own`` (the municipality itself is a
    member; else its OCMW is). ``active``: the links of active intermunicipal partnerships.
    ``circle``: ``#`` and ``partnership`` of those.
    ``known``: false where members or partnerships are unknown.
    """

    subjects: pl.DataFrame
    places: pl.DataFrame
    bodies: pl.DataFrame
    links: pl.DataFrame
    active: pl.DataFrame
    circle: pl.DataFrame
    known: bool


def circles(landscape: Landscape) -> Circles:
    """The links of ``landscape``; observers are no members."""
    links = who_is_in_what(landscape)
    bodies = facts_of_bodies(landscape, links)
    may_be_active = pl.col("active").is_null() | pl.col("active")
    working = bodies.filter((pl.col("body") == INTERMUNICIPAL) & may_be_active)
    subjects = all_subjects(landscape, working)
    key = ["kind", "zoning", "subject"]
    places = places_of(landscape).join(subjects, on=key, nulls_equal=True).select(ID, "nis")
    now = working.filter("active")
    active = (
        links.filter("own").join(now, on="partnership", how="semi").select("nis", "partnership")
    )
    known = landscape.knows("partnerships") and landscape.knows("memberships")
    circle = around(active, now, subjects, places)
    return Circles(subjects, places, bodies, links, active, circle, known)


def members(landscape: Landscape) -> pl.DataFrame:
    """The rows of ``memberships``, observers left out."""
    rows = landscape.coded("memberships")
    return rows.filter(pl.col("role").is_null() | (pl.col("role") != OBSERVER))


def who_is_in_what(landscape: Landscape) -> pl.DataFrame:
    """Frame ``nis``, ``partnership``, ``own``: a municipality or its OCMW is a member."""
    towns = landscape.table("municipalities").select(organisation="nis")
    bodies = landscape.table("partnerships").select(partnership="id")
    rows = members(landscape).join(bodies, on="partnership", how="semi")
    ocmws = landscape.coded("organisations").filter(pl.col("class") == "ocmw")
    own = rows.join(towns, on="organisation", how="semi").select(
        "partnership", nis="organisation", own=pl.lit(value=True)
    )
    beside = rows.join(
        ocmws.select("nis", organisation="id").drop_nulls(), on="organisation"
    ).select("partnership", "nis", own=pl.lit(value=False))
    return pl.concat([own, beside]).group_by("nis", "partnership").agg(pl.col("own").any())


def facts_of_bodies(landscape: Landscape, links: pl.DataFrame) -> pl.DataFrame:
    """Every partnership with its kind, how many municipalities are in it, whether it is active."""
    table = landscape.coded("partnerships")
    coded = {name: landscape.coded(name) for name in landscape.frames if name in KIND_TABLES}
    kinds = partnership_kinds({**coded, "partnerships": table})
    sizes = links.filter("own").group_by("partnership").agg(size=pl.len().cast(pl.Int64))
    everyone = members(landscape).group_by("partnership")
    counted = everyone.agg(members=pl.col("organisation").n_unique().cast(pl.Int64))
    return (
        table.join(kinds, on="id")
        .rename({"id": "partnership", "kind": "body"})
        .join(sizes, on="partnership", how="left")
        .join(counted, on="partnership", how="left")
        .with_columns(pl.col("size", "members").fill_null(0), active=pl.col("status") == "active")
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


def places_of(landscape: Landscape) -> pl.DataFrame:
    """Frame ``kind``, ``zoning``, ``subject``, ``nis`` of municipalities and zones."""
    none = pl.lit(None, pl.String)
    nis = landscape.table("municipalities").select("nis")
    zone = pl.lit("zone")
    return pl.concat(
        [
            nis.select(kind=pl.lit("municipality"), zoning=none, subject="nis", nis="nis"),
            landscape.table("zone_members").select("zoning", "nis", kind=zone, subject="zone")
            .select("kind", "zoning", "subject", "nis"),
        ]
    )  # fmt: skip


def around(
    links: pl.DataFrame, bodies: pl.DataFrame, subjects: pl.DataFrame, places: pl.DataFrame
) -> pl.DataFrame:
    """Frame ``#``, ``partnership``: the circle of every subject. ``links`` (``nis``,
    ``partnership``) make the circles of places; those of themes and of the whole hold every one of
    ``bodies``, also one whose members are unknown."""
    of_place = places.join(links, on="nis").select(ID, "partnership")
    themes = subjects.filter(pl.col("kind") == "theme").select(ID, theme="subject")
    of_theme = bodies.join(themes, on="theme", nulls_equal=True).select(ID, "partnership")
    whole = subjects.filter(pl.col("kind") == "landscape").select(ID)
    of_whole = whole.join(bodies.select("partnership"), how="cross")
    return pl.concat([of_place, of_theme, of_whole]).unique()
