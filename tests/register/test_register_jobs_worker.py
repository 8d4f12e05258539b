"""The worker in this process: whatever a job does, its row tells the truth and the next one gets
its turn."""

import logging
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from django.db import OperationalError
from django.test import override_settings
from django.utils import timezone
from jobs_at_work import QUICK, beside, held, kind_that, now, somebody, worked

from countries import example
from registers import Database
from samenspel import language
from samenspel.errors import InputError
from samenspel.register import history, writing
from samenspel.register.editing import correct
from samenspel.register.jobs import queue, worker
from samenspel.register.jobs.desk import Desk, Stopped
from samenspel.register.jobs.pace import Pace, pace
from samenspel.register.models import Job
from samenspel.register.rights import Actor
from samenspel.register.writing import Reason
from samenspel.web.environment import paces

DAY = example().date
AGES = 1e9


@pytest.fixture
def asker(database: Database) -> Actor:  # noqa: ARG001
    held(example())
    return somebody()


def fine(_land: Any, _inputs: Any, seed: int, _desk: Desk) -> Any:
    return {"seed": seed}


def asked(asker: Actor, kind: str, **inputs: Any) -> Job:
    return queue.ask(asker, kind, inputs, day=DAY)


def test_jobs_are_computed_one_after_the_other(asker: Actor) -> None:
    with kind_that(fine) as kind:
        jobs = [queue.ask(asker, kind, {}, day=DAY, seed=seed) for seed in (4, 5)]
        worked()
    found = [now(job) for job in jobs]
    assert [job.result for job in found] == [{"seed": 4}, {"seed": 5}]
    assert all(job.state == "done" and job.started_at and job.ended_at for job in found)
    assert found[0].ended_at <= found[1].started_at  # type: ignore[operator]


FAULTS = {
    "wrong input": (InputError("The zone\nis not there."), "The zone is not there.", False),
    "a fault": (RuntimeError("secret detail"), "A fault of the program ended", True),
    "no memory": (MemoryError(), "A fault of the program ended", True),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_job_that_fails_says_so_in_one_sentence_and_the_next_runs(
    asker: Actor, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    error, said, logged = FAULTS[name]

    def wrong(*_given: Any) -> Any:
        raise error

    with kind_that(fine) as kind, kind_that(wrong, "wrong") as other:
        bad, good = asked(asker, other), asked(asker, kind)
        with caplog.at_level(logging.ERROR, "samenspel.jobs"):
            worked()
    found = now(bad)
    assert found.state == "failed"
    assert found.fault is not None
    assert found.fault.startswith(said)
    assert "\n" not in found.fault
    assert "secret" not in found.fault
    assert found.ended_at is not None
    assert [record.exc_info is not None for record in caplog.records] == [True] * logged
    assert now(good).state == "done"


@pytest.mark.parametrize("result", [float("nan"), object()])
def test_a_result_that_is_no_json_fails(asker: Actor, result: Any) -> None:
    with kind_that(lambda *_given: {"x": result}) as kind:
        job = asked(asker, kind)
        worked()
    assert (now(job).state, now(job).result) == ("failed", None)


def test_a_job_of_a_kind_that_is_gone_fails(asker: Actor) -> None:
    with kind_that(fine) as kind:
        job = asked(asker, kind, lang="en")
    worked()
    assert now(job).state == "failed"
    assert now(job).fault == (
        "There is no job of kind “trial”; use one of delineation, ensemble, plan, report."
    )


@pytest.mark.parametrize("spoken", ["nl", "en"])
def test_a_job_speaks_the_language_of_who_asked(asker: Actor, spoken: str) -> None:
    heard: list[str] = []

    def listening(*_given: Any) -> Any:
        heard.append(language.spoken())
        return {}

    with kind_that(listening) as kind:
        asked(asker, kind, lang=spoken)
        worked()
    assert heard == [spoken]
    assert language.spoken() == "en"  # as before


def until(event: Event, desk: Desk) -> None:
    """Compute until ``desk`` says stop, which it hears from a sign of life."""
    event.set()
    tick = Event()
    while True:
        desk.go_on()
        tick.wait(0.002)


def test_a_job_that_runs_is_cancelled(asker: Actor) -> None:
    begun = Event()
    with kind_that(lambda _land, _inputs, _seed, desk: until(begun, desk)) as kind:
        job = asked(asker, kind)
        with beside(worked):
            assert begun.wait(60)
            assert queue.cancel(asker, job.pk) == "running"
    found = now(job)
    assert (found.state, found.result, found.checkpoint) == ("cancelled", None, None)


def test_a_worker_that_ends_gives_its_job_back_with_what_it_kept(asker: Actor) -> None:
    """Even what was not yet time to keep."""
    stop = Event()

    def computing(_land: Any, _inputs: Any, _seed: int, desk: Desk) -> Any:
        if desk.checkpoint is not None:
            return {"resumed": desk.checkpoint.decode()}
        desk.keep(lambda: b"first")
        desk.keep(lambda: b"second")  # too soon after the first
        desk.say(2, 5, "two of five")
        stop.set()
        desk.go_on()
        raise AssertionError

    with kind_that(computing) as kind:
        job = asked(asker, kind)
        with override_settings(JOBS={**QUICK, "keep": AGES}):
            worker.work(stop)
        found = now(job)
        assert (found.state, found.attempts, found.worker) == ("queued", 0, None)
        assert bytes(found.checkpoint or b"") == b"second"
        worked()
    assert now(job).result == {"resumed": "second"}


def test_checkpoints_come_as_often_as_is_chosen(asker: Actor, monkeypatch: Any) -> None:
    saved: list[bytes] = []
    save = queue.save_checkpoint

    def counted(job: int, name: str, data: bytes) -> None:
        saved.append(data)
        save(job, name, data)

    monkeypatch.setattr(queue, "save_checkpoint", counted)

    def computing(_land: Any, _inputs: Any, _seed: int, desk: Desk) -> Any:
        for data in (b"1", b"2", b"3"):
            desk.keep(lambda data=data: data)
        return {}

    with kind_that(computing) as kind:
        asked(asker, kind)
        worked(keep=0.0)
        asked(asker, kind)
        worked(keep=AGES)
    assert saved == [b"1", b"2", b"3", b"1"]


def test_progress_is_told_while_it_runs(asker: Actor) -> None:
    def computing(_land: Any, _inputs: Any, _seed: int, desk: Desk) -> Any:
        desk.say(2, 5, "two of five")
        tick = Event()
        while Job.objects.get().message == "":
            tick.wait(0.002)
        told = Job.objects.get()
        return [told.done, told.total, told.message]

    with kind_that(computing) as kind:
        job = asked(asker, kind)
        worked()
    assert now(job).result == [2, 5, "two of five"]
    assert (now(job).done, now(job).total) == (5, 5)


def test_a_worker_thought_dead_stops_and_writes_nothing(asker: Actor) -> None:
    def computing(_land: Any, _inputs: Any, _seed: int, desk: Desk) -> Any:
        if queue.found_job(job.pk).attempts > 1:
            return {"by": "the second"}
        queue.sweep(timezone.now() + timedelta(days=1), 60)
        return until(Event(), desk)

    with kind_that(computing) as kind:
        job = asked(asker, kind)
        worked(sweep=AGES)
    found = now(job)
    assert (found.state, found.result, found.attempts) == ("done", {"by": "the second"}, 2)


def test_a_result_of_a_worker_thought_dead_is_not_kept(asker: Actor) -> None:
    """Also where it never heard of it."""

    def computing(_land: Any, _inputs: Any, _seed: int, _desk: Desk) -> Any:
        queue.sweep(timezone.now() + timedelta(days=1), 60)
        other = queue.claim("other")
        assert other is not None
        return {"by": "the first"}

    with kind_that(computing) as kind:
        job = asked(asker, kind)
        worked(beat=AGES / 1e6, sweep=AGES)
    assert (now(job).state, now(job).worker, now(job).result) == ("running", "other", None)


def test_a_worker_outlives_a_database_that_does_not_answer(
    asker: Actor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    claim, faults = queue.claim, [OperationalError("gone")]

    def claimed(name: str) -> Job | None:
        if faults:
            raise faults.pop()
        return claim(name)

    stop = Event()

    def ending(*_given: Any) -> Any:
        stop.set()
        return {}

    monkeypatch.setattr(queue, "claim", claimed)
    with kind_that(ending) as kind, override_settings(JOBS=QUICK):
        job = asked(asker, kind)
        worker.work(stop)
    assert now(job).state == "done"
    assert "does not answer" in caplog.text


def test_a_job_whose_database_went_away_is_left_to_the_sweeper(asker: Actor) -> None:
    faults = [OperationalError("gone")]

    def computing(*_given: Any) -> Any:
        if faults:
            raise faults.pop()
        return {"second": True}

    with kind_that(computing) as kind:
        job = asked(asker, kind)
        worked(sweep=AGES)
        assert now(job).state == "running"
        assert queue.sweep(timezone.now() + timedelta(days=1), 60) == 1
        worked()
    assert now(job).result == {"second": True}


@pytest.mark.parametrize("move", ["save_checkpoint", "finish", "release", "stop", "fail"])
def test_a_connection_that_has_gone_meanwhile_costs_nothing(
    asker: Actor, monkeypatch: pytest.MonkeyPatch, move: str
) -> None:
    real, faults, stop = getattr(queue, move), [OperationalError("gone")], Event()

    def gone_once(*given: Any) -> Any:
        if faults:
            raise faults.pop()
        return real(*given)

    def computing(_land: Any, _inputs: Any, _seed: int, desk: Desk) -> Any:
        desk.keep(lambda: b"kept")
        if move == "fail":
            raise InputError("No.")
        if move == "stop":
            queue.cancel(asker, job.pk)
            return until(Event(), desk)
        stop.set()
        if move == "release":
            desk.go_on()
        return {}

    monkeypatch.setattr(queue, move, gone_once)
    with kind_that(computing) as kind, override_settings(JOBS=QUICK):
        job = asked(asker, kind)
        worker.work(stop, idle=False)
    assert faults == []
    ends = {"release": "queued", "stop": "cancelled", "fail": "failed"}
    assert now(job).state == ends.get(move, "done")


def test_the_worker_sweeps(asker: Actor) -> None:
    with kind_that(fine) as kind:
        job = asked(asker, kind)
        queue.claim("dead")
        Job.objects.update(heartbeat_at=timezone.now() - timedelta(seconds=61))
        worked(limit=60)
    assert (now(job).state, now(job).attempts) == ("done", 2)


def test_a_job_computes_on_the_picture_it_was_asked_for(asker: Actor) -> None:
    def counting(land: Any, *_given: Any) -> Any:
        return land.table("municipalities")["population"].sum()

    with kind_that(counting) as kind:
        old = asked(asker, kind)
        before = example().table("municipalities")["population"].sum()
        seen = history.current("municipalities", [example().table("municipalities")["nis"][0]])[0]
        more = seen.values["population"] + 5
        writing.write(correct(seen, {"population": more}), Reason("edit", "counted again"))
        new = asked(asker, kind)
        worked()
    assert (now(old).change, now(new).change) == (1, 2)
    assert (now(old).result, now(new).result) == (before, before + 5)


def test_the_pace_is_a_setting() -> None:
    with override_settings(JOBS={}):
        assert pace() == Pace()
    with override_settings(JOBS={"beat": 3.0, "limit": 7.0}):
        assert pace() == Pace(beat=3.0, limit=7.0)


def test_a_desk_says_why_it_stops() -> None:
    ends, kept = Event(), []
    desk = Desk(kept.append, ends)
    desk.go_on()
    ends.set()
    for event, why in ((None, "returned"), (desk.cancelled, "cancelled"), (desk.lost, "lost")):
        if event is not None:
            event.set()
        with pytest.raises(Stopped, match=why):
            desk.go_on()
    desk.flush()
    assert kept == []  # nothing waited


def test_the_environment_sets_the_pace() -> None:
    told = {"SAMENSPEL_JOBS_BEAT": "0.5", "SAMENSPEL_JOBS_KEEP": "0", "SAMENSPEL_JOBS_POLL": " "}
    assert paces(told) == {"beat": 0.5, "keep": 0.0}
    for name, word in (("BEAT", "0"), ("POLL", "-1"), ("LIMIT", "long"), ("SWEEP", "inf")):
        with pytest.raises(InputError, match=f"SAMENSPEL_JOBS_{name} is “{word}”"):
            paces({f"SAMENSPEL_JOBS_{name}": word})
