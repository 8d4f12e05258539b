"""The plan in the report of a region: plans of any kind, what is refused, and everybody can read
it."""

import base64
import hashlib
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element

import polars as pl
import pytest
from playwright.sync_api import Browser

from countries import example
from pages import TOO_WIDE, body_rows, by_id, opened, prompt, read, text, violations
from plans import Told, charts, in_order, said, texts
from samenspel.alignment.plan.curves import CurvePoint
from samenspel.alignment.plan.plan import Plan
from samenspel.alignment.plan.rationalise import rationalise
from samenspel.landscape.landscape import Landscape
from samenspel.landscape.package import write
from samenspel.reports.contents import contents
from samenspel.reports.page import page
from samenspel.screening.screen import screen
from samenspel.words import word
from test_report_browser import EVERY_WIDTH, OPEN_ALL, SHORTER, WIDTHS

pytest_plugins = ("browser", "report_fixtures")

CUT_OFF = "Cut off by time"
SAME = "The number of partnerships stays the same"


def plan_of(landscape: Landscape, zone: str = "ZUID") -> Plan:
    plan = rationalise(landscape, zone, "REGIO")
    assert isinstance(plan, Plan)
    return plan


def section_of(landscape: Landscape, plan: Plan) -> Element:
    """The section that the page of ``landscape`` has for ``plan``."""
    return by_id(read(page(landscape, contents(screen(landscape), plan=plan), "map")), "plan")


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


@pytest.mark.parametrize(("told", "width"), EVERY_WIDTH, indirect=["told"])
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
