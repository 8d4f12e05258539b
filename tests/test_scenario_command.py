"""Scenarios at the prompt: the JSON, the folder, the files, the exit codes, every refusal."""

import json
from pathlib import Path
from typing import Any

import pytest

from pages import prompt
from samenspel.landscape.example import example
from samenspel.landscape.load import load
from samenspel.landscape.package import write

GOOD = """\
title: Zuid
operations:
- merge_municipalities: {parts: ['00005', '00006'], nis: '00011', name: Schijndroom}
- join: {organisation: '00011', partnership: p05}
"""
BAD = """\
operations:
- join: {organisation: '00011', partnership: p05}
- leave: {organisation: '00001', partnership: p05}
- leave: {organisation: '00001', partnership: p05}
"""
FUND = """\
title: Trial
total: 100
blocks:
  basic: {share: rest, key: area_km2, valid_from: 2025-01-01}
"""
TUNED = """\
operations:
- change_fund_rule: {path: total, value: 120}
- change_parameter: {name: horizon, value: 9}
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the landscape and some scenarios."""
    write(example(), tmp_path / "land")
    files = {"good": GOOD, "bad": BAD, "form": "operations:\n- leave: {}\n", "tuned": TUNED}
    for name, text in files.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "fund.yaml").write_text(FUND, encoding="utf-8")
    return tmp_path


def run(*words: object) -> tuple[int, str, str]:
    return prompt("--lang", "en", "scenario", *map(str, words))


def json_of(*words: object, code: int = 0) -> Any:
    done, out, err = run(*words, "--json")
    assert (done, bool(err)) == (code, code == 2)
    return json.loads(out)


def test_check(place: Path) -> None:
    found = json_of("check", place / "good.yaml", place / "land")
    assert found.keys() == {"file", "title", "operations", "applies", "faults", "notes"}
    assert (found["title"], found["applies"], found["faults"]) == ("Zuid", True, [])
    assert found["operations"] == ["merge_municipalities", "join"]
    assert len(found["notes"]) > 5
    code, out, err = run("check", place / "good.yaml", place / "land")
    assert (code, err) == (0, "")
    assert "Zuid; operations: 2" in out
    assert "It can be applied" in out
    assert found["notes"][0] in out


def test_check_with_faults(place: Path) -> None:
    found = json_of("check", place / "bad.yaml", place / "land", code=2)
    assert found["applies"] is False
    assert [(f["number"], f["line"], f["operation"]) for f in found["faults"]] == [
        (1, 2, "join"), (3, 4, "leave"),
    ]  # fmt: skip
    assert found["faults"][1]["earlier"] == [2]
    code, out, err = run("check", place / "bad.yaml", place / "land")
    assert code == 2
    assert [line.partition(":")[0] for line in out.splitlines()] == [
        "- operation 1, line 2, join", "- operation 3, line 4, leave",
    ]  # fmt: skip
    assert err == (
        f"{place}/bad.yaml: nothing is applied, for there are faults (2); the first: operation 1, "
        "line 2, join: There is no organisation 00011 in this landscape.\n"
    )


def test_check_of_the_form(place: Path) -> None:
    found = json_of("check", place / "form.yaml", place / "land", code=2)
    assert [(f["line"], f["key"], f["number"], f["operation"]) for f in found["faults"]] == [
        (2, "operations.0.leave.organisation", 1, "leave"),
        (2, "operations.0.leave.partnership", 1, "leave"),
    ]
    code, out, err = run("check", place / "form.yaml", place / "land")
    assert (code, len(out.splitlines()), len(err.splitlines())) == (2, 2, 1)
    assert "the form has faults (2)" in err
    code, out, err = run("check", place / "none.yaml", place / "land")
    assert (code, out) == (2, "")
    assert "there is no such file" in err


def test_apply(place: Path) -> None:
    before = {file.name: file.read_bytes() for file in (place / "land").iterdir()}
    found = json_of("apply", place / "good.yaml", place / "land", "--out", place / "new")
    assert found["rows"]["municipalities"] == 7
    assert found["changed"]["municipalities"] == {"before": 8, "after": 7, "gone": 2, "new": 1}
    assert "zones" not in found["changed"]
    assert (found["errors"], found["policy"]) == ([], {"fund": None, "parameters": {}})
    made = load(place / "new")
    assert "00011" in made.table("municipalities")["nis"]
    assert made.date == example().date
    assert {file.name: file.read_bytes() for file in (place / "land").iterdir()} == before
    # It is a landscape like any other: what made it is done.
    code, out, err = run("check", place / "good.yaml", place / "new")
    assert code == 2
    assert "This is done already" in out + err
    code, out, err = run("apply", place / "good.yaml", place / "land", "--out", place / "new")
    assert (code, err) == (0, "")
    assert "Tables that change" in out
    assert f"samenspel screen {place / 'new'}" in " ".join(out.split())


def test_apply_nothing(place: Path) -> None:
    (place / "none.yaml").write_text("operations: []\n", encoding="utf-8")
    found = json_of("apply", place / "none.yaml", place / "land", "--out", place / "new")
    assert found["changed"] == {}
    assert load(place / "new").equals(load(place / "land"))


@pytest.mark.parametrize("name", ["bad", "form", "tuned"])
def test_apply_with_faults_writes_nothing(place: Path, name: str) -> None:
    scenario, out = place / f"{name}.yaml", place / "new"
    assert json_of("apply", scenario, place / "land", "--out", out, code=2)["applies"] is False
    assert run("apply", scenario, place / "land", "--out", out)[0] == 2
    assert not out.exists()


def test_apply_leaves_what_is_there(place: Path) -> None:
    code, out, err = run("apply", place / "good.yaml", place / "land", "--out", place / "land")
    assert (code, out) == (2, "")
    assert "name another folder" in err
    (place / "mine").mkdir()
    (place / "mine" / "diary.txt").write_text("mine")
    code, out, err = run("apply", place / "good.yaml", place / "land", "--out", place / "mine")
    assert (code, out) == (2, "")
    assert [file.name for file in (place / "mine").iterdir()] == ["diary.txt"]


def test_a_fund_and_parameters(place: Path) -> None:
    words = ("apply", place / "tuned.yaml", place / "land", "--out", place / "new")
    found = json_of(*words, "--fund", place / "fund.yaml")
    assert found["policy"] == {
        "fund": {
            "title": "Trial",
            "total": 120,
            "blocks": {
                "basic": {"share": "rest", "key": "area_km2", "valid_from": "2025-01-01"},
            },
        },
        "parameters": {"horizon": 9},
    }
    assert "Parameter horizon: 9" in run(*words, "--fund", place / "fund.yaml")[1]
    checked = run("check", place / "tuned.yaml", place / "land", "--fund", place / "fund.yaml")
    assert checked[0] == 0
    refused = run("check", place / "tuned.yaml", place / "land")
    assert "This study has no rules of a fund" in refused[2]


def test_a_fund_with_a_file_beside_it(place: Path) -> None:
    rules = place / "filed.yaml"
    rules.write_text(
        "title: Filed\ntotal: 100\nfigures: {sites: {file: sites.csv}}\n"
        "blocks: {basic: {share: rest, key: sites}}\n"
    )
    change = place / "change.yaml"
    change.write_text(
        'operations:\n- change_fund_rule: {path: [figures, sites, values, "00001"], value: "7"}\n'
    )
    words = ("apply", change, place / "land", "--out", place / "new", "--fund", rules)
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert "sites.csv: there is no such file." in err
    assert not (place / "new").exists()
    (place / "sites.csv").write_text("nis,value\n00001,5\n00002,6\n")
    found = json_of(*words)["policy"]["fund"]
    assert found["figures"] == {"sites": {"values": {"00001": "7", "00002": "6"}}}


@pytest.mark.parametrize("command", ["check", "apply"])
def test_operations_leave_rules_of_a_fund(place: Path, command: str) -> None:
    words = [command, place / "tuned.yaml", place / "land", "--fund", place / "fund.yaml"]
    words += ["--out", place / "new"] if command == "apply" else []
    for value, what in (("-5", "key total: -5 is below zero"), ("{a: 1}", "key total.amount: it")):
        (place / "tuned.yaml").write_text(
            f"operations:\n- change_fund_rule: {{path: total, value: {value}}}\n"
        )
        code, out, err = run(*words)
        assert (code, out) == (2, "")
        assert f"fund.yaml after the operations, {what}" in err
        assert not (place / "new").exists()
    (place / "fund.yaml").write_text("hello: 1\n")
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert "fund.yaml, line 1, key title: it is missing" in err


def test_apply_writes_nothing_within_the_landscape(place: Path) -> None:
    inside = place / "land" / "after"
    code, out, err = run("apply", place / "good.yaml", place / "land", "--out", inside)
    assert (code, out) == (2, "")
    assert "name another folder" in err
    assert not inside.exists()
    assert run("apply", place / "good.yaml", place / "land", "--out", place / "after")[0] == 0


def test_combine(place: Path) -> None:
    other = place / "other.yaml"
    other.write_text("operations:\n- dissolve_partnership: {partnership: p08}\n", encoding="utf-8")
    found = json_of("combine", place / "good.yaml", other, place / "land")
    assert found["combines"] is True
    code, out, err = run("combine", place / "good.yaml", other, place / "land")
    assert (code, err) == (0, "")
    assert "dissolve_partnership:" in out
    both = place / "both.yaml"
    assert run("combine", place / "good.yaml", other, place / "land", "--out", both)[0] == 0
    assert both.read_text(encoding="utf-8") == found["scenario"]
    assert run("check", both, place / "land")[0] == 0
    code, out, err = run("combine", place / "good.yaml", other, place / "land", "--out", both)
    assert (code, out) == (2, "")
    assert "is there already" in err


def test_combine_what_cannot_be(place: Path) -> None:
    other = place / "other.yaml"
    text = GOOD.replace("'00005', '00006'", "'00006', '00007'").replace("00011", "00012")
    other.write_text(text, encoding="utf-8")
    words = ("combine", place / "good.yaml", other, place / "land")
    found = json_of(*words, code=2)
    assert (found["combines"], found["scenario"]) == (False, None)
    assert [(c["number"], c["line"], c["against"]) for c in found["clashes"]] == [
        (1, 3, [1]), (2, 4, []),
    ]  # fmt: skip
    code, out, err = run(*words, "--out", place / "both.yaml")
    assert code == 2
    assert "What the second asks and cannot be after the first:" in out
    assert "In the first, operation 1 is about the same." in out
    assert len(err.splitlines()) == 1
    assert not (place / "both.yaml").exists()
    code, out, err = run("combine", place / "bad.yaml", place / "bad.yaml", place / "land")
    assert code == 2
    assert "The first has faults of its own:" in out


def test_from_a_plan(place: Path) -> None:
    towns = sorted(example().table("municipalities")["nis"])
    plan = place / "plan.json"
    plan.write_text(json.dumps({"plan": dict.fromkeys(towns, "Z1"), "zones": []}), encoding="utf-8")
    file = place / "made.yaml"
    found = json_of("from", plan, "--zoning", "REGIO")
    assert found["operations"] == ["redraw_zoning"]
    code, _out, err = run("from", plan, "--zoning", "REGIO", "--out", file)
    assert (code, err) == (0, "")
    assert file.read_text(encoding="utf-8") == found["scenario"]
    assert run("apply", file, place / "land", "--out", place / "new")[0] == 0
    assert load(place / "new").table("zones").filter(zoning="REGIO")["zone"].to_list() == ["Z1"]
    assert run("from", plan, "--zoning", "REGIO")[1] == found["scenario"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("from", "fund.yaml"), "cannot be read as JSON"),
        (("from", "plan.json", "--out", "s.json"), "is called .yaml"),
        (("from", "plan.json", "--out", "nowhere/s.yaml"), "there is no folder"),
        (("from", "plan.json", "--out", "good.yaml"), "is there already"),
        (("check", "good.yaml", "nowhere"), "there is no such folder"),
        (("check", "tuned.yaml", "land", "--fund", "none.yaml"), "there is no such file"),
        (("apply", "good.yaml", "land"), "--out is missing"),
    ],
)  # fmt: skip
def test_refused(place: Path, words: tuple[str, ...], told: str) -> None:
    (place / "plan.json").write_text('{"lines": []}', encoding="utf-8")
    named = [w if w.startswith("--") or n == 0 else str(place / w) for n, w in enumerate(words)]
    code, out, err = run(*named)
    assert (code, out) == (2, "")
    assert told in err
    assert len(err.splitlines()) == 1
