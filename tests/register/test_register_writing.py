"""Writing: whole or not at all, in order, and what is refused with which words."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

import polars as pl
import pytest
from django.db import connection, transaction
from small_register import DAY, EDIT, START, begin, correct, everything, frame, town, write

from samenspel.errors import InputError
from samenspel.register import editing, history, reading, writing
from samenspel.register.models import Change
from samenspel.register.writing import Batch, Conflict, Reason

pytestmark = pytest.mark.usefixtures("database")
FIGURE = {"nis": "1", "key": "k"}


def own(column: str, type_: str, table: str = "figures") -> Batch:
    return editing.add("own_columns", {"table": table, "column": column, "type": type_})


def closed(row: int) -> Batch:
    return Batch({}, {"municipalities": [row]})


def opened(table: str, *rows: dict[str, Any]) -> Batch:
    return Batch({table: frame(table, *rows)})


FAULTS: list[tuple[Callable[[], Batch], str]] = [
    (Batch, "There is nothing to change"),
    (lambda: Batch({"figures": frame("figures")}, {"figures": []}), "There is nothing to change"),
    (lambda: Batch({"zomaar": frame("figures", FIGURE)}), "There is no table zomaar"),
    (lambda: Batch({}, {"zomaar": [1]}), "There is no table zomaar"),
    (lambda: closed(10**6), "Table municipalities has no row 1000000"),
    (lambda: opened("figures", {"nis": "1"}), "figures.*key.*fill it"),
    (
        lambda: opened("partnerships", {"id": "p", "legal_form": "iets"}),
        "partnerships.*legal_form.*“iets” is not a code",
    ),
    (
        lambda: editing.correct(town(), {"population": -1}),
        "municipalities.*population.*-1 is too small",
    ),
    (
        lambda: opened("memberships", {"partnership": "p", "organisation": "1", "share": 1.5}),
        "memberships.*share.*1.5 is too large",
    ),
    (
        lambda: Batch({"figures": pl.DataFrame([{**FIGURE, "year": 2024, "value": "veel"}])}),
        "Table figures: a column has values of the wrong type",
    ),
    (
        lambda: editing.correct(town(), {"valid_from": DAY, "valid_to": DAY}),
        "municipalities.*does not lie after",
    ),
    (
        lambda: opened("figures", {**FIGURE, "year": 1}, {**FIGURE, "year": 1}),
        "Table figures: two of the rows given hold on the same day .nis 1, key k, year 1",
    ),
    (lambda: twice_about(), "Table about: two of the rows given hold on the same day"),
    (
        lambda: opened("figures", {**FIGURE, "year": 1, "source": "nergens"}),
        "Table figures, source: “nergens” does not stand in sources.id",
    ),
    (
        lambda: opened("adjacency", {"nis_a": "1", "nis_b": "3"}),
        "Table adjacency, nis_b: “3” does not stand in municipalities.nis",
    ),
    (
        lambda: editing.correct(town(), {"name": "a\0b"}),
        "Table municipalities: a text holds a zero character",
    ),
    (
        lambda: editing.correct(town(), {"populatie": 3}),
        "Table municipalities has no column populatie",
    ),
    (lambda: own("k", "text", "zomaar"), "There is no table zomaar"),
    (lambda: own("value", "text"), "Table figures: value is a column of the table itself"),
    (lambda: own("valid_from", "date"), "Table figures: valid_from is a column of the table"),
    (lambda: own("eigen", "soms"), "own_columns.*type.*“soms” is not a code"),
    (
        lambda: editing.together(
            [own("eigen", "integer"), editing.add("figures", {**FIGURE, "year": 1, "eigen": "x"})]
        ),
        "Table figures: a value has the wrong type",
    ),
]


def twice_about() -> Batch:
    row = {"name": "a", "territory": None, "fictional": True}
    return Batch({"about": pl.DataFrame([row, row])})


@pytest.mark.parametrize(("made", "said"), FAULTS)
def test_a_fault_is_said_and_nothing_is_written(made: Callable[[], Batch], said: str) -> None:
    begin()
    before = everything()
    with pytest.raises(InputError, match=said) as error:
        write(made())
    assert not isinstance(error.value, Conflict)
    assert everything() == before
    assert correct(population=11) == 2  # and whoever comes next is not in trouble


def test_a_fault_beside_what_is_right_takes_all_with_it() -> None:
    begin()
    before = everything()
    fault = opened("figures", {**FIGURE, "year": 1, "source": "nergens"})
    right = editing.correct(town(), {"population": 11})
    with pytest.raises(InputError, match="nergens"):
        write(editing.together([right, fault]))
    assert everything() == before
    there = editing.add("sources", {"id": "nergens"})
    assert write(editing.together([right, fault, there])) == 2


def test_a_code_that_is_open_and_a_range_that_is_met_are_taken() -> None:
    begin()
    write(opened("partnerships", {"id": "p", "theme": "iets nieuws", "budget_cents": 0}))
    share = {"partnership": "p", "organisation": "1", "share": 1.0}
    write(opened("memberships", share))


def test_rows_that_touch_are_taken_together_and_after_each_other() -> None:
    begin()
    days = [DAY + timedelta(days=n) for n in range(4)]
    rows = [
        {**FIGURE, "year": 1, "valid_from": since, "valid_to": until}
        for since, until in ((days[1], days[2]), (None, days[1]), (days[2], None))
    ]
    write(opened("figures", *rows[:2]))
    write(opened("figures", rows[2]))
    found = history.current("figures", ["1", "k", 1, None])
    assert [(v.valid_from, v.valid_to) for v in found] == [
        (None, days[1]), (days[1], days[2]), (days[2], None),
    ]  # fmt: skip


def test_a_row_that_somebody_else_changed_is_not_closed() -> None:
    begin()
    seen = town()
    change = correct(population=11)
    before = everything()
    said = f"1 rows, the first in table municipalities by change {change}"
    with pytest.raises(Conflict, match=said) as met:
        write(editing.correct(seen, {"population": 12}))
    assert everything() == before
    (row,) = met.value.met
    assert (row.table, row.record, row.seen) == ("municipalities", seen.record, seen.row)
    assert (row.now, row.change) == ((town().row,), change)


def test_a_row_that_somebody_else_took_out_is_not_closed() -> None:
    begin()
    seen = town("2")
    change = write(editing.take_out(seen))
    with pytest.raises(Conflict) as met:
        write(editing.take_out(seen))
    (row,) = met.value.met
    assert (row.seen, row.now, row.change) == (seen.row, (), change)


def test_of_several_rows_those_that_are_in_the_way_are_named() -> None:
    begin()
    both = [town("1"), town("2")]
    change = correct("2", population=21)
    edits = [editing.correct(seen, {"population": 0}) for seen in both]
    with pytest.raises(Conflict) as met:
        write(editing.together(edits))
    assert [(row.seen, row.change) for row in met.value.met] == [(both[1].row, change)]
    assert town("1").values["population"] == 10


def test_a_row_that_meets_one_on_record_is_not_opened() -> None:
    begin()
    change = write(editing.add("figures", {**FIGURE, "year": 1}, DAY, DAY + timedelta(days=2)))
    free = {**FIGURE, "year": 1, "valid_from": None, "valid_to": DAY}
    taken = {**FIGURE, "year": 1, "valid_from": DAY + timedelta(days=1), "valid_to": None}
    with pytest.raises(Conflict) as met:
        write(opened("figures", free, taken))
    (there,) = history.current("figures", ["1", "k", 1, None])
    (row,) = met.value.met
    assert (row.table, row.seen, row.now, row.change) == ("figures", None, (there.row,), change)
    write(opened("figures", free))


def test_numbers_have_no_gap_whatever_is_refused() -> None:
    numbers = [begin()]
    for population in range(5):
        with pytest.raises(InputError):
            write(editing.correct(town(), {"population": -1}))
        with pytest.raises(InputError):
            write(opened("figures", {**FIGURE, "year": population, "source": "nergens"}))
        numbers.append(correct(population=population))
    assert numbers == [1, 2, 3, 4, 5, 6]
    assert [entry.number for entry in history.entries()] == numbers


class Clock(datetime):
    """A clock that says what a test wants."""

    moments: ClassVar[list[datetime]] = []

    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # noqa: ARG003
        return cls.moments.pop(0)


def test_moments_increase_even_if_the_clock_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    begin()
    tick = timedelta(microseconds=1)
    hour = timedelta(hours=1)
    Clock.moments = [START, START - hour, START + hour, START + hour, START]
    monkeypatch.setattr(writing, "datetime", Clock)
    for population in range(5):
        correct(population=population)
    later = [START + tick, START + 2 * tick]
    later += [START + hour, START + hour + tick, START + hour + 2 * tick]
    found = [entry.at for entry in history.entries()]
    assert found == [START, *later]
    for number, moment in enumerate(later, 2):
        assert reading.last_change(moment) == number
        assert reading.last_change(moment - tick) == number - 1


def test_a_moment_of_elsewhere_is_kept_where_it_comes_after() -> None:
    begin()
    edit = editing.correct(town(), {"population": 11})
    at = START + timedelta(days=1)
    writing.write(edit, EDIT, at)
    assert Change.objects.get(number=2).at == at


def test_what_is_said_of_a_change_is_kept() -> None:
    begin()
    said = Reason("confirm", "klopt", None, "1", "telling", 1)
    number = write(editing.correct(town(), {"population": 11}), said)
    (entry,) = history.entries(after=1)
    assert (entry.number, entry.kind, entry.why) == (number, "confirm", "klopt")
    assert (entry.acting_for, entry.source, entry.undoes) == ("1", "telling", 1)
    assert (entry.account, entry.undone_by) == (None, None)


def test_a_change_left_half_done_by_others_is_said() -> None:
    begin()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO register_change (number, at, kind, why, sealed) "
            "VALUES (2, '2099-01-01 00:00:00+00', 'edit', 'half', false)"
        )
    with pytest.raises(InputError, match="Change 2 was left half done"):
        correct(population=11)


def test_a_change_inside_another_transaction_goes_with_it() -> None:
    begin()
    before = everything()
    with transaction.atomic():
        correct(population=11)
        transaction.set_rollback(True)
    assert everything() == before


def test_columns_of_ones_own_keep_their_type_for_ever() -> None:
    begin()
    write(own("eigen", "integer"))
    row = {**FIGURE, "year": 1, "eigen": 7}
    write(editing.add("figures", row))
    declared = history.current("own_columns", ["figures", "eigen"])[0]
    write(editing.take_out(declared))
    assert "eigen" not in reading.landscape(DAY).table("figures").columns
    with pytest.raises(InputError, match="Table figures has no column eigen"):
        write(editing.add("figures", {**row, "year": 2}))
    write(editing.add("figures", {**row, "year": 2, "eigen": None}))
    with pytest.raises(InputError, match="eigen was of type integer"):
        write(own("eigen", "text"))
    write(own("eigen", "integer"))
    assert sorted(reading.landscape(DAY).table("figures")["eigen"].drop_nulls()) == [7]


def test_many_write_at_once_and_nothing_is_lost() -> None:
    begin()

    def work(name: str) -> int:
        done = 0
        try:
            while done < 5:
                seen = town()
                value = (seen.values["population"] or 0) + 1
                try:
                    write(editing.correct(seen, {"population": value}), replace(EDIT, why=name))
                except Conflict:
                    continue
                done += 1
        finally:
            connection.close()
        return done

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, "abcd")) == 20
    assert town().values["population"] == 30
    assert [entry.number for entry in history.entries()] == list(range(1, 22))
    assert len(history.history("municipalities", ["1"])) == 21


def test_days_and_moments_of_any_kind_come_back() -> None:
    begin()
    moment = datetime(2025, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
    write(editing.together([own("moment", "datetime"), own("dag", "date")]))
    row = {**FIGURE, "year": 1, "moment": moment, "dag": date(1, 1, 1), "value": -0.1}
    write(editing.add("figures", row))
    (found,) = history.current("figures", ["1", "k", 1, None])
    assert {name: found.values[name] for name in row} == row
