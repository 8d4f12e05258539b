"""Reading one CSV file: what is read, with the numbers of a spreadsheet, and each damage."""

import csv
import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samenspel.errors import InputError
from samenspel.landscape.csvfile import ROW, read_csv

FILE = Path("table.csv")
Rows = list[tuple[int | str | None, ...]]


def read(data: bytes) -> Rows:
    return read_csv(FILE, data).rows()


def refusal(data: bytes) -> str:
    with pytest.raises(InputError) as caught:
        read(data)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# What is read.


READABLE: dict[str, tuple[bytes, Rows]] = {
    "plain": (b"a,b\n1,2\n3,4\n", [(2, "1", "2"), (3, "3", "4")]),
    "no end of line": (b"a,b\n1,2", [(2, "1", "2")]),
    "header only": (b"a,b\n", []),
    "header only, no end of line": (b"a,b", []),
    "all is text": (b"a,b\n007,true\n1e3,2025-1-1\n", [(2, "007", "true"), (3, "1e3", "2025-1-1")]),
    "words for nothing": (b"a,b\nNULL,NaN\nNA,None\n", [(2, "NULL", "NaN"), (3, "NA", "None")]),
    "empty cells": (b'a,b\n,2\n"",3\n', [(2, None, "2"), (3, None, "3")]),
    "rows of empty cells": (b"a,b\n,\n1,2\n,\n3,4\n", [(3, "1", "2"), (5, "3", "4")]),
    "spaces stay": (b"a,b\n 1 , 2\n", [(2, " 1 ", " 2")]),
    "spaces in the header go": (b" a ,b \n1,2\n", [(2, "1", "2")]),
    "blank line": (b"a,b\n1,2\n\n3,4\n", [(2, "1", "2"), (4, "3", "4")]),
    "blank lines at the end": (b"a,b\n1,2\n\n\n", [(2, "1", "2")]),
    "blank line, one column": (b"a\n1\n\n2\n", [(2, "1"), (4, "2")]),
    "blank line, quotes": (b'a,b\n"1",2\n\n3,4\n', [(2, "1", "2"), (4, "3", "4")]),
    "CRLF": (b"a,b\r\n1,2\r\n3,4\r\n", [(2, "1", "2"), (3, "3", "4")]),
    "CRLF, blank lines": (b"a,b\r\n\r\n\r\n1,2\r\n", [(4, "1", "2")]),
    "CRLF, quotes, blank line": (b'a,b\r\n"1",2\r\n\r\n3,4\r\n', [(2, "1", "2"), (4, "3", "4")]),
    "BOM": (b"\xef\xbb\xbfa,b\n1,2\n", [(2, "1", "2")]),
    "BOM, quoted header": (b'\xef\xbb\xbf"a","b"\r\n1,2\r\n', [(2, "1", "2")]),
    "quoted comma": (b'a,b\n"1,5",2\n', [(2, "1,5", "2")]),
    "quoted quote": (b'a,b\n"say ""hi""",2\n', [(2, 'say "hi"', "2")]),
    # A spreadsheet counts a cell with a newline as one row.
    "quoted newline": (b'a,b\n"x\ny",2\n3,4\n', [(2, "x\ny", "2"), (3, "3", "4")]),
    "quoted blank line": (b'a,b\n"x\n\ny",2\n3,4\n', [(2, "x\n\ny", "2"), (3, "3", "4")]),
    "quoted CRLF": (b'a,b\r\n"x\r\ny",2\r\n3,4\r\n', [(2, "x\r\ny", "2"), (3, "3", "4")]),
    "quoted CR": (b'a,b\n"x\ry",2\n', [(2, "x\ry", "2")]),
    "newline in the header": (b'a,"b\nc"\n1,2\n', [(2, "1", "2")]),
    "letters of all kinds": ("a,b\né€,𝄞\n".encode(), [(2, "é€", "𝄞")]),
}  # fmt: skip


@pytest.mark.parametrize(("data", "rows"), READABLE.values(), ids=READABLE)
def test_read(data: bytes, rows: Rows) -> None:
    assert read(data) == rows


def test_columns_and_types() -> None:
    frame = read_csv(FILE, b" nis ,name\n1,2\n")
    assert frame.schema == {ROW: pl.Int64, "nis": pl.String, "name": pl.String}


def test_reads_the_file_itself(tmp_path: Path) -> None:
    path = tmp_path / "flows.csv"
    path.write_bytes(b"a,b\n1,2\n")
    assert read_csv(path).rows() == [(2, "1", "2")]


def test_a_single_long_cell_can_be_read() -> None:
    text = "x" * 200_000
    assert read(f'a,b\n"{text}",2\n'.encode()) == [(2, text, "2")]


cells = st.text(st.sampled_from('ab0,"\n\r ;é\t'), max_size=6)
tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), max_size=8)
)


@settings(deadline=None)
@given(tables, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_what_a_spreadsheet_writes_is_read(rows: list[list[str]], end: str, bom: bool) -> None:
    width = len(rows[0]) if rows else 2
    text = io.StringIO(newline="")
    # The standard writer leaves a carriage return bare, which ends a row for others.
    bare = any("\r" in cell for row in rows for cell in row)
    quoting = csv.QUOTE_ALL if bare else csv.QUOTE_MINIMAL
    writer = csv.writer(text, lineterminator=end, quoting=quoting)
    writer.writerow([f"c{i}" for i in range(width)])
    writer.writerows(rows)
    data = (b"\xef\xbb\xbf" if bom else b"") + text.getvalue().encode()
    assert read(data) == [
        (number, *(cell or None for cell in row))
        for number, row in enumerate(rows, start=2)
        if any(row)
    ]


@settings(deadline=None)
@given(st.text(st.sampled_from('ab,"\n'), max_size=30))
def test_nothing_is_read_otherwise_than_the_standard_reader_does(text: str) -> None:
    data = "a,b\n" + text
    try:
        found = read(data.encode())
    except InputError:
        return
    wanted = list(csv.reader(io.StringIO(data, newline="")))[1:]
    assert found == [
        (number, *(cell or None for cell in row))
        for number, row in enumerate(wanted, start=2)
        if any(row)
    ]


# What is refused, and what is said of it.


DAMAGED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "table.csv: the file is empty."),
    "blank": (b" \r\n\n", "table.csv: the file is empty."),
    "BOM only": (b"\xef\xbb\xbf", "table.csv: the file is empty."),
    "zero byte": (b"a,b\n\0,2\n", "table.csv: this is not a text file."),
    "no name": (b"a,\n1,2\n", "table.csv: the header has an empty or repeated column name."),
    "blank name": (b"a, \n1,2\n", "table.csv: the header has an empty or repeated column name."),
    "double name": (b"a,a\n1,2\n", "table.csv: the header has an empty or repeated column name."),
    "double but for spaces": (
        b"a, a\n1,2\n",
        "table.csv: the header has an empty or repeated column name.",
    ),
    "latin-1": (
        b"a,b\n1,2\n3,\xe9\n",
        "table.csv, line 3: this is not UTF-8 text; save the file as CSV UTF-8.",
    ),
    "UTF-16": (
        "a,b\n1,2\n".encode("utf-16"),
        "table.csv, line 1: this is not UTF-8 text; save the file as CSV UTF-8.",
    ),
    "cut off": (
        "a,b\n1,é".encode()[:-1],
        "table.csv, line 2: this is not UTF-8 text; save the file as CSV UTF-8.",
    ),
}
WIDTHS: dict[str, tuple[bytes, int, int, int]] = {
    # data, row, cells, width
    "too many": (b"a,b\n1,2\n3,4,5\n", 3, 3, 2),
    "too few": (b"a,b\n1\n", 2, 1, 2),
    "too many, last line open": (b"a,b\n1,2,3", 2, 3, 2),
    "after a blank line": (b"a,b\n\n1,2\n\n3\n", 5, 1, 2),
    "CRLF": (b"a,b\r\n1,2\r\n3\r\n", 3, 1, 2),
    "CRLF after a blank line": (b"a,b\r\n\r\n3\r\n", 3, 1, 2),
    "a line of spaces": (b"a,b\n1,2\n   \n", 3, 1, 2),
    "after a quoted newline": (b'a,b\n"x\ny",2\n3,4,5\n', 3, 3, 2),
    "after a quoted comma": (b'a,b\n"1,5",2\n3\n', 3, 1, 2),
    "after a blank line, quotes": (b'a,b\n\n"1",2,3\n', 3, 3, 2),
    "the first of two": (b"a,b\n1\n1,2,3\n", 2, 1, 2),
    "the BOM is no cell": (b"\xef\xbb\xbfa,b\n1\n", 2, 1, 2),
}


@pytest.mark.parametrize(("data", "message"), DAMAGED.values(), ids=DAMAGED)
def test_damage(data: bytes, message: str) -> None:
    assert refusal(data) == message


@pytest.mark.parametrize(("data", "row", "found", "width"), WIDTHS.values(), ids=WIDTHS)
def test_width(data: bytes, row: int, found: int, width: int) -> None:
    assert refusal(data) == (
        f"table.csv, row {row}: {found} cells where the header has {width}; "
        "the file is damaged or not separated by commas."
    )


@pytest.mark.parametrize(
    "data",
    [b'a,b\n"x"y,2\n3,4\n', b'a,b\nx"y,2\n3,4\n', b'a,b\n1,2\n"x,2\n3,4\n', b'a,"b\n1,2\n'],
    ids=["text after a quote", "quote in a cell", "row not closed", "header not closed"],
)
def test_quotes_gone_wrong(data: bytes) -> None:
    message = refusal(data)
    assert message.startswith("table.csv")
    assert "quote" in message or "cannot be read as CSV" in message


@pytest.mark.parametrize("data", [b"a\r1\r2\r", b"a,b\r1,2\r"], ids=["one column", "two columns"])
def test_lines_that_end_in_cr_alone_are_read_or_refused_but_not_lost(data: bytes) -> None:
    try:
        found = read(data)
    except InputError:
        return
    assert [row[1] for row in found] == (["1", "2"] if data.startswith(b"a\r") else ["1"])


@pytest.mark.parametrize("data", [b"a;b\n1,5;2\n", b"a\tb\n1\t2\n"])
def test_other_separators_are_told(data: bytes) -> None:
    assert "not separated by commas" in refusal(data)


def test_a_blank_line_before_the_header_is_named_as_that() -> None:
    assert "header" in refusal(b"\na,b\n1,2\n")
    assert "has 0" not in refusal(b"\na,b\n1,2\n")


def test_the_message_names_the_file_not_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "zones.csv"
    path.write_bytes(b"")
    with pytest.raises(InputError) as caught:
        read_csv(path)
    assert str(caught.value).startswith("zones.csv:")
