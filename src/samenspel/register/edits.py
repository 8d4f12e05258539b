"""One edit as plain data, as a page sends it and a draft keeps it, and the batch that it makes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date as Date
from datetime import datetime
from typing import Any

from samenspel.errors import InputError
from samenspel.landscape import tables
from samenspel.landscape.columns import Type
from samenspel.language import _
from samenspel.register import editing, history, owncolumns
from samenspel.register.contract import BY_NAME
from samenspel.register.editing import DAYS, Version
from samenspel.register.writing import Batch

ACTS = ("add", "correct", "change_from", "end", "take_out", "confirm")
WITH_VALUES = ("add", "correct", "change_from")
WITH_DAY = ("change_from", "end")
FIELDS = {"table", "row", "act", "values", "day"}


@dataclass(frozen=True)
class Edit:
    """What somebody wants done with a row. ``row``: its number as it was seen, none for ``add``.
    ``values``: by column what it becomes, days among them for ``add`` and ``correct``. ``day``:
    from which on it changes or ends."""

    table: str
    act: str
    row: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    day: Date | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "table": self.table,
            "row": self.row,
            "act": self.act,
            "values": {name: plain(value) for name, value in self.values.items()},
            "day": plain(self.day),
        }


def plain(value: Any) -> Any:
    """``value`` as JSON has it."""
    return value.isoformat() if isinstance(value, Date) else value


def read(said: Any) -> Edit:
    """The edit that ``said`` (JSON) is. Raises InputError that names the field and what to do."""
    if not isinstance(said, Mapping) or not {"table", "act"} <= said.keys() <= FIELDS:
        raise InputError(
            _("An edit holds table, row, act, values and day, of which table and act are needed.")
        )
    table, act, row = said["table"], said["act"], said.get("row")
    if table not in tables.BY_NAME:
        raise InputError(_("There is no table {table}.").format(table=table))
    if act not in ACTS:
        raise InputError(
            _("There is no act {act}; use one of {known}.").format(act=act, known=", ".join(ACTS))
        )
    if (row is None) != (act == "add") or not isinstance(row, int | None) or row is True:
        raise InputError(
            _("Table {table}, {act}: give the number of the row, or none to add one.").format(
                table=table, act=act
            )
        )
    values, day = said.get("values") or {}, said.get("day")
    if not isinstance(values, Mapping) or bool(values) != (act in WITH_VALUES):
        raise InputError(
            _("Table {table}, {act}: give values by column to add, correct or change a row, and "
              "none otherwise.").format(table=table, act=act)
        )  # fmt: skip
    if (day is None) != (act not in WITH_DAY):
        raise InputError(
            _("Table {table}, {act}: give a day to change or end a row, and none otherwise.")
            .format(table=table, act=act)
        )  # fmt: skip
    types = columns_of(table, days=act != "change_from")
    return Edit(
        table,
        act,
        row,
        {name: typed(table, name, value, types) for name, value in values.items()},
        typed(table, "day", day, {"day": "date"}),
    )


def columns_of(table: str, *, days: bool) -> dict[str, Type]:
    """The columns of ``table`` that an edit may name, those of the user's own included."""
    own = owncolumns.declared().get(table, {})
    known = {column.name: column.type for column in BY_NAME[table].columns}
    return {**known, **(dict.fromkeys(DAYS, "date") if days else {}), **own}


def typed(table: str, name: str, value: Any, types: Mapping[str, Type]) -> Any:
    """``value`` as column ``name`` has it. Raises InputError where it has not that type."""
    if name not in types:
        raise InputError(_("Table {table} has no column {name}.").format(table=table, name=name))
    type_ = types[name]
    try:
        if value is None or value == "":
            return None
        if type_ == "date" and not (isinstance(value, Date) and not isinstance(value, datetime)):
            return Date.fromisoformat(value)
        if type_ == "datetime" and not isinstance(value, datetime):
            return datetime.fromisoformat(value)
        if type_ == "number" and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        if not isinstance(value, KINDS[type_]) or (type_ != "boolean" and value is True):
            raise TypeError
    except (TypeError, ValueError) as error:
        raise InputError(
            _("Table {table}, column {name}: “{value}” is no {type}.").format(
                table=table, name=name, value=value, type=type_
            )
        ) from error
    return value


KINDS: dict[Type, type] = {
    "text": str, "integer": int, "number": float, "boolean": bool, "date": Date,
    "datetime": datetime, "binary": bytes,
}  # fmt: skip


def seen(edit: Edit) -> Version | None:
    """The row that ``edit`` is about, as it was seen. Raises InputError where there never was."""
    return None if edit.row is None else history.version(edit.table, edit.row)


def made(edit: Edit, by: str | None = None) -> Batch:
    """What ``edit`` does. ``by``: the organisation that confirms. Raises InputError where it cannot
    be done with the row as it was seen."""
    if edit.act == "add":
        values = {name: value for name, value in edit.values.items() if name not in DAYS}
        days = [edit.values.get(name) for name in DAYS]
        return editing.add(edit.table, values, *days)
    found = seen(edit)
    assert found is not None
    if edit.act == "correct":
        return editing.correct(found, edit.values)
    if edit.act == "take_out":
        return editing.take_out(found)
    if edit.act == "confirm":
        if by is None:
            raise InputError(_("Say for which organisation you confirm."))
        return editing.confirm(found, by)
    assert edit.day is not None
    if edit.act == "end":
        return editing.end(found, edit.day)
    return editing.change_from(found, edit.day, edit.values)
