"""What happened to sign-ins and rights: noted, read, and forgotten once it was kept long enough."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings

from samenspel.errors import InputError
from samenspel.language import _, mark
from samenspel.register.models import Account, AuditEntry
from samenspel.register.rights import Actor, require

SIGN_INS = {
    "signed_in": mark("signed in"),
    "sign_in_failed": mark("a sign-in failed"),
    "sign_in_throttled": mark("too many attempts to sign in"),
    "signed_out": mark("signed out"),
}
WORDS = {
    **SIGN_INS,
    "password_set": mark("set a password"),
    "password_changed": mark("changed the password"),
    "second_factor_added": mark("added a second factor"),
    "second_factor_removed": mark("took a second factor away"),
    "recovery_codes_made": mark("made recovery codes"),
    "recovery_code_used": mark("used a recovery code"),
    "account_connected": mark("connected the account of another service"),
    "first_administrator": mark("a link for the first administrator was made"),
    "invited": mark("invited"),
    "invitation_used": mark("used an invitation"),
    "account_closed": mark("closed the account"),
    "role_given": mark("gave a role"),
    "role_ended": mark("ended a role"),
    "backed_up": mark("made a back-up"),
    "restored": mark("brought a back-up back"),
    "upgraded": mark("upgraded the database"),
    "checked": mark("checked the database"),
    "imported": mark("imported at the prompt"),
    "exported": mark("exported at the prompt"),
}


def note(
    what: str,
    by: Account | int | None = None,
    about: Account | int | None = None,
    address: str | None = None,
    **details: Any,
) -> AuditEntry:
    """Note that ``what`` happened (a word of WORDS): who did it, to which account, from which
    address. ``details`` hold no secret and no content. Noting a sign-in forgets those of long ago.
    """
    if what in SIGN_INS:
        forget()
    return AuditEntry.objects.create(
        what=what, by_id=number(by), about_id=number(about), address=address, details=details
    )


def number(account: Account | int | None) -> int | None:
    """The number of an account."""
    return account.pk if isinstance(account, Account) else account


def said(what: str) -> str:
    """What an entry says, in words."""
    return _(WORDS[what]) if what in WORDS else what


def read(actor: Actor, before: int | None = None, most: int = 100) -> Sequence[AuditEntry]:
    """Up to ``most`` entries, the last first, with accounts; those with an ``id`` below ``before``
    where it is given. Raises Refused for who may not read them."""
    require(actor, "read_audit")
    if not 1 <= most <= 1000:
        raise InputError(_("Ask for 1 to 1000 entries at a time."))
    found = AuditEntry.objects.select_related("by", "about").order_by("-id")
    return list((found.filter(id__lt=before) if before is not None else found)[:most])


def sign_in_days() -> int:
    """For how many days an entry about a sign-in is kept: the setting AUDIT_SIGN_IN_DAYS."""
    return int(settings.AUDIT_SIGN_IN_DAYS)


def forget(now: datetime | None = None) -> int:
    """Take the entries about sign-ins away that are older than the days for which they are kept;
    how many. Entries about rights stay."""
    limit = (now or datetime.now(UTC)) - timedelta(days=sign_in_days())
    return AuditEntry.objects.filter(what__in=list(SIGN_INS), at__lt=limit).delete()[0]
