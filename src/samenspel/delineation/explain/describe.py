"""A plan as plain data: zones with names, goals beside the best possible, what is broken."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from samenspel.delineation.build import Built
from samenspel.delineation.goals import Score, heirs
from samenspel.delineation.problem import AGREEMENT, Hyperedges, Ints, Problem
from samenspel.delineation.validator import unknown_rules, validate
from samenspel.delineation.wishes import Wishes
from samenspel.landscape.landscape import Landscape
from samenspel.language import _

if TYPE_CHECKING:
    from samenspel.delineation.exact.relax import Relaxations

FIXED, PRESENT, NUMBER = "fixed", "present", "number"
Json = dict[str, Any]


@dataclass(frozen=True)
class Called:
    """``zone``: the code of a zone of a plan, its own in that plan. ``name``: of the present zone
    that it carries on, where it does and that has one. ``named_by``: what gave the code: ``fixed``
    (a wish), ``present`` (the present zone that it carries on) or ``number`` (in order of the first
    municipality)."""

    zone: str
    name: str | None
    named_by: str

    @property
    def title(self) -> str:
        """Name and code, for a sentence."""
        return f"{self.name} ({self.zone})" if self.name and self.name != self.zone else self.zone


def called(
    problem: Problem, plan: Ints, names: Mapping[str, str | None], before: str = ""
) -> tuple[Called, ...]:
    """What the zones of ``plan`` (numbered 0..k-1) are called. ``names``: of the present zones, by
    code. ``before``: stands before a code that is a number."""
    fixed: dict[int, str] = {}
    for place, wish in sorted(problem.rules.fixed.items()):
        if wish not in fixed.values():  # a plan that breaks the wish may have it in two zones
            fixed.setdefault(int(plan[place]), wish)
    codes = problem.present_names
    carried = {zone: codes[number] for zone, number in heirs(problem, plan).items()}
    count = int(plan.max(initial=-1)) + 1
    taken = set(fixed.values())
    carried = {
        zone: code for zone, code in carried.items() if zone not in fixed and code not in taken
    }
    taken |= set(carried.values())
    digits = max(2, len(str(count)))
    free = (code for i in range(1, 2 * count + len(taken) + 1)
            if (code := f"{before}Z{i:0{digits}}") not in taken)  # fmt: skip
    found = []
    for zone in range(count):
        if zone in fixed:
            found.append(Called(fixed[zone], names.get(fixed[zone]), FIXED))
        elif zone in carried:
            found.append(Called(carried[zone], names.get(carried[zone]), PRESENT))
        else:
            found.append(Called(next(free), None, NUMBER))
    return tuple(found)


def plan_json(problem: Problem, plan: Ints, zones: tuple[Called, ...]) -> dict[str, str]:
    """NIS code to the code of its zone."""
    return {nis: zones[zone].zone for nis, zone in zip(problem.names, plan.tolist(), strict=True)}


def zones_json(problem: Problem, plan: Ints, zones: tuple[Called, ...]) -> list[Json]:
    """Every zone with its municipalities, inhabitants, km² and centres (None: not known)."""
    found = []
    for number, zone in enumerate(zones):
        inside = np.flatnonzero(plan == number)
        centres = None
        if problem.centres is not None:
            centres = [problem.names[i] for i in inside[problem.centres[inside]]]
        area = None if problem.area is None else int(problem.area[inside].sum()) / 1_000_000
        people = None if problem.population is None else int(problem.population[inside].sum())
        found.append(
            {
                **asdict(zone),
                "municipalities": [problem.names[i] for i in inside],
                "population": people,
                "area_km2": area,
                "centres": centres,
            }
        )
    return found


def goals_json(problem: Problem, score: Score | None, best: Mapping[str, float]) -> Json:
    """Every goal that is known: ``value``, ``best_possible`` in the same unit (None: no bound is
    known), ``cost`` (0 to 1) and ``weight`` (None: does not count)."""
    if score is None:
        return {}
    return {
        name: {
            "value": found.value,
            "best_possible": None if name not in best else in_unit(problem, name, best[name]),
            "cost": found.cost,
            "weight": problem.weights.get(name) or None,
        }
        for name, found in score.goals.items()
    }


def in_unit(problem: Problem, goal: str, cost: float) -> float:
    """``cost`` of a goal that has a bound, in the unit in which the goal is told."""
    if goal == "cut":
        # Sums of whole weights are whole: rounding takes away what division has added.
        return round(cost * float(problem.partnerships.weights.sum()), 9)
    if goal == "connectivity":
        return round(cost * most_pieces(problem.partnerships), 9)
    if goal.startswith(AGREEMENT):
        return round(cost * most_pieces(problem.zonings[goal.removeprefix(AGREEMENT)]), 9)
    if goal == "flows":
        return 1.0 - cost
    raise KeyError(goal)


def most_pieces(sets: Hyperedges) -> float:
    """The connectivity of the plan in which every place is a zone."""
    most = sets.weights * np.maximum(np.diff(sets.members.indptr) - 1 + sets.open, 0)
    return float(most.sum())


def violations_json(problem: Problem, plan: Ints, zones: tuple[Called, ...]) -> list[Json]:
    """What ``plan`` breaks by the validator: zones by their codes, and by name in the text."""
    titles = [zone.title for zone in zones]
    return [
        {
            "rule": violation.rule,
            "zones": [zones[number].zone for number in violation.zones],
            "municipalities": [problem.names[i] for i in violation.places],
            "amount": violation.amount,
            "text": violation.told(titles),
        }
        for violation in validate(problem, plan)
    ]


def reasons_json(
    problem: Problem,
    plan: Ints | None,
    reasons: Sequence[str],
    names: Mapping[str, str | None],
    *,
    proven: bool = False,
) -> list[str]:
    """Why there is no plan: that this is proven, where it is; what ``plan``, the nearest, breaks,
    with its zones by name (``names``: as in ``called``), or else ``reasons``."""
    said = [_("There is no plan; that is proven.")] if proven else []
    if plan is None:
        return said + list(reasons)
    broken = violations_json(problem, plan, called(problem, plan, names))
    return said + ([violation["text"] for violation in broken] or list(reasons))


def asked_json(built: Built, wishes: Wishes) -> Json:
    """What was asked, what was chosen where nothing was, and what cannot be judged."""
    return {
        "weights": {"values": dict(wishes.weights), "status": "choice"},
        "rules": {
            "zones": list(wishes.zones),
            "bounds": {measure: asdict(bound) for measure, bound in wishes.bounds.items()},
            "together": [list(group) for group in wishes.together],
            "apart": [list(pair) for pair in wishes.apart],
            "fixed": dict(wishes.fixed),
            "whole": list(wishes.whole),
            "within": wishes.within,
            "links": [list(pair) for pair in wishes.links],
            "centre": wishes.centre,
            "oversize": wishes.oversize,
        },
        "soft_penalty": {"value": wishes.penalty, "status": "choice"},
        "present": wishes.present,
        "links_chosen": [list(pair) for pair in built.links],
        "population_unknown": list(built.unpeopled),
        "unknown_rules": list(unknown_rules(built.problem)),
    }


def judged_json(
    problem: Problem,
    plan: Ints | None,
    score: Score | None,
    best: Mapping[str, float],
    zones: tuple[Called, ...],
) -> Json:
    """A plan, whether it is valid, its goals and its zones; no plan is ``plan`` None, not valid."""
    if plan is None:
        return {"plan": None, "valid": False, "violations": [], "goals": {}, "objective": None,
                "penalty": None, "zones": []}  # fmt: skip
    violations = violations_json(problem, plan, zones)
    return {
        "plan": plan_json(problem, plan, zones),
        "valid": not violations,
        "violations": violations,
        "goals": goals_json(problem, score, best),
        "objective": None if score is None else score.objective,
        "penalty": None if score is None else score.penalty,
        "zones": zones_json(problem, plan, zones),
    }


def gap_of(objective: float, bound: float) -> float:
    """How far ``objective`` may lie above the best, as part of itself."""
    return max(0.0, (objective - bound) / objective) if objective > 0 else 0.0


def names_of(landscape: Landscape, zoning: str | None) -> dict[str, str | None]:
    """Code to name of the zones of ``zoning``; nothing where there is none."""
    zones = landscape.table("zones").filter(pl.col("zoning").eq_missing(zoning))
    return dict(zones.select("zone", "name").iter_rows())


def relaxations_json(problem: Problem, found: "Relaxations") -> Json:
    """Which rule, relaxed alone and so far, lets a plan exist; and of which that is not known."""
    return {
        "relaxations": [
            {
                "rule": relaxed.rule,
                "needed": relaxed.needed,
                "municipalities": [problem.names[i] for i in relaxed.places],
                "text": relaxed.text,
            }
            for relaxed in found.found
        ],
        "relaxations_unknown": list(found.unknown),
    }
