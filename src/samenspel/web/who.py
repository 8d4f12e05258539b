"""Who asks for a page, as the rights know them."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from samenspel.register.actors import actor_of
from samenspel.register.rights import Actor, may, require

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def actor(request: HttpRequest) -> Actor:
    """Who asks, with the roles that are theirs at this request."""
    found: Actor | None = request.__dict__.get("samenspel_actor")
    if found is None:
        found = request.__dict__["samenspel_actor"] = actor_of(getattr(request, "user", None))
    return found


def administers(request: HttpRequest) -> bool:
    """Whether the pages of the administrator are for who asks."""
    return may(actor(request), "invite").allowed


def asks(operation: str) -> Callable[[View[P]], View[P]]:
    """A page for who may do ``operation``: a visitor is asked to sign in; another meets Refused.
    What the page then does asks its own rights."""

    def made(view: View[P]) -> View[P]:
        def asked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            who = actor(request)
            if who.account is None:
                return redirect_to_login(request.get_full_path())
            require(who, operation)
            return view(request, *args, **kwargs)

        update_wrapper(asked, view)
        return asked

    return made
