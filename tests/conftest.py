"""What several test modules share: English messages and the real Flemish files."""

import csv
import gzip
import io
from pathlib import Path

import polars as pl
import pytest

from samenspel import language
from samenspel.exchange.flanders import import_flanders
from samenspel.landscape.example import example
from samenspel.landscape.findings import Finding
from samenspel.landscape.landscape import Landscape
from workbooks import NORTH, given_out

FLANDERS = Path(__file__).parents[2] / "shared" / "data" / "flanders"
Imported = tuple[Landscape, list[Finding]]


@pytest.fixture(autouse=True)
def english() -> None:
    """Messages are compared in English, whatever the test before chose."""
    language.use("en")


@pytest.fixture(scope="session")
def flanders() -> Path:
    """The folder of the real public files, which are no part of the project."""
    if not FLANDERS.is_dir():
        pytest.skip("the public Flemish files do not lie in ../shared/data/flanders")
    return FLANDERS


@pytest.fixture(scope="session")
def flanders_2019(flanders: Path) -> Imported:
    language.use("en")
    return import_flanders(flanders, 2019)


@pytest.fixture(scope="session")
def flanders_2025(flanders: Path) -> Imported:
    language.use("en")
    return import_flanders(flanders, 2025)


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    """The rows of a raw file by the csv module alone."""
    data = (folder / name).read_bytes()
    text = (gzip.decompress(data) if name.endswith(".gz") else data).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def crosswalk(folder: Path, since: int, until: int) -> dict[str, str]:
    """Code on the map of ``until`` by code on the map of ``since``."""
    table = rows(folder, "zones/nis_crosswalk_2018_2019_2025.csv")
    return {row[f"nis{since}"]: row[f"nis{until}"] for row in table}


def flemish(folder: Path, year: int) -> set[str]:
    """The Flemish codes of ``year``: those of the zone table, carried back over the mergers."""
    now = {row["nis2025"] for row in rows(folder, "zones/zones_flanders_2025.csv")}
    return {nis for nis, later in crosswalk(folder, year, 2025).items() if later in now}


def pairs(frame: pl.DataFrame, *columns: str) -> set[tuple[str, ...]]:
    """The rows of ``columns``, which must all differ."""
    found = list(frame.select(columns).iter_rows())
    assert len(found) == len(set(found))
    return set(found)


@pytest.fixture
def region(tmp_path: Path) -> tuple[Path, Path]:
    """The example as a folder, and the workbook of its northern region."""
    return given_out(tmp_path, example(), *NORTH)
