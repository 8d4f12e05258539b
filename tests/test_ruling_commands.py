"""The commands that hold a landscape against rules, and the calendar of what is due."""

import json
import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest

import pages
from countries import example
from pages import Done
from samenspel.alignment.calendar import COUNCIL_END, calendar, council_ends
from samenspel.errors import InputError
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.package import write
from samenspel.law.logic import shifted


def prompt(*words: str, typed: str = "") -> Done:
    return pages.prompt("--lang", "en", *words, typed=typed, COLUMNS="160")


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
    assert done.stdout == (
        "No plan: this wish cannot be met.\n- at most 0 partnerships (it is possible from 5)\n"
    )
    file.write_text("wishes:\n  - colour: blue\n")
    wrong = prompt("rationalise", str(land), "--region", "Regio Zuid", "--wishes", str(file))
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "wishes.yaml, line 2" in wrong.stderr


def without_rows(*tables: str) -> Landscape:
    """The example with these tables empty: known to hold nothing."""
    land = example()
    return land.with_tables(**{name: land.table(name).clear() for name in tables})


RULING = (
    ("law", "findings"), ("align",), ("deadlines",), ("rationalise", "--region", "ZUID"),
)  # fmt: skip
OF_PARTNERSHIPS = ("partnerships", "memberships", "tasks", "task_provision", "mandates")


def ruled(words: tuple[str, ...], folder: Path, *more: str) -> Done:
    """A command on ``folder``; what follows its name comes after the folder."""
    own = [word for word in words if not word.startswith("--") and word != "ZUID"]
    return prompt(*own, str(folder), *words[len(own) :], *more)


@pytest.mark.parametrize("words", RULING, ids=" ".join)
@pytest.mark.parametrize("absent", ["partnerships", "memberships"])
def test_an_absent_table_is_asked_for(
    words: tuple[str, ...], absent: str, land: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "streek"
    shutil.copytree(land, folder)
    (folder / "datapackage.json").unlink()
    gone = OF_PARTNERSHIPS if absent == "partnerships" else (absent, "task_provision")
    for table in gone:
        (folder / f"{table}.csv").unlink()
    done = ruled(words, folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"the table {absent}, and this landscape has none; add it." in done.stderr


@pytest.mark.parametrize("words", RULING, ids=" ".join)
def test_an_empty_table_is_a_known_zero(words: tuple[str, ...], tmp_path: Path) -> None:
    folder = tmp_path / "streek"
    write(without_rows(*OF_PARTNERSHIPS), folder)
    done = ruled(words, folder)
    assert (done.returncode, done.stderr) == (0, "")
    told = {
        "law": "No rule concerns a partnership in this landscape.",
        "rationalise": "Regio Zuid: there are no active partnerships, so there is nothing to plan.",
    }.get(words[0], "No partnership here is known to be active.")
    assert told in done.stdout
    assert "Proven" not in done.stdout
    assert "not known whether" not in done.stdout
    assert words[0] == "deadlines" or "─" not in done.stdout


@pytest.mark.parametrize("words", RULING[1:], ids=" ".join)
def test_an_unknown_status_is_no_zero(words: tuple[str, ...], tmp_path: Path) -> None:
    folder = tmp_path / "streek"
    bodies = example().table("partnerships").with_columns(status=pl.lit(None, pl.String))
    write(example().with_tables(partnerships=bodies), folder)
    done = ruled(words, folder)
    assert done.returncode == 0
    count = 10 if words[0] == "rationalise" else len(bodies)
    assert f"Of {count} partnerships it is not known whether they are active" in done.stdout
    assert "known to be active" in done.stdout
    assert "Proven" not in done.stdout
    assert words[0] == "deadlines" or "─" not in done.stdout


def test_the_one_of_unknown_status_is_told(land: Path) -> None:
    for command in ("align", "deadlines"):
        said = prompt(command, str(land)).stdout
        assert "Of 1 partnerships it is not known whether they are active" in said


def test_ends_of_council_terms_are_counted_back_from_the_one_that_is_given() -> None:
    def ends(day: date) -> list[date]:
        return [due.date for due in council_ends(day)]

    assert ends(date(2025, 1, 1)) == [COUNCIL_END]
    assert ends(date(2023, 8, 31)) == [COUNCIL_END, date(2024, 12, 31)]
    assert ends(date(2031, 1, 1)) == []
    assert {due.status for due in council_ends(date(2023, 8, 31))} == {"choice"}


def test_every_moment_has_a_source_that_can_be_read_and_a_status(land: Path) -> None:
    moments = json.loads(prompt("deadlines", str(land), "--json").stdout)["moments"]
    assert {m["status"] for m in moments if m["kind"] == "term_end"} == {"recorded"}
    assert all(m["status"] and m["source"] != "example" for m in moments)
    assert "De verzonnen Voorbeeldstreek" in prompt("deadlines", str(land)).stdout


def test_a_matter_that_is_unknown_has_a_count_of_its_own(land: Path) -> None:
    rows = json.loads(prompt("align", str(land), "--json").stdout)["partnerships"]
    reserved = [r for r in rows if r["scope"] == "in" and r["matter_scope"] == "unknown"]
    said = prompt("align", str(land)).stdout
    line = next(one for one in said.splitlines() if one.startswith("  in scope, matter unknown*"))
    assert sum(map(int, line.split()[4:])) == len(reserved) > 0
    assert "* In scope by form and border" in said
    assert "Source of the scope: Regiodecreet" in said


def test_a_plan_names_its_partnerships_and_says_why_keeping_takes_effort(land: Path) -> None:
    said = prompt("rationalise", str(land), "--region", "ZUID").stdout
    assert "- Speelpleinwerking De Fabel [p07]: host → Streekdienst Voorbeeldstreek [p01]" in said
    assert "Members outside the region: 3; comply or explain." in said
    assert "Effort 4: it reaches outside the region and must be explained (4)" in said
    wish = "wishes:\n  - without: [merge, host, dissolve, shrink]\n"
    (land.parent / "wishes.yaml").write_text(wish)
    kept = prompt(
        "rationalise", str(land), "--region", "ZUID", "--wishes", str(land.parent / "wishes.yaml")
    ).stdout
    assert "from 8 partnerships to 8" in kept
    assert "Phases" in said
    assert "Phases" not in kept


def test_a_zone_of_another_zoning_is_pointed_to(land: Path) -> None:
    for words, told in (
        (("--region", "ZUID", "--zoning", "POLITIE"), "in POLITIE; it is one of REGIO: choose"),
        (("--region", "WEST", "--zoning", "REGIO"), "in this landscape; perhaps NOORD, ZUID."),
    ):
        done = prompt("align", str(land), *words)
        assert (done.returncode, done.stdout) == (2, "")
        assert told in done.stderr


def test_a_question_has_one_reading(land: Path) -> None:
    twice = ("--reading", "municipal_limit=end_2030", "--reading", "municipal_limit=end_2031")
    done = prompt("deadlines", str(land), *twice)
    assert (done.returncode, done.stdout) == (2, "")
    assert "municipal_limit has another reading already; give one." in done.stderr
    assert prompt("deadlines", str(land), *twice[:2], *twice[:2]).returncode == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("members: ['99999']", "99999 is no municipality of this landscape; give NIS codes"),
        ("theme: nonsense", "'nonsense' does not belong here; give one of safety, mobility"),
        ("municipalities: 9", "9 is more than the 8 of this landscape"),
        ("municipalities: 1\nmembers: ['00001', '00007']", "contradict each other: 1 municip"),
        ("private_partners: false\nprivate_kind: profit", "private_kind contradict each other"),
        ("centre: ocmws\nocmws: false", "centre and ocmws contradict each other"),
        ("centre: gemeenten", "'gemeenten' does not belong here; give one of municipalities, ocm"),
        ("transfer: nee", "'nee' does not belong here; give one of true, false"),
        ("members: 3", "give a list of NIS codes in quotation marks"),
    ],
)
def test_answers_that_cannot_be_are_refused(
    text: str, told: str, land: Path, tmp_path: Path
) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text(text)
    done = prompt("advise", str(land), "--answers", str(file))
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr


def test_answers_that_agree_are_taken(land: Path, tmp_path: Path) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text(
        "municipalities: 8\nmembers: ['00001', '00007']\ntheme: leisure\ncentre: ocmws\n"
        "ocmws: true\nprivate_partners: true\nprivate_kind: profit\n"
    )
    assert prompt("advise", str(land), "--answers", str(file)).returncode == 0


def test_council_terms_are_counted_back_to_the_first_of_all_days_and_no_further() -> None:
    ends = [due.date for due in council_ends(date.min)]
    assert ends[0] == COUNCIL_END
    assert ends == sorted(set(ends), reverse=True)
    assert [due.date for due in council_ends(COUNCIL_END)] == [COUNCIL_END]
    assert list(council_ends(date.max)) == []
