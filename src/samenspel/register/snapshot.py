"""A connection of its own that sees the register as it is at one moment, whatever others write
meanwhile, and that holds up nobody."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

PIECE = 2_000


@contextmanager
def snapshot() -> Iterator[BaseDatabaseWrapper]:
    """Such a connection; it is closed at the end. On SQLite a reading transaction of the
    write-ahead log, on PostgreSQL one that reads repeatably."""
    own = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        if own.vendor == "sqlite":
            with own.cursor() as cursor:  # not atomic(), which would take the turn of a writer
                cursor.execute("BEGIN DEFERRED")
        else:
            own.set_autocommit(False)
            with own.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield own
    finally:
        own.close()


def streamed(
    on: BaseDatabaseWrapper, query: str, values: Sequence[Any] = ()
) -> Iterator[tuple[Any, ...]]:
    """The rows of ``query``, a piece at a time: memory does not grow with their number."""
    with on.chunked_cursor() as cursor:
        cursor.execute(query, values or None)
        while found := cursor.fetchmany(PIECE):
            yield from found
