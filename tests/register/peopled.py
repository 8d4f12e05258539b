"""A register with the example and people in it: each role once, and one who has none."""

from functools import cache

from django.contrib.auth.hashers import make_password

from countries import example
from samenspel.register.actors import actor_of
from samenspel.register.importing import first_batch
from samenspel.register.models import Account, Grant
from samenspel.register.rights import Actor, Held
from samenspel.register.writing import Reason, write

PASSWORD = "een lang en eigen wachtwoord"


@cache
def hashed() -> str:
    """PASSWORD as it is kept; to hash it takes long, and is meant to."""
    return make_password(PASSWORD)


def fill() -> int:
    """Put the example on record; the number of that change."""
    return write(first_batch(example()), Reason("import", "the example"))


def account(name: str, *held: Held, password: str | None = PASSWORD) -> Account:
    """Somebody with these roles."""
    made = Account(email=f"{name}@example.test", name=name)
    made.password = hashed() if password == PASSWORD else make_password(password)
    made.save()
    for role in held:
        Grant.objects.create(
            account=made,
            role=role.role,
            organisation=role.organisation,
            zoning=role.zoning,
            zone=role.zone,
        )
    return made


def somebody(name: str, *held: Held) -> Actor:
    """Somebody with these roles, as the rights know them."""
    return actor_of(account(name, *held))


def town(nis: str) -> Actor:
    return somebody(f"town-{nis}", Held("municipality", nis))


def body(id: str) -> Actor:
    return somebody(f"body-{id}", Held("partnership", id))


def coordinator(zoning: str = "REGIO", zone: str = "ZUID") -> Actor:
    return somebody(f"coordinator-{zone.lower()}", Held("coordinator", None, zoning, zone))


def agency() -> Actor:
    return somebody("agency", Held("agency"))


def administrator(name: str = "administrator") -> Actor:
    return somebody(name, Held("administrator"))
