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


_inline: Any = numba.njit(cache=True, nogil=True, error_model="numpy", inline="always")


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """``function`` compiled into its callers: for the small steps of a hot loop, where handing over
    dozens of arrays would cost more than the step."""
    compiled: Callable[P, R] = _inline(function)
    return compiled
