"""Commands that draw regions and zones, hold plans side by side, and tell how unusual one is."""

import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from samenspel.cli import wishing
from samenspel.cli.common import Folder, Json, On, print_json, tell_other_day
from samenspel.cli.searching import checked_time, line, needs_solve, stoppable
from samenspel.language import _

Seed = Annotated[int, typer.Option("--seed", min=0, help=_("another seed makes another search"))]
Seconds = Annotated[
    float | None, typer.Option("--seconds", help=_("time to search; 10 where nothing is said"))
]
Out = Annotated[Path | None, typer.Option("--out", help=_("the .json file to write as well"))]
Map = Annotated[
    Path | None, typer.Option("--map", help=_("the .gpkg file to write: zones and municipalities"))
]
WRITTEN = ("--out", "--map", "--page")
Page = Annotated[Path | None, typer.Option("--page", help=_("the .html file to write, with maps"))]
Why = Annotated[
    bool, typer.Option("--reasons", help=_("tell why each municipality lies where it lies"))
]


def typed() -> str:
    """The command as it was typed, but for the files that it writes and for where the landscape
    lies: a whole path says more of the maker's machine than a reader should know."""
    words, skipped = [], False
    for word in sys.argv[1:]:
        if skipped or word in WRITTEN:
            skipped = not skipped
        elif word != "--json" and not word.startswith(tuple(f"{name}=" for name in WRITTEN)):
            words.append(Path(word).name if Path(word).is_absolute() else word)
    return shlex.join(["samenspel", *words, "--json"])


def opened(folder: Path, date: Any) -> Any:
    """The landscape in ``folder`` on ``date``."""
    from samenspel.landscape.load import load

    landscape = load(folder, date.date() if date else None)
    tell_other_day(folder, landscape.date)
    return landscape


def delineate(
    folder: Folder,
    regions: wishing.Regions,
    population: wishing.Population = None,
    municipalities: wishing.Municipalities = None,
    area: wishing.Area = None,
    goals: wishing.Goals = wishing.DEFAULT_GOALS,
    seconds: Seconds = None,
    iterations: Annotated[
        int | None,
        typer.Option(
            "--iterations",
            help=_("steps to search instead of a time: the same seed then gives the same plan"),
        ),
    ] = None,
    seed: Seed = 0,
    together: wishing.Together = None,
    apart: wishing.Apart = None,
    fix: wishing.Fix = None,
    whole: wishing.Whole = None,
    within: wishing.Within = None,
    link: wishing.Link = None,
    present: wishing.Present = None,
    agree: wishing.Agree = None,
    centre: wishing.Centre = False,
    oversize: wishing.Oversize = wishing.ALONE,
    flow: wishing.Flow = None,
    out: Out = None,
    map_file: Map = None,
    page: Page = None,
    why: Why = False,
    date: On = None,
    json: Json = False,
) -> None:
    needs_solve()
    from samenspel.delineation.build import problem_of
    from samenspel.delineation.explain.delineate import told
    from samenspel.delineation.heuristic.search import SECONDS, search
    from samenspel.exchange.plans import checked_files, write_files
    from samenspel.landscape.wholefolder import whole_file
    from samenspel.reports.page import may_replace
    from samenspel.reports.plans import drawn_page
    from samenspel.terminal.drawing import show_drawn, tell_interrupted

    checked_time(seconds, iterations)
    landscape = opened(folder, date)
    checked_files(landscape, out, map_file)
    if page is not None:
        may_replace(page)
    most = landscape.table("municipalities").height
    wishes = wishing.wishes_of(
        landscape, wishing.count_of("--regions", regions, most),
        population=population, municipalities=municipalities, area=area, goals=goals,
        together=together, apart=apart, fix=fix, whole=whole, within=within, link=link,
        present=present, agree=agree, centre=centre, oversize=oversize, flow=flow,
    )  # fmt: skip
    built = problem_of(landscape, wishes)
    with stoppable() as stop, line(quiet=json) as tell:

        def progress(elapsed: float, best: float | None) -> bool:
            objective = _("none yet") if best is None else f"{best:.4f}"
            done = None if iterations is not None else elapsed / (seconds or SECONDS)
            tell(_("searching; the best so far: {objective}").format(objective=objective), done)
            return stop.is_set()

        best = search(
            built.problem, seconds=seconds, iterations=iterations, seed=seed, progress=progress
        )
    tell_interrupted(interrupted=best.interrupted, valid=best.valid)
    clock, asked = iterations is None, why or page is not None
    try:
        found = told(landscape, built, wishes, best, clock=clock, why=asked)
    except KeyboardInterrupt:  # while looking for what to relax
        best = replace(best, interrupted=True)
        found = told(landscape, built, wishes, best, clock=clock, why=asked)
    written = write_files(landscape, found, out, map_file)
    if page is not None and found["valid"]:
        whole_file(page, drawn_page(landscape, found, typed()).encode())
        written.append(page)
    if json:
        print_json(found)
    else:
        show_drawn(landscape, found, written)
    if not found["valid"]:
        raise typer.Exit(1)


def zones(
    folder: Folder,
    within: Annotated[
        str,
        typer.Option("--within", help=_("the zoning whose zones are divided"), show_default=False),
    ],
    region: Annotated[
        str | None, typer.Option("--region", help=_("only this zone of it, by code or name"))
    ] = None,
    population: wishing.Population = None,
    municipalities: wishing.Municipalities = None,
    area: wishing.Area = None,
    number: Annotated[
        str | None,
        typer.Option("--zones", help=_("how many in each region: 3, or 2..5; else free")),
    ] = None,
    units: Annotated[
        list[str] | None,
        typer.Option("--units", help=_("a zoning whose zones stay whole; may be given again")),
    ] = None,
    divide: Annotated[
        bool,
        typer.Option(
            "--divide",
            help=_("what must stay whole and lies in several regions does so in each apart"),
        ),
    ] = False,
    goals: wishing.Goals = wishing.DEFAULT_GOALS,
    seconds: Annotated[
        float, typer.Option("--seconds", help=_("time for all regions together, at most"))
    ] = 60.0,
    together: wishing.Together = None,
    apart: wishing.Apart = None,
    fix: wishing.Fix = None,
    link: wishing.Link = None,
    present: wishing.Present = None,
    agree: wishing.Agree = None,
    centre: wishing.Centre = False,
    oversize: wishing.Oversize = wishing.ALONE,
    flow: wishing.Flow = None,
    out: Out = None,
    map_file: Map = None,
    date: On = None,
    json: Json = False,
) -> None:
    needs_solve()
    from samenspel.delineation.build import problem_of
    from samenspel.delineation.explain import regional
    from samenspel.exchange.plans import checked_files, write_files
    from samenspel.screening.select import find_zone
    from samenspel.terminal.drawing import show_regions, tell_regions_interrupted

    checked_time(seconds)
    landscape = opened(folder, date)
    checked_files(landscape, out, map_file)
    most = landscape.table("municipalities").height
    wishes = wishing.wishes_of(
        landscape, (1, most),
        population=population, municipalities=municipalities, area=area, goals=goals,
        together=together, apart=apart, fix=fix, whole=units, within=within, link=link,
        present=present, agree=agree, centre=centre, oversize=oversize, flow=flow,
    )  # fmt: skip
    count = None if number is None else wishing.count_of("--zones", number, most)
    built = problem_of(landscape, wishes)
    codes = regional.region_codes(landscape, wishes, built.problem)
    only = None if region is None else codes.index(find_zone(landscape, region, within)[1])
    asked = range(len(codes)) if only is None else (only,)
    done: list[Any] = []
    compiled = 0.0
    with stoppable(raises=True) as stop, line(quiet=json) as tell:

        def progress(found: Any) -> None:
            done.append(found)
            tell(_("regions done: {count} of {all}").format(count=len(done), all=len(asked)),
                 len(done) / len(asked))  # fmt: skip

        try:
            tell(_("preparing"), None)
            compiled = regional.compile_kernels()
            regional.solve_regions(
                built.problem, only, zones=count, divide=divide, seconds=seconds, progress=progress
            )
        except KeyboardInterrupt:
            tell(_("interrupted"), None)
    tell_regions_interrupted(interrupted=stop.is_set(), done=len(done), of=len(asked))
    ways = (landscape, built, wishes, done, asked)
    limit = 0.0 if stop.is_set() else seconds
    try:
        found = regional.told_regions(*ways, divide=divide, seconds=limit)
    except KeyboardInterrupt:  # while looking for what to relax
        found = regional.told_regions(*ways, divide=divide, seconds=0.0)
    found |= {"compile_seconds": compiled, "interrupted": stop.is_set()}
    written = write_files(landscape, found, out, map_file)
    if json:
        print_json(found)
    else:
        show_regions(landscape, found, written)
    if not found["valid"]:
        raise typer.Exit(1)


def compare(
    folder: Folder,
    plans: Annotated[
        list[str],
        typer.Argument(
            help=_("plans: zonings of the landscape, or .json files of delineate or zones"),
            show_default=False,
        ),
    ],
    goals: wishing.Goals = wishing.DEFAULT_GOALS,
    present: wishing.Present = None,
    agree: wishing.Agree = None,
    link: wishing.Link = None,
    flow: wishing.Flow = None,
    out: Out = None,
    page: Page = None,
    date: On = None,
    json: Json = False,
) -> None:
    needs_solve()
    from samenspel.delineation.build import problem_of
    from samenspel.delineation.explain.beside import numbered, told_beside
    from samenspel.exchange.plans import checked_files, read_plan, write_out
    from samenspel.landscape.wholefolder import whole_file
    from samenspel.reports.page import may_replace
    from samenspel.reports.plans import beside_page
    from samenspel.terminal.drawing import show_beside

    landscape = opened(folder, date)
    checked_files(landscape, out, None)
    if page is not None:
        may_replace(page)
    given = [read_plan(landscape, text) for text in plans]
    most = landscape.table("municipalities").height
    wishes = wishing.wishes_of(
        landscape, (1, most), goals=goals, present=present, agree=agree, link=link, flow=flow
    )
    built = problem_of(landscape, wishes)
    found = told_beside(
        built,
        wishes,
        [(p.plan, p.title, *numbered(built.problem, p.zones, p.names)) for p in given],
    )
    written = write_out(found, out)
    if page is not None:
        whole_file(page, beside_page(landscape, found, typed()).encode())
        written.append(page)
    if json:
        print_json(found)
    else:
        show_beside(landscape, found, written)


def ensemble(
    folder: Folder,
    regions: wishing.Regions,
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
    population: wishing.Population = None,
    municipalities: wishing.Municipalities = None,
    area: wishing.Area = None,
    goals: wishing.Goals = wishing.DEFAULT_GOALS,
    together: wishing.Together = None,
    apart: wishing.Apart = None,
    fix: wishing.Fix = None,
    whole: wishing.Whole = None,
    within: wishing.Within = None,
    link: wishing.Link = None,
    present: wishing.Present = None,
    agree: wishing.Agree = None,
    centre: wishing.Centre = False,
    oversize: wishing.Oversize = wishing.ALONE,
    flow: wishing.Flow = None,
    out: Out = None,
    date: On = None,
    json: Json = False,
) -> None:
    needs_solve()
    from samenspel.delineation.build import problem_of
    from samenspel.delineation.chains.ensemble import check_settings
    from samenspel.delineation.chains.ensemble import ensemble as sample
    from samenspel.delineation.explain.beside import numbered
    from samenspel.delineation.explain.sampled import start_of, told_ensemble
    from samenspel.exchange.plans import checked_files, read_plan, write_out
    from samenspel.terminal.drawing import (
        show_ensemble,
        show_no_start,
        tell_chains_interrupted,
    )

    checked_time(seconds)
    check_settings(kind, steps, chains, thin, beta, 1, 0, seconds)
    landscape = opened(folder, date)
    checked_files(landscape, out, None)
    most = landscape.table("municipalities").height
    wishes = wishing.wishes_of(
        landscape, wishing.count_of("--regions", regions, most),
        population=population, municipalities=municipalities, area=area, goals=goals,
        together=together, apart=apart, fix=fix, whole=whole, within=within, link=link,
        present=present, agree=agree, centre=centre, oversize=oversize, flow=flow,
    )  # fmt: skip
    read = [read_plan(landscape, text) for text in plans or ()]
    built = problem_of(landscape, wishes)
    given = [(p.plan, p.title, *numbered(built.problem, p.zones, p.names)) for p in read]
    settings = {"steps": steps, "chains": chains, "thin": thin, "beta": beta, "seed": seed}
    with stoppable(raises=True) as stop, line(quiet=json) as tell:
        tell(_("looking for a plan to start from"), None)
        named, start, reasons = start_of(built.problem, given, seed)
        ran = None
        if start is not None:

            def progress(done: int, of: int) -> None:
                tell(_("steps done: {done} of {all}").format(done=done, all=of), done / of)

            ran = sample(
                built.problem, start, kind=kind, steps=steps, chains=chains, seed=seed, thin=thin,
                beta=beta, seconds=seconds, progress=progress,
            )  # fmt: skip
    if ran is None or start is None:
        if json:
            print_json({"start": None, "reasons": list(reasons), "settings": settings})
        else:
            show_no_start(reasons)
        raise typer.Exit(1)
    tell_chains_interrupted(interrupted=stop.is_set(), records=ran.records)
    found = {
        "start": named,
        "zones": int(start.max()) + 1,
        "settings": settings,
        **told_ensemble(built, wishes, ran, given),
        "interrupted": stop.is_set(),
    }
    written = write_out(found, out)
    if json:
        print_json(found)
    else:
        show_ensemble(landscape, found, written)
