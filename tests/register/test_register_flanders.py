"""The real Flanders, taken into the register and given back."""

import pytest

from conftest import Imported
from samenspel.register import reading, writing
from samenspel.register.importing import first_batch
from samenspel.register.writing import Reason


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("year", [2019, 2025])
def test_flanders_comes_back(year: int, request: pytest.FixtureRequest) -> None:
    found: Imported = request.getfixturevalue(f"flanders_{year}")
    land = found[0]
    writing.write(first_batch(land), Reason("import", "Vlaanderen"))
    assert reading.landscape(land.date).equals(land)
    reading.forget()
    assert reading.landscape(land.date).equals(land)
    assert reading.chronicle().at(land.date).equals(land)
