"""The first administrator: made by whoever has the machine, through a link that works once."""

from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.urls import reverse

from samenspel.errors import InputError
from samenspel.language import _
from samenspel.register import audit, granting
from samenspel.register.models import Account, AuditEntry, Grant
from samenspel.register.writing import turn

SALT = "samenspel first administrator"
LASTS = timedelta(hours=24)  # status: choice
MADE, USED = "first_administrator", "invitation_used"


def link() -> str:
    """A new address, path only, where somebody becomes an administrator, once and within LASTS. One
    made before works no more. Noted in the audit."""
    entry = audit.note(MADE)
    return reverse("first_administrator", args=[signing.dumps(entry.pk, salt=SALT)])


def address(path: str, host: str, port: int) -> str:
    """``path`` as somebody types it: under the first name that others use, else on this machine."""
    if settings.NAMES and settings.HTTPS:  # through the web server in front, on its own port
        return f"https://{settings.NAMES[0]}{path}"
    host = settings.NAMES[0] if settings.NAMES else host
    return f"http://{f'[{host}]' if ':' in host else host}:{port}{path}"


def checked(token: str) -> int:
    """The entry of the audit that a link names. Raises InputError where the link is not right, too
    old, used, or replaced by another."""
    try:
        entry = int(signing.loads(token, salt=SALT, max_age=LASTS))
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise InputError(dead()) from error
    newest = AuditEntry.objects.filter(what=MADE).order_by("-id").first()
    used = AuditEntry.objects.filter(what=USED, details__entry=entry).exists()
    if newest is None or newest.pk != entry or used:
        raise InputError(dead())
    return entry


def dead() -> str:
    """What to say of a link that does not work."""
    return _("This link does not work any more; whoever keeps the server makes a new one with "
             "samenspel admin-link.")  # fmt: skip


def make(token: str, name: str, email: str, password: str, asked_from: str | None) -> Account:
    """The administrator that the link makes: the first one, or another where whoever has the
    machine cannot get in. Somebody who has an account with this e-mail address keeps it, with this
    password and without a second factor. Raises InputError as ``checked`` does, and for what is no
    e-mail address or a weak password."""
    with turn():
        entry = checked(token)
        account = administrator(granting.checked_address(email), password, name)
        audit.note(USED, by=account, about=account, address=asked_from, entry=entry)
        if Authenticator.objects.filter(user=account).delete()[0]:
            audit.note("second_factor_removed", about=account, address=asked_from)
    return account


def administrator(email: str, password: str, name: str) -> Account:
    """The administrator with this address, in the turn of the caller."""
    account = Account.objects.filter(email=email).first() or Account(email=email)
    account.name, account.is_active = name.strip() or account.name, True
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise InputError(" ".join(error.messages)) from error
    account.set_password(password)
    account.save()
    held: dict[str, Any] = {"role": "administrator", "ended_at": None}
    if not Grant.objects.filter(account=account, **held).exists():
        Grant.objects.create(account=account, **held)
        audit.note("role_given", about=account, role="administrator")
    return account
