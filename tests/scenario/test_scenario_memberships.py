"""Members in and out, from both sides: what comes of it, and every reason against it."""

from typing import Any

import pytest
from studies import LAND, STUDY, after, members, notes, op, pick, reasons, without

from samenspel.scenario.study import Study


def test_extend() -> None:
    some = [{"organisation": "00001", "votes": 3}, "ocmw-00001", "p09"]
    found = after(op("extend_partnership", partnership="p08", members=some))
    assert members(found, "p08") == members(LAND, "p08") | {"00001", "ocmw-00001", "p09"}
    columns = ("role", "share", "votes", "contribution_cents", "valid_from")
    assert pick(found, "memberships", *columns, partnership="p08", organisation="00001") == {
        ("member", None, 3, None, LAND.date)
    }


def test_join_is_the_same_from_the_other_side() -> None:
    stated = {"role": "partner", "share": 0.25, "votes": 1, "contribution_cents": 100}
    joined = after(op("join", organisation="00001", partnership="p08", **stated))
    member = {"organisation": "00001", **stated}
    assert joined.equals(after(op("extend_partnership", partnership="p08", members=[member])))


def test_shares_may_not_pass_all() -> None:
    assert reasons(op("join", organisation="00009", partnership="p01", share=0.2)) == [
        "The shares in Streekdienst Voorbeeldstreek (p01) would add up to 1.2, more than 1; leave "
        "the new ones out where the others are not known to shrink."
    ]
    after(op("join", organisation="00009", partnership="p01"))
    after(op("join", organisation="00009", partnership="p03", share=1.0))


IN = [
    ("00005", "p08",
     "This is done already: Schijnkerke (00005) takes part in Overeenkomst Open Data Regio Zuid "
     "(p08)."),
    ("p08", "p08", "Overeenkomst Open Data Regio Zuid (p08) cannot be a member of itself."),
    ("x", "p08", "There is no organisation x in this landscape."),
    ("00003", "p08",
     "Municipality 00003 is there no more: it became Fantasierode (00010) on 2025-01-01."),
    ("00001", "x", "There is no partnership x in this landscape."),
    ("00001", "p15",
     "Projectvereniging Spooklijn (p15) is inactive, so nobody can join it and nothing can go on "
     "in it."),
]  # fmt: skip


@pytest.mark.parametrize(("organisation", "partnership", "told"), IN)
def test_entry_refused(organisation: str, partnership: str, told: str) -> None:
    assert reasons(op("join", organisation=organisation, partnership=partnership)) == [told]
    extend = op("extend_partnership", partnership=partnership, members=[organisation])
    assert reasons(extend) == [told]


def test_shrink_and_leave_are_the_same() -> None:
    left = after(op("leave", organisation="00002", partnership="p01"))
    assert left.equals(after(op("shrink_partnership", partnership="p01", members=["00002"])))
    assert members(left, "p01") == members(LAND, "p01") - {"00002"}
    for table in ("mandates", "task_provision"):
        assert not pick(left, table, "organisation", partnership="p01", organisation="00002")
        rest = LAND.table(table).filter(partnership="p02")
        assert left.table(table).filter(partnership="p02").equals(rest)
    assert notes(op("leave", organisation="00002", partnership="p01")) == (
        "The task “omgevingsvergunningen adviseren” of Streekdienst Voorbeeldstreek (p01) ends, "
        "and no other partnership is known to do it for Verzonnenbeke (00002).",
    )


def test_a_task_for_all_ends_for_who_leaves_alone() -> None:
    leave = op("leave", organisation="00005", partnership="p07")
    assert pick(after(leave), "tasks", "task", partnership="p07") == {("speelplein",)}
    assert notes(leave)[0].endswith("for Schijnkerke (00005).")


def test_a_task_for_who_leaves_alone_ends() -> None:
    """With nobody named it would be for all who stay."""
    twin = op("found_partnership", id="n1", name="N", members=["00001", "00002"],
              tasks=[{"task": "t", "organisations": ["00001"]}, {"task": "u"}])  # fmt: skip
    found = after(twin, op("leave", organisation="00001", partnership="n1"))
    assert pick(found, "tasks", "task", partnership="n1") == {("u",)}


def test_fewer_than_two_are_kept_and_told() -> None:
    leave = op("leave", organisation="00006", partnership="p14")
    assert members(after(leave), "p14") == {"00007"}
    assert "Rondetafel Nergens en Droom (p14) has fewer than two members left; it is kept." in (
        notes(leave)
    )


OUT: list[tuple[list[str], str, list[str]]] = [
    (["00001"], "p08",
     ["Voorbeeldegem (00001) is no member of Overeenkomst Open Data Regio Zuid (p08), so this is "
      "done already or was never so."]),
    (["x"], "p08", ["There is no organisation x in this landscape."]),
    (["00003"], "p08",
     ["Municipality 00003 is there no more: it became Fantasierode (00010) on 2025-01-01."]),
    (["00005"], "x", ["There is no partnership x in this landscape."]),
    (["00006", "00007"], "p14",
     ["No member of Rondetafel Nergens en Droom (p14) would be left; dissolve it instead."]),
]  # fmt: skip


@pytest.mark.parametrize(("gone", "partnership", "told"), OUT)
def test_exit_refused(gone: list[str], partnership: str, told: list[str]) -> None:
    assert reasons(op("shrink_partnership", partnership=partnership, members=gone)) == told
    if len(gone) == 1:
        assert reasons(op("leave", organisation=gone[0], partnership=partnership)) == told


def test_twice() -> None:
    for operation in (
        op("join", organisation="00001", partnership="p08"),
        op("leave", organisation="00005", partnership="p08"),
        op("extend_partnership", partnership="p08", members=["00001"]),
        op("shrink_partnership", partnership="p08", members=["00005"]),
    ):
        [told] = reasons(operation, Study(after(operation), STUDY.policy))
        assert "done already" in told


def test_in_what_is_unknown() -> None:
    operations: list[Any] = [
        op("join", organisation="00001", partnership="p08"),
        op("leave", organisation="00005", partnership="p08"),
    ]
    for operation in operations:
        for table in ("memberships", "partnerships"):
            assert reasons(operation, without(table)) == [
                f"This landscape has no table {table}, so what is in it is unknown; add it first."
            ]
        bare = without("tasks", "task_provision", "mandates", "organisations")
        land = after(operation, study=bare)
        assert not land.knows("tasks")
        assert not land.knows("mandates")
