"""Functions compiled to machine code by Numba (extra ``solve``), once, kept on disk beside them."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import numba

P = ParamSpec("P")
R = TypeVar("R")

_compile: Any = numba.njit(cache=True, nogil=True, error_model="numpy")


def jit(function: Callable[P, R]) -> Callable[P, R]:
    """``function`` compiled: arrays and numbers in and out; it runs without the interpreter's lock,
    so threads use all cores."""
    compiled: Callable[P, R] = _compile(function)
    return compiled
