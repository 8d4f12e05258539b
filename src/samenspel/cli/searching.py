"""What the commands that draw zones share: files, limits of time, a line of progress, Ctrl-C."""

import math
import shlex
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from samenspel.cli.common import progress, tell_other_day
from samenspel.errors import InputError
from samenspel.language import _

if TYPE_CHECKING:
    from samenspel.landscape.landscape import Landscape

Seed = Annotated[int, typer.Option("--seed", min=0, help=_("another seed makes another search"))]
Iterations = Annotated[
    int | None,
    typer.Option(
        "--iterations",
        help=_("steps to search instead of a time: the same seed then gives the same plan"),
    ),
]
Out = Annotated[Path | None, typer.Option("--out", help=_("the .json file to write as well"))]
Map = Annotated[
    Path | None, typer.Option("--map", help=_("the .gpkg file to write: zones and municipalities"))
]
Page = Annotated[Path | None, typer.Option("--page", help=_("the .html file to write, with maps"))]
WRITTEN = ("--out", "--map", "--page")
NEEDED = ("numba", "ortools")
Tell = Callable[[str, float | None], None]


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


def checked_written(
    landscape: "Landscape", out: Path | None, map_file: Path | None = None, page: Path | None = None
) -> None:
    """Raise InputError where one of the files cannot be written, before anything is searched."""
    from samenspel.exchange.plans import checked_files
    from samenspel.reports.page import may_replace

    checked_files(landscape, out, map_file)
    if page is not None:
        may_replace(page)


def needs_solve() -> None:
    """Raise InputError where the libraries of the extra ``solve`` are not installed."""
    if any(find_spec(name) is None for name in NEEDED):
        raise InputError(
            _("Drawing zones needs Numba and OR-Tools; install them with: pip install "
              "samenspel[solve]")
        )  # fmt: skip


def checked_time(seconds: float | None, iterations: int | None = None) -> None:
    """Raise InputError for limits that are none or contradict each other."""
    if seconds is not None and iterations is not None:
        raise InputError(_("Give --seconds or --iterations, not both."))
    if seconds is not None and not (seconds > 0 and math.isfinite(seconds)):
        raise InputError(
            _("--seconds {seconds}: the time to search is a number above 0.").format(
                seconds=f"{seconds:g}"
            )
        )
    if iterations is not None and iterations < 1:
        raise InputError(
            _("--iterations {iterations}: the steps to search are a number from 1 on.").format(
                iterations=iterations
            )
        )


@dataclass
class Stop:
    """``asked``: whether Ctrl-C was heard. ``raises``: it ends what runs, where nobody catches it;
    otherwise only when it is heard again, so that a search can end by itself."""

    asked: bool = False
    raises: bool = True


@contextmanager
def stoppable() -> Iterator[Stop]:
    """What Ctrl-C asks of the block, which says itself how it is heard."""
    stop = Stop()

    def heard(_number: int, _frame: FrameType | None) -> None:
        again, stop.asked = stop.asked, True
        if stop.raises or again:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, heard)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def line(*, quiet: bool) -> Iterator[Tell]:
    """A line on standard error, where somebody can see it; gives what tells how far it is: words,
    and the part that is done (None: not known)."""
    with progress(quiet=quiet) as bar:
        task = bar.add_task("", total=None)

        def tell(words: str, done: float | None) -> None:
            total = None if done is None else 1.0
            bar.update(task, description=words, total=total, completed=min(done or 0.0, 1.0))

        yield tell
