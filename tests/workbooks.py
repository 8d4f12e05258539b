"""What the tests of the workbook share: a landscape folder, its workbook, and filling that in."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from samenspel.exchange.excel import import_workbook, layout, write_workbook
from samenspel.landscape import package
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.load import load

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NORTH = ("REGIO", "NOORD")


def content(folder: Path) -> dict[str, bytes]:
    """Every file of ``folder`` by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def given_out(place: Path, landscape: Landscape, zoning: str, zone: str) -> tuple[Path, Path]:
    """``landscape`` as a folder in ``place`` and the workbook of a zone."""
    folder, path = place / "land", place / "streek.xlsx"
    package.write(landscape, folder)
    write_workbook(landscape, zoning, zone, path)
    return folder, path


class Filled:
    """A workbook as a person fills it in: by table, row of the sheet and technical name."""

    def __init__(self, path: Path) -> None:
        self.path, self.book = path, load_workbook(path)

    def sheet(self, table: str) -> Worksheet:
        known = layout.sheet_names()
        return next(s for s in self.book.worksheets if known.get(layout.folded(s.title)) == table)

    def column(self, table: str, name: str) -> int:
        return [cell.value for cell in self.sheet(table)[layout.NAMES]].index(name) + 1

    def cell(self, table: str, row: int, name: str) -> Any:
        return self.sheet(table).cell(row, self.column(table, name))

    def row(self, table: str, **shown: Any) -> int:
        """The first row of the sheet that shows these values."""
        return next(
            row
            for row in range(layout.FIRST, self.sheet(table).max_row + 1)
            if all(self.cell(table, row, name).value == value for name, value in shown.items())
        )

    def put(self, table: str, row: int, **typed: Any) -> "Filled":
        for name, value in typed.items():
            self.cell(table, row, name).value = value
        return self

    def add(self, table: str, **typed: Any) -> int:
        """A new row at the bottom; gives its number."""
        sheet = self.sheet(table)
        row = max(
            (c.row for cells in sheet.iter_rows() for c in cells if c.value is not None),
            default=layout.NAMES,
        ) + 1  # fmt: skip
        self.put(table, row, **typed)
        return row

    def save(self, path: Path | None = None) -> Path:
        self.book.save(path or self.path)
        return path or self.path


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


def changes_nothing(path: Path, folder: Path) -> None:
    before = content(folder)
    done = import_workbook(path, folder, remove=True, now=NOW)
    assert (done.faults, done.changes, done.missing, done.warnings) == ([], [], [], [])
    assert (done.written, done.marked) == (False, None)
    assert content(folder) == before
