"""Who sits at which table: the links from which the effects of a merger on bodies are counted."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy import sparse

from samenspel.delineation.problem import Flags, Floats
from samenspel.landscape.kinds import OBSERVER
from samenspel.landscape.landscape import Landscape
from samenspel.mergers.zone import Sets
from samenspel.screening.circles import INTERMUNICIPAL, Circles


@dataclass(frozen=True)
class Seated:
    """Active bodies of every kind, and who sits there; matrices of bodies by municipalities.

    ``bodies``: frame ``p``, ``partnership``, ``name``, ``body`` (its kind), ``legal_form``,
    ``line``. ``ours``: which are intermunicipal. ``at``: 0/1, the municipality is a member itself
    or, at another kind of table, through its OCMW. ``members``: how many members are the
    municipality or its OCMW; ``all_members``: how many there are. ``seats``, and where those are
    ``known``: of municipalities in intermunicipal partnerships that list any seat.
    """

    bodies: pl.DataFrame
    ours: Flags
    at: Any
    members: Any
    all_members: Floats
    seats: Any
    known: Any


def seated_of(landscape: Landscape, found: Circles) -> Seated:
    """The tables of ``landscape`` that are known to be active."""
    active = found.bodies["active"].fill_null(value=False)
    bodies = found.bodies.filter(active).select(
        "p", "partnership", "name", "body", "legal_form", "line"
    )
    row = bodies.select("p").with_row_index("row")
    towns = len(found.towns)
    shape = (len(bodies), towns)
    kinds = bodies.select("p", ours=(pl.col("body") == INTERMUNICIPAL).fill_null(value=False))
    links = found.links.join(kinds, on="p").join(row, on="p")
    links = links.filter(pl.col("own") | ~pl.col("ours"))
    belongs = pl.concat([
        found.towns.select("m", organisation="nis"),
        landscape.coded("organisations").filter(pl.col("class") == "ocmw").join(
            found.towns, on="nis").select("m", organisation="id"),
    ]).unique("organisation")  # fmt: skip
    listed = landscape.coded("memberships").filter(
        pl.col("role").is_null() | (pl.col("role") != OBSERVER)
    ).unique(["partnership", "organisation"]).join(
        bodies.select("p", "partnership"), on="partnership"
    ).join(row, on="p")  # fmt: skip
    inside = listed.join(belongs, on="organisation")
    sits, known = seats_of(landscape, links.filter("ours"), bodies)
    return Seated(
        bodies,
        kinds["ours"].to_numpy(),
        counts(links["row"], links["m"], np.ones(len(links)), shape),
        counts(inside["row"], inside["m"], np.ones(len(inside)), shape),
        np.bincount(listed["row"].to_numpy(), minlength=shape[0]).astype(np.float64),
        counts(sits["row"], sits["m"], sits["seats"].to_numpy(), shape),
        counts(known["row"], known["m"], np.ones(len(known)), shape),
    )


def counts(rows: pl.Series, columns: pl.Series, values: Any, shape: tuple[int, int]) -> Any:
    """Sparse matrix with the sum of ``values`` at each (row, column)."""
    at = (rows.to_numpy().astype(np.int64), columns.to_numpy().astype(np.int64))
    return sparse.csr_matrix((np.asarray(values, np.float64), at), shape=shape)


def seats_of(
    landscape: Landscape, links: pl.DataFrame, bodies: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The seats of municipalities (``row``, ``m``, ``seats``), and of which links they are known,
    as the screening counts them: where the partnership lists any seat, and none of theirs is
    without a number."""
    nis = landscape.table("municipalities").sort("nis").select("nis").with_row_index("m")
    given = landscape.coded("mandates").join(bodies.select("p", "partnership"), on="partnership")
    per = given.join(nis, left_on="organisation", right_on="nis").group_by("p", "m").agg(
        pl.col("seats").sum(), unknown=pl.col("seats").has_nulls()
    )  # fmt: skip
    rows = links.join(given.select("p").unique(), on="p", how="semi").join(
        per, on=["p", "m"], how="left"
    ).filter(~pl.col("unknown").fill_null(value=False))  # fmt: skip
    rows = rows.with_columns(pl.col("seats").fill_null(0))
    return rows.select("row", "m", "seats"), rows.select("row", "m")


@dataclass(frozen=True)
class Sharing:
    """How sets of municipalities meet bodies: sparse matrices of sets by bodies. ``parts``: how
    many parts sit there; ``within``: how many of its members are those parts or their OCMWs."""

    parts: Any
    within: Any


def sharing(found: Seated, some: Sets) -> Sharing:
    """How the sets ``some`` meet the bodies of ``found``."""
    matrix = some.matrix(found.at.shape[1])
    return Sharing((matrix @ found.at.T).tocsr(), (matrix @ found.members.T).tocsr())


def entries(matrix: Any, rows: Any, columns: Any) -> Floats:
    """The numbers of a sparse matrix at some places."""
    if not len(rows):
        return np.empty(0)
    return np.asarray(matrix[rows, columns], np.float64).ravel()


def effects(found: Seated, some: Sets) -> dict[str, Floats]:
    """Of each set what a merger would do, by name.

    Of intermunicipal partnerships: ``shared`` (two parts or more are members), ``shared_by_all``,
    ``same_circle`` (its municipalities are exactly the parts), ``internal`` (every member is a
    part, or the OCMW of one: nobody else is left at the table), ``alone`` (the only municipality
    left, beside other members), ``fewer`` (goes on with fewer municipalities), ``shared_places``
    (places of the parts in shared ones). Of bodies of every kind: ``places``, ``duplicates``
    (places that fall together), ``other_internal`` (bodies of another kind of which every member is
    a part or its OCMW). Seats: ``seats``, ``shared_seats``, ``internal_seats``, each with the
    number of places of which seats are known (``_at``) and those that count (``_of``).
    """
    met = sharing(found, some)
    size = np.asarray(found.at.sum(axis=1)).ravel()
    sets, body = met.parts.nonzero()
    parts = entries(met.parts, sets, body)
    within = entries(met.within, sets, body)
    ours, several = found.ours[body], parts >= 2
    whole = several & (parts == size[body])
    inside = whole & (within == found.all_members[body])
    held = some.sizes[sets]
    shared = ours & several
    matrix = some.matrix(found.at.shape[1])

    def count(which: Flags, weights: Floats | None = None) -> Floats:
        chosen = None if weights is None else weights[which]
        return np.bincount(sets[which], chosen, some.count).astype(np.float64)

    columns = {
        "shared": count(shared),
        "shared_by_all": count(shared & (parts == held)),
        "same_circle": count(ours & whole & (parts == held)),
        "internal": count(ours & inside),
        "alone": count(ours & whole & ~inside),
        "fewer": count(shared & ~whole),
        "shared_places": count(shared, parts),
        "places": count(np.ones_like(ours), parts),
        "duplicates": count(several, parts - 1),
        "other_internal": count(~ours & inside),
    }
    seats = (matrix @ found.seats.T).tocsr()
    known = (matrix @ found.known.T).tocsr()
    numbers = entries(seats, sets, body)
    certain = entries(known, sets, body)
    for name, which in (("seats", ours), ("shared_seats", shared), ("internal_seats",
                        ours & inside)):  # fmt: skip
        columns[name] = count(which, numbers)
        columns[f"{name}_at"] = count(which, certain)
        columns[f"{name}_of"] = count(which, parts)
    return columns
