"""The integer index against plain dictionaries and sets."""

import math
import string

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samenspel.landscape.example import example
from samenspel.landscape.index import Csr, build_index

CODES = [f"0{n}" for n in range(8)]
OUT_OF_TABLE = [*CODES, "99", "98"]
BODIES = ["p1", "p2", "p3", "p10"]

municipalities = st.lists(st.sampled_from(CODES), unique=True, max_size=8)
bodies = st.lists(st.sampled_from(BODIES), unique=True, max_size=4)
links = st.sets(
    st.tuples(st.sampled_from([*BODIES, "p9"]), st.sampled_from([*OUT_OF_TABLE, "p1", "vzw"])),
    max_size=20,
)
lengths = st.none() | st.integers(0, 5000).map(float)
borders = st.dictionaries(
    st.tuples(st.sampled_from(OUT_OF_TABLE), st.sampled_from(OUT_OF_TABLE) | st.none()).filter(
        lambda pair: pair[1] is None or pair[0] < pair[1]
    ),
    lengths,
    max_size=20,
)


def links_of(csr: Csr) -> dict[tuple[int, int], float]:
    """(row, column) to value, and that each row ascends without doubles."""
    assert csr.indptr[0] == 0
    assert csr.indptr[-1] == len(csr.indices) == len(csr.values)
    found = {}
    for i in range(len(csr.indptr) - 1):
        row = csr.row(i).tolist()
        assert row == sorted(set(row))
        for j, value in zip(row, csr.values[csr.indptr[i] : csr.indptr[i + 1]], strict=True):
            found[i, j] = float(value)
    return found


@settings(deadline=None)
@given(municipalities, bodies, links, borders, st.randoms(use_true_random=False))
def test_against_plain_sets(nis, partnerships, members, adjacency, random) -> None:  # type: ignore[no-untyped-def]
    members, pairs = sorted(members), sorted(adjacency.items(), key=repr)
    random.shuffle(members)
    random.shuffle(pairs)
    index = build_index(
        pl.DataFrame({"nis": nis}, schema={"nis": pl.String}),
        pl.DataFrame({"id": partnerships}, schema={"id": pl.String}),
        pl.DataFrame(
            [(*pair, None) for pair in members],
            schema=dict.fromkeys(("partnership", "organisation", "role"), pl.String),
            orient="row",
        ),
        pl.DataFrame(
            [(a, b, length) for (a, b), length in pairs],
            schema={"nis_a": pl.String, "nis_b": pl.String, "border_m": pl.Float64},
            orient="row",
        ),
    )
    assert index.nis == tuple(sorted(nis))
    assert index.partnership == tuple(sorted(partnerships))
    assert len(index.adjacency.indptr) == len(index.memberships.indptr) == len(nis) + 1
    assert len(index.members.indptr) == len(partnerships) + 1

    land = {code: i for i, code in enumerate(sorted(nis))}
    body = {code: i for i, code in enumerate(sorted(partnerships))}
    wanted = {}
    for (a, b), length in adjacency.items():
        if a in land and b in land:
            metres = math.nan if length is None else length
            wanted[land[a], land[b]] = wanted[land[b], land[a]] = metres
    found = links_of(index.adjacency)
    assert found.keys() == wanted.keys()
    assert found == pytest.approx(wanted, nan_ok=True)

    joined = {(body[p], land[o]) for p, o in members if p in body and o in land}
    assert links_of(index.members).keys() == joined
    assert links_of(index.memberships).keys() == {(m, p) for p, m in joined}


@settings(deadline=None)
@given(st.integers(2, 400), st.integers(0, 30))
def test_lengths_stay_with_their_border_whichever_table_is_larger(n: int, few: int) -> None:
    nis = [f"{i:05}" for i in range(n)]
    pairs = [(nis[i], nis[i + 1], float(i + 1)) for i in range(min(n - 1, few))][::-1]
    index = build_index(
        pl.DataFrame({"nis": nis[::-1]}),
        pl.DataFrame(schema={"id": pl.String}),
        pl.DataFrame(schema=dict.fromkeys(("partnership", "organisation", "role"), pl.String)),
        pl.DataFrame(
            pairs,
            schema={"nis_a": pl.String, "nis_b": pl.String, "border_m": pl.Float64},
            orient="row",
        ),
    )
    wanted = {}
    for i in range(len(pairs)):
        wanted[i, i + 1] = wanted[i + 1, i] = i + 1.0
    assert links_of(index.adjacency) == wanted


def test_the_example_by_name() -> None:
    landscape = example()
    index = landscape.index
    assert index is landscape.index
    centre = index.nis.index("00001")
    beside = {index.nis[i] for i in index.adjacency.row(centre)}
    assert beside == {"00002", "00005", "00006", "00007", "00010"}
    assert index.adjacency.row(index.nis.index("00009")).tolist() == []
    p04 = index.partnership.index("p04")
    assert {index.nis[i] for i in index.members.row(p04)} == {"00006", "00010"}
    assert set(index.members.values) == {1.0}


def test_nobody_can_change_a_shared_index() -> None:
    index = example().index
    for csr in (index.adjacency, index.members, index.memberships):
        for array in (csr.indptr, csr.indices, csr.values):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 1


def test_numbers_follow_the_order_of_the_codes() -> None:
    codes = list(string.ascii_lowercase)
    index = build_index(
        pl.DataFrame({"nis": codes[::-1]}),
        pl.DataFrame({"id": ["q", None, "p", "p"]}),
        pl.DataFrame(
            {
                "partnership": ["p", "p", "q", "q"],
                "organisation": ["z", "a", "a", "z"],
                "role": ["member", None, "managing", "observer"],
            }
        ),
        pl.DataFrame(schema={"nis_a": pl.String, "nis_b": pl.String, "border_m": pl.Float64}),
    )
    assert index.nis == tuple(codes)
    assert index.partnership == ("p", "q")
    assert index.members.row(0).tolist() == [0, 25]
    assert index.memberships.row(0).tolist() == [0, 1]
    assert np.array_equal(index.adjacency.indptr, np.zeros(27, int))
