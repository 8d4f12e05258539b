"""Every kind of finding: the example damaged in one way gives this finding and no other."""

import ast
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import shapely

import samenspel.landscape
from samenspel.landscape import package
from samenspel.landscape.csvfile import ROW
from samenspel.landscape.example import example
from samenspel.landscape.findings import Finding
from samenspel.landscape.validation import check

DAY = date(2025, 1, 1)
NEW = 900
Frames = dict[str, pl.DataFrame]
Damage = Callable[[Frames], None]
Told = tuple[str, str, str, int | None, str | None, str | None]


# The rows are numbered, so that damage to some leaves the numbers of others.
WHOLE = {name: frame.with_row_index(ROW, offset=2) for name, frame in example().frames.items()}


def whole() -> Frames:
    return dict(WHOLE)


def tell(findings: list[Finding]) -> Counter[Told]:
    return Counter((f.severity, f.code, f.table, f.row, f.column, f.value) for f in findings)


def matching(frame: pl.DataFrame, where: dict[str, Any]) -> list[bool]:
    return [all(row[k] == v for k, v in where.items()) for row in frame.iter_rows(named=True)]


def row_of(table: str, **where: Any) -> int:
    (number,) = WHOLE[table].filter(matching(WHOLE[table], where))[ROW]
    return int(number)


def edit(table: str, changes: dict[str, Any], **where: Any) -> Damage:
    def damage(frames: Frames) -> None:
        frame = frames[table]
        hit = pl.Series(matching(frame, where))
        assert hit.sum() == 1
        for name, value in changes.items():
            old = frame[name] if name in frame.columns else pl.Series([None] * frame.height)
            new = [value if h else o for h, o in zip(hit, old, strict=True)]
            frame = frame.with_columns(pl.Series(name, new, frame.schema.get(name)))
        frames[table] = frame

    return damage


def add(table: str, **row: Any) -> Damage:
    def damage(frames: Frames) -> None:
        number = max(NEW - 1, frames[table][ROW].max()) + 1  # type: ignore[type-var, operator]
        new = pl.DataFrame([{ROW: number, **row}]).with_columns(pl.col(ROW).cast(pl.UInt32))
        frames[table] = pl.concat([frames[table], new], how="diagonal_relaxed")

    return damage


def drop(table: str, **where: Any) -> Damage:
    def damage(frames: Frames) -> None:
        hit = matching(frames[table], where)
        assert any(hit)
        frames[table] = frames[table].filter([not h for h in hit])

    return damage


def drop_table(table: str) -> Damage:
    def damage(frames: Frames) -> None:
        del frames[table]

    return damage


def wkb(text: str) -> bytes:
    return bytes(shapely.to_wkb(shapely.from_wkt(text)))


def error(code: str, table: str, row: int | None, column: str, value: str | None) -> Told:
    return ("error", code, table, row, column, value)


def warning(code: str, table: str, row: int | None, column: str, value: str | None) -> Told:
    return ("warning", code, table, row, column, value)


def loose(zone: str) -> Told:
    return warning("not_contiguous", "zones", None, "zone", zone)


@dataclass(frozen=True)
class Case:
    """``found``: what the damage adds, the finding it is about first; ``gone``: what it takes."""

    damages: list[Damage]
    found: list[Told]
    gone: tuple[Told, ...] = ()


P08, P14 = row_of("partnerships", id="p08"), row_of("partnerships", id="p14")
FIRST = row_of("municipalities", nis="00001")
LAND = row_of("geometries", nis="00001")
UNRESOLVED = [
    warning("unresolved_member", "memberships", number, "organisation", member)
    for number, member in WHOLE["memberships"].select(ROW, "organisation").iter_rows()
    if not member.startswith(("0", "p0", "p1"))
]

# fmt: off
CASES: dict[str, Case] = {
    "missing_value": Case([edit("municipalities", {"name": None}, nis="00001")],
        [error("missing_value", "municipalities", FIRST, "name", None)]),
    "duplicate_key": Case([add("memberships", partnership="p14", organisation="00006")],
        [error("duplicate_key", "memberships", NEW, "partnership", "p14")]),
    "duplicate_key with an empty part": Case(
        [add("flows", kind="commuting", year=2021, map_year=2025, to="00001")],
        [error("duplicate_key", "flows", NEW, "kind", "commuting")]),
    "unknown_code": Case([edit("partnerships", {"line": "third"}, id="p14")],
        [error("unknown_code", "partnerships", P14, "line", "third")]),
    "unknown_code of an open list": Case([edit("partnerships", {"theme": "voetbal"}, id="p14")],
        [warning("unknown_code", "partnerships", P14, "theme", "voetbal")]),
    "unknown_code of a sector": Case([edit("partnerships", {"sector": "voetbal"}, id="p14")],
        [warning("unknown_code", "partnerships", P14, "sector", "voetbal")]),
    "unknown_code of a decision": Case(
        [edit("partnerships", {"deviation_decision": "misschien"}, id="p14")],
        [warning("unknown_code", "partnerships", P14, "deviation_decision", "misschien")]),
    "out_of_range, too small": Case([edit("municipalities", {"population": -1}, nis="00001")],
        [error("out_of_range", "municipalities", FIRST, "population", "-1")]),
    "out_of_range, too large": Case(
        [add("memberships", partnership="p03", organisation="00001", share=1.5)],
        [error("out_of_range", "memberships", NEW, "share", "1.5"),
         warning("shares_exceed", "memberships", None, "share", "1.5")]),
    "unknown_reference": Case([edit("partnerships", {"host": "niemand"}, id="p14")],
        [error("unknown_reference", "partnerships", P14, "host", "niemand")]),
    "unknown_reference of a source": Case(
        [edit("figures", {"source": "nergens"}, nis="00001", key="median_income")],
        [error("unknown_reference", "figures", row_of("figures", nis="00001", key="median_income"),
               "source", "nergens")]),
    "wrong_period": Case([add("memberships", partnership="p14", organisation="00001",
             valid_from=date(2030, 1, 1), valid_to=date(2030, 1, 1))],
        [error("wrong_period", "memberships", NEW, "valid_to", "2030-01-01")]),
    "wrong_period on record": Case([add("tasks", partnership="p14", task="eten",
             recorded_from=datetime(2025, 1, 2, tzinfo=UTC),
             recorded_to=datetime(2025, 1, 1, tzinfo=UTC))],
        [error("wrong_period", "tasks", NEW, "recorded_to", "2025-01-01 00:00:00+00:00")]),
    "wrong_period of a partnership": Case(
        [edit("partnerships", {"start": date(2020, 1, 1), "term_end": date(2020, 1, 1)}, id="p14")],
        [error("wrong_period", "partnerships", P14, "term_end", "2020-01-01")]),
    "wrong_period of the present term": Case(
        [edit("partnerships", {"start": date(2010, 1, 1), "term_start": date(2020, 1, 1),
                               "term_end": date(2020, 1, 1)}, id="p14")],
        [error("wrong_period", "partnerships", P14, "term_end", "2020-01-01")]),
    "wrong_period of a decision": Case(
        [edit("partnerships", {"deviation_requested": date(2024, 5, 2),
                               "deviation_decided_on": date(2024, 5, 1)}, id="p14")],
        [error("wrong_period", "partnerships", P14, "deviation_decided_on", "2024-05-01")]),
    "self_border": Case([add("adjacency", nis_a="00001", nis_b="00001", border_m=1.0)],
        [error("self_border", "adjacency", NEW, "nis_b", "00001")]),
    "double_border": Case([add("adjacency", nis_a="00002", nis_b="00001", border_m=6000.0)],
        [error("double_border", "adjacency", NEW, "nis_a", "00002")]),
    "no_neighbours": Case(
        [drop("adjacency", nis_a="00001", nis_b="00002"), drop("adjacency", nis_a="00002")],
        [warning("no_neighbours", "adjacency", None, "nis_a", "00002"), loose("W1")]),
    "unknown_zone": Case([add("zone_members", zoning="TOERISME", zone="MEER", nis="00001")],
        [error("unknown_zone", "zone_members", NEW, "zone", "MEER")]),
    "empty_zone": Case([add("zones", zoning="WOON", zone="W3")],
        [warning("empty_zone", "zones", NEW, "zone", "W3")]),
    "zone_conflict": Case([add("zone_members", zoning="WOON", zone="W2", nis="00010")],
        [warning("zone_conflict", "zone_members", NEW, "nis", "00010")]),
    "overlapping_zones": Case([add("zone_members", zoning="WOON", zone="W2", nis="00001")],
        [error("overlapping_zones", "zone_members", NEW, "nis", "00001")]),
    "overlapping_zones of what merges later only": Case(
        [add("lineage", kind="municipality", old="00001", new="00001", date=date(2031, 1, 1),
             operation="merger"),
         add("zone_members", zoning="WOON", zone="W2", nis="00001")],
        [error("overlapping_zones", "zone_members", NEW, "nis", "00001")]),
    "not_covered": Case([drop("zone_members", zoning="REGIO", nis="00009")],
        [warning("not_covered", "zone_members", None, "zoning", "REGIO")],
        (loose("NOORD"),)),
    "not_contiguous": Case([add("zone_members", zoning="TOERISME", zone="BEEK", nis="00005")],
        [loose("BEEK")]),
    "term_passed": Case([edit("partnerships", {"term_end": DAY}, id="p08")],
        [warning("term_passed", "partnerships", P08, "term_end", "2025-01-01")]),
    "not_started": Case([edit("partnerships", {"start": date(2025, 1, 2)}, id="p08")],
        [warning("not_started", "partnerships", P08, "start", "2025-01-02")]),
    "no_organisation_row": Case([drop("organisations", id="p14")],
        [warning("no_organisation_row", "partnerships", P14, "id", "p14")]),
    "self_membership": Case([add("memberships", partnership="p14", organisation="p14")],
        [error("self_membership", "memberships", NEW, "organisation", "p14")]),
    "few_members": Case([drop("memberships", partnership="p14", organisation="00006")],
        [warning("few_members", "partnerships", P14, "id", "p14")]),
    "few_members, none at all": Case([edit("partnerships", {"status": None}, id="p15")],
        [warning("few_members", "partnerships", row_of("partnerships", id="p15"), "id", "p15")]),
    "unresolved_member": Case([drop_table("organisations")],
        # Without classes the police zone of one municipality cannot be told for one.
        [*UNRESOLVED,
         warning("few_members", "partnerships", row_of("partnerships", id="p11"), "id", "p11")]),
    "shares_exceed": Case(
        [edit("memberships", {"share": 1.0}, partnership="p03", organisation="00005"),
         edit("memberships", {"share": 0.25}, partnership="p03", organisation="00006")],
        [warning("shares_exceed", "memberships", None, "share", "1.25")]),
    "seat_without_membership": Case(
        [add("mandates", partnership="p14", organ="raad", organisation="00001")],
        [warning("seat_without_membership", "mandates", NEW, "organisation", "00001")]),
    "unknown_task": Case(
        [add("task_provision", partnership="p14", task="zwemmen", organisation="00006")],
        [error("unknown_task", "task_provision", NEW, "task", "zwemmen")]),
    "lost_successor": Case(
        [add("lineage", kind="municipality", old="08888", new="09999", date=DAY)],
        [error("lost_successor", "lineage", NEW, "new", "09999")]),
    "still_there": Case([add("lineage", kind="municipality", old="00001", new="00002", date=DAY)],
        [error("still_there", "lineage", NEW, "old", "00001")]),
    "no_area": Case([edit("geometries", {"geometry": wkb("POINT (1 1)")}, nis="00001")],
        [error("no_area", "geometries", LAND, "nis", "00001")]),
    "no_area, a line": Case(
        [edit("geometries", {"geometry": wkb("LINESTRING (1 1, 2 2)")}, nis="00001")],
        [error("no_area", "geometries", LAND, "nis", "00001")]),
    "no_area, without land": Case(
        [edit("geometries", {"geometry": wkb("POLYGON EMPTY")}, nis="00001")],
        [error("no_area", "geometries", LAND, "nis", "00001")]),
    "no_area, unreadable": Case([edit("geometries", {"geometry": b"\x01\x02"}, nis="00001")],
        [error("no_area", "geometries", LAND, "nis", "00001")]),
    "invalid_area": Case(
        [edit("geometries", {"geometry": wkb("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))")}, nis="00001")],
        [warning("invalid_area", "geometries", LAND, "nis", "00001")]),
    "no_geometry": Case([drop("geometries", nis="00001")],
        [warning("no_geometry", "geometries", None, "nis", "00001")]),
    "no_geometry in its row": Case([edit("geometries", {"geometry": None}, nis="00001")],
        [warning("no_geometry", "geometries", None, "nis", "00001"),
         error("missing_value", "geometries", LAND, "geometry", None)]),
}
for table, where, kbo in (
    ("municipalities", {"nis": "00001"}, "0000000197"),
    ("municipalities", {"nis": "00001"}, "BE0000000196"),
    ("organisations", {"id": "ocmw-00001"}, "9000010193"),
    ("organisations", {"id": "ocmw-00001"}, "000001019"),
    ("organisations", {"id": "ocmw-00001"}, "000001019٣"),
):
    CASES[f"enterprise_number {kbo}"] = Case(
        [edit(table, {"kbo": kbo}, **where)],
        [warning("enterprise_number", table, row_of(table, **where), "kbo", kbo)])

# Not damage: at the very edge of what is right.
NO_DAMAGE: dict[str, Damage] = {
    "smallest and largest": edit(
        "memberships", {"share": 1.0, "votes": 0}, partnership="p03", organisation="00005"),
    "a debt is no contribution too small": edit(
        "memberships", {"contribution_cents": -1}, partnership="p03", organisation="00005"),
    "term ends tomorrow": edit("partnerships", {"term_end": date(2025, 1, 2)}, id="p08"),
    "term of what is not active": edit("partnerships", {"term_end": DAY}, id="p14"),
    "starts today": edit("partnerships", {"start": DAY}, id="p08"),
    "inactive with few members": edit("partnerships", {"status": "inactive"}, id="p10"),
    "a merger to come": add(
        "lineage", kind="municipality", old="00001", new="09999", date=date(2025, 1, 2)),
    "an absorbing municipality keeps its code": add(
        "lineage", kind="municipality", old="00001", new="00001", date=DAY),
    "a chain of codes": add(
        "lineage", kind="municipality", old="08888", new="00003", date=date(2019, 1, 1)),
    "a membership to come of a partnership unknown": add(
        "memberships", partnership="p99", organisation="00001", valid_from=date(2025, 1, 2)),
    "a membership ended today": add(
        "memberships", partnership="p99", organisation="00001", valid_to=DAY),
    "a row off the record": add(
        "tasks", partnership="p99", task="x", recorded_to=datetime(2020, 1, 1, tzinfo=UTC)),
    "a municipality is an organisation": edit("partnerships", {"host": "00001"}, id="p14"),
    "a partnership is an organisation": edit("partnerships", {"host": "p01"}, id="p14"),
    "more zones where they may overlap": add(
        "zone_members", zoning="TOERISME", zone="HEUVEL", nis="00007"),
    "an area in two parts": edit(
        "geometries", {"geometry": wkb("MULTIPOLYGON (((0 0,1 0,1 1,0 0)),((5 5,6 5,6 6,5 5)))")},
        nis="00001"),
    "a table that is absent is unknown": drop_table("sources"),
    "no enterprise number": edit("municipalities", {"kbo": None}, nis="00001"),
    "a term of a day": edit("partnerships",
        {"term_start": date(2024, 5, 1), "term_end": date(2024, 5, 2)}, id="p14"),
    "decided on the day of the request": edit("partnerships",
        {"deviation_requested": date(2024, 5, 1), "deviation_decided_on": date(2024, 5, 1)},
        id="p14"),
}
# fmt: on


@cache
def undamaged() -> Counter[Told]:
    return tell(check(whole(), DAY))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_damage(case: Case) -> None:
    frames = whole()
    for damage in case.damages:
        damage(frames)
    findings = check(frames, DAY)
    after = tell(findings)
    assert after - undamaged() == Counter(case.found)
    assert undamaged() - after == Counter(case.gone)
    for finding in findings:
        if tell([finding])[case.found[0]]:
            assert "{" not in finding.message
            named = finding.value is None or finding.value in finding.message
            assert named or finding.code == "not_contiguous"


@pytest.mark.parametrize("damage", NO_DAMAGE.values(), ids=NO_DAMAGE)
def test_no_damage(damage: Damage) -> None:
    frames = whole()
    damage(frames)
    # A zone in pieces may become one; nothing new may be found.
    assert tell(check(frames, DAY)) - undamaged() == Counter()


APART = ["missing_value", "unknown_code", "unknown_reference", "self_border", "empty_zone"]
APART += ["term_passed", "shares_exceed", "lost_successor", "unknown_task", "no_geometry"]
APART += ["not_contiguous", "seat_without_membership", "wrong_period"]


@pytest.mark.parametrize("names", [*pairwise(APART), tuple(APART)], ids=", ".join)
def test_all_faults_are_collected(names: tuple[str, ...]) -> None:
    frames = whole()
    wanted: Counter[Told] = Counter()
    for name in names:
        for damage in CASES[name].damages:
            damage(frames)
        wanted.update(CASES[name].found)
    # New rows are numbered from NEW on, in each table apart; the number does not matter here.
    assert numberless(tell(check(frames, DAY)) - undamaged()) == numberless(wanted)


def numberless(told: Counter[Told]) -> Counter[tuple[Any, ...]]:
    return Counter((*each[:3], *each[4:]) for each in told.elements())


def test_the_same_fault_in_two_rows_is_told_twice() -> None:
    frames = whole()
    edit("partnerships", {"theme": "voetbal"}, id="p14")(frames)
    edit("partnerships", {"theme": "voetbal"}, id="p08")(frames)
    rows = [f.row for f in check(frames, DAY) if f.code == "unknown_code"]
    assert rows == [P08, P14]


# The findings of reading.


@pytest.mark.parametrize(
    ("code", "file", "old", "new", "place"),
    [
        ("wrong_type", "municipalities.csv", ",48000,", ",veel,", (2, "population", "veel")),
        ("missing_column", "tasks.csv", "partnership,task", "x,task", (1, "partnership", None)),
        ("unreadable_file", "tasks.csv", "p01,", '"p01,', (None, None, None)),
    ],
)
def test_damage_to_a_file(
    tmp_path: Path, code: str, file: str, old: str, new: str, place: tuple[Any, ...]
) -> None:
    package.write(example(), tmp_path)
    assert package.read_raw(tmp_path).findings == []
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    found = tell(package.read_raw(tmp_path).findings)
    assert found == Counter([("error", code, file.removesuffix(".csv"), *place)])


def codes_in_source() -> set[str]:
    """The codes that the modules give their findings, as they stand in the text."""
    found = set()
    folder = Path(samenspel.landscape.__file__).parent
    for name in ("validation", "consistency", "soundness", "package"):
        tree = ast.parse((folder / f"{name}.py").read_text(encoding="utf-8"))
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
                place = {"each": 3, "Finding": 1}.get(call.func.id)
                if place is not None:
                    code = call.args[place]
                    assert isinstance(code, ast.Constant)
                    found.add(str(code.value))
    return found


def test_every_code_has_its_case() -> None:
    tried = {case.found[0][1] for case in CASES.values()}
    in_reading = {
        "wrong_type",
        "missing_column",
        "unreadable_file",
        "unknown_file",
        "unknown_column",
    }
    below = {"no_municipality", "no_partnerships", "ended_member"}
    assert tried | in_reading | below == codes_in_source()


def test_a_day_without_municipalities_is_one_error() -> None:
    frames = whole()
    frames["municipalities"] = frames["municipalities"].clear()
    (finding,) = check(frames, DAY)
    assert (finding.code, finding.table) == ("no_municipality", "municipalities")
    assert str(DAY) in finding.message


def test_memberships_without_partnerships_are_told_once() -> None:
    small = {name: whole()[name] for name in ("municipalities", "memberships", "organisations")}
    found = [f for f in check(small, DAY) if f.code == "no_partnerships"]
    assert [(f.severity, f.table) for f in found] == [("warning", "memberships")]
    assert not [f for f in check(whole(), DAY) if f.code == "no_partnerships"]


def test_a_member_whose_code_ended_is_told_with_its_successor() -> None:
    frames = whole()
    row = {"partnership": "p14", "organisation": "00003"}
    extra = pl.DataFrame([row], schema_overrides=frames["memberships"].schema)
    frames["memberships"] = pl.concat([frames["memberships"], extra], how="diagonal")
    (finding,) = [f for f in check(frames, DAY) if f.code == "ended_member"]
    assert (finding.severity, finding.value) == ("warning", "00003")
    assert "00010" in finding.message
    assert not [f for f in check(whole(), DAY) if f.code == "ended_member"]


def test_frames_without_row_numbers_are_numbered_as_a_spreadsheet() -> None:
    frames = {name: frame.drop(ROW) for name, frame in whole().items()}
    edit("municipalities", {"name": None}, nis="00002")(frames)
    (finding,) = [f for f in check(frames, DAY) if f.code == "missing_value"]
    assert finding.row == 2 + frames["municipalities"]["nis"].to_list().index("00002")
