"""Cost functions: what a group costs by a rule instead of a table, for up to 300 parties.

Each is frozen data with its ``parties`` (codes in rising order; every other sequence per party
follows that order), ``benefits`` (whether the rule states what a group gains; its costs are these
with the sign turned), ``along`` (the cost in cents of the first party of an order, of the first
two, and so on) and ``every`` (the costs of all groups as integers, with what to divide them by).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, combinations
from math import lcm
from typing import Protocol

import numpy as np

from samenspel.errors import InputError
from samenspel.language import _
from samenspel.sharing.game import MOST_PARTIES, Costs, Game, from_function
from samenspel.sharing.groups import Integers, as_integers, common, sums

MOST_SITES = 6
ZERO = Fraction(0)


class CostFunction(Protocol):
    """What every cost function offers."""

    @property
    def parties(self) -> tuple[str, ...]: ...
    @property
    def benefits(self) -> bool: ...
    def along(self, order: Sequence[int]) -> Sequence[Fraction | int]: ...
    def every(self) -> tuple[Integers, int]: ...


def game_of(function: CostFunction) -> Game:
    """The game of ``function``. Raises InputError above 24 parties."""
    if len(function.parties) > MOST_PARTIES:
        raise InputError(
            _("Every group is looked at for up to {most} parties, and here are {count}.").format(
                most=MOST_PARTIES, count=len(function.parties)
            )
        )
    values, scale = function.every()
    return Game(function.parties, values, scale, None, function.benefits)


@dataclass(frozen=True)
class Facility:
    """A joint facility: ``fixed`` cents whoever takes part, and what each party adds."""

    parties: tuple[str, ...]
    fixed: Fraction
    own: tuple[Fraction, ...]
    benefits: bool = False

    def along(self, order: Sequence[int]) -> list[Fraction]:
        return [self.fixed + own for own in accumulate(self.own[i] for i in order)]

    def every(self) -> tuple[Integers, int]:
        numbers, scale = common([self.fixed, *self.own])
        values = sums(numbers[1:]) + numbers[0]
        values[0] = 0
        return as_is(values, numbers), scale


@dataclass(frozen=True)
class Tree:
    """A distance tree, such as a pipe network or a road: a group pays for every stretch between
    the root and a place of a member. ``towards``: of each place the next one towards the root, -1
    where that is the root itself; ``costs``: of that stretch, in cents; ``at``: the place of each
    party, -1 for the root."""

    parties: tuple[str, ...]
    towards: tuple[int, ...]
    costs: tuple[Fraction, ...]
    at: tuple[int, ...]
    benefits: bool = False

    def __post_init__(self) -> None:
        settled = {-1}
        for start in range(len(self.towards)):
            place, way = start, list[int]()
            while place not in settled and len(way) <= len(self.towards):
                way.append(place)
                place = self.towards[place]
            if place not in settled:
                raise ValueError("from some place one never comes to the root")
            settled.update(way)

    def path(self, place: int) -> list[int]:
        """The places from ``place`` to the root."""
        found = []
        while place >= 0:
            found.append(place)
            place = self.towards[place]
        return found

    def along(self, order: Sequence[int]) -> list[Fraction]:
        reached: set[int] = set()
        cost, found = ZERO, []
        for i in order:
            place = self.at[i]
            while place >= 0 and place not in reached:
                reached.add(place)
                cost += self.costs[place]
                place = self.towards[place]
            found.append(cost)
        return found

    def users(self) -> list[int]:
        """Of each stretch the group of those who need it."""
        found = [0] * len(self.towards)
        for i, at in enumerate(self.at):
            for place in self.path(at):
                found[place] |= 1 << i
        return found

    def every(self) -> tuple[Integers, int]:
        numbers, scale = common(list(self.costs))
        groups = np.arange(1 << len(self.parties), dtype=np.int64)
        values = as_is(np.zeros(len(groups), dtype=np.int64), numbers)
        for number, users in zip(numbers, self.users(), strict=True):
            values[(groups & users) != 0] += number
        return values, scale


@dataclass(frozen=True)
class Steps:
    """Thresholds: a group costs by its size, the sum of its members' ``sizes`` (whole, above
    zero): ``costs[k]`` cents up to and with ``bounds[k]``, which rise to at least the size of
    all."""

    parties: tuple[str, ...]
    sizes: tuple[int, ...]
    bounds: tuple[int, ...]
    costs: tuple[Fraction, ...]
    benefits: bool = False

    def along(self, order: Sequence[int]) -> list[Fraction]:
        size = np.cumsum([self.sizes[i] for i in order])
        return [self.costs[k] for k in np.searchsorted(self.bounds, size).tolist()]

    def every(self) -> tuple[Integers, int]:
        numbers, scale = common(list(self.costs))
        values = as_integers(numbers)[np.searchsorted(self.bounds, sums(self.sizes))]
        values[0] = 0
        return values, scale


@dataclass(frozen=True)
class Site:
    """Land of ``party`` that can become a business park: ``fixed`` cents and ``per_ha`` cents per
    hectare to develop, at most ``capacity`` hectares."""

    party: int
    fixed: Fraction
    per_ha: Fraction
    capacity: Fraction


@dataclass(frozen=True)
class Park:
    """A business park: what a group gains by developing land of its members for the need of its
    members, on those of its sites that give most. ``areas``: the need of each party in hectares;
    ``income`` cents per hectare; no site smaller than ``minimum`` hectares. A group without a site
    that pays gains nothing."""

    parties: tuple[str, ...]
    areas: tuple[Fraction, ...]
    sites: tuple[Site, ...]
    income: Fraction
    minimum: Fraction
    benefits: bool = True

    def __post_init__(self) -> None:
        if len(self.sites) > MOST_SITES:
            raise InputError(
                _("A business park is chosen among at most {most} sites, and here are {count}."
                  ).format(most=MOST_SITES, count=len(self.sites))
            )  # fmt: skip

    def choices(self) -> list[tuple[Site, ...]]:
        """The sets of sites that can be opened, each with the best hectares first."""
        usable = [site for site in self.sites if site.capacity >= self.minimum]
        usable.sort(key=lambda site: (site.per_ha, site.party))
        return [chosen for k in range(1, len(usable) + 1) for chosen in combinations(usable, k)]

    def along(self, order: Sequence[int]) -> list[Fraction]:
        place = {i: k for k, i in enumerate(order)}
        need = list(accumulate(self.areas[i] for i in order))
        best = [ZERO] * len(order)
        for sites in self.choices():
            first = max(place.get(site.party, len(order)) for site in sites)
            for k in range(first, len(order)):
                gain = self.gain(sites, need[k])
                best[k] = max(best[k], gain)
        return [-gain for gain in best]

    def gain(self, sites: Sequence[Site], need: Fraction) -> Fraction:
        """What ``sites`` give for ``need`` hectares; zero where it is too small for them."""
        left = need - len(sites) * self.minimum
        if left < 0:
            return ZERO
        gained = ZERO
        for site in sites:
            margin = self.income - site.per_ha
            more = min(left, site.capacity - self.minimum) if margin > 0 else ZERO
            left -= more
            gained += margin * (self.minimum + more) - site.fixed
        return gained

    def every(self) -> tuple[Integers, int]:
        hectares = [*self.areas, self.minimum, *(site.capacity for site in self.sites)]
        parts = lcm(*(area.denominator for area in hectares))
        money = [self.income, *(site.fixed for site in self.sites)]
        money += [site.per_ha for site in self.sites]
        scale = parts * lcm(*(amount.denominator for amount in money))
        need = sums([int(area * parts) for area in self.areas])
        minimum, groups = int(self.minimum * parts), np.arange(len(need))
        # The most that any product below comes to decides whether int64 can hold it.
        reach = [abs(amount) * scale for amount in money]
        reach.append(sum(map(abs, money), ZERO) * scale * sum(hectares, ZERO) * parts)
        values = as_is(np.zeros(len(need), dtype=np.int64), [int(max(reach))])
        for sites in self.choices():
            left = (need - len(sites) * minimum).astype(values.dtype)
            fits = left >= 0
            for site in sites:
                fits &= groups >> site.party & 1 == 1
            gained = np.zeros_like(values)
            for site in sites:
                margin = int((self.income - site.per_ha) * scale / parts)
                room = int(site.capacity * parts) - minimum
                more = np.minimum(left, room) if margin > 0 else np.zeros_like(left)
                left = left - more
                gained += margin * (minimum + more) - int(site.fixed * scale)
            values[fits] = np.maximum(values[fits], gained[fits])
        return -values, scale


@dataclass(frozen=True)
class Estate:
    """What a group of claimants is sure of: what is left of ``estate`` cents once the others have
    their claims (O'Neill 1982)."""

    parties: tuple[str, ...]
    claims: tuple[int, ...]
    estate: int
    benefits: bool = True

    def along(self, order: Sequence[int]) -> list[int]:
        left = self.estate - sum(self.claims)
        return [-max(0, left + mine) for mine in accumulate(self.claims[i] for i in order)]

    def every(self) -> tuple[Integers, int]:
        left = self.estate - sum(self.claims)
        return -np.maximum(sums([*self.claims]) + left, 0), 1


@dataclass(frozen=True)
class Called:
    """A Python function from the codes of a group to its cost (or benefit) in cents."""

    parties: tuple[str, ...]
    function: Costs
    benefits: bool = False

    def along(self, order: Sequence[int]) -> list[Fraction]:
        sign = -1 if self.benefits else 1
        group: frozenset[str] = frozenset()
        found = []
        for i in order:
            group |= {self.parties[i]}
            found.append(sign * Fraction(self.function(group)))
        return found

    def every(self) -> tuple[Integers, int]:
        game = from_function(self.parties, self.function, benefits=self.benefits)
        return game.values, game.scale


def as_is(values: Integers, numbers: Sequence[int]) -> Integers:
    """``values`` as objects where sums of ``numbers`` might pass the bounds of int64."""
    return values if sum(map(abs, numbers)) < 2**62 else values.astype(object)
