"""The command that takes a landscape folder or a workbook into a register, with a preview."""

from pathlib import Path
from typing import Annotated, Any

import typer

from samenspel.cli.common import Json, On, print_json
from samenspel.cli.registering import register
from samenspel.cli.serving import Data
from samenspel.language import _

WORKBOOK = ".xlsx"


def take_in(
    what: Annotated[
        Path, typer.Argument(help=_("a landscape folder or a workbook"), show_default=False)
    ],
    why: Annotated[
        str, typer.Option("--why", help=_("why, for whoever reads it later"), show_default=False)
    ],
    whole: Annotated[
        bool,
        typer.Option(
            "--whole", help=_("it names all there is: what it does not name ends on its day")
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=_("show what would change and change nothing"))
    ] = False,
    source: Annotated[
        str | None, typer.Option("--source", help=_("where it comes from"), show_default=False)
    ] = None,
    date: On = None,
    data: Data = None,
    json: Json = False,
) -> None:
    from samenspel.terminal.registering import show_import

    day = date.date() if date else None
    with register(data, make=not dry_run):
        from samenspel.register import acts, audit, reading
        from samenspel.register.importing import take_in
        from samenspel.register.preview import refuse_faulty

        acts.stated(why)
        taken: dict[str, Any]
        if is_history(what, day) and not reading.last_change():
            taken = whole_history(what, why, source, dry_run=dry_run)
            found = None
        else:
            found = previewed(what, day, whole=whole)
            taken = {**found.as_json(), "change": None}
            if json and (dry_run or found.faults):
                print_json(taken)
            refuse_faulty(found)
            if not dry_run and not found.batch.empty:
                taken["change"] = take_in(found, why, source)
        if taken["change"] is not None:
            audit.note("imported", change=taken["change"])
    if not json:
        show_import(taken, found)
    elif not dry_run:
        print_json(taken)


def is_history(what: Path, day: Any) -> bool:
    """Whether ``what`` is the folder of a chronicle, to be taken in with all its days."""
    from samenspel.landscape.package import read_descriptor
    from samenspel.landscape.wholefolder import standing

    if what.suffix.lower() == WORKBOOK or day is not None:
        return False
    folder = standing(what)
    return folder.is_dir() and read_descriptor(folder)[2] == "chronicle"


def previewed(what: Path, day: Any, *, whole: bool) -> Any:
    """What taking in ``what`` would do. Raises InputError where it cannot be used."""
    from samenspel.landscape.load import load
    from samenspel.register import pictures, workbooks

    if what.suffix.lower() == WORKBOOK:
        return workbooks.preview(what, remove=whole)
    return pictures.preview(load(what, day), whole)


def whole_history(what: Path, why: str, source: str | None, *, dry_run: bool) -> dict[str, Any]:
    """Take the history in the folder ``what`` over. Raises InputError with its first fault."""
    from samenspel.landscape.load import load, load_chronicle
    from samenspel.register.histories import moments, take_over
    from samenspel.register.writing import Reason

    load(what)  # which tells what is wrong with it
    chronicle = load_chronicle(what)
    change = None if dry_run else take_over(chronicle, Reason("import", why, source=source))
    return {
        "change": change,
        "moments": len(moments(chronicle.frames)),
        "tables": {name: {"added": frame.height} for name, frame in chronicle.frames.items()},
    }
