"""Two studies side by side: what is the same, what differs, and what cannot be known."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from samenspel.alignment.criteria import judged
from samenspel.alignment.fit import fits
from samenspel.alignment.scope import scopes
from samenspel.compare.change import Cell
from samenspel.compare.figures import Figures, figures
from samenspel.compare.fit import Alignment, answers, criteria, sets_of, zoning_fits
from samenspel.compare.fund import Fund, fund
from samenspel.compare.land import Land, land
from samenspel.compare.law import Law, law
from samenspel.compare.matching import Beside, beside
from samenspel.compare.partnerships import Partnerships, partnerships
from samenspel.compare.settings import Settings, settings
from samenspel.compare.signals import Signals, signals
from samenspel.errors import InputError
from samenspel.landscape.landscape import Landscape
from samenspel.language import _
from samenspel.law.facts import partnership_facts
from samenspel.law.findings import law_findings
from samenspel.law.reading import rule_base
from samenspel.scenario.changes import changes
from samenspel.scenario.study import Study
from samenspel.screening.screen import Screening, about, screen
from samenspel.screening.select import no_zoning, zoning_chosen

PIECES = ("screening", "signals", "law", "fit", "fund", "partnerships")
PARTITION = "partition"
COUNTED = ("municipalities", "partnerships", "memberships")  # tables of which the rows are told


@dataclass(frozen=True)
class Comparison:
    """``after`` beside ``before``, piece by piece; a piece that was not asked for is None, and so
    is ``fund`` unless both studies have one. ``tables``: of each table that differs how many rows
    there are and how many of them are gone and new, whether an analysis reads them or not."""

    before: Study
    after: Study
    beside: Beside
    settings: tuple[Settings, Settings]
    pieces: tuple[str, ...]
    land: Land
    screening: Figures | None
    signals: Signals | None
    law: Law | None
    fit: Alignment | None
    fund: Fund | None
    partnerships: Partnerships | None
    tables: Mapping[str, Mapping[str, int]]

    @property
    def differences(self) -> dict[str, int]:
        """How many differences each piece has, the land first; last how many tables differ."""
        found = {"land": self.land.differences}
        for name in self.pieces:
            piece = getattr(self, name)
            if piece is not None:
                found[name] = piece.differences
        return found | {"tables": len(self.tables)}

    @property
    def equal(self) -> bool:
        """Whether nothing differs in what was compared."""
        return not any(self.differences.values())

    def as_json(self, *, everything: bool = False) -> dict[str, Any]:
        """What differs, and counts of what does not; all of it where ``everything``."""
        told: dict[str, Any] = {
            "before": about(self.before.landscape),
            "after": about(self.after.landscape),
            "settings": {
                "before": self.settings[0].as_json(),
                "after": self.settings[1].as_json(),
            },
            "totals": {
                name: Cell(
                    *(counted(study.landscape, name) for study in (self.before, self.after))
                ).as_json()
                for name in COUNTED
            },
            "equal": self.equal,
            "differences": self.differences,
            "land": self.land.as_json(everything=everything),
        }
        for name in PIECES:
            piece = getattr(self, name)
            told[name] = None if piece is None else piece.as_json(everything=everything)
        told["tables"] = {name: dict(rows) for name, rows in self.tables.items()}
        return told


def compare(
    before: Study,
    after: Study,
    only: Collection[str] = PIECES,
    zoning: str | None = None,
) -> Comparison:
    """``after`` beside ``before``: what each analysis says of either, by the choices of either.

    ``only``: the pieces to compare, of PIECES. ``zoning``: the zoning of the fit, else every
    zoning that both have as a partition. Raises InputError for a piece or zoning that is not there
    and for a fund that cannot be divided. Comparing two studies of all of Flanders takes less
    than a second.
    """
    for name in only:
        if name not in PIECES:
            raise InputError(
                _("There is no piece “{name}” to compare; choose among {known}.").format(
                    name=name, known=", ".join(PIECES)
                )
            )
    found = beside(before.landscape, after.landscape)
    chosen = settings(before.policy), settings(after.policy)
    screened = None
    if {"screening", "signals", "fit"} & set(only):
        screened = (
            screen(before.landscape, chosen[0].horizon, chosen[0].many),
            screen(after.landscape, chosen[1].horizon, chosen[1].many),
        )
    return Comparison(
        before,
        after,
        found,
        chosen,
        tuple(name for name in PIECES if name in only),
        land(found),
        figures(found, *screened) if screened and "screening" in only else None,
        signals(found, *screened) if screened and "signals" in only else None,
        of_law(found, *chosen) if "law" in only else None,
        alignment(found, chosen, screened, zoning) if screened and "fit" in only else None,
        fund(before, after) if "fund" in only else None,
        partnerships(found) if "partnerships" in only else None,
        changes(before.landscape, after.landscape),
    )


def counted(landscape: Landscape, name: str) -> int | None:
    """The rows of a table; unknown where it is."""
    return landscape.table(name).height if landscape.knows(name) else None


def of_law(found: Beside, *chosen: Settings) -> Law:
    """The findings by the rules in force on the day of either landscape."""
    sides = [
        (
            law_findings(one, one.date, own.rules),
            rule_base().on(one.date, settings=own.rules),
        )
        for one, own in zip((found.before, found.after), chosen, strict=True)
    ]
    return law(found, sides[0], sides[1])


def alignment(
    found: Beside,
    chosen: tuple[Settings, Settings],
    screened: tuple[Screening, Screening],
    zoning: str | None,
) -> Alignment:
    """Fit, scope and criteria. The criteria are about ``zoning``, else the reference regions where
    both have these as the same zoning."""
    sets = [sets_of(one.landscape, one.found) for one in screened]
    placed = zoning_fits(found, sets[0], sets[1], zonings(found, zoning))
    main = zoning or reference(found)
    judgements: tuple[Any, ...] = ()
    for fit in placed:
        if fit.zoning == main:
            sides = [judgement(one, main, own) for one, own in zip(screened, chosen, strict=True)]
            judgements = criteria(fit, *sides)
    scoped = [
        (scopes(one, one.date, own.readings), own.lead)
        for one, own in zip((found.before, found.after), chosen, strict=True)
    ]
    return Alignment(placed, answers(found, scoped[0], scoped[1]), main, judgements)


def judgement(screened: Screening, zoning: str, own: Settings) -> dict[str, Any]:
    """The value of every partnership on every rule of thumb."""
    found = fits(screened.landscape, zoning, screened.found)
    facts = partnership_facts(screened.landscape)
    return dict(judged(found, facts, own.horizon, own.window))


def zonings(found: Beside, zoning: str | None) -> list[str]:
    """The zonings of which the fit is compared. Raises InputError for one that is not in both."""
    if zoning is not None:
        for one in (found.before, found.after):
            known = one.table("zonings")["zoning"].sort().to_list()
            if zoning not in known:
                raise no_zoning(zoning, known)
        return [zoning]
    return [code for code in found.zones if all(map(partition, [found.before, found.after],
                                                    [code, code]))]  # fmt: skip


def partition(landscape: Landscape, zoning: str) -> bool:
    """Whether every municipality is to lie in one zone of ``zoning``."""
    covers = landscape.coded("zonings").filter(zoning=zoning)["cover"].to_list()
    return covers == [PARTITION]


def reference(found: Beside) -> str | None:
    """The zoning of the present reference regions, where both landscapes have the same."""
    codes = {zoning_chosen(one) for one in (found.before, found.after)}
    return codes.pop() if len(codes) == 1 else None
