"""The queue: what can be asked, who gets a job, and that each move asks for the state before it."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import polars as pl
import pytest
from django.utils import timezone
from jobs_at_work import DRAWN, beside, held, kind_that, now, somebody

from countries import example
from registers import Database
from samenspel import language
from samenspel.errors import InputError
from samenspel.register.jobs import queue
from samenspel.register.jobs.code import code_version
from samenspel.register.jobs.kinds import KINDS
from samenspel.register.jobs.queue import MOST_STARTS, Heard, Lost
from samenspel.register.models import Grant, Job, JobFile
from samenspel.register.rights import VISITOR, Actor, Refused

DAY = example().date
LIMIT = 60.0


@pytest.fixture
def asker(database: Database) -> Actor:  # noqa: ARG001
    held(example())
    return somebody()


def asked(asker: Actor, **inputs: Any) -> Job:
    return queue.ask(asker, "report", inputs, day=DAY)


def test_a_job_pins_what_it_computes(asker: Actor) -> None:
    job = now(queue.ask(asker, "delineation", {**DRAWN, "lang": "nl"}, day=DAY, seed=7))
    assert (job.kind, job.change, job.day, job.seed) == ("delineation", 1, DAY, 7)
    assert (job.state, job.attempts, job.asked_by_id) == ("queued", 0, asker.account)
    assert job.code_version == code_version()
    assert len(job.code_version) <= 40
    assert job.inputs["iterations"] == 3000
    assert job.inputs["goals"] == "cut=1"  # also what nobody said
    assert job.inputs["lang"] == "nl"
    assert queue.read(asker, job.pk) == job


def test_without_day_it_is_today_and_in_the_language_of_who_asks(asker: Actor) -> None:
    language.use("nl")
    job = queue.ask(asker, "report", {})
    assert (job.day, job.inputs["lang"]) == (timezone.localdate(), "nl")


WRONG: dict[str, tuple[str, dict[str, Any], str]] = {
    "kind": ("chess", {}, "There is no job of kind “chess”; use one of delineation, ensemble"),
    "missing": ("delineation", {}, "regions: it is missing; give it."),
    "key": ("report", {"zones": "x"}, "zones: unknown; use one of lang, zoning, region"),
    "clock": ("delineation", {**DRAWN, "seconds": 3}, "seconds: unknown; use one of lang, regions"),
    "text": ("report", {"zoning": 3}, "zoning: it needs text."),
    "whole": ("report", {"many": 2.5}, "many: it needs a whole number."),
    "as text": ("report", {"many": "3"}, "many: it needs a whole number."),
    "low": ("report", {"many": 1}, "many: it needs a number from 2 on."),
    "high": ("report", {"horizon": 300}, "horizon: it needs a number up to 200."),
    "above": ("plan", {"region": "x", "seconds": 0}, "seconds: it needs a number above 0."),
    "number": ("plan", {"region": "x", "seconds": float("nan")}, "seconds: it needs a number."),
    "boolean": ("delineation", {**DRAWN, "centre": "yes"}, "centre: it needs true or false."),
    "list": ("delineation", {**DRAWN, "whole": "x"}, "whole: it needs a list."),
    "item": ("delineation", {**DRAWN, "whole": [1]}, "whole.0: it needs text."),
    "language": ("report", {"lang": "fr"}, "lang: use one of 'nl', 'en'."),
    "words": ("delineation", {**DRAWN, "population": "few"}, "population few: write LOW..HIGH"),
    "count": ("delineation", {"regions": "2..x"}, "regions 2..x: write a number, such as 17"),
    "town": ("delineation", {**DRAWN, "fix": ["Atlantis=A"]},
             "There is no municipality “Atlantis” in this landscape"),
    "chain": ("ensemble", {"regions": 2, "kind": "walk"}, "There is no kind of chain “walk”"),
    "thin": ("ensemble", {"regions": 2, "steps": 5, "thin": 9}, "thin 9: no plan would be"),
    "plan": ("ensemble", {"regions": 2, "plans": ["/etc/plan.json"]}, "/etc/plan.json"),
    "json": ("ensemble", {"regions": 2, "plans": [{"plan": 3}]}, "plan 1 holds no plan"),
    "zone": ("plan", {"region": "Atlantis"}, "“Atlantis”"),
    "report": ("report", {"region": "Atlantis"}, "“Atlantis”"),
    "wish": ("plan", {"region": "x", "wishes": {"wishes": [{"eat": 1}]}},
             "wishes, key wishes.0.eat: wish 1: unknown; use one of keep, go"),
    "setting": ("plan", {"region": "x", "wishes": {"settings": {"pace": 1}}},
                "wishes, key settings.pace: unknown; use one of weights"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_asked_is_refused_with_key_and_remedy(asker: Actor, name: str) -> None:
    kind, inputs, said = WRONG[name]
    with pytest.raises(InputError) as refused:
        queue.ask(asker, kind, inputs, day=DAY)
    assert said in str(refused.value)
    assert "--" not in str(refused.value)
    assert not Job.objects.exists()


@pytest.mark.parametrize("seed", [-1, 2**31])
def test_a_seed_that_is_none(asker: Actor, seed: int) -> None:
    with pytest.raises(InputError, match=f"seed: {seed} does not belong here"):
        queue.ask(asker, "report", {}, day=DAY, seed=seed)


@pytest.mark.usefixtures("database")
def test_a_day_without_picture_has_nothing_to_compute() -> None:
    towns = example().table("municipalities").with_columns(valid_from=pl.lit(DAY))
    held(replace(example(), frames={**example().frames, "municipalities": towns}))
    asker = somebody()
    queue.ask(asker, "report", {}, day=DAY)
    with pytest.raises(InputError, match="No municipality holds on"):
        queue.ask(asker, "report", {}, day=DAY - timedelta(days=1))
    assert Job.objects.count() == 1


@pytest.mark.usefixtures("database")
def test_an_empty_register_has_nothing_to_compute() -> None:
    with pytest.raises(InputError, match="holds nothing yet"):
        queue.ask(somebody(), "report", {})


def test_a_visitor_and_a_stranger_are_refused(asker: Actor) -> None:
    job = asked(asker)
    other = somebody("other", "municipality", organisation="V00001")
    with pytest.raises(Refused):
        queue.ask(VISITOR, "report", {}, day=DAY)
    for actor in (VISITOR, other):
        for act in (queue.read, queue.cancel):
            with pytest.raises(Refused):
                act(actor, job.pk)
    own = queue.ask(other, "report", {}, day=DAY)
    assert queue.read(other, own.pk) == own
    assert queue.cancel(asker, own.pk) == "cancelled"  # the agency may
    assert now(job).state == "queued"


def test_a_role_that_has_ended_meanwhile_counts_no_more(asker: Actor) -> None:
    job = asked(asker)
    Grant.objects.filter(account_id=asker.account).update(ended_at=timezone.now())
    with pytest.raises(Refused):
        asked(asker)
    for act in (queue.read, queue.cancel):
        with pytest.raises(Refused):
            act(asker, job.pk)
    assert now(job).state == "queued"
    Grant.objects.filter(account_id=asker.account).update(ended_at=None)
    assert queue.read(asker, job.pk) == job
    for act in (queue.read, queue.cancel):
        with pytest.raises(InputError, match="There is no job 0"):
            act(asker, 0)


def test_each_job_goes_to_one_worker_however_many_ask_at_once(asker: Actor) -> None:
    jobs = {asked(asker).pk for _number in range(12)}
    start, got = Barrier(3), []

    def claims(name: str) -> None:
        start.wait()
        while (job := queue.claim(name)) is not None:
            got.append((job.pk, name))

    with beside(lambda: claims("b")), beside(lambda: claims("c")):
        claims("a")
    assert Counter(pk for pk, _name in got) == Counter(jobs)
    for pk, name in got:
        job = Job.objects.get(pk=pk)
        assert (job.state, job.worker, job.attempts) == ("running", name, 1)
    assert queue.claim("a") is None


def test_the_one_that_waited_longest_comes_first(asker: Actor) -> None:
    first, second = asked(asker), asked(asker)
    assert [queue.claim("a"), queue.claim("a")] == [first, second]


def test_what_is_cancelled_in_the_queue_never_runs(asker: Actor) -> None:
    job = asked(asker)
    assert queue.cancel(asker, job.pk) == "cancelled"
    assert now(job).ended_at is not None
    assert queue.claim("a") is None
    assert queue.cancel(asker, job.pk) == "cancelled"


def test_what_runs_hears_that_it_is_cancelled(asker: Actor) -> None:
    job = asked(asker)
    queue.claim("a")
    assert queue.beat(job.pk, "a") == Heard(held=True, cancel=False)
    assert queue.cancel(asker, job.pk) == "running"
    assert queue.progress(job.pk, "a", 1, 3, "half-way") == Heard(held=True, cancel=True)
    found = now(job)
    assert (found.done, found.total, found.message) == (1, 3, "half-way")
    queue.stop(job.pk, "a")
    assert now(job).state == "cancelled"


def test_a_result_that_comes_after_a_cancellation_is_not_kept(asker: Actor) -> None:
    job = asked(asker)
    queue.claim("a")
    queue.cancel(asker, job.pk)
    assert queue.finish(job.pk, "a", {"x": 1}, {"page.html": b"x"}) == "cancelled"
    assert (now(job).state, now(job).result) == ("cancelled", None)
    assert not JobFile.objects.exists()


def test_what_goes_back_after_a_cancellation_is_cancelled(asker: Actor) -> None:
    job = asked(asker)
    queue.claim("a")
    queue.cancel(asker, job.pk)
    queue.release(job.pk, "a")
    assert now(job).state == "cancelled"


def test_a_job_that_is_done_has_its_result_and_files_and_stays_so(asker: Actor) -> None:
    job = asked(asker)
    queue.claim("a")
    queue.progress(job.pk, "a", 1, 3, "half-way")
    queue.save_checkpoint(job.pk, "a", b"x")
    assert queue.finish(job.pk, "a", {"x": [1, None]}, {"page.html": b"<p>"}) == "done"
    found = now(job)
    assert (found.state, found.result, found.checkpoint) == ("done", {"x": [1, None]}, None)
    assert (found.done, found.total, found.worker) == (3, 3, None)
    assert bytes(found.files.get().content) == b"<p>"
    assert queue.cancel(asker, job.pk) == "done"
    assert now(job).cancel_asked is False


MOVES = {
    "save_checkpoint": (b"x",),
    "finish": ({"x": 1},),
    "fail": ("It went wrong.",),
    "stop": (),
    "release": (),
}


@pytest.mark.parametrize("move", MOVES)
def test_a_worker_thought_dead_cannot_write_over_its_successor(asker: Actor, move: str) -> None:
    job = asked(asker)
    queue.claim("old")
    assert queue.sweep(timezone.now() + timedelta(seconds=LIMIT + 1), LIMIT) == 1
    before = now(job)
    with pytest.raises(Lost):  # while it waits
        getattr(queue, move)(job.pk, "old", *MOVES[move])
    queue.claim("new")
    with pytest.raises(Lost):  # while another has it
        getattr(queue, move)(job.pk, "old", *MOVES[move])
    assert queue.beat(job.pk, "old") == Heard(held=False, cancel=False)
    assert queue.progress(job.pk, "old", 1, 1, "x").held is False
    found = now(job)
    assert (found.state, found.worker, found.attempts) == ("running", "new", 2)
    assert (found.message, found.result, found.checkpoint) == ("", None, before.checkpoint)
    getattr(queue, move)(job.pk, "new", *MOVES[move])  # whoever has it, may


def test_the_sweeper_takes_only_who_was_silent_too_long(asker: Actor) -> None:
    job = asked(asker)
    queue.claim("a")
    alive = now(job).heartbeat_at
    assert alive is not None
    assert queue.sweep(alive + timedelta(seconds=LIMIT), LIMIT) == 0
    assert now(job).state == "running"
    assert queue.sweep(alive + timedelta(seconds=LIMIT, microseconds=1), LIMIT) == 1
    assert (now(job).state, now(job).worker, now(job).attempts) == ("queued", None, 1)
    assert queue.sweep(alive + timedelta(days=1), LIMIT) == 0


def late() -> Any:
    return timezone.now() + timedelta(seconds=LIMIT + 1)


def test_a_job_that_loses_its_worker_again_and_again_fails_in_words(asker: Actor) -> None:
    job = asked(asker, lang="en")
    for start in range(1, MOST_STARTS + 1):
        assert now(job).state == "queued"
        claimed = queue.claim("a")
        assert claimed is not None
        assert claimed.attempts == start
        assert queue.sweep(late(), LIMIT) == 1
    found = now(job)
    assert found.state == "failed"
    assert found.fault == (
        "The job was begun 5 times and lost its worker each time; ask for less, or look in the log."
    )


def test_starts_count_from_the_last_checkpoint_and_going_back_in_order_is_none(
    asker: Actor,
) -> None:
    job = asked(asker)
    for _start in range(2 * MOST_STARTS):
        queue.claim("a")
        queue.release(job.pk, "a")
    assert (now(job).attempts, now(job).state) == (0, "queued")
    for _start in range(2 * MOST_STARTS):
        queue.claim("a")
        queue.save_checkpoint(job.pk, "a", b"further")
        queue.sweep(late(), LIMIT)
    assert now(job).state == "queued"


def test_a_lost_job_that_was_cancelled_ends(asker: Actor) -> None:
    job = asked(asker)
    queue.claim("a")
    queue.cancel(asker, job.pk)
    assert queue.sweep(late(), LIMIT) == 1
    assert now(job).state == "cancelled"


@pytest.mark.parametrize("same", [True, False])
def test_a_checkpoint_of_other_code_is_not_taken_up(asker: Actor, same: bool) -> None:
    job = asked(asker)
    queue.claim("a")
    queue.progress(job.pk, "a", 2, 3, "far")
    queue.save_checkpoint(job.pk, "a", b"kept")
    queue.release(job.pk, "a")
    if not same:
        Job.objects.filter(pk=job.pk).update(code_version="0.0.1+other")
    claimed = queue.claim("b")
    assert claimed is not None
    kept = None if claimed.checkpoint is None else bytes(claimed.checkpoint)
    assert (kept, claimed.done) == ((b"kept", 2) if same else (None, 0))
    assert claimed.code_version == code_version()


def test_every_kind_is_named_as_it_is_asked() -> None:
    assert list(KINDS) == ["delineation", "ensemble", "plan", "report"]
    assert all(kind.name == name for name, kind in KINDS.items())
    with kind_that(lambda: None) as name:
        assert name in KINDS
