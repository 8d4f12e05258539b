"""Commands that draw: regions by a search, and the best zones within each region."""

from dataclasses import replace
from typing import Annotated, Any

import typer

from samenspel.cli import wishing
from samenspel.cli.common import Folder, Json, On, print_json
from samenspel.cli.searching import (
    Iterations,
    Map,
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
from samenspel.interrupts import loading
from samenspel.language import _

Seconds = Annotated[
    float | None, typer.Option("--seconds", help=_("time to search; 10 where nothing is said"))
]
Why = Annotated[
    bool, typer.Option("--reasons", help=_("tell why each municipality lies where it lies"))
]


@wishing.taking(*wishing.NAMES)
def delineate(
    folder: Folder,
    regions: wishing.Regions,
    asked: wishing.Asked,
    seconds: Seconds = None,
    iterations: Iterations = None,
    seed: Seed = 0,
    out: Out = None,
    map_file: Map = None,
    page: Page = None,
    why: Why = False,
    date: On = None,
    json: Json = False,
) -> None:
    needs_solve()
    with loading():
        from samenspel.delineation.build import problem_of
        from samenspel.delineation.explain.delineate import told
        from samenspel.delineation.heuristic.search import SECONDS, compile_kernels, search
        from samenspel.exchange.plans import write_files
        from samenspel.landscape.wholefolder import whole_file
        from samenspel.reports.plans import drawn_page
        from samenspel.terminal.drawing import show_drawn, tell_interrupted

    checked_time(seconds, iterations)
    landscape = opened(folder, date)
    checked_written(landscape, out, map_file, page)
    most = landscape.table("municipalities").height
    wishes = wishing.wishes_of(landscape, wishing.count_of("--regions", regions, most), asked)
    built = problem_of(landscape, wishes)
    with stoppable() as stop, line(quiet=json) as tell:
        tell(_("preparing"), None)
        with loading():
            compiled = compile_kernels()

        def progress(elapsed: float, best: float | None) -> bool:
            stop.raises = False  # from now on there is something to give
            objective = _("none yet") if best is None else f"{best:.4f}"
            done = None if iterations is not None else elapsed / (seconds or SECONDS)
            tell(_("searching; the best so far: {objective}").format(objective=objective), done)
            return stop.asked

        best = search(
            built.problem, seconds=seconds, iterations=iterations, seed=seed, progress=progress
        )
    best = replace(best, compiled=compiled + best.compiled)
    tell_interrupted(interrupted=best.interrupted, valid=best.valid)
    clock, reasons = iterations is None, why or page is not None
    try:
        found = told(landscape, built, wishes, best, clock=clock, why=reasons)
    except KeyboardInterrupt:  # while looking for what to relax
        best = replace(best, interrupted=True)
        found = told(landscape, built, wishes, best, clock=clock, why=reasons)
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


@wishing.taking(*(name for name in wishing.NAMES if name not in ("whole", "within")))
def zones(
    folder: Folder,
    within: Annotated[
        str,
        typer.Option("--within", help=_("the zoning whose zones are divided"), show_default=False),
    ],
    asked: wishing.Asked,
    region: Annotated[
        str | None, typer.Option("--region", help=_("only this zone of it, by code or name"))
    ] = None,
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
    seconds: Annotated[
        float, typer.Option("--seconds", help=_("time for all regions together, at most"))
    ] = 60.0,
    out: Out = None,
    map_file: Map = None,
    date: On = None,
    json: Json = False,
) -> None:
    needs_solve()
    with loading():
        from samenspel.delineation.build import problem_of
        from samenspel.delineation.explain import regional
        from samenspel.exchange.plans import write_files
        from samenspel.screening.select import find_zone
        from samenspel.terminal.drawing import show_regions, tell_regions_interrupted

    checked_time(seconds)
    landscape = opened(folder, date)
    checked_written(landscape, out, map_file)
    most = landscape.table("municipalities").height
    asked = replace(asked, whole=units, within=within)
    wishes = wishing.wishes_of(landscape, (1, most), asked)
    count = None if number is None else wishing.count_of("--zones", number, most)
    built = problem_of(landscape, wishes)
    codes = regional.region_codes(landscape, wishes, built.problem)
    only = None if region is None else codes.index(find_zone(landscape, region, within)[1])
    regions = range(len(codes)) if only is None else (only,)
    done: list[Any] = []
    with stoppable() as stop, line(quiet=json) as tell:
        tell(_("preparing"), None)
        with loading():
            compiled = regional.compile_kernels()

        def progress(found: Any) -> None:
            done.append(found)
            tell(_("regions done: {count} of {all}").format(count=len(done), all=len(regions)),
                 len(done) / len(regions))  # fmt: skip

        try:
            regional.solve_regions(
                built.problem, only, zones=count, divide=divide, seconds=seconds, progress=progress
            )
        except KeyboardInterrupt:
            tell(_("interrupted"), None)
    tell_regions_interrupted(interrupted=stop.asked, done=len(done), of=len(regions))
    ways = (landscape, built, wishes, done, regions)
    limit = 0.0 if stop.asked else seconds
    try:
        found = regional.told_regions(*ways, divide=divide, seconds=limit)
    except KeyboardInterrupt:  # while looking for what to relax
        found = regional.told_regions(*ways, divide=divide, seconds=0.0)
    found |= {"compile_seconds": compiled, "interrupted": stop.asked}
    written = write_files(landscape, found, out, map_file)
    if json:
        print_json(found)
    else:
        show_regions(landscape, found, written)
    if not found["valid"]:
        raise typer.Exit(1)
