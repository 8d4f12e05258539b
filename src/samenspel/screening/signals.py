"""Signals and norms: what publications read in the figures, each with its viewpoint and another.

The SBV (4.1.2) reads two patterns as signals of a need to merge; the VVSG protects small
cooperation close to people. Neither is this software's opinion, so a signal names the partnerships
that cause it, the source, and what the other side says. The remaining four positions of the SBV
are norms; they stand beside the figures that they speak of.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl

from samenspel.language import _, mark
from samenspel.screening import kernel
from samenspel.screening.choices import MANY
from samenspel.screening.circles import Circles

SBV = "SBV-toekomstvisie 2023, 4.1.2"
VVSG = "VVSG-standpunt regiovorming 2020, 1.2.1, 2.3 en 3.4.1"
SMALL = (2, 5)  # municipalities; SBV-toekomstvisie 2023, 4.1.2, position 2


@dataclass(frozen=True)
class Signal:
    """One pattern found. ``municipalities`` (NIS codes) is whom it is about, ``partnerships`` (ids)
    what causes it; ``source`` and ``viewpoint`` say who reads it so, ``other_viewpoint`` and
    ``other_source`` who reads it otherwise; ``status`` is that of the reading."""

    id: str
    municipalities: tuple[str, ...]
    partnerships: tuple[str, ...]
    reason: str
    source: str
    status: str
    viewpoint: str
    other_viewpoint: str
    other_source: str

    @property
    def subject(self) -> str:
        """Whom it is about, as one text: the NIS codes joined by ``+``."""
        return "+".join(self.municipalities)


@dataclass(frozen=True)
class Reading:
    """How a publication reads a pattern, and how another does. ``signal``: id of the signal."""

    signal: str
    title: str
    source: str
    status: str
    viewpoint: str
    other_viewpoint: str
    other_source: str

    def of(
        self, municipalities: tuple[str, ...], partnerships: tuple[str, ...], reason: str
    ) -> Signal:
        """The signal that ``partnerships`` cause for ``municipalities``."""
        return Signal(
            self.signal,
            municipalities,
            partnerships,
            reason,
            self.source,
            self.status,
            _(self.viewpoint),
            _(self.other_viewpoint),
            self.other_source,
        )


SAME_SMALL_CIRCLE = Reading(
    "same_small_circle",
    mark("Many partnerships of the same two to five municipalities"),
    f"{SBV}, standpunt 2",
    "proposal",
    mark("SBV: many small partnerships between the same two to five municipalities point to a "
         "need to merge and can be a step towards it."),
    mark("VVSG: small cooperation close to people is often a strength; it need not be scaled "
         "up and grows best from below."),
    VVSG,
)  # fmt: skip
FIRST_LINE = Reading(
    "first_line",
    mark("Citizens served through partnerships"),
    f"{SBV}, standpunt 3",
    "proposal",
    mark("SBV: serving citizens directly is the work of a strong municipality itself."),
    mark("VVSG: for services such as housing desks nearness is what counts, and small "
         "cooperation between two to six municipalities provides it."),
    VVSG,
)  # fmt: skip
FIRST_LINE_SMALL = replace(
    FIRST_LINE,
    title=mark("Citizens served through many small partnerships"),
    viewpoint=mark(
        "SBV: a strong municipality serves its citizens itself; many small partnerships that "
        "do it instead are a sign of weak administrative capacity."
    ),
)
READINGS = (SAME_SMALL_CIRCLE, FIRST_LINE_SMALL, FIRST_LINE)


@dataclass(frozen=True)
class Norm:
    """A position of a publication that is no signal, and the figure that it speaks of."""

    id: str
    text: str
    figure: str
    source: str
    status: str
    viewpoint: str


NORMS = (
    Norm(
        "auxiliary",
        mark("Cooperation between municipalities is voluntary and only ever a support structure."),
        "bottom_up_share",
        f"{SBV}, standpunt 1",
        "proposal",
        "SBV",
    ),
    Norm(
        "second_line",
        mark("Cooperation stays needed, also after mergers, for specialist tasks behind the "
             "counter and for tasks with large investments."),
        "first_line_share",
        f"{SBV}, standpunt 4",
        "proposal",
        "SBV",
    ),
    Norm(
        "steering",
        mark("A merger must also make a municipality strong enough to steer the bodies in which it "
             "sits."),
        "tables",
        f"{SBV}, standpunt 5",
        "proposal",
        "SBV",
    ),
    Norm(
        "fewer_partners",
        mark("With fewer municipalities around the table large partnerships are easier to govern."),
        "mean_size",
        f"{SBV}, standpunt 6",
        "proposal",
        "SBV",
    ),
)  # fmt: skip


def signals(found: Circles, names: dict[str, str], many: int = MANY) -> list[Signal]:
    """Every signal of the active intermunicipal partnerships. ``names``: NIS code to name;
    ``many``: from how many partnerships of the same municipalities on (a choice)."""
    return [*same_small_circle(found, names, many), *first_line(found, names, many)]


def same_small_circle(found: Circles, names: dict[str, str], many: int = MANY) -> Iterator[Signal]:
    """Groups of the same two to five municipalities with ``many`` or more partnerships."""
    groups = (
        named_links(found)
        .sort("partnership", "nis")
        .group_by("partnership", maintain_order=True)
        .agg("nis")
        .filter(pl.col("nis").list.len().is_between(*SMALL))
        .group_by("nis", maintain_order=True)
        .agg("partnership")
        .filter(pl.col("partnership").list.len() >= many)
        .sort(pl.col("nis").list.join("+"))
    )
    for towns, partnerships in groups.iter_rows():
        listed = ", ".join(names.get(nis, nis) for nis in towns)
        yield SAME_SMALL_CIRCLE.of(
            tuple(towns),
            tuple(partnerships),
            _("{count} partnerships have exactly these {size} municipalities: {names}.").format(
                count=len(partnerships), size=len(towns), names=listed
            ),
        )


def named_links(found: Circles) -> pl.DataFrame:
    """Frame ``nis``, ``partnership``, ``line``, ``size`` of active intermunicipal partnerships."""
    p, m = kernel.pairs(found.active)
    bodies = found.bodies.select("partnership", "line", "size")[p]
    return bodies.with_columns(found.towns["nis"].gather(m))


def first_line(found: Circles, names: dict[str, str], many: int = MANY) -> Iterator[Signal]:
    """Municipalities that serve citizens directly through a partnership. The SBV reads ``many``
    small ones as weakness; of others it only says whose work that is. Where the line is unknown
    there is no signal."""
    groups = (
        named_links(found)
        .filter(pl.col("line") == "first")
        .sort("nis", "partnership")
        .group_by("nis", maintain_order=True)
        .agg("partnership", small=pl.col("size").is_between(*SMALL).sum())
    )
    for nis, partnerships, small in groups.iter_rows():
        reading = FIRST_LINE_SMALL if small >= many else FIRST_LINE
        yield reading.of(
            (nis,),
            tuple(partnerships),
            _("{name} serves citizens directly through partnerships: {count}, of which {small} of "
              "two to five municipalities.").format(
                name=names.get(nis, nis), count=len(partnerships), small=small
            ),
        )  # fmt: skip
