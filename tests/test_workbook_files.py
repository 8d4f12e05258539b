"""Files that are no sound workbook, or no longer one of this landscape, are refused in one line."""

import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from countries import example
from samenspel.errors import InputError
from samenspel.exchange.excel import import_workbook, opening
from samenspel.landscape import package
from workbooks import NOW, Filled, content

Place = tuple[str, int | None, str | None]
Damage = Callable[[Filled], Place]


# Files that are no sound workbook


def refused(region: tuple[Path, Path], match: str) -> None:
    lock = region[0].with_name(".land.lock")
    before, beside = content(region[0]), {*region[0].parent.iterdir(), lock}
    with pytest.raises(InputError, match=match) as told:
        import_workbook(region[1], region[0], now=NOW)
    assert "\n" not in str(told.value)
    assert content(region[0]) == before
    assert {*region[0].parent.iterdir(), lock} == beside


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (b"", "cannot be read"),
        (b"nis,name\n", "cannot be read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), r"old Excel file \(\.xls\)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
    ],
)
def test_another_file_is_refused(region: tuple[Path, Path], data: bytes, match: str) -> None:
    region[1].write_bytes(data)
    refused(region, match)


def test_a_file_that_is_not_there_is_refused(region: tuple[Path, Path]) -> None:
    region[1].unlink()
    refused(region, "cannot be read")


@pytest.mark.parametrize("part", [1, 2, 5, 9])
def test_half_a_file_is_refused(region: tuple[Path, Path], part: int) -> None:
    data = region[1].read_bytes()
    region[1].write_bytes(data[: len(data) * part // 10])
    refused(region, "cannot be read")


def rewritten(path: Path, change: Callable[[str, bytes], bytes | None]) -> None:
    """Replace the parts of the zip file ``path``."""
    made = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                kept.writestr(name, data)
    path.write_bytes(made.getvalue())


ENTITY = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb">]>'


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda n, d: None if n == "xl/workbook.xml" else d, "not an Excel workbook"),
        (lambda n, d: ENTITY + d if "sheet2" in n else d, "may do harm"),
        (lambda n, d: d.decode().encode("utf-16") if "sheet2.xml" in n else d, "may do harm"),
        (lambda n, d: b'<?xml version="1.0" encoding="cp037"?>' + d if "sheet2" in n else d,
         "may do harm"),
        (lambda n, d: d[:-30] if n == "xl/worksheets/sheet2.xml" else d, "damaged"),
        (lambda n, d: None if n == "xl/styles.xml" else d, "damaged"),
        (lambda n, d: d.replace(b"</sheetData>", b'</sheetData><mergeCells><mergeCell '
         b'ref="A1:XFD1048576"/></mergeCells>') if "sheet2" in n else d, "too large"),
    ],
)  # fmt: skip
def test_a_damaged_or_harmful_part_is_refused(
    region: tuple[Path, Path], change: Callable[[str, bytes], bytes | None], match: str
) -> None:
    rewritten(region[1], change)
    refused(region, match)


def test_a_bomb_is_refused_before_it_is_unpacked(
    region: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "MOST_BYTES", 100_000)
    refused(region, "too large")


def test_too_many_rows_are_refused(
    region: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "MOST_ROWS", 20)
    refused(region, "too large")


def test_a_workbook_of_ones_own_is_refused(region: tuple[Path, Path]) -> None:
    book = load_workbook(region[1])
    del book["_basis"]
    book.save(region[1])
    refused(region, "make a new one")


@pytest.mark.parametrize("column", [1, 2])
def test_a_damaged_basis_is_refused(region: tuple[Path, Path], column: int) -> None:
    book = load_workbook(region[1])
    found = book["_basis"].cell(4, column)
    found.value = str(found.value).replace("p", "q")
    book.save(region[1])
    refused(region, "make a new one")


def test_the_workbook_of_another_landscape_is_refused(
    region: tuple[Path, Path], tmp_path: Path
) -> None:
    from dataclasses import replace

    other = replace(example(), about=replace(example().about, name="Droomland"))
    shutil.rmtree(region[0])
    package.write(other, region[0])
    refused(region, "Droomland")
    with pytest.raises(InputError, match="no such folder"):
        import_workbook(region[1], tmp_path / "nergens")


def test_a_folder_that_cannot_be_rewritten_is_refused(region: tuple[Path, Path]) -> None:
    (region[0] / "nota.txt").write_text("van de streek", encoding="utf-8")
    refused(region, "import package")


def test_a_folder_with_unreadable_cells_is_refused(region: tuple[Path, Path]) -> None:
    path = region[0] / "partnerships.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("2015-07-01", "ooit"), encoding="utf-8"
    )
    refused(region, "1 errors")
