"""Nested dolls: partnerships and zones inside larger zones."""

import pytest

from conftest import Imported
from samenspel.alignment.matryoshka import matryoshka
from samenspel.errors import InputError
from samenspel.landscape.example import example
from samenspel.landscape.landscape import Landscape


def test_the_drawn_example() -> None:
    found = matryoshka(example(), ["POLITIE", "REGIO"]).as_json()
    (step,) = found["zonings"]
    assert not step["nests"]
    (crossing,) = step["violations"]
    # The merged municipality took a zone of the north along into the zone of the south.
    assert crossing["zone"] == "PZ3"
    assert crossing["parts"] == {"NOORD": ["00010"], "ZUID": ["00005", "00006", "00007", "00008"]}
    assert crossing["outside"] == []
    rows = {row["id"]: row for row in found["partnerships"]}
    assert rows["p12"]["level"] == "POLITIE"
    assert (rows["p12"]["inside_larger"], rows["p12"]["zones_nest"]) == (True, True)
    # Inside the south and inside PZ3, which itself lies in no region.
    assert (rows["p07"]["level"], rows["p07"]["inside_larger"]) == ("POLITIE", True)
    assert rows["p07"]["zones_nest"] is False
    assert (rows["p04"]["level"], rows["p04"]["inside_larger"]) == ("POLITIE", False)
    assert (rows["p01"]["level"], rows["p01"]["zones_nest"]) == (None, False)
    assert "p14" not in rows


def test_without_known_members_it_is_unknown(flanders_2025: Imported) -> None:
    found = matryoshka(flanders_2025[0], ["politiezone", "eerstelijnszone", "referentieregio"])
    lost = [row for row in found.partnerships if set(row["fits"].values()) == {"none"}]
    assert len(lost) == 4
    assert {row["zones_nest"] for row in lost} == {None}


@pytest.mark.parametrize("year", [2019, 2025])
def test_zones_of_flanders_by_plain_sets(year: int, request: pytest.FixtureRequest) -> None:
    landscape: Landscape = request.getfixturevalue(f"flanders_{year}")[0]
    land: dict[str, dict[str, set[str]]] = {}
    for row in landscape.table("zone_members").to_dicts():
        land.setdefault(row["zoning"], {}).setdefault(row["zone"], set()).add(row["nis"])
    chain = ["politiezone", "eerstelijnszone", "referentieregio", "provincie"]
    found = matryoshka(landscape, chain)
    for step in found.zonings:
        large = land[step["large"]].values()
        wanted = {
            zone
            for zone, nis in land[step["small"]].items()
            if not any(nis <= other for other in large)
        }
        assert {one["zone"] for one in step["violations"]} == wanted
        for one in step["violations"]:
            parts = {nis for there in one["parts"].values() for nis in there}
            assert parts | set(one["outside"]) == land[step["small"]][one["zone"]]
    for row in found.partnerships:
        inside = [zoning for zoning in chain if row["fits"][zoning] == "inside"]
        assert row["level"] == (inside[0] if inside else None)


@pytest.mark.parametrize("chain", [[], ["REGIO"], ["REGIO", "REGIO"], ["REGIO", "X"]])
def test_a_chain_needs_two_different_zonings(chain: list[str]) -> None:
    with pytest.raises(InputError):
        matryoshka(example(), chain)
