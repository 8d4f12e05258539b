"""Zones inside given regions, each region solved exactly, told as plain data."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from samenspel.delineation.bounds import best_possible
from samenspel.delineation.build import Built, regions_of
from samenspel.delineation.exact.relax import Relaxations, relaxations
from samenspel.delineation.exact.solve import no_plan
from samenspel.delineation.exact.within import Region, divided, joined, zones_within
from samenspel.delineation.explain.describe import (
    Called,
    Json,
    asked_json,
    called,
    gap_of,
    judged_json,
    names_of,
    relaxations_json,
)
from samenspel.delineation.goals import score, touched
from samenspel.delineation.problem import Ints, Problem
from samenspel.delineation.restrict import restrict
from samenspel.delineation.smallest import land_of_two
from samenspel.delineation.wishes import Wishes
from samenspel.landscape.landscape import Landscape
from samenspel.language import _

# Possible zones of a region at a look for what to relax (choice).
MOST_CANDIDATES = 100_000

Progress = Callable[[Region], None]


def numbers_of(problem: Problem) -> Ints:
    """Of every place the number of its region."""
    within = problem.rules.within
    return np.zeros(problem.size, np.int64) if within is None else within


def solve_regions(
    problem: Problem,
    only: int | None,
    *,
    zones: tuple[int, int] | None = None,
    divide: bool = False,
    seconds: float | None = None,
    progress: Progress | None = None,
) -> tuple[Region, ...]:
    """``zones_within`` for every region, or for the region with number ``only`` alone."""
    if only is None:
        return zones_within(problem, zones=zones, divide=divide, seconds=seconds, progress=progress)
    inner, crossing = divided(problem, numbers_of(problem))
    names = tuple(name for name, regions in crossing.items() if only in regions)
    places = np.flatnonzero(numbers_of(problem) == only)
    part = restrict(inner, places, (1, len(places)))
    if problem.outside is None:
        part = replace(part, outside=None)
    if names and not divide:
        found = (Region(only, places, part, names, no_plan()),)
    else:
        (region,) = zones_within(part, zones=zones, seconds=seconds)
        found = (replace(region, places=places, crossing=names),)
    if progress is not None:
        progress(found[0])
    return found


def told_regions(
    landscape: Landscape,
    built: Built,
    wishes: Wishes,
    regions: Sequence[Region],
    asked: Sequence[int],
    *,
    divide: bool,
    seconds: float | None,
) -> Json:
    """The JSON of ``samenspel zones``: every region of ``asked`` (numbers) with its plan and proof,
    or why there is none and what to relax; and all as one plan where each has one. ``seconds``: for
    each look for what to relax."""
    problem = built.problem
    codes = region_codes(landscape, wishes, problem)
    names, titles = names_of(landscape, wishes.present), names_of(landscape, wishes.within)
    zones = unlike(
        [
            () if r.solution.plan is None
            else called(r.problem, r.solution.plan, names, f"{codes[r.number]}-")
            for r in regions
        ],
        [codes[region.number] for region in regions],
    )  # fmt: skip
    rows = [
        {
            "region": codes[region.number],
            "name": titles.get(codes[region.number]),
            **region_json(region, own, divide=divide, seconds=seconds),
        }
        for region, own in zip(regions, zones, strict=True)
    ]
    crossing = crossing_partnerships(problem, asked)
    done = {region.number for region in regions}
    for number in asked:
        if number not in done:
            code = codes[number]
            rows.append({"region": code, "name": titles.get(code), **unseen()})
    rows.sort(key=lambda row: str(row["region"]))
    inside = {nis: row["region"] for row in rows for nis in row["plan"] or ()}
    whole = whole_json(problem, regions, zones)
    listed = [zone for row in rows for zone in row["zones"]]
    return {
        **whole,
        "zones": [{**zone, "region": inside[zone["municipalities"][0]]} for zone in listed],
        "valid": all(row["valid"] for row in rows) and not whole["violations"],
        "regions": rows,
        "proven_optimal": sum(row["proven_optimal"] for row in rows),
        "proven_impossible": sum(row["proven_impossible"] for row in rows),
        "divided": divide,
        "crossing_partnerships": crossing,
        "notes": notes_of(crossing),
        "seconds": sum(row["seconds"] for row in rows),
        **asked_json(built, wishes),
    }


def crossing_partnerships(problem: Problem, asked: Sequence[int]) -> int:
    """How many partnerships have members in one of the regions ``asked`` (numbers) and in another
    region."""
    numbers, sets = numbers_of(problem), problem.partnerships
    owner = np.repeat(np.arange(len(sets.names)), np.diff(sets.members.indptr))
    here = np.isin(np.arange(len(sets.names)), owner[np.isin(numbers[sets.members.indices], asked)])
    return int((here & (touched(sets, numbers) > 1)).sum())


def notes_of(crossing: int) -> list[str]:
    """What a reader should know of the figures."""
    if not crossing:
        return []
    return [
        _("Partnerships with members in several regions: {count}. Each counts as cut in every one "
          "of these regions, whatever the zones.").format(count=crossing)
    ]  # fmt: skip


def compile_kernels() -> float:
    """Compile or load the kernels on a land of two places; the seconds that it took."""
    began = time.perf_counter()
    zones_within(land_of_two((1, 2)))
    return time.perf_counter() - began


def region_codes(landscape: Landscape, wishes: Wishes, problem: Problem) -> tuple[str, ...]:
    """The codes of the regions, by number."""
    assert wishes.within is not None
    return regions_of(landscape, wishes.within, {nis: i for i, nis in enumerate(problem.names)})[1]


def unlike(zones: Sequence[tuple[Called, ...]], codes: Sequence[str]) -> list[tuple[Called, ...]]:
    """``zones`` of regions with ``codes``, where a code that several regions have begins with that
    of its region."""
    every = [zone.zone for own in zones for zone in own]
    several = {code for code in every if every.count(code) > 1}
    return [
        tuple(replace(z, zone=f"{code}-{z.zone}") if z.zone in several else z for z in own)
        for own, code in zip(zones, codes, strict=True)
    ]


def region_json(
    region: Region, zones: tuple[Called, ...], *, divide: bool, seconds: float | None
) -> Json:
    """One region: its best plan and whether that is proven, or why there is none."""
    found = region.solution
    bound = None if np.isinf(found.bound) else float(found.bound)
    reasons = reasons_of(region, divide=divide)
    relaxed = Relaxations((), ())
    if found.impossible and not (region.crossing and not divide):
        relaxed = relaxations(region.problem, seconds=seconds, most=MOST_CANDIDATES)
    return {
        **judged_json(
            region.problem, found.plan, found.score, best_possible(region.problem), zones
        ),
        "reasons": reasons,
        "proven_optimal": bool(found.proven_optimal),
        "proven_impossible": bool(found.impossible),
        "first_of_equals": bool(found.first) and found.plan is not None,
        **relaxations_json(region.problem, relaxed),
        "bound": bound,
        "gap": None if found.plan is None or bound is None else gap_of(found.objective, bound),
        "candidates": int(found.candidates),
        "candidates_complete": bool(found.complete),
        "seconds": found.seconds,
    }


def unseen() -> Json:
    """A region that the search did not come to."""
    return {
        "plan": None, "valid": False, "violations": [], "goals": {}, "objective": None,
        "penalty": None, "zones": [], "reasons": [_("Interrupted before this region was done.")],
        "proven_optimal": False, "proven_impossible": False, "first_of_equals": False,
        "relaxations": [], "relaxations_unknown": [], "bound": None, "gap": None, "candidates": 0,
        "candidates_complete": False, "seconds": 0.0,
    }  # fmt: skip


def reasons_of(region: Region, *, divide: bool) -> list[str]:
    """Why a region has no plan; nothing where it has one."""
    found = region.solution
    if found.plan is not None:
        return []
    if found.impossible:
        return [_("There is no plan; that is proven."), *causes_of(region, divide=divide)]
    return causes_of(region, divide=divide)


def causes_of(region: Region, *, divide: bool) -> list[str]:
    """What stands in the way of a plan."""
    found, problem = region.solution, region.problem
    if region.crossing and not divide:
        return [
            _("{name}: one zone is asked, and several regions hold a part; --divide keeps the part "
              "in each region together.").format(name=name)
            for name in region.crossing
        ]  # fmt: skip
    if not found.impossible:
        return [
            _("There are too many possible zones, or time was up: whether there is a plan is not "
              "known.")
        ]  # fmt: skip
    if found.missed:
        return [_("No possible zone holds: {names}.").format(
            names=", ".join(problem.called(i) for i in found.missed))]  # fmt: skip
    return [_("No possible zones fit together so that each municipality lies in one.")]


def whole_json(
    problem: Problem, regions: Sequence[Region], zones: Sequence[tuple[Called, ...]]
) -> Json:
    """All regions as one plan, on the goals of the whole; no plan where a region has none or not
    all were asked."""
    plan = None
    if sum(len(region.places) for region in regions) == problem.size:
        plan = joined(problem, tuple(regions))
    if plan is None:
        return judged_json(problem, None, None, {}, ())
    inner, crossing = divided(problem, numbers_of(problem))
    fixed = {i: name for i, name in inner.rules.fixed.items() if name not in crossing}
    inner = replace(inner, rules=replace(inner.rules, fixed=fixed))
    return judged_json(
        inner, plan, score(inner, plan), best_possible(inner),
        tuple(zone for own in zones for zone in own),
    )  # fmt: skip
