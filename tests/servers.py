"""A real ``samenspel serve`` for tests: its processes, its address, what it says."""

import json
import os
import queue
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PATIENCE = 120.0  # seconds; only a test that fails waits so long
BARE = {"SAMENSPEL_DATABASE": "", "SAMENSPEL_SECRET_KEY": "", "SAMENSPEL_HOSTS": ""}


class Server:
    """A server that was started, its lines as they come."""

    def __init__(self, *words: str, language: str = "en", **environment: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "samenspel", "--lang", language, "serve", "--port", "0", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **BARE, **environment, "PYTHONUNBUFFERED": "1"},
            encoding="utf-8",
        )
        self.said: list[str] = []
        self.logged: list[dict[str, Any]] = []
        self.lines: queue.Queue[str | None] = queue.Queue()
        self.events: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self.readers = [
            threading.Thread(target=self.read_lines, daemon=True),
            threading.Thread(target=self.read_log, daemon=True),
        ]
        for reader in self.readers:
            reader.start()

    def read_lines(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.said.append(line.rstrip("\n"))
            self.lines.put(line.rstrip("\n"))
        self.lines.put(None)

    def read_log(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            event = json.loads(line) if line.startswith("{") else {"message": line.rstrip("\n")}
            self.logged.append(event)
            self.events.put(event)
        self.events.put(None)

    def line(self) -> str:
        """The next line on standard output."""
        found = self.lines.get(timeout=PATIENCE)
        assert found is not None, self.logged
        return found

    def event(self, message: str, **values: Any) -> dict[str, Any]:
        """The next entry of the log with this message and these values."""
        while True:
            found = self.events.get(timeout=PATIENCE)
            assert found is not None, self.logged
            if found["message"] == message and values.items() <= found.items():
                return found

    def address(self) -> str:
        """Where it listens, from its first line."""
        first = self.line()
        assert first.startswith("Samenspel listens on http://"), first
        return first.split()[3].rstrip("/")

    def ended(self) -> int:
        """Its exit code, once it has ended and everything that it said was read."""
        code = self.process.wait(PATIENCE)
        for reader in self.readers:
            reader.join(PATIENCE)
        return code


@contextmanager
def serving(*words: str, **how: str) -> Iterator[Server]:
    """A server for the block, ended after it whatever happens."""
    server = Server(*words, **how)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.process.terminate()
            try:
                server.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                server.process.kill()
                server.process.wait()
        for reader in server.readers:
            reader.join(PATIENCE)
        for stream in (server.process.stdout, server.process.stderr):
            assert stream
            stream.close()


def asked(address: str) -> tuple[int, str]:
    """What stands at ``address``: the status and the text."""
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def health(address: str) -> dict[str, Any]:
    """How the server at ``address`` is."""
    status, text = asked(f"{address}/gezondheid")
    assert status == 200, text
    found: dict[str, Any] = json.loads(text)
    return found


def mode(path: Path) -> int:
    """Who may do what with a file."""
    return path.stat().st_mode & 0o777
