"""A cooperative game: what every group of parties would cost on its own, known or not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from samenspel.errors import InputError
from samenspel.language import _
from samenspel.sharing.groups import Integers, as_integers, common, members

MOST_PARTIES = 24  # of which every group is held at once: 2^24 costs take 128 MB
MOST_CALLED = 20  # where Python is asked for the cost of every group
MOST_INCOMPLETE = 16

Costs = Callable[[frozenset[str]], Fraction | int]


@dataclass(frozen=True, eq=False)
class Game:
    """What every group costs.

    ``parties``: their codes in rising order. ``values``: 2^n integers, the cost in cents times
    ``scale`` of the group whose bits are set (``groups``). ``known``: which costs are known, None
    where all are. ``benefits``: the game was stated in benefits; its costs are these with the
    sign turned, and amounts are shown turned back.
    """

    parties: tuple[str, ...]
    values: Integers
    scale: int = 1
    known: NDArray[np.bool_] | None = None
    benefits: bool = False

    @property
    def whole(self) -> int:
        """The number of the group of all."""
        return len(self.values) - 1

    def cost(self, group: int) -> Fraction:
        """The cost in cents of ``group``, which must be known."""
        return Fraction(int(self.values[group]), self.scale)

    def knows(self, group: int) -> bool:
        return self.known is None or bool(self.known[group])

    def total(self) -> Fraction:
        return self.cost(self.whole)

    def alone(self) -> list[Fraction] | None:
        """What each party costs alone; None where that of one is unknown."""
        single = [1 << i for i in range(len(self.parties))]
        return [self.cost(m) for m in single] if all(map(self.knows, single)) else None

    def names(self, group: int) -> list[str]:
        """The codes of the members of ``group``."""
        return [self.parties[i] for i in members(group)]


def ordered(parties: Sequence[str]) -> tuple[str, ...]:
    """``parties`` in rising order. Raises ValueError for none, or for one that stands twice."""
    found = tuple(sorted(parties))
    if not found or len(set(found)) != len(found):
        raise ValueError("parties must be there, each once")
    return found


def from_table(
    table: Mapping[frozenset[str], Fraction | int],
    parties: Sequence[str] = (),
    *,
    benefits: bool = False,
    cheapest: bool = False,
) -> Game:
    """The game of a ``table`` of costs (or benefits) in cents per group.

    The parties are those named in the table where none are given. A group that is absent is
    unknown; with ``cheapest`` it costs what the cheapest division of it into stated groups costs.
    Raises InputError where the group of all is absent, a group is empty or has a stranger, there
    are too many parties, or a group cannot be divided into stated ones.
    """
    codes = ordered(list(parties) or sorted(frozenset().union(*table)) or [""])
    place = {code: i for i, code in enumerate(codes)}
    if len(codes) > MOST_PARTIES:
        raise InputError(
            _("A table of groups goes up to {most} parties, and here are {count}; state the costs "
              "by a function, such as facility, tree or steps.").format(
                most=MOST_PARTIES, count=len(codes))
        )  # fmt: skip
    numbers: dict[int, Fraction] = {}
    for group, cost in table.items():
        strange = sorted(group - place.keys())
        if strange or not group:
            raise InputError(
                _("“{code}” is no party of this file; name parties only.").format(code=strange[0])
                if strange
                else _("The group of nobody costs nothing; leave it out.")
            )
        numbers[sum(1 << place[code] for code in group)] = Fraction(cost)
    return assembled(codes, numbers, benefits=benefits, cheapest=cheapest)


def assembled(
    codes: tuple[str, ...], numbers: dict[int, Fraction], *, benefits: bool, cheapest: bool
) -> Game:
    """The game of the costs in ``numbers`` by group."""
    count, whole = len(codes), (1 << len(codes)) - 1
    if whole not in numbers:
        raise InputError(
            _(
                "The table does not state the group of all {count} parties ({names}); add it."
            ).format(count=count, names=",".join(codes))
        )
    complete = len(numbers) == whole
    if not complete and count > MOST_INCOMPLETE:
        raise InputError(
            _("A table that leaves groups out goes up to {most} parties, and here are {count}; "
              "state the others.").format(most=MOST_INCOMPLETE, count=count)
        )  # fmt: skip
    sign = -1 if benefits else 1
    if cheapest and not complete:
        numbers = closed(codes, {group: sign * cost for group, cost in numbers.items()})
        sign, complete = 1, True
    groups = list(numbers)
    whole_numbers, scale = common([sign * numbers[group] for group in groups])
    filled = as_integers(whole_numbers)
    values = np.zeros(whole + 1, dtype=filled.dtype)
    values[groups] = filled
    known = None
    if not complete:
        known = np.zeros(whole + 1, dtype=bool)
        known[[0, *groups]] = True
    return Game(codes, values, scale, known, benefits)


def closed(codes: tuple[str, ...], numbers: dict[int, Fraction]) -> dict[int, Fraction]:
    """``numbers`` with every group that is absent at the least that its division into stated
    groups costs. Raises InputError where a group has no such division."""
    found = dict(numbers)
    for group in range(1, 1 << len(codes)):
        if group in found:
            continue
        first = group & -group
        best: Fraction | None = None
        rest = group ^ first
        part = rest
        while part:  # the half without the first member is ``part``, which is never empty
            if part in found and group ^ part in found:
                cost = found[part] + found[group ^ part]
                best = cost if best is None or cost < best else best
            part = (part - 1) & rest
        if best is None:
            named = ",".join(codes[i] for i in members(group))
            raise InputError(
                _("The group {group} is not stated and cannot be made of stated groups; state "
                  "it.").format(group=named)
            )  # fmt: skip
        found[group] = best
    return found


def from_function(parties: Sequence[str], costs: Costs, *, benefits: bool = False) -> Game:
    """The game of a Python function that gives the cost in cents of a group of codes; it is called
    once for every group but the empty one. Raises InputError above 20 parties."""
    codes = ordered(parties)
    if len(codes) > MOST_CALLED:
        raise InputError(
            _("A function is asked for every group of up to {most} parties, and here are {count}; "
              "sample instead.").format(most=MOST_CALLED, count=len(codes))
        )  # fmt: skip
    sign = -1 if benefits else 1
    asked = [
        sign * Fraction(costs(frozenset(codes[i] for i in members(group))))
        for group in range(1, 1 << len(codes))
    ]
    numbers, scale = common(asked)
    return Game(codes, as_integers([0, *numbers]), scale, None, benefits)
