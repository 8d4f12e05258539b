"""What happens around every page: it is told in the log, and it speaks the reader's language."""

import logging
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers

from samenspel import language
from samenspel.errors import InputError
from samenspel.register.rights import Refused
from samenspel.web.logs import request_id
from samenspel.web.pages.shared import Missing

Answer = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("samenspel.web")


class Told:
    """Gives each request a number of its own, in the log and in the answer, and tells how it went:
    the pattern of the path, never the path."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = uuid.uuid4().hex
        token = request_id.set(number)
        start = time.perf_counter()
        try:
            response = self.answer(request)
            response["X-Request-ID"] = number
            match = request.resolver_match
            log.info(
                "answered",
                extra={
                    "method": request.method,
                    "route": match.route if match else None,
                    "status": response.status_code,
                    "ms": round((time.perf_counter() - start) * 1000, 1),
                },
            )
            return response
        finally:
            request_id.reset(token)


class Spoken:
    """Dutch, or English for who chose it; and nothing is kept by others than the reader."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        spoken = chosen if chosen in language.LANGUAGES else language.DEFAULT
        with language.speaking(spoken), translation.override(spoken):
            response = self.answer(request)
        response.setdefault("Content-Language", spoken)
        response.setdefault("Cache-Control", "private, no-store")
        patch_vary_headers(response, ["Cookie"])
        return response


class Explained:
    """A fault of who asks is told in its own sentence: 403 what rights are missing, 404 what is not
    there, 400 what else is wrong. Any other exception is a fault of ours."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        if not isinstance(fault, InputError):
            return None
        status = 403 if isinstance(fault, Refused) else 404 if isinstance(fault, Missing) else 400
        return render(request, "told.html", {"status": status, "why": str(fault)}, status=status)
