"""Opening a workbook that a stranger may have made: refused before anything of it is believed."""

import io
import re
import warnings
from pathlib import Path
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError

from openpyxl import Workbook, load_workbook
from openpyxl.utils import column_index_from_string

from samenspel.errors import InputError
from samenspel.exchange.excel import layout
from samenspel.exchange.excel.basis import Basis, read_lines
from samenspel.exchange.excel.values import unescape
from samenspel.language import _

# Choices: far above any region's workbook, far below what a computer holds.
MOST_BYTES = 200_000_000  # of all parts together, unpacked
MOST_ROWS = 200_000  # on one sheet
MOST_JOINED = 1_000_000  # cells of one sheet that are joined, linked or computed as one
ROW_TAG = re.compile(rb"<(?:\w+:)?row[ />]")
RANGE = re.compile(
    rb"<(?:\w+:)?(?:mergeCell|hyperlink|f)\b[^>]*?\bref=[\"']"
    rb"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})[\"']"
)
ENCODING = re.compile(rb"^\s*<\?xml[^>]*encoding=[\"']([^\"']+)")
OLD_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and anything with a password
PASSWORD = "EncryptedPackage".encode("utf-16-le")


def open_workbook(path: Path) -> Workbook:
    """The workbook in ``path``, without macros and links to other files, formulas not evaluated.

    Raises InputError where it is no sound .xlsx file or is larger than a region's can be.
    """
    data = bytes_of(path)
    look_inside(path, data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load_workbook(io.BytesIO(data), keep_links=False, keep_vba=False)
    except Exception as error:  # openpyxl raises whatever a damaged part leads to
        raise InputError(
            _("{file} is damaged and cannot be read as a workbook ({error}); open it in your "
              "spreadsheet program and save it as .xlsx again.").format(
                file=path.name, error=f"{type(error).__name__} {error}".splitlines()[0][:120])
        ) from error  # fmt: skip


def bytes_of(path: Path) -> bytes:
    """The content of ``path``. Raises InputError where it cannot be an .xlsx file."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise too_large(path)
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            _("{file} cannot be read ({error}).").format(file=path.name, error=error.strerror)
        ) from error
    if data.startswith(OLD_FILE):
        message = (
            _("{file} has a password; save it without one.")
            if PASSWORD in data
            else _("{file} is an old Excel file (.xls); save it as .xlsx.")
        )
        raise InputError(message.format(file=path.name))
    return data


def look_inside(path: Path, data: bytes) -> None:
    """Read every part of the zip file ``data`` once. Raises InputError."""
    try:
        with ZipFile(io.BytesIO(data)) as file:
            if sum(part.file_size for part in file.infolist()) > MOST_BYTES:
                raise too_large(path)
            names = set(file.namelist())
            if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
                raise InputError(
                    _("{file} is not an Excel workbook; save it as .xlsx.").format(file=path.name)
                )
            for name in sorted(names):
                if name.endswith((".xml", ".rels", ".vml")):
                    look_at(path, file.read(name))
    except (BadZipFile, ZlibError, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        raise InputError(
            _("{file} cannot be read ({error}); it is damaged, or was not saved as .xlsx.").format(
                file=path.name, error=error
            )
        ) from error


def look_at(path: Path, data: bytes) -> None:
    """Refuse what makes a part unsafe or endless to read. Raises InputError."""
    encoding = ENCODING.match(data.removeprefix(b"\xef\xbb\xbf"))
    strange = encoding is not None and encoding[1].lower() not in (b"utf-8", b"us-ascii")
    if strange or b"\0" in data or b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise InputError(
            _("{file} holds parts that no workbook needs and that may do harm; it is not read. "
              "Copy the rows into a new workbook.").format(file=path.name)
        )  # fmt: skip
    rows = sum(1 for _found in ROW_TAG.finditer(data))
    if rows > MOST_ROWS or sum(map(area, RANGE.finditer(data))) > MOST_JOINED:
        raise too_large(path)


def area(found: "re.Match[bytes]") -> int:
    left, top, right, bottom = (part.decode() for part in found.groups())
    wide = column_index_from_string(right) - column_index_from_string(left)
    return (abs(wide) + 1) * (abs(int(bottom) - int(top)) + 1)


def too_large(path: Path) -> InputError:
    return InputError(
        _("{file} is too large: a sheet may have {rows} rows, the whole {size} MB unpacked, and no "
          "joined cells over whole columns; remove what was added by mistake.").format(
            file=path.name, rows=MOST_ROWS, size=MOST_BYTES // 10**6)
    )  # fmt: skip


def basis_in(book: Workbook) -> Basis:
    """What ``book`` was made from. Raises InputError where it does not say so."""
    lines: dict[int, list[str]] = {}
    if layout.BASIS in book.sheetnames:
        sheet = book[layout.BASIS]
        for row, column in sorted(sheet._cells):
            value = sheet._cells[row, column].value
            if value is not None:
                lines.setdefault(row, []).append(unescape(str(value)))
    return read_lines(list(lines.values()))
