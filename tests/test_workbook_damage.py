"""A damaged workbook changes nothing: each fault is told beside its own cell."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from countries import example
from samenspel.exchange.excel import import_workbook, layout, write_workbook
from samenspel.exchange.excel.faults import MARK, RED, Fault
from samenspel.landscape import package
from samenspel.landscape.load import load
from workbooks import NORTH, NOW, Filled, content, given_out

Place = tuple[str, int | None, str | None]
Damage = Callable[[Filled], Place]


def faults_of(region: tuple[Path, Path], **how: Any) -> list[Fault]:
    """The faults of an import, which must leave the folder as it was."""
    before = content(region[0])
    done = import_workbook(region[1], region[0], now=NOW, **how)
    assert content(region[0]) == before
    assert (done.written, done.landscape) == (False, None)
    assert done.faults
    assert done.marked == region[1].with_name("streek-fouten.xlsx")
    return done.faults


def cell(table: str, name: str, value: Any, **key: Any) -> Damage:
    """Put ``value`` in the cell of the row with ``key``."""

    def damage(filled: Filled) -> Place:
        row = filled.row(table, **key)
        filled.put(table, row, **{name: value})
        return table, row, name

    return damage


def new(table: str, at: str | None, **values: Any) -> Damage:
    """Add a row whose fault stands at column ``at``."""

    def damage(filled: Filled) -> Place:
        return table, filled.add(table, **values), at

    return damage


def body(name: str, value: Any) -> Damage:
    return cell("partnerships", name, value, id="p01")


def member(name: str, value: Any) -> Damage:
    return cell("memberships", name, value, partnership="p01", organisation="00001")


def number_for_a_date(filled: Filled) -> Place:
    row = filled.row("partnerships", id="p01")
    filled.put("partnerships", row, start=45_000)
    filled.cell("partnerships", row, "start").number_format = "General"
    return "partnerships", row, "start"


def array(filled: Filled) -> Place:
    row = filled.row("partnerships", id="p01")
    letter = filled.cell("partnerships", row, "staff_fte").column_letter
    ref = f"{letter}{row}:{letter}{row}"
    filled.put("partnerships", row, staff_fte=ArrayFormula(ref, "=SUM(A1:A9)"))
    return "partnerships", row, "staff_fte"


def joined(filled: Filled) -> Place:
    row = filled.row("partnerships", id="p01")
    first = filled.cell("partnerships", row, "theme")
    filled.sheet("partnerships").merge_cells(
        start_row=row, end_row=row + 1, start_column=first.column, end_column=first.column
    )
    return "partnerships", row, "theme"


def twice(filled: Filled) -> Place:
    filled.add("tasks", partnership="p01", task="dromen adviseren")
    return "tasks", filled.add("tasks", partnership="p01", task="dromen adviseren"), "partnership"


def overlapping(filled: Filled) -> Place:
    values = {"partnership": "p01", "organisation": "00001", "valid_from": "2027-01-01"}
    return "memberships", filled.add("memberships", **values), "partnership"


def backwards(filled: Filled) -> Place:
    row = filled.row("memberships", partnership="p01", organisation="00001")
    filled.put("memberships", row, valid_from="2020-01-01", valid_to="2019-01-01")
    return "memberships", row, "valid_to"


def ambiguous(filled: Filled) -> Place:
    for code in ("fabel-1", "fabel-2"):
        filled.add("organisations", id=code, name="De Fabel vzw")
    row = filled.add("memberships", partnership="p01", organisation="de fabel VZW")
    return "memberships", row, "organisation"


DAMAGES: dict[str, tuple[Damage, str]] = {
    "a formula": (body("budget_cents", "=1+1"), "holds a formula (=1+1)"),
    "a formula in a key": (body("id", '="p01"'), "holds a formula"),
    "a formula of a range": (array, "holds a formula (=SUM(A1:A9))"),
    "an error value": (body("staff_fte", "#N/A"), "the error #N/A"),
    "a code of no list": (body("line", "derde lijn"), "“derde lijn” is not in the list"),
    "no date": (body("start", "vorig jaar"), "“vorig jaar” is not a date"),
    "a date that is none": (body("start", "2025-02-30"), "“2025-02-30” is not a date"),
    "a date as a number": (number_for_a_date, "“45000” is not a date"),
    "a date with an hour": (body("start", datetime(2025, 1, 1, 9)), "09:00"),  # noqa: DTZ001
    "half a vote": (member("votes", 12.5), "12.5 is not a whole number"),
    "votes in words": (member("votes", "veel"), "“veel” is not a whole number"),
    "votes as a date": (member("votes", datetime(2025, 1, 1)), "2025-01-01"),  # noqa: DTZ001
    "half a cent": (body("budget_cents", 1.005), "more than two decimals"),
    "a thousand or one": (body("budget_cents", "1.234"), "“1.234” is not a number"),
    "an endless budget": (body("budget_cents", 1e300), "too large a number"),
    "too many votes": (member("votes", 1e19), "too large a number"),
    "a budget below nothing": (body("budget_cents", -2.5), "-2.5 is too small"),
    "more than the whole": (member("share", 1.5), "1.5 is too large; at most 1"),
    "neither yes nor no": (body("own_assets", "misschien"), "“misschien” is not yes or no"),
    "one for yes": (body("own_assets", 1), "“1” is not yes or no"),
    "a name that became a date": (body("name", datetime(2025, 5, 1)), "2025-05-01"),  # noqa: DTZ001
    "a name that became true": (body("name", value=True), "type it as text"),
    "a sign that cannot be shown": (body("name", "bel_x0007_"), "cannot be shown"),
    "half a sign": (body("name", "half_xD800_"), "cannot be shown"),
    "a code with a fraction": (new("partnerships", "id", id=4.5, name="Fabel"), "fraction"),
    "a code of too many digits": (new("partnerships", "id", id=1e17, name="Fabel"), "too many"),
    "a row without a code": (new("partnerships", "id", name="Fabeltafel"), "is empty; fill it"),
    "half a key": (new("memberships", "organisation", partnership="p01"), "is empty; fill it"),
    "no name of a town": (cell("municipalities", "name", None, nis="00001"), "is empty; fill it"),
    "an unknown member": (
        new("memberships", "organisation", partnership="p01", organisation="sprookje"),
        "“sprookje” does not stand in organisations.id",
    ),
    "an unknown source": (body("source", "horen zeggen"), "does not stand in sources.id"),
    "a name of two": (ambiguous, "name of more than one; put a code: fabel-1, fabel-2"),
    "the same row twice": (twice, "stands in more than one row; keep one"),
    "two periods at once": (overlapping, "another row that holds in a part of this period"),
    "an end before the start": (backwards, "does not lie after"),
    "an end on the start": (body("term_end", "2015-07-01"), "not after the start"),
    "a service that nobody has": (
        new("task_provision", "task", partnership="p01", task="toveren", organisation="00001"),
        "does not stand in tasks",
    ),
    "a later member that is unknown": (
        new("memberships", "organisation", partnership="p01", organisation="sprookje",
            valid_from="2030-01-01"),
        "does not stand in organisations.id",
    ),
    "joined cells": (joined, "cells are joined here"),
}  # fmt: skip


def told_in_copy(path: Path, place: Place, message: str) -> None:
    """The copy tells ``message`` in its cell, on its row, and on the first sheet."""
    marked = Filled(path)
    table, row, name = place
    assert row is not None
    sheet = marked.sheet(table)
    column = marked.column(table, layout.FAULTS)
    assert message in str(sheet.cell(row, column).value)
    if name is not None:
        found = marked.cell(table, row, name)
        assert message in found.comment.text
        assert found.comment.text.startswith(MARK)
        assert found.fill.fgColor.rgb == RED
    first = marked.book.worksheets[0]
    lines = [
        (cells[0].value, cells[1].value, getattr(cells[0].hyperlink, "location", ""))
        for cells in first.iter_rows(3)
        if message in str(cells[3].value)
    ]
    assert any(line[:2] == (sheet.title, row) and line[2].endswith(str(row)) for line in lines)
    types = {c.data_type for s in marked.book for cells in s for c in cells}
    assert "f" not in types


@pytest.mark.parametrize("name", DAMAGES)
def test_each_damage_is_told_beside_its_cell(region: tuple[Path, Path], name: str) -> None:
    damage, message = DAMAGES[name]
    filled = Filled(region[1])
    place = damage(filled)
    titles = {table: filled.sheet(table).title for table in layout.SHEETS}
    head = None if place[2] is None else filled.cell(place[0], 1, place[2]).value
    filled.save()
    faults = faults_of(region)
    assert [(f.sheet, f.row, f.column) for f in faults if message in f.message] == [
        (titles[place[0]], place[1], head)
    ]
    told_in_copy(region[1].with_name("streek-fouten.xlsx"), place, message)


def test_every_fault_is_told_at_once_and_the_mended_copy_lands(region: tuple[Path, Path]) -> None:
    filled = Filled(region[1])
    town = filled.row("municipalities", nis="00001")
    row = filled.row("partnerships", id="p01")
    filled.put("municipalities", town, population=-1)
    filled.put("partnerships", row, start="ooit", status="planned", budget_cents="=2*3")
    filled.save()
    faults = faults_of(region)
    assert {(f.row, f.column) for f in faults} == {
        (town, "inhabitants"), (row, "founded on"), (row, "yearly budget (€)"),
    }  # fmt: skip
    copy = region[1].with_name("streek-fouten.xlsx")
    marked = Filled(copy)
    assert marked.cell("partnerships", row, "budget_cents").value == "=2*3"
    assert marked.cell("partnerships", row, "budget_cents").data_type == "s"
    offered = marked.sheet("partnerships").data_validations.dataValidation
    assert {v.formula1 for v in offered} >= {"list_partnerships_theme", "codes_organisations_id"}
    assert marked.sheet("partnerships").protection.sheet
    assert marked.sheet("partnerships")["A1"].protection.locked
    assert {s.sheet_state for s in marked.book.worksheets} == {"visible", "hidden", "veryHidden"}
    marked.put("municipalities", town, population=40_000)
    marked.put("partnerships", row, start=None).save()
    again = import_workbook(copy, region[0], now=NOW)
    assert again.marked == copy
    assert [(f.row, f.column) for f in again.faults] == [(row, "yearly budget (€)")]
    marked = Filled(copy)
    mended = marked.cell("partnerships", row, "start")
    assert (mended.fill.fill_type, mended.comment, mended.number_format) == (
        None,
        None,
        "yyyy-mm-dd",
    )
    assert not mended.protection.locked
    names = [c.value for c in marked.sheet("partnerships")[layout.NAMES]]
    assert names.count(layout.FAULTS) == 1
    assert layout.FAULTS not in [c.value for c in marked.sheet("municipalities")[layout.NAMES]]
    assert marked.book.sheetnames.count("faults") == 1
    marked.put("partnerships", row, budget_cents=6).save()
    assert import_workbook(copy, region[0], now=NOW).written
    found = load(region[0]).table("partnerships").filter(id="p01").row(0, named=True)
    assert (found["start"], found["status"], found["budget_cents"]) == (None, "planned", 600)


def test_a_note_of_ones_own_survives_the_marks(region: tuple[Path, Path]) -> None:
    from openpyxl.comments import Comment

    filled = Filled(region[1])
    row = filled.row("partnerships", id="p01")
    filled.put("partnerships", row, start="ooit")
    filled.cell("partnerships", row, "start").comment = Comment("navragen", "Streek")
    filled.save()
    faults_of(region)
    copy = region[1].with_name("streek-fouten.xlsx")
    assert "navragen" in Filled(copy).cell("partnerships", row, "start").comment.text
    Filled(copy).put("partnerships", row, start=None, name="=1").save()
    import_workbook(copy, region[0], now=NOW)
    assert Filled(copy).cell("partnerships", row, "start").comment.text == "navragen"


# Heads and sheets


def test_a_column_without_its_name_is_told(region: tuple[Path, Path]) -> None:
    filled = Filled(region[1])
    filled.cell("partnerships", 2, "theme").value = None
    filled.save()
    (fault,) = faults_of(region)
    assert (fault.sheet, fault.row, fault.column) == ("partnerships", 2, "theme")
    assert "“theme” is missing" in fault.message


def test_a_column_that_stands_there_twice_is_told(region: tuple[Path, Path]) -> None:
    filled = Filled(region[1])
    filled.cell("partnerships", 2, "theme").value = "name"
    filled.save()
    faults = faults_of(region)
    assert {f.message.partition(";")[0] for f in faults} == {
        "this column stands here twice", "the column “theme” is missing",
    }  # fmt: skip
    assert {f.row for f in faults} == {2}


def test_a_column_with_a_strange_name_is_told(region: tuple[Path, Path]) -> None:
    filled = Filled(region[1])
    sheet = filled.sheet("partnerships")
    sheet.cell(2, 40).value = "telefoon"
    filled.save()
    (fault,) = faults_of(region)
    assert (fault.sheet, fault.row, fault.column) == ("partnerships", 2, "telefoon")


def test_a_sheet_that_is_missing_or_doubled_is_told(region: tuple[Path, Path]) -> None:
    filled = Filled(region[1])
    filled.book.remove(filled.sheet("tasks"))
    filled.book.create_sheet("partnerships".upper() + " ")
    filled.book.create_sheet("lidmaatschappen")
    filled.save()
    faults = faults_of(region, remove=True)
    assert ("tasks", None) in {(f.sheet, f.row) for f in faults}
    assert any("also as “memberships”" in fault.message for fault in faults)


# What the landscape became meanwhile


def test_a_changed_row_that_went_meanwhile_is_told(region: tuple[Path, Path]) -> None:
    land = load(region[0])
    rows = land.table("mandates")
    gone = (pl.col("partnership") == "p01") & (pl.col("organisation") == "00001")
    filled = Filled(region[1])
    row = filled.row("mandates", partnership="p01", organisation="00001")
    filled.put("mandates", row, seats=9).save()
    package.write(land.with_tables(mandates=rows.filter(~gone)), region[0], replace=True)
    (fault,) = faults_of(region)
    assert (fault.sheet, fault.row, fault.column) == ("mandates", row, None)
    assert "meanwhile gone" in fault.message


def test_a_row_that_may_not_go_is_told(region: tuple[Path, Path]) -> None:
    filled = Filled(region[1])
    filled.sheet("organisations").delete_rows(filled.row("organisations", id="ocmw-00001"))
    filled.save()
    needed = [f for f in faults_of(region, remove=True) if "ocmw-00001" in f.message]
    assert {f.sheet for f in needed} <= {"memberships", "tasks, for whom", "mandates"}
    assert needed


def test_a_fault_outside_the_workbook_is_told_as_such(region: tuple[Path, Path]) -> None:
    land = load(region[0])
    rows = land.table("partnerships")
    away = rows["id"].is_in(["p08"])
    rows = rows.with_columns(host=pl.when(away).then(pl.lit("fabel-1")).otherwise("host"))
    new_one = pl.DataFrame({"id": ["fabel-1"], "name": ["De Fabel"]})
    organisations = pl.concat([land.table("organisations"), new_one], how="diagonal")
    members = pl.concat(
        [land.table("memberships"),
         pl.DataFrame({"partnership": ["p01"], "organisation": ["fabel-1"]})],
        how="diagonal",
    )  # fmt: skip
    grown = land.with_tables(partnerships=rows, organisations=organisations, memberships=members)
    package.write(grown, region[0], replace=True)
    write_workbook(grown, *NORTH, region[1])
    filled = Filled(region[1])
    filled.sheet("organisations").delete_rows(filled.row("organisations", id="fabel-1"))
    row = filled.row("memberships", organisation="fabel-1")
    filled.sheet("memberships").delete_rows(row)
    filled.save()
    (fault,) = faults_of(region, remove=True)
    assert (fault.sheet, fault.row, fault.column) == ("partnerships", None, "hosted by")
    assert fault.message.startswith("outside the workbook, row p08: “fabel-1” does not stand")


def test_errors_that_were_there_before_do_not_block(tmp_path: Path) -> None:
    land = example()
    rows = land.table("partnerships").with_columns(
        host=pl.when(pl.col("id") == "p08").then(pl.lit("niemand")).otherwise("host")
    )
    region = given_out(tmp_path, land.with_tables(partnerships=rows), *NORTH)
    filled = Filled(region[1])
    filled.put("partnerships", filled.row("partnerships", id="p01"), start=None).save()
    assert import_workbook(region[1], region[0], now=NOW).written
