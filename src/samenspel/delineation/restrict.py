"""A part of a problem as a problem of its own: the places of one region."""

import numpy as np

from samenspel.delineation.problem import (
    Flags,
    Group,
    Hyperedges,
    Ints,
    Pairs,
    Problem,
    Rules,
)
from samenspel.landscape.index import csr


def restrict(problem: Problem, places: Ints, zones: tuple[int, int]) -> Problem:
    """The problem on ``places`` (ascending) alone, with ``zones`` as least and most number.

    Land of other places is outside; where it is not known which places border land outside the
    whole, it is not known here either. Sets keep their members here and are open where they have
    others; sets without a member here are left out. Wishes on one place here and one elsewhere fall
    away (apart) or cannot hold (together: raises ValueError).
    """
    n = problem.size
    number = np.full(n, -1, np.int64)
    number[places] = np.arange(len(places))
    here = number >= 0
    outside = np.zeros(n, np.bool_) if problem.outside is None else problem.outside.copy()
    a, b = problem.borders.a, problem.borders.b
    real = problem.borders.value > 0
    for one, other in ((a, b), (b, a)):
        outside[one[real & here[one] & ~here[other]]] = True
    return Problem(
        names=tuple(problem.names[i] for i in places),
        population=None if problem.population is None else problem.population[places],
        borders=pairs_here(problem.borders, number),
        rules=rules_here(problem.rules, number, places, zones),
        partnerships=sets_here(problem.partnerships, number),
        weights=problem.weights,
        area=None if problem.area is None else problem.area[places],
        points=None if problem.points is None else problem.points[places],
        outside=None if problem.outside is None else outside[places],
        flows=None if problem.flows is None else pairs_here(problem.flows, number),
        zonings={name: sets_here(sets, number) for name, sets in problem.zonings.items()},
        present=None if problem.present is None else problem.present[places],
        present_names=problem.present_names,
        centres=None if problem.centres is None else problem.centres[places],
        titles=tuple(problem.titles[i] for i in places) if problem.titles else (),
    )


def pairs_here(links: Pairs, number: Ints) -> Pairs:
    """The pairs of which both places are here."""
    kept = (number[links.a] >= 0) & (number[links.b] >= 0)
    return Pairs(number[links.a[kept]], number[links.b[kept]], links.value[kept])


def sets_here(sets: Hyperedges, number: Ints) -> Hyperedges:
    """The sets by their members that are here."""
    count = len(sets.names)
    owner = np.repeat(np.arange(count), np.diff(sets.members.indptr))
    places = number[sets.members.indices]
    kept = places >= 0
    inside = np.bincount(owner[kept], minlength=count)
    which = np.flatnonzero(inside > 0)
    rank = np.full(count, -1, np.int64)
    rank[which] = np.arange(len(which))
    opened: Flags = sets.open | (inside < np.diff(sets.members.indptr))
    return Hyperedges(
        tuple(sets.names[s] for s in which),
        csr(rank[owner[kept]], places[kept], np.ones(int(kept.sum())), len(which)),
        sets.weights[which],
        opened[which],
    )


def rules_here(rules: Rules, number: Ints, places: Ints, zones: tuple[int, int]) -> Rules:
    """The rules on the places here."""
    groups = []
    for group in rules.together:
        members = frozenset(int(number[i]) for i in group.members)
        if -1 in members and len(members) > 1:
            raise ValueError(f"{group.name} lies only partly in the region")
        if -1 not in members:
            groups.append(Group(group.name, members))
    return Rules(
        zones=zones,
        bounds=rules.bounds,
        together=tuple(groups),
        apart=tuple(
            (int(number[a]), int(number[b]))
            for a, b in rules.apart
            if number[a] >= 0 and number[b] >= 0
        ),
        fixed={int(number[i]): zone for i, zone in rules.fixed.items() if number[i] >= 0},
        within=None if rules.within is None else rules.within[places],
        centre=rules.centre,
        oversize=rules.oversize,
        penalty=rules.penalty,
    )
