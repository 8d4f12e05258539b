"""What the register says: the landscape of a day and the chronicle, as known now or as known then.

A picture is read at a change: the rows opened up to it and not closed by then. So what is read in
several steps agrees, whatever is written meanwhile. Pictures and frames are kept; their names tell
what they were made of, so that a frame is read again only once a change has touched its table.
"""

from collections.abc import Mapping
from datetime import date as Date
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

import polars as pl
from django.db import connection
from django.db.models import Q

from samenspel.errors import InputError
from samenspel.landscape import tables
from samenspel.landscape.chronicle import Chronicle
from samenspel.landscape.columns import POLARS, Type
from samenspel.landscape.landscape import About, Landscape
from samenspel.language import _
from samenspel.register import rows
from samenspel.register.contract import BY_NAME
from samenspel.register.models import Change

ON_DAY = "(valid_from IS NULL OR valid_from <= %s) AND (valid_to IS NULL OR valid_to > %s)"
Stamps = tuple[tuple[str, int], ...]


def last_change(known_on: datetime | None = None) -> int:
    """The number of the last change, or with ``known_on`` of the last one made by then; 0 where
    there is none."""
    found = Change.objects.filter(sealed=True)
    if known_on is not None:
        found = found.filter(Q(at__isnull=True) | Q(at__lte=known_on))
    return found.order_by("-number").values_list("number", flat=True).first() or 0


def landscape(
    date: Date, known_on: datetime | None = None, *, change: int | None = None
) -> Landscape:
    """The landscape on ``date``, as known now, or at the moment ``known_on`` or after ``change``.

    Raises InputError where the register knew no municipalities at all by then. Kept: costs one
    query where nothing has changed, else the reading of the rows that changed since.
    """
    change = last_change(known_on) if change is None else change
    return picture(database(), change, date)


@lru_cache(maxsize=8)
def picture(_database: str, change: int, date: Date) -> Landscape:
    """The landscape on ``date`` after ``change``."""
    stamp = dict(stamps(change))
    frames = {}
    for name, own in known(stamp, date).items():
        frame = table_on(database(), name, stamp[name], date, own)
        extra = list(tables.VALIDITY) if tables.BY_NAME[name].dated else []
        frames[name] = frame.select([*tables.BY_NAME[name].schema, *extra, *dict(own)])
    if "municipalities" not in frames:
        raise InputError(
            _("The register knew no municipalities then; import a landscape, or ask for a later "
              "moment.")
        )  # fmt: skip
    return Landscape(date, frames, about(stamp, date))


def chronicle(known_on: datetime | None = None, *, change: int | None = None) -> Chronicle:
    """Every row that was ever on record, up to the moment ``known_on`` or to ``change``, with when
    it held and when it was on record."""
    change = last_change(known_on) if change is None else change
    stamp = dict(stamps(change))
    moments = moments_of(change)
    frames = {}
    for name, own in known(stamp).items():
        frame = rows.select(name, [("opened <= %s", [change])], dict(own))
        frames[name] = (
            frame.with_columns(pl.when(pl.col("closed") <= change).then("closed"))
            .join(moments.rename({"at": "recorded_from"}), left_on="opened", right_on="number")
            .join(
                moments.rename({"at": "recorded_to"}),
                left_on="closed", right_on="number", how="left",
            )
            .drop(*rows.META)
        )  # fmt: skip
    return Chronicle(frames, about(stamp))


def moments_of(change: int) -> pl.DataFrame:
    """When each change up to ``change`` was made: number, at."""
    found = list(Change.objects.filter(number__lte=change).values_list("number", "at"))
    return pl.DataFrame(found, {"number": pl.Int64(), "at": POLARS["datetime"]}, orient="row")


def database() -> str:
    """What sets the database of this process apart from another."""
    settings = connection.settings_dict
    return f"{settings['ENGINE']} {settings['HOST']} {settings['PORT']} {settings['NAME']}"


def stamps(change: int) -> Stamps:
    """For each table the last change up to ``change`` that touched it, 0 where none did."""
    return stamps_of(database(), change)


@lru_cache(maxsize=64)
def stamps_of(_database: str, change: int) -> Stamps:
    """For each table the last change up to ``change`` that touched it, 0 where none did."""
    query = " UNION ALL ".join(
        f"SELECT '{name}', coalesce((SELECT max(opened) FROM fact_{name} WHERE opened <= {change}),"
        f" 0), coalesce((SELECT max(closed) FROM fact_{name} WHERE closed <= {change}), 0)"
        for name in BY_NAME
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return tuple((name, max(opened, closed)) for name, opened, closed in cursor.fetchall())


@lru_cache(maxsize=64)
def table_on(
    database: str, name: str, stamp: int, date: Date | None, own: tuple[tuple[str, Type], ...] = ()
) -> pl.DataFrame:
    """The rows of table ``name`` on record after the change ``stamp``, those that hold on ``date``
    or, without, all; with the columns of rows.FACT and the user's ``own``. Where an earlier frame
    of the same is kept, only what changed since is read."""
    kept = latest(database, name, date, own)
    before, frame = kept.get("frame", (0, None))
    if frame is None or not 0 <= stamp - before <= NEAR:
        frame = on_record(name, stamp, date, own)
    elif before < stamp:
        gone = rows.numbers(name, "closed > %s AND closed <= %s", [before, stamp])
        came = on_record(name, stamp, date, own, after=before)
        frame = pl.concat([frame.filter(~pl.col("row").is_in(gone.implode())), came])
    if before <= stamp:
        kept["frame"] = (stamp, frame)
    return frame


NEAR = 1_000  # changes between two frames of which the later is made from the earlier


@lru_cache(maxsize=64)
def latest(
    _database: str, _name: str, _date: Date | None, _own: tuple[tuple[str, Type], ...]
) -> dict[str, tuple[int, pl.DataFrame]]:
    """The place in which ``table_on`` keeps its latest frame and the stamp of it."""
    return {}


def on_record(
    name: str, stamp: int, date: Date | None, own: tuple[tuple[str, Type], ...], after: int = 0
) -> pl.DataFrame:
    """The rows that ``table_on`` gives, those only that came on record after change ``after``."""
    held = f" AND {ON_DAY}" if date else ""
    days = [date, date] if date else []
    opened = "opened > %s AND opened <= %s" if after else "opened <= %s"
    span = [after, stamp] if after else [stamp]
    return rows.select(
        name,
        [
            (f"closed IS NULL AND {opened}{held}", [*span, *days]),
            (f"closed > %s AND {opened}{held}", [stamp, *span, *days]),
        ],
        dict(own),
    )


def known(
    stamp: Mapping[str, int], date: Date | None = None
) -> dict[str, tuple[tuple[str, Type], ...]]:
    """The tables that are known, on ``date`` or at all, each with the columns of the user's own and
    their types."""
    names = table_on(database(), "known_tables", stamp["known_tables"], date)["table"].to_list()
    own = table_on(database(), "own_columns", stamp["own_columns"], date)
    columns: dict[str, list[tuple[str, Type]]] = {name: [] for name in names}
    for table, column, type_ in own.sort("row").select("table", "column", "type").iter_rows():
        columns.setdefault(table, []).append((column, cast(Type, type_)))
    return {name: tuple(columns[name]) for name in tables.BY_NAME if name in names}


def own_columns() -> dict[str, dict[str, Type]]:
    """For each known table the columns of the user's own, as they are now on record."""
    return {name: dict(own) for name, own in known(dict(stamps(last_change()))).items()}


def about(stamp: Mapping[str, int], date: Date | None = None) -> About:
    """What the register says of itself on ``date``; without, what it says last."""
    found: list[dict[str, Any]] = (
        table_on(database(), "about", stamp["about"], date).sort("valid_from").to_dicts()
    )
    if not found:
        return About()
    row = found[-1]
    return About(row["name"] or "", row["territory"] or "", bool(row["fictional"]))


def forget() -> None:
    """Forget every picture and frame that is kept, since another database took the place of the
    one that they were read from."""
    for kept in (picture, stamps_of, table_on, latest):
        kept.cache_clear()
