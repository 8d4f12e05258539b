"""The region's own workbook: what goes out comes back unchanged, what is filled in lands."""

import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from openpyxl import load_workbook

from conftest import Imported as FromFlanders
from samenspel import language
from samenspel.errors import InputError
from samenspel.exchange.excel import import_workbook, layout, write_workbook
from samenspel.exchange.excel.preview import preview
from samenspel.exchange.excel.values import code_word
from samenspel.landscape import package, tables
from samenspel.landscape.codes import LEGAL_FORMS
from samenspel.landscape.example import example
from samenspel.landscape.generate import generate
from samenspel.landscape.kinds import OCMW_FORMS
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.load import load, load_chronicle
from samenspel.screening.screen import screen
from samenspel.screening.select import find_zone
from workbooks import NORTH, NOW, Filled, content, given_out

MINUTE = timedelta(minutes=1)


@pytest.fixture
def region(tmp_path: Path) -> tuple[Path, Path]:
    """The example as a folder, and the workbook of its northern region."""
    return given_out(tmp_path, example(), *NORTH)


def office() -> str:
    """LibreOffice, without which no spreadsheet program saves the workbook here."""
    found = shutil.which("soffice")
    if found is None:
        if "office" in os.environ.get("SAMENSPEL_REQUIRE", ""):
            pytest.fail("soffice is required and is not there")
        pytest.skip("there is no soffice (LibreOffice) to save the workbook with")
    return found


def saved_by_office(path: Path, place: Path) -> Path:
    subprocess.run(
        [office(), f"-env:UserInstallation=file://{place / 'profile'}", "--headless",
         "--convert-to", "xlsx", "--outdir", str(place / "saved"), str(path)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return place / "saved" / path.name


def changes_nothing(path: Path, folder: Path) -> None:
    before = content(folder)
    done = import_workbook(path, folder, remove=True, now=NOW)
    assert (done.faults, done.changes, done.missing, done.warnings) == ([], [], [], [])
    assert (done.written, done.marked) == (False, None)
    assert content(folder) == before


# Out and back unchanged


@pytest.mark.parametrize("spoken", language.LANGUAGES)
def test_the_example_comes_back_unchanged_in_another_language(spoken: str, tmp_path: Path) -> None:
    language.use(spoken)
    folder, path = given_out(tmp_path, example(), *NORTH)
    language.use("en" if spoken == "nl" else "nl")
    changes_nothing(path, folder)


def test_an_invented_country_comes_back_unchanged(tmp_path: Path) -> None:
    land = generate(100, 1)
    zone = land.table("zones").filter(pl.col("zoning") == "referentieregio")["zone"][0]
    changes_nothing(*reversed(given_out(tmp_path, land, "referentieregio", zone)))


def test_a_real_region_comes_back_unchanged(flanders_2025: FromFlanders, tmp_path: Path) -> None:
    land = flanders_2025[0]
    folder, path = given_out(tmp_path, land, *find_zone(land, "Midwest"))
    changes_nothing(path, folder)
    changes_nothing(saved_by_office(path, tmp_path), folder)


def test_a_spreadsheet_program_that_saves_it_changes_nothing(
    region: tuple[Path, Path], tmp_path: Path
) -> None:
    folder, path = region
    saved = saved_by_office(path, tmp_path)
    changes_nothing(saved, folder)
    sheet = Filled(saved).sheet("partnerships")
    offered = {dv.formula1: dv.errorStyle for dv in sheet.data_validations.dataValidation}
    assert offered["list_partnerships_legal_form"] in (None, "stop")
    assert offered["list_partnerships_theme"] == "warning"
    assert sheet.protection.sheet
    assert not sheet.column_dimensions["C"].protection.locked


STRANGE = (
    "=1+1", "+32", "-5", "@som", "#N/A", "TRUE", "12.50", "007", "  spaties  ", "_x0041_",
    "veiligheid", "regel\nregel", "regel\r\nregel", "terug\rkeer", "\ttab", " ", "é€𝄞",
    "x" * 32_000,
)  # fmt: skip


def strange() -> Landscape:
    """The example with texts and numbers that a spreadsheet would like to mend."""
    land = example()
    rows = land.table("partnerships")
    inside = rows["id"].is_in(["p01"])
    size = rows.height
    rows = rows.with_columns(
        *(
            pl.when(inside).then(pl.lit(text)).otherwise(None).alias(f"own{at}")
            for at, text in enumerate(STRANGE)
        ),
        theme=pl.when(inside).then(pl.lit("veiligheid")).otherwise("theme"),
        start=pl.when(inside).then(pl.lit(date(1830, 7, 21))).otherwise("start"),
        term_end=pl.when(inside).then(pl.lit(date(9999, 12, 31))).otherwise("term_end"),
        budget_cents=pl.when(inside).then(2**63 - 1).otherwise("budget_cents"),
        staff_fte=pl.when(inside).then(0.1 + 0.2).otherwise("staff_fte"),
        whole=pl.Series([2**62 + 1] * size),
        subsidy_cents=pl.Series([-5, 123_456_789_012_345] * (size // 2)),
        number=pl.Series([1e-12] * size),
        truth=pl.Series([True, False] * (size // 2)),
        day=pl.Series([date(1900, 2, 28)] * size),
        moment=pl.Series([datetime(2025, 1, 1, 12, 0, 0, 1, UTC)] * size),
    )
    return land.with_tables(partnerships=rows)


def test_strange_texts_and_numbers_come_back_unchanged(tmp_path: Path) -> None:
    folder, path = given_out(tmp_path, strange(), *NORTH)
    changes_nothing(path, folder)
    changes_nothing(saved_by_office(path, tmp_path), folder)


def test_what_looks_like_a_formula_goes_out_as_text(tmp_path: Path) -> None:
    _folder, path = given_out(tmp_path, strange(), *NORTH)
    filled = Filled(path)
    row = filled.row("partnerships", id="p01")
    for at, text in enumerate(STRANGE[:5]):
        cell = filled.cell("partnerships", row, f"own{at}")
        assert (cell.value, cell.data_type) == (text, "s")
        assert cell.quotePrefix == (text != "#N/A")
    types = {c.data_type for sheet in filled.book for cells in sheet for c in cells}
    assert "f" not in types
    assert "e" not in types


@pytest.mark.parametrize("text", ["bel\x07", "einde\uffff", "y" * 32_768])
def test_a_text_that_cannot_stand_in_a_cell_is_told(text: str, tmp_path: Path) -> None:
    land = example()
    rows = land.table("partnerships").with_columns(
        name=pl.when(pl.col("id") == "p04").then(pl.lit(text)).otherwise("name")
    )
    path = tmp_path / "streek.xlsx"
    with pytest.raises(InputError, match=r"partnerships.*name.*p04"):
        write_workbook(land.with_tables(partnerships=rows), *NORTH, path)
    assert list(tmp_path.iterdir()) == []


# What goes out


def test_the_workbook_holds_the_rows_of_the_region(region: tuple[Path, Path]) -> None:
    filled, land = Filled(region[1]), example()

    def shown(table: str, name: str) -> list[Any]:
        column = filled.column(table, name)
        cells = filled.sheet(table).iter_rows(layout.FIRST, min_col=column, max_col=column)
        return [cell.value for (cell,) in cells if cell.value is not None]

    members = land.table("zone_members").filter(pl.col("zone") == "NOORD")["nis"].to_list()
    near = {*members, *(f"ocmw-{nis}" for nis in members)}
    bodies = {
        partnership
        for table in ("memberships", "mandates", "task_provision")
        for partnership, organisation in land.table(table)
        .select("partnership", "organisation")
        .iter_rows()
        if organisation in near
    } | set(land.table("partnerships").filter(pl.col("host").is_in(members))["id"])
    assert shown("municipalities", "nis") == members
    assert set(shown("partnerships", "id")) == bodies
    assert 0 < len(bodies) < land.table("partnerships").height
    for table in ("memberships", "tasks", "task_provision", "mandates"):
        whole = land.table(table).filter(pl.col("partnership").is_in(bodies))
        assert Counter(shown(table, "partnership")) == Counter(whole["partnership"])
    assert set(shown("figures", "nis")) <= set(members)
    assert shown("sources", "id") == ["example"]
    names = dict(land.table("municipalities").select("nis", "name").iter_rows())
    outside = next(
        nis for nis in shown("memberships", "organisation") if nis in names.keys() - set(members)
    )
    row = filled.row("memberships", organisation=outside)
    assert filled.cell("memberships", row, "#organisation").value == names[outside]


def test_the_heads_are_locked_and_the_rest_is_not(region: tuple[Path, Path]) -> None:
    filled = Filled(region[1])
    for table in layout.SHEETS:
        sheet = filled.sheet(table)
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        assert not sheet.protection.deleteRows
        assert not sheet.protection.sort
        assert sheet.freeze_panes == "A3"
        assert sheet.print_title_rows == "$1:$2"
        assert all(cell.protection.locked for row in (1, 2) for cell in sheet[row])
        below = (cell for row in sheet.iter_rows(layout.FIRST) for cell in row if cell.has_style)
        assert not any(cell.protection.locked for cell in below)
        last = max(c.max or 0 for c in sheet.column_dimensions.values())
        assert last == 16_384
        assert not any(c.protection.locked for c in sheet.column_dimensions.values())
    states = {s.title: s.sheet_state for s in filled.book.worksheets}
    assert (states["_lists"], states["_basis"]) == ("hidden", "veryHidden")


def test_each_head_says_what_its_column_may_hold(region: tuple[Path, Path]) -> None:
    filled = Filled(region[1])
    for table in layout.SHEETS:
        for cell, name in zip(*(filled.sheet(table)[row] for row in (1, 2)), strict=True):
            assert cell.comment.text
            column = tables.BY_NAME[table].column(name.value)
            if column is not None:
                assert ("Required" in cell.comment.text) == column.required
    text = filled.cell("partnerships", 1, "budget_cents")
    assert text.value == "yearly budget (€)"
    assert "Empty means: unknown." in text.comment.text
    assert "In euro" in text.comment.text


def test_every_list_has_a_name_of_its_own(region: tuple[Path, Path]) -> None:
    book = Filled(region[1]).book
    for sheet in book.worksheets:
        for offered in sheet.data_validations.dataValidation:
            assert offered.formula1 in book.defined_names
    place = book.defined_names["list_partnerships_line"].attr_text
    assert place.startswith("'_lists'!$") or place.startswith("_lists!$")


@pytest.mark.parametrize("spoken", language.LANGUAGES)
def test_no_two_codes_of_a_column_share_a_word(spoken: str) -> None:
    speak = layout.speaker(spoken)
    for table in tables.TABLES:
        for column in table.columns:
            said = Counter(layout.folded(code_word(code, speak)) for code in column.codes)
            assert [word for word, times in said.items() if times > 1] == []
            others = {layout.folded(code): code for code in column.codes}
            clash = [
                w
                for c in column.codes
                if others.get(w := layout.folded(code_word(c, speak)), c) != c
            ]
            assert clash == []


def test_sheets_have_names_of_their_own_in_every_language() -> None:
    for spoken in language.LANGUAGES:
        language.use(spoken)
        titles = {layout.folded(layout.sheet_title(table)) for table in layout.SHEETS}
        assert len(titles) == len(layout.SHEETS)
        assert all(0 < len(title) <= 31 and not set(title) & set("[]:*?/\\") for title in titles)
        assert {layout.sheet_names()[title] for title in titles} == set(layout.SHEETS)
    assert set(layout.SHEETS) | {"geometries", "adjacency", "flows"} == set(tables.BY_NAME)


def test_the_same_landscape_gives_the_same_bytes(
    region: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, path = region
    first = path.read_bytes()
    real = time.localtime
    monkeypatch.setattr(time, "localtime", lambda *_: real(10**9))
    write_workbook(load(folder), *NORTH, path)
    assert path.read_bytes() == first


@pytest.mark.parametrize("name", ["streek.xls", "streek", "map.xlsx", "nergens/streek.xlsx"])
def test_a_place_that_cannot_be_written_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "map.xlsx").mkdir()
    with pytest.raises(InputError, match=name.split(".")[0]):
        write_workbook(example(), *NORTH, tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["map.xlsx"]


def test_the_sheet_to_read_first_says_that_it_is_invented(region: tuple[Path, Path]) -> None:
    def told(path: Path) -> str:
        sheet = load_workbook(path).worksheets[0]
        return " ".join(str(cell.value) for (cell,) in sheet.iter_rows(max_col=1))

    assert "Regio Noord" in told(region[1])
    assert "invented" in told(region[1])
    language.use("nl")
    write_workbook(example(), *NORTH, region[1])
    assert load_workbook(region[1]).sheetnames[0] == layout.speaker("nl")(layout.README)


# What comes in


def changed(
    region: tuple[Path, Path], fill: Callable[[Filled], Any], **how: Any
) -> tuple[Any, Landscape]:
    """What the import did after ``fill``, and the landscape that the folder then holds."""
    filled = Filled(region[1])
    fill(filled)
    done = import_workbook(filled.save(), region[0], now=NOW, **how)
    assert [str(fault) for fault in done.faults] == []
    return done, load(region[0])


def one(land: Landscape, table: str, **key: Any) -> dict[str, Any]:
    (row,) = land.table(table).filter(**key).iter_rows(named=True)
    return row


TYPED = [
    ("budget_cents", 1234.56, 123_456),
    ("budget_cents", 0.29, 29),
    ("budget_cents", 1_234_567_890_123.45, 123_456_789_012_345),
    ("budget_cents", 12, 1200),
    ("budget_cents", "12,5", 1250),
    ("budget_cents", None, None),
    ("budget_cents", "  ", None),
    ("staff_fte", 3, 3.0),
    ("staff_fte", "3,25", 3.25),
    ("own_assets", "ja", True),
    ("own_assets", "NEE", False),
    ("own_assets", "no", False),
    ("own_assets", True, True),
    ("own_assets", "false", False),
    ("theme", "Water", "water"),
    ("theme", "veiligheid", "safety"),
    ("theme", "SPATIAL_ENVIRONMENT", "spatial_environment"),
    ("theme", "Wonen", "housing"),
    ("theme", "smurfen", "smurfen"),
    ("line", "eerste lijn", "first"),
    ("legal_form", "Opdrachthoudende vereniging", "opdrachthoudende_vereniging"),
    ("start", datetime(2001, 2, 3), date(2001, 2, 3)),  # noqa: DTZ001
    ("start", "2001-02-03", date(2001, 2, 3)),
    ("start", " 1899-12-31 ", date(1899, 12, 31)),
    ("name", 1984, "1984"),
    ("name", 19.84, "19.84"),
    ("name", " Fabel ", "Fabel"),
    ("host", "ocmw voorbeeldegem", "ocmw-00001"),
    ("host", "00002", "00002"),
    ("host", "Voorbeeldegem", "00001"),
    ("confirmed_by", "Streekoverleg Noord", "Streekoverleg Noord"),
]


@pytest.mark.parametrize(("name", "typed", "kept"), TYPED)
def test_what_a_person_types_becomes_a_value(
    region: tuple[Path, Path], name: str, typed: Any, kept: Any
) -> None:
    before = one(example(), "partnerships", id="p04")
    done, land = changed(
        region,
        lambda filled: filled.put(
            "partnerships", filled.row("partnerships", id="p04"), **{name: typed}
        ),
    )
    after = one(land, "partnerships", id="p04")
    assert (after[name], done.written) == (kept, kept != before[name])
    apart = {"source", name}
    assert {k: v for k, v in after.items() if k not in apart} == {
        k: v for k, v in before.items() if k not in apart
    }
    assert land.date == example().date


def test_an_emptied_cell_is_shown_as_unknown(region: tuple[Path, Path]) -> None:
    done, _land = changed(
        region,
        lambda filled: filled.put(
            "partnerships", filled.row("partnerships", id="p01"), budget_cents=None
        ),
        dry_run=True,
    )
    lines = list(preview(done.changes))
    assert "partnerships, p01, yearly budget (€): 9200000.0 → unknown" in lines
    assert any(line == "sources, werkboek-NOORD-2025-06-01: new row" for line in lines)


def test_every_row_that_changes_says_where_it_comes_from(region: tuple[Path, Path]) -> None:
    def fill(filled: Filled) -> None:
        filled.put("partnerships", filled.row("partnerships", id="p01"), status="gepland")
        filled.put("partnerships", filled.row("partnerships", id="p04"), confirmed_by="Streek")
        filled.put(
            "partnerships", filled.row("partnerships", id="p05"), theme="water", source="nota"
        )
        filled.add("sources", id="nota", title="Nota van het streekoverleg")
        filled.add("partnerships", id="eigen-1", name="Fabeltafel")
        filled.add("partnerships", id="eigen-2", name="Sprookjestafel", source="nota")

    done, land = changed(region, fill)
    sources = dict(land.table("partnerships").select("id", "source").iter_rows())
    assert sources["p01"] == sources["eigen-1"] == "werkboek-NOORD-2025-06-01"
    assert sources["p05"] == sources["eigen-2"] == "nota"
    assert sources["p04"] == sources["p02"] == "example"  # confirmed only; untouched
    row = one(land, "sources", id="werkboek-NOORD-2025-06-01")
    assert (row["date"], row["coverage"], row["publisher"]) == (date(2025, 6, 1), None, None)
    assert "streek.xlsx" in row["note"]
    assert str(region[1].parent) not in row["note"]
    assert {finding.code for finding in done.warnings} >= {"no_organisation_row"}


def test_what_was_known_before_stays_known(region: tuple[Path, Path]) -> None:
    old = example()
    changed(
        region,
        lambda filled: filled.put(
            "partnerships", filled.row("partnerships", id="p01"), name="Streekdienst Fabelland"
        ),
    )
    chronicle = load_chronicle(region[0])
    day = old.date
    assert one(chronicle.at(day), "partnerships", id="p01")["name"] == "Streekdienst Fabelland"
    before = chronicle.at(day, NOW - MINUTE)
    assert one(before, "partnerships", id="p01")["name"] == "Streekdienst Voorbeeldstreek"
    assert before.equals(old)
    assert chronicle.at(day, NOW).equals(chronicle.at(day))
    assert package.read_descriptor(region[0])[1:3] == (day, "chronicle")


def test_given_back_twice_it_changes_nothing_the_second_time(region: tuple[Path, Path]) -> None:
    def fill(filled: Filled) -> None:
        filled.put("partnerships", filled.row("partnerships", id="p01"), status=None)
        filled.add("partnerships", id="eigen-1", name="Fabeltafel")
        filled.add("memberships", partnership="eigen-1", organisation="Voorbeeldegem")
        row = filled.row("memberships", partnership="p01", organisation="00001")
        filled.put("memberships", row, valid_to="2024-01-01")
        later = {"partnership": "p01", "organisation": "00001", "valid_from": "2027-01-01"}
        filled.add("memberships", **later)

    done, _land = changed(region, fill)
    assert done.written
    before = content(region[0])
    again = import_workbook(region[1], region[0], now=NOW + MINUTE)
    assert (again.faults, again.changes, again.written) == ([], [], False)
    assert content(region[0]) == before


def test_a_new_period_of_a_member_is_a_row_of_its_own(region: tuple[Path, Path]) -> None:
    def fill(filled: Filled) -> None:
        row = filled.row("memberships", partnership="p01", organisation="00001")
        filled.put("memberships", row, valid_to=datetime(2027, 1, 1))  # noqa: DTZ001
        later = {"partnership": "p01", "organisation": "00001", "valid_from": "2027-01-01"}
        filled.add("memberships", **later, votes=7)

    changed(region, fill)
    chronicle = load_chronicle(region[0])
    votes = [
        one(chronicle.at(day), "memberships", partnership="p01", organisation="00001")["votes"]
        for day in (date(2026, 12, 31), date(2027, 1, 1))
    ]
    assert votes == [30, 7]


def test_a_row_that_is_gone_stays_unless_asked_otherwise(region: tuple[Path, Path]) -> None:
    folder, path = region
    before = content(folder)
    filled = Filled(path)
    row = filled.row("memberships", partnership="p01", organisation="00001")
    filled.sheet("memberships").delete_rows(row)
    filled.save()
    kept = import_workbook(path, folder, now=NOW)
    assert [(c.table, c.key[:2]) for c in kept.missing] == [("memberships", ("p01", "00001"))]
    assert (kept.changes, kept.written, content(folder)) == ([], False, before)
    gone = import_workbook(path, folder, remove=True, now=NOW)
    assert ([c.kind for c in gone.changes], gone.missing) == (["removed"], [])
    chronicle = load_chronicle(folder)
    key = pl.struct("partnership", "organisation") == pl.struct(
        partnership=pl.lit("p01"), organisation=pl.lit("00001")
    )
    assert chronicle.at(date(2025, 1, 1)).table("memberships").filter(key).height == 0
    assert chronicle.at(date(2025, 1, 1), NOW - MINUTE).table("memberships").filter(key).height == 1


def test_a_dry_run_writes_nothing(region: tuple[Path, Path]) -> None:
    folder, path = region
    filled = Filled(path)
    filled.add("partnerships", id="eigen-1", name="Fabeltafel")
    filled.save()
    beside, before = sorted(folder.parent.iterdir()), content(folder)
    done = import_workbook(path, folder, dry_run=True, now=NOW)
    assert [c.kind for c in done.changes] == ["added", "added"]
    assert not done.written
    assert done.landscape is not None
    assert "eigen-1" in done.landscape.table("partnerships")["id"]
    assert (sorted(folder.parent.iterdir()), content(folder)) == (beside, before)


def test_sheets_that_were_unknown_become_known_where_they_are_filled(tmp_path: Path) -> None:
    small = example()
    kept = (
        "municipalities", "partnerships", "memberships", "zonings", "zones", "zone_members",
        "lineage",
    )  # fmt: skip
    frames = {name: small.table(name) for name in kept}
    land = Landscape(small.date, frames, small.about)
    folder, path = given_out(tmp_path, land, *NORTH)
    changes_nothing(path, folder)
    filled = Filled(path)
    filled.add("tasks", partnership="p01", task="dromen adviseren")
    done = import_workbook(filled.save(), folder, now=NOW)
    assert [str(fault) for fault in done.faults] == []
    after = load(folder)
    assert set(after.frames) == {*kept, "tasks", "sources"}
    assert after.table("sources")["id"].to_list() == ["example", "werkboek-NOORD-2025-06-01"]
    assert not after.knows("mandates")


def test_columns_of_the_users_own_are_kept_and_can_be_filled_in(tmp_path: Path) -> None:
    land = example()
    rows = land.table("partnerships").with_columns(
        colour=pl.lit(None, pl.String), chairs=pl.lit(3), fee_cents=pl.lit(250)
    )
    region = given_out(tmp_path, land.with_tables(partnerships=rows), *NORTH)
    row = Filled(region[1]).row("partnerships", id="p01")
    _done, after = changed(
        region,
        lambda filled: filled.put("partnerships", row, colour="groen", chairs=4.0, fee_cents=2.75),
    )
    found = one(after, "partnerships", id="p01")
    assert (found["colour"], found["chairs"], found["fee_cents"]) == ("groen", 4, 275)
    assert one(after, "partnerships", id="p02")["chairs"] == 3


def test_a_sheet_of_ones_own_is_not_read_and_that_is_told(region: tuple[Path, Path]) -> None:
    filled = Filled(region[1])
    filled.book.create_sheet("kladblad")["A1"] = "=1+1"
    done = import_workbook(filled.save(), region[0], now=NOW)
    assert [(w.code, w.table) for w in done.warnings] == [("unknown_sheet", "kladblad")]
    assert (done.faults, done.written) == ([], False)


def test_the_json_of_an_import_is_json(region: tuple[Path, Path]) -> None:
    import json

    done, _land = changed(
        region,
        lambda filled: filled.put(
            "partnerships", filled.row("partnerships", id="p01"), start="2014-01-01"
        ),
    )
    told = json.loads(json.dumps(done.as_json(), allow_nan=False))
    assert told["written"]
    assert told["changes"][0]["key"] == {"id": "p01"}
    assert told["changes"][0]["cells"]["start"] == {"before": "2015-07-01", "after": "2014-01-01"}


def test_a_clock_that_runs_behind_breaks_no_history(region: tuple[Path, Path]) -> None:
    row = Filled(region[1]).row("partnerships", id="p01")
    for name in ("Eerste Fabel", "Tweede Fabel"):
        write_workbook(load(region[0]), *NORTH, region[1])
        Filled(region[1]).put("partnerships", row, name=name).save()
        done = import_workbook(region[1], region[0], now=NOW)
        assert (done.faults, done.written) == ([], True)
    names = load_chronicle(region[0]).frames["partnerships"].filter(id="p01")["name"]
    assert names.to_list()[-2:] == ["Eerste Fabel", "Tweede Fabel"]


# Two people at once


def copies(region: tuple[Path, Path]) -> Iterator[Filled]:
    for name in ("an.xlsx", "jan.xlsx"):
        path = region[1].with_name(name)
        shutil.copy(region[1], path)
        yield Filled(path)


def test_two_people_who_change_different_cells_both_land(region: tuple[Path, Path]) -> None:
    first, second = copies(region)
    row = first.row("partnerships", id="p01")
    first.put("partnerships", row, name="Streekdienst Fabelland").save()
    second.put("partnerships", row, status="gepland").save()
    for filled in (first, second):
        assert import_workbook(filled.path, region[0], now=NOW).written
    after = load(region[0])
    found = one(after, "partnerships", id="p01")
    assert (found["name"], found["status"]) == ("Streekdienst Fabelland", "planned")
    assert found["source"] == "werkboek-NOORD-2025-06-01-2"
    assert "jan.xlsx" in one(after, "sources", id=found["source"])["note"]


def test_of_two_people_who_change_the_same_cell_the_second_is_told(
    region: tuple[Path, Path],
) -> None:
    first, second = copies(region)
    row = first.row("partnerships", id="p01")
    first.put("partnerships", row, name="Streekdienst Fabelland").save()
    second.put("partnerships", row, name="Streekdienst Droomland").save()
    assert import_workbook(first.path, region[0], now=NOW).written
    before = content(region[0])
    (fault,) = import_workbook(second.path, region[0], now=NOW).faults
    assert (fault.sheet, fault.row, fault.column) == ("partnerships", row, "name")
    assert "“Streekdienst Fabelland”" in fault.message
    assert content(region[0]) == before


CHILD = """
import sys
from pathlib import Path
from samenspel.exchange.excel import import_workbook
for path in sys.argv[2:]:
    done = import_workbook(Path(path), Path(sys.argv[1]))
    assert done.written, done.faults
"""


def child(folder: Path, *paths: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", CHILD, str(folder), *map(str, paths)])


def test_two_processes_at_once_lose_nothing(region: tuple[Path, Path]) -> None:
    works: list[list[Path]] = [[], []]
    for who, paths in enumerate(works):
        for turn in range(3):
            path = region[1].with_name(f"w{who}{turn}.xlsx")
            shutil.copy(region[1], path)
            filled = Filled(path)
            filled.add("partnerships", id=f"eigen-{who}{turn}", name="Fabeltafel")
            paths.append(filled.save())
    running = [child(region[0], *paths) for paths in works]
    assert [process.wait(120) for process in running] == [0, 0]
    ids = set(load(region[0]).table("partnerships")["id"])
    assert {f"eigen-{who}{turn}" for who in range(2) for turn in range(3)} <= ids


def test_who_has_to_wait_too_long_is_told(
    region: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from filelock import FileLock

    from samenspel.exchange.excel import importing

    monkeypatch.setattr(importing, "PATIENCE", 0.1)
    with (
        FileLock(region[0].with_name(".land.lock"), is_singleton=False),
        pytest.raises(InputError, match="somebody else"),
    ):
        import_workbook(region[1], region[0])


@pytest.mark.parametrize("wait", [0.0, 0.02, 0.05])
def test_an_import_that_is_killed_leaves_the_old_or_the_new(
    region: tuple[Path, Path], wait: float
) -> None:
    folder, path = region
    filled = Filled(path)
    filled.add("partnerships", id="eigen-1", name="Fabeltafel")
    filled.save()
    old = load(folder)
    process = child(folder, path)
    writing = f".{folder.name}.writing-*"
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        if any(folder.parent.glob(writing)):
            time.sleep(wait)
            break
    process.kill()
    process.wait()
    found = load(folder)
    assert found.equals(old) or "eigen-1" in found.table("partnerships")["id"]
    done = import_workbook(path, folder)
    assert done.faults == []
    assert "eigen-1" in load(folder).table("partnerships")["id"]
    assert not done.written or list(folder.parent.glob(writing)) == []


# A real region completed


def test_a_real_region_completed_counts_what_was_added(
    flanders_2025: FromFlanders, tmp_path: Path
) -> None:
    land = flanders_2025[0]
    zoning, zone = find_zone(land, "Midwest")
    folder, path = given_out(tmp_path, land, zoning, zone)
    filled = Filled(path)
    lies = (pl.col("zoning") == zoning) & (pl.col("zone") == zone)
    towns = land.table("zone_members").filter(lies)["nis"].to_list()
    added: dict[str, Counter[str]] = {"partnerships": Counter(), "ocmw_associations": Counter()}
    for at in range(20):
        form, name = LEGAL_FORMS[at % len(LEGAL_FORMS)], f"Verzonnen verband {at}"
        welfare = form in OCMW_FORMS
        filled.add(
            "partnerships", id=f"verzonnen-{at}", name=name, legal_form=form, status="active"
        )
        kind = "ocmw_association" if welfare else "intermunicipal_partnership"
        filled.add("organisations", id=f"verzonnen-{at}", name=name, **{"class": kind})
        for nis in towns[at % 5 : at % 5 + 4]:
            filled.add("memberships", partnership=name, organisation=nis, role="lid")
            added["ocmw_associations" if welfare else "partnerships"][nis] += 1
    done = import_workbook(filled.save(), folder, now=NOW)
    assert [str(fault) for fault in done.faults] == []
    assert Counter(change.table for change in done.changes) == {
        "partnerships": 20, "organisations": 20, "memberships": 80, "sources": 1,
    }  # fmt: skip
    before, after = screen(land).as_json(), screen(load(folder)).as_json()
    for name, counts in added.items():
        grown = {
            new["nis"]: new[name] - old[name]
            for old, new in zip(before["municipalities"], after["municipalities"], strict=True)
            if new[name] != old[name]
        }
        assert grown == dict(counts)
    sizes = [
        next(row for row in found["zones"][zoning] if row["zone"] == zone)["partnerships"]
        for found in (before, after)
    ]
    assert sizes[1] - sizes[0] == sum(LEGAL_FORMS[at % 15] not in OCMW_FORMS for at in range(20))
