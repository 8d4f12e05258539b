"""The commands that hold a landscape against rules, and the calendar of what is due."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from samenspel.alignment.calendar import COUNCIL_END, calendar
from samenspel.errors import InputError
from samenspel.landscape.example import example
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.package import write
from samenspel.law.logic import shifted


def prompt(*words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "samenspel", "--lang", "en", *words],
        env={**os.environ, "PYTHONUTF8": "1", "COLUMNS": "160"},
        input=typed,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def land(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("land") / "streek"
    write(example(), folder)
    return folder


def with_term(end: date | None) -> Landscape:
    bodies = example().table("partnerships")
    return example().with_tables(
        partnerships=bodies.with_columns(
            term_end=pl.when(pl.col("id") == "p04").then(pl.lit(end)).otherwise("term_end")
        )
    )


def test_terms_and_the_moment_to_decide_are_due_in_order() -> None:
    found = calendar(with_term(date(2028, 2, 29)), lead=6)
    mine = {due.kind: due.date for due in found.moments if due.partnership == "p04"}
    assert mine["term_end"] == date(2028, 2, 29)
    assert mine["decide"] == shifted(date(2028, 2, 29), months=-6) == date(2027, 8, 29)
    dates = [due.date for due in found.moments]
    assert dates == sorted(dates)
    assert all(due.date >= found.since for due in found.moments)
    assert COUNCIL_END in dates


def test_an_unknown_term_is_counted_and_never_dated() -> None:
    found = calendar(with_term(None))
    assert "p04" in found.term_unknown
    assert {due.kind for due in found.moments if due.partnership == "p04"} <= {
        "deadline",
        "deadline_limit",
    }


def test_a_term_that_has_ended_is_told_apart() -> None:
    found = calendar(with_term(date(2024, 12, 31)))
    assert "p04" in found.ended
    assert all(due.kind != "term_end" for due in found.moments if due.partnership == "p04")


def test_a_limit_is_unknown_where_initiator_or_theme_is() -> None:
    bodies = example().table("partnerships").with_columns(
        initiator=pl.lit(None, pl.String), theme=pl.lit(None, pl.String)
    )  # fmt: skip
    found = calendar(example().with_tables(partnerships=bodies))
    assert not [due for due in found.moments if due.kind.startswith("deadline")]
    assert found.deadline_unknown


def test_a_negative_lead_is_refused() -> None:
    with pytest.raises(InputError, match="lead of -1 months"):
        calendar(example(), lead=-1)


def test_the_calendar_of_all_flanders_knows_no_term(flanders_2025: tuple[Landscape, list]) -> None:
    found = calendar(flanders_2025[0])
    assert [due.kind for due in found.moments] == ["council_end"]
    assert len(found.term_unknown) == len(found.deadline_unknown) > 300


def test_align_gives_the_json_that_others_rely_on(land: Path) -> None:
    done = prompt("align", str(land), "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert found["zoning"] == "REGIO"
    assert {"zoning", "partnerships", "summary", "explanations", "priorities"} <= found.keys()
    for row in found["partnerships"]:
        assert row.keys() >= {"id", "name", "legal_form", "fit", "zones", "scope", "scope_reason",
                              "deadline", "status"}  # fmt: skip
        assert row["fit"] in ("inside", "union", "crossing", "none")
        assert row["scope"] in ("in", "out", "unknown")
        for zone in row["zones"]:
            assert zone.keys() >= {"zone", "name", "members", "population"}


def test_align_of_one_region_by_name(land: Path) -> None:
    whole = json.loads(prompt("align", str(land), "--json").stdout)["partnerships"]
    part = json.loads(prompt("align", str(land), "--region", "Regio Zuid", "--json").stdout)
    wanted = [row["id"] for row in whole if any(z["zone"] == "ZUID" for z in row["zones"])]
    assert [row["id"] for row in part["partnerships"]] == wanted


def test_law_findings_exit_with_one_only_for_the_law(land: Path) -> None:
    done = prompt("law", "findings", str(land), "--json")
    found = json.loads(done.stdout)
    broken = [f for f in found["findings"] if f["status"] == "law"]
    assert done.returncode == (1 if broken else 0)
    assert found["counts"]["violated"] == len(found["findings"]) > 0
    assert all(f["sources"] and f["condition"] for f in found["findings"])


def test_advice_asks_at_the_prompt_and_reads_a_file_alike(land: Path, tmp_path: Path) -> None:
    typed = ["municipalities", "yes", "no", "no", "no", "no", "3", "no", "no", "no"]
    asked = prompt("advise", "--json", typed="\n".join(typed) + "\n")
    assert asked.returncode == 0, asked.stderr
    file = tmp_path / "answers.yaml"
    file.write_text(
        "centre: municipalities\nconsultation: true\nother_governments: false\n"
        "private_partners: false\ncomplex_management: false\nfinancial_participation: false\n"
        "municipalities: 3\nocmws: false\nenergy_or_waste: false\ntransfer: false\n"
    )
    read = prompt("advise", str(land), "--answers", str(file), "--json")
    forms = json.loads(read.stdout)["forms"]
    assert forms == json.loads(asked.stdout[asked.stdout.index("{\n") :])["forms"]
    assert {"form", "admissible", "reasons"} <= forms[0].keys()
    assert {"rule", "satisfied", "source"} <= forms[1]["reasons"][0].keys()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["align", "{land}", "--zoning", "NERGENS"], "NERGENS"),
        (["align", "{land}", "--region", "nergens"], "nergens"),
        (["align", "{land}", "--reading", "x"], "QUESTION=READING"),
        (["deadlines", "{land}", "--reading", "x=y"], "x"),
        (["deadlines", "{land}", "--lead", "-2"], "-2"),
        (["advise", "--answers", "nergens.yaml"], "nergens.yaml"),
        (["law", "findings", "nergens"], "nergens"),
    ],
)
def test_wrong_input_is_told_in_one_line(land: Path, words: list[str], said: str) -> None:
    done = prompt(*(word.format(land=land) for word in words))
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert said in done.stderr


def test_rationalise_gives_the_json_that_others_rely_on(land: Path) -> None:
    done = prompt("rationalise", str(land), "--region", "Regio Zuid", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    plan = json.loads(done.stdout)
    assert plan["proven_optimal"]
    assert plan["bound"] == plan["after"] <= plan["before"]
    assert all({"operation", "partnerships", "result", "reason", "phase"} <= line.keys()
               for line in plan["lines"])  # fmt: skip
    assert plan["curve"][0]["partnerships"] == plan["after"]
    assert {"partnerships", "effort"} <= plan["curve"][0].keys()
    shown = prompt("rationalise", str(land), "--region", "Regio Zuid").stdout
    assert f"from {plan['before']} partnerships to {plan['after']}" in shown


def test_wishes_that_clash_come_back_and_exit_with_one(land: Path, tmp_path: Path) -> None:
    file = tmp_path / "wishes.yaml"
    file.write_text("wishes:\n  - at_most: 0\n  - keep: [p07]\n")
    done = prompt("rationalise", str(land), "--region", "Regio Zuid", "--wishes", str(file))
    assert (done.returncode, done.stderr) == (1, "")
    assert "These wishes cannot go together".lower() in done.stdout.lower()
    file.write_text("wishes:\n  - colour: blue\n")
    wrong = prompt("rationalise", str(land), "--region", "Regio Zuid", "--wishes", str(file))
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "wishes.yaml, line 2" in wrong.stderr
