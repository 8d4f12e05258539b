"""Plans side by side as plain data: every goal of each, and the way from the first to each."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from samenspel.delineation.bounds import best_possible
from samenspel.delineation.build import Built
from samenspel.delineation.explain.describe import Called, Json, asked_json, judged_json
from samenspel.delineation.explain.differences import Difference, difference, steps_between
from samenspel.delineation.explain.moves import Move
from samenspel.delineation.goals import score
from samenspel.delineation.problem import Ints, Problem
from samenspel.delineation.wishes import Wishes

PLAN = "plan"


def numbered(
    problem: Problem, zones: Mapping[str, str], names: Mapping[str, str | None]
) -> tuple[Ints, tuple[Called, ...]]:
    """A plan of codes as numbers in order of first place, and what its zones are called."""
    codes = list(dict.fromkeys(zones[nis] for nis in problem.names))
    number = {code: i for i, code in enumerate(codes)}
    plan = np.array([number[zones[nis]] for nis in problem.names], dtype=np.int64)
    return plan, tuple(Called(code, names.get(code), PLAN) for code in codes)


def told_beside(
    built: Built,
    wishes: Wishes,
    plans: Sequence[tuple[str, str | None, Ints, tuple[Called, ...]]],
) -> Json:
    """The JSON of ``samenspel compare``. ``plans``: what each was called, its title, its zones.
    The zones of another plan take the names of those of the first that they carry on."""
    problem = built.problem
    best = best_possible(problem)
    rows = [
        {"called": name, "title": title,
         **judged_json(problem, plan, score(problem, plan), best, zones)}
        for name, title, plan, zones in plans
    ]  # fmt: skip
    first, _title, one, own = plans[0]
    ways = []
    for name, _title, plan, zones in plans[1:]:
        found, steps = difference(problem, one, plan), steps_between(problem, one, plan)
        told = way_json(problem, found, steps, own, plan, zones)
        ways.append({"from": first, "to": name, **told})
    return {"plans": rows, "differences": ways, **asked_json(built, wishes)}


def way_json(
    problem: Problem,
    found: Difference,
    steps: Sequence[Move],
    own: Sequence[Called],
    plan: Ints,
    zones: Sequence[Called],
) -> Json:
    """The way from a plan, whose zones are called ``own``, to ``plan``, whose zones are called
    ``zones``. What carries on a zone of the first is called as that one."""
    named = [*own, *new_zones(own, zones, plan, found.plan)]
    return found.as_json(
        problem, steps, [zone.zone for zone in named], [zone.title for zone in named]
    )


def new_zones(
    own: Sequence[Called], zones: Sequence[Called], plan: Ints, carried: Ints
) -> list[Called]:
    """What the zones of ``plan`` are called that carry on none of the first: as in their own plan,
    with another code where that is the code of another zone."""
    taken = {zone.zone for zone in own}
    found = []
    for number in range(len(own), int(carried.max(initial=0)) + 1):
        zone = zones[int(plan[np.flatnonzero(carried == number)[0]])]
        while zone.zone in taken:
            zone = replace(zone, zone=zone.zone + "\N{PRIME}")
        taken.add(zone.zone)
        found.append(zone)
    return found
