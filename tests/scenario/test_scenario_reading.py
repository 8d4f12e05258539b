"""The form of a scenario: what reads, what does not and where, and what is written back."""

from pathlib import Path

import pytest
from studies import op

from samenspel.errors import InputError
from samenspel.scenario.scenario import Scenario, ScenarioError, read_scenario, write_scenario

WHOLE = """\
title: Alles
operations:
- merge_municipalities: {parts: ['00005', '00006'], nis: '00011', name: Nieuw, reason: omdat}
- assign_zone: {zoning: REGIO, nis: '00001', zone: ZUID}
- redraw_zoning:
    zoning: R
    cover: partial
    zones:
    - {zone: A, municipalities: ['00001']}
- found_partnership:
    id: n1
    name: N
    members:
    - '00001'
    - {organisation: '00002', votes: 2, share: 0.5}
    term_end: 2030-01-01
    tasks:
    - {task: t, organisations: ['00001']}
- dissolve_partnership: {partnership: p01}
- merge_partnerships: {parts: [p02, p03], into: p02, budget_cents: 5}
- host_partnership: {partnership: p04, host: p05}
- extend_partnership: {partnership: p05, members: ['00004']}
- shrink_partnership: {partnership: p05, members: ['00004']}
- convert_partnership: {partnership: p05, legal_form: projectvereniging}
- join: {organisation: '00001', partnership: p06, contribution_cents: -5}
- leave: {organisation: '00001', partnership: p06}
- change_fund_rule: {path: a.b, value: {c: [1, 2025-01-01, null, 2.5, 'yes']}, add: true}
- change_parameter: {name: horizon, value: 3}
"""


def read(tmp_path: Path, text: str, name: str = "s.yaml") -> Scenario:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return read_scenario(file)


def told(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, text)
    assert str(caught.value) == "\n".join(
        f"{tmp_path.name}/s.yaml, {f}" for f in caught.value.faults
    )
    return [str(fault) for fault in caught.value.faults]


def test_there_and_back(tmp_path: Path) -> None:
    found = read(tmp_path, WHOLE)
    assert len(found.operations) == 14
    assert found.title == "Alles"
    assert [found.line(number) for number in (1, 3, 4, 14)] == [3, 5, 10, 28]
    text = write_scenario(found)
    again = read(tmp_path, text)
    assert again == found
    assert write_scenario(again) == text


def test_written_text_is_stable_and_plain() -> None:
    joined = op("join", partnership="0123", organisation="ünie")
    extended = op("extend_partnership", partnership="p", members=["1", {"organisation": "2"}])
    text = write_scenario(Scenario("", (joined, extended)))
    assert text == (
        "operations:\n- join:\n    organisation: ünie\n    partnership: '0123'\n"
        "- extend_partnership:\n    partnership: p\n    members: ['1', '2']\n"
    )


def test_an_empty_scenario_and_json(tmp_path: Path) -> None:
    assert read(tmp_path, "operations: []") == Scenario()
    found = read(tmp_path, '{"operations": [{"leave": {"organisation": "1", "partnership": "p"}}]}')
    assert found.operations == (op("leave", organisation="1", partnership="p"),)


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("title: x", ["line 1, key operations: it must be a list of operations."]),
        ("title: 1\noperations: {}\nextra: 2", [
            "line 1, key title: it must be text.",
            "line 2, key operations: it must be a list of operations.",
            "line 3, key extra: the key is not known; use title, operations.",
        ]),
        ("operations:\n- leave\n- {join: {}, leave: {}}\n- []", [
            f"line {n}, key operations.{n - 2}: an operation is one key, its name, with what it "
            "needs under it." for n in (2, 3, 4)
        ]),
        ("operations:\n- merge_municipality: {}", [
            "line 2, key operations.0.merge_municipality: there is no operation "
            "merge_municipality; perhaps merge_municipalities."
        ]),
        ("operations:\n- fly: {}", [
            "line 2, key operations.0.fly: there is no operation fly; use one of "
            "merge_municipalities, assign_zone, redraw_zoning, found_partnership, "
            "dissolve_partnership, merge_partnerships, host_partnership, extend_partnership, "
            "shrink_partnership, convert_partnership, join, leave, change_fund_rule, "
            "change_parameter."
        ]),
        ("operations:\n- leave: p01", [
            "line 2, key operations.0.leave: it needs keys with values, among organisation, "
            "partnership, reason."
        ]),
    ],
)  # fmt: skip
def test_faults_of_the_whole(tmp_path: Path, text: str, faults: list[str]) -> None:
    assert told(tmp_path, text) == faults


@pytest.mark.parametrize(
    ("operation", "fault"),
    [
        ("leave: {organisation: '1'}", "leave.partnership: it is missing; add it"),
        ("leave: {organisation: 11002, partnership: p}",
         "leave.organisation: 11002 does not belong here; it needs text; codes in quotation marks, "
         "as they may begin with 0"),
        ("leave: {organisation: ' 1', partnership: p}",
         "leave.organisation: ' 1' does not belong here; it needs a code without spaces at its "
         "ends"),
        ("leave: {organisation: '1', partnership: p, x: 1}",
         "leave.x: the key is not known; use organisation, partnership, reason"),
        ("merge_municipalities: {parts: ['1'], nis: '1'}",
         "merge_municipalities.parts: it must be a list with at least 2"),
        ("merge_municipalities: {parts: a, nis: '1'}",
         "merge_municipalities.parts: it must be a list with at least 1"),
        ("merge_municipalities: {parts: [a, a], nis: '1'}",
         "merge_municipalities.parts: a stands there twice; keep one"),
        ("merge_municipalities: {parts: [a, 5], nis: '1'}",
         "merge_municipalities.parts.1: 5 does not belong here; it needs text; codes in quotation "
         "marks, as they may begin with 0"),
        ("convert_partnership: {partnership: p, legal_form: bv}",
         "convert_partnership.legal_form: 'bv' is none of overeenkomst, samenwerking_tussen_ocmws, "
         "interlokale_vereniging, projectvereniging, dienstverlenende_vereniging, "
         "opdrachthoudende_vereniging, opdrachthoudende_vereniging_met_private_deelname, "
         "welzijnsvereniging, autonome_verzorgingsinstelling, ziekenhuisvereniging, "
         "vereniging_of_vennootschap_voor_sociale_dienstverlening, "
         "woonzorgvereniging_of_vennootschap, vzw, zonder_rechtspersoonlijkheid, andere"),
        ("convert_partnership: {partnership: p, legal_form: vzw, term_end: '2030-01-01'}",
         "convert_partnership.term_end: '2030-01-01' does not belong here; it needs a date such as "
         "2026-01-31"),
        ('leave: {organisation: "a\\ud800", partnership: p}',
         "leave.organisation: 'a\\ud800' does not belong here; it needs text that can be written"),
        ('change_fund_rule: {path: a, value: ["\\ud800"]}',
         "change_fund_rule.value: ['\\ud800'] does not belong here; it needs text, a number, true "
         "or false, a date, or a list or keys of those"),
        ("join: {organisation: a, partnership: p, votes: 1.5}",
         "join.votes: 1.5 does not belong here; it needs a whole number"),
        ("join: {organisation: a, partnership: p, votes: -1}",
         "join.votes: -1 does not belong here; it needs a number from 0 on"),
        ("join: {organisation: a, partnership: p, share: 1.5}",
         "join.share: 1.5 does not belong here; it needs a number up to 1.0"),
        ("join: {organisation: a, partnership: p, share: .nan}",
         "join.share: nan does not belong here; it needs a number"),
        ("join: {organisation: a, partnership: p, share: half}",
         "join.share: 'half' does not belong here; it needs a number"),
        ("join: {organisation: a, partnership: p, role: boss}",
         "join.role: 'boss' is none of member, managing, observer, partner"),
        ("redraw_zoning: {zoning: z, cover: partial, zones: [{zone: a, municipalities: []}]}",
         "redraw_zoning.zones.0.municipalities: it must be a list with at least 1"),
        ("redraw_zoning: {zoning: z, cover: partial, zones: [a]}",
         "redraw_zoning.zones.0: 'a' does not belong here; it needs keys with values"),
        ("extend_partnership: {partnership: p, members: [{organisation: a, vote: 1}]}",
         "extend_partnership.members.0.vote: the key is not known"),
        ("found_partnership: {id: n, name: N, members: [a], own_assets: 'no'}",
         "found_partnership.own_assets: 'no' does not belong here; it needs true or false"),
        ("found_partnership: {id: n, name: ' ', members: [a]}",
         "found_partnership.name: ' ' does not belong here; it needs words"),
        ("change_fund_rule: {path: a, value: !!set {b}}",
         "change_fund_rule.value: {'b'} does not belong here; it needs text, a number, true or "
         "false, a date, or a list or keys of those"),
    ],
)  # fmt: skip
def test_faults_of_an_operation(tmp_path: Path, operation: str, fault: str) -> None:
    assert told(tmp_path, f"operations:\n- {operation}") == [f"line 2, key operations.0.{fault}."]


def test_every_fault_is_told_in_the_order_of_the_lines(tmp_path: Path) -> None:
    text = "operations:\n- leave: {}\n- join: {organisation: 1}\ntitel: x"
    assert [fault.partition(",")[0] for fault in told(tmp_path, text)] == [
        "line 2", "line 2", "line 3", "line 3", "line 4",
    ]  # fmt: skip


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        read_scenario(tmp_path / "none.yaml")
    with pytest.raises(InputError, match="not valid YAML"):
        read(tmp_path, "operations: [")
    with pytest.raises(InputError, match="at most 1000 kB"):
        read(tmp_path, "title: " + "x" * 1_000_001)
