"""An ensemble as plain data: whether its chains agree, how goals spread, where plans lie."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import numpy as np

from samenspel.delineation.build import Built
from samenspel.delineation.chains.ensemble import (
    OUTCOMES,
    Ensemble,
    diagnose,
    place,
    stability,
    weak_borders,
)
from samenspel.delineation.counts import zones_told
from samenspel.delineation.explain.describe import (
    Called,
    Json,
    asked_json,
    reasons_json,
    violations_json,
)
from samenspel.delineation.heuristic.search import search
from samenspel.delineation.problem import Floats, Ints, Problem
from samenspel.delineation.wishes import Wishes
from samenspel.language import _

PERCENTILES = {"least": 0, "p5": 5, "p25": 25, "median": 50, "p75": 75, "p95": 95, "most": 100}
SEARCHED = 300_000  # steps to search a plan to start from, where none is given (choice)
Given = tuple[str, str | None, Ints, tuple[Called, ...]]


def start_of(
    problem: Problem, plans: Sequence[Given], seed: int, names: Mapping[str, str | None]
) -> tuple[str | None, Ints | None, tuple[str, ...]]:
    """A valid plan to start from and what it is called: the first of ``plans`` that is valid, else
    one without a name from a short search; without one (None) why none was found (``names``: of
    the present zones, by code)."""
    for name, _title, plan, zones in plans:
        if not violations_json(problem, plan, zones):
            return name, plan, ()
    found = search(problem, iterations=SEARCHED, seed=seed)
    if found.plan is None or not found.valid:
        return None, None, tuple(reasons_json(problem, found.plan, found.reasons, names))
    return None, found.plan, ()


def told_ensemble(
    built: Built,
    wishes: Wishes,
    found: Ensemble,
    zones: int,
    plans: Sequence[Given],
) -> Json:
    """The JSON of ``samenspel ensemble`` but for its settings; ``zones``: those of every plan.
    Without recorded plans nothing is said of goals and borders."""
    problem = built.problem
    names, borders = problem.names, problem.borders
    ends = list(zip(borders.a.tolist(), borders.b.tolist(), strict=True))
    together = stability(found).tolist() if found.records else [None] * len(ends)
    said = diagnose(found)
    return {
        "zones": zones,
        "notes": notes_of(wishes, zones),
        "kind": found.kind,
        "target": found.target,
        "complete": found.complete,
        "diagnosis": {
            "records": said.records,
            "distinct": said.distinct,
            "accepted": said.accepted,
            "outcomes": dict(zip(OUTCOMES, found.outcomes.sum(axis=0).tolist(), strict=True)),
            "rhat": finite(said.rhat),
            "effective": finite(said.effective),
            "stuck": [g for g, r in said.rhat.items() if r is not None and np.isinf(r)],
        },
        "distribution": {
            goal: spread(np.concatenate([rows[:, at] for rows in found.values]))
            for at, goal in enumerate(found.goals)
        }
        if found.records
        else {},
        "plans": [placed(problem, found, given) for given in plans],
        "stability": [
            {"a": names[a], "b": names[b], "together": part}
            for (a, b), part in zip(ends, together, strict=True)
        ],
        **asked_json(built, wishes),
    }


def notes_of(wishes: Wishes, zones: int) -> list[str]:
    """What a reader should know of the sample: of the numbers of zones allowed it has one."""
    least, most = wishes.zones
    if least == most:
        return []
    return [
        _("Every plan has {zones}, as has the plan that the chains start from; you allow "
          "{least}..{most}, and the other numbers are not sampled.").format(
            zones=zones_told(zones), least=least, most=most)
    ]  # fmt: skip


def finite(values: Mapping[str, float | None]) -> dict[str, float | None]:
    """The values that are numbers; others are unknown."""
    return {
        goal: value if value is not None and np.isfinite(value) else None
        for goal, value in values.items()
    }


def spread(series: Floats) -> dict[str, float]:
    """Percentiles and the mean of a goal."""
    found = np.percentile(series, list(PERCENTILES.values()))
    return {**dict(zip(PERCENTILES, found.tolist(), strict=True)), "mean": float(series.mean())}


def placed(problem: Problem, found: Ensemble, given: Given) -> Json:
    """Where a plan lies among the recorded ones, and its borders that they draw most rarely."""
    name, title, plan, zones = given
    violations = violations_json(problem, plan, zones)
    goals = place(found, plan) if found.records else {}
    borders = weak_borders(found, plan) if found.records else []
    return {
        "called": name,
        "title": title,
        "zones": len(zones),
        "valid": not violations,
        "violations": violations,
        "goals": {goal: asdict(told) for goal, told in goals.items()},
        "borders": [
            {"a": problem.names[one.a], "b": problem.names[one.b], "parted": one.parted}
            for one in borders
        ],
    }
