"""What people wish of a plan, one wish at a time, and what each leaves possible."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Date

from samenspel.alignment.plan.moments import Window
from samenspel.alignment.plan.options import (
    DISSOLVE,
    HOST,
    KEEP,
    MERGE,
    OPERATIONS,
    SHRINK,
    Option,
)
from samenspel.alignment.plan.region import Region
from samenspel.errors import InputError
from samenspel.language import _, mark

MOVES = (MERGE, HOST, DISSOLVE, SHRINK)
TEXTS = {
    "keep": mark("{partnership} stays"),
    "go": mark("{partnership} goes"),
    "shrink": mark("{partnership} lets its members outside the region go"),
    "into": mark("{partnership} goes into {carrier}"),
    "not_into": mark("{partnership} does not go into {carrier}"),
    "at_most": mark("at most {number} partnerships"),
    "without": mark("no “{operation}”"),
    "not_before": mark("nothing before {date}"),
    "not_after": mark("nothing after {date}"),
}


@dataclass(frozen=True)
class Wish:
    """One wish: its kind and what that kind needs; the rest is empty."""

    kind: str
    partnership: str | None = None
    carrier: str | None = None
    number: int | None = None
    operation: str | None = None
    date: Date | None = None

    def __str__(self) -> str:
        return _(TEXTS[self.kind]).format(
            partnership=self.partnership,
            carrier=self.carrier,
            number=self.number,
            operation=_(OPERATIONS[self.operation]) if self.operation in OPERATIONS else "",
            date=self.date,
        )


def checked(wishes: Sequence[Wish], region: Region) -> tuple[Wish, ...]:
    """``wishes`` without repetition. Raises InputError for a partnership that is not in the
    region, a kind, an operation or a number that does not exist, or a wish that lacks a part."""
    known = {body.id for body in region.bodies}
    for number, wish in enumerate(wishes, 1):
        if wish.kind not in TEXTS:
            raise InputError(
                _("Wish {number}: “{kind}” is no kind of wish; use one of {known}.").format(
                    number=number, kind=wish.kind, known=", ".join(TEXTS)
                )
            )
        for id in needed(wish):
            if id not in known:
                raise InputError(
                    _(
                        "Wish {number} ({kind}): “{id}” is no active partnership of {region}; "
                        "give the id of one."
                    ).format(number=number, kind=wish.kind, id=id, region=region.name)
                )
        if wish.kind in ("into", "not_into") and wish.partnership == wish.carrier:
            raise InputError(
                _(
                    "Wish {number} ({kind}): “{id}” cannot go into itself; name two partnerships."
                ).format(number=number, kind=wish.kind, id=wish.carrier)
            )
        if wish.kind == "without" and wish.operation not in MOVES:
            raise InputError(
                _("Wish {number} (without): “{operation}” is no operation; use {known}.").format(
                    number=number, operation=wish.operation, known=", ".join(MOVES)
                )
            )
        if wish.kind == "at_most" and (wish.number is None or wish.number < 0):
            raise InputError(
                _("Wish {number} (at_most): give a whole number from 0.").format(number=number)
            )
        if wish.kind in ("not_before", "not_after") and wish.date is None:
            raise InputError(
                _("Wish {number} ({kind}): give a date.").format(number=number, kind=wish.kind)
            )
    return tuple(dict.fromkeys(wishes))


def needed(wish: Wish) -> list[str | None]:
    """The partnerships that this kind of wish must name."""
    if wish.kind in ("keep", "go", "shrink"):
        return [wish.partnership]
    if wish.kind in ("into", "not_into"):
        return [wish.partnership, wish.carrier]
    return []


def window_of(wishes: Sequence[Wish], today: Date) -> Window:
    """From when and until when changes are wished; never before ``today``."""
    first = [wish.date for wish in wishes if wish.kind == "not_before" and wish.date]
    last = [wish.date for wish in wishes if wish.kind == "not_after" and wish.date]
    return Window(max([today, *first]), min(last, default=None))


def most_of(wishes: Sequence[Wish]) -> int | None:
    """The highest number of partnerships that is wished, or nothing."""
    return min((w.number for w in wishes if w.kind == "at_most" and w.number is not None),
               default=None)  # fmt: skip


def left(
    options: Sequence[Sequence[Option]], wishes: Sequence[Wish], region: Region
) -> list[list[Option]]:
    """The options that the wishes about partnerships and operations leave; perhaps none."""
    number = {body.id: i for i, body in enumerate(region.bodies)}
    found = [list(ways) for ways in options]
    for wish in wishes:
        if wish.kind == "without":
            found = [[way for way in ways if way.operation != wish.operation] for ways in found]
        elif wish.partnership is not None:
            i = number[wish.partnership]
            carrier = number.get(wish.carrier or "")
            found[i] = [way for way in found[i] if suits(way, wish.kind, carrier)]
    return found


def suits(way: Option, kind: str, carrier: int | None) -> bool:
    """Whether ``way`` agrees with a wish of ``kind`` about its partnership."""
    if kind == "keep":
        return way.operation in (KEEP, SHRINK)
    if kind == "go":
        return way.operation not in (KEEP, SHRINK)
    if kind == "shrink":
        return way.operation == SHRINK
    if kind == "into":
        return way.carrier == carrier
    return way.carrier != carrier
