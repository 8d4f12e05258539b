"""Mergers that somebody picks: their table, their effects, and the scenario that makes them."""

from pathlib import Path
from typing import Any

import pytest
from mergerlands import TOWNS, bare, hand, hand_tables, knowing, landscape

from samenspel.errors import InputError
from samenspel.landscape.landscape import Landscape

pytest.importorskip("numba")

from samenspel.fund.reading import read_rules
from samenspel.mergers.assess import Asked, Assessed, assess
from samenspel.mergers.beside import chosen_json
from samenspel.mergers.chosen import checked, picked, scenario
from samenspel.mergers.measures import MEASURES
from samenspel.mergers.zone import zones_of
from samenspel.scenario.scenario import apply, read_scenario, write_scenario
from samenspel.scenario.study import Study
from samenspel.screening.screen import screen

FUND = """
title: Proefpot
status: choice
blocks:
  basic:
    pot: {amount: 1000, status: choice}
    status: choice
    key: population
    unknown: leave_out
"""


def zones(land: Landscape, **asked: Any) -> list[Assessed]:
    known = knowing(land)
    return [assess(known, zone, Asked(**asked)) for zone in zones_of(land, "Z")]


def told(land: Landscape, *texts: str, rules: Any = None, **asked: Any) -> Any:
    known = knowing(land)
    mergers = picked(known.facts, texts)
    pairs = [checked(known.facts, zones(land, **asked), towns) for towns in mergers]
    made = scenario(known.facts, mergers, "Proef")
    return chosen_json(known, Asked(**asked), pairs, made, rules)


def cells(found: Any) -> dict[str, tuple[Any, Any, Any]]:
    """Of each figure the values of the three columns; a dash where there is none."""

    def value(cell: Any) -> Any:
        if cell is None:
            return "-"
        return (cell["low"], cell["high"]) if cell.get("low") is not None else cell["value"]

    (merger,) = found["mergers"]
    return {
        row["measure"]: (value(row["status_quo"]), value(row["cooperation"]), value(row["merger"]))
        for row in merger["rows"]
    }  # fmt: skip


def test_the_three_stand_in_one_table() -> None:
    found = cells(told(hand(), "A,B"))
    assert found["population"] == ((10, 20), (10, 20), 30)
    assert found["area_km2"] == ((2.0, 2.0), (2.0, 2.0), 4.0)
    assert found["equipment"] == (["c1"], ["c1"], None)
    assert found["income"] == ((10.0, 15.0), (10.0, 15.0), pytest.approx(400 / 30))
    assert found["income_spread"] == (1.5, 1.5, "-")
    assert found["partnerships"] == (5, 3, 5)
    assert found["internal"] == (2, 2, 2)
    assert found["tables"] == (10, 6, 6)
    assert found["seats"] == (7, 7, None)
    assert found["first_line_share"] == (2 / 5, 2 / 5, 2 / 5)
    assert found["largest_share"] == ("-", "-", pytest.approx(2 / 3))
    assert found["commuting_inside"] == (
        pytest.approx(12 / 26), pytest.approx(12 / 26), pytest.approx(15 / 26))  # fmt: skip
    assert found["commuting_between"] == (3, 3, "-")
    assert found["commuting_city"] == ("-", "-", 9)
    assert found["zonings_cut"] == ("-", "-", 1)
    assert found["shared_by_all"] == (3, 3, "-")
    assert found["same_circle"] == (2, 2, "-")
    assert found["staff"] == found["council_seats"] == (None, None, None)


def test_every_row_names_its_source_and_status() -> None:
    (merger,) = told(hand(), "A,B")["mergers"]
    assert [row["measure"] for row in merger["rows"]][:-1] == [m.id for m in MEASURES]
    for row in merger["rows"]:
        assert row["data"]
        assert row["status"] == "choice"
    data = {row["measure"]: row["data"] for row in merger["rows"]}
    assert data["income"] == "figures.net_taxable_income 2020"
    assert data["commuting_inside"] == "flows.commuting"


def test_the_political_context_is_unknown_until_somebody_adds_to_it() -> None:
    (merger,) = told(hand(), "A,B")["mergers"]
    last = merger["rows"][-1]
    assert (last["family"], last["measure"]) == ("politics", "political_context")
    assert last["status_quo"] == last["merger"] == {"value": None, "known": 0.0}
    rows = hand_tables()["figures"]
    added = {"nis": "A", "key": "political_parties_in_majority", "year": 2024, "value": 2.0}
    (merger,) = told(hand(figures=[*rows, added]), "A,B")["mergers"]
    last = merger["rows"][-1]
    assert (last["title"], last["family"]) == ("parties in majority", "politics")
    assert last["status_quo"]["each"] == {"A": 2.0, "B": None}
    assert (last["status_quo"]["known"], last["merger"]["value"]) == (0.5, None)


def test_what_becomes_of_every_table() -> None:
    (merger,) = told(hand(), "A,B,D,E")["mergers"]
    rows = {row["partnership"]: row for row in merger["tables"]}
    effects = {code: row["effect"] for code, row in rows.items()}
    assert effects == {"i1": "internal", "i2": "internal", "i3": "internal", "o1": "internal",
                       "p1": "internal", "i5": "alone", "i4": "fewer"}  # fmt: skip
    order = [row["effect"] for row in merger["tables"]]
    assert order == sorted(order, key=["internal", "alone", "fewer"].index)
    assert rows["i4"]["parts"] == ["B", "E"]
    assert (rows["i4"]["municipalities_now"], rows["i4"]["municipalities_after"]) == (3, 2)
    assert rows["i1"]["seats"] == 3
    assert rows["i3"]["seats"] == 4
    assert rows["i2"]["seats"] is None
    assert rows["o1"]["kind"] == "ocmw_association"
    assert merger["places_gone"] == sum(row["places_gone"] for row in rows.values()) == 9


def test_how_it_lies_in_every_zoning() -> None:
    (merger,) = told(hand(), "A,B")["mergers"]
    found = {row["zoning"]: row for row in merger["zonings"]}
    assert found.keys() == {"P", "T", "W"}
    assert {z: row["cut"] for z, row in found.items()} == {"P": False, "T": False, "W": True}
    assert [zone["municipalities"] for zone in found["W"]["zones"]] == [["A"], ["B"]]
    (merger,) = told(hand(), "A,D")["mergers"]
    found = {row["zoning"]: row for row in merger["zonings"]}
    assert (found["P"]["cut"], found["W"]["cut"], found["W"]["in_no_zone"]) == (True, False, ["D"])
    linked = bare("AG", ("AG",))
    rows = {**hand_tables(), "municipalities": linked["municipalities"],
            "adjacency": linked["adjacency"]}  # fmt: skip
    (merger,) = told(landscape(**rows), "A,G")["mergers"]
    found = {row["zoning"]: row for row in merger["zonings"]}
    assert (found["P"]["cut"], found["T"]["cut"]) == (None, False)


def test_warnings_with_reason_viewpoint_and_source() -> None:
    (merger,) = told(hand(), "A,D", at_least=99)["mergers"]
    warned = {one["warning"]: one for one in merger["warnings"]}
    assert warned.keys() == {"merger_on_merger", "too_small", "against_the_city", "centre_left_out"}
    assert all(one[name] for one in warned.values()
               for name in ("reason", "viewpoint", "source", "other_viewpoint"))  # fmt: skip
    assert [one["warning"] for one in merger["warnings_unknown"]] == ["facilities"]


def test_the_scenario_is_applied_as_samenspel_applies_it(tmp_path: Path) -> None:
    land = hand()
    found = told(land, "A,B", "Ddorp, Edorp")
    file = tmp_path / "s.yaml"
    file.write_text(found["scenario"], encoding="utf-8")
    read = read_scenario(file)
    assert write_scenario(read) == found["scenario"]
    after = apply(Study(land), read)
    assert after.study is not None
    assert list(after.notes) == found["notes"]
    towns = after.study.landscape.table("municipalities")
    assert dict(towns.select("nis", "name").iter_rows()) == {
        "B": "Adorp + Bdorp", "E": "Ddorp + Edorp", **{c: f"{c}dorp" for c in "CFGH"}}  # fmt: skip
    assert dict(towns.select("nis", "centre").iter_rows()) == {
        "B": False, "E": True, "C": True, "F": None, "G": False, "H": False}  # fmt: skip
    screened = screen(after.study.landscape).of_kind("municipality")
    (first, second) = found["screening"]["mergers"]
    for merger, code in ((first, "B"), (second, "E")):
        row = screened.filter(subject=code).row(0, named=True)
        assert merger["nis"] == code
        assert merger["after"] == {name: row[name] for name in merger["after"]}


def test_a_merger_of_which_a_centre_is_unknown_stays_unknown() -> None:
    found = told(hand(), "F,H")
    assert "centre" not in found["scenario"]
    assert "nis: H" in found["scenario"]  # of F the inhabitants are not known


def test_the_tables_after_it_are_those_of_the_screening_after_it() -> None:
    for texts in (("A,B",), ("A,B,D,E",), ("A,D", "B,E")):
        found = told(hand(), *texts)
        for merger, screened in zip(found["mergers"], found["screening"]["mergers"], strict=True):
            row = {r["measure"]: r for r in merger["rows"]}["tables"]
            assert screened["after"]["tables"] == row["merger"]["value"]
            now = [one["tables"] for one in screened["before"].values()]
            assert sum(now) == row["status_quo"]["value"]


def test_the_fit_before_and_after_is_told() -> None:
    found = told(hand(), "A,B")["alignment"]
    # No reference regions here, so the zoning of the zones; i4 crosses before and after.
    assert found["zoning"] == "Z"
    assert found["before"] == found["after"]
    assert found["changed"] == []


def test_the_fund_before_and_after(tmp_path: Path) -> None:
    file = tmp_path / "pot.yaml"
    file.write_text(FUND, encoding="utf-8")
    fund = told(hand(), "A,B", rules=read_rules(file))["fund"]
    assert fund["before_total_cents"] == fund["after_total_cents"] == 100_000
    (merged,) = [row for row in fund["municipalities"] if row["merged"]]
    assert merged["parts"] == ["A", "B"]
    assert merged["after_cents"] == pytest.approx(100_000 * 30 / 120, abs=1)


def test_without_a_fund_nothing_is_said_of_it() -> None:
    assert told(hand(), "A,B")["fund"] is None


WRONG = [
    (("A",), "name two municipalities or more"),
    (("A,A",), "name two municipalities or more"),
    (("A,B", "B,D"), "Bdorp is in two mergers"),
    (("A,E",), "this is no candidate merger"),
    (("B,C",), "this is no candidate merger"),
    (("A,Nergens",), "Nergens"),
]


@pytest.mark.parametrize(("texts", "text"), WRONG)
def test_what_is_no_candidate_is_refused(texts: tuple[str, ...], text: str) -> None:
    with pytest.raises(InputError, match=text):
        told(hand(), *texts)


def test_on_a_bare_land_the_table_is_unknown() -> None:
    found = cells(told(landscape(**bare(TOWNS)), "A,B"))
    known = {name for name, values in found.items() if any(v not in (None, "-") for v in values)}
    assert known <= {"equipment"}  # a list without a level
