"""Alignment as it is handed on: its JSON, its counts, one region."""

import json
from collections import Counter
from itertools import pairwise

import pytest

from conftest import Imported
from countries import example, generate
from samenspel.alignment.align import align
from samenspel.errors import InputError
from samenspel.landscape.landscape import Landscape

FIRST = {
    "id", "name", "legal_form", "fit", "zones", "scope", "scope_reason", "deadline", "status",
}  # fmt: skip


@pytest.fixture(scope="module", params=["drawn", "generated", "flanders_2019", "flanders_2025"])
def landscape(request: pytest.FixtureRequest) -> Landscape:
    if request.param == "drawn":
        return example()
    if request.param == "generated":
        return generate(100, 1)
    found: Imported = request.getfixturevalue(request.param)
    return found[0]


def test_the_json_holds_what_was_agreed(landscape: Landscape) -> None:
    found = json.loads(json.dumps(align(landscape).as_json()))
    assert {"zoning", "partnerships", "summary", "landscape"} <= set(found)
    for row in found["partnerships"]:
        assert set(row) >= FIRST
        assert row["scope"] in ("in", "out", "unknown")
        assert (row["moves"] is not None) == (row["fit"] == "crossing")
        for zone in row["zones"]:
            assert set(zone) >= {"zone", "name", "members", "population"}
            assert zone["must_leave"] == row["members"] - zone["members"]
    order = [(row["fit"], (row["name"] or "").casefold()) for row in found["partnerships"]]
    assert order == sorted(order)


def test_it_holds_the_active_partnerships_and_counts_them(landscape: Landscape) -> None:
    found = align(landscape).as_json()
    rows = landscape.table("partnerships").to_dicts()
    active = {row["id"]: row for row in rows if row["status"] == "active"}
    assert {row["id"] for row in found["partnerships"]} == set(active)
    assert {row["id"] for row in found["status_unknown"]} == {
        row["id"] for row in rows if row["status"] not in ("active", "planned", "inactive")
    }
    summary = found["summary"]
    fits = Counter(row["fit"] for row in found["partnerships"])
    assert {fit: n for fit, n in summary["fit"].items() if n} == fits
    for name in ("legal_form", "kind", "scope", "policy_scope"):
        pairs = Counter((row[name] or "unknown", row["fit"]) for row in found["partnerships"])
        counted = {
            (value, fit): n for value, fits in summary[name].items() for fit, n in fits.items() if n
        }
        assert counted == pairs
    assert summary["unknown"]["theme"] == sum(row["theme"] is None for row in active.values())
    assert summary["status_unknown"] == len(found["status_unknown"])


def test_one_region_holds_what_touches_it() -> None:
    whole = align(example()).as_json()
    part = align(example(), region="Regio Zuid").as_json()
    assert (part["zoning"], part["region"]) == ("REGIO", "ZUID")
    touching = {
        row["id"] for row in whole["partnerships"] if any(z["zone"] == "ZUID" for z in row["zones"])
    }
    assert {row["id"] for row in part["partnerships"]} == touching
    assert [row["id"] for row in part["status_unknown"]] == ["p14"]
    by_id = {row["id"]: row for row in whole["partnerships"]}
    assert all(row == by_id[row["id"]] for row in part["partnerships"])


def test_another_zoning_and_faults() -> None:
    assert align(example(), "POLITIE").as_json()["zoning"] == "POLITIE"
    assert align(example(), region="PZ1").as_json()["zoning"] == "POLITIE"
    for wrong in ({"zoning": "X"}, {"region": "X"}, {"zoning": "REGIO", "region": "PZ1"}):
        with pytest.raises(InputError):
            align(example(), **wrong)


def test_zones_stand_with_the_most_members_first(landscape: Landscape) -> None:
    for row in align(landscape).partnerships:
        counts = [zone["members"] for zone in row["zones"]]
        assert all(left >= right for left, right in pairwise(counts))
        assert row["main_zones"] == sorted(
            zone["zone"] for zone in row["zones"] if zone["members"] == max(counts)
        )


def test_the_regions_of_flanders(flanders_2019: Imported, flanders_2025: Imported) -> None:
    before, after = (
        align(found[0]).as_json()["summary"] for found in (flanders_2019, flanders_2025)
    )
    assert before["fit"] == {"inside": 277, "union": 0, "crossing": 83, "none": 4}
    assert after["fit"] == {"inside": 275, "union": 0, "crossing": 80, "none": 4}
    assert before["kind"]["intermunicipal_partnership"]["crossing"] == 60
    assert after["kind"]["intermunicipal_partnership"]["crossing"] == 60
    assert after["scope"]["in"]["crossing"] == 60
    assert after["unknown"]["deadline"] == after["partnerships"]
