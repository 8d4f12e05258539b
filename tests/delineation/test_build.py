"""From a landscape and wishes to a problem: what is taken over, what is refused, and in which
words."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from conftest import Imported, crosswalk, rows
from samenspel.delineation.build import Built, problem_of
from samenspel.delineation.goals import score
from samenspel.delineation.problem import Bound, Ints, Problem
from samenspel.delineation.validator import validate
from samenspel.delineation.wishes import Wishes
from samenspel.errors import InputError
from samenspel.landscape.example import example
from samenspel.landscape.landscape import Landscape

TOWNS = ("00001", "00002", "00005", "00006", "00007", "00008", "00009", "00010")
ANY = Wishes(zones=(1, 300))


def built(landscape: Landscape | None = None, **wishes: Any) -> Built:
    return problem_of(example() if landscape is None else landscape, replace(ANY, **wishes))


def problem(landscape: Landscape | None = None, **wishes: Any) -> Problem:
    return built(landscape, **wishes).problem


def with_table(name: str, frame: pl.DataFrame | None) -> Landscape:
    """The example with another table, or without it."""
    land = example()
    frames = {key: value for key, value in land.frames.items() if key != name}
    return Landscape(land.date, frames if frame is None else {**frames, name: frame}, land.about)


def unknown_of(column: str, *towns: str) -> Landscape:
    """The example in which a column of some municipalities is not known."""
    table = example().table("municipalities")
    hidden = pl.when(~pl.col("nis").is_in(list(towns))).then(pl.col(column)).alias(column)
    return with_table("municipalities", table.with_columns(hidden))


def said(landscape: Landscape | None = None, **wishes: Any) -> str:
    with pytest.raises(InputError) as error:
        built(landscape, **wishes)
    return str(error.value)


def test_the_example_as_a_problem() -> None:
    found = problem(present="REGIO", agree=("POLITIE",))
    assert found.names == TOWNS
    assert found.population.tolist()[:2] == [48_000, 14_200]
    assert found.area is not None
    assert found.area[0] == 24_000_000  # letters A of the map, a square kilometre each
    assert found.points is not None
    assert found.points.shape == (8, 2)
    assert found.centres is not None
    assert found.centres[0]
    assert not found.centres[1]
    assert found.present_names == ("NOORD", "ZUID")
    assert found.present is not None
    assert [found.present_names[z] for z in found.present] == [
        "NOORD", "NOORD", "ZUID", "ZUID", "ZUID", "ZUID", "NOORD", "NOORD",
    ]  # fmt: skip
    police = found.zonings["POLITIE"]
    assert police.names == ("PZ1", "PZ2", "PZ3")
    assert np.diff(police.members.indptr).tolist() == [1, 3, 5]
    assert found.rules.zones == (1, 300)
    assert found.weights == {"cut": 1.0}


def test_partnerships_are_the_active_ones_of_municipalities_themselves() -> None:
    """Counted with the tables alone: active or unknown, intermunicipal, a member of its own."""
    land = example()
    edges = problem().partnerships
    members = land.table("memberships").filter(pl.col("organisation").is_in(list(TOWNS)))
    own: dict[str, set[str]] = {}
    for body, town, role in members.select("partnership", "organisation", "role").iter_rows():
        if role != "observer":
            own.setdefault(body, set()).add(town)
    status = dict(land.table("partnerships").select("id", "status").iter_rows())
    start = edges.members.indptr
    for at, name in enumerate(edges.names):
        here = {TOWNS[i] for i in edges.members.indices[start[at] : start[at + 1]]}
        assert here == own[name]
        assert status[name] != "inactive"
    assert edges.weights.tolist() == [1.0] * len(edges.names)
    assert not edges.open.any()


def test_flows_are_summed_both_ways_of_the_latest_year_and_kind() -> None:
    found = problem().flows
    assert found is not None
    by_hand: dict[tuple[str, str], int] = {}
    table = example().table("flows").filter(pl.col("kind") == "commuting")
    for a, b, count in table.select("from", "to", "count").iter_rows():
        if a in TOWNS and b in TOWNS and a != b:
            key = (min(a, b), max(a, b))
            by_hand[key] = by_hand.get(key, 0) + count
    told = {
        (TOWNS[a], TOWNS[b]): value
        for a, b, value in zip(found.a, found.b, found.value, strict=True)
    }
    assert told == by_hand
    older = example().table("flows").with_columns(year=pl.lit(2011, pl.Int64), count=pl.lit(9))
    both = with_table("flows", pl.concat([example().table("flows"), older], how="vertical_relaxed"))
    again = problem(both).flows
    assert again is not None
    assert again.value.tolist() == found.value.tolist()
    assert problem(flow="school").flows is None
    assert problem(with_table("flows", None)).flows is None


def test_land_outside_is_that_of_the_table() -> None:
    land = example().table("adjacency")
    found = problem().outside
    assert found is not None
    outer = set(land.filter(pl.col("nis_b").is_null())["nis_a"])
    assert {TOWNS[i] for i in np.flatnonzero(found)} == outer
    inner = land.filter(pl.col("nis_b").is_not_null())
    assert problem(with_table("adjacency", inner)).outside is None


def test_a_border_of_unknown_length_is_a_border() -> None:
    land = example().table("adjacency").with_columns(border_m=pl.lit(None, pl.Float64))
    found = problem(with_table("adjacency", land))
    assert set(found.borders.value) == {0.0}
    assert found.borders.a.tolist() == problem().borders.a.tolist()


def test_an_exclave_is_linked_to_the_nearest_and_told() -> None:
    """00009 borders nothing; 00006 is nearest. A wish for another link comes first."""
    found = built()
    assert found.links == (("00009", "00006"),)
    ends = (TOWNS.index("00006"), TOWNS.index("00009"))
    assert length(found.problem, *ends) == 0
    wished = built(links=(("00009", "00001"),))
    assert wished.links == ()
    assert length(wished.problem, TOWNS.index("00001"), TOWNS.index("00009")) == 0
    assert length(wished.problem, *ends) is None
    known = built(links=(("00001", "00002"),)).problem
    assert length(known, 0, 1) == length(found.problem, 0, 1)  # a border stays as long as it is


def length(found: Problem, a: int, b: int) -> float | None:
    """The length of the border of two places, None where they are no neighbours."""
    at = np.flatnonzero((found.borders.a == a) & (found.borders.b == b))
    return float(found.borders.value[at[0]]) if len(at) else None


def test_without_points_an_exclave_stays_cut_off() -> None:
    bare = unknown_of("x", "00001")
    assert built(bare).links == ()
    plan = np.zeros(8, np.int64)
    (violation,) = validate(problem(bare), plan)
    assert violation.rule == "contiguity"
    assert validate(problem(), plan) == ()


def test_rules_by_name_and_by_code_and_groups_of_zones() -> None:
    found = problem(
        zones=(2, 3),
        together=(("Voorbeeldegem", "00002"),),
        apart=(("00005", "00006"),),
        fixed={"00007": "zuid"},
        whole=("REGIO",),
        within="REGIO",
        bounds={"area": Bound(1, 200), "population": Bound(None, 9, hard=False)},
        centre=True,
        oversize=5,
        penalty=2.0,
    ).rules
    names = [(group.name, sorted(group.members)) for group in found.together]
    assert names == [
        ("Voorbeeldegem (00001), Verzonnenbeke (00002)", [0, 1]),
        ("REGIO NOORD", [0, 1, 6, 7]),
        ("REGIO ZUID", [2, 3, 4, 5]),
    ]
    assert found.apart == ((2, 3),)
    assert found.fixed == {4: "zuid"}
    assert found.within is not None
    assert found.within.tolist() == [0, 0, 1, 1, 1, 1, 0, 0]
    assert found.bounds["area"] == Bound(1_000_000, 200_000_000)
    assert found.bounds["population"] == Bound(None, 9, hard=False)
    assert (found.centre, found.oversize, found.penalty) == (True, 5, 2.0)


@pytest.mark.parametrize(
    ("wishes", "sentence"),
    [
        ({"zones": (0, 2)}, "The number of zones 0..2 is not possible; it runs from low to high "
                            "and from 1 on."),
        ({"zones": (3, 2)}, "The number of zones 3..2 is not possible; it runs from low to high "
                            "and from 1 on."),
        ({"together": (("Nergensgem", "00001"),)}, "There is no municipality “Nergensgem”"),
        ({"apart": (("00001", "12345"),)}, "There is no municipality “12345”"),
        ({"fixed": {"12345": "x"}}, "There is no municipality “12345”"),
        ({"links": (("12345", "00001"),)}, "There is no municipality “12345”"),
        ({"whole": ("NIETS",)}, "NIETS"),
        ({"within": "NIETS"}, "NIETS"),
        ({"present": "NIETS"}, "NIETS"),
        ({"agree": ("NIETS",)}, "NIETS"),
        ({"weights": {"agreement:NIETS": 1.0}}, "NIETS"),
        ({"within": "WOON"}, "Zoning WOON: Sprookjeswalle (00008), Afgelegem (00009) in no zone; "
                             "drawing within its zones needs every municipality in one."),
        ({"weights": {"beauty": 1.0}}, "There is no goal “beauty”; the goals are cut, "
                                       "connectivity, flows, border, balance, moved and "
                                       "agreement:ZONING."),
        ({"weights": {"cut": -1.0}}, "The weight -1.0 of the goal cut is not possible; it is a "
                                     "number from 0 on."),
        ({"weights": {"cut": math.nan}}, "The weight nan of the goal cut is not possible"),
        ({"weights": {"cut": math.inf}}, "The weight inf of the goal cut is not possible"),
        ({"weights": {"flows": 1.0}, "flow": "school"}, "The goal flows needs the table flows, "
                                                        "and this landscape has none."),
        ({"weights": {"moved": 1.0}}, "The goal moved needs a present zoning; name it with "
                                      "--present."),
        ({"bounds": {"population": Bound(9, 8)}}, "The bound 9..8 on population is not possible; "
                                                  "it runs from low to high."),
        ({"bounds": {"area": Bound(2, 1, hard=False)}}, "The bound 2..1 on area is not possible"),
        ({"apart": (("00001", "Voorbeeldegem"),)}, "00001 and Voorbeeldegem are one municipality, "
                                                   "which cannot lie apart from itself; name two."),
        ({"penalty": -0.5}, "--penalty -0.5: what a soft bound costs is a number from 0 on."),
        ({"penalty": math.inf}, "--penalty inf"),
    ],
)  # fmt: skip
def test_wrong_wishes(wishes: dict[str, Any], sentence: str) -> None:
    assert sentence in said(**wishes)


def test_ends_of_a_bound_may_be_alike_and_a_penalty_nothing() -> None:
    found = problem(bounds={"municipalities": Bound(2, 2)}, penalty=0.0).rules
    assert found.bounds["municipalities"] == Bound(2, 2)
    assert found.penalty == 0


@pytest.mark.parametrize("use", ["whole", "within", "present"])
def test_zones_that_overlap(use: str) -> None:
    """Agreement may overlap: there every zone is a set of its own. 00010 is a merger whose parts
    lay in two police zones, so that these overlap too."""
    wish: Any = ("TOERISME",) if use == "whole" else "TOERISME"
    assert said(**{use: wish}) == (
        "Droomhoven (00006) lies in the zones BEEK and HEUVEL of TOERISME; zones that overlap "
        "cannot be kept whole or drawn within."
    )
    police = said(**{use: ("POLITIE",) if use == "whole" else "POLITIE"})
    assert police.startswith("Fantasierode (00010) lies in")
    assert "TOERISME" in problem(agree=("TOERISME",)).zonings


def test_facts_that_are_not_known() -> None:
    assert said(unknown_of("centre", "00002"), centre=True) == (
        "Table municipalities, column centre: unknown for Verzonnenbeke (00002); a centre in "
        "each zone can only be asked where it is known of every municipality."
    )
    assert problem(unknown_of("centre", "00002")).centres is None
    area = {"area": Bound(1, None)}
    assert said(unknown_of("area_km2", "00002"), bounds=area) == (
        "A bound on area needs area_km2 of every municipality (table municipalities)."
    )
    assert problem(unknown_of("area_km2", "00002")).area is None
    sentence = (
        "Table adjacency is absent or empty; drawing zones needs to know which municipalities are "
        "neighbours."
    )
    assert said(with_table("adjacency", None)) == sentence
    assert said(with_table("adjacency", example().table("adjacency").clear())) == sentence
    assert said(with_table("municipalities", example().table("municipalities").clear())) == (
        "This landscape has no municipalities, so there is nothing to divide."
    )
    bare = with_table("zone_members", example().table("zone_members").filter(zoning="POLITIE"))
    assert said(bare, present="REGIO") == (
        "Table zone_members lists no municipality of the zoning REGIO."
    )


NEEDED = (
    {"bounds": {"population": Bound(1, None)}},
    {"bounds": {"population": Bound(None, 9, hard=False)}},
    {"weights": {"cut": 1.0, "balance": 0.1}},
    {"weights": {"moved": 1.0}, "present": "REGIO"},
)


@pytest.mark.parametrize("wishes", NEEDED)
def test_inhabitants_that_are_not_known_are_asked_for_where_they_are_needed(
    wishes: dict[str, Any],
) -> None:
    assert said(unknown_of("population", *TOWNS[:7]), **wishes) == (
        "Table municipalities, column population: unknown for Voorbeeldegem (00001), Verzonnenbeke "
        "(00002), Schijnkerke (00005), Droomhoven (00006), Nergenshuizen (00007) and 2 more; "
        "bounds on inhabitants, the goals balance and moved, and plans held side by side need the "
        "inhabitants of every municipality."
    )
    assert said(nobody(), **wishes) == (
        "Table municipalities, column population: 0 for every municipality; bounds on inhabitants, "
        "the goals balance and moved, and plans held side by side need a land where people live."
    )
    assert problem(**wishes).population is not None


def nobody() -> Landscape:
    """The example without a soul."""
    towns = example().table("municipalities")
    return with_table("municipalities", towns.with_columns(population=pl.lit(0, pl.Int64)))


def test_inhabitants_that_are_not_known_do_no_harm_elsewhere() -> None:
    one = unknown_of("population", "00002")
    found = built(one, present="REGIO", weights={"cut": 1.0, "flows": 0.5, "balance": 0.0})
    assert found.unpeopled == ("00002",)
    assert found.problem.population is None
    assert found.problem.heft.tolist() == [1] * 8
    goals = score(found.problem, np.zeros(8, np.int64)).goals
    assert not {"balance", "moved"} & set(goals)
    assert built().unpeopled == ()
    assert problem(nobody()).population is not None
    with pytest.raises(InputError):
        problem_of(one, ANY, inhabitants=True)
    with pytest.raises(InputError):
        problem_of(nobody(), ANY, inhabitants=True)
    assert problem_of(example(), ANY, inhabitants=True).problem.population is not None


def test_places_are_called_by_name_and_code() -> None:
    assert problem().called(0) == "Voorbeeldegem (00001)"
    assert problem(unknown_of("name", "00001")).called(0) == "00001"
    assert replace(problem(), titles=()).called(0) == "00001"


def test_the_present_zone_of_some_may_be_unknown() -> None:
    found = problem(present="WOON", weights={"moved": 1.0})
    assert found.present is not None
    assert found.present.tolist() == [0, 0, 1, 1, 1, -1, -1, 0]


def cut_by_hand(folder: Path, year: int, region: dict[str, str]) -> tuple[int, int]:
    """Active partnerships with a member, and how many have members in more than one region, from
    the raw files alone."""
    active = {row["kbo"] for row in rows(folder, "lblod/igs.csv") if row["status_2023"] == "active"}
    members: dict[str, set[str]] = {}
    for row in rows(folder, "lblod/igs_members.csv"):
        if row["igs_kbo"] in active and row[f"member_nis{year}"] in region:
            members.setdefault(row["igs_kbo"], set()).add(region[row[f"member_nis{year}"]])
    return len(members), sum(len(regions) > 1 for regions in members.values())


def regions_by_hand(folder: Path, year: int) -> dict[str, str]:
    """Region of each municipality of ``year``, from the raw files alone."""
    now = {row["nis2025"]: row["referentieregio_code"]
           for row in rows(folder, "zones/zones_flanders_2025.csv")}  # fmt: skip
    later = crosswalk(folder, year, 2025) if year != 2025 else {nis: nis for nis in now}
    return {nis: now[new] for nis, new in later.items() if new in now}


@pytest.mark.parametrize("year", [2019, 2025])
def test_flanders(year: int, flanders: Path, request: pytest.FixtureRequest) -> None:
    imported: Imported = request.getfixturevalue(f"flanders_{year}")
    found = built(imported[0], present="referentieregio")
    place = {nis: i for i, nis in enumerate(found.problem.names)}
    assert len(place) == {2019: 300, 2025: 285}[year]
    assert found.links == (("73109", "73066"),)  # Voeren by Riemst, the nearest
    assert length(found.problem, place["73066"], place["73109"]) == 0
    region = regions_by_hand(flanders, year)
    assert found.problem.present is not None
    by_code = {nis: found.problem.present_names[found.problem.present[i]]
               for nis, i in place.items()}  # fmt: skip
    if year == 2025:
        assert by_code == region
    plan: Ints = found.problem.present
    assert validate(found.problem, plan) == ()
    goals = score(found.problem, plan).goals
    bodies, cut = cut_by_hand(flanders, year, by_code)
    assert len(found.problem.partnerships.names) == bodies == 148
    assert goals["cut"].value == cut
    assert goals["moved"].value == 0
    if year == 2025:
        assert cut == 60
    flows = found.problem.flows
    assert flows is not None
    total = inside = 0.0
    for row in rows(flanders, f"commuting/be_commuting_on_{year}_municipalities.csv.gz"):
        home, work = row[f"nis{year}_residence"], row[f"nis{year}_workplace"]
        if home in place and work in place and home != work:
            total += float(row["commuters"])
            inside += float(row["commuters"]) * (by_code[home] == by_code[work])
    assert flows.value.sum() == total
    assert goals["flows"].value == pytest.approx(inside / total)
