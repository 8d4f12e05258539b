"""The command ``fund``: what it prints, its JSON, and every wrong word in one sentence."""

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest

import pages
from countries import example
from pages import Done
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.package import write

RULES = """\
title: {nl: Proef, en: Trial}
total: 1000.00
blocks:
  basic: {share: 60%, key: population}
  area: {share: rest, key: area_km2, floor: 10.00}
"""
MERGER = """\
title: Two become one
operations:
  - merge_municipalities: {parts: ["00006", "00007"], nis: "00006"}
"""


def prompt(*words: str, folder: Path) -> Done:
    with contextlib.chdir(folder):
        return pages.prompt("--lang", "en", *words, COLUMNS="160")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the landscape ``land``, rules and scenarios."""
    folder = tmp_path_factory.mktemp("fund")
    write(example(), folder / "land")
    (folder / "rules.yaml").write_text(RULES, "utf-8")
    (folder / "merger.yaml").write_text(MERGER, "utf-8")
    change = "operations:\n  - change_fund_rule: {path: blocks.basic.share, value: 100%}\n"
    (folder / "rule.yaml").write_text(change, "utf-8")
    gone = 'operations:\n  - merge_municipalities: {parts: ["00006", "99999"], nis: "00006"}\n'
    (folder / "wrong.yaml").write_text(gone, "utf-8")
    return folder


def told(folder: Path, *words: str) -> dict[str, Any]:
    done = prompt("fund", "land", *words, "--json", folder=folder)
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_json_as_others_rely_on_it(place: Path) -> None:
    found = told(place, "--rules", "rules.yaml")
    assert found["total_cents"] == 100_000
    assert [block["block"] for block in found["blocks"]] == ["basic", "area"]
    assert [block["amount_cents"] for block in found["blocks"]] == [60_000, 40_000]
    assert found["compared"] is None
    assert found["scenario"] is None
    assert sum(town["amount_cents"] for town in found["municipalities"]) == 100_000
    for town in found["municipalities"]:
        assert sum(town["blocks"].values()) == town["amount_cents"]
        per_head = town["amount_cents"] / 100 / town["population"]
        assert town["per_inhabitant"] == pytest.approx(per_head)
    assert 0 < found["gini"]["overall"] < 1
    assert found["gini"]["by"] is None


def test_a_scenario_stands_beside_the_land(place: Path) -> None:
    before = told(place, "--rules", "rules.yaml")
    found = told(place, "--rules", "rules.yaml", "--scenario", "merger.yaml")
    assert found["scenario"] == "merger.yaml"
    assert found["notes"]
    assert [town["nis"] for town in found["municipalities"]] == [
        town["nis"] for town in before["municipalities"] if town["nis"] != "00007"
    ]
    change = found["compared"]
    was = {town["nis"]: town["amount_cents"] for town in before["municipalities"]}
    assert {
        row["nis"]: (row["before_cents"], row["change_cents"]) for row in change["municipalities"]
    } == {
        nis: (was[nis] + (was["00007"] if nis == "00006" else 0), 0)
        for nis in was
        if nis != "00007"
    }
    assert (change["outsiders"], change["outsiders_changed"]) == (6, 0)


def test_a_scenario_may_change_the_rules(place: Path) -> None:
    found = told(place, "--rules", "rules.yaml", "--scenario", "rule.yaml", "--set",
                 "blocks.area.floor=0")  # fmt: skip
    assert [block["pot_cents"] for block in found["blocks"]] == [100_000, 0]
    assert found["compared"]["losers"] > 0
    assert found["compared"]["before_total_cents"] == found["compared"]["after_total_cents"]


def test_every_question_at_once(place: Path, tmp_path: Path) -> None:
    out = tmp_path / "fund.json"
    done = prompt(
        "fund", "land", "--rules", "rules.yaml", "--clusters", "equipment_level", "--trace",
        "Droomhoven", "--nudge", "00006:population=+10%", "--vary", "blocks.basic.share=0.2,40%",
        "--set", "total=2000", "--out", str(out), "--date", "2025-01-01", folder=place,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(out.read_text("utf-8"))
    assert found["total_cents"] == 200_000
    assert found["gini"]["by"] == "equipment_level"
    assert found["trace"]["nis"] == "00006"
    assert found["nudged"]["figure"] == "population"
    assert [step["value"] for step in found["varied"]["steps"]] == ["0.2", "40%"]
    first = found["varied"]["steps"][0]
    assert sum(first["amounts_cents"].values()) == 200_000
    for line in ("Trial, as on 1 January 2025", "Total € 2 000.00.", "population of 00006 changed",
                 "Droomhoven (00006): €", f"Written: {out}"):  # fmt: skip
        assert line in done.stdout, line


def test_a_slider_takes_formulas(place: Path) -> None:
    path = "blocks.area.floor"
    values = ["max(10, population / 1000)", "10.00", "5 if population >= 20000 else 10"]
    for text in (",".join(values), " , ".join(values)):
        found = told(place, "--rules", "rules.yaml", "--vary", f"{path}={text}")["varied"]
        assert (found["path"], [step["value"] for step in found["steps"]]) == (path, values)
        assert [step["fault"] for step in found["steps"]] == [None] * 3
    none = told(place, "--rules", "rules.yaml", "--nudge", "00006:population=-100%")["nudged"]
    assert none["figure"] == "population"


def test_without_rules_it_says_that_it_is_an_example(place: Path) -> None:
    done = prompt("fund", "land", folder=place)
    assert (done.returncode, done.stderr) == (0, "")
    assert "This is an example of the project and not the present law" in done.stdout
    assert "This is an example" not in prompt("fund", "land", "--rules", "rules.yaml",
                                              folder=place).stdout  # fmt: skip
    found = told(place)
    assert found["rules"]["status"] == "unvalidated"
    assert {block["pot_status"] for block in found["blocks"]} == {"choice"}


def test_the_screen_shows_every_figure_of_the_json(place: Path) -> None:
    found = told(place, "--rules", "rules.yaml", "--scenario", "rule.yaml", "--set",
                 "blocks.area.floor=0")  # fmt: skip
    shown = prompt("fund", "land", "--rules", "rules.yaml", "--scenario", "rule.yaml", "--set",
                   "blocks.area.floor=0", folder=place).stdout  # fmt: skip
    for town in found["municipalities"]:
        assert f"{town['amount_cents'] / 100:.2f}" in shown
    for row in found["compared"]["municipalities"]:
        assert f"€ {abs(row['change_cents']) / 100:.2f}" in shown


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("--rules", "none.yaml"), "none.yaml: there is no such file."),
        (("--rules", "land"), "this is a folder"),
        (("--scenario", "none.yaml"), "none.yaml: there is no such file."),
        (("--scenario", "wrong.yaml"), "wrong.yaml cannot be applied"),
        (("--clusters", "NONE"), "no zoning “NONE” to cluster by"),
        (("--trace", "Nowhere"), "no municipality “Nowhere”"),
        (("--set", "total"), "--set total: write PATH=VALUE"),
        (("--set", "total=[1"), "“[1” is no value"),
        (("--set", "total=much"), "is no amount in euro"),
        (("--set", "blocks.none.pot=1"), "there is no blocks.none"),
        (("--vary", "total=ten,eleven"), "is no amount in euro"),
        (("--vary", "total"), "--vary total: write PATH=VALUE,VALUE,..."),
        (("--vary", "total=1,,2"), "a value on either side of each comma"),
        (("--vary", "total=1,2,"), "a value on either side of each comma"),
        (("--vary", "total=1,blocks.basic.share=2"), "vary one at a time, and set others"),
        (("--nudge", "population=1%"), "write NIS:FIGURE=SHARE"),
        (("--nudge", "00006:population"), "write NIS:FIGURE=SHARE"),
        (("--nudge", "=1%"), "write NIS:FIGURE=SHARE"),
        (("--nudge", "00006:population=101%"), "by a share from -100% to 100%"),
        (("--nudge", "00006:population=much"), "no number such as"),
        (("--nudge", "00006:none=1%"), "no figure none in these rules"),
        (("--nudge", "00099:population=1%"), "no municipality “00099”"),
        (("--out", "fund.csv"), "a name that ends in .json"),
        (("--out", "none/fund.json"), "there is no folder none"),
        (("--date", "1900-01-01", "--rules", "rules.yaml"), ""),
    ],
)
def test_wrong_words_are_one_sentence(place: Path, words: tuple[str, ...], what: str) -> None:
    done = prompt("fund", "land", *words, folder=place)
    if what:
        assert (done.returncode, done.stdout) == (2, "")
        assert what in done.stderr
        assert len(done.stderr.splitlines()) == 1
        assert not (place / "fund.csv").exists()


def test_flanders_by_the_shipped_example(
    tmp_path: Path, flanders_2025: tuple[Landscape, Any]
) -> None:
    write(flanders_2025[0], tmp_path / "land")
    found = told(tmp_path, "--clusters", "referentieregio")
    assert found["total_cents"] == 10_000_000_000
    assert len(found["municipalities"]) == 285
    assert all(block["left_out"] == [] for block in found["blocks"])
    parts = [found["gini"][part] for part in ("between", "within", "overlap")]
    assert sum(parts) == pytest.approx(found["gini"]["overall"])
    assert found["figures"]["income"] == {
        "key": "net_taxable_income", "year": 2020, "source": "income", "put_for_unknown": 0,
    }  # fmt: skip
