"""A part of a text about a comparison: sentences, and tables under them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from samenspel.language import _

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Table:
    """``left``: how many of the first columns are words."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    left: int = 1


@dataclass(frozen=True)
class Section:
    """One piece in words: sentences, and tables under them. ``differs``: whether anything does."""

    name: str
    title: str
    differs: bool = True
    lines: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


def few(listed: Sequence[str], most: int = 12) -> str:
    """Some names, and how many more there are."""
    if len(listed) <= most:
        return ", ".join(listed)
    return _("{names} and {more} more").format(
        names=", ".join(listed[:most]), more=len(listed) - most
    )


def add(
    section: Section, title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1
) -> None:
    """Add a table where it has rows."""
    if rows:
        section.tables.append(Table(title, heads, rows, left))
