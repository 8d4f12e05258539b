"""The change, which is the only thing that moves the register, and the record, which is the lasting
name of what rows are about."""

from django.conf import settings
from django.db import models

KINDS = ("import", "edit", "confirm", "undo")


class Record(models.Model):
    """What one thing is called for ever: a table of the register and a key in it, as JSON."""

    table = models.CharField(max_length=40)
    key = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["table", "key"], name="record_once"),)


class Change(models.Model):
    """One act on the register: who, when, why, on what source.

    ``number``: 1, 2, 3 … without a gap, in the order in which changes were made; a picture of the
    register is named by the last number that it holds. ``at``: the moment, later than that of any
    change before; unknown for rows that were on record, nobody knows since when, before they came
    here. ``acting_for``: the organisation for which the account acted. ``sealed``: complete;
    sealing is the last step of a change, in which the database checks references.
    """

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(null=True, unique=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="changes"
    )
    acting_for = models.CharField(max_length=100, null=True)
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in KINDS])
    why = models.TextField()
    source = models.TextField(null=True)
    undoes = models.ForeignKey("self", models.PROTECT, null=True, related_name="undone_by")
    sealed = models.BooleanField(default=False)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.CheckConstraint(condition=models.Q(number__gte=1), name="change_number"),
            models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="change_kind"),
        )
