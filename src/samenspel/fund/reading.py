"""Rules of a fund, from a YAML or JSON file or from plain data, with the place of a fault."""

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as field_of
from datetime import date as Date
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from pydantic import ValidationError

from samenspel import yamlfile
from samenspel.errors import InputError
from samenspel.fund.formula import Formula
from samenspel.fund.model import BUILT_IN, NEVER, RECEIVED, Block, Fund, Members
from samenspel.fund.places import Place
from samenspel.landscape.csvfile import read_csv
from samenspel.language import _
from samenspel.yamlfile import KeyPath

Fail = Callable[[KeyPath, str], NoReturn]

EXAMPLE = Path(__file__).with_name("rules") / "sbv-4.4.4.yaml"
FILE = "file"
FORMULAS = ("key", "floor", "cap", "supplement")


@dataclass(frozen=True)
class Rules:
    """The rules of a fund. ``data``: as plain data, which a scenario may change; ``name``: how
    messages call them; ``lines``: the line of every key, empty where they stand in no file as they
    are."""

    fund: Fund
    data: Mapping[str, Any]
    name: str
    lines: Mapping[KeyPath, int] = field_of(default_factory=dict)

    @property
    def place(self) -> Place:
        """Where they stand."""
        return Place(self.name, self.lines)


@cache
def example() -> Rules:
    """The rules that the project ships: an example, not the present law."""
    return read_rules(EXAMPLE)


def read_rules(file: Path) -> Rules:
    """The rules in ``file``; a figure may name a CSV ``file`` beside it with nis and value.

    Raises InputError with file, line and key for the first thing that is wrong.
    """
    source = yamlfile.read(file)

    def fail(path: KeyPath, what: str) -> NoReturn:
        source.fail(path, what)

    data = copy.deepcopy(source.data)
    figures = data.get("figures")
    for name, figure in figures.items() if isinstance(figures, dict) else ():
        if isinstance(figure, dict) and FILE in figure:
            beside = figure.pop(FILE)
            path = ("figures", str(name), FILE)
            if "values" in figure:
                fail(path, _("values stand here too; keep one"))
            if not isinstance(beside, str) or Path(beside).name != beside:
                fail(path, _("it must be the name of a CSV file beside this one"))
            figure["values"] = values_in(file.parent / beside)
    return Rules(checked(data, fail), data, source.name, source.lines)


def rules_of(data: Mapping[str, Any], name: str) -> Rules:
    """The rules in plain ``data``. Raises InputError with ``name`` and key."""

    def fail(path: KeyPath, what: str) -> NoReturn:
        raise InputError(
            _("{place}, key {key}: {what}.").format(
                place=name, key=".".join(map(str, path)) or "-", what=what
            )
        )

    plain = dict(data)
    return Rules(checked(plain, fail), plain, name)


def values_in(file: Path) -> dict[str, str]:
    """The numbers of a CSV file with columns nis and value, as text by code. Raises InputError."""
    if not file.is_file():
        raise InputError(_("{file}: there is no such file.").format(file=file))
    table = read_csv(file)
    for column in ("nis", "value"):
        if column not in table.columns:
            raise InputError(
                _("{file}: there is no column {column}; give nis and value.").format(
                    file=file.name, column=column
                )
            )
    found: dict[str, str] = {}
    for row, nis, value in table.select("_row", "nis", "value").iter_rows():
        if nis is None or nis in found:
            raise InputError(
                _("{file}, row {row}: the code is empty or stands there twice.").format(
                    file=file.name, row=row
                )
            )
        if value is not None:  # an empty cell is unknown
            found[nis] = value
    return found


def with_value(rules: Rules, path: str, value: Any) -> Rules:
    """The rules with ``value`` at ``path``, keys with points between such as blocks.basic.pot; the
    last may be new. Raises InputError."""
    data = copy.deepcopy(dict(rules.data))
    keys = path.split(".")
    inner: Any = data
    for i, key in enumerate(keys[:-1]):
        if not isinstance(inner, dict) or key not in inner:
            known = ", ".join(map(str, inner)) if isinstance(inner, dict) else _("none")
            raise InputError(
                _("{path}: there is no {key}; there are {known}.").format(
                    path=path, key=".".join(keys[: i + 1]), known=known
                )
            )
        inner = inner[key]
    if not isinstance(inner, dict):
        raise InputError(
            _("{path}: {key} holds no keys, so it has no {last}.").format(
                path=path, key=".".join(keys[:-1]), last=keys[-1]
            )
        )
    inner[keys[-1]] = value
    return rules_of(data, rules.name)


def checked(data: Mapping[str, Any], fail: Fail) -> Fund:
    """``data`` as rules; what is wrong goes to ``fail`` with its path."""
    try:
        fund = Fund.model_validate(data)
    except ValidationError as error:
        fail(*told(data, error.errors()))
    for name in fund.figures:
        if name in NEVER:
            fail(("figures", name), _("the name has a meaning of its own; choose another"))
    for path, formula, names in formulas(fund):
        for name in formula.names:
            if name not in names:
                known = ", ".join(names)
                what = _("there is no figure {name}; there are {known}")
                fail(path, what.format(name=name, known=known))
            if name == RECEIVED and name in formula.totalled:
                fail(path, _("what is received has no total"))
    seen: dict[str, list[tuple[str, Block]]] = {}
    for name, block in fund.blocks.items():
        for other_name, other in seen.setdefault(block.block or name, []):
            if overlap(block, other):
                what = _("it and {other} are the same block and hold on the same day")
                fail(("blocks", name), what.format(other=other_name))
        seen[block.block or name].append((name, block))
    return fund


def told(data: Any, faults: list[Any]) -> tuple[KeyPath, str]:
    """The path and the words of the first of ``faults`` that pydantic found in ``data``."""
    # Of several shapes that a value may have, what is wrong within one says more than that it is
    # another.
    fault = next((f for f in faults if f["type"] not in ("model_type", "dict_type")), faults[0])
    kind, path, inner = fault["type"], [], data
    for key in fault["loc"]:  # pydantic also names the shapes that it tried
        listed = isinstance(inner, (list, tuple)) and isinstance(key, int)
        if listed or (isinstance(inner, Mapping) and key in inner):
            inner = inner[key]
        elif kind != "missing" or key != fault["loc"][-1]:
            continue
        path.append(key)
    value = repr(fault["input"])
    value = value if len(value) <= 60 else value[:59] + "…"
    if kind == "missing":
        return tuple(path), _("it is missing; add it")
    if kind == "extra_forbidden":
        return tuple(path), _("the key is not known")
    if kind == "value_error":
        return tuple(path), str(fault["ctx"]["error"])
    if kind == "string_pattern_mismatch":
        what = _("{value} is no name; use small letters, digits and _")
        return tuple(path), what.format(value=value)
    if kind == "literal_error":
        codes = str(fault["ctx"]["expected"]).replace(" or ", ", ")
        return tuple(path), _("{value} is none of {codes}").format(value=value, codes=codes)
    return tuple(path), _("{value} is not what belongs here").format(value=value)


def overlap(one: Block, other: Block) -> bool:
    """Whether there is a day on which both are in force."""
    return (one.valid_to or Date.max) > (other.valid_from or Date.min) and (
        other.valid_to or Date.max
    ) > (one.valid_from or Date.min)


def formulas(fund: Fund) -> Iterator[tuple[KeyPath, Formula, tuple[str, ...]]]:
    """Every formula with its path and the names that it may use."""
    names = (*BUILT_IN, *fund.figures)
    for name, block in fund.blocks.items():
        path: KeyPath = ("blocks", name)
        if block.supplement is not None:
            yield (*path, "supplement"), block.supplement, (*names, RECEIVED)
        for segment, division in block.divisions():
            place = path if segment is None else (*path, "segments", segment)
            for field in FORMULAS[:-1]:
                formula = getattr(division, field)
                if formula is not None:
                    yield (*place, field), formula, names
            if isinstance(division.members, Members) and division.members.where is not None:
                yield (*place, "members", "where"), division.members.where, names
