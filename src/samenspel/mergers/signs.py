"""Warnings on a merger: what the publications warn for, with reason, viewpoint and source.

Each is three-valued. That a warning is there says what a publication fears of such a merger; none
of them is a verdict, and none counts inhabitants but against the bound of the user.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from samenspel.delineation.problem import Flags, Floats
from samenspel.landscape.unknown import KNOWN
from samenspel.language import _, mark
from samenspel.mergers.facilities import FEDERAL
from samenspel.mergers.facts import Facts
from samenspel.mergers.measures import SBV
from samenspel.mergers.zone import Sets, Zone
from samenspel.words import number

VVSG = "VVSG-standpunt regiovorming 2020, 1.2.1 en 1.2.2 (regels 243-249 en 494-504)"
OTHER = mark(
    "VVSG: to grow stronger a municipality has the choice of measures of its own, closer "
    "cooperation, or a merger."
)


@dataclass(frozen=True)
class Warned:
    """A warning: who warns (``viewpoint``), where (``source`` and ``lines`` of its plain text), how
    it is read from the facts (``reading``, a choice), and who sees it otherwise."""

    id: str
    title: str
    viewpoint: str
    source: str
    lines: tuple[int, int]
    status: str
    reading: str
    other_viewpoint: str = OTHER
    other_source: str = VVSG

    def as_json(self) -> dict[str, object]:
        """Plain values in the language spoken."""
        return {
            "warning": self.id,
            "title": _(self.title),
            "viewpoint": _(self.viewpoint),
            "source": self.source,
            "lines": list(self.lines),
            "status": self.status,
            "reading": _(self.reading),
            "other_viewpoint": _(self.other_viewpoint),
            "other_source": self.other_source,
        }


WARNINGS = (
    Warned(
        "merger_on_merger",
        mark("Merger upon merger"),
        mark("SBV: a merger upon a merger is no good alternative; it brings stress to an "
             "organisation that has just been reformed, and lasts less long."),
        f"{SBV}, 4.1.4",
        (1788, 1794),
        "proposal",
        mark("a part is itself a merger by the lineage of this landscape"),
    ),
    Warned(
        "too_small",
        mark("Too small by the bound that you gave"),
        mark("SBV: mergers below measure herald the next one. It gives no bound: the 70,000 to "
             "130,000 inhabitants of a reference zone are not the scale of a merger."),
        f"{SBV}, 4.3",
        (2483, 2491),
        "choice",
        mark("fewer inhabitants than the number of --at-least, which is your choice"),
    ),
    Warned(
        "against_the_city",
        mark("Past the neighbouring city"),
        mark("SBV: mergers against a neighbouring city are ill-judged; centres should be at the "
             "heart of mergers, while municipalities around them now often detach themselves."),
        f"{SBV}, samenvatting en 4.1.3",
        (1758, 1767),
        "proposal",
        mark("it has no centre, and more of its people commute to one neighbouring centre than "
             "between its parts; what moves the councils is in no data"),
    ),
    Warned(
        "centre_left_out",
        mark("A centre of the zone is left out"),
        mark("SBV: the right partners must sit at the table together; large and small centres "
             "belong in mergers around them."),
        f"{SBV}, 4.1.3 en 4.3",
        (1758, 1767),
        "proposal",
        mark("it has no centre and borders a municipality of its zone that is one"),
    ),
    Warned(
        "facilities",
        mark("Municipality with language facilities"),
        mark("SBV: municipalities with language facilities formally cannot merge yet; within a "
             "zone they can already share services and staff."),
        f"{SBV}, 4.3",
        (2469, 2476),
        "unvalidated",
        mark("a part has language facilities; that they cannot merge was not read in a law"),
        mark("The special law of 8 August 1980 speaks of the six around Brussels and of Voeren "
             "only: their merger is for the federal legislature, on the concurring advice of the "
             "Flemish Government."),
        "Bijzondere wet van 8 augustus 1980, art. 80",
    ),
)  # fmt: skip
BY_ID = {warned.id: warned for warned in WARNINGS}


def flags(
    facts: Facts, zone: Zone, some: Sets, figures: pl.DataFrame, at_least: int | None
) -> pl.DataFrame:
    """One row per set and one column per warning: true, false, or unknown. ``too_small`` stands
    there only where the user gives a bound ``at_least``."""
    columns = {"merger_on_merger": any_of(some, facts.merged)}
    if at_least is not None:
        columns["too_small"] = below(figures, at_least)
    columns["against_the_city"] = against_the_city(facts, some, figures)
    columns["centre_left_out"] = centre_left_out(facts, zone, some)
    columns["facilities"] = any_of(some, facts.facilities.flags)
    return pl.DataFrame({name: truth(values) for name, values in columns.items()},
                        dict.fromkeys(columns, pl.Boolean))  # fmt: skip


def truth(values: Floats) -> pl.Series:
    """1, 0 and NaN as true, false and unknown."""
    return pl.Series(values).fill_nan(None).cast(pl.Boolean)


def any_of(some: Sets, flag: Floats) -> Floats:
    """Of each set 1 where one part has the flag, 0 where none has, else unknown."""
    return some_of(met(some, flag == 1), met(some, np.isnan(flag)))


def some_of(sure: Flags, open_: Flags) -> Floats:
    """1 where it is sure, else unknown where it is open, else 0."""
    return np.where(sure, 1.0, np.where(open_, np.nan, 0.0))


def met(some: Sets, which: Flags) -> Flags:
    """Of each set whether it holds one of the municipalities ``which``."""
    return np.asarray(some.matrix(len(which)) @ which.astype(np.float64) > 0)


def below(figures: pl.DataFrame, at_least: int) -> Floats:
    """1 below ``at_least`` inhabitants. The known ones alone may be enough to say no."""
    people = figures["population"].fill_null(0).to_numpy()
    whole = figures["population" + KNOWN].to_numpy() == 1
    return np.where(people >= at_least, 0.0, np.where(whole, 1.0, np.nan))


def bordering(facts: Facts, some: Sets, which: Flags) -> Flags:
    """Of each set whether one of the municipalities ``which`` outside it borders it."""
    matrix = some.matrix(len(facts.nis))
    beside = (matrix @ facts.near).tocsr()
    beside.data[:] = 1
    outside = beside - beside.multiply(matrix)
    return np.asarray(outside @ which.astype(np.float64) > 0)


def without_centre(facts: Facts, some: Sets, left_out: Flags, doubtful: Flags) -> Floats:
    """A warning on sets without a centre: 1 where ``left_out``, unknown where that is ``doubtful``
    or it is not known whether a part is a centre."""
    found = some_of(left_out, doubtful)
    found[(found == 1) & met(some, np.isnan(facts.centre))] = np.nan
    found[met(some, facts.centre == 1)] = 0.0
    return found


def against_the_city(facts: Facts, some: Sets, figures: pl.DataFrame) -> Floats:
    """1 where more people commute to one neighbouring centre outside than between the parts, and no
    part is a centre."""
    counted = figures["commuting_inside" + KNOWN].to_numpy() == 1
    most = figures["commuting_city"].fill_null(0).to_numpy()
    between = figures["commuting_between"].fill_null(0).to_numpy()
    beside = bordering(facts, some, facts.centre == 1)
    doubtful = (beside & ~counted) | bordering(facts, some, np.isnan(facts.centre))
    return without_centre(facts, some, beside & counted & (most > between), doubtful)


def centre_left_out(facts: Facts, zone: Zone, some: Sets) -> Floats:
    """1 where a centre of the zone borders a set without one."""
    here = np.zeros(len(facts.nis), np.bool_)
    here[zone.towns] = True
    left_out = bordering(facts, some, here & (facts.centre == 1))
    return without_centre(
        facts, some, left_out, bordering(facts, some, here & np.isnan(facts.centre))
    )


def about(facts: Facts, zone: Zone, towns: list[int], warning: str, city: int | None) -> list[int]:
    """The municipalities that cause a warning on the merger of ``towns``: parts, or centres.
    ``city``: the neighbouring centre outside to which most commute."""
    if warning == "merger_on_merger":
        return [town for town in towns if facts.merged[town] == 1]
    if warning == "facilities":
        return [town for town in towns if facts.facilities.flags[town] == 1]
    if warning == "against_the_city":
        return [] if city is None else [city]
    if warning == "too_small":
        return []
    near = {int(other) for town in towns for other in facts.landscape.index.adjacency.row(town)}
    here = {int(town) for town in zone.towns if facts.centre[town] == 1}
    return sorted((near & here) - set(towns))


def reason(
    facts: Facts,
    towns: list[int],
    warning: str,
    causes: list[int],
    at_least: int | None,
    going: int | None,
    between: int | None,
) -> str:
    """One sentence on why a warning stands with the merger of ``towns``. ``going``: who commute to
    the neighbouring centre; ``between``: who commute between the parts."""
    names = facts.called(causes)
    if warning == "merger_on_merger":
        return _("Already a merger: {names}.").format(names=names)
    if warning == "too_small":
        people = number(float(np.nansum(facts.people[towns])), 0)
        return _("{people} inhabitants, fewer than the {bound} that you ask.").format(
            people=people, bound=number(at_least or 0, 0)
        )
    if warning == "against_the_city":
        return _("{going} commute to {city}, {between} between the parts.").format(
            going=number(going or 0, 0), city=names, between=number(between or 0, 0)
        )
    if warning == "centre_left_out":
        return _("Borders {names}, a centre of the zone, and has no centre itself.").format(
            names=names
        )
    federal = [town for town in causes if facts.nis[town] in FEDERAL]
    if federal:
        return _(
            "Has language facilities: {names}; a merger of {federal} is for the federal "
            "legislature."
        ).format(names=names, federal=facts.called(federal))
    return _("Has language facilities: {names}.").format(names=names)
