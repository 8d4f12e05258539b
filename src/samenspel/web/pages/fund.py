"""What if the municipal fund gave each block another part: every municipality, to the cent."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from samenspel.errors import InputError
from samenspel.fund.comparing import compare
from samenspel.fund.distribution import distribute, prepare
from samenspel.fund.reading import Rules, example, with_value
from samenspel.fund.telling import as_json
from samenspel.language import _
from samenspel.web.known import Picture, kept
from samenspel.web.pages.shared import asked, show

SHOWN = 25


@require_safe
def fund(request: HttpRequest) -> HttpResponse:
    """The example of a fund with the parts that the reader gives its blocks, beside the example as
    it is; as ``samenspel fund --set`` gives it. Not the present law."""
    picture = asked(request)
    stated = example()
    blocks = parts_of(stated)
    found, fault = None, None
    try:
        found = divided(picture, tuple(settings_of(blocks, request.GET)))
    except InputError as error:
        fault = str(error)
    given = {name: request.GET.get(name, part) for name, part in blocks.items()}
    return show(
        request,
        "fund",
        picture,
        200 if fault is None else 422,
        section="explore",
        blocks=blocks,
        given=given,
        fault=fault,
        found=found,
        most=SHOWN,
    )


def parts_of(rules: Rules) -> dict[str, str | None]:
    """By block the part of the whole that it has, in per cent; None for the one that has the
    rest."""
    blocks: dict[str, dict[str, Any]] = dict(rules.data["blocks"])
    parts = {name: str(block.get("share")) for name, block in blocks.items()}
    return {
        name: part.removesuffix("%") if part.endswith("%") else None for name, part in parts.items()
    }


def settings_of(blocks: dict[str, str | None], sent: QueryDict) -> list[tuple[str, str]]:
    """The parts that differ from those of the example. Raises InputError for what is no part."""
    found = []
    for name, part in blocks.items():
        text = sent.get(name, "").strip()
        if part is None or not text or text == part:
            continue
        if not text.isdecimal() or int(text) > 100:
            raise InputError(
                _("{block}: “{text}” is no part; give a whole number from 0 to 100.").format(
                    block=name, text=text
                )
            )
        found.append((name, text))
    return found


@kept(32)
def divided(picture: Picture, settings: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """What the fund gives with ``settings``, and what changes. Raises InputError where the example
    cannot be worked out on this land, or the parts are more than the whole."""
    before = distributed(picture)
    rules = example()
    for name, text in settings:
        rules = with_value(rules, f"blocks.{name}.share", f"{text}%")
    after = distribute(prepare(rules, picture.land)) if settings else before
    return {**as_json(after, None), "compared": compare(before, after).as_json()}


@kept(4)
def distributed(picture: Picture) -> Any:
    """The example as it is."""
    return distribute(prepare(example(), picture.land))
