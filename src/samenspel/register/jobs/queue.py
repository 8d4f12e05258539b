"""The queue: the rows of ``Job``, moved from state to state by conditional updates alone. What
somebody asks of it is asked against the roles that the account holds at that moment.

Whoever moves a job names the state, and for one that runs the worker, that it must be in; so a
worker that was thought dead cannot write over its successor, it learns that it lost the job.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date as Date
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from samenspel.errors import InputError
from samenspel.landscape.landscape import Landscape
from samenspel.language import _, speaking, spoken
from samenspel.register import reading
from samenspel.register.actors import again
from samenspel.register.jobs.code import code_version
from samenspel.register.jobs.kinds import kind_of
from samenspel.register.models import Job, JobFile
from samenspel.register.rights import Actor, Subject, require

MOST_STARTS = 5  # without a new checkpoint between them (status: choice)
LARGEST_SEED = 2**31 - 1


class Lost(Exception):
    """The job is no longer this worker's: it was thought dead, or the job has ended."""


@dataclass(frozen=True)
class Heard:
    """What a sign of life hears back: whether the job is still the worker's, and whether somebody
    asked to cancel it."""

    held: bool
    cancel: bool


def ask(
    actor: Actor, kind: str, inputs: Mapping[str, Any], *, day: Date | None = None, seed: int = 0
) -> Job:
    """Put a computation of ``kind`` in the queue, on the picture of ``day`` (else today) as it is
    known now, whatever is written afterwards.

    ``inputs``: the words of the command of that kind, see ``jobs.kinds``. Raises Refused, and
    InputError for a kind that there is not, for inputs that it does not take (named by their key)
    or that name what is not on record, and where no picture can be made.
    """
    require(again(actor), "start_job", Subject(account=actor.account))
    if not 0 <= seed <= LARGEST_SEED:
        raise InputError(
            _("seed: {seed} does not belong here; give a whole number from 0 to {most}.").format(
                seed=seed, most=LARGEST_SEED
            )
        )
    chosen = kind_of(kind)
    wanted = chosen.checked(inputs)
    change = reading.last_change()
    day = day or timezone.localdate()
    chosen.look(picture(change, day), wanted)
    return Job.objects.create(
        kind=kind,
        inputs=wanted.model_dump(mode="json"),
        change=change,
        day=day,
        seed=seed,
        code_version=code_version(),
        asked_by_id=actor.account,
    )


def picture(change: int, day: Date) -> Landscape:
    """The landscape that a job computes on. Raises InputError where the register holds none, or no
    municipality on that day."""
    if not change:
        raise InputError(_("The register holds nothing yet; import a landscape first."))
    found = reading.landscape(day, change=change)
    if found.table("municipalities").is_empty():
        raise InputError(_("No municipality holds on {day}; give another day.").format(day=day))
    return found


def read(actor: Actor, job: int) -> Job:
    """The job with this number. Raises Refused, and InputError where there is none."""
    found = found_job(job)
    require(again(actor), "read_job", Subject(account=found.asked_by_id))
    return found


def cancel(actor: Actor, job: int) -> str:
    """Ask that a job ends; the state that it is in then. One that runs is cancelled by its worker,
    soon; one that has ended stays as it is. Raises Refused, and InputError where there is none."""
    found = found_job(job)
    require(again(actor), "cancel_job", Subject(account=found.asked_by_id))
    # Asked first, whatever its state: it may go from queue to worker and back meanwhile.
    Job.objects.filter(pk=job, state__in=("queued", "running")).update(cancel_asked=True)
    ended(Job.objects.filter(pk=job, state="queued"), "cancelled")
    return str(Job.objects.values_list("state", flat=True).get(pk=job))


def found_job(job: int) -> Job:
    """The job with this number. Raises InputError where there is none."""
    found = Job.objects.filter(pk=job).first()
    if found is None:
        raise InputError(_("There is no job {number}.").format(number=job))
    return found


def claim(worker: str) -> Job | None:
    """The job that has waited longest, now running and this worker's; None where none waits.
    Exactly one worker gets a job. A checkpoint of other code is not taken up: the job begins
    anew with the code that there is."""
    waiting = Job.objects.filter(state="queued").order_by("pk")
    if not waiting.exists():  # nobody takes the turn of a writer only to look
        return None
    now = timezone.now()
    with transaction.atomic():
        found = waiting.select_for_update(skip_locked=True).first()
        if found is None:
            return None
        other: dict[str, Any] = {}
        if found.code_version != code_version():
            other = {"code_version": code_version(), "checkpoint": None, "done": 0.0}
        taken = Job.objects.filter(pk=found.pk, state="queued").update(
            state="running",
            worker=worker,
            attempts=F("attempts") + 1,
            started_at=found.started_at or now,
            heartbeat_at=now,
            **other,
        )
        return Job.objects.get(pk=found.pk) if taken else None


def held(job: int, worker: str) -> QuerySet[Job]:
    """The job, as long as ``worker`` runs it."""
    return Job.objects.filter(pk=job, state="running", worker=worker)


def beat(job: int, worker: str) -> Heard:
    """Say that the worker lives."""
    return heard(job, worker)


def progress(job: int, worker: str, done: float, total: float | None, message: str) -> Heard:
    """Say how far the job is, which is a sign of life too."""
    return heard(job, worker, done=done, total=total, message=message)


def heard(job: int, worker: str, **values: Any) -> Heard:
    """Write ``values`` beside a sign of life."""
    if not held(job, worker).update(heartbeat_at=timezone.now(), **values):
        return Heard(held=False, cancel=False)
    asked = held(job, worker).values_list("cancel_asked", flat=True).first()
    return Heard(held=asked is not None, cancel=bool(asked))


def save_checkpoint(job: int, worker: str, checkpoint: bytes) -> None:
    """Keep all that a resumed job needs. Starts are counted anew from here, since the job gets
    further. Raises Lost."""
    if not held(job, worker).update(checkpoint=checkpoint, attempts=1, heartbeat_at=timezone.now()):
        raise Lost


def finish(job: int, worker: str, result: Any, files: Mapping[str, bytes] | None = None) -> str:
    """The job is done, with its ``result`` (JSON) and the files that it made; or cancelled, where
    that was asked before. The state that it is in. Raises Lost."""
    with transaction.atomic():
        mine = held(job, worker)
        all_ = Coalesce(F("total"), 1.0)
        if ended(mine.filter(cancel_asked=False), "done", result=result, done=all_, total=all_):
            JobFile.objects.bulk_create(
                JobFile(job_id=job, name=name, content=content)
                for name, content in (files or {}).items()
            )
            return "done"
        if ended(mine, "cancelled"):
            return "cancelled"
    raise Lost


def fail(job: int, worker: str, fault: str) -> None:
    """The job cannot be done; ``fault``: one sentence. Raises Lost."""
    if not ended(held(job, worker), "failed", fault=fault):
        raise Lost


def stop(job: int, worker: str) -> None:
    """The worker has stopped because somebody asked to cancel. Raises Lost."""
    if not ended(held(job, worker), "cancelled"):
        raise Lost


def release(job: int, worker: str) -> None:
    """Back to the queue, since the worker ends; this start does not count. Cancelled where that was
    asked. Raises Lost."""
    if (
        not held(job, worker)
        .filter(cancel_asked=False)
        .update(state="queued", worker=None, heartbeat_at=None, attempts=F("attempts") - 1)
    ):
        stop(job, worker)


def ended(jobs: QuerySet[Job], state: str, **values: Any) -> int:
    """Bring ``jobs`` to an end; how many there were."""
    return jobs.update(state=state, ended_at=timezone.now(), worker=None, checkpoint=None, **values)


def sweep(now: datetime, limit: float) -> int:
    """Bring jobs whose worker gave no sign of life for ``limit`` seconds back to the queue, or to
    their end where that was asked or they were begun too often; how many there were."""
    silent = Job.objects.filter(
        Q(heartbeat_at__lt=now - timedelta(seconds=limit)) | Q(heartbeat_at__isnull=True),
        state="running",
    )
    if not silent.exists():
        return 0
    found = ended(silent.filter(cancel_asked=True), "cancelled")
    for job in silent.filter(attempts__gte=MOST_STARTS).defer("checkpoint", "result"):
        with speaking(job.inputs.get("lang") or spoken()):
            fault = _("The job was begun {count} times and lost its worker each time; ask for "
                      "less, or look in the log.").format(count=job.attempts)  # fmt: skip
        found += ended(silent.filter(pk=job.pk, attempts__gte=MOST_STARTS), "failed", fault=fault)
    return found + silent.filter(attempts__lt=MOST_STARTS, cancel_asked=False).update(
        state="queued", worker=None, heartbeat_at=None
    )
