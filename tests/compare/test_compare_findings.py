"""Signals, findings of the rules, fit and scope before and after, each in both directions."""

from datetime import date
from typing import Any

import pytest
from compared import DAY, EXAMPLE, STUDY, bodies, changed, links, op, study

from samenspel.alignment.align import align
from samenspel.alignment.calendar import calendar
from samenspel.alignment.priorities import priorities
from samenspel.alignment.scope import scopes
from samenspel.compare.compare import PIECES, compare
from samenspel.errors import InputError
from samenspel.landscape.landscape import Landscape
from samenspel.law.findings import counts, law_findings
from samenspel.scenario.parameters import PARAMETERS
from samenspel.scenario.study import Policy, Study
from samenspel.screening.screen import screen


def circle(codes: str, members: str, **facts: Any) -> Study:
    return study(
        partnerships=bodies(codes, **facts),
        memberships=links(*(p + one for p in codes for one in members)),
        lineage=[],
    )


def signals(before: Study, after: Study) -> dict[str, Any]:
    told: dict[str, Any] = compare(before, after, ["signals"]).as_json()["signals"]
    return told


def test_a_signal_comes_and_goes() -> None:
    one, two = circle("p", "AB"), circle("pq", "AB")
    found = signals(one, two)
    assert [(s["id"], s["municipalities"]) for s in found["new"]] == [
        ("same_small_circle", ["A", "B"])
    ]
    assert (found["gone"], found["changed"], found["counts"]["remaining"]) == ([], [], 0)
    assert found["new"][0]["after"][0]["reason"].startswith("2 partnerships have exactly")
    assert found["new"][0]["status"] == "proposal"
    back = signals(two, one)
    assert [len(back[kind]) for kind in ("gone", "new", "changed")] == [1, 0, 0]


def test_a_signal_that_remains_for_other_reasons() -> None:
    found = signals(circle("pq", "AB"), circle("pqr", "AB"))
    assert [s["partnerships_gained"] for s in found["changed"]] == [["r"]]
    assert found["counts"] == {"changed": 1, "remaining": 1}
    same = signals(circle("pq", "AB"), circle("pq", "AB"))
    assert (same["changed"], same["counts"]) == ([], {"same": 1, "remaining": 1})


def test_a_signal_whose_municipalities_became_one() -> None:
    before = circle("pq", "AB")
    found = changed(op("merge_municipalities", parts=["A", "B"], nis="A"), study=before)
    [gone] = found.as_json()["signals"]["gone"]
    assert (gone["municipalities"], gone["merged"]) == (["A"], True)
    assert gone["before"][0]["municipalities"] == ("A", "B")


def test_a_signal_goes_along_with_a_merger() -> None:
    before = circle("pq", "ABC")
    found = changed(op("merge_municipalities", parts=["A", "B"], nis="A"), study=before)
    told = found.as_json(everything=True)["signals"]
    assert [s["municipalities"] for s in told["same"]] == [["A", "C"]]
    assert (told["gone"], told["new"]) == ([], [])


def test_many_is_the_choice_of_either_study() -> None:
    land = circle("pq", "AB").landscape
    found = signals(Study(land), Study(land, Policy(parameters={"many": 3})))
    assert (found["before"], found["after"], len(found["gone"])) == (1, 0, 1)


def law(before: Study, after: Study, *, everything: bool = False) -> dict[str, Any]:
    found = compare(before, after, ["law"]).as_json(everything=everything)
    told: dict[str, Any] = found["law"]
    return told


def project(end: date | None) -> Study:
    """A projectvereniging of which the term ends on ``end``."""
    term = {"start": date(2020, 1, 1), "term_start": date(2020, 1, 1), "term_end": end}
    return circle("p", "AB", **{**term, "legal_form": "projectvereniging"})


def test_a_finding_changes() -> None:
    short, long = project(date(2026, 1, 1)), project(date(2029, 1, 1))
    found = law(short, long)
    [one] = [c for c in found["changes"] if "violated" in c["after"].values()]
    assert (one["before"], one["after"], one["what"]) == (
        {"p": "satisfied"}, {"p": "violated"}, "changed",
    )  # fmt: skip
    assert one["message"]
    assert one["sources"]
    assert {"before": "satisfied", "after": "violated", "findings": 1} in found["steps"]
    back = law(long, short)
    [other] = [c for c in back["changes"] if c["rule"] == one["rule"]]
    assert (other["before"], other["after"]) == ({"p": "violated"}, {"p": "satisfied"})
    assert other["message"] == ""


def test_findings_are_counted_as_the_room_of_law_does() -> None:
    found = law(STUDY, STUDY, everything=True)
    assert found["before"] == found["after"] == counts(law_findings(EXAMPLE))
    assert len(found["changes"]) == found["counts"]["same"] == len(law_findings(EXAMPLE))
    assert law(STUDY, STUDY)["changes"] == []


def test_findings_go_with_their_partnership() -> None:
    own = [one for one in law_findings(EXAMPLE) if one.partnership == "p08"]
    found = changed(op("dissolve_partnership", partnership="p08")).as_json()["law"]
    assert sum(found["gone"].values()) == len(own)
    assert found["changes"] == []
    after = {one.partnership for one in law_findings(EXAMPLE)} - {"p08"}
    assert "p03" in after


def test_another_form_makes_other_rules_apply() -> None:
    found = changed(op("convert_partnership", partnership="p08", legal_form="projectvereniging"))
    told = found.as_json()["law"]["changes"]
    assert told
    assert {code for one in told for code in one["before"]} == {"p08"}
    assert any(one["before"]["p08"] == "not_applicable" for one in told)


def test_a_reading_that_is_not_chosen_is_not_satisfied() -> None:
    before = project(date(2024, 1, 1))
    other = Study(before.landscape, Policy(parameters={"projectvereniging_term": "exactly"}))
    told = {one["rule"]: one for one in law(before, other)["changes"]}
    assert told["projectvereniging_term"]["after"] == {"p": "not_in_force"}
    assert told["projectvereniging_term_exact"]["before"] == {"p": "not_in_force"}
    assert told["projectvereniging_term_exact"]["after"] == {"p": "violated"}


def test_a_finding_that_becomes_known_is_told_so() -> None:
    open_, known = project(None), project(date(2026, 1, 1))
    kinds = {one["rule"]: one["what"] for one in law(open_, known)["changes"]}
    assert kinds["projectvereniging_term"] == "became_known"
    kinds = {one["rule"]: one["what"] for one in law(known, open_)["changes"]}
    assert kinds["projectvereniging_term"] == "became_unknown"


def placed(zones: str, members: str = "AB") -> Study:
    """Partnership p in a land of which A to D lie in ``zones``, such as 1122."""
    return study(
        partnerships=bodies("p"),
        memberships=links(*(f"p{one}" for one in members)),
        zonings=[{"zoning": "Z", "cover": "partition", "kind": "reference_region"}],
        zones=[{"zoning": "Z", "zone": zone} for zone in sorted(set(zones))],
        zone_members=[
            {"zoning": "Z", "zone": zone, "nis": nis}
            for zone, nis in zip(zones, "ABCD", strict=True)
        ],
    )


@pytest.mark.parametrize(
    ("before", "after", "what", "fits"),
    [
        ("1112", "1222", "changed", ("inside", "crossing")),
        ("1222", "1112", "changed", ("crossing", "inside")),
        ("1112", "2221", "moved", ("inside", "inside")),
        ("1112", "1113", "same", ("inside", "inside")),
    ],
)
def test_fit(before: str, after: str, what: str, fits: tuple[str, str]) -> None:
    found = compare(placed(before), placed(after), ["fit"]).as_json(everything=True)["fit"]
    [zoning] = found["zonings"]
    [one] = zoning["partnerships"]
    assert (one["what"], one["before"], one["after"]) == (what, {"p": fits[0]}, {"p": fits[1]})
    assert (zoning["before"][fits[0]], zoning["after"][fits[1]]) == (1, 1)


def test_only_partitions_that_both_have_unless_one_is_named() -> None:
    told = compare(STUDY, STUDY, ["fit"]).as_json()["fit"]["zonings"]
    assert [one["zoning"] for one in told] == ["POLITIE", "REGIO"]
    named = compare(STUDY, STUDY, ["fit"], "WOON").as_json()["fit"]
    assert [one["zoning"] for one in named["zonings"]] == ["WOON"]
    with pytest.raises(InputError, match="There is no zoning “NERGENS”"):
        compare(STUDY, STUDY, ["fit"], "NERGENS")
    with pytest.raises(InputError, match="There is no zoning “Z”"):
        compare(placed("1122"), circle("p", "AB"), ["fit"], "Z")


def test_scope_and_days_are_those_of_the_room_of_alignment() -> None:
    readings = {"municipal_limit": "end_2031"}
    other = Study(EXAMPLE, Policy(parameters=readings | {"lead": 24}))
    found = compare(STUDY, other, ["fit"]).as_json(everything=True)["fit"]["scope"]["changes"]
    told = {(one["partnership"], one["question"]): one for one in found}
    for side, chosen, lead in (("before", None, 12), ("after", readings, 24)):
        for code, scoped in scopes(EXAMPLE, DAY, chosen).items():
            if code == "p15":  # has ended
                assert (code, "scope") not in told
                continue
            own = scoped.as_json()
            for name in ("scope", "matter_scope", "policy_scope"):
                known = None if own[name] == "unknown" else own[name]
                assert told[code, name][side] == known
                assert told[code, name][f"reason_{side}"] == own[f"{name}_reason"]
            for name in ("deadline", "deadline_limit", "deadline_applies", "status"):
                assert told[code, name][side] == own[name]
        moments = calendar(EXAMPLE, lead=lead, readings=chosen).moments
        for one in moments:
            if one.kind == "decide":
                assert told[one.partnership, "decide"][side] == one.date.isoformat()


def test_a_change_of_scope_is_told_with_its_reasons() -> None:
    found = changed(op("convert_partnership", partnership="p05",
                       legal_form="dienstverlenende_vereniging"), only=["fit"])  # fmt: skip
    [one] = [c for c in found.as_json()["fit"]["scope"]["changes"] if c["question"] == "scope"]
    assert (one["partnership"], one["before"], one["after"]) == ("p05", "out", "in")
    assert one["reason_before"] != one["reason_after"]


def test_the_rules_of_thumb_are_those_of_the_priorities() -> None:
    other = Study(EXAMPLE, Policy(parameters={"horizon": 12, "window": 0}))
    found = compare(STUDY, other, ["fit"]).as_json(everything=True)["fit"]
    assert found["criteria_zoning"] == "REGIO"
    told = {(one["partnership"], one["question"]): one for one in found["criteria"]["changes"]}
    sides = (("before", priorities(EXAMPLE)),
             ("after", priorities(EXAMPLE, horizon=12, window=0)))  # fmt: skip
    for side, ranked in sides:
        crossing = set(ranked.bodies.filter(status="active")["partnership"])
        assert {code for code, _name in told} == crossing
        for code in crossing:
            for name, judged in ranked.judged[code].items():
                assert told[code, name][side] == judged.value.known


def with_parameter(name: str, value: Any, landscape: Landscape) -> dict[str, int]:
    other = Study(landscape, Policy(parameters={name: value}))
    return compare(Study(landscape), other, PIECES).differences


# A value that makes a difference in the example, or in a land that is made for it.
NOTICED = {
    "horizon": (1, "screening"),
    "many": (4, "signals"),
    "lead": (24, "fit"),
    "window": (30, "fit"),
    "flemish_rules": ("start_2025", "fit"),
    "municipal_limit": ("end_2031", "fit"),
    "projectvereniging_term": ("exactly", "law"),
}


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_parameter_reaches_what_reads_it(name: str) -> None:
    value, piece = NOTICED[name]
    land = EXAMPLE
    if name == "projectvereniging_term":
        land = project(date(2024, 1, 1)).landscape
    elif name == "municipal_limit":
        facts = {"initiator": "bottom_up", "theme": "leisure"}
        land = circle("p", "AB", **facts, legal_form="dienstverlenende_vereniging").landscape
    elif name == "window":
        land = renewals()
    found = with_parameter(name, value, land)
    assert found[piece] > 0
    default = with_parameter(name, PARAMETERS[name].default, land)
    assert not any(default.values())


def renewals() -> Landscape:
    """Two partnerships that cross, share their main zone and end three years apart."""
    rows = bodies("pq")
    for row, year in zip(rows, (2026, 2029), strict=True):
        row["term_end"] = date(year, 1, 1)
    frames = {name: frame.to_dicts() for name, frame in placed("1122").landscape.frames.items()}
    members = links("pA", "pB", "pC", "qA", "qB", "qC")
    return study(**{**frames, "partnerships": rows, "memberships": members}).landscape


def test_alignment_says_the_same() -> None:
    told = compare(STUDY, STUDY, ["fit"]).as_json(everything=True)["fit"]["zonings"]
    for zoning in told:
        rows = align(EXAMPLE, zoning["zoning"]).partnerships
        # p14, of which nobody knows whether it is active, is told here too.
        fits = {row["id"]: row["fit"] for row in rows}
        own = {one["partnership"]: one["after"][one["partnership"]]
               for one in zoning["partnerships"]}  # fmt: skip
        assert fits.items() <= own.items()
        assert set(own) - set(fits) == {"p14"}


def test_signals_are_those_of_the_screening() -> None:
    told = compare(STUDY, STUDY, ["signals"]).as_json()["signals"]
    assert told["before"] == told["after"] == len(screen(EXAMPLE).signals)
