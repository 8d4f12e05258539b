"""A checkpoint as bytes: plain data and arrays, and nothing that could run."""

import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

HEAD = "head"
Arrays = Mapping[str, NDArray[Any]]


def packed(head: Any, arrays: Arrays) -> bytes:
    """``head`` (JSON) and ``arrays`` as bytes."""
    file = io.BytesIO()
    told = np.frombuffer(json.dumps(head).encode(), np.uint8)
    named: Any = {HEAD: told, **arrays}
    np.savez_compressed(file, **named)
    return file.getvalue()


def unpacked(data: bytes) -> tuple[Any, dict[str, NDArray[Any]]]:
    """What ``packed`` was given."""
    with np.load(io.BytesIO(data), allow_pickle=False) as found:
        arrays = {name: found[name] for name in found.files}
    return json.loads(arrays.pop(HEAD).tobytes()), arrays
