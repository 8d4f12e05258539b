"""What each edit does to the rows, and when it cannot."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from small_register import begin, correct, everything, town, write

from samenspel.errors import InputError
from samenspel.register import editing, history
from samenspel.register.editing import Version
from samenspel.register.writing import Batch, Conflict

pytestmark = pytest.mark.usefixtures("database")
DAYS = [date(2025, 1, 1) + timedelta(days=n) for n in range(6)]
BEFORE, FIRST, SECOND, LAST = DAYS[0], DAYS[1], DAYS[2], DAYS[4]
FIGURE = {"nis": "1", "key": "j", "value": 1.5}
Told = list[tuple[Any, date | None, date | None]]


def figure(since: date | None = FIRST, until: date | None = LAST) -> Version:
    """A row of its own on record that holds on these days."""
    write(editing.add("figures", FIGURE, since, until))
    (found,) = history.current("figures", ["1", "j", None, None])
    return found


def on_record() -> Told:
    found = history.current("figures", ["1", "j", None, None])
    return [(version.values["value"], version.valid_from, version.valid_to) for version in found]


def test_what_is_added_holds_on_its_days() -> None:
    begin()
    seen = figure()
    assert on_record() == [(1.5, FIRST, LAST)]
    assert [seen.holds(day) for day in DAYS] == [False, True, True, True, False, False]
    assert seen.key == ("1", "j", None, None)
    write(editing.take_out(seen))
    seen = figure(None, None)
    assert all(seen.holds(day) for day in DAYS)


def test_a_correction_holds_as_long_as_what_was_wrong() -> None:
    begin()
    seen = figure()
    change = write(editing.correct(seen, {"value": 2.5}))
    assert on_record() == [(2.5, FIRST, LAST)]
    old, new = history.history("figures", seen.key)
    assert (old.row, old.closed, old.record) == (seen.row, change, new.record)
    assert (new.opened, new.closed) == (change, None)


def test_days_and_keys_are_corrected_too() -> None:
    begin()
    seen = figure()
    write(editing.correct(seen, {"valid_from": None, "valid_to": SECOND}))
    assert on_record() == [(1.5, None, SECOND)]
    (seen,) = history.current("figures", seen.key)
    write(editing.correct(seen, {"key": "i"}))
    assert on_record() == []
    (moved,) = history.current("figures", ["1", "i", None, None])
    assert (moved.values["value"], moved.valid_to) == (1.5, SECOND)
    assert moved.record != seen.record


@pytest.mark.parametrize("open_", [False, True])
def test_a_change_in_the_world_keeps_what_held_before(open_: bool) -> None:
    begin()
    since, until = (None, None) if open_ else (FIRST, LAST)
    write(editing.change_from(figure(since, until), SECOND, {"value": 2.5}))
    assert on_record() == [(1.5, since, SECOND), (2.5, SECOND, until)]


@pytest.mark.parametrize("day", [BEFORE, FIRST, LAST, DAYS[5]])
def test_a_change_on_a_day_on_which_it_does_not_hold_before_and_after(day: date) -> None:
    begin()
    with pytest.raises(InputError, match=f"does not hold before and on {day}"):
        editing.change_from(figure(), day, {"value": 2.5})


@pytest.mark.parametrize("day", [SECOND, LAST])
def test_an_end(day: date) -> None:
    begin()
    write(editing.end(figure(), day))
    assert on_record() == [(1.5, FIRST, day)]


@pytest.mark.parametrize("day", [BEFORE, FIRST, DAYS[5]])
def test_an_end_before_it_starts_or_after_it_ended(day: date) -> None:
    begin()
    with pytest.raises(InputError, match=f"does not hold until {day}"):
        editing.end(figure(), day)


def test_what_is_always_so_can_end_on_any_day() -> None:
    begin()
    write(editing.end(figure(None, None), BEFORE))
    assert on_record() == [(1.5, None, BEFORE)]


def test_what_never_held_leaves_the_record_and_stays_in_history() -> None:
    begin()
    seen = figure()
    change = write(editing.take_out(seen))
    assert on_record() == []
    assert [(v.row, v.closed) for v in history.history("figures", seen.key)] == [(seen.row, change)]


def test_a_confirmation_is_said_once() -> None:
    begin()
    write(editing.confirm(town(), "1"))
    assert town().values["confirmed_by"] == "1"
    assert editing.confirm(town(), "1").empty
    with pytest.raises(InputError, match="nothing to change"):
        write(editing.confirm(town(), "1"))
    write(editing.confirm(town(), "2"))
    assert town().values["confirmed_by"] == "2"


def test_rows_that_nobody_confirms() -> None:
    begin()
    write(editing.add("sources", {"id": "s"}))
    (source,) = history.current("sources", ["s"])
    with pytest.raises(InputError, match="Rows of table sources are not confirmed"):
        editing.confirm(source, "1")


MISTAKES: list[tuple[Callable[[], Batch], str]] = [
    (lambda: editing.add("zomaar", {}), "There is no table zomaar"),
    (lambda: editing.add("figures", {**FIGURE, "value": "veel"}), "figures.*wrong type"),
    (lambda: editing.add("figures", {**FIGURE, "year": 2024.5}), "figures.*wrong type"),
    (lambda: editing.add("figures", {**FIGURE, "year": 2**70}), "figures.*wrong type"),
    (lambda: editing.correct(town(), {"valid_from": 3}), "municipalities.*wrong type"),
    (lambda: editing.correct(town(), {"population": "10"}), "municipalities.*wrong type"),
    (lambda: editing.correct(town(), {"name": ["a"]}), "municipalities.*wrong type"),
    (lambda: editing.correct(town(), {"populatie": 1}), "has no column populatie"),
]


@pytest.mark.parametrize(("made", "said"), MISTAKES)
def test_a_value_or_a_column_that_cannot_be(made: Callable[[], Batch], said: str) -> None:
    begin()
    before = everything()
    with pytest.raises(InputError, match=said):
        write(made())
    assert everything() == before


def test_several_edits_are_one_change() -> None:
    begin()
    before = history.entries()[-1].number
    edits = [
        editing.correct(town("1"), {"population": 11}),
        editing.end(town("2"), LAST),
        editing.add("figures", FIGURE),
        editing.add("figures", {**FIGURE, "key": "i"}),
    ]
    assert write(editing.together(edits)) == before + 1
    assert (town("1").values["population"], town("2").valid_to) == (11, LAST)
    assert on_record() == [(1.5, None, None)]


def test_two_edits_of_one_row_do_not_go_together_unless_they_part_its_days() -> None:
    begin()
    seen = figure()
    twice = [editing.correct(seen, {"value": value}) for value in (2.5, 3.5)]
    with pytest.raises(InputError, match="two of the rows given hold on the same day") as error:
        write(editing.together(twice))
    assert not isinstance(error.value, Conflict)
    parted = [
        editing.correct(seen, {"value": 2.5, "valid_to": SECOND}),
        editing.correct(seen, {"value": 3.5, "valid_from": SECOND}),
    ]
    write(editing.together(parted))
    assert on_record() == [(2.5, FIRST, SECOND), (3.5, SECOND, LAST)]


def test_nothing_together_is_nothing() -> None:
    assert editing.together([]).empty
    assert editing.together([Batch(), Batch({}, {"figures": []})]).empty


def test_an_edit_touches_nothing_until_it_is_written() -> None:
    begin()
    before = everything()
    seen = town()
    editing.correct(seen, {"population": 11})
    editing.take_out(seen)
    assert everything() == before
    correct(population=11)
    assert everything() != before
