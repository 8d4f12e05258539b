"""A small register with something in every table: the example with changes of each kind, people,
rights, work. Everybody in it is invented."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import dj_database_url
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import connections

from countries import example
from registers import Database, make_database, point_at, remove_database
from samenspel.register import editing, history, writing
from samenspel.register.importing import first_batch
from samenspel.register.models import (
    Account,
    AuditEntry,
    Draft,
    Grant,
    Invitation,
    Job,
    JobFile,
)
from samenspel.register.writing import Reason
from samenspel.web import settings as web

WHEN = datetime(2025, 3, 4, 5, 6, 7, 890123, tzinfo=UTC)
ROUND = datetime(2025, 3, 4, tzinfo=UTC)
NAME = 'Fee "de" Ënkele\\ \n – 虚構'


def fill() -> None:
    """Fill the register in use."""
    writer = Account.objects.create_user("fee@voorbeeld.invalid", "een heel lang woord", name=NAME)
    closed = Account.objects.create_user("reus@voorbeeld.invalid", is_active=False)
    Grant.objects.create(account=writer, role="administrator")
    Grant.objects.create(account=writer, role="coordinator", zoning="REGIO", zone="ZUID")
    Grant.objects.create(
        account=closed, role="agency", given_by=writer, ended_by=writer,
        ended_at=datetime(2999, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    Invitation.objects.create(account=closed, secret_hash="0" * 64, ends_at=ROUND)
    EmailAddress.objects.create(user=writer, email=writer.email, verified=True, primary=True)
    Authenticator.objects.create(user=writer, type="totp", data={"secret": "AAAA"})
    AuditEntry.objects.create(
        what="role_given", by=writer, about=closed, address="2001:db8::1", details={"é": [1, None]}
    )
    facts(writer)
    work(writer)


def facts(writer: Account) -> None:
    """The example, and a change of each kind."""
    land = example()
    writing.write(first_batch(land), Reason("import", "het voorbeeld"), WHEN)
    first, second = land.table("municipalities")["nis"].to_list()[:2]
    seen = history.current("municipalities", [first])[0]
    own = editing.add("own_columns", {"table": "figures", "column": "van_ons", "type": "date"})
    note = editing.add(
        "figures",
        {"nis": first, "key": "proef", "value": 0.1, "van_ons": date(2025, 1, 2)},
        date(2025, 1, 1),
    )
    edits = [
        ("edit", editing.correct(seen, {"population": 7, "area_km2": 1e300})),
        ("edit", editing.together([own, note])),
    ]
    for kind, batch in edits:
        writing.write(batch, Reason(kind, NAME, writer.pk, first, "bron"))
    seen = history.current("municipalities", [second])[0]
    changed = writing.write(
        editing.change_from(seen, date(2030, 1, 1), {"name": NAME}), Reason("edit", "herdoopt")
    )
    writing.write(history.undoing(changed), Reason("undo", "toch niet", undoes=changed))
    seen = history.current("municipalities", [second])[0]
    writing.write(editing.confirm(seen, second), Reason("confirm", "klopt", writer.pk, second))


def work(writer: Account) -> None:
    """A draft, and a job in each state."""
    Draft.objects.create(account=writer, title="later", edits=[{"a": [True, None, 1.5, "é"]}])
    done = Job.objects.create(
        kind="report", code_version="1", state="done", started_at=WHEN, ended_at=WHEN, change=1,
        day=date(2025, 1, 1), done=0.5, total=1, result={"b": 1, "a": 0.1}, attempts=1,
    )  # fmt: skip
    JobFile.objects.create(job=done, name="verslag.html", content=bytes(range(256)))
    Job.objects.create(
        kind="report", code_version="1", state="running", started_at=WHEN, heartbeat_at=WHEN,
        worker="w1", attempts=2, checkpoint=b"\0tussen", asked_by=writer, change=2,
    )  # fmt: skip
    Job.objects.create(kind="report", code_version="1", change=2)


@contextmanager
def elsewhere(
    kind: str, template: Callable[[str], str], folder: Path, back: Database
) -> Iterator[Database]:
    """Another empty register, in use inside the block; after it ``back`` is in use again."""
    folder.mkdir()
    made = make_database(kind, template, folder, str(folder))
    try:
        yield made
    finally:
        connections.close_all()
        remove_database(made)
        use(back)


def use(database: Database) -> None:
    """Use ``database`` from now on."""
    if database.kind == "sqlite":
        path = Path(database.env["SAMENSPEL_DATA"]) / "samenspel.sqlite3"
        point_at({**web.SQLITE, "NAME": str(path)})
    else:
        point_at(dj_database_url.parse(database.env["SAMENSPEL_DATABASE"]))
