"""Nothing that somebody can ask for is done for a visitor: every function of the register that
takes who asks as its first argument is found and called."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import peopled
import polars as pl
import pytest

from countries import example
from samenspel import register
from samenspel.register import audit, editing, history, reading
from samenspel.register.models import Account, AuditEntry, Draft, Grant, Job
from samenspel.register.pictures import preview
from samenspel.register.rights import VISITOR, Actor, Held, Refused

pytestmark = pytest.mark.usefixtures("database")
JUDGES = {"rights", "actors", "asking"}  # these say who may, and do nothing
EXPECTED = {
    "acts.edit", "acts.confirm", "acts.undo",
    "granting.invite", "granting.invite_again", "granting.close_account", "granting.give_role",
    "granting.end_role", "audit.read",
    "importing.apply", "jobs.queue.ask", "jobs.queue.read", "jobs.queue.cancel",
    "drafts.mine", "drafts.get", "drafts.save", "drafts.change", "drafts.remove",
    "drafts.publish",
}  # fmt: skip


def asked() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function of the register that takes ``actor`` first, with its name."""
    for info in pkgutil.walk_packages(register.__path__, "samenspel.register."):
        short = info.name.removeprefix("samenspel.register.")
        if short in JUDGES or "migrations" in short or short.endswith("__main__"):
            continue
        module = importlib.import_module(info.name)
        for name, found in inspect.getmembers(module, inspect.isfunction):
            parameters = list(inspect.signature(found).parameters)
            if found.__module__ == info.name and parameters[:1] == ["actor"]:
                yield f"{short}.{name}", found


def samples() -> dict[str, Any]:
    """A fitting argument for each name of a parameter, or of one function's parameter."""
    change = peopled.fill()
    land = example()
    renamed = land.with_tables(zones=land.table("zones").with_columns(name=pl.lit("x")))
    account = peopled.account("somebody", Held("municipality", "00005"))
    (seen,) = history.current("municipalities", ["00005"])
    job = Job.objects.create(kind="delineation", code_version="x", asked_by=account)
    draft = Draft.objects.create(account=account, title="x")
    edit = {"table": "municipalities", "row": seen.row, "act": "correct", "values": {"name": "x"}}
    return {
        "batch": editing.correct(seen, {"name": "x"}),
        "why": "because",
        "found": [("municipalities", seen.row)],
        "for_organisation": "00005",
        "importing.apply.found": preview(renamed),
        "change": change,
        "email": "a@example.test",
        "account": account,
        "role": Held("agency"),
        "grant": Grant.objects.get(account=account),
        "job": job.pk,
        "draft": draft,
        "number": draft.pk,
        "kind": "report",
        "inputs": {},
        "title": "x",
        "drafts.save.found": [edit],
        "drafts.resolve.made": {0: None},
        "version": 1,
        "table": "municipalities",
        "row": seen.row,
    }


def state() -> tuple[Any, ...]:
    """All that an act could have changed."""
    return (
        reading.last_change(),
        AuditEntry.objects.count(),
        list(Account.objects.order_by("pk").values_list("email", "is_active", "password")),
        list(Grant.objects.order_by("pk").values_list("pk", "ended_at")),
        list(Job.objects.order_by("pk").values_list("pk", "state", "cancel_asked")),
        list(Draft.objects.order_by("pk").values_list("pk", "version")),
    )


def test_a_visitor_and_who_has_no_role_are_refused_everything() -> None:
    given = samples()
    nobody = Actor(peopled.account("nobody").pk)
    found = dict(asked())
    assert found.keys() >= EXPECTED
    before = state()
    for name, function in found.items():
        needed = [
            parameter.name
            for parameter in list(inspect.signature(function).parameters.values())[1:]
            if parameter.default is inspect.Parameter.empty
            and parameter.kind is not inspect.Parameter.VAR_KEYWORD
        ]
        fitting = {each: given.get(f"{name}.{each}", given.get(each)) for each in needed}
        assert None not in fitting.values(), f"{name}: say in samples() what fits {needed}"
        for actor, missing in ((VISITOR, "not signed in"), (nobody, "no role")):
            with pytest.raises(Refused, match=missing):
                function(actor, **fitting)
    assert state() == before


def test_every_entry_in_the_audit_is_a_word_that_it_knows() -> None:
    """``note`` is called with names that ``audit.WORDS`` puts in words."""
    said = set()
    for info in pkgutil.walk_packages(register.__path__, "samenspel.register."):
        if "migrations" in info.name or info.name.endswith("__main__"):
            continue
        source = inspect.getsource(importlib.import_module(info.name))
        said |= {part.partition('"')[0] for part in source.split('audit.note("')[1:]}
    assert said >= {"invited", "role_given"}
    assert said <= audit.WORDS.keys()
