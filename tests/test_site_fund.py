"""The sliders of the fund: what the page says is what the command says, and no part is invented."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from pages import prompt
from registers import Template, make_database, remove_database
from samenspel.landscape.generate import generate
from samenspel.landscape.package import write
from samenspel.register import writing
from samenspel.register.importing import first_batch
from samenspel.register.writing import Reason
from samenspel.web.pages.telling import euro
from test_site_pages import ran
from webclients import told, visitor

LAND = generate(30, 1)
ADDRESS = f"/wat-als/fonds?op={LAND.date}"


@pytest.fixture
def site(template: Template, tmp_path: Path) -> Iterator[Client]:
    """A register with thirty invented municipalities, read by a visitor in English."""
    made = make_database("sqlite", template, tmp_path, "fund")
    writing.write(first_batch(LAND), Reason("import", "an invented land"))
    yield visitor()
    remove_database(made)


@pytest.mark.parametrize("centre", ["20", "35"])
def test_the_page_says_what_the_command_says(site: Client, tmp_path: Path, centre: str) -> None:
    write(LAND, tmp_path / "land")
    before = ran("fund", tmp_path / "land")
    after = ran("fund", tmp_path / "land", "--set", f"blocks.centre.share={centre}%")
    text = told(site.get(f"{ADDRESS}&centre={centre}&basic=50&area=10"))
    amounts = {row["nis"]: row["amount_cents"] for row in before["municipalities"]}
    changed = [row for row in after["municipalities"] if row["amount_cents"] != amounts[row["nis"]]]
    assert bool(changed) == (centre != "20")
    assert f"get the same {len(amounts) - len(changed)} " in text
    for block in after["blocks"]:
        assert f"{block['title']} {euro(block['amount_cents'])} " in text
    most = max(
        after["municipalities"], key=lambda row: abs(row["amount_cents"] - amounts[row["nis"]])
    )
    if changed:
        line = f"{most['name']} {euro(amounts[most['nis']])} {euro(most['amount_cents'])} "
        assert line in text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("centre=101", "centre: “101” is no part; give a whole number from 0 to 100."),
        ("area=-1", "area: “-1” is no part; give a whole number from 0 to 100."),
        ("area=1e2", "area: “1e2” is no part"),
        ("basic=90&centre=30", "blocks"),
    ],
)
def test_parts_that_are_none_are_refused(site: Client, query: str, words: str) -> None:
    response = site.get(f"{ADDRESS}&{query}")
    assert response.status_code == 422
    assert words in told(response)


def test_the_prompt_refuses_the_same(tmp_path: Path) -> None:
    write(LAND, tmp_path / "land")
    sets = ("--set", "blocks.basic.share=90%", "--set", "blocks.centre.share=30%")
    assert prompt("--lang", "en", "fund", str(tmp_path / "land"), *sets).returncode == 2
