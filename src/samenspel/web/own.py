"""The reader's own page, the choice of language, and the health of the server."""

import time
from importlib.metadata import version
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from samenspel import language
from samenspel.register import reading
from samenspel.web.beside import HEARTBEAT, SILENT
from samenspel.web.who import actor


@login_required
@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    """The reader's own account: what it may do, its password and its second factor."""
    assert request.user.pk is not None
    second = Authenticator.objects.filter(user_id=request.user.pk, type=Authenticator.Type.TOTP)
    return render(request, "profile.html", {"held": actor(request).held, "second": second.exists()})


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Speak the language chosen from now on, and go back to the page."""
    chosen = request.POST.get("language", "")
    if chosen not in language.LANGUAGES:
        return HttpResponseBadRequest()
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "/"
    response = redirect(back)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return response


@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Whether the server works: 200, or 503 where the database or the worker does not answer.
    ``worker``: seconds since it last said that it lives, None where none ever did."""
    found: dict[str, Any] = {
        "status": "ok", "database": "ok", "change": None, "worker": worker_silence(),
        "version": version("samenspel"),
    }  # fmt: skip
    try:
        connection.ensure_connection()
        found["change"] = reading.last_change()
    except DatabaseError:
        found |= {"status": "fault", "database": "fault"}
    if found["worker"] is not None and found["worker"] > SILENT:
        found["status"] = "fault"
    return JsonResponse(found, status=200 if found["status"] == "ok" else 503)


def worker_silence() -> float | None:
    """Seconds since the worker last said that it lives."""
    try:
        return round(max(0.0, time.time() - (settings.DATA / HEARTBEAT).stat().st_mtime), 1)
    except OSError:
        return None
