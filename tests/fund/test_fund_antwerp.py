"""Antwerp and Borsbeek (SBV-toekomstvisie 2023, 4.4.5) on the real figures of the map of 2019.

The pot is a choice of the test. Inhabitants of the urban area and shares of open space are not
public: what stands for them here is invented, or is the area, and called so.
"""

from fractions import Fraction
from typing import Any

import pytest
from fundlands import rules, together

from conftest import Imported
from samenspel.fund.comparing import Comparison, compare
from samenspel.fund.distribution import distribute, prepare
from samenspel.landscape.landscape import Landscape

ANTWERP, BORSBEEK, GHENT = "11002", "11007", "44021"
PEOPLE = {ANTWERP: 529_417, BORSBEEK: 11_077, GHENT: 263_703}  # 2021, Statbel
POT = 10_000_000_000  # cents; a choice
EURO = 100_000_000
CITIES = {"nis": [ANTWERP, GHENT]}
# Six large municipalities with few inhabitants per km2, and a neighbour of one: a choice.
RURAL = ["32003", "33021", "33039", "38002", "38025", "32006"]


@pytest.fixture(scope="module")
def lands(flanders_2019: Imported) -> tuple[Landscape, Landscape]:
    """Flanders in 300 municipalities, and with Borsbeek in Antwerp."""
    before = flanders_2019[0]
    return before, together(before, [ANTWERP, BORSBEEK], ANTWERP)


def beside(lands: tuple[Landscape, Landscape], block: dict[str, Any], **more: Any) -> Comparison:
    stated = rules({"b": {"pot": EURO} | block}, **more)
    was = distribute(prepare(stated, lands[0]))
    return compare(was, distribute(prepare(stated, lands[1], since=lands[0]), was))


def change(found: Comparison, nis: str) -> int:
    return next(one.difference for one in found.changes if one.nis == nis)


def rounded(share: Fraction) -> int:
    return round(share)


def test_the_figures_are_those_of_the_land(lands: tuple[Landscape, Landscape]) -> None:
    people = dict(lands[0].table("municipalities").select("nis", "population").iter_rows())
    assert {nis: people[nis] for nis in PEOPLE} == PEOPLE
    after = dict(lands[1].table("municipalities").select("nis", "population").iter_rows())
    assert after[ANTWERP] == PEOPLE[ANTWERP] + PEOPLE[BORSBEEK]
    assert BORSBEEK not in after


def test_by_inhabitants_antwerp_takes_from_ghent(lands: tuple[Landscape, Landscape]) -> None:
    found = beside(lands, {"key": "population", "members": CITIES})
    ghent = PEOPLE[GHENT]
    both = PEOPLE[ANTWERP] + ghent
    before = rounded(Fraction(POT * ghent, both))
    after = rounded(Fraction(POT * ghent, both + PEOPLE[BORSBEEK]))
    assert (before, after) == (3_324_881_481, 3_279_084_602)
    assert change(found, GHENT) == after - before == -45_796_879
    assert change(found, ANTWERP) == 45_796_879
    assert all(one.difference == 0 for one in found.changes if one.nis not in (ANTWERP, GHENT))


@pytest.mark.parametrize("part", [0, Fraction(1, 10), Fraction(1, 2), Fraction(9, 10), 1])
def test_by_inhabitants_of_the_urban_area_only_as_far_as_the_fringe_lies_in_it(
    lands: tuple[Landscape, Landscape], part: Fraction
) -> None:
    # Invented: nine tenths of Antwerp and of Ghent, and ``part`` of Borsbeek.
    urban = {
        ANTWERP: Fraction(9, 10) * PEOPLE[ANTWERP],
        GHENT: Fraction(9, 10) * PEOPLE[GHENT],
        BORSBEEK: part * PEOPLE[BORSBEEK],
    }
    figure = {"urban": {"values": {nis: str(Fraction(v)) for nis, v in urban.items()}}}
    found = beside(lands, {"key": "urban", "members": CITIES}, figures=figure)
    before = Fraction(POT) * urban[GHENT] / (urban[ANTWERP] + urban[GHENT])
    after = Fraction(POT) * urban[GHENT] / sum(urban.values())
    assert change(found, GHENT) == rounded(after) - rounded(before)
    assert change(found, ANTWERP) == -change(found, GHENT)
    if part == 0:
        assert change(found, GHENT) == 0
    else:
        assert change(found, GHENT) < 0


def test_it_takes_more_as_more_of_the_fringe_lies_in_the_urban_area(
    lands: tuple[Landscape, Landscape],
) -> None:
    def taken(inside: int) -> int:
        values = {ANTWERP: 470_000, GHENT: 230_000, BORSBEEK: inside}  # invented
        figure = {"urban": {"values": values}}
        found = beside(lands, {"key": "urban", "members": CITIES}, figures=figure)
        return -change(found, GHENT)

    steps = [taken(inside) for inside in (0, 1, 1000, 5000, 11_077)]
    assert steps[0] == 0
    assert steps == sorted(set(steps))


@pytest.mark.parametrize("key", ["area_km2", "population", "area_km2 / population * 1000"])
def test_over_all_of_flanders_outsiders_stay_to_the_cent(
    lands: tuple[Landscape, Landscape], key: str
) -> None:
    found = beside(lands, {"key": key})
    outside = [one for one in found.outsiders() if one.difference]
    if "/" in key:  # does not add up: the shares of others change with the sum
        assert len(outside) > 290
    else:
        assert outside == []
        assert all(one.exact_same for one in found.outsiders())
        assert change(found, ANTWERP) == 0


def test_open_space_as_a_share_of_flanders_or_of_the_segment(
    lands: tuple[Landscape, Landscape],
) -> None:
    """Two meanings of the share in open space. Area stands for open space here, which it is not."""
    before = lands[0]
    member, outsider = "32006", "32011"  # Houthulst, in the segment, and Kortemark, not in it
    after = together(before, [member, outsider], member)
    block: dict[str, Any] = {"key": "area_km2", "members": {"nis": RURAL}}
    of_flanders = beside((before, after), block | {"divided_over": "all"})
    others = [nis for nis in RURAL if nis != member]
    assert {nis: change(of_flanders, nis) for nis in others} == dict.fromkeys(others, 0)
    gain = change(of_flanders, member)
    assert gain > 0
    assert of_flanders.before.unspent - of_flanders.after.unspent == gain
    of_segment = beside((before, after), block)
    assert all(change(of_segment, nis) < 0 for nis in others)
    assert change(of_segment, member) == -sum(change(of_segment, nis) for nis in others)
    assert of_segment.before.unspent == of_segment.after.unspent == 0


def test_the_merged_municipality_enters_the_segment(lands: tuple[Landscape, Landscape]) -> None:
    before = lands[0]
    after = together(before, ["32006", "32011"], "32011")
    found = beside((before, after), {"key": "area_km2", "members": {"nis": RURAL}})
    moved = {one.nis: one.moved for one in found.changes if one.moved}
    assert moved == {"32011": {"b": ({"32006": ("b",), "32011": ()}, ("b",))}}


def test_the_mergers_of_2025_by_inhabitants_move_nobody(
    flanders_2019: Imported, flanders_2025: Imported
) -> None:
    """The land of 2019 beside that of 2025, each as its publishers drew it."""
    stated = rules(
        {"b": {"pot": EURO, "key": "people"}},
        figures={"people": {"key": "population", "year": 2021}},
    )
    was = distribute(prepare(stated, flanders_2019[0]))
    found = compare(was, distribute(prepare(stated, flanders_2025[0]), was))
    merged = [one for one in found.changes if len(one.parts) > 1]
    assert (len(found.changes), len(merged)) == (285, 13)
    assert sum(len(one.parts) for one in found.changes) == 300
    assert (found.gone, found.new) == ({}, ())
    assert {one.difference for one in found.changes} == {0}
    assert next(one.parts for one in merged if one.nis == ANTWERP) == (ANTWERP, BORSBEEK)
