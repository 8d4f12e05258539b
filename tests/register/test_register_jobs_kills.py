"""Workers as processes of their own, killed or ended at any moment: the job ends as if nobody had
touched it."""

import signal
from random import Random
from subprocess import Popen
from threading import Event
from typing import Any

import pytest
from django.utils import timezone
from jobs_at_work import held, now, process, somebody, timeless, worked

from countries import generate
from registers import Database
from samenspel.landscape.landscape import Landscape
from samenspel.register.jobs import queue
from samenspel.register.models import Job
from samenspel.register.rights import Actor

pytest.importorskip("numba")
pytest.importorskip("ortools")

SIZE = 60
WISHES = {"regions": "6..9", "goals": "cut=1,flows=1", "lang": "en"}
LONG: dict[str, dict[str, Any]] = {
    "delineation": {**WISHES, "iterations": 3_000_000},
    "ensemble": {**WISHES, "steps": 20_000, "chains": 8, "thin": 20},
}
KILLS = {"delineation": 2, "ensemble": 1}


def land() -> Landscape:
    return generate(SIZE, 1)


@pytest.fixture
def asker(database: Database) -> Actor:  # noqa: ARG001
    held(land())
    return somebody()


def heard(running: "Popen[str]") -> str:
    """The next line that a worker says; empty once it has ended."""
    assert running.stdout is not None
    return running.stdout.readline().strip()


def ended(job: Job) -> Job:
    """The job, once it has ended."""
    tick = Event()
    while (found := now(job)).state in ("queued", "running"):
        tick.wait(0.05)
    return found


def found_dead(job: Job) -> None:
    """Let the sweeper find that the worker of ``job`` gave no sign of life."""
    seen = now(job).heartbeat_at
    assert seen is not None
    assert queue.sweep(timezone.now(), -1.0) == 1


@pytest.mark.parametrize("kind", LONG)
def test_a_job_that_is_killed_again_and_again_ends_as_one_that_was_not(
    database: Database, asker: Actor, kind: str
) -> None:
    random = Random(f"{kind} {database.kind}")
    plain = queue.ask(asker, kind, LONG[kind], day=land().date, seed=5)
    worked()
    job = queue.ask(asker, kind, LONG[kind], day=land().date, seed=5)
    resumed = 0
    for _kill in range(KILLS[kind]):
        with process(database) as running:
            assert heard(running) == "ready"
            for _line in range(random.randint(1, 3)):
                assert heard(running) == "kept"
            running.send_signal(signal.SIGKILL)
            running.wait()
        if now(job).state == "done":
            break
        assert now(job).checkpoint is not None
        resumed += 1
        found_dead(job)
    assert resumed
    worked()
    found = now(job)
    assert found.state == "done"
    assert timeless(found.result) == timeless(now(plain).result)


def test_sigterm_gives_the_job_back_and_ends_well(database: Database, asker: Actor) -> None:
    inputs = {**LONG["delineation"], "iterations": 3_000_000}
    plain = queue.ask(asker, "delineation", inputs, day=land().date, seed=2)
    worked()
    job = queue.ask(asker, "delineation", inputs, day=land().date, seed=2)
    with process(database) as running:
        assert [heard(running), heard(running)] == ["ready", "kept"]
        running.send_signal(signal.SIGTERM)
        assert running.wait(60) == 0
    found = now(job)
    assert (found.state, found.attempts, found.worker) == ("queued", 0, None)
    assert found.checkpoint is not None
    worked()
    assert timeless(now(job).result) == timeless(now(plain).result)


def test_a_worker_without_work_hears_ctrl_c_at_once(database: Database, asker: Actor) -> None:
    job = queue.ask(asker, "report", {}, day=land().date)
    with process(database, poll=3600.0) as running:
        assert heard(running) == "ready"
        assert ended(job).state == "done"
        running.send_signal(signal.SIGINT)
        assert running.wait(60) == 0


def test_a_process_hears_a_cancellation(database: Database, asker: Actor) -> None:
    inputs = {**LONG["delineation"], "iterations": 10**11}
    job = queue.ask(asker, "delineation", inputs, day=land().date)
    with process(database) as running:
        assert heard(running) == "ready"
        while now(job).state == "queued":
            assert running.poll() is None
        queue.cancel(asker, job.pk)
        assert ended(job).state == "cancelled"
