"""Two scenarios as one: what goes together, in which order, and where they cannot."""

from typing import Any

from studies import STUDY, op, scenario

from samenspel.scenario.applying import apply
from samenspel.scenario.combining import combine
from samenspel.scenario.given import Scenario

MERGE = op("merge_municipalities", parts=["00005", "00006"], nis="00011", name="Schijndroom")
OTHER = op("merge_municipalities", parts=["00006", "00007"], nis="00012", name="Droomnergens")
APART = op("merge_municipalities", parts=["00001", "00002"], nis="00001")
LATER = op("join", organisation="00011", partnership="p05")
WRONG = op("leave", organisation="00001", partnership="p03")


def together(first: Scenario, second: Scenario) -> Any:
    found = combine(STUDY, first, second)
    assert found.scenario is not None
    assert found.study is not None
    alone = apply(STUDY, found.scenario).study
    assert alone is not None
    assert alone.landscape.equals(found.study.landscape)
    assert alone.policy == found.study.policy
    return found


def test_two_that_have_nothing_to_do_with_each_other() -> None:
    found = together(Scenario("A", (MERGE,)), Scenario("B", (APART,)))
    assert found.scenario == Scenario("A + B", (MERGE, APART))
    assert not any("order" in note for note in found.notes)


def test_a_second_that_goes_on_with_what_the_first_makes_and_the_other_way() -> None:
    assert together(scenario(MERGE), scenario(LATER)).scenario.operations == (MERGE, LATER)
    found = together(scenario(LATER), scenario(MERGE))
    assert found.scenario.operations == (MERGE, LATER)
    assert "The second scenario is applied first: after the first it cannot be." in found.notes


def test_what_both_have_is_done_once() -> None:
    reasoned = MERGE.model_copy(update={"reason": "omdat het kan"})
    found = together(scenario(APART, MERGE), scenario(reasoned, LATER))
    assert found.scenario.operations == (APART, MERGE, LATER)
    assert "Operation 1 of the second is operation 2 of the first; it is done once." in found.notes


def test_an_order_that_makes_a_difference_is_told() -> None:
    shrink = op("shrink_partnership", partnership="p05", members=["00009"])
    unite = op("merge_partnerships", parts=["p05", "p10"], into="p05")
    joins = op("join", organisation="00009", partnership="p10", votes=3)
    found = together(scenario(joins, unite), scenario(shrink))
    assert "The order makes a difference: here the first scenario is applied first." in found.notes


def test_a_clash_is_told_with_its_place_on_both_sides() -> None:
    found = combine(STUDY, scenario(APART, MERGE), Scenario("", (OTHER,), (5,)))
    assert (found.scenario, found.study) == (None, None)
    assert (found.first_faults, found.second_faults) == ((), ())
    [clash] = found.clashes
    assert (clash.fault.number, clash.fault.line, clash.against) == (1, 5, (2,))
    assert clash.fault.reason == (
        "Municipality 00006 is there no more: it became Schijndroom (00011) on 2025-01-01."
    )
    assert str(clash).endswith("In the first, operation 2 is about the same.")
    assert found.as_json()["clashes"][0]["against"] == [2]
    assert found.as_json()["combines"] is False


def test_a_fault_of_ones_own_is_no_clash() -> None:
    found = combine(STUDY, scenario(WRONG, MERGE), scenario(WRONG, OTHER))
    assert [fault.number for fault in found.first_faults] == [1]
    assert [clash.fault.number for clash in found.clashes] == [2]
    second = combine(STUDY, scenario(MERGE), scenario(APART, WRONG))
    assert (second.scenario, second.first_faults, second.clashes) == (None, (), ())
    assert [fault.number for fault in second.second_faults] == [2]


def test_with_nothing() -> None:
    assert together(Scenario(), scenario(MERGE)).scenario == scenario(MERGE)
    assert together(scenario(MERGE), Scenario()).scenario == scenario(MERGE)
