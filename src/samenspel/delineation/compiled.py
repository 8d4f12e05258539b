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
_compile: Any = numba.njit(cache=True, nogil=True, error_model="numpy")
_inline: Any = numba.njit(cache=True, nogil=True, error_model="numpy", inline="always")


def jit(function: Callable[P, R]) -> Callable[P, R]:
    """``function`` compiled: arrays and numbers in and out; it runs without the interpreter's lock,
    so threads use all cores."""
    compiled: Callable[P, R] = _compile(function)
    return compiled


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """``function`` compiled into its callers: for the small steps of a hot loop, where handing over
    dozens of arrays would cost more than the step."""
    compiled: Callable[P, R] = _inline(function)
    return compiled
