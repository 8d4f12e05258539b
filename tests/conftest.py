"""What several test modules share: English messages, the real Flemish files, and that tests may run
beside each other in any order."""

import csv
import gzip
import io
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

from countries import example
from registers import database, template  # noqa: F401 (fixtures)
from samenspel import language
from samenspel.exchange.flanders import import_flanders
from samenspel.landscape.findings import Finding
from samenspel.landscape.landscape import Landscape
from workbooks import NORTH, given_out

FLANDERS = Path(__file__).parents[2] / "shared" / "data" / "flanders"
Imported = tuple[Landscape, list[Finding]]

# A core that is shared makes anything slow; that is no fault of what is tested.
settings.register_profile(
    "shared", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("shared")


def pytest_configure(config: pytest.Config) -> None:
    """Let one process at a time keep compiled code: of two at once that keep one function for
    different types, one finds the code of the other under its own types later."""
    try:
        from numba.core.caching import IndexDataCacheFile
    except ImportError:
        return
    if not hasattr(config, "workerinput"):
        return
    save = IndexDataCacheFile.save

    def save_alone(self: Any, key: Any, data: Any) -> None:
        with FileLock(f"{self._index_path}.lock"):
            save(self, key, data)

    IndexDataCacheFile.save = save_alone


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


@pytest.fixture(scope="session")
def given_out_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    language.use("en")
    return given_out(tmp_path_factory.mktemp("given"), example(), *NORTH)


@pytest.fixture
def region(given_out_once: tuple[Path, Path], tmp_path: Path) -> tuple[Path, Path]:
    """The example as a folder, and the workbook of its northern region."""
    folder, path = (tmp_path / once.name for once in given_out_once)
    shutil.copytree(given_out_once[0], folder)
    shutil.copy(given_out_once[1], path)
    return folder, path
