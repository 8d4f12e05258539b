"""One model for each table of the register, made from the contract, so that a table is described
once."""

from django.db import models

from samenspel.landscape.columns import Table, Type
from samenspel.register.contract import TABLES
from samenspel.register.models.change import Change, Record

HELD = models.Q(closed__isnull=True)
FIELDS: dict[Type, type[models.Field]] = {  # type: ignore[type-arg]
    "text": models.TextField,
    "integer": models.BigIntegerField,
    "number": models.FloatField,
    "boolean": models.BooleanField,
    "date": models.DateField,
    "datetime": models.DateTimeField,
    "binary": models.BinaryField,
}


class Fact(models.Model):
    """A row as it was on record from the change that opened it until the change that closed it, and
    as it held in the world from ``valid_from`` until ``valid_to`` (half open, empty is open).

    ``row``: its number, which names this version for ever. Only ``closed`` is ever written again,
    once. ``own``: the columns of the user's own, as JSON.
    """

    row = models.BigAutoField(primary_key=True)
    record = models.ForeignKey(Record, models.PROTECT, related_name="+", db_index=False)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    opened = models.ForeignKey(
        Change, models.PROTECT, related_name="+", db_column="opened", db_index=False
    )
    closed = models.ForeignKey(
        Change, models.PROTECT, related_name="+", db_column="closed", null=True, db_index=False
    )
    own = models.TextField(null=True)

    class Meta:
        abstract = True


def indexed(table: Table) -> set[str]:
    """The columns by which rows on record are looked up: keys that others refer to, and references
    to them; ``source`` apart, which nothing looks up by."""
    keys = {table.key[0]} if table.key else set()
    return keys | {c.name for c in table.columns if c.reference and c.name != "source"}


def made_model(table: Table) -> type[Fact]:
    """The model of ``table``."""
    name = "".join(part.capitalize() for part in table.name.split("_"))
    fields = {
        field_name(column.name): FIELDS[column.type](null=True, db_column=column.name)
        for column in table.columns
    }
    short = table.name[:18]
    meta = type(
        "Meta",
        (),
        {
            "db_table": f"fact_{table.name}",
            "constraints": (
                models.CheckConstraint(
                    condition=models.Q(valid_from__lt=models.F("valid_to")),
                    name=f"{table.name}_valid",
                ),
                models.CheckConstraint(
                    condition=models.Q(opened__lt=models.F("closed")),
                    name=f"{table.name}_on_record",
                ),
            ),
            "indexes": (
                models.Index(fields=["record", "closed"], name=f"{short}_record"),
                # Both, so that the rows on record after a change in the middle of a long history
                # are found in the index alone.
                models.Index(fields=["opened", "closed"], name=f"{short}_opened"),
                models.Index(fields=["closed", "opened"], name=f"{short}_closed"),
                *(
                    models.Index(
                        fields=[field_name(column)], name=f"{short}_{column[:11]}", condition=HELD
                    )
                    for column in sorted(indexed(table))
                ),
            ),
        },
    )
    return type(name, (Fact,), {"__module__": __name__, "Meta": meta, **fields})


def field_name(column: str) -> str:
    """The name of a column's field: its own, but for ``id``, which a model keeps for itself. In the
    database it is called as in the contract."""
    return "code" if column == "id" else column


FACTS: dict[str, type[Fact]] = {table.name: made_model(table) for table in TABLES}


def fact_model(table: str) -> type[Fact]:
    """The model of the table called ``table``."""
    return FACTS[table]
