"""Figures before and after, counted by hand on a small land."""

from typing import Any

import pytest
from compared import EXAMPLE, STUDY, bodies, changed, figure, links, op, study

from samenspel.compare.compare import Comparison, compare
from samenspel.compare.figures import SUMMED
from samenspel.compare.wording import points
from samenspel.scenario.study import Policy, Study
from samenspel.screening.screen import screen

# A and B share p and q; A is in r with C; B alone is in s with C and D.
LINKS = links("pA", "pB", "qA", "qB", "rA", "rC", "sB", "sC", "sD")
MERGE = op("merge_municipalities", parts=["A", "B"], nis="A")


def world(codes: str = "pqrs", seats: Any = (), **facts: Any) -> Study:
    rows = [
        {"partnership": p, "organ": "raad", "organisation": one, "seats": number,
         "side": "majority"}
        for p, one, number in seats
    ]  # fmt: skip
    return study(
        partnerships=bodies(codes, **facts),
        memberships=[row for row in LINKS if row["partnership"] in codes],
        organisations=[{"id": f"ocmw-{one}", "class": "ocmw", "nis": one} for one in "ABCD"],
        lineage=[],
        **({"mandates": rows} if rows else {}),
    )


def cell(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["before"], row["after"], row["change"], row["what"]


def test_a_merged_town_stands_beside_the_sum_of_its_places() -> None:
    found = changed(MERGE, study=world())
    row = figure(found, "partnerships", "A")
    assert cell(row) == (6, 4, -2, "changed")  # A: p, q, r; B: p, q, s; together p, q, r, s
    assert row["summed"] is True
    assert [part["value"] for part in row["parts"]["before"]] == [3, 3]
    assert [part["subject"] for part in row["parts"]["before"]] == ["A", "B"]
    assert [part["value"] for part in row["parts"]["after"]] == [4]
    assert cell(figure(found, "tables", "A")) == (6, 4, -2, "changed")
    assert cell(figure(found, "partnerships", "C")) == (2, 2, 0, "same")


def test_where_no_sum_has_a_meaning_parts_and_whole_stand_beside_each_other() -> None:
    found = changed(MERGE, study=world())
    row = figure(found, "distinct_partner_sets", "A")
    assert cell(row) == (None, 3, None, "beside")
    assert row["summed"] is False
    assert [part["value"] for part in row["parts"]["before"]] == [2, 2]
    assert found.screening is not None
    kinds = {row["figure"]: row["what"] for row in found.screening.of("municipality")
             if row["subject"] == "A"}  # fmt: skip
    assert {name for name, what in kinds.items() if what == "beside"} == set(kinds) - set(SUMMED)


def test_seats_add_up_in_a_merger() -> None:
    seats = [("p", "A", 2), ("p", "B", 1), ("q", "A", 1), ("q", "B", 1), ("r", "A", 1),
             ("r", "C", 1), ("s", "B", 3), ("s", "C", 1), ("s", "D", 1)]  # fmt: skip
    found = changed(MERGE, study=world(seats=seats))
    assert cell(figure(found, "seats", "A")) == (9, 9, 0, "same")
    assert cell(figure(found, "mandates", "A")) == (6, 4, -2, "changed")
    assert cell(figure(found, "seats", None, "landscape")) == (12, 12, 0, "same")


def test_the_sum_with_an_unknown_part_is_unknown() -> None:
    seats = [("p", "A", 2), ("p", "B", 1), ("q", "A", None), ("q", "B", 1), ("r", "A", None),
             ("r", "C", 1)]  # fmt: skip
    before = world("pqr", seats=seats[2:])
    found = changed(MERGE, study=before)
    assert figure(found, "seats", "A")["parts"]["before"][0]["value"] is None
    assert figure(found, "seats", "A")["before"] is None


def test_unknown_and_known_are_no_change_of_value() -> None:
    unknown, known = world(line=None), world(line="first")
    found = compare(unknown, known)
    assert cell(figure(found, "first_line", "C")) == (None, 2, None, "became_known")
    back = compare(known, unknown)
    assert cell(figure(back, "first_line", "C")) == (2, None, None, "became_unknown")
    assert cell(figure(compare(unknown, unknown), "first_line", "C")) == (
        None, None, None, "unknown",
    )  # fmt: skip


def test_more_that_is_known_is_told_apart_from_a_change() -> None:
    rows = bodies("pqrs")
    for row, budget in zip(rows, (0, 100, None, None), strict=True):
        row["budget_cents"] = budget
    frames = {name: frame.to_dicts() for name, frame in world().landscape.frames.items()}
    before = study(**{**frames, "partnerships": rows})
    more = [{**row, "budget_cents": 0 if row["id"] == "r" else row["budget_cents"]} for row in rows]
    found = compare(before, study(**{**frames, "partnerships": more}))
    row = figure(found, "budget_cents", None, "landscape")
    assert cell(row) == (100, 100, 0, "share_known")
    assert (row["before_known"], row["after_known"]) == (0.5, 0.75)
    assert cell(figure(found, "without_budget", None, "landscape")) == (1, 2, 1, "changed")


def test_themes_and_zones_come_and_go() -> None:
    rows = bodies("pqrs")
    rows[0]["theme"], rows[1]["theme"] = "water", "housing"
    frames = {name: frame.to_dicts() for name, frame in world().landscape.frames.items()}
    zones = {
        "zonings": [{"zoning": "Z", "cover": "partition"}],
        "zones": [{"zoning": "Z", "zone": zone} for zone in "12"],
        "zone_members": [{"zoning": "Z", "zone": zone, "nis": nis}
                         for zone, nis in ("1A", "1B", "2C", "2D")],
    }  # fmt: skip
    before = study(**{**frames, **zones, "partnerships": rows})
    other = [{**row, "theme": "safety" if row["id"] == "p" else row.get("theme")} for row in rows]
    drawn = {**zones, "zones": [{"zoning": "Z", "zone": zone} for zone in "13"],
             "zone_members": [{**row, "zone": "3" if row["zone"] == "2" else "1"}
                              for row in zones["zone_members"]]}  # fmt: skip
    found = compare(before, study(**{**frames, **drawn, "partnerships": other})).as_json()
    away = [[(one["kind"], one["subject"]) for one in found["screening"][kind]]
            for kind in ("gone", "new")]  # fmt: skip
    assert away == [[("zone", "2"), ("theme", "water")], [("zone", "3"), ("theme", "safety")]]
    assert [zone["what"] for zone in found["land"]["zonings"][0]["zones"]] == ["gone", "new"]


def test_partnerships_by_form_are_counted_where_they_differ() -> None:
    found = changed(op("convert_partnership", partnership="p", legal_form="overeenkomst"),
                    study=world()).as_json()["screening"]["breakdown"]  # fmt: skip
    whole = [(row["dimension"], row["value"], row["before"], row["after"], row["change"])
             for row in found if row["kind"] == "landscape"]  # fmt: skip
    assert whole == [
        ("legal_form", "interlokale_vereniging", 4, 3, -1),
        ("legal_form", "overeenkomst", 0, 1, 1),
    ]
    assert {row["subject"] for row in found if row["kind"] == "municipality"} == {"A", "B"}


def test_every_figure_of_every_subject_is_there() -> None:
    found = compare(STUDY, STUDY)
    assert found.screening is not None
    figures = screen(EXAMPLE).figures
    rows = found.as_json(everything=True)["screening"]["figures"]
    assert {(row["kind"], row["zoning"], row["subject"]) for row in rows} == set(
        figures.select("kind", "zoning", "subject").iter_rows()
    )
    for row in rows:
        subject = (row["kind"], row["zoning"], row["subject"])
        [own] = [one for one in figures.iter_rows(named=True)
                 if (one["kind"], one["zoning"], one["subject"]) == subject]  # fmt: skip
        assert row["before"] == row["after"] == pytest.approx(own[row["figure"]])
        assert row["before_known"] == own[f"{row['figure']}_known"]
    names = {name for name in figures.columns if f"{name}_known" in figures.columns}
    assert {row["figure"] for row in rows} == names


def test_without_all_only_differences_are_listed_and_the_same_is_counted() -> None:
    found = changed(MERGE, study=world())
    short, whole = found.as_json(), found.as_json(everything=True)
    counts = short["screening"]["counts"]
    assert counts == whole["screening"]["counts"]
    assert len(whole["screening"]["figures"]) == sum(counts.values())
    alike = counts["same"] + counts["unknown"]
    assert len(short["screening"]["figures"]) == sum(counts.values()) - alike


def test_the_choices_of_either_study_count() -> None:
    before = Study(EXAMPLE, Policy(parameters={"horizon": 1}))
    found = compare(before, Study(EXAMPLE, Policy(parameters={"horizon": 12})))
    wanted = [screen(EXAMPLE, years).figures.filter(kind="landscape")["terms_ending"][0]
              for years in (1, 12)]  # fmt: skip
    row = figure(found, "terms_ending", None, "landscape")
    assert [row["before"], row["after"]] == wanted
    assert wanted[0] != wanted[1]


def test_what_is_not_asked_for_is_not_there() -> None:
    found = compare(STUDY, STUDY, ["signals"])
    assert isinstance(found, Comparison)
    told = found.as_json()
    assert told["signals"] is not None
    assert {told[name] for name in ("screening", "law", "fit", "partnerships", "fund")} == {None}
    assert found.differences == {"land": 0, "signals": 0, "tables": 0}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (0.05, "+5 points"),
        (-0.01, "\N{MINUS SIGN}1 points"),
        (-0.0034, "\N{MINUS SIGN}0.3 points"),
        (0.0005, "+0.1 points"),
        (0.0004, "less than 0.1 points"),
        (-0.0004, "less than 0.1 points"),
        (0.0, "0 points"),
    ],
)
def test_a_small_change_of_a_share_is_no_nothing(change: float, told: str) -> None:
    assert points(change) == told
