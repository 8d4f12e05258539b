"""A chronicle with its recorded history in an empty register, and both maps of Flanders."""

from datetime import UTC, date, datetime

import polars as pl
import pytest
from pictured import alike
from small_register import everything

from conftest import Imported
from samenspel.errors import InputError
from samenspel.landscape import tables
from samenspel.landscape.chronicle import DATED, Chronicle
from samenspel.landscape.landscape import About
from samenspel.register import checking, histories, importing, pictures, reading
from samenspel.register.writing import Reason

pytestmark = pytest.mark.usefixtures("database")

WHY = Reason("import", "the history")
ONE, TWO = (datetime(2024, month, 1, 12, tzinfo=UTC) for month in (1, 2))
DAY = date(2024, 1, 1)
ABOUT = About("Proefland", "nergens", True)


def told(table: str, *found: dict[str, object]) -> pl.DataFrame:
    schema = {**tables.BY_NAME[table].schema, **DATED}
    own = {name: pl.String() for row in found for name in row if name not in schema}
    rows = [{**dict.fromkeys({**schema, **own}), **row} for row in found]
    return pl.DataFrame(rows, {**schema, **own})


def chronicle() -> Chronicle:
    """Two municipalities; one of them always on record, corrected, and renamed from a day on."""
    return Chronicle(
        {
            "municipalities": told(
                "municipalities",
                {"nis": "1", "name": "Een", "ours": "x"},
                {"nis": "2", "name": "Tweee", "recorded_to": ONE},
                {"nis": "2", "name": "Twee", "recorded_from": ONE, "recorded_to": TWO},
                {"nis": "2", "name": "Twee", "valid_to": DAY, "recorded_from": TWO},
                {"nis": "2", "name": "II", "valid_from": DAY, "recorded_from": TWO},
            ),
            "figures": told("figures", {"nis": "1", "key": "k", "recorded_from": TWO}),
            "sources": told("sources"),
        },
        ABOUT,
    )


def test_every_moment_comes_back() -> None:
    given = chronicle()
    assert histories.take_over(given, WHY) == 3
    assert reading.chronicle().equals(given)
    for moment in (None, datetime(2023, 1, 1, tzinfo=UTC), ONE, datetime(2024, 1, 9, tzinfo=UTC),
                   TWO, datetime(2025, 1, 1, tzinfo=UTC)):  # fmt: skip
        for day in (date(2023, 12, 31), DAY):
            assert reading.landscape(day, moment).equals(given.at(day, moment))
    assert checking.check() == []


def test_only_an_empty_register_takes_a_history() -> None:
    histories.take_over(chronicle(), WHY)
    with pytest.raises(InputError, match="holds changes already"):
        histories.take_over(chronicle(), WHY)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"nis": "3", "name": None, "recorded_from": TWO}, "municipalities.*name.*empty"),
        ({"nis": "1", "name": "Een", "recorded_from": TWO}, "changed this meanwhile"),
        ({"nis": "3", "name": "Drie", "recorded_from": TWO, "recorded_to": TWO}, "does not lie"),
        ({"nis": "3", "name": "Drie", "recorded_from": TWO, "source": "none"},
         "on record since 2024-02-01T12:00:00.*“none” does not stand in sources.id"),
    ],
)  # fmt: skip
def test_all_or_nothing(row: dict[str, object], message: str) -> None:
    before, given = everything(), chronicle()
    towns = pl.concat([given.frames["municipalities"], told("municipalities", row)], how="diagonal")
    with pytest.raises(InputError, match=message):
        histories.take_over(Chronicle({**given.frames, "municipalities": towns}, ABOUT), WHY)
    assert everything() == before


@pytest.mark.parametrize("later_first", [False, True])
def test_both_maps_of_flanders_in_one_register(
    flanders_2019: Imported, flanders_2025: Imported, later_first: bool
) -> None:
    lands = [flanders_2019[0], flanders_2025[0]]
    order = lands[::-1] if later_first else lands
    for land in order:
        found = pictures.preview(land, whole=True)
        importing.take_in(found, "a map")
    for land in lands:
        assert alike(reading.landscape(land.date), land)
        assert pictures.preview(land, whole=True).batch.empty
    assert reading.landscape(order[0].date, change=1).equals(order[0])
