"""The region's own workbook: what goes out comes back unchanged, what is filled in lands."""

import os
import shutil
import subprocess
import time
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from openpyxl import load_workbook

from conftest import Imported as FromFlanders
from countries import example, generate
from samenspel import language
from samenspel.errors import InputError
from samenspel.exchange.excel import layout, write_workbook
from samenspel.exchange.excel.values import code_word
from samenspel.landscape import tables
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.load import load
from samenspel.screening.select import find_zone
from workbooks import NORTH, Filled, changes_nothing, given_out


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


@pytest.mark.parametrize("name", ["streek.xls", "streek", "map.xlsx"])
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
