"""The one way in: a change that closes and opens rows, whole or not at all, one after the other.

Whoever writes says which rows were seen: a row can be closed only while it is on record, so an edit
made on an older picture meets a ``Conflict`` and nothing is written.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from datetime import date as Date

import polars as pl
from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from samenspel.errors import InputError
from samenspel.landscape import tables, validation
from samenspel.landscape.findings import errors
from samenspel.landscape.landscape import conform
from samenspel.language import _
from samenspel.register import guards, owncolumns, rows
from samenspel.register.contract import BY_NAME, KNOWN, OWN
from samenspel.register.models import Change, fact_model
from samenspel.register.models.facts import field_name

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
    """A row that is in the way: of which table, which row the writer had seen (if any), the numbers
    of the rows of that record now on record, and the number of the change that came between."""

    table: str
    record: int
    seen: int | None
    now: tuple[int, ...]
    change: int | None = None


class Conflict(InputError):
    """Somebody else changed what this change was to change; nothing is written. ``met``: where."""

    def __init__(self, met: Sequence[Met]) -> None:
        self.met = tuple(met)
        first = self.met[0]
        super().__init__(
            _("Somebody else changed this meanwhile: {count} rows, the first in table {table} by "
              "change {change}. Look at both versions and decide.").format(
                count=len(self.met), table=first.table, change=first.change or "?"
            )
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
    table or has a column that the register does not know, or a reference leads nowhere; Conflict
    where a row to close is not on record any more, or a row to open meets one of the same record on
    the same days.
    """
    for name in (*batch.opens, *batch.closes):
        if name not in BY_NAME:
            raise InputError(_("There is no table {table}.").format(table=name))
    opens = {name: checked(name, frame) for name, frame in batch.opens.items() if frame.height}
    if batch.empty:
        raise InputError(_("There is nothing to change."))
    with turn():
        number = begun(reason, at)
        for name, closed in batch.closes.items():
            if rows.close(name, closed, number) != len(set(closed)):
                raise not_there(name, closed, number)
        for name in sorted(opens, key=lambda name: name != OWN.name):  # what the others may hold
            open_rows(name, opens[name], number)
        told = newly_told(opens)
        if told:
            open_rows(KNOWN.name, checked(KNOWN.name, pl.DataFrame({"table": told})), number)
        seal(number)
    return number


def newly_told(opens: Iterable[str]) -> list[str]:
    """Those of the tables ``opens`` of which nothing was known: who puts a row on record says that
    its table is known."""
    with connection.cursor() as cursor:
        cursor.execute('SELECT "table" FROM fact_known_tables WHERE closed IS NULL')
        known = {name for (name,) in cursor.fetchall()}
    return [name for name in opens if name in tables.BY_NAME and name not in known]


def open_rows(name: str, frame: pl.DataFrame, number: int) -> None:
    """Open the rows of ``frame`` in change ``number``."""
    if name == OWN.name:
        owncolumns.check_declarations(frame)
    frame = owncolumns.fitted(name, frame)
    try:
        with transaction.atomic():
            rows.insert(name, frame, number)
    except IntegrityError as error:
        raise taken(name, frame, error) from error


def begun(reason: Reason, at: datetime | None = None, *, unknown: bool = False) -> int:
    """A new change, unsealed, in the turn of the caller; its number. ``unknown``: it is not known
    when it was made, which can be said of the first change only."""
    last = Change.objects.order_by("-number").first()
    moment = at or datetime.now(UTC)
    if last and last.at and last.at >= moment:
        moment = last.at + timedelta(microseconds=1)
    if last and not last.sealed:
        raise InputError(
            _("Change {number} was left half done by something else than Samenspel; check the "
              "register.").format(number=last.number)
        )  # fmt: skip
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
    if frame.select((pl.col(pl.String).str.contains("\0", literal=True)).any()).row(0).count(True):
        raise InputError(
            _("Table {table}: a text holds a zero character, which cannot be kept; take it out.")
            .format(table=name)
        )  # fmt: skip
    alone(name, frame)
    return frame


def alone(name: str, frame: pl.DataFrame) -> None:
    """Check that no two rows of ``frame`` with one key hold on the same day. Raises InputError."""
    key = BY_NAME[name].key
    days = frame.select(
        *key,
        since=pl.col("valid_from").fill_null(Date.min),
        until=pl.col("valid_to").fill_null(Date.max),
    ).sort(*key, "since")
    before = pl.col("until").shift()
    met = days.filter(pl.col("since") < (before.over(key) if key else before))
    if met.height:
        named = ", ".join(f"{column} {met[column][0]}" for column in key)
        raise InputError(
            _("Table {table}: two of the rows given hold on the same day ({key}); let one end "
              "where the other starts, or keep one.").format(table=name, key=named)
        )  # fmt: skip


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
        for look in guards.looks():
            query = f"{look.query} AND EXISTS ({look.moved}) LIMIT 1"
            cursor.execute(query.replace("{change}", str(number)))
            found = cursor.fetchone()
            if not found:
                continue
            row = fact_model(look.table)._default_manager.get(pk=found[0])
            column = BY_NAME[look.table].column(look.column)
            return _(
                "Table {table}, {column}: “{value}” does not stand in {reference} on any of "
                "the same days; add it there first or correct it here."
            ).format(
                table=look.table,
                column=look.column,
                value=getattr(row, field_name(look.column)),
                reference=column.reference if column else "",
            )
    return _("A reference of this change leads nowhere.")


def not_there(name: str, numbers: Sequence[int], change: int) -> InputError:
    """What to say where not all of the rows ``numbers`` could be closed."""
    met = list(gone(name, numbers, change))
    if met:
        return Conflict(met)
    model = fact_model(name)
    there = set(model._default_manager.filter(row__in=numbers).values_list("row", flat=True))
    missing = min(set(numbers) - there)
    return InputError(_("Table {table} has no row {row}.").format(table=name, row=missing))


def gone(name: str, numbers: Sequence[int], change: int) -> Iterator[Met]:
    """For each of the rows ``numbers`` that was no longer on record, what stands there now."""
    model = fact_model(name)
    for row in (
        model._default_manager.filter(row__in=list(numbers))
        .exclude(closed_id=change)
        .order_by("row")
    ):
        yield Met(name, row.record_id, row.row, held(name, row.record_id), row.closed_id)


def held(name: str, record: int) -> tuple[int, ...]:
    """The rows of ``record`` on record, in the order in which they hold."""
    found = fact_model(name)._default_manager.filter(record=record, closed__isnull=True)
    return tuple(found.order_by("valid_from", "row").values_list("row", flat=True))


def taken(name: str, frame: pl.DataFrame, error: IntegrityError) -> InputError:
    """What to say where rows cannot be opened: which rows of the same records hold on the same
    days."""
    keys = rows.keys_of(BY_NAME[name], frame)
    numbers = rows.records(name, keys)
    met: dict[int, Met] = {}
    for key, since, until in zip(keys, frame["valid_from"], frame["valid_to"], strict=True):
        record = numbers.get(key)
        if record is None or record in met:
            continue
        there = fact_model(name)._default_manager.filter(record=record, closed__isnull=True)
        days = Q()
        if until is not None:
            days &= Q(valid_from__isnull=True) | Q(valid_from__lt=until)
        if since is not None:
            days &= Q(valid_to__isnull=True) | Q(valid_to__gt=since)
        opened = there.filter(days).order_by("-opened").values_list("opened", flat=True).first()
        if opened is not None:
            met[record] = Met(name, record, None, held(name, record), opened)
    if met:
        return Conflict(list(met.values()))
    return InputError(
        _("Table {table}: the database does not take these rows ({error}).").format(
            table=name, error=str(error).splitlines()[0]
        )
    )
