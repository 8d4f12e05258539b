"""Functions compiled to machine code by Numba (extra ``solve``), once, kept on disk.

Numba looks at the file of a function only, not at those whose code it takes in. So compiled code is
kept under a name that changes with any file that has such code: what runs is what is written.
"""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import numba

P = ParamSpec("P")
R = TypeVar("R")

HOME = Path(__file__).parent
KEPT = "compiled-"
MARK = b"delineation.compiled import"
OLD = 86_400  # seconds after which compiled code of other sources is dropped


def digest() -> str:
    """A short word for the text of all files of this room with compiled code."""
    found = hashlib.sha256()
    for file in sorted(HOME.rglob("*.py")):
        text = file.read_bytes()
        if MARK in text:
            found.update(text)
    return found.hexdigest()[:16]


def keep_compiled(home: Path) -> None:
    """Keep compiled code beside the sources, and drop old code of other sources; where nothing can
    be written Numba chooses a place itself."""
    folder = home / "__pycache__" / f"{KEPT}{digest()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.touch()
        for other in folder.parent.glob(f"{KEPT}*"):
            if folder.stat().st_mtime - other.stat().st_mtime > OLD:
                shutil.rmtree(other, ignore_errors=True)
    except OSError:
        return
    vars(numba.config)["CACHE_DIR"] = str(folder)


keep_compiled(HOME)
_njit: Any = numba.njit  # its types leave out _nrt: whether arrays are counted
_settings: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy"}
_compile: Any = _njit(**_settings, _nrt=False)
_inline: Any = _njit(**_settings, inline="always")
_making: Any = _njit(**_settings, _nrt=True)


def jit(function: Callable[P, R]) -> Callable[P, R]:
    """``function`` compiled: arrays and numbers in, numbers out; it runs without the interpreter's
    lock, so threads use all cores. It makes no arrays, so that nobody counts who holds which: that
    counting took nine tenths of the time of a hot loop over dozens of arrays."""
    compiled: Callable[P, R] = _compile(function)
    return compiled


def making(function: Callable[P, R]) -> Callable[P, R]:
    """The same for a function that makes arrays."""
    compiled: Callable[P, R] = _making(function)
    return compiled


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """``function`` compiled into its callers: for the small steps of a hot loop, where handing over
    dozens of arrays would cost more than the step."""
    compiled: Callable[P, R] = _inline(function)
    return compiled
