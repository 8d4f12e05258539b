"""The report as a page: its figures are those of the prompt, nothing comes from outside, and it
speaks one language."""

import base64
import hashlib
import re
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from babel.messages.pofile import read_po

from countries import example
from pages import Made, body_rows, by_id, classes_of, read, render, text
from samenspel import language
from samenspel.landscape.landscape import About, Landscape
from samenspel.reports.page import TOWN_COLUMNS, ZONE_COLUMNS

pytest_plugins = ("report_fixtures",)

CATALOGUE = language.LOCALE / "nl" / "LC_MESSAGES" / "samenspel.po"
CARDS = (
    ("total", "partnerships"),
    ("spread", "partnerships"),
    ("spread", "tables"),
    ("spread", "distinct_partner_sets"),
    ("spread", "changing_partners"),
    ("total", "mean_size"),
    ("total", "ocmw_associations"),
    ("total", "police_zones"),
)
SMALLEST = 12  # characters of a sentence that can only be one of the page


def figure(shown: str) -> tuple[float, float] | None:
    """The figure at the start of a Dutch text and how far rounding may lie from it, in the units of
    the prompt; None for unknown."""
    if shown.startswith("onbekend"):
        return None
    found = re.match(r"(€ )?(-?\d{1,3}(?: \d{3}(?!\d))*|\d+)(?:,(\d+))?(%)?", shown)
    assert found, shown
    unit = 100 if found[1] else 0.01 if found[4] else 1
    decimals = len(found[3] or "")
    value = float(f"{found[2].replace(' ', '')}.{found[3] or 0}")
    return value * unit, 0.501 * unit * 10**-decimals


def number(shown: str) -> float | None:
    said = figure(shown)
    return None if said is None else said[0]


def says(shown: str, value: float | None) -> bool:
    """Whether a Dutch text says ``value``, a fraction to as many decimals as it shows."""
    said = figure(shown)
    if said is None or value is None:
        return said is None and value is None
    return abs(said[0] - value) <= (said[1] if isinstance(value, float) else 1e-6 * said[1])


def check_cell(cell: Element, value: float | None) -> None:
    stated = cell.get("data-v")
    assert stated == "" if value is None else float(stated or "nan") == value
    assert ("none" in classes_of(cell)) == (value is None)
    assert says(text(cell), value)


def test_the_table_of_municipalities_has_the_figures_of_the_prompt(made: Made) -> None:
    towns = made.found["municipalities"]
    names = [name for name in TOWN_COLUMNS if any(town[name] is not None for town in towns)]
    if not made.found["total"]["other_partnerships"]:
        names.remove("other_partnerships")  # the lists name none of these kinds
    screened = {town["nis"]: town for town in made.screened["municipalities"]}
    table = body_rows(made.tree, "towns")
    assert len(table) == len(towns) == len(screened)
    for cells, town in zip(table, towns, strict=True):
        row = by_id(made.tree, f"g-{town['nis']}") if town is towns[0] else None
        assert row is None or list(row) == cells
        assert text(cells[0]) == f"{town['name']} {town['nis']}"
        check_cell(cells[2], town["population"])
        assert len(cells) == 3 + len(names)
        for cell, name in zip(cells[3:], names, strict=True):
            assert town[name] == screened[town["nis"]][name]
            check_cell(cell, town[name])


def test_the_table_of_zones_has_the_figures_of_the_prompt(made: Made) -> None:
    zoning = made.found["drawn"]["zoning"]
    zones = made.screened["zones"][zoning]
    inside = [row["zone"] for row in made.landscape.table("zone_members").to_dicts()
              if row["zoning"] == zoning]  # fmt: skip
    names = [name for name in ZONE_COLUMNS if any(zone[name] is not None for zone in zones)]
    table = body_rows(made.tree, "zone-c")
    for order, (cells, zone) in enumerate(zip(table, zones, strict=True), start=1):
        assert text(cells[0]) == cells[0].get("data-v") == str(order)
        assert text(cells[1]) == f"{zone['name']} {zone['zone']}"
        check_cell(cells[2], inside.count(zone["zone"]))
        for cell, name in zip(cells[3:], names, strict=True):
            check_cell(cell, zone[name])


def test_the_table_of_zonings_has_the_figures_of_the_prompt(made: Made) -> None:
    table = body_rows(made.tree, "zonings-c")
    for cells, zoning in zip(table, made.screened["zonings"], strict=True):
        assert text(cells[0]).endswith(zoning["zoning"])
        assert number(text(cells[2])) == len(made.screened["zones"].get(zoning["zoning"], []))
        for cell, key in zip(cells[3:], ("min", "median", "max"), strict=True):
            assert says(text(cell), zoning[f"partnerships_{key}"])


def test_cards_and_norms_have_the_figures_of_the_prompt(made: Made) -> None:
    (cards,) = [e for e in made.tree.iter("dl") if "cards" in classes_of(e)]
    for shown, (kind, name) in zip(cards.iter("dd"), CARDS, strict=True):
        value = made.screened[kind][name]
        assert says(text(shown), value["median"] if kind == "spread" else value), name
    norms = body_rows(made.tree, "norms-c")
    for cells, norm in zip(norms, made.screened["norms"], strict=True):
        assert text(cells[0]).startswith(norm["text"])
        assert says(text(cells[2]), norm["value"])
        whole = norm["value"] is None or norm["known_share"] == 1
        assert ("bekend)" in text(cells[2])) != whole


def test_the_table_of_the_most_tables_and_of_what_is_confirmed(made: Made) -> None:
    towns = {town["nis"]: town for town in made.found["municipalities"]}
    top = [towns[nis] for nis in made.found["entangled"]]
    for cells, town in zip(body_rows(made.tree, "top-c"), top, strict=True):
        assert text(cells[0]) == town["name"]
        check_cell(cells[1], town["tables"])
        check_cell(cells[2], town["partnerships"])
    shares = [
        text(row[1])
        for table in by_id(made.tree, "unknown").iter("table")
        if table.find("caption") is None
        for row in table.iterfind("tbody/tr")
    ]
    tables = [row for row in made.found["confirmed"]["tables"] if row["rows"]]
    for shown, row in zip(shares, tables, strict=True):
        assert says(shown, row["share"])


def test_every_partnership_has_its_row(made: Made) -> None:
    names = {town["nis"]: town["name"] for town in made.found["municipalities"]}
    bodies = made.found["partnerships"]
    table = body_rows(made.tree, "bodies")
    assert len(table) == made.landscape.table("partnerships").height
    for cells, body in zip(table, bodies, strict=True):
        members = body["municipalities"]
        assert text(cells[0]) == f"{' '.join(body['name'].split())} {body['partnership']}"
        assert cells[-2].get("data-v") == (str(len(members)) if members else "")
        listed = cells[-1].find("details/p")
        assert (text(cells[-1]) if listed is None else text(listed)) == (
            " ".join(", ".join(names[nis] for nis in members).split()) or "onbekend"
        )


def test_signals_and_sources_all_stand_there(made: Made) -> None:
    reasons = [text(item) for item in by_id(made.tree, "signals").iter("li")]
    assert len(reasons) == len(made.screened["signals"])
    for signal in made.screened["signals"]:
        assert any(shown.startswith(" ".join(signal["reason"].split())) for shown in reasons)
    assert len(body_rows(made.tree, "sources-c")) == len(made.found["sources"])


def test_the_figures_under_the_charts_are_those_of_the_prompt(made: Made) -> None:
    shown = [
        [(text(row[0]), number(text(row[1]))) for row in table.iterfind("tbody/tr")]
        for figure in made.tree.iter("figure")
        for table in figure.iterfind("details/table")
    ]
    steps, *bodies = shown
    assert [count for _step, count in steps] == [
        row["municipalities"] for row in made.found["distribution"]
    ]
    by = made.screened["total"]["by"]
    drawn = [name for name in ("legal_form", "size", "theme") if set(by[name]) - {"unknown"}]
    for rows, name in zip(bodies, drawn, strict=True):
        assert sorted(count or 0 for _what, count in rows) == sorted(by[name].values())
        assert dict(rows).get("onbekend") == by[name].get("unknown")


def test_nothing_comes_from_outside_and_nothing_else_may_run(made: Made) -> None:
    for element in made.tree.iter():
        for name, value in element.attrib.items():
            assert name != "style"
            assert not name.startswith("on")
            if name in ("href", "src", "xlink:href", "action", "data", "srcset"):
                assert value.startswith("#"), (element.tag, value)
    assert not re.search(r"url\((?!#)|@import|//[a-z]", without_names(made.html))
    (style,), (script,) = list(made.tree.iter("style")), list(made.tree.iter("script"))
    (policy,) = [e.get("content", "") for e in made.tree.iter("meta")
                 if e.get("http-equiv") == "Content-Security-Policy"]  # fmt: skip
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    digests = [base64.b64encode(hashlib.sha256((part.text or "").encode()).digest()).decode()
               for part in (style, script)]  # fmt: skip
    assert rules == {
        "default-src": "'none'",
        "style-src": f"'sha256-{digests[0]}'",
        "script-src": f"'sha256-{digests[1]}'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def without_names(html: str) -> str:
    """The page without the names of XML dialects and what lists of sources tell of themselves."""
    cut = re.sub(r' xmlns(:\w+)?="[^"]*"|// \w[^\n]*', "", html)
    return re.sub(r'<table>\n<caption id="sources-c">.*?</table>', "", cut, flags=re.DOTALL)


def test_every_link_has_its_target_and_every_drawing_is_silent(made: Made) -> None:
    ids = [element.get("id") for element in made.tree.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    links = {value for element in made.tree.iter() for name, value in element.attrib.items()
             if name in ("href", "xlink:href")}  # fmt: skip
    pointed = {target for element in made.tree.iter() for name, value in element.attrib.items()
               if name in ("aria-labelledby", "for") for target in value.split()}  # fmt: skip
    clipped = set(re.findall(r"url\(#([^)]+)\)", made.html))
    assert {link.removeprefix("#") for link in links} | pointed | clipped <= set(ids)
    drawings = list(made.tree.iter("svg"))
    assert drawings
    assert {drawing.get("aria-hidden") for drawing in drawings} == {"true"}
    assert len(list(made.tree.iter("h1"))) == 1
    assert [e.get("lang") for e in made.tree.iter("html")] == ["nl"]


def test_the_report_of_flanders_can_be_mailed(made: Made) -> None:
    data = made.html.encode()
    assert data.decode() == made.file.read_bytes().decode("utf-8")
    assert len(data) < 3_000_000


def sentences() -> list[tuple[str, str]]:
    """(English, Dutch) of each sentence of the templates that tells the languages apart."""
    with CATALOGUE.open("rb") as file:
        messages = [m for m in read_po(file, locale="nl") if m.id]
    return [
        (str(message.id), str(message.string))
        for message in messages
        if any(Path(file).match("reports/templates/*.html") for file, _line in message.locations)
        and message.id != message.string
    ]


def pieces(sentence: str) -> list[str]:
    """What stands on the page of a sentence with places to fill in."""
    parts = (" ".join(part.split()) for part in re.split(r"\{[^}]*\}", sentence))
    return [part for part in parts if len(part) > SMALLEST]


def everything_said(tree: Element) -> str:
    """Every text of a page, and every attribute that somebody hears or sees."""
    for parent in list(tree.iter()):
        for part in [*parent.findall("style"), *parent.findall("script")]:
            parent.remove(part)
    heard = ("aria-label", "title", "alt", "content", "placeholder")
    said = [
        value
        for element in tree.iter()
        for name, value in element.attrib.items()
        if name in heard or name.startswith("data-say")
    ]
    return " ".join([text(tree), *(" ".join(value.split()) for value in said)])


@pytest.mark.parametrize("spoken", ["nl", "en"])
def test_a_page_speaks_one_language(spoken: str) -> None:
    tree = read(render(example(), spoken))
    assert [e.get("lang") for e in tree.iter("html")] == [spoken]
    said = everything_said(tree)
    own, other = (0, 1) if spoken == "en" else (1, 0)
    told = sentences()
    assert len(told) > 60
    foreign = {piece for pair in told for piece in pieces(pair[other])}
    foreign -= {piece for pair in told for piece in pieces(pair[own])}
    assert {piece for piece in foreign if piece in said} == set()
    assert len({piece for pair in told for piece in pieces(pair[own]) if piece in said}) > 40


def test_invented_land_is_called_invented_everywhere() -> None:
    tree = read(render(example()))
    (banner,) = [e for e in tree.iter("aside") if "fictional" in classes_of(e)]
    assert text(banner).startswith("Invented. This land does not exist")
    maps = [f for f in tree.iter("figure") if any("map" in classes_of(s) for s in f.iter("svg"))]
    assert len(maps) == 4
    for figure in maps:
        assert "(invented)" in text(figure.findall("figcaption")[0])
    (footer,) = list(tree.iter("footer"))
    assert text(footer).endswith("Invented land.")


def test_real_land_is_never_called_invented() -> None:
    land = example()
    real = Landscape(land.date, land.frames, About("Streek", "Streek", fictional=False))
    tree = read(render(real))
    assert [e for e in tree.iter("aside") if "fictional" in classes_of(e)] == []
    assert "invented" not in text(tree).lower()
