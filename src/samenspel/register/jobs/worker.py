"""The worker: claims one job after the other and computes it, while a thread beside it says that it
lives, passes its progress on and hears what was asked of it."""

import logging
import os
import secrets
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Event, Thread
from time import monotonic
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connections
from django.utils import timezone

from samenspel.errors import InputError
from samenspel.language import _, speaking, spoken
from samenspel.register.jobs import queue
from samenspel.register.jobs.desk import CANCELLED, LOST, Desk, Stopped
from samenspel.register.jobs.kinds import kind_of
from samenspel.register.jobs.pace import Pace, pace
from samenspel.register.jobs.queue import Lost
from samenspel.register.models import Job

log = logging.getLogger("samenspel.jobs")
Done = TypeVar("Done")
AWAY = (OperationalError, InterfaceError)  # the database does not answer: no fault of a job


def main() -> None:
    """The worker as a process, until SIGTERM or Ctrl-C; what it computes goes back to the queue."""
    stop = Event()
    heard: SimpleQueue[int] = SimpleQueue()  # its put is safe wherever a signal comes in between

    def listen() -> None:
        heard.get()
        stop.set()

    Thread(target=listen, daemon=True).start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _frame: heard.put(number))
    work(stop)


def work(stop: Event, *, idle: bool = True) -> None:
    """Compute jobs until ``stop`` is set; without ``idle`` also end once none waits. Whatever a job
    does, the next one gets its turn."""
    name = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
    chosen = pace()
    swept: float | None = None
    while not stop.is_set():
        job = None
        try:
            if swept is None or monotonic() - swept >= chosen.sweep:
                queue.sweep(timezone.now(), chosen.limit)
                swept = monotonic()
            job = queue.claim(name)
        except AWAY:
            log.warning("the database does not answer", exc_info=True)
            connections.close_all()
        if job is not None:
            attempt(job, name, stop, chosen)
        elif not idle:
            return
        else:
            stop.wait(chosen.poll)


def attempt(job: Job, worker: str, stop: Event, chosen: Pace) -> None:
    """Compute ``job`` and say what became of it."""
    log.info("job %s (%s) begins, start %s", job.pk, job.kind, job.attempts)
    try:
        with speaking(job.inputs.get("lang") or spoken()):
            state = outcome(job, worker, stop, chosen)
    except (Lost, Stopped):
        state = "lost"
    except AWAY:  # the sweeper brings it back
        log.warning("job %s: the database does not answer", job.pk, exc_info=True)
        connections.close_all()
        state = "lost"
    log.info("job %s (%s): %s", job.pk, job.kind, state)


def outcome(job: Job, worker: str, stop: Event, chosen: Pace) -> str:
    """Compute ``job``; the state in which it is then. Raises Lost."""
    kept = None if job.checkpoint is None else bytes(job.checkpoint)
    desk = Desk(
        lambda data: surely(lambda: queue.save_checkpoint(job.pk, worker, data)),
        stop, kept, chosen.keep,
    )  # fmt: skip
    try:
        with alive(job, worker, desk, chosen.beat):
            kind = kind_of(job.kind)
            land = queue.picture(job.change or 0, job.day or timezone.localdate())
            result = kind.run(land, kind.checked(job.inputs), job.seed, desk)
        return surely(lambda: queue.finish(job.pk, worker, result, desk.files))
    except Stopped:
        if desk.stopped == LOST:
            raise
        if desk.stopped == CANCELLED:
            surely(lambda: queue.stop(job.pk, worker))
            return "cancelled"
        desk.flush()
        surely(lambda: queue.release(job.pk, worker))
        return "queued"
    except InputError as error:
        fault = " ".join(str(error).split())
    except (Lost, *AWAY):
        raise
    except Exception:  # whatever it is, the next job gets its turn
        log.exception("job %s (%s) failed", job.pk, job.kind)
        fault = _("A fault of the program ended the computation; the log tells more of job "
                  "{number}.").format(number=job.pk)  # fmt: skip
    surely(lambda: queue.fail(job.pk, worker, fault))
    return "failed"


def surely(act: Callable[[], Done]) -> Done:
    """``act``, over a new connection where the one that is there has gone meanwhile."""
    try:
        return act()
    except AWAY:
        connections.close_all()
        return act()


@contextmanager
def alive(job: Job, worker: str, desk: Desk, every: float) -> Iterator[None]:
    """In the block, say every so many seconds that the worker lives, and hear what was asked."""
    over = Event()
    thread = Thread(target=beats, args=(job.pk, worker, desk, every, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def beats(job: int, worker: str, desk: Desk, every: float, over: Event) -> None:
    """Signs of life until ``over``, over a connection of this thread's own."""
    told = None
    try:
        while not over.wait(every):
            said = desk.said
            try:
                if said == told or said is None:
                    found = queue.beat(job, worker)
                else:
                    found = queue.progress(job, worker, *said)
            except Exception:  # a worker that cannot say so lives all the same
                log.warning("job %s: no sign of life given", job, exc_info=True)
                connections.close_all()
                continue
            told = said
            if found.cancel:
                desk.cancelled.set()
            if not found.held:
                desk.lost.set()
    finally:
        connections.close_all()
