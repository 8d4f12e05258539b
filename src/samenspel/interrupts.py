"""Ctrl-C, before and beside the commands that hear it themselves."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from samenspel.language import _

INTERRUPTED = 130
CLEAN = "\r\x1b[2K\x1b[?25h"  # the line of progress away, the cursor back


def tell() -> None:
    """The one line on standard error that tells of it."""
    print(_("Interrupted."), file=sys.stderr, flush=True)


@contextmanager
def loading() -> Iterator[None]:
    """While libraries load or compile Ctrl-C ends the program at once. Raised in the midst of that
    an exception can be lost or come out as another, and nothing has begun that could be lost."""

    def leave(_number: int, _frame: FrameType | None) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(CLEAN)
        tell()
        os._exit(INTERRUPTED)

    before = signal.signal(signal.SIGINT, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
