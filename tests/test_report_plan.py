"""The plan in the report of a region: its figures are those of ``samenspel rationalise``, they add
up, and everybody can read them."""

import base64
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from pages import body_rows, by_id, prompt, read, text
from samenspel.alignment.plan.curves import CurvePoint
from samenspel.alignment.plan.obstacles import KINDS
from samenspel.alignment.plan.options import OPERATIONS
from samenspel.alignment.plan.plan import Plan
from samenspel.alignment.plan.rationalise import rationalise
from samenspel.landscape.example import example
from samenspel.landscape.generate import generate
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.package import write
from samenspel.reports.contents import contents
from samenspel.reports.page import page
from samenspel.reports.plan import ORDER, signed, steps
from samenspel.screening.screen import screen
from samenspel.words import day, word
from test_report_browser import OPEN_ALL, SHORTER, TOO_WIDE, WIDTHS, opened, violations

pytest_plugins = ("browser",)

CUT_OFF = "Cut off by time"
SAME = "The number of partnerships stays the same"


def plain(words: str) -> str:
    return " ".join(words.split())


def said(folder: Path, *words: str) -> Any:
    """What the prompt prints in English as JSON."""
    code, out, err = prompt("--lang", "en", words[0], str(folder), "--json", *words[1:])
    assert (code, err) == (0, "")
    return json.loads(out)


@dataclass(frozen=True)
class Told:
    """A landscape on disk, one of its zones, and what the prompt says and writes of that."""

    folder: Path
    zoning: str
    zone: str

    @property
    def file(self) -> Path:
        return self.folder.with_suffix(".html")

    @cached_property
    def found(self) -> Any:
        """What ``samenspel report --region`` prints; the page lies in ``file`` then."""
        where = ("--region", self.zone, "--zoning", self.zoning)
        return said(self.folder, "report", "--out", str(self.file), *where)

    @cached_property
    def without(self) -> tuple[Any, str]:
        """What is printed and what is written without ``--region``."""
        out = self.folder.with_name(f"{self.folder.name}-plain.html")
        found = said(self.folder, "report", "--out", str(out), "--zoning", self.zoning)
        return found, out.read_text(encoding="utf-8")

    @cached_property
    def plan(self) -> Any:
        return said(
            self.folder, "rationalise", "--region", self.zone, "--zoning", self.zoning
        )  # fmt: skip

    @cached_property
    def html(self) -> str:
        assert self.found
        return self.file.read_text(encoding="utf-8")

    @cached_property
    def section(self) -> Element:
        return by_id(read(self.html), "plan")

    @cached_property
    def names(self) -> dict[str, str]:
        """The partnerships by code."""
        return {
            body["partnership"]: plain(body["name"] or body["partnership"])
            for body in self.found["partnerships"]
        }


@pytest.fixture(scope="module", params=("example", "generated", "flanders"))
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Told:
    name = request.param
    zoning, zone = "referentieregio", "VREG02"
    if name == "flanders":
        landscape = request.getfixturevalue("flanders_2025")[0]
        zone = "Midwest"
    elif name == "generated":
        landscape = generate(30, 1)
    else:
        landscape, zoning, zone = example(), "REGIO", "ZUID"
    folder = tmp_path_factory.mktemp("plans") / name
    write(landscape, folder)
    return Told(folder, zoning, zone)


def plan_of(landscape: Landscape, zone: str = "ZUID") -> Plan:
    plan = rationalise(landscape, zone, "REGIO")
    assert isinstance(plan, Plan)
    return plan


def section_of(landscape: Landscape, plan: Plan) -> Element:
    """The section that the page of ``landscape`` has for ``plan``."""
    return by_id(read(page(landscape, contents(screen(landscape), plan=plan), "map")), "plan")


def texts(section: Element, name: str) -> list[list[str]]:
    """The cells of a table in words."""
    return [[text(cell) for cell in row] for row in body_rows(section, name)]


def charts(section: Element) -> list[Element]:
    return [part for part in section.iter("svg") if part.get("class") == "chart"]


def in_order(plan: Any) -> list[Any]:
    return sorted(plan["lines"], key=lambda line: ORDER.index(line["operation"]))


def test_its_figures_are_those_of_the_plan_at_the_prompt(told: Told) -> None:
    assert told.found["plan"] == told.plan
    rest = {name: value for name, value in told.found.items() if not name.startswith("plan")}
    assert rest == {**told.without[0], "file": str(told.file)}


def test_without_a_region_the_report_is_what_it_was(told: Told) -> None:
    before = told.without[1]
    assert 'id="plan' not in before
    assert "#plan" not in before
    (old_style,) = re.findall("<style>.*?</style>", before, re.DOTALL)
    (old_policy,) = re.findall("style-src &#39;sha256-[^&]*", before)
    rest = re.sub('<section id="plan".*?</section>', "", told.html, flags=re.DOTALL)
    rest = re.sub('<li><a href="#plan">.*?</li>\n', "", rest)
    rest = re.sub("<style>.*?</style>", lambda _found: old_style, rest, flags=re.DOTALL)
    rest = re.sub("style-src &#39;sha256-[^&]*", lambda _found: old_policy, rest)
    assert rest == before
    assert told.html != before


def test_the_steps_lead_from_before_to_after(told: Told) -> None:
    plan, found = told.plan, told.found["plan_steps"]
    counts = Counter(line["operation"] for line in plan["lines"])
    assert {row["operation"]: row["partnerships"] for row in found} == counts
    assert sum(counts.values()) == plan["before"]
    assert plan["before"] + sum(row["change"] for row in found) == plan["after"]
    assert found[-1]["left"] == plan["after"]
    first, *between, last, bound = texts(told.section, "steps-c")
    assert first == ["before", str(plan["before"]), "", str(plan["before"])]
    assert between == [
        [OPERATIONS[row["operation"]], str(row["partnerships"]), signed(row["change"]),
         str(row["left"])]
        for row in found
    ]  # fmt: skip
    assert last == ["after", "", signed(plan["after"] - plan["before"]), str(plan["after"])]
    assert bound[-1] == str(plan["bound"])


@given(st.lists(st.sampled_from(ORDER), max_size=30), st.integers(0, 30))
def test_steps_of_any_lines_add_up(operations: list[str], others: int) -> None:
    before = len(operations) + others
    found = steps({"before": before, "lines": [{"operation": name} for name in operations]})
    assert sum(row["partnerships"] for row in found) == len(operations)
    ending = ("merge", "host", "dissolve")
    assert all((row["change"] < 0) == (row["operation"] in ending) for row in found)
    levels = [before, *(row["left"] for row in found)]
    assert [levels[i + 1] - levels[i] for i in range(len(found))] == [r["change"] for r in found]
    assert levels[-1] == before - sum(name in ending for name in operations)


def test_the_chart_shows_the_figures_of_its_table(told: Told) -> None:
    drawn = [text(part) for svg in charts(told.section)[:1] for part in svg.iter("text")]
    if told.plan["before"] == told.plan["after"]:
        assert charts(told.section) == []
        assert text(told.section).count(SAME) == 1
        return
    assert SAME not in text(told.section)
    shown = [
        (row[0], row[2] if place else row[3])
        for place, row in enumerate(texts(told.section, "steps-c")[:-1])
        if row[0] != "keep"
    ]
    shown[-1] = ("after", str(told.plan["after"]))
    names, labels = ([pair[part] for pair in shown] for part in (0, 1))
    assert [word for word in drawn if word in names] == names
    assert drawn[-len(labels) :] == labels


def obstacles_told(line: Any) -> str:
    """How a line's cell of obstacles should read."""
    if not line["obstacles"]:
        return ""
    facts = {
        fact: "; ".join(one["text"] for one in line["obstacles"] if one["fact"] == fact)
        for fact in ("known", "unknown")
    }
    unknown = facts["unknown"] and f"unknown: {facts['unknown']}"
    return "; ".join(filter(None, (facts["known"], unknown))) or "none known"


def test_every_line_of_the_plan_stands_there(told: Told) -> None:
    rows = body_rows(told.section, "plan-lines")
    for cells, line in zip(rows, in_order(told.plan), strict=True):
        (id,) = line["partnerships"]
        unknown = "" if line["tasks_known"] else " tasks unknown"
        moved = "" if line["result"] in (id, None) else told.names[line["result"]]
        assert text(cells[0]) == told.names[id] + unknown
        assert text(cells[1]) == OPERATIONS[line["operation"]]
        assert text(cells[2]) == moved
        assert text(cells[3]).startswith(plain(line["reason"]))
        assert text(cells[4]) == cells[4].get("data-v")
        assert text(cells[4]) == ("" if line["phase"] is None else str(line["phase"]))
        assert text(cells[5]) == obstacles_told(line)
        points = [text(item) for item in cells[3].iter("li")][: len(line["points"])]
        assert points == [
            f"{plain(one['reason'])}: {'?' if one['points'] is None else one['points']}"
            for one in line["points"]
        ]
        (effort,) = [text(part) for part in cells[3].iter("summary")] or [None]
        if effort is None:
            assert line["effort"] == 0
        else:
            assert effort == f"effort: {line['effort']} {told.names[id]}"


def test_who_comes_in_and_who_goes_has_a_name(told: Told) -> None:
    towns = {town["nis"]: town["name"] for town in told.found["municipalities"]}
    rows = body_rows(told.section, "plan-lines")
    for cells, line in zip(rows, in_order(told.plan), strict=True):
        items = [text(item) for item in cells[3].iter("li")]
        for key, start in (("newcomers", "new in it: "), ("given_up", "no longer in it: ")):
            (item,) = [one for one in items if one.startswith(start)] or [""]
            assert bool(item) == bool(line[key])
            named = item.removeprefix(start).split(", ")
            assert {towns[id] for id in line[key] if id in towns} <= set(named)
            assert len(named) == max(1, len(line[key]))


def test_phases_and_curve_are_those_of_the_plan(told: Told) -> None:
    plan = told.plan
    if not plan["phases"]:
        assert "plan-phases" not in {part.get("id") for part in told.section.iter()}
    else:
        rows = texts(told.section, "plan-phases")
        for cells, phase in zip(rows, plan["phases"], strict=True):
            dates = [day(date) if date else "unknown" for date in (phase["first"], phase["last"])]
            assert cells[0] == str(phase["phase"])
            assert cells[2:4] == dates
            assert cells[4] == str(len(phase["partnerships"]))
            assert cells[5].endswith(", ".join(told.names[id] for id in phase["partnerships"]))
    points = [[str(p[k]) for k in ("partnerships", "effort", "bound")] for p in plan["curve"]]
    if len(points) == 1:
        assert "plan-curve" not in {part.get("id") for part in told.section.iter()}
    else:
        assert texts(told.section, "plan-curve") == points
        assert len(charts(told.section)) == 2


def test_effort_is_called_a_choice_with_all_its_weights(told: Told) -> None:
    (told_so,) = [text(part) for part in told.section.iter("p")
                  if text(part).startswith("The plan asks")]  # fmt: skip
    assert told_so.startswith(f"The plan asks {told.plan['effort']} points of effort.")
    assert "VVSG-standpunt 2020, 3.4.1" in told_so
    assert "every weight is a choice" in told_so
    unknown = sum(p["points"] is None for line in told.plan["lines"] for p in line["points"])
    assert told.found["plan_points_unknown"] == unknown
    assert (f"Of {unknown} points it is unknown" in told_so) == (unknown > 0)
    weights = [row[1] for row in texts(told.section, "plan-weights")]
    assert weights == [str(points) for points in told.plan["weights"].values()]


def test_what_municipalities_gain_and_lose_is_that_of_the_plan(told: Told) -> None:
    rows = body_rows(told.section, "plan-towns")
    for cells, town in zip(rows, told.plan["municipalities"], strict=True):
        assert text(cells[0]) == town["name"]
        names = ("tables_before", "tables_after", "seats_before", "seats_after")
        for cell, name in zip(cells[1:5], names, strict=True):
            value = town[name]
            assert cell.get("data-v") == ("" if value is None else str(value))
            assert text(cell).split()[0] == ("unknown" if value is None else str(value))
            partly = value is not None and town.get(f"{name}_known", 1) < 1
            assert text(cell).endswith("known") == (partly or value is None)
        for cell, key in zip(cells[5:], ("gained", "lost"), strict=True):
            assert cell.get("data-v") == str(len(town[key]))
            listed = cell.find("details/p")
            named = ", ".join(told.names[id] for id in town[key])
            assert named == ("" if listed is None else text(listed))
        assert (
            town["tables_before"] + len(town["gained"]) - len(town["lost"])
            == (town["tables_after"])
        )


def test_what_is_unknown_and_what_must_be_explained_is_said(told: Told) -> None:
    section = text(told.section)
    for note in told.plan["notes"]:
        assert plain(note) in section
    blind = any(not line["tasks_known"] for line in told.plan["lines"])
    assert ("the plan cannot know" in section) == blind
    kept = [
        [told.names[line["partnerships"][0]], plain(line["explanation"]), plain(line["reason"])]
        for line in told.plan["lines"]
        if line["explanation"] is not None
    ]
    assert kept
    assert texts(told.section, "plan-kept") == kept
    counts = Counter(
        (one["text"], one["fact"]) for line in told.plan["lines"] for one in line["obstacles"]
    )
    if counts:
        assert texts(told.section, "hurdles-c") == [
            [kind, *(str(counts[kind, fact]) for fact in ("known", "unknown", "none"))]
            for kind in KINDS.values()
            if any(counts[kind, fact] for fact in ("known", "unknown", "none"))
        ]
    told_apart = "Unknown whether they are active" in section
    assert told_apart == bool(told.plan["doubtful"])
    assert all(told.names[id] in section for id in told.plan["doubtful"])


def test_a_plan_that_is_cut_off_says_so_and_draws_what_is_proven() -> None:
    whole = plan_of(example())
    assert whole.proven_optimal
    shown = section_of(example(), whole)
    assert "Proven: with these rules" in text(shown)
    assert CUT_OFF not in text(shown)
    assert "proven least" not in text(charts(shown)[1])
    cut = replace(
        whole,
        proven_optimal=False,
        bound=whole.after - 2,
        effort_bound=whole.effort - 3,
        curve=tuple(CurvePoint(p.partnerships, p.effort, p.bound - 3) for p in whole.curve),
    )
    shown = section_of(example(), cut)
    assert "Proven: with these rules" not in text(shown)
    assert f"{CUT_OFF}: at least {whole.after - 2} are needed" in text(shown)
    assert f"at least {whole.effort - 3}." in text(shown)
    assert texts(shown, "steps-c")[-1][-1] == str(whole.after - 2)
    assert "proven least" in text(charts(shown)[1])


def without_forms(land: Landscape) -> Landscape:
    """Of no partnership is the legal form known, so all must stay."""
    bodies = land.table("partnerships")
    return land.with_tables(
        partnerships=bodies.with_columns(legal_form=pl.lit(None, dtype=pl.String))
    )


def without_members(land: Landscape) -> Landscape:
    """No partnership has a member, so the region has none."""
    return land.with_tables(memberships=land.table("memberships").clear())


@pytest.mark.parametrize(("emptied", "rows"), [(without_forms, 4), (without_members, 3)])
def test_a_region_without_anything_to_do(
    emptied: Callable[[Landscape], Landscape], rows: int
) -> None:
    land = emptied(example())
    plan = plan_of(land)
    assert plan.before == plan.after
    section = section_of(land, plan)
    assert SAME in text(section)
    assert charts(section) == []
    shown = texts(section, "steps-c")
    assert len(shown) == rows
    assert [row[-1] for row in shown] == [str(plan.after)] * rows
    ids = {part.get("id") for part in section.iter()}
    assert "plan-phases" not in ids
    assert "plan-curve" not in ids
    assert ("plan-lines" in ids) == (plan.before > 0)
    assert len(body_rows(section, "plan-towns")) == len(plan.municipalities) > 0


def test_nothing_comes_from_outside_and_every_link_has_its_target(told: Told) -> None:
    tree = read(told.html)
    ids = [part.get("id") for part in tree.iter() if "id" in part.attrib]
    assert len(ids) == len(set(ids))
    for part in told.section.iter():
        assert "style" not in part.attrib
        assert not any(name.startswith("on") for name in part.attrib)
        for name in ("href", "xlink:href", "aria-labelledby"):
            if name in part.attrib:
                assert part.get(name, "").removeprefix("#") in ids
    assert set(re.findall(r"url\(#([^)]+)\)", told.html)) <= set(ids)
    assert {svg.get("aria-hidden") for svg in told.section.iter("svg")} <= {"true"}
    assert "#plan" in {link.get("href") for link in tree.iter("a")}
    (style,) = [part.text or "" for part in tree.iter("style")]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src &#39;sha256-{digest}&#39;" in told.html
    captions = {part.get("id") for part in told.section.iter("caption")}
    assert captions == {part.get("aria-labelledby") for part in told.section.iter("div")
                        if part.get("role") == "region"}  # fmt: skip


def test_invented_land_is_called_invented_on_its_chart() -> None:
    land = example()
    plan = plan_of(land)
    real = Landscape(land.date, land.frames, replace(land.about, fictional=False))
    for landscape, invented in ((land, True), (real, False)):
        (caption, _curve) = section_of(landscape, plan).iter("figcaption")
        assert ("(invented)" in text(caption)) == invented


@pytest.fixture(scope="module")
def streek(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wrong") / "streek"
    write(example(), folder)
    return folder


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("--region", "NERGENS"), "There is no zone “NERGENS” in this landscape"),
        (("--region", "ZUID", "--zoning", "NERGENS"), "There is no zoning “NERGENS”"),
        (("--region", "ZUID", "--zoning", "WOON"), "There is no zone “ZUID”"),
    ],
)
def test_what_is_not_there_is_said_and_nothing_is_written(
    streek: Path, words: tuple[str, ...], fault: str
) -> None:
    out = streek.with_name("wrong.html")
    code, printed, err = prompt("--lang", "en", "report", str(streek), "--out", str(out), *words)
    assert (code, printed) == (2, "")
    assert len(err.strip().splitlines()) == 1
    assert fault in err
    assert not out.exists()


@pytest.mark.parametrize("absent", ["zonings", "partnerships", "memberships"])
def test_a_landscape_without_what_a_plan_needs(tmp_path: Path, absent: str) -> None:
    gone = {"zonings": ("zonings", "zones", "zone_members")}.get(absent, (absent,))
    land = example()
    frames = {name: frame for name, frame in land.frames.items() if name not in gone}
    write(Landscape(land.date, frames, land.about), tmp_path / "land")
    out = tmp_path / "report.html"
    words = ("report", str(tmp_path / "land"), "--out", str(out))
    code, printed, err = prompt("--lang", "en", *words, "--region", "ZUID")
    assert (code, printed) == (2, "")
    assert len(err.strip().splitlines()) == 1
    assert ("no zone “ZUID”" if absent == "zonings" else f"needs the table {absent}") in err
    assert not out.exists()


def test_without_the_solver_only_the_plan_is_missed(
    streek: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ortools.sat.python", None)
    out = streek.with_name("solver.html")
    words = ("--lang", "en", "report", str(streek), "--out", str(out))
    code, printed, err = prompt(*words, "--region", "ZUID")
    assert (code, printed) == (2, "")
    assert err == "A plan needs OR-Tools; install it with: pip install samenspel[solve]\n"
    assert not out.exists()
    assert prompt(*words)[0] == 0
    before = out.read_bytes()
    assert prompt(*words, "--region", "ZUID")[0] == 2
    assert out.read_bytes() == before


def test_a_region_by_its_name_without_a_zoning(streek: Path) -> None:
    out = str(streek.with_name("named.html"))
    found = said(streek, "report", "--out", out, "--region", "regio zuid")
    assert (found["plan"]["zoning"], found["plan"]["zone"]) == ("REGIO", "ZUID")
    assert word("unknown") not in found["plan"]["name"]


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_keeps_anybody_out(told: Told, chromium: Browser, width: int) -> None:
    assert told.html
    with opened(chromium, told.file, width, bypass_csp=True) as (shown, _said):
        shown.evaluate(SHORTER)
        shown.evaluate(OPEN_ALL)
        assert violations(shown) == []


def test_it_fits_every_screen_and_the_policy_lets_it_work(told: Told, chromium: Browser) -> None:
    assert told.html
    with opened(chromium, told.file) as (shown, complaints):
        for width in (320, *WIDTHS):
            shown.set_viewport_size({"width": width, "height": 800})
            assert shown.evaluate(TOO_WIDE) <= 0, width
        field = shown.locator("#filter-plan-lines")
        rows = shown.locator("#plan-lines tbody tr")
        line = in_order(told.plan)[0]
        field.fill(told.names[line["partnerships"][0]])
        assert 0 < shown.locator("#plan-lines tbody tr:visible").count() < rows.count()
        assert complaints == []


def test_it_reads_without_script_and_on_paper(told: Told, chromium: Browser) -> None:
    assert told.html
    with opened(chromium, told.file, java_script_enabled=False) as (shown, _said):
        for table in shown.locator("#plan table:not(details table)").all():
            assert table.is_visible()
        assert shown.locator("#plan svg").count() == len(charts(told.section))
        assert shown.locator("#plan button, #plan input").count() == 0
        shown.emulate_media(media="print")
        assert shown.locator("#plan-lines tbody tr:visible").count() == told.plan["before"]
        assert not any(part.is_visible() for part in shown.locator("#plan .tools").all())
