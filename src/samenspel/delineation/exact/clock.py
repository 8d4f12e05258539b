"""How long exact work may last."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Clock:
    """Says when to stop: at a moment, or once someone has interrupted."""

    def __init__(self, seconds: float | None = None) -> None:
        """Stops in so many seconds; None: never."""
        self.until = None if seconds is None else time.monotonic() + seconds
        self.stopped = False

    def over(self) -> bool:
        """Whether to stop."""
        if self.until is not None and time.monotonic() >= self.until:
            self.stopped = True
        return self.stopped

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """Within, an interrupt (Ctrl-C) stops the clock instead of losing what was found."""
        try:
            yield
        except KeyboardInterrupt:
            self.stopped = True
