"""Applying a scenario: in order, all or nothing, every fault with what it follows from."""

from studies import LAND, STUDY, faults, members, op, scenario

from samenspel.scenario.applying import Fault, apply
from samenspel.scenario.given import Scenario

MERGE = op("merge_municipalities", parts=["00005", "00006"], nis="00011", name="Schijndroom")
LATER = op("join", organisation="00011", partnership="p05")
WRONG = op("join", organisation="99999", partnership="p05")


def test_in_order() -> None:
    found = apply(STUDY, scenario(MERGE, LATER))
    assert found.study is not None
    assert "00011" in members(found.study.landscape, "p05")
    early = faults(LATER, MERGE)
    assert [(f.number, f.reason) for f in early.faults] == [
        (1, "There is no organisation 00011 in this landscape.")
    ]


def test_nothing_asked_nothing_changed() -> None:
    found = apply(STUDY, Scenario())
    assert found.study is STUDY
    assert (found.faults, found.notes) == ((), ())


def test_nothing_is_half_applied() -> None:
    copy = {name: frame.clone() for name, frame in LAND.frames.items()}
    found = apply(STUDY, scenario(MERGE, WRONG))
    assert found.study is None
    assert all(frame.equals(copy[name]) for name, frame in STUDY.landscape.frames.items())


def test_after_a_fault_the_others_are_checked_without_it() -> None:
    gone = op("dissolve_partnership", partnership="p08")
    refused = op("merge_municipalities", parts=["00005", "00099"], nis="00011", name="Schijndroom")
    again = op("dissolve_partnership", partnership="p08")
    found = faults(refused, gone, LATER, again, WRONG)
    assert [(f.number, f.operation, f.follows, f.earlier) for f in found.faults] == [
        (1, "merge_municipalities", (), ()),
        (3, "join", (1,), ()),
        (4, "dissolve_partnership", (), (2,)),
        (5, "join", (), ()),
    ]


def test_every_reason_of_an_operation_is_told() -> None:
    found = faults(op("merge_municipalities", parts=["1", "2"], nis="3"))
    assert len(found.faults) == 3
    assert {fault.number for fault in found.faults} == {1}


def test_a_fault_in_words() -> None:
    assert (
        str(Fault(2, 7, "leave", "X is no member."))
        == "operation 2, line 7, leave: X is no member."
    )
    assert str(Fault(2, None, "leave", "X.", (1,), (1,))) == (
        "operation 2, leave: X. It may follow from the fault in operation 1."
    )
    assert str(Fault(3, None, "leave", "X.", (), (1, 2))) == (
        "operation 3, leave: X. Before it, operation 1, 2 was about the same."
    )
    assert Fault(1, 2, "leave", "X.", (3,)).as_json() == {
        "number": 1, "line": 2, "operation": "leave", "reason": "X.", "follows": [3], "earlier": [],
    }  # fmt: skip


def test_the_line_of_a_fault() -> None:
    found = apply(STUDY, Scenario("", (MERGE, WRONG), (4, 9)))
    assert [(fault.number, fault.line) for fault in found.faults] == [(2, 9)]
