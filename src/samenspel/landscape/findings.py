"""A finding: one fault in a landscape, with its place and what to do about it."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

import polars as pl

from samenspel.landscape.csvfile import ROW
from samenspel.language import _

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """One fault.

    ``severity``: an error makes the landscape unusable, a warning is shown and lived with.
    ``code``: stable name of the kind of fault. ``row``: the row as a spreadsheet numbers it (the
    header is row 1); None where the fault is of the whole table. ``message``: one sentence that
    says what is wrong and what to do.
    """

    severity: Severity
    code: str
    table: str
    row: int | None
    column: str | None
    value: str | None
    message: str

    def as_json(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if key != "severity"}

    def __str__(self) -> str:
        place = [self.table]
        if self.row is not None:
            place.append(_("row {row}").format(row=self.row))
        if self.column:
            place.append(self.column)
        return f"{', '.join(place)}: {self.message}"


def each(
    rows: pl.DataFrame,
    table: str,
    column: str | None,
    code: str,
    message: str,
    severity: Severity = "error",
) -> Iterator[Finding]:
    """A finding for each of ``rows``; ``message`` may name {value} and any column of the row.

    A row without ``_row`` gives a finding on the whole table.
    """
    for row in rows.iter_rows(named=True):
        value = row.get(column) if column else None
        shown = None if value is None else str(value)
        text = message.format(**{**row, "value": shown})
        yield Finding(severity, code, table, row.get(ROW), column, shown, text)


def errors(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity == "error"]


def warnings(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity == "warning"]
