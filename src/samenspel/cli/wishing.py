"""The words of the commands that draw zones: options as typed become wishes."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from inspect import Parameter, Signature, signature
from itertools import combinations
from typing import TYPE_CHECKING, Annotated, Any

import typer

from samenspel.errors import InputError
from samenspel.language import _

if TYPE_CHECKING:
    from samenspel.delineation.problem import Bound
    from samenspel.delineation.wishes import Wishes
    from samenspel.landscape.landscape import Landscape

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

ALONE, FREE = "alone", "free"
BOUNDED = ("population", "municipalities", "area")
PENALTY = 1.0
RANGE = re.compile(r"(~?)(\d*)\.\.(\d*)")
DEFAULT_GOALS = "cut=1"
DEFAULT_FLOW = "commuting"
Ends = tuple[int | None, int | None]


@dataclass(frozen=True)
class Asked:
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


def wishes_of(landscape: "Landscape", zones: tuple[int, int], asked: Asked) -> "Wishes":
    """The wishes that these options are. Raises InputError for words that make none."""
    from samenspel.delineation.wishes import Wishes

    groups = [named_towns(landscape, "--together", text) for text in asked.together or ()]
    strangers = [named_towns(landscape, "--apart", text) for text in asked.apart or ()]
    bounds = {measure: getattr(asked, measure) for measure in BOUNDED}
    return Wishes(
        zones=zones,
        bounds={m: bound_of(f"--{m}", text) for m, text in bounds.items() if text is not None},
        weights=weights_of(asked.goals),
        together=tuple(groups),
        apart=tuple(pair for towns in strangers for pair in combinations(towns, 2)),
        fixed=fixed_of(landscape, asked.fix or ()),
        whole=tuple(dict.fromkeys(asked.whole or ())),
        within=asked.within,
        links=tuple(link_of(landscape, text) for text in asked.link or ()),
        present=asked.present,
        agree=tuple(dict.fromkeys(asked.agree or ())),
        flow=flow_of(landscape, asked.flow),
        centre=asked.centre,
        oversize=oversize_of(asked.oversize),
        penalty=asked.penalty,
    )


def ends_of(option: str, text: str) -> tuple[Ends, bool]:
    """(low, high) of a range, None where an end is empty, and whether it is soft."""
    found = RANGE.fullmatch(text.replace(" ", ""))
    if found is None or not (found[2] or found[3]):
        raise InputError(
            _("{option} {text}: write LOW..HIGH in whole numbers, such as 70000..130000; one end "
              "may be empty.").format(option=option, text=text)
        )  # fmt: skip
    low, high = (int(end) if end else None for end in found.groups()[1:])
    if low is not None and high is not None and low > high:
        raise InputError(
            _("{option} {text}: the low end is above the high end; write {high}..{low}.").format(
                option=option, text=text, low=low, high=high
            )
        )
    return (low, high), bool(found[1])


def bound_of(option: str, text: str) -> "Bound":
    """A hard bound, or a soft one after ~."""
    from samenspel.delineation.problem import Bound

    (low, high), soft = ends_of(option, text)
    return Bound(low, high, hard=not soft)


def count_of(option: str, text: str, most: int) -> tuple[int, int]:
    """Least and most number of zones: one number, or a range; at most ``most``."""
    if text.strip().isdecimal():
        low, high = int(text), int(text)
    elif RANGE.fullmatch(text.replace(" ", "")) and text.strip() != "..":
        (first, last), soft = ends_of(option, text)
        if soft:
            raise InputError(
                _("{option} {text}: the number of zones always holds; leave out the ~.").format(
                    option=option, text=text
                )
            )
        low, high = 1 if first is None else first, most if last is None else last
    else:
        raise InputError(
            _("{option} {text}: write a number, such as 17, or a range, such as 15..20.").format(
                option=option, text=text
            )
        )
    if low < 1:
        raise InputError(_("{option} {text}: there is at least one zone; write a number from 1 on.")
                         .format(option=option, text=text))  # fmt: skip
    if low > most:
        raise InputError(
            _("{option} {text}: more zones than this land has municipalities ({most}).").format(
                option=option, text=text, most=most
            )
        )
    return low, high


def weights_of(text: str) -> dict[str, float]:
    """The weights in NAME=WEIGHT,NAME=WEIGHT."""
    found: dict[str, float] = {}
    for piece in text.split(","):
        name, sign, weight = (part.strip() for part in piece.partition("="))
        value = number_of(weight)
        if not (sign and name) or value is None:
            raise InputError(
                _("--goals {text}: write NAME=WEIGHT with commas between, such as "
                  "cut=1,flows=0.5.").format(text=text)
            )  # fmt: skip
        if name in found:
            raise InputError(
                _("--goals {text}: {goal} has two weights; give one.").format(text=text, goal=name)
            )
        found[name] = value
    return found


def goals_of(text: str) -> tuple[str, ...]:
    """Two or three goals with commas between."""
    found = tuple(name.strip() for name in text.split(","))
    if len(found) not in (2, 3) or len(set(found)) < len(found) or not all(found) or "=" in text:
        raise InputError(
            _("--goals {text}: name two or three different goals with commas between and without "
              "weights, such as cut,flows.").format(text=text)
        )  # fmt: skip
    return found


def number_of(text: str) -> float | None:
    """A decimal number; None where ``text`` is none."""
    try:
        return float(text)
    except ValueError:
        return None


def named_towns(landscape: "Landscape", option: str, text: str) -> tuple[str, ...]:
    """The codes of two or more different municipalities with commas between."""
    from samenspel.screening.select import find_municipality

    found = [find_municipality(landscape, name.strip()) for name in text.split(",")]
    if len(found) < 2 or len(set(found)) < len(found):
        raise InputError(
            _("{option} {text}: name two or more different municipalities with commas between."
              ).format(option=option, text=text)
        )  # fmt: skip
    return tuple(found)


def halves(option: str, text: str, shape: str) -> tuple[str, str]:
    """Both sides of the only = in ``text``; ``shape`` tells how to write it."""
    left, sign, right = (part.strip() for part in text.partition("="))
    if not (left and sign and right):
        raise InputError(
            _("{option} {text}: write {shape}.").format(option=option, text=text, shape=shape)
        )
    return left, right


def fixed_of(landscape: "Landscape", texts: Sequence[str]) -> dict[str, str]:
    """Municipality to the name of its zone."""
    from samenspel.screening.select import find_municipality

    found: dict[str, str] = {}
    for text in texts:
        town, zone = halves("--fix", text, _("MUNICIPALITY=ZONE"))
        nis = find_municipality(landscape, town)
        if found.setdefault(nis, zone) != zone:
            raise InputError(
                _("--fix {text}: {town} is fixed to {zone} already; give one.").format(
                    text=text, town=town, zone=found[nis]
                )
            )
    return found


def link_of(landscape: "Landscape", text: str) -> tuple[str, str]:
    """Two different municipalities that count as neighbours."""
    from samenspel.screening.select import find_municipality

    sides = halves("--link", text, _("MUNICIPALITY=MUNICIPALITY"))
    a, b = (find_municipality(landscape, side) for side in sides)
    if a == b:
        raise InputError(_("--link {text}: name two different municipalities.").format(text=text))
    return a, b


def oversize_of(text: str) -> int | None:
    """How many inhabitants what alone passes the upper bound may take in; None: no limit."""
    wanted = {ALONE: 0, FREE: None}
    if text in wanted:
        return wanted[text]
    if text.isdecimal():
        return int(text)
    raise InputError(
        _("--oversize {text}: choose alone, free or a number of inhabitants.").format(text=text)
    )


def flow_of(landscape: "Landscape", kind: str | None) -> str:
    """The kind of flows. Raises InputError for one that the landscape does not have."""
    known: list[Any] = landscape.table("flows")["kind"].drop_nulls().unique().sort().to_list()
    if kind is not None and kind not in known:
        raise InputError(
            _("--flow {kind}: this landscape has no such flows; it has {known}.").format(
                kind=kind, known=", ".join(known) or _("none")
            )
        )
    return kind or DEFAULT_FLOW
