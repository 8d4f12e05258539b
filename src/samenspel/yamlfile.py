"""A YAML file as plain data, with the line of every key, read by the safe loader."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import yaml

from samenspel.errors import InputError
from samenspel.language import _

KeyPath = tuple[str | int, ...]  # keys and numbers in lists, from the top of the file

# Choices, far above what a person writes: a file of these takes a second to read. A few aliases can
# stand for millions of items, so what they stand for is counted.
MOST_BYTES = 100_000
MOST_PARTS = 20_000


class Refused(yaml.YAMLError):
    """YAML that we do not take, with the reason and the place."""

    def __init__(self, problem: str, mark: Any = None) -> None:
        super().__init__(problem)
        self.problem_mark = mark


@dataclass(frozen=True)
class Source:
    """What a file holds. ``lines``: the line, from 1, of every key and list item by its path.
    ``lined``: no where the data comes from no file, and ``file`` is only what messages call it."""

    file: Path
    data: Any
    lines: dict[KeyPath, int]
    lined: bool = True

    @property
    def name(self) -> str:
        """How messages call the file: with its folder, for two may have one name."""
        return short(self.file)

    def line(self, path: KeyPath) -> int:
        """The line of ``path``, or of the nearest that stands above it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def fail(self, path: KeyPath, what: str, owner: str = "") -> NoReturn:
        """Raise the InputError that says ``what`` is wrong at ``path`` of ``owner``, a rule."""
        keys = ".".join(str(key) for key in path) or "-"
        place = self.name
        if self.lined:
            place = _("{file}, line {line}").format(file=self.name, line=self.line(path))
        if owner:
            place += ", " + _("rule {rule}").format(rule=owner)
        raise InputError(_("{place}, key {key}: {what}.").format(place=place, key=keys, what=what))


def read(file: Path, most_bytes: int = MOST_BYTES, most_parts: int = MOST_PARTS) -> Source:
    """The data of ``file`` with its lines. Raises InputError where it cannot be read as text, where
    it is no YAML or too large, where a key stands twice, or where it is no mapping."""
    text = text_of(file, most_bytes)
    lines: dict[KeyPath, int] = {}
    try:
        loader = yaml.SafeLoader(text)
        try:
            node = loader.get_single_node()
            twice = _mark(node, (), lines, most_parts)
            data = None if node is None else loader.construct_document(node)
        finally:
            loader.dispose()
    # Beside errors of its own the loader lets through what a day such as 2025-02-30 raises, and
    # what lists raise that stand too deep in each other.
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = 1 if mark is None else mark.line + 1
        if isinstance(error, Refused):
            problem = str(error)
        elif isinstance(error, RecursionError):
            problem = _("too many levels in each other")
        elif mark is None:
            problem = _("a character or a value that cannot be read")
        else:
            problem = _("at character {column}").format(column=mark.column + 1)
        raise InputError(
            _("{file}, line {line}: this is not valid YAML ({problem}); correct the file.").format(
                file=short(file), line=line, problem=problem
            )
        ) from error
    source = Source(file, data, lines)
    if twice:
        source.fail(twice, _("it stands there twice; keep one"))
    if not isinstance(data, dict):
        raise InputError(
            _("{file}, line 1: the file must hold keys with values, such as key: value.").format(
                file=short(file)
            )
        )
    return source


def short(file: Path) -> str:
    """The name of ``file`` with its folder, where that has a name."""
    return f"{file.parent.name}/{file.name}" if file.parent.name else file.name


def text_of(file: Path, most_bytes: int = MOST_BYTES) -> str:
    """The text of ``file``. Raises InputError where it is not there, too large, no text in UTF-8,
    or closed to us."""
    if file.is_dir():
        raise InputError(_("{file}: this is a folder; give a YAML or JSON file.").format(file=file))
    try:
        with file.open("rb") as stream:
            raw = stream.read(most_bytes + 1)
        if len(raw) > most_bytes:
            raise InputError(
                _("{file}: a file may have at most {most} kB; make it shorter.").format(
                    file=file, most=most_bytes // 1000
                )
            )
        return raw.decode("utf-8")
    except FileNotFoundError as error:
        raise InputError(_("{file}: there is no such file.").format(file=file)) from error
    except UnicodeDecodeError as error:
        raise InputError(
            _("{file}: this is no text in UTF-8; save it so.").format(file=file)
        ) from error
    except OSError as error:
        raise InputError(
            _("File {file} cannot be read as text; give a YAML or JSON file.").format(file=file)
        ) from error


def _mark(node: Any, path: KeyPath, lines: dict[KeyPath, int], most: int) -> KeyPath:
    """Note the line of everything under ``node``; the path of a key that stands twice, or ()."""
    twice: KeyPath = ()
    if len(lines) > most:
        raise Refused(_("more than {most} keys and items, aliases written out").format(most=most))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise Refused(_("a key is one word or number"), key.start_mark)
            inner = (*path, key.value)
            if inner in lines and not twice:
                twice = inner
            lines[inner] = key.start_mark.line + 1
            twice = _mark(value, inner, lines, most) or twice
    elif isinstance(node, yaml.SequenceNode):
        for i, item in enumerate(node.value):
            lines[(*path, i)] = item.start_mark.line + 1
            twice = _mark(item, (*path, i), lines, most) or twice
    return twice
