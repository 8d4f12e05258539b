"""Priorities: values by the rules of thumb, ranges of ranks, weights, order, sensitivity."""

import json
from collections.abc import Sequence
from datetime import date as Date
from fractions import Fraction
from itertools import product
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import Imported
from countries import example, generate
from reference import build, members, towns
from samenspel.alignment.criteria import CRITERIA
from samenspel.alignment.priorities import priorities
from samenspel.alignment.ranking import Rank, Value, lexicographic, ranks, weighted
from samenspel.errors import InputError
from samenspel.landscape.landscape import Landscape

NAMES = [criterion.id for criterion in CRITERIA]


def drawn(**facts: dict[str, Any]) -> Landscape:
    """Four municipalities in two regions; every partnership joins all of them."""
    rows = [{"id": body, "status": "active", **given} for body, given in facts.items()]
    return build(
        {
            "municipalities": towns(*"1234"),
            "zonings": [{"zoning": "Z", "kind": "reference_region", "cover": "partition"}],
            "zones": [{"zoning": "Z", "zone": zone} for zone in "AB"],
            "zone_members": [{"zoning": "Z", "zone": zone, "nis": nis}
                             for zone, nis in zip("AABB", "1234", strict=True)],
            "partnerships": rows,
            "memberships": members(**dict.fromkeys(facts, "123")),
        }
    )  # fmt: skip


def value(landscape: Landscape, criterion: str, body: str = "p") -> tuple[int, int]:
    found = priorities(landscape).judged[body][criterion].value
    return found.low, found.high


@pytest.mark.parametrize(
    ("criterion", "facts", "wanted"),
    [
        ("new", {"status": "planned"}, (1, 1)),
        ("new", {"status": "active"}, (0, 0)),
        ("light", {"own_assets": False}, (1, 1)),
        ("light", {"own_assets": True}, (0, 0)),
        ("light", {"legal_form": "projectvereniging"}, (0, 1)),
        ("light", {"legal_form": "interlokale_vereniging"}, (1, 1)),
        ("light", {"legal_form": "interlokale_vereniging", "own_assets": True}, (0, 0)),
        ("governments_only", {"legal_form": "projectvereniging"}, (1, 1)),
        (
            "governments_only",
            {"legal_form": "opdrachthoudende_vereniging_met_private_deelname"},
            (0, 0),
        ),
        ("governments_only", {"legal_form": "vzw"}, (0, 1)),
        ("governments_only", {}, (0, 1)),
        ("transition", {"own_assets": True}, (0, 0)),
        ("transition", {"staff_fte": 2.5}, (0, 0)),
        ("transition", {"own_assets": False, "staff_fte": 0.0}, (0, 1)),  # tasks are unknown
        ("operational", {"line": "first"}, (0, 0)),
        ("operational", {"level": "zonal"}, (0, 0)),
        ("operational", {"line": "second", "level": "regional"}, (1, 1)),
        ("operational", {"line": "second"}, (0, 1)),
    ],
)
def test_each_rule_of_thumb(criterion: str, facts: dict[str, Any], wanted: tuple[int, int]) -> None:
    assert value(drawn(p=facts), criterion) == wanted


def test_private_members_make_it_mixed() -> None:
    landscape = drawn(p={"legal_form": "interlokale_vereniging"})
    partner = pl.DataFrame({"partnership": ["p"], "organisation": ["nv"]})
    both = pl.concat([landscape.table("memberships"), partner], how="diagonal")
    known = pl.DataFrame({"id": ["nv"], "class": ["private"]})
    mixed = landscape.with_tables(memberships=both, organisations=known)
    assert value(mixed, "governments_only") == (0, 0)


def test_without_tasks_assets_and_staff_the_transition_is_cheap() -> None:
    landscape = drawn(p={"own_assets": False, "staff_fte": 0.0})
    tasks = pl.DataFrame({"partnership": ["p"], "task": ["loket"], "transferred": [False]})
    assert value(landscape.with_tables(tasks=tasks), "transition") == (1, 1)
    moved = tasks.with_columns(transferred=pl.lit(value=True))
    assert value(landscape.with_tables(tasks=moved), "transition") == (0, 0)


@pytest.mark.parametrize(
    ("own", "other", "wanted"),
    [
        (Date(2031, 1, 1), Date(2031, 6, 1), (2, 2)),  # the last day of the horizon
        (Date(2031, 1, 2), Date(2031, 6, 1), (0, 0)),
        (Date(2028, 2, 29), Date(2029, 2, 28), (2, 2)),
        (Date(2028, 2, 29), Date(2029, 3, 1), (1, 1)),
        (Date(2028, 2, 29), Date(2027, 2, 28), (2, 2)),
        (Date(2028, 2, 29), Date(2027, 2, 27), (1, 1)),
        (Date(2028, 1, 1), None, (1, 2)),
        (Date(2020, 1, 1), Date(2040, 1, 1), (1, 1)),  # run out, so it waits for renewal
        (None, Date(2028, 1, 1), (0, 2)),
    ],
)
def test_renewals_within_the_horizon_and_together(
    own: Date | None, other: Date | None, wanted: tuple[int, int]
) -> None:
    landscape = drawn(p={"term_end": own}, q={"term_end": other})
    assert value(landscape, "renewal") == wanted


def test_only_renewals_of_the_same_region_coincide() -> None:
    day = Date(2028, 1, 1)
    landscape = drawn(p={"term_end": day}, q={"term_end": day})
    seats = pl.DataFrame({"partnership": ["p", "p", "p", "q"], "organisation": [*"123", "4"]})
    assert value(landscape.with_tables(memberships=seats), "renewal") == (1, 1)


# ranks


@st.composite
def tables(draw: st.DrawFn) -> list[list[Value]]:
    """Values of up to four items on three criteria of two levels."""
    bounds = st.sampled_from([Value(0, 0), Value(1, 1), Value(0, 1)])
    row = st.lists(bounds, min_size=3, max_size=3)
    return draw(st.lists(row, min_size=1, max_size=4))


def by_trying(rows: Sequence[Sequence[Value]], score: Any) -> list[Rank]:
    """Best and worst rank of each item over every way in which the unknowns can turn out."""
    cells = [range(v.low, v.high + 1) for row in rows for v in row]
    seen: list[set[int]] = [set() for _ in rows]
    for filled in product(*cells):
        scores = [score(filled[3 * i : 3 * i + 3]) for i in range(len(rows))]
        for i, own in enumerate(scores):
            seen[i].add(1 + sum(other > own for other in scores))
    return [Rank(min(one), max(one)) for one in seen]


@settings(max_examples=150, deadline=None)
@given(tables(), st.lists(st.integers(0, 3), min_size=3, max_size=3))
def test_weighted_ranks_are_those_of_every_possible_world(
    rows: list[list[Value]], weights: list[int]
) -> None:
    exact = {n: Fraction(w) for n, w in zip("abc", weights, strict=True)}
    tops = dict.fromkeys("abc", 1)
    scores = [weighted(dict(zip("abc", row, strict=True)), exact, tops) for row in rows]
    found = ranks([low for low, _high in scores], [high for _low, high in scores])
    assert found == by_trying(
        rows, lambda cells: sum(w * c for w, c in zip(weights, cells, strict=True))
    )


@settings(max_examples=100, deadline=None)
@given(tables(), st.permutations("abc"))
def test_lexicographic_ranks_are_those_of_every_possible_world(
    rows: list[list[Value]], order: list[str]
) -> None:
    scores = [lexicographic(dict(zip("abc", row, strict=True)), order) for row in rows]
    found = ranks([low for low, _high in scores], [high for _low, high in scores])
    places = ["abc".index(name) for name in order]
    assert found == by_trying(rows, lambda cells: tuple(cells[i] for i in places))


def test_nothing_is_filled_in_for_the_unknown() -> None:
    landscape = drawn(known_good={"own_assets": False}, known_bad={"own_assets": True}, unknown={})
    found = priorities(landscape, weights={"light": 1}).as_json()
    rows = {row["id"]: row for row in found["partnerships"]}
    assert rows["known_good"]["rank"] == {"best": 1, "worst": 1}
    assert rows["unknown"]["rank"] == {"best": 1, "worst": 2}
    assert rows["known_bad"]["rank"] == {"best": 2, "worst": 3}
    assert rows["unknown"]["criteria"]["light"]["value"] is None
    assert rows["unknown"]["study_needed"] is None
    assert rows["known_bad"]["study_needed"] is True


# the whole


def test_the_json_shows_every_value_and_weight() -> None:
    found = json.loads(json.dumps(priorities(example()).as_json()))
    assert found["method_status"] == "choice"
    assert {c["id"]: c["weight"] for c in found["criteria"]} == dict.fromkeys(NAMES, 1)
    assert all(c["source"] and c["status"] and c["reading"] for c in found["criteria"])
    rows = {row["id"]: row for row in found["partnerships"]}
    # Crossing, active or planned; what is still planned comes first.
    assert set(rows) == {"p01", "p02", "p04", "p13", "p16"}
    assert found["partnerships"][0]["id"] == "p16"
    assert rows["p16"]["rank"] == {"best": 1, "worst": 1}
    for row in rows.values():
        assert set(row["criteria"]) == set(NAMES)
        low = sum(
            row["criteria"][c["id"]]["low"] / (len(c["levels"]) - 1) for c in found["criteria"]
        )
        assert row["score"]["low"] == low
    assert rows["p13"]["also_weigh"] == ["efficiency", "environment", "emissions", "mobility"]
    assert rows["p01"]["also_weigh"] == []


def test_an_order_instead_of_weights() -> None:
    found = priorities(example(), order=["new", "governments_only"]).as_json()
    assert found["method"] == "lexicographic"
    assert found["sensitivity"] == []
    ranked = {row["id"]: row["rank"] for row in found["partnerships"]}
    assert ranked["p16"] == {"best": 1, "worst": 1}
    assert ranked["p02"] == {"best": 5, "worst": 5}  # the only mixed one
    assert {tuple(ranked[body].values()) for body in ("p01", "p04", "p13")} == {(2, 2)}


def test_sensitivity_says_whose_rank_a_step_changes() -> None:
    landscape = drawn(
        p={"own_assets": False, "line": "first"},
        q={"own_assets": True, "line": "second", "level": "regional"},
    )
    weights = {"light": 2, "operational": 1}
    found = priorities(landscape, weights=weights, step=2).as_json()
    changes = {(one["criterion"], one["to"]): one["changes"] for one in found["sensitivity"]}
    assert changes["light", 4] == []
    assert changes["operational", 3] == [
        {"id": "p", "before": {"best": 1, "worst": 1}, "after": {"best": 2, "worst": 2}},
        {"id": "q", "before": {"best": 2, "worst": 2}, "after": {"best": 1, "worst": 1}},
    ]
    assert ("new", 0) not in changes  # it weighs nothing already
    assert changes["light", 0] == changes["operational", 3]
    for (name, weight), listed in changes.items():
        again = priorities(landscape, weights={**weights, name: weight}).ranks()
        before = priorities(landscape, weights=weights).ranks()
        assert {one["id"] for one in listed} == {b for b in before if before[b] != again[b]}


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"weights": {"lichtheid": 1}}, r"no criterion “lichtheid”; choose among new, "),
        ({"weights": {"light": -1}}, r"the weight of light is “-1”; give a number from 0"),
        ({"weights": {"light": "veel"}}, r"is “veel”"),
        ({"weights": {"light": True}}, r"is “True”"),
        ({"weights": {"light": float("nan")}}, r"is “nan”"),
        ({"weights": {"light": float("inf")}}, r"is “inf”"),
        ({"weights": {"light": 0}}, r"all weights are 0"),
        ({"weights": {}}, r"all weights are 0"),
        ({"order": []}, r"one criterion or more"),
        ({"order": ["light", "light"]}, r"each once"),
        ({"order": ["zwaar"]}, r"no criterion “zwaar”"),
        ({"order": ["light"], "weights": {"light": 1}}, r"give one"),
        ({"step": 0}, r"more than 0"),
        ({"step": "1/0"}, r"the step is “1/0”"),
        ({"zoning": "X"}, r"no zoning “X”"),
        ({"region": "X"}, r"no zone “X”"),
    ],
)
def test_faults_in_one_sentence(asked: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        priorities(example(), **asked)


def test_fractions_are_exact() -> None:
    found = priorities(example(), weights={"light": "1/3", "new": 0.1})
    assert found.weights["light"] == Fraction(1, 3)
    assert found.weights["new"] == Fraction(1, 10)
    assert found.weights["renewal"] == 0


def test_one_region_ranks_what_touches_it() -> None:
    landscape = generate(100, 1)
    whole = priorities(landscape).as_json()["partnerships"]
    zone = landscape.table("zones").filter(zoning="referentieregio")["zone"][0]
    part = priorities(landscape, region=zone).as_json()["partnerships"]
    assert 0 < len(part) < len(whole)
    assert {row["id"] for row in part} <= {row["id"] for row in whole}


def test_on_the_public_flemish_files_most_ranks_are_wide(flanders_2025: Imported) -> None:
    found = priorities(flanders_2025[0]).as_json()["partnerships"]
    assert len(found) == 80
    assert all(row["rank"]["worst"] > row["rank"]["best"] for row in found)
