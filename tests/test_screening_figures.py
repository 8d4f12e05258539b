"""Every figure of every subject against the plain reference: example, random land, real files."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import reference
from countries import example
from samenspel.landscape.findings import Finding
from samenspel.landscape.landscape import Landscape
from samenspel.screening import kernel
from samenspel.screening.screen import screen

HEAD = {"#", "kind", "zoning", "subject", "name"}
# Figures that only a municipality has.
MEETING = {"partners_met", "neighbours", "neighbours_met", "effective_partners"}
DAY = date(2025, 1, 1)
Rows = dict[str, list[dict[str, Any]]]


def compare(landscape: Landscape) -> None:
    """Raises where one figure differs from the reference, or a subject or column is unaccounted."""
    screening = screen(landscape)
    got = {
        (row["kind"], row["zoning"], row["subject"]): row
        for row in screening.figures.iter_rows(named=True)
    }
    assert len(got) == screening.figures.height
    wanted = reference.figures(landscape, screening.until)
    assert got.keys() == wanted.keys()
    for subject, row in wanted.items():
        extra = set() if subject[0] == "municipality" else MEETING
        assert got[subject].keys() == row.keys() | HEAD | {*extra, *(f"{x}_known" for x in extra)}
        assert all(got[subject][name] is None for name in extra)
        wrong = {
            name: (got[subject][name], value)
            for name, value in row.items()
            if got[subject][name] != (None if value is None else pytest.approx(value, rel=1e-9))
        }
        assert not wrong, f"{subject}: figure: (screening, reference) {wrong}"


def some(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


def of(draw: st.DrawFn, codes: list[str], least: int = 0) -> list[str]:
    """Some of ``codes``, each once, in any order."""
    if not codes:
        return []
    return draw(st.lists(st.sampled_from(codes), unique=True, min_size=min(least, len(codes))))


def seats_of(draw: st.DrawFn, body: str, sitting: list[str]) -> list[dict[str, Any]]:
    return [
        {"partnership": body, "organ": organ, "organisation": who, "side": side,
         "seats": draw(some(None, 0, 1, 1, 2))}
        for organ in ("assembly", "board")
        for who in of(draw, sitting)
        for side in of(draw, ["majority", "opposition", "other", None])
    ]  # fmt: skip


@st.composite
def landscapes(draw: st.DrawFn) -> Landscape:
    """Up to eight municipalities and eight partnerships, with something unknown everywhere."""
    nis = [str(10001 + n) for n in range(draw(st.integers(1, 8)))]
    bodies = [f"b{n}" for n in range(draw(st.integers(0, 8)))]
    who = [*nis, *(f"ocmw-{code}" for code in nis), "provincie", "elsewhere"]
    tables: Rows = {"municipalities": reference.towns(*nis), "partnerships": [], "memberships": []}
    organisations: list[dict[str, Any]] = [
        {"id": f"ocmw-{code}", "class": "ocmw", "nis": code} for code in of(draw, [*nis, "99999"])
    ]
    mandates = []
    for body in bodies:
        stated = draw(some("intermunicipal_partnership", "intermunicipal_partnership", None,
                           "ocmw_association", "police_zone", "other_partnership"))  # fmt: skip
        form = draw(some(None, "overeenkomst", "projectvereniging", "welzijnsvereniging", "andere"))
        tables["partnerships"].append(
            {"id": body, "legal_form": form,
             "status": draw(some(*["active"] * 4, "planned", "inactive", "asleep", None)),
             "theme": draw(some("water", "housing", None, "windmills")),
             "initiator": draw(some("bottom_up", "flemish", None)),
             "line": draw(some("first", "second", None, "third")),
             "term_end": draw(some(None, DAY, date(2025, 1, 2), date(2031, 1, 1),
                                   date(2031, 1, 2))),
             "budget_cents": draw(some(None, 0, 0, 125, 10**12)),
             "staff_fte": draw(some(None, 0.0, 0.1, 1.5))}
        )  # fmt: skip
        if stated:
            organisations.append({"id": body, "class": stated})
        sitting = of(draw, [*who, *(other for other in bodies if other != body)])
        # Whether an observer makes an unclassified body intermunicipal has a test of its own.
        roles = ("member", "managing", "partner", None, *(["observer"] if stated or form else []))
        tables["memberships"] += [
            {"partnership": body, "organisation": code, "role": draw(some(*roles)),
             "contribution_cents": draw(some(None, 0, 700))}
            for code in sitting
        ]  # fmt: skip
        mandates += seats_of(draw, body, sitting)
    zones = [(zoning, zone) for zoning in ("PART", "OVER") for zone in ("Z1", "Z2")]
    inside = [("PART", draw(some("Z1", "Z2", "Z9")), code) for code in nis]
    inside += [("OVER", zone, code) for zone in ("Z1", "Z2") for code in of(draw, nis)]
    optional: Rows = {
        "organisations": organisations,
        "mandates": mandates,
        "zones": [{"zoning": zoning, "zone": zone} for zoning, zone in zones],
        "zone_members": [dict(zip(("zoning", "zone", "nis"), row, strict=True)) for row in inside],
        "adjacency": [
            {"nis_a": a, "nis_b": b}
            for a in nis
            for b in (*of(draw, [other for other in nis if other > a]), None)
        ],
    }
    return reference.build(tables | {name: optional[name] for name in of(draw, list(optional))})


def test_the_example_is_the_reference() -> None:
    compare(example())


@settings(max_examples=150, deadline=None)
@given(landscapes())
def test_random_land_is_the_reference(landscape: Landscape) -> None:
    compare(landscape)


@pytest.mark.parametrize("block", [1, 2, 3])
def test_figures_do_not_depend_on_the_block_of_rows(
    block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = screen(example()).figures
    monkeypatch.setattr(kernel, "ENTRIES", block)
    columns = ["overlap", "changing_partners", "partners_met", "neighbours_met"]
    parts = screen(example()).figures
    assert_frame_equal(parts.select(columns), whole.select(columns), rel_tol=1e-12)
    compare(example())


def test_real_flanders_is_the_reference(
    flanders_2019: tuple[Landscape, list[Finding]], flanders_2025: tuple[Landscape, list[Finding]]
) -> None:
    compare(flanders_2019[0])
    compare(flanders_2025[0])


def hand_made(**tables: list[dict[str, Any]]) -> dict[str, Any]:
    """The row of the whole landscape of two municipalities and the active partnership ``p``."""
    given = {
        "municipalities": reference.towns("1", "2"),
        "partnerships": reference.bodies("p"),
        "memberships": reference.members(p=["1", "2"]),
    }
    whole = screen(reference.build({**given, **tables})).of_kind("landscape")
    return whole.row(0, named=True)


def test_overlap_by_hand() -> None:
    # {1,2} and {2,3} share one of three, {1,2} and {1,2,3,4} two of four, {2,3} and {1,2,3,4} too.
    landscape = reference.build(
        {
            "municipalities": reference.towns("1", "2", "3", "4"),
            "partnerships": reference.bodies("p", "q", "r"),
            "memberships": reference.members(p="12", q="23", r="1234"),
        }
    )
    figures = screen(landscape).figures
    overlap = dict(figures.select("subject", "overlap").iter_rows())
    assert overlap["1"] == pytest.approx(1 / 2)
    assert overlap["2"] == pytest.approx((1 / 3 + 1 / 2 + 1 / 2) / 3)
    assert overlap["4"] is None
    one = figures.row(by_predicate=pl.col("subject") == "2", named=True)
    assert one["changing_partners"] == pytest.approx(1 - one["overlap"])
    # 2 meets 1 twice, 3 twice and 4 once.
    assert (one["partners_met"], one["effective_partners"]) == (3, pytest.approx(25 / 9))
    assert one["neighbours"] is None
    assert one["neighbours_met"] is None


@pytest.mark.parametrize(
    ("end", "wanted"),
    [
        (date(2025, 1, 1), 0),
        (date(2025, 1, 2), 1),
        (date(2031, 1, 1), 1),
        (date(2031, 1, 2), 0),
        (None, None),
    ],
)
def test_terms_that_end_within_the_horizon(end: date | None, wanted: int | None) -> None:
    whole = hand_made(partnerships=reference.bodies("p", term_end=end))
    assert whole["terms_ending"] == wanted
    assert whole["terms_ending_known"] == (0.0 if end is None else 1.0)


def test_members_that_are_not_listed_are_unknown_and_not_none() -> None:
    whole = hand_made(partnerships=reference.bodies("p", "q"))
    assert (whole["partnerships"], whole["distinct_partner_sets"]) == (2, 1)
    assert whole["distinct_partner_sets_known"] == 0.5
    assert (whole["mean_size"], whole["mean_size_known"]) == (2.0, 0.5)
    assert whole["overlap"] is None
    nobody = hand_made(memberships=reference.members(elsewhere=["1"]))
    assert nobody["partnerships"] == 1
    assert (nobody["mean_size"], nobody["mean_size_known"]) == (None, 0.0)
    assert nobody["distinct_partner_sets"] is None


def test_seats_whose_side_is_unknown_are_of_no_known_side() -> None:
    row = {"partnership": "p", "organ": "board", "organisation": "1", "seats": 2}
    whole = hand_made(mandates=[row])
    assert (whole["seats"], whole["seats_known"]) == (2, 1.0)
    # Municipality 2 has no seat, which is known; of the two seats of 1 the side is not.
    assert (whole["seats_majority"], whole["seats_majority_known"]) == (0, 0.5)
    assert whole["seats_opposition_known"] == 0.5


def test_no_seats_in_an_organ_are_no_mandate() -> None:
    row = {"partnership": "p", "organisation": "1", "side": "majority"}
    whole = hand_made(
        mandates=[{**row, "organ": "board", "seats": 0}, {**row, "organ": "assembly", "seats": 1}]
    )
    assert (whole["mandates"], whole["seats"], whole["single_seat"]) == (1, 1, 1)


def test_the_staff_of_no_partnership_is_none_and_known() -> None:
    whole = hand_made(partnerships=[], memberships=[])
    assert (whole["budget_cents"], whole["budget_cents_known"]) == (0, 1.0)
    assert (whole["staff_fte"], whole["staff_fte_known"]) == (0.0, 1.0)
    assert (whole["mean_size"], whole["first_line_share"]) == (None, None)


def test_an_observer_makes_no_partnership_intermunicipal() -> None:
    seen = [{"partnership": "p", "organisation": "2", "role": "observer"}]
    unclassified = reference.bodies("p", legal_form="andere")
    alone = hand_made(partnerships=unclassified, memberships=reference.members(p=["1"]) + seen)
    assert (alone["partnerships"], alone["other_partnerships"]) == (0, 1)
    together = hand_made(partnerships=unclassified)
    assert (together["partnerships"], together["other_partnerships"]) == (1, 0)


@pytest.mark.parametrize("stated", ["rescue_zone", "other"])
def test_the_stated_class_decides_also_where_no_figure_is_of_that_class(stated: str) -> None:
    whole = hand_made(
        organisations=[{"id": "p", "class": stated}],
        partnerships=reference.bodies("p", legal_form=None),
    )
    assert (whole["partnerships"], whole["other_partnerships"]) == (0, 1)


def test_a_municipality_that_sits_itself_and_through_its_ocmw_has_one_table() -> None:
    whole = hand_made(
        organisations=[
            {"id": "ocmw-1", "class": "ocmw", "nis": "1"},
            {"id": "p", "class": "ocmw_association"},
        ],
        memberships=reference.members(p=["1", "ocmw-1", "2"]),
    )
    assert (whole["partnerships"], whole["ocmw_associations"], whole["tables"]) == (0, 1, 1)


@pytest.mark.parametrize(
    ("form", "beside"),
    [("overeenkomst", 0), ("welzijnsvereniging", 1), ("andere", 1)],
)
def test_who_sits_through_its_ocmw_counts_beside_the_own_partnerships(
    form: str, beside: int
) -> None:
    landscape = reference.build(
        {
            "municipalities": reference.towns("1", "2", "3"),
            "organisations": [
                {"id": "ocmw-1", "class": "ocmw", "nis": "1"},
                *([{"id": "p", "class": "police_zone"}] if form == "andere" else []),
            ],
            "partnerships": reference.bodies("p", legal_form=form),
            "memberships": reference.members(p=["ocmw-1", "2", "3"]),
        }
    )
    one, two, _ = screen(landscape).of_kind("municipality").iter_rows(named=True)
    assert (one["partnerships"], one["tables"]) == (0, beside)
    assert one["partners_met"] == 0
    assert two["tables"] == 1
    assert two["partnerships"] == (1 if form == "overeenkomst" else 0)
