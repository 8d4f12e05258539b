"""What every page of the site does alike: on which day it looks, and how it is shown."""

from datetime import date as Date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from samenspel.errors import InputError
from samenspel.language import _
from samenspel.web.known import Picture, picture

DAY = "op"
THEMES = ("light", "dark")
FIRST, LAST = Date(1950, 1, 1), Date(2150, 12, 31)  # days to look at (status: choice)
LONGEST = 15  # digits of a number in an address


def asked(request: HttpRequest) -> Picture:
    """The picture of the day that the address names, else of today. Raises InputError for a day
    that is none, or so far away that every term would be counted over centuries."""
    text = request.GET.get(DAY, "").strip()
    try:
        day = Date.fromisoformat(text) if text else None
    except ValueError as error:
        raise InputError(
            _("“{text}” is no day; write one as 2026-01-31.").format(text=text)
        ) from error
    if day is not None and not FIRST <= day <= LAST:
        raise InputError(
            _("{day} lies too far away; choose a day from {first} to {last}.").format(
                day=day, first=FIRST, last=LAST
            )
        )
    return picture(day)


def whole(text: str) -> int | None:
    """The whole number that ``text`` is; None where it is none, or longer than any that counts
    something here."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST else None


def show(
    request: HttpRequest, template: str, picture: Picture, status: int = 200, **shown: Any
) -> HttpResponse:
    """The page ``template`` about ``picture``."""
    about = picture.land.about
    return render(
        request,
        f"site/{template}.html",
        {
            "land_name": about.name,
            "fictional": about.fictional,
            "shown_day": picture.day.isoformat(),
            "section": None,
            **shown,
        },
        status=status,
    )


class Missing(InputError):
    """What was asked for is not there; said in a sentence."""
