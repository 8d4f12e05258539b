"""The example as a folder, made once for all tests of the commands that draw zones."""

from pathlib import Path

import pytest

from samenspel.landscape.example import example
from samenspel.landscape.package import write


@pytest.fixture(scope="session")
def land(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder, to read only."""
    folder = tmp_path_factory.mktemp("drawn") / "streek"
    write(example(), folder)
    return folder
