"""Fit to zones: against a slow plain computation, by hand, and where something is unknown."""

from itertools import combinations
from time import perf_counter
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Imported
from countries import example, generate
from reference import bodies, build, members, towns
from samenspel.alignment.fit import Fits, chosen_fits, fits, moves
from samenspel.errors import InputError
from samenspel.landscape.landscape import Landscape
from samenspel.screening.circles import circles
from samenspel.screening.select import zoning_chosen

Row = dict[str, Any]


def slow(landscape: Landscape, zoning: str) -> dict[str, Row]:
    """Fit of every partnership that is not ended, by loops over the tables alone."""
    people = {row["nis"]: row["population"] for row in landscape.table("municipalities").to_dicts()}
    seat_of = {nis: nis for nis in people}
    sort_of: dict[str, str | None] = {}
    for row in landscape.table("organisations").to_dicts():
        sort_of[row["id"]] = row["class"]
        if row["class"] == "ocmw" and row["nis"] in people:
            seat_of[row["id"]] = row["nis"]
    land: dict[str, set[str]] = {}
    for row in landscape.table("zone_members").to_dicts():
        if row["zoning"] == zoning:
            land.setdefault(row["zone"], set()).add(row["nis"])
    found: dict[str, Row] = {}
    for row in landscape.table("partnerships").to_dicts():
        if row["status"] != "inactive":
            found[row["id"]] = {"members": set(), "strangers": set(), "others": set()}
    for row in landscape.table("memberships").to_dicts():
        body, who = found.get(row["partnership"]), row["organisation"]
        if body is None or row["role"] == "observer":
            continue
        if who in seat_of:
            body["members"].add(seat_of[who])
        elif sort_of.get(who) in (None, "municipality", "ocmw"):
            body["strangers"].add(who)
        else:
            body["others"].add(who)
    for body in found.values():
        judge(body, land, people)
    return found


def judge(body: Row, land: dict[str, set[str]], people: dict[str, int | None]) -> None:
    all_members = body["members"]
    zones = {zone: all_members & nis for zone, nis in land.items() if all_members & nis}
    body["zones"] = zones
    body["whole"] = {zone for zone in zones if land[zone] <= all_members}
    body["outside"] = {m for m in all_members if not any(m in nis for nis in land.values())}
    body["fit"] = fit_of(all_members, land)
    counts = [people[m] for m in all_members]
    body["population"] = sum(c for c in counts if c is not None) if any(counts) else None
    most = max((len(there) for there in zones.values()), default=0)
    body["main"] = sorted(zone for zone, there in zones.items() if len(there) == most)


def fit_of(all_members: set[str], land: dict[str, set[str]]) -> str:
    if not any(all_members & nis for nis in land.values()):
        return "none"
    if any(all_members <= nis for nis in land.values()):
        return "inside"
    made_up: set[str] = set()
    for nis in land.values():
        if nis <= all_members:
            made_up |= nis
    return "union" if made_up == all_members else "crossing"


def compare(landscape: Landscape, zoning: str) -> Fits:
    """Assert that the fast computation says what the slow one does."""
    found, wanted = fits(landscape, zoning), slow(landscape, zoning)
    assert set(found.bodies["partnership"]) == set(wanted)
    inside: dict[int, dict[str, Row]] = {}
    for row in found.touched.iter_rows(named=True):
        inside.setdefault(row["p"], {})[row["zone"]] = row
    for row in found.bodies.iter_rows(named=True):
        body = wanted[row["partnership"]]
        assert row["fit"] == body["fit"], row["partnership"]
        assert row["members"] == len(body["members"])
        assert row["members_unknown"] == len(body["strangers"])
        assert row["members_other"] == len(body["others"])
        assert set(row["outside"]) == body["outside"]
        assert row["main"] == body["main"]
        zones = inside.get(row["p"], {})
        assert {zone: set(there["nis"]) for zone, there in zones.items()} == body["zones"]
        assert {zone for zone, there in zones.items() if there["whole"]} == body["whole"]
        if body["members"] and zones:
            assert row["population"] == body["population"]
            most = max(len(there) for there in body["zones"].values())
            assert row["share_members"] == pytest.approx(most / len(body["members"]))
        if row["fit"] == "crossing":
            check_moves(found, row["p"], body)
    return found


def check_moves(found: Fits, p: int, body: Row) -> None:
    """The moves are the fewest, and they mend."""
    land = {zone: set(nis) for zone, nis in found.land.items()}
    here, mend = body["members"], moves(found, p)
    fewest = min(len(here - land[zone]) for zone in body["zones"])
    assert set(mend.leave) == {z for z in body["zones"] if len(here - land[z]) == fewest}
    for zone, gone in mend.leave.items():
        assert set(gone) == here - land[zone]
        assert fit_of(here - set(gone), land) == "inside"
    if mend.leave_for_union is not None:
        assert fit_of(here - set(mend.leave_for_union), land) == "union"
    if mend.join is None:
        assert body["outside"] or any(nis - people_of(found) for nis in land.values())
    else:
        assert not set(mend.join) & here
        assert fit_of(here | set(mend.join), land) == "union"


def people_of(found: Fits) -> set[str]:
    return set(found.landscape.table("municipalities")["nis"])


@pytest.mark.parametrize("year", [2019, 2025])
def test_flanders_agrees_with_the_slow_computation(
    year: int, request: pytest.FixtureRequest
) -> None:
    landscape: Landscape = request.getfixturevalue(f"flanders_{year}")[0]
    for zoning in landscape.table("zonings")["zoning"]:
        compare(landscape, zoning)


@pytest.mark.parametrize("landscape", [example(), generate(100, 1)], ids=["drawn", "generated"])
def test_examples_agree_with_the_slow_computation(landscape: Landscape) -> None:
    for zoning in landscape.table("zonings")["zoning"]:
        compare(landscape, zoning)


def test_all_zonings_of_flanders_take_less_than_a_second(flanders_2025: Imported) -> None:
    landscape = flanders_2025[0]
    fits(landscape, "referentieregio")
    seconds = []
    for _turn in range(3):  # others may use the machine: the best of three counts
        start = perf_counter()
        found = circles(landscape)
        for zoning in landscape.table("zonings")["zoning"]:
            fits(landscape, zoning, found)
        seconds.append(perf_counter() - start)
    assert min(seconds) < 1


# by hand


def fit_by_id(found: Fits) -> dict[str, str]:
    return dict(found.bodies.select("partnership", "fit").iter_rows())


def test_the_drawn_example_in_its_regions() -> None:
    found = fits(example(), "REGIO")
    assert fit_by_id(found) == {
        "p01": "crossing",  # everybody but Afgelegem
        "p02": "crossing",
        "p03": "inside",
        "p04": "crossing",  # Fantasierode lies in the north, Droomhoven in the south
        "p05": "inside",
        "p06": "inside",  # of OCMWs, through their municipalities
        "p07": "inside",
        "p08": "inside",
        "p09": "inside",
        "p10": "inside",  # of a merged municipality alone
        "p11": "inside",
        "p12": "inside",
        "p13": "crossing",
        "p14": "inside",  # of unknown status
        "p16": "crossing",  # still planned
    }
    rows = {row["partnership"]: row for row in found.bodies.iter_rows(named=True)}
    assert rows["p14"]["active"] is None
    assert rows["p16"]["active"] is False
    assert rows["p06"]["through_ocmw"] == rows["p06"]["members"] == 3
    assert rows["p04"]["members_other"] == 1  # a partnership is a member of a partnership
    first = moves(found, rows["p01"]["p"])
    assert first.join == ("00009",)
    assert first.leave == {"ZUID": ("00001", "00002", "00010")}
    # The south is whole in it, but one zone alone is no union.
    assert first.leave_for_union is None
    south = found.touched.filter(p=rows["p01"]["p"], zone="ZUID").row(0, named=True)
    assert south["whole"]
    assert south["population"] == 21300 + 17900 + 11500 + 26400
    assert rows["p01"]["population"] == 48000 + 14200 + 17400 + south["population"]
    assert south["share_population"] == south["population"] / rows["p01"]["population"]


def test_the_drawn_example_in_a_partial_zoning() -> None:
    found = fits(example(), "WOON")
    assert found.cover == "partial"
    rows = {row["partnership"]: row for row in found.bodies.iter_rows(named=True)}
    assert (rows["p03"]["fit"], rows["p03"]["outside"]) == ("crossing", ["00008"])
    assert rows["p03"]["doubts"] == []
    mend = moves(found, rows["p03"]["p"])
    assert mend.leave == {"W2": ("00008",)}
    assert mend.join is None  # nobody can bring Sprookjeswalle into a zone


def test_the_drawn_example_in_an_overlapping_zoning() -> None:
    found = fits(example(), "TOERISME")
    rows = {row["partnership"]: row for row in found.bodies.iter_rows(named=True)}
    # Droomhoven lies in both areas; with Fantasierode it fills the valley.
    assert rows["p04"]["fit"] == "inside"
    assert rows["p04"]["doubts"] == []
    zones = found.touched.filter(p=rows["p04"]["p"])
    assert dict(zones.select("zone", "whole").iter_rows()) == {"BEEK": True, "HEUVEL": False}


def test_a_union_and_what_it_takes() -> None:
    landscape = drawn({"A": "12", "B": "34", "C": "56"}, p="1234", q="12345", r="1", s="126")
    found = fits(landscape, "Z")
    assert fit_by_id(found) == {"p": "union", "q": "crossing", "r": "inside", "s": "crossing"}
    number = dict(found.bodies.select("partnership", "p").iter_rows())
    assert moves(found, number["q"]).leave_for_union == ("5",)
    assert moves(found, number["q"]).leave == {"A": ("3", "4", "5"), "B": ("1", "2", "5")}
    assert moves(found, number["s"]).leave == {"A": ("6",)}
    assert moves(found, number["s"]).join == ("5",)


def test_nested_whole_zones_are_no_union() -> None:
    landscape = drawn({"A": "12", "B": "123", "C": "4"}, cover="overlapping", p="1234", q="1235")
    found = fits(landscape, "Z")
    assert fit_by_id(found) == {"p": "union", "q": "crossing"}
    number = dict(found.bodies.select("partnership", "p").iter_rows())
    assert moves(found, number["q"]).leave_for_union is None


def test_overlapping_zones_may_leave_a_choice_of_who_joins() -> None:
    zones = {"A": "12", "B": "23", "C": "34", "D": "45"}
    landscape = drawn(zones, cover="overlapping", p="234", q="14")
    found = fits(landscape, "Z")
    number = dict(found.bodies.select("partnership", "p").iter_rows())
    assert fit_by_id(found)["p"] == "union"
    mend = moves(found, number["q"])
    # A and C, rather than A, C and D.
    assert (mend.join, mend.join_fewest) == (("2", "3"), True)


TOWNS = st.sampled_from("123456")


# Small zones and large partnerships, so that most of them cross.
@given(
    st.dictionaries(
        st.sampled_from("ABCDEF"), st.frozensets(TOWNS, min_size=2, max_size=3), min_size=4
    ),
    st.frozensets(TOWNS, min_size=4),
)
def test_those_who_join_are_the_fewest_of_every_combination(
    zones: dict[str, frozenset[str]], members: frozenset[str]
) -> None:
    landscape = drawn(
        {zone: "".join(sorted(land)) for zone, land in zones.items()}, cover="overlapping",
        p="".join(sorted(members)),
    )  # fmt: skip
    found = fits(landscape, "Z")
    if fit_by_id(found)["p"] != "crossing":
        return
    sizes = [
        len(land)
        for count in range(1, len(zones) + 1)
        for those in combinations(zones.values(), count)
        if members <= (land := frozenset[str]().union(*those))
    ]
    mend = moves(found, 0)
    if not sizes:
        assert mend.join is None
        return
    assert mend.join is not None
    assert len(mend.join) == min(sizes) - len(members)
    assert mend.join_fewest


def test_too_many_zones_to_look_through_are_all_completed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("samenspel.alignment.fit.MOST_FREE", 1)
    zones = {"A": "12", "B": "23", "C": "34", "D": "45"}
    mend = moves(fits(drawn(zones, cover="overlapping", q="14"), "Z"), 0)
    assert (mend.join, mend.join_fewest) == (("2", "3", "5"), False)


def drawn(zones: dict[str, str], cover: str = "partition", **sets: str | list[str]) -> Landscape:
    """Six municipalities of 1000 inhabitants times their number, and one zoning ``Z``."""
    return build(
        {
            "municipalities": [{**row, "population": 1000 * int(row["nis"])}
                               for row in towns(*"123456")],
            "zonings": [{"zoning": "Z", "cover": cover}],
            "zones": [{"zoning": "Z", "zone": zone} for zone in zones],
            "zone_members": [{"zoning": "Z", "zone": zone, "nis": nis}
                             for zone, land in zones.items() for nis in land],
            "partnerships": bodies(*sets),
            "memberships": members(**sets),
        }
    )  # fmt: skip


# what is unknown


def test_without_members_nothing_fits() -> None:
    landscape = drawn({"A": "123", "B": "456"}, p="", q="1")
    row = fits(landscape, "Z").bodies.row(by_predicate=pl.col("partnership") == "p", named=True)
    assert (row["fit"], row["doubts"], row["main"]) == ("none", ["members_not_listed"], [])
    assert row["share_members"] is None
    frames = {name: f for name, f in landscape.frames.items() if name != "memberships"}
    found = fits(Landscape(landscape.date, frames), "Z")
    assert set(found.bodies["fit"]) == {"none"}


def test_places_elsewhere_are_counted_as_unknown() -> None:
    landscape = drawn({"A": "123", "B": "456"}, p=["1", "elsewhere", "nowhere", "bank", "ocmw-x"])
    landscape = landscape.with_tables(
        organisations=pl.DataFrame(
            {
                "id": ["elsewhere", "bank", "ocmw-x"],
                "class": ["municipality", "private", "ocmw"],
                "nis": ["62063", None, None],
            }
        )
    )
    row = fits(landscape, "Z").bodies.row(0, named=True)
    assert (row["members"], row["members_unknown"], row["members_other"]) == (1, 3, 1)
    assert (row["fit"], row["doubts"]) == ("inside", ["members_unknown"])


def test_observers_are_no_members() -> None:
    landscape = drawn({"A": "123", "B": "456"}, p="14")
    roles = landscape.table("memberships").with_columns(
        role=pl.when(pl.col("organisation") == "4").then(pl.lit("observer")).otherwise("role")
    )
    assert fit_by_id(fits(landscape.with_tables(memberships=roles), "Z")) == {"p": "inside"}


def test_a_place_without_zone_in_a_partition_is_a_doubt() -> None:
    row = fits(drawn({"A": "12", "B": "345"}, p="16"), "Z").bodies.row(0, named=True)
    assert (row["fit"], row["outside"], row["doubts"]) == ("crossing", ["6"], ["zone_unknown"])


def test_two_zones_of_a_partition_are_a_conflict() -> None:
    row = fits(drawn({"A": "123", "B": "3456"}, p="34"), "Z").bodies.row(0, named=True)
    assert (row["fit"], row["doubts"]) == ("inside", ["zone_conflict"])


def test_unknown_inhabitants_leave_the_share_unknown() -> None:
    landscape = drawn({"A": "123", "B": "456"}, p="124")
    people = landscape.table("municipalities").with_columns(
        population=pl.when(pl.col("nis") != "2").then("population")
    )
    found = fits(landscape.with_tables(municipalities=people), "Z")
    row = found.bodies.row(0, named=True)
    assert (row["share_members"], row["share_population"]) == (2 / 3, None)
    assert (row["population"], row["population_known"]) == (5000, 2 / 3)
    zone = found.touched.filter(zone="A").row(0, named=True)
    assert (zone["population"], zone["population_known"]) == (1000, 0.5)


def test_a_zone_with_land_elsewhere_is_never_whole() -> None:
    landscape = drawn({"A": "123", "B": "456"}, p="123456", q="14")
    more = landscape.table("zone_members").select("zoning", "zone", "nis")
    more = pl.concat([more, pl.DataFrame({"zoning": ["Z"], "zone": ["B"], "nis": ["99999"]})])
    found = fits(landscape.with_tables(zone_members=more), "Z")
    assert fit_by_id(found) == {"p": "crossing", "q": "crossing"}
    number = dict(found.bodies.select("partnership", "p").iter_rows())
    assert moves(found, number["q"]).join is None


def test_the_zoning_is_found_or_asked_for(flanders_2025: Imported) -> None:
    assert zoning_chosen(flanders_2025[0]) == "referentieregio"
    assert chosen_fits(example(), region="Regio Noord")[1] == "NOORD"
    with pytest.raises(InputError, match=r"no zoning “X”"):
        chosen_fits(example(), "X")
    without = example().with_tables(zonings=example().table("zonings").filter(zoning="WOON"))
    with pytest.raises(InputError, match=r"--zoning: WOON\."):
        chosen_fits(without)


def test_a_landscape_without_partnerships_or_zones_has_nothing_to_fit() -> None:
    landscape = drawn({"A": "123", "B": "456"}, p="14")
    for missing in ("partnerships", "memberships", "zone_members", "zones", "organisations"):
        frames = {name: frame for name, frame in landscape.frames.items() if name != missing}
        found = fits(Landscape(landscape.date, frames), "Z")
        assert len(found.bodies) == (missing != "partnerships")
    bare = Landscape(landscape.date, {k: v for k, v in frames.items() if k != "zone_members"})
    row = fits(bare, "Z").bodies.row(0, named=True)
    assert (row["fit"], row["doubts"]) == ("none", ["zone_unknown"])
