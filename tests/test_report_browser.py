"""The report in a real browser: for everybody, on every screen, with and without script."""

from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import Browser, Page

from countries import example
from pages import TOO_WIDE, Made, body_rows, opened, read, render, text, violations

pytest_plugins = ("report_fixtures", "browser")

WIDTHS = (1280, 390)
# The example at every width; of what other lands have beside it the width changes nothing.
EVERY_WIDTH = [*(("example", width) for width in WIDTHS), ("generated", 1280), ("flanders", 390)]
# Axe looks at each element against each other one; rows beyond these are like those before them.
SHORTER = """() => document.querySelectorAll(
    'tbody tr:nth-child(n+13), svg.map > *:nth-child(n+13), svg.map defs > *:nth-child(n+13)'
).forEach((element) => element.remove())"""
VALUES = """(table, place) => [...table.tBodies[0].rows].map((row) => row.cells[place].dataset.v)"""
OPEN_ALL = "() => document.querySelectorAll('details').forEach((part) => { part.open = true })"
FOLLOW = """(href) => [...document.querySelectorAll('th a')]
    .find((link) => link.getAttribute('href') === href).click()"""
TARGET = "() => document.querySelector(':target')?.id"


@pytest.fixture(scope="module")
def file(streek: Made) -> Path:
    assert streek.html
    return streek.file


@pytest.fixture(scope="module")
def english_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("english") / "report.html"
    path.write_text(render(example(), "en"), encoding="utf-8")
    return path


@pytest.mark.parametrize(("made", "width"), EVERY_WIDTH, indirect=["made"])
def test_nothing_keeps_anybody_out(made: Made, chromium: Browser, width: int) -> None:
    assert made.html
    with opened(chromium, made.file, width, bypass_csp=True) as (page, _said):
        page.evaluate(SHORTER)
        assert violations(page) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_keeps_anybody_out_with_all_opened(
    english_file: Path, chromium: Browser, width: int
) -> None:
    with opened(chromium, english_file, width, bypass_csp=True) as (page, _said):
        page.evaluate(OPEN_ALL)
        assert violations(page) == []


def test_the_policy_lets_the_page_work_and_nothing_is_fetched(
    made: Made, chromium: Browser
) -> None:
    assert made.html
    with opened(chromium, made.file) as (page, said):
        assert page.locator("table.sortable th button").count() > 10
        assert page.locator(".tools select, .tools input").count() == 3
        assert page.locator("svg.map use").first.evaluate(
            "(use) => getComputedStyle(use).fill") != "rgb(0, 0, 0)"  # fmt: skip
        assert said == []


def test_the_page_is_no_wider_than_the_screen(made: Made, chromium: Browser) -> None:
    assert made.html
    too_wide = {}
    with opened(chromium, made.file) as (page, _said):
        for state in ("as it is", "all opened"):
            for width in (320, *WIDTHS):
                page.set_viewport_size({"width": width, "height": 800})
                too_wide[state, width] = page.evaluate(TOO_WIDE)
            page.evaluate(OPEN_ALL)
    assert {where: by for where, by in too_wide.items() if by > 0} == {}


def values(page: Page, table: str, place: int) -> list[str | None]:
    """What a column sorts by, in the order in which the rows stand."""
    found: list[str | None] = page.locator(table).evaluate(VALUES, place)
    return found


def test_sorting_by_a_figure_keeps_the_unknown_last(chromium: Browser, tmp_path: Path) -> None:
    land = example()
    people = pl.when(pl.col("nis").is_in(["00002", "00007"])).then(None).otherwise("population")
    file = tmp_path / "report.html"
    file.write_text(
        render(land.with_tables(
            municipalities=land.table("municipalities").with_columns(population=people))),
        encoding="utf-8",
    )  # fmt: skip
    with opened(chromium, file) as (page, said):
        head = page.locator("#towns thead th").nth(2)
        assert head.get_attribute("aria-sort") is None
        before = values(page, "#towns", 2)
        for way, sign in (("descending", -1), ("ascending", 1), ("descending", -1)):
            head.get_by_role("button").press("Enter")
            assert head.get_attribute("aria-sort") == way
            shown = values(page, "#towns", 2)
            known = [float(value) * sign for value in shown[:-2] if value]
            assert len(known) == 6
            assert known == sorted(known)
            assert shown[-2:] == ["", ""]
            assert sorted(map(str, shown)) == sorted(map(str, before))
        page.locator("#towns thead th").nth(0).get_by_role("button").click()
        assert head.get_attribute("aria-sort") is None
        names = page.locator("#towns tbody th").all_inner_texts()
        assert names == sorted(names)
        assert page.locator("#towns [aria-sort]").count() == 1
        assert said == []


def test_sorting_by_words_keeps_the_unknown_last(file: Path, chromium: Browser) -> None:
    with opened(chromium, file) as (page, _said):
        place = page.locator("#bodies thead th").all_inner_texts().index("rechtsvorm")
        for _way in range(2):
            page.locator("#bodies thead th").nth(place).get_by_role("button").click()
            cells = page.locator(f"#bodies tbody tr > :nth-child({place + 1})").all_inner_texts()
            unknown = cells.count("onbekend")
            assert 0 < unknown < len(cells)
            assert cells[-unknown:] == ["onbekend"] * unknown


def test_filtering_a_table(file: Path, chromium: Browser) -> None:
    with opened(chromium, file) as (page, said):
        assert page.get_by_label("Zoek in deze tabel").count() == 2
        for table, wanted, expected in (("towns", "DROOM", 1), ("bodies", "p08", 1)):
            rows = page.locator(f"#{table} tbody tr")
            every = rows.count()
            field = page.locator(f"#filter-{table}")
            count = page.locator(f"[data-filter={table}] [role=status]")
            assert count.inner_text() == ""
            field.fill(wanted)
            assert page.locator(f"#{table} tbody tr:visible").count() == expected
            assert count.inner_text() == f"{expected} van {every} rijen getoond"
            field.fill("bestaat nergens")
            assert page.locator(f"#{table} tbody tr:visible").count() == 0
            assert count.inner_text() == f"0 van {every} rijen getoond"
            field.fill("  ")
            assert page.locator(f"#{table} tbody tr:visible").count() == every
            assert count.inner_text() == ""
        assert said == []


def inside(page: Page) -> set[str]:
    """The NIS codes drawn as members."""
    links = page.locator("#members-map a:has(use.in)")
    return {str(link.get_attribute("href")).removeprefix("#g-") for link in links.all()}


def test_choosing_a_partnership_changes_map_and_list(streek: Made, chromium: Browser) -> None:
    towns = {town["nis"]: town["name"] for town in streek.found["municipalities"]}
    assert streek.html
    with opened(chromium, streek.file) as (page, said):
        pick = page.get_by_label("Kies een samenwerkingsverband")
        assert pick.input_value() == f"p-{streek.found['drawn']['partnership']}"
        assert pick.locator("option").count() == len(streek.found["partnerships"])
        for body in streek.found["partnerships"]:
            pick.select_option(f"p-{body['partnership']}")
            assert page.locator("#members-name").inner_text() == body["name"]
            assert inside(page) == set(body["municipalities"])
            listed = page.locator("#members-list").inner_text()
            named = ", ".join(towns[nis] for nis in body["municipalities"])
            assert listed == (named or "onbekend"), body["partnership"]
        assert said == []


def test_choosing_works_for_any_code(chromium: Browser, tmp_path: Path) -> None:
    land = example()
    new = {"00001": "00 001", "00002": "'2\""}
    frames = {
        name: frame.with_columns(
            pl.col(column).replace(new)
            for column in ("nis", "nis_a", "nis_b", "organisation", "id")
            if column in frame.columns
        )
        for name, frame in land.frames.items()
    }
    file = tmp_path / "report.html"
    file.write_text(render(land.with_tables(**frames)), encoding="utf-8")
    (row,) = [r for r in body_rows(read(file.read_text(encoding="utf-8")), "bodies")
              if text(r[0]).endswith(" p01")]  # fmt: skip
    with opened(chromium, file) as (page, said):
        page.locator("#pick").select_option("p-p02")
        page.locator("#pick").select_option("p-p01")
        assert len(inside(page)) == int(row[-2].get("data-v", ""))
        assert inside(page) >= {"00 001", "'2\""}
        for nis in new.values():
            page.evaluate(FOLLOW, f"#g-{nis}")
            assert page.evaluate(TARGET) == f"g-{nis}"
        assert said == []


def test_a_municipality_on_the_map_leads_to_its_row(made: Made, chromium: Browser) -> None:
    assert made.html
    nis = made.found["municipalities"][len(made.found["municipalities"]) // 2]["nis"]
    with opened(chromium, made.file, reduced_motion="reduce") as (page, said):
        page.locator("svg.map").first.locator(f"a[href='#g-{nis}']").dispatch_event("click")
        page.wait_for_function("() => document.querySelector(':target')")
        assert page.evaluate(TARGET) == f"g-{nis}"
        row = page.locator(f"#g-{nis}").bounding_box()
        head = page.locator("#towns thead th").first.bounding_box()
        assert row is not None
        assert head is not None
        assert row["y"] >= head["y"] + head["height"] - 1
        assert row["y"] + row["height"] <= 800
        assert said == []


def test_without_script_all_is_there_and_nothing_is_dead(streek: Made, chromium: Browser) -> None:
    assert streek.html
    with opened(chromium, streek.file, java_script_enabled=False) as (page, _said):
        assert page.locator("#towns tbody tr").count() == len(streek.found["municipalities"])
        assert page.locator("#bodies tbody tr").count() == len(streek.found["partnerships"])
        for table in page.locator("main table:not(details table)").all():
            assert table.is_visible()
        for drawing in page.locator("svg.map").all():
            assert drawing.is_visible()
        drawn = streek.found["drawn"]["partnership"]
        (body,) = [b for b in streek.found["partnerships"] if b["partnership"] == drawn]
        assert inside(page) == set(body["municipalities"])
        assert page.locator("button, input, select, textarea").count() == 0
        page.locator("#bodies summary").first.click()
        assert page.locator("#bodies details p").first.is_visible()


def test_by_keyboard(file: Path, chromium: Browser) -> None:
    with opened(chromium, file) as (page, said):
        page.keyboard.press("Tab")
        skip = page.locator(":focus")
        assert (skip.get_attribute("href"), skip.inner_text()) == ("#main", "Naar de inhoud")
        box = skip.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        page.keyboard.press("Enter")
        assert page.evaluate(TARGET) == "main"
        page.keyboard.press("Tab")
        assert page.locator("main :focus").count() == 1
        stops = set()
        for _step in range(300):
            kind = page.evaluate(
                "() => [document.activeElement.tagName, document.activeElement.closest('svg')]"
            )
            stops.add(kind[0].upper())
            assert kind[1] is None
            page.keyboard.press("Tab")
            if page.locator("main :focus").count() == 0:
                break
        assert stops >= {"BUTTON", "INPUT", "SELECT", "SUMMARY", "A", "DIV"}
        assert said == []


def test_on_paper(made: Made, chromium: Browser) -> None:
    assert made.html
    with opened(chromium, made.file) as (page, _said):
        assert page.locator("nav").is_visible()
        page.emulate_media(media="print")
        for name in ("nav", ".tools", ".skip"):
            assert not any(part.is_visible() for part in page.locator(name).all()), name
        assert page.locator("#towns tbody tr:visible").count() == len(made.found["municipalities"])
        if made.name == "example":
            assert page.pdf().startswith(b"%PDF-")
