"""Municipalities, zones and partnerships before and after: gone, new, merged, changed, the same."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from compared import EXAMPLE, STUDY, after, bodies, changed, compare, links, op, small, study

from samenspel.compare.compare import Comparison
from samenspel.errors import InputError
from samenspel.landscape.landscape import Landscape
from samenspel.scenario.study import Study


def land_of(found: Comparison) -> Any:
    return found.as_json()["land"]


def bodies_of(found: Comparison) -> Any:
    return found.as_json()["partnerships"]


def one_of(found: Comparison, kind: str) -> Any:
    [one] = bodies_of(found)[kind]
    return one


def test_a_merger_of_towns() -> None:
    towns = land_of(
        changed(op("merge_municipalities", parts=["00006", "00007"], nis="00006"))
    )["municipalities"]  # fmt: skip
    [merged] = towns["merged"]
    assert merged["before"] == [
        {"nis": "00006", "name": "Droomhoven"}, {"nis": "00007", "name": "Nergenshuizen"},
    ]  # fmt: skip
    assert merged["facts"] == {}  # inhabitants and area are the sum of those of the parts
    assert (towns["gone"], towns["new"], towns["changed"], towns["same"]) == ([], [], [], 6)


def test_inhabitants_that_are_no_sum_of_the_parts_are_told() -> None:
    merged = after(op("merge_municipalities", parts=["00006", "00007"], nis="00006")).landscape
    more = merged.table("municipalities").with_columns(pl.col("population") + 1)
    found = compare(STUDY, Study(merged.with_tables(municipalities=more)), ())
    [town] = land_of(found)["municipalities"]["merged"]
    assert town["facts"] == {
        "population": {"before": 29400, "after": 29401, "change": 1, "what": "changed"}
    }
    assert len(land_of(found)["municipalities"]["changed"]) == 6


def test_facts_of_a_town_and_what_becomes_known() -> None:
    town = {"nis": "A", "name": "Stad A", "population": 5, "centre": None, "kbo": "1"}
    other = {**town, "population": None, "centre": True, "name": "Dorp A"}
    found = compare(
        study(municipalities=[town]), study(municipalities=[other, {"nis": "B", "name": "B"}]), ()
    )
    towns = land_of(found)["municipalities"]
    assert {name: cell["what"] for name, cell in towns["changed"][0]["facts"].items()} == {
        "name": "changed", "population": "became_unknown", "centre": "became_known",
    }  # fmt: skip
    assert [one["nis"] for one in towns["new"]] == ["B"]


def zoned(*zones: str, cover: str = "partial", title: str = "Zones") -> Study:
    """Zones such as ``1AB``: A and B in zone 1."""
    return study(
        zonings=[{"zoning": "Z", "cover": cover, "title": title}],
        zones=[{"zoning": "Z", "zone": zone[0], "name": f"zone {zone[0]}"} for zone in zones],
        zone_members=[
            {"zoning": "Z", "zone": zone[0], "nis": nis} for zone in zones for nis in zone[1:]
        ],
    )


def test_zones_gain_and_lose_land() -> None:
    [zoning] = land_of(compare(zoned("1AB", "2C", "3D"), zoned("1A", "2BC", "4D"), ()))["zonings"]
    told = {zone["zone"]: zone for zone in zoning["zones"]}
    assert {code: zone["what"] for code, zone in told.items()} == {
        "1": "changed", "2": "changed", "3": "gone", "4": "new",
    }  # fmt: skip
    assert told["1"]["lost"] == told["2"]["gained"] == [{"nis": "B", "name": "Stad B"}]
    assert (told["1"]["gained"], told["2"]["lost"]) == ([], [])
    assert told["3"]["name"] == {"before": "zone 3", "after": None, "what": "gone"}


def test_a_zoning_comes_goes_and_changes() -> None:
    bare = study(zonings=[])
    assert [z["what"] for z in land_of(compare(bare, zoned("1A"), ()))["zonings"]] == ["new"]
    assert [z["what"] for z in land_of(compare(zoned("1A"), bare, ()))["zonings"]] == ["gone"]
    found = land_of(compare(zoned("1A"), zoned("1A", title="Regions", cover="partition"), ()))
    assert set(found["zonings"][0]["facts"]) == {"title", "cover"}
    assert land_of(compare(zoned("1A"), zoned("1A"), ())) == {
        "municipalities": {"merged": [], "gone": [], "new": [], "changed": [], "same": 4},
        "zonings": [], "zonings_same": 1, "zonings_what": "same",
    }  # fmt: skip


def test_what_is_unknown_is_neither_gone_nor_new() -> None:
    pieces = ("screening", "signals", "law", "fit", "partnerships")
    for table, piece in (
        ("zonings", "land"), ("zones", "screening"), ("partnerships", "partnerships"),
        ("partnerships", "law"), ("partnerships", "signals"), ("memberships", "signals"),
        ("zone_members", "fit"), ("memberships", "fit"),
    ):  # fmt: skip
        frames = {name: frame for name, frame in EXAMPLE.frames.items() if name != table}
        without = Study(Landscape(EXAMPLE.date, frames, EXAMPLE.about))
        for one, other, what in (
            (STUDY, without, "became_unknown"), (without, STUDY, "became_known"),
        ):  # fmt: skip
            found = compare(one, other, pieces).as_json()
            assert counted(found, ("gone", "new")) == 0, (table, piece)
            assert counted(found[piece], (what,)) > 0 or table == "zones", (table, piece)
            assert found["differences"]["tables"] == 1


def counted(value: Any, kinds: tuple[str, ...], within: str = "") -> int:
    """How many things a piece tells as one of ``kinds``."""
    if isinstance(value, list):
        return len(value) if within in kinds else sum(counted(v, kinds) for v in value)
    if isinstance(value, dict):
        own = sum(v in kinds for name, v in value.items() if name.endswith("what"))
        inner = (counted(v, kinds, name) for name, v in value.items() if name != "tables")
        return own + sum(inner)
    return value if within in kinds and isinstance(value, int) else 0


def test_unknown_land_of_zones_is_not_lost() -> None:
    known = zoned("1AB").landscape
    frames = {name: frame for name, frame in known.frames.items() if name != "zone_members"}
    found = land_of(compare(Study(known), Study(small().with_tables(**frames)), ()))
    assert found["zonings"] == []


def test_partnerships_come_and_go() -> None:
    found = changed(
        op("dissolve_partnership", partnership="p07"),
        op("found_partnership", id="p99", name="Nieuw", members=["00001", "00002"]),
    )
    assert one_of(found, "gone")["name"] == "Speelpleinwerking De Fabel"
    assert one_of(found, "new")["partnership"] == "p99"
    counts = bodies_of(found)["counts"]
    assert (counts["gone"], counts["new"], counts["changed"], counts["same"]) == (1, 1, 0, 15)


def test_another_form_and_other_facts() -> None:
    form = "interlokale_vereniging"
    found = changed(op("convert_partnership", partnership="p08", legal_form=form,
                       term_end=date(2030, 1, 1)))  # fmt: skip
    body = one_of(found, "changed")
    assert body["facts"]["legal_form"] == {
        "before": "overeenkomst", "after": "interlokale_vereniging", "what": "changed",
    }  # fmt: skip
    assert body["facts"]["term_end"]["after"] == "2030-01-01"
    assert bodies_of(found)["counts"]["changed_form"] == 1


def test_members_join_leave_and_change() -> None:
    found = changed(op("join", organisation="00002", partnership="p08"),
                    op("leave", organisation="00005", partnership="p08"))  # fmt: skip
    body = one_of(found, "changed")
    assert [row["organisation"] for row in body["memberships"]["gained"]] == ["00002"]
    assert [row["name"] for row in body["memberships"]["lost"]] == ["Schijnkerke"]
    counts = bodies_of(found)["counts"]
    assert (counts["gained_members"], counts["lost_members"]) == (1, 1)
    rows = EXAMPLE.table("memberships").with_columns(
        votes=pl.when(partnership="p03", organisation="00005").then(9).otherwise("votes")
    )
    other = compare(STUDY, Study(EXAMPLE.with_tables(memberships=rows)), ["partnerships"])
    [row] = one_of(other, "changed")["memberships"]["changed"]
    assert row["cells"] == {"votes": {"before": 6, "after": 9, "change": 3, "what": "changed"}}


def test_places_fall_together_in_a_merger_of_towns() -> None:
    found = changed(op("merge_municipalities", parts=["00006", "00007"], nis="00006"))
    told = {body["partnership"]: body for body in bodies_of(found)["changed"]}
    both = {"p01", "p02", "p03", "p13", "p14"}  # of which both parts were members
    assert set(told) == both
    for code in both:
        [united] = told[code]["memberships"]["united"]
        assert [len(united["before"]), len(united["after"])] == [2, 1]
        assert (told[code]["memberships"]["gained"], told[code]["memberships"]["lost"]) == ([], [])
    # Its host is the same municipality, under another code.
    assert "p07" not in told


def test_merged_partnerships_stand_beside_their_parts() -> None:
    found = changed(op("merge_partnerships", parts=["p07", "p08"], into="p07"))
    body = one_of(found, "merged")
    assert (body["before"], body["after"]) == (["p07", "p08"], ["p07"])
    assert body["memberships"]["lost"] == []
    assert bodies_of(found)["counts"]["merged"] == 1
    law = found.as_json(everything=True)["law"]["changes"]
    sides = [one for one in law if one["partnership"] == "p07"]
    assert all(set(one["before"]) == {"p07", "p08"} for one in sides)


def test_members_that_become_known_are_not_gained() -> None:
    none, some = (
        study(partnerships=bodies("p"), memberships=links("qA")),
        study(partnerships=bodies("p"), memberships=links("pA", "qA")),
    )
    body = one_of(compare(none, some), "changed")
    assert body["memberships"]["what"] == "became_known"
    assert one_of(compare(some, none), "changed")["memberships"]["what"] == "became_unknown"
    assert bodies_of(compare(none, some))["counts"]["gained_members"] == 0


def test_a_table_that_one_does_not_know_is_not_compared() -> None:
    known = study(partnerships=bodies("p"), memberships=links("pA"))
    bare = study(partnerships=bodies("p"))
    assert bodies_of(compare(known, bare))["changed"] == []
    found = compare(known, bare, ["screening"]).as_json()["screening"]["counts"]
    assert found["became_unknown"] > 0
    assert "changed" not in found


def test_tasks_and_seats() -> None:
    frames = EXAMPLE.frames
    tasks = frames["tasks"].filter(pl.col("task") != "bibliotheek")
    seats = frames["mandates"].with_columns(
        seats=pl.when(pl.col("organ") == "algemene vergadering").then(3).otherwise("seats")
    )
    other = Study(EXAMPLE.with_tables(tasks=tasks, mandates=seats))
    told = {b["partnership"]: b for b in bodies_of(compare(STUDY, other))["changed"]}
    assert set(told) == {"p01", "p10"}
    assert len(told["p01"]["mandates"]["changed"]) == 7
    # Of the only task that was listed it is now unknown what there is.
    assert told["p10"]["tasks"]["what"] == "became_unknown"


def test_a_piece_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputError, match="no piece “beauty”"):
        compare(STUDY, STUDY, ["beauty"])
