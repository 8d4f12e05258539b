"""A chronicle with its own recorded history, taken over into an empty register: one change for each
moment at which something was put on record or left it."""

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from samenspel.errors import InputError
from samenspel.landscape import tables, validation
from samenspel.landscape.chronicle import Chronicle
from samenspel.language import _
from samenspel.register import reading, rows
from samenspel.register.acts import stated
from samenspel.register.importing import described
from samenspel.register.rows import FEW
from samenspel.register.writing import Reason, begun, checked, open_rows, seal, turn

UNTIL = "recorded_to"
SINCE = "recorded_from"


def take_over(chronicle: Chronicle, reason: Reason) -> int:
    """Make everything that ``chronicle`` knows a history of changes, whole or not at all; the
    number of the last. What was on record, nobody knows since when, is in a first change whose
    moment is unknown, as is what the chronicle says of itself. Costs O(rows).

    Raises InputError where the register holds changes already, a row breaks the contract of its
    table, or at one of the moments a reference led nowhere or two rows of one key held together.
    """
    stated(reason.why)
    frames = {name: frame for name, frame in chronicle.frames.items() if frame.height}
    for name, frame in frames.items():
        for fault in validation.periods(name, validation.with_rows(frame)):
            raise InputError(str(fault))
    with turn():
        if reading.last_change():
            raise InputError(
                _("The register holds changes already; a history can only be taken over into an "
                  "empty one.")
            )  # fmt: skip
        number = begun(reason, unknown=True)
        for name, frame in described(chronicle.about, chronicle.frames).items():
            open_rows(name, checked(name, frame), number)
        put_on_record(frames, None, number)
        sealed(number, None)
        for moment in moments(frames):
            number = begun(reason, moment)
            for name, frame in frames.items():
                gone = numbers_of(name, frame.filter(pl.col(UNTIL) == moment))
                rows.close(name, gone, number)
            put_on_record(frames, moment, number)
            sealed(number, moment)
    return number


def moments(frames: Mapping[str, pl.DataFrame]) -> list[datetime]:
    """The moments at which rows of ``frames`` came on record or left it, in order."""
    found: set[datetime] = set()
    for frame in frames.values():
        found |= {*frame[SINCE].drop_nulls().unique(), *frame[UNTIL].drop_nulls().unique()}
    return sorted(found)


def put_on_record(frames: Mapping[str, pl.DataFrame], moment: datetime | None, number: int) -> None:
    """Open the rows of ``frames`` that are on record since ``moment`` in change ``number``."""
    since = pl.lit(moment, tables.RECORDED[SINCE])
    for name, frame in frames.items():
        new = frame.filter(pl.col(SINCE).eq_missing(since))
        if new.height:
            open_rows(name, checked(name, new.drop(list(tables.RECORDED))), number)


def numbers_of(name: str, frame: pl.DataFrame) -> list[int]:
    """The numbers of the rows of ``frame`` that are on record: of one record no two hold on the
    same days."""
    if not frame.height:
        return []
    table = tables.BY_NAME[name]
    keys = rows.keys_of(table, frame)
    records = rows.records(name, keys)
    wanted = frame.select(list(tables.VALIDITY)).with_columns(
        pl.Series("record_id", [records.get(key) for key in keys], pl.Int64)
    )
    numbers = sorted(set(records.values()))
    few = f" AND record_id IN ({', '.join(['%s'] * len(numbers))})" if len(numbers) < FEW else ""
    held = rows.select(name, [(f"closed IS NULL{few}", numbers if few else [])], {})
    found = wanted.join(held, on=["record_id", *tables.VALIDITY], nulls_equal=True)
    return found["row"].to_list()


def sealed(number: int, moment: datetime | None) -> None:
    """Complete the change of ``moment``. Raises InputError where a reference leads nowhere."""
    try:
        seal(number)
    except InputError as error:
        when = _("unknown") if moment is None else moment.isoformat()
        raise InputError(
            _("As it was on record since {moment}: {fault}").format(moment=when, fault=error)
        ) from error
