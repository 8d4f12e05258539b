"""Who may do what: accounts, what they are entitled to and on whose word, and what became of it."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Value
from django.db.models.functions import Coalesce, Lower

ROLES = ("municipality", "partnership", "coordinator", "agency", "administrator")


class Accounts(BaseUserManager["Account"]):
    """Makes accounts."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Account":
        """An account; without ``password`` it cannot sign in until one is set."""
        account = self.model(email=self.normalize_email(email).lower(), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """Somebody who can sign in. Closed accounts stay, since changes name them."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150, blank=True)
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = Accounts()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = (models.UniqueConstraint(Lower("email"), name="email_once"),)

    def __str__(self) -> str:
        return self.name or self.email


class Grant(models.Model):
    """A role of an account for an organisation (a municipality or a partnership, by its id), for a
    zone (a coordinator), or for the whole register (agency, administrator), while it lasts."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=[(role, role) for role in ROLES])
    organisation = models.CharField(max_length=100, null=True)
    zoning = models.CharField(max_length=100, null=True)
    zone = models.CharField(max_length=100, null=True)
    given_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(
                    role__in=("municipality", "partnership"),
                    organisation__isnull=False,
                    zoning__isnull=True,
                    zone__isnull=True,
                )
                | models.Q(
                    role="coordinator",
                    organisation__isnull=True,
                    zoning__isnull=False,
                    zone__isnull=False,
                )
                | models.Q(
                    role__in=("agency", "administrator"),
                    organisation__isnull=True,
                    zoning__isnull=True,
                    zone__isnull=True,
                ),
                name="grant_for_its_kind",
            ),
            # An empty cell equals an empty cell here, on either database.
            models.UniqueConstraint(
                "account",
                "role",
                *(Coalesce(name, Value("")) for name in ("organisation", "zoning", "zone")),
                condition=models.Q(ended_at__isnull=True),
                name="grant_once",
            ),
        )


class Invitation(models.Model):
    """A link by which somebody sets the password of an account, once and for a while. Only the hash
    of its secret is kept."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="invitations")
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class AuditEntry(models.Model):
    """What happened to sign-ins and rights: ``what`` in the words of ``register.audit``. ``by``:
    the account that did it, where it is known. ``about``: the account that it was done to."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    what = models.CharField(max_length=40)
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    about = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    address = models.GenericIPAddressField(null=True)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ("id",)
