"""A YAML file as plain data, with the line of every key, read by the safe loader."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import yaml

from samenspel.errors import InputError
from samenspel.language import _
from samenspel.law.conditions import Path as KeyPath


@dataclass(frozen=True)
class Source:
    """What a file holds. ``lines``: the line, from 1, of every key and list item by its path."""

    file: Path
    data: Any
    lines: dict[KeyPath, int]

    @property
    def name(self) -> str:
        """How messages call the file: with its folder, for two may have one name."""
        return f"{self.file.parent.name}/{self.file.name}"

    def line(self, path: KeyPath) -> int:
        """The line of ``path``, or of the nearest that stands above it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def fail(self, path: KeyPath, what: str, owner: str = "") -> NoReturn:
        """Raise the InputError that says ``what`` is wrong at ``path`` of ``owner``, a rule."""
        keys = ".".join(str(key) for key in path) or "-"
        place = _("{file}, line {line}").format(file=self.name, line=self.line(path))
        if owner:
            place += ", " + _("rule {rule}").format(rule=owner)
        raise InputError(_("{place}, key {key}: {what}.").format(place=place, key=keys, what=what))


def read(file: Path) -> Source:
    """The data of ``file`` with its lines. Raises InputError where it is no YAML, where a key
    stands twice, or where it is no mapping."""
    loader = yaml.SafeLoader(file.read_text(encoding="utf-8"))
    lines: dict[KeyPath, int] = {}
    try:
        node = loader.get_single_node()
        twice = _mark(node, (), lines)
        data = None if node is None else loader.construct_document(node)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        line = 1 if mark is None else mark.line + 1
        raise InputError(
            _("{file}, line {line}: this is not valid YAML ({problem}); correct the file.").format(
                file=f"{file.parent.name}/{file.name}", line=line, problem=problem
            )
        ) from error
    finally:
        loader.dispose()
    source = Source(file, data, lines)
    if twice:
        source.fail(twice, _("it stands there twice; keep one"))
    if not isinstance(data, dict):
        source.fail((), _("the file must hold keys with values"))
    return source


def _mark(node: Any, path: KeyPath, lines: dict[KeyPath, int]) -> KeyPath:
    """Note the line of everything under ``node``; the path of a key that stands twice, or ()."""
    twice: KeyPath = ()
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*path, key.value)
            if inner in lines and not twice:
                twice = inner
            lines[inner] = key.start_mark.line + 1
            twice = _mark(value, inner, lines) or twice
    elif isinstance(node, yaml.SequenceNode):
        for i, item in enumerate(node.value):
            lines[(*path, i)] = item.start_mark.line + 1
            twice = _mark(item, (*path, i), lines) or twice
    return twice
