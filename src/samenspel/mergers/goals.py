"""What alternatives for a whole zone may be weighed by: goals that everybody can see and count.

Which goals count is the user's choice; they are never added up, so there are no weights. A
goal is counted over the municipalities of the zone as they would then be, merged or not.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from samenspel.delineation.problem import Floats, Ints
from samenspel.errors import InputError
from samenspel.landscape.unknown import KNOWN
from samenspel.language import _, mark


@dataclass(frozen=True)
class Goal:
    """``more``: whether more is better. ``lowest``: the lowest of all counts, else their sum.
    ``complete``: it can only be counted where it is known of every municipality; else what is known
    is counted, and the share known stands beside."""

    id: str
    title: str
    more: bool
    data: str
    lowest: bool = False
    complete: bool = True


GOALS = (
    Goal("smallest", mark("inhabitants of the smallest municipality"), True,
         "municipalities.population", lowest=True),
    Goal("moved", mark("inhabitants who come to another municipality: all of a merger but those "
                       "of its largest part"), False, "municipalities.population"),
    Goal("internal", mark("partnerships of which nobody else is left"), True,
         "partnerships, memberships", complete=False),
    Goal("tables", mark("places at tables"), False, "partnerships, memberships, organisations",
         complete=False),
    Goal("commuting", mark("commuters who work in their own municipality"), True, "flows"),
    Goal("zonings_cut", mark("zonings that a merger lies across, summed"), False,
         "zonings, zone_members", complete=False),
    Goal("centre_left_out", mark("mergers that leave out a centre of the zone"), False,
         "municipalities.centre"),
    Goal("below", mark("inhabitants of municipalities below the bound of --at-least"), False,
         "municipalities.population"),
)  # fmt: skip
BY_ID = {goal.id: goal for goal in GOALS}
# Status: choice. Where one of them is not known the others stand.
DEFAULT = ("smallest", "moved", "internal")
FEWEST, MOST = 2, 4


@dataclass(frozen=True)
class Counted:
    """``goals``; ``values``: whole numbers, one row per set and one column per goal; ``known``: of
    each goal the share of its facts that is known, over the municipalities of the zone.
    ``left_out``: default goals that are not known here."""

    goals: tuple[Goal, ...]
    values: Ints
    known: tuple[float, ...]
    left_out: tuple[str, ...] = ()


def counted(
    figures: pl.DataFrame,
    flags: pl.DataFrame,
    sizes: Ints,
    asked: tuple[str, ...] | None,
    at_least: int | None,
) -> Counted | None:
    """The goals ``asked`` (else the default) of each set, single municipalities among them, of
    ``sizes`` municipalities. None where no two default goals are known. Raises InputError for goals
    that do not exist, or that are asked and not known here."""
    names = DEFAULT if asked is None else checked(asked, at_least)
    found: list[tuple[Goal, Floats, float]] = []
    left_out = []
    for name in names:
        goal = BY_ID[name]
        values = values_of(goal, figures, flags, sizes, at_least)
        alone = figures.filter(pl.Series(sizes == 1))
        share = known_of(goal, alone)
        if np.isnan(values).any() or share == 0 or (goal.complete and share < 1):
            if asked is not None:
                raise InputError(
                    _("The goal {goal} ({title}) is not known of every municipality of this zone "
                      "(needs {data}); choose other goals with --goals.").format(
                        goal=name, title=_(goal.title), data=goal.data)
                )  # fmt: skip
            left_out.append(name)
        else:
            found.append((goal, values, share))
    if len(found) < FEWEST:
        return None
    table = np.column_stack([values for _goal, values, _share in found])
    return Counted(
        tuple(goal for goal, _values, _share in found),
        np.rint(table).astype(np.int64),
        tuple(share for _goal, _values, share in found),
        tuple(left_out),
    )


def checked(asked: tuple[str, ...], at_least: int | None) -> tuple[str, ...]:
    """The goals asked. Raises InputError for wrong ones."""
    for name in asked:
        if name not in BY_ID:
            raise InputError(
                _("There is no goal “{goal}”; the goals are {known}.").format(
                    goal=name, known=", ".join(BY_ID)
                )
            )
    if not FEWEST <= len(asked) <= MOST or len(set(asked)) < len(asked):
        raise InputError(
            _("--goals {goals}: alternatives are weighed by two to four different goals.").format(
                goals=",".join(asked) or "-"
            )
        )
    if "below" in asked and at_least is None:
        raise InputError(_("The goal below needs a bound of yours: give --at-least."))
    return asked


def values_of(
    goal: Goal, figures: pl.DataFrame, flags: pl.DataFrame, sizes: Ints, at_least: int | None
) -> Floats:
    """What each set brings to ``goal``; NaN where it is not known."""
    merged = sizes > 1
    if goal.id == "smallest":
        return column(figures, "population")
    if goal.id == "moved":
        return np.where(merged, column(figures, "population") - column(figures, "largest"), 0.0)
    if goal.id == "commuting":
        return column(figures, "commuting_kept")
    if goal.id == "centre_left_out":
        flag = flags["centre_left_out"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        return np.where(merged, flag, 0.0)
    if goal.id == "below":
        people = column(figures, "population")
        bound = float(at_least or 0)
        return np.where(np.isnan(people), np.nan, np.where(people < bound, people, 0.0))
    if goal.id == "tables":
        return column(figures, "tables")
    return np.where(merged, column(figures, goal.id), 0.0)


def known_of(goal: Goal, alone: pl.DataFrame) -> float:
    """The mean share known of what ``goal`` counts, over single municipalities."""
    name = {
        "smallest": "population",
        "moved": "population",
        "below": "population",
        "internal": "partnerships",
        "commuting": "commuting_inside",
        "centre_left_out": "centres",
    }.get(goal.id, goal.id)
    share = alone[name + KNOWN].mean()
    return 0.0 if share is None else float(str(share))


def column(figures: pl.DataFrame, name: str) -> Floats:
    """A figure as numbers; NaN where it is not known."""
    values = figures[name].cast(pl.Float64).fill_null(float("nan"))
    return np.array(values.to_numpy(), np.float64)
