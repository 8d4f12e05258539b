"""Facts of partnerships: by hand, and on both examples counted once more."""

from datetime import date as Date
from typing import Any

import polars as pl
import pytest

from countries import example, generate
from samenspel.landscape.landscape import Landscape
from samenspel.law.facts import CLASSES, LOCAL, NOT_LOCAL, partnership_facts
from samenspel.law.findings import law_findings
from samenspel.law.seats import plain_name
from samenspel.law.vocabulary import BY_NAME, is_a

DAY = Date(2025, 1, 1)
Rows = list[dict[str, Any]]


def landscape(**tables: Rows) -> Landscape:
    """Two fictional municipalities with an OCMW, and whatever else is given."""
    towns = [{"nis": "1", "name": "Eenheem", "region": "V"},
             {"nis": "2", "name": "Tweegem", "region": "V"}]  # fmt: skip
    frames = {"municipalities": towns, **tables}
    return Landscape(DAY, {name: pl.DataFrame(rows) for name, rows in frames.items()})


def body(**cells: Any) -> dict[str, list[dict[str, Any]]]:
    return {"partnerships": [{"id": "p", **cells}]}


def members(*who: str, source: str = "s", role: str | None = "member") -> Rows:
    return [
        {"partnership": "p", "organisation": one, "role": role, "source": source} for one in who
    ]


CAST: Rows = [
    {"id": "ocmw", "class": "ocmw", "nis": "1"},
    {"id": "bv", "class": "private"},
    {"id": "vzw", "class": "nonprofit"},
    {"id": "prov", "class": "province"},
    {"id": "agency", "class": "other_government"},
    {"id": "igs", "class": "intermunicipal_partnership"},
    {"id": "odd", "class": None},
]
# Another partnership, whose source names a member of each class that is no local authority.
ELSEWHERE: Rows = [
    {"partnership": "q", "organisation": one, "role": "member", "source": "s"}
    for one in ("bv", "vzw", "prov", "agency", "ocmw")
]


def facts(**tables: Rows) -> dict[str, Any]:
    return partnership_facts(landscape(**tables))["p"]


def test_nothing_known_is_unknown() -> None:
    found = facts(**body())
    assert found.keys() == BY_NAME.keys()
    assert set(found.values()) == {None}


def test_no_partnerships() -> None:
    assert partnership_facts(landscape()) == {}
    assert law_findings(landscape()) == []


def test_empty_tables_tell_nothing() -> None:
    land = landscape(**body())
    names = ("organisations", "memberships", "mandates", "tasks", "task_provision")
    empty = land.with_tables(**{name: land.table(name) for name in names})
    assert partnership_facts(empty) == partnership_facts(land)
    none = empty.with_tables(partnerships=land.table("partnerships").clear())
    assert (partnership_facts(none), law_findings(none)) == ({}, [])


def test_columns_as_they_stand() -> None:
    cells = {
        "legal_form": "projectvereniging",
        "theme": "leisure",
        "initiator": "flemish",
        "status": "planned",
        "start": Date(2024, 2, 29),
        "term_end": Date(2030, 3, 1),
        "scope_exception": "landscape",
    }
    found = facts(**body(**cells, staff_fte=0.0, host="1"))
    assert {name: found[name] for name in cells} == cells
    assert (found["host"], found["has_own_staff"]) == ("1", False)
    assert found["term_start"] == Date(2024, 2, 29)
    assert found["term_years"] == 7
    assert (found["energy_or_waste"], found["waste"]) == (False, False)
    assert found["factual_cooperation"] is False
    assert found["listed_for_scale"] is False


def test_an_unknown_code_is_unknown() -> None:
    found = facts(**body(theme="astrology", initiator="king"))
    assert (found["theme"], found["initiator"]) == (None, None)


@pytest.mark.parametrize(
    ("cells", "both", "waste"),
    [
        ({"theme": "utilities"}, None, None),
        ({"theme": "spatial_environment"}, None, None),
        ({"theme": "housing"}, False, False),
        ({"theme": "housing", "sector": "energy"}, True, False),
        ({"sector": "waste"}, True, True),
        ({"sector": "tourism"}, False, False),
        ({"sector": "magic"}, None, None),
        ({"theme": "utilities", "sector": ""}, None, None),
    ],
)
def test_energy_and_waste(cells: dict[str, str], both: bool | None, waste: bool | None) -> None:
    found = facts(**body(**cells))
    assert (found["energy_or_waste"], found["waste"]) == (both, waste)


def test_the_start_of_the_term_is_that_on_record() -> None:
    start, renewed = Date(2014, 1, 1), Date(2020, 1, 1)
    assert facts(**body(start=start, status="active"))["term_start"] is None
    found = facts(**body(start=start, term_start=renewed, term_end=Date(2026, 1, 1)))
    assert (found["term_start"], found["term_years"]) == (renewed, 6)
    planned = facts(**body(start=start, term_start=None, status="planned"))
    assert planned["term_start"] == start, "a first term begins with the foundation"


def test_a_code_of_sector_or_bookkeeping_that_is_not_known_is_unknown() -> None:
    found = facts(**body(sector="energy", bookkeeping="bbc"))
    assert (found["sector"], found["bookkeeping"]) == ("energy", "bbc")
    found = facts(**body(sector="magic", bookkeeping="abacus"))
    assert (found["sector"], found["bookkeeping"]) == (None, None)


def test_members_by_class() -> None:
    found = facts(
        **body(), organisations=CAST, memberships=[*members("1", "2", "ocmw", "bv"), *ELSEWHERE]
    )
    assert found["municipalities"] == 2
    assert [found[f"has_{one}"] for one in ("municipality", "ocmw", "private")] == [True] * 3
    assert [found[f"has_{one}"] for one in ("province", "nonprofit")] == [False, False]
    assert found["has_police_zone"] is None, "the source names no police zone anywhere"
    assert found["local_only"] is False
    assert found["cross_border"] is False


def test_only_local_authorities() -> None:
    memberships = [*members("1", "2", "ocmw"), *ELSEWHERE]
    assert facts(**body(), organisations=CAST, memberships=memberships)["local_only"] is True
    memberships += members("igs")
    assert facts(**body(), organisations=CAST, memberships=memberships)["local_only"] is None


def test_an_unknown_class_leaves_open_what_no_other_member_proves() -> None:
    memberships = [*members("1", "odd", "bv"), *ELSEWHERE]
    found = facts(**body(), organisations=CAST, memberships=memberships)
    assert found["has_private"] is True
    assert found["has_province"] is None
    assert found["local_only"] is False
    memberships = [*members("1", "stranger"), *ELSEWHERE]
    found = facts(**body(), organisations=CAST, memberships=memberships)
    assert (found["has_private"], found["local_only"]) == (None, None)


def test_a_class_that_is_not_known_is_unknown() -> None:
    cast = [*CAST, {"id": "church", "class": "church"}]
    memberships = [*members("1", "church"), *ELSEWHERE]
    found = facts(**body(), organisations=cast, memberships=memberships)
    assert (found["has_private"], found["local_only"]) == (None, None)


def test_a_source_that_names_no_private_partner_may_not_know_them() -> None:
    found = facts(**body(), organisations=CAST, memberships=members("1", "2"))
    assert (found["has_private"], found["local_only"]) == (None, None)
    other = [{**row, "source": "t"} for row in ELSEWHERE]
    found = facts(**body(), organisations=CAST, memberships=[*members("1", "2"), *other])
    assert (found["has_private"], found["local_only"]) == (None, None)


def test_no_recorded_members_are_no_empty_list() -> None:
    found = facts(**body(), organisations=CAST, memberships=ELSEWHERE)
    assert (found["municipalities"], found["has_private"], found["local_only"]) == (None,) * 3
    found = facts(**body(), organisations=CAST)
    assert (found["municipalities"], found["has_municipality"]) == (None, None)


def test_an_observer_is_no_member() -> None:
    memberships = [*members("1", "2"), *members("bv", role="observer"), *ELSEWHERE]
    found = facts(**body(), organisations=CAST, memberships=memberships)
    assert (found["has_private"], found["local_only"]) == (False, True)


def test_the_managing_member() -> None:
    rest = {**body(), "organisations": CAST}
    found = facts(**rest, memberships=[*members("1"), *members("2", role="managing")])
    assert (found["has_manager"], found["manager_is_municipality"]) == (True, True)
    found = facts(**rest, memberships=[*members("1"), *members("bv", role="managing")])
    assert (found["has_manager"], found["manager_is_municipality"]) == (True, False)
    found = facts(**rest, memberships=members("1", "2"))
    assert (found["has_manager"], found["manager_is_municipality"]) == (False, None)
    found = facts(**rest, memberships=members("1", "2", role=None))
    assert (found["has_manager"], found["municipalities"]) == (None, 2)


def test_across_the_border_of_the_region() -> None:
    towns = [{"nis": "1", "name": "Eenheem", "region": "V"},
             {"nis": "2", "name": "Tweegem", "region": "W"},
             {"nis": "3", "name": "Driebeek", "region": None}]  # fmt: skip
    for who, crosses in ((("1", "2"), True), (("1", "3"), None), (("1", "2", "3"), True)):
        found = facts(**body(), municipalities=towns, memberships=members(*who))
        assert found["cross_border"] is crosses


FAR: Rows = [
    {"id": "ocmw", "class": "ocmw", "nis": "1"},
    {"id": "afar", "class": "municipality"},
    {"id": "ocmw afar", "class": "ocmw", "nis": "9"},
    {"id": "ocmw somewhere", "class": "ocmw"},
    {"id": "odd", "class": None},
    {"id": "bv", "class": "private"},
]


@pytest.mark.parametrize(
    ("who", "crosses"),
    [
        (("1", "2"), False),
        (("1", "2", "ocmw", "bv"), False),
        (("1", "2", "afar"), None),
        (("1", "2", "ocmw afar"), None),
        (("1", "2", "ocmw somewhere"), None),
        (("1", "2", "odd"), None),
        (("1", "2", "not listed"), None),
        (("1", "3", "afar"), True),
        (("afar",), None),
    ],
)
def test_a_member_outside_the_landscape_leaves_the_border_unknown(
    who: tuple[str, ...], crosses: bool | None
) -> None:
    towns = [{"nis": "1", "name": "Eenheem", "region": "V"},
             {"nis": "2", "name": "Tweegem", "region": "V"},
             {"nis": "3", "name": "Driebeek", "region": "W"}]  # fmt: skip
    here = {**body(), "municipalities": towns, "organisations": FAR}
    assert facts(**here, memberships=members(*who))["cross_border"] is crosses
    watched = [*members("1", "2"), *members("afar", role="observer")]
    assert facts(**here, memberships=watched)["cross_border"] is False, "an observer is no member"


def seats(*rows: tuple[str, str, str | None, int | None]) -> Rows:
    return [
        {"partnership": "p", "organ": organ, "organisation": who, "side": side, "seats": count}
        for organ, who, side, count in rows
    ]


BOARD = "raad_van_bestuur"


@pytest.mark.parametrize(
    ("rows", "both"),
    [
        ([("1", "majority", 1), ("1", "opposition", 1), ("2", "majority", None),
          ("2", "opposition", 2)], True),
        ([("1", "majority", 1), ("1", "opposition", 1), ("2", "majority", 1)], False),
        ([("1", "majority", 1), ("1", "opposition", 0), ("2", "majority", 1)], False),
        ([("1", "majority", 1), ("1", "opposition", 1)], None),
        ([("1", "majority", 1), ("1", "opposition", 1), ("2", None, 2)], None),
        ([("1", "majority", 1), ("2", None, 2)], False),
        ([], None),
    ],
)  # fmt: skip
def test_both_sides_in_the_board(
    rows: list[tuple[str, str | None, int | None]], both: bool | None
) -> None:
    mandates = seats(("algemene vergadering", "1", None, 1), *((BOARD, *row) for row in rows))
    found = facts(**body(), memberships=members("1", "2"), mandates=mandates)
    assert found["both_sides_in_board"] is both
    assert found["has_board"] is (True if rows else None)
    assert found["has_general_meeting"] is True


def test_an_organ_without_recorded_seats_may_exist() -> None:
    found = facts(**body(), mandates=seats(("Beheerscomité", "1", None, 1)))
    assert (found["organs"], found["has_board"], found["has_general_meeting"]) == (1, None, None)
    assert plain_name("  Beheerscomité_X ") == "beheerscomite x"
    found = facts(**body(), mandates=seats(("Raad van Bestuur", "1", None, 1)))
    assert found["has_board"] is True


def test_transferred_tasks() -> None:
    def of(*transferred: bool | None, beside: str = "none") -> tuple[Any, Any]:
        tasks = [
            {"partnership": "p", "task": f"t{i}", "transferred": one}
            for i, one in enumerate(transferred)
        ]
        provision = [{"partnership": "p", "task": "t0", "organisation": "1"}]
        if beside != "none":
            provision.append({"partnership": "q", "task": "t0", "organisation": beside})
        bodies = [{"id": "p"}, {"id": "q", "status": "active"}]
        found = partnership_facts(
            landscape(partnerships=bodies, tasks=tasks, task_provision=provision)
        )["p"]
        return found["has_transfer"], found["task_done_beside"]

    assert of(True, False) == (True, None)
    assert of(True, beside="1") == (True, True)
    assert of(True, beside="2") == (True, None), "not for the same member"
    assert of(False, False, beside="1") == (False, False)
    assert of(False, None) == (None, None)


def test_a_partnership_that_has_ended_does_nothing_beside() -> None:
    bodies = [{"id": "p"}, {"id": "q", "status": "inactive"}]
    tasks = [{"partnership": "p", "task": "t", "transferred": True}]
    provision = [{"partnership": one, "task": "t", "organisation": "1"} for one in ("p", "q")]
    found = landscape(partnerships=bodies, tasks=tasks, task_provision=provision)
    assert partnership_facts(found)["p"]["task_done_beside"] is None


def test_every_value_is_of_its_type() -> None:
    for land in (example(), generate(100, 1)):
        for found in partnership_facts(land).values():
            assert found.keys() == BY_NAME.keys()
            for name, value in found.items():
                assert value is None or is_a(value, BY_NAME[name].type), name
                codes = BY_NAME[name].codes
                assert not codes or value is None or value in codes, name


def test_members_of_voorbeeldland_counted_once_more() -> None:
    """The slow way: one partnership after the other, in plain Python."""
    land = generate(100, 1)
    towns = set(land.table("municipalities")["nis"])
    stated = dict(land.coded("organisations").select("id", "class").iter_rows())
    rows = land.coded("memberships").to_dicts()
    known = {
        "municipality" if row["organisation"] in towns else stated.get(row["organisation"])
        for row in rows
    }
    assert {row["source"] for row in rows} == {"verzonnen"}
    for partnership, found in partnership_facts(land).items():
        seated = [
            row["organisation"]
            for row in rows
            if row["partnership"] == partnership and row["role"] != "observer"
        ]
        classes = ["municipality" if one in towns else stated.get(one) for one in seated]
        assert found["municipalities"] == (len({*seated} & towns) if seated else None)
        for one in CLASSES:
            closed = seated and None not in classes and one in known
            wanted = True if one in classes else False if closed else None
            assert found[f"has_{one}"] is wanted, (partnership, one)
        if any(one in NOT_LOCAL for one in classes):
            assert found["local_only"] is False
        elif classes and all(one in LOCAL for one in classes) and known.issuperset(NOT_LOCAL):
            assert found["local_only"] is True
        else:
            assert found["local_only"] is None
