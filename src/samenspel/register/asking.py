"""The rights of a whole change: every row that it touches, each against the picture of today."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl
from django.utils import timezone

from samenspel.errors import InputError
from samenspel.landscape import tables
from samenspel.landscape.landscape import Landscape, conform
from samenspel.language import _
from samenspel.register import history, reading, rows
from samenspel.register.contract import BY_NAME
from samenspel.register.editing import DAYS, Version
from samenspel.register.models import fact_model
from samenspel.register.owners import READ, subject_of
from samenspel.register.rights import Actor, Subject, granting_rule, require
from samenspel.register.writing import Batch

Values = Mapping[str, Any]
NAMED = {"organisations": "id", "partnerships": "id", "municipalities": "nis", "sources": "id"}


def today() -> Landscape:
    """Today's landscape, with the tables alone that say whom a fact concerns; without rows where
    the register holds none yet. The last one is kept as long as its frames are."""
    day, database = timezone.localdate(), reading.database()
    stamps = dict(reading.stamps(reading.last_change()))
    frames = {name: reading.table_on(database, name, stamps[name], day) for name in READ}
    for land, kept in _last:
        if land.date == day and all(frames[name] is kept[name] for name in READ):
            return land
    land = Landscape(day, {name: frame.drop(rows.META) for name, frame in frames.items()})
    _last[:] = [(land, frames)]
    return land


_last: list[tuple[Landscape, dict[str, pl.DataFrame]]] = []


def opened(batch: Batch) -> dict[str, pl.DataFrame]:
    """The rows that ``batch`` opens, in the columns of their tables. Raises InputError for a table
    that the register does not have, or values of another type."""
    there(batch.opens)
    return {
        name: conform(BY_NAME[name], frame, tables.VALIDITY)
        for name, frame in batch.opens.items()
        if frame.height
    }


def closed(batch: Batch) -> dict[str, list[Version]]:
    """The rows that ``batch`` closes. Raises InputError for one that never was."""
    there(batch.closes)
    found = {}
    for name, numbers in batch.closes.items():
        found[name] = history.versions_of(name, numbers)
        for number in set(numbers) - {version.row for version in found[name]}:
            history.version(name, number)  # which says that there is none
    return found


def there(names: Iterable[str]) -> None:
    """Raises InputError for a table that the register does not have."""
    for name in names:
        if name not in BY_NAME:
            raise InputError(_("There is no table {table}.").format(table=name))


def may_edit(
    actor: Actor,
    opens: Mapping[str, pl.DataFrame],
    closes: Mapping[str, Sequence[Version]],
    land: Landscape,
) -> None:
    """Raises Refused where ``actor`` may not edit every row that is opened or closed, and, of an
    organisation that is on record, every row: to whom it belongs is not changed by adding one."""
    touched = {*opens, *(name for name, seen in closes.items() if seen)}
    asked = [
        name
        for name in BY_NAME
        if name in touched and not granting_rule(actor, "edit", Subject(name))
    ]
    new = {name: unheard(name, opens[name]) for name in asked if name in NAMED and name in opens}
    land = with_new(land, opens, new)
    for name in asked:
        seen = [version.values for version in closes.get(name, ())]
        if name in opens:
            seen += list(opens[name].iter_rows(named=True))
        if name == "organisations" and name in opens:
            seen += [version.values for version in on_record(name, opens[name])]
        permitted(actor, "edit", name, seen, land, new.get(name, set()), actor.account)


def may_undo(actor: Actor, change: int, by: int | None, land: Landscape) -> None:
    """Raises Refused where ``actor`` may not undo ``change``, which the account ``by`` made."""
    if all(granting_rule(actor, "undo", Subject(name)) for name in BY_NAME):
        return
    for name, (gone, made) in history.touched(change).items():
        named = NAMED.get(name)
        before = {version.record for version in gone}
        fresh = {v.values[named] for v in made if v.record not in before} if named else set()
        seen = [version.values for version in (*gone, *made)]
        permitted(actor, "undo", name, seen, land, fresh, by)


def permitted(
    actor: Actor,
    operation: str,
    table: str,
    found: Iterable[Values],
    land: Landscape,
    fresh: Collection[str] = (),
    by: int | None = None,
) -> None:
    """Raises Refused where ``actor`` may not do ``operation`` on one of the rows ``found`` of
    ``table``. ``fresh``: names that the account ``by`` is the first to put on record."""
    if granting_rule(actor, operation, Subject(table)):
        return
    named = NAMED.get(table)
    for values in found:
        subject = replace(
            subject_of(table, values, land),
            account=by,
            new=bool(named) and values[str(named)] in fresh,
            row=", ".join(str(values[key]) for key in BY_NAME[table].key if values[key]),
        )
        require(actor, operation, subject)


def unheard(table: str, frame: pl.DataFrame) -> set[str]:
    """The names in ``frame`` that nothing on record has, on any day: of an organisation in any of
    the three tables that name organisations, of a source among sources."""
    names = set(frame[NAMED[table]].drop_nulls())
    asked = ("sources",) if table == "sources" else tuple(set(NAMED) - {"sources"})
    for name in asked:
        column = "nis" if NAMED[name] == "nis" else "code"
        held = fact_model(name)._default_manager.filter(closed__isnull=True)
        if len(names) <= rows.FEW:
            held = held.filter(**{f"{column}__in": list(names)})
        names -= set(held.values_list(column, flat=True))
    return names


def with_new(
    land: Landscape, opens: Mapping[str, pl.DataFrame], new: Mapping[str, set[str]]
) -> Landscape:
    """``land`` with what is added of organisations and partnerships that nobody had on record: who
    adds one says in the same change to whom it belongs and who takes part."""
    bodies = new.get("partnerships", set())
    added = {
        "organisations": ("id", new.get("organisations", set())),
        "partnerships": ("id", bodies),
        "memberships": ("partnership", bodies),
    }
    more = {}
    for name, (column, names) in added.items():
        if names and name in opens:
            fresh = opens[name].filter(pl.col(column).is_in(list(names)))
            there = land.table(name)
            more[name] = pl.concat([there, fresh.select(there.columns)])
    return land.with_tables(**more) if more else land


def on_record(table: str, frame: pl.DataFrame) -> list[Version]:
    """The rows on record of the records to which ``frame`` opens rows, on any day."""
    numbers = rows.records(table, rows.keys_of(BY_NAME[table], frame)).values()
    held = fact_model(table)._default_manager.filter(record__in=list(numbers), closed__isnull=True)
    return history.versions_of(table, list(held.values_list("row", flat=True)))


def settled(
    actor: Actor,
    opens: Mapping[str, pl.DataFrame],
    closes: Mapping[str, Sequence[Version]],
    land: Landscape,
    aside: Collection[str] = (),
) -> dict[str, pl.DataFrame]:
    """The rows to open, each confirmed by nobody but whom it may say. A row whose values change is
    not confirmed any more, unless ``actor`` confirms it at once; days and the columns ``aside``
    leave it confirmed. Raises Refused for a confirmation that was not there on behalf of another.
    """
    made = {}
    for name, frame in opens.items():
        made[name] = frame
        if "confirmed_by" not in frame.columns or not frame["confirmed_by"].is_not_null().any():
            continue
        before: dict[tuple[Any, ...], list[Version]] = {}
        for version in closes.get(name, ()):
            before.setdefault(version.key, []).append(version)
        kept = [
            confirmation(actor, name, values, before, land, aside)
            for values in frame.iter_rows(named=True)
        ]
        made[name] = frame.with_columns(confirmed_by=pl.Series(kept, dtype=pl.String))
    return made


def confirmation(
    actor: Actor,
    table: str,
    values: Values,
    before: Mapping[tuple[Any, ...], Sequence[Version]],
    land: Landscape,
    aside: Collection[str],
) -> str | None:
    """Who has confirmed a row that is opened with ``values``, given the rows closed with it."""
    by = values["confirmed_by"]
    if by is None:
        return None
    seen = before.get(tuple(values[name] for name in BY_NAME[table].key), ())
    stated = [version for version in seen if version.values["confirmed_by"] == by]
    if any(same(version.values, values, aside) for version in stated):
        return str(by)
    subject = subject_of(table, values, land)
    if granting_rule(actor.only(by), "confirm", subject):
        return str(by)
    if stated:
        return None
    require(actor.only(by), "confirm", subject)
    return None


def same(left: Values, right: Values, aside: Collection[str]) -> bool:
    """Whether two rows say the same, days and the columns ``aside`` apart."""
    names = {*left, *right} - {*DAYS, *rows.META, *aside}
    return all(left.get(name) == right.get(name) for name in names)
