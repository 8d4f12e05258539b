"""The four norms, and the figures of 2012, which stand only beside what can be compared."""

from datetime import date
from typing import Any

import pytest

import reference
from countries import example
from samenspel.landscape.findings import Finding
from samenspel.landscape.landscape import About, Landscape
from samenspel.screening.screen import screen, years_later

FLEMISH = About("Vlaanderen (proef)", "Vlaanderen")


def test_each_norm_stands_beside_the_figure_that_it_speaks_of() -> None:
    screening = screen(example())
    whole = reference.figures(example(), screening.until)["landscape", None, None]
    norms = screening.as_json()["norms"]
    assert {norm["source"][-11:]: (norm["id"], norm["figure"]) for norm in norms} == {
        "standpunt 1": ("auxiliary", "bottom_up_share"),
        "standpunt 4": ("second_line", "first_line_share"),
        "standpunt 5": ("steering", "tables"),
        "standpunt 6": ("fewer_partners", "mean_size"),
    }
    for norm in norms:
        assert norm["value"] == pytest.approx(whole[norm["figure"]])
        assert norm["known_share"] == pytest.approx(whole[f"{norm['figure']}_known"])
        assert norm["source"].startswith("SBV-toekomstvisie 2023, 4.1.2, ")
        assert (norm["status"], norm["viewpoint"]) == ("proposal", "SBV")
        assert norm["text"]


def test_a_norm_is_no_signal() -> None:
    screening = screen(example()).as_json()
    assert len(screening["norms"]) == 4
    ids = {norm["id"] for norm in screening["norms"]}
    assert ids.isdisjoint(signal["id"] for signal in screening["signals"])


def test_a_norm_whose_figure_is_unknown_has_no_value() -> None:
    norms = screen(land("all_kinds")).as_json()["norms"]
    of = {norm["id"]: (norm["value"], norm["known_share"]) for norm in norms}
    assert of["auxiliary"] == (None, 0.0)
    assert of["second_line"] == (None, 0.0)
    assert of["steering"] == (2, 1.0)


def land(*coverage: str | None, about: About = FLEMISH, **tables: Any) -> Landscape:
    """Two partnerships, from the first and the last of as many sources as there are coverages."""
    last = len(coverage) - 1
    given = {
        "municipalities": reference.towns("1", "2"),
        "partnerships": [
            *reference.bodies("p", source="source-0"),
            *reference.bodies("q", source=f"source-{last}"),
        ],
        "memberships": reference.members(p="12", q="12"),
        "sources": [
            {"id": f"source-{n}", "coverage": value} for n, value in enumerate(coverage)
        ],
    }  # fmt: skip
    return reference.build(
        {name: rows for name, rows in {**given, **tables}.items() if rows is not None},
        about=about,
    )


@pytest.mark.parametrize("coverage", [("all_kinds",), ("all_kinds", "all_kinds")])
def test_like_is_compared_with_like(coverage: tuple[str, ...]) -> None:
    shown = screen(land(*coverage)).as_json()["reference"]
    assert shown["shown"] is True
    assert (shown["year"], shown["partnerships"]) == (2012, 2229)
    assert (shown["lowest"], shown["mean_per_municipality"], shown["highest"]) == (30, 68, 152)
    assert shown["source"]
    assert shown["status"] == "unvalidated"
    assert "reason" not in shown


def test_a_source_that_no_partnership_comes_from_does_not_count() -> None:
    landscape = land("all_kinds", "some_kinds", "all_kinds")
    assert screen(landscape).as_json()["reference"]["shown"] is True


@pytest.mark.parametrize(
    "landscape",
    [
        land("all_kinds", about=About("Vlaanderen (proef)", "Vlaanderen", fictional=True)),
        land("all_kinds", about=About("Proefland", "Proefland")),
        land("all_kinds", about=About()),
    ],
    ids=["invented", "elsewhere", "nowhere"],
)
def test_land_that_is_not_flanders_has_no_reference(landscape: Landscape) -> None:
    refused(landscape, "of Flanders")


@pytest.mark.parametrize(
    "landscape",
    [
        land("some_kinds"),
        land("all_kinds", "some_kinds"),
        land("some_kinds", "all_kinds"),
        land(None),
        land("all_kinds", None),
        land("all_kinds", sources=[]),
        land("all_kinds", sources=None),
        land("all_kinds", "all_kinds", sources=[{"id": "source-0", "coverage": "all_kinds"}]),
        land("all_kinds", partnerships=reference.bodies("p", source=None)),
        land("all_kinds", partnerships=[*reference.bodies("p", source="source-0"),
                                        *reference.bodies("q", source=None)]),
        land("all_kinds", partnerships=[]),
        land("all_kinds", partnerships=None),
    ],
    ids=["some", "second-some", "first-some", "coverage-unknown", "one-coverage-unknown",
         "no-sources", "sources-absent", "one-source-not-listed", "no-row-with-source",
         "one-row-without-source", "no-partnerships", "partnerships-absent"],
)  # fmt: skip
def test_sources_not_known_to_list_all_kinds_have_no_reference(landscape: Landscape) -> None:
    refused(landscape, "all kinds")


def refused(landscape: Landscape, why: str) -> None:
    shown = screen(landscape).as_json()["reference"]
    assert shown.keys() == {"shown", "reason"}
    assert shown["shown"] is False
    assert why in shown["reason"]


def test_the_real_lists_hold_some_kinds_only(
    flanders_2019: tuple[Landscape, list[Finding]], flanders_2025: tuple[Landscape, list[Finding]]
) -> None:
    refused(flanders_2019[0], "all kinds")
    refused(flanders_2025[0], "all kinds")


@pytest.mark.parametrize(
    ("day", "years", "wanted"),
    [
        (date(2024, 2, 29), 6, date(2030, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2096, 2, 29), 4, date(2100, 2, 28)),
        (date(2024, 2, 29), 0, date(2024, 2, 29)),
        (date(2023, 2, 28), 1, date(2024, 2, 28)),
        (date(2025, 12, 31), 6, date(2031, 12, 31)),
    ],
)
def test_the_same_day_years_later(day: date, years: int, wanted: date) -> None:
    assert years_later(day, years) == wanted


def test_the_horizon_is_the_choice_of_the_user() -> None:
    ends = [
        date(2026, 3, 1),
        date(2028, 2, 28),
        date(2028, 2, 29),
        date(2030, 2, 28),
        date(2032, 1, 1),
    ]
    rows = [
        row for n, end in enumerate(ends) for row in reference.bodies(f"p{n}", term_end=end)
    ]  # fmt: skip
    landscape = reference.build(
        {"municipalities": reference.towns("1"), "partnerships": rows, "memberships": []},
        date=date(2024, 2, 29),
    )
    for horizon, wanted, until in (
        (0, 0, "2024-02-29"),
        (4, 3, "2028-02-29"),
        (6, 4, "2030-02-28"),
    ):
        found = screen(landscape, horizon=horizon).as_json()
        assert found["total"]["terms_ending"] == wanted
        assert found["settings"]["terms_until"] == until
        assert found["settings"]["horizon_years"] == {"value": horizon, "status": "choice"}
