"""Templates of the pages: Jinja, with the words of the whole house."""

from datetime import datetime
from importlib.metadata import version
from typing import Any

import jinja2
from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone

from samenspel.language import _, spoken
from samenspel.register import audit
from samenspel.register.rights import ROLE_NAMES
from samenspel.web.pages import telling
from samenspel.words import day


def environment(**options: Any) -> jinja2.Environment:
    """The environment of every page."""
    options |= {"undefined": jinja2.StrictUndefined, "trim_blocks": True}
    made = jinja2.Environment(**options)
    made.filters |= telling.FILTERS
    made.globals |= telling.GLOBALS | {
        "_": _,
        "spoken": spoken,
        "day": day,
        "local_day": local_day,
        "moment": lambda at: f"{timezone.localtime(at):%Y-%m-%d %H:%M}",
        "role_told": role_told,
        "said": audit.said,
        "static": static,
        "url": lambda name, *values: reverse(name, args=values),
        "version": version("samenspel"),
        "oidc": settings.OIDC,
    }
    return made


def shown_everywhere(request: HttpRequest) -> dict[str, Any]:
    """What every page shows: who reads it and whether they administer, what was just done."""
    from samenspel.web.who import administers

    account = getattr(request, "user", None)
    theme = request.COOKIES.get("samenspel_theme")
    signed_in = bool(account and account.is_authenticated)
    return {
        "reader": account if signed_in else None,
        "administers": signed_in and administers(request),
        "messages": get_messages(request),
        "here": request.get_full_path(),
        "theme": theme if theme in ("light", "dark") else None,
    }


def role_told(held: Any) -> str:
    """A role that somebody holds, in words: that of the rights, or the grant that gave it."""
    role = _(ROLE_NAMES[held.role])
    place = held.organisation or (f"{held.zoning} {held.zone}" if held.zone else "")
    return _("{role} for {place}").format(role=role, place=place) if place else role


def local_day(at: datetime) -> str:
    """The day of a moment, as here."""
    return timezone.localtime(at).date().isoformat()
