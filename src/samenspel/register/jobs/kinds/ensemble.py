"""Many valid plans by chance, as ``samenspel ensemble`` does; chains that are whole are kept."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pydantic import Field

from samenspel.delineation.build import problem_of
from samenspel.delineation.explain.describe import names_of
from samenspel.delineation.problem import Problem
from samenspel.exchange.plans import Plan, plan_in, zoning_plan
from samenspel.landscape.landscape import Landscape
from samenspel.language import _
from samenspel.register.jobs.desk import Desk
from samenspel.register.jobs.kinds.checkpoint import packed, unpacked
from samenspel.register.jobs.kinds.drawn import Drawn, wishes
from samenspel.register.jobs.kinds.kind import Json, Kind, as_keys

if TYPE_CHECKING:
    from samenspel.delineation.chains.run import Chain

MOST_STEPS, MOST_CHAINS, MOST_PLANS = 1_000_000_000, 64, 20  # status: choice


class Sampled(Drawn):
    """``plans``: to be placed, each a zoning or the JSON of a plan that was drawn; the first valid
    one is the start. The rest as the options of the command."""

    plans: list[str | dict[str, Any]] = Field(default_factory=list, max_length=MOST_PLANS)
    kind: str = "recom"
    steps: int = Field(default=10_000, ge=1, le=MOST_STEPS)
    chains: int = Field(default=4, ge=1, le=MOST_CHAINS)
    thin: int = Field(default=10, ge=1)
    beta: float = Field(default=0.0, ge=0)


def look(landscape: Landscape, inputs: Sampled) -> None:
    """Raise InputError for what can be seen beforehand to be wrong."""
    from samenspel.delineation.chains import ensemble as room

    room.check_settings(
        inputs.kind, inputs.steps, inputs.chains, inputs.thin, inputs.beta, 1, 0, None
    )
    wishes(landscape, inputs)
    plans(landscape, inputs)


def run(landscape: Landscape, inputs: Sampled, seed: int, desk: Desk) -> Json:
    """The JSON of ``samenspel ensemble``."""
    from samenspel.delineation.chains import ensemble as room
    from samenspel.delineation.explain.sampled import start_of, told_ensemble
    from samenspel.delineation.heuristic.search import compile_kernels

    with as_keys():
        asked = wishes(landscape, inputs)
        built = problem_of(landscape, asked)
        given = numbered_plans(built.problem, plans(landscape, inputs))
    settings = {
        **{name: getattr(inputs, name) for name in ("steps", "chains", "thin", "beta")},
        "seed": seed,
    }
    steps = inputs.steps * inputs.chains
    desk.say(0, steps, _("preparing"))
    compile_kernels()
    room.compile_kernels()
    desk.say(0, steps, _("looking for a plan to start from"))
    names = names_of(landscape, asked.present)
    named, start, reasons = start_of(built.problem, given, seed, names)
    if start is None:
        return {"start": None, "reasons": list(reasons), "settings": settings}
    whole = {} if desk.checkpoint is None else chains_of(desk.checkpoint)

    def progress(done: int, of: int) -> None:
        desk.say(done, of, _("steps done: {done} of {all}").format(done=done, all=of))
        desk.go_on()

    def keep(number: int, chain: "Chain") -> None:
        whole[number] = chain
        kept = dict(whole)
        desk.keep(lambda: packed_chains(kept))

    ran = room.ensemble(
        built.problem, start, kind=inputs.kind, steps=inputs.steps, chains=inputs.chains, seed=seed,
        thin=inputs.thin, beta=inputs.beta, progress=progress, known=dict(whole), keep_chain=keep,
    )  # fmt: skip
    desk.go_on()
    return {
        "start": named,
        "settings": settings,
        **told_ensemble(built, asked, ran, int(start.max()) + 1, given),
        "interrupted": False,
    }


def plans(landscape: Landscape, inputs: Sampled) -> list[Plan]:
    """The plans to place. Raises InputError for one that is none."""
    return [
        zoning_plan(landscape, plan)
        if isinstance(plan, str)
        else plan_in(landscape, _("plan {number}").format(number=number), plan)
        for number, plan in enumerate(inputs.plans, 1)
    ]


def numbered_plans(problem: Problem, read: Sequence[Plan]) -> list[Any]:
    """``read`` as the room of delineation takes them."""
    from samenspel.delineation.explain.beside import numbered

    return [(p.plan, p.title, *numbered(problem, p.zones, p.names)) for p in read]


def packed_chains(chains: "dict[int, Chain]") -> bytes:
    """Whole chains, by number, as bytes."""
    arrays = {
        f"{number}.{name}": value
        for number, chain in chains.items()
        for name, value in chain._asdict().items()
        if name != "steps"
    }
    return packed({str(number): chain.steps for number, chain in chains.items()}, arrays)


def chains_of(data: bytes) -> "dict[int, Chain]":
    """What ``packed_chains`` was given."""
    from samenspel.delineation.chains.run import Chain

    head, arrays = unpacked(data)
    found: dict[int, dict[str, Any]] = {int(number): {"steps": head[number]} for number in head}
    for name, value in arrays.items():
        number, _dot, part = name.partition(".")
        found[int(number)][part] = value
    return {number: Chain(**parts) for number, parts in found.items()}


KIND = Kind("ensemble", Sampled, look, run)
