"""Reading one CSV file strictly: every damage is named with its line, nothing is guessed."""

import csv
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

from samenspel.errors import InputError
from samenspel.language import _

ROW = "_row"


def decode(path: Path, data: bytes) -> str:
    """``data`` of ``path`` as UTF-8 text. Raises InputError with the line that is not."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            _("{file}, line {line}: this is not UTF-8 text; save the file as CSV UTF-8.").format(
                file=path.name, line=line
            )
        ) from error


def wrong_width(path: Path, data: bytes, width: int) -> tuple[int, int] | None:
    """(row, number of cells) of the first row that has not ``width`` cells; blank rows are passed.

    Costs one pass; without quotes it counts separators per line, else it reads as CSV. Raises
    InputError where quotes are out of place.
    """
    if b'"' in data:
        row = 0
        try:
            for row, found in enumerate(rows_of(data), start=1):
                if found and len(found) != width:
                    return row, len(found)
        except csv.Error as error:
            raise InputError(
                _("{file}, row {row}: a quote is not closed or stands inside a cell.").format(
                    file=path.name, row=row + 1
                )
            ) from error
        return None
    array = np.frombuffer(data if data.endswith(b"\n") else data + b"\n", np.uint8)
    ends = np.flatnonzero(array == ord("\n"))
    cells = np.diff(np.searchsorted(np.flatnonzero(array == ord(",")), ends), prepend=0) + 1
    lengths = np.diff(ends, prepend=-1) - 1 - (array[ends - 1] == ord("\r"))
    wrong = np.flatnonzero((cells != width) & (lengths > 0))
    return (int(wrong[0]) + 1, int(cells[wrong[0]])) if len(wrong) else None


def rows_of(data: bytes) -> Iterator[list[str]]:
    """The rows of ``data`` as CSV, with cells of any length. Raises csv.Error."""
    usual = csv.field_size_limit(sys.maxsize)
    try:
        yield from csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True)
    finally:
        csv.field_size_limit(usual)


def read_csv(path: Path, data: bytes | None = None) -> pl.DataFrame:
    """All cells of a comma-separated file as text, empty cells as unknown, and ``_row``, the row
    as a spreadsheet numbers it.

    ``data``: the bytes, where they do not come from ``path`` itself. Raises InputError where the
    file is empty, is not UTF-8, has a header with empty or double names, a row with another number
    of cells, or quotes that do not close.
    """
    try:
        raw = path.read_bytes() if data is None else data
    except OSError as error:
        raise InputError(
            _("{file} cannot be read ({error}).").format(file=path.name, error=error.strerror)
        ) from error
    encoded = decode(path, raw).encode()
    if not encoded.strip():
        raise InputError(_("{file}: the file is empty.").format(file=path.name))
    if b"\0" in encoded:
        raise InputError(_("{file}: this is not a text file.").format(file=path.name))
    if b'"' not in encoded and re.search(rb"\r(?!\n)", encoded):
        raise InputError(
            _("{file}: the lines end in the old Macintosh way; save the file as CSV UTF-8.").format(
                file=path.name
            )
        )
    try:
        first = next(rows_of(encoded))
        if not first:
            raise InputError(
                _("{file}: the header is empty; the first row must hold the column names.").format(
                    file=path.name
                )
            )
        header = [name.strip() for name in first]
        if len(header) == 1 and re.search(r"[;\t]", header[0]):
            raise InputError(
                _(
                    "{file}: the cells are not separated by commas; save it as CSV with commas."
                ).format(file=path.name)
            )
        if "" in header or len(set(header)) < len(header):
            raise InputError(
                _("{file}: the header has an empty or repeated column name.").format(file=path.name)
            )
        found = wrong_width(path, encoded, len(header))
        if found:
            raise InputError(
                _(
                    "{file}, row {row}: {cells} cells where the header has {width}; "
                    "the file is damaged or not separated by commas."
                ).format(file=path.name, row=found[0], cells=found[1], width=len(header))
            )
        frame = pl.read_csv(
            encoded,
            has_header=False,
            skip_rows=0,
            new_columns=header,
            infer_schema=False,
            raise_if_empty=False,
        ).slice(1)
    except (csv.Error, pl.exceptions.PolarsError) as error:
        raise InputError(
            _("{file}: cannot be read as CSV ({error}).").format(
                file=path.name, error=str(error).splitlines()[0]
            )
        ) from error
    frame = frame.with_row_index(ROW, offset=2).with_columns(
        pl.col(ROW).cast(pl.Int64),
        *(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in header),
    )
    return frame.filter(pl.any_horizontal(pl.col(header).is_not_null()))
