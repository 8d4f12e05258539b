"""The conditions that a rule may state: comparison of a fact, all, any, not, and dates counted.

A condition is written as plain data (YAML) and parsed here into a small tree; nothing else can be
said in a rule, and what needs more is a named fact of ``vocabulary``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from samenspel.language import _
from samenspel.law.vocabulary import BY_NAME, Fact, is_a
from samenspel.yamlfile import KeyPath

SAME = ("equals", "not_equals")
AMONG = ("in", "not_in")
BOUND = ("at_least", "at_most")
NUMBER = ("less", "more")
DAY = ("before", "after")
KNOWN = "known"
OPERATORS = (*SAME, *AMONG, *BOUND, *NUMBER, *DAY, KNOWN)
SPANS = ("years", "months", "days")


@dataclass(frozen=True)
class Later:
    """The day that lies so much after (before, where negative) the date in ``fact``."""

    fact: str
    years: int = 0
    months: int = 0
    days: int = 0


@dataclass(frozen=True)
class Comparison:
    """``fact`` compared with ``operand``: a value, a tuple of values (in, not_in), or a day that
    is counted from another fact. ``known`` asks whether the fact is known at all; it is the only
    comparison whose answer changes when an unknown fact becomes known."""

    fact: str
    operator: str
    operand: Any


@dataclass(frozen=True)
class All:
    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class AnyOf:
    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Not:
    part: "Condition"


Condition = Comparison | All | AnyOf | Not


class ConditionError(ValueError):
    """A condition that cannot be used; ``path`` leads to the place within it."""

    def __init__(self, path: KeyPath, what: str) -> None:
        super().__init__(what)
        self.path = path
        self.what = what


def parse(raw: Any, path: KeyPath = ()) -> Condition:
    """The condition that ``raw`` (mappings, lists and scalars as YAML gives them) states.

    Raises ConditionError with the path to what is wrong.
    """
    if not isinstance(raw, dict) or not raw:
        fail(path, _("it must be a fact with a comparison, or all, any or not"))
    if "fact" in raw:
        return comparison(raw, path)
    if len(raw) != 1:
        fail(path, _("it must have exactly one of all, any and not"))
    [(word, inner)] = raw.items()
    if word == "not":
        return Not(parse(inner, (*path, word)))
    if word not in ("all", "any"):
        fail((*path, word), _("it is no word of a condition; use fact, all, any or not"))
    if not isinstance(inner, list) or not inner:
        fail((*path, word), _("it must be a list with at least one condition"))
    parts = tuple(parse(part, (*path, word, i)) for i, part in enumerate(inner))
    return All(parts) if word == "all" else AnyOf(parts)


def comparison(raw: dict[Any, Any], path: KeyPath) -> Comparison:
    fact = named(raw["fact"], (*path, "fact"))
    others = [key for key in raw if key != "fact"]
    for key in others:
        if key not in OPERATORS:
            fail((*path, key), _("it is no comparison; use one of {words}").format(
                words=", ".join(OPERATORS)))  # fmt: skip
    if len(others) != 1:
        fail(path, _("a fact needs exactly one comparison"))
    [operator] = others
    return Comparison(
        fact.name, operator, operand(fact, operator, raw[operator], (*path, operator))
    )


def named(name: Any, path: KeyPath) -> Fact:
    if not isinstance(name, str) or name not in BY_NAME:
        fail(path, _("{name} is no fact that the software knows").format(name=name))
    return BY_NAME[name]


def operand(fact: Fact, operator: str, raw: Any, path: KeyPath) -> Any:
    """``raw`` as what ``fact`` may be compared with by ``operator``."""
    ordered = (*BOUND, *NUMBER) if fact.type == "integer" else (*BOUND, *DAY)
    if operator == KNOWN:
        if not isinstance(raw, bool):
            fail(path, _("it must be true or false"))
        return raw
    if operator in AMONG:
        if fact.type not in ("text", "integer") or not isinstance(raw, list) or not raw:
            fail(path, _("it must be a list of values, of a fact that is a text or a number"))
        for i, value in enumerate(raw):
            single(fact, value, (*path, i))
            if value in raw[:i]:
                fail((*path, i), _("{value} stands there twice").format(value=value))
        return tuple(raw)
    if operator not in SAME and (fact.type not in ("integer", "date") or operator not in ordered):
        fail(path, _("{fact} is of type {type}, which cannot be compared so").format(
            fact=fact.name, type=fact.type))  # fmt: skip
    if fact.type == "date" and isinstance(raw, dict):
        return later(raw, path)
    return single(fact, raw, path)


def single(fact: Fact, raw: Any, path: KeyPath) -> Any:
    if not is_a(raw, fact.type):
        fail(path, _("{value} is not of type {type}, as {fact} is").format(
            value=raw, type=fact.type, fact=fact.name))  # fmt: skip
    if fact.codes and raw not in fact.codes:
        fail(path, _("{value} is no value of {fact}; use one of {codes}").format(
            value=raw, fact=fact.name, codes=", ".join(fact.codes)))  # fmt: skip
    return raw


def later(raw: dict[Any, Any], path: KeyPath) -> Later:
    if "fact" not in raw or named(raw["fact"], (*path, "fact")).type != "date":
        fail(path, _("a day is counted from a fact that is a date"))
    spans = {key: value for key, value in raw.items() if key != "fact"}
    for key, value in spans.items():
        if key not in SPANS or not is_a(value, "integer"):
            fail((*path, key), _("a day is counted in whole years, months and days"))
    return Later(raw["fact"], **spans)


def fail(path: KeyPath, what: str) -> NoReturn:
    raise ConditionError(path, what)


def facts_read(condition: Condition) -> Iterator[str]:
    """The names of the facts that ``condition`` reads, in order, some perhaps more than once."""
    match condition:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from facts_read(part)
        case Not(part):
            yield from facts_read(part)
        case Comparison(fact, _operator, Later(other)):
            yield from (fact, other)
        case Comparison(fact):
            yield fact
