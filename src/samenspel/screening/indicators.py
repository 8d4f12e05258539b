"""The figures of the screening, for municipalities, zones, themes and the whole at once.

Every figure ``x`` stands beside ``x_known``, the share of its rows for which it is known. Counts
of partnerships are of active intermunicipal partnerships of which municipalities are members
themselves; OCMW associations, police zones and others have columns of their own. Costs
O(links log links) apart from the kernels (see ``kernel.py``).
"""

from datetime import date as Date

import numpy as np
import polars as pl
from scipy import sparse

from samenspel.landscape.codes import SIDES
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.unknown import KNOWN, means_over, totals_over
from samenspel.screening import kernel
from samenspel.screening.circles import ID, INTERMUNICIPAL, Circles, around

BESIDE = {
    "ocmw_associations": "ocmw_association",
    "police_zones": "police_zone",
    "other_partnerships": "other_partnership",
}
BY_KIND = {"partnerships", "tables", *BESIDE}
BY_LAND = {"neighbours"}
FACTS = (
    "distinct_partner_sets",
    "mean_size",
    "terms_ending",
    "first_line",
    "first_line_share",
    "bottom_up_share",
    "without_budget",
    "budget_cents",
    "staff_fte",
)
SEATS = ("mandates", "seats", *(f"seats_{side}" for side in SIDES))
BY_MEMBER = (*SEATS, "single_seat", "contribution_cents")
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
    parts = [
        found.subjects,
        counts(landscape, found),
        facts(found, landscape.date, until),
        seats(landscape, found),
        alikeness(found),
        reach(landscape, found),
    ]
    return where_known(pl.concat(parts, how="horizontal"), found)


def where_known(frame: pl.DataFrame, found: Circles) -> pl.DataFrame:
    """``frame`` with what nobody can know made unknown: places where members or partnerships are
    unknown, zones whose land is, and figures of active partnerships in so far as it is unknown
    which are active."""
    names = [c.removesuffix(KNOWN) for c in frame.columns if c.endswith(KNOWN)]
    by_status = [name for name in names if name not in BY_KIND and name not in BY_LAND]
    share = frame["partnerships" + KNOWN]
    if (share < 1).any():
        frame = frame.with_columns(pl.col(name + KNOWN) * share for name in by_status)
    frame = hide(frame, by_status, share == 0)
    kind = found.subjects["kind"]
    if not found.land_known:
        frame = hide(frame, names, kind == "zone")
    if not found.known:
        # The whole and the themes still know their partnerships; places know nothing.
        by_body = [name for name in names if name not in BY_LAND and name not in BY_MEMBER]
        places = kind.is_in(["municipality", "zone"]) | (len(found.bodies) == 0)
        frame = hide(hide(frame, by_body, places), [*BY_MEMBER], kind.is_not_null())
    return frame


def hide(frame: pl.DataFrame, names: list[str], rows: pl.Series) -> pl.DataFrame:
    """``frame`` with the figures ``names`` unknown in ``rows``."""
    if not rows.any():
        return frame
    return frame.with_columns(
        *(pl.when(~rows).then(pl.col(name)).alias(name) for name in names),
        *(pl.when(~rows).then(n + KNOWN).otherwise(0.0).alias(n + KNOWN) for n in names),
    )


def counts(landscape: Landscape, found: Circles) -> pl.DataFrame:
    """Active partnerships by kind: the municipality's own, those of it or its OCMW beside them, and
    every table at which either sits. Without organisations nobody knows whose OCMW is a member."""
    kinds = {"partnerships": INTERMUNICIPAL, **BESIDE}
    bodies = found.bodies.select(
        "p",
        "active",
        "body",
        may_be=pl.col("active").fill_null(value=True),
        **{name: (pl.col("body") == kind).fill_null(value=True) for name, kind in kinds.items()},
    )
    beside = pl.col("body").is_null() | (pl.col("body") != INTERMUNICIPAL)
    seated = found.links.join(bodies, on="p").filter(pl.col("may_be"), pl.col("own") | beside)
    matrix = kernel.incidence(seated["p"], seated["m"], (len(bodies), len(found.towns)))
    circle = around(matrix, bodies["may_be"], found.subjects, found.bodies, found.places)
    table = totals_over(
        circle,
        bodies.select(
            *(pl.when(pl.col("body").is_not_null()).then("active").alias(n) for n in kinds),
            tables="active",
        ),
        among={name: bodies[name].to_numpy() for name in kinds},
    )
    if landscape.knows("organisations"):
        return table
    place = found.subjects["kind"].is_in(["municipality", "zone"])
    unseen = ("ocmw_associations", "other_partnerships", "tables")
    return table.with_columns(
        *(pl.when(~place).then(name).alias(name) for name in unseen),
        *(pl.when(~place).then(n + KNOWN).otherwise(0).alias(n + KNOWN) for n in unseen),
    )


def facts(found: Circles, date: Date, until: Date) -> pl.DataFrame:
    """What is known of the partnerships of a circle: member sets, terms, line, money."""
    ends = pl.col("term_end")
    first = pl.col("line") == "first"
    sets = member_sets(found)
    sums = found.bodies.select(
        "budget_cents",
        "staff_fte",
        terms_ending=(ends > date) & (ends <= until),
        first_line=first,
        without_budget=pl.col("budget_cents") == 0,
    )
    means = found.bodies.select(
        mean_size="size",
        first_line_share=first,
        bottom_up_share=pl.col("initiator") == "bottom_up",
        distinct_partner_sets=sets,
    )
    distinct = pl.Series(kernel.distinct(found.circle, sets.fill_null(-1).to_numpy()))
    known = pl.col("distinct_partner_sets").is_not_null() | (
        pl.col("distinct_partner_sets" + KNOWN) == 1
    )
    table = pl.concat(
        [
            means_over(found.circle, means).with_columns(
                distinct_partner_sets=pl.when(known).then(distinct)
            ),
            totals_over(found.circle, sums),
        ],
        how="horizontal",
    )
    return table.select(column for name in FACTS for column in (name, name + KNOWN))


def member_sets(found: Circles) -> pl.Series:
    """Of each body a number that equal sets of municipalities share; empty where it is not active
    or its members are unknown."""
    p, m = kernel.pairs(found.active)
    sets = (
        pl.DataFrame({"p": p, "m": m})
        .group_by("p")
        .agg(circle=pl.col("m").cast(pl.String).str.join("+"))
        .with_columns(pl.col("circle").rank("dense").cast(pl.Int64))
    )
    numbered = found.bodies.select(pl.col("p").cast(pl.Int64)).join(
        sets, on="p", how="left", maintain_order="left"
    )
    return numbered["circle"]


def seats(landscape: Landscape, found: Circles) -> pl.DataFrame:
    """Seats of the municipalities of a subject by side, and what they contribute. The seats in a
    partnership are known where the landscape lists any seat of that partnership."""
    p, m = kernel.pairs(found.active)
    links = pl.DataFrame({"p": p, "m": m})
    ids = found.bodies.select(pl.col("p").cast(pl.Int64), "partnership")
    towns = found.towns.select(pl.col("m").cast(pl.Int64), organisation="nis")
    given = landscape.coded("mandates").join(ids, on="partnership")
    listed = given.select("p").unique().with_columns(listed=pl.lit(value=True))
    filled = pl.col("seats") > 0
    per = (
        given.join(towns, on="organisation")
        .group_by("p", "m")
        .agg(
            mandates=pl.col("organ").filter(filled).n_unique().cast(pl.Int64),
            unknown=pl.col("seats").has_nulls(),
            sideless=(pl.col("side").is_null() & filled).any(),
            seats=pl.col("seats").sum(),
            **{f"seats_{s}": pl.col("seats").filter(pl.col("side") == s).sum() for s in SIDES},
        )
    )
    paid = landscape.table("memberships").select(
        "partnership", "organisation", "contribution_cents"
    )
    paid = paid.drop_nulls("contribution_cents").join(ids, on="partnership")
    paid = paid.join(towns, on="organisation").select("p", "m", "contribution_cents")
    hidden = pl.col("unknown").fill_null(value=False) | pl.col("listed").is_null()
    no_side = hidden | pl.col("sideless").fill_null(value=False)
    rows = (
        links.join(listed, on="p", how="left", maintain_order="left")
        .join(per, on=["p", "m"], how="left", maintain_order="left")
        .join(paid, on=["p", "m"], how="left", maintain_order="left")
        .with_columns(
            pl.when(~(no_side if name.startswith("seats_") else hidden))
            .then(pl.col(name).fill_null(0))
            .alias(name)
            for name in SEATS
        )
        .with_columns(single_seat=pl.col("seats") == 1)
    )
    lonely = np.flatnonzero(found.now.to_numpy() & (np.diff(found.active.indptr) == 0))
    unlisted = rows.clear(len(lonely))  # active partnerships of which no member is known
    towns_and_zones = int(found.subjects["kind"].is_in(["municipality", "zone"]).sum())
    nowhere = sparse.csr_matrix((towns_and_zones, len(lonely)))
    groups = sparse.vstack(
        [
            sparse.hstack([found.places[:towns_and_zones, m], nowhere]),
            found.circle[towns_and_zones:, np.append(p, lonely)],
        ],
        format="csr",
    )
    return totals_over(groups, pl.concat([rows, unlisted]).select(BY_MEMBER))


def alikeness(found: Circles) -> pl.DataFrame:
    """``overlap``: mean Jaccard similarity of the member sets over all pairs of partnerships of the
    circle; ``changing_partners``: its complement, the mean Jaccard distance (Jaccard 1901; a metric
    by Levandowsky and Winter 1971): 0 when it is always the same company, 1 when never twice. A
    partnership whose members are unknown is in no pair."""
    listed = np.diff(found.active.indptr) > 0
    circle = found.circle @ sparse.diags_array(listed.astype(np.float64))
    overlap = pl.Series(kernel.mean_similarity(circle.tocsr(), found.active)).fill_nan(None)
    there = pl.DataFrame({"overlap": np.where(listed, 1.0, np.nan)})
    known = means_over(found.circle, there)["overlap" + KNOWN]
    return pl.DataFrame(
        {
            "overlap": overlap,
            "overlap" + KNOWN: known,
            "changing_partners": 1 - overlap,
            "changing_partners" + KNOWN: known,
        }
    )


def reach(landscape: Landscape, found: Circles) -> pl.DataFrame:
    """Whom a municipality meets in partnerships: how many others, how many of its neighbours, and
    the effective number of partners (Laakso and Taagepera 1979), which says over how many
    equally often met partners its meetings are spread."""
    near = landscape.index.adjacency
    n = len(found.towns)
    degree = np.diff(near.indptr)
    adjacency = kernel.incidence(np.repeat(np.arange(n), degree), near.indices, (n, n))
    partners, met, effective = kernel.reach(found.active, adjacency)
    borders, members = landscape.knows("adjacency"), found.known
    columns = {
        "partners_met": (partners, members),
        "neighbours": (degree, borders),
        "neighbours_met": (met, borders and members),
        "effective_partners": (effective, members),
    }
    rest = len(found.subjects) - n  # only a municipality, of the first n subjects, meets others
    return (
        pl.DataFrame(
            {
                name: np.append(values, np.full(rest, np.nan))
                for name, (values, _known) in columns.items()
            }
        )
        .with_columns(
            *(
                pl.when(pl.lit(known)).then(pl.col(name).fill_nan(None)).alias(name)
                for name, (_values, known) in columns.items()
            ),
            *(pl.lit(float(known)).alias(name + KNOWN) for name, (_v, known) in columns.items()),
        )
        .with_columns(pl.col("partners_met", "neighbours", "neighbours_met").cast(pl.Int64))
    )


def neighbours(
    landscape: Landscape, found: Circles, figures_of: pl.DataFrame, nis: str
) -> pl.DataFrame:
    """Frame ``nis``, ``name``, ``border_m``, ``shared_partnerships``: in how many active
    intermunicipal partnerships ``nis``, a municipality of the landscape, meets each neighbour;
    unknown where it is unknown whom it meets. ``figures_of``: what ``figures`` gave."""
    place = found.towns["nis"].to_list().index(nis)
    met = pl.DataFrame(
        {
            "nis": found.towns["nis"],
            "shared_partnerships": kernel.tables_with(found.active, place),
        }
    )
    borders = landscape.table("adjacency")
    near = pl.concat(
        [
            borders.filter(pl.col("nis_a") == nis).select("border_m", nis="nis_b"),
            borders.filter(pl.col("nis_b") == nis).select("border_m", nis="nis_a"),
        ]
    )
    names = landscape.table("municipalities").select("nis", "name")
    row = figures_of.filter(kind="municipality", subject=nis)
    known = bool(row.select((pl.col("partners_met" + KNOWN) > 0).any()).item())
    count = pl.when(pl.lit(known)).then(pl.col("shared_partnerships").cast(pl.Int64))
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
    subject, p = kernel.pairs(found.circle)
    rows = pl.DataFrame({ID: subject, "p": p}).join(
        bodies.with_columns(pl.col("p").cast(pl.Int64)), on="p"
    )
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
