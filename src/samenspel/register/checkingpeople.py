"""Whether people, rights, work and the references of the database itself are sound."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from samenspel.language import _
from samenspel.register.checking import MOST, Fault, Found, utc
from samenspel.register.models import FACTS
from samenspel.register.snapshot import streamed

# What a grant of each role names: an organisation, a zoning, a zone.
NAMES = {
    "municipality": (True, False, False),
    "partnership": (True, False, False),
    "coordinator": (False, True, True),
    "agency": (False, False, False),
    "administrator": (False, False, False),
}
WAITING, ENDED = ("queued", "running"), ("done", "failed", "cancelled")


def people(on: BaseDatabaseWrapper) -> Iterator[Found]:
    """Faults of accounts and of what they are entitled to."""
    yield accounts(on)
    yield grants(on)


def accounts(on: BaseDatabaseWrapper) -> Found:
    seen: set[str] = set()
    for number, email in streamed(on, "SELECT id, email FROM register_account ORDER BY id"):
        if "@" not in email or email.lower() in seen:
            yield Fault(
                "email", "register_account", number, _("its e-mail address is none, or not its own")
            )
        seen.add(email.lower())


def grants(on: BaseDatabaseWrapper) -> Found:
    table = "register_grant"
    query = (
        "SELECT id, account_id, role, organisation, zoning, zone, given_at, ended_at, ended_by_id "
        "FROM register_grant ORDER BY id"
    )
    open_: set[tuple[Any, ...]] = set()
    for number, account, role, *names, given, ended, by in streamed(on, query):
        given, ended = utc(given), utc(ended)
        if NAMES.get(role) != tuple(name is not None for name in names):
            yield Fault("grant", table, number, _("its role is not for what it names"))
        if (ended is not None and given is not None and ended < given) or (
            ended is None and by is not None
        ):
            yield Fault("ended", table, number, _("it ended before it was given, or not at all"))
        if ended is None and (account, role, *names) in open_:
            yield Fault("twice", table, number, _("the account has this role already"))
        if ended is None:
            open_.add((account, role, *names))


def work(on: BaseDatabaseWrapper) -> Iterator[Found]:
    """Faults of jobs and drafts."""
    yield jobs(on)
    query = "SELECT id FROM register_draft WHERE version < 1 ORDER BY id"
    yield (
        Fault("version", "register_draft", number, _("its version is no number from 1 on"))
        for (number,) in streamed(on, query)
    )


def jobs(on: BaseDatabaseWrapper) -> Found:
    table = "register_job"
    ((last,),) = streamed(on, "SELECT coalesce(max(number), 0) FROM register_change")
    query = (
        "SELECT id, state, change, started_at, ended_at, worker, attempts, done, total "
        "FROM register_job ORDER BY id"
    )
    for number, state, change, started, ended, worker, attempts, done, total in streamed(on, query):
        started, ended = utc(started), utc(ended)
        if state not in (*WAITING, *ENDED) or (ended is not None) != (state in ENDED):
            yield Fault("state", table, number, _("its state does not go with whether it ended"))
        if state == "running" and (worker is None or started is None or attempts < 1):
            yield Fault("worker", table, number, _("it runs, but nobody started it"))
        if state == "done" and started is None:
            yield Fault("worker", table, number, _("it is done, but nobody started it"))
        if started is not None and ended is not None and ended < started:
            yield Fault("ended", table, number, _("it ended before it started"))
        if change is not None and not 0 <= change <= last:
            yield Fault("picture", table, number, _("it looks at a change that is not there"))
        if done < 0 or (total is not None and total < 0):
            yield Fault("progress", table, number, _("its progress is below zero"))


def references(on: BaseDatabaseWrapper) -> Iterator[Found]:
    """Rows of any table that refer to a row that is not there, the changes and records of facts
    among them."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_concrete_fields:
            if field.remote_field and getattr(field, "db_constraint", True):
                yield lost(on, model, field)


def lost(on: BaseDatabaseWrapper, model: type[models.Model], field: Any) -> Found:
    table, column = model._meta.db_table, field.column
    target, key = field.related_model._meta.db_table, field.target_field.column
    query = (
        f'SELECT a."{model._meta.pk.column}", a."{column}" FROM "{table}" a '
        f'LEFT JOIN "{target}" b ON b."{key}" = a."{column}" '
        f'WHERE a."{column}" IS NOT NULL AND b."{key}" IS NULL LIMIT {MOST}'
    )
    for row, code in streamed(on, query):
        yield Fault(
            "lost",
            table,
            row,
            _("{column} {code} does not stand in {table}").format(
                column=column, code=code, table=target
            ),
        )


def guarded(on: BaseDatabaseWrapper) -> Iterator[Found]:
    """Tables that nothing guards, and an embedded database whose file is damaged."""
    yield unguarded(on)
    if on.vendor == "sqlite":
        yield (
            Fault("file", "", None, message)
            for (message,) in streamed(on, f"PRAGMA integrity_check({MOST})")
            if message != "ok"
        )


def unguarded(on: BaseDatabaseWrapper) -> Found:
    if on.vendor == "sqlite":
        query = "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = (
            "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'"
        )
    there = {name for (name,) in streamed(on, query)}
    for table in ("register_change", "register_record", *(f"fact_{name}" for name in FACTS)):
        if table not in there:
            message = _("the database does not guard it; run samenspel register upgrade")
            yield Fault("unguarded", table, None, message)
