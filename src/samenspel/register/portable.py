"""Values of the register as they stand in a back-up: JSON that is the same whichever database they
come from, and back."""

import base64
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from datetime import date as Date
from typing import Any

Turn = Callable[[Any], Any]


def moment_out(value: datetime) -> str:
    """A moment in UTC, to the microsecond; SQLite gives it without its zone."""
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="microseconds")


OUT: dict[str, Turn] = {
    "integer": int,
    "text": str,
    "boolean": bool,
    "number": float,
    "date": Date.isoformat,
    "datetime": moment_out,
    "binary": lambda value: base64.b64encode(bytes(value)).decode("ascii"),
    "json": lambda value: dumped(json.loads(value)),
}


def plain(kind: type, value: Any) -> Any:
    """``value``, which must be of ``kind`` and nothing like it."""
    if type(value) is not kind:
        raise ValueError(value)
    return value


def moment_in(value: Any) -> datetime:
    """What ``moment_out`` wrote."""
    moment = datetime.fromisoformat(plain(str, value))
    if moment_out(moment) != value:
        raise ValueError(value)
    return moment


def integer_in(value: Any) -> int:
    number: int = plain(int, value)
    if not -(2**63) <= number < 2**63:
        raise ValueError(value)
    return number


IN: dict[str, Turn] = {
    "integer": integer_in,
    "text": lambda value: plain(str, value),
    "boolean": lambda value: plain(bool, value),
    "number": lambda value: plain(float, value),
    "date": lambda value: Date.fromisoformat(plain(str, value)),
    "datetime": moment_in,
    "binary": lambda value: base64.b64decode(plain(str, value), validate=True),
    "json": lambda value: dumped(json.loads(plain(str, value))),
}
STORED: dict[str, Turn] = {  # as SQLite keeps them, and as Django writes them there
    "date": Date.isoformat,
    "datetime": lambda value: str(value.replace(tzinfo=None)),
}


def dumped(value: Any) -> str:
    """``value`` as JSON on one line, the same for equal values."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def line(kinds: Sequence[str], row: Sequence[Any]) -> bytes:
    """``row`` as a line of a back-up."""
    turned = [
        None if value is None else OUT[kind](value) for kind, value in zip(kinds, row, strict=True)
    ]
    return dumped(turned).encode("utf-8", "strict") + b"\n"


def row(kinds: Sequence[str], text: bytes, vendor: str) -> list[Any]:
    """The values of a line of a back-up for a database of ``vendor``. Raises ValueError where it is
    not such a line."""
    found = json.loads(text)
    if not isinstance(found, list) or len(found) != len(kinds):
        raise ValueError(found)
    turned = [
        None if value is None else IN[kind](value) for kind, value in zip(kinds, found, strict=True)
    ]
    if vendor == "sqlite":
        turned = [
            value if value is None or kind not in STORED else STORED[kind](value)
            for kind, value in zip(kinds, turned, strict=True)
        ]
    return turned
