"""The file of argument: grounds in three values, what is missing, no verdict."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Imported
from countries import example, generate
from samenspel import language
from samenspel.alignment.align import align
from samenspel.alignment.explanation import as_text, explanation, explanations
from samenspel.alignment.grounds import GROUNDS, weighed
from samenspel.errors import InputError
from samenspel.landscape.landscape import Landscape

EMPTY: dict[str, Any] = {
    "scope_exception": None, "theme": None, "members": 3, "members_unknown": 0, "line": None,
    "level": None, "own_assets": None,
}  # fmt: skip


def say(**facts: Any) -> dict[str, str]:
    return {one["ground"]: one["facts_say"] for one in weighed({**EMPTY, **facts})}


def test_a_recorded_ground_is_supported_and_rules_out_the_others() -> None:
    assert say(scope_exception="landscape")["landscape"] == "supported"
    assert say(scope_exception="scale")["landscape"] == "not_supported"
    assert say(scope_exception="scale")["scale"] == "supported"
    assert say(scope_exception="landscape")["scale"] == "not_supported"
    assert say(scope_exception="small_service")["small_service"] == "supported"


def test_what_is_not_recorded_stays_open() -> None:
    assert set(say().values()) == {"unknown"}
    assert say(theme="water")["landscape"] == "unknown"  # a theme only hints
    assert say(own_assets=True)["scale"] == "unknown"


@pytest.mark.parametrize(
    ("members", "unknown", "wanted"),
    [
        (1, 0, "not_supported"),
        (2, 0, "supported"),
        (6, 0, "supported"),
        (7, 0, "not_supported"),
        (7, 1, "not_supported"),
        (6, 1, "unknown"),
        (0, 0, "unknown"),
    ],
)
def test_small_is_two_to_six_municipalities(members: int, unknown: int, wanted: str) -> None:
    facts = {"members": members, "members_unknown": unknown, "line": "first"}
    assert say(**facts)["small_service"] == wanted


def test_small_alone_is_not_service() -> None:
    others = {"line": "second", "level": "regional"}
    assert say(**others)["small_service"] == "unknown"
    assert say(**others, scope_exception="landscape")["small_service"] == "not_supported"
    assert say(line="second", level="zonal")["small_service"] == "supported"


@given(
    st.fixed_dictionaries(
        {
            "scope_exception": st.sampled_from([None, "landscape", "small_service", "scale"]),
            "theme": st.sampled_from([None, "water", "housing"]),
            "line": st.sampled_from([None, "first", "second"]),
            "level": st.sampled_from([None, "zonal", "regional"]),
            "own_assets": st.sampled_from([None, True, False]),
            "members": st.integers(1, 8),
        }
    ),
    st.sampled_from(["scope_exception", "theme", "line", "level", "own_assets"]),
)
def test_what_is_known_stays_when_more_becomes_known(facts: dict[str, Any], name: str) -> None:
    before, after = say(**{**facts, name: None}), say(**facts)
    for ground, said in before.items():
        assert said in ("unknown", after[ground])


def test_each_ground_has_its_source_and_trace() -> None:
    for ground, one in zip(GROUNDS, weighed(EMPTY), strict=True):
        assert one["ground"] == ground.id
        assert one["source"] == "VVSG-standpunt regiovorming 2020, 3.4.1"
        assert one["lines"][0] < one["lines"][1]
        assert one["examples"]
        assert one["trace"]
        assert one["reading_status"] == "choice"
        assert "scope_exception" in one["missing"]


@pytest.fixture(scope="module", params=["drawn", "generated", "flanders"])
def landscape(request: pytest.FixtureRequest) -> Landscape:
    if request.param == "drawn":
        return example()
    if request.param == "generated":
        return generate(100, 1)
    found: Imported = request.getfixturevalue("flanders_2025")
    return found[0]


def test_every_crossing_partnership_has_a_file(landscape: Landscape) -> None:
    alignment = align(landscape)
    files = explanations(alignment)
    crossing = [row["id"] for row in alignment.partnerships if row["fit"] == "crossing"]
    assert [file["id"] for file in files] == crossing
    json.dumps(files)
    for file in files:
        assert file["procedure"]
        assert all(step["source"] and step["status"] for step in file["procedure"])
        assert "no verdict" in file["caveat"]
        text = as_text(file)
        assert "None" not in text
        assert file["name"] in text


def test_the_file_of_the_valley_reads_as_it_should() -> None:
    alignment = align(example())
    file = explanation(alignment, "p04")
    text = as_text(file)
    assert file["missing"] == []
    assert file["moves"]["leave"][0]["municipalities"] == [{"nis": "00006", "name": "Droomhoven"}]
    assert "Regio Noord: 1 of 2 municipalities (50%), 17 400 inhabitants" in text
    assert "The landscape dominates: the facts support it" in text
    assert "Deadline: none." in text
    assert "Decision so far: unknown" in text
    other = as_text(explanation(alignment, "p01"))
    assert "A union of whole zones, when these join: Afgelegem" in other
    assert "MISSING\nground of exception\nsector" in other


def test_what_does_not_cross_has_no_file() -> None:
    alignment = align(example())
    for wrong in ("p03", "p14", "p99"):
        with pytest.raises(InputError, match=f"“{wrong}”"):
            explanation(alignment, wrong)


def test_the_dutch_text_holds_the_same_facts() -> None:
    alignment = align(example())
    language.use("nl")
    text = as_text(explanation(alignment, "p04"))
    assert "Droomhoven" in text
    assert "Regio Noord" in text
