"""Zones drawn on a page: the plan of the command, its proof, and what is refused."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from registers import Template, make_database, remove_database
from samenspel.landscape.generate import generate
from samenspel.landscape.package import write
from samenspel.register import writing
from samenspel.register.importing import first_batch
from samenspel.register.writing import Reason
from samenspel.web.pages import draw
from test_site_pages import ran
from webclients import told, visitor

LAND = generate(60, 3)
ZONING = "referentieregio"
ZONE = LAND.table("zones").filter(zoning=ZONING)["zone"].sort()[0]
ADDRESS = f"/regios/{ZONING}/{ZONE}/zones?op={LAND.date}"


@pytest.fixture
def site(template: Template, tmp_path: Path) -> Iterator[Client]:
    """A register with sixty invented municipalities, where all that draws is compiled."""
    made = make_database("sqlite", template, tmp_path, "draw")
    writing.write(first_batch(LAND), Reason("import", "an invented land"))
    draw.compiling().join()
    yield visitor()
    remove_database(made)


def test_the_page_draws_what_the_command_draws(site: Client, tmp_path: Path) -> None:
    write(LAND, tmp_path / "land")
    found = ran("zones", tmp_path / "land", "--within", ZONING, "--region", ZONE, "--population",
                "20000..400000")  # fmt: skip
    (row,) = found["regions"]
    text = told(site.get(f"{ADDRESS}&teken=1&van=20000&tot=400000"))
    assert row["valid"]
    assert row["proven_optimal"] == ("no plan within these bounds cuts less" in text)
    assert f"{len(row['zones'])} zones; " in text
    names = dict(LAND.table("municipalities").select("nis", "name").iter_rows())
    for zone in row["zones"]:
        assert " , ".join(names[nis] for nis in zone["municipalities"]) in text.replace(" ,", " ,")


def test_no_plan_is_told_with_its_proof(site: Client) -> None:
    text = told(site.get(f"{ADDRESS}&teken=1&van=500000000"))
    assert "Proven: there is no plan within these bounds." in text
    assert "zones; proven" not in text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("van=x&tot=3", "“x..3” is no range of inhabitants; give whole numbers."),
        ("van=-1", "“-1..” is no range of inhabitants"),
        ("van=9&tot=1", "1"),
        ("van=99999999999999999999", "is no range of inhabitants"),
    ],
)
def test_bounds_that_are_none_are_refused(site: Client, query: str, words: str) -> None:
    response = site.get(f"{ADDRESS}&teken=1&{query}")
    assert response.status_code == 422
    assert words in told(response)


def test_nothing_is_drawn_before_somebody_asks(site: Client) -> None:
    html = site.get(ADDRESS).content.decode()
    assert "http-equiv" not in html
    assert not re.search(r"zones; (proven|the best)", html)


def test_who_comes_first_is_told_to_wait(site: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draw, "ready", lambda: False)
    html = site.get(f"{ADDRESS}&teken=1").content.decode()
    assert '<meta http-equiv="refresh"' in html
    assert "being prepared" in html
