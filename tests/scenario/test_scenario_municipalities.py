"""Merging municipalities in a scenario: what comes of it, and every reason against it."""

import pytest
from pydantic import ValidationError
from studies import LAND, STUDY, after, members, notes, op, pick, reasons, scenario, without

from samenspel.scenario.applying import apply

NEW = op("merge_municipalities", parts=["00005", "00006"], nis="00011", name="Schijndroom")
STAYS = op("merge_municipalities", parts=["00002", "00001"], nis="00001")


def test_a_new_code() -> None:
    found = after(NEW)
    assert pick(found, "municipalities", "nis", "name", "population", nis="00011") == {
        ("00011", "Schijndroom", 39200)
    }
    assert {"00005", "00006"}.isdisjoint(found.table("municipalities")["nis"])
    assert pick(found, "lineage", "old", "new", "operation", kind="municipality", new="00011") == {
        ("00005", "00011", "merger"), ("00006", "00011", "merger"),
    }  # fmt: skip
    assert ("ocmw-00011",) in pick(found, "organisations", "id")
    assert pick(found, "memberships", "votes", "contribution_cents", partnership="p01",
                organisation="00011") == {(26, 7840000)}  # fmt: skip
    assert members(found, "p03") == {"00011", "00007", "00008"}


def test_a_code_that_stays_and_what_is_stated() -> None:
    found = after(STAYS)
    assert pick(found, "municipalities", "name", "population", "centre", nis="00001") == {
        ("Voorbeeldegem", 62200, None)
    }
    facts = {"centre": True, "equipment_level": "kleinstedelijk", "kbo": "0000000196"}
    stated = op("merge_municipalities", parts=["00002", "00001"], nis="00001",
                name="Voorbeeldbeke", **facts)  # fmt: skip
    columns = ("name", "centre", "equipment_level", "kbo")
    assert pick(after(stated), "municipalities", *columns, nis="00001") == {
        ("Voorbeeldbeke", True, "kleinstedelijk", "0000000196")
    }


def test_what_becomes_unknown_is_told() -> None:
    told = " ".join(notes(STAYS))
    assert "Voorbeeldegem (00001) unknown, though known of parts: enterprise number" in told
    stated = op("merge_municipalities", parts=["00002", "00001"], nis="00001", centre=True,
                equipment_level="kleinstedelijk", kbo="0000000196")  # fmt: skip
    assert "though known of parts" not in " ".join(notes(stated))


def test_a_conflict_of_zones_is_told_until_it_is_settled() -> None:
    assert [n for n in notes(STAYS) if "POLITIE" in n] == [
        "Voorbeeldegem (00001) is the merger of parts in different zones of POLITIE: Politiezone "
        "Voorbeeldegem, Politiezone Noordrand. All are kept; assign one zone to settle it."
    ]
    settled = op("assign_zone", zoning="POLITIE", nis="00001", zone="PZ2")
    assert not [n for n in notes(STAYS, settled) if "POLITIE:" in n]
    assert "Zone PZ1 of POLITIE has no municipality left." in notes(STAYS, settled)
    # Once the merged municipality merges further the note is about the new one alone.
    further = op("merge_municipalities", parts=["00001", "00009"], nis="00012", name="Groot")
    told = [n for n in notes(STAYS, further) if "POLITIE:" in n]
    assert len(told) == 1
    assert told[0].startswith("Groot (00012)")


def test_a_zoning_that_may_overlap_has_no_conflict() -> None:
    both = op("merge_municipalities", parts=["00005", "00010"], nis="00005")
    assert not [n for n in notes(both) if "TOERISME" in n]


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ({"parts": ["00005", "99999"], "nis": "00005"},
         ["There is no municipality 99999 in this landscape."]),
        ({"parts": ["00005", "Droomhoven"], "nis": "00005"},
         ["There is no municipality Droomhoven in this landscape; perhaps 00006 (Droomhoven)."]),
        ({"parts": ["00005", "00006"], "nis": "00007", "name": "X"},
         ["The code 00007 is that of Nergenshuizen (00007) already; give another."]),
        ({"parts": ["00005", "00006"], "nis": "p01", "name": "X"},
         ["The code p01 is that of Streekdienst Voorbeeldstreek (p01) already; give another."]),
        ({"parts": ["00005", "00006"], "nis": "00011"},
         ["The new municipality 00011 has no name; give one."]),
        ({"parts": ["00005", "00006"], "nis": "00003", "name": "X"},
         ["The code 00003 was in use until 2025-01-01 and became Fantasierode (00010); give "
          "another."]),
        ({"parts": ["00005", "00003"], "nis": "00005"},
         ["Municipality 00003 is there no more: it became Fantasierode (00010) on 2025-01-01."]),
        ({"parts": ["1", "2"], "nis": "3"},
         ["There is no municipality 1 in this landscape.",
          "There is no municipality 2 in this landscape.",
          "The new municipality 3 has no name; give one."]),
        # What history did is done.
        ({"parts": ["00003", "00004"], "nis": "00010", "name": "Fantasierode"},
         ["This is done already: 00003, 00004 became Fantasierode (00010)."]),
    ],
)  # fmt: skip
def test_refused(stated: dict[str, object], told: list[str]) -> None:
    assert reasons(op("merge_municipalities", **stated)) == told


@pytest.mark.parametrize("operation", [NEW, STAYS], ids=["new code", "code stays"])
def test_twice(operation: object) -> None:
    assert isinstance(operation, type(NEW))
    once = apply(STUDY, scenario(operation)).study
    assert once is not None
    [told] = reasons(operation, once)
    assert told.startswith("This is done already: ")
    twice = apply(STUDY, scenario(operation, operation))
    assert twice.study is None
    assert [(f.number, f.reason, f.earlier) for f in twice.faults] == [(2, told, (1,))]


@pytest.mark.parametrize(
    "stated",
    [
        {"parts": ["00005"], "nis": "00005"},
        {"parts": ["00005", "00005"], "nis": "00005"},
        {"parts": ["00005", "00006"]},
        {"parts": ["00005", "00006"], "nis": 5},
        {"parts": ["00005", "00006"], "nis": "00005", "mayor": "x"},
    ],
)
def test_form(stated: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        op("merge_municipalities", **stated)


def test_where_little_is_known() -> None:
    names = [name for name in LAND.frames if name != "municipalities"]
    bare = without(*names)
    found = after(NEW, study=bare)
    assert set(found.frames) == {"municipalities", "lineage"}
    assert pick(found, "lineage", "old", "new") == {("00005", "00011"), ("00006", "00011")}
