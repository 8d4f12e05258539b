"""A workbook made from the register, completed by hand, and taken back in."""

from datetime import date
from pathlib import Path

import pytest
from peopled import agency, coordinator, fill, town
from small_register import everything

from registers import Database
from samenspel.errors import InputError
from samenspel.exchange.excel import write_workbook
from samenspel.register import editing, history, importing, reading, rights, workbooks
from samenspel.register.writing import Conflict, Reason, write
from workbooks import NORTH, Filled

pytestmark = pytest.mark.usefixtures("database")
DAY = date(2025, 1, 1)


@pytest.fixture
def book(database: Database, tmp_path: Path) -> Filled:
    """The workbook of the northern region, made from the register that holds the example."""
    fill()
    path = tmp_path / f"noord-{database.kind}.xlsx"
    write_workbook(reading.landscape(DAY), *NORTH, path)
    return Filled(path)


def budget(value: int, title: str = "p01") -> None:
    """Somebody changes the budget of a partnership in the register."""
    seen = history.current("partnerships", [title])[0]
    write(editing.correct(seen, {"budget_cents": value}), Reason("edit", "meanwhile"))


def test_an_untouched_workbook_changes_nothing(book: Filled) -> None:
    found = workbooks.preview(book.save())
    assert found.batch.empty
    assert not found.findings


def test_what_was_filled_in_is_taken_in(book: Filled) -> None:
    row = book.row("partnerships", id="p01")
    book.put("partnerships", row, budget_cents=12.5)
    new = book.add("partnerships", id="p99", name="Nieuw", legal_form="interlokale vereniging")
    keeper = agency()
    budget(777, "p02")  # elsewhere: both stay
    found = workbooks.preview(book.save())
    assert not found.faults, (new, found.faults)
    assert {"partnerships", "organisations", "sources"} <= found.changes.keys()
    before = reading.landscape(DAY)
    importing.apply(keeper, found, "completed")
    table = reading.landscape(DAY).table("partnerships")
    values = dict(table.select("id", "budget_cents").iter_rows())
    assert (values["p01"], values["p02"]) == (1250, 777)
    assert "p99" in values
    assert before.equals(reading.landscape(DAY, change=2))


def test_a_cell_changed_on_both_sides_is_a_fault_and_nothing_is_written(book: Filled) -> None:
    book.put("partnerships", book.row("partnerships", id="p01"), budget_cents=12.5)
    path = book.save()
    budget(777)
    before = everything()
    found = workbooks.preview(path)
    assert [(fault.row, "meanwhile changed" in fault.message) for fault in found.faults] == [
        (book.row("partnerships", id="p01"), True)
    ]
    assert found.marked is not None
    assert found.marked.is_file()
    with pytest.raises(InputError, match="1 faults"):
        importing.take_in(found, "completed")
    assert everything() == before


def test_a_change_between_preview_and_agreement_is_a_conflict(book: Filled) -> None:
    book.put("partnerships", book.row("partnerships", id="p01"), name="Anders")
    found = workbooks.preview(book.save())
    budget(777)
    before = everything()
    with pytest.raises(Conflict):
        importing.take_in(found, "completed")
    assert everything() == before


def test_a_deleted_row_stays_unless_asked_otherwise(book: Filled) -> None:
    book.sheet("mandates").delete_rows(book.row("mandates", partnership="p01"))
    path = book.save()
    assert workbooks.preview(path).batch.empty
    assert len(workbooks.preview(path).missing["mandates"]) == 1
    importing.take_in(workbooks.preview(path, remove=True), "ended")
    seats = reading.landscape(DAY).table("mandates").height
    assert seats == reading.landscape(DAY, change=1).table("mandates").height - 1


def test_an_edited_row_is_no_longer_confirmed_and_a_confirmed_one_is(book: Filled) -> None:
    seen = history.current("partnerships", ["p01"])[0]
    write(editing.confirm(seen, "p01"), Reason("confirm", "right"))
    path = book.path.with_name("ander.xlsx")
    write_workbook(reading.landscape(DAY), *NORTH, path)
    other = Filled(path)
    other.put("partnerships", other.row("partnerships", id="p01"), budget_cents=1)
    other.put("partnerships", other.row("partnerships", id="p02"), confirmed_by="p02")
    importing.take_in(workbooks.preview(other.save()), "completed")
    found = reading.landscape(DAY).table("partnerships").select("id", "confirmed_by")
    by = dict(found.iter_rows())
    assert (by["p01"], by["p02"]) == (None, "p02")


def test_another_landscape_is_refused(book: Filled) -> None:
    seen = history.current("about", [])[0]
    write(editing.correct(seen, {"name": "Anders"}), Reason("edit", "renamed"))
    with pytest.raises(InputError, match="register holds “Anders”"):
        workbooks.preview(book.path)


def test_who_may_take_a_workbook_in(book: Filled) -> None:
    row = book.row("municipalities", nis="00001")
    book.put("municipalities", row, population=4321)
    path = book.save()
    before = everything()
    for actor in (rights.VISITOR, town("00006"), coordinator()):
        with pytest.raises(rights.Refused, match="edit this row of table municipalities"):
            importing.apply(actor, workbooks.preview(path), "completed")
        assert everything() == before
    importing.apply(town("00001"), workbooks.preview(path), "completed", acting_for="00001")
    towns = reading.landscape(DAY).table("municipalities")
    assert towns.filter(nis="00001")["population"].to_list() == [4321]
