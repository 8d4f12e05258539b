"""Work that is under way: drafts of changes, and jobs in the background."""

from django.db import models

from samenspel.register.models.people import Account

STATES = ("queued", "running", "done", "failed", "cancelled")


class Draft(models.Model):
    """Edits that somebody prepares and that no picture shows until they are published.

    ``edits``: a list as ``register.drafts`` reads it. ``acting_for``: as in Change.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="drafts")
    acting_for = models.CharField(max_length=100, null=True)
    title = models.CharField(max_length=200)
    why = models.TextField(blank=True)
    edits = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)


class Job(models.Model):
    """A computation in the background.

    ``kind`` and ``inputs`` say what is computed; ``change`` and ``day`` of which picture of the
    register; ``seed`` and ``code_version`` make it repeatable. ``checkpoint``: all that a resumed
    job needs. ``heartbeat_at``: when its worker last said that it lives; ``worker`` names it.
    ``attempts``: how often it was started since its last checkpoint. ``done`` of ``total`` tells
    how far it is.
    """

    kind = models.CharField(max_length=40)
    inputs = models.JSONField(default=dict)
    change = models.BigIntegerField(null=True)
    day = models.DateField(null=True)
    seed = models.BigIntegerField(default=0)
    code_version = models.CharField(max_length=40)
    state = models.CharField(
        max_length=10, choices=[(state, state) for state in STATES], default="queued"
    )
    asked_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="jobs")
    acting_for = models.CharField(max_length=100, null=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    worker = models.CharField(max_length=80, null=True)
    attempts = models.PositiveIntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    done = models.FloatField(default=0)
    total = models.FloatField(null=True)
    message = models.TextField(blank=True)
    checkpoint = models.BinaryField(null=True)
    result = models.JSONField(null=True)
    fault = models.TextField(null=True)

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=["state", "id"], name="job_state"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=STATES), name="job_state_known"),
            models.CheckConstraint(
                condition=models.Q(state__in=("queued", "running"), ended_at__isnull=True)
                | models.Q(state__in=("done", "failed", "cancelled"), ended_at__isnull=False),
                name="job_ended",
            ),
        )


class JobFile(models.Model):
    """A file that a job made, such as a report."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="files")
    name = models.CharField(max_length=100)
    content = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["job", "name"], name="job_file_once"),)
