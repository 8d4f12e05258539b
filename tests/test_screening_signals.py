"""The two signals, in both directions, and on the real files from the raw lists."""

import csv
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

import reference
from countries import example
from samenspel.landscape.findings import Finding
from samenspel.landscape.landscape import Landscape
from samenspel.screening.screen import screen
from samenspel.screening.signals import Signal
from test_screening_figures import landscapes

TOWNS = "1234567"


def signals(
    partnerships: list[dict[str, Any]], members: list[dict[str, Any]], many: int = 2, **more: Any
) -> list[Signal]:
    landscape = reference.build(
        {
            "municipalities": reference.towns(*TOWNS),
            "partnerships": partnerships,
            "memberships": members,
            **more,
        }
    )
    return screen(landscape, many=many).signals


def circles(found: list[Signal]) -> dict[str, tuple[str, ...]]:
    return {one.subject: one.partnerships for one in found if one.id == "same_small_circle"}


def first_lines(found: list[Signal]) -> dict[str, tuple[str, ...]]:
    return {one.subject: one.partnerships for one in found if one.id == "first_line"}


@pytest.mark.parametrize(("size", "found"), [(1, 0), (2, 1), (3, 1), (4, 1), (5, 1), (6, 0)])
def test_the_same_two_to_five_municipalities(size: int, found: int) -> None:
    same = reference.members(p=TOWNS[:size], q=reversed(TOWNS[:size]))
    listed = circles(signals(reference.bodies("q", "p"), same))
    assert listed == ({"+".join(TOWNS[:size]): ("p", "q")} if found else {})


def test_one_municipality_more_is_another_circle() -> None:
    sets = reference.members(p="12", q="123", r="12", s="13")
    assert circles(signals(reference.bodies("p", "q", "r", "s"), sets)) == {"1+2": ("p", "r")}


@pytest.mark.parametrize("many", [1, 2, 3, 4])
def test_many_is_the_bound_of_the_user(many: int) -> None:
    sets = reference.members(p="12", q="12", r="12", s="345")
    found = circles(signals(reference.bodies("p", "q", "r", "s"), sets, many))
    wanted = {"1+2": ("p", "q", "r")} if many <= 3 else {}
    assert found == (wanted | {"3+4+5": ("s",)} if many == 1 else wanted)


@pytest.mark.parametrize("status", ["inactive", "planned", None])
def test_only_what_is_known_to_be_active_counts(status: str | None) -> None:
    idle = reference.bodies("q", status=status, line="first")
    active = reference.bodies("p", line="first")
    found = signals(active + idle, reference.members(p="12", q="12"))
    assert circles(found) == {}
    assert first_lines(found) == {"1": ("p",), "2": ("p",)}
    assert circles(signals(active + idle, reference.members(p="12", q="12"), many=1)) == {
        "1+2": ("p",)
    }


@pytest.mark.parametrize("form", ["welzijnsvereniging", "andere"])
def test_other_kinds_of_partnership_give_no_signal(form: str) -> None:
    organisations = [{"id": code, "class": "police_zone"} for code in ("p", "q")]
    given = organisations if form == "andere" else []
    found = signals(
        reference.bodies("p", "q", legal_form=form, line="first"),
        reference.members(p="12", q="12"),
        organisations=given,
    )
    assert found == []


def test_an_observer_an_ocmw_and_a_stranger_do_not_make_another_circle() -> None:
    rows = reference.members(p="12", q=["1", "2", "ocmw-3", "provincie"])
    rows.append({"partnership": "p", "organisation": "3", "role": "observer"})
    found = signals(
        reference.bodies("p", "q", line="first"),
        rows,
        organisations=[{"id": "ocmw-3", "class": "ocmw", "nis": "3"}],
    )
    assert circles(found) == {"1+2": ("p", "q")}
    assert first_lines(found) == {"1": ("p", "q"), "2": ("p", "q")}


@pytest.mark.parametrize(("line", "found"), [("first", True), ("second", False), (None, False)])
def test_first_line_where_it_is_known(line: str | None, found: bool) -> None:
    listed = first_lines(signals(reference.bodies("p", line=line), reference.members(p="13")))
    assert listed == ({"1": ("p",), "3": ("p",)} if found else {})


def test_first_line_says_how_many_are_small() -> None:
    sets = reference.members(p="12", q="12345", r="123456", s="1")
    found = signals(reference.bodies("p", "q", "r", "s", line="first"), sets)
    (one,) = [signal for signal in found if signal.subject == "1"]
    assert one.partnerships == ("p", "q", "r", "s")
    assert one.reason == (
        "Dorp 1 serves citizens directly through partnerships: 4, of which 2 of two to five "
        "municipalities."
    )


def test_the_reason_of_a_circle_names_number_size_and_municipalities() -> None:
    (one,) = signals(reference.bodies("p", "q"), reference.members(p="21", q="12"))
    assert one.municipalities == ("1", "2")
    assert one.reason == "2 partnerships have exactly these 2 municipalities: Dorp 1, Dorp 2."


def test_every_signal_says_who_reads_it_so_and_who_otherwise() -> None:
    found = screen(example()).signals
    assert {signal.id for signal in found} == {"same_small_circle", "first_line"}
    for signal in found:
        position = {"same_small_circle": "standpunt 2", "first_line": "standpunt 3"}[signal.id]
        assert signal.source == f"SBV-toekomstvisie 2023, 4.1.2, {position}"
        assert signal.status == "proposal"
        assert signal.viewpoint.startswith("SBV: ")
        assert signal.other_viewpoint.startswith("VVSG: ")
        assert signal.other_source.startswith("VVSG-standpunt regiovorming 2020")
        assert signal.reason
        assert signal.partnerships


def check_against_reference(landscape: Landscape, many: int) -> None:
    """Exactly the groups and municipalities that the reference counts."""
    of = reference.world(landscape)
    active = reference.circle_of(of, ("landscape", None, None), None)
    groups = defaultdict(list)
    served = defaultdict(list)
    for body in sorted(active):
        if 2 <= len(of.own[body]) <= 5:
            groups["+".join(sorted(of.own[body]))].append(body)
        if of.bodies[body]["line"] == "first":
            for nis in of.own[body]:
                served[nis].append(body)
    found = screen(landscape, many=many).signals
    wanted = {key: tuple(same) for key, same in groups.items() if len(same) >= many}
    assert circles(found) == wanted
    assert first_lines(found) == {nis: tuple(same) for nis, same in served.items()}
    assert len(found) == len(wanted) + len(served)


@pytest.mark.parametrize("many", [1, 2, 3, 4])
def test_the_signals_of_the_example(many: int) -> None:
    check_against_reference(example(), many)


@settings(max_examples=80, deadline=None)
@given(landscapes())
def test_the_signals_of_random_land(landscape: Landscape) -> None:
    for many in (1, 2):
        check_against_reference(landscape, many)


def raw_rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "lblod" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("many", [1, 2])
@pytest.mark.parametrize("year", [2019, 2025])
def test_the_real_circles_from_the_raw_lists(
    year: int,
    many: int,
    flanders: Path,
    flanders_2019: tuple[Landscape, list[Finding]],
    flanders_2025: tuple[Landscape, list[Finding]],
) -> None:
    active = {row["kbo"] for row in raw_rows(flanders, "igs.csv") if row["status_2023"] == "active"}
    sets = defaultdict(set)
    for row in raw_rows(flanders, "igs_members.csv"):
        if row["igs_kbo"] in active:
            sets[row["igs_kbo"]].add(row[f"member_nis{year}"])
    groups = defaultdict(set)
    for body, own in sets.items():
        if 2 <= len(own) <= 5:
            groups[frozenset(own)].add(body)
    wanted = {own: same for own, same in groups.items() if len(same) >= many}
    landscape = {2019: flanders_2019, 2025: flanders_2025}[year][0]
    found = screen(landscape, many=many).signals
    # The list knows no line, so there is no signal of the first line.
    assert {signal.id for signal in found} == {"same_small_circle"}
    assert {
        frozenset(signal.municipalities): set(signal.partnerships) for signal in found
    } == wanted
    assert len(found) == len(wanted)
    for signal in found:
        assert all(sets[body] == set(signal.municipalities) for body in signal.partnerships)
