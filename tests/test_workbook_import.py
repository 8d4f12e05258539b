"""What a person fills into the workbook of a region lands in the landscape, and only that."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from countries import example
from samenspel.exchange.excel import import_workbook, write_workbook
from samenspel.exchange.excel.preview import preview
from samenspel.landscape import package
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.load import load, load_chronicle
from workbooks import MINUTE, NORTH, NOW, Filled, changed, changes_nothing, content, given_out, one

# What comes in


TYPED = [
    ("budget_cents", 1234.56, 123_456),
    ("budget_cents", 0.29, 29),
    ("budget_cents", 1_234_567_890_123.45, 123_456_789_012_345),
    ("budget_cents", 12, 1200),
    ("budget_cents", "12,5", 1250),
    ("budget_cents", None, None),
    ("budget_cents", "  ", None),
    ("staff_fte", 3, 3.0),
    ("staff_fte", "3,25", 3.25),
    ("own_assets", "ja", True),
    ("own_assets", "NEE", False),
    ("own_assets", "no", False),
    ("own_assets", True, True),
    ("own_assets", "false", False),
    ("theme", "Water", "water"),
    ("theme", "veiligheid", "safety"),
    ("theme", "SPATIAL_ENVIRONMENT", "spatial_environment"),
    ("theme", "Wonen", "housing"),
    ("theme", "smurfen", "smurfen"),
    ("line", "eerste lijn", "first"),
    ("sector", "drinking water", "drinking_water"),
    ("sector", "WASTE", "waste"),
    ("sector", "smurfen", "smurfen"),
    ("bookkeeping", "BBC", "bbc"),
    ("deviation_decision", "Postponed", "postponed"),
    ("deviation_decided_by", "Voorbeeldse regering", "Voorbeeldse regering"),
    ("deviation_review", "2028-01-01", date(2028, 1, 1)),
    ("term_start", "2020-07-02", date(2020, 7, 2)),
    ("legal_form", "Opdrachthoudende vereniging", "opdrachthoudende_vereniging"),
    ("start", datetime(2001, 2, 3), date(2001, 2, 3)),  # noqa: DTZ001
    ("start", "2001-02-03", date(2001, 2, 3)),
    ("start", " 1899-12-31 ", date(1899, 12, 31)),
    ("name", 1984, "1984"),
    ("name", 19.84, "19.84"),
    ("name", " Fabel ", "Fabel"),
    ("host", "ocmw voorbeeldegem", "ocmw-00001"),
    ("host", "00002", "00002"),
    ("host", "Voorbeeldegem", "00001"),
    ("confirmed_by", "Streekoverleg Noord", "Streekoverleg Noord"),
]


def turns() -> list[dict[str, tuple[Any, Any]]]:
    """What is typed and kept, by column: in turn n the n-th value of every column that has one."""
    found: list[dict[str, tuple[Any, Any]]] = []
    for name, typed, kept in TYPED:
        turn = next((turn for turn in found if name not in turn), None)
        if turn is None:
            found.append(turn := {})
        turn[name] = (typed, kept)
    return found


@pytest.mark.parametrize("turn", turns(), ids=lambda turn: " ".join(map(str, turn)))
def test_what_a_person_types_becomes_a_value(
    region: tuple[Path, Path], turn: dict[str, tuple[Any, Any]]
) -> None:
    before = one(example(), "partnerships", id="p04")
    typed = {name: value for name, (value, _kept) in turn.items()}
    done, land = changed(
        region,
        lambda filled: filled.put(
            "partnerships", filled.row("partnerships", id="p04"), **typed
        ),
    )  # fmt: skip
    after = one(land, "partnerships", id="p04")
    wanted = {name: kept for name, (_typed, kept) in turn.items()}
    assert {name: after[name] for name in turn} == wanted
    assert {k: v for k, v in after.items() if k not in {"source", *turn}} == {
        k: v for k, v in before.items() if k not in {"source", *turn}
    }
    changes = {name for name, kept in wanted.items() if kept != before.get(name)}
    cells = [change.cells for change in done.changes if change.table == "partnerships"]
    assert {name for found in cells for name in found} - {"source"} == changes
    assert done.written == bool(changes)
    assert land.date == example().date


def test_an_emptied_cell_is_shown_as_unknown(region: tuple[Path, Path]) -> None:
    done, _land = changed(
        region,
        lambda filled: filled.put(
            "partnerships", filled.row("partnerships", id="p01"), budget_cents=None
        ),
        dry_run=True,
    )
    lines = list(preview(done.changes))
    assert "partnerships, p01, yearly budget (€): 9200000.0 → unknown" in lines
    assert any(line == "sources, werkboek-NOORD-2025-06-01: new row" for line in lines)


def test_every_row_that_changes_says_where_it_comes_from(region: tuple[Path, Path]) -> None:
    def fill(filled: Filled) -> None:
        filled.put("partnerships", filled.row("partnerships", id="p01"), status="gepland")
        filled.put("partnerships", filled.row("partnerships", id="p04"), confirmed_by="Streek")
        filled.put(
            "partnerships", filled.row("partnerships", id="p05"), theme="water", source="nota"
        )
        filled.add("sources", id="nota", title="Nota van het streekoverleg")
        filled.add("partnerships", id="eigen-1", name="Fabeltafel")
        filled.add("partnerships", id="eigen-2", name="Sprookjestafel", source="nota")

    done, land = changed(region, fill)
    sources = dict(land.table("partnerships").select("id", "source").iter_rows())
    assert sources["p01"] == sources["eigen-1"] == "werkboek-NOORD-2025-06-01"
    assert sources["p05"] == sources["eigen-2"] == "nota"
    assert sources["p04"] == sources["p02"] == "example"  # confirmed only; untouched
    row = one(land, "sources", id="werkboek-NOORD-2025-06-01")
    assert (row["date"], row["coverage"], row["publisher"]) == (date(2025, 6, 1), None, None)
    assert "streek.xlsx" in row["note"]
    assert str(region[1].parent) not in row["note"]
    assert "no_organisation_row" not in {finding.code for finding in done.warnings}


def test_what_was_known_before_stays_known(region: tuple[Path, Path]) -> None:
    old = example()
    changed(
        region,
        lambda filled: filled.put(
            "partnerships", filled.row("partnerships", id="p01"), name="Streekdienst Fabelland"
        ),
    )
    chronicle = load_chronicle(region[0])
    day = old.date
    assert one(chronicle.at(day), "partnerships", id="p01")["name"] == "Streekdienst Fabelland"
    before = chronicle.at(day, NOW - MINUTE)
    assert one(before, "partnerships", id="p01")["name"] == "Streekdienst Voorbeeldstreek"
    assert before.equals(old)
    assert chronicle.at(day, NOW).equals(chronicle.at(day))
    assert package.read_descriptor(region[0])[1:3] == (day, "chronicle")


def test_given_back_twice_it_changes_nothing_the_second_time(region: tuple[Path, Path]) -> None:
    def fill(filled: Filled) -> None:
        filled.put("partnerships", filled.row("partnerships", id="p01"), status=None)
        filled.add("partnerships", id="eigen-1", name="Fabeltafel")
        filled.add("memberships", partnership="eigen-1", organisation="Voorbeeldegem")
        row = filled.row("memberships", partnership="p01", organisation="00001")
        filled.put("memberships", row, valid_to="2024-01-01")
        later = {"partnership": "p01", "organisation": "00001", "valid_from": "2027-01-01"}
        filled.add("memberships", **later)

    done, _land = changed(region, fill)
    assert done.written
    before = content(region[0])
    again = import_workbook(region[1], region[0], now=NOW + MINUTE)
    assert (again.faults, again.changes, again.written) == ([], [], False)
    assert content(region[0]) == before


def test_a_new_period_of_a_member_is_a_row_of_its_own(region: tuple[Path, Path]) -> None:
    def fill(filled: Filled) -> None:
        row = filled.row("memberships", partnership="p01", organisation="00001")
        filled.put("memberships", row, valid_to=datetime(2027, 1, 1))  # noqa: DTZ001
        later = {"partnership": "p01", "organisation": "00001", "valid_from": "2027-01-01"}
        filled.add("memberships", **later, votes=7)

    changed(region, fill)
    chronicle = load_chronicle(region[0])
    votes = [
        one(chronicle.at(day), "memberships", partnership="p01", organisation="00001")["votes"]
        for day in (date(2026, 12, 31), date(2027, 1, 1))
    ]
    assert votes == [30, 7]


def test_a_row_that_is_gone_stays_unless_asked_otherwise(region: tuple[Path, Path]) -> None:
    folder, path = region
    before = content(folder)
    filled = Filled(path)
    row = filled.row("memberships", partnership="p01", organisation="00001")
    filled.sheet("memberships").delete_rows(row)
    filled.save()
    kept = import_workbook(path, folder, now=NOW)
    assert [(c.table, c.key[:2]) for c in kept.missing] == [("memberships", ("p01", "00001"))]
    assert (kept.changes, kept.written, content(folder)) == ([], False, before)
    gone = import_workbook(path, folder, remove=True, now=NOW)
    assert ([c.kind for c in gone.changes], gone.missing) == (["removed"], [])
    chronicle = load_chronicle(folder)
    key = pl.struct("partnership", "organisation") == pl.struct(
        partnership=pl.lit("p01"), organisation=pl.lit("00001")
    )
    assert chronicle.at(date(2025, 1, 1)).table("memberships").filter(key).height == 0
    assert chronicle.at(date(2025, 1, 1), NOW - MINUTE).table("memberships").filter(key).height == 1


def test_a_dry_run_writes_nothing(region: tuple[Path, Path]) -> None:
    folder, path = region
    filled = Filled(path)
    filled.add("partnerships", id="eigen-1", name="Fabeltafel")
    filled.save()
    beside, before = sorted(folder.parent.iterdir()), content(folder)
    done = import_workbook(path, folder, dry_run=True, now=NOW)
    assert [(c.table, c.kind) for c in done.changes] == [
        ("partnerships", "added"),
        ("organisations", "added"),
        ("sources", "added"),
    ]
    assert not done.written
    assert done.landscape is not None
    assert "eigen-1" in done.landscape.table("partnerships")["id"]
    assert (sorted(folder.parent.iterdir()), content(folder)) == (beside, before)


def test_sheets_that_were_unknown_become_known_where_they_are_filled(tmp_path: Path) -> None:
    small = example()
    kept = (
        "municipalities", "partnerships", "memberships", "zonings", "zones", "zone_members",
        "lineage",
    )  # fmt: skip
    frames = {name: small.table(name) for name in kept}
    land = Landscape(small.date, frames, small.about)
    folder, path = given_out(tmp_path, land, *NORTH)
    changes_nothing(path, folder)
    filled = Filled(path)
    filled.add("tasks", partnership="p01", task="dromen adviseren")
    done = import_workbook(filled.save(), folder, now=NOW)
    assert [str(fault) for fault in done.faults] == []
    after = load(folder)
    assert set(after.frames) == {*kept, "tasks", "sources"}
    assert after.table("sources")["id"].to_list() == ["example", "werkboek-NOORD-2025-06-01"]
    assert not after.knows("mandates")


def test_columns_of_the_users_own_are_kept_and_can_be_filled_in(tmp_path: Path) -> None:
    land = example()
    rows = land.table("partnerships").with_columns(
        colour=pl.lit(None, pl.String), chairs=pl.lit(3), fee_cents=pl.lit(250)
    )
    region = given_out(tmp_path, land.with_tables(partnerships=rows), *NORTH)
    row = Filled(region[1]).row("partnerships", id="p01")
    _done, after = changed(
        region,
        lambda filled: filled.put("partnerships", row, colour="groen", chairs=4.0, fee_cents=2.75),
    )
    found = one(after, "partnerships", id="p01")
    assert (found["colour"], found["chairs"], found["fee_cents"]) == ("groen", 4, 275)
    assert one(after, "partnerships", id="p02")["chairs"] == 3


def test_a_sheet_of_ones_own_is_not_read_and_that_is_told(region: tuple[Path, Path]) -> None:
    filled = Filled(region[1])
    filled.book.create_sheet("kladblad")["A1"] = "=1+1"
    done = import_workbook(filled.save(), region[0], now=NOW)
    assert [(w.code, w.table) for w in done.warnings] == [("unknown_sheet", "kladblad")]
    assert (done.faults, done.written) == ([], False)


def test_the_json_of_an_import_is_json(region: tuple[Path, Path]) -> None:
    import json

    done, _land = changed(
        region,
        lambda filled: filled.put(
            "partnerships", filled.row("partnerships", id="p01"), start="2014-01-01"
        ),
    )
    told = json.loads(json.dumps(done.as_json(), allow_nan=False))
    assert told["written"]
    assert told["changes"][0]["key"] == {"id": "p01"}
    assert told["changes"][0]["cells"]["start"] == {"before": "2015-07-01", "after": "2014-01-01"}


def test_a_clock_that_runs_behind_breaks_no_history(region: tuple[Path, Path]) -> None:
    row = Filled(region[1]).row("partnerships", id="p01")
    for name in ("Eerste Fabel", "Tweede Fabel"):
        write_workbook(load(region[0]), *NORTH, region[1])
        Filled(region[1]).put("partnerships", row, name=name).save()
        done = import_workbook(region[1], region[0], now=NOW)
        assert (done.faults, done.written) == ([], True)
    names = load_chronicle(region[0]).frames["partnerships"].filter(id="p01")["name"]
    assert names.to_list()[-2:] == ["Eerste Fabel", "Tweede Fabel"]


def test_a_new_partnership_gets_its_row_among_the_organisations(
    region: tuple[Path, Path],
) -> None:
    forms = {"eigen-1": "interlokale vereniging", "eigen-2": "welzijnsvereniging", "eigen-3": None}

    def fill(filled: Filled) -> None:
        for code, form in forms.items():
            filled.add("partnerships", id=code, name=f"Tafel {code}", legal_form=form)
        filled.add("organisations", id="eigen-2", name="Eigen rij", **{"class": "andere"})

    done, land = changed(region, fill)
    rows = {code: one(land, "organisations", id=code) for code in forms}
    assert {code: row["class"] for code, row in rows.items()} == {
        "eigen-1": "intermunicipal_partnership",
        "eigen-2": "other",
        "eigen-3": None,
    }
    assert rows["eigen-1"]["source"] == "werkboek-NOORD-2025-06-01"
    assert "no_organisation_row" not in {finding.code for finding in done.warnings}
