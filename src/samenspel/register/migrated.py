"""Which migrations a database has had, what its tables look like then, and how to bring it to
others. What is read or written here goes by the tables as they are in the database, not as the
code would have them, so that a database of an earlier release can be read too."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from samenspel.errors import InputError
from samenspel.language import _
from samenspel.register import guards

Node = tuple[str, str]  # the label of an app and the name of a migration

# What Django makes itself in every database, and who is signed in.
LEFT_OUT = ("contenttypes", "auth", "sessions", "usersessions")

KINDS = {
    **dict.fromkeys(("AutoField", "BigAutoField", "SmallAutoField"), "integer"),
    **dict.fromkeys(("BigIntegerField", "IntegerField", "SmallIntegerField"), "integer"),
    **dict.fromkeys(
        ("PositiveIntegerField", "PositiveBigIntegerField", "PositiveSmallIntegerField"), "integer"
    ),
    **dict.fromkeys(("CharField", "TextField", "SlugField", "GenericIPAddressField"), "text"),
    "BooleanField": "boolean",
    "FloatField": "number",
    "DateField": "date",
    "DateTimeField": "datetime",
    "BinaryField": "binary",
    "JSONField": "json",
}


@dataclass(frozen=True)
class Shape:
    """A table of the database: its columns and the kind of their values, and the column by which
    its rows are put in order."""

    table: str
    columns: tuple[str, ...]
    kinds: tuple[str, ...]
    order: str


def applied(on: BaseDatabaseWrapper) -> list[Node]:
    """The migrations that the database of ``on`` has had, of the apps that are installed."""
    labels = {config.label for config in apps.get_app_configs()}
    return sorted(node for node in MigrationRecorder(on).applied_migrations() if node[0] in labels)


def newer(nodes: Iterable[Node]) -> list[Node]:
    """Those of ``nodes`` that this code does not know."""
    known = MigrationLoader(None).disk_migrations
    return sorted(node for node in nodes if node not in known)


def pending(on: BaseDatabaseWrapper) -> list[Node]:
    """The migrations that the database of ``on`` has still to have, in their order."""
    executor = MigrationExecutor(on)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [(migration.app_label, migration.name) for migration, _back in plan]


def refuse_newer(nodes: Sequence[Node], what: str) -> None:
    """Raise InputError where ``what`` (words) has had migrations that this code does not know."""
    unknown = newer(nodes)
    if unknown:
        raise InputError(
            _("{what} was made by a newer version of Samenspel ({migration}); install that version "
              "or a later one.").format(what=what, migration=" ".join(unknown[0]))
        )  # fmt: skip


def models_at(nodes: Sequence[Node]) -> list[type[models.Model]]:
    """Every model of the installed apps after the migrations ``nodes``, a table that others refer
    to before them."""
    loader = MigrationLoader(None)
    held = [node for node in nodes if node in loader.graph.nodes]
    found = sorted(
        (
            model
            for model in loader.project_state(held).apps.get_models(include_auto_created=True)
            if model._meta.managed and not model._meta.proxy
        ),
        key=lambda model: model._meta.db_table,
    )
    return list(
        TopologicalSorter(
            {
                model: [
                    field.remote_field.model
                    for field in model._meta.local_concrete_fields
                    if field.remote_field and field.remote_field.model is not model
                ]
                for model in found
            }
        ).static_order()
    )


def shapes(nodes: Sequence[Node]) -> list[Shape]:
    """The tables that a back-up holds after the migrations ``nodes``, in the order in which they
    can be filled."""
    return [
        Shape(
            model._meta.db_table,
            tuple(str(field.column) for field in model._meta.local_concrete_fields),
            tuple(kind(field) for field in model._meta.local_concrete_fields),
            str(model._meta.pk.column),
        )
        for model in models_at(nodes)
        if model._meta.app_label not in LEFT_OUT
    ]


def kind(field: Any) -> str:
    """The kind of the values of ``field``."""
    while field.remote_field:
        field = field.target_field
    return KINDS[field.get_internal_type()]


@contextmanager
def loose() -> Iterator[None]:
    """While tables are remade: SQLite must not look at references, and can be told so only outside
    a transaction. What fails inside is rolled back by closing the connection, since a migration
    that broke off in the database leaves Django's count of transactions wrong."""
    connection.disable_constraint_checking()
    try:
        yield
    except BaseException:
        connection.close()
        connection.connect()
        raise
    connection.enable_constraint_checking()


def bring_to(nodes: Sequence[Node]) -> None:
    """Let an empty database have exactly the migrations ``nodes``, in the transaction of the
    caller; where it had others its tables are made anew."""
    had = applied(connection)
    if set(had) == set(nodes):
        return
    if had:
        with connection.cursor() as cursor:
            cascade = " CASCADE" if connection.vendor == "postgresql" else ""
            for model in reversed(models_at(had)):
                cursor.execute(f'DROP TABLE "{model._meta.db_table}"{cascade}')
            cursor.execute("DELETE FROM django_migrations")
    run(nodes)


def bring_up() -> None:
    """Let the database have every migration, with its guards, in the transaction of the caller."""
    guards.remove(connection)
    run()
    call_command("migrate", verbosity=0, interactive=False)  # what follows migrations


def run(nodes: Sequence[Node] | None = None) -> None:
    """Have the migrations ``nodes``, or all, in as far as they were not had yet."""
    executor = MigrationExecutor(connection, settled)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if nodes is not None:
        plan = [step for step in plan if (step[0].app_label, step[0].name) in nodes]
    settled("apply_success")
    executor.migrate(None, plan)


def settled(step: str, *_of: Any) -> None:
    """Look at references at once, of the tables that are there by now too: PostgreSQL does not
    change a table of which it has still to look at rows."""
    if step == "apply_success" and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
