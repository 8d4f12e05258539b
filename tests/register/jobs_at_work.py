"""What the tests of jobs share: a register that holds something, somebody who asks, a worker."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

from django.db import connections
from django.test import override_settings

from pages import prompt
from registers import Database
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.package import write
from samenspel.register import reading, writing
from samenspel.register.importing import first_batch
from samenspel.register.jobs import worker
from samenspel.register.jobs.kinds import KINDS
from samenspel.register.jobs.kinds.kind import Inputs, Kind
from samenspel.register.models import Account, Grant, Job
from samenspel.register.rights import Actor, Held
from samenspel.register.writing import Reason

QUICK = {"poll": 0.01, "beat": 0.01, "keep": 0.0, "sweep": 0.0, "limit": 60.0}
CLOCK = ("seconds", "compile_seconds")
DRAWN = {"regions": "2..3", "population": "20000..", "iterations": 3000}


def held(land: Landscape) -> None:
    """Put ``land`` on record."""
    writing.write(first_batch(land), Reason("import", "to compute with"))


def somebody(name: str = "asker", role: str = "agency", **for_: str) -> Actor:
    """Somebody with a role."""
    account = Account.objects.create_user(f"{name}@example.org")
    Grant.objects.create(account=account, role=role, **for_)
    return Actor(account.pk, (Held(role, **for_),))


def now(job: Job) -> Job:
    """The job as it is by now."""
    return Job.objects.get(pk=job.pk)


def worked(**pace: float) -> None:
    """Compute what waits, in this process."""
    with override_settings(JOBS={**QUICK, **pace}):
        worker.work(Event(), idle=False)


@contextmanager
def beside(act: Callable[[], None]) -> Iterator[None]:
    """Run ``act`` in a thread beside the block, and wait for it at the end."""
    faults: list[BaseException] = []

    def acted() -> None:
        try:
            act()
        except BaseException as error:
            faults.append(error)
        finally:
            connections.close_all()

    thread = Thread(target=acted)
    thread.start()
    try:
        yield
    finally:
        thread.join()
    assert faults == []


@contextmanager
def kind_that(run: Callable[..., Any], name: str = "trial") -> Iterator[str]:
    """A kind of job that runs ``run(landscape, inputs, seed, desk)``."""
    KINDS[name] = Kind(name, Inputs, lambda _land, _inputs: None, run, solves=False)
    try:
        yield name
    finally:
        del KINDS[name]


def twin(job: Job, folder: Path, *words: str) -> Any:
    """What the command ``words`` prints about the picture of ``job``, written as a folder."""
    if not folder.exists():
        assert job.day is not None
        write(reading.landscape(job.day, change=job.change), folder)
    done, out, err = prompt("--lang", "en", words[0], str(folder), *words[1:], "--json")
    assert (done, err) == (0, "")
    return json.loads(out)


def timeless(found: Mapping[str, Any]) -> dict[str, Any]:
    """What was found, without what the clock says."""
    return {name: value for name, value in found.items() if name not in CLOCK}


TELLING = """
import sys
import django
django.setup()
from samenspel.register.jobs import queue, worker
save = queue.save_checkpoint
def saved(*given):
    save(*given)
    print("kept", flush=True)
queue.save_checkpoint = saved
print("ready", flush=True)
worker.main()
"""


@contextmanager
def process(database: Database, **pace: float) -> Iterator[subprocess.Popen[str]]:
    """A worker as a process of its own, which says a line once it is ready and one after each
    checkpoint; killed at the end if it still lives."""
    told = {f"SAMENSPEL_JOBS_{name.upper()}": str(value) for name, value in (QUICK | pace).items()}
    running = subprocess.Popen(
        [sys.executable, "-c", TELLING],
        env={
            **os.environ,
            **database.env,
            **told,
            "DJANGO_SETTINGS_MODULE": "samenspel.web.settings",
        },
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert running.stdout is not None
    try:
        yield running
    finally:
        running.kill()
        running.communicate()
