"""What a command that searches shows and hears: a line of progress, Ctrl-C, limits of time."""

import math
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from threading import Event
from types import FrameType

from samenspel.cli.common import progress
from samenspel.errors import InputError
from samenspel.language import _

NEEDED = ("numba", "ortools")
Tell = Callable[[str, float | None], None]


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


@contextmanager
def stoppable(*, raises: bool = False) -> Iterator[Event]:
    """An event that Ctrl-C sets. The first does no more, so that a search can end by itself, where
    not ``raises``; else the program ends where nobody catches it."""
    stop = Event()

    def heard(_number: int, _frame: FrameType | None) -> None:
        again = stop.is_set()
        stop.set()
        if raises or again:
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
