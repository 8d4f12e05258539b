"""The rule base: every rule and scope of the YAML files in ``rules``, checked while it is read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date as Date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from samenspel import yamlfile
from samenspel.errors import InputError
from samenspel.language import _
from samenspel.law.conditions import ConditionError, facts_read, parse
from samenspel.law.rule import Rule, Scope, Statement
from samenspel.law.vocabulary import BY_NAME
from samenspel.yamlfile import KeyPath, Source

FOLDER = Path(__file__).with_name("rules")
# These hold other things than rules and have readers of their own.
OTHERS = ("forms.yaml", "deadlines.yaml")
CONDITIONS = ("applies", "condition", "inside")
KINDS: dict[str, type[Rule] | type[Scope]] = {"rules": Rule, "scopes": Scope}

Model = TypeVar("Model", bound=BaseModel)
Stated = TypeVar("Stated", bound=Statement)
Settings = Mapping[str, str]


@dataclass(frozen=True)
class RuleBase:
    """All rules and scopes, of every date and reading."""

    rules: tuple[Rule, ...]
    scopes: tuple[Scope, ...]

    def on(
        self, date: Date, topic: str | None = None, settings: Settings | None = None
    ) -> tuple[Rule, ...]:
        """The rules in force on ``date``, of one ``topic`` or of all, in the order of the files.

        Where publications differ, ``settings`` (question to reading) chooses; without, the reading
        that is marked as default holds. Raises InputError for a reading that a question of the
        rules does not have; questions of others are left to them.
        """
        return self._chosen(self.rules, date, topic, settings)

    def scopes_on(self, date: Date, settings: Settings | None = None) -> tuple[Scope, ...]:
        """The scopes in force on ``date``; ``settings`` as in ``on``."""
        return self._chosen(self.scopes, date, None, settings)

    def questions(self) -> dict[str, dict[str, bool]]:
        """For each question that publications answer differently its readings, and whether that is
        the default."""
        found: dict[str, dict[str, bool]] = {}
        for statement in (*self.rules, *self.scopes):
            if statement.variant:
                readings = found.setdefault(statement.variant.question, {})
                readings[statement.variant.reading] = statement.variant.default
        return found

    def _chosen(
        self,
        statements: tuple[Stated, ...],
        date: Date,
        topic: str | None,
        settings: Settings | None,
    ) -> tuple[Stated, ...]:
        settings = settings or {}
        questions = self.questions()
        for question, reading in settings.items():
            check_reading(question, reading, questions.get(question, (reading,)))
        return tuple(
            statement
            for statement in statements
            if statement.in_force(date)
            and topic in (None, statement.topic)
            and (
                (variant := statement.variant) is None
                or settings.get(variant.question, variant.reading if variant.default else None)
                == variant.reading
            )
        )


def check_reading(question: str, reading: str, known: Iterable[str]) -> None:
    """Raise InputError where ``reading`` is not among the ``known`` ones of ``question``."""
    if reading not in known:
        raise InputError(
            _("Setting {question}: there is no reading {reading}; use one of {known}.").format(
                question=question, reading=reading, known=", ".join(known)
            )
        )


@cache
def rule_base() -> RuleBase:
    """The rule base of the project, read once."""
    return read_rules(FOLDER)


def read_rules(folder: Path) -> RuleBase:
    """The rules and scopes of every YAML file in ``folder``.

    Raises InputError with file, line, rule and key for the first thing that is wrong: no YAML, an
    unknown or missing key, a value of a wrong type, a fact that is not known, that is listed and
    not read or read and not listed, dates that end before they start, an id that stands twice,
    versions that overlap in time, readings without exactly one default.
    """
    stated: list[tuple[Source, KeyPath, Rule | Scope]] = []
    for file in sorted(folder.glob("*.yaml")):
        if file.name not in OTHERS:
            stated += statements(yamlfile.read(file))
    check_versions(stated)
    check_defaults(stated)
    found = [statement for _source, _path, statement in stated]
    return RuleBase(
        tuple(rule for rule in found if isinstance(rule, Rule)),
        tuple(scope for scope in found if isinstance(scope, Scope)),
    )


def statements(source: Source) -> Iterable[tuple[Source, KeyPath, Rule | Scope]]:
    """Each rule and scope of a file, with its place in it."""
    topic = source.data.get("topic")
    if not isinstance(topic, str):
        source.fail(("topic",), _("a file of rules must name its topic"))
    for key in source.data:
        if key not in ("topic", *KINDS):
            source.fail((key,), _("the key is not known"))
    for key, kind in KINDS.items():
        listed = source.data.get(key, [])
        if not isinstance(listed, list):
            source.fail((key,), _("it must be a list"))
        for i, raw in enumerate(listed):
            yield source, (key, i), statement(source, (key, i), raw, kind, topic)


def statement(
    source: Source, path: KeyPath, raw: Any, kind: type[Rule] | type[Scope], topic: str
) -> Rule | Scope:
    """One rule or scope, checked by itself."""
    if not isinstance(raw, dict):
        source.fail(path, _("a rule must be keys with values"))
    owner = str(raw.get("id", ""))
    values = {**raw, "topic": topic}
    for key in CONDITIONS:
        if key in raw:
            try:
                values[key] = parse(raw[key], (key,))
            except ConditionError as error:
                source.fail((*path, *error.path), error.what, owner)
    if "topic" in raw:
        source.fail((*path, "topic"), _("the key is not known"), owner)
    made = validated(source, path, values, kind, owner)
    check_facts(source, path, made)
    if made.valid_from and made.valid_to and made.valid_to <= made.valid_from:
        source.fail((*path, "valid_to"), _("it ends before it starts"), owner)
    if made.status == "unvalidated" and made.note is None:
        source.fail((*path, "note"), _("what is not validated needs a note that says why"), owner)
    return made


def validated(
    source: Source, path: KeyPath, values: Any, model: type[Model], owner: str = ""
) -> Model:
    """``values`` as ``model``; InputError with the place of the first fault."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        place = (*path, *first["loc"])
        kind = first["type"]
        if kind == "missing":
            what = _("it is missing; add it")
        elif kind == "extra_forbidden":
            what = _("the key is not known")
        elif kind == "value_error":
            what = _("it must have one of: {what}").format(what=str(first["ctx"]["error"]))
        elif kind == "literal_error":
            what = _("{value} is none of {codes}").format(
                value=first["input"], codes=first["ctx"]["expected"].replace(" or ", ", ")
            )
        else:
            what = _("{value} is not what belongs here").format(value=repr(first["input"]))
        source.fail(place, what, owner)


def check_facts(source: Source, path: KeyPath, made: Rule | Scope) -> None:
    """The facts listed are those that the conditions read, each known and listed once."""
    conditions = (made.applies, made.condition) if isinstance(made, Rule) else (made.inside,)
    read = {name for condition in conditions for name in facts_read(condition)}
    for i, name in enumerate(made.facts):
        place = (*path, "facts", i)
        if name not in BY_NAME:
            what = _("{name} is no fact that the software knows").format(name=name)
            source.fail(place, what, made.id)
        if name in made.facts[:i]:
            source.fail(place, _("{value} stands there twice").format(value=name), made.id)
        if name not in read:
            source.fail(place, _("no condition reads {name}").format(name=name), made.id)
    for name in sorted(read - set(made.facts)):
        what = _("a condition reads {name}, which is not listed").format(name=name)
        source.fail((*path, "facts"), what, made.id)


def check_versions(stated: list[tuple[Source, KeyPath, Rule | Scope]]) -> None:
    """An id stands once at any date."""
    seen: dict[str, list[Rule | Scope]] = {}
    for source, path, made in stated:
        for other in seen.setdefault(made.id, []):
            if other.valid_from == made.valid_from:
                what = _("another rule has this id; give each its own")
                source.fail((*path, "id"), what, made.id)
            first, second = sorted((other, made), key=lambda each: each.valid_from or Date.min)
            if first.valid_to is None or first.valid_to > (second.valid_from or Date.min):
                what = _("it overlaps in time with another version of this rule")
                source.fail((*path, "valid_from"), what, made.id)
        seen[made.id].append(made)


def check_defaults(stated: list[tuple[Source, KeyPath, Rule | Scope]]) -> None:
    """Each question has readings of different name, of which exactly one is the default."""
    groups: dict[str, list[tuple[Source, KeyPath, Rule | Scope]]] = {}
    for each in stated:
        if each[2].variant:
            groups.setdefault(each[2].variant.question, []).append(each)
    for question, group in groups.items():
        source, path, made = group[-1]
        defaults = {
            each.variant.reading for _s, _p, each in group if each.variant and each.variant.default
        }
        if len(defaults) != 1:
            what = _("question {question} needs exactly one reading that is the default").format(
                question=question
            )
            source.fail((*path, "variant", "default"), what, made.id)
