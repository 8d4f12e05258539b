"""A picture of one day beside what is on record: what it would change, and the batch that does it.

A picture says what holds on its day, and from then on until the next day of which a picture of the
same table was taken in; the earliest one is also the best word on what held before it. So a
later picture leaves every earlier day as it was, and pictures may come in any order: each day that
was pictured comes out as it was pictured. A row that states its own first day holds since that day
where no earlier picture speaks against it. What a picture does not name stays, unless it is said to
be whole; a confirmation that it does not name stays with what was confirmed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date as Date
from typing import Any

import polars as pl

from samenspel.errors import InputError
from samenspel.landscape import tables
from samenspel.landscape.columns import Table
from samenspel.landscape.differences import Change, Key, compare
from samenspel.landscape.landscape import Landscape, conform
from samenspel.language import _
from samenspel.register import reading, rows
from samenspel.register.confirming import unconfirmed
from samenspel.register.contract import ABOUT, BY_NAME
from samenspel.register.editing import frame_of
from samenspel.register.importing import NAMES, first_batch
from samenspel.register.preview import Preview, Record, new_findings, on_day
from samenspel.register.writing import Batch

DAYS = tuple(tables.VALIDITY)
THERE = " on record"
ALONE = " alone"  # the key of a table that holds one row
Row = dict[str, Any]
Days = tuple[Date | None, Date | None]


@dataclass(frozen=True)
class Beside:
    """One table of a picture beside what is on record. ``there``: by key the row that holds on the
    day, as far as it changes, with its number and days; ``others``: by key the days of the other
    rows of that record; ``before`` and ``after``: the nearest days of which the table was pictured
    too."""

    changes: list[Change]
    missing: list[Change]
    same: int
    there: Mapping[Key, Row]
    others: Mapping[Key, list[Days]]
    before: Date | None
    after: Date | None

    @property
    def earliest(self) -> bool:
        """Whether the table was pictured later only: then this picture is the best word on what
        held before it too."""
        return self.before is None and self.after is not None


def preview(land: Landscape, whole: bool = False, *, change: int | None = None) -> Preview:
    """What taking in the picture ``land`` would do. ``whole``: it names all there is, so what it
    does not name ends on its day. Costs O(rows).

    Raises InputError where it pictures another land than the register does, a row does not hold on
    its day or stands in it twice, or a column of the user's own has another type on record.
    """
    record = Record(reading.last_change() if change is None else change)
    refuse_strange(land)

    def again() -> Preview:
        return preview(land, whole)

    if record.empty:
        batch = first_batch(land)
        new = {name: frame.height for name, frame in land.frames.items()}
        findings = new_findings(record, batch, land.date)
        return Preview(land.date, record.change, batch, again, new=new, findings=findings)
    frames = pictured(land, record)
    found = {
        name: beside(BY_NAME[name], frame, record, land.date, whole=whole)
        for name, frame in frames.items()
    }
    batch = batch_of(found, descriptions(frames, land.date), record, land.date)
    return Preview(
        land.date,
        record.change,
        batch,
        again,
        changes={name: part.changes for name, part in found.items() if part.changes},
        missing={name: part.missing for name, part in found.items() if part.missing},
        same={name: part.same for name, part in found.items()},
        findings=new_findings(record, batch, land.date),
    )


def refuse_strange(land: Landscape) -> None:
    """Raise InputError where a row of ``land`` does not hold on its day or stands in it twice."""
    for name, frame in land.frames.items():
        key = list(BY_NAME[name].key)
        twice = frame.select(key).filter(pl.struct(key).is_duplicated())
        if twice.height:
            raise InputError(
                _("Table {table}: {key} stands in more than one row; keep one.").format(
                    table=name, key=", ".join(str(part) for part in twice.row(0))
                )
            )
        if set(DAYS) <= set(frame.columns) and frame.filter(~on_day(land.date)).height:
            raise InputError(
                _("Table {table}: a row does not hold on {day}, the day of the picture.").format(
                    table=name, day=land.date
                )
            )


def pictured(land: Landscape, record: Record) -> dict[str, pl.DataFrame]:
    """The tables of ``land`` in the types of the record, what it says of itself among them. Raises
    InputError where they do not go together."""
    about = conform(ABOUT, pl.DataFrame([vars(land.about)], ABOUT.schema), {})
    for row in record.rows("about").iter_rows(named=True):
        same = row["territory"] in (None, "", land.about.territory or row["territory"])
        if not same or bool(row["fictional"]) != land.about.fictional:
            raise InputError(
                _("The register is of “{held}”, but this is a picture of “{given}”; take it into a "
                  "register of its own.").format(
                    held=row["territory"] or row["name"],
                    given=land.about.territory or land.about.name)
            )  # fmt: skip
    types = {
        (table, column): type_
        for table, column, type_ in record.rows("own_columns")
        .select("table", "column", "type")
        .iter_rows()
    }
    frames = {"about": about}
    for name, frame in land.frames.items():
        frames[name] = frame.with_columns(
            as_held(name, frame[column], types.get((name, column)))
            for column in own_of(name, frame)
        )
    return frames


def own_of(name: str, frame: pl.DataFrame) -> list[str]:
    """The columns of the user's own in ``frame``."""
    return [c for c in frame.columns if c not in {**BY_NAME[name].schema, **tables.VALIDITY}]


def as_held(name: str, values: pl.Series, type_: tables.Type | None) -> pl.Series:
    """``values`` in the type that the record has for them. Raises InputError."""
    dtype = values.dtype if type_ is None else tables.POLARS[type_]
    if values.dtype == dtype:
        return values
    if values.null_count() == values.len() or (values.dtype.is_integer() and dtype.is_float()):
        return values.cast(dtype)
    raise InputError(
        _("Table {table}, column {name}: it holds {given} here and {held} on record; give it "
          "another name.").format(table=name, name=values.name, given=values.dtype, held=dtype)
    )  # fmt: skip


def beside(table: Table, theirs: pl.DataFrame, record: Record, day: Date, *, whole: bool) -> Beside:
    """The picture ``theirs`` of ``table`` on ``day`` beside what is on record."""
    held = record.rows(table.name)
    fresh = [name for name in theirs.columns if name not in held.columns]
    held = held.with_columns(
        pl.lit(0).alias(ALONE), *(pl.lit(None, theirs.schema[name]).alias(name) for name in fresh)
    )
    key = list(table.key) or [ALONE]
    left = theirs.with_columns(
        pl.lit(0).alias(ALONE),
        *(pl.lit(None, pl.Date).alias(name) for name in DAYS if name not in theirs.columns),
    )
    there = held.filter(on_day(day))
    joined = left.join(there, on=key, how="left", suffix=THERE, nulls_equal=True)
    named = [c for c in theirs.columns if c not in (*DAYS, *key)]
    new = pl.col("row").is_null()
    differs = pl.any_horizontal(
        pl.lit(False), *(differing(name) for name in named), differing("valid_to")
    )
    rest = joined.filter(new | differs)
    gone = there.join(left.select(key), on=key, how="anti", nulls_equal=True)
    touched = pl.concat([rest.select(key), gone.select(key)])
    met = there.join(touched, on=key, how="semi", nulls_equal=True)
    others = held.filter(~on_day(day)).join(touched, on=key, how="semi", nulls_equal=True)
    at = {tuple(row[n] for n in table.key): row for row in met.drop(ALONE).iter_rows(named=True)}
    ours = {key_: {n: v for n, v in row.items() if n not in HIDDEN} for key_, row in at.items()}
    given = {}
    for row in rest.iter_rows(named=True):
        key_ = tuple(row[name] for name in table.key)
        given[key_] = stated(table, named, row, added=key_ not in at)
    found = compare(table.name, ours, ours, given, remove=whole)
    before, after = nearest(record.rows("pictures"), table.name, day)
    part = Beside(found.changes, found.missing, 0, at, days_of(table, others), before, after)
    real = [change for change in part.changes if moves(change, part, day)]
    moved = sum(change.kind != "removed" for change in real)
    return replace(part, changes=real, same=joined.height - moved)


HIDDEN = {*rows.META, "valid_from"}
SILENT = ("confirmed_by", "valid_to")  # where a picture has no value, it says nothing of it


def differing(name: str) -> pl.Expr:
    """Whether a picture says something else in column ``name`` than the record."""
    other = pl.col(name).ne_missing(pl.col(name + THERE))
    return other & pl.col(name).is_not_null() if name in SILENT else other


def moves(change: Change, part: Beside, day: Date) -> bool:
    """Whether ``change`` does anything: a last day that is stated may lie past what the picture can
    tell of."""
    if not only_ends(change):
        return True
    there = part.there[change.key]["valid_to"]
    end = last_day(change, part, day)
    kept = part.after is not None and (there is None or part.after < there)
    return end != (part.after if kept else there)


def only_ends(change: Change) -> bool:
    """Whether ``change`` says only until when a row holds."""
    return change.kind == "changed" and set(change.cells) <= {"valid_to"}


def last_day(change: Change, part: Beside, day: Date) -> Date | None:
    """Until when the row of ``change`` holds: as it states, but not past the next row of the same
    record or the next day that was pictured."""
    assert change.after is not None
    starts = [start for start, _end in part.others.get(change.key, ()) if start is not None]
    days = [change.after["valid_to"], part.after, *(start for start in starts if start > day)]
    return min((each for each in days if each is not None), default=None)


def stated(table: Table, named: list[str], row: Row, *, added: bool) -> Row:
    """What a row of a picture says; its first day only where it is new."""
    found = {name: row[name] for name in (*table.key, *named)}
    found |= {"valid_to": row["valid_to"]} | ({"valid_from": row["valid_from"]} if added else {})
    return {n: v for n, v in found.items() if added or v is not None or n not in SILENT}


def days_of(table: Table, frame: pl.DataFrame) -> dict[Key, list[Days]]:
    """By key the days of the rows of ``frame``."""
    found: dict[Key, list[Days]] = {}
    for row in frame.iter_rows(named=True):
        key = tuple(row[name] for name in table.key)
        found.setdefault(key, []).append((row["valid_from"], row["valid_to"]))
    return found


def nearest(pictures: pl.DataFrame, name: str, day: Date) -> Days:
    """The last day before ``day`` and the first one after it of which table ``name`` was
    pictured."""
    days = pictures.filter(pl.col("table") == name)["day"].to_list()
    before = [each for each in days if each < day]
    after = [each for each in days if each > day]
    return max(before, default=None), min(after, default=None)


def batch_of(
    found: Mapping[str, Beside],
    said: Mapping[str, list[Row]],
    record: Record,
    day: Date,
) -> Batch:
    """What ``found`` does to the rows on record: a new row opens, a changed one ends on ``day`` and
    goes on as it was pictured, one that is gone ends there. With it the tables and columns that
    become known, and that the day was pictured (``said``)."""
    parts = [
        (
            name,
            [row for change in part.changes for row in pieces(change, part, day)],
            [part.there[change.key]["row"] for change in part.changes if change.before is not None],
        )
        for name, part in found.items()
    ]
    parts += [
        (name, *described(name, wanted, record.rows(name), day)) for name, wanted in said.items()
    ]
    batch = Batch(
        {name: frame_of(name, made) for name, made, _gone in parts if made},
        {name: gone for name, _made, gone in parts if gone},
    )
    seen = {name: record.numbered(name, gone) for name, gone in batch.closes.items()}
    return unconfirmed(batch, seen)


def pieces(change: Change, part: Beside, day: Date) -> Iterator[Row]:
    """The rows that take the place of what ``change`` finds, each with its days."""
    if change.before is None:
        assert change.after is not None
        since = change.after["valid_from"]
        free = since is not None and (part.before is None or since > part.before)
        ends = [end for _start, end in part.others.get(change.key, ()) if end and end <= day]
        start = max([since, *ends]) if free else None if part.earliest and not ends else day
        yield {**change.after, "valid_from": start, "valid_to": last_day(change, part, day)}
        return
    old = {n: value for n, value in part.there[change.key].items() if n not in rows.META}
    start, end = old["valid_from"], old["valid_to"]
    kept = part.earliest or only_ends(change)
    if not kept and (start is None or start < day):
        yield {**old, "valid_to": day}
    if change.after is not None:
        since = start if kept else day
        yield {**change.after, "valid_from": since, "valid_to": last_day(change, part, day)}
    if part.after is not None and (end is None or part.after < end):
        yield {**old, "valid_from": part.after}


def descriptions(frames: Mapping[str, pl.DataFrame], day: Date) -> dict[str, list[Row]]:
    """What a picture of ``day`` says of its tables and columns."""
    return {
        "known_tables": [{"table": name} for name in frames if name in tables.BY_NAME],
        "own_columns": [
            {"table": name, "column": column, "type": NAMES[frame.schema[column]]}
            for name, frame in frames.items()
            for column in own_of(name, frame)
        ],
        "pictures": [{"table": name, "day": day} for name in frames],
    }


def described(
    name: str, wanted: list[Row], held: pl.DataFrame, day: Date
) -> tuple[list[Row], list[int]]:
    """The rows of ``wanted`` that are not on record on ``day``, and the numbers of those that they
    take the place of; they hold from that day on. That a day was pictured holds always."""
    key = BY_NAME[name].key
    there: dict[Key, list[Row]] = {}
    for row in held.iter_rows(named=True):
        there.setdefault(tuple(row[part] for part in key), []).append(row)
    made, gone = [], []
    for row in wanted:
        found = there.get(tuple(row[part] for part in key), [])
        if any(r["valid_from"] is None or r["valid_from"] <= day for r in found):
            continue
        since, until = None if name == "pictures" else day, None
        if found:  # known from a later day on
            later = min(found, key=lambda r: r["valid_from"])
            gone.append(later["row"])
            until = later["valid_to"]
        made.append({**row, "valid_from": since, "valid_to": until})
    return made, gone
