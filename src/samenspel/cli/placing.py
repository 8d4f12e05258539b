"""Commands that place plans: side by side, among many by chance, and between goals."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from samenspel.cli import wishing
from samenspel.cli.common import Folder, Json, On, print_json
from samenspel.cli.searching import (
    Iterations,
    Out,
    Page,
    Seed,
    checked_time,
    checked_written,
    line,
    needs_solve,
    opened,
    stoppable,
    typed,
)
from samenspel.errors import InputError
from samenspel.interrupts import loading
from samenspel.language import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from samenspel.cli.comparing import Options
    from samenspel.delineation.explain.sampled import Given
    from samenspel.delineation.problem import Problem
    from samenspel.landscape.landscape import Landscape

DRAWN = ("goals", "present", "agree", "link", "flow")  # options on plans that are compared


def given_plans(
    landscape: "Landscape", problem: "Problem", texts: "Sequence[str]"
) -> "list[Given]":
    """The plans named by ``texts``, as the library takes them. Raises InputError for one that
    cannot be read and for one that is named twice."""
    from samenspel.delineation.explain.beside import numbered
    from samenspel.exchange.plans import read_plan

    seen = set()
    for text in texts:
        place = str(Path(text).resolve()) if text.lower().endswith(".json") else text
        if place in seen:
            raise InputError(_("The plan {plan} is named twice; name it once.").format(plan=text))
        seen.add(place)
    read = [read_plan(landscape, text) for text in texts]
    return [(p.plan, p.title, *numbered(problem, p.zones, p.names)) for p in read]


@wishing.taking(*DRAWN)
def compare(
    first: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER", help=_("a landscape folder, or a file of sharing"), show_default=False
        ),
    ],
    others: Annotated[
        list[str],
        typer.Argument(
            metavar="PLANS|FOLDER|SCENARIOS|FILE",
            help=_(
                "plans (zonings of the landscape, or .json files of delineate or zones), another "
                "landscape, scenarios, or another file of sharing"
            ),
            show_default=False,
        ),
    ],
    asked: wishing.Asked,
    fund: Annotated[
        Path | None,
        typer.Option("--fund", help=_("the rules of a fund, for what it gives before and after")),
    ] = None,
    zoning: Annotated[
        str | None,
        typer.Option("--zoning", help=_("the zoning to fit; else every partition that both have")),
    ] = None,
    only: Annotated[
        str | None,
        typer.Option(
            "--only",
            help=_("only these: screening, signals, law, fit, fund, partnerships, with commas"),
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help=_("also what is the same"))] = False,
    combine: Annotated[
        bool, typer.Option("--combine", help=_("also all scenarios together, as one"))
    ] = False,
    out: Out = None,
    page: Page = None,
    date: On = None,
    json: Json = False,
) -> None:
    from samenspel.cli import comparing

    kind = comparing.kind_of(str(first), others)
    options = comparing.Options(fund, zoning, only, everything, combine, out, page, date, json)
    plain = wishing.Asked()
    drawn = {name: getattr(asked, name) != getattr(plain, name) for name in DRAWN}
    comparing.checked_options(kind, options, drawn)
    if kind in comparing.DO:
        comparing.DO[kind](first, others, options)
    else:
        compare_plans(first, others, asked, options)


def compare_plans(
    folder: Path, plans: "Sequence[str]", asked: wishing.Asked, options: "Options"
) -> None:
    """Plans of one landscape side by side."""
    needs_solve()
    with loading():
        from samenspel.delineation.build import problem_of
        from samenspel.delineation.explain.beside import told_beside
        from samenspel.exchange.plans import write_out
        from samenspel.landscape.wholefolder import whole_file
        from samenspel.reports.plans import beside_page
        from samenspel.terminal.placing import show_beside

    landscape = opened(folder, options.date)
    checked_written(landscape, options.out, page=options.page)
    most = landscape.table("municipalities").height
    wishes = wishing.wishes_of(landscape, (1, most), asked)
    built = problem_of(landscape, wishes, inhabitants=len(plans) > 1)
    found = told_beside(built, wishes, given_plans(landscape, built.problem, plans))
    written = write_out(found, options.out)
    if options.page is not None:
        whole_file(options.page, beside_page(landscape, found, typed()).encode())
        written.append(options.page)
    if options.json:
        print_json(found)
    else:
        show_beside(landscape, found, written)


@wishing.taking(*wishing.NAMES)
def ensemble(
    folder: Folder,
    regions: wishing.Regions,
    asked: wishing.Asked,
    plans: Annotated[
        list[str] | None,
        typer.Option(
            "--plan",
            help=_(
                "place this plan: a zoning, or a .json file of delineate; the first valid one is "
                "the start; may be given again"
            ),
        ),
    ] = None,
    kind: Annotated[
        str, typer.Option("--kind", help=_("the chain: recom, reversible or flip"))
    ] = "recom",
    steps: Annotated[int, typer.Option("--steps", help=_("steps of each chain"))] = 10_000,
    chains: Annotated[int, typer.Option("--chains", help=_("how many chains"))] = 4,
    thin: Annotated[
        int, typer.Option("--thin", help=_("record the plan after every so many steps"))
    ] = 10,
    beta: Annotated[
        float, typer.Option("--beta", help=_("how strongly good plans are favoured; 0: not"))
    ] = 0.0,
    seed: Seed = 0,
    seconds: Annotated[
        float | None, typer.Option("--seconds", help=_("time for all chains, at most"))
    ] = None,
    out: Out = None,
    date: On = None,
    json: Json = False,
) -> None:
    needs_solve()
    with loading():
        from samenspel.delineation.build import problem_of
        from samenspel.delineation.chains import ensemble as room
        from samenspel.delineation.explain.describe import names_of
        from samenspel.delineation.explain.sampled import start_of, told_ensemble
        from samenspel.delineation.heuristic.search import compile_kernels
        from samenspel.exchange.plans import write_out
        from samenspel.terminal.placing import (
            show_ensemble,
            show_no_start,
            tell_chains_interrupted,
        )

    checked_time(seconds)
    room.check_settings(kind, steps, chains, thin, beta, 1, 0, seconds)
    landscape = opened(folder, date)
    checked_written(landscape, out)
    most = landscape.table("municipalities").height
    wishes = wishing.wishes_of(landscape, wishing.count_of("--regions", regions, most), asked)
    built = problem_of(landscape, wishes)
    given = given_plans(landscape, built.problem, plans or ())
    settings = {"steps": steps, "chains": chains, "thin": thin, "beta": beta, "seed": seed}
    with stoppable() as stop, line(quiet=json) as tell:
        tell(_("preparing"), None)
        with loading():
            compile_kernels()
            room.compile_kernels()
        tell(_("looking for a plan to start from"), None)
        names = names_of(landscape, wishes.present)
        named, start, reasons = start_of(built.problem, given, seed, names)
        if stop.asked:  # before the first chain has begun
            raise KeyboardInterrupt
        ran = None
        if start is not None:

            def progress(done: int, of: int) -> None:
                tell(_("steps done: {done} of {all}").format(done=done, all=of), done / of)

            ran = room.ensemble(
                built.problem, start, kind=kind, steps=steps, chains=chains, seed=seed, thin=thin,
                beta=beta, seconds=seconds, progress=progress,
            )  # fmt: skip
    if ran is None or start is None:
        if json:
            print_json({"start": None, "reasons": list(reasons), "settings": settings})
        else:
            show_no_start(reasons)
        raise typer.Exit(1)
    tell_chains_interrupted(interrupted=stop.asked, records=ran.records)
    found = {
        "start": named,
        "settings": settings,
        **told_ensemble(built, wishes, ran, int(start.max()) + 1, given),
        "interrupted": stop.asked,
    }
    written = write_out(found, out)
    if json:
        print_json(found)
    else:
        show_ensemble(landscape, found, written)


@wishing.taking(*(name for name in wishing.NAMES if name != "goals"))
def tradeoff(
    folder: Folder,
    regions: wishing.Regions,
    goals: Annotated[
        str,
        typer.Option(
            "--goals",
            help=_("two or three goals with commas between, such as cut,flows"),
            show_default=False,
        ),
    ],
    asked: wishing.Asked,
    seconds: Annotated[
        float | None,
        typer.Option("--seconds", help=_("time for all searches; 30 where nothing is said")),
    ] = None,
    iterations: Iterations = None,
    seed: Seed = 0,
    count: Annotated[int, typer.Option("--count", help=_("how many plans at most"))] = 5,
    distance: Annotated[
        float,
        typer.Option(
            "--distance",
            help=_("the least part of the inhabitants that changes zone from any plan to another"),
        ),
    ] = 0.05,
    out: Out = None,
    page: Page = None,
    date: On = None,
    json: Json = False,
) -> None:
    needs_solve()
    with loading():
        from samenspel.delineation.build import problem_of
        from samenspel.delineation.explain.traded import told_front
        from samenspel.delineation.explain.tradeoff import SECONDS, check, explained, front
        from samenspel.delineation.heuristic.search import compile_kernels
        from samenspel.exchange.plans import write_out
        from samenspel.landscape.wholefolder import whole_file
        from samenspel.reports.plans import traded_page
        from samenspel.terminal.placing import show_traded, tell_traded_interrupted

    checked_time(seconds, iterations)
    named = wishing.goals_of(goals)
    landscape = opened(folder, date)
    checked_written(landscape, out, page=page)
    most = landscape.table("municipalities").height
    wishes = wishing.wishes_of(landscape, wishing.count_of("--regions", regions, most), asked)
    # Alike, and together as heavy against soft bounds as the one goal of a plan is by default.
    wishes = replace(wishes, weights=dict.fromkeys(named, 1.0 / len(named)))
    built = problem_of(landscape, wishes, inhabitants=True)
    check(built.problem, named, seconds, iterations, count, distance)
    with stoppable() as stop, line(quiet=json) as tell:
        tell(_("preparing"), None)
        with loading():
            compiled = compile_kernels()

        def progress(elapsed: float, plans: int) -> bool:
            stop.raises = False  # from now on there is something to give
            done = None if iterations is not None else elapsed / (seconds or SECONDS)
            tell(_("searching; plans seen: {count}").format(count=plans), done)
            return stop.asked

        best = front(
            built.problem, named, seconds=seconds, iterations=iterations, seed=seed, count=count,
            apart=distance, progress=progress,
        )  # fmt: skip
    best = replace(best, compiled=compiled + best.compiled)
    tell_traded_interrupted(interrupted=best.interrupted, plans=len(best.points))
    try:
        moves = explained(built.problem, best)
    except KeyboardInterrupt:
        moves, best = None, replace(best, interrupted=True)
    found = told_front(landscape, built, wishes, best, moves)
    written = write_out(found, out)
    if page is not None and found["points"]:
        whole_file(page, traded_page(landscape, found, typed()).encode())
        written.append(page)
    if json:
        print_json(found)
    else:
        show_traded(landscape, found, written)
    if not found["points"]:
        raise typer.Exit(1)
