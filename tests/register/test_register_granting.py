"""Accounts and roles: given on somebody's word, ended for good, never the last administrator's, and
each in the audit or not done."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import peopled
import polars as pl
import pytest
from django.conf import settings
from django.db import connection, connections

from samenspel.errors import InputError
from samenspel.register import acts, audit, editing, granting, reading
from samenspel.register.actors import actor_of
from samenspel.register.models import Account, AuditEntry, Grant, Invitation
from samenspel.register.rights import VISITOR, Actor, Held, Refused
from samenspel.web.environment import days

pytestmark = pytest.mark.usefixtures("database")
TOWN = Held("municipality", "00005")


@pytest.fixture
def administrator(database: object) -> Actor:  # noqa: ARG001
    peopled.fill()
    return peopled.administrator()


def noted() -> list[tuple[str, int | None, int | None]]:
    """What is in the audit: what, by and about."""
    return list(AuditEntry.objects.values_list("what", "by", "about"))


def test_somebody_is_invited_sets_a_password_and_gets_a_role(administrator: Actor) -> None:
    made = granting.invite(administrator, " Iemand@Example.TEST ", " Iemand ")
    account = made.account
    assert (account.email, account.name) == ("iemand@example.test", "Iemand")
    assert not account.has_usable_password()
    assert made.secret not in str(Invitation.objects.values_list())
    assert granting.invited(made.secret).account == account
    with pytest.raises(InputError, match="password"):
        granting.accept(made.secret, "kort")
    assert granting.accept(made.secret, peopled.PASSWORD, "192.0.2.1") == account
    account.refresh_from_db()
    assert account.check_password(peopled.PASSWORD)
    with pytest.raises(InputError, match="does not work any more"):
        granting.accept(made.secret, peopled.PASSWORD)
    grant = granting.give_role(administrator, account, TOWN)
    assert actor_of(account) == Actor(account.pk, (TOWN,))
    granting.end_role(administrator, grant)
    assert actor_of(account) == Actor(account.pk)
    assert (grant.ended_by_id, grant.ended_at is not None) == (administrator.account, True)
    who, whom = administrator.account, account.pk
    assert noted() == [
        ("invited", who, whom),
        ("invitation_used", whom, whom),
        ("role_given", who, whom),
        ("role_ended", who, whom),
    ]
    entry = AuditEntry.objects.get(what="role_given")
    assert entry.details == {"role": "municipality", "organisation": "00005"}


def test_a_link_works_once_for_a_while_and_not_beside_another(administrator: Actor) -> None:
    first = granting.invite(administrator, "a@example.test")
    second = granting.invite_again(administrator, first.account)
    with pytest.raises(InputError, match="does not work any more"):
        granting.invited(first.secret)
    granting.invited(second.secret)
    Invitation.objects.update(ends_at=datetime.now(UTC) - timedelta(seconds=1))
    for secret in (second.secret, "guessed", ""):
        with pytest.raises(InputError, match="does not work any more"):
            granting.accept(secret, peopled.PASSWORD)
    third = granting.invite_again(administrator, first.account)
    granting.close_account(administrator, first.account)
    with pytest.raises(InputError, match="does not work any more"):
        granting.invited(third.secret)
    with pytest.raises(InputError, match="is closed"):
        granting.invite_again(administrator, first.account)


def test_a_closed_account_is_without_roles_and_may_come_back(administrator: Actor) -> None:
    account = peopled.account("b", TOWN, Held("agency"))
    granting.close_account(administrator, account)
    assert not account.is_active
    assert not Grant.objects.filter(account=account, ended_at__isnull=True).exists()
    assert [what for what, _by, _about in noted()] == ["role_ended", "role_ended", "account_closed"]
    for act in (
        lambda: granting.close_account(administrator, account),
        lambda: granting.give_role(administrator, account, TOWN),
    ):
        with pytest.raises(InputError, match="is closed"):
            act()
    back = granting.invite(administrator, account.email)
    assert back.account == account
    account.refresh_from_db()
    assert (account.is_active, account.has_usable_password()) == (True, False)
    assert actor_of(account) == Actor(account.pk)
    with pytest.raises(InputError, match="has an account already"):
        granting.invite(administrator, account.email.upper())


def longer(signs: int) -> str:
    """An e-mail address of so many signs."""
    return "a" * (signs - len("@example.test")) + "@example.test"


def test_the_longest_address_that_is_kept(administrator: Actor) -> None:
    assert len(granting.invite(administrator, longer(254)).account.email) == 254


def test_an_address_that_is_none_is_refused(administrator: Actor) -> None:
    for email in ("", "nobody", "a@", "a b@example.test", "a@example.test\nx", longer(255)):
        with pytest.raises(InputError, match="no e-mail address"):
            granting.invite(administrator, email)
    assert noted() == []


def test_a_role_that_is_none_is_refused(administrator: Actor) -> None:
    account = peopled.account("c")
    town, zone = "is given for a municipality", "coordinator is given for a zone of a zoning"
    for role, said in (
        (Held("king"), "There is no role “king”"),
        (Held("municipality"), town),
        (Held("municipality", "00005", "REGIO", "ZUID"), town),
        (Held("municipality", "p03"), "Table municipalities has no p03"),
        (Held("municipality", "ocmw-00005"), "Table municipalities has no ocmw-00005"),
        (Held("partnership", "00005"), "Table partnerships has no 00005"),
        (Held("coordinator", None, "REGIO"), zone),
        (Held("coordinator", "00005", "REGIO", "ZUID"), zone),
        (Held("coordinator", None, "REGIO", "OOST"), "Table zones has no REGIO OOST"),
        (Held("agency", "00005"), "is given for the whole register"),
        (Held("administrator", None, "REGIO", "ZUID"), "is given for the whole register"),
    ):
        with pytest.raises(InputError, match=said):
            granting.give_role(administrator, account, role)
    assert actor_of(account).held == ()
    assert noted() == []


def test_each_role_is_given_and_only_once(administrator: Actor) -> None:
    account = peopled.account("d")
    roles = (TOWN, Held("partnership", "p03"), Held("coordinator", None, "REGIO", "ZUID"),
             Held("agency"), Held("administrator"))  # fmt: skip
    for role in roles:
        grant = granting.give_role(administrator, account, role)
        assert grant.given_by_id == administrator.account
        with pytest.raises(InputError, match="holds this role already"):
            granting.give_role(administrator, account, role)
    assert actor_of(account).held == roles
    grant = Grant.objects.get(account=account, role="agency")
    granting.end_role(administrator, grant)
    with pytest.raises(InputError, match="ended already"):
        granting.end_role(administrator, grant)
    granting.give_role(administrator, account, Held("agency"))


def test_the_last_administrator_stays(administrator: Actor) -> None:
    mine = Grant.objects.get(account=administrator.account)
    me = Account.objects.get(pk=administrator.account)
    # Somebody who was invited but cannot sign in yet is nobody to leave it to.
    peopled.account("invited", Held("administrator"), password=None)
    for act in (
        lambda: granting.end_role(administrator, mine),
        lambda: granting.close_account(administrator, me),
    ):
        with pytest.raises(InputError, match="Nobody would be left"):
            act()
        assert actor_of(me) == administrator
        assert noted() == []
    peopled.account("other", Held("administrator"))
    granting.end_role(administrator, mine)
    assert actor_of(me).held == ()
    with pytest.raises(Refused):
        granting.invite(administrator, "x@example.test")  # by a role read before it ended


def test_somebody_who_signs_in_elsewhere_counts_as_an_administrator(administrator: Actor) -> None:
    other = peopled.account("elsewhere", Held("administrator"), password=None)
    Account.objects.filter(pk=other.pk).update(last_login=datetime.now(UTC))
    granting.close_account(administrator, Account.objects.get(pk=administrator.account))
    assert not granting.needs_administrator()
    Account.objects.filter(pk=other.pk).update(is_active=False)
    assert granting.needs_administrator()


def at_once(*acts_: Callable[[], object]) -> list[BaseException | None]:
    """What each of ``acts_`` raised, begun at the same moment, each by a connection of its own."""
    ready = threading.Barrier(len(acts_))
    raised: list[BaseException | None] = [None] * len(acts_)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            ready.wait()
            act()
        except InputError as error:
            raised[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts_)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.parametrize("closing", [False, True])
def test_two_administrators_who_end_each_other_at_once_leave_one(closing: bool) -> None:
    peopled.fill()
    for turn in range(3):
        people = [peopled.account(f"{turn}-{side}", Held("administrator")) for side in "ab"]
        actors = [actor_of(account) for account in people]
        grants = [Grant.objects.get(account=account) for account in people]

        def end(by: int) -> Callable[[], None]:
            who, whom, grant = actors[by], people[1 - by], grants[1 - by]  # noqa: B023
            if closing:
                return lambda: granting.close_account(who, whom)
            return lambda: granting.end_role(who, grant)

        raised = at_once(end(0), end(1))
        assert [isinstance(error, Refused) for error in raised].count(True) == 1
        assert raised.count(None) == 1
        left = [actor for account in people if (actor := actor_of(account_now(account))).held]
        assert len(left) == 1
        Grant.objects.filter(account=left[0].account).update(ended_at=datetime.now(UTC))


def account_now(account: Account) -> Account:
    return Account.objects.get(pk=account.pk)


def test_two_administrators_who_each_go_at_once_leave_one() -> None:
    peopled.fill()
    people = [peopled.account(name, Held("administrator")) for name in "ab"]
    actors = [actor_of(account) for account in people]
    raised = at_once(*(lambda a=a, p=p: granting.close_account(a, p)  # type: ignore[misc]
                       for a, p in zip(actors, people, strict=True)))  # fmt: skip
    assert raised.count(None) == 1
    assert sum(account_now(account).is_active for account in people) == 1


def test_one_role_is_given_once_by_two_at_once(administrator: Actor) -> None:
    account = peopled.account("e")
    give = [lambda: granting.give_role(administrator, account, TOWN)] * 2
    assert at_once(*give).count(None) == 1
    assert actor_of(account).held == (TOWN,)


def test_what_is_not_noted_is_not_done(
    administrator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = peopled.account("f", Held("agency"))
    grant = Grant.objects.get(account=account)
    made = granting.invite(administrator, "g@example.test")

    def full(*_said: object, **_more: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(audit, "note", full)
    for act in (
        lambda: granting.invite(administrator, "h@example.test"),
        lambda: granting.invite_again(administrator, made.account),
        lambda: granting.give_role(administrator, account, TOWN),
        lambda: granting.end_role(administrator, grant),
        lambda: granting.close_account(administrator, account),
        lambda: granting.accept(made.secret, peopled.PASSWORD),
    ):
        with pytest.raises(OSError, match="disk"):
            act()
    assert not Account.objects.filter(email="h@example.test").exists()
    assert account_now(account).is_active
    assert actor_of(account).held == (Held("agency"),)
    assert not account_now(made.account).has_usable_password()
    granting.invited(made.secret)


def test_the_audit_is_read_by_who_watches_and_sign_ins_are_forgotten(
    administrator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = peopled.account("i", TOWN)
    for what in ("signed_in", "sign_in_failed", "role_given"):
        audit.note(what, by=account, about=account.pk, address="192.0.2.7", role="x")
    entries = audit.read(administrator)
    assert [entry.what for entry in entries] == ["role_given", "sign_in_failed", "signed_in"]
    assert [entry.what for entry in audit.read(administrator, before=entries[0].pk, most=1)] == [
        "sign_in_failed"
    ]
    assert (entries[0].by, entries[0].about, entries[0].address) == (account, account, "192.0.2.7")
    for actor in (VISITOR, actor_of(account), peopled.agency()):
        with pytest.raises(Refused, match="You may not read the audit"):
            audit.read(actor)
    for most in (0, 1001):
        with pytest.raises(InputError, match="1 to 1000"):
            audit.read(administrator, most=most)
    assert audit.forget() == 0
    later = datetime.now(UTC) + timedelta(days=settings.AUDIT_SIGN_IN_DAYS)
    assert audit.forget(later - timedelta(minutes=1)) == 0
    assert audit.forget(later + timedelta(minutes=1)) == 2
    assert [entry.what for entry in audit.read(administrator)] == ["role_given"]
    AuditEntry.objects.create(what="signed_out", by=account)
    AuditEntry.objects.update(at=datetime.now(UTC) - timedelta(days=10))
    audit.note("signed_in", by=account)
    assert AuditEntry.objects.filter(what="signed_out").exists()
    monkeypatch.setattr(settings, "AUDIT_SIGN_IN_DAYS", 9)
    audit.note("signed_in", by=account)
    assert not AuditEntry.objects.filter(what="signed_out").exists()
    assert AuditEntry.objects.filter(what="role_given").exists()


def test_the_days_that_sign_ins_are_kept_are_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SAMENSPEL_AUDIT_DAYS", raising=False)
    assert days("SAMENSPEL_AUDIT_DAYS", 365) == 365
    monkeypatch.setenv("SAMENSPEL_AUDIT_DAYS", " 30 ")
    assert days("SAMENSPEL_AUDIT_DAYS", 365) == 30
    for word in ("0", "-1", "1.5", "many", "36501"):
        monkeypatch.setenv("SAMENSPEL_AUDIT_DAYS", word)
        with pytest.raises(InputError, match=f"SAMENSPEL_AUDIT_DAYS is “{word}”"):
            days("SAMENSPEL_AUDIT_DAYS", 365)


def test_words_of_the_audit() -> None:
    assert audit.said("role_given") == "gave a role"
    assert audit.said("something else") == "something else"
    assert all(len(what) <= 40 for what in audit.WORDS)


def test_the_agency_begins_a_register_that_is_empty() -> None:
    """Rights are asked of a landscape without a municipality too."""
    agency = peopled.agency()
    town = editing.add("municipalities", {"nis": "00001", "name": "A"})
    known = editing.add("known_tables", {"table": "municipalities"})
    with pytest.raises(Refused):
        acts.edit(peopled.coordinator(), town, "x")
    assert acts.edit(agency, editing.together([town, known]), "the first") == 1
    found = reading.landscape(datetime.now(UTC).date()).table("municipalities")
    assert found.select("nis").equals(pl.DataFrame({"nis": ["00001"]}))
    assert connection.in_atomic_block is False
