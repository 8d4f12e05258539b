"""The region's own workbook: written from a landscape, completed by hand, and merged back."""

from pathlib import Path

from samenspel.exchange.excel import layout
from samenspel.exchange.excel.basis import basis_of
from samenspel.exchange.excel.importing import Imported, import_workbook
from samenspel.exchange.excel.region import names_of, rows_of_region
from samenspel.exchange.excel.saving import save
from samenspel.exchange.excel.writing import make
from samenspel.landscape.landscape import Landscape

__all__ = ["Imported", "import_workbook", "write_workbook"]


def write_workbook(landscape: Landscape, zoning: str, zone: str, path: Path) -> dict[str, int]:
    """Write what ``landscape`` knows of ``zone`` as a workbook that can be completed.

    Gives the number of rows per table. Raises InputError where ``path`` cannot be written or a
    text cannot stand in a cell.
    """
    rows = rows_of_region(landscape, zoning, zone)
    basis = basis_of(landscape, zoning, zone, rows)
    save(make(basis, landscape.about, names_of(landscape)), path, landscape.date)
    return {table: rows[table].height for table in layout.SHEETS}
