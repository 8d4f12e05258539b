"""Many valid plans by random chains, and how unusual a plan is among them.

Chains start from one valid plan, keep its number of zones and every hard rule, and follow no goal
unless ``beta`` says so. What a chain does, and the distribution that it samples, stands in
``chains.py``. Soft bounds count only through ``beta``; unknown rules (land outside, centres) are
not enforced. A given unit whose parts lie apart does not move in a flip chain.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from samenspel.delineation.chains.diagnostics import distinct, effective_size, split_rhat
from samenspel.delineation.chains.land import Land, first_sums, land_of, on_nodes, sums_of
from samenspel.delineation.chains.run import Chain, How, Progress, compile_now, run_all
from samenspel.delineation.goals import goal_names, value
from samenspel.delineation.problem import Floats, Ints, Problem, Words, normalised
from samenspel.delineation.smallest import land_of_two
from samenspel.delineation.validator import validate
from samenspel.errors import InputError
from samenspel.language import _, mark

KINDS = ("recom", "reversible", "flip")
TARGETS = {
    "recom": mark(
        "no known formula; zones with many spanning trees (compact ones) come more often"
    ),
    "reversible": mark(
        "each valid plan in proportion to the product of the numbers of spanning trees of its zones"
    ),
    "flip": mark("all valid plans that the chain can reach alike"),
}
TILTED = mark("{target}, times exp(-{beta} times the objective)")
NOT_EXACT = mark("{target}; not exactly: trees with more dividing edges than {most}: {count}")
OUTCOMES = ("done", "no_pair", "no_division", "rule", "chance")


@dataclass(frozen=True)
class Ensemble:
    """The recorded plans of all chains; a tuple has one entry per chain, in order.

    ``target``: which distribution the chains sample. ``goals``: the goals known. ``values``: record
    by goal (``goals.value``). ``penalty``: of soft bounds, by record. ``words``: fingerprints
    (``chainland.fingerprint``). ``plans``: record by place, zones numbered by the chain; None
    unless asked. ``shared``: of each border of the problem in how many of all recorded plans both
    places share a zone. ``outcomes``: chain by OUTCOMES, what became of its steps. ``complete``:
    whether all steps were made.
    """

    problem: Problem
    kind: str
    target: str
    goals: tuple[str, ...]
    values: tuple[Floats, ...]
    penalty: tuple[Floats, ...]
    words: tuple[Words, ...]
    plans: tuple[NDArray[np.int16], ...] | None
    shared: Ints
    outcomes: Ints
    complete: bool

    @property
    def records(self) -> int:
        """Number of recorded plans."""
        return sum(map(len, self.words))


@dataclass(frozen=True)
class Placement:
    """A plan among an ensemble on one goal: its ``value``, the ``percentile`` (what part of the
    recorded plans, in percent, has a lower value, equal ones counted half), and the range."""

    value: float
    percentile: float
    least: float
    median: float
    most: float


@dataclass(frozen=True)
class WeakBorder:
    """Neighbours in different zones, and in what part of the ensemble they are."""

    a: int
    b: int
    parted: float


@dataclass(frozen=True)
class Diagnosis:
    """``rhat`` and ``effective`` by goal (``diagnostics.py``; None says nothing), ``distinct``
    plans among the ``records``, and the part of the steps that was ``accepted``."""

    rhat: Mapping[str, float | None]
    effective: Mapping[str, float | None]
    distinct: int
    records: int
    accepted: float


def ensemble(
    problem: Problem,
    start_plan: Ints,
    *,
    kind: str = "recom",
    steps: int = 10_000,
    chains: int = 4,
    seed: int = 0,
    thin: int = 10,
    beta: float = 0.0,
    tries: int = 100,
    most: int = 0,
    keep: bool = False,
    seconds: float | None = None,
    progress: Progress | None = None,
    known: Mapping[int, Chain] | None = None,
    keep_chain: Callable[[int, Chain], None] | None = None,
) -> Ensemble:
    """Valid plans with as many zones as ``start_plan``, from ``chains`` chains of ``steps`` steps
    over the cores; every ``thin``-th plan is recorded.

    ``kind``: recom, reversible or flip. ``beta``: how strongly low objectives are favoured (0: not
    at all). ``tries``: trees drawn for a recombination before the step is given up. ``most``: the
    bound M of the reversible chain (0: the edges of the tree, always right, slow); more dividing
    edges than that are counted and told in ``target``. ``keep``: keep the plans themselves.
    ``seconds``: stop then, counted from when the code is compiled; the same seed makes the same
    chains, but how far they come then depends on the machine. ``progress(done, all)``: steps of all
    chains together. ``keep_chain`` is told each chain that is whole, by number; those ``known``
    from an earlier run of the same are not run again. Interrupted (Ctrl-C), it returns what there
    is, ``complete`` False.

    Raises InputError for a start plan that is not valid or a setting that is not possible. Memory:
    sets x zones x 4 bytes per chain, and records x goals x 8.
    """
    check_settings(kind, steps, chains, thin, beta, tries, most, seconds)
    plan = normalised(np.asarray(start_plan, dtype=np.int64))
    violations = validate(problem, plan)
    if violations:
        raise InputError(
            _("The plan to start from is not valid: {reason} Give a valid plan.").format(
                reason=violations[0].text
            )
        )
    zones = int(plan.max(initial=-1)) + 1
    if keep and zones >= 2**15:
        raise InputError(_("Plans of {zones} zones cannot be kept; at most 32767 can.").format(
            zones=zones
        ))  # fmt: skip
    land, node = land_of(problem)
    zone = on_nodes(plan, node)
    how = How(KINDS.index(kind), steps, thin, seed, tries, most, beta, keep)
    sums = first_sums(problem, plan)
    found = run_all(land, zone, sums, how, chains, seconds, progress, known, keep_chain)
    return gathered(problem, land, node, how, found)


def check_settings(
    kind: str, steps: int, chains: int, thin: int, beta: float, tries: int, most: int,
    seconds: float | None,
) -> None:  # fmt: skip
    """Raises InputError for a setting that is not possible."""
    if kind not in KINDS:
        raise InputError(
            _("There is no kind of chain “{kind}”; the kinds are {known}.").format(
                kind=kind, known=", ".join(KINDS)
            )
        )
    for name, given in (
        ("--steps", steps), ("--chains", chains), ("--thin", thin), ("tries", tries),
    ):  # fmt: skip
        if given < 1:
            raise InputError(
                _("{name} {value} is not possible; it is a number from 1 on.").format(
                    name=name, value=given
                )
            )
    if thin > steps:
        raise InputError(
            _("--thin {thin}: no plan would be recorded, as each chain has --steps {steps}; give a "
              "number up to {steps}.").format(thin=thin, steps=steps)
        )  # fmt: skip
    for name, number in (("--beta", beta), ("most", most), ("--seconds", seconds or 0.0)):
        if not (number >= 0 and np.isfinite(number)):
            raise InputError(
                _("{name} {value} is not possible; it is a number from 0 on.").format(
                    name=name, value=f"{number:g}"
                )
            )


def compile_kernels() -> None:
    """Have the kernels compiled, or loaded from where they are kept, on a land of two places."""
    tiny, plan = land_of_two((1, 2)), np.zeros(2, np.int64)
    land, node = land_of(tiny)
    compile_now(land, on_nodes(plan, node), first_sums(tiny, plan))


def gathered(problem: Problem, land: Land, node: Ints, how: How, found: list[Chain]) -> Ensemble:
    """The chains in terms of the problem."""
    names = goal_names(problem)
    column = {goal: i for i, (goal, _most) in enumerate(sums_of(problem))}
    where = [column[name] for name in names]
    values = [chain.sums[:, where] for chain in found]
    if "flows" in names and problem.flows is not None:
        at, everyone = names.index("flows"), float(problem.flows.value.sum())
        for rows in values:
            rows[:, at] = 1.0 - rows[:, at] / everyone if everyone > 0 else 0.0
    tallies = np.array([chain.tally for chain in found])
    records = sum(len(chain.word) for chain in found)
    return Ensemble(
        problem=problem,
        kind=KINDS[how.kind],
        target=target_of(how, int(tallies[:, len(OUTCOMES)].sum())),
        goals=names,
        values=tuple(values),
        penalty=tuple(chain.penalty for chain in found),
        words=tuple(chain.word for chain in found),
        plans=tuple(chain.zone[:, node] for chain in found) if how.keep else None,
        shared=shared_of(problem, land, node, sum(chain.shared for chain in found), records),
        outcomes=tallies[:, : len(OUTCOMES)],
        complete=all(chain.steps == how.steps for chain in found),
    )


def target_of(how: How, beyond: int) -> str:
    """Which distribution the chains sample."""
    target = _(TARGETS[KINDS[how.kind]])
    if how.beta > 0:
        target = _(TILTED).format(target=target, beta=f"{how.beta:g}")
    if beyond:
        target = _(NOT_EXACT).format(target=target, count=beyond, most=how.most)
    return target


def shared_of(problem: Problem, land: Land, node: Ints, by_edge: Ints | int, records: int) -> Ints:
    """Of each border in how many plans its places share a zone: always within a node, never across
    regions, else as its edge was counted."""
    n = land.size.shape[1]
    a, b = node[problem.borders.a], node[problem.borders.b]
    found = np.zeros(len(a), np.int64)
    keys = np.minimum(a, b) * np.int64(n) + np.maximum(a, b)
    edges = land.ends[:, 0] * np.int64(n) + land.ends[:, 1]  # ascending
    at = np.searchsorted(edges, keys)
    known = at < len(edges)
    known[known] = edges[at[known]] == keys[known]
    found[known] = np.broadcast_to(by_edge, len(edges))[at[known]]
    found[a == b] = records
    return found


def place(found: Ensemble, plan: Ints) -> dict[str, Placement]:
    """Where ``plan`` lies among the recorded plans on every goal. Values that differ by less than
    one part in a thousand million are equal. Raises InputError without recorded plans."""
    records = recorded(found)
    result = {}
    for at, goal in enumerate(found.goals):
        series = np.concatenate([rows[:, at] for rows in found.values])
        own = value(found.problem, goal, plan).value
        equal = np.isclose(series, own, rtol=1e-9, atol=1e-12)
        lower = int(((series < own) & ~equal).sum())
        result[goal] = Placement(
            own,
            100.0 * (lower + int(equal.sum()) / 2) / records,
            float(series.min()),
            float(np.median(series)),
            float(series.max()),
        )
    return result


def recorded(found: Ensemble) -> int:
    """The number of recorded plans. Raises InputError where it is 0."""
    if not found.records:
        raise InputError(
            _("The ensemble has no recorded plan, so nothing can be compared with it; let it run "
              "longer or lower --thin.")
        )  # fmt: skip
    return found.records


def stability(found: Ensemble) -> Floats:
    """Of each border of the problem in what part of the recorded plans its places share a zone.
    Raises InputError without recorded plans."""
    return np.asarray(found.shared / recorded(found), dtype=np.float64)


def weak_borders(found: Ensemble, plan: Ints) -> list[WeakBorder]:
    """The neighbours that ``plan`` parts, those that the ensemble parts most rarely first. Raises
    InputError without recorded plans."""
    together = stability(found)
    borders = found.problem.borders
    parted = np.flatnonzero(plan[borders.a] != plan[borders.b])
    order = parted[np.argsort(-together[parted], kind="stable")]
    return [WeakBorder(int(borders.a[i]), int(borders.b[i]), float(1 - together[i])) for i in order]


def diagnose(found: Ensemble) -> Diagnosis:
    """Whether the chains agree and how much they say."""
    series = {goal: [rows[:, at] for rows in found.values] for at, goal in enumerate(found.goals)}
    steps = int(found.outcomes.sum())
    return Diagnosis(
        {goal: split_rhat(chains) for goal, chains in series.items()},
        {goal: effective_size(chains) for goal, chains in series.items()},
        distinct(found.words),
        found.records,
        float(found.outcomes[:, 0].sum()) / steps if steps else 0.0,
    )
