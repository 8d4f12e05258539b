"""Commands that ask what if: scenarios checked, applied, combined, and made from plans."""

from collections.abc import Mapping
from datetime import date as Date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from samenspel.cli.common import Folder, Json, On, Out, checked, print_json, tell_other_day
from samenspel.language import _

if TYPE_CHECKING:
    from samenspel.scenario.scenario import Applied, Scenario
    from samenspel.scenario.study import Study

SCENARIO = _("a scenario: a YAML or JSON file")
File = Annotated[Path, typer.Argument(help=SCENARIO, show_default=False)]
First = Annotated[Path, typer.Argument(help=SCENARIO, show_default=False)]
Second = Annotated[Path, typer.Argument(help=_("another scenario"), show_default=False)]
Fund = Annotated[
    Path | None,
    typer.Option("--fund", help=_("the rules of a fund, where operations change them")),
]
OutFile = Annotated[Path | None, typer.Option("--out", help=_("the .yaml file to write"))]


def study_of(folder: Path, fund: Path | None, date: Any) -> "Study":
    """The landscape in ``folder`` with the rules of a fund, where given, figures from files beside
    them among them. Raises InputError."""
    from samenspel.fund.reading import read_rules
    from samenspel.landscape.load import load
    from samenspel.scenario.study import Policy, Study

    rules = None if fund is None else read_rules(fund).data
    landscape = load(folder, date.date() if date else None)
    tell_other_day(folder, landscape.date)
    return Study(landscape, Policy(rules))


def read(file: Path, *, json: bool) -> "Scenario":
    """The scenario in ``file``. Where its form has faults all of them are shown, and the first is
    raised as InputError."""
    from samenspel.errors import InputError
    from samenspel.scenario.scenario import ScenarioError, read_scenario
    from samenspel.terminal.scenario import show_faults

    try:
        return read_scenario(file)
    except ScenarioError as error:
        if json:
            faults = [fault.as_json() for fault in error.faults]
            print_json({"file": str(file), "applies": False, "faults": faults, "notes": []})
        elif len(error.faults) > 1:
            show_faults(error.faults)
        raise InputError(
            _("{file}: the form has faults ({count}); the first: {first}").format(
                file=file, count=len(error.faults), first=error.faults[0]
            )
        ) from error


def refuse(scenario: "Scenario", file: Path, found: "Applied", *, json: bool) -> None:
    """Where the scenario has faults, show them and raise the first as InputError."""
    from samenspel.errors import InputError
    from samenspel.terminal.scenario import show_faults

    if not found.faults:
        return
    if json:
        print_json(checked_json(scenario, file, found))
    elif len(found.faults) > 1:
        show_faults(found.faults)
    raise InputError(
        _("{file}: nothing is applied, for there are faults ({count}); the first: {first}").format(
            file=file, count=len(found.faults), first=found.faults[0]
        )
    )


def checked_rules(study: "Study", fund: Path | None) -> None:
    """Raise InputError where the rules in ``fund`` are no rules after the operations."""
    from samenspel.fund.reading import rules_of

    if fund is not None and study.policy.fund is not None:
        rules_of(study.policy.fund, _("{file} after the operations").format(file=fund.name))


def checked_json(scenario: "Scenario", file: Path, found: "Applied") -> dict[str, Any]:
    """The JSON of ``scenario check``."""
    return {
        "file": str(file),
        "title": scenario.title,
        "operations": [operation.called for operation in scenario.operations],
        "applies": not found.faults,
        "faults": [fault.as_json() for fault in found.faults],
        "notes": list(found.notes),
    }


def check(
    file: File, folder: Folder, fund: Fund = None, date: On = None, json: Json = False
) -> None:
    from samenspel.scenario.scenario import apply as applied_to
    from samenspel.terminal.scenario import show_check

    scenario = read(file, json=json)
    found = applied_to(study_of(folder, fund, date), scenario)
    refuse(scenario, file, found, json=json)
    if found.study is not None:
        checked_rules(found.study, fund)
    if json:
        print_json(checked_json(scenario, file, found))
    else:
        show_check(scenario, found)


def apply(
    file: File,
    folder: Folder,
    out: Out,
    fund: Fund = None,
    date: On = None,
    json: Json = False,
) -> None:
    from samenspel.cli.importing import finish_import
    from samenspel.errors import InputError
    from samenspel.landscape.package import may_write
    from samenspel.scenario.changes import changes
    from samenspel.scenario.scenario import apply as applied_to
    from samenspel.screening.screen import about
    from samenspel.terminal.scenario import show_applied

    if folder.resolve() in (out.resolve(), *out.resolve().parents):
        raise InputError(
            _("--out {folder}: a scenario leaves the landscape that it starts from as it is; name "
              "another folder.").format(folder=out)
        )  # fmt: skip
    may_write(out, replace=True)
    scenario = read(file, json=json)
    study = study_of(folder, fund, date)
    found = applied_to(study, scenario)
    refuse(scenario, file, found, json=json)
    assert found.study is not None
    checked_rules(found.study, fund)
    after, policy = found.study.landscape, found.study.policy
    findings = finish_import(after, [], out)
    changed = changes(study.landscape, after)
    if json:
        print_json(
            {
                **checked_json(scenario, file, found),
                "landscape": about(after),
                "folder": str(out),
                "rows": {name: frame.height for name, frame in after.frames.items()},
                "changed": changed,
                "policy": {
                    "fund": None if policy.fund is None else plain(policy.fund),
                    "parameters": plain(policy.parameters),
                },
                **checked(findings),
            }
        )
    else:
        show_applied(scenario, found, changed, out, policy)


def plain(value: Any) -> Any:
    """Plain data of YAML as JSON can hold it: days become text."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, Date) else value


def combine(
    first: First,
    second: Second,
    folder: Folder,
    out: OutFile = None,
    fund: Fund = None,
    date: On = None,
    json: Json = False,
) -> None:
    from samenspel.errors import InputError
    from samenspel.scenario.scenario import combine as both_of
    from samenspel.scenario.scenario import write_scenario
    from samenspel.terminal.scenario import show_apart, show_combined

    checked_file(out)
    scenarios = read(first, json=json), read(second, json=json)
    found = both_of(study_of(folder, fund, date), *scenarios)
    text = "" if found.scenario is None else write_scenario(found.scenario)
    if json:
        print_json({"scenario": text or None, **found.as_json()})
    if found.scenario is None:
        if not json:
            show_apart(found)
        raise InputError(
            _("{first} and {second} cannot be combined on this landscape; it is said above where.")
            .format(first=first, second=second)
        )  # fmt: skip
    written = write_file(out, text)
    if not json:
        show_combined(found, text, written)


def from_plan(
    plan: Annotated[
        Path,
        typer.Argument(
            help=_("the .json file of samenspel rationalise, delineate or zones"),
            show_default=False,
        ),
    ],
    zoning: Annotated[
        str | None,
        typer.Option("--zoning", help=_("the code of the zoning that a drawn plan replaces or "
                                        "makes; else plan")),
    ] = None,
    out: OutFile = None,
    json: Json = False,
) -> None:  # fmt: skip
    from samenspel.scenario.fromplans import read_plan
    from samenspel.scenario.scenario import write_scenario
    from samenspel.terminal.scenario import show_text

    checked_file(out)
    scenario = read_plan(plan, zoning)
    text = write_scenario(scenario)
    written = write_file(out, text)
    if json:
        operations = [operation.called for operation in scenario.operations]
        print_json({"title": scenario.title, "operations": operations, "scenario": text})
    else:
        show_text(text, len(scenario.operations), written)


def checked_file(out: Path | None) -> None:
    """Raise InputError where ``out`` is no place for a scenario."""
    from samenspel.errors import InputError
    from samenspel.landscape.wholefolder import checked_place

    if out is None:
        return
    if out.suffix.lower() not in (".yaml", ".yml"):
        raise InputError(
            _("{option} {file}: {kind} is called {suffix}; name it so.").format(
                option="--out", file=out, kind=_("a scenario"), suffix=".yaml"
            )
        )
    if out.exists():
        raise InputError(
            _("{file} is there already, and somebody may have worked on it; name another place or "
              "remove it.").format(file=out)
        )  # fmt: skip
    checked_place(out)


def write_file(out: Path | None, text: str) -> Path | None:
    """Write ``text`` as ``out``, where that is asked."""
    from samenspel.landscape.wholefolder import whole_file

    if out is not None:
        whole_file(out, text.encode())
    return out
