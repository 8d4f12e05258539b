"""Sign-ins, passwords and second factors, noted as they happen."""

from typing import Any

from allauth.account.signals import password_changed, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
    authenticator_used,
)
from django.contrib.auth.signals import user_logged_in, user_logged_out

from samenspel.register import audit
from samenspel.web.adapters import address

RECOVERY = Authenticator.Type.RECOVERY_CODES


def listen() -> None:
    """Hear what happens to sign-ins."""
    plain = {
        user_logged_in: "signed_in",
        user_logged_out: "signed_out",
        password_changed: "password_changed",
        password_set: "password_set",
        authentication_failed: "sign_in_failed",
        authenticator_reset: "recovery_codes_made",
    }
    for signal, what in plain.items():
        signal.connect(noting(what), weak=False, dispatch_uid=f"audit {what}")
    authenticator_added.connect(added, dispatch_uid="audit added")
    authenticator_removed.connect(removed, dispatch_uid="audit removed")
    authenticator_used.connect(used, dispatch_uid="audit used")


def noting(what: str) -> Any:
    """Notes ``what`` of the account that a signal names."""

    def heard(sender: Any, request: Any, user: Any, **_more: Any) -> None:  # noqa: ARG001
        if user is not None:
            by = None if what == "sign_in_failed" else user
            audit.note(what, by=by, about=user, address=address(request))

    return heard


def added(sender: Any, request: Any, user: Any, authenticator: Any, **_more: Any) -> None:  # noqa: ARG001
    what = "recovery_codes_made" if authenticator.type == RECOVERY else "second_factor_added"
    audit.note(what, by=user, about=user, address=address(request))


def removed(sender: Any, request: Any, user: Any, authenticator: Any, **_more: Any) -> None:  # noqa: ARG001
    if authenticator.type != RECOVERY:
        audit.note("second_factor_removed", by=user, about=user, address=address(request))


def used(sender: Any, request: Any, user: Any, authenticator: Any, **_more: Any) -> None:  # noqa: ARG001
    if authenticator.type == RECOVERY:
        audit.note("recovery_code_used", by=user, about=user, address=address(request))
