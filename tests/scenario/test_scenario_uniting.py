"""Partnerships that go on in another, merged or hosted: what comes of it, and reasons against."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from pydantic import ValidationError
from studies import LAND, STUDY, after, members, notes, op, pick, reasons, scenario, without

from samenspel.scenario.applying import apply
from samenspel.scenario.study import Study

MERGE = op("merge_partnerships", parts=["p03", "p09"], into="p03")
NEW = op("merge_partnerships", parts=["p03", "p09"], into="n1", name="Zuiddienst")
HOST = op("host_partnership", partnership="p09", host="p03")


def test_merge_into_one_of_the_parts() -> None:
    found = after(MERGE)
    assert members(found, "p03") == {"00005", "00006", "00007", "00008"}
    assert pick(found, "memberships", "organisation", "votes", partnership="p03") == {
        ("00005", 8), ("00006", 5), ("00007", 6), ("00008", 9),
    }  # fmt: skip
    assert not pick(found, "partnerships", "name", id="p09")
    assert not pick(found, "organisations", "name", id="p09")
    assert pick(found, "partnerships", "name", "legal_form", "theme", "staff_fte", "budget_cents",
                "own_assets", "start", id="p03") == {
        ("Afvalbeheer Regio Zuid", "opdrachthoudende_vereniging", "utilities", 41.0, None, True,
         date(2019, 1, 1))
    }  # fmt: skip
    assert pick(found, "lineage", "old", "new", "operation", kind="partnership") == {
        ("p09", "p03", "merger")
    }


def test_periods_of_members() -> None:
    columns = ("organisation", "valid_from")
    found = pick(after(MERGE), "memberships", *columns, partnership="p03")
    assert found == {
        ("00006", date(2019, 1, 1)),
        *((nis, LAND.date) for nis in ("00005", "00007", "00008")),
    }


def test_merge_into_a_new_one() -> None:
    found = after(NEW)
    assert members(found, "n1") == {"00005", "00006", "00007", "00008"}
    columns = ("name", "status", "start", "legal_form", "theme", "line", "staff_fte", "term_end")
    assert pick(found, "partnerships", *columns, id="n1") == {
        ("Zuiddienst", "active", LAND.date, None, None, "first", 41.0, None)
    }
    assert pick(found, "lineage", "old", "new", kind="partnership") == {
        ("p03", "n1"), ("p09", "n1"),
    }  # fmt: skip
    stated = op("merge_partnerships", parts=["p03", "p09"], into="n1", name="Zuiddienst",
                legal_form="dienstverlenende_vereniging", theme="utilities",
                staff_fte=40)  # fmt: skip
    columns = ("legal_form", "theme", "staff_fte")
    assert pick(after(stated), "partnerships", *columns, id="n1") == {
        ("dienstverlenende_vereniging", "utilities", 40.0)
    }
    assert pick(after(stated), "organisations", "name", "class", id="n1") == {
        ("Zuiddienst", "intermunicipal_partnership")
    }


def test_a_task_stays_for_those_who_had_it_and_keeps_its_theme() -> None:
    merge = op("merge_partnerships", parts=["p05", "p10"], into="p05")
    found = after(merge)
    assert members(found, "p05") == {"00001", "00002", "00009", "00010", "huurders"}
    assert pick(found, "tasks", "task", "theme", partnership="p05") == {
        ("woonloket", "housing"), ("bibliotheek", "leisure"),
    }  # fmt: skip
    assert pick(found, "task_provision", "task", "organisation", partnership="p05") == {
        ("woonloket", "00001"), ("woonloket", "00002"), ("woonloket", "00009"),
        ("bibliotheek", "00010"),
    }  # fmt: skip


def test_a_task_for_all_is_named_for_those_who_were_all() -> None:
    """Nobody is named for the tasks of p09: they are for its three members, of then four."""
    found = after(MERGE)
    assert pick(found, "task_provision", "organisation", partnership="p03",
                task="begeleiding naar werk") == {("00005",), ("00007",), ("00008",)}  # fmt: skip
    # Among the same members nobody need be named.
    twin = op("found_partnership", id="n2", name="Tweeling", theme="labour_market",
              members=["00005", "00007", "00008"], tasks=[{"task": "vacatures"}])  # fmt: skip
    both = after(twin, op("merge_partnerships", parts=["p09", "n2"], into="p09"))
    assert not pick(both, "task_provision", "organisation", partnership="p09")
    assert len(pick(both, "tasks", "task", partnership="p09")) == 2


def test_a_task_of_the_same_name_is_one() -> None:
    twin = op("found_partnership", id="n2", name="Tweeling", theme="leisure",
              members=["00005", "00001"],
              tasks=[{"task": "speelplein", "transferred": True,
                      "organisations": ["00001"]}])  # fmt: skip
    found = after(twin, op("merge_partnerships", parts=["p07", "n2"], into="p07"))
    assert pick(found, "tasks", "task", "theme", "transferred", partnership="p07") == {
        ("speelplein", "leisure", None)
    }
    assert pick(found, "task_provision", "organisation", partnership="p07") == {
        ("00001",), ("00005",), ("00007",), ("00008",),
    }  # fmt: skip


def test_seats_and_shares() -> None:
    merge = op("merge_partnerships", parts=["p01", "p04"], into="p01")
    found = after(merge)
    organs = pick(LAND, "mandates", "organ", "organisation", "side", "seats", partnership="p01")
    kept = pick(found, "mandates", "organ", "organisation", "side", "seats", partnership="p01")
    assert kept == organs
    assert pick(found, "memberships", "share", partnership="p01", organisation="00002") == {(None,)}
    told = notes(merge)
    assert told == (
        "In Streekdienst Voorbeeldstreek (p01) the votes and contributions of members of more than "
        "one part were added up; check them: Droomhoven (00006), Fantasierode (00010).",
        "The shares in Streekdienst Voorbeeldstreek (p01) are unknown: what a share of a part is "
        "worth in the whole is not known.",
        "The organs of Projectvereniging Droombeekvallei (p04) end with their seats; those of "
        "Streekdienst Voorbeeldstreek (p01) stay as they are.",
    )
    # p01 was a member of p04, and nobody is a member of itself.
    assert "p01" not in members(found, "p01")


def test_places_in_others_go_over() -> None:
    merge = op("merge_partnerships", parts=["p09", "p01"], into="p09")
    found = after(merge)
    assert members(found, "p04") == {"00006", "00010", "p09"}
    assert pick(found, "mandates", "organ", "seats", partnership="p04", organisation="p09") == {
        ("raad van bestuur", 1)
    }
    both = op("join", organisation="p09", partnership="p04", votes=5, contribution_cents=7)
    twice = after(both, merge)
    assert pick(twice, "memberships", "votes", "contribution_cents", partnership="p04",
                organisation="p09") == {(6, 7)}  # fmt: skip
    with_its_host = op("merge_partnerships", parts=["p01", "p04"], into="p04")
    assert "p04" not in members(after(with_its_host), "p04")


def test_a_task_for_a_part_alone_ends() -> None:
    """With nobody named it would be for all."""
    serves = op("found_partnership", id="n1", name="Dienst", members=["00001", "p09"],
                tasks=[{"task": "t", "organisations": ["p09"]}, {"task": "u"}])  # fmt: skip
    found = after(serves, op("merge_partnerships", parts=["n1", "p09"], into="n1"))
    assert {task for (task,) in pick(found, "tasks", "task", partnership="n1")} == {
        "u", "begeleiding naar werk",
    }  # fmt: skip


def test_who_does_a_task_for_itself_still_does() -> None:
    own = pl.DataFrame([{"partnership": "p05", "task": "woonloket", "organisation": "p05"}])
    table = pl.concat([LAND.table("task_provision"), own], how="diagonal")
    study = Study(LAND.with_tables(task_provision=table))
    serves = op("found_partnership", id="n1", name="Dienst", members=["00001", "p09"],
                tasks=[{"task": "t", "organisations": ["p09"]}])  # fmt: skip
    found = after(serves, MERGE, study=study)
    assert ("p05",) in pick(found, "task_provision", "organisation", partnership="p05")
    assert pick(found, "task_provision", "organisation", partnership="n1") == {("p03",)}


def test_hosts() -> None:
    hosted = op("found_partnership", id="n1", name="Klein", members=["00005"], host="p09")
    assert pick(after(hosted, MERGE), "partnerships", "host", id="n1") == {("p03",)}
    into = op("merge_partnerships", parts=["n1", "p09"], into="n1")
    assert pick(after(hosted, into), "partnerships", "host", id="n1") == {(None,)}


def test_the_kind_that_parts_share_is_that_of_the_whole() -> None:
    police = op("merge_partnerships", parts=["p12", "p13"], into="n1", name="Zone")
    assert pick(after(police), "organisations", "class", id="n1") == {("police_zone",)}
    mixed = op("merge_partnerships", parts=["p06", "p13"], into="n1", name="Zone")
    assert pick(after(mixed), "organisations", "class", id="n1") == {(None,)}


def test_observers_and_roles() -> None:
    merge = op("merge_partnerships", parts=["p16", "p05"], into="p16")
    found = after(merge)
    roles = dict(pick(found, "memberships", "organisation", "role", partnership="p16"))
    assert roles["wegen"] == "observer"
    assert roles["00001"] is None  # managing in one, member in the other
    assert roles["00009"] == "member"


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ({"parts": ["p03", "x"], "into": "p03"}, ["There is no partnership x in this landscape."]),
        ({"parts": ["p03", "p09"], "into": "p01", "name": "X"},
         ["The code p01 is that of Streekdienst Voorbeeldstreek (p01) already; give another."]),
        ({"parts": ["p03", "p09"], "into": "n1"},
         ["The new partnership n1 has no name; give one."]),
        ({"parts": ["p03", "p09"], "into": "p03", "term_end": date(2019, 1, 1)},
         ["The term would end on 2019-01-01, not after 2019-01-01 (founded on).",
          "The term would end on 2019-01-01, not after 2019-01-01 (term began on)."]),
        ({"parts": ["p03", "p15"], "into": "p15"},
         ["Projectvereniging Spooklijn (p15) is inactive, so nobody can join it and nothing can go "
          "on in it."]),
        ({"parts": ["p03", "p09"], "into": "p03", "host": "x"},
         ["There is no organisation x in this landscape."]),
    ],
)  # fmt: skip
def test_merge_refused(stated: dict[str, Any], told: list[str]) -> None:
    assert reasons(op("merge_partnerships", **stated)) == told


@pytest.mark.parametrize(
    ("operation", "told"),
    [
        (MERGE, "This is done already: p09 went on in Afvalbeheer Regio Zuid (p03)."),
        (NEW, "This is done already: p03, p09 went on in Zuiddienst (n1)."),
    ],
    ids=["into a part", "into a new one"],
)
def test_twice(operation: Any, told: str) -> None:
    once = apply(STUDY, scenario(operation)).study
    assert once is not None
    assert reasons(operation, once) == [told]
    other = op("merge_partnerships", parts=["p09", "p01"], into="p01")
    where = told.removeprefix("This is done already: ").split(" went on in ")[1].rstrip(".")
    assert reasons(other, once) == [
        f"Partnership p09 is there no more: it went on in {where} on 2025-01-01."
    ]
    # Its code stays its own.
    founded = op("found_partnership", id="p09", name="X", members=["00001"])
    assert reasons(founded, once) == [
        f"The code p09 was in use until 2025-01-01 and became {where}; give another."
    ]


def test_host() -> None:
    found = after(HOST)
    assert members(found, "p03") == members(LAND, "p03")
    kept = ("organisation", "votes", "valid_from")
    assert pick(found, "memberships", *kept, partnership="p03") == pick(
        LAND, "memberships", *kept, partnership="p03"
    )
    assert not pick(found, "partnerships", "id", id="p09")
    assert pick(found, "task_provision", "organisation", partnership="p03",
                task="begeleiding naar werk") == {("00005",), ("00007",), ("00008",)}  # fmt: skip
    assert pick(found, "tasks", "theme", partnership="p03", task="begeleiding naar werk") == {
        ("labour_market",)
    }
    assert pick(found, "partnerships", "staff_fte", id="p03") == {(38.0,)}
    assert pick(found, "lineage", "old", "new", kind="partnership") == {("p09", "p03")}
    assert notes(HOST) == (
        "The organs of Projectvereniging Fabelwerk (p09) end with their seats; those of "
        "Afvalbeheer Regio Zuid (p03) stay as they are.",
    )


def test_a_host_may_be_member_of_its_guest_and_the_guest_of_its_host() -> None:
    member = op("join", organisation="p03", partnership="p09")
    other = op("join", organisation="p09", partnership="p03")
    found = after(member, other, HOST)
    assert members(found, "p03") == members(LAND, "p03")


def test_host_refused() -> None:
    assert reasons(op("host_partnership", partnership="p05", host="p03")) == [
        "Afvalbeheer Regio Zuid (p03) cannot host Woonloket Wolkenhuis (p05), for these of its "
        "members are not in it: Afgelegem (00009), Huurdershuis Luchtkasteel vzw (huurders), "
        "Verzonnenbeke (00002), Voorbeeldegem (00001); extend it first, or merge the two."
    ]
    assert reasons(op("host_partnership", partnership="p05", host="p05")) == [
        "p05 cannot be hosted by itself."
    ]
    assert reasons(op("host_partnership", partnership="x", host="00001")) == [
        "There is no partnership x in this landscape.",
        "There is no partnership 00001 in this landscape.",
    ]
    assert reasons(op("host_partnership", partnership="p05", host="p15")) == [
        "Projectvereniging Spooklijn (p15) is inactive, so nobody can join it and nothing can go "
        "on in it."
    ]
    once = apply(STUDY, scenario(HOST)).study
    assert once is not None
    assert reasons(HOST, once) == [
        "This is done already: p09 went on in Afvalbeheer Regio Zuid (p03)."
    ]
    for table in ("partnerships", "memberships"):
        assert len(reasons(HOST, without(table))) == 1
        assert len(reasons(MERGE, without(table))) == 1


def test_where_tasks_are_unknown() -> None:
    bare = without("tasks", "task_provision", "organisations", "mandates")
    found = after(MERGE, study=bare)
    assert not found.knows("tasks")
    assert notes(MERGE, study=bare)[-1] == (
        "Which tasks Projectvereniging Fabelwerk (p09) does is unknown, so it is unknown what goes "
        "over."
    )
    # Tasks known, for whom unknown: nobody is named that was not.
    land = after(MERGE, study=without("task_provision"))
    assert not land.knows("task_provision")
    assert len(pick(land, "tasks", "task", partnership="p03")) == 3


@pytest.mark.parametrize(
    "stated", [{"parts": ["p03"], "into": "p03"}, {"parts": ["p03", "p03"], "into": "p03"},
               {"parts": ["p03", "p09"]}]
)  # fmt: skip
def test_form(stated: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        op("merge_partnerships", **stated)
