"""Everything that is told of one zone: candidates with figures and warnings, signals, alternatives.

This is the door of the room: ``assess`` for a zone, ``chosen`` for mergers that somebody picks.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

import polars as pl

from samenspel.landscape.landscape import Landscape
from samenspel.mergers import alternatives as fronts
from samenspel.mergers.alternatives import Alternatives, alternatives
from samenspel.mergers.candidates import within
from samenspel.mergers.facts import Facts, facts_of
from samenspel.mergers.figures import figures
from samenspel.mergers.goals import counted
from samenspel.mergers.seated import Seated, seated_of
from samenspel.mergers.signs import flags
from samenspel.mergers.spread import Progress
from samenspel.mergers.zone import Bounds, Sets, Zone, sets
from samenspel.screening.choices import MANY
from samenspel.screening.signals import Signal, same_small_circle


@dataclass(frozen=True)
class Known:
    """What is known of a landscape, worked out once for all its zones."""

    facts: Facts
    seated: Seated


@dataclass(frozen=True)
class Asked:
    """What the user chooses. ``at_least``: inhabitants below which a merger is too small, to the
    user; ``goals``: None for the default, empty for no alternatives; ``many``: partnerships of the
    same few that make a signal; ``count`` and ``seconds``: where not all alternatives can be
    found."""

    bounds: Bounds = field(default_factory=Bounds)
    at_least: int | None = None
    goals: tuple[str, ...] | None = None
    many: int = MANY
    count: int = fronts.COUNT
    seconds: float | None = fronts.SECONDS


@dataclass(frozen=True)
class Assessed:
    """A zone. ``every``: its single municipalities, in order, then the candidates; ``figures`` and
    ``flags`` run beside it. ``whole``: the figures of the zone as one set. ``signals``: small
    circles of its municipalities with many partnerships. ``alternatives``: None where none were
    asked, or fewer than two default goals are known."""

    zone: Zone
    every: Sets
    figures: pl.DataFrame
    flags: pl.DataFrame
    whole: pl.DataFrame
    signals: tuple[Signal, ...]
    alternatives: Alternatives | None

    @property
    def candidates(self) -> range:
        """The numbers of the candidates in ``every``."""
        return range(len(self.zone.towns), self.every.count)


def known(
    landscape: Landscape, flow: str = "commuting", facilities: Collection[str] | None = None
) -> Known:
    """What mergers are judged by; arguments as of ``facts.facts_of``."""
    facts = facts_of(landscape, flow, facilities)
    return Known(facts, seated_of(landscape, facts.circles))


def assess(
    known: Known, zone: Zone, asked: Asked | None = None, progress: Progress | None = None
) -> Assessed:
    """All that can be said of the mergers of ``zone``. Costs O(candidates), and what the
    alternatives cost. Raises InputError for bounds and goals that are not possible."""
    asked = asked or Asked()
    facts = known.facts
    found = within(zone, facts.people, asked.bounds)
    every = sets([
        *([town] for town in zone.towns.tolist()),
        *(found.of(number) for number in range(found.count)),
    ])  # fmt: skip
    rows = figures(facts, known.seated, every, zone.zoning)
    flagged = flags(facts, zone, every, rows, asked.at_least)
    offered = None
    if asked.goals != () and len(zone.towns):
        counts = counted(rows, flagged, every.sizes, asked.goals, asked.at_least)
        if counts is not None:
            offered = alternatives(zone, every, counts, count=asked.count, seconds=asked.seconds,
                                   progress=progress)  # fmt: skip
    whole = figures(facts, known.seated, sets([zone.towns.tolist()]), zone.zoning)
    return Assessed(zone, every, rows, flagged, whole, signals(facts, zone, asked.many), offered)


def signals(facts: Facts, zone: Zone, many: int) -> tuple[Signal, ...]:
    """The signals of the screening on small circles that lie in the zone."""
    inside = {facts.nis[town] for town in zone.towns.tolist()}
    names = dict(zip(facts.nis, facts.names, strict=True))
    return tuple(
        signal
        for signal in same_small_circle(facts.circles, names, many)
        if inside.issuperset(signal.municipalities)
    )
