"""Settings by the environment: a server with names, https, a proxy, and sign-in elsewhere."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.core.exceptions import ImmediateHttpResponse
from django.test import RequestFactory

from samenspel.web import adapters, logs
from webclients import account, noted

ASKED = """
import json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "samenspel.web.settings"
import django
django.setup()
from django.conf import settings
from django.core.checks import run_checks
from django.core.management import call_command
from django.test import Client
from samenspel.web.server import options
call_command("migrate", verbosity=0)
answers = {}
for name, more in json.loads(os.environ["ASKED"]).items():
    client = Client(SERVER_NAME=name, headers={"cookie": "samenspel_language=en"})
    answer = client.get("/aanmelden", secure=more)
    answers[name] = {
        "status": answer.status_code,
        "headers": dict(answer.headers),
        "page": answer.content.decode(),
        "cookies": {n: c["secure"] for n, c in answer.cookies.items()},
    }
print(json.dumps({
    "answers": answers,
    "checks": [str(found) for found in run_checks()],
    "scheme": options()["url_scheme"],
    "proxy": options().get("trusted_proxy"),
    "secret": settings.SECRET_KEY,
}))
"""


def server_with(folder: Path, asked: dict[str, bool], **environment: str) -> Any:
    """What a server with these settings answers to who asks for it by name, by https or not."""
    (folder / "data").mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", ASKED],
        env={
            **os.environ, "SAMENSPEL_DATABASE": "", "SAMENSPEL_DATA": str(folder / "data"),
            "ASKED": json.dumps(asked), **environment,
        },
        capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def test_alone_on_this_machine(tmp_path: Path) -> None:
    found = server_with(tmp_path, {"localhost": False, "samenspel.example": False})
    here, elsewhere = found["answers"]["localhost"], found["answers"]["samenspel.example"]
    assert (here["status"], elsewhere["status"]) == (200, 400)
    assert here["cookies"] == {"samenspel_csrf": ""}  # not only by https
    assert "Strict-Transport-Security" not in here["headers"]
    assert "Sign in with" not in here["page"]
    assert (found["checks"], found["scheme"], found["proxy"]) == ([], "http", None)
    assert len(found["secret"]) >= 50
    assert not (tmp_path / "data" / "secret-key").exists()  # only the server makes it


def test_reached_by_others_it_is_reached_by_https_only(tmp_path: Path) -> None:
    secret = tmp_path / "oidc-secret"
    secret.write_text("the secret of the client")
    found = server_with(
        tmp_path,
        {"samenspel.example": True},
        SAMENSPEL_HOSTS="samenspel.example, www.samenspel.example",
        SAMENSPEL_SECRET_KEY="of our own" * 6,
        SAMENSPEL_PROXY="127.0.0.1",
        SAMENSPEL_OIDC_ISSUER="https://id.example/realm",
        SAMENSPEL_OIDC_CLIENT_ID="samenspel",
        SAMENSPEL_OIDC_CLIENT_SECRET_FILE=str(secret),
        SAMENSPEL_OIDC_NAME="the shared sign-in",
    )
    answer = found["answers"]["samenspel.example"]
    assert answer["cookies"] == {"samenspel_csrf": True}
    assert "max-age=31536000" in answer["headers"]["Strict-Transport-Security"]
    assert "form-action 'self' https://id.example" in answer["headers"]["Content-Security-Policy"]
    assert "Sign in with the shared sign-in" in answer["page"]
    assert 'action="/aanmelden/oidc"' in answer["page"]
    assert "the secret of the client" not in answer["page"]
    assert (found["checks"], found["scheme"], found["proxy"]) == ([], "https", "127.0.0.1")
    assert found["secret"] == "of our own" * 6


def test_a_setting_that_is_wrong_is_said(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError) as failed:
        server_with(tmp_path, {}, SAMENSPEL_HTTPS="perhaps")
    assert "InputError: SAMENSPEL_HTTPS" in failed.value.stderr


class Elsewhere:
    """What another service says of somebody who signed in there."""

    def __init__(self, *addresses: tuple[str, object]) -> None:
        self.is_existing = False
        self.email_addresses = [SimpleNamespace(email=e, verified=v) for e, v in addresses]
        self.connected: Any = None

    def connect(self, _request: object, who: object) -> None:
        self.connected = who


@pytest.mark.usefixtures("database")
def test_who_signs_in_elsewhere_was_invited_and_has_a_verified_address() -> None:
    who = account("a@example.org")
    closed = account("closed@example.org")
    type(closed).objects.filter(pk=closed.pk).update(is_active=False)
    request = RequestFactory().get("/", SERVER_NAME="localhost")
    adapter = adapters.Elsewhere()
    for refused in (
        Elsewhere(),
        Elsewhere(("a@example.org", False)),
        Elsewhere(("a@example.org", "true")),  # only a plain yes is a yes
        Elsewhere(("b@example.org", True)),
        Elsewhere(("closed@example.org", True)),
    ):
        with pytest.raises(ImmediateHttpResponse) as answer:
            adapter.pre_social_login(request, refused)
        assert answer.value.response.status_code == 403
        assert refused.connected is None
    assert not adapter.is_open_for_signup(request, Elsewhere(("b@example.org", True)))
    assert noted() == ["sign_in_failed"] * 5
    known = Elsewhere(("A@example.org", True))
    adapter.pre_social_login(request, known)
    assert known.connected == who
    assert noted()[-1] == "account_connected"


@pytest.fixture
def log() -> Iterator[logging.Handler]:
    """A handler as a process of the server has it."""
    root = logging.getLogger()
    before = (root.level, root.handlers[:])
    logs.configure("web")
    yield next(h for h in root.handlers if h not in before[1])
    root.setLevel(before[0])
    root.handlers[:] = before[1]


def test_the_log_is_json_without_paths_and_without_words_of_faults(
    log: logging.Handler, capsys: pytest.CaptureFixture[str]
) -> None:
    request = SimpleNamespace(path="/uitnodiging/secret")
    library = logging.getLogger("django.request")
    told = "Key (email)=(a@example.org) already exists"
    token = logs.request_id.set("a number")
    try:
        try:
            raise ValueError(told)
        except ValueError:
            record = library.makeRecord(
                library.name, logging.ERROR, "views.py", 1, "Internal Server Error: %s",
                ("/uitnodiging/secret",), sys.exc_info(), extra={"request": request},
            )  # fmt: skip
        assert log.filter(record)
        found = json.loads(log.format(record))
    finally:
        logs.request_id.reset(token)
    assert "secret" not in str(found)
    assert "example.org" not in str(found)
    assert found["exc_info"].endswith("ValueError")
    assert (found["process"], found["level"], found["request_id"]) == ("web", "ERROR", "a number")
    assert capsys.readouterr().err == ""
