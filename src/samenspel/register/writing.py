"""The one way in: a change that closes and opens rows, whole or not at all, one after the other.

Whoever writes says which rows were seen: a row can be closed only while it is on record, so an edit
made on an older picture meets a ``Conflict`` and nothing is written.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import polars as pl
from django.db import IntegrityError, connection, transaction

from samenspel.errors import InputError
from samenspel.landscape import tables, validation
from samenspel.landscape.findings import errors
from samenspel.landscape.landscape import conform
from samenspel.language import _
from samenspel.register import guards, rows
from samenspel.register.contract import BY_NAME
from samenspel.register.models import Change, fact_model

TURN = 7_305_111  # any number, the same in every process


@dataclass(frozen=True)
class Reason:
    """Who changes something, for which organisation, and why. ``kind``: see Change. ``at``: only
    for a change made elsewhere before, else now. ``undoes``: the number of another change."""

    kind: str
    why: str
    account: int | None = None
    acting_for: str | None = None
    source: str | None = None
    undoes: int | None = None


@dataclass(frozen=True)
class Batch:
    """What a change does. ``opens``: for each table the new rows, in the columns of the contract
    with ``valid_from`` and ``valid_to`` and, if any, columns of the user's own. ``closes``: for
    each table the numbers of the rows that leave the record."""

    opens: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    closes: Mapping[str, Sequence[int]] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        return not any(self.closes.values()) and not any(f.height for f in self.opens.values())


@dataclass(frozen=True)
class Met:
    """A row that is in the way: of which table, which row the writer had seen (if any), and the
    numbers of the rows of that record now on record."""

    table: str
    record: int
    seen: int | None
    now: tuple[int, ...]


class Conflict(InputError):
    """Somebody else changed what this change was to change; nothing is written. ``met``: where."""

    def __init__(self, met: Sequence[Met]) -> None:
        self.met = tuple(met)
        table = self.met[0].table
        super().__init__(
            _("Somebody else changed this meanwhile: {count} rows, the first in table {table}. "
              "Look at both versions and decide.").format(count=len(self.met), table=table)
        )  # fmt: skip


@contextmanager
def turn() -> Iterator[None]:
    """A transaction in which nobody else changes the register."""
    with transaction.atomic(durable=not connection.in_atomic_block):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])
        yield


def write(batch: Batch, reason: Reason, at: datetime | None = None) -> int:
    """Make one change of ``batch``; its number. ``at``: the moment, else now; always later than any
    change before.

    Raises InputError, nothing written, where the batch is empty, a row breaks the contract of its
    table, or a reference leads nowhere; Conflict where a row to close is not on record any more, or
    a row to open meets one of the same record on the same days.
    """
    opens = {name: checked(name, frame) for name, frame in batch.opens.items() if frame.height}
    if batch.empty:
        raise InputError(_("There is nothing to change."))
    with turn():
        number = begun(reason, at)
        for name, closed in batch.closes.items():
            if rows.close(name, closed, number) != len(set(closed)):
                raise Conflict(list(gone(name, closed, number)))
        for name, frame in opens.items():
            try:
                with transaction.atomic():
                    rows.insert(name, frame, number)
            except IntegrityError as error:
                raise taken(name, frame, error) from error
        seal(number)
    return number


def begun(reason: Reason, at: datetime | None = None, *, unknown: bool = False) -> int:
    """A new change, unsealed, in the turn of the caller; its number. ``unknown``: it is not known
    when it was made."""
    last = Change.objects.order_by("-number").first()
    moment = at or datetime.now(UTC)
    if last and last.at and last.at >= moment:
        moment = last.at + timedelta(microseconds=1)
    number = last.number + 1 if last else 1
    Change.objects.create(
        number=number,
        at=None if unknown else moment,
        account_id=reason.account,
        acting_for=reason.acting_for,
        kind=reason.kind,
        why=reason.why,
        source=reason.source,
        undoes_id=reason.undoes,
    )
    return number


def checked(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """``frame`` in the columns of its table. Raises InputError with the first fault."""
    table = BY_NAME[name]
    frame = conform(table, frame, tables.VALIDITY)
    with_rows = validation.with_rows(frame)
    found = errors(
        [
            *validation.periods(name, with_rows.with_columns(**NOT_RECORDED)),
            *validation.missing(table, with_rows),
            *(f for c in table.columns for f in validation.codes(name, c, with_rows)),
            *(f for c in table.columns for f in validation.ranges(name, c, with_rows)),
        ]
    )
    if found:
        raise InputError(str(found[0]))
    return frame


NOT_RECORDED = {name: pl.lit(None, dtype) for name, dtype in tables.RECORDED.items()}


def seal(number: int) -> None:
    """Complete the change. Raises InputError where a reference leads nowhere."""
    try:
        with transaction.atomic():
            Change.objects.filter(number=number).update(sealed=True)
    except IntegrityError as error:
        raise InputError(nowhere(number)) from error


def nowhere(number: int) -> str:
    """Which reference of a change that cannot be sealed leads nowhere, in words."""
    with connection.cursor() as cursor:
        for (name, column), queries in guards.faults().items():
            for query in queries:
                cursor.execute(query.replace("{change}", str(number)) + " LIMIT 1")
                found = cursor.fetchone()
                if not found:
                    continue
                row = fact_model(name)._default_manager.get(pk=found[0])
                target = BY_NAME[name].column(column)
                return _(
                    "Table {table}, {column}: “{value}” does not stand in {reference} on any of "
                    "the same days; add it there first or correct it here."
                ).format(
                    table=name,
                    column=column,
                    value=getattr(row, "code" if column == "id" else column),
                    reference=target.reference if target else "",
                )
    return _("A change before this one was left half done; try again.")


def gone(name: str, numbers: Sequence[int], change: int) -> Iterator[Met]:
    """For each of the rows ``numbers`` that was no longer on record, what stands there now."""
    model = fact_model(name)
    for row in (
        model._default_manager.filter(row__in=list(numbers))
        .exclude(closed_id=change)
        .order_by("row")
    ):
        yield Met(name, row.record_id, row.row, held(name, row.record_id))


def held(name: str, record: int) -> tuple[int, ...]:
    """The rows of ``record`` on record, in the order in which they hold."""
    found = fact_model(name)._default_manager.filter(record=record, closed__isnull=True)
    return tuple(found.order_by("valid_from", "row").values_list("row", flat=True))


def taken(name: str, frame: pl.DataFrame, error: IntegrityError) -> InputError:
    """What to say where rows cannot be opened: the rows of the same records that are there, or that
    two rows of ``frame`` itself cannot both hold."""
    table = BY_NAME[name]
    numbers = rows.records(name, rows.keys_of(table, frame))
    met = [
        Met(name, record, None, there)
        for record in numbers.values()
        if (there := held(name, record))
    ]
    if met:
        return Conflict(met)
    return InputError(
        _("Table {table}: two rows with one key hold on the same day ({error}).").format(
            table=name, error=error
        )
    )
