"""Saving a workbook whole or not at all; the same content gives the same bytes."""

import io
import re
from datetime import date as Date
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook

from samenspel.errors import InputError
from samenspel.landscape.wholefolder import whole_file
from samenspel.language import _

CORE = "docProps/core.xml"
MOMENT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
OLDEST = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip file knows


def save(book: Workbook, path: Path, date: Date) -> None:
    """Write ``book`` as ``path``, as if it was made on ``date``.

    Raises InputError where the place is a folder, is not called .xlsx, or cannot be written.
    """
    if path.suffix.lower() != ".xlsx":
        raise InputError(_("{path}: a workbook is called .xlsx; name it so.").format(path=path))
    buffer = io.BytesIO()
    book.save(buffer)
    whole_file(path, steady(buffer, date))


def steady(buffer: io.BytesIO, date: Date) -> bytes:
    """The zip file in ``buffer`` with ``date`` for every moment of its making."""
    kept = io.BytesIO()
    with ZipFile(buffer) as made, ZipFile(kept, "w") as file:
        for name in made.namelist():
            data = made.read(name)
            if name == CORE:
                data = MOMENT.sub(rb"\g<1>%sT00:00:00Z" % date.isoformat().encode(), data)
            file.writestr(ZipInfo(name, OLDEST), data, ZIP_DEFLATED)
    return kept.getvalue()
