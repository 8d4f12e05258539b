"""A damaged file of rules is refused with one sentence that names file, rule and key."""

from collections.abc import Callable
from pathlib import Path

import pytest

from samenspel import yamlfile
from samenspel.errors import InputError
from samenspel.law.deadlines import read_deadlines
from samenspel.law.forms import read_forms
from samenspel.law.reading import FOLDER, read_rules

RULE = """\
topic: term
rules:
  - id: six_years
    title: {nl: Zes jaar, en: Six years}
    facts: [legal_form, start, term_end]
    applies: {fact: legal_form, equals: projectvereniging}
    condition:
      any:
        - {fact: term_end, at_most: {fact: start, years: 6}}
    severity: error
    message: {nl: Verkort de termijn., en: Shorten the term.}
    explanation: {nl: Hoogstens zes jaar., en: At most six years.}
    legal_basis:
      - publication: Een gids
        section: Termijn
        passage: {lines: [1, 2]}
    status: unvalidated
    note: {nl: Niet gelezen., en: Not read.}
    valid_from: 2019-01-01
    valid_to: 2025-01-01
"""
AGAIN = RULE[RULE.index("  - id") :]


def changed(old: str, new: str) -> str:
    assert RULE.count(old) == 1, old
    return RULE.replace(old, new)


def second(*changes: tuple[str, str]) -> str:
    """The rule, and below it once more with changes."""
    text = AGAIN
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return RULE + text


LATER = ("valid_from: 2019-01-01", "valid_from: 2025-01-01"), ("valid_to: 2025-01-01", "valid_to:")
DAMAGE: dict[str, tuple[str, str]] = {
    "no YAML": (changed("{nl: Zes jaar, en", "{nl: [Zes jaar, en"), "line 4: this is not valid"),
    "an unsafe tag": (changed("six_years", "!!python/name:os.system x"), "not valid YAML"),
    "no mapping": ("- 1\n", "the file must hold keys with values, such as key: value."),
    "an empty file": ("", "the file must hold keys with values, such as key: value."),
    "no topic": (changed("topic: term\n", ""), "key topic: a file of rules must name its topic."),
    "an unknown key of the file": ("laws: []\n" + RULE, "line 1, key laws: the key is not known."),
    "no list": ("topic: term\nrules: 3\n", "line 2, key rules: it must be a list."),
    "a rule that is a word": (
        "topic: term\nrules: [six]\n",
        "line 2, key rules.0: a rule must be keys with values.",
    ),
    "a key twice": (
        changed("    severity: error\n", "    severity: error\n    severity: notice\n"),
        "line 11, key rules.0.severity: it stands there twice; keep one.",
    ),
    "an unknown key": (
        changed("severity: error", "severity: error\n    weight: 3"),
        "line 11, rule six_years, key rules.0.weight: the key is not known.",
    ),
    "a topic of its own": (
        changed("severity: error", "severity: error\n    topic: term"),
        "line 11, rule six_years, key rules.0.topic: the key is not known.",
    ),
    "no basis": (
        RULE[: RULE.index("    legal_basis")] + RULE[RULE.index("    status") :],
        "line 3, rule six_years, key rules.0.legal_basis: it is missing; add it.",
    ),
    "an empty basis": (
        RULE[: RULE.index("    legal_basis")]
        + "    legal_basis: []\n"
        + RULE[RULE.index("    status") :],
        "line 13, rule six_years, key rules.0.legal_basis: [] is not what belongs here.",
    ),
    "no passage": (
        changed("        passage: {lines: [1, 2]}\n", ""),
        "line 14, rule six_years, key rules.0.legal_basis.0.passage: it is missing; add it.",
    ),
    "a passage without place": (
        changed("{lines: [1, 2]}", "{}"),
        "key rules.0.legal_basis.0.passage: it must have one of: lines, page, url.",
    ),
    "a passage with two places": (
        changed("{lines: [1, 2]}", "{lines: [1, 2], page: 3}"),
        "key rules.0.legal_basis.0.passage: it must have one of: lines, page, url.",
    ),
    "no section": (
        changed("        section: Termijn\n", ""),
        "key rules.0.legal_basis.0: it must have one of: section, article.",
    ),
    "no status": (changed("    status: unvalidated\n", ""), "key rules.0.status: it is missing"),
    "another status": (
        changed("status: unvalidated", "status: certain"),
        "line 17, rule six_years, key rules.0.status: certain is none of 'law', 'policy', ",
    ),
    "not validated without note": (
        changed("    note: {nl: Niet gelezen., en: Not read.}\n", ""),
        "key rules.0.note: what is not validated needs a note that says why.",
    ),
    "no Dutch": (
        changed("title: {nl: Zes jaar, en: Six years}", "title: {en: Six years}"),
        "line 4, rule six_years, key rules.0.title.nl: it is missing; add it.",
    ),
    "empty words": (
        changed("nl: Zes jaar,", "nl: ' ',"),
        "key rules.0.title.nl: ' ' is not what belongs here.",
    ),
    "another severity": (
        changed("severity: error", "severity: fatal"),
        "line 10, rule six_years, key rules.0.severity: fatal is none of 'error', ",
    ),
    "an id of other letters": (
        changed("id: six_years", "id: Six Years"),
        "rule Six Years, key rules.0.id: 'Six Years' is not what belongs here.",
    ),
    "no validity": (changed("    valid_from: 2019-01-01\n", ""), "key rules.0.valid_from: it is"),
    "a date that is text": (
        changed("valid_from: 2019-01-01", "valid_from: '2019-01-01'"),
        "key rules.0.valid_from: '2019-01-01' is not what belongs here.",
    ),
    "an end before the start": (
        changed("valid_to: 2025-01-01", "valid_to: 2019-01-01"),
        "line 20, rule six_years, key rules.0.valid_to: it ends before it starts.",
    ),
    "an unknown fact listed": (
        changed("[legal_form, start, term_end]", "[legal_form, start, term_end, colour]"),
        "line 5, rule six_years, key rules.0.facts.3: colour is no fact that the software knows.",
    ),
    "an unknown fact read": (
        changed("{fact: start, years: 6}", "{fact: begin, years: 6}"),
        "line 9, rule six_years, key rules.0.condition.any.0.at_most.fact: begin is no fact",
    ),
    "a fact listed and not read": (
        changed("[legal_form, start, term_end]", "[legal_form, start, term_end, theme]"),
        "line 5, rule six_years, key rules.0.facts.3: no condition reads theme.",
    ),
    "a fact read and not listed": (
        changed("[legal_form, start, term_end]", "[legal_form, term_end]"),
        "line 5, rule six_years, key rules.0.facts: a condition reads start, which is not listed.",
    ),
    "a fact listed twice": (
        changed("[legal_form, start, term_end]", "[legal_form, start, start, term_end]"),
        "line 5, rule six_years, key rules.0.facts.2: start stands there twice.",
    ),
    "an operand of another type": (
        changed("{fact: start, years: 6}", "6"),
        "key rules.0.condition.any.0.at_most: 6 is not of type date, as term_end is.",
    ),
    "a code that does not exist": (
        changed("equals: projectvereniging", "equals: stichting"),
        "line 6, rule six_years, key rules.0.applies.equals: stichting is no value of legal_form",
    ),
    "an operator that does not exist": (
        changed("at_most:", "within:"),
        "line 9, rule six_years, key rules.0.condition.any.0.within: it is no comparison",
    ),
    "no condition": (
        RULE[: RULE.index("    condition")] + RULE[RULE.index("    severity") :],
        "key rules.0.condition: it is missing; add it.",
    ),
    "the same id": (second(), "line 21, rule six_years, key rules.1.id: another rule has this id"),
    "versions that overlap": (
        second(("valid_from: 2019-01-01", "valid_from: 2024-12-31"), ("2025-01-01", "2026-01-01")),
        "line 37, rule six_years, key rules.1.valid_from: it overlaps in time",
    ),
    "versions that overlap, the later first": (
        second(("valid_from: 2019-01-01", "valid_from:"), ("valid_to: 2025-01-01", "valid_to:")),
        "key rules.1.valid_from: it overlaps in time",
    ),
    "a reading without default": (
        changed("severity: error", "variant: {question: q, reading: r, default: false}\n"
                "    severity: error"),
        "rule six_years, key rules.0.variant.default: question q needs exactly one reading",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "message"), DAMAGE.values(), ids=list(DAMAGE))
def test_damage_is_named(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "term.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_rules(tmp_path)
    said = str(error.value)
    assert said.startswith(f"{tmp_path.name}/term.yaml, line ")
    assert message in said
    assert said.endswith(".")
    assert "\n" not in said


@pytest.mark.parametrize("text", [RULE, second(*LATER)], ids=["one", "two versions in a row"])
def test_undamaged(text: str, tmp_path: Path) -> None:
    (tmp_path / "term.yaml").write_text(text, encoding="utf-8")
    assert len(read_rules(tmp_path).rules) == text.count("id: six_years")


def test_two_defaults(tmp_path: Path) -> None:
    variant = "variant: {question: q, reading: %s, default: true}\n    severity: error"
    text = second(("id: six_years", "id: seven_years"), ("severity: error", variant % "b"))
    text = text.replace("severity: error", variant % "a", 1)
    (tmp_path / "term.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"rule seven_years, .*exactly one reading"):
        read_rules(tmp_path)


def refused(read: Callable[[Path], object], file: Path, text: str) -> str:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read(file)
    return str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("forms:", "form:", "key forms: it must be a list."),
        ("code: projectvereniging", "code: kerk", "key forms.3.code: kerk is none of overeenk"),
        ("code: projectvereniging", "code: overeenkomst", "key forms.3.code: it stands there twi"),
        ("weight: 4\n", "weight: 3\n", "key forms.3.weight: another form has this weight."),
        ("weight: 4\n", "weight: four\n", "key forms.3.weight: 'four' is not what belongs here."),
        ("name: Projectvereniging", "naam: Projectvereniging", "key forms.3.name: it is missing"),
    ],
)
def test_damaged_forms(old: str, new: str, message: str, tmp_path: Path) -> None:
    text = (FOLDER / "forms.yaml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    said = refused(read_forms, tmp_path / "forms.yaml", text.replace(old, new))
    assert message in said


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("deadlines:", "dates:", "key deadlines: it must be a list."),
        ("id: waste", "id: municipal", "rule municipal, key deadlines.3.id: it stands there twice"),
        ("reading: start_2031", "reading: end_2030", "readings: two readings have the same name."),
        ("date: 2037-01-01", "date: 2037", "key deadlines.3.readings.0.date: 2037 is not what"),
        (
            "reading: january_2037\n        date: 2037-01-01\n",
            "reading: january_2037\n",
            "key deadlines.3.readings.0.date: it is missing; add it.",
        ),
    ],
)
def test_damaged_deadlines(old: str, new: str, message: str, tmp_path: Path) -> None:
    text = (FOLDER / "deadlines.yaml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    said = refused(read_deadlines, tmp_path / "deadlines.yaml", text.replace(old, new))
    assert message in said


def test_deadlines_need_one_default(tmp_path: Path) -> None:
    text = (FOLDER / "deadlines.yaml").read_text(encoding="utf-8")
    for changed_text in (text.replace("default: true", "default: false"),
                         text.replace("default: false", "default: true")):  # fmt: skip
        said = refused(read_deadlines, tmp_path / "deadlines.yaml", changed_text)
        assert "exactly one reading must be the default." in said


# Nine levels of nine aliases each stand for some 400 million items.
BOMB = "a0: &a0 [x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('a: "\0"', "line 1: this is not valid YAML (a character or a value that cannot be read"),
        ("a: 2025-02-30", "this is not valid YAML (a character or a value that cannot be read"),
        ("b: 1\n? [a, b]\n: 1\n", "line 2: this is not valid YAML (a key is one word or number)"),
        ("{a: 1}: 2", "this is not valid YAML (a key is one word or number)"),
        ("a: &x [*x]", "this is not valid YAML (too many levels in each other"),
        ("a: " + "[" * 5000, "this is not valid YAML (too many levels in each other"),
        (BOMB, "more than 20000 keys and items, aliases written out"),
        ("a:\n" + "- {b: [c]}\n" * 9000, "more than 20000 keys and items"),
        ("a: 1\n---\nb: 2", "line 2: this is not valid YAML (at character 1)"),
    ],
)
def test_what_the_loader_cannot_take_is_one_sentence(text: str, told: str, tmp_path: Path) -> None:
    assert told in refused(yamlfile.read, tmp_path / "a.yaml", text)


def test_a_file_that_cannot_be_read_as_text_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    with pytest.raises(InputError, match=r"a\.yaml: there is no such file\.$"):
        yamlfile.read(file)
    file.write_bytes("a: café".encode("latin-1"))
    with pytest.raises(InputError, match=r"a\.yaml: this is no text in UTF-8; save it so\.$"):
        yamlfile.read(file)
    with pytest.raises(InputError, match=r"this is a folder; give a YAML or JSON file\.$"):
        yamlfile.read(tmp_path)
    file.write_text("a: " + "x" * yamlfile.MOST_BYTES)
    with pytest.raises(InputError, match=r"a\.yaml: a file may have at most 100 kB; make it"):
        yamlfile.read(file)
    file.write_text("a: " + "x" * (yamlfile.MOST_BYTES - 3))
    assert len(yamlfile.read(file).data["a"]) == yamlfile.MOST_BYTES - 3
    file.write_text("a: café", encoding="utf-8")
    assert yamlfile.read(file).data == {"a": "café"}
