"""Words that make no command are refused in the language of the interface, in one sentence."""

import pytest

from pages import prompt
from samenspel.cli.faults import SENTENCES, VALUES, in_words

CASES = [
    (("rationalise", "x"), "--region is missing; give it."),
    (("align",), "folder is missing; give it."),
    (("align", "x", "--zoning"), "--zoning is missing its value; give it."),
    (("align", "x", "--json=3"), "--json takes no value."),
    (("align", "x", "--zonin", "3"), "There is no option --zonin; perhaps --json, --zoning."),
    (("align", "x", "--dat", "3"), "There is no option --dat; perhaps --date."),
    (("align", "x", "--qqqqq"), "There is no option --qqqqq."),
    (("alig", "x"), "There is no command alig; perhaps align."),
    (("law", "qqqqq"), "There is no command qqqqq."),
    (("align", "x", "y"), "“y” is a word too many."),
    (("deadlines", "x", "--lead", "soon"), "--lead: give a whole number."),
    (("rationalise", "x", "--region", "y", "--seconds", "s"), "--seconds: give a number."),
    (("demo", "--size", "3"), "--size: give a number from 30 on."),
    (("demo", "--size", "30001"), "--size: give a number up to 30000."),
    (("align", "x", "--date", "3"), "--date: “3” is no date; give one such as 2025-01-31."),
    (("law",), "Name a command; they stand above."),
]


@pytest.mark.parametrize(("words", "told"), CASES, ids=[" ".join(words) for words, _t in CASES])
def test_a_fault_of_typer_is_said_in_words_of_ours(words: tuple[str, ...], told: str) -> None:
    done = prompt("--lang", "en", *words)
    assert done.returncode == 2
    assert done.stderr.startswith(told)
    assert len(done.stderr.splitlines()) == 1


def test_every_shape_is_one_that_typer_uses() -> None:
    told = " ".join(text for _words, text in CASES)
    for _shape, text in (*SENTENCES, *VALUES):
        longest = max(text.replace("}", "{").split("{")[::2], key=len)
        assert longest.strip(" .") in told


def test_what_is_not_known_stays_as_it_is() -> None:
    assert in_words("Something else is wrong.") == "Something else is wrong."
