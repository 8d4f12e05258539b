"""One process of the server, run beside the others: ``python -m samenspel.web.beside NAME MODULE``.

It ends when the process that started it does, however that ended, since the pipe on standard input
closes then; and while it lives it says so by touching its file in the data folder.
"""

import os
import runpy
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from samenspel import language

HEARTBEAT = "worker.alive"
BEAT = 5.0  # seconds between two signs of life
SILENT = 60.0  # seconds without one after which somebody should look
GRACE = 20.0  # seconds to end in an orderly way


def watch(end: Callable[[], None]) -> None:
    """Call ``end`` once standard input closes."""
    while os.read(0, 1024):
        pass
    end()


def end() -> None:
    """End in an orderly way, and at once where that takes too long."""
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(GRACE)
    os._exit(1)


def beat(file: Path) -> None:
    """Touch ``file`` now and then, for as long as the process lives."""
    never = threading.Event()
    while True:
        file.touch(mode=0o600)
        never.wait(BEAT)


def main() -> None:
    """Run a module as a process of the server."""
    from samenspel.web import logs

    name, module = sys.argv[1:3]
    language.use(os.environ.get("SAMENSPEL_LANG") or language.DEFAULT)
    logs.configure(name)
    threading.Thread(target=watch, args=(end,), daemon=True).start()
    if name == "worker":
        file = Path(os.environ["SAMENSPEL_DATA"]) / HEARTBEAT
        threading.Thread(target=beat, args=(file,), daemon=True).start()
    sys.argv[1:] = sys.argv[3:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
