"""Plans side by side as plain data: every goal of each, and the way from the first to each."""

from collections.abc import Mapping, Sequence

import numpy as np

from samenspel.delineation.bounds import best_possible
from samenspel.delineation.build import Built
from samenspel.delineation.explain.describe import Called, Json, asked_json, judged_json, with_codes
from samenspel.delineation.explain.differences import difference, steps_between
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
        found = difference(problem, one, plan)
        codes = [zone.zone for zone in own] + new_codes(own, zones, plan, found.plan)
        steps = steps_between(problem, one, plan)
        told = found.as_json(problem, steps, codes)
        for step in told["steps"]:
            for broken in step["breaks"]:
                broken["text"] = with_codes(broken["text"], codes)
        ways.append({"from": first, "to": name, **told})
    return {"plans": rows, "differences": ways, **asked_json(problem, wishes, built.links)}


def new_codes(
    own: Sequence[Called], zones: Sequence[Called], plan: Ints, carried: Ints
) -> list[str]:
    """The codes of the zones of ``plan`` that carry on none of the first: theirs, unless that is
    the code of another zone."""
    taken = {zone.zone for zone in own}
    found = []
    for number in range(len(own), int(carried.max(initial=0)) + 1):
        code = zones[int(plan[np.flatnonzero(carried == number)[0]])].zone
        while code in taken:
            code += "\N{PRIME}"
        taken.add(code)
        found.append(code)
    return found
