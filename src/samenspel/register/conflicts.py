"""A conflict as both editors made it, so that the second can take theirs, keep mine, or do both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from samenspel.errors import InputError
from samenspel.language import _
from samenspel.register import history, rows
from samenspel.register.contract import BY_NAME
from samenspel.register.editing import Version
from samenspel.register.edits import Edit, made, plain
from samenspel.register.models import Change, Record
from samenspel.register.writing import Conflict, Met

Cell = tuple[Any, Any, Any]  # as it was seen, as it is mine, as it is theirs
BESIDE = ("confirmed_by",)  # says nothing of the world, so it is in nobody's way


@dataclass(frozen=True)
class Theirs:
    """What somebody else made of a row: the version now on record, none where it is gone, and the
    change that did it."""

    version: Version | None
    change: int | None
    at: datetime | None
    account: int | None
    acting_for: str | None
    why: str


@dataclass(frozen=True)
class Shown:
    """One row that two people changed. ``edit``: mine, none where none of the edits given is about
    that row. ``seen``: the row as I saw it, none where I add one. ``mine``: what I make of it, none
    where I take it out. ``both``, ``only_mine``, ``only_theirs``: the cells that were changed on
    both sides in different ways, and on one side only."""

    table: str
    key: tuple[Any, ...]
    edit: Edit | None
    seen: Version | None
    mine: Mapping[str, Any] | None
    theirs: Theirs
    both: Mapping[str, Cell]
    only_mine: Mapping[str, Cell]
    only_theirs: Mapping[str, Cell]

    def as_json(self) -> dict[str, Any]:
        theirs = self.theirs
        return {
            "table": self.table,
            "key": [plain(part) for part in self.key],
            "edit": None if self.edit is None else self.edit.as_json(),
            "seen": None if self.seen is None else said(row_of(self.seen)),
            "mine": None if self.mine is None else said(self.mine),
            "theirs": None if theirs.version is None else said(row_of(theirs.version)),
            "row": None if theirs.version is None else theirs.version.row,
            "change": theirs.change,
            "at": plain_moment(theirs.at),
            "account": theirs.account,
            "acting_for": theirs.acting_for,
            "why": theirs.why,
            **{
                name: {column: [plain(value) for value in cell] for column, cell in cells.items()}
                for name, cells in (
                    ("both", self.both),
                    ("only_mine", self.only_mine),
                    ("only_theirs", self.only_theirs),
                )
            },
        }


def said(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain(value) for name, value in row.items() if not isinstance(value, bytes)}


def plain_moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def row_of(version: Version) -> dict[str, Any]:
    """The values of ``version`` with its days."""
    return {**version.values, "valid_from": version.valid_from, "valid_to": version.valid_to}


def shown(conflict: Conflict, edits: Sequence[Edit] = ()) -> list[Shown]:
    """Each row of ``conflict`` as it was seen, as it is now, and as ``edits`` would make it."""
    return [beside(met, edit_of(met, edits)) for met in conflict.met]


def edit_of(met: Met, edits: Sequence[Edit]) -> Edit | None:
    """The edit of the row that ``met`` is about: the same row, or the same key where one adds."""
    for edit in edits:
        if edit.table == met.table and edit.row is not None and edit.row == met.seen:
            return edit
    key = None if met.seen else key_of(met)
    for edit in edits:
        if edit.table == met.table and key is not None:
            named = [edit.values.get(name) for name in BY_NAME[edit.table].key]
            own = history.version(edit.table, edit.row).key if edit.row else named
            if rows.key_text(own) == key:
                return edit
    return None


def key_of(met: Met) -> str:
    """The lasting name of the record of ``met``."""
    return Record.objects.get(pk=met.record).key


def beside(met: Met, edit: Edit | None) -> Shown:
    """One row as both sides have it."""
    seen = history.version(met.table, met.seen) if met.seen is not None else None
    wanted = after(edit)
    now = theirs_of(met, seen, wanted)
    key = seen.key if seen else now.version.key if now.version else ()
    base = {} if seen is None else row_of(seen)
    theirs = None if now.version is None else row_of(now.version)
    both: dict[str, Cell] = {}
    only_mine: dict[str, Cell] = {}
    only_theirs: dict[str, Cell] = {}
    for name in {**base, **(wanted or {}), **(theirs or {})}:
        was, mine = base.get(name), (wanted or base).get(name)
        other = (theirs or base).get(name)
        cell = (was, mine, other)
        if mine == other:
            continue
        if other == was:
            only_mine[name] = cell
        elif mine == was or name in BESIDE:
            only_theirs[name] = cell
        else:
            both[name] = cell
    return Shown(met.table, key, edit, seen, wanted, now, both, only_mine, only_theirs)


def after(edit: Edit | None) -> dict[str, Any] | None:
    """The row that ``edit`` makes: of a change from a day on the one that holds from then."""
    if edit is None or edit.act == "confirm":
        return None if edit is None else row_of(history.version(edit.table, edit.row or 0))
    frame = made(edit).opens.get(edit.table)
    return None if frame is None else frame.row(-1, named=True)


def theirs_of(met: Met, seen: Version | None, wanted: Mapping[str, Any] | None) -> Theirs:
    """What is on record now of the record of ``met``: of several rows the one that holds when mine
    does, and else the first; with the change that made it, or that took the row away."""
    now = history.versions_of(met.table, met.now)
    mine = wanted or (row_of(seen) if seen else {})
    start = mine.get("valid_from")
    found = next((v for v in now if v.valid_from == start), None)
    if found is None:
        found = next((v for v in now if start is None or v.holds(start)), next(iter(now), None))
    number = found.opened if found else seen.closed if seen else met.change
    change = Change.objects.filter(pk=number).first() if number else None
    if change is None:
        return Theirs(found, None, None, None, None, "")
    return Theirs(found, change.number, change.at, change.account_id, change.acting_for, change.why)


def resolved(found: Shown, take: str, cells: Mapping[str, str] | None = None) -> Edit | None:
    """My edit once more, made on the row that is now on record. ``take``: ``theirs`` drops my edit,
    ``mine`` keeps all that I changed, ``both`` keeps what only I changed and, of the cells that
    both changed, mine where ``cells`` says so by column (``mine`` or ``theirs``).

    Raises InputError for another word, a cell that is not chosen, or a row that is gone, which can
    only be added again.
    """
    if take == "theirs" or found.edit is None:
        return None
    if take not in ("mine", "both"):
        raise InputError(_("Choose theirs, mine or both."))
    version, edit = found.theirs.version, found.edit
    if version is None:
        if edit.act in ("end", "take_out"):
            return None  # it is gone already
        raise InputError(
            _("Table {table}: the row is no longer on record; take theirs, or add it again.")
            .format(table=found.table)
        )  # fmt: skip
    chosen = cells or {}
    open_ = [name for name in found.both if chosen.get(name) not in ("mine", "theirs")]
    if take == "both" and open_ and edit.values:
        raise InputError(
            _("Table {table}: choose for {columns} which of both holds.").format(
                table=found.table, columns=", ".join(sorted(open_))
            )
        )
    values = dict(edit.values)
    if take == "both":
        dropped = {name for name in found.both if chosen.get(name) == "theirs"}
        dropped |= set(found.only_theirs)
        values = {name: value for name, value in values.items() if name not in dropped}
    if edit.act == "add":
        key = BY_NAME[edit.table].key
        values = {name: value for name, value in values.items() if name not in key}
    if not values and edit.act in ("add", "correct", "change_from"):
        return None
    act = "correct" if edit.act == "add" else edit.act
    return replace(edit, act=act, row=version.row, values=values)
