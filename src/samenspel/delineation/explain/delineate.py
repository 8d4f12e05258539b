"""What the search found, told as plain data; where it found nothing, why."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from samenspel.delineation.bounds import best_possible
from samenspel.delineation.build import Built
from samenspel.delineation.exact.relax import Relaxations, relaxations
from samenspel.delineation.exact.solve import Solution, solve
from samenspel.delineation.explain.describe import (
    PRESENT,
    Called,
    Json,
    asked_json,
    called,
    gap_of,
    judged_json,
    names_of,
    reasons_json,
    relaxations_json,
)
from samenspel.delineation.explain.reasons import moving, reasons
from samenspel.delineation.goals import score
from samenspel.delineation.heuristic.search import Found
from samenspel.delineation.problem import Problem, normalised
from samenspel.delineation.wishes import Wishes
from samenspel.landscape.landscape import Landscape

# Where the search finds nothing, all plans of a small land can still be gone through (choice).
MOST_CANDIDATES = 20_000
MOST_SECONDS = 10.0


def told(
    landscape: Landscape, built: Built, wishes: Wishes, found: Found, *, clock: bool,
    why: bool = False,
) -> Json:  # fmt: skip
    """The JSON of ``samenspel delineate`` for what the search found: the best plan, or why there is
    none and what to relax. Where the search found no valid plan and there are few possible zones,
    all are gone through: then it is proven that there is none, or the plan found so is told.
    ``clock``: the clock may end that. ``why``: tell for each municipality why it lies where it
    lies."""
    problem = built.problem
    limit = MOST_SECONDS if clock else None
    impossible = not found.valid and found.plan is None and not found.interrupted
    look = not found.valid and not found.interrupted
    if look:
        exact = solve(problem, seconds=limit, most=MOST_CANDIDATES)
        impossible = impossible or bool(exact.impossible)
        if exact.plan is not None:
            found, look = instead(found, exact), False
    names = names_of(landscape, wishes.present)
    zones: tuple[Called, ...] = ()
    if found.plan is not None:
        zones = called(problem, found.plan, names)
    relaxed = Relaxations((), ())
    if look:
        relaxed = relaxations(problem, seconds=limit, most=MOST_CANDIDATES)
    return {
        **judged_json(problem, found.plan, found.score, found.best, zones),
        "reasons": reasons_json(problem, found.plan, found.reasons, names, proven=impossible),
        "proven_impossible": impossible,
        **relaxations_json(problem, relaxed),
        "bound": found.bound,
        "gap": found.gap if found.valid else None,  # the bound says nothing of an invalid plan
        "seconds": found.seconds,
        "compile_seconds": found.compiled,
        "iterations": found.steps,
        "seed": found.seed,
        "interrupted": found.interrupted,
        "municipalities": why_json(problem, found, zones) if why else None,
        "present_plan": present_json(problem, names),
        **asked_json(built, wishes),
    }


def why_json(problem: Problem, found: Found, zones: tuple[Called, ...]) -> list[Json] | None:
    """Of each municipality its zone, the move to the best other zone with what it changes and
    breaks (None where no neighbour lies in another zone), and the reason in words. None without
    valid plan."""
    if found.plan is None or not found.valid:
        return None
    codes, titles = [zone.zone for zone in zones], [zone.title for zone in zones]
    rows = []
    for reason in reasons(problem, found.plan, moving(problem, found.plan)):
        told = reason.as_json(problem, codes, titles)
        rows.append({**told, "best": next(iter(told.pop("moves")), None)})
    return rows


def present_json(problem: Problem, names: Mapping[str, str | None]) -> Json | None:
    """The present zones as a plan, on the same goals and rules; None where they are not asked or do
    not cover all."""
    if problem.present is None or (problem.present < 0).any():
        return None
    plan = normalised(problem.present)
    codes = [
        problem.present_names[i] for i in problem.present[np.unique(plan, return_index=True)[1]]
    ]
    zones = tuple(Called(code, names.get(code), PRESENT) for code in codes)
    return judged_json(problem, plan, score(problem, plan), best_possible(problem), zones)


def instead(found: Found, exact: Solution) -> Found:
    """The plan of ``exact`` in place of what the search found."""
    assert exact.score is not None
    bound = max(exact.bound, found.bound or 0.0)
    return replace(
        found,
        plan=exact.plan,
        valid=True,
        violations=(),
        score=exact.score,
        bound=bound,
        gap=gap_of(exact.score.objective, bound),
        reasons=(),
        seconds=found.seconds + exact.seconds,
    )
