"""Coming in for the first time: by an invitation, or as the first administrator."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from samenspel.errors import InputError
from samenspel.language import _
from samenspel.register import granting
from samenspel.web import first
from samenspel.web.adapters import address
from samenspel.web.forms import FirstAdministrator, Invited, refused

GONE = 410


@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Set the password of the account that was invited."""
    try:
        account = granting.invited(secret).account
    except InputError as error:
        return dead(request, error)
    form = Invited(request.POST or None, account=account)
    if request.method == "POST" and form.is_valid():
        try:
            granting.accept(secret, form.cleaned_data["password1"], address(request))
            return welcome(request)
        except InputError as error:
            refused(form, error)
    return render(request, "invitation.html", {"form": form, "email": account.email})


@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "POST"])
def first_administrator(request: HttpRequest, token: str) -> HttpResponse:
    """Make an administrator, for who keeps the server."""
    try:
        first.checked(token)
    except InputError as error:
        return dead(request, error)
    form = FirstAdministrator(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            first.make(token, given["name"], given["email"], given["password1"], address(request))
            return welcome(request)
        except InputError as error:
            refused(form, error)
    return render(request, "first_administrator.html", {"form": form})


def welcome(request: HttpRequest) -> HttpResponse:
    """To the page of signing in."""
    messages.success(request, _("Your password is set. Sign in with it."))
    return redirect("account_login")


def dead(request: HttpRequest, error: InputError) -> HttpResponse:
    """A link that does not work."""
    return render(request, "dead_link.html", {"why": str(error)}, status=GONE)
