"""Who an account is to the rights: its number and the roles that it holds at this moment."""

from typing import Any

from samenspel.register.models import Account, Grant
from samenspel.register.rights import VISITOR, Actor, Held


def actor_of(account: Any) -> Actor:
    """The actor that ``account`` is now: with the roles that were given to it and not ended. A
    visitor is whoever has no account (None, or Django's anonymous user) or a closed one."""
    if not isinstance(account, Account) or not account.is_active or account.pk is None:
        return VISITOR
    given = Grant.objects.filter(account=account, ended_at__isnull=True).order_by("id")
    held = given.values_list("role", "organisation", "zoning", "zone")
    return Actor(account.pk, tuple(Held(*values) for values in held))


def actor_numbered(number: int | None) -> Actor:
    """The actor that the account with this number is now; a visitor where there is none."""
    return actor_of(Account.objects.filter(pk=number).first() if number is not None else None)


def again(actor: Actor) -> Actor:
    """``actor`` as it is now: a role may have ended since it was read."""
    return actor_numbered(actor.account)
