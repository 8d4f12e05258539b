"""Candidate mergers: every connected set within the bounds, each once, and wrong words refused."""

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mergerlands import bare, codes, connected, hand, hand_tables, landscape, random_land

from samenspel.errors import InputError
from samenspel.landscape.landscape import Landscape

pytest.importorskip("numba")

from samenspel.mergers import candidates as module
from samenspel.mergers.candidates import candidates
from samenspel.mergers.zone import Bounds, zones_of


def found(land: Landscape, zone: str = "z1", **asked: Any) -> list[str]:
    links = asked.pop("links", ())
    return codes(land, candidates(land, "Z", zone, Bounds(**asked), links))


def test_the_square_of_the_hand_drawn_zone() -> None:
    square = ["AB", "AD", "BE", "DE", "ABD", "ABE", "ADE", "BDE", "ABDE"]
    assert found(hand()) == square
    assert found(hand(), "Zone z2") == ["CF", "FH", "CFH"]


def test_how_many_a_merger_joins() -> None:
    assert found(hand(), municipalities=(2, 2)) == ["AB", "AD", "BE", "DE"]
    assert found(hand(), municipalities=(3, 9)) == ["ABD", "ABE", "ADE", "BDE", "ABDE"]
    assert found(hand(), municipalities=(5, 9)) == []


def test_inhabitants_within_bounds_and_what_is_unknown_stays() -> None:
    assert found(hand(), population=(30, 35)) == ["AB", "DE", "ABD"]
    assert found(hand(), population=(None, 15)) == ["AD"]
    assert found(hand(), population=(55, None)) == ["ABE", "BDE", "ABDE"]
    # F is unknown: with C it has 40 or more, with H 7 or more, with both 47 or more.
    assert found(hand(), "z2", population=(None, 39)) == ["FH"]
    assert found(hand(), "z2", population=(100, None)) == ["CF", "FH", "CFH"]


def test_an_exclave_is_in_none_but_by_a_link() -> None:
    land = hand()
    (zone,) = zones_of(land, "Z", "z1")
    assert [land.index.nis[town] for town in zone.cut_off] == ["G"]
    linked = found(land, municipalities=(2, 2), links=(("Gdorp", "D"),))
    assert linked == ["AB", "AD", "BE", "DE", "DG"]


@pytest.mark.parametrize(
    "link", [("G", "C"), ("A", "A"), ("C", "F")], ids=["two zones", "itself", "another zone"]
)
def test_a_link_lies_within_a_zone_that_is_looked_at(link: tuple[str, str]) -> None:
    with pytest.raises(InputError, match=f"--link {link[0]}={link[1]}"):
        found(hand(), links=(link,))


def test_a_merger_may_lie_around_another_municipality() -> None:
    ring = ("AB", "BC", "CD", "DA", "AE", "BE", "CE", "DE")
    land = landscape(**bare("ABCDE", ring))
    assert "ABCD" in found(land, municipalities=(4, 4))


def test_a_municipality_that_the_landscape_does_not_have_is_told() -> None:
    rows = hand_tables()
    rows["zone_members"] = [*rows["zone_members"], {"zoning": "Z", "zone": "z1", "nis": "Q"}]
    (zone,) = zones_of(landscape(**rows), "Z", "z1")
    assert zone.absent == ("Q",)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"municipalities": (1, 3)}, "joins two municipalities or more"),
    ({"municipalities": (4, 3)}, "from low to high"),
    ({"population": (9, 5)}, "from low to high"),
    ({"links": (("A", "Nergens"),)}, "Nergens"),
]


@pytest.mark.parametrize(("asked", "text"), WRONG)
def test_wrong_bounds(asked: dict[str, Any], text: str) -> None:
    with pytest.raises(InputError, match=text):
        found(hand(), **asked)


def test_wrong_zones() -> None:
    with pytest.raises(InputError, match="nergens"):
        found(hand(), "nergens")
    with pytest.raises(InputError, match="no zoning"):
        zones_of(hand(), "Q")
    with pytest.raises(InputError, match="adjacency"):
        zones_of(hand(adjacency=[]), "Z")


def test_too_many_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 8)
    with pytest.raises(InputError, match="more than 8 candidate mergers"):
        found(hand())
    monkeypatch.setattr(module, "MOST", 9)
    assert len(found(hand())) == 9


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 7), st.integers(2, 4), st.integers(0, 4))
def test_the_candidates_are_all_connected_sets(seed: int, n: int, low: int, more: int) -> None:
    land = random_land(seed, n)
    towns = land.index.nis
    borders = [(str(a), str(b)) for a, b in
               land.table("adjacency").select("nis_a", "nis_b").iter_rows()]  # fmt: skip
    people = dict(land.table("municipalities").select("nis", "population").iter_rows())
    bound = (10, 40) if seed % 2 else (None, None)

    def keeps(some: tuple[str, ...]) -> bool:
        held = [people[town] for town in some]
        least = sum(value or 0 for value in held)
        sure = None not in held
        return bound[0] is None or ((not sure or least >= 10) and least <= 40)

    plain = [
        "".join(some)
        for k in range(low, min(low + more, n) + 1)
        for some in combinations(towns, k)
        if connected(some, borders) and keeps(some)
    ]
    assert found(land, municipalities=(low, low + more), population=bound) == plain
