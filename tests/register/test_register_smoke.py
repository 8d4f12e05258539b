"""The register takes in a landscape and gives it back; an edit on an older picture is refused."""

import polars as pl
import pytest

from countries import example
from samenspel.register import history, reading, writing
from samenspel.register.editing import correct
from samenspel.register.importing import first_batch
from samenspel.register.writing import Reason


@pytest.mark.usefixtures("database")
def test_a_landscape_comes_back_and_an_older_picture_is_refused() -> None:
    land = example()
    writing.write(first_batch(land), Reason("import", "the example"))
    assert reading.landscape(land.date).equals(land)

    seen = history.current("municipalities", [land.table("municipalities")["nis"][0]])[0]
    change = writing.write(correct(seen, {"population": 7}), Reason("edit", "counted again"))
    found = reading.landscape(land.date).table("municipalities")
    assert found.filter(pl.col("nis") == seen.values["nis"])["population"].to_list() == [7]
    with pytest.raises(writing.Conflict) as conflict:
        writing.write(correct(seen, {"population": 8}), Reason("edit", "counted too"))
    now = history.version("municipalities", conflict.value.met[0].now[0])
    assert (now.values["population"], now.opened) == (7, change)

    writing.write(history.undoing(change), Reason("undo", "miscounted", undoes=change))
    assert reading.landscape(land.date).equals(land)
