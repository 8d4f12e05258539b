"""The share of rows that was confirmed: of the whole, of each table, of each municipality."""

from datetime import date

import polars as pl

from countries import example, generate
from pages import prompt
from samenspel.landscape.confirmation import CONFIRMED, confirmed, share_confirmed
from samenspel.landscape.landscape import Landscape

DAY = date(2025, 1, 1)


def small() -> Landscape:
    """Een with an OCMW; two memberships, one of them confirmed."""
    return Landscape(
        DAY,
        {
            "municipalities": pl.DataFrame(
                {"nis": ["1", "2"], "name": ["Een", "Twee"], "confirmed_by": ["1", None]}
            ),
            "organisations": pl.DataFrame({"id": ["o"], "nis": ["1"]}),
            "partnerships": pl.DataFrame({"id": ["p"], "confirmed_by": ["p"]}),
            "memberships": pl.DataFrame(
                {"partnership": ["p", "p", "p"], "organisation": ["1", "o", "x"],
                 "confirmed_by": [None, "1", None]}
            ),
            "tasks": pl.DataFrame(schema={"partnership": pl.String, "task": pl.String}),
        },
    )  # fmt: skip


def test_by_hand() -> None:
    found = confirmed(small())
    assert (found["rows"], found["confirmed"]) == (7, 3)
    assert found["share"] == 3 / 7
    tables = {row["table"]: (row["rows"], row["confirmed"], row["share"])
              for row in found["tables"]}  # fmt: skip
    assert tables == {
        "municipalities": (2, 1, 0.5),
        "organisations": (1, 0, 0.0),
        "partnerships": (1, 1, 1.0),
        "memberships": (3, 1, 1 / 3),
        "tasks": (0, 0, None),
        "task_provision": (None, None, None),
        "mandates": (None, None, None),
    }
    assert found["municipalities"] == {
        "1": {"rows": 4, "confirmed": 2, "share": 0.5},
        "2": {"rows": 1, "confirmed": 0, "share": 0.0},
    }


def test_every_table_and_municipality_is_there() -> None:
    for land in (example(), generate(40)):
        frame = share_confirmed(land)
        towns = land.table("municipalities").height
        wanted = sum(1 if column is None else 1 + towns for column in CONFIRMED.values())
        assert frame.height == wanted
        assert frame.select("table", "nis").is_unique().all()
        whole = frame.filter(pl.col("nis").is_null())
        for row in whole.iter_rows(named=True):
            by = land.table(row["table"])["confirmed_by"]
            assert (row["rows"], row["confirmed"]) == (by.len(), by.drop_nulls().len())


def test_the_prompt_tells_it(tmp_path: object) -> None:
    folder = f"{tmp_path}/land"
    assert prompt("demo", "--out", folder).returncode == 0
    for command in ("check", "screen"):
        done = prompt(command, folder, "--lang", "en")
        assert "Confirmed of the whole: 0 of 171 rows (0%)." in done.stdout
        assert '"share": 0.0' in prompt(command, folder, "--json").stdout
    done = prompt("screen", folder, "--municipality", "00001", "--lang", "en")
    assert "0 of 14 rows (0%)." in done.stdout
