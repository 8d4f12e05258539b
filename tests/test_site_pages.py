"""The pages that everybody reads: every link leads somewhere, every figure is that of the command
line, and what is not there or cannot be read is told in a sentence."""

import json
import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from countries import example
from pages import prompt
from registers import Template, make_database, remove_database
from samenspel.landscape.package import write
from samenspel.register import writing
from samenspel.register.editing import correct
from samenspel.register.history import current
from samenspel.register.importing import first_batch
from samenspel.register.writing import Reason
from samenspel.screening.screen import screen
from samenspel.web import known
from samenspel.web.pages.telling import measured
from samenspel.web.search import plain, search
from webclients import told, visitor

LAND = example()
DAY = f"?op={LAND.date}"
HREF = re.compile(r'href="(/[^"#]*)')


@pytest.fixture
def site(template: Template, tmp_path: Path) -> Iterator[Client]:
    """A register with the example, read by a visitor in English."""
    made = make_database("sqlite", template, tmp_path, "site")
    writing.write(first_batch(LAND), Reason("import", "the example"))
    yield visitor()
    remove_database(made)


def ran(*words: object) -> Any:
    """The JSON of a command."""
    code, out, _err = prompt("--lang", "en", *map(str, words), "--json")
    assert code in (0, 1)
    return json.loads(out)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.usefixtures("site")
def test_every_link_leads_to_a_page(language: str) -> None:
    client = visitor(language)
    left, seen = ["/"], set[str]()
    while left:
        path = left.pop()
        if path in seen or path.startswith(("/static", "/aanmelden")):
            continue
        seen.add(path)
        response = client.get(path)
        assert response.status_code == 200, path
        if not path.endswith(".xlsx"):
            html = response.content.decode()
            assert "None" not in re.sub(r"<[^>]*>", " ", html), path
            assert f'<html lang="{language}"' in html
            left += [unescape(href) for href in HREF.findall(html)]
    kinds = {path.split("/")[1].partition("?")[0] for path in seen}
    assert {"gemeente", "samenwerking", "regios", "organisatie", "thema", "geschiedenis",
            "wijzigingen", "wat-als", "over", "termijnen"} <= kinds  # fmt: skip


def test_a_municipality_says_what_the_command_line_says(site: Client, tmp_path: Path) -> None:
    write(LAND, tmp_path / "land")
    for nis in LAND.table("municipalities")["nis"]:
        text = told(site.get(f"/gemeente/{nis}{DAY}"))
        found = ran("screen", str(tmp_path / "land"), "--municipality", nis)
        row = found["municipalities"][0]
        for name in ("partnerships", "tables", "terms_ending", "seats", "contribution_cents"):
            assert " ".join(filter(None, measured(row, name))) in text, (nis, name)
        for body in found["partnerships"]:
            assert body["name"] in text
        for signal in found["signals"]:
            assert " ".join(signal["reason"].split()) in text


def test_a_region_says_what_the_command_line_says(site: Client, tmp_path: Path) -> None:
    write(LAND, tmp_path / "land")
    zoning = ran("align", str(tmp_path / "land"))["zoning"]
    zones = LAND.table("zones").to_dicts()
    for zone in (row["zone"] for row in zones if row["zoning"] == zoning):
        words = ("align", str(tmp_path / "land"), "--region", zone)
        found = ran(*words)
        text = told(site.get(f"/regios/{zoning}/{zone}/pas-toe-of-leg-uit{DAY}"))
        counts = found["summary"]["fit"]
        assert f"inside the region {counts['inside']} " in turned(text, "inside the region")
        assert f"cross the border {counts['crossing']} " in turned(text, "cross the border")
        for row in found["partnerships"]:
            assert row["name"] in text


def turned(text: str, words: str) -> str:
    """The card with ``words``: what it is called stands before its figure."""
    place = text.index(words)
    return text[place : place + len(words) + 12]


def test_a_merger_says_what_the_command_line_says(site: Client, tmp_path: Path) -> None:
    write(LAND, tmp_path / "land")
    zoning = ran("align", str(tmp_path / "land"))["zoning"]
    pairs = ran("mergers", str(tmp_path / "land"), "--within", zoning, "--goals", "none",
                "--municipalities", "2..2")  # fmt: skip
    some = next(zone["candidates"][0]["municipalities"] for zone in pairs["zones"]
                if zone["candidates"])  # fmt: skip
    found = ran("mergers", str(tmp_path / "land"), "--within", zoning,
                "--goals", "none", "--candidate", ",".join(some))  # fmt: skip
    text = told(site.get(f"/wat-als/fusie{DAY}&met={some[0]}&met={some[1]}"))
    (merger,) = found["chosen"]["mergers"]
    assert f"Places at tables that fall together: {merger['places_gone']}." in text
    for row in merger["tables"]:
        assert row["name"] in text
    for row in merger["rows"]:
        assert row["title"] in text


def test_a_merger_that_cannot_be_looked_at_is_told(site: Client) -> None:
    towns = LAND.table("municipalities")["nis"].to_list()
    for chosen, status in ((towns[:1], 200), (["nergens", towns[0]], 422), (towns[:6], 422)):
        query = "&".join(f"met={nis}" for nis in chosen)
        response = site.get(f"/wat-als/fusie{DAY}&{query}")
        assert response.status_code == status, chosen
        assert ('role="alert"' in response.content.decode()) == (status == 422)


def test_the_form_adviser_answers_as_the_command_line(site: Client, tmp_path: Path) -> None:
    answers = tmp_path / "answers.yaml"
    answers.write_text("centre: municipalities\nprivate_partners: true\nmunicipalities: 3\n")
    write(LAND, tmp_path / "land")
    found = ran("advise", str(tmp_path / "land"), "--answers", str(answers))
    query = "vraag=1&centre=municipalities&private_partners=true&municipalities=3"
    text = told(site.get(f"/wat-als/vorm{DAY}&{query}"))
    assert " ".join(found["conclusion"].split()) in text
    for form in found["forms"]:
        assert form["name"] in text
    wrong = site.get(f"/wat-als/vorm{DAY}&vraag=1&municipalities=many&centre=moon")
    assert wrong.status_code == 422
    assert "municipalities: give a whole number from 0." in told(wrong)
    assert "centre: give one of municipalities, ocmws." in told(wrong)
    both = site.get(f"/wat-als/vorm{DAY}&vraag=1&private_partners=false&private_kind=profit")
    assert both.status_code == 422


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/gemeente/nergens", 404, "There is no municipality nergens"),
        ("/samenwerking/nergens", 404, "There is no partnership nergens"),
        ("/organisatie/nergens", 404, "There is no organisation nergens"),
        ("/regios/nergens", 404, "There is no division of the land nergens"),
        ("/regios/a/nergens", 404, "There is no zone nergens"),
        ("/regios/a/b/pas-toe-of-leg-uit", 404, "There is no zone b"),
        ("/regios/a/b/werkboek.xlsx", 404, "There is no zone b"),
        ("/thema/nergens", 404, "There is no theme nergens"),
        ("/wijzigingen/99", 404, "There is no change 99"),
        ("/geschiedenis/nergens/1", 404, "There is no table nergens"),
        ("/geschiedenis/partnerships/nergens", 404, "Nothing is on record of nergens"),
        ("/gemeenten?op=morgen", 400, "“morgen” is no day; write one as 2026-01-31."),
        ("/?op=0001-01-01", 400, "0001-01-01 lies too far away"),
        ("/termijnen?op=1949-12-31", 400, "choose a day from 1950-01-01 to 2150-12-31"),
        ("/gemeenten?op=2151-01-01", 400, "2151-01-01 lies too far away"),
        ("/?op=9999-12-31", 400, "9999-12-31 lies too far away"),
    ],
)
def test_what_is_not_there_is_told(site: Client, path: str, status: int, words: str) -> None:
    response = site.get(path)
    assert response.status_code == status
    assert words in told(response)


LONG = "9" * 5_000


@pytest.mark.parametrize(
    "path",
    [
        *(f"/wijzigingen?voor={n}" for n in ("0", "1", "2", "9" * 20, LONG, "-1", "x", "²")),
        *(f"/termijnen?vanaf={n}" for n in ("0", "9" * 20, LONG, "-1", "x")),
    ],
)
def test_any_number_in_an_address_gives_a_page(site: Client, path: str) -> None:
    assert site.get(path).status_code == 200


def test_pages_of_changes_go_back_to_the_first(site: Client) -> None:
    row = current("municipalities", [LAND.table("municipalities")["nis"][0]])[0]
    writing.write(correct(row, {"name": "Elders"}), Reason("edit", "the second one"))
    for before, seen in (("1", []), ("2", ["1"]), ("3", ["2", "1"]), ("99", ["2", "1"])):
        page = site.get(f"/wijzigingen?voor={before}").content.decode()
        found = re.findall(r'href="/wijzigingen/([0-9]+)', page)
        assert list(dict.fromkeys(found)) == seen


def test_a_number_that_is_no_answer_is_told(site: Client) -> None:
    question = "/wat-als/vorm?vraag=1&theme=&partners="
    assert site.get(f"{question}{LONG}").status_code in (200, 422)


def test_a_screening_tells_the_same_each_time(site: Client) -> None:  # noqa: ARG001
    found = known.screening(known.picture(LAND.date))
    assert found.as_json() is found.as_json()
    assert found.as_json() == screen(LAND).as_json()


def test_the_zones_are_drawn_anew_once_they_change(site: Client) -> None:  # noqa: ARG001
    first = known.picture(LAND.date)
    zoning = LAND.table("zonings")["zoning"][0]
    assert known.zones_drawn(first, zoning) is known.zones_drawn(first, zoning)
    row = LAND.table("zones").filter(zoning=zoning).to_dicts()[0]
    seen = current("zones", [zoning, row["zone"]])[0]
    writing.write(correct(seen, {"name": "Anders genoemd"}), Reason("edit", "another name"))
    titles = known.zones_drawn(known.picture(LAND.date), zoning)["titles"].values()
    assert any("Anders genoemd" in title for title in titles)
    assert not any(
        "Anders genoemd" in t for t in known.zones_drawn(first, zoning)["titles"].values()
    )


@pytest.mark.parametrize("day", ["1950-01-01", "2150-12-31"])
def test_the_first_and_the_last_day_to_look_at(site: Client, day: str) -> None:
    for path in ("/", "/termijnen", "/gemeenten"):
        assert site.get(f"{path}?op={day}").status_code == 200


def test_a_day_before_a_merger_has_the_parts(site: Client) -> None:
    nis = LAND.table("municipalities")["nis"][0]
    seen = current("municipalities", [nis])[0]
    writing.write(correct(seen, {"valid_from": date(2020, 1, 1)}), Reason("edit", "it began then"))
    assert site.get(f"/gemeente/{nis}?op=2019-12-31").status_code == 404
    assert site.get(f"/gemeente/{nis}?op=2020-01-01").status_code == 200


def test_an_edit_is_seen_at_once_with_its_history(site: Client) -> None:
    nis = LAND.table("municipalities")["nis"][0]
    seen = current("municipalities", [nis])[0]
    site.get(f"/gemeente/{nis}")
    change = writing.write(correct(seen, {"name": "<Nieuwegem & co>"}), Reason("edit", "renamed"))
    assert "&lt;Nieuwegem &amp; co&gt;" in site.get(f"/gemeente/{nis}").content.decode()
    assert "renamed" in told(site.get(f"/geschiedenis/municipalities/{nis}"))
    told_change = told(site.get(f"/wijzigingen/{change}"))
    assert str(seen.values["name"]) in told_change
    assert "<Nieuwegem & co>" in told_change


def test_an_empty_register_says_how_to_begin(template: Template, tmp_path: Path) -> None:
    made = make_database("sqlite", template, tmp_path, "empty")
    assert "This register is still empty" in told(visitor().get("/"))
    remove_database(made)


def test_everything_is_found_by_its_name(site: Client) -> None:
    picture = known.picture(LAND.date)
    for table, column, kind in (("municipalities", "nis", "municipality"),
                                ("partnerships", "id", "partnership")):  # fmt: skip
        for row in LAND.table(table).to_dicts():
            for text in (row["name"], row["name"].upper(), row[column]):
                found = search(picture, text)
                assert (kind, (row[column],)) in {(one.kind, one.codes) for one in found}, text
    assert search(picture, "") == search(picture, " -!? ") == []
    assert search(picture, "nergensgem") == []
    assert plain("Sint-Níklaas  (Wáás)") == "sint niklaas waas"
    name = LAND.table("municipalities")["name"][0]
    assert site.get("/zoek.json", {"q": name[:3]}).json()["found"]
    assert "Nothing is called so" in told(site.get("/zoek", {"q": "<script>"}))


def test_light_and_dark_are_kept(site: Client) -> None:
    assert "data-theme" not in site.get("/").content.decode()
    site.post("/weergave", {"theme": "dark", "next": "/gemeenten"})
    assert 'data-theme="dark"' in site.get("/").content.decode()
    assert site.post("/weergave", {"theme": "blue", "next": "https://x.y/"})["Location"] == "/"
    assert 'data-theme="dark"' in site.get("/").content.decode()


def test_the_workbook_of_a_region_is_given(site: Client) -> None:
    zone = LAND.table("zones").row(0, named=True)
    response = site.get(f"/regios/{zone['zoning']}/{zone['zone']}/werkboek.xlsx")
    assert response.content.startswith(b"PK")
    assert "attachment" in response["Content-Disposition"]
