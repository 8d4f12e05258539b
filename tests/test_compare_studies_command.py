"""Studies side by side at the prompt: what is compared follows from the arguments; JSON, words,
files, pages, and every refusal in one sentence."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from pages import body_rows, by_id, check_links, check_open_to_all, maps_of, prompt, read, text
from samenspel.compare.compare import PIECES, compare
from samenspel.compare.figures import SUMMED
from samenspel.fund.reading import example as fund_example
from samenspel.landscape.example import example, example_chronicle
from samenspel.landscape.load import load
from samenspel.landscape.package import write
from samenspel.reports.comparing import both_ways, unit
from samenspel.scenario.applying import apply
from samenspel.scenario.reading import read_scenario
from samenspel.scenario.study import Policy, Study

pytest_plugins = ("browser",)

MERGER = """\
title: Twee worden een
operations:
- merge_municipalities: {parts: ['00006', '00007'], nis: '00006'}
"""
END = """\
operations:
- dissolve_partnership: {partnership: p08}
- assign_zone: {zoning: REGIO, nis: '00002', zone: ZUID}
"""
LEAVE = "operations:\n- leave: {organisation: '00007', partnership: p03}\n"
FUND = """\
title: {nl: Proef, en: Trial}
total: 1000.00
blocks:
  basic: {share: 60%, key: population}
  area: {share: rest, key: 'max(0, area_km2 - 20)'}
"""
SHARING = """\
title: Samen
parties: [A, B]
game: {{coalitions: {{"A": 10.00, "B": 8.00, "A,B": {both}}}}}
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with landscapes, scenarios, rules of a fund and files of sharing."""
    folder = tmp_path_factory.mktemp("compare")
    write(example(), folder / "land")
    write(example_chronicle().at(example().date.replace(year=2024)), folder / "before")
    files = {
        "merger.yaml": MERGER, "end.yaml": END, "leave.yaml": LEAVE, "fund.yaml": FUND,
        "bad.yaml": "operations:\n- leave: {organisation: '00001', partnership: p99}\n",
        "form.yaml": "operations:\n- leave: {}\n", "nothing.yaml": "a: 1\n",
        "one.yaml": SHARING.format(both="15.00"), "two.yaml": SHARING.format(both="17.00"),
        "claims.yaml": "estate: 5\nclaims: {A: 4, B: 6}\n",
    }  # fmt: skip
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def run(place: Path, *words: str) -> tuple[int, str, str]:
    """``compare``; a word that names something in ``place`` becomes its path."""
    there = [str(place / word) if (place / word).exists() else word for word in words]
    return prompt("--lang", "en", "compare", *there)


def told(place: Path, *words: str) -> Any:
    code, out, err = run(place, *words, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


def shown(place: Path, *words: str) -> str:
    code, out, err = run(place, *words)
    assert (code, err) == (0, "")
    return " ".join(out.split())


def refused(place: Path, *words: str) -> str:
    code, out, err = run(place, *words)
    assert (code, out) == (2, "")
    assert len(err.strip().splitlines()) == 1
    return err


def test_a_landscape_beside_another(place: Path) -> None:
    found = told(place, "before", "land")
    assert found["kind"] == "landscape"
    [one] = found["comparisons"]
    studies = (Study(load(place / name)) for name in ("before", "land"))
    own = json.loads(json.dumps(compare(*studies).as_json()))
    assert {name: one[name] for name in own} == own
    [merged] = one["land"]["municipalities"]["merged"]
    assert [part["name"] for part in merged["before"]] == ["Fantasiezele", "Bedachtrode"]
    assert (merged["nis"], merged["name"]) == ("00010", "Fantasierode")
    assert one["title"].endswith(" on 1 January 2025")
    back = told(place, "land", "before")["comparisons"][0]
    assert [t["nis"] for t in back["land"]["municipalities"]["merged"][0]["after"]] == [
        "00003", "00004",
    ]  # fmt: skip


def test_a_landscape_beside_scenarios(place: Path) -> None:
    found = told(place, "land", "merger.yaml", "end.yaml", "--combine")
    assert found["kind"] == "scenario"
    assert [one["title"] for one in found["comparisons"]] == [
        "Twee worden een", "end.yaml", "all together",
    ]  # fmt: skip
    assert found["comparisons"][2]["operations"] == [
        "merge_municipalities", "dissolve_partnership", "assign_zone",
    ]  # fmt: skip
    base = Study(load(place / "land"))
    for name, one in zip(("merger.yaml", "end.yaml"), found["comparisons"], strict=False):
        applied = apply(base, read_scenario(place / name))
        assert applied.study is not None
        own = json.loads(json.dumps(compare(base, applied.study).as_json()))
        assert {key: one[key] for key in own} == own
        assert one["notes"] == list(applied.notes)


def test_a_fund_before_and_after(place: Path) -> None:
    [one] = told(place, "land", "merger.yaml", "--fund", "fund.yaml", "--only", "fund")[
        "comparisons"
    ]
    told_by_fund = prompt("--lang", "en", "fund", str(place / "land"), "--rules",
                          str(place / "fund.yaml"), "--scenario", str(place / "merger.yaml"),
                          "--json")[1]  # fmt: skip
    own = json.loads(told_by_fund)["compared"]
    changed = [row for row in own["municipalities"] if row["change_cents"]]
    assert one["fund"]["municipalities"] == changed
    assert one["fund"]["after_total_cents"] == own["after_total_cents"]
    assert one["screening"] is None
    words = shown(place, "land", "merger.yaml", "--fund", "fund.yaml", "--only", "fund")
    assert "Amounts that differ" in words


def test_two_files_of_sharing(place: Path) -> None:
    found = told(place, "one.yaml", "two.yaml")
    assert (found["kind"], found["equal"]) == ("sharing", False)
    assert found["total_cents"]["change"] == 200
    for file, side in (("one.yaml", "before_cents"), ("two.yaml", "after_cents")):
        shared = json.loads(prompt("share", str(place / file), "--json")[1])
        own = {(p["party"], rule): cents for p in shared["parties"]
               for rule, cents in p["amounts_cents"].items()}  # fmt: skip
        whole = told(place, "one.yaml", "two.yaml", "--all")["amounts"]
        assert {(one["party"], one["rule"]): one[side] for one in whole} == own
    words = shown(place, "one.yaml", "two.yaml")
    assert "To share: € 15.00 before, € 17.00 after." in words.replace("\N{NO-BREAK SPACE}", " ")
    assert "settlement" not in words


def test_nothing_differs(place: Path, tmp_path: Path) -> None:
    write(example(), tmp_path / "same")
    words = shown(place, "land", str(tmp_path / "same"))
    assert "Nothing differs in what was compared." in words
    assert told(place, "land", str(tmp_path / "same"))["comparisons"][0]["equal"] is True
    (tmp_path / "same.yaml").write_text((place / "one.yaml").read_text())
    assert "Nothing differs in what was compared." in shown(
        place, "one.yaml", str(tmp_path / "same.yaml")
    )


def test_only_and_all(place: Path) -> None:
    [one] = told(place, "land", "merger.yaml", "--only", "signals, law")["comparisons"]
    assert [name for name in PIECES if one[name] is not None] == ["signals", "law"]
    [whole] = told(place, "land", "merger.yaml", "--only", "screening", "--all")["comparisons"]
    [short] = told(place, "land", "merger.yaml", "--only", "screening")["comparisons"]
    counts = short["screening"]["counts"]
    assert len(whole["screening"]["figures"]) == sum(counts.values())
    assert len(short["screening"]["figures"]) < sum(counts.values())
    assert "Findings of the rules" in shown(place, "land", "end.yaml", "--all")


def test_a_zoning_to_fit(place: Path) -> None:
    [one] = told(place, "land", "end.yaml", "--only", "fit", "--zoning", "WOON")["comparisons"]
    assert [zoning["zoning"] for zoning in one["fit"]["zonings"]] == ["WOON"]


def test_what_the_screen_says(place: Path) -> None:
    words = shown(place, "land", "merger.yaml")
    assert "Droomhoven (00006), Nergenshuizen (00007) became Droomhoven (00006)." in words
    assert "Nothing differs in: Findings of the rules; Fit, scope and days." in words
    assert "Municipalities: tables" in words
    assert "Droomhoven (00006 + 00007)" in words
    side = shown(place, "land", "merger.yaml", "leave.yaml")
    assert "Key figures of each" in side
    assert "== leave.yaml ==" in side
    assert "members lost: Nergenshuizen" in side


def test_dutch_is_spoken(place: Path) -> None:
    code, out, err = prompt("compare", str(place / "land"), str(place / "merger.yaml"))
    assert (code, err) == (0, "")
    assert "verzonnen" in out


def test_out_is_what_is_printed(place: Path, tmp_path: Path) -> None:
    for words in (("land", "merger.yaml"), ("one.yaml", "two.yaml")):
        file = tmp_path / "found.json"
        found = told(place, *words, "--out", str(file))
        assert json.loads(file.read_text("utf-8")) == found


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["land", "merger.yaml", "REGIO"], "merger.yaml: a scenario"),
        (["land", "before", "merger.yaml"], "a landscape folder, "),
        (["land", "one.yaml"], "one.yaml: a file of sharing"),
        (["one.yaml", "land"], "Compare a landscape folder with plans"),
        (["merger.yaml", "end.yaml"], "Compare a landscape folder with plans"),
        (["one.yaml", "two.yaml", "one.yaml"], "Compare a landscape folder with plans"),
        (["land", "nothing.yaml"], "neither a scenario nor a file of sharing"),
        (["land", "gone.yaml"], "there is no such file"),
        (["gone", "before"], "gone"),
        (["land", "land"], "is named twice"),
        (["one.yaml", "one.yaml"], "is named twice"),
        (["land", "end.yaml", "end.yaml"], "is named twice"),
        (["land", "bad.yaml"], "nothing is applied, for there are faults (1)"),
        (["land", "merger.yaml", "--combine"], "name two or more"),
        (["land", "before", "--combine"], "--combine has no meaning for landscapes"),
        (["land", "before", "--goals", "cut=2"], "--goals has no meaning for landscapes"),
        (["land", "end.yaml", "--present", "REGIO"], "--present has no meaning for scenarios"),
        (["land", "REGIO", "--fund", "fund.yaml"], "--fund has no meaning for plans"),
        (["land", "REGIO", "--all"], "--all has no meaning for plans"),
        (["one.yaml", "two.yaml", "--page", "a.html"], "--page has no meaning for files of"),
        (["one.yaml", "two.yaml", "--only", "law"], "--only has no meaning for files of sharing"),
        (["one.yaml", "claims.yaml"], "One file divides costs and the other an estate"),
        (["land", "end.yaml", "--only", "beauty"], "there is no piece “beauty”"),
        (["land", "end.yaml", "--only", "fund"], "--only fund needs the rules of a fund"),
        (["land", "end.yaml", "--zoning", "NERGENS"], "There is no zoning “NERGENS”"),
        (["land", "end.yaml", "--fund", "merger.yaml"], "merger.yaml"),
        (["land", "end.yaml", "--out", "a.txt"], "ends in .json"),
        (["land", "end.yaml", "--out", "nowhere/a.json"], "there is no folder"),
        (["land", "end.yaml", "--page", "a.txt"], ".html"),
    ],
)  # fmt: skip
def test_wrong_input_is_told_in_one_line(
    words: list[str], said: str, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert said in refused(place, *words)
    assert list(tmp_path.iterdir()) == []


def test_faults_of_form_are_told(place: Path) -> None:
    code, out, err = run(place, "land", "form.yaml")
    assert code == 2
    assert "the form has faults (2)" in err
    assert len(out.splitlines()) == 2


def test_scenarios_that_cannot_go_together(place: Path, tmp_path: Path) -> None:
    (tmp_path / "clash.yaml").write_text(
        "operations:\n- merge_municipalities: {parts: ['00007', '00008'], nis: '00008'}\n", "utf-8"
    )
    words = ("land", "merger.yaml", str(tmp_path / "clash.yaml"))
    assert len(told(place, *words)["comparisons"]) == 2  # side by side they can
    code, out, err = run(place, *words, "--combine")
    assert code == 2
    assert "cannot be combined on this landscape" in err
    assert "00007" in out
    code, out, _err = run(place, *words, "--combine", "--json")
    assert (code, json.loads(out)["combines"]) == (2, False)


def test_land_without_a_municipality_in_common(place: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "municipalities.csv").write_text("nis,name\nX,Elders\n")
    assert "no municipality in common" in refused(place, "land", str(tmp_path / "other"))


@pytest.fixture(scope="module")
def page(place: Path) -> tuple[Path, Any]:
    """A page of two scenarios, and its JSON."""
    file = place / "page.html"
    found = told(place, "land", "merger.yaml", "end.yaml", "--fund", "fund.yaml",
                 "--page", str(file))  # fmt: skip
    return file, found


def test_the_tables_of_the_page_are_those_of_the_json(page: tuple[Path, Any]) -> None:
    tree = read(page[0].read_text("utf-8"))
    for number, one in enumerate(page[1]["comparisons"], start=1):
        rows = body_rows(tree, f"c{number}-screening-1")
        whole = [r for r in one["screening"]["figures"] if r["kind"] == "landscape"]
        assert len(rows) == len(whole) > 0
        bodies = body_rows(tree, f"c{number}-partnerships-1")
        told_ones = [b for kind in ("gone", "new", "merged", "changed")
                     for b in one["partnerships"][kind]]  # fmt: skip
        assert len(bodies) == len(told_ones) > 0
        for row, body in zip(bodies, told_ones, strict=True):
            assert text(row[0]) == f"{body['name']} [{body['partnership']}]"
    beside = body_rows(tree, "beside-c")
    assert [text(cell) for cell in beside[0]] == ["municipalities", "8", "7", "8"]


def test_maps_and_charts_are_there_where_something_changed(page: tuple[Path, Any]) -> None:
    tree = read(page[0].read_text("utf-8"))
    maps = maps_of(tree)
    # Two of the towns that merge, two of the regions that one changed.
    assert [len(svg.findall("g")) for svg in maps] == [8, 7, 8, 8]
    marked = [{u.get("href", "")[-5:] for u in svg.iter("use") if u.get("class") == "in"}
              for svg in maps]  # fmt: skip
    assert marked == [{"00006", "00007"}, {"00006"}, set(), set()]
    charts = [svg for svg in tree.iter("svg") if svg.get("class") == "chart"]
    assert len(charts) > 3
    check_links(tree)


def test_the_page_says_that_the_land_is_invented_and_names_no_place(
    page: tuple[Path, Any],
) -> None:
    html = page[0].read_text("utf-8")
    assert "This land does not exist" in html
    assert str(page[0].parent) not in html
    tree = read(html)
    (command,) = [text(code) for code in tree.iter("code")]
    assert command.startswith("samenspel compare land merger.yaml end.yaml")
    assert text(by_id(tree, "choices")).count("unknown") > 0


@pytest.mark.parametrize("width", [1280, 390])
def test_everybody_can_read_the_page(width: int, page: tuple[Path, Any], chromium: Browser) -> None:
    check_open_to_all(chromium, page[0], width)


def test_names_without_spaces_keep_the_page_narrow(
    place: Path, tmp_path: Path, chromium: Browser
) -> None:
    name = "/".join(["Zeerlangegemeentenaam"] * 6)
    (tmp_path / "long.yaml").write_text(
        f'operations: [{{found_partnership: {{id: long, name: {name}, members: ["00001"]}}}}]\n'
    )
    file = tmp_path / "a.html"
    told(place, "land", str(tmp_path / "long.yaml"), "--page", str(file))
    assert name in file.read_text("utf-8")
    check_open_to_all(chromium, file, 390)


def test_the_axis_of_a_chart_says_no_more_than_its_title() -> None:
    rows = [("One", -3.0, "-3"), ("Two", 2.0, "+2")]
    assert "role-axis-title" not in both_ways("c", rows, unit("partnerships"))
    assert "role-axis-title" in both_ways("c", rows, unit("contribution_cents"))
    assert "percentage points" in both_ways("c", rows, unit("changing_partners"))


def test_a_page_in_dutch_and_one_without_areas(place: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    code, _out, _err = prompt("--lang", "nl", "compare", str(place / "land"),
                              str(place / "merger.yaml"), "--page", str(file))  # fmt: skip
    assert code == 0
    assert read(file.read_text("utf-8")).find("html").get("lang") == "nl"  # type: ignore[union-attr]
    bare = example().with_tables(geometries=example().table("geometries").clear())
    write(bare, tmp_path / "bare")
    told(place, str(tmp_path / "bare"), "merger.yaml", "--page", str(file))
    tree = read(file.read_text("utf-8"))
    assert not maps_of(tree)


def test_another_file_is_not_replaced(place: Path, tmp_path: Path) -> None:
    other = tmp_path / "mine.html"
    other.write_text("<p>mine</p>")
    assert "is no report" in refused(place, "land", "end.yaml", "--page", str(other))
    assert other.read_text() == "<p>mine</p>"


def test_what_is_summed_is_stated(place: Path) -> None:
    [one] = told(place, "land", "merger.yaml", "--only", "screening")["comparisons"]
    assert tuple(one["screening"]["summed"]) == SUMMED
    for row in one["screening"]["figures"]:
        if "parts" in row:
            assert row["summed"] == (row["figure"] in SUMMED)


def test_the_shipped_fund_can_be_compared(place: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text(json.dumps(fund_example().data, default=str), "utf-8")
    assert Study(example(), Policy(fund_example().data)).policy.fund
    [one] = told(place, "land", "end.yaml", "--fund", str(rules), "--only", "fund")["comparisons"]
    assert one["fund"]["rules"][0]["status"] == "unvalidated"
