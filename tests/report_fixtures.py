"""Landscapes with their reports, made once for all tests of the report."""

import pytest

from pages import Made
from samenspel.landscape.example import example
from samenspel.landscape.generate import generate
from samenspel.landscape.package import write


@pytest.fixture(scope="session", params=("example", "generated", "flanders"))
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The three landscapes, each made once."""
    name = request.param
    if name == "flanders":
        landscape = request.getfixturevalue("flanders_2025")[0]
    else:
        landscape = example() if name == "example" else generate(100, 1)
    folder = tmp_path_factory.mktemp("reports") / name
    write(landscape, folder)
    return Made(name, landscape, folder)


@pytest.fixture(scope="session")
def streek(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The example alone."""
    folder = tmp_path_factory.mktemp("report") / "voorbeeldstreek"
    write(example(), folder)
    return Made("example", example(), folder)
