"""The command that says who could join whom, with the status quo and cooperation only beside."""

import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from samenspel.cli import wishing
from samenspel.cli.common import Folder, Json, Many, On, print_json
from samenspel.cli.searching import (
    NEEDED,
    Out,
    Page,
    checked_time,
    checked_written,
    line,
    opened,
    stoppable,
    typed,
)
from samenspel.errors import InputError
from samenspel.interrupts import loading
from samenspel.language import _

if TYPE_CHECKING:
    from samenspel.landscape.landscape import Landscape
    from samenspel.mergers.assess import Assessed, Known
    from samenspel.mergers.zone import Bounds

NONE = "none"


def mergers(
    folder: Folder,
    within: Annotated[
        str,
        typer.Option("--within", help=_("the zoning within whose zones municipalities may merge"),
                     show_default=False),
    ],
    region: Annotated[
        str | None, typer.Option("--region", help=_("only this zone of it, by code or name"))
    ] = None,
    municipalities: Annotated[
        str, typer.Option("--municipalities", help=_("how many a merger joins; your choice"))
    ] = "2..5",
    population: Annotated[
        str | None,
        typer.Option("--population", help=_("LOW..HIGH: inhabitants that a merger may have")),
    ] = None,
    at_least: Annotated[
        int | None,
        typer.Option("--at-least", min=1,
                     help=_("warn below so many inhabitants; your bound, for there is no other")),
    ] = None,
    goals: Annotated[
        str | None,
        typer.Option("--goals", help=_("two to four goals of alternatives for a whole zone, with "
                                       "commas between; none: no alternatives")),
    ] = None,
    candidate: Annotated[
        list[str] | None,
        typer.Option("--candidate", help=_("A,B: everything about this merger; may be given again "
                                           "for another beside it")),
    ] = None,
    alternative: Annotated[
        int | None,
        typer.Option("--alternative", min=1,
                     help=_("everything about the mergers of the alternative with this number")),
    ] = None,
    fund: Annotated[
        Path | None,
        typer.Option("--fund", help=_("the rules of a fund: what it gives before and after")),
    ] = None,
    scenario: Annotated[
        Path | None,
        typer.Option("--scenario", help=_("the .yaml file to write, for samenspel scenario")),
    ] = None,
    link: wishing.Link = None,
    facility: Annotated[
        list[str] | None,
        typer.Option("--facility", help=_("a municipality with language facilities; those named "
                                          "are all; may be given again")),
    ] = None,
    flow: Annotated[
        str | None, typer.Option("--flow", help=_("the kind of flows; commuting"))
    ] = None,
    many: Many = 2,
    count: Annotated[
        int,
        typer.Option("--count", min=1, help=_("alternatives where not all can be found, at most")),
    ] = 12,
    seconds: Annotated[
        float,
        typer.Option("--seconds",
                     help=_("time for alternatives where not all can be found, for all zones "
                            "together")),
    ] = 30.0,
    out: Out = None,
    page: Page = None,
    date: On = None,
    json: Json = False,
) -> None:  # fmt: skip
    needs_solve()
    with loading():
        from samenspel.exchange.plans import write_out
        from samenspel.fund.reading import read_rules
        from samenspel.landscape.wholefolder import whole_file
        from samenspel.mergers.assess import Asked, known
        from samenspel.mergers.beside import chosen_json
        from samenspel.mergers.chosen import checked, picked
        from samenspel.mergers.chosen import scenario as scenario_of
        from samenspel.mergers.goals import checked as checked_goals
        from samenspel.mergers.told import as_json
        from samenspel.mergers.zone import zones_of
        from samenspel.reports.mergers import mergers_page
        from samenspel.screening.select import find_municipality
        from samenspel.terminal.mergers import show_mergers

    checked_time(seconds)
    landscape = opened(folder, date)
    checked_written(landscape, out, None, page)
    checked_scenario(scenario, chosen=bool(candidate) or alternative is not None)
    wanted = goals_of(goals)
    if wanted:
        checked_goals(wanted, at_least)
    kind = wishing.flow_of(landscape, flow)
    named = None if facility is None else {find_municipality(landscape, one) for one in facility}
    rules = None if fund is None else read_rules(fund)
    links = [wishing.link_of(landscape, text) for text in link or ()]
    zones = zones_of(landscape, within, region, links)
    asked = Asked(bounds_of(landscape, municipalities, population), at_least, wanted, many, count)
    facts = known(landscape, kind, named)
    chosen = picked(facts.facts, candidate or ())
    checked_fund(given=rules is not None, chosen=bool(chosen) or alternative is not None)
    done = looked_at(facts, asked, zones, seconds, quiet=json)
    if alternative is not None:
        chosen += alternative_chosen(done, alternative, both=bool(candidate))
    data = as_json(facts, asked, within, done) | {"chosen": None}
    if chosen:
        made = scenario_of(facts.facts, chosen, title_of(chosen, facts))
        pairs = [checked(facts.facts, done, towns) for towns in chosen]
        data["chosen"] = chosen_json(facts, asked, pairs, made, rules)
        if scenario is not None:
            whole_file(scenario, data["chosen"]["scenario"].encode())
    written = write_out(data, out) + ([scenario] if scenario is not None else [])
    if page is not None:
        whole_file(page, mergers_page(landscape, data, typed()).encode())
        written.append(page)
    if json:
        print_json(data)
    else:
        show_mergers(data, written)


def needs_solve() -> None:
    """Raise InputError where the libraries of the extra ``solve`` are not installed."""
    if any(find_spec(name) is None for name in NEEDED):
        raise InputError(
            _("Mergers need Numba and OR-Tools; install them with: pip install samenspel[solve]")
        )


def goals_of(text: str | None) -> tuple[str, ...] | None:
    """The goals in A,B,C; none for ``none``, None for the default."""
    if text is None:
        return None
    if text.strip() == NONE:
        return ()
    return tuple(name.strip() for name in text.split(",") if name.strip()) or ("",)


def bounds_of(landscape: "Landscape", municipalities: str, population: str | None) -> "Bounds":
    """What a merger may be. Raises InputError for words that say nothing."""
    from samenspel.mergers.candidates import check
    from samenspel.mergers.zone import Bounds

    most = max(2, landscape.table("municipalities").height)
    found = wishing.RANGE.fullmatch(municipalities.replace(" ", ""))
    if municipalities.strip().isdecimal():
        ends: wishing.Ends = (int(municipalities), int(municipalities))
    elif found is None or found[1]:
        raise InputError(
            _("--municipalities {text}: write LOW..HIGH, such as 2..5, or a number.").format(
                text=municipalities
            )
        )
    else:
        ends, _soft = wishing.ends_of("--municipalities", municipalities)
    people: wishing.Ends = (None, None)
    if population is not None:
        people, soft = wishing.ends_of("--population", population)
        if soft:
            raise InputError(
                _("--population {text}: this bound always holds; leave out the ~.").format(
                    text=population
                )
            )
    low, high = ends
    bounds = Bounds((2 if low is None else low, most if high is None else high), people)
    check(bounds)
    return bounds


def checked_scenario(file: Path | None, *, chosen: bool) -> None:
    """Raise InputError where ``file`` is no place for a scenario, or there is nothing to write."""
    from samenspel.landscape.wholefolder import checked_place

    if file is None:
        return
    if not chosen:
        raise InputError(
            _("--scenario {file}: name the merger with --candidate A,B or --alternative.").format(
                file=file
            )
        )
    if file.suffix.lower() not in (".yaml", ".yml"):
        raise InputError(
            _("{option} {file}: {kind} is called {suffix}; name it so.").format(
                option="--scenario", file=file, kind=_("a scenario"), suffix=".yaml"
            )
        )
    if file.exists():
        raise InputError(
            _("{file} is there already, and somebody may have worked on it; name another place or "
              "remove it.").format(file=file)
        )  # fmt: skip
    checked_place(file)


def checked_fund(*, given: bool, chosen: bool) -> None:
    """Raise InputError for a fund without a merger to work it out for."""
    if given and not chosen:
        raise InputError(
            _("--fund needs a merger to work it out for: give --candidate A,B or --alternative.")
        )


def looked_at(
    facts: "Known", asked: Any, zones: Sequence[Any], seconds: float, *, quiet: bool
) -> "list[Assessed]":
    """Every zone in turn; zones share the time for alternatives that cannot all be found. After
    Ctrl-C what was found until then stands, where that is something."""
    from dataclasses import replace
    from time import monotonic

    from samenspel.mergers.assess import assess

    done: list[Assessed] = []
    left = seconds
    with stoppable() as stop, line(quiet=quiet) as tell:
        for zone in zones:
            name = zone.name or zone.zone
            tell(_("{zone}: candidates and alternatives").format(zone=name),
                 len(done) / len(zones))  # fmt: skip

            def progress(found: int, name: str = name) -> None:
                tell(_("{zone}: alternatives found: {count}").format(zone=name, count=found), None)

            share = max(0.0, left) / (len(zones) - len(done))
            begun = monotonic()
            found = assess(facts, zone, replace(asked, seconds=share), progress)
            if found.alternatives is not None and not found.alternatives.complete:
                left -= monotonic() - begun
            done.append(found)
            if stop.asked:
                print(_("Interrupted: what was found until then is shown."), file=sys.stderr)
                break
    return done


def alternative_chosen(
    done: "Sequence[Assessed]", alternative: int, *, both: bool
) -> list[list[int]]:
    """The mergers of one alternative of the only zone, by the number that the table gives it."""
    if both:
        raise InputError(_("Give --candidate or --alternative, not both."))
    offered = done[0].alternatives if len(done) == 1 else None
    if offered is None:
        raise InputError(
            _("--alternative {number}: choose one zone with --region, of which there are "
              "alternatives.").format(number=alternative)
        )  # fmt: skip
    singles = len(done[0].zone.towns)
    plans = [plan for plan in offered.plans if any(number >= singles for number in plan)]
    if alternative > len(plans):
        raise InputError(
            _("--alternative {number}: there are {count} alternatives beside the status quo.")
            .format(number=alternative, count=len(plans))
        )  # fmt: skip
    plan = plans[alternative - 1]
    return [done[0].every.of(number) for number in plan if number >= singles]


def title_of(chosen: Sequence[Sequence[int]], facts: "Known") -> str:
    """What the scenario of some mergers is called."""
    return _("Merger: {names}").format(
        names="; ".join(facts.facts.called(towns) for towns in chosen)
    )
