"""The options of the commands that draw zones; ``delineation.wishtext`` makes wishes of them."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from inspect import Parameter, Signature, signature
from typing import Annotated, Any

import typer

from samenspel.delineation.wishtext import (
    ALONE,
    DEFAULT_GOALS,
    PENALTY,
    RANGE,
    Ends,
    Words,
    count_of,
    ends_of,
    flow_of,
    goals_of,
    link_of,
    wishes_of,
)
from samenspel.language import _

__all__ = [
    "NAMES",
    "PENALTY",
    "RANGE",
    "Asked",
    "Ends",
    "Link",
    "Regions",
    "count_of",
    "ends_of",
    "flow_of",
    "goals_of",
    "link_of",
    "taking",
    "wishes_of",
]

Regions = Annotated[
    str,
    typer.Option("--regions", help=_("how many: 17, or 15..20"), show_default=False),
]
Population = Annotated[
    str | None,
    typer.Option(
        "--population",
        help=_("inhabitants of each, LOW..HIGH; an end may be empty; ~LOW..HIGH need not hold and "
               "counts against a plan"),
    ),
]  # fmt: skip
Municipalities = Annotated[
    str | None, typer.Option("--municipalities", help=_("municipalities of each, LOW..HIGH"))
]
Area = Annotated[str | None, typer.Option("--area", help=_("km² of each, LOW..HIGH"))]
Goals = Annotated[
    str,
    typer.Option(
        "--goals",
        help=_("what is good, with weights of your choice: cut, connectivity, flows, border, "
               "balance, moved, agreement:ZONING"),
    ),
]  # fmt: skip
Together = Annotated[
    list[str] | None,
    typer.Option("--together", help=_("A,B: municipalities in one zone; may be given again")),
]
Apart = Annotated[
    list[str] | None,
    typer.Option("--apart", help=_("A,B: municipalities in different zones; may be given again")),
]
Fix = Annotated[
    list[str] | None,
    typer.Option("--fix", help=_("A=NAME: municipality A in the zone NAME; may be given again")),
]
Whole = Annotated[
    list[str] | None,
    typer.Option("--whole", help=_("a zoning whose zones stay whole; may be given again")),
]
Within = Annotated[
    str | None, typer.Option("--within", help=_("a zoning whose zones may not be crossed"))
]
Link = Annotated[
    list[str] | None,
    typer.Option("--link", help=_("A=B: count as neighbours (an exclave); may be given again")),
]
Present = Annotated[
    str | None,
    typer.Option("--present", help=_("the zoning of today: for the goal moved, and for names")),
]
Agree = Annotated[
    list[str] | None,
    typer.Option("--agree", help=_("a zoning to tell the agreement with; may be given again")),
]
Centre = Annotated[
    bool, typer.Option("--centre", help=_("every zone holds a municipality that is a centre"))
]
Oversize = Annotated[
    str,
    typer.Option(
        "--oversize",
        help=_("what alone passes the most inhabitants stays alone, is free to take neighbours, or "
               "takes in so many inhabitants: alone, free or a number"),
    ),
]  # fmt: skip
Flow = Annotated[
    str | None, typer.Option("--flow", help=_("the kind of flows for the goal flows; commuting"))
]

Penalty = Annotated[
    float,
    typer.Option(
        "--penalty",
        help=_("what a bound that need not hold costs for each whole time that a zone falls short "
               "or goes over; your choice"),
    ),
]  # fmt: skip


@dataclass(frozen=True)
class Asked(Words):
    """The wishes as typed: what the commands that draw zones have in common."""

    population: Population = None
    municipalities: Municipalities = None
    area: Area = None
    goals: Goals = DEFAULT_GOALS
    together: Together = None
    apart: Apart = None
    fix: Fix = None
    whole: Whole = None
    within: Within = None
    link: Link = None
    present: Present = None
    agree: Agree = None
    centre: Centre = False
    oversize: Oversize = ALONE
    flow: Flow = None
    penalty: Penalty = PENALTY


NAMES = tuple(field.name for field in fields(Asked))
Command = Callable[..., None]


def taking(*names: str) -> Callable[[Command], Command]:
    """Let a command that takes ``asked`` take the options ``names`` of it instead: typer reads the
    options of a command from its signature."""

    def changed(command: Command) -> Command:
        shared = signature(Asked).parameters
        parameters = [
            each.replace(kind=Parameter.KEYWORD_ONLY)
            for own in signature(command).parameters.values()
            for each in ([shared[name] for name in names] if own.name == "asked" else [own])
        ]

        def taken(**given: Any) -> None:
            command(asked=Asked(**{name: given.pop(name) for name in names}), **given)

        taken.__dict__["__signature__"] = Signature(parameters)
        taken.__annotations__ = {each.name: each.annotation for each in parameters}
        taken.__name__ = command.__name__
        return taken

    return changed
