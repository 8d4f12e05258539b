"""Reading a scenario from YAML or JSON, with every fault of form and its place."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from samenspel import yamlfile
from samenspel.errors import InputError
from samenspel.language import _
from samenspel.scenario.given import OPERATIONS, Scenario
from samenspel.scenario.operation import Operation, writable
from samenspel.scenario.things import hint
from samenspel.yamlfile import KeyPath, Source

# Choices: a plan for a whole country written as a scenario passes, and reading ends in seconds.
MOST_BYTES = 1_000_000
MOST_PARTS = 100_000
KEYS = ("title", "operations")


@dataclass(frozen=True)
class FaultOfForm:
    """What is wrong with the form of a scenario. ``number``: of the operation, from 1, None where
    it is outside them; ``key``: the path within the file."""

    line: int
    key: str
    reason: str
    number: int | None = None
    operation: str | None = None

    def as_json(self) -> dict[str, Any]:
        return vars(self).copy()

    def __str__(self) -> str:
        return _("line {line}, key {key}: {what}.").format(
            line=self.line, key=self.key, what=self.reason
        )


class ScenarioError(InputError):
    """A file that is no scenario. ``faults``: every fault of form."""

    def __init__(self, name: str, faults: tuple[FaultOfForm, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(f"{name}, {fault}" for fault in faults))


def read_scenario(file: Path) -> Scenario:
    """The scenario in ``file``: ``title`` and ``operations``, a list of items with one key each,
    the name of an operation.

    Raises InputError where the file cannot be read; ScenarioError, one of those, with file, line
    and key of every fault of form.
    """
    source = yamlfile.read(file, MOST_BYTES, MOST_PARTS)
    faults = [
        fault(source, (key,), _("the key is not known; use {known}").format(known=", ".join(KEYS)))
        for key in source.data
        if key not in KEYS
    ]
    title = source.data.get("title", "")
    if not isinstance(title, str) or not writable(title):
        faults.append(fault(source, ("title",), _("it must be text")))
    listed = source.data.get("operations")
    if not isinstance(listed, list):
        faults.append(fault(source, ("operations",), _("it must be a list of operations")))
        listed = []
    operations: list[Operation] = []
    for i, raw in enumerate(listed):
        found = operation_of(source, i, raw)
        if isinstance(found, Operation):
            operations.append(found)
        else:
            faults += found
    if faults:
        raise ScenarioError(source.name, tuple(sorted(faults, key=lambda one: one.line)))
    lines = tuple(source.line(("operations", i)) for i in range(len(listed)))
    return Scenario(title, tuple(operations), lines)


def fault(
    source: Source, path: KeyPath, reason: str, number: int | None = None, name: str | None = None
) -> FaultOfForm:
    key = ".".join(str(part) for part in path)
    return FaultOfForm(source.line(path), key, reason, number, name)


def operation_of(source: Source, i: int, raw: Any) -> Operation | list[FaultOfForm]:
    """Item ``i`` of the list as an operation, or what is wrong with it."""
    path: KeyPath = ("operations", i)
    if not isinstance(raw, dict) or len(raw) != 1:
        words = _("an operation is one key, its name, with what it needs under it")
        return [fault(source, path, words, i + 1)]
    [(name, inner)] = raw.items()
    if name not in OPERATIONS:
        near = hint(str(name), dict.fromkeys(OPERATIONS))
        words = near[2:] if near else _("use one of {known}").format(known=", ".join(OPERATIONS))
        text = _("there is no operation {name}; {help}").format(name=name, help=words)
        return [fault(source, (*path, str(name)), text, i + 1)]
    kind = OPERATIONS[name]
    if not isinstance(inner, dict):
        words = _("it needs keys with values, among {known}").format(known=", ".join(keys_of(kind)))
        return [fault(source, (*path, name), words, i + 1, name)]
    try:
        return kind.model_validate(inner)
    except ValidationError as error:
        return [
            fault(source, (*path, name, *loc_of(one)), wrong(one, kind), i + 1, name)
            for one in telling(error)
        ]


def telling(error: ValidationError) -> list[ErrorDetails]:
    """The errors, but for lists that are too short for nothing but faulty items."""
    found = error.errors(include_url=False)
    places = [one["loc"] for one in found]
    return [
        one
        for one in found
        if one["type"] != "too_short"
        or not any(len(p) > len(one["loc"]) and p[: len(one["loc"])] == one["loc"] for p in places)
    ]


def keys_of(kind: type[Operation]) -> list[str]:
    return [name for name in kind.model_fields if name != "reason"] + ["reason"]


def loc_of(error: ErrorDetails) -> KeyPath:
    """The path to the value, without the names of types that a choice between types adds."""
    return tuple(part for part in error["loc"] if "[" not in str(part) and "-" not in str(part))


def wrong(error: ErrorDetails, kind: type[Operation]) -> str:
    """What is wrong with a value, in words."""
    sort, given = error["type"], error["input"]
    context = error.get("ctx", {})
    if sort == "missing":
        return _("it is missing; add it")
    if sort == "extra_forbidden":
        known = keys_of(kind) if len(error["loc"]) == 1 else []
        words = _("the key is not known")
        return words + (_("; use {known}").format(known=", ".join(known)) if known else "")
    if sort == "twice":
        return _("{ids} stands there twice; keep one").format(ids=context["ids"])
    if sort in ("code", "literal_error"):
        codes = str(context.get("codes") or context.get("expected")).replace(" or ", ", ")
        codes = codes.replace("'", "")
        return _("{value} is none of {codes}").format(value=repr(given), codes=codes)
    if sort in ("too_short", "tuple_type", "list_type"):
        least = context.get("min_length", 1)
        return _("it must be a list with at least {least}").format(least=least)
    needs = {
        "string_type": _("text; codes in quotation marks, as they may begin with 0"),
        "string_unicode": _("text that can be written"),
        "string_pattern_mismatch": _("a code without spaces at its ends"),
        "string_too_short": _("words"),
        "bool_type": _("true or false"),
        "int_type": _("a whole number"),
        "float_type": _("a number"),
        "date_type": _("a date such as 2026-01-31"),
        "model_type": _("keys with values"),
        "plain": _("text, a number, true or false, a date, or a list or keys of those"),
        "finite_number": _("a number"),
        "greater_than_equal": _("a number from {low} on").format(low=context.get("ge")),
        "less_than_equal": _("a number up to {high}").format(high=context.get("le")),
    }.get(sort, _("something else"))
    return _("{value} does not belong here; it needs {needs}").format(
        value=repr(given), needs=needs
    )
