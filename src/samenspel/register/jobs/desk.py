"""What a computation sees of the queue: it tells how far it is, keeps what it has, hears a stop."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event

CANCELLED, LOST, RETURNED = "cancelled", "lost", "returned"


class Stopped(Exception):
    """The computation was stopped from outside and gives nothing."""


@dataclass
class Desk:
    """The desk of one job that runs. ``save``: keeps a checkpoint. ``ends``: set once the worker
    has to end. ``checkpoint``: what an earlier start kept last. ``every``: seconds between two
    checkpoints, at least. ``files``: what the job has made beside its result."""

    save: Callable[[bytes], None]
    ends: Event
    checkpoint: bytes | None = None
    every: float = 0.0
    files: dict[str, bytes] = field(default_factory=dict)
    cancelled: Event = field(default_factory=Event)
    lost: Event = field(default_factory=Event)
    said: tuple[float, float | None, str] | None = None
    waiting: Callable[[], bytes] | None = None
    kept_at: float = float("-inf")

    @property
    def stopped(self) -> str | None:
        """Why the computation has to stop; None where it may go on."""
        if self.lost.is_set():
            return LOST
        if self.cancelled.is_set():
            return CANCELLED
        return RETURNED if self.ends.is_set() else None

    def go_on(self) -> None:
        """Raise Stopped where the computation has to stop."""
        if self.stopped:
            raise Stopped(self.stopped)

    def say(self, done: float, total: float | None, message: str) -> None:
        """Tell how far it is and in words what happens; the next sign of life passes it on."""
        self.said = (done, total, message)

    def keep(self, made: Callable[[], bytes]) -> None:
        """Keep what ``made`` gives, now or, soon after another, when it is time."""
        self.waiting = made
        if time.monotonic() - self.kept_at >= self.every:
            self.flush()

    def flush(self) -> None:
        """Keep what still waits to be kept."""
        if self.waiting is not None:
            self.save(self.waiting())
            self.waiting, self.kept_at = None, time.monotonic()
