"""What is wrong with the words of a command, in the language of the interface.

Typer says it in English and in no other language; each of its sentences is known here by its shape.
One that is not known stays as it is.
"""

import re
from collections.abc import Iterable

from samenspel.language import _, mark

Shapes = tuple[tuple[str, str], ...]

SENTENCES: Shapes = (
    (r"Missing \w+ '(?P<name>.+)'\.?", mark("{name} is missing; give it.")),
    (
        r"Option '(?P<name>.+)' requires an argument\.?",
        mark("{name} is missing its value; give it."),
    ),
    (r"Option '(?P<name>.+)' does not take a value\.?", mark("{name} takes no value.")),
    (
        r"No such option: (?P<name>\S+?)\.? "
        r"(?:Did you mean |\(Possible options: )(?P<others>.+)[?)]",
        mark("There is no option {name}; perhaps {others}."),
    ),
    (r"No such option: (?P<name>\S+?)\.?", mark("There is no option {name}.")),
    (
        r"No such command '(?P<name>.+?)'\. Did you mean (?P<others>.+)\?",
        mark("There is no command {name}; perhaps {others}."),
    ),
    (r"No such command '(?P<name>.+?)'\.", mark("There is no command {name}.")),
    (
        r"Got unexpected extra argument(?:\(s\)|s)? \((?P<name>.+)\)\.?",
        mark("“{name}” is a word too many."),
    ),
    (r"Invalid value for '(?P<name>.+?)': (?P<fault>.+)", mark("{name}: {fault}.")),
)
VALUES: Shapes = (
    (r"Input should be a valid integer.*", mark("give a whole number")),
    (r"Input should be a valid number.*", mark("give a number")),
    (
        r"Input should be greater than or equal to (?P<limit>.+)",
        mark("give a number from {limit} on"),
    ),
    (r"Input should be less than or equal to (?P<limit>.+)", mark("give a number up to {limit}")),
    (
        r"Value error, '(?P<given>.*)' does not match the formats.*",
        mark("“{given}” is no date; give one such as 2025-01-31"),
    ),
)


def in_words(fault: str) -> str:
    """``fault``, a sentence of Typer, in the language of the interface."""
    return said(fault, SENTENCES)


def said(words: str, shapes: Iterable[tuple[str, str]]) -> str:
    for shape, text in shapes:
        found = re.fullmatch(shape, words, re.DOTALL)
        if found:
            parts = {name: part for name, part in found.groupdict().items() if part is not None}
            if "fault" in parts:
                parts["fault"] = said(parts["fault"].rstrip("."), VALUES)
            if "others" in parts:
                parts["others"] = parts["others"].replace("'", "")
            return _(text).format(**parts)
    return words
