"""The command ``share``: what it prints, its JSON, and every wrong word in one sentence."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

TABLE = """\
game:
  coalitions: {A: 10.00, B: 8.00, "A,B": 15.00}
"""


def prompt(*words: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "samenspel", "--lang", "en", "share", *words],
        env={**os.environ, "PYTHONUTF8": "1", "COLUMNS": "160"},
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=folder,
    )


def told(folder: Path, text: str, *words: str) -> dict[str, Any]:
    (folder / "s.yaml").write_text(text, "utf-8")
    done = prompt("s.yaml", *words, "--json", folder=folder)
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_game(tmp_path: Path) -> None:
    found = told(tmp_path, TABLE)
    assert found["total_cents"] == 1500
    rules = ["equal", "proportional", "egalitarian", "separable_equal", "scrb", "shapley",
             "nucleolus"]  # fmt: skip
    assert [list(row["amounts_cents"]) for row in found["parties"]] == [rules, rules]
    assert [row["party"] for row in found["parties"]] == ["A", "B"]
    assert [row["amounts_cents"]["shapley"] for row in found["parties"]] == [850, 650]
    assert [row["exact_cents"]["proportional"] for row in found["parties"]] == ["2500/3", "2000/3"]
    core = found["core"]
    assert core["empty"] is False
    assert core["in_core"] == dict.fromkeys(rules, True)
    assert core["objecting"] == {rule: [] for rule in rules}


def test_one_rule_and_a_group_that_leaves(tmp_path: Path) -> None:
    found = told(tmp_path, TABLE.replace("10.00", "7.00"), "--rule", "equal")
    assert list(found["parties"][0]["amounts_cents"]) == ["equal"]
    assert found["core"]["in_core"] == {"equal": False}
    assert found["core"]["objecting"] == {"equal": ["A"]}
    assert found["core"]["excess_cents"] == {"equal": "50"}


def test_what_is_unknown_is_null(tmp_path: Path) -> None:
    text = 'game: {coalitions: {A: 10, B: 10, C: 10, "A,B,C": 21}}\n'
    found = told(tmp_path, text)
    assert found["core"]["empty"] is None
    assert found["core"]["least_excess_cents"] is None
    assert found["core"]["in_core"]["equal"] is None
    assert set(found["not_computed"]) == {"separable_equal", "scrb", "shapley", "nucleolus"}


def test_an_empty_core_is_proven(tmp_path: Path) -> None:
    pairs = 'A: 9, B: 9, C: 9, "A,B": 10, "A,C": 10, "B,C": 10, "A,B,C": 18'
    core = told(tmp_path, f"game: {{coalitions: {{{pairs}}}}}\n")["core"]
    assert core["empty"] is True
    assert core["least_excess_cents"] == "200"
    assert [proof["members"] for proof in core["proof"]] == [["A", "B"], ["A", "C"], ["B", "C"]]
    assert {proof["weight"] for proof in core["proof"]} == {"1/3"}
    assert core["objecting"]["nucleolus"] == ["A", "B"]


def test_claims(tmp_path: Path) -> None:
    found = told(tmp_path, "claims: {A: 100, B: 200, C: 300}\nestate: 200\n")
    talmud = [row["amounts_cents"]["talmud"] for row in found["parties"]]
    assert talmud == [5000, 7500, 7500]
    assert set(found["parties"][0]["amounts_cents"]) == {
        "proportional", "constrained_equal_awards", "constrained_equal_losses", "talmud",
        "random_arrival", "minimal_overlap", "adjusted_proportional",
    }  # fmt: skip
    assert found["core"]["empty"] is False


def test_the_page_of_an_example() -> None:
    done = prompt("--example", "crisisopvang", "--explain", "CAW")
    assert (done.returncode, done.stderr) == (0, "")
    shown = done.stdout.replace("\xa0", " ")
    for words in (
        "To share: costs of € 84 500.00.",
        "equal: better off on its own by € 16 900.00: CAW, Gemeente 1, Gemeente 2, Gemeente 3.",
        "  Gemeente 1: € 10 562.00",
        "The printed rows come to € 84 498.00; € 2.00 of what is spent is in none of them.",
        "Why: CAW",
        "Alone CAW would pay € 25 350.00.",
    ):
        assert words in shown
    assert "10 562.50" in shown


def test_the_page_of_an_invented_gain() -> None:
    done = prompt("--example", "bedrijventerrein")
    assert (done.returncode, done.stderr) == (0, "")
    assert "This case is invented" in done.stdout
    assert "-415\xa0080.65" in done.stdout
    assert "Not given: proportional, for what parties would bear alone is zero" in done.stdout


def test_pages_of_the_other_kinds(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text("claims: {A: 100, B: 200}\nestate: 150\n", "utf-8")
    assert "an estate of" in prompt("c.yaml", folder=tmp_path).stdout
    (tmp_path / "l.yaml").write_text(
        "parties: [A, B]\ncosts: {c: {amount: 1.01, key: equal}}\n", "utf-8"
    )
    shown = prompt("l.yaml", "--explain", "A", folder=tmp_path).stdout
    assert "the file does not say" in shown
    names = ", ".join(f"p{i:02}" for i in range(45))
    (tmp_path / "m.yaml").write_text(
        f"parties: [{names}]\ngame: {{steps: {{size: {{{': 70001, '.join(names.split(', '))}: 3}}, "
        "costs: {1000000: 5, 4000000: 9}}}\n",
        "utf-8",
    )
    shown = prompt("m.yaml", "--samples", "100", "--seed", "3", folder=tmp_path).stdout
    assert "and 5 more" in shown
    assert "drawn by chance (seed 3)" in shown
    assert "not known whether a group is better off" in shown


def test_the_answer_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(TABLE, "utf-8")
    done = prompt("s.yaml", "--out", "o.json", "--explain", "A", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Written: o.json" in done.stdout
    kept = json.loads((tmp_path / "o.json").read_text("utf-8"))
    assert kept == told(tmp_path, TABLE, "--explain", "A")
    assert kept["explanation"]["party"] == "A"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["none.yaml"], "there is no such file"),
        ([], "Give either a file or --example"),
        (["s.yaml", "--example", "crisisopvang"], "Give either a file or --example"),
        (["--example", "zwembad"], "--example zwembad: there is none"),
        (["s.yaml", "--rule", "best"], "--rule best: not known here"),
        (["s.yaml", "--explain", "Z"], "--explain Z: no party"),
        (["s.yaml", "--out", "o.txt"], "ends in .json"),
        (["s.yaml", "--out", "none/o.json"], "there is no folder"),
        (["s.yaml", "--samples", "5"], "--samples"),
        (["s.yaml", "--seed", "-1"], "--seed"),
        (["bad.yaml"], "bad.yaml, line 2, key game.coalitions.A: “10.005” has parts of a cent"),
    ],
)
def test_wrong_words_in_one_sentence(tmp_path: Path, words: list[str], says: str) -> None:
    (tmp_path / "s.yaml").write_text(TABLE, "utf-8")
    (tmp_path / "bad.yaml").write_text(TABLE.replace("10.00", "10.005"), "utf-8")
    done = prompt(*words, folder=tmp_path)
    assert done.returncode == 2
    assert says in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
    assert not (tmp_path / "o.json").exists()
