"""Zones assigned and drawn anew: what comes of it, and every reason against it."""

from typing import Any

import pytest
from pydantic import ValidationError
from studies import LAND, after, notes, op, pick, reasons, without

TOWNS = sorted(LAND.table("municipalities")["nis"])
NORTH, SOUTH = TOWNS[:3], TOWNS[3:]
DRAWN: dict[str, Any] = {
    "zoning": "REGIO",
    "cover": "partition",
    "zones": [
        {"zone": "NOORD", "municipalities": NORTH},
        {"zone": "REST", "name": "De rest", "municipalities": SOUTH},
    ],
}


def test_assign() -> None:
    found = after(op("assign_zone", zoning="REGIO", nis="00001", zone="ZUID"))
    assert pick(found, "zone_members", "zone", zoning="REGIO", nis="00001") == {("ZUID",)}
    others = pick(LAND, "zone_members", "zoning", "zone", "nis") - {("REGIO", "NOORD", "00001")}
    assert pick(found, "zone_members", "zoning", "zone", "nis") == others | {
        ("REGIO", "ZUID", "00001")
    }


def test_assign_where_it_lay_nowhere_or_in_several() -> None:
    found = after(op("assign_zone", zoning="WOON", nis="00008", zone="W2"))
    assert pick(found, "zone_members", "zone", zoning="WOON", nis="00008") == {("W2",)}
    assert len(pick(LAND, "zone_members", "zone", zoning="TOERISME", nis="00006")) == 2
    one = after(op("assign_zone", zoning="TOERISME", nis="00006", zone="BEEK"))
    assert pick(one, "zone_members", "zone", zoning="TOERISME", nis="00006") == {("BEEK",)}


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        (("REGIO", "00001", "NOORD"),
         "This is done already: Voorbeeldegem (00001) lies in zone NOORD of REGIO."),
        (("REGIO", "00001", "OOST"), "Zoning REGIO has no zone OOST."),
        (("REGIO", "00001", "Regio Zuid"),
         "Zoning REGIO has no zone Regio Zuid; perhaps ZUID (Regio Zuid)."),
        (("REGION", "00001", "NOORD"),
         "There is no zoning REGION in this landscape; perhaps REGIO."),
        (("REGIO", "99999", "NOORD"), "There is no municipality 99999 in this landscape."),
    ],
)  # fmt: skip
def test_assign_refused(stated: tuple[str, str, str], told: str) -> None:
    zoning, nis, zone = stated
    assert reasons(op("assign_zone", zoning=zoning, nis=nis, zone=zone)) == [told]


def test_redraw_replaces_a_zoning_and_keeps_what_is_not_stated() -> None:
    found = after(op("redraw_zoning", **DRAWN))
    assert pick(found, "zone_members", "zone", "nis", zoning="REGIO") == {
        *(("NOORD", nis) for nis in NORTH), *(("REST", nis) for nis in SOUTH),
    }  # fmt: skip
    assert pick(found, "zones", "zone", "name", zoning="REGIO") == {
        ("NOORD", "Regio Noord"), ("REST", "De rest"),
    }  # fmt: skip
    columns = ("title", "kind", "cover", "binding", "source", "valid_from")
    assert pick(found, "zonings", *columns, zoning="REGIO") == {
        ("Regio's van de Voorbeeldstreek", "reference_region", "partition", True, None, LAND.date)
    }
    for table in ("zonings", "zones", "zone_members"):
        left = LAND.table(table).filter(zoning="POLITIE")
        assert found.table(table).filter(zoning="POLITIE").equals(left)


def test_redraw_makes_a_zoning_also_where_there_is_none() -> None:
    new = {**DRAWN, "zoning": "NIEUW", "title": "Nieuw", "kind": "reference_region"}
    for study in (without(), without("zonings", "zones", "zone_members")):
        found = after(op("redraw_zoning", **new), study=study)
        columns = ("title", "kind", "cover")
        assert pick(found, "zonings", *columns, zoning="NIEUW") == {
            ("Nieuw", "reference_region", "partition")
        }


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"zones": [{"zone": "A", "municipalities": TOWNS[1:]}]},
         ["The zoning is declared a partition but leaves out Voorbeeldegem (00001)."]),
        ({"zones": [{"zone": "A", "municipalities": TOWNS},
                    {"zone": "B", "municipalities": TOWNS[:1]}]},
         ["Voorbeeldegem (00001) lies in more than one zone (A, B), and the cover is partition."]),
        ({"cover": "partial", "zones": [{"zone": "A", "municipalities": TOWNS[:1]},
                                        {"zone": "B", "municipalities": TOWNS[:1]}]},
         ["Voorbeeldegem (00001) lies in more than one zone (A, B), and the cover is partial."]),
        ({"cover": "partial", "zones": [{"zone": "A", "municipalities": ["99999"]}]},
         ["There is no municipality 99999 in this landscape."]),
    ],
)  # fmt: skip
def test_redraw_refused(changed: dict[str, Any], told: list[str]) -> None:
    assert reasons(op("redraw_zoning", **{**DRAWN, **changed})) == told


def test_covers_that_ask_less() -> None:
    part = {**DRAWN, "cover": "partial", "zones": [{"zone": "A", "municipalities": TOWNS[:2]}]}
    assert len(pick(after(op("redraw_zoning", **part)), "zone_members", "nis", zoning="REGIO")) == 2
    over = {**DRAWN, "cover": "overlapping",
            "zones": [{"zone": z, "municipalities": TOWNS[:2]} for z in "AB"]}  # fmt: skip
    found = after(op("redraw_zoning", **over))
    assert len(pick(found, "zone_members", "zone", "nis", zoning="REGIO")) == 4


def test_redraw_twice_and_almost() -> None:
    drawn = op("redraw_zoning", **DRAWN)
    again = op("redraw_zoning", **DRAWN)
    assert notes(drawn) == ()
    once = without()
    once = type(once)(after(drawn), once.policy)
    assert reasons(again, once) == ["This is done already: the zones of REGIO are these."]
    for changed in (
        {"title": "Anders"},
        {"cover": "partial"},
        {"zones": [{**DRAWN["zones"][0], "name": "Anders"}, DRAWN["zones"][1]]},
        {"zones": [{"zone": "NOORD", "municipalities": TOWNS}]},
    ):
        after(op("redraw_zoning", **{**DRAWN, **changed}), study=once)


@pytest.mark.parametrize(
    "changed",
    [
        {"zones": []},
        {"zones": [{"zone": "A", "municipalities": []}]},
        {"zones": [{"zone": "A", "municipalities": ["00001", "00001"]}]},
        {"zones": [{"zone": "A", "municipalities": ["00001"]}] * 2},
        {"cover": "whole"},
    ],
)
def test_form(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        op("redraw_zoning", **{**DRAWN, **changed})


def test_tables_that_are_absent() -> None:
    assert reasons(op("assign_zone", zoning="R", nis="00001", zone="Z"), without("zones")) == [
        "This landscape has no table zones, so what is in it is unknown; add it first."
    ]
