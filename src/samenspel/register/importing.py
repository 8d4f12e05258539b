"""A landscape from elsewhere as one change of the register: the first one into an empty register,
and whatever was previewed."""

from collections.abc import Mapping

import polars as pl

from samenspel.errors import InputError
from samenspel.landscape import tables
from samenspel.landscape.columns import POLARS, Type
from samenspel.landscape.landscape import About, Landscape
from samenspel.language import _
from samenspel.register import acts, reading
from samenspel.register.contract import BY_NAME
from samenspel.register.models import fact_model
from samenspel.register.preview import Preview, refuse_faulty
from samenspel.register.rights import Actor, require
from samenspel.register.rows import FEW, keys_of, records
from samenspel.register.writing import Batch, Conflict, Met, Reason, held, turn, write

NAMES: dict[pl.DataType, Type] = {dtype: name for name, dtype in POLARS.items()}


def first_batch(land: Landscape) -> Batch:
    """Everything that ``land`` says, for a register that holds nothing yet. Its rows keep the days
    that they state; those that state none hold always."""
    pictured = ["about", *land.frames]
    return Batch(
        {
            **described(land.about, land.frames),
            "pictures": pl.DataFrame({"table": pictured, "day": [land.date] * len(pictured)}),
            **land.frames,
        }
    )


def described(about: About, frames: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """What a landscape or chronicle says of itself, its tables and the user's own columns."""
    own = [
        {"table": name, "column": column, "type": NAMES[frame.schema[column]]}
        for name, frame in frames.items()
        for column in frame.columns
        if column not in tables.column_types(tables.BY_NAME[name])
    ]
    return {
        "about": pl.DataFrame(
            [{"name": about.name, "territory": about.territory, "fictional": about.fictional}]
        ),
        "known_tables": pl.DataFrame({"table": list(frames)}, {"table": pl.String()}),
        "own_columns": pl.DataFrame(
            own, {name: pl.String() for name in ("table", "column", "type")}
        ),
    }


def apply(
    actor: Actor,
    found: Preview,
    why: str,
    source: str | None = None,
    acting_for: str | None = None,
) -> int:
    """Make what ``found`` shows one change; its number. ``source``: where it comes from;
    ``acting_for``: one of the actor's organisations.

    Raises Refused where the actor may not import, or not edit one of its rows; InputError where it
    has faults or nothing to change; Conflict where somebody changed since what it touches. Nothing
    is written then.
    """
    if found.picture:
        require(actor, "import")
    refuse_faulty(found)
    with turn():
        now = as_seen(found)
        return acts.edit(actor, now.batch, why, source, acting_for, kind="import")


def take_in(found: Preview, why: str, source: str | None = None) -> int:
    """As ``apply``, by whoever has the machine: rights are not asked."""
    refuse_faulty(found)
    with turn():
        return write(as_seen(found).batch, Reason("import", acts.stated(why), source=source))


def as_seen(found: Preview) -> Preview:
    """``found`` made anew, in the turn of the caller, where anything was changed since. Raises
    Conflict where it would do something else now than it showed."""
    if reading.last_change() == found.change:
        return found
    now = found.again()
    met = differing(found.batch, now.batch)
    if met:
        raise Conflict(met)
    if any(made(found.batch, name) != made(now.batch, name) for name in BY_NAME):
        raise InputError(_("The register has changed since; see anew what the import would do."))
    refuse_faulty(now)
    return now


def differing(before: Batch, after: Batch) -> list[Met]:
    """The records to which two batches do different things, with what is on record of them."""
    found: dict[tuple[str, int], Met] = {}
    for name in BY_NAME:
        was, now = set(before.closes.get(name, ())), set(after.closes.get(name, ()))
        numbers = sorted(was ^ now)
        model = fact_model(name)._default_manager
        for start in range(0, len(numbers), FEW):
            for row in model.filter(row__in=numbers[start : start + FEW]):
                seen = row.row if row.row in was else None
                there = held(name, row.record_id)
                by = row.closed_id or row.opened_id
                if seen or (name, row.record_id) not in found:
                    found[name, row.record_id] = Met(name, row.record_id, seen, there, by)
        keys = sorted(key for key, _row in made(before, name) ^ made(after, name))
        for record in records(name, keys).values():
            there = held(name, record)
            last = model.filter(row__in=there).order_by("-opened").first()
            met = Met(name, record, None, there, last.opened_id if last else None)
            found.setdefault((name, record), met)
    return list(found.values())


def made(batch: Batch, name: str) -> set[tuple[str, str]]:
    """The rows of table ``name`` that ``batch`` opens, each with its key."""
    frame = batch.opens.get(name)
    if frame is None:
        return set()
    texts = (repr(row) for row in frame.select(sorted(frame.columns)).iter_rows())
    return set(zip(keys_of(BY_NAME[name], frame), texts, strict=True))
