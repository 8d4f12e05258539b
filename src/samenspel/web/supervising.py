"""One process that keeps others running: begins them again when they die, ends them when it ends.

Each hears of its end through a pipe on its standard input (see ``beside``), so that none stays
behind even where this process is killed.
"""

import logging
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0)  # seconds before each new start; then it is given up
SOUND = 60.0  # seconds of life after which a death counts as the first again
GRACE = 25.0  # seconds to end in an orderly way
STOP = "stop"
log = logging.getLogger("samenspel.serve")


@dataclass(frozen=True)
class Child:
    """A process to keep running: its name, its module, its words, and sockets that it is given."""

    name: str
    module: str
    words: tuple[str, ...] = ()
    sockets: tuple[int, ...] = ()


@dataclass
class Kept:
    """A child as it runs."""

    child: Child
    process: subprocess.Popen[bytes]
    since: float
    deaths: int = 0


@dataclass
class Supervisor:
    """Keeps ``children`` running with ``environment`` until it is told to stop or gives one up."""

    children: Sequence[Child]
    environment: Mapping[str, str]
    pauses: Sequence[float] = PAUSES
    stopping: bool = False
    kept: dict[str, Kept] = field(default_factory=dict)
    heard: "queue.SimpleQueue[str]" = field(default_factory=queue.SimpleQueue)

    def run(self) -> str | None:
        """Run until told to stop: None; or until a child died too often: its name."""
        with self.listening():
            try:
                for child in self.children:
                    self.start(child)
                while True:
                    name = self.heard.get()
                    if name == STOP:
                        return None
                    if not self.again(name):
                        return None if self.stopping else name
            finally:
                self.end()

    def start(self, child: Child, deaths: int = 0) -> None:
        """Begin ``child`` and hear when it dies."""
        process = subprocess.Popen(
            [sys.executable, "-m", "samenspel.web.beside", child.name, child.module, *child.words],
            stdin=subprocess.PIPE,
            env={**os.environ, **self.environment},
            pass_fds=child.sockets,
            start_new_session=True,  # Ctrl-C in a terminal is for the supervisor
        )
        self.kept[child.name] = Kept(child, process, time.monotonic(), deaths)
        threading.Thread(target=self.wait, args=(child.name, process), daemon=True).start()
        log.info("started", extra={"child": child.name, "pid": process.pid})

    def wait(self, name: str, process: subprocess.Popen[bytes]) -> None:
        """Tell that the child called ``name`` died."""
        process.wait()
        self.heard.put(name)

    def again(self, name: str) -> bool:
        """Begin a child that died again, after a pause; False where it is given up, or somebody
        asked to stop meanwhile."""
        kept = self.kept[name]
        deaths = 0 if time.monotonic() - kept.since > SOUND else kept.deaths
        code = kept.process.returncode
        if kept.process.stdin:
            kept.process.stdin.close()
        if deaths >= len(self.pauses):
            log.error("given up", extra={"child": name, "code": code})
            return False
        pause = self.pauses[deaths]
        log.warning("died", extra={"child": name, "code": code, "pause": pause})
        until = time.monotonic() + pause
        others: list[str] = []
        while (left := until - time.monotonic()) > 0:
            try:
                said = self.heard.get(timeout=left)
            except queue.Empty:
                break
            if said == STOP:
                self.stopping = True
                return False
            others.append(said)
        for other in others:
            self.heard.put(other)
        self.start(kept.child, deaths + 1)
        return True

    def end(self) -> None:
        """End every child, in an orderly way if it does so in time."""
        for kept in self.kept.values():
            if kept.process.poll() is None:
                kept.process.terminate()
        until = time.monotonic() + GRACE
        for kept in self.kept.values():
            try:
                kept.process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                kept.process.kill()
                kept.process.wait()
            if kept.process.stdin:
                kept.process.stdin.close()
        log.info("stopped")

    @contextmanager
    def listening(self) -> Iterator[None]:
        """While SIGTERM and Ctrl-C ask to stop."""

        def hear(_number: int, _frame: FrameType | None) -> None:
            self.heard.put(STOP)

        before = {n: signal.signal(n, hear) for n in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, was in before.items():
                signal.signal(number, was)
