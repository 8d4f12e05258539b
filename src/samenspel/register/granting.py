"""Accounts and roles: invited, closed, given, ended. Each asks the rights in the turn in which it
acts, so that a role which has just ended counts no more, and is in the audit whenever it is done.
"""

import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from samenspel.errors import InputError
from samenspel.language import _, mark
from samenspel.register import audit
from samenspel.register.actors import again
from samenspel.register.models import Account, Grant, Invitation, fact_model
from samenspel.register.rights import ROLE_NAMES, ROLES, Actor, Held, Subject, require
from samenspel.register.writing import turn

INVITATION = timedelta(days=7)  # status: choice
LONGEST_ADDRESS = 254  # signs, as RFC 5321 has it and as the database keeps
FOR_ORGANISATION = {
    "municipality": ("municipalities", "nis"),
    "partnership": ("partnerships", "code"),
}
# For what each role is given, in columns of Grant and in words.
ALL = ((), mark("the whole register"))
ASKED: dict[str, tuple[tuple[str, ...], str]] = {
    "municipality": (("organisation",), mark("a municipality, by its code")),
    "partnership": (("organisation",), mark("a partnership, by its code")),
    "coordinator": (("zoning", "zone"), mark("a zone of a zoning, by their codes")),
    "agency": ALL,
    "administrator": ALL,
}


@dataclass(frozen=True)
class Invited:
    """An invitation to hand over. ``secret`` is shown once and kept nowhere."""

    account: Account
    secret: str
    ends_at: datetime


def invite(actor: Actor, email: str, name: str = "") -> Invited:
    """A new account for whoever has this address, with a link to set a password. Whoever was closed
    before comes back without roles. Raises Refused; InputError for no address, or an account that
    is open already."""
    with turn():
        require(again(actor), "invite")
        address = checked_address(email)
        account = Account.objects.filter(email=address).first()
        if account and account.is_active:
            raise InputError(_("{email} has an account already.").format(email=address))
        back = account is not None
        if account is None:
            account = Account.objects.create_user(address, name=name.strip())
        else:
            account.is_active = True
            account.set_unusable_password()
            account.name = name.strip() or account.name
            account.save()
        made = invitation(account)
        audit.note("invited", by=actor.account, about=account, back=back)
    return made


def invite_again(actor: Actor, account: Account) -> Invited:
    """Another link to set a password, for who lost the first or the password itself; links given
    before end. Raises Refused; InputError for a closed account."""
    with turn():
        require(again(actor), "invite", Subject(account=account.pk))
        still_open(account)
        made = invitation(account)
        audit.note("invited", by=actor.account, about=account, again=True)
    return made


def close_account(actor: Actor, account: Account) -> None:
    """Close ``account``: it cannot sign in, its roles and links end. What it did stays on record.
    Raises Refused; InputError where it is closed, or the last administrator."""
    with turn():
        require(again(actor), "close_account", Subject(account=account.pk))
        still_open(account)
        for grant in Grant.objects.filter(account=account, ended_at__isnull=True):
            ended(grant, actor)
        Account.objects.filter(pk=account.pk).update(is_active=False)
        Invitation.objects.filter(account=account, used_at__isnull=True).delete()
        somebody_left()
        audit.note("account_closed", by=actor.account, about=account)
    account.refresh_from_db()


def give_role(actor: Actor, account: Account, role: Held) -> Grant:
    """Give ``account`` a role. Raises Refused; InputError for a role that is none, for an
    organisation or zone that is not on record, a closed account, or one that holds it already."""
    with turn():
        require(again(actor), "give_role", Subject(account=account.pk))
        still_open(account)
        checked_role(role)
        if Grant.objects.filter(account=account, ended_at__isnull=True, **asdict(role)).exists():
            raise InputError(_("{account} holds this role already.").format(account=account))
        grant = Grant.objects.create(account=account, given_by_id=actor.account, **asdict(role))
        audit.note("role_given", by=actor.account, about=account, **told(grant))
    return grant


def end_role(actor: Actor, grant: Grant) -> None:
    """End a role that was given. Raises Refused; InputError where it ended already, or where nobody
    would be left who can give roles."""
    with turn():
        require(again(actor), "end_role", Subject(account=grant.account_id))
        ended(grant, actor)
        somebody_left()
    grant.refresh_from_db()


def accept(secret: str, password: str, address: str | None = None) -> Account:
    """Set the password of the account that was invited with ``secret``, which works once. Raises
    InputError, with the reason in words, where the link does not work or the password is weak."""
    with turn():
        found = invited(secret)
        account = found.account
        try:
            validate_password(password, account)
        except ValidationError as error:
            raise InputError(" ".join(error.messages)) from error
        account.set_password(password)
        account.save(update_fields=["password"])
        Invitation.objects.filter(pk=found.pk).update(used_at=datetime.now(UTC))
        audit.note("invitation_used", by=account, about=account, address=address)
    return account


def invited(secret: str) -> Invitation:
    """The open invitation that ``secret`` belongs to. Raises InputError where there is none: it was
    used, it ended, or it never was; which of these is not told."""
    found = (
        Invitation.objects.select_related("account")
        .filter(secret_hash=hashed(secret), used_at__isnull=True, ends_at__gt=datetime.now(UTC))
        .filter(account__is_active=True)
        .first()
    )
    if found is None:
        raise InputError(_("This link does not work any more; ask the administrator for another."))
    return found


def needs_administrator() -> bool:
    """Whether there is nobody who can sign in and give roles."""
    return not any(
        grant.account.has_usable_password() or grant.account.last_login
        for grant in Grant.objects.select_related("account").filter(
            role="administrator", ended_at__isnull=True, account__is_active=True
        )
    )


def invitation(account: Account) -> Invited:
    """A new link for ``account``, in place of those given before."""
    Invitation.objects.filter(account=account, used_at__isnull=True).delete()
    secret = secrets.token_urlsafe(32)
    ends_at = datetime.now(UTC) + INVITATION
    Invitation.objects.create(account=account, secret_hash=hashed(secret), ends_at=ends_at)
    return Invited(account, secret, ends_at)


def hashed(secret: str) -> str:
    """What is kept of a secret. It is long and by chance, so a plain hash cannot be guessed."""
    return sha256(secret.encode()).hexdigest()


def ended(grant: Grant, actor: Actor) -> None:
    """End ``grant``, with its entry in the audit."""
    now = datetime.now(UTC)
    open_ = Grant.objects.filter(pk=grant.pk, ended_at__isnull=True)
    if not open_.update(ended_at=now, ended_by_id=actor.account):
        raise InputError(_("This role ended already."))
    audit.note("role_ended", by=actor.account, about=grant.account_id, **told(grant))


def somebody_left() -> None:
    """Raises InputError, and with it nothing happened, where nobody is left to give roles."""
    if needs_administrator():
        raise InputError(
            _("Nobody would be left who can sign in as administrator; give somebody else that role "
              "first, and let them set a password.")
        )  # fmt: skip


def told(grant: Grant) -> dict[str, str]:
    """A grant as the audit tells it."""
    found = {
        "role": grant.role,
        "organisation": grant.organisation,
        "zoning": grant.zoning,
        "zone": grant.zone,
    }
    return {name: value for name, value in found.items() if value}


def still_open(account: Account) -> None:
    """Raises InputError where ``account`` is closed, whatever it was when it was read."""
    if not Account.objects.filter(pk=account.pk, is_active=True).exists():
        raise InputError(_("The account {account} is closed.").format(account=account))


def checked_address(email: str) -> str:
    """An e-mail address as it is kept. Raises InputError where it is none."""
    address = Account.objects.normalize_email(email.strip()).lower()
    try:
        validate_email(address)
        if len(address) > LONGEST_ADDRESS:
            raise ValidationError(address)
    except ValidationError as error:
        raise InputError(_("“{email}” is no e-mail address.").format(email=email)) from error
    return address


def checked_role(held: Held) -> None:
    """Raises InputError where ``held`` is no role, or for what is not on record."""
    if held.role not in ROLES:
        raise InputError(
            _("There is no role “{role}”; there are {roles}.").format(
                role=held.role, roles=", ".join(ROLES)
            )
        )
    given = tuple(name for name in ("organisation", "zoning", "zone") if getattr(held, name))
    asked, words = ASKED[held.role]
    if given != asked:
        raise InputError(
            _("The role {role} is given for {what}.").format(
                role=_(ROLE_NAMES[held.role]), what=_(words)
            )
        )
    if held.role in FOR_ORGANISATION:
        table, column = FOR_ORGANISATION[held.role]
        on_record(table, **{column: held.organisation})
    elif held.role == "coordinator":
        on_record("zones", zoning=held.zoning, zone=held.zone)


def on_record(table: str, **values: Any) -> None:
    """Raises InputError where no row of ``table`` on record has ``values``, on any day."""
    if not fact_model(table)._default_manager.filter(closed__isnull=True, **values).exists():
        raise InputError(
            _("Table {table} has no {value} on record.").format(
                table=table, value=" ".join(map(str, values.values()))
            )
        )
