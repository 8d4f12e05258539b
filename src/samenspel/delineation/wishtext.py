"""Wishes as people write them, in the words of the command line: text becomes ``Wishes``.

What these functions need is imported inside them, so that the commands show their help quickly.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from samenspel.errors import InputError
from samenspel.language import _

if TYPE_CHECKING:
    from samenspel.delineation.problem import Bound
    from samenspel.delineation.wishes import Wishes
    from samenspel.landscape.landscape import Landscape

ALONE, FREE = "alone", "free"
BOUNDED = ("population", "municipalities", "area")
PENALTY = 1.0
RANGE = re.compile(r"(~?)(\d*)\.\.(\d*)")
DEFAULT_GOALS = "cut=1"
DEFAULT_FLOW = "commuting"
Ends = tuple[int | None, int | None]


@dataclass(frozen=True)
class Words:
    """The wishes as written; what each means stands in ``Wishes``.

    ``population``, ``municipalities``, ``area``: LOW..HIGH, after ~ where it need not hold.
    ``goals``: NAME=WEIGHT with commas between. ``together``, ``apart``: each A,B. ``fix``: each
    A=ZONE. ``link``: each A=B. ``oversize``: alone, free or a number.
    """

    population: str | None = None
    municipalities: str | None = None
    area: str | None = None
    goals: str = DEFAULT_GOALS
    together: list[str] | None = None
    apart: list[str] | None = None
    fix: list[str] | None = None
    whole: list[str] | None = None
    within: str | None = None
    link: list[str] | None = None
    present: str | None = None
    agree: list[str] | None = None
    centre: bool = False
    oversize: str = ALONE
    flow: str | None = None
    penalty: float = PENALTY


def wishes_of(landscape: "Landscape", zones: tuple[int, int], asked: Words) -> "Wishes":
    """The wishes that these words are. Raises InputError for words that make none."""
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
