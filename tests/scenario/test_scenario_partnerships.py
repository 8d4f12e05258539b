"""Partnerships founded, dissolved and converted: what comes of it, and the reasons against it."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError
from studies import LAND, STUDY, after, members, notes, op, pick, reasons, without

from samenspel.scenario.study import Study

BARE: dict[str, Any] = {"id": "n1", "name": "Nieuw verbond", "members": ["00001", "ocmw-00002"]}


def found_op(**stated: Any) -> Any:
    return op("found_partnership", **{**BARE, **stated})


# Founding.


def test_found_with_no_more_than_is_needed() -> None:
    found = after(found_op())
    columns = ("name", "status", "start", "legal_form", "theme", "term_end", "source")
    assert pick(found, "partnerships", *columns, id="n1") == {
        ("Nieuw verbond", "active", LAND.date, None, None, None, None)
    }
    columns = ("organisation", "role", "share", "votes", "contribution_cents", "valid_from")
    assert pick(found, "memberships", *columns, partnership="n1") == {
        (one, "member", None, None, None, LAND.date) for one in ("00001", "ocmw-00002")
    }
    assert pick(found, "organisations", "name", "class", id="n1") == {("Nieuw verbond", None)}
    assert found.table("tasks").equals(LAND.table("tasks"))


def test_found_with_all_that_can_be_said() -> None:
    found = after(
        found_op(
            legal_form="projectvereniging", theme="water", sector="tourism", initiator="bottom_up",
            level="zonal", line="first", start=date(2024, 1, 1), term_start=date(2024, 1, 1),
            term_end=date(2030, 1, 1), legal_nature="public", own_assets=False, staff_fte=1.5,
            budget_cents=100, bookkeeping="bbc", host="00001", scope_exception="landscape",
            status="planned",
            members=[
                {"organisation": "00001", "role": "managing", "share": 0.5, "votes": 3,
                 "contribution_cents": 20},
                "p01",
            ],
            tasks=[{"task": "vijvers", "theme": "water", "transferred": False,
                    "organisations": ["00001"]}, {"task": "beken"}],
        )
    )  # fmt: skip
    [row] = found.table("partnerships").filter(id="n1").to_dicts()
    assert row | {
        "legal_form": "projectvereniging", "status": "planned", "term_end": date(2030, 1, 1),
        "staff_fte": 1.5, "budget_cents": 100, "host": "00001", "own_assets": False,
    } == row  # fmt: skip
    assert pick(found, "organisations", "class", id="n1") == {("intermunicipal_partnership",)}
    assert pick(found, "memberships", "role", "share", "votes", organisation="00001",
                partnership="n1") == {("managing", 0.5, 3)}  # fmt: skip
    assert members(found, "n1") == {"00001", "p01"}
    assert pick(found, "tasks", "task", "theme", "transferred", partnership="n1") == {
        ("vijvers", "water", False), ("beken", None, None),
    }  # fmt: skip
    assert pick(found, "task_provision", "task", "organisation", partnership="n1") == {
        ("vijvers", "00001")
    }


def test_the_kind_of_what_is_founded() -> None:
    kinds = (
        ({"kind": "police_zone"}, "police_zone"),
        ({"kind": "police_zone", "legal_form": "andere"}, "police_zone"),
        ({"kind": "police_zone", "legal_form": "welzijnsvereniging"}, "ocmw_association"),
        ({"legal_form": "vzw"}, None),
    )
    for stated, kind in kinds:
        assert pick(after(found_op(**stated)), "organisations", "class", id="n1") == {(kind,)}


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ({"id": "p01"},
         ["The code p01 is that of Streekdienst Voorbeeldstreek (p01) already; give another."]),
        ({"id": "00001"},
         ["The code 00001 is that of Voorbeeldegem (00001) already; give another."]),
        ({"id": "provincie"},
         ["The code provincie is that of Provincie Voorbeeldland (provincie) already; give "
          "another."]),
        ({"members": ["00001", "niemand"]},
         ["There is no organisation niemand in this landscape."]),
        ({"members": ["00003"]},
         ["Municipality 00003 is there no more: it became Fantasierode (00010) on 2025-01-01."]),
        ({"members": [{"organisation": "00001", "share": 0.7},
                      {"organisation": "00002", "share": 0.5}]},
         ["The shares in Nieuw verbond (n1) would add up to 1.2, more than 1; leave the new ones "
          "out where the others are not known to shrink."]),
        ({"term_end": LAND.date},
         ["The term would end on 2025-01-01, not after 2025-01-01 (founded on)."]),
        ({"host": "n1"}, ["n1 cannot be hosted by itself."]),
        ({"host": "x"},
         ["There is no organisation x in this landscape."]),
        ({"tasks": [{"task": "t", "organisations": ["x"]}]},
         ["There is no organisation x in this landscape."]),
        ({"id": "p01", "name": "Streekdienst Voorbeeldstreek"},
         ["This is done already: Streekdienst Voorbeeldstreek (p01) is there."]),
    ],
)  # fmt: skip
def test_found_refused(stated: dict[str, Any], told: list[str]) -> None:
    assert reasons(found_op(**stated)) == told


def test_found_in_what_is_unknown() -> None:
    for table in ("partnerships", "memberships"):
        assert reasons(found_op(members=["00001"]), without(table)) == [
            f"This landscape has no table {table}, so what is in it is unknown; add it first."
        ]
    task = found_op(tasks=[{"task": "t", "organisations": ["00001"]}])
    assert len(reasons(task, without("tasks", "task_provision"))) == 2
    bare = without("organisations", "tasks", "task_provision", "mandates", "lineage")
    land = after(found_op(), study=bare)
    assert members(land, "n1") == {"00001", "ocmw-00002"}
    assert not land.knows("organisations")


@pytest.mark.parametrize(
    "stated",
    [
        {"id": ""}, {"id": " n1"}, {"name": "  "}, {"members": []}, {"members": "00001"},
        {"members": ["00001", "00001"]}, {"members": [{"organisation": "00001", "share": 1.2}]},
        {"members": [{"organisation": "00001", "votes": -1}]}, {"legal_form": "vereniging"},
        {"theme": "x"}, {"budget_cents": -1}, {"budget_cents": 1.5}, {"term_end": "2030-01-01"},
        {"own_assets": "no"}, {"staff_fte": float("nan")}, {"tasks": [{"task": "t"}] * 2},
        {"members": [{"organisation": "00001", "role": "boss"}]}, {"extra": 1},
    ],
)  # fmt: skip
def test_form(stated: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        found_op(**stated)


# Dissolving.


def test_dissolve_ends_all_that_refers_to_it() -> None:
    found = after(op("dissolve_partnership", partnership="p01"))
    for name, frame in found.frames.items():
        if name != "lineage":
            for column in frame.columns:
                if frame.schema[column] == "String":
                    assert "p01" not in frame[column], (name, column)
    assert members(found, "p04") == {"00006", "00010"}
    kept = {name: LAND.table(name) for name in ("zones", "figures", "municipalities")}
    assert all(found.table(name).equals(frame) for name, frame in kept.items())


def test_what_ends_with_it_is_told() -> None:
    assert notes(op("dissolve_partnership", partnership="p01")) == (
        "The task “bedrijventerreinen ontwikkelen” of Streekdienst Voorbeeldstreek (p01) ends, and "
        "no other partnership is known to do it for Schijnkerke (00005), Sprookjeswalle (00008), "
        "Voorbeeldegem (00001).",
        "The task “omgevingsvergunningen adviseren” of Streekdienst Voorbeeldstreek (p01) ends, "
        "and no other partnership is known to do it for Fantasierode (00010), Nergenshuizen "
        "(00007), Verzonnenbeke (00002).",
        "Streekdienst Voorbeeldstreek (p01) was member or host of others, and is no more: "
        "Projectvereniging Droombeekvallei (p04).",
    )
    assert notes(op("dissolve_partnership", partnership="p08")) == (
        "Which tasks Overeenkomst Open Data Regio Zuid (p08) does is unknown, so it is unknown "
        "what ends.",
    )


def test_a_task_that_another_does_as_well_does_not_end() -> None:
    twin = found_op(id="n2", theme="utilities", members=["00005", "00006"],
                    tasks=[{"task": "Huisvuil ophalen "}])  # fmt: skip
    told = notes(twin, op("dissolve_partnership", partnership="p03"))
    assert [n.split("”")[0] for n in told] == [
        "The task “huisvuil ophalen",
        "The task “recyclagepark uitbaten",
    ]
    assert "for Nergenshuizen (00007), Sprookjeswalle (00008)." in told[0]


def test_a_task_of_others_for_it_alone_ends_too() -> None:
    """With nobody named it would be for all members."""
    serves = found_op(members=["00001", "p09"], tasks=[{"task": "t", "organisations": ["p09"]},
                                                       {"task": "u"}])  # fmt: skip
    found = after(serves, op("dissolve_partnership", partnership="p09"))
    assert pick(found, "tasks", "task", partnership="n1") == {("u",)}


def test_dissolve_refused() -> None:
    gone = op("dissolve_partnership", partnership="p08")
    [told] = reasons(gone, Study(after(gone), STUDY.policy))
    assert told == (
        "This is done already or was never so: There is no partnership p08 in this landscape."
    )
    assert reasons(op("dissolve_partnership", partnership="00001")) == [
        "This is done already or was never so: There is no partnership 00001 in this landscape."
    ]
    assert reasons(op("dissolve_partnership", partnership="Woonloket Wolkenhuis"))[0].endswith(
        "; perhaps p05 (Woonloket Wolkenhuis)."
    )
    assert len(reasons(gone, without("partnerships"))) == 1


# Converting.


def test_convert() -> None:
    found = after(op("convert_partnership", partnership="p08", legal_form="projectvereniging",
                     term_end=date(2031, 1, 1)))  # fmt: skip
    columns = ("legal_form", "term_end", "start", "status")
    assert pick(found, "partnerships", *columns, id="p08") == {
        ("projectvereniging", date(2031, 1, 1), date(2021, 9, 1), "active")
    }
    assert pick(found, "organisations", "class", "name", id="p08") == {
        ("intermunicipal_partnership", "Overeenkomst Open Data Regio Zuid")
    }


def test_the_term_of_the_former_form_is_unknown() -> None:
    convert = op("convert_partnership", partnership="p04", legal_form="dienstverlenende_vereniging")
    assert pick(after(convert), "partnerships", "term_start", "term_end", id="p04") == {
        (None, None)
    }
    assert notes(convert) == (
        "Of Projectvereniging Droombeekvallei (p04) unknown, as that was of its former legal form: "
        "term began on, term ends on.",
    )
    plain = op("convert_partnership", partnership="p05", legal_form="projectvereniging")
    assert notes(plain) == ()


def test_a_form_of_another_kind_makes_another_kind() -> None:
    convert = op("convert_partnership", partnership="p08", legal_form="welzijnsvereniging")
    assert pick(after(convert), "organisations", "class", id="p08") == {("ocmw_association",)}
    # The form says nothing of the kind.
    open_form = op("convert_partnership", partnership="p08", legal_form="vzw")
    assert pick(after(open_form), "organisations", "class", id="p08") == {
        ("intermunicipal_partnership",)
    }


def test_convert_refused() -> None:
    assert reasons(op("convert_partnership", partnership="p08", legal_form="overeenkomst")) == [
        "This is done already: the legal form of Overeenkomst Open Data Regio Zuid (p08) is "
        "overeenkomst."
    ]
    assert reasons(op("convert_partnership", partnership="p08", legal_form="projectvereniging",
                      term_end=date(2021, 9, 1))) == [
        "The term would end on 2021-09-01, not after 2021-09-01 (founded on)."
    ]  # fmt: skip
    assert reasons(op("convert_partnership", partnership="x", legal_form="vzw")) == [
        "There is no partnership x in this landscape."
    ]
