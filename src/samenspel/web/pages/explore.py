"""What if: municipalities as one, and which legal form suits a plan to work together."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_safe
from pydantic import ValidationError

from samenspel.errors import InputError
from samenspel.landscape.codes import THEMES
from samenspel.language import _
from samenspel.law import advice, questions
from samenspel.web import known
from samenspel.web.known import Picture, kept
from samenspel.web.pages.shared import asked, show, whole

MOST_JOINED = 5


@require_safe
def explore(request: HttpRequest) -> HttpResponse:
    """Where the questions that begin with "what if" are asked."""
    return show(request, "explore", asked(request), section="explore")


@require_safe
def merger(request: HttpRequest) -> HttpResponse:
    """The municipalities named as one, beside the status quo and beside cooperation only; as
    ``samenspel mergers --candidate`` gives it. Never a verdict."""
    picture = asked(request)
    names = known.names(picture)
    towns = [nis for nis in dict.fromkeys(request.GET.getlist("met")) if nis]
    found, fault = None, None
    if len(towns) > 1:
        try:
            found = together(picture, tuple(sorted(towns)))
        except InputError as error:
            fault = str(error)
    return show(
        request,
        "merger",
        picture,
        200 if fault is None else 422,
        section="explore",
        towns=towns,
        names=names,
        most=MOST_JOINED,
        found=found,
        fault=fault,
        near=near(picture, towns),
    )


def near(picture: Picture, towns: list[str]) -> list[str]:
    """The municipalities that border ``towns``, to choose from."""
    met = {
        row["nis"]
        for nis in towns
        if nis in known.names(picture)
        for row in known.municipality(picture, nis)["neighbours"]
    }
    return sorted(met - set(towns), key=lambda nis: known.names(picture)[nis])


@kept(32)
def together(picture: Picture, towns: tuple[str, ...]) -> dict[str, Any]:
    """Everything about the merger of ``towns``. Raises InputError where it is none that can be
    assessed: municipalities that do not hang together, or lie in several regions."""
    from samenspel.mergers.assess import Asked, assess
    from samenspel.mergers.beside import chosen_json
    from samenspel.mergers.chosen import checked, picked, scenario
    from samenspel.mergers.told import as_json
    from samenspel.mergers.zone import Bounds, zones_of
    from samenspel.screening.select import zoning_chosen

    land = picture.land
    if len(towns) > MOST_JOINED:
        raise InputError(_("Choose at most {count} municipalities.").format(count=MOST_JOINED))
    zoning = zoning_chosen(land)
    if zoning is None:
        raise InputError(_("No reference regions are known, so no merger can be looked at."))
    facts = judged(picture)
    chosen = picked(facts.facts, [",".join(towns)])
    regions = {
        row["zone"]
        for row in land.table("zone_members").to_dicts()
        if row["zoning"] == zoning and row["nis"] in towns
    }
    ask = Asked(Bounds((2, MOST_JOINED)), goals=())
    done = [
        assess(facts, zone, ask)
        for region in sorted(regions)
        for zone in zones_of(land, zoning, region, [])
    ]
    made = scenario(facts.facts, chosen, _("A merger looked at"))
    pairs = [checked(facts.facts, done, one) for one in chosen]
    return {
        **as_json(facts, ask, zoning, done),
        "chosen": chosen_json(facts, ask, pairs, made, None),
    }


@kept(4)
def judged(picture: Picture) -> Any:
    """What mergers are judged by."""
    from samenspel.mergers.assess import known as known_of

    return known_of(picture.land)


@require_safe
def form(request: HttpRequest) -> HttpResponse:
    """Which legal form: the six questions, and what the answers admit; as ``samenspel advise``."""
    picture = asked(request)
    given, faults = answers_of(request.GET)
    found = None
    if given is not None and request.GET.get("vraag"):
        try:
            checked = questions.checked(given, picture.land)
            found = advice.advise(checked, picture.day, picture.land).as_json()
        except InputError as error:
            faults = [str(error)]
    return show(
        request,
        "form",
        picture,
        422 if faults else 200,
        section="explore",
        questions=[
            (name, _(words), [one for one in questions.domain(name) if one is not None])
            for name, (words, _lines) in questions.QUESTIONS.items()
        ],
        given=request.GET,
        found=found,
        faults=faults,
        themes=THEMES,
    )


def answers_of(sent: QueryDict) -> tuple[questions.Answers | None, list[str]]:
    """The answers in a form; an open question is left out. With what is wrong, in sentences."""
    values: dict[str, Any] = {}
    for name in questions.QUESTIONS:
        text = sent.get(name, "").strip()
        if text:
            number = whole(text)
            values[name] = {"true": True, "false": False}.get(
                text, text if number is None else number
            )
    if sent.get("theme"):
        values["theme"] = sent["theme"]
    try:
        return questions.Answers.model_validate(values), []
    except ValidationError as error:
        return None, [
            _("{question}: give {admissible}.").format(
                question=str(fault["loc"][0]), admissible=questions.admissible(str(fault["loc"][0]))
            )
            for fault in error.errors()
        ]
