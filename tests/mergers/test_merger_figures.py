"""Every figure of the hand-drawn land, counted by hand; what is unknown stays unknown."""

import math
from typing import Any

import polars as pl
import pytest
from mergerlands import bare, hand, hand_tables, knowing, landscape, some, without

from samenspel.landscape.landscape import Landscape
from samenspel.landscape.unknown import KNOWN
from samenspel.screening.screen import screen

pytest.importorskip("numba")

from samenspel.mergers.facts import facts_of
from samenspel.mergers.figures import figures


def row(land: Landscape, group: str, zoning: str = "Z") -> dict[str, Any]:
    known = knowing(land)
    found = figures(known.facts, known.seated, some(land, group), zoning)
    return found.row(0, named=True)


# By hand, of A and B. Bodies: i1 i2 (both, nobody else), i3 (ABDE), i4 (B with C and E), i5 (A with
# D and an association), o1 (their OCMWs). Zonings beside Z: P (both in p1), W (w1 and w2), T (both
# in t1); P_2019 is an older self of P. Commuters: A 10, of whom 4 stay and 1 goes to B; B 16, of
# whom 8 stay and 2 go to A; to E, the only centre beside them but C, go 9; to C nobody.
OF_AB = {
    "population": 30, "area_km2": 4.0, "density": 7.5, "smallest": 10, "largest": 20,
    "largest_share": 20 / 30, "distance": 1.0, "centres": 0,
    "income": 400 / 30, "income_difference": 5.0, "income_spread": 1.5,
    "commuting_inside": 15 / 26, "commuting_own": 12 / 26, "commuting_between": 3,
    "commuting_kept": 15, "commuting_city": 9, "zonings_cut": 1,
    "partnerships": 5, "tables": 6, "first_line_share": 2 / 5,
    "shared": 3, "shared_by_all": 3, "same_circle": 2, "internal": 2, "alone": 0, "fewer": 1,
    "shared_places": 6, "places": 10, "duplicates": 4, "other_internal": 1,
    "internal_seats": 3, "equipment": ["c1"],
}  # fmt: skip


@pytest.mark.parametrize("name", OF_AB)
def test_two_that_are_all_known(name: str) -> None:
    found = row(hand(), "AB")
    assert found[name] == (OF_AB[name] if isinstance(OF_AB[name], list)
                           else pytest.approx(OF_AB[name]))  # fmt: skip
    if name not in ("internal_seats",):
        assert found[name + KNOWN] == 1


def test_seats_with_the_share_of_places_of_which_they_are_known() -> None:
    # Places in partnerships: i1 i2 i3 twice, i4 and i5 once, so 8. Seats are listed of i1 (2 and
    # 1) and of i3 (4, and 0 of B); i2, i4 and i5 list none.
    found = row(hand(), "AB")
    assert (found["seats"], found["seats" + KNOWN]) == (7, 4 / 8)
    assert (found["shared_seats"], found["shared_seats" + KNOWN]) == (7, 4 / 6)
    assert found["internal_seats" + KNOWN] == 2 / 4


def test_four_with_a_doubtful_body() -> None:
    # Now i3 is internal too, i5 has only A and D left beside the association, i4 goes on with C.
    found = row(hand(), "ABDE")
    assert (found["population"], found["centres"], found["equipment"]) == (
        65,
        1,
        ["a1", "c1", "c2"],
    )
    assert (found["internal"], found["alone"], found["fewer"]) == (3, 1, 1)
    assert (found["shared_by_all"], found["same_circle"]) == (1, 1)
    # The police zone and the OCMW association have no other member; i7 of D and G may be active.
    assert found["other_internal"] == 2
    assert found["partnerships"] == 5
    assert found["partnerships" + KNOWN] == found["internal" + KNOWN] == 5 / 6
    assert found["tables" + KNOWN] == 7 / 8
    # Of the zonings Z apart: P in p1 and p2, W (D and E in no zone of it), T: A and D in t1 only,
    # E in t2 only.
    assert (found["zonings_cut"], found["zonings_cut" + KNOWN]) == (3, 1)
    assert found["distance"] == pytest.approx(math.sqrt(2))
    # 39 live there and commute: 1 + 3 + 1 of D, 2 + 20 + 1 of E, 10 of A, 16 of B.
    assert found["commuting_inside"] == pytest.approx((10 - 2 + 16 + 5 + 22) / (10 + 16 + 5 + 23))
    assert found["commuting_city"] == 1  # to C


def test_part_of_it_unknown() -> None:
    found = row(hand(), "CF", zoning="T")
    assert (found["population"], found["population" + KNOWN]) == (40, 0.5)
    assert (found["density"], found["density" + KNOWN]) == (None, 0.5)
    assert (found["largest_share"], found["income"]) == (None, None)
    assert (found["centres"], found["centres" + KNOWN]) == (1, 0.5)
    # F is in no row of the flows: nobody knows who commutes from there.
    assert (found["commuting_inside"], found["commuting_inside" + KNOWN]) == (None, 0.5)
    # Of C and F no income is known, and no level.
    assert (found["income_difference"], found["equipment"], found["equipment" + KNOWN]) == (
        None, [], 0)  # fmt: skip


def test_a_zone_that_is_not_known_is_no_cut_and_counts_as_unknown() -> None:
    # G lies in no zone of P, which covers everything: where it lies is not known.
    found = row(hand(), "DG")
    assert (found["zonings_cut"], found["zonings_cut" + KNOWN]) == (0, 2 / 3)


def test_the_zoning_of_the_zone_is_never_cut() -> None:
    # C lies in no zone of W and T, which do not cover everything: that is no cut.
    assert row(hand(), "BC")["zonings_cut"] == 1  # P
    assert row(hand(), "BC", zoning="P")["zonings_cut"] == 1  # Z


NOTHING = ("population", "density", "largest_share", "distance", "centres", "income", "property",
           "income_difference", "income_spread", "staff", "per_council_seat", "commuting_inside",
           "commuting_between", "commuting_city", "partnerships", "internal", "shared", "tables",
           "places", "seats", "first_line_share", "zonings_cut")  # fmt: skip


@pytest.mark.parametrize("name", NOTHING)
def test_on_a_bare_land_everything_is_unknown(name: str) -> None:
    found = row(landscape(**bare("ABC", ("AB", "BC"))), "AB")
    assert (found[name], found[name + KNOWN]) == (None, 0)


@pytest.mark.parametrize("table", ["memberships", "partnerships"])
def test_without_who_is_a_member_no_body_is_counted(table: str) -> None:
    found = row(without(table, "mandates"), "AB")
    for name in ("partnerships", "internal", "shared", "seats", "places"):
        assert (found[name], found[name + KNOWN]) == (None, 0)


def test_without_organisations_nobody_knows_the_tables_of_an_ocmw() -> None:
    found = row(without("organisations"), "AB")
    assert (found["tables"], found["places"], found["duplicates"]) == (None, None, None)
    assert found["internal"] == 2


def test_figures_of_the_user() -> None:
    rows = hand_tables()
    more = [
        {"nis": nis, "key": key, "year": 2024, "map_year": 2025, "value": value, "additive": True}
        for nis, key, value in (("A", "staff_fte", 3.0), ("B", "staff_fte", 4.5),
                                ("A", "council_seats", 5.0), ("B", "council_seats", 10.0))
    ]  # fmt: skip
    found = row(hand(figures=rows["figures"] + more), "AB")
    assert (found["staff"], found["per_council_seat"]) == (7.5, 2.0)
    half = row(hand(figures=rows["figures"] + more[:1]), "AB")
    assert (half["staff"], half["staff" + KNOWN]) == (3.0, 0.5)
    bare_sum = [{**one, "additive": None} for one in more]
    assert row(hand(figures=rows["figures"] + bare_sum), "AB")["staff"] is None


def test_the_latest_year_on_the_latest_map() -> None:
    rows = hand_tables()["figures"]
    older = [{**one, "year": 2019, "value": 1.0} for one in rows]
    other_map = [{**one, "map_year": 2019, "value": 1.0} for one in rows]
    found = row(hand(figures=[*older, *other_map, *rows]), "AB")
    assert found["income"] == pytest.approx(400 / 30)


def test_flows_of_the_latest_year_and_of_another_kind() -> None:
    flows = hand_tables()["flows"]
    newer = [{**one, "year": 2020, "count": 1} for one in flows]
    facts = facts_of(hand(flows=[*flows, *newer]))
    assert (facts.flows.year, facts.flows.leaving[0]) == (2020, 4)
    assert not facts_of(hand(), flow="school").flows.known


def test_an_unknown_count_leaves_the_whole_unknown() -> None:
    flows = [{**one, "count": None} if one["from"] == "A" and one["to"] == "B" else one
             for one in hand_tables()["flows"]]  # fmt: skip
    found = row(hand(flows=flows), "AB")
    assert (found["commuting_inside"], found["commuting_inside" + KNOWN]) == (None, 0.5)


def test_single_municipalities_are_as_the_screening_has_them() -> None:
    land = hand()
    known = knowing(land)
    found = figures(known.facts, known.seated, some(land, *"ABCDEFGH"), "Z")
    screened = screen(land).of_kind("municipality").sort("subject")
    for name in ("partnerships", "tables", "seats", "first_line_share"):
        for column in (name, name + KNOWN):
            assert found[column].to_list() == screened[column].to_list(), column
    assert found["tables"].to_list() == found["places"].to_list()
    assert found.select(pl.col("duplicates", "shared", "internal").sum()).row(0) == (0, 0, 0)
