"""What the library of sign-ins asks of us: nobody signs up, everything is noted, in our words."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from samenspel.language import _, mark
from samenspel.register import audit
from samenspel.register.models import Account

SAID = {
    "account/messages/password_changed.txt": mark("Your password is changed."),
    "account/messages/password_set.txt": mark("Your password is set."),
    "account/messages/logged_out.txt": mark("You are signed out."),
    "mfa/messages/totp_activated.txt": mark("Your second factor is on."),
    "mfa/messages/totp_deactivated.txt": mark("Your second factor is off."),
    "mfa/messages/recovery_codes_generated.txt": mark("You have new recovery codes; keep them."),
}
FAULTS = {
    "account_inactive": mark("This account is closed; ask your administrator."),
    "email_password_mismatch": mark("This e-mail address and password do not belong together."),
    "enter_current_password": mark("This is not your present password."),
    "incorrect_code": mark("This code is not right, or it is used up."),
    "incorrect_password": mark("This password is not right."),
    "too_many_login_attempts": mark("Too many attempts failed; wait some minutes and try again."),
    "rate_limited": mark("Too many attempts failed; wait some minutes and try again."),
    "cannot_delete_authenticator": mark("This second factor cannot be switched off."),
    "cannot_generate_recovery_codes": mark("Switch the second factor on first."),
}


def fault(code: str) -> ValidationError | None:
    """The fault ``code`` of the library in our words; None for one that no page of ours meets."""
    return ValidationError(_(FAULTS[code]), code=code) if code in FAULTS else None


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts: by invitation alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        return reverse("profile")

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        return fault(code) or super().validation_error(code, *args)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,  # noqa: ARG002
        extra_tags: str = "",  # noqa: ARG002
        message: str | None = None,  # noqa: ARG002
    ) -> None:
        if message_template in SAID:
            messages.add_message(request, level, _(SAID[message_template]))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            audit.note("sign_in_throttled", about=named(credentials), address=address(request))
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        audit.note("sign_in_failed", about=named(credentials), address=address(request))

    def respond_user_inactive(self, request: HttpRequest, user: Account) -> HttpResponse:
        audit.note("sign_in_failed", about=user, address=address(request))
        response: HttpResponse = super().respond_user_inactive(request, user)
        return response


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: a code of an app, and codes to keep for when it is lost."""

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        return fault(code) or super().validation_error(code, *args)

    def build_totp_svg(self, url: str) -> str:
        svg: str = super().build_totp_svg(url)
        return svg[svg.index("<svg") :]


class Elsewhere(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Sign-in by OpenID Connect: for accounts that were invited, found by an e-mail address that
    the other side says it has verified."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002
        return False

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Nobody is written to; the audit tells."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.is_existing:
            return
        verified = [a.email.lower() for a in sociallogin.email_addresses if a.verified is True]
        found = list(Account.objects.filter(email__in=verified, is_active=True)[:2])
        if len(found) != 1:
            audit.note("sign_in_failed", address=address(request), elsewhere=True)
            raise ImmediateHttpResponse(render(request, "account/signup_closed.html", status=403))
        sociallogin.connect(request, found[0])
        audit.note("account_connected", by=found[0], about=found[0], address=address(request))


def named(credentials: dict[str, Any]) -> Account | None:
    """The account that somebody tries to sign in to. What they wrote is not kept: some write a
    password in the wrong field."""
    return Account.objects.filter(email=str(credentials.get("email", "")).lower()).first()


def address(request: HttpRequest) -> str | None:
    """The address from which somebody asks."""
    return request.META.get("REMOTE_ADDR") or None
