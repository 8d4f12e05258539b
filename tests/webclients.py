"""What the tests of the server share: accounts with roles, and clients that read its pages."""

import re
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client

import registers  # noqa: F401 (Django is set up there)
from pages import read
from samenspel.register.models import Account, AuditEntry, Grant
from samenspel.register.rights import Held

PASSWORD = "een lange zin over regen"
OTHER = "een andere zin over de zee"
ADMINISTRATOR = Held("administrator")


def account(email: str, *held: Held, password: str | None = PASSWORD) -> Account:
    """An account with the roles ``held``."""
    made = Account.objects.create_user(email, password, name=email.partition("@")[0])
    for one in held:
        Grant.objects.create(account=made, **one.__dict__)
    return made


def visitor(language: str = "en", **how: Any) -> Client:
    """Somebody with a browser, who reads ``language``."""
    client = Client(SERVER_NAME="localhost", **how)
    client.cookies["samenspel_language"] = language
    return client


def signed_in(who: Account, language: str = "en") -> Client:
    """Somebody who has signed in."""
    client = visitor(language)
    client.force_login(who)
    return client


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: Any) -> HttpResponse:
    """Send the form of signing in."""
    return client.post("/aanmelden", {"login": email, "password": password}, **more)


def told(response: HttpResponse) -> str:
    """What a page says, well-formed, in one line."""
    html = response.content.decode()
    read(html)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def noted() -> list[str]:
    """The words of the audit, in their order."""
    return list(AuditEntry.objects.order_by("id").values_list("what", flat=True))
