"""The figures of the screening, for municipalities, zones, themes and the whole at once.

Every figure ``x`` stands beside ``x_known``, the share of its rows for which it is known. Counts
of partnerships are of active intermunicipal partnerships of which municipalities are members
themselves; OCMW associations, police zones and others have columns of their own. Costs
O(links log links) apart from the kernels (see ``kernel.py``).
"""

from datetime import date as Date
from typing import Any

import numpy as np
import polars as pl

from samenspel.landscape.index import positions
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.tables import SIDES
from samenspel.landscape.unknown import KNOWN, count_where, known_share, mean, share_where, total
from samenspel.screening import kernel
from samenspel.screening.circles import ID, INTERMUNICIPAL, Circles, around

BESIDE = {
    "ocmw_associations": "ocmw_association",
    "police_zones": "police_zone",
    "other_partnerships": "other_partnership",
}
DIMENSIONS = ("legal_form", "theme", "initiator", "level", "line", "size")
# 2 to 5 is the SBV's small scale (4.1.2); the other bounds are a choice.
SIZES = {"0-1": 1, "2-5": 5, "6-15": 15}
LARGEST = "16+"


def size_class() -> pl.Expr:
    """Class of the number of municipalities that are members, ``size``."""
    label = pl.lit(LARGEST)
    for smaller, most in reversed(SIZES.items()):
        label = pl.when(pl.col("size") <= most).then(pl.lit(smaller)).otherwise(label)
    return label


def figures(landscape: Landscape, found: Circles, until: Date) -> pl.DataFrame:
    """One row per subject with every figure. ``until``: last day of the horizon for terms."""
    counted = found.subjects
    for part in (
        counts(found),
        facts(found, landscape.date, until),
        seats(landscape, found),
        alikeness(found),
        reach(landscape, found),
    ):
        counted = counted.join(part, on=ID, how="left")
    counted = nothing_to_count(counted, known=found.known)
    members, borders = float(found.known), float(landscape.knows("adjacency"))
    shares = {
        "overlap": pl.col("distinct_partner_sets" + KNOWN),
        "changing_partners": pl.col("distinct_partner_sets" + KNOWN),
        "partners_met": pl.lit(members),
        "neighbours": pl.lit(borders),
        "neighbours_met": pl.lit(members * borders),
        "effective_partners": pl.lit(members),
    }
    return counted.with_columns(share.alias(name + KNOWN) for name, share in shares.items())


def nothing_to_count(frame: pl.DataFrame, *, known: bool) -> pl.DataFrame:
    """Subjects without any row: a count is 0 and known, or unknown where the tables are."""
    columns = []
    for name in frame.columns:
        if name.endswith(KNOWN):
            columns.append(pl.col(name).fill_null(1.0 if known else 0.0))
        elif name + KNOWN in frame.columns and frame[name].dtype.is_integer() and known:
            value = pl.when(pl.col(name + KNOWN).is_null()).then(0).otherwise(pl.col(name))
            columns.append(value.alias(name))
    return frame.with_columns(columns)


def counts(found: Circles) -> pl.DataFrame:
    """Active partnerships by kind: the municipality's own, those of it or its OCMW beside them, and
    every table at which either sits."""
    may_be_active = pl.col("active").is_null() | pl.col("active")
    bodies = found.bodies.filter(may_be_active).select("partnership", "active", "body")
    ours = pl.col("own") | (pl.col("body") != INTERMUNICIPAL)
    links = found.links.join(bodies, on="partnership").filter(ours)
    all_ = found.bodies.filter(may_be_active)
    rows = around(links.select("nis", "partnership"), all_, found.subjects, found.places)
    kinds = {"partnerships": INTERMUNICIPAL, **BESIDE}
    return (
        rows.join(bodies, on="partnership")
        .with_columns(
            pl.when(pl.col("body") == body).then(pl.lit(value=True)).alias(name)
            for name, body in kinds.items()
        )
        .group_by(ID)
        .agg(
            *(part for name in kinds for part in count_where(name, pl.col("active"), pl.col(name))),
            *count_where("tables", pl.col("active")),
        )
    )


def facts(found: Circles, date: Date, until: Date) -> pl.DataFrame:
    """What is known of the partnerships of a circle: member sets, terms, line, money."""
    sets = member_sets(found.active)
    bodies = found.bodies.join(sets, on="partnership", how="left").select(
        "partnership",
        "circle",
        "size",
        "budget_cents",
        "staff_fte",
        ends=(pl.col("term_end") > date) & (pl.col("term_end") <= until),
        first=pl.col("line") == "first",
        bottom_up=pl.col("initiator") == "bottom_up",
        no_budget=pl.col("budget_cents") == 0,
    )
    return (
        found.circle.join(bodies, on="partnership")
        .group_by(ID)
        .agg(
            pl.col("circle").drop_nulls().n_unique().cast(pl.Int64).alias("distinct_partner_sets"),
            known_share(pl.col("circle")).alias("distinct_partner_sets" + KNOWN),
            *mean("mean_size", pl.col("size")),
            *count_where("terms_ending", pl.col("ends")),
            *count_where("first_line", pl.col("first")),
            *share_where("first_line_share", pl.col("first")),
            *share_where("bottom_up_share", pl.col("bottom_up")),
            *count_where("without_budget", pl.col("no_budget")),
            *total("budget_cents", pl.col("budget_cents")),
            *total("staff_fte", pl.col("staff_fte")),
        )
    )


def member_sets(links: pl.DataFrame) -> pl.DataFrame:
    """Frame ``partnership``, ``circle``: equal circles are equal sets of members."""
    return (
        links.sort("partnership", "nis")
        .group_by("partnership", maintain_order=True)
        .agg(circle=pl.col("nis").str.join("+"))
    )


def seats(landscape: Landscape, found: Circles) -> pl.DataFrame:
    """Seats of the municipalities of a subject by side, and what they contribute. The seats in a
    partnership are known where the landscape lists any seat of that partnership."""
    given = landscape.coded("mandates")
    known = given.select("partnership").unique().with_columns(listed=pl.lit(value=True))
    per = given.group_by("partnership", "organisation").agg(
        mandates=pl.col("organ").n_unique().cast(pl.Int64),
        some_unknown=pl.col("seats").has_nulls(),
        seats=pl.col("seats").sum(),
        **{f"seats_{side}": pl.col("seats").filter(pl.col("side") == side).sum() for side in SIDES},
    )
    names = ["mandates", "seats", *(f"seats_{side}" for side in SIDES)]
    paid = landscape.table("memberships").select(
        "partnership", nis="organisation", contribution_cents="contribution_cents"
    )
    rows = (
        found.active.join(known, on="partnership", how="left")
        .join(per, left_on=["partnership", "nis"], right_on=["partnership", "organisation"],
              how="left")
        .join(paid, on=["partnership", "nis"], how="left")
        .with_columns(
            pl.when(pl.col("some_unknown").fill_null(value=False) | pl.col("listed").is_null())
            .then(None)
            .otherwise(pl.col(name).fill_null(0))
            .alias(name)
            for name in names
        )
    )  # fmt: skip
    wanted = [ID, *names, "contribution_cents"]
    placed = found.places.join(rows, on="nis")
    other = found.subjects.filter(pl.col("kind").is_in(["theme", "landscape"])).select(ID)
    gathered = found.circle.join(other, on=ID, how="semi").join(rows, on="partnership")
    return (
        pl.concat([placed.select(wanted), gathered.select(wanted)])
        .group_by(ID)
        .agg(
            *(part for name in names for part in total(name, pl.col(name))),
            *count_where("single_seat", pl.col("seats") == 1),
            *total("contribution_cents", pl.col("contribution_cents")),
        )
    )


def membership_matrix(found: Circles, places: pl.DataFrame, bodies: pl.DataFrame) -> Any:
    """Sparse 0/1 matrix of active intermunicipal partnerships by municipalities."""
    return kernel.incidence(
        codes(found.active, "partnership", bodies),
        codes(found.active, "nis", places),
        (len(bodies), len(places)),
    )


def alikeness(found: Circles) -> pl.DataFrame:
    """``overlap``: mean Jaccard similarity of the member sets over all pairs of partnerships of the
    circle; ``changing_partners``: its complement, the mean Jaccard distance (Jaccard 1901; a metric
    by Levandowsky and Winter 1971): 0 when it is always the same company, 1 when never twice."""
    places = positions(found.active["nis"].unique())
    bodies = positions(found.circle["partnership"].unique())
    subjects = found.subjects.select(ID)
    sets = kernel.incidence(
        found.circle[ID].to_numpy().astype(np.int64),
        codes(found.circle, "partnership", bodies),
        (len(subjects), len(bodies)),
    )
    alike = kernel.similarities(membership_matrix(found, places, bodies))
    overlap = pl.Series(kernel.mean_similarity(sets, alike)).fill_nan(None)
    return subjects.with_columns(overlap=overlap, changing_partners=1 - overlap)


def codes(frame: pl.DataFrame, column: str, place: pl.DataFrame) -> kernel.Ints:
    """The positions in ``place`` of the values of ``column``."""
    found = frame.select(code=column).join(place, on="code", how="left", maintain_order="left")
    return found["position"].to_numpy().astype(np.int64)


def reach(landscape: Landscape, found: Circles) -> pl.DataFrame:
    """Whom a municipality meets in partnerships: how many others, how many of its neighbours, and
    the effective number of partners (Laakso and Taagepera 1979), which says over how many
    equally often met partners its meetings are spread."""
    index = landscape.index
    n = len(index.nis)
    places = positions(pl.Series(index.nis, dtype=pl.String))
    bodies = positions(found.active["partnership"].unique())
    degree = np.diff(index.adjacency.indptr)
    adjacency = kernel.incidence(np.repeat(np.arange(n), degree), index.adjacency.indices, (n, n))
    partners, met, effective = kernel.reach(membership_matrix(found, places, bodies), adjacency)
    borders, members = landscape.knows("adjacency"), found.known
    table = pl.DataFrame(
        {
            "subject": pl.Series(index.nis, dtype=pl.String),
            "partners_met": partners if members else None,
            "neighbours": degree if borders else None,
            "neighbours_met": met if borders and members else None,
            "effective_partners": pl.Series(effective).fill_nan(None) if members else None,
        },
        schema_overrides=dict.fromkeys(("partners_met", "neighbours", "neighbours_met"), pl.Int64),
    )
    towns = found.subjects.filter(pl.col("kind") == "municipality").select(ID, "subject")
    return towns.join(table, on="subject").drop("subject")


def neighbours(landscape: Landscape, found: Circles, nis: str) -> pl.DataFrame:
    """Frame ``nis``, ``name``, ``border_m``, ``tables``: at how many tables of active
    intermunicipal partnerships ``nis`` meets each neighbour."""
    ours = found.active.filter(pl.col("nis") == nis).select("partnership")
    met = found.active.join(ours, on="partnership").group_by("nis").agg(tables=pl.len())
    borders = landscape.table("adjacency")
    near = pl.concat(
        [
            borders.filter(pl.col("nis_a") == nis).select("border_m", nis="nis_b"),
            borders.filter(pl.col("nis_b") == nis).select("border_m", nis="nis_a"),
        ]
    )
    names = landscape.table("municipalities").select("nis", "name")
    return (
        near.join(names, on="nis")
        .join(met, on="nis", how="left")
        .select("nis", "name", "border_m", pl.col("tables").cast(pl.Int64).fill_null(0))
        .sort("tables", "nis", descending=[True, False])
    )


def breakdown(found: Circles) -> pl.DataFrame:
    """Frame ``#``, ``dimension``, ``value`` (empty: unknown), ``partnerships``: the active
    partnerships of each circle by form, theme, initiator, level, line and size."""
    bodies = found.bodies.with_columns(size=size_class()).select("partnership", *DIMENSIONS)
    rows = found.circle.join(bodies, on="partnership")
    return pl.concat(
        rows.group_by(ID, value=pl.col(dimension))
        .agg(partnerships=pl.len().cast(pl.Int64))
        .select(ID, "value", "partnerships", dimension=pl.lit(dimension))
        for dimension in DIMENSIONS
    ).sort(ID, "dimension", order_of_sizes(), "value", nulls_last=True)


def order_of_sizes() -> pl.Expr:
    """Size classes from small to large; other values have no order of their own."""
    order = {label: place for place, label in enumerate([*SIZES, LARGEST])}
    return pl.col("value").replace_strict(order, default=0, return_dtype=pl.Int64)
