"""The integer index of a landscape: municipalities and partnerships as numbers, links as CSR.

Building costs O(rows log rows). Arrays are read-only, so an index can be shared.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from samenspel.landscape.kinds import OBSERVER

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Csr:
    """Compressed sparse rows: row ``i`` links to ``indices[indptr[i]:indptr[i + 1]]``, ascending;
    ``values`` run beside ``indices``."""

    indptr: Ints
    indices: Ints
    values: NDArray[np.float64]

    def row(self, i: int) -> Ints:
        """What row ``i`` links to."""
        return self.indices[self.indptr[i] : self.indptr[i + 1]]


@dataclass(frozen=True)
class Index:
    """``nis[i]`` is municipality ``i``, ``partnership[p]`` is partnership ``p``, both ascending.

    ``adjacency``: municipality to neighbour, symmetric, values in metres (NaN where unknown), land
    outside left out. ``members``: partnership to the municipalities that are members themselves.
    ``memberships``: the same links from the municipality's side.
    """

    nis: tuple[str, ...]
    partnership: tuple[str, ...]
    adjacency: Csr
    members: Csr
    memberships: Csr


def csr(rows: Ints, columns: Ints, values: NDArray[np.float64], n_rows: int) -> Csr:
    """Links (rows[k], columns[k]) with a value as compressed sparse rows over ``n_rows`` rows."""
    order = np.lexsort((columns, rows))
    indptr = np.zeros(n_rows + 1, np.int64)
    np.cumsum(np.bincount(rows, minlength=n_rows), out=indptr[1:])
    arrays = (indptr, columns[order], values[order])
    for array in arrays:
        array.setflags(write=False)
    return Csr(*arrays)


def positions(codes: pl.Series) -> pl.DataFrame:
    """Frame ``code``, ``position``: ascending codes numbered from 0."""
    return codes.alias("code").sort().to_frame().with_row_index("position")


def numbered(frame: pl.DataFrame, where: dict[str, pl.DataFrame]) -> list[Ints]:
    """For each ``column: positions`` the column's numbers, over the rows where all are known."""
    for column, place in where.items():
        frame = frame.join(
            place.rename({"position": f"#{column}"}),
            left_on=column,
            right_on="code",
            maintain_order="left",
        )
    return [frame[f"#{column}"].to_numpy().astype(np.int64) for column in where]


def build_index(
    municipalities: pl.DataFrame,
    partnerships: pl.DataFrame,
    memberships: pl.DataFrame,
    adjacency: pl.DataFrame,
) -> Index:
    """The index of a landscape's tables; links to codes outside the tables are left out."""
    places = positions(municipalities["nis"])
    bodies = positions(partnerships["id"].drop_nulls().unique())
    seated = pl.col("role").is_null() | (pl.col("role") != OBSERVER)
    links = memberships.filter(seated).select("partnership", "organisation").unique()
    p, m = numbered(links, {"partnership": bodies, "organisation": places})
    borders = adjacency.filter(pl.col("nis_b").is_not_null()).select("nis_a", "nis_b", "border_m")
    both = pl.concat([borders, borders.select(nis_a="nis_b", nis_b="nis_a", border_m="border_m")])
    both = both.filter(
        pl.col("nis_a").is_in(municipalities["nis"].implode()),
        pl.col("nis_b").is_in(municipalities["nis"].implode()),
    ).unique(["nis_a", "nis_b"], maintain_order=True)
    a, b = numbered(both, {"nis_a": places, "nis_b": places})
    lengths = both["border_m"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    ones = np.ones(len(p), np.float64)
    return Index(
        nis=tuple(places["code"]),
        partnership=tuple(bodies["code"]),
        adjacency=csr(a, b, lengths, len(places)),
        members=csr(p, m, ones, len(bodies)),
        memberships=csr(m, p, ones, len(places)),
    )
