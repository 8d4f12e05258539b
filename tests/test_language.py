"""The two languages of the interface: a complete Dutch catalogue, and who gets which language."""

import json
import os
import string
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import pages
from pages import Done
from samenspel import language
from samenspel.__main__ import chosen_language
from samenspel.errors import InputError
from samenspel.landscape.package import read_raw
from samenspel.words import BRIEF, brief

ROOT = Path(__file__).parents[1]
CATALOGUE = language.LOCALE / "nl" / "LC_MESSAGES" / "samenspel.po"
HEAD = 11  # characters in a line of the head of a narrow column
STYLES = ("FORCE_COLOR", "GITHUB_ACTIONS", "PY_COLORS", "TERMINAL_WIDTH", "SAMENSPEL_LANG")


def pairs() -> list[tuple[str, str]]:
    """(English, Dutch) of every message."""
    with CATALOGUE.open("rb") as file:
        return [(str(m.id), str(m.string)) for m in read_po(file, locale="nl") if m.id]


def fields(text: str) -> set[str]:
    return {name for _text, name, _spec, _conv in string.Formatter().parse(text) if name}


def prompt(*arguments: str, speaks: str | None = None) -> Done:
    """``samenspel`` with SAMENSPEL_LANG as ``speaks``."""
    bare = dict.fromkeys(STYLES) | {"SAMENSPEL_LANG": speaks, "COLUMNS": "200"}
    return pages.prompt(*arguments, **bare)


def test_every_string_of_the_source_has_its_dutch_and_is_compiled() -> None:
    found = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "translations.py"), "--check"],
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (found.stdout, found.stderr, found.returncode) == ("", "", 0)


def test_dutch_keeps_the_placeholders_and_the_outer_spaces() -> None:
    messages = pairs()
    assert len(messages) > 200
    assert {en: fields(nl) ^ fields(en) for en, nl in messages if fields(nl) != fields(en)} == {}
    margins = [(len(text) - len(text.lstrip()), text[-1:] == " ") for pair in messages
               for text in pair]  # fmt: skip
    assert margins[::2] == margins[1::2]


@pytest.mark.parametrize("spoken", language.LANGUAGES)
def test_heads_of_narrow_columns_are_narrow(spoken: str) -> None:
    language.use(spoken)
    lines = [line for code in BRIEF for line in brief(code).split("\n")]
    assert [line for line in lines if not 0 < len(line) <= HEAD] == []


@pytest.mark.parametrize(
    ("arguments", "speaks", "spoken"),
    [
        ([], None, "nl"),
        ([], "", "nl"),
        ([], "en", "en"),
        (["--lang", "en"], None, "en"),
        (["--lang=en"], None, "en"),
        (["--lang", "nl"], "en", "nl"),
        (["--lang", "en"], "fr", "en"),
    ],
)
def test_the_prompt_speaks_dutch_unless_english_is_asked_for(
    arguments: list[str], speaks: str | None, spoken: str, tmp_path: Path
) -> None:
    fault = {"nl": "die map bestaat niet.", "en": "there is no such folder."}
    absent = tmp_path / "nergens"
    found = prompt(*arguments, "check", str(absent), speaks=speaks)
    assert found == (2, "", f"{absent}: {fault[spoken]}\n")


@pytest.mark.parametrize(("speaks", "spoken"), [(None, "nl"), ("en", "en")])
def test_help_and_faults_of_a_process_are_in_one_language(
    speaks: str | None, spoken: str, tmp_path: Path
) -> None:
    """The help is put together once a process, so only a process of its own shows it."""
    told = {
        "nl": ("wie werkt met wie, en wat zou beter passen.", "die map bestaat niet."),
        "en": ("who works with whom, and what would fit better.", "there is no such folder."),
    }
    bare = {key: value for key, value in os.environ.items() if key not in STYLES}
    wanted = {} if speaks is None else {"SAMENSPEL_LANG": speaks}
    found = [
        subprocess.run(
            [sys.executable, "-m", "samenspel", *words],
            env={**bare, **wanted, "COLUMNS": "200", "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        for words in (["--help"], ["check", str(tmp_path / "nergens")])
    ]
    assert [(one.returncode, one.stderr == "") for one in found] == [(0, True), (2, False)]
    assert told[spoken][0] in " ".join(found[0].stdout.split())
    assert found[1].stderr == f"{tmp_path / 'nergens'}: {told[spoken][1]}\n"


def test_the_language_changes_no_figure_and_no_code(tmp_path: Path) -> None:
    dutch, english = (
        json.loads(prompt("demo", "--json", "--out", str(tmp_path / "land"), speaks=spoken).stdout)
        for spoken in ("nl", "en")
    )
    assert dutch["municipalities"] == english["municipalities"]
    assert dutch["zones"] == english["zones"]
    assert [s["id"] for s in dutch["signals"]] == [s["id"] for s in english["signals"]]
    assert [w["code"] for w in dutch["warnings"]] == [w["code"] for w in english["warnings"]]
    assert {n["text"] for n in dutch["norms"]}.isdisjoint(n["text"] for n in english["norms"])


@pytest.mark.parametrize(
    ("arguments", "speaks"),
    [
        (["--lang", "fr"], None),
        (["--lang=NL"], None),
        (["--lang"], None),
        (["--lang="], "en"),
        ([], "fr"),
    ],
)
def test_an_unknown_language_is_refused_in_one_line(
    arguments: list[str], speaks: str | None
) -> None:
    found = prompt("demo", *arguments, speaks=speaks)
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr.count("\n") == 1
    assert found.stderr.endswith("\n")
    assert "kies nl of en / choose nl or en" in found.stderr


def test_the_language_may_stand_anywhere_and_is_no_argument_of_a_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SAMENSPEL_LANG", raising=False)
    assert chosen_language(["screen", "--lang", "en", "map"]) == ("en", ["screen", "map"])
    assert chosen_language(["screen", "map", "--lang=en"]) == ("en", ["screen", "map"])
    assert chosen_language(["--lang", "en", "screen", "--lang", "nl"]) == ("nl", ["screen"])
    with pytest.raises(InputError):
        chosen_language(["screen", "--lang", "de"])


def test_only_dutch_and_english_are_spoken() -> None:
    with pytest.raises(ValueError, match="fr"):
        language.use("fr")
    assert language._("police zones") == "police zones"  # what was spoken before stays


def test_a_string_without_dutch_stays_english() -> None:
    language.use("nl")
    assert language._("police zones") == "politiezones"
    assert language._("no such string 1234") == "no such string 1234"


def test_the_remedy_of_a_wrong_value_is_dutch(tmp_path: Path) -> None:
    (tmp_path / "municipalities.csv").write_text(
        "nis,name,population\n00001,Fabelgem,veel\n", encoding="utf-8"
    )
    language.use("nl")
    (fault,) = read_raw(tmp_path).findings
    assert fault.code == "wrong_type"
    assert "geheel getal" in fault.message
    assert "whole number" not in fault.message


def test_the_status_of_a_viewpoint_is_dutch_at_the_prompt(tmp_path: Path) -> None:
    shown = prompt("demo", "--out", str(tmp_path / "land")).stdout
    assert "SBV" in shown
    assert "proposal" not in shown
