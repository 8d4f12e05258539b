"""Whom facts concern, read off by hand from the example and from the real Flanders."""

import subprocess
import sys
from datetime import date as Date
from typing import Any

import polars as pl

from conftest import Imported
from countries import example
from samenspel.landscape.landscape import Landscape
from samenspel.register.contract import BY_NAME
from samenspel.register.owners import Owners, owners_in, subject_of
from samenspel.register.rights import Subject

NORTH, SOUTH = ("REGIO", "NOORD"), ("REGIO", "ZUID")
SEAT = {"partnership": "p06", "organisation": "ocmw-00001"}


def fact(table: str, /, **values: Any) -> Subject:
    return subject_of(table, values, example())


def zones(subject: Subject, zoning: str) -> set[str]:
    return {zone for one, zone in subject.zones if one == zoning}


def test_a_municipality_and_what_belongs_to_it() -> None:
    town = fact("municipalities", nis="00005")
    assert town.organisations == {"00005"}
    assert town.zones == {SOUTH, ("POLITIE", "PZ3"), ("WOON", "W2"), ("TOERISME", "HEUVEL")}
    ocmw = fact("organisations", id="ocmw-00005", nis="00005")
    assert (ocmw.organisations, ocmw.zones) == ({"ocmw-00005", "00005"}, town.zones)
    partner = fact("organisations", id="stroomnet", nis=None)
    assert (partner.organisations, partner.zones) == ({"stroomnet"}, frozenset())
    # What a row says itself counts as well, but a municipality or a partnership belongs to nobody.
    new = fact("organisations", id="agb", nis="00005")
    assert (new.organisations, new.zones) == ({"agb", "00005"}, town.zones)
    assert fact("organisations", id="ocmw-00005", nis="00006").organisations == {
        "ocmw-00005", "00005", "00006",
    }  # fmt: skip
    assert fact("organisations", id="00006", nis="00005").organisations == {"00006"}
    assert fact("organisations", id="p05", nis="00005").organisations == {"p05"}


def test_a_membership_concerns_both_and_is_the_members_to_confirm() -> None:
    seat = fact("memberships", **SEAT)
    assert seat.organisations == {"p06", "ocmw-00001", "00001"}
    assert seat.members == {"ocmw-00001", "00001"}
    assert zones(seat, "REGIO") == {"NOORD"}
    mandate = fact("mandates", partnership="p04", organ="x", organisation="p01", side="other")
    assert (mandate.organisations, mandate.members) == ({"p04", "p01"}, {"p01"})
    assert zones(mandate, "POLITIE") == {"PZ1", "PZ2", "PZ3"}  # of the members of p01 as well
    own = fact("partnerships", id="p04")
    assert (own.organisations, own.members) == ({"p04"}, frozenset())
    assert zones(own, "POLITIE") == {"PZ2", "PZ3"}  # without those of the members of p01


def test_a_partnership_lies_where_it_has_a_member() -> None:
    assert zones(fact("partnerships", id="p03"), "REGIO") == {"ZUID"}
    assert zones(fact("partnerships", id="p06"), "REGIO") == {"NOORD"}
    assert zones(fact("tasks", partnership="p01", task="x"), "REGIO") == {"NOORD", "ZUID"}
    assert fact("partnerships", id="unheard-of").zones == frozenset()
    done = fact("task_provision", partnership="p05", task="woonloket", organisation="00009")
    assert (done.organisations, zones(done, "REGIO")) == ({"p05"}, {"NOORD"})


def test_land_and_figures_are_nobodys_but_lie_somewhere() -> None:
    assert fact("zones", zoning="REGIO", zone="ZUID") == Subject(
        "zones", zones=frozenset({SOUTH})
    )  # fmt: skip
    member = fact("zone_members", zoning="REGIO", zone="ZUID", nis="00001")
    assert (member.organisations, member.zones) == (frozenset(), {SOUTH})
    border = fact("adjacency", nis_a="00001", nis_b="00005")
    assert (border.organisations, zones(border, "REGIO")) == (frozenset(), {"NOORD", "ZUID"})
    assert zones(fact("adjacency", nis_a="00001", nis_b=None), "REGIO") == {"NOORD"}
    for table, values in (
        ("figures", {"nis": "00005", "key": "x", "year": 1, "map_year": 1}),
        ("geometries", {"nis": "00005"}),
        ("flows", {"kind": "x", "from": "00005", "to": None}),
    ):
        found = fact(table, **values)
        assert (found.organisations, zones(found, "REGIO")) == (frozenset(), {"ZUID"})
    for table in ("about", "known_tables", "own_columns", "zonings", "sources", "lineage"):
        values = dict.fromkeys((column.name for column in BY_NAME[table].columns), "x")
        assert fact(table, **values) == Subject(table)


def test_what_became_of_something_stands_for_it() -> None:
    assert fact("municipalities", nis="00003").organisations == {"00003", "00010"}
    seat = fact("memberships", partnership="p01", organisation="ocmw-00004")
    assert seat.members == {"ocmw-00004", "ocmw-00010", "00010"}
    assert fact("municipalities", nis="00010").organisations == {"00010"}
    early = Landscape(Date(2024, 12, 31), dict(example().frames))
    assert subject_of("municipalities", {"nis": "00003"}, early).organisations == {"00003"}


def test_lineage_may_go_in_steps_and_in_rings() -> None:
    steps = [("a", "b"), ("b", "c"), ("c", "a"), ("d", "b"), ("p", "q")]
    lineage = pl.DataFrame(
        {
            "kind": ["municipality"] * 4 + ["partnership"],
            "old": [old for old, _new in steps],
            "new": [new for _old, new in steps],
            "date": [Date(2020, 1, 1)] * 5,
        }
    )
    land = example().with_tables(lineage=lineage)
    assert subject_of("municipalities", {"nis": "d"}, land).organisations == {"a", "b", "c", "d"}
    assert subject_of("partnerships", {"id": "p"}, land).organisations == {"p", "q"}
    assert subject_of("partnerships", {"id": "q"}, land).organisations == {"q"}


def test_unknown_codes_and_unknown_tables_are_nobodys() -> None:
    bare = Landscape(Date(2025, 1, 1), {"municipalities": example().table("municipalities")})
    assert subject_of("memberships", SEAT, bare) == Subject(
        "memberships", frozenset({"p06", "ocmw-00001"}), members=frozenset({"ocmw-00001"})
    )
    nobody = {"partnership": None, "organisation": None}
    assert subject_of("memberships", nobody, bare) == Subject("memberships")
    assert subject_of("municipalities", {"nis": None}, bare) == Subject("municipalities")


def test_what_was_read_of_a_landscape_is_kept_with_it() -> None:
    land, other = example(), example().with_tables()
    assert owners_in(land) is owners_in(land)
    assert owners_in(other) is not owners_in(land)
    assert owners_in(other) is owners_in(other)
    assert isinstance(owners_in(land), Owners)


def test_nothing_of_it_needs_a_database() -> None:
    code = ("import sys, samenspel.register.owners, samenspel.register.rights; "
            "sys.exit('django' in sys.modules)")  # fmt: skip
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_real_flanders(flanders_2025: Imported) -> None:
    land = flanders_2025[0]

    def of(table: str, /, **values: Any) -> Subject:
        return subject_of(table, values, land)

    # Voeren, an exclave: a police zone of its own, in Limburg.
    voeren = of("municipalities", nis="73109")
    assert voeren.organisations == {"73109"}
    assert {("politiezone", "ipz115"), ("provincie", "70000"), ("referentieregio", "REFREG15"),
            ("vervoerregio", "8")} <= voeren.zones  # fmt: skip
    police = of("partnerships", id="ipz115")
    assert (police.organisations, police.zones) == ({"ipz115"}, voeren.zones)
    # Antwerpen kept its code, Zwijndrecht went into Beveren-Kruibeke-Zwijndrecht.
    assert of("municipalities", nis="11002").organisations == {"11002"}
    assert of("municipalities", nis="11007").organisations == {"11007", "11002"}
    assert of("organisations", id="ocmw-11056", nis="11056").organisations == {
        "ocmw-11056", "ocmw-46030", "11056", "46030",
    }  # fmt: skip
    # An OCMW association of two, and a partnership that is a member of another.
    seat = of("memberships", partnership="0242469910", organisation="ocmw-73110")
    assert seat.organisations == {"0242469910", "ocmw-73110", "73110"}
    assert seat.members == {"ocmw-73110", "73110"}
    inner = of("memberships", partnership="0222947570", organisation="0204212714")
    assert (inner.organisations, inner.members) == ({"0222947570", "0204212714"}, {"0204212714"})
    assert zones(of("partnerships", id="0206337707"), "provincie") == {"30000"}  # Brugge, Damme


def test_everybody_in_flanders_owns_what_names_them(flanders_2019: Imported) -> None:
    land = flanders_2019[0]
    belongs = dict(land.table("organisations").select("id", "nis").iter_rows())
    later = dict.fromkeys(land.table("municipalities")["nis"])
    for row in land.table("memberships").iter_rows(named=True):
        found = subject_of("memberships", row, land)
        town = belongs[row["organisation"]]
        assert found.members == {row["organisation"], town} - {None}
        assert found.organisations == found.members | {row["partnership"]}
        assert town is None or town in later
    owned = [subject_of("organisations", row, land).organisations
             for row in land.table("organisations").iter_rows(named=True)]  # fmt: skip
    assert {nis for codes in owned for nis in codes if nis in later} == set(later)
