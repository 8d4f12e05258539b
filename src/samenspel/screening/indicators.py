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
BY_KIND = {"partnerships", "tables", *BESIDE}
BY_LAND = {"neighbours"}
# Over no partnership at all these are unknown; every other figure is 0.
MEANS = {
    "mean_size",
    "first_line_share",
    "bottom_up_share",
    "overlap",
    "changing_partners",
    "partners_met",
    "neighbours",
    "neighbours_met",
    "effective_partners",
}
DIMENSIONS = ("legal_form", "theme", "initiator", "level", "line", "size")
# 2 to 5 is the SBV's small scale (4.1.2); the other bounds are a choice.
SIZES = {"0-1": 1, "2-5": 5, "6-15": 15}
LARGEST = "16+"


def size_class() -> pl.Expr:
    """Class of the number of municipalities that are members, ``size``."""
    label = pl.when(pl.col("size").is_not_null()).then(pl.lit(LARGEST))
    expression: pl.Expr = label
    for smaller, most in reversed(SIZES.items()):
        expression = pl.when(pl.col("size") <= most).then(pl.lit(smaller)).otherwise(expression)
    return expression


def figures(landscape: Landscape, found: Circles, until: Date) -> pl.DataFrame:
    """One row per subject with every figure. ``until``: last day of the horizon for terms."""
    counted = found.subjects
    for part in (
        counts(landscape, found),
        facts(found, landscape.date, until),
        seats(landscape, found),
        alikeness(found),
        reach(landscape, found),
    ):
        counted = counted.join(part, on=ID, how="left", maintain_order="left")
    return of_known_status(nothing_to_count(counted, known=found.known))


def nothing_to_count(frame: pl.DataFrame, *, known: bool) -> pl.DataFrame:
    """Subjects without any row: a count or sum is 0 and known, or unknown where the tables are."""
    columns = []
    for name in frame.columns:
        if name.endswith(KNOWN):
            columns.append(pl.col(name).fill_null(1.0 if known else 0.0))
        elif known and name + KNOWN in frame.columns and name not in MEANS:
            value = pl.when(pl.col(name + KNOWN).is_null()).then(0).otherwise(pl.col(name))
            columns.append(value.alias(name))
    return frame.with_columns(columns)


def of_known_status(frame: pl.DataFrame) -> pl.DataFrame:
    """Figures of the active partnerships are known in so far as it is known which are active."""
    known = pl.col("partnerships" + KNOWN)
    names = [c.removesuffix(KNOWN) for c in frame.columns if c.endswith(KNOWN)]
    own = [name for name in names if name not in BY_KIND and name not in BY_LAND]
    return frame.with_columns(
        *((pl.col(name + KNOWN) * known).alias(name + KNOWN) for name in own),
        *(pl.when(known > 0).then(pl.col(name)).alias(name) for name in own),
    )


def counts(landscape: Landscape, found: Circles) -> pl.DataFrame:
    """Active partnerships by kind: the municipality's own, those of it or its OCMW beside them, and
    every table at which either sits. Without organisations nobody knows whose OCMW is a member."""
    may_be_active = pl.col("active").is_null() | pl.col("active")
    bodies = found.bodies.filter(may_be_active).select("p", "active", "body", "theme")
    ours = pl.col("own") | (pl.col("body") != INTERMUNICIPAL)
    links = found.links.join(bodies, on="p").filter(ours).select("m", "p")
    kinds = {"partnerships": INTERMUNICIPAL, **BESIDE}
    marked = bodies.with_columns(
        pl.when(pl.col("body") == body).then(pl.lit(value=True)).alias(name)
        for name, body in kinds.items()
    )
    table = (
        around(links, bodies, found.subjects, found.places)
        .join(marked, on="p")
        .group_by(ID)
        .agg(
            *(part for name in kinds for part in count_where(name, pl.col("active"), pl.col(name))),
            *count_where("tables", pl.col("active")),
        )
    )
    if landscape.knows("organisations"):
        return table
    unseen = found.subjects.join(table, on=ID, how="left")
    place = pl.col("kind").is_in(["municipality", "zone"])
    return unseen.select(
        *(c for c in table.columns if not c.startswith("ocmw_associations")),
        pl.when(~place).then("ocmw_associations").alias("ocmw_associations"),
        pl.when(place)
        .then(0.0)
        .otherwise("ocmw_associations" + KNOWN)
        .alias("ocmw_associations" + KNOWN),
    )


def facts(found: Circles, date: Date, until: Date) -> pl.DataFrame:
    """What is known of the partnerships of a circle: member sets, terms, line, money."""
    sets = member_sets(found)
    circle = pl.col("circle")
    bodies = found.bodies.join(sets, on="p", how="left").select(
        "p",
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
        found.circle.join(bodies, on="p", maintain_order="left")
        .group_by(ID, maintain_order=True)
        .agg(
            pl.when(circle.count() > 0)
            .then(circle.drop_nulls().n_unique().cast(pl.Int64))
            .alias("distinct_partner_sets"),
            known_share(circle).alias("distinct_partner_sets" + KNOWN),
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


def member_sets(found: Circles) -> pl.DataFrame:
    """Frame ``p``, ``circle``: equal circles are equal sets of municipalities."""
    return (
        found.active.sort("p", "m")
        .group_by("p", maintain_order=True)
        .agg(circle=pl.col("m").cast(pl.String).str.join("+"))
    )


def seats(landscape: Landscape, found: Circles) -> pl.DataFrame:
    """Seats of the municipalities of a subject by side, and what they contribute. The seats in a
    partnership are known where the landscape lists any seat of that partnership."""
    numbers = found.bodies.select("p", "partnership")
    given = (
        landscape.coded("mandates")
        .join(numbers, on="partnership")
        .join(found.towns, left_on="organisation", right_on="nis", how="left")
    )
    listed = given.select("p").unique().with_columns(listed=pl.lit(value=True))
    filled = pl.col("seats") > 0
    per = (
        given.drop_nulls("m")
        .group_by("p", "m")
        .agg(
            mandates=pl.col("organ").filter(filled).n_unique().cast(pl.Int64),
            unknown=pl.col("seats").has_nulls(),
            sideless=(pl.col("side").is_null() & filled).any(),
            seats=pl.col("seats").sum(),
            **{f"seats_{s}": pl.col("seats").filter(pl.col("side") == s).sum() for s in SIDES},
        )
    )
    names = ["mandates", "seats", *(f"seats_{side}" for side in SIDES)]
    paid = landscape.table("memberships").join(numbers, on="partnership").join(
        found.towns, left_on="organisation", right_on="nis"
    )  # fmt: skip
    hidden = pl.col("unknown").fill_null(value=False) | pl.col("listed").is_null()
    no_side = hidden | pl.col("sideless").fill_null(value=False)
    rows = (
        found.active.join(listed, on="p", how="left")
        .join(per, on=["p", "m"], how="left")
        .join(paid.select("p", "m", "contribution_cents"), on=["p", "m"], how="left")
        .with_columns(
            pl.when(~(no_side if name.startswith("seats_") else hidden))
            .then(pl.col(name).fill_null(0))
            .alias(name)
            for name in names
        )
    )
    wanted = [ID, *names, "contribution_cents"]
    placed = found.places.join(rows, on="m")
    other = found.subjects.filter(pl.col("kind").is_in(["theme", "landscape"])).select(ID)
    gathered = found.circle.join(other, on=ID, how="semi").join(rows, on="p")
    return (
        pl.concat([placed.select(wanted), gathered.select(wanted)])
        .group_by(ID)
        .agg(
            *(part for name in names for part in total(name, pl.col(name))),
            *count_where("single_seat", pl.col("seats") == 1),
            *total("contribution_cents", pl.col("contribution_cents")),
        )
    )


def membership_matrix(found: Circles) -> Any:
    """Sparse 0/1 matrix of active intermunicipal partnerships by municipalities."""
    return kernel.incidence(
        numbers(found.active, "p"),
        numbers(found.active, "m"),
        (len(found.bodies), len(found.towns)),
    )


def numbers(frame: pl.DataFrame, column: str) -> kernel.Ints:
    return frame[column].to_numpy().astype(np.int64)


def alikeness(found: Circles) -> pl.DataFrame:
    """``overlap``: mean Jaccard similarity of the member sets over all pairs of partnerships of the
    circle; ``changing_partners``: its complement, the mean Jaccard distance (Jaccard 1901; a metric
    by Levandowsky and Winter 1971): 0 when it is always the same company, 1 when never twice. A
    partnership whose members are unknown is in no pair."""
    circle = found.circle.join(found.active, on="p", how="semi")
    subjects = found.subjects.select(ID)
    shape = (len(subjects), len(found.bodies))
    sets = kernel.incidence(numbers(circle, ID), numbers(circle, "p"), shape)
    alike = kernel.similarities(membership_matrix(found))
    overlap = pl.Series(kernel.mean_similarity(sets, alike)).fill_nan(None)
    known = found.circle.group_by(ID).agg(
        pl.col("p").is_in(found.active["p"].implode()).mean().alias("overlap" + KNOWN)
    )
    return (
        subjects.with_columns(overlap=overlap, changing_partners=1 - overlap)
        .join(known, on=ID, how="left")
        .with_columns(pl.col("overlap" + KNOWN).alias("changing_partners" + KNOWN))
    )


def reach(landscape: Landscape, found: Circles) -> pl.DataFrame:
    """Whom a municipality meets in partnerships: how many others, how many of its neighbours, and
    the effective number of partners (Laakso and Taagepera 1979), which says over how many
    equally often met partners its meetings are spread."""
    near = landscape.index.adjacency
    n = len(found.towns)
    degree = np.diff(near.indptr)
    adjacency = kernel.incidence(np.repeat(np.arange(n), degree), near.indices, (n, n))
    partners, met, effective = kernel.reach(membership_matrix(found), adjacency)
    borders, members = landscape.knows("adjacency"), found.known
    table = pl.DataFrame(
        {
            "subject": found.towns["nis"],
            "partners_met": partners if members else None,
            "neighbours": degree if borders else None,
            "neighbours_met": met if borders and members else None,
            "effective_partners": pl.Series(effective).fill_nan(None) if members else None,
        },
        schema_overrides=dict.fromkeys(("partners_met", "neighbours", "neighbours_met"), pl.Int64),
    ).with_columns(
        pl.lit(float(known)).alias(name + KNOWN)
        for name, known in {
            "partners_met": members,
            "neighbours": borders,
            "neighbours_met": borders and members,
            "effective_partners": members,
        }.items()
    )
    towns = found.subjects.filter(pl.col("kind") == "municipality").select(ID, "subject")
    return towns.join(table, on="subject").drop("subject")


def neighbours(landscape: Landscape, found: Circles, nis: str) -> pl.DataFrame:
    """Frame ``nis``, ``name``, ``border_m``, ``shared_partnerships``: in how many active
    intermunicipal partnerships ``nis`` meets each neighbour."""
    links = found.active.join(found.towns, on="m")
    ours = links.filter(pl.col("nis") == nis).select("p")
    met = links.join(ours, on="p").group_by("nis").agg(shared_partnerships=pl.len())
    borders = landscape.table("adjacency")
    near = pl.concat(
        [
            borders.filter(pl.col("nis_a") == nis).select("border_m", nis="nis_b"),
            borders.filter(pl.col("nis_b") == nis).select("border_m", nis="nis_a"),
        ]
    )
    names = landscape.table("municipalities").select("nis", "name")
    count = pl.col("shared_partnerships").cast(pl.Int64).fill_null(0)
    return (
        near.join(names, on="nis")
        .join(met, on="nis", how="left")
        .select("nis", "name", "border_m", count)
        .sort("shared_partnerships", "nis", descending=[True, False])
    )


def breakdown(found: Circles) -> pl.DataFrame:
    """Frame ``#``, ``dimension``, ``value`` (empty: unknown), ``partnerships``: the active
    partnerships of each circle by form, theme, initiator, level, line and size."""
    bodies = found.bodies.with_columns(size=size_class()).select("p", *DIMENSIONS)
    rows = found.circle.join(bodies, on="p")
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
