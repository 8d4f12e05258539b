"""The administrator's pages: accounts, roles and the audit. Each act asks its right of
``register.granting``, whatever a page shows."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from samenspel.errors import InputError
from samenspel.language import _
from samenspel.register import audit, granting
from samenspel.register.models import Account, Grant
from samenspel.register.rights import Held, Refused, Subject, require
from samenspel.web.adapters import address
from samenspel.web.forms import GiveRole, Invite, refused
from samenspel.web.pages.shared import whole
from samenspel.web.templating import local_day
from samenspel.web.who import actor, asks
from samenspel.words import day

MOST = 100  # rows of a page


@asks("invite")
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """Who has an account, with roles."""
    found = list(
        Account.objects.filter(pk__gt=number(request, "after") or 0).order_by("pk")[: MOST + 1]
    )
    shown = found[:MOST]
    given: dict[int, list[Grant]] = {}
    for grant in Grant.objects.filter(account__in=shown, ended_at__isnull=True).order_by("pk"):
        given.setdefault(grant.account_id, []).append(grant)
    rows = [{"account": one, "grants": given.get(one.pk, []), "state": state(one)} for one in shown]
    return render(
        request,
        "accounts.html",
        {"rows": rows, "next": shown[-1].pk if len(found) > MOST else None},
    )


@asks("invite")
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Make an account and the link to hand over."""
    form = Invite(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = granting.invite(
                actor(request), form.cleaned_data["email"], form.cleaned_data["name"]
            )
            return handed(request, made)
        except Refused:
            raise
        except InputError as error:
            refused(form, error)
    return render(request, "invite.html", {"form": form})


@asks("invite")
@require_safe
def account(request: HttpRequest, number: int) -> HttpResponse:
    """An account, with what can be done to it."""
    return shown(request, get_object_or_404(Account, pk=number))


@asks("give_role")
@require_POST
def give_role(request: HttpRequest, number: int) -> HttpResponse:
    """Give an account a role."""
    found = get_object_or_404(Account, pk=number)
    form = GiveRole(request.POST)
    if not form.is_valid():
        return shown(request, found, form)
    role, *place = (
        form.cleaned_data[name].strip() or None
        for name in ("role", "organisation", "zoning", "zone")
    )
    try:
        granting.give_role(actor(request), found, Held(str(role), *place))
    except Refused:
        raise
    except InputError as error:
        refused(form, error)
        return shown(request, found, form)
    return done(request, found, _("The role is given."))


@asks("end_role")
@require_POST
def end_role(request: HttpRequest, number: int) -> HttpResponse:
    """End a role of an account."""
    found = get_object_or_404(Account, pk=number)
    chosen = request.POST.get("grant", "")
    grant = get_object_or_404(Grant, pk=whole(chosen) or 0, account=found)
    try:
        granting.end_role(actor(request), grant)
    except Refused:
        raise
    except InputError as error:
        return shown(request, found, why=str(error))
    return done(request, found, _("The role has ended."))


@asks("invite")
@require_POST
def invite_again(request: HttpRequest, number: int) -> HttpResponse:
    """Make another link for an account."""
    found = get_object_or_404(Account, pk=number)
    try:
        return handed(request, granting.invite_again(actor(request), found))
    except Refused:
        raise
    except InputError as error:
        return shown(request, found, why=str(error))


@asks("invite")
@require_POST
def second_factor_away(request: HttpRequest, number: int) -> HttpResponse:
    """Take the second factor of an account away, for who lost it."""
    found = get_object_or_404(Account, pk=number)
    require(actor(request), "invite", Subject(account=found.pk))
    with transaction.atomic():
        if Authenticator.objects.filter(user=found).delete()[0]:
            audit.note(
                "second_factor_removed",
                by=actor(request).account, about=found, address=address(request),
            )  # fmt: skip
    return done(request, found, _("The second factor is taken away."))


@asks("close_account")
@require_POST
def close_account(request: HttpRequest, number: int) -> HttpResponse:
    """Close an account."""
    found = get_object_or_404(Account, pk=number)
    try:
        granting.close_account(actor(request), found)
    except Refused:
        raise
    except InputError as error:
        return shown(request, found, why=str(error))
    return done(request, found, _("The account is closed."))


@asks("read_audit")
@require_safe
def audit_page(request: HttpRequest) -> HttpResponse:
    """What happened to sign-ins and rights."""
    found = audit.read(actor(request), number(request, "before"), MOST + 1)
    entries = found[:MOST]
    return render(
        request,
        "audit.html",
        {
            "entries": entries,
            "next": entries[-1].pk if len(found) > MOST else None,
            "days": audit.sign_in_days(),
        },
    )


def number(request: HttpRequest, name: str) -> int | None:
    """The number that the address gives under ``name``, if any."""
    return whole(request.GET.get(name, ""))


def state(account: Account) -> str:
    """How an account stands, in words."""
    if not account.is_active:
        return _("account closed")
    if account.last_login or account.has_usable_password():
        return _("account open")
    return _("invited, not come in yet")


def shown(
    request: HttpRequest, account: Account, form: GiveRole | None = None, why: str = ""
) -> HttpResponse:
    """The page of an account; with faults in ``form`` or ``why`` something was not done."""
    grants = Grant.objects.filter(account=account, ended_at__isnull=True).order_by("pk")
    found: dict[str, Any] = {
        "account": account,
        "state": state(account),
        "grants": list(grants),
        "form": form or GiveRole(),
        "why": why,
        "second": Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists(),
    }
    return render(request, "account.html", found, status=422 if form or why else 200)


def done(request: HttpRequest, account: Account, words: str) -> HttpResponse:
    """Back to the page of the account, which says ``words``."""
    messages.success(request, words)
    return redirect("account", account.pk)


def handed(request: HttpRequest, made: granting.Invited) -> HttpResponse:
    """The link to hand over, this once."""
    link = request.build_absolute_uri(reverse("invitation", args=[made.secret]))
    ends = day(local_day(made.ends_at))
    return render(request, "invited.html", {"account": made.account, "link": link, "ends": ends})
