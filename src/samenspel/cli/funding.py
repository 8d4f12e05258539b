"""The command that says what a municipal fund gives, and what changes."""

import json as json_module
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from samenspel.cli.common import Folder, Json, On, print_json, tell_other_day
from samenspel.language import _

if TYPE_CHECKING:
    from samenspel.fund.distribution import Distribution
    from samenspel.landscape.landscape import Landscape
    from samenspel.scenario.study import Study

COMMA = re.compile(r",(?![^()]*\))(?![^\[\]]*\])(?![^{}]*\})")  # not within brackets
OTHER_PATH = re.compile(r"[a-z][\w.]*=(?!=)")  # such as total=3, but no comparison of a formula


def fund(
    folder: Folder,
    rules: Annotated[
        Path | None,
        typer.Option("--rules", help=_("a YAML or JSON file with the rules; else an example")),
    ] = None,
    scenario: Annotated[
        Path | None,
        typer.Option("--scenario", help=_("a file with a scenario: what the fund gives after it")),
    ] = None,
    clusters: Annotated[
        str | None,
        typer.Option("--clusters", help=_("part the Gini by a zoning, or by equipment_level")),
    ] = None,
    trace: Annotated[
        str | None,
        typer.Option("--trace", help=_("the sum of one municipality, by code or name")),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set", help=_("another value in the rules: PATH=VALUE; may be given more than once")
        ),
    ] = None,
    vary: Annotated[
        str | None, typer.Option("--vary", help=_("a slider: PATH=VALUE,VALUE,..."))
    ] = None,
    nudge: Annotated[
        str | None,
        typer.Option("--nudge", help=_("one figure of one municipality: NIS:FIGURE=SHARE")),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help=_("a JSON file to write"), show_default=False)
    ] = None,
    date: On = None,
    json: Json = False,
) -> None:
    from samenspel.errors import InputError
    from samenspel.fund.comparing import compare
    from samenspel.fund.distribution import distribute, prepare
    from samenspel.fund.reading import example, read_rules, rules_of, with_value
    from samenspel.fund.telling import as_json
    from samenspel.fund.trace import trace as trace_of
    from samenspel.landscape.load import load
    from samenspel.landscape.wholefolder import checked_place, whole_file
    from samenspel.scenario.study import Policy, Study
    from samenspel.screening.select import find_municipality
    from samenspel.terminal.fund import show_fund

    if out is not None:
        if out.suffix != ".json":
            raise InputError(_("--out {file}: give a name that ends in .json.").format(file=out))
        checked_place(out)
    stated = example() if rules is None else read_rules(rules)
    for setting in settings or ():
        path, value = parted(setting, "--set")
        stated = with_value(stated, path, scalar(value))
    landscape = load(folder, date.date() if date else None)
    tell_other_day(folder, landscape.date)
    before = None
    notes: tuple[str, ...] = ()
    if scenario is not None:
        before = distribute(prepare(stated, landscape))
        study, notes = after(Study(landscape, Policy(fund=stated.data)), scenario)
        changed = stated
        if study.policy.fund is not None and study.policy.fund != stated.data:
            changed = rules_of(study.policy.fund, stated.name)
        prepared = prepare(changed, study.landscape, landscape.date, landscape)
    else:
        prepared = prepare(stated, landscape)
    found = distribute(prepared, before)
    here = prepared.facts.landscape
    town = None if trace is None else find_municipality(here, trace)
    data = as_json(found, clusters) | {
        "scenario": None if scenario is None else scenario.name,
        "notes": list(notes),
        "compared": None if before is None else compare(before, found).as_json(),
        "nudged": None if nudge is None else nudged(found, here, nudge),
        "varied": None if vary is None else varied(found, vary, town),
        "trace": None if town is None else trace_of(found, town),
    }
    if out is not None:
        text = json_module.dumps(data, ensure_ascii=False, indent=1, allow_nan=False)
        whole_file(out, f"{text}\n".encode())
    if json:
        print_json(data)
    else:
        show_fund(data, example=rules is None)
        if out is not None:
            typer.echo(_("Written: {file}").format(file=out))


def parted(text: str, option: str) -> tuple[str, str]:
    """The two sides of PATH=VALUE. Raises InputError."""
    from samenspel.errors import InputError

    path, sign, value = text.partition("=")
    if not sign or not path.strip() or not value.strip():
        raise InputError(
            _("{option} {text}: write PATH=VALUE, such as blocks.basic.pot=1000.").format(
                option=option, text=text
            )
        )
    return path.strip(), value.strip()


def scalar(text: str) -> Any:
    """``text`` as YAML reads it, but numbers as written. Raises InputError."""
    import yaml

    from samenspel.errors import InputError

    try:
        value = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InputError(
            _("“{text}” is no value; write it as in YAML.").format(text=text)
        ) from error
    return text if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def after(study: "Study", file: Path) -> tuple["Study", tuple[str, ...]]:
    """``study`` after the scenario in ``file``, and what a reader must know. Raises InputError."""
    from samenspel.errors import InputError
    from samenspel.scenario.scenario import apply, read_scenario

    applied = apply(study, read_scenario(file))
    if applied.study is None:
        raise InputError(
            _("{file} cannot be applied, {count} faults; the first: {first} (samenspel scenario "
              "check shows all).").format(
                file=file.name, count=len(applied.faults), first=applied.faults[0])
        )  # fmt: skip
    return applied.study, applied.notes


def nudged(found: "Distribution", landscape: "Landscape", asked: str) -> dict[str, Any]:
    """The answer to NIS:FIGURE=SHARE. Raises InputError."""
    from samenspel.errors import InputError
    from samenspel.fund.model import fraction
    from samenspel.fund.sensitivity import nudge
    from samenspel.screening.select import find_municipality

    where, sign, value = asked.partition("=")
    town, colon, figure = where.strip().rpartition(":")
    if not (sign and colon and town.strip() and figure.strip() and value.strip()):
        raise InputError(
            _("--nudge {text}: write NIS:FIGURE=SHARE, such as 11002:population=10%.").format(
                text=asked
            )
        )
    value = value.strip()
    try:
        share = fraction(value.removeprefix("+"))
    except ValueError as error:
        raise InputError(f"--nudge {asked}: {error}.") from error
    if not -1 <= share <= 1:
        raise InputError(
            _("--nudge {text}: a figure can be moved by a share from -100% to 100%.").format(
                text=asked
            )
        )
    nis = find_municipality(landscape, town.strip())
    return {
        "nis": nis,
        "figure": figure.strip(),
        "share": value,
        "compared": nudge(found, nis, figure.strip(), share).as_json(),
    }


def slider(asked: str) -> tuple[str, list[str]]:
    """The path and the values of PATH=VALUE,VALUE,...; commas within brackets part no values.
    Raises InputError."""
    from samenspel.errors import InputError

    path, sign, text = asked.partition("=")
    values = [value.strip() for value in COMMA.split(text)]
    if not sign or not path.strip() or not all(values):
        raise InputError(
            _("--vary {text}: write PATH=VALUE,VALUE,... such as blocks.basic.pot=1000,2000, with "
              "a value on either side of each comma.").format(text=asked)
        )  # fmt: skip
    for value in values:
        if OTHER_PATH.match(value):
            raise InputError(
                _("--vary {text}: the commas part the values of one rule, and “{value}” looks like "
                  "another rule; vary one at a time, and set others with --set.").format(
                    text=asked, value=value)
            )  # fmt: skip
    return path.strip(), values


def varied(found: "Distribution", asked: str, town: str | None) -> dict[str, Any]:
    """The answer to PATH=VALUE,VALUE,... Raises InputError."""
    from samenspel.fund.comparing import inhabitants
    from samenspel.fund.sensitivity import slide
    from samenspel.fund.telling import inequality_of

    path, values = slider(asked)
    facts = found.prepared.facts
    steps = []
    for step in slide(found.prepared, path, [scalar(value) for value in values]):
        line: dict[str, Any] = {"value": str(step.value), "fault": step.fault}
        if step.found is not None:
            people = inhabitants(step.found)
            heads = [
                (amount / (100 * number), facts.names[row], facts.nis[row])
                for row, (amount, number) in enumerate(zip(step.found.amounts, people, strict=True))
                if number
            ]
            most = max(heads, default=None)
            line |= {
                "total_cents": step.found.total,
                "gini": inequality_of(step.found).as_json()["overall"],
                "most": None
                if most is None
                else {"nis": most[2], "name": most[1], "per_inhabitant": most[0]},
                "amounts_cents": dict(zip(facts.nis, step.found.amounts, strict=True)),
            }
        steps.append(line)
    return {"path": path, "municipality": town, "steps": steps}
