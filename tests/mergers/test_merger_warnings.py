"""Each warning in both directions, and unknown where nobody can judge."""

from datetime import date
from typing import Any

import pytest
from mergerlands import CENTRES, bare, hand, hand_tables, knowing, landscape, some, without

from samenspel.landscape.landscape import About, Landscape

pytest.importorskip("numba")

from samenspel.mergers.facilities import (
    ARTICLE_7,
    ARTICLE_8,
    BY_COLUMN,
    BY_LAW,
    BY_OPTION,
    NOT_KNOWN,
    facilities_of,
)
from samenspel.mergers.figures import figures
from samenspel.mergers.lineage import merged_from
from samenspel.mergers.signs import WARNINGS, about, flags, reason
from samenspel.mergers.zone import zones_of


def flag(
    land: Landscape, group: str, warning: str, zone: str = "z1", at_least: int | None = None,
    **given: Any,
) -> bool | None:  # fmt: skip
    known, sets = knowing(land, **given), some(land, group)
    (one,) = zones_of(land, "Z", zone)
    rows = figures(known.facts, known.seated, sets, "Z")
    found: bool | None = flags(known.facts, one, sets, rows, at_least)[warning][0]
    return found


def centres(**changed: bool | None) -> Landscape:
    """The hand-drawn land with other centres."""
    rows = hand_tables()["municipalities"]
    where = {**CENTRES, **changed}
    return hand(municipalities=[{**row, "centre": where[row["nis"]]} for row in rows])


def test_merger_upon_merger() -> None:
    assert flag(hand(), "AD", "merger_on_merger") is True
    assert flag(hand(), "AB", "merger_on_merger") is False
    assert flag(without("lineage"), "AD", "merger_on_merger") is None


def step(old: str, new: str, operation: str | None, day: date = date(2020, 1, 1)) -> dict[str, Any]:
    return {"kind": "municipality", "old": old, "new": new, "date": day, "operation": operation}


@pytest.mark.parametrize(
    ("steps", "merged"),
    [
        ([step("A", "A", "merger"), step("X", "A", "merger")], {"A": {"A", "X"}}),
        ([step("X", "A", "code_change")], {}),
        ([step("X", "A", "rename")], {}),
        ([step("X", "A", None)], {}),
        ([step("X", "A", None), step("Y", "A", None)], {"A": {"X", "Y"}}),
        ([step("X", "A", "merger", date(2030, 1, 1))], {}),
        (
            [step("W", "X", "merger", date(2010, 1, 1)), step("V", "X", "merger", date(2010, 1, 1)),
             step("X", "A", "merger"), step("Y", "A", "merger")],
            {"X": {"V", "W"}, "A": {"V", "W", "X", "Y"}},
        ),
    ],
)  # fmt: skip
def test_what_the_lineage_calls_a_merger(
    steps: list[dict[str, Any]], merged: dict[str, set[str]]
) -> None:
    assert merged_from(hand(lineage=steps)) == merged


def test_too_small_only_against_the_bound_of_the_user() -> None:
    assert flag(hand(), "AB", "too_small", at_least=31) is True
    assert flag(hand(), "AB", "too_small", at_least=30) is False
    # F is unknown: C alone is enough, or nobody can tell.
    assert flag(hand(), "CF", "too_small", "z2", at_least=40) is False
    assert flag(hand(), "CF", "too_small", "z2", at_least=41) is None
    with pytest.raises(Exception, match="too_small"):
        flag(hand(), "AB", "too_small")


def test_past_the_neighbouring_city() -> None:
    # From A and B 9 commute to E, 3 between them; within A, B and E there is a centre.
    assert flag(hand(), "AB", "against_the_city") is True
    assert flag(hand(), "ABE", "against_the_city") is False
    # From A and D 6 commute to E, 1 between them; with 7 between them it is otherwise.
    flows = hand_tables()["flows"]
    more = [*flows, {"kind": "commuting", "map_year": 2025, "from": "G", "to": "A", "count": 1}]
    assert flag(hand(flows=more), "AD", "against_the_city") is True
    closer = [{**row, "count": 9} if (row["from"], row["to"]) == ("D", "A") else row
              for row in flows]  # fmt: skip
    assert flag(hand(flows=closer), "AD", "against_the_city") is False


def test_past_the_city_is_unknown_without_what_it_needs() -> None:
    assert flag(without("flows"), "AB", "against_the_city") is None
    # Without a centre beside it there is nothing to judge.
    alone = centres(C=False, E=False, F=False)
    assert flag(alone, "AB", "against_the_city") is False
    assert flag(centres(A=None), "AB", "against_the_city") is None
    assert flag(centres(A=None), "ABE", "against_the_city") is False
    # That E is no centre and C is leaves nobody who goes there; where C is not known nobody can
    # tell.
    assert flag(centres(E=False), "AB", "against_the_city") is False
    assert flag(centres(E=False, C=None), "AB", "against_the_city") is None
    # E is enough, whatever C is.
    assert flag(centres(C=None), "AB", "against_the_city") is True


def test_a_centre_of_the_zone_left_out() -> None:
    assert flag(hand(), "AD", "centre_left_out") is True
    assert flag(hand(), "AE", "centre_left_out") is False
    # C is a centre and lies in the other zone.
    assert flag(centres(E=False), "AB", "centre_left_out") is False
    assert flag(centres(E=None), "AB", "centre_left_out") is None
    assert flag(centres(D=None), "AD", "centre_left_out") is None
    # H borders F only, which is no centre of its zone; with C in it none is left out.
    assert flag(centres(F=False), "H", "centre_left_out", "z2") is False
    assert flag(centres(F=True), "H", "centre_left_out", "z2") is True


def test_facilities_named_by_the_user_are_all() -> None:
    assert flag(hand(), "AB", "facilities", facilities={"B"}) is True
    assert flag(hand(), "AD", "facilities", facilities={"B"}) is False
    assert flag(hand(), "AB", "facilities", facilities=set()) is False
    assert facilities_of(hand(), {"B"}).known_by == BY_OPTION


def test_facilities_by_a_column_of_the_user() -> None:
    rows = hand_tables()["municipalities"]
    said = {"A": "true", "B": "False", "D": None}
    land = hand(
        municipalities=[{**row, "facilities": said.get(row["nis"], "false")} for row in rows]
    )
    assert flag(land, "AE", "facilities") is True
    assert flag(land, "BE", "facilities") is False
    assert flag(land, "BD", "facilities") is None
    assert flag(land, "AD", "facilities") is True
    assert facilities_of(land).known_by == BY_COLUMN


def test_facilities_are_unknown_in_other_lands() -> None:
    assert flag(hand(), "AB", "facilities") is None
    assert facilities_of(hand()).known_by == NOT_KNOWN


def flemish(*towns: tuple[str, str, str | None], fictional: bool = False) -> Landscape:
    rows = bare("", ())
    rows["municipalities"] = [{"nis": n, "name": name, "region": r} for n, name, r in towns]
    return landscape(About(fictional=fictional), **{"municipalities": rows["municipalities"]})


@pytest.mark.parametrize(
    ("nis", "name", "region", "flags"),
    [
        ("45041", "Ronse", "Vlaanderen", 1.0),
        ("45035", "Oudenaarde", "Vlaanderen", 0.0),
        ("45041", "Elders", "Vlaanderen", None),
        ("45041", "Ronse", "Voorbeeldgewest", None),
        ("45035", "Oudenaarde", None, None),
    ],
)
def test_facilities_by_law(nis: str, name: str, region: str | None, flags: float | None) -> None:
    found = facilities_of(flemish((nis, name, region)))
    assert [None if value != value else value for value in found.flags.tolist()] == [flags]
    assert found.known_by == (NOT_KNOWN if flags is None else BY_LAW)


def test_the_law_says_nothing_of_invented_land() -> None:
    found = facilities_of(flemish(("45041", "Ronse", "Vlaanderen"), fictional=True))
    assert found.known_by == NOT_KNOWN


def test_a_merger_keeps_the_facilities_of_its_parts() -> None:
    land = flemish(("45099", "Nieuw", "Vlaanderen"))
    steps = [step("45041", "45099", "merger"), step("45035", "45099", "merger")]
    rows = {"municipalities": land.table("municipalities").to_dicts(), "lineage": steps}
    assert facilities_of(landscape(About(), **rows)).flags.tolist() == [1.0]


def test_the_twelve_are_those_of_the_real_land(flanders_2025: tuple[Landscape, Any]) -> None:
    towns = flanders_2025[0].table("municipalities")
    names = dict(towns.select("nis", "name").iter_rows())
    named = ARTICLE_7 | ARTICLE_8
    assert len(ARTICLE_7) == len(ARTICLE_8) == 6
    assert {nis: names[nis] for nis in named} == named
    found = facilities_of(flanders_2025[0])
    assert int(found.flags.sum()) == 12
    assert found.known_by == BY_LAW


def test_every_warning_says_who_warns_and_who_sees_it_otherwise() -> None:
    for warned in WARNINGS:
        told = warned.as_json()
        assert all(told[name] for name in ("title", "viewpoint", "source", "lines", "reading"))
        assert told["other_viewpoint"]
        assert told["other_source"]
        assert told["status"] in ("proposal", "choice", "unvalidated")


REASONS = [
    ("AD", "merger_on_merger", ["D"], "Already a merger: Ddorp."),
    ("AB", "too_small", [], "30 inhabitants, fewer than the 99 that you ask."),
    ("AB", "against_the_city", ["E"], "9 commute to Edorp, 3 between the parts."),
    ("AD", "centre_left_out", ["E"], "Borders Edorp, a centre of the zone, and has no centre "
                                     "itself."),
    ("AB", "facilities", ["B"], "Has language facilities: Bdorp."),
]  # fmt: skip


@pytest.mark.parametrize(("group", "warning", "causes", "text"), REASONS)
def test_reasons_name_who_causes_the_warning(
    group: str, warning: str, causes: list[str], text: str
) -> None:
    land = hand()
    known, sets = knowing(land, facilities={"B"}), some(land, group)
    (zone,) = zones_of(land, "Z", "z1")
    row = figures(known.facts, known.seated, sets, "Z").row(0, named=True)
    towns = sets.of(0)
    found = about(known.facts, zone, towns, warning, row["city"])
    assert [land.index.nis[town] for town in found] == causes
    going, between = row["commuting_city"], row["commuting_between"]
    assert reason(known.facts, towns, warning, found, 99, going, between) == text


def test_a_merger_that_is_for_the_federal_legislature_says_so() -> None:
    land = flemish(("23102", "Wemmel", "Vlaanderen"), ("45041", "Ronse", "Vlaanderen"))
    facts = knowing(land).facts
    text = reason(facts, [0, 1], "facilities", [0, 1], None, None, None)
    assert text.endswith("a merger of Wemmel is for the federal legislature.")
    assert "federal" not in reason(facts, [1], "facilities", [1], None, None, None)
