"""The command that says who bears what."""

import json as json_module
from pathlib import Path
from typing import Annotated

import typer

from samenspel.cli.common import Json, print_json
from samenspel.language import _


def share(
    file: Annotated[
        Path | None,
        typer.Argument(help=_("a YAML or JSON file with what is shared"), show_default=False),
    ] = None,
    example: Annotated[
        str | None,
        typer.Option("--example", help=_("an example instead: crisisopvang or bedrijventerrein")),
    ] = None,
    rules: Annotated[
        list[str] | None,
        typer.Option("--rule", help=_("only this rule; may be given more than once")),
    ] = None,
    explain: Annotated[
        str | None, typer.Option("--explain", help=_("why one party bears what it bears"))
    ] = None,
    seed: Annotated[
        int, typer.Option("--seed", min=0, help=_("of the orders that are drawn by chance"))
    ] = 1,
    samples: Annotated[
        int,
        typer.Option(
            "--samples",
            min=100,
            max=1_000_000,
            help=_("how many orders to draw where there are too many parties to count out"),
        ),
    ] = 2_000,
    out: Annotated[
        Path | None, typer.Option("--out", help=_("a JSON file to write"), show_default=False)
    ] = None,
    json: Json = False,
) -> None:
    from samenspel.errors import InputError
    from samenspel.landscape.wholefolder import checked_place, whole_file
    from samenspel.sharing.examples import example_file
    from samenspel.sharing.explain import explain as explanation_of
    from samenspel.sharing.share import share as share_file
    from samenspel.sharing.sharefile import read_sharefile
    from samenspel.sharing.telling import as_json
    from samenspel.terminal.sharing import show_explanation, show_sharing

    if out is not None:
        if out.suffix != ".json":
            raise InputError(_("--out {file}: give a name that ends in .json.").format(file=out))
        checked_place(out)
    if (file is None) == (example is None):
        raise InputError(_("Give either a file or --example with the name of an example."))
    stated = read_sharefile(file or example_file(example or ""))
    found = share_file(stated, rules or (), samples=samples, seed=seed)
    why = None if explain is None else explanation_of(found, explain)
    data = as_json(found) | {"explanation": None if why is None else why.as_json()}
    if out is not None:
        text = json_module.dumps(data, ensure_ascii=False, indent=1, allow_nan=False)
        whole_file(out, f"{text}\n".encode())
    if json:
        print_json(data)
        return
    show_sharing(found)
    if why is not None:
        show_explanation(found, why)
    if out is not None:
        typer.echo(_("Written: {file}").format(file=out))
