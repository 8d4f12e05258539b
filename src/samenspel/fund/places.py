"""Where something stands in the rules of a fund, as messages say it."""

from collections.abc import Mapping
from dataclasses import dataclass

from samenspel.language import _
from samenspel.yamlfile import KeyPath


@dataclass(frozen=True)
class Place:
    """The key ``path`` of the rules called ``name``. ``lines``: the line of every key, empty where
    the rules stand in no file."""

    name: str
    lines: Mapping[KeyPath, int]
    path: KeyPath = ()

    def at(self, *keys: str | int) -> "Place":
        """The place of ``keys`` under this one."""
        return Place(self.name, self.lines, (*self.path, *keys))

    def __str__(self) -> str:
        place = self.name
        if self.lines:
            above = (self.path[:end] for end in range(len(self.path), 0, -1))
            line = next((self.lines[path] for path in above if path in self.lines), 1)
            place = _("{file}, line {line}").format(file=place, line=line)
        keys = ".".join(map(str, self.path)) or "-"
        return _("{place}, key {key}").format(place=place, key=keys)
