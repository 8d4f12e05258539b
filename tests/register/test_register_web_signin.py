"""Signing in and out: with a password, with a second factor, too often; what the audit tells."""

import base64
import hmac
import re
import struct
import time
from hashlib import sha1

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import hashers
from django.test import Client
from django.urls import NoReverseMatch, reverse

from pages import by_id, read
from samenspel.register.models import Account, AuditEntry
from webclients import OTHER, PASSWORD, account, noted, sign_in, signed_in, told, visitor

pytestmark = pytest.mark.usefixtures("database")


def code_of(secret: str, step: int = 0) -> str:
    """The code that an app shows now (RFC 6238), or some steps of half a minute later."""
    counter = struct.pack(">Q", int(time.time()) // 30 + step)
    digest = hmac.new(base64.b32decode(secret), counter, sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def inside(client: Client) -> bool:
    """Whether somebody is signed in."""
    return client.get("/account").status_code == 200


def with_second_factor(who: Account) -> tuple[Client, str, list[str]]:
    """Somebody who switched the second factor on: with the secret and the recovery codes."""
    client = visitor()
    sign_in(client, who.email)
    asked = client.get("/account/tweede-factor/aan")
    assert asked["Location"].startswith("/account/nogmaals")
    client.post(asked["Location"], {"password": PASSWORD})
    page = client.get("/account/tweede-factor/aan").content.decode()
    assert "<svg" in page
    secret = re.search(r"[A-Z2-7]{32}", page)
    assert secret
    wrong = client.post("/account/tweede-factor/aan", {"code": "000000"})
    assert wrong.status_code == 200
    done = client.post("/account/tweede-factor/aan", {"code": code_of(secret[0])})
    assert done["Location"] == "/account/herstelcodes"
    codes = re.findall(r"<code>(\d+)</code>", client.get("/account/herstelcodes").content.decode())
    assert len(codes) == 10
    return client, secret[0], codes


def test_with_the_password_somebody_comes_in_and_goes_out() -> None:
    who = account("a@example.org")
    client = visitor()
    assert client.get("/account")["Location"] == "/aanmelden?next=/account"
    page = read(client.get("/aanmelden").content.decode())
    assert by_id(page, "id_login").get("autocomplete") == "email"
    assert by_id(page, "id_password").get("autocomplete") == "current-password"
    back = sign_in(client, "A@Example.org", QUERY_STRING="next=/account")
    assert back["Location"] == "/account"
    assert inside(client)
    elsewhere = sign_in(visitor(), "a@example.org", QUERY_STRING="next=https://elsewhere.example/")
    assert elsewhere["Location"] == "/"
    assert client.get("/afmelden").status_code == 200  # asks, and does not do it
    assert inside(client)
    client.post("/afmelden")
    assert not inside(client)
    assert noted() == ["signed_in", "signed_in", "signed_out"]
    assert set(AuditEntry.objects.values_list("by", "about", "address")) == {
        (who.pk, who.pk, "127.0.0.1")
    }


def test_a_wrong_password_and_an_unknown_address_are_told_alike() -> None:
    who = account("a@example.org")
    said = []
    for email in ("a@example.org", "nobody@example.org"):
        client = visitor()
        answer = sign_in(client, email, "not the password")
        assert answer.status_code == 200
        assert not inside(client)
        said.append(told(answer).replace(email, ""))
        page = read(answer.content.decode())
        assert [e for e in page.iter() if e.get("role") == "alert"]
    assert said[0] == said[1]
    assert "do not belong together" in said[0]
    entries = AuditEntry.objects.order_by("id").values_list("what", "about", "details")
    assert list(entries) == [("sign_in_failed", who.pk, {}), ("sign_in_failed", None, {})]


def test_faults_are_tied_to_their_fields() -> None:
    page = read(visitor().post("/aanmelden", {"login": "a@example.org"}).content.decode())
    field = by_id(page, "id_password")
    assert field.get("aria-invalid") == "true"
    assert "id_password_error" in field.get("aria-describedby", "").split()
    assert (by_id(page, "id_password_error").text or "").strip() == "Fill this in."
    assert [e.text for e in page.iter("label") if e.get("for") == "id_password"] == ["Password"]


def test_who_tries_too_often_waits_be_the_password_right_or_not() -> None:
    account("a@example.org")
    account("b@example.org")
    client = visitor()
    for _attempt in range(5):
        assert "do not belong together" in told(sign_in(client, "a@example.org", "wrong password"))
    assert "Too many attempts" in told(sign_in(client, "a@example.org"))
    assert not inside(client)
    assert noted()[-1] == "sign_in_throttled"
    another = visitor(REMOTE_ADDR="192.0.2.7")  # from elsewhere too: the account is protected
    assert "Too many attempts" in told(sign_in(another, "a@example.org"))
    sign_in(another, "b@example.org")
    assert inside(another)


def test_one_address_cannot_try_many_accounts() -> None:
    client = visitor()
    for attempt in range(20):
        sign_in(client, f"nobody-{attempt}@example.org", "wrong password")
    account("a@example.org")
    assert "Too many attempts" in told(sign_in(client, "a@example.org"))
    assert not inside(client)
    for _attempt in range(15):
        last = sign_in(client, "a@example.org")
    assert last.status_code == 429
    assert "Too many attempts" in told(last)


def test_a_closed_account_does_not_come_in_and_is_out_at_once() -> None:
    who = account("a@example.org")
    client = signed_in(who)
    Account.objects.filter(pk=who.pk).update(is_active=False)
    assert not inside(client)
    answer = sign_in(visitor(), "a@example.org")
    assert answer["Location"] == "/account/gesloten"
    assert noted()[-1] == "sign_in_failed"


@pytest.mark.parametrize(
    "name",
    ["account_signup", "account_email", "account_reset_password", "socialaccount_signup",
     "socialaccount_connections", "mfa_download_recovery_codes", "openid_connect_login"],
)  # fmt: skip
def test_nobody_signs_up_and_no_password_goes_by_mail(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)
    for path in ("signup/", "accounts/signup/", "account/signup", "password/reset/", "email/"):
        assert visitor().get(f"/{path}").status_code == 404
    assert visitor().post("/aanmelden", {"email": "new@example.org", "password1": PASSWORD})
    assert not Account.objects.exists()


def test_a_new_password_ends_other_sessions() -> None:
    who = account("a@example.org")
    here, there = signed_in(who), signed_in(who)
    given = {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER}
    wrong = here.post("/account/wachtwoord", {**given, "oldpassword": "not the password"})
    assert "not your present password" in told(wrong)
    weak = here.post("/account/wachtwoord", {**given, "password1": "short", "password2": "short"})
    assert "id_password1_error" in weak.content.decode()
    assert here.post("/account/wachtwoord", given)["Location"] == "/account"
    assert "Your password is changed" in told(here.get("/account"))
    assert inside(here)
    assert not inside(there)
    assert noted()[-1] == "password_changed"
    who.refresh_from_db()
    assert who.check_password(OTHER)


def test_passwords_are_kept_by_argon2() -> None:
    who = account("a@example.org")
    assert who.password.startswith("argon2$argon2id$")
    assert PASSWORD not in who.password
    assert hashers.check_password(PASSWORD, who.password)


def test_the_second_factor_is_asked_once_it_is_on() -> None:
    who = account("a@example.org")
    _client, secret, codes = with_second_factor(who)
    client = visitor()
    assert sign_in(client, "a@example.org")["Location"] == "/aanmelden/code"
    assert not inside(client)  # the password alone is not enough
    assert "not right" in told(client.post("/aanmelden/code", {"code": "000000"}))
    assert not inside(client)
    client.post("/aanmelden/code", {"code": code_of(secret, 1)})
    assert inside(client)

    lost = visitor()
    sign_in(lost, "a@example.org")
    lost.post("/aanmelden/code", {"code": codes[0]})
    assert inside(lost)
    again = visitor()
    sign_in(again, "a@example.org")
    assert "used up" in told(again.post("/aanmelden/code", {"code": codes[0]}))
    assert not inside(again)
    assert noted() == [
        "signed_in", "second_factor_added", "recovery_codes_made", "sign_in_failed", "signed_in",
        "recovery_code_used", "signed_in", "sign_in_failed",
    ]  # fmt: skip


def test_codes_cannot_be_guessed() -> None:
    who = account("a@example.org")
    _client, _secret, codes = with_second_factor(who)
    client = visitor()
    sign_in(client, "a@example.org")
    for _attempt in range(5):
        client.post("/aanmelden/code", {"code": "000000"})
    assert "Too many attempts" in told(client.post("/aanmelden/code", {"code": codes[0]}))
    assert not inside(client)


def test_the_second_factor_goes_off_and_codes_are_made_anew() -> None:
    who = account("a@example.org")
    client, _secret, codes = with_second_factor(who)
    assert "second factor off" in told(client.get("/account/tweede-factor"))
    client.post("/account/herstelcodes/nieuw")
    page = client.get("/account/herstelcodes").content.decode()
    assert not set(re.findall(r"<code>(\d+)</code>", page)) & set(codes)
    assert client.get("/account/tweede-factor/uit").status_code == 200
    client.post("/account/tweede-factor/uit")
    assert not Authenticator.objects.exists()
    assert noted()[-2:] == ["recovery_codes_made", "second_factor_removed"]
    sign_in(visitor(), "a@example.org")
    assert noted()[-1] == "signed_in"
