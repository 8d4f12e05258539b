"""Invitations, the first administrator, and the administrator's pages: for whom they are."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from countries import example
from pages import by_id, read
from samenspel.register import writing
from samenspel.register.importing import first_batch
from samenspel.register.models import Account, AuditEntry, Grant, Invitation
from samenspel.register.rights import Held
from samenspel.register.writing import Reason
from samenspel.web import first
from webclients import (
    ADMINISTRATOR,
    OTHER,
    PASSWORD,
    account,
    noted,
    sign_in,
    signed_in,
    told,
    visitor,
)

pytestmark = pytest.mark.usefixtures("database")
# Every page of the administrator: its name, and whether it is only posted to.
PAGES = {
    "accounts": ("/beheer", False),
    "invite": ("/beheer/uitnodigen", False),
    "account": ("/beheer/account/{}", False),
    "give_role": ("/beheer/account/{}/rol", True),
    "end_role": ("/beheer/account/{}/rol/einde", True),
    "invite_again": ("/beheer/account/{}/link", True),
    "second_factor_away": ("/beheer/account/{}/tweede-factor", True),
    "close_account": ("/beheer/account/{}/sluiten", True),
    "audit": ("/beheer/logboek", False),
}
OTHERS = (
    None,
    Held("municipality", organisation="1"),
    Held("partnership", organisation="p"),
    Held("coordinator", zoning="z", zone="a"),
    Held("agency"),
)


def link_of(page: str) -> str:
    """The link that a page shows to hand over, path only."""
    found = re.search(r"/uitnodiging/[\w-]+", page)
    assert found
    return found[0]


def invited(client: Client, email: str = "new@example.org") -> str:
    """The link with which somebody comes in."""
    answer = client.post("/beheer/uitnodigen", {"name": "New", "email": email})
    assert answer.status_code == 200
    return link_of(answer.content.decode())


def twice(password: str, **more: str) -> dict[str, str]:
    return {"password1": password, "password2": password, **more}


def test_every_page_of_the_administrator_stands_in_the_list() -> None:
    found = {
        pattern.name
        for pattern in get_resolver().url_patterns
        if str(pattern.pattern).startswith("beheer")
    }
    assert found == set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_of_the_administrator_are_for_the_administrator_alone(name: str) -> None:
    path, posted = PAGES[name]
    whom = account("whom@example.org", Held("agency"))
    account("keeps@example.org", ADMINISTRATOR)
    path = path.format(whom.pk)
    before = (Account.objects.count(), Grant.objects.count(), Invitation.objects.count())
    for client in (visitor(), signed_in(account("none@example.org"))):
        for ask in (client.get, client.post):
            answer = ask(path)
            assert answer.status_code in (302, 403), answer
            assert answer.get("Location", "/aanmelden").startswith("/aanmelden")
    for number, held in enumerate(filter(None, OTHERS)):
        client = signed_in(account(f"{number}@example.org", held))
        for ask in (client.get, client.post):
            answer = ask(path)
            assert answer.status_code == 403
            assert "that needs the role administrator" in told(answer)
        assert "/beheer" not in client.get("/").content.decode()
    assert Grant.objects.filter(account=whom, ended_at__isnull=True).count() == 1
    assert Account.objects.get(pk=whom.pk).is_active
    assert Invitation.objects.count() == before[2]
    keeper = signed_in(Account.objects.get(email="keeps@example.org"))
    assert keeper.get(path).status_code == (405 if posted else 200)
    assert "/beheer" in keeper.get("/").content.decode()


def test_an_invitation_lets_somebody_in_once() -> None:
    keeper = signed_in(account("keeps@example.org", ADMINISTRATOR))
    link = invited(keeper)
    assert link.rpartition("/")[2] not in str(Invitation.objects.values())  # only its hash is kept
    guest = visitor()
    assert "Choose your password" in told(guest.get(link))
    for wrong in (twice("short"), twice("123456789012345"), twice("wachtwoord1234567"[:9]),
                  {"password1": PASSWORD, "password2": OTHER}, {}):  # fmt: skip
        assert guest.post(link, wrong).status_code == 200
    assert not Account.objects.get(email="new@example.org").has_usable_password()
    done = guest.post(link, twice(PASSWORD))
    assert done["Location"] == "/aanmelden"
    assert "Your password is set" in told(guest.get("/aanmelden"))
    for ask in (guest.get, guest.post):
        again = ask(link, twice(OTHER))
        assert again.status_code == 410
    sign_in(guest, "new@example.org")
    assert guest.get("/account").status_code == 200
    assert noted()[1:] == ["invited", "invitation_used", "signed_in"]


def test_an_invitation_ends_with_time_with_a_new_one_and_with_the_account() -> None:
    keeper = signed_in(account("keeps@example.org", ADMINISTRATOR))
    link = invited(keeper)
    whom = Account.objects.get(email="new@example.org")
    newer = link_of(keeper.post(f"/beheer/account/{whom.pk}/link").content.decode())
    assert visitor().get(link).status_code == 410
    assert visitor().get(newer).status_code == 200
    Invitation.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert visitor().post(newer, twice(PASSWORD)).status_code == 410
    newest = link_of(keeper.post(f"/beheer/account/{whom.pk}/link").content.decode())
    keeper.post(f"/beheer/account/{whom.pk}/sluiten")
    assert visitor().post(newest, twice(PASSWORD)).status_code == 410
    assert visitor().get("/uitnodiging/never").status_code == 410
    whom.refresh_from_db()
    assert not whom.has_usable_password()


def test_roles_are_given_and_ended() -> None:
    land = example()
    writing.write(first_batch(land), Reason("import", "the example"))
    nis = land.table("municipalities")["nis"][0]
    keeper = signed_in(account("keeps@example.org", ADMINISTRATOR))
    whom = account("whom@example.org")
    page = f"/beheer/account/{whom.pk}"
    given = {"role": "municipality", "organisation": nis}
    assert keeper.post(f"{page}/rol", given)["Location"] == page
    assert "The role is given" in told(keeper.get(page))
    assert f"municipality for {nis}" in told(keeper.get("/beheer"))
    assert f"municipality for {nis}" in told(signed_in(whom).get("/account"))
    for wrong in (given, {"role": "municipality"}, {"role": "king"}, {},
                  {"role": "municipality", "organisation": "nowhere"}):  # fmt: skip
        answer = keeper.post(f"{page}/rol", wrong)
        assert answer.status_code == 422
        tree = read(answer.content.decode())
        assert [e for e in tree.iter() if e.get("role") == "alert"]
    grant = Grant.objects.get(account=whom)
    other = account("other@example.org")
    end = {"grant": grant.pk}
    assert keeper.post(f"/beheer/account/{other.pk}/rol/einde", end).status_code == 404
    for none in ("x", "", "²", "9" * 20, "9" * 5_000):
        assert keeper.post(f"{page}/rol/einde", {"grant": none}).status_code == 404
    assert keeper.post(f"{page}/rol/einde", end)["Location"] == page
    assert keeper.post(f"{page}/rol/einde", end).status_code == 422
    grant.refresh_from_db()
    assert grant.ended_at
    assert [what for what in noted() if what != "signed_in"] == ["role_given", "role_ended"]


def test_the_last_administrator_stays() -> None:
    last = account("keeps@example.org", ADMINISTRATOR)
    keeper = signed_in(last)
    grant = Grant.objects.get()
    page = f"/beheer/account/{last.pk}"
    for path, sent in ((f"{page}/sluiten", {}), (f"{page}/rol/einde", {"grant": grant.pk})):
        answer = keeper.post(path, sent)
        assert answer.status_code == 422
        assert "Nobody would be left" in told(answer)
    assert keeper.get("/beheer").status_code == 200


def test_a_lost_second_factor_is_taken_away() -> None:
    keeper = signed_in(account("keeps@example.org", ADMINISTRATOR))
    whom = account("whom@example.org")
    page = f"/beheer/account/{whom.pk}"
    assert "Take the second factor away" not in told(keeper.get(page))
    Authenticator.objects.create(user=whom, type="totp", data={"secret": "A" * 32})
    assert "Take the second factor away" in told(keeper.get(page))
    keeper.post(f"{page}/tweede-factor")
    assert not Authenticator.objects.exists()
    assert noted()[-1] == "second_factor_removed"


def test_the_audit_tells_who_did_what_from_where() -> None:
    keeper = signed_in(account("keeps@example.org", ADMINISTRATOR))
    sign_in(visitor(), "keeps@example.org", "wrong password")
    page = told(keeper.get("/beheer/logboek"))
    assert "– a sign-in failed keeps 127.0.0.1" in page
    assert "keeps signed in keeps" in page
    for _more in range(101):
        AuditEntry.objects.create(what="checked")
    tree = read(keeper.get("/beheer/logboek").content.decode())
    assert len(tree.findall(".//tbody/tr")) == 100
    (earlier,) = [e.get("href", "") for e in tree.iter("a") if "before=" in e.get("href", "")]
    rest = read(keeper.get(earlier).content.decode())
    assert len(rest.findall(".//tbody/tr")) == AuditEntry.objects.count() - 100


def test_the_first_administrator_is_made_by_a_link_once() -> None:
    link = first.link()
    guest = visitor()
    page = read(guest.get(link).content.decode())
    assert by_id(page, "id_email").get("autocomplete") == "email"
    given = twice(PASSWORD, name="First", email="First@example.org")
    assert guest.post(link, {**given, "password2": OTHER}).status_code == 200
    assert guest.post(link, {**given, "email": "no address"}).status_code == 200
    assert guest.post(link, {**given, **twice("first@example.org")}).status_code == 200
    assert not Account.objects.exists()
    assert guest.post(link, given)["Location"] == "/aanmelden"
    assert guest.post(link, {**given, "email": "second@example.org"}).status_code == 410
    sign_in(guest, "first@example.org")
    assert guest.get("/beheer").status_code == 200
    assert Account.objects.count() == 1


def test_the_link_of_the_first_administrator_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    old = first.link()
    new = first.link()
    assert visitor().get(old).status_code == 410
    assert visitor().get(new).status_code == 200
    assert visitor().get(f"{new}x").status_code == 410
    assert visitor().get("/eerste-beheerder/nothing").status_code == 410
    monkeypatch.setattr(first, "LASTS", timedelta(seconds=-1))
    answer = visitor().post(new, twice(PASSWORD, name="First", email="first@example.org"))
    assert answer.status_code == 410
    assert "samenspel admin-link" in told(answer)
    assert not Account.objects.exists()


def test_who_has_the_machine_comes_in_again() -> None:
    lost = account("keeps@example.org", ADMINISTRATOR, password=OTHER)
    Authenticator.objects.create(user=lost, type="totp", data={"secret": "A" * 32})
    Account.objects.filter(pk=lost.pk).update(is_active=False)
    visitor().post(first.link(), twice(PASSWORD, name="Keeper", email="keeps@example.org"))
    client = visitor()
    sign_in(client, "keeps@example.org")
    assert client.get("/beheer").status_code == 200
    assert Grant.objects.count() == 1
    assert "second_factor_removed" in noted()


def test_a_link_is_printed_as_somebody_types_it(monkeypatch: pytest.MonkeyPatch) -> None:
    typed_as = [
        ([], False, "127.0.0.1", "http://127.0.0.1:8000/x"),
        ([], False, "::1", "http://[::1]:8000/x"),
        (["a.example", "b.example"], True, "0.0.0.0", "https://a.example/x"),
        (["a.example"], False, "0.0.0.0", "http://a.example:8000/x"),
    ]
    for names, https, host, address in typed_as:
        monkeypatch.setattr(settings, "NAMES", names)
        monkeypatch.setattr(settings, "HTTPS", https)
        assert first.address("/x", host, 8000) == address
