"""Landscapes with their reports, made once for all tests of the report."""

import pytest

from countries import example, generate
from pages import Made
from plans import Told
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


@pytest.fixture(scope="session", params=("example", "generated", "flanders"))
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
