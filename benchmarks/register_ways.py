"""Ways to write a landscape into a database: the register's own, and peers that guard nothing."""

import sqlite3
import tempfile
from pathlib import Path

import pandas as pd
from django.db import connection, transaction

from samenspel.landscape.landscape import Landscape
from samenspel.register import guards, reading
from samenspel.register.contract import BY_NAME
from samenspel.register.importing import first_batch
from samenspel.register.models import Change, Record, fact_model
from samenspel.register.models.facts import field_name
from samenspel.register.rows import key_text
from samenspel.register.writing import Reason, write


def register(land: Landscape) -> None:
    """As Samenspel does it."""
    write(first_batch(land), Reason("import", "measured"))


def bulk(land: Landscape) -> None:
    """The same rows in the same tables and indexes by Django's bulk_create."""
    guards.remove(connection)
    with transaction.atomic():
        Change.objects.create(number=1, kind="import", why="measured", sealed=True)
        for name, frame in first_batch(land).opens.items():
            model, key = fact_model(name), BY_NAME[name].key
            fields = [field_name(column) for column in frame.columns]
            found = frame.rows()
            keys = [key_text(values) for values in frame.select(key).rows()] if key else ["[]"]
            records = Record.objects.bulk_create(
                [Record(table=name, key=text) for text in keys], batch_size=1000
            )
            model._default_manager.bulk_create(
                [
                    model(record=record, opened_id=1, **dict(zip(fields, row, strict=True)))
                    for record, row in zip(records, found, strict=True)
                ],
                batch_size=1000,
            )


def pandas(land: Landscape) -> None:
    """The same frames into bare tables of SQLite by pandas."""
    frames = {
        name: pd.DataFrame(frame.to_dict(as_series=False)) for name, frame in land.frames.items()
    }
    with tempfile.TemporaryDirectory() as place:
        with sqlite3.connect(Path(place) / "pandas.sqlite3") as bare:
            for name, frame in frames.items():
                for column in frame.columns[[kind.kind == "O" for kind in frame.dtypes]]:
                    frame[column] = frame[column].map(
                        lambda v: v if v is None or isinstance(v, bytes) else str(v)
                    )
                frame.to_sql(name, bare, index=False)
        bare.close()


def comes_back(land: Landscape) -> bool:
    """Whether the register gives ``land`` as it was taken in."""
    return reading.landscape(land.date).equals(land)
