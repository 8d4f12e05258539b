"""Commands that write documents overwrite nothing of others and tell what a spreadsheet did."""

from pathlib import Path

import pytest

from countries import example
from samenspel.cli.telling import report, workbook
from samenspel.errors import InputError
from samenspel.exchange.excel import import_workbook
from samenspel.landscape.package import write
from workbooks import NOW, Filled, content


@pytest.fixture
def land(tmp_path: Path) -> Path:
    write(example(), tmp_path / "land")
    return tmp_path / "land"


@pytest.mark.parametrize("name", ["memberships.csv", "notes.txt", "report"])
def test_a_report_takes_no_other_name(land: Path, name: str) -> None:
    before = content(land)
    with pytest.raises(InputError, match=r"called \.html"):
        report(land, land / name)
    assert content(land) == before


def test_a_report_replaces_a_report_and_nothing_else(land: Path) -> None:
    out = land.parent / "page.html"
    out.write_text("<html>mine</html>")
    with pytest.raises(InputError, match="no report of Samenspel"):
        report(land, out)
    assert out.read_text() == "<html>mine</html>"
    out.unlink()
    report(land, out)
    first = out.read_bytes()
    report(land, out)
    assert out.read_bytes() == first


def test_a_workbook_that_may_be_filled_in_is_not_overwritten(land: Path) -> None:
    out = land.parent / "zuid.xlsx"
    workbook(land, "ZUID", out, zoning="REGIO")
    before = out.read_bytes()
    with pytest.raises(InputError, match="may have been filled in"):
        workbook(land, "ZUID", out, zoning="REGIO")
    assert out.read_bytes() == before


def test_a_code_that_lost_its_zeros_is_told_beside_its_cell(region: tuple[Path, Path]) -> None:
    folder, path = region
    filled = Filled(path)
    row = filled.row("municipalities", nis="00001")
    filled.put("municipalities", row, nis=1)
    before = content(folder)
    done = import_workbook(filled.save(), folder, now=NOW)
    told = [fault for fault in done.faults if "lost its leading zero" in fault.message]
    assert [(fault.row, "00001" in fault.message) for fault in told] == [(row, True)]
    assert not done.written
    assert content(folder) == before
