"""Parts of a file of sharing, read as text so that 10.10 euro is exact and a party may be called
NO; every fault is told with its file, line and key."""

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import NoReturn, TypeVar

import yaml

from samenspel import yamlfile
from samenspel.errors import InputError
from samenspel.language import _
from samenspel.money import cents_of
from samenspel.yamlfile import KeyPath, Source

STATUSES = ("law", "policy", "proposal", "unvalidated", "choice")
NOTHING = ("", "~", "null")
# A choice: it holds a table of all groups of twelve parties called by codes of five digits.
MOST_BYTES = 400_000
# Digits are bounded, so that no number written short stands for one that fills the memory.
NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?(/\d{1,15})?")
AMOUNT = re.compile(r"[+-]?\d{1,15}(\.\d{0,10})?")

Found = TypeVar("Found")


class Text:
    """A place in a file: ``value`` (text, a list or a mapping of such) and the ``path`` to it."""

    def __init__(self, source: Source, value: object, path: KeyPath = ()) -> None:
        self.source, self.value, self.path = source, value, path

    def fail(self, what: str) -> NoReturn:
        """Raise the InputError that says ``what`` is wrong here."""
        self.source.fail(self.path, what.rstrip("."))

    def has(self, key: str) -> bool:
        return isinstance(self.value, dict) and key in self.value

    def at(self, key: str) -> "Text":
        """What stands under ``key``, which must be there."""
        if not isinstance(self.value, dict) or key not in self.value:
            self.fail(_("{name} is missing; add it").format(name=key))
        return Text(self.source, self.value[key], (*self.path, key))

    def pairs(self) -> list[tuple[str, "Text"]]:
        """The keys and values of a mapping that is not empty."""
        if not isinstance(self.value, dict) or not self.value:
            self.fail(_("it needs keys with values, such as key: value"))
        return [(key, Text(self.source, inner, (*self.path, key)))
                for key, inner in self.value.items()]  # fmt: skip

    def is_mapping(self) -> bool:
        return isinstance(self.value, dict)

    def items(self) -> list["Text"]:
        """The items of a list that is not empty."""
        if not isinstance(self.value, list) or not self.value:
            self.fail(_("it needs a list"))
        return [Text(self.source, inner, (*self.path, i)) for i, inner in enumerate(self.value)]

    def only(self, known: Sequence[str]) -> None:
        """Refuse a key that is none of ``known``."""
        for key, inner in self.pairs():
            if key not in known:
                inner.fail(_("unknown; use one of {known}").format(known=", ".join(known)))

    def text(self) -> str:
        """A text that is not empty."""
        if not isinstance(self.value, str) or self.value.strip() in NOTHING:
            self.fail(_("it needs a value in one line"))
        return " ".join(self.value.split())

    def choice(self, known: Sequence[str]) -> str:
        found = self.text()
        if found not in known:
            self.fail(
                _("{value} is not known here; use one of {known}").format(
                    value=found, known=", ".join(known)
                )
            )
        return found

    def cents(self, *, least: int | None = None) -> int:
        """An amount in euro, in cents; not below ``least``."""
        text = self.text()
        if not AMOUNT.fullmatch(text):
            self.fail(
                _("“{text}” is no amount in euro; write digits with a point, such as "
                  "1250.50").format(text=text)
            )  # fmt: skip
        found = self.attempt(lambda: cents_of(text))
        if least is not None and found < least:
            self.fail(_("an amount here is zero or more, and {text} is less").format(text=text))
        return found

    def number(self, *, above_zero: bool = False) -> Fraction:
        """A number such as 12, 0.1 or 1/3, exact, of zero or more."""
        text = self.text()
        top, _sign, below = text.partition("/")
        if not NUMBER.fullmatch(text) or (below and int(below) == 0):
            self.fail(_("“{text}” is no number; write 12, 0.1 or 1/3").format(text=text))
        found = Fraction(top) / int(below or 1)
        if found < 0 or (above_zero and found == 0):
            self.fail(
                _("a number here is above zero, and {text} is not").format(text=text)
                if above_zero
                else _("a number here is zero or more, and {text} is less").format(text=text)
            )
        return found

    def part(self) -> Fraction:
        """A number, or a percentage such as 40%."""
        text = self.text()
        if text.endswith("%"):
            return Text(self.source, text[:-1], self.path).number() / 100
        return self.number()

    def attempt(self, work: Callable[[], Found]) -> Found:
        """What ``work`` gives; its InputError is told with this place."""
        try:
            return work()
        except InputError as error:
            self.fail(str(error))

    def origin(self) -> tuple[str, str]:
        """(source, status) that stand here; no source is an empty text, no status a choice."""
        source = self.at("source").text() if self.has("source") else ""
        status = self.at("status").choice(STATUSES) if self.has("status") else "choice"
        return source, status


def read_text(file: Path) -> Text:
    """The data of ``file`` with every scalar as the text that stands there. Raises InputError as
    ``yamlfile.read`` does, and where ``file`` is no ordinary file."""
    source = yamlfile.read(file, MOST_BYTES)
    # It is read twice, with and without the types of YAML, and a pipe gives its text once.
    data = (
        yaml.load(yamlfile.text_of(file, MOST_BYTES), yaml.BaseLoader) if file.is_file() else None
    )
    if not isinstance(data, dict):
        raise InputError(_("{file}: this is no ordinary file; save it as one.").format(file=file))
    return Text(Source(file, data, source.lines), data)
