"""Carrying a chronicle over mergers: figures, flows, dates and OCMWs by hand."""

from datetime import date

import pytest

from mergers import FIRST, SECOND, chronicle, figure, flow, rows_at, same_but_for_ends
from samenspel.landscape.example import example_chronicle
from samenspel.landscape.recode import recode

AB = {SECOND: {"A": "N", "B": "N"}}


def test_figures_that_do_not_add_up_go_over_for_the_unchanged_only() -> None:
    for additive in (False, None):
        rows = [figure(c, 5.0, additive=additive) for c in "ABC"]
        found = rows_at(recode(chronicle(AB, figures=rows))[0], "figures")
        assert [(r["nis"], r["value"], r["map_year"]) for r in found] == [("C", 5.0, 2025)]


def test_figures_on_the_new_map_or_on_none_are_left() -> None:
    rows = [figure("A", 1.0, map_year=None), figure("C", 2.0, map_year=2025)]
    found = recode(chronicle(AB, figures=rows))[0].frames["figures"]
    assert found.equals(chronicle(AB, figures=rows).frames["figures"])


def test_figures_of_both_maps_do_not_meet() -> None:
    rows = [figure("A", 1.0), figure("B", 2.0), figure("C", 4.0)]
    rows += [figure("N", 3.0, map_year=2025), figure("C", 4.0, map_year=2025)]
    found = rows_at(recode(chronicle(AB, figures=rows))[0], "figures")
    assert sorted((r["nis"], r["value"]) for r in found) == [("C", 4.0), ("N", 3.0)]


def test_a_figure_that_starts_on_the_day_is_on_the_map_that_it_says() -> None:
    rows = [figure("A", 1.0), figure("B", 2.0, year=2021, valid_from=SECOND)]
    found = rows_at(recode(chronicle(AB, figures=rows))[0], "figures")
    assert {(r["nis"], r["year"], r["map_year"], r["value"]) for r in found} == {
        ("N", 2020, 2025, None),  # B has no figure of 2020
        ("N", 2021, 2025, None),  # A has no figure of 2021
    }


def test_flows_between_the_parts_become_flows_within() -> None:
    rows = [flow("A", "B", 1), flow("B", "A", 2), flow("A", "A", 4), flow("C", "A", 8)]
    rows += [flow("C", "B", 16), flow(None, "A", 32), flow("B", None, 64), flow(None, None, 128)]
    found = rows_at(recode(chronicle(AB, flows=rows))[0], "flows")
    assert {(r["from"], r["to"]): r["count"] for r in found} == {
        ("N", "N"): 7, ("C", "N"): 24, (None, "N"): 32, ("N", None): 64, (None, None): 128,
    }  # fmt: skip


# Two dates, until, and OCMWs.

TWICE = {FIRST: {"A": "M", "B": "M"}, SECOND: {"M": "N", "C": "N"}}


@pytest.mark.parametrize(
    ("until", "wanted"),
    [
        (None, {"N": 7, "D": 8}),
        (SECOND, {"N": 7, "D": 8}),
        (date(2024, 12, 31), {"M": 3, "C": 4, "D": 8}),
        (FIRST, {"M": 3, "C": 4, "D": 8}),
        (date(2018, 12, 31), {"A": 1, "B": 2, "C": 4, "D": 8}),
    ],
)
def test_until(until: date | None, wanted: dict[str, int]) -> None:
    rows = [{"partnership": "p", "organisation": o, "votes": 2**i} for i, o in enumerate("ABCD")]
    recoded, _ = recode(chronicle(TWICE, memberships=rows), until)
    found = rows_at(recoded, "memberships")
    assert {r["organisation"]: r["votes"] for r in found} == wanted
    early = rows_at(recoded, "memberships", date(2018, 12, 31))
    assert {r["organisation"] for r in early} == set("ABCD")


def test_ocmws_follow_their_municipalities() -> None:
    ocmws = [{"id": f"ocmw-{c}", "name": f"OCMW {c}", "class": "ocmw", "nis": c} for c in "ABC"]
    others = [{"id": "vzw", "name": "Verzinsel", "class": "nonprofit", "nis": "A"}]
    votes = [{"partnership": "p", "organisation": f"ocmw-{c}", "votes": 1} for c in "ABC"]
    before = chronicle(TWICE, organisations=ocmws + others, memberships=votes)
    recoded, findings = recode(before)
    names = {
        day: {r["id"]: (r["name"], r["nis"]) for r in rows_at(recoded, "organisations", day)}
        for day in (date(2018, 12, 31), FIRST, SECOND)
    }
    assert names[FIRST] == {
        "ocmw-M": ("OCMW Mgem", "M"), "ocmw-C": ("OCMW C", "C"), "vzw": ("Verzinsel", "M"),
    }  # fmt: skip
    assert names[SECOND] == {"ocmw-N": ("OCMW Ngem", "N"), "vzw": ("Verzinsel", "N")}
    found = rows_at(recoded, "memberships")
    assert [(r["organisation"], r["votes"]) for r in found] == [("ocmw-N", 3)]
    assert [f.value for f in findings if f.code == "merged_membership"] == ["ocmw-M", "ocmw-N"]
    steps = {
        (r["old"], r["new"], r["date"])
        for r in rows_at(recoded, "lineage")
        if r["kind"] == "organisation"
    }
    assert steps == {
        ("ocmw-A", "ocmw-M", FIRST), ("ocmw-B", "ocmw-M", FIRST),
        ("ocmw-M", "ocmw-N", SECOND), ("ocmw-C", "ocmw-N", SECOND),
    }  # fmt: skip
    assert recode(recoded)[0].equals(recoded)


def test_an_ocmw_that_the_whole_has_already_is_not_doubled() -> None:
    rows = [{"id": "ocmw-A", "class": "ocmw", "nis": "A"}]
    rows += [{"id": "ocmw-N", "name": "Eigen naam", "class": "ocmw", "nis": "N",
              "valid_from": SECOND}]  # fmt: skip
    found = rows_at(recode(chronicle(AB, organisations=rows))[0], "organisations")
    assert [(r["id"], r["name"]) for r in found] == [("ocmw-N", "Eigen naam")]


@pytest.mark.parametrize("day", [date(2016, 6, 1), date(2024, 12, 31)])
def test_the_example_keeps_what_was(day: date) -> None:
    before = example_chronicle()
    recoded, _ = recode(before)
    then, now = before.at(day), recoded.at(day)
    for name in then.frames:
        assert same_but_for_ends(then.with_tables(**{name: now.frames[name]}), then), name
