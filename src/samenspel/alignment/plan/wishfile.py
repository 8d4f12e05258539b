"""A file of wishes and settings, in YAML or JSON, read with the place of every fault."""

from collections.abc import Callable
from dataclasses import fields
from datetime import date as Date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from samenspel import yamlfile
from samenspel.alignment.plan.settings import Settings, Weights
from samenspel.alignment.plan.wishes import MOVES, Wish
from samenspel.landscape.codes import THEMES
from samenspel.language import _, mark
from samenspel.yamlfile import Source

Id = Annotated[str, Field(min_length=1, strict=True)]
Number = Annotated[int, Field(ge=0, strict=True)]
Operation = Literal["merge", "host", "dissolve", "shrink"]
KEYS = ("wishes", "settings")
WHOLE = mark("it needs a whole number")
NEEDS = {
    "join_themes": mark("it needs a list of lists of themes"),
    "host_across_themes": mark("it needs true or false"),
    "bar_unknown_moment": mark("it needs true or false"),
    "deadline": mark("it needs a date such as 2026-01-31"),
}


class Pair(BaseModel):
    """What goes, or does not go, into what."""

    model_config = ConfigDict(extra="forbid")
    partnership: Id
    carrier: Id


def each(kind: str) -> Callable[[list[str]], list[Wish]]:
    return lambda ids: [Wish(kind, partnership=id) for id in ids]


# What each kind of wish holds, and the wishes, one at a time, that it stands for.
KINDS: dict[str, tuple[Any, Callable[[Any], list[Wish]]]] = {
    "keep": (list[Id], each("keep")),
    "go": (list[Id], each("go")),
    "shrink": (list[Id], each("shrink")),
    "into": (Pair, lambda p: [Wish("into", p.partnership, p.carrier)]),
    "not_into": (Pair, lambda p: [Wish("not_into", p.partnership, p.carrier)]),
    "at_most": (Number, lambda n: [Wish("at_most", number=n)]),
    "without": (list[Operation], lambda names: [Wish("without", operation=n) for n in names]),
    "not_before": (Date, lambda day: [Wish("not_before", date=day)]),
    "not_after": (Date, lambda day: [Wish("not_after", date=day)]),
}


def read_wishes(file: Path) -> tuple[tuple[Wish, ...], Settings]:
    """The wishes and the settings of ``file``.

    The file holds ``wishes``, a list whose items have one key each (keep, go, shrink: ids; into,
    not_into: partnership and carrier; at_most: a number; without: operations; not_before,
    not_after: a date), and ``settings``, with the names of ``Settings``; both may be absent.
    Raises InputError with file, line, wish and key of the first thing that is wrong.
    """
    return wishes_in(yamlfile.read(file))


def wishes_in(source: Source) -> tuple[tuple[Wish, ...], Settings]:
    """The wishes and the settings of ``source``, which holds what such a file holds."""
    for key in source.data:
        if key not in KEYS:
            source.fail((key,), _("unknown; use one of {known}").format(known=", ".join(KEYS)))
    listed = source.data.get("wishes") or []
    if not isinstance(listed, list):
        source.fail(("wishes",), _("it must be a list"))
    wishes = tuple(wish for i, raw in enumerate(listed) for wish in wishes_of(source, i, raw))
    return wishes, settings_of(source)


def wishes_of(source: Source, i: int, raw: Any) -> list[Wish]:
    """The wishes of item ``i`` of the list."""
    path: tuple[str | int, ...] = ("wishes", i)
    name = _("wish {number}").format(number=i + 1)
    if not isinstance(raw, dict) or len(raw) != 1:
        source.fail(
            path,
            _("{wish} must have exactly one of {known}").format(wish=name, known=", ".join(KINDS)),
        )
    kind, value = next(iter(raw.items()))
    if kind not in KINDS:
        source.fail(
            (*path, kind),
            _("{wish}: unknown; use one of {known}").format(wish=name, known=", ".join(KINDS)),
        )
    shape, made = KINDS[kind]
    try:
        return made(TypeAdapter(shape).validate_python(value))
    except ValidationError as error:
        first = error.errors()[0]
        needs = {
            "into": _("it needs partnership and carrier, as text"),
            "not_into": _("it needs partnership and carrier, as text"),
            "at_most": _("it needs a whole number from 0"),
            "without": _("it needs a list of {known}").format(known=", ".join(MOVES)),
            "not_before": _("it needs a date such as 2026-01-31"),
            "not_after": _("it needs a date such as 2026-01-31"),
        }.get(kind, _("it needs a list of ids, as text in quotation marks"))
        source.fail((*path, kind, *first["loc"]), f"{name}: {needs}")


def setting_fault(fault: str, path: list[str], given: Any) -> str:
    """What is wrong with the setting at ``path``, and what belongs there."""
    owner = Weights if path[:1] == ["weights"] else Settings
    names = ", ".join(one.name for one in fields(owner))
    if fault == "unexpected_keyword_argument":
        return _("unknown; use one of {known}").format(known=names)
    if path == [] or path == ["weights"]:
        return _("it needs keys with values, among {known}").format(known=names)
    kind = NEEDS.get(path[0], WHOLE)
    return _("{value} does not belong here; {needs}").format(value=repr(given), needs=_(kind))


def settings_of(source: Source) -> Settings:
    """The settings of ``source``; those that it does not name as they are without it."""
    raw = source.data.get("settings")
    if raw is None:
        return Settings()
    try:
        settings = TypeAdapter(Settings).validate_python(raw)
    except ValidationError as error:
        first = error.errors()[0]
        source.fail(
            ("settings", *(str(part) for part in first["loc"])),
            setting_fault(first["type"], [str(part) for part in first["loc"]], first["input"]),
        )
    for group in settings.join_themes:
        for theme in group:
            if theme not in THEMES:
                source.fail(
                    ("settings", "join_themes"),
                    _("“{theme}” is no theme; use {known}").format(
                        theme=theme, known=", ".join(THEMES)
                    ),
                )
    return settings
